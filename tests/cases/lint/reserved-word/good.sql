CREATE TABLE orders (id bigint PRIMARY KEY, amount_limit integer);
