CREATE TABLE order_item (id bigint PRIMARY KEY);
CREATE TABLE category (id bigint PRIMARY KEY);
CREATE TABLE address (id bigint PRIMARY KEY);
CREATE TABLE equipment (id bigint PRIMARY KEY);
