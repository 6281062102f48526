CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE accounts (id integer PRIMARY KEY, user_id integer NOT NULL, extra text, kind varchar(9) NOT NULL);
CREATE TABLE left_over (id integer PRIMARY KEY);
CREATE TABLE _prisma_migrations (id integer PRIMARY KEY);
CREATE TABLE nobody_shares_this (id integer PRIMARY KEY);
