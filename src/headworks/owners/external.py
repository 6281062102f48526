"""What Prisma Migrate must leave alone, as its config says it.

`tables.external` and `enums.external` of prisma.config.ts (Prisma 6.13 and later, behind `experimental.externalTables`)
name what Prisma Client may query and Prisma Migrate never touches; on PostgreSQL with the schema in front.
https://www.prisma.io/docs/orm/prisma-schema/data-model/externally-managed-tables
"""

import json
from collections.abc import Iterable, Sequence

from headworks.errors import UsageError
from headworks.owners.ledger import Row
from headworks.owners.manifest import Owner
from headworks.owners.tables import Seen

__all__ = ["MarkersMissing", "external_tables", "put_between"]

_BEGIN = "// headworks owners: begin"
_END = "// headworks owners: end"


class MarkersMissing(UsageError):
    """{file}: there are no two lines to write between, `{begin}` and `{end}`"""

    hint = "put both into defineConfig({{ ... }}) of {file}, on lines of their own, in this order"


def external_tables(rows: Sequence[Row], seen: Seen) -> str:
    """The properties for `defineConfig({ ... })`: all tables and enums that are not Prisma's.

    Tables that were seen in a live database alone are not among them: the same project gives the same lists.
    """
    others = (row for row in rows if row.owners and Owner.PRISMA not in row.owners)
    names = {(row.table.schema, row.table.name) for row in others if row.lasting}
    tables = (f"{schema}.{name}" for schema, name in sorted(names.union(seen.helpers)))
    enums = (f"{schema}.{name}" for schema, name in seen.enums)
    return (
        "experimental: { externalTables: true },\n"
        f"tables: {{\n  external: {_list(tables)},\n}},\n"
        f"enums: {{\n  external: {_list(enums)},\n}},\n"
    )


def put_between(text: str, fragment: str, file: str) -> str:
    """`text` with the fragment between its two markers, indented as they are. Raises `MarkersMissing`."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if line.strip() in (_BEGIN, _END)]
    if [lines[place].strip() for place in places] != [_BEGIN, _END]:
        raise MarkersMissing(file=file, begin=_BEGIN, end=_END)
    first, last = places
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    between = [f"{indent}{line}" for line in fragment.splitlines()]
    return "\n".join([*lines[: first + 1], *between, *lines[last:]]) + "\n"


def _list(names: Iterable[str]) -> str:
    """A list of strings, which JSON and TypeScript write alike."""
    found = [f"    {json.dumps(name, ensure_ascii=False)},\n" for name in names]
    return f"[\n{''.join(found)}  ]" if found else "[]"
