CREATE TABLE p (a integer NOT NULL CHECK (a > 0), b text DEFAULT 'x');
CREATE TABLE t (c integer) INHERITS (p);
ALTER TABLE t NO INHERIT p;
