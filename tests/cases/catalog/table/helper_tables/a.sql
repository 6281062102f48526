-- pg_dump may tell
CREATE TABLE headworks_history (id serial PRIMARY KEY, a text);
CREATE INDEX ON headworks_history (a);
CREATE SEQUENCE headworks_s;
