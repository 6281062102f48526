"""Where the catalog keeps the object that a kind word and its names mean: for what is said of objects of any kind."""

from functools import cache
from typing import NamedTuple

from headworks.schema.base import Key, Relation, kind_named
from headworks.schema.quoting import (
    literal,
    regclass,
    regnamespace,
    regoperator,
    regprocedure,
    split_last,
)

__all__ = ["RELATIONS", "Holder", "holder_of", "key_of", "same_database"]

RELATIONS = frozenset({"table", "view", "materialized view", "foreign table", "sequence"})
"""The words of what has its names in the manner of tables: they need no kind word beside them."""


class Holder(NamedTuple):
    """A catalog, the columns of an object's owner and privileges there, and the condition that finds the object."""

    catalog: str
    owner: str
    acl: str
    where: str


_CATALOGS = {
    "aggregate": ("pg_proc", "pro"),
    "collation": ("pg_collation", "coll"),
    "conversion": ("pg_conversion", "con"),
    "event trigger": ("pg_event_trigger", "evt"),
    "foreign data wrapper": ("pg_foreign_data_wrapper", "fdw"),
    "function": ("pg_proc", "pro"),
    "language": ("pg_language", "lan"),
    "operator": ("pg_operator", "opr"),
    "operator class": ("pg_opclass", "opc"),
    "operator family": ("pg_opfamily", "opf"),
    "procedure": ("pg_proc", "pro"),
    "publication": ("pg_publication", "pub"),
    "schema": ("pg_namespace", "nsp"),
    "server": ("pg_foreign_server", "srv"),
    "statistics": ("pg_statistic_ext", "stx"),
    "subscription": ("pg_subscription", "sub"),
    "text search configuration": ("pg_ts_config", "cfg"),
    "text search dictionary": ("pg_ts_dict", "dict"),
}
_TYPES = frozenset({"base type", "composite", "domain", "enum", "range", "row type"})


def holder_of(of: str, schema: str, name: str) -> Holder:
    """The place of an object; `schema` is empty for what lies in none, `name` too for the database itself."""
    if of == "database":
        return Holder("pg_database", "datdba", "datacl", "datname = current_database()")
    if of in RELATIONS:
        return Holder("pg_class", "relowner", "relacl", f"oid = {regclass(schema, name)}")
    if of in _TYPES:
        # Not by regtype, which refuses a shell.
        return Holder("pg_type", "typowner", "typacl", _condition(of, "typ", schema, name))
    catalog, prefix = _CATALOGS[of]
    return Holder(catalog, f"{prefix}owner", f"{prefix}acl", _condition(of, prefix, schema, name))


def _condition(of: str, prefix: str, schema: str, name: str) -> str:
    if _name_space(of) == "routine":
        return f"oid = {regprocedure(schema, name)}"
    if of == "operator":
        return f"oid = {regoperator(schema, name)}"
    lies_in = f"{prefix}namespace = {regnamespace(schema)} AND " if schema else ""
    if of in ("operator class", "operator family"):
        name, method = split_last(" USING ", name)
        lies_in += f"{prefix}method = (SELECT oid FROM pg_am WHERE quote_ident(amname) = {literal(method)}) AND "
    if of == "subscription":
        lies_in = f"subdbid = {same_database()} AND "
    return f"{lies_in}{prefix}name = {literal(name)}"


def same_database() -> str:
    """The OID of the database that somebody is connected to."""
    return "(SELECT oid FROM pg_database WHERE datname = current_database())"


def key_of(of: str, schema: str, name: str) -> Key:
    """The object's own key, which is what goes with it names as its container."""
    return (_name_space(of), schema, "", name)


@cache
def _name_space(of: str) -> str:
    if of == "row type":
        return Relation.name_space
    kind = kind_named(of)
    return (kind.name_space or of) if kind is not None else of
