-- alone
CREATE SCHEMA sales;
CREATE TABLE sales.t (id integer);
