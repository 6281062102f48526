CREATE TYPE order_status AS ENUM ('open', 'done');
CREATE TABLE order_items (id bigint PRIMARY KEY, product_id bigint NOT NULL, status order_status);
