CREATE FUNCTION app_uuid7() RETURNS uuid LANGUAGE sql VOLATILE
    RETURN overlay(gen_random_uuid()::text PLACING
        lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') FROM 1 FOR 8)::uuid;
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT app_uuid7());
CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT app_uuid7());
