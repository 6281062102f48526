"""The models: what they say of themselves, and that an automap of the migrated database maps the same."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.ext.automap import AutomapBase, automap_base

from commerce.base import Base, auth, core
from commerce.models.auth import Role, Session, User
from commerce.models.commerce import Cart, CartItem, Order, Product
from headworks.owners.filters import AlembicFilter
from helpers import sqlalchemy_url

DOMAINS = {
    "auth": {"users", "sessions", "roles"},
    "customers": {"customer_profiles", "notifications"},
    "commerce": {
        "products",
        "product_variants",
        "product_categories",
        "product_option_groups",
        "product_options",
        "product_addons",
        "product_custom_fields",
        "subscription_plans",
        "carts",
        "cart_items",
        "orders",
        "order_items",
        "order_events",
        "payments",
    },
    "fulfillment": {
        "fulfillment_tasks",
        "instagram_accounts",
        "instagram_account_snapshots",
        "service_campaigns",
        "campaign_activities",
    },
    "billing": {"invoices", "subscriptions", "vat_rates"},
    "lexoffice": {"lexoffice_sync_logs"},
    "support": {"support_tickets", "marketing_contents"},
    "integrations": {"integration_credentials", "webhook_events"},
    "compliance": {"audit_logs", "gdpr_requests"},
}

# table, column, the table it refers to, whether it may be null
RELATIONS = [
    ("customer_profiles", "user_id", "users", False),
    ("sessions", "user_id", "users", False),
    ("orders", "user_id", "users", False),
    ("subscriptions", "user_id", "users", False),
    ("notifications", "user_id", "users", False),
    ("support_tickets", "user_id", "users", False),
    ("gdpr_requests", "user_id", "users", False),
    ("order_items", "order_id", "orders", False),
    ("order_items", "product_id", "products", True),
    ("payments", "order_id", "orders", False),
    ("invoices", "order_id", "orders", False),
    ("order_events", "order_id", "orders", False),
    ("fulfillment_tasks", "order_item_id", "order_items", False),
    ("lexoffice_sync_logs", "invoice_id", "invoices", False),
    ("product_variants", "product_id", "products", False),
    ("product_option_groups", "product_id", "products", False),
    ("product_options", "group_id", "product_option_groups", False),
    ("subscription_plans", "product_id", "products", False),
    ("subscriptions", "subscription_plan_id", "subscription_plans", False),
    ("carts", "user_id", "users", True),
    ("instagram_account_snapshots", "customer_profile_id", "customer_profiles", False),
    ("audit_logs", "actor_user_id", "users", True),
    ("products", "product_category_id", "product_categories", True),
    ("product_categories", "parent_id", "product_categories", True),
]

TABLES = {**auth.tables, **core.tables}
MAPPERS = {mapper.local_table.name: mapper for mapper in Base.registry.mappers}

Relation = tuple[str, str, str, frozenset[tuple[str, str]]]


@pytest.fixture
def engine(commerce_database: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sqlalchemy_url(commerce_database), poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[orm.Session]:
    with orm.Session(engine) as session:
        yield session


@pytest.fixture
def automap(engine: sa.Engine) -> type[AutomapBase]:
    live = sa.MetaData()
    live.reflect(engine, only=lambda name, _: name != "alembic_version")
    base = automap_base(metadata=live)
    base.prepare(
        # By the constraint: two foreign keys to one table would otherwise ask for one name.
        name_for_scalar_relationship=lambda base, local, referred, key: str(key.name),
        name_for_collection_relationship=lambda base, local, referred, key: f"{key.name}_collection",
    )
    return base


def relations(mapper: orm.Mapper[Any]) -> set[Relation]:
    """Where from, where to, which way, over which columns."""
    return {
        (
            mapper.local_table.name,
            relationship.mapper.local_table.name,
            relationship.direction.name,
            frozenset((one.name, other.name) for one, other in relationship.local_remote_pairs or ()),
        )
        for relationship in mapper.relationships
    }


def python_type(column: sa.Column[Any]) -> type:
    try:
        return column.type.python_type
    except NotImplementedError:  # tsvector, inet: no Python type of SQLAlchemy's
        return type(column.type)


def test_two_targets_and_nothing_of_prismas() -> None:
    assert set(auth.tables) == DOMAINS["auth"]
    assert set(core.tables) == set().union(*DOMAINS.values()) - DOMAINS["auth"]
    manifest = AlembicFilter(__file__)
    assert all(manifest.owns(name) for name in TABLES)
    assert not any(manifest.owns(name) for name in ("accounts", "verification_tokens", "_prisma_migrations"))
    assert auth.naming_convention == core.naming_convention


def test_each_table_says_its_domain() -> None:
    said: dict[str, set[str]] = {}
    for name, table in TABLES.items():
        said.setdefault(table.info["domain"], set()).add(name)
    assert said == DOMAINS


@pytest.mark.parametrize(("table", "column", "referred", "nullable"), RELATIONS)
def test_relations(table: str, column: str, referred: str, nullable: bool) -> None:
    found = TABLES[table].columns[column]
    assert [key.column.table.name for key in found.foreign_keys] == [referred]
    assert found.nullable is nullable


def test_automap_maps_the_same_tables_and_columns(automap: type[AutomapBase]) -> None:
    live = {mapper.local_table.name: mapper.local_table for mapper in automap.registry.mappers}
    assert set(live) == set(MAPPERS)
    for name, mapper in MAPPERS.items():
        model = mapper.local_table
        assert [column.name for column in model.columns] == [column.name for column in live[name].columns]
        for column in model.columns:
            other = live[name].columns[column.name]
            assert column.nullable == other.nullable, f"{name}.{column.name}"
            # An enum of ours is a str with names: the database says str.
            assert issubclass(python_type(column), python_type(other)), f"{name}.{column.name}"


def test_automap_finds_the_same_relationships_both_ways(automap: type[AutomapBase]) -> None:
    orm.configure_mappers()
    live = set().union(*(relations(mapper) for mapper in automap.registry.mappers))
    ours = set().union(*(relations(mapper) for mapper in MAPPERS.values()))
    assert ours == live
    assert len(ours) == 2 * sum(len(table.foreign_keys) for table in TABLES.values())


def test_each_relationship_is_the_other_side_of_one() -> None:
    orm.configure_mappers()
    for mapper in MAPPERS.values():
        for relationship in mapper.relationships:
            assert relationship.back_populates, f"{mapper.class_.__name__}.{relationship.key}"


def test_updated_at_comes_back_with_the_update(session: orm.Session) -> None:
    role = Role(slug="a", name="A")
    session.add(role)
    session.commit()
    made = role.updated_at
    role.name = "B"
    session.flush()
    assert "updated_at" not in sa.inspect(role).unloaded
    assert role.updated_at > made


def test_children_are_left_to_the_database(session: orm.Session) -> None:
    """ON DELETE CASCADE does the work: the ORM neither loads the items nor sets their key to null."""
    product = Product(slug="growth", name="Growth", price=10)
    cart = Cart(session_id="visitor", items=[CartItem(product=product)])
    session.add(cart)
    session.commit()
    session.delete(cart)
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(CartItem)) == 0
    assert session.get(Product, product.id) is product


def test_a_user_with_orders_stays(session: orm.Session) -> None:
    user = User(email="a@example.org")
    session.add(Order(user=user, order_number="1"))
    session.commit()
    session.delete(user)
    with pytest.raises(IntegrityError, match="fk_orders_user_id"):
        session.flush()


def test_one_account_an_address_however_it_is_written(session: orm.Session) -> None:
    session.add(User(email="Ada@Example.org"))
    session.commit()
    assert session.scalars(sa.select(User).where(User.email == "ADA@example.ORG")).one().email == "ada@example.org"
    # Prisma knows nothing of EmailType and writes what the provider says.
    with pytest.raises(IntegrityError, match="uq_users_email_lower"):
        session.execute(sa.text("INSERT INTO users (email) VALUES ('ADA@EXAMPLE.ORG')"))


def test_the_models_work_in_an_async_session(commerce_database: str) -> None:
    async def run() -> bool:
        engine = create_async_engine(sqlalchemy_url(commerce_database, "asyncpg"), poolclass=sa.pool.NullPool)
        async with AsyncSession(engine, expire_on_commit=False) as session:
            user = User(email="a@example.org")
            session.add(Session(user=user, session_token="t", expires=sa.func.now()))
            await session.commit()
            user.name = "Ada"
            await session.flush()
            changed = user.updated_at > user.created_at  # no second query, which an async session could not make here
            await session.commit()
        await engine.dispose()
        return changed

    assert asyncio.run(run())
