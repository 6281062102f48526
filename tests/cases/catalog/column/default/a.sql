CREATE TABLE t (id integer, x integer DEFAULT 1, y timestamptz DEFAULT now(), z text DEFAULT 'a');
