CREATE TYPE r AS RANGE (SUBTYPE = integer);
CREATE TABLE t (a r, b r, c r[]);
