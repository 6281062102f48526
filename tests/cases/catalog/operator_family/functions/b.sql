CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
