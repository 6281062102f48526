CREATE TABLE t (id serial, big bigserial, small smallserial);
