CREATE TABLE t (id integer, x integer, y integer GENERATED ALWAYS AS (x * 2) STORED);
