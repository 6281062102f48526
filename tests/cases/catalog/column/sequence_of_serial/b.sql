CREATE TABLE t (id serial, big bigserial, small smallserial);
ALTER SEQUENCE t_id_seq INCREMENT -1 MINVALUE -10 START -1 RESTART;
ALTER SEQUENCE t_big_seq CACHE 5;
COMMENT ON SEQUENCE t_small_seq IS 'x';
