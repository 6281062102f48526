-- Types are one word each, as short as PostgreSQL itself writes them when asked.
CREATE DOMAIN "Odd Type" AS text;
CREATE TABLE types (
    a timestamp(3) with time zone, b timestamp, c time with time zone, d character varying(12), e character varying[],
    f double precision, g numeric(12, 2)[], h bit varying(3), i interval day to second(3), j "char", k "Odd Type", l character(3)
);
