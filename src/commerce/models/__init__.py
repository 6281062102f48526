"""The models, one module a domain. A domain imports the domains below it and never one above.

Importing any of them registers all of them, and the functions and triggers that the tables rely on.
"""

from commerce import base, database_objects
from commerce.models import (
    auth,
    billing,
    commerce,
    compliance,
    customers,
    fulfillment,
    integrations,
    lexoffice,
    support,
)

__all__ = [
    "auth",
    "billing",
    "commerce",
    "compliance",
    "customers",
    "fulfillment",
    "integrations",
    "lexoffice",
    "support",
]

database_objects.attach(auth=base.auth, core=base.core)
