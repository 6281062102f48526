CREATE TABLE t (id integer);
CREATE SEQUENCE s OWNED BY t.id;
ALTER TABLE t OWNER TO headworks_case_writer;
