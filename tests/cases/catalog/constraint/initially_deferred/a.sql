CREATE TABLE r (id integer PRIMARY KEY, x integer, y integer, UNIQUE (x, y), UNIQUE (y, x));
CREATE TABLE q (id integer PRIMARY KEY);
CREATE TABLE t (id integer NOT NULL, x integer, y integer);
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (x, y) REFERENCES r (x, y);
