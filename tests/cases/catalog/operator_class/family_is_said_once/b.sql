CREATE OPERATOR CLASS c FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 3 =,
    FUNCTION 1 btint4cmp(integer, integer);
COMMENT ON OPERATOR FAMILY c USING btree IS 'of one';
