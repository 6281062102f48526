"""Mapped classes with every way to be related, and how tests ask what an ORM would find of them."""

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, mapperlib, relationship
from sqlalchemy.pool import NullPool

from headworks.drift.automap import orm_drift
from headworks.drift.filters import Filter
from headworks.drift.policy import Policy
from headworks.findings import Finding, Severity
from headworks.migrations.environment import Configured
from headworks.postgres.url import DatabaseUrl
from helpers import executed, untouched

__all__ = ["BY_HAND", "Drift", "drift_of", "forgotten_classes", "found", "line", "shop"]

Drift = Callable[..., list[str]]

BY_HAND = "note: 1 relationship with no foreign key behind, not compared: Order.namesake"
"""What is said of `shop` in any case."""


@contextlib.contextmanager
def forgotten_classes() -> Iterator[None]:
    """Afterwards the classes made within are mapped no more: mappers live on, and are found by their tables' names."""
    before = set(mapperlib._all_registries())
    yield
    for registry in set(mapperlib._all_registries()) - before:
        registry.dispose()


def drift_of(url: str) -> Drift:
    """Create the models in the database, run the statements, and say in one line each what an ORM would find."""

    def call(
        *models: Any, first: Iterable[str] = (), then: Iterable[str] = (), create: bool = True, **words: Any
    ) -> list[str]:
        metadata = [getattr(one, "metadata", one) for one in models]
        executed(url, *first) if first else None
        if create:
            engine = sa.create_engine(DatabaseUrl.parse(url).sqlalchemy("psycopg"), poolclass=NullPool)
            with engine.begin() as connection:
                for one in metadata:
                    one.create_all(connection)
        executed(url, *then) if then else None
        with untouched(url), warnings.catch_warnings():
            warnings.simplefilter("error")
            return [line(one) for one in found(url, metadata, **words)]

    return call


def found(url: str, metadata: list[MetaData], policy: Policy | None = None, **env: Any) -> tuple[Finding, ...]:
    options = {"include_name": None, "include_object": None, "include_schemas": False} | env
    configured = Configured(
        rows=(), version_table="alembic_version", version_table_schema=None, metadata=tuple(metadata), **options
    )
    return orm_drift(metadata, DatabaseUrl.parse(url), Filter(configured, metadata), policy=policy)


def line(one: Finding) -> str:
    assert one.rule == "drift.orm"
    if one.object is None:
        assert one.severity is Severity.NOTE
        return f"note: {one.message}"
    assert one.severity is Severity.ERROR
    assert str(one.object) in one.message
    word = "missing" if "is missing:" in one.message else "unexpected" if "is unexpected:" in one.message else "changed"
    values = f" {one.attribute}: {one.expected} -> {one.actual}" if word == "changed" else ""
    return f"{word} {one.object}{values}"


def shop() -> type[DeclarativeBase]:
    """Mapped classes with every way to be related."""

    class Base(DeclarativeBase):
        pass

    product_tags = Table(
        "product_tags",
        Base.metadata,
        Column("product_id", ForeignKey("products.id"), primary_key=True),
        Column("tag_id", ForeignKey("tags.id"), primary_key=True),
    )
    likes = Table(  # an association with columns of its own and no primary key
        "likes",
        Base.metadata,
        Column("user_id", ForeignKey("users.id")),
        Column("product_id", ForeignKey("products.id")),
        Column("at", sa.DateTime),
    )
    friendships = Table(
        "friends",
        Base.metadata,
        Column("one_id", ForeignKey("users.id"), primary_key=True),
        Column("other_id", ForeignKey("users.id"), primary_key=True),
    )

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        mail: Mapped[str] = mapped_column("email", unique=True)
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "user"}  # noqa: RUF012
        orders: Mapped[list["Order"]] = relationship(back_populates="user", foreign_keys="Order.user_id")
        liked: Mapped[list["Product"]] = relationship(secondary=likes, backref="likers")
        friends: Mapped[list["User"]] = relationship(
            secondary=friendships,
            primaryjoin=lambda: User.id == friendships.c.one_id,
            secondaryjoin=lambda: User.id == friendships.c.other_id,
            backref="befriended",
        )

    class Clerk(User):  # joined inheritance
        __tablename__ = "clerks"
        id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
        desk: Mapped[str | None]
        __mapper_args__ = {"polymorphic_identity": "clerk"}  # noqa: RUF012
        handled: Mapped[list["Order"]] = relationship(back_populates="clerk", foreign_keys="Order.clerk_id")

    class Manager(Clerk):  # single-table inheritance below it
        __mapper_args__ = {"polymorphic_identity": "manager"}  # noqa: RUF012
        approved: Mapped[list["Order"]] = relationship(foreign_keys="Order.manager_id", overlaps="handled")

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
        manager_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
        follows_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
        user: Mapped[User] = relationship(back_populates="orders", foreign_keys=[user_id])
        clerk: Mapped[Clerk | None] = relationship(back_populates="handled", foreign_keys=[clerk_id])
        follows: Mapped["Order | None"] = relationship(remote_side="Order.id", backref="followers")
        lines: Mapped[list["Line"]] = relationship(back_populates="order")
        namesake: Mapped[list[User]] = relationship(
            primaryjoin=lambda: sa.cast(Order.id, Text) == sa.orm.foreign(User.kind), viewonly=True
        )

    class Product(Base):
        __tablename__ = "products"
        tenant: Mapped[int] = mapped_column(primary_key=True)
        code: Mapped[str] = mapped_column(primary_key=True)
        id: Mapped[int] = mapped_column(unique=True)
        tags: Mapped[list["Tag"]] = relationship(secondary=product_tags, back_populates="products")

    class Tag(Base):
        __tablename__ = "tags"
        id: Mapped[int] = mapped_column(primary_key=True)
        products: Mapped[list[Product]] = relationship(secondary=product_tags, back_populates="tags")

    class Line(Base):  # an association that is a class, and a foreign key over two columns
        __tablename__ = "lines"
        __table_args__ = (sa.ForeignKeyConstraint(["tenant", "code"], ["products.tenant", "products.code"]),)
        order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
        tenant: Mapped[int] = mapped_column(primary_key=True)
        code: Mapped[str] = mapped_column(primary_key=True)
        order: Mapped[Order] = relationship(back_populates="lines")
        product: Mapped[Product] = relationship()

    sa.orm.configure_mappers()
    return Base
