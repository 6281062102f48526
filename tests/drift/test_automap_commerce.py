"""Commerce to an ORM: a database at heads is what its models map, and what somebody changed is found."""

from pathlib import Path

import pytest
from orm_shop import line

from headworks import config
from headworks.drift.automap import orm_drift
from headworks.drift.filters import Filter
from headworks.drift.models import metadata_of
from headworks.findings import Finding
from headworks.migrations.environment import look
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl
from helpers import executed, untouched

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _their_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "src")


def quickly(url: str) -> tuple[Finding, ...]:
    project = Project(config.load(folder=ROOT))
    live = DatabaseUrl.parse(url)
    configured = look(project, live)
    metadata = metadata_of(project, configured)
    with untouched(url):
        return orm_drift(metadata, live, Filter(configured, metadata))


def test_clean(commerce_database: str) -> None:
    assert quickly(commerce_database) == ()


def test_what_somebody_changed(commerce_database: str) -> None:
    executed(
        commerce_database,
        "ALTER TABLE users ADD hotfix int",
        "ALTER TABLE sessions DROP expires, DROP CONSTRAINT fk_sessions_user_id",
        "ALTER TABLE orders ALTER currency DROP NOT NULL",
        "ALTER TABLE products ALTER description TYPE int USING 1",
        "ALTER TABLE invoices DROP CONSTRAINT uq_invoices_invoice_number",
        "ALTER TABLE carts DROP CONSTRAINT pk_carts CASCADE, ADD CONSTRAINT pk_carts PRIMARY KEY (created_at)",
        "CREATE TABLE hotfix (id int)",
        "CREATE TABLE accounts (id int)",  # Prisma's: env.py leaves it out
    )
    assert [line(one) for one in quickly(commerce_database)] == [
        "missing constraint public.cart_items.fk_cart_items_cart_id",
        "changed table public.carts primary key: ('id',) -> ('created_at',)",
        "unexpected table public.hotfix",
        "missing constraint public.invoices.uq_invoices_invoice_number",
        "changed column public.orders.currency nullable: False -> True",
        "changed column public.products.description python type: str -> int",
        "missing column public.sessions.expires",
        "missing constraint public.sessions.fk_sessions_user_id",
        "unexpected column public.users.hotfix",
    ]
