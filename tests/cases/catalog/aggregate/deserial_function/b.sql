CREATE FUNCTION thaw(bytea, internal) RETURNS internal LANGUAGE internal STRICT AS 'int8_avg_deserialize';
CREATE AGGREGATE a(bigint) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = thaw);
