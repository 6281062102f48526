"""The picture of a database: what it is (`Schema` and the kinds), how two differ (`diff`), how it is kept (`codec`)."""

from headworks.schema.base import InSchema, Object, OnTable, QualifiedName, Relation, kinds
from headworks.schema.codec import decode, encode, fingerprint
from headworks.schema.diff import Action, Change, diff
from headworks.schema.errors import PictureError
from headworks.schema.model import Schema
from headworks.schema.objects import (
    Column,
    Composite,
    Constraint,
    Domain,
    Enum,
    Extension,
    Function,
    Index,
    MaterializedView,
    Namespace,
    Procedure,
    Routine,
    Sequence,
    Table,
    Trigger,
    View,
)

__all__ = [
    "Action",
    "Change",
    "Column",
    "Composite",
    "Constraint",
    "Domain",
    "Enum",
    "Extension",
    "Function",
    "InSchema",
    "Index",
    "MaterializedView",
    "Namespace",
    "Object",
    "OnTable",
    "PictureError",
    "Procedure",
    "QualifiedName",
    "Relation",
    "Routine",
    "Schema",
    "Sequence",
    "Table",
    "Trigger",
    "View",
    "decode",
    "diff",
    "encode",
    "fingerprint",
    "kinds",
]
