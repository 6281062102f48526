CREATE TABLE t (id integer PRIMARY KEY USING INDEX TABLESPACE headworks_case_tablespace);
