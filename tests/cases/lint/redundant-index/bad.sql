CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, created_at timestamptz NOT NULL);
CREATE INDEX ix_orders_user_id ON orders (user_id);
CREATE INDEX ix_orders_user_id_created_at ON orders (user_id, created_at);
