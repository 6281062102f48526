"""The kinds of objects, one family a file. Reports list them in the order of these imports."""

# isort: off
from headworks.schema.objects.database import Database, Extension, Namespace, Setting
from headworks.schema.objects.extending import AccessMethod, Cast, EventTrigger, Language, Transform
from headworks.schema.objects.foreign import ForeignDataWrapper, Server, UserMapping
from headworks.schema.objects.replication import Publication, PublicationSchema, PublicationTable, Subscription
from headworks.schema.objects.collations import Collation, Conversion
from headworks.schema.objects.types import BaseType, Domain, DomainConstraint, Enum, Range
from headworks.schema.objects.sequences import Sequence
from headworks.schema.objects.routines import Aggregate, Function, Procedure, Routine
from headworks.schema.objects.operators import Operator, OperatorClass, OperatorFamily
from headworks.schema.objects.text_search import (
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
)
from headworks.schema.objects.statistics import Statistics
from headworks.schema.objects.relations import Composite, ForeignTable, Table
from headworks.schema.objects.views import MaterializedView, View
from headworks.schema.objects.columns import Column
from headworks.schema.objects.attachable import Attachable
from headworks.schema.objects.constraints import Constraint
from headworks.schema.objects.indexes import Index
from headworks.schema.objects.triggers import Rule, Trigger
from headworks.schema.objects.policies import Policy
from headworks.schema.objects.access import DefaultPrivilege, Owner, Privilege
from headworks.schema.objects.labels import SecurityLabel

# isort: on

__all__ = [
    "AccessMethod",
    "Aggregate",
    "Attachable",
    "BaseType",
    "Cast",
    "Collation",
    "Column",
    "Composite",
    "Constraint",
    "Conversion",
    "Database",
    "DefaultPrivilege",
    "Domain",
    "DomainConstraint",
    "Enum",
    "EventTrigger",
    "Extension",
    "ForeignDataWrapper",
    "ForeignTable",
    "Function",
    "Index",
    "Language",
    "MaterializedView",
    "Namespace",
    "Operator",
    "OperatorClass",
    "OperatorFamily",
    "Owner",
    "Policy",
    "Privilege",
    "Procedure",
    "Publication",
    "PublicationSchema",
    "PublicationTable",
    "Range",
    "Routine",
    "Rule",
    "SecurityLabel",
    "Sequence",
    "Server",
    "Setting",
    "Statistics",
    "Subscription",
    "Table",
    "TextSearchConfiguration",
    "TextSearchDictionary",
    "TextSearchParser",
    "TextSearchTemplate",
    "Transform",
    "Trigger",
    "UserMapping",
    "View",
]
