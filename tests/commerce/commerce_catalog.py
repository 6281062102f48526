"""The reference schema's catalog, read in two ways that share nothing with headworks, and the ways to change it."""

import subprocess
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from helpers import sqlalchemy_url

__all__ = ["DOMAINS", "ROOT", "config_for", "describe", "dump", "migrate", "revisions"]

ROOT = Path(__file__).parents[2]

DOMAINS = (
    "auth",
    "customers",
    "commerce",
    "fulfillment",
    "billing",
    "lexoffice",
    "support",
    "integrations",
    "compliance",
)

# One line an object. The NOT NULL constraints that PostgreSQL 18 lists are left out: the columns say it on every major.
_LINES = {
    "extension": "SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql'",
    "enum": """
        SELECT t.typname || ': ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
        FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.oid""",
    "function": """
        SELECT pg_get_functiondef(p.oid) || coalesce('-- ' || obj_description(p.oid, 'pg_proc'), '')
        FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "table": """
        SELECT relname || coalesce(' -- ' || obj_description(oid, 'pg_class'), '') FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')""",
    "column": """
        SELECT format('%s.%s %s %s%s%s%s', c.relname,
          to_char(row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), 'FM00'), a.attname,
          format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
          CASE a.attgenerated WHEN 's' THEN ' generated ' ELSE ' default ' END || pg_get_expr(d.adbin, d.adrelid),
          ' -- ' || col_description(c.oid, a.attnum))
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND a.attnum > 0 AND NOT attisdropped""",
    "constraint": """
        SELECT format('%s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "index": """
        SELECT pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace""",
    "trigger": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def describe(url: str) -> str:
    """What the catalog says, one line an object, sorted; the same text on every major."""
    with psycopg.connect(url) as connection:
        return "\n".join(
            f"{kind} {line}"
            for kind, query in _LINES.items()
            for line in sorted(text for (text,) in connection.execute(query.encode()) if "alembic_version" not in text)
        )


def dump(url: str, pg_bindir: Path) -> list[str]:
    """What `pg_dump --schema-only` says, an independent witness. Statements are sorted: their order follows OIDs."""
    words = [str(pg_bindir / "pg_dump"), "--schema-only", "--no-owner", "--exclude-table=alembic_version", url]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    lines = [line for line in text.splitlines() if line and not line.startswith(("--", "\\"))]
    return sorted("\n".join(lines).split(";\n"))


def config_for(connection: sa.Connection | None = None, **attributes: Any) -> Config:
    """Alembic's configuration as the repository has it, for this connection."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes.update(attributes, connection=connection, configure_logger=False)
    return config


def migrate(url: str, *targets: str, driver: str = "psycopg") -> None:
    """`alembic upgrade` to each target in turn, or `alembic downgrade` where the target begins with `-`."""
    config = config_for()
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url, driver).replace("%", "%%"))
    for target in targets:
        if target.startswith("-"):
            command.downgrade(config, target.removeprefix("-"))
        else:
            command.upgrade(config, target)


def revisions() -> list[Any]:
    """Every revision, in the order in which `upgrade heads` runs them."""
    script = ScriptDirectory.from_config(config_for())
    return list(reversed(list(script.iterate_revisions("heads", "base", implicit_base=True))))
