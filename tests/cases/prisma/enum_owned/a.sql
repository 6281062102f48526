CREATE TYPE account_kind AS ENUM ('oauth', 'email');
CREATE TYPE shared AS ENUM ('a', 'b');
CREATE TYPE hidden AS ENUM ('a');
CREATE TYPE left_over AS ENUM ('a');
CREATE TABLE accounts (
    id integer PRIMARY KEY, kind account_kind NOT NULL, shared shared, hidden hidden, old left_over
);
CREATE TABLE users (id integer PRIMARY KEY, shared shared);
CREATE TABLE nobody_shares_this (hidden hidden[]);
CREATE VIEW kinds AS SELECT kind FROM accounts;
