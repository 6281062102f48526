CREATE TABLE t (
    id integer CONSTRAINT pk_t PRIMARY KEY, a text NOT NULL CONSTRAINT uq_t_a UNIQUE, b text NOT NULL
);
CREATE INDEX ix_t_b ON t (b);
CREATE UNIQUE INDEX uq_t_b_a ON t (b, a);
