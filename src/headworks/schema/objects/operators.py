"""Operators, and the classes and families that tell an index what they mean."""

from typing import ClassVar

from headworks.schema.base import InSchema, Key, QualifiedName
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import literal, regnamespace, regoperator, split_last

__all__ = ["Operator", "OperatorClass", "OperatorFamily"]


class Operator(InSchema, frozen=True, kw_only=True):
    """An operator. `name` ends in the types of its operands: `=(a, b)`, or `-(NONE, a)` of a prefix operator.

    `restrict` and `join` are the functions that estimate selectivity.
    """

    kind: ClassVar[str] = "operator"

    function: PrintedName
    commutator: PrintedName | None = None
    negator: PrintedName | None = None
    restrict: PrintedName | None = None
    join: PrintedName | None = None
    hashes: bool = False
    merges: bool = False

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_operator WHERE oid = {regoperator(self.schema, self.name)}"


class _OfMethod(InSchema, frozen=True, kw_only=True):
    """What operator classes and families share. `name` ends in the index method: `abs_ops USING btree`.

    `operators` are strategy number and operator (`1 <(integer,integer)`), with FOR ORDER BY and an operator family
    where an index returns rows in that order; `functions` are support number, types of the operands and function
    (`1 (integer, integer) btint4cmp(integer,integer)`); both as in CREATE OPERATOR CLASS, by number.
    """

    operators: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    def _shown_in(self, catalog: str, prefix: str) -> str:
        name, method = split_last(" USING ", self.name)
        return (
            f"SELECT {prefix}.* FROM {catalog} AS {prefix} JOIN pg_am ON pg_am.oid = {prefix}method"
            f" WHERE {prefix}namespace = {regnamespace(self.schema)} AND {prefix}name = {literal(name)}"
            f" AND quote_ident(amname) = {literal(method)}"
        )


class OperatorClass(_OfMethod, frozen=True, kw_only=True):
    """An operator class. `storage_type` is set when the index holds another type than the column."""

    kind: ClassVar[str] = "operator class"

    type: PrintedName
    default: bool = False
    family: QualifiedName
    storage_type: PrintedName | None = None

    @property
    def shown_by(self) -> str:
        return self._shown_in("pg_opclass", "opc")


class OperatorFamily(_OfMethod, frozen=True, kw_only=True):
    """An operator family. Its members here are those that belong to none of its classes.

    A class without a word of a family makes one of its own name, which comes and goes with it in reports.
    """

    kind: ClassVar[str] = "operator family"

    @property
    def containers(self) -> tuple[Key, ...]:
        return ((OperatorClass.kind, self.schema, "", self.name),)

    @property
    def shown_by(self) -> str:
        return self._shown_in("pg_opfamily", "opf")
