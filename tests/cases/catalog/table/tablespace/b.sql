CREATE TABLE a (a integer);
CREATE TABLE t (a integer) TABLESPACE headworks_case_tablespace;
CREATE TABLE p (a integer) PARTITION BY RANGE (a) TABLESPACE headworks_case_tablespace;
