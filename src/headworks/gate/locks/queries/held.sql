-- After a statement, in its own transaction: each relation that this backend holds locked, and this backend's counters
-- of it. What is locked strongly may have been altered: what it consists of now, by OID.
SELECT pg_catalog.json_build_object('relations', coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'oid', held.relation::bigint,
  'modes', held.modes,
  'there', c.oid IS NOT NULL,
  'file', pg_catalog.pg_relation_filenode(c.oid)::bigint,
  'empty', coalesce(pg_catalog.pg_relation_size(c.oid), 0) = 0,
  'scans', pg_catalog.pg_stat_get_xact_numscans(held.relation),
  'read', pg_catalog.pg_stat_get_xact_tuples_returned(held.relation),
  'written', pg_catalog.pg_stat_get_xact_tuples_inserted(held.relation),
  'replaced', pg_catalog.pg_stat_get_xact_tuples_updated(held.relation),
  'deleted', pg_catalog.pg_stat_get_xact_tuples_deleted(held.relation),
  'parts', CASE WHEN held.modes && '{ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}' THEN
    /*parts*/
  END)), '[]'))::text
FROM (
  SELECT l.relation, pg_catalog.array_agg(l.mode) AS modes
  -- A backend's locks on relations are in its own database, or on shared ones of the system.
  FROM pg_catalog.pg_lock_status() l
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
  GROUP BY l.relation) held
LEFT JOIN pg_catalog.pg_class c ON c.oid = held.relation
WHERE c.oid IS NULL OR c.relkind IN ('r', 'p', 'm')
