CREATE OPERATOR <<< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4lt, COMMUTATOR = >>>);
CREATE OPERATOR >>> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4gt, COMMUTATOR = <<<);
