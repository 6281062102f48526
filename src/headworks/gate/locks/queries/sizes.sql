-- Tables, partitions and materialized views, with the root of each partition; rows are -1 where nobody ever analysed.
SELECT
  c.oid::bigint,
  n.nspname || '.' || c.relname,
  CASE WHEN c.relispartition THEN (
    SELECT rn.nspname || '.' || rc.relname
    FROM pg_catalog.pg_class rc JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
    WHERE rc.oid = pg_catalog.pg_partition_root(c.oid)) END,
  pg_catalog.format('%I.%I', n.nspname, c.relname),
  c.relkind = 'p',
  c.reltuples::bigint,
  pg_catalog.pg_relation_size(c.oid),
  pg_catalog.pg_total_relation_size(c.oid),
  pg_catalog.pg_stat_get_live_tuples(c.oid),
  pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND (c.relkind <> 'm' OR c.relispopulated)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND c.relname NOT LIKE 'headworks\_%'
