"""Names and texts as SQL has them: for statements that a person pastes, never for ones that we run."""

__all__ = ["identifier", "literal", "qualified", "regclass"]


def identifier(name: str) -> str:
    """A quoted name."""
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """A quoted name in its quoted schema."""
    return f"{identifier(schema)}.{identifier(name)}"


def literal(text: str) -> str:
    """A string constant, right whatever `standard_conforming_strings` says."""
    quoted = "'" + text.replace("'", "''") + "'"
    return f" E{quoted}".replace("\\", "\\\\") if "\\" in text else quoted


def regclass(schema: str, name: str) -> str:
    """The constant that stands for the OID of a relation, an index or a sequence."""
    return f"{literal(qualified(schema, name))}::regclass"
