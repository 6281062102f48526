-- From another connection: the same of relations as they are committed, with the counters that all backends have sent.
SELECT pg_catalog.json_build_object('relations', coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'oid', c.oid::bigint,
  'modes', '{}'::text[],
  'there', true,
  'file', pg_catalog.pg_relation_filenode(c.oid)::bigint,
  'empty', coalesce(pg_catalog.pg_relation_size(c.oid), 0) = 0,
  'scans', pg_catalog.pg_stat_get_numscans(c.oid),
  'read', pg_catalog.pg_stat_get_tuples_returned(c.oid),
  'written', pg_catalog.pg_stat_get_tuples_inserted(c.oid),
  'replaced', pg_catalog.pg_stat_get_tuples_updated(c.oid),
  'deleted', pg_catalog.pg_stat_get_tuples_deleted(c.oid),
  'parts',
    /*parts*/
  )), '[]'))::text
FROM pg_catalog.pg_class c
WHERE c.oid = ANY (%s::oid[])
