CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE INDEX ON t (a);
COMMENT ON TABLE t IS 'x';
CREATE TABLE u (id serial, a integer REFERENCES t (id));
