CREATE TABLE p (a integer);
CREATE TABLE t () INHERITS (p);
