CREATE TYPE mood AS ENUM ('ok', 'not ok');
CREATE FUNCTION made() RETURNS text LANGUAGE sql AS 'SELECT 1::text';
CREATE TABLE t (
    id uuid PRIMARY KEY, n integer NOT NULL DEFAULT 5, m numeric(12,2) NOT NULL DEFAULT 0, s text NOT NULL DEFAULT 'it''s',
    v varchar(9) NOT NULL DEFAULT 'x', b boolean NOT NULL DEFAULT true, a timestamptz NOT NULL DEFAULT now(),
    c timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, j jsonb NOT NULL DEFAULT '{"a": 1}', l text[] DEFAULT '{}',
    l2 integer[] DEFAULT '{1,2}', e mood NOT NULL DEFAULT 'not ok', f text NOT NULL DEFAULT made(),
    g timestamptz NOT NULL DEFAULT now() + interval '1 day', by bytea NOT NULL DEFAULT '\x6869', u uuid NOT NULL,
    k text NOT NULL, gen text GENERATED ALWAYS AS (lower(s)) STORED, any_one text DEFAULT md5('x'),
    q timestamptz NOT NULL DEFAULT '2020-01-01T00:00:00Z'
);
