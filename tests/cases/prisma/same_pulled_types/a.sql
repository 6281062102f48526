CREATE SCHEMA apart;
CREATE TYPE "MyComp" AS (a integer, b text);
CREATE DOMAIN "Dom" AS varchar(20);
CREATE DOMAIN apart.plain AS text;
CREATE TYPE apart.spot AS (x integer);
CREATE TABLE t (
    id integer PRIMARY KEY, letter "char" NOT NULL DEFAULT 'x', letters "char"[], domains "Dom"[], comp "MyComp",
    comps "MyComp"[], plains apart.plain[], spot apart.spot, points point[], ranges numrange[]
);
