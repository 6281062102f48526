CREATE TABLE t (id serial PRIMARY KEY, a integer GENERATED ALWAYS AS IDENTITY);
ALTER TABLE t OWNER TO headworks_case_writer;
