"""The reference data that this repository ships: complete, without gaps or overlaps, and as other sources have it.

Sample data, not tax advice.
"""

import datetime
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from commerce.metadata import auth, core
from headworks import seed

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"
EU = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905
CHECKED = datetime.date(2026, 10, 31)
COVERED_FROM = datetime.date(2016, 1, 1)
# Rates that other sources list and this set does not: regions, and parking or special schemes.
NOT_SHIPPED = {
    "AT": {"19"},  # Jungholz and Mittelberg
    "FR": {"0.9", "1.05", "8.5", "13"},  # Corsica and the overseas departments
    "GR": {"17", "4"},  # islands
    "PT": {"16", "22"},  # Azores and Madeira
}
# Rates of this set that eu-vat-rates-data does not list.
NOT_CONFIRMED = {"IE": {"4.8"}, "GB": {"0"}}


class Rate(msgspec.Struct, frozen=True):
    country: str
    category: str
    rate: Decimal
    valid_from: datetime.date
    valid_to: datetime.date | None
    row: seed.SeedRow

    def holds(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@pytest.fixture(scope="module")
def loaded() -> seed.SeedSet:
    return seed.load_set(REFERENCE, [core, auth])


@pytest.fixture(scope="module")
def rates(loaded: seed.SeedSet) -> list[Rate]:
    (file,) = (file for file in loaded.files if file.table.name == "vat_rates")
    found = []
    for row in file.rows:
        value = {name: value.identity for name, value in row.values.items()}
        found.append(
            Rate(value["country_code"], value["category"], value["rate"], value["valid_from"], value["valid_to"], row)
        )
    return found


def _on(rates: list[Rate], day: datetime.date) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for rate in rates:
        if rate.holds(day):
            assert rate.category not in found[rate.country]
            found[rate.country][rate.category] = rate.rate
    return found


def test_every_table_of_the_set(loaded) -> None:
    assert {file.table.name: file.key for file in loaded.files} == {
        "product_categories": ("slug",),
        "roles": ("slug",),
        "vat_rates": ("country_code", "region", "category", "valid_from"),
    }
    assert all(file.source for file in loaded.files)


def test_every_country_has_one_standard_rate_today(rates) -> None:
    today = _on(rates, CHECKED)
    assert set(today) == EU | {"GB", "CH", "NO"}
    assert all("standard" in found for found in today.values())
    assert {country for country, found in today.items() if not any(name.startswith("reduced") for name in found)} == {
        "DK"
    }


def test_every_row_says_where_it_comes_from(rates) -> None:
    for rate in rates:
        values = rate.row.values
        assert values["source"].text
        assert values["checked_on"].text == CHECKED.isoformat()
        assert values["region"].text == ""
        assert values["category"].text == values["category"].text.lower()
        assert rate.valid_to is None or rate.valid_from < rate.valid_to


def test_the_periods_of_a_category_neither_overlap_nor_leave_gaps(rates) -> None:
    periods = defaultdict(list)
    for rate in rates:
        periods[rate.country, rate.category].append(rate)
    for key, found in periods.items():
        found.sort(key=lambda rate: rate.valid_from)
        for before, after in pairwise(found):
            assert before.valid_to == after.valid_from, key
            assert before.rate != after.rate, key


@pytest.mark.parametrize(
    ("country", "category", "day", "rate"),
    [
        ("AT", "basic_food", "2026-07-01", "4.9"),
        ("BE", "lodging", "2026-02-28", "6"),
        ("BE", "lodging", "2026-03-01", "12"),
        ("CH", "standard", "2023-12-31", "7.7"),
        ("CH", "reduced", "2023-12-31", "3.7"),
        ("CH", "reduced_2", "2018-01-01", "2.5"),
        ("CH", "standard", "2024-01-01", "8.1"),
        ("CZ", "reduced", "2024-01-01", "12"),
        ("DE", "standard", "2020-06-30", "19"),
        ("DE", "standard", "2020-07-01", "16"),
        ("DE", "reduced", "2020-12-31", "5"),
        ("DE", "reduced", "2021-01-01", "7"),
        ("EE", "standard", "2024-01-01", "22"),
        ("EE", "standard", "2025-07-01", "24"),
        ("EE", "lodging", "2025-01-01", "13"),
        ("EE", "press", "2025-01-01", "9"),
        ("FI", "standard", "2024-08-31", "24"),
        ("FI", "standard", "2024-09-01", "25.5"),
        ("FI", "reduced", "2025-12-31", "14"),
        ("FI", "reduced", "2026-01-01", "13.5"),
        ("GR", "standard", "2016-06-01", "24"),
        ("IE", "standard", "2021-02-28", "21"),
        ("IE", "standard", "2021-03-01", "23"),
        ("IE", "meals", "2026-07-01", "9"),
        ("IE", "hairdressing", "2026-07-01", "9"),
        ("LT", "reduced", "2025-12-31", "9"),
        ("LT", "reduced", "2026-01-01", "12"),
        ("LT", "books", "2026-01-01", "5"),
        ("LU", "standard", "2023-06-30", "16"),
        ("LU", "reduced", "2023-06-30", "13"),
        ("LU", "reduced_2", "2023-06-30", "7"),
        ("LU", "reduced_3", "2023-06-30", "3"),
        ("LU", "standard", "2024-01-01", "17"),
        ("LV", "basic_food", "2027-06-30", "12"),
        ("NL", "lodging", "2026-01-01", "21"),
        ("RO", "standard", "2025-07-31", "19"),
        ("RO", "reduced", "2025-07-31", "9"),
        ("RO", "reduced_2", "2025-07-31", "5"),
        ("RO", "standard", "2025-08-01", "21"),
        ("RO", "reduced", "2025-08-01", "11"),
        ("RO", "housing", "2026-07-31", "9"),
        ("SE", "food", "2027-12-31", "6"),
        ("SK", "standard", "2024-12-31", "20"),
        ("SK", "reduced", "2024-12-31", "10"),
        ("SK", "reduced", "2025-01-01", "19"),
        ("SK", "reduced_2", "2025-01-01", "5"),
    ],
)
def test_dated_changes(rates, country: str, category: str, day: str, rate: str) -> None:
    assert _on(rates, datetime.date.fromisoformat(day))[country][category] == Decimal(rate)


@pytest.mark.parametrize(
    ("country", "category", "day"),
    [("LV", "basic_food", "2027-07-01"), ("RO", "housing", "2026-08-01"), ("SE", "food", "2028-01-01")],
)
def test_rules_that_end(rates, country: str, category: str, day: str) -> None:
    assert category not in _on(rates, datetime.date.fromisoformat(day))[country]


def test_rates_of_today_are_those_of_eu_vat_rates_data(rates) -> None:
    package = pytest.importorskip("eu_vat_rates_data", reason="eu-vat-rates-data is not installed: no cross-check")
    for country, found in _on(rates, CHECKED).items():
        theirs = package.get_rate(country)
        listed = {Decimal(str(rate)) for rate in theirs["reduced"]}
        listed |= {Decimal(str(theirs[name])) for name in ("super_reduced", "parking") if theirs[name] is not None}
        standard = found["standard"]
        assert standard == Decimal(str(theirs["standard"])), country
        ours = {rate for category, rate in found.items() if category != "standard"} - {standard}
        assert ours - listed == {Decimal(rate) for rate in NOT_CONFIRMED.get(country, ())}, country
        assert listed - ours == {Decimal(rate) for rate in NOT_SHIPPED.get(country, ())}, country


def test_standard_rates_since_2016_are_those_of_duty27(rates) -> None:
    package = pytest.importorskip("duty27_eu_vat", reason="duty27-eu-vat is not installed: no cross-check")
    standard = [rate for rate in rates if rate.category == "standard" and rate.country in EU]
    days = {COVERED_FROM, CHECKED}
    for rate in standard:
        days |= {rate.valid_from, rate.valid_from - datetime.timedelta(days=1)}
    days |= {window.effective_from for country in EU for window in package.get_rate_history(country)}
    for day in sorted(day for day in days if day >= COVERED_FROM):
        found = _on(standard, day)
        assert {country: found[country]["standard"] for country in EU} == {
            country: package.get_standard_rate(country, day) for country in EU
        }, day
