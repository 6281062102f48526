CREATE TABLE t (id integer, a text, b varchar(9), c integer[], d jsonb);
CREATE INDEX i ON t (lower(a));
