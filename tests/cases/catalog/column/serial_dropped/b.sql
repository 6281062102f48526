CREATE TABLE t (id serial);
DROP SEQUENCE t_id_seq CASCADE;
