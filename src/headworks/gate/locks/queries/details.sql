-- Names and definitions of the parts of one relation that a statement made or changed.
SELECT pg_catalog.json_build_object(
  'attached', CASE WHEN $attached THEN pg_catalog.pg_get_partition_constraintdef($oid) END,
  'references', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', k.conname,
      'table', n.nspname || '.' || c.relname,
      'quoted', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
      'definition', pg_catalog.pg_get_constraintdef(k.oid)) ORDER BY k.oid)
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = $oid
      AND k.confkey && '{$columns}'::smallint[]), '[]'),
  'indexes', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', c.relname,
      'schema', n.nspname,
      'definition', pg_catalog.pg_get_indexdef(c.oid),
      'method', (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam),
      'constraint', k.conname) ORDER BY c.oid)
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
      AND k.conrelid = i.indrelid
    WHERE i.indrelid = $oid AND i.indexrelid = ANY ('{$indexes}'::oid[])), '[]'),
  'constraints', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', k.conname,
      'kind', k.contype,
      'definition', pg_catalog.pg_get_constraintdef(k.oid),
      'deferrable', k.condeferrable,
      'deferred', k.condeferred,
      'temporal', position('WITHOUT OVERLAPS' IN pg_catalog.pg_get_constraintdef(k.oid)) > 0) ORDER BY k.oid)
    FROM pg_catalog.pg_constraint k
    WHERE k.conrelid = $oid AND k.oid = ANY ('{$constraints}'::oid[])), '[]'),
  'columns', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'number', a.attnum,
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'not_null', a.attnotnull,
      'made', a.attgenerated <> '' OR a.attidentity <> '',
      'identity', a.attidentity,
      'sequence', pg_catalog.pg_get_serial_sequence(a.attrelid::pg_catalog.regclass::text, a.attname),
      'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = $oid AND a.attnum = ANY ('{$columns}'::smallint[])), '[]'))::text
