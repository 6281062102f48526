CREATE TABLE t (
    id integer PRIMARY KEY, a text NOT NULL, b text NOT NULL, c jsonb NOT NULL, d text NOT NULL UNIQUE,
    CONSTRAINT uq_a_b UNIQUE (a, b)
);
CREATE INDEX ix_b ON t (b DESC NULLS LAST, a);
CREATE INDEX ix_c ON t USING gin (c jsonb_path_ops);
CREATE INDEX t_d_idx ON t USING brin (d);
CREATE INDEX ix_part ON t (a) WHERE b > 'm';
