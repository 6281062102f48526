CREATE TABLE t (id integer, x integer DEFAULT 2, y timestamptz DEFAULT clock_timestamp(), z text);
