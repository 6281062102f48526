CREATE TABLE t (id integer, a text, b varchar(9), c integer[], d jsonb);
ALTER TABLE t ADD x tsvector;
CREATE INDEX i ON t USING gist (x);
