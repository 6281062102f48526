CREATE TYPE r AS RANGE (SUBTYPE = integer);
ALTER TYPE r_multirange RENAME TO many;
