"""How the config names objects: `[kind] [schema.][table.]name` with the wildcards of the shell."""

from fnmatch import fnmatchcase

import msgspec

from headworks.schema.base import InSchema, Object, OnTable, Relation, kinds

__all__ = ["Pattern"]


class Pattern(msgspec.Struct, frozen=True):
    """`[kind] [schema.][table.]name` with the wildcards of the shell; `relation` is any kind that has columns."""

    text: str
    kind: str
    path: str

    @classmethod
    def of(cls, text: str, kind: str = "") -> "Pattern":
        """The pattern that `text` is; of `kind` where it says none itself."""
        words = {one.kind for one in kinds()}
        found = next((word for word in sorted(words, key=len, reverse=True) if text.startswith(f"{word} ")), "")
        return cls(text, found or kind, text.removeprefix(found).strip())

    def matches(self, item: Object) -> bool:
        """Whether it names this object."""
        if self.kind == "relation":
            if not isinstance(item, Relation):
                return False
        elif self.kind and item.kind != self.kind:
            return False
        if isinstance(item, OnTable):
            paths = [f"{item.schema}.{item.table}.{item.name}", f"{item.table}.{item.name}"]
            # A bare name is that of a whole object, unless its kind is said: every table has an `id`.
            paths += [item.name] if self.kind else []
        elif isinstance(item, InSchema):
            return self.names(item.schema, item.name)
        else:
            paths = [item.ref.name, f"{item.ref.schema}.{item.ref.table or ''}.{item.ref.name}".replace("..", ".")]
        return any(fnmatchcase(path, self.path) for path in paths)

    def names(self, schema: str, name: str) -> bool:
        """Whether its path is that of what has this name in this schema, of whatever kind."""
        return fnmatchcase(f"{schema}.{name}", self.path) or fnmatchcase(name, self.path)
