"""migra, in the virtual environment that it needs: for each line of JSON, `[url of a, url of b]`, one line of answer.

The answer is `{"statements": [...]}`, what migra would run to make a out of b, or `{"error": "..."}`. `coverage.py`
starts this with the Python of an environment that holds migra.
"""

import json
import sys

from migra import Migration
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool


def statements(a, b):
    """As `migra --unsafe --with-privileges` says them: all that it looks at."""
    engines = [create_engine(url, poolclass=NullPool) for url in (a, b)]
    with engines[0].connect() as expected, engines[1].connect() as actual:
        migration = Migration(actual, expected)
        migration.set_safety(False)
        migration.add_all_changes(privileges=True)
        return list(migration.statements)


for line in sys.stdin:
    try:
        answer = {"statements": statements(*json.loads(line))}
    except Exception as error:  # noqa: BLE001 - whatever it fails with is its answer
        answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    print(json.dumps(answer), flush=True)
