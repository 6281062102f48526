"""What can be wrong with a diagram that is asked for."""

from headworks.errors import UsageError

__all__ = ["DiagramTooLarge", "FormatMissing", "TableTooLarge"]


class FormatMissing(UsageError):
    """--format {name}: the formats are {known}"""

    hint = "headworks erd --format {first}"


class DiagramTooLarge(UsageError):
    """the diagram of {tables} tables has {size:,} characters, and browsers draw no Mermaid above {limit:,}"""

    hint = "{advice_text}"


class TableTooLarge(UsageError):
    """table {table} alone has {size:,} characters as Mermaid, and browsers draw none above {limit:,}"""

    hint = "leave the table out (env.py's include_object), or draw the other domains with --domain"
