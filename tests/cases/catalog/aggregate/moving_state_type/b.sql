CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int84pl, MINVFUNC = int84mi,
    MSTYPE = bigint, MINITCOND = '0', MFINALFUNC = int4);
