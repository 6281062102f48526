CREATE MATERIALIZED VIEW m AS SELECT 'x'::text AS a;
ALTER MATERIALIZED VIEW m SET (toast.autovacuum_enabled = false);
