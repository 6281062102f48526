CREATE TABLE t (id integer, x serial);
