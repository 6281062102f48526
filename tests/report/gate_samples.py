"""Outcomes of the gate as it makes them: a few revisions with all that can be said of one, and long ones."""

from typing import Any

import msgspec

from headworks.erd.formats._svg import render as drawn
from headworks.erd.graph import Cardinality, Column, Edge, Entity, Graph
from headworks.findings import Finding, ObjectRef, Outcome, Severity

__all__ = ["FEW", "GRAPH", "LOCKS", "clean", "history"]

SAFE = """\
split it in two revisions:
    op.create_check_constraint("ck_total", "orders", "total > 0", postgresql_not_valid=True)
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")"""

GRAPH = Graph(
    entities=(
        Entity(
            schema="public",
            name="customers",
            columns=(Column(name="id", type="bigint", primary=True), Column(name="password", type="text")),
        ),
        Entity(
            schema="public",
            name="orders",
            columns=(
                Column(name="id", type="bigint", primary=True),
                Column(name="customer_id", type="bigint", foreign=True, nullable=True, comment="new"),
            ),
        ),
    ),
    edges=(
        Edge(
            name="fk",
            child=("public", "orders"),
            parent=("public", "customers"),
            columns=("customer_id",),
            referenced_columns=("id",),
            child_end=Cardinality.ZERO_OR_MORE,
            parent_end=Cardinality.ZERO_OR_ONE,
        ),
    ),
)

MERMAID = """\
erDiagram
    customers {
        bigint id PK
    }
    orders {
        bigint id PK
        bigint customer_id FK "new"
    }
    customers |o..o{ orders : "customer_id"
"""


def lock(revision: str, relation: str, mode: str, **fields: Any) -> dict[str, Any]:
    """As the gate observes it."""
    known = {"direction": "upgrade", "line": 12, "rows": None, "rewrite": False, "scan": False, "seconds": None}
    return {"revision": revision, "relation": relation, "mode": mode, **known, **fields}


LOCKS = [
    lock("0002_total", "public.customers", "SHARE ROW EXCLUSIVE", statement="ALTER TABLE orders ADD FOREIGN KEY ...",
         rows=1_200, blocks=["INSERT", "UPDATE"], seconds=0.002),
    lock("0002_total", "public.orders", "ACCESS EXCLUSIVE", statement="ALTER TABLE orders ALTER total TYPE bigint",
         rows=41_000_000, rewrite=True, scan=True, blocks=["SELECT", "INSERT", "UPDATE"], seconds=0.013),
    lock("0002_total", "public.orders", "SHARE", statement="CREATE INDEX ix_orders_total ON orders (total)", line=14,
         rows=41_000_000, scan=True, blocks=["INSERT", "UPDATE"]),
]  # fmt: skip


def finding(rule: str, revision: str | None, message: str, **fields: Any) -> Finding:
    """About a revision of `FEW`."""
    file = f"migrations/versions/{revision}.py" if revision else None
    return Finding(rule=rule, revision=revision, file=file, message=message, **fields)


FEW = msgspec.structs.replace(
    Outcome.of(
        "gate",
        [
            finding(
                "gate.downgrade-differs",
                "0002_total",
                "index public.orders.ix_orders_total is left after the downgrade of 0002_total",
                object=ObjectRef(kind="index", schema="public", table="orders", name="ix_orders_total"),
                direction="downgrade",
                line=20,
                hint="downgrade() must remove it",
            ),
            finding(
                "gate.data-lost",
                "0002_total",
                "column public.orders.note: 3 rows lose their value in the downgrade of 0002_total",
                object=ObjectRef(kind="column", schema="public", table="orders", name="note"),
                direction="downgrade",
                expected="3 rows",
                actual=None,
                line=20,
                hint="downgrade() must remove it",
            ),
            finding(
                "gate.table-rewrite",
                "0002_total",
                "ACCESS EXCLUSIVE on public.orders (41,000,000 rows) during a full rewrite",
                severity=Severity.WARNING,
                object=ObjectRef(kind="table", schema="public", name="orders"),
                direction="upgrade",
                line=12,
                hint=SAFE,
            ),
            finding(
                "gate.upgrade-failed", "0003_invoices", "upgrade of 0003_invoices fails: no such type: nope", line=9,
                hint="headworks gate --revisions 0003_invoices",
            ),
            finding("gate.unused-allowance", "0005_stock", "0005_stock allows gate.heads, and there is nothing of that "
                    "kind left to allow", severity=Severity.WARNING, line=3),
            finding("gate.data-lost", "0006_tags", "column public.tags.old: 4 rows are dropped on purpose",
                    severity=Severity.NOTE, line=5),
            finding("gate.shadow", None, "the shadow is PostgreSQL 18, the server 16", severity=Severity.NOTE),
            finding(
                "gate.models-differ",
                None,
                "table public.basket is missing: it is in the models and not in the migrations",
                object=ObjectRef(kind="table", schema="public", name="basket"),
                hint='headworks revision --autogenerate -m "..."',
            ),
        ],
        revisions=6,
        checks=["schema", "branches", "whole", "data", "locks"],
        postgresql=18,
        seconds=2.44,
    ),
    details={
        "revisions": [
            {"revision": "0001_orders", "domain": "shop", "file": "migrations/versions/0001_orders.py",
             "tables": ["public.customers", "public.orders"], "seconds": 0.031},
            {"revision": "0002_total", "domain": "shop", "file": "migrations/versions/0002_total.py",
             "tables": ["public.orders"], "seconds": 1.234},
            {"revision": "0003_invoices", "domain": "billing", "file": "migrations/versions/0003_invoices.py"},
            {"revision": "0004_paid", "domain": "billing", "file": "migrations/versions/0004_paid.py",
             "skipped": "0003_invoices"},
            {"revision": "0005_stock", "domain": "shop", "file": "migrations/versions/0005_stock.py",
             "tables": ["public.stock"]},
            {"revision": "0006_tags", "domain": "shop", "file": "migrations/versions/0006_tags.py",
             "tables": ["public.tags"]},
        ],
        "data": {"tables": 4, "filled": 3, "rows": 320, "unfilled": [
            {"table": "public.stock", "revision": "0005_stock", "reason": "check ck_weird could not be met"}]},
        "locks": LOCKS,
        "erd": MERMAID,
        "erd_svg": drawn(GRAPH),
        "erd_tables": {"new": ["customers"], "changed": ["orders"], "dropped": []},
    },
)  # fmt: skip
"""Six revisions: one clean, one with much, one that fails, one not run, a warning, a note."""


def clean(count: int) -> Outcome:
    """As many revisions, all of them right."""
    return msgspec.structs.replace(history(count), findings=())


def history(count: int) -> Outcome:
    """As many revisions in six domains; every ninth has a finding, every third locks two tables of ten."""
    domains = ("commerce", "billing", "stock", "people", "search", "audit")
    revisions, findings, locks = [], [], []
    for number in range(count):
        name = f"2025{1 + number % 12:02}{1 + number % 28:02}_{number:03}_{('add', 'alter', 'fill')[number % 3]}_things"
        domain = domains[(number * 7 // 3) % len(domains)]
        file = f"migrations/versions/{domain}/{name}.py"
        table = f"public.{domain}_{number % 10}"
        revisions.append({"revision": name, "domain": domain, "file": file, "tables": [table], "seconds": 0.01})
        ref = ObjectRef(kind="index", schema="public", table=table.partition(".")[2], name=f"ix_{number}")
        if number % 9 == 4:
            severity = Severity.WARNING if number % 2 else Severity.ERROR
            text = f"{ref} is left after the downgrade of {name}"
            findings.append(
                Finding(rule="gate.downgrade-differs", severity=severity, object=ref, revision=name, file=file, line=21,
                        direction="downgrade", message=text, hint="downgrade() must remove it")
            )  # fmt: skip
        if number % 3 == 1:
            alter = f"ALTER TABLE {table} ADD COLUMN c{number} text NOT NULL DEFAULT ''"
            locks += [
                lock(name, table, "ACCESS EXCLUSIVE", statement=alter, rows=1000 * number,
                     blocks=["SELECT", "INSERT", "UPDATE"]),
                lock(name, "public.users", "SHARE ROW EXCLUSIVE", statement=f"{alter} REFERENCES users",
                     rows=5_000_000, blocks=["INSERT", "UPDATE"]),
            ]  # fmt: skip
    made = Outcome.of("gate", findings, revisions=count, checks=["schema", "whole"], postgresql=18, seconds=count / 50)
    data = {"tables": 34, "filled": 34, "rows": 1020, "unfilled": []}
    return msgspec.structs.replace(made, details={"revisions": revisions, "data": data, "locks": locks})
