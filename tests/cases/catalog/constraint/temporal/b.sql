CREATE TABLE t (id int4range, during tsrange, CONSTRAINT c UNIQUE (id, during WITHOUT OVERLAPS));
