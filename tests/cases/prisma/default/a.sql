CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE t (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), a integer DEFAULT 5, b text DEFAULT 'b', c integer, d timestamptz DEFAULT now(),
    e mood DEFAULT 'bad', f text[] DEFAULT '{a}', g boolean DEFAULT false, h date DEFAULT now(), i serial, j integer NOT NULL,
    k text DEFAULT upper('x'), l jsonb DEFAULT '[]', m timestamptz DEFAULT date_trunc('day', now()), n double precision DEFAULT 1.5
);
