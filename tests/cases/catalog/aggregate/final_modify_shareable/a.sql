CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer, FINALFUNC = int4abs,
    FINALFUNC_MODIFY = READ_ONLY);
