CREATE OPERATOR <<< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4lt);
CREATE OPERATOR >>> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4gt, COMMUTATOR = <<<);
