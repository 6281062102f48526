CREATE TABLE products (id bigint PRIMARY KEY, slug text NOT NULL UNIQUE);
