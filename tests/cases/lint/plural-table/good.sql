CREATE TABLE order_items (id bigint PRIMARY KEY);
CREATE TABLE categories (id bigint PRIMARY KEY);
CREATE TABLE addresses (id bigint PRIMARY KEY);
CREATE TABLE equipment (id bigint PRIMARY KEY);
