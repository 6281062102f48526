CREATE TABLE t (a integer);
CREATE INDEX i ON t (a) TABLESPACE headworks_case_tablespace;
