CREATE TYPE "MyComp" AS (a integer, b text);
CREATE DOMAIN "Dom" AS varchar(20);
CREATE DOMAIN plain AS text;
CREATE TABLE items (
    id integer PRIMARY KEY, letter "char" NOT NULL DEFAULT 'x', letters "char"[], domains "Dom"[], comp "MyComp",
    comps "MyComp"[], plains plain[], domain "Dom"
);
