"""An index that is to be built, in words for people: as a model declares it, and what may keep it from being built."""

from headworks.migrations.indexes import IndexToBuild, as_text
from headworks.schema.quoting import identifier, qualified

__all__ = ["in_model", "repeated"]


def in_model(one: IndexToBuild) -> str:
    """The same index as a model declares it, in `__table_args__`."""
    words = [repr(one.name), *(repr(key) if one.plain else _sql(key) for key in one.keys)]
    words += ["unique=True"] if one.unique else []
    words += [f"postgresql_using={one.method!r}"] if one.method != "btree" else []
    words += [f"postgresql_where={_sql(one.where)}"] if one.where else []
    return f"Index({', '.join(words)})"


def repeated(one: IndexToBuild) -> str | None:
    """The query that finds the rows for which a unique index cannot be built; `None` where its keys are expressions."""
    if not one.plain:
        return None
    # All are quoted, as the words of SQL are not known here.
    keys = list(map(identifier, one.keys))
    also = [one.where] if one.where else []
    also += [] if one.nulls_not_distinct else [f"{key} IS NOT NULL" for key in keys]
    where = f" WHERE {' AND '.join(also)}" if also else ""
    columns = ", ".join(keys)
    return f"SELECT {columns}, count(*) FROM {qualified(*one.table)}{where} GROUP BY {columns} HAVING count(*) > 1"  # noqa: S608 - for a person


def _sql(text: str) -> str:
    return f"text({as_text(text)!r})"
