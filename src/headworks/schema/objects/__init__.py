"""The kinds of objects, one family a file. Reports list them in the order of these imports."""

# isort: off
from headworks.schema.objects.database import Extension, Namespace
from headworks.schema.objects.types import Domain, Enum
from headworks.schema.objects.sequences import Sequence
from headworks.schema.objects.routines import Function, Procedure, Routine
from headworks.schema.objects.relations import Composite, MaterializedView, Table, View
from headworks.schema.objects.parts import Column, Constraint, Index, Trigger

# isort: on

__all__ = [
    "Column",
    "Composite",
    "Constraint",
    "Domain",
    "Enum",
    "Extension",
    "Function",
    "Index",
    "MaterializedView",
    "Namespace",
    "Procedure",
    "Routine",
    "Sequence",
    "Table",
    "Trigger",
    "View",
]
