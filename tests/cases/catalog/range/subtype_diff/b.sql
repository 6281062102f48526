CREATE TYPE r AS RANGE (SUBTYPE = integer, SUBTYPE_DIFF = int4range_subdiff);
