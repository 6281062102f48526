CREATE TABLE people (first text, id integer PRIMARY KEY, full_name text NOT NULL, "odd name" text, last_seen timestamptz);
