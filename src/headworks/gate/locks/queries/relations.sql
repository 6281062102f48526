-- What there is before a statement, and this backend's counters of it; as one text, which every driver hands on alike.
-- A partition's root is the table that people know.
SELECT pg_catalog.json_build_object(
  'database', pg_catalog.current_database(),
  'backend', pg_catalog.pg_backend_pid(),
  'relations', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'oid', c.oid::bigint,
      'schema', n.nspname,
      'name', c.relname,
      'kind', c.relkind,
      'file', pg_catalog.pg_relation_filenode(c.oid)::bigint,
      'root', CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::oid::bigint ELSE c.oid::bigint END,
      'scans', pg_catalog.pg_stat_get_xact_numscans(c.oid),
      'read', pg_catalog.pg_stat_get_xact_tuples_returned(c.oid),
      'written', pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
      'replaced', pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
      'deleted', pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)))
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND c.oid >= 16384
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')), '[]'))::text
