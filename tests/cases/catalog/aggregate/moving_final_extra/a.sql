CREATE FUNCTION done(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION done(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi,
    MSTYPE = integer, MFINALFUNC = done);
