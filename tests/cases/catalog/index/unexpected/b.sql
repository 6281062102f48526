CREATE TABLE t (id integer, a text, b varchar(9), c integer[], d jsonb);
CREATE UNIQUE INDEX "I . x" ON t (a);
