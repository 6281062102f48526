"""What a type is beneath its array and its domain: rules about types look at this."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from headworks.schema import Domain, Schema
from headworks.schema.quoting import as_printed, identifier

__all__ = ["Shape", "domains_of", "shape_of"]

_MODIFIERS = re.compile(r"\([^()]*\)")


class Shape(NamedTuple):
    """A type taken apart: `timestamp(3) without time zone[]` is base `timestamp without time zone`, modifiers `(3)`, an
    array. `domain` says that it is hidden in one, by the name that the column has it by.
    """

    base: str
    modifiers: str = ""
    array: bool = False
    domain: str | None = None

    def said(self, type_: str) -> str:
        """The type as it is written, and what is beneath where that does not show."""
        return f"{type_} ({self.base}{self.modifiers})" if self.domain else type_

    def like(self, type_: str) -> str:
        """Another type, an array where this one is."""
        return f"{type_}[]" if self.array else type_

    def in_model(self, type_: str) -> str:
        """The same of a type of SQLAlchemy."""
        return f"ARRAY({type_})" if self.array else type_


def domains_of(picture: Schema) -> dict[str, str]:
    """The types of domains, by all the names that PostgreSQL may print of each."""
    found: dict[str, str] = {}
    for one in picture.all(Domain):
        for name in (as_printed(one.name), identifier(one.name)):
            for schema in (as_printed(one.schema), identifier(one.schema)):
                found[f"{schema}.{name}"] = one.type
    return found


def shape_of(type_: str, domains: Mapping[str, str]) -> Shape:
    """What this type is; `domains` is from `domains_of`."""
    element = type_.removesuffix("[]")
    array = element != type_
    if element in domains:
        beneath = shape_of(domains[element], domains)
        return beneath._replace(array=array or beneath.array, domain=element)
    found = None if '"' in element else _MODIFIERS.search(element)
    base = element if found is None else element.replace(found[0], "", 1)
    return Shape(base, found[0] if found else "", array)
