"""What a revision leaves in the session of its connection, taken away: the next one may be run in another session."""

from sqlalchemy import Connection, text

__all__ = ["SessionState"]

# `transaction_...` are the transaction's. An extension's or an application's own settings are listed nowhere.
_STATE = text("""
SELECT name::text, setting::text FROM pg_catalog.pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction%'
UNION ALL SELECT 'role', pg_catalog.current_setting('role')
UNION ALL SELECT 'session_authorization', pg_catalog.current_setting('session_authorization')
UNION ALL SELECT 'temp', (pg_catalog.pg_my_temp_schema() <> 0)::text
""")
_SET = text("SELECT pg_catalog.set_config(:name, :value, false)")
_FIRST = ("session_authorization", "role")


class SessionState:
    """A session's settings as env.py has made them: what its connection is taken back to."""

    def __init__(self, connection: Connection) -> None:
        self._settings = _settings(connection)

    def restore(self, connection: Connection) -> None:
        """Drop temporary tables, and set back what is set otherwise. The caller commits."""
        now = _settings(connection)
        if now.pop("temp") == "true":
            connection.exec_driver_sql("DISCARD TEMP")
        before = {name: value for name, value in self._settings.items() if name != "temp"}
        changed = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
        for name in (*(one for one in _FIRST if one in changed), *sorted(changed.difference(_FIRST))):
            if name in before:
                connection.execute(_SET, {"name": name, "value": before[name]})
            else:
                connection.exec_driver_sql(f"RESET {name}")


def _settings(connection: Connection) -> dict[str, str]:
    return {str(name): str(value) for name, value in connection.execute(_STATE)}
