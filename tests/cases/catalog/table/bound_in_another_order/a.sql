-- pg_dump may tell
CREATE TABLE texts (v text) PARTITION BY LIST (v);
CREATE TABLE texts1 PARTITION OF texts FOR VALUES IN ('a', 'b, c', 'it''s', '', '''', '(x)', ', ', '\', NULL, '::text');
CREATE TABLE numbers (v numeric) PARTITION BY LIST (v);
CREATE TABLE numbers1 PARTITION OF numbers FOR VALUES IN (1, -2, 10, 1.5, 1e30, 'NaN');
CREATE TABLE ints (v int) PARTITION BY LIST (v);
CREATE TABLE ints1 PARTITION OF ints FOR VALUES IN (1, -2, 10);
CREATE TABLE flags (v boolean) PARTITION BY LIST (v);
CREATE TABLE flags1 PARTITION OF flags FOR VALUES IN (true, false);
CREATE TABLE bits (v varbit) PARTITION BY LIST (v);
CREATE TABLE bits1 PARTITION OF bits FOR VALUES IN (B'01', B'1', B'');
CREATE TABLE arrays (v text[]) PARTITION BY LIST (v);
CREATE TABLE arrays1 PARTITION OF arrays FOR VALUES IN ('{a,b}', '{"it''s, ",c}');
CREATE TABLE days (v date) PARTITION BY LIST (v);
CREATE TABLE days1 PARTITION OF days FOR VALUES IN ('2020-01-01', '1999-12-31');
