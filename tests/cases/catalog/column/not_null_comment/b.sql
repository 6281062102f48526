CREATE TABLE t (x integer NOT NULL);
COMMENT ON CONSTRAINT t_x_not_null ON t IS 'always known';
