CREATE SCHEMA shop;
CREATE TYPE shop.state AS ENUM ('new');
CREATE TABLE shop.orders (id integer PRIMARY KEY, state shop.state NOT NULL, note text);
CREATE TABLE orders (id integer PRIMARY KEY);
