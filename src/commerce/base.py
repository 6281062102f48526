"""What every model shares: the two `MetaData` targets, the naming convention, the columns of every table."""

import re
import uuid
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, backref, mapped_column

from commerce.enums import AuthEnum, CoreEnum

__all__ = [
    "APPENDED",
    "BEFORE_TIMESTAMPS",
    "NAMING_CONVENTION",
    "AuthBase",
    "Base",
    "CoreBase",
    "SoftDelete",
    "auth",
    "core",
    "owns",
]

#: A foreign key is named by its own columns alone: with the referred table in it the longest of ours would pass the
#: 63 bytes that PostgreSQL keeps of a name.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: The tables that Auth.js reads and writes too.
auth = sa.MetaData(naming_convention=NAMING_CONVENTION)

#: Everything else. A foreign key from here to `auth` takes the column object: a string is looked up in its own
#: `MetaData` only.
core = sa.MetaData(naming_convention=NAMING_CONVENTION)

#: `sort_order` of a column that a later revision added: PostgreSQL appends it, so it comes last here as well.
APPENDED = 200

#: `sort_order` of `deleted_at`, which stands before the two times that every table has.
BEFORE_TIMESTAMPS = 90

_TIMESTAMPS = 100


def _enum_type(labels: type[StrEnum], metadata: sa.MetaData) -> sa.Enum:
    """The PostgreSQL type of an enum: its name in snake case, its values as labels."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", labels.__name__).lower()
    return sa.Enum(labels, name=name, metadata=metadata, values_callable=lambda enum: [member.value for member in enum])


class Base(DeclarativeBase):
    """A table with a time-ordered id, and the times of its row's making and last change.

    The first line of a model's docstring is the table's COMMENT, and the module that the model is written in is its
    domain (`Table.info["domain"]`).
    """

    __abstract__ = True

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: sa.Text(),
        datetime: sa.DateTime(timezone=True),
        date: sa.Date(),
        Decimal: sa.Numeric(12, 2),
        uuid.UUID: sa.Uuid(),
        dict[str, Any]: JSONB(),
        **{labels: _enum_type(labels, auth) for labels in AuthEnum.__subclasses__()},
        **{labels: _enum_type(labels, core) for labels in CoreEnum.__subclasses__()},
    }

    # `updated_at` is written by a trigger: an UPDATE has to hand it back, or the attribute would be loaded again on
    # first access, which an async session cannot do.
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - typed so by DeclarativeBase

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=sa.text("commerce_uuid7()"), sort_order=-_TIMESTAMPS
    )
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), sort_order=_TIMESTAMPS)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=sa.func.now(), server_onupdate=sa.FetchedValue(), sort_order=_TIMESTAMPS
    )

    @classmethod
    def __table_cls__(cls, name: str, metadata: sa.MetaData, *args: Any, **kwargs: Any) -> sa.Table:
        domain = cls.__module__.rpartition(".")[2]
        assert cls.__doc__, f"{cls.__name__} has no docstring to take the table's comment from"
        comment = cls.__doc__.splitlines()[0]
        return sa.Table(name, metadata, *args, comment=comment, info={"domain": domain}, **kwargs)


class AuthBase(Base):
    """A table of the `auth` target."""

    __abstract__ = True
    metadata = auth


class CoreBase(Base):
    """A table of the `core` target."""

    __abstract__ = True
    metadata = core


class SoftDelete:
    """A row that is hidden instead of removed, because others refer to it for good."""

    deleted_at: Mapped[datetime | None] = mapped_column(
        sort_order=BEFORE_TIMESTAMPS, comment="soft delete: when the row was withdrawn, null while it is live"
    )


def owns(collection: str) -> str | tuple[str, dict[str, Any]]:
    """The collection that a class of a lower domain gets from a foreign key of a higher one.

    A domain imports the domains below it and never one above, so `User` cannot declare `User.orders`: the model that
    has the foreign key does. What becomes of the children is the database's to say (ON DELETE), so the ORM neither
    loads nor nulls them.
    """
    return backref(collection, passive_deletes="all")
