CREATE TABLE t (id integer, x text COLLATE "C");
