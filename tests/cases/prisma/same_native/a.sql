CREATE EXTENSION citext;
CREATE TABLE n (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, small smallint, o oid, r real, m money, d numeric(10,2), d0 numeric,
    v varchar(20), v0 varchar, c char(3), u uuid, i inet, ci citext, x xml, bi bit(4), vb bit varying(9), t timestamp,
    t1 timestamp(1), tz timestamptz, tz0 timestamptz(0), da date, ti time, ti2 time(2), tt timetz, j json,
    vs varchar(5)[], ts tsvector, ir int4range
);
