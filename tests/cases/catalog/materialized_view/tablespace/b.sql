CREATE TABLE a (a integer);
CREATE MATERIALIZED VIEW m TABLESPACE headworks_case_tablespace AS SELECT 1 AS a;
