CREATE TABLE products (id bigint PRIMARY KEY, slug text NOT NULL UNIQUE);
CREATE INDEX ix_products_slug ON products (slug);
