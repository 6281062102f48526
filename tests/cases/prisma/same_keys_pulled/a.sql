CREATE TABLE t (
    id integer PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, c integer NOT NULL, d text NOT NULL,
    CONSTRAINT con UNIQUE (a, c) INCLUDE (b), CONSTRAINT dis UNIQUE NULLS NOT DISTINCT (c)
);
CREATE INDEX "desc_last" ON t (a DESC NULLS LAST);
CREATE INDEX "asc_first" ON t (b NULLS FIRST, c DESC);
CREATE INDEX "included" ON t (a) INCLUDE (b);
CREATE UNIQUE INDEX "only" ON t (b) INCLUDE (a);
CREATE INDEX "collated" ON t (d COLLATE "C", b);
CREATE TABLE u (id integer, a integer NOT NULL, CONSTRAINT u_pkey PRIMARY KEY (id) INCLUDE (a));
