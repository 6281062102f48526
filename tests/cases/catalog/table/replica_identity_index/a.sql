CREATE TABLE t (id integer NOT NULL, a text);
CREATE UNIQUE INDEX "i x" ON t (id);
