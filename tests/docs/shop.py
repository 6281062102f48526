"""The project that the docs' transcripts run in: two tables in two domains, three revisions, and their models."""

from pathlib import Path

from projects import Rev, sql, write_project

__all__ = ["write_shop"]

_MODELS = '''\
"""What the shop's application reads and writes."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, Text, func
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The root of the models."""


class Customer(Base):
    """Somebody who buys."""

    __tablename__ = "customers"
    __table_args__ = {"info": {"domain": "customers"}}

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)


class Order(Base):
    """A purchase."""

    __tablename__ = "orders"
    __table_args__ = {"info": {"domain": "sales"}}

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    placed_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default=func.now())
'''
_PLACES = {
    "path_separator": ";",
    "version_path_separator": ";",
    "version_locations": "%(here)s/migrations/versions/customers;%(here)s/migrations/versions/sales",
}
_CUSTOMERS = "CREATE TABLE customers (id serial PRIMARY KEY, email text NOT NULL UNIQUE)"
_ORDERS = (
    "CREATE TABLE orders"
    " (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric(12, 2) NOT NULL)"
)
_INDEX = "CREATE INDEX ix_orders_customer_id ON orders (customer_id)"
_PLACED = "ALTER TABLE orders ADD placed_at timestamptz NOT NULL DEFAULT now()"


def write_shop(folder: Path) -> None:
    """Write it into the empty folder."""
    revisions = [
        Rev("1a_customers", sql(_CUSTOMERS), sql("DROP TABLE customers"), label="customers", folder="customers"),
        Rev(
            "1b_orders",
            sql(_ORDERS, _INDEX),
            sql("DROP TABLE orders"),
            after=None,
            depends_on="1a_customers",
            label="sales",
            folder="sales",
        ),
        Rev("2_placed_at", sql(_PLACED), sql("ALTER TABLE orders DROP placed_at"), folder="sales"),
    ]
    write_project(
        folder,
        revisions,
        preamble="from models import Base\nmetadata = Base.metadata",
        config={"revision": {"id": "{number}_{slug}"}},
        ini={"prepend_sys_path": ".", "file_template": "%%(rev)s", **_PLACES},
    )
    (folder / "models.py").write_text(_MODELS, encoding="utf-8")
