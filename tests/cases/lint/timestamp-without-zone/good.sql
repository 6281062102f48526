CREATE TABLE events (id bigint PRIMARY KEY, occurred_at timestamptz NOT NULL, seen_at timestamptz(3));
