-- Words of Mermaid's grammar, and what its lexer would trip over. The exact name goes with the column.
CREATE TABLE "end" (id integer PRIMARY KEY, pk text NOT NULL, "FK" text NOT NULL, "uk-2" text NOT NULL, "pké" text NOT NULL);
CREATE TABLE "direction LR" ("a ""b"" % \ ; ~x~ `c`" integer NOT NULL REFERENCES "end", "2fa" text NOT NULL, _x_ text NOT NULL);
CREATE TABLE _meta_ (id integer NOT NULL);
CREATE TABLE "名前" ("größe" integer NOT NULL, "e mail" text NOT NULL);
CREATE TABLE no_columns ();
COMMENT ON COLUMN "end".id IS 'said "so": ~50% of <b>them</b>
in two lines, and many more words than would fit beside a column';
COMMENT ON COLUMN "名前"."größe" IS 'direction TB';
