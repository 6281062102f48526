CREATE TABLE t (id integer, a text, b varchar(9), c integer[], d jsonb);
ALTER TABLE t ADD CONSTRAINT i UNIQUE (a);
