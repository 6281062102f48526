CREATE TABLE t (a text, b varchar(9));
CREATE INDEX i ON t ((a || b) bpchar_ops);
