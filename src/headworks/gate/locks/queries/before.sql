-- From another connection: what one relation consists of as committed, which an open transaction may have locked.
SELECT (
    /*parts*/
  )::text
FROM pg_catalog.pg_class c
WHERE c.oid = %s
