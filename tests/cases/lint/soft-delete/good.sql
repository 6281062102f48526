CREATE TABLE products (id bigint PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE orders (id bigint PRIMARY KEY);
