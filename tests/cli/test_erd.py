"""`headworks erd`: what it writes, its exit codes and its errors."""

import json
from collections.abc import Callable
from pathlib import Path

import merman
import psycopg
import pytest

from headworks.cli.app import run

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def erd(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command in this repository, with the test server as shadow."""
    monkeypatch.chdir(ROOT)
    return lambda *words: run(["erd", "--shadow-url", server_url, *words])


def test_stdout_is_one_diagram(erd: Callable[..., int], capsys: Capture) -> None:
    assert erd() == 0
    text = capsys.readouterr().out
    assert text.startswith("erDiagram\n")
    assert merman.Merman().validate(text, None).valid
    assert "    users ||..o{ orders" in text


def test_one_domain(erd: Callable[..., int], tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "deep" / "billing.mmd"
    assert erd("--domain", "billing", "-o", str(file)) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert str(file) in said.err
    text = file.read_text(encoding="utf-8")
    assert '    users["users (auth)"]' in text
    assert "    invoices {" in text
    assert "    carts {" not in text


def test_the_page_of_commerce_is_up_to_date(erd: Callable[..., int], capsys: Capture) -> None:
    code = erd("--check", "-o", "docs/commerce-erd.md")
    assert code == 0, capsys.readouterr().out


def test_check(erd: Callable[..., int], tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "erd.md"
    assert erd("--check", "-o", str(file)) == 1
    assert "is not there" in capsys.readouterr().out
    assert not file.exists()

    assert erd("-o", str(file), "--domain", "auth") == 0
    assert erd("--check", "-o", str(file), "--domain", "auth") == 0
    before = file.read_text(encoding="utf-8").replace("varchar(64) slug UK", "varchar(64) slug")
    file.write_text(before, encoding="utf-8")
    capsys.readouterr()
    assert erd("--check", "-o", str(file), "--domain", "auth", "--report", "json") == 1
    answer = json.loads(capsys.readouterr().out)
    (finding,) = answer["findings"]
    assert answer["command"] == "erd"
    assert not answer["ok"]
    assert finding["rule"] == "erd.out-of-date"
    assert finding["file"] == str(file)
    assert (finding["actual"], finding["expected"]) == ("varchar(64) slug", "varchar(64) slug UK")
    assert before.splitlines()[finding["line"] - 1].strip() == finding["actual"]
    assert finding["hint"] == f"headworks erd --domain auth -o {file}"
    assert file.read_text(encoding="utf-8") == before


def test_live_needs_no_project_and_writes_nothing(
    make_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    url = make_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (id int PRIMARY KEY)")
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on")
    assert run(["erd", "--source", "live", "--url", url]) == 0
    assert capsys.readouterr().out == "erDiagram\n    t {\n        integer id PK\n    }\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--format", "dbml2"], "--format dbml2: the formats are"),
        (["--source", "nowhere"], "models, live, migrations"),
        (["--check"], "none is named"),
        (["--check", "-o", "x.md", "--report", "pdf"], "--report pdf"),
        (["--domain", "biling"], "of a domain 'biling'; the domains are auth, billing, "),
        (["--domain", "biling"], " --domain billing\n"),
    ],
)
def test_wrong_words(erd: Callable[..., int], capsys: Capture, words: list[str], says: str) -> None:
    assert erd(*words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err


def test_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run(["erd"]) == 2
    assert "no project here" in capsys.readouterr().err


def test_too_large_for_one_diagram(
    make_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    url = make_database()
    columns = ", ".join(f"a_long_column_name_{number} text" for number in range(30))
    with psycopg.connect(url) as connection:
        for number in range(60):
            connection.execute(f"CREATE TABLE t{number} ({columns})")  # type: ignore[call-overload]
    assert run(["erd", "--source", "live", "--url", url]) == 2
    assert "hint: -o FILE.md" in capsys.readouterr().err
    assert run(["erd", "--source", "live", "--url", url, "-o", "erd.md"]) == 0
    assert (tmp_path / "erd.md").read_text(encoding="utf-8").count("```mermaid") > 1
