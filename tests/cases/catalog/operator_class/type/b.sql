CREATE OPERATOR CLASS c FOR TYPE bigint USING btree AS FUNCTION 1 btint48cmp(integer, bigint);
