"""Relationships that automap would not make of the live keys as the models declare them."""

from collections.abc import Callable, Iterator

import pytest
from orm_shop import BY_HAND, Drift, drift_of, forgotten_classes, found, shop
from sqlalchemy import Column, ForeignKey, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column, relationship

from helpers import executed


@pytest.fixture(autouse=True)
def no_class_is_left() -> Iterator[None]:
    with forgotten_classes():
        yield


@pytest.fixture
def orm(make_database: Callable[..., str]) -> Drift:
    return drift_of(make_database())


def test_as_declared(orm: Drift) -> None:
    assert orm(shop()) == [BY_HAND]


def test_tables_copied_into_one_metadata(orm: Drift) -> None:
    """As some an env.py does with Table.to_metadata(): the classes are those of the originals."""
    base, together = shop(), MetaData()
    for table in base.metadata.tables.values():
        table.to_metadata(together)
    assert orm(together) == [BY_HAND]
    assert orm(together, create=False, then=["ALTER TABLE lines DROP CONSTRAINT lines_order_id_fkey"]) == [
        "missing constraint public.lines.(order_id)",
        BY_HAND,
    ]


def test_a_foreign_key_is_gone(orm: Drift) -> None:
    then = (
        "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey, DROP CONSTRAINT orders_follows_id_fkey",
        "ALTER TABLE lines DROP CONSTRAINT lines_tenant_code_fkey",
        "ALTER TABLE friends DROP CONSTRAINT friends_other_id_fkey",
        "ALTER TABLE likes DROP CONSTRAINT likes_product_id_fkey",
    )
    assert sorted(orm(shop(), then=then)) == sorted(
        [
            "missing constraint public.orders.(user_id)",
            "missing constraint public.orders.(follows_id)",
            "missing constraint public.lines.(code, tenant)",
            "missing constraint public.friends.(other_id)",
            "missing constraint public.likes.(product_id)",
            BY_HAND,
        ]
    )


def test_what_goes_over_a_missing_key_is_said_with_it(make_database: Callable[..., str]) -> None:
    url, base = make_database(), shop()
    drift_of(url)(base)
    executed(
        url,
        "ALTER TABLE friends DROP CONSTRAINT friends_other_id_fkey",
        "ALTER TABLE orders DROP CONSTRAINT orders_follows_id_fkey",
        "ALTER TABLE lines DROP CONSTRAINT lines_tenant_code_fkey",
    )
    lost = {one.object.name: one.message.partition("; ")[2] for one in found(url, [base.metadata]) if one.object}
    assert lost == {
        "(other_id)": "User.befriended and User.friends go over it",
        "(follows_id)": "Order.followers and Order.follows go over it",
        "(code, tenant)": "Line.product goes over it",
    }


def test_a_relationship_that_goes_the_other_way(orm: Drift) -> None:
    class Base(DeclarativeBase):
        pass

    class Profile(Base):
        __tablename__ = "profiles"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        user: Mapped["User"] = relationship(back_populates="profiles")

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        profiles: Mapped[list[Profile]] = relationship(back_populates="user")

    then = ("ALTER TABLE profiles DROP user_id", "ALTER TABLE users ADD profile_id int REFERENCES profiles")
    assert orm(Base, then=then) == [
        "missing column public.profiles.user_id",
        "changed relationship public.profiles.user relationship direction: MANYTOONE -> ONETOMANY",
        "unexpected column public.users.profile_id",
        "changed relationship public.users.profiles relationship direction: ONETOMANY -> MANYTOONE",
    ]


def test_many_to_many_that_became_one_to_many(orm: Drift) -> None:
    then = (
        "DROP TABLE product_tags",
        "ALTER TABLE tags ADD tenant int, ADD code text",
        "ALTER TABLE tags ADD FOREIGN KEY (tenant, code) REFERENCES products",
    )
    assert orm(shop(), then=then) == [
        "missing table public.product_tags",
        "changed relationship public.products.tags relationship direction: MANYTOMANY -> ONETOMANY",
        "unexpected column public.tags.tenant",
        "unexpected column public.tags.code",
        "changed relationship public.tags.products relationship direction: MANYTOMANY -> MANYTOONE",
        BY_HAND,
    ]


def test_nothing_more_is_said_of_what_goes_with_a_table_or_a_column(orm: Drift) -> None:
    then = ("ALTER TABLE orders DROP user_id", "DROP TABLE tags CASCADE")
    assert orm(shop(), then=then) == [
        "missing column public.orders.user_id",
        "missing table public.tags",
        BY_HAND,
    ]


def test_keys_of_which_no_relationship_is_declared(orm: Drift) -> None:
    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey(User.id, name="fk_user"))
        payer_id: Mapped[int]

    assert orm(Base) == []
    more = "ALTER TABLE orders ADD CONSTRAINT fk_payer FOREIGN KEY (payer_id) REFERENCES users"
    assert orm(Base, create=False, then=["ALTER TABLE orders DROP CONSTRAINT fk_user", more]) == [
        "missing constraint public.orders.fk_user",
        "unexpected constraint public.orders.fk_payer",
    ]


def test_mappers_that_cannot_be_put_together(orm: Drift) -> None:
    base = declarative_base()

    class Order(base):  # type: ignore[misc, valid-type]
        __tablename__ = "orders"
        id = Column(Integer, primary_key=True)
        user = relationship("Nobody")

    (note,) = orm(base)
    assert note.startswith("note: relationships not compared, as the mappers cannot be put together: ")
    assert "Nobody" in note
    base.registry.dispose()
