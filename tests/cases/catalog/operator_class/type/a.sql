CREATE OPERATOR CLASS c FOR TYPE integer USING btree AS FUNCTION 1 btint48cmp(integer, bigint);
