"""What the tables rely on and SQLAlchemy has no construct for: two functions, a trigger a table, an extension.

They are attached to the metadata as DDL events, so that `create_all` realises the same catalog as the migrations do.
The revisions repeat these texts, for history is frozen and imports nothing of today; a test compares the catalogs.
"""

import sqlalchemy as sa
from sqlalchemy import event

__all__ = ["SET_UPDATED_AT", "UUID7", "attach"]

# RFC 9562, 5.7 and 6.2 method 3: 48 bits of milliseconds, then the fraction of the millisecond in `rand_a`. The server
# counts microseconds, and several calls fit into one on a fast machine, so the function waits for the clock to move on:
# ids made one after another sort, without any state to keep. PostgreSQL 18 has uuidv7(), 15 to 17 do not, and this text
# is the same on all of them. It needs nothing of the search path: pg_catalog is always on it.
UUID7 = """\
CREATE OR REPLACE FUNCTION commerce_uuid7() RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL SAFE
AS $function$
DECLARE
  called_at CONSTANT timestamptz := pg_catalog.clock_timestamp();
  made_at timestamptz := pg_catalog.clock_timestamp();
  micros bigint;
  fraction integer;
  bytes bytea := pg_catalog.uuid_send(pg_catalog.gen_random_uuid());
BEGIN
  WHILE made_at <= called_at LOOP
    made_at := pg_catalog.clock_timestamp();
  END LOOP;
  micros := (EXTRACT(EPOCH FROM made_at) * 1000000)::bigint;
  fraction := ((micros % 1000) * 4096 / 1000)::integer;
  bytes := pg_catalog.substring(pg_catalog.int8send(micros / 1000), 3, 6) || pg_catalog.substring(bytes, 7);
  bytes := pg_catalog.set_byte(bytes, 6, 112 | (fraction >> 8));
  bytes := pg_catalog.set_byte(bytes, 7, fraction & 255);
  RETURN pg_catalog.encode(bytes, 'hex')::uuid;
END
$function$"""

SET_UPDATED_AT = """\
CREATE OR REPLACE FUNCTION commerce_set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.updated_at := pg_catalog.now();
  RETURN NEW;
END
$function$"""

_COMMENTS = (
    "COMMENT ON FUNCTION commerce_uuid7() IS 'UUIDv7 (RFC 9562), increasing within a session'",
    "COMMENT ON FUNCTION commerce_set_updated_at() IS 'keeps updated_at, on every table that has it'",
)

_FUNCTIONS = (UUID7, SET_UPDATED_AT, *_COMMENTS)
_DROP_FUNCTIONS = ("DROP FUNCTION IF EXISTS commerce_set_updated_at()", "DROP FUNCTION IF EXISTS commerce_uuid7()")


def attach(*, auth: sa.MetaData, core: sa.MetaData) -> None:
    """Let `create_all` and `drop_all` of both targets make and remove what their tables rely on.

    Both create the functions, for both need them; the one that is created first and dropped last removes them.
    """
    for metadata in (auth, core):
        for statement in _FUNCTIONS:
            event.listen(metadata, "before_create", _ddl(statement))
        for table in metadata.tables.values():
            if "updated_at" in table.columns:
                event.listen(table, "after_create", _ddl(_updated_at_trigger(table.name)))
    for statement in _DROP_FUNCTIONS:
        event.listen(auth, "after_drop", _ddl(statement))
    # An exclusion constraint with `=` on a text column needs it (vat_rates). Trusted: no superuser is needed.
    event.listen(core, "before_create", _ddl("CREATE EXTENSION IF NOT EXISTS btree_gist"))
    event.listen(core, "after_drop", _ddl("DROP EXTENSION IF EXISTS btree_gist"))


def _updated_at_trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER tr_{table}_set_updated_at BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def _ddl(statement: str) -> sa.DDL:
    """A statement to run as it is: `DDL` fills in `%(table)s` and the like, and there is nothing to fill in here."""
    return sa.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
