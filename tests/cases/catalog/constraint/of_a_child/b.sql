CREATE TABLE p (a integer CHECK (a > 0));
CREATE TABLE t (b integer, CHECK (a > 0)) INHERITS (p);
