"""The dashboard's figures agree with the register, and a click narrows the list and nothing else."""

import datetime
from pathlib import Path

import pytest

from benchmarks import registers
from pipeline.errors import WrongUse
from pipeline.journal import Journal
from pipeline.store import Store, reading
from review.dashboard import STANDINGS, Choice, figures

DAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dashboard")
    registers.write(folder / "journal", 400, until=DAY)
    journal = Journal(folder / "journal")
    journal.open_for_writing()
    store = Store(folder / "giaoviec.duckdb", folder)
    store.catch_up(journal)
    store.execute("INSERT INTO meta VALUES ('published_at', '2026-11-22T01:00:00+00:00')")
    store.close()
    return folder / "giaoviec.duckdb"


def test_counts_are_those_of_the_register(published: Path) -> None:
    found = figures(published, Choice(), DAY)
    with reading(published) as base:
        expected = dict(
            base.execute("SELECT standing, count(*) FROM standings(?::DATE) GROUP BY ALL", [DAY]).fetchall()
        )
    assert found["standings"] == expected
    assert found["count"] == sum(expected.values())
    assert sum(sum(row[1:]) for row in found["months"]) <= found["count"]
    assert found["documents"] == {"extracted": sum(found["documents"].values())}


@pytest.mark.parametrize(
    "chosen",
    [
        {"agency": "Bộ Y tế"},
        {"ours": True},
        {"first": "2026-03-01", "last": "2026-06-30"},
        {"agency": "Các địa phương", "standing": "not_done_late"},
    ],
)
def test_filters_narrow_the_list(published: Path, chosen: dict[str, object]) -> None:
    everything, choice = figures(published, Choice(), DAY), Choice()
    for name, value in chosen.items():
        setattr(choice, name, value)
    found = figures(published, choice, DAY)
    assert 0 < found["count"] < everything["count"]
    assert all(choice.agency in row["lead"] for row in found["tasks"] if choice.agency)
    days = [row["due"].isoformat() for row in found["tasks"] if choice.first]
    assert all("2026-03-01" <= day <= "2026-06-30" for day in days)


def test_what_is_clicked_narrows_the_list_alone(published: Path) -> None:
    choice = Choice()
    before = figures(published, choice, DAY)
    choice.standing, choice.month = STANDINGS[0], before["months"][0][0]
    found = figures(published, choice, DAY)
    assert found["count"] == before["months"][0][1]
    assert {row["standing"] for row in found["tasks"]} <= {STANDINGS[0]}
    assert (found["standings"], found["months"]) == (before["standings"], before["months"])


def test_without_a_published_copy_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        figures(tmp_path / "nothing.duckdb", Choice(), DAY)
