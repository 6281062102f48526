CREATE TABLE addresses (id bigint PRIMARY KEY, country text NOT NULL CHECK (length(country) = 2));
