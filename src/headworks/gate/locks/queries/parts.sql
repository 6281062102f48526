-- What a relation consists of, by OID and number: no names, and no function that would wait for a lock on it.
pg_catalog.json_build_object(
  'partition', coalesce(c.relispartition, false),
  'indexes', ARRAY(
    SELECT i.indexrelid::bigint FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid),
  'constraints', (
    SELECT coalesce(pg_catalog.json_object_agg(k.oid::text, k.convalidated), '{}')
    FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')),
  'columns', (
    SELECT coalesce(pg_catalog.json_object_agg(a.attnum::text,
      pg_catalog.json_build_array(pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull)), '{}')
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
