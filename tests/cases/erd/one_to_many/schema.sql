-- None of these unique indexes keeps two children from having one parent.
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE expression (user_id integer NOT NULL REFERENCES users);
CREATE UNIQUE INDEX ON expression ((user_id + 0));
CREATE TABLE longer (user_id integer NOT NULL REFERENCES users, kind text NOT NULL, UNIQUE (user_id, kind));
CREATE TABLE partial (user_id integer NOT NULL REFERENCES users, current boolean NOT NULL);
CREATE UNIQUE INDEX ON partial (user_id) WHERE current;
CREATE TABLE plain (user_id integer NOT NULL REFERENCES users);
CREATE INDEX ON plain (user_id);
