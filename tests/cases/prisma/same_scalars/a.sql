CREATE TABLE all_types (
    id serial CONSTRAINT all_types_pkey PRIMARY KEY, s text NOT NULL, b boolean, i integer, big bigint, f double precision,
    d numeric(65,30), at timestamp(3), j jsonb, by bytea, list text[]
);
