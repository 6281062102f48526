"""The shipped reference data in the commerce database."""

import shutil
from pathlib import Path

import psycopg
import pytest

from commerce.metadata import auth, core
from headworks import seed
from headworks.seed import errors

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"


def test_the_reference_set_seeds_commerce_once(commerce_database: str) -> None:
    loaded = seed.load_set(REFERENCE, [core, auth])
    with psycopg.connect(commerce_database) as connection:
        result = seed.apply(connection, [loaded], prune=True)
        assert {each.table.name: each.inserted for each in result.tables} == {
            file.table.name: len(file.rows) for file in loaded.files
        }
        stamps = "SELECT xmin::text, updated_at FROM vat_rates ORDER BY id"
        before = connection.execute(stamps).fetchall()
        connection.commit()
        assert seed.apply(connection, [loaded], prune=True).written == 0
        assert connection.execute(stamps).fetchall() == before


def test_a_new_rate_ends_the_one_before_in_one_run(commerce_database: str, tmp_path: Path) -> None:
    """The exclusion constraint on periods holds within the run: the old row makes room before the new one comes."""
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    with psycopg.connect(commerce_database) as connection:
        seed.apply(connection, [seed.load_set(folder, [core, auth])])
        file = folder / "vat_rates.csv"
        text = file.read_text()
        (old,) = (line for line in text.splitlines() if line.startswith("DK,standard,25,"))
        ended = old.replace(",1992-01-01,,", ",1992-01-01,2027-01-01,")
        file.write_text(text.replace(old, "DK,standard,24,2027-01-01,,test,\n" + ended))
        result = seed.apply(connection, [seed.load_set(folder, [core, auth])])
        counts = {each.table.name: (each.inserted, each.updated) for each in result.tables}
        assert counts["vat_rates"] == (1, 1)
        # ... and a row that moves, removed and added in one run
        file.write_text(file.read_text().replace("2027-01-01", "2026-12-01"))
        result = seed.apply(connection, [seed.load_set(folder, [core, auth])], prune=True)
        counts = {each.table.name: (each.inserted, each.updated, each.deleted) for each in result.tables}
        assert counts["vat_rates"] == (1, 1, 1)


def test_periods_that_overlap_are_refused_with_the_line(commerce_database: str, tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    with (folder / "vat_rates.csv").open("a") as file:
        file.write("DK,standard,24,2027-01-01,,test,\n")
    line = len((folder / "vat_rates.csv").read_text().splitlines())
    with psycopg.connect(commerce_database) as connection:
        with pytest.raises(errors.RowViolationError) as raised:
            seed.apply(connection, [seed.load_set(folder, [core, auth])])
        assert raised.value.file.endswith("vat_rates.csv")
        assert raised.value.line == line
        assert connection.execute("SELECT count(*) FROM roles").fetchone() == (0,)
