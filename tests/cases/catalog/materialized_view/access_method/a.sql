-- alone
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE MATERIALIZED VIEW m AS SELECT t.id, t.a FROM t;
