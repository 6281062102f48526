CREATE TABLE addresses (id bigint PRIMARY KEY, country char(2) NOT NULL);
