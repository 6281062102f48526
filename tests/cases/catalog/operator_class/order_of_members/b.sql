CREATE OPERATOR CLASS c FOR TYPE integer USING btree AS FUNCTION 1 btint4cmp(integer, integer),
    OPERATOR 3 =, OPERATOR 1 <;
