-- Tables outside the default schema carry their schema's name, and no two names look alike.
CREATE SCHEMA billing;
CREATE TABLE orders (id integer PRIMARY KEY);
CREATE TYPE billing.state AS ENUM ('open');
CREATE TYPE state AS ENUM ('open');
CREATE TABLE billing.orders (id integer PRIMARY KEY REFERENCES public.orders, state billing.state NOT NULL, other state NOT NULL);
CREATE TABLE "billing.orders" (id integer REFERENCES billing.orders);
