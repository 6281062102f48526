CREATE TABLE people (id integer PRIMARY KEY, full_name text NOT NULL, born_on date);
