"""The gazetteer as data: keys, dates, successors, spellings and each record's own examples."""

import datetime
import itertools
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

import extractors
from extractors.agencies import COLLECTIVES, AgencyContext, find, known
from extractors.agencies.gazetteer import load_records
from extractors.agencies.tokens import key
from models import Agency

RECORDS = load_records()
EXTRA_KEYS = {"match", "no_match", "headed"}
TODAY = datetime.date(2026, 11, 1)
FORMS: dict[str, Any] = tomllib.loads(
    (Path(extractors.__file__).parent / "data" / "agencies_forms.toml").read_text(encoding="utf-8")
)


def on(record: dict[str, Any]) -> AgencyContext:
    """A letter of a day on which the record's body existed."""
    return AgencyContext(on=datetime.date.fromisoformat(record["valid_to"]) if "valid_to" in record else TODAY)


def found(text: str, context: AgencyContext) -> list[str]:
    return [m.name for m in find(text, context)]


def test_records_have_known_fields_only() -> None:
    fields = {f.name for f in msgspec.structs.fields(Agency)} | EXTRA_KEYS
    assert [r["name"] for r in RECORDS if not r.keys() <= fields] == []


def test_keys_are_unique() -> None:
    keys = [(a.scope, a.name, a.valid_from) for a in known()]
    assert len(keys) == len(set(keys))


def test_dates_are_dates_in_order() -> None:
    for agency in known():
        first = datetime.date.fromisoformat(agency.valid_from) if agency.valid_from else datetime.date.min
        last = datetime.date.fromisoformat(agency.valid_to) if agency.valid_to else datetime.date.max
        assert first < last, agency.name


def test_successors_and_parents_are_records() -> None:
    names = {a.name for a in known()}
    for agency in known():
        assert set(agency.successors) <= names, agency.name
        assert agency.parent is None or agency.parent in names, agency.name


def test_what_has_ended_has_successors_and_only_that() -> None:
    assert [a.name for a in known() if bool(a.valid_to) != bool(a.successors)] == []


def test_no_spelling_means_two_bodies_on_one_day() -> None:
    spelled: dict[tuple[str, str], list[Agency]] = defaultdict(list)
    for agency in known():
        for spelling in {key(s) for s in (agency.name, *agency.aliases)}:
            spelled[agency.scope, spelling].append(agency)
        for symbol in agency.symbols:  # compared as they stand: `CT` is not `Ct`
            spelled[agency.scope, f"={symbol}"].append(agency)
    clashes = [
        (spelling, a.name, b.name)
        for (_, spelling), agencies in spelled.items()
        for a, b in itertools.combinations(agencies, 2)
        if (a.valid_from or "") <= (b.valid_to or "9999") and (b.valid_from or "") <= (a.valid_to or "9999")
    ]
    assert clashes == []


@pytest.mark.parametrize(
    ("day", "provinces", "cities"),
    [
        (datetime.date(2025, 6, 30), 57, 6),  # the day before the merger: 63
        (datetime.date(2025, 7, 1), 28, 6),  # Nghị quyết 202/2025/QH15: 34
        (TODAY, 27, 7),  # Đồng Nai a city since 30/4/2026: still 34
    ],
)
def test_provinces_of_a_day(day: datetime.date, provinces: int, cities: int) -> None:
    names = [
        a.name
        for a in known()
        if a.kind == "province"
        and (a.valid_from or "") <= day.isoformat()
        and day.isoformat() <= (a.valid_to or "9999")
    ]
    assert sum(n.startswith("Tỉnh ") for n in names) == provinces
    assert sum(n.startswith("Thành phố ") for n in names) == cities


def test_ministries_of_today() -> None:
    """14 ministries and 3 ministry-level bodies (Nghị quyết 176/2025/QH15)."""
    ministries = [a.name for a in known() if a.kind == "ministry" and a.valid_to is None]
    assert sum(n.startswith("Bộ ") for n in ministries) == 14
    assert len(ministries) == 17


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r["name"])
def test_every_spelling_is_found(record: dict[str, Any]) -> None:
    aliases = [] if record.get("headed") else record.get("aliases", [])
    for text in (record["name"], *record.get("symbols", []), *aliases, *record.get("match", [])):
        names = found(text, on(record))
        # Fronts and unions keep the full name that the letter has for them.
        assert record["name"] in names or (record["kind"] == "mass_organisation" and text in names), text


@pytest.mark.parametrize("record", [r for r in RECORDS if "no_match" in r], ids=lambda r: r["name"])
def test_near_misses_are_left_alone(record: dict[str, Any]) -> None:
    for text in record["no_match"]:
        assert record["name"] not in found(text, on(record)), text


def test_members_of_collectives_have_a_collective() -> None:
    assert set(FORMS["members"].values()) <= COLLECTIVES


def test_near_misses_of_collectives_are_of_members() -> None:
    assert set(FORMS["never_before"]) <= set(FORMS["members"])


def test_heads_and_superiors_are_bodies() -> None:
    names = {a.name for a in known()}
    assert set(FORMS["heads"]["whole"].values()) <= names
    assert set(FORMS["roles"]["superiors"]) <= names


@pytest.mark.parametrize("table", ["stops", "roles", "collective", "references"])
def test_word_lists_say_nothing_twice(table: str) -> None:
    for name, words in FORMS[table].items():
        assert len(words) == len(set(words)), name
