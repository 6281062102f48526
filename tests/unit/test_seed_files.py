"""Seed files are checked before anything connects: each case is a folder under `tests/cases/seed`.

A case holds the files of a set and `expected.txt`: the errors, a line each, as `Type file:line:column`.
"""

import csv
import io
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from headworks import seed
from headworks.errors import ExitCode, UsageError
from headworks.seed import _cells
from headworks.seed import errors as seed_errors

CASES = Path(__file__).parents[1] / "cases" / "seed"
MODELS = SimpleNamespace(**runpy.run_path(str(CASES / "models.py")))
METADATAS = (MODELS.core, MODELS.other)


def _load(folder: Path) -> seed.SeedSet:
    return seed.load_set(folder, METADATAS)


def _set(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/expected.txt")))
def test_mistakes_are_found_with_their_places(case: str) -> None:
    with pytest.raises(seed.SeedFilesError) as raised:
        _load(CASES / case)
    found = [
        f"{type(error).__name__} {Path(error.file).name}:{error.line}:{error.column}" for error in raised.value.errors
    ]
    assert found == (CASES / case / "expected.txt").read_text().splitlines()
    assert raised.value.exit_code is ExitCode.USAGE


def test_every_mistake_of_a_file_has_a_case() -> None:
    shown = {line.split()[0] for path in CASES.glob("*/expected.txt") for line in path.read_text().splitlines()}
    every = {
        name
        for name in seed_errors.__all__
        if issubclass(getattr(seed_errors, name), seed.SeedFileError) and name != "SeedFileError"
    }
    assert every - shown == {"RowCycleError"}  # found when the sets are put in order


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/expected.txt")))
def test_messages_and_hints_can_be_rendered(case: str) -> None:
    with pytest.raises(seed.SeedFilesError) as raised:
        _load(CASES / case)
    for error in raised.value.errors:
        assert str(error).startswith(f"{error.file}:{error.line}:{error.column}: ")
        assert "{" not in error.advice.replace("references: {", "")
    assert str(raised.value).startswith(str(raised.value.errors[0]))
    if len(raised.value.errors) > 1:
        assert str(raised.value).endswith(f"(and {len(raised.value.errors) - 1} more)")


def test_a_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(seed_errors.SetMissingError):
        _load(tmp_path / "nowhere")
    with pytest.raises(seed_errors.SetEmptyError):
        _load(tmp_path)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_bytes(b"table: roles\nkey: \xff\n")
    with pytest.raises(seed.SeedFilesError) as raised:
        _load(tmp_path)
    error = raised.value.errors[0]
    assert (type(error), error.line, error.column) == (seed_errors.SeedSyntaxError, 2, 6)


def test_what_a_set_holds(tmp_path: Path) -> None:
    text = "table: roles\nkey: slug\nsource: us\nrows:\n  - {slug: NO, name: Norway}\n  - {slug: b, name: B, rank: 3}\n"
    loaded = _load(_set(tmp_path, roles=text))
    (file,) = loaded.files
    assert (loaded.name, file.table, file.key, file.mode, file.source) == (
        tmp_path.name,
        MODELS.roles,
        ("slug",),
        seed.Mode.UPSERT,
        "us",
    )
    assert [row.show(file.fields) for row in file.rows] == [
        {"slug": "NO", "name": "Norway"},
        {"slug": "b", "name": "B", "rank": "3"},
    ]
    assert [row.line for row in file.rows] == [5, 6]


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    text = "table: kinds\nkey: code\nrows:\n  - {code: a, amount: 25.50, ratio: 0.1, big: 9007199254740993}\n"
    (row,) = _load(_set(tmp_path, kinds=text)).files[0].rows
    assert [row.values[name].text for name in ("amount", "ratio", "big")] == ["25.50", "0.1", "9007199254740993"]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [("1.5", "1.50", "amount"), ("1", "01", "big"), ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "at")],
)
def test_one_value_written_two_ways_is_one_value(tmp_path: Path, first: str, second: str, field: str) -> None:
    text = f"table: kinds\nkey: code\nrows:\n  - {{code: a, {field}: {first}}}\n  - {{code: b, {field}: {second}}}\n"
    one, two = _load(_set(tmp_path, kinds=text)).files[0].rows
    assert one.identity((field,)) == two.identity((field,))


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")), min_size=2, max_size=2)
    )
)
def test_csv_reads_what_the_standard_library_writes(records: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(records)
    found = list(_cells.read(Path("x.csv"), written.getvalue()))
    assert [[cell.text or "" for cell in record] for record in found] == records
    lines = written.getvalue().split("\n")
    for record in found:
        for cell in record:
            rest = lines[cell.place.line - 1][cell.place.column - 1 :]
            assert rest.startswith('"') or rest.startswith((cell.text or "").partition("\n")[0])


def test_a_table_is_found_in_its_schema_and_by_its_name_alone(tmp_path: Path) -> None:
    for name in ('My Schema.Odd "tables" 100%', 'Odd "tables" 100%'):
        text = f"table: '{name}'\nkey: ['größe %s']\nrows: []\n"
        assert _load(_set(tmp_path, odd=text)).files[0].table is MODELS.odd


def test_tables_are_ordered_across_metadata_objects(tmp_path: Path) -> None:
    loaded = _load(
        _set(
            tmp_path,
            badges="table: badges\nkey: label\nrows:\n  - {label: gold, role: admin}\n",
            roles="table: roles\nkey: slug\nrows:\n  - {slug: admin, name: Admin}\n",
        )
    )
    script = seed.render_sql([loaded])
    assert script.index('INTO "roles"') < script.index('INTO "badges"')


def test_a_circle_that_cannot_wait(tmp_path: Path) -> None:
    metadata = sa.MetaData()
    for name, to in (("a", "b"), ("b", "a")):
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("code", sa.Text, nullable=False, unique=True),
            sa.Column(f"{to}_id", sa.ForeignKey(f"{to}.id"), nullable=False),
        )
        _set(tmp_path, **{name: f"table: {name}\nkey: code\nrows:\n  - {{code: x, {to}: x}}\n"})
    loaded = seed.load_set(tmp_path, [metadata])
    with pytest.raises(seed_errors.RowCycleError):
        seed.render_sql([loaded])


def test_one_table_in_two_sets(tmp_path: Path) -> None:
    loaded = _load(_set(tmp_path, roles="table: roles\nkey: slug\nrows: []\n"))
    with pytest.raises(UsageError) as raised:
        seed.render_sql([loaded, _load(tmp_path)])
    assert isinstance(raised.value, seed_errors.DuplicateTableError)
