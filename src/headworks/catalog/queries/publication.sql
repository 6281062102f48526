-- Publications: pg_publication (https://www.postgresql.org/docs/current/catalog-pg-publication.html).
-- none unless: pg_publication
WITH before_18 AS (
    -- A name that the catalog lacks on an older major is looked up here instead: inner names win over outer ones.
    SELECT 'n'::"char" AS pubgencols
)
SELECT
    p.pubname AS name,
    p.puballtables AS all_tables,
    array_remove(ARRAY[
        CASE WHEN p.pubdelete THEN 'delete' END,
        CASE WHEN p.pubinsert THEN 'insert' END,
        CASE WHEN p.pubtruncate THEN 'truncate' END,
        CASE WHEN p.pubupdate THEN 'update' END
    ], NULL) AS publish,
    p.pubviaroot AS via_partition_root,
    CASE p.pubgencols WHEN 's' THEN 'stored' ELSE 'none' END AS generated_columns,
    d.description AS comment
FROM before_18
CROSS JOIN LATERAL (
    SELECT oid, pubname, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, pubgencols
    FROM pg_publication
) AS p
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_publication'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_publication'::regclass AND e.objid = p.oid
)
