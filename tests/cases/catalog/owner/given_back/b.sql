CREATE TABLE t (id integer);
ALTER TABLE t OWNER TO headworks_case_writer;
ALTER TABLE t OWNER TO CURRENT_USER;
