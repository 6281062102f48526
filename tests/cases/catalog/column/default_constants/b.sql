CREATE TABLE t (id integer, x timestamptz DEFAULT '2020-01-01 01:00+00', y interval DEFAULT '1 day 3 hours', z bytea DEFAULT '\x00fe');
