-- Tables of publications: pg_publication_rel (https://www.postgresql.org/docs/current/catalog-pg-publication-rel.html).
-- none unless: pg_publication_rel
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    p.pubname AS name,
    CASE WHEN r.prattrs IS NOT NULL THEN ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)
        ORDER BY a.attname
    ) END AS columns,
    pg_get_expr(r.prqual, r.prrelid) AS "where"
FROM pg_publication_rel AS r
JOIN pg_publication AS p ON p.oid = r.prpubid
JOIN pg_class AS c ON c.oid = r.prrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
