CREATE TABLE u (x integer CONSTRAINT t_x_not_null NOT NULL);
CREATE TABLE t (x integer NOT NULL);
