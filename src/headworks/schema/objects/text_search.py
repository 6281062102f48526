"""Text search: what finds words in a document (parsers) and what makes lexemes of them (dictionaries)."""

from typing import ClassVar

from headworks.schema.base import InSchema, QualifiedName
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import literal, qualified, regnamespace

__all__ = ["TextSearchConfiguration", "TextSearchDictionary", "TextSearchParser", "TextSearchTemplate"]


class TextSearchParser(InSchema, frozen=True, kw_only=True):
    """A text search parser: five functions, that of headlines optional."""

    kind: ClassVar[str] = "text search parser"

    start: PrintedName
    gettoken: PrintedName
    end: PrintedName
    headline: PrintedName | None = None
    lextypes: PrintedName

    @property
    def shown_by(self) -> str:
        return _shown_in("pg_ts_parser", "prs", self)


class TextSearchTemplate(InSchema, frozen=True, kw_only=True):
    """A text search template: the functions of dictionaries."""

    kind: ClassVar[str] = "text search template"

    init: PrintedName | None = None
    lexize: PrintedName

    @property
    def shown_by(self) -> str:
        return _shown_in("pg_ts_template", "tmpl", self)


class TextSearchDictionary(InSchema, frozen=True, kw_only=True):
    """A text search dictionary; `options` as PostgreSQL keeps them: `stopwords = 'english', accept = 'false'`."""

    kind: ClassVar[str] = "text search dictionary"

    template: QualifiedName
    options: str | None = None

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_ts_dict WHERE oid = {literal(qualified(self.schema, self.name))}::regdictionary"


class TextSearchConfiguration(InSchema, frozen=True, kw_only=True):
    """A text search configuration.

    `mappings` are the parser's types of tokens, by name, each with its dictionaries in the order in which they are
    asked: `word: public.synonyms, english_stem`.
    """

    kind: ClassVar[str] = "text search configuration"

    parser: QualifiedName
    mappings: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return (
            "SELECT cfgparser, ARRAY(SELECT (maptokentype, mapseqno, mapdict::regdictionary) FROM pg_ts_config_map"
            " WHERE mapcfg = c.oid ORDER BY 1) AS mappings FROM pg_ts_config AS c"
            f" WHERE oid = {literal(qualified(self.schema, self.name))}::regconfig"
        )


def _shown_in(catalog: str, prefix: str, item: InSchema) -> str:
    return (
        f"SELECT * FROM {catalog} WHERE {prefix}namespace = {regnamespace(item.schema)}"
        f" AND {prefix}name = {literal(item.name)}"
    )
