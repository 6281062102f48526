CREATE OPERATOR CLASS c FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 3 =,
    FUNCTION 1 btint4cmp(integer, integer), FUNCTION 4 btequalimage(oid);
