CREATE TABLE t (
    id integer PRIMARY KEY, a text NOT NULL, b text NOT NULL, c jsonb NOT NULL, d text NOT NULL UNIQUE, e text NOT NULL,
    CONSTRAINT uq_a_b UNIQUE (a, b)
);
CREATE INDEX ix_b ON t (b DESC, a);
CREATE INDEX ix_c ON t USING gin (c jsonb_path_ops);
CREATE INDEX ix_p ON t (b text_pattern_ops);
CREATE UNIQUE INDEX ix_lower ON t (lower(a));
CREATE INDEX ix_part ON t (a) WHERE b > 'm';
CREATE INDEX ix_h ON t USING hash (e);
