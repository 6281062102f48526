"""What a revision leaves in the session of its connection, taken away: the next one may be run in another session."""

from sqlalchemy import Connection, text

from headworks.migrations.said import Said

__all__ = ["SessionState"]

# `transaction_...` are the transaction's.
_STATE = """
SELECT name::text, setting::text FROM pg_catalog.pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction%'
UNION ALL SELECT 'role', pg_catalog.current_setting('role')
UNION ALL SELECT 'session_authorization', pg_catalog.current_setting('session_authorization')
UNION ALL SELECT 'temp', (pg_catalog.pg_my_temp_schema() <> 0)::text
"""
# Asked where a statement had such a word: pg_locks alone takes as long as all of the above. A driver's own prepared
# statements are not from SQL.
_TRACES = {
    "advisory": """
UNION ALL SELECT '+ lock ' || concat_ws(' ', classid, objid, objsubid, mode), count(*)::text
FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() GROUP BY 1
""",
    "prepared": """
UNION ALL SELECT '+ statement ' || name, statement FROM pg_catalog.pg_prepared_statements WHERE from_sql
UNION ALL SELECT '+ cursor ' || name, statement FROM pg_catalog.pg_cursors WHERE is_holdable
""",
}
_NAMES = """
UNION ALL SELECT '+ set ' || name, pg_catalog.current_setting(name, true)
FROM pg_catalog.unnest(CAST(:names AS text[])) AS name
"""
_SET = text("SELECT pg_catalog.set_config(:name, :value, false)")
_FIRST = ("session_authorization", "role")


class SessionState:
    """A session's state as env.py has made it: what its connection is taken back to."""

    def __init__(self, connection: Connection, said: Said) -> None:
        self._said = said
        self._settings = self._read(connection)

    def restore(self, connection: Connection) -> bool:
        """Drop temporary tables, and set back what is set otherwise. The caller commits.

        False, and nothing is done, where it takes a new session: an application's own setting cannot be made as if it
        had never been there, and with a lock or a prepared statement it is the same in one way for all.
        """
        if self._said.more:  # nobody has asked what was there before
            return False
        now = self._read(connection)
        before = self._settings
        changed = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
        if any(name.startswith("+") for name in changed):
            return False
        if now["temp"] == "true":
            connection.exec_driver_sql("DISCARD TEMP")
        changed.discard("temp")
        for name in (*(one for one in _FIRST if one in changed), *sorted(changed.difference(_FIRST))):
            if name in before:
                connection.execute(_SET, {"name": name, "value": before[name]})
            else:
                connection.exec_driver_sql(f"RESET {name}")
        return True

    def _read(self, connection: Connection) -> dict[str, str | None]:
        said = self._said
        question = _STATE + "".join(_TRACES[word] for word in sorted(said.traces)) + (_NAMES if said.names else "")
        found = connection.execute(text(question), {"names": sorted(said.names)} if said.names else {})
        return {str(name): value for name, value in found}
