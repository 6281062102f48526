CREATE TABLE events (id bigint PRIMARY KEY, occurred_at timestamp NOT NULL, seen_at timestamp(3));
