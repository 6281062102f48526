"""`headworks owners`: the manifest beside models, migrations and a database, on a real server."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headworks import config
from headworks.findings import Finding, Outcome
from headworks.migrations.project import Project
from headworks.owners.run import Owned, owned
from headworks.postgres.shadow import ShadowChoice, shadow_server
from headworks.postgres.url import DatabaseUrl
from headworks.report import FORMATS, render
from helpers import Headworks, executed
from projects import Rev, sql, write_project

FOLDERS = {"recursive_version_locations": "true"}
MODELS = """
    from sqlalchemy import Column, Integer, Table
    Table("users", metadata, Column("id", Integer, primary_key=True), info={"domain": "auth"})
    Table("accounts", metadata, Column("id", Integer, primary_key=True))
"""
FILTER = """
    from headworks.owners.filters import AlembicFilter
    ours = AlembicFilter(__file__)
"""
OPTIONS = "include_name=ours.include_name, include_object=ours.include_object"
REVISIONS = [
    Rev("a1", sql("CREATE TYPE mood AS ENUM ('good')", "CREATE TABLE users (id int PRIMARY KEY, mood mood)"),
        sql("DROP TABLE users", "DROP TYPE mood"), label="auth", folder="auth"),
    Rev("b1", sql("CREATE TABLE bills (id int)"), sql("DROP TABLE bills"), after=None, label="billing",
        folder="billing"),
]  # fmt: skip
CODEOWNERS = "* @shop/all\n/migrations/versions/auth/ @shop/database @shop/identity\n"


@pytest.fixture
def owned_by(server_url: str) -> Callable[..., Owned]:
    """What `owned` says of the project in a folder, and of a database."""

    def run(folder: Path, live: str | None = None) -> Owned:
        project = Project(config.load(folder=folder))
        with shadow_server(ShadowChoice(DatabaseUrl.parse(server_url), False, None)) as shadow:
            return owned(project, shadow, DatabaseUrl.parse(live) if live else None)

    return run


def said(found: Owned) -> list[tuple[Any, ...]]:
    return [(one.rule, str(one.severity), one.object.name if one.object else None) for one in found.outcome.findings]


def git(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)


def test_without_a_manifest_every_table_is_alembics(tmp_path: Path, owned_by: Callable[..., Owned]) -> None:
    write_project(tmp_path, REVISIONS, ini=FOLDERS)
    found = owned_by(tmp_path)
    assert [(row.table.name, row.owners, row.domains) for row in found.rows] == [
        ("bills", ("alembic",), ("billing",)),
        ("users", ("alembic",), ("auth",)),
    ], "of the domain whose revision makes it"
    assert found.outcome.findings == ()


def test_all_that_can_be_wrong(
    tmp_path: Path, make_database: Callable[..., str], owned_by: Callable[..., Owned]
) -> None:
    live = make_database()
    executed(live, "CREATE TABLE nobodys (id int)", "CREATE TABLE both_s (id int)", "CREATE SCHEMA cron")
    executed(live, "CREATE TABLE cron.job (id int)", "CREATE TABLE headworks_history (id int)")
    git(tmp_path)
    (tmp_path / "CODEOWNERS").write_text(CODEOWNERS)
    owners = {"prisma": ["accounts", "both_s", "bills", "gone_*"], "external": ["both_s", "cron.*"]}
    write_project(
        tmp_path,
        REVISIONS,
        ini=FOLDERS,
        preamble=MODELS,
        config={
            "owners": owners,
            "owners.domains.auth": {"owners": ["@shop/identity"], "tables": ["users", "absent"]},
            "owners.domains.billing": {"owners": ["@shop/finance"], "tables": ["users"]},
            "owners.domains.shipping": {},
        },
    )
    found = owned_by(tmp_path, live)
    assert said(found) == [
        ("owners.filter", "error", "job"),
        ("owners.filter", "error", "accounts"),  # declared, and let through
        ("owners.several", "warning", "bills"),  # Prisma's, and made by b1
        ("owners.filter", "error", "bills"),
        ("owners.several", "error", "both_s"),
        ("owners.unowned", "error", "nobodys"),
        ("owners.several", "error", "users"),  # of two domains
        ("owners.missing", "warning", None),  # accounts, which is declared, and not in the database
        ("owners.missing", "warning", None),  # bills
        ("owners.missing", "warning", None),  # gone_*
        ("owners.missing", "warning", None),  # absent
        ("owners.missing", "error", None),  # shipping
        ("owners.codeowners", "error", None),  # billing
    ]
    assert not found.outcome.ok()
    *_, absent, shipping, billing = found.outcome.findings
    assert "'absent'" in absent.message
    assert "the domain shipping" in shipping.message
    text = (tmp_path / "pyproject.toml").read_text().splitlines()
    assert shipping.line is not None
    assert text[shipping.line - 1] == "[tool.headworks.owners.domains.shipping]"
    assert (billing.file, billing.expected, billing.actual) == ("CODEOWNERS", ["@shop/finance"], ["@shop/all"])
    assert billing.hint == "add a line to CODEOWNERS: /migrations/versions/billing/ @shop/all @shop/finance"
    assert all(one.hint for one in found.outcome.findings)
    for name in FORMATS:
        assert "owners.unowned" in render(found.outcome, name), name


def test_the_clean_twin(tmp_path: Path, make_database: Callable[..., str], owned_by: Callable[..., Owned]) -> None:
    live = make_database()
    executed(live, "CREATE TABLE accounts (id int)", "CREATE SCHEMA cron", "CREATE TABLE cron.job (id int)")
    git(tmp_path)
    (tmp_path / "CODEOWNERS").write_text(CODEOWNERS + "/migrations/versions/billing/ @shop/finance\n")
    write_project(
        tmp_path,
        REVISIONS,
        ini=FOLDERS,
        preamble=FILTER + MODELS,
        options=OPTIONS,
        config={
            "owners": {"prisma": ["accounts"], "external": ["cron.*"]},
            "owners.domains.auth": {"owners": ["@shop/identity"], "tables": ["accounts"]},
            "owners.domains.billing": {"owners": ["@shop/finance"]},
        },
    )
    found = owned_by(tmp_path, live)
    assert found.outcome.findings == ()
    assert found.outcome.details["tables"] == [
        {"schema": "cron", "name": "job", "owners": ["external"], "domain": None, "code_owners": [],
         "seen": ["database"]},
        {"schema": "public", "name": "accounts", "owners": ["prisma"], "domain": "auth",
         "code_owners": ["@shop/identity"], "seen": ["models", "database"]},
        {"schema": "public", "name": "bills", "owners": ["alembic"], "domain": "billing",
         "code_owners": ["@shop/finance"], "seen": ["migrations"]},
        {"schema": "public", "name": "users", "owners": ["alembic"], "domain": "auth",
         "code_owners": ["@shop/identity"], "seen": ["models", "migrations"]},
    ]  # fmt: skip
    without = owned_by(tmp_path)
    assert without.page == found.page, "a database has no part in the page"
    assert without.external_tables == found.external_tables


def test_domains_that_the_config_reads_into_a_single_branch(tmp_path: Path, owned_by: Callable[..., Owned]) -> None:
    """As `init` writes them: their code owners are the manifest's to name, as they have no revisions of their own."""
    first, second = REVISIONS
    write_project(
        tmp_path,
        [Rev("a1", first.up, first.down), Rev("b1", second.up, second.down)],
        preamble=MODELS,
        config={
            "domains": {"auth": ["user*"], "billing": ["users", "bill*"]},
            "owners.domains.billing": {"owners": ["@shop/finance"]},
        },
    )
    found = owned_by(tmp_path)
    assert [(row.table.name, row.domains, row.code_owners) for row in found.rows] == [
        ("accounts", (), ()),
        ("bills", ("billing",), ("@shop/finance",)),
        ("users", ("auth",), ()),
    ]
    assert found.outcome.findings == ()


def test_with_a_list_of_alembics_nothing_else_is_its_own(tmp_path: Path, owned_by: Callable[..., Owned]) -> None:
    write_project(tmp_path, REVISIONS, ini=FOLDERS, config={"owners": {"alembic": ["users", "typo"]}})
    found = owned_by(tmp_path)
    assert said(found) == [("owners.unowned", "error", "bills"), ("owners.missing", "warning", None)]


def test_a_history_that_does_not_run_hides_nothing_else(tmp_path: Path, owned_by: Callable[..., Owned]) -> None:
    write_project(tmp_path, [Rev("a", "raise ValueError('no')")], preamble=MODELS)
    found = owned_by(tmp_path)
    assert said(found) == [("owners.migrations", "warning", None)]
    assert [row.table.name for row in found.rows] == ["accounts", "users"]


def test_no_codeowners_file_at_all(tmp_path: Path, owned_by: Callable[..., Owned]) -> None:
    git(tmp_path)
    write_project(tmp_path, REVISIONS, ini=FOLDERS, config={"owners.domains.auth": {"owners": ["@shop/identity"]}})
    [finding] = owned_by(tmp_path).outcome.findings
    assert finding.message == (
        "@shop/identity should own the domain auth, as the manifest says, and there is no CODEOWNERS"
    )


def test_the_page_and_the_lists_are_written_and_checked(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(
        tmp_path,
        REVISIONS,
        ini=FOLDERS,
        preamble=FILTER,
        options=OPTIONS,
        config={"log": True, "owners": {"prisma": ["accounts", "_prisma_*"], "document": "who.md"}},
    )
    shadow = ("--shadow-url", server_url)
    ran = inside("owners", "--check", "--format", "json", *shadow)
    report = json.loads(ran.out)
    assert (ran.code, [one["rule"] for one in report["findings"]]) == (1, ["owners.out-of-date"])
    assert report["findings"][0]["hint"] == "headworks owners --write"
    ran = inside("owners", "--write", *shadow)
    assert ran.code == 0
    assert [line.split() for line in ran.out.splitlines()[1:4]] == [
        ["accounts", "prisma", "-", "-", "named", "only"],
        ["bills", "alembic", "billing", "-", "migrations"],
        ["users", "alembic", "auth", "-", "migrations"],
    ]
    page = (tmp_path / "who.md").read_text()
    assert "| `bills` | billing | |" in page
    assert "| `_prisma_*` (each that there is) | | |" in page
    assert inside("owners", "--check", *shadow).code == 0
    (tmp_path / "who.md").write_text(page.replace("billing", "nobody"))
    ran = inside("owners", "--check", "--format", "json", *shadow)
    [finding] = json.loads(ran.out)["findings"]
    assert (ran.code, finding["expected"], finding["actual"]) == (
        1, "| `bills` | billing | |", "| `bills` | nobody | |",
    )  # fmt: skip
    assert inside("owners", "--check", "--write").code == 2

    file = tmp_path / "prisma.config.ts"
    file.write_text("export default defineConfig({\n});\n")
    lists = ("owners", "--external-tables", "-o", "prisma.config.ts", *shadow)
    ran = inside(*lists)
    assert (ran.code, "headworks owners: begin" in ran.err) == (2, True)
    file.write_text("export default defineConfig({\n  // headworks owners: begin\n  // headworks owners: end\n});\n")
    assert inside(*lists, "--check").code == 1
    assert inside(*lists).code == 0
    assert (
        file.read_text()
        == """export default defineConfig({
  // headworks owners: begin
  experimental: { externalTables: true },
  tables: {
    external: [
      "public.alembic_version",
      "public.bills",
      "public.headworks_history",
      "public.users",
    ],
  },
  enums: {
    external: [
      "public.mood",
    ],
  },
  // headworks owners: end
});
"""
    )
    assert inside(*lists, "--check").code == 0


def test_an_outcome_says_how_many_tables_there_are() -> None:
    outcome = Outcome.of("owners", [Finding(rule="owners.unowned", message="x")], tables=3)
    assert "3 tables" in render(outcome, "text")
