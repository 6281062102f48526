CREATE TABLE t (id integer, "Odd . ""x" integer GENERATED ALWAYS AS IDENTITY);
