CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi,
    MSTYPE = integer);
