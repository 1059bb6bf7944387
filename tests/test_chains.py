"""Which mentions come to stand in one chain: by the mean of what is known of all of them."""

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from extractors import chains, linking
from extractors.chains import Pair, joined
from extractors.task_pairs import Linkable
from models.agency import AgencyMention
from models.deadline import NO_DEADLINE, Deadline
from models.letter import Letter
from models.task import Task
from pipeline.journal import Event, now
from pipeline.links import links_of
from pipeline.store import Store


def pairs(**odds: float) -> dict[Pair, float]:
    """`ab=3.0` is what is known of the tasks a and b."""
    return {frozenset(names): known for names, known in odds.items()}


@pytest.mark.parametrize(
    ("known", "odds", "together"),
    [
        # two that are alike, and two that are not
        ([], pairs(ab=3.0), ["ab"]),
        ([], pairs(ab=-0.5), []),
        # told in other words, a mention stays with those that are told like it
        ([], pairs(ab=3.0, bc=3.0, ac=-1.0), ["ab", "ac", "bc"]),
        # one pair that looks alike does not join two chains that do not
        (["ab", "cd"], pairs(bc=3.0, ac=-3.0, ad=-3.0, bd=-3.0), []),
        (["ab", "cd"], pairs(bc=3.0), []),
        (["ab", "cd"], pairs(bc=3.0, ac=2.0, bd=1.0), ["ac", "ad", "bc", "bd"]),
        # a new mention joins the chain that is more like it, and that one alone
        (["ab", "cd"], pairs(ae=3.0, be=2.0, ce=1.5, de=1.5), ["ae", "be"]),
        # nothing is known of b and e: less than if they were alike, more than if they were not
        (["ab"], pairs(ae=3.5), ["ae", "be"]),
        (["ab"], pairs(ae=1.5), []),
        # a person refused one of them, however alike the others are
        (["ab"], pairs(ae=4.0) | {frozenset("be"): chains.REFUSED}, []),
        (["ab"], pairs(ae=4.0, ef=4.0, bf=4.0) | {frozenset("be"): chains.REFUSED}, ["ef"]),
        # one pair says no more than so much, however sure it is
        (["abc"], pairs(ad=400.0, bd=-4.0, cd=-4.0), []),
    ],
)
def test_what_comes_to_stand_together(known: list[str], odds: dict[Pair, float], together: list[str]) -> None:
    found = joined([list(chain) for chain in known], odds, least=0.5)
    assert found.keys() == {frozenset(pair) for pair in together}
    assert all(mean >= 0.5 for mean in found.values())


@pytest.mark.parametrize(
    ("known", "odds", "parted", "together"),
    [
        # a part stands with the whole, whatever the other parts are like; they are not linked
        (["wa"], pairs(wb=3.0, ab=-3.0), ["ab"], ["bw"]),
        (["wa"], pairs(wb=3.0, ab=-3.0), [], []),
        (["wa"], pairs(wb=3.0, ab=3.0), ["ab"], ["bw"]),
        # two parts alone say nothing of each other
        ([], pairs(ab=3.0), ["ab"], []),
        # a part told again joins its own, not the other one
        (["wab"], pairs(wc=1.0, ac=3.0, bc=-3.0), ["ab", "bc"], ["ac", "cw"]),
        # what a person refused stays refused
        (["wa"], pairs(wb=3.0) | {frozenset("ab"): chains.REFUSED}, ["ab"], []),
    ],
)
def test_two_parts_of_one_whole(
    known: list[str], odds: dict[Pair, float], parted: list[str], together: list[str]
) -> None:
    found = joined([list(chain) for chain in known], odds, 0.5, {frozenset(pair) for pair in parted})
    assert found.keys() == {frozenset(pair) for pair in together}


@pytest.mark.parametrize(
    ("known", "said", "parted", "expected"),
    [
        # the deadline set last counts for all mentions, whether it speaks for it or against
        (["ab"], {"ac": (1.0, 0.0, -2.0), "bc": (1.0, 0.0, 3.0)}, [], {"ac": 6.0, "bc": 1.0}),
        (["ab"], {"ac": (1.0, 0.0, 3.0), "bc": (1.0, 0.0, -2.0)}, [], {"ac": -4.0, "bc": 1.0}),
        # the words of the mention that is most alike count half way
        (["ab"], {"ac": (1.0, 4.0, 0.0), "bc": (-3.0, 0.0, 0.0)}, [], {"ac": 1.0, "bc": -1.0}),
        # a mention of no chain, or alone in its own, stays as it is
        ([], {"ac": (1.0, 4.0, 1.0), "bc": (-3.0, 0.0, 2.0)}, [], {"ac": 1.0, "bc": -3.0}),
        (["ab"], {"ac": (1.0, 4.0, 1.0)}, [], {"ac": 1.0}),
        # so do two chains known before
        (["ab", "cd"], {"ac": (1.0, 4.0, 1.0), "bc": (-3.0, 0.0, 2.0)}, [], {"ac": 1.0, "bc": -3.0}),
        # another part of the whole says nothing, though it was told last
        (["ab"], {"ac": (1.0, 0.0, 3.0), "bc": (1.0, 4.0, -2.0)}, ["bc"], {"ac": 1.0, "bc": 1.0}),
    ],
)
def test_a_chain_is_held_against_a_mention_as_one(
    known: list[str], said: dict[str, tuple[float, float, float]], parted: list[str], expected: dict[str, float]
) -> None:
    told = {frozenset(pair): chains.Said(*of_pair) for pair, of_pair in said.items()}
    when = {task: ord(task) for task in "abcd"}
    found = chains.as_one(known, told, when, {frozenset(pair) for pair in parted})
    assert found == {frozenset(pair): odds for pair, odds in expected.items()}


def test_the_order_of_what_is_told_does_not_matter() -> None:
    told = list(pairs(ab=2.0, cd=2.0, ac=1.0, bd=1.0, ef=2.0, ae=0.9).items())
    expected = joined([], dict(told), 0.5)
    for turned in itertools.islice(itertools.permutations(told), 0, 720, 7):
        assert joined([], dict(turned), 0.5) == expected


FIRST = "Tháo dỡ nhịp cầu treo cũ qua suối Nậm Tha, rào chắn hai đầu cầu"
URGED = "Khẩn trương tháo dỡ nhịp cầu treo cũ qua suối Nậm Tha, rào chắn hai đầu cầu, không để người dân qua lại"
RETOLD = "Gỡ bỏ nhịp cầu treo cũ, rào chắn hai đầu cầu, không để người dân qua lại"
AUGUST = datetime.date(2026, 8, 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A register in which two letters speak of one task."""
    made = Store(tmp_path / "x.duckdb", tmp_path)
    arrive(made, "a", FIRST)
    arrive(made, "b", URGED, due=AUGUST)
    yield made
    made.close()


def arrive(store: Store, name: str, text: str, due: datetime.date | None = None) -> dict[str, dict[str, Any]]:
    """Let a letter with one task come into a register; the task's links by the other task's id."""
    deadline = Deadline(kind="date", date=due, due_date=due) if due else NO_DEADLINE
    task = Task(text, leads=(AgencyMention("Sở Xây dựng"),), deadline=deadline)
    links = links_of(store.rows, name, name, Letter(), [(name, task)])
    told = {"task_id": name, "ordinal": 1, "status": "current", **msgspec.to_builtins(task)}
    head = {"document": name, "letter": name, "representative": True, "letterhead": {}}
    received = {"document": name, "name": name, "media_type": "", "size": 0, "drop": name}
    if store.rows("FROM documents WHERE document_sha256 = ?", [name]) == []:
        store.apply(Event(store.applied + 1, now(), "received", received))
    store.apply(Event(store.applied + 1, now(), "extracted", {**head, "tasks": [told], "links": links}))
    return {link["other_id"]: link for link in links}


def refuse(store: Store, one: str, other: str) -> None:
    said = {"task_id": one, "other_id": other, "verdict": "refused", "who": "Lan"}
    store.apply(Event(store.applied + 1, now(), "task_link_judged", said))


def test_a_mention_joins_the_whole_chain(store: Store) -> None:
    """Told like the urging letter alone, it is linked with the task that this one urges, too, and says why."""
    alone = linking.compare(*(Linkable(text, text, leads=("Sở Xây dựng",)) for text in (FIRST, RETOLD)))
    assert alone is None or alone.level == "possible"
    links = arrive(store, "c", RETOLD, due=AUGUST)
    assert {other: link["level"] for other, link in links.items()} == {"a": "likely", "b": "likely"}
    assert "like_its_chain" in links["a"]["reasons"]
    assert store.rows("SELECT count(*) FROM chain('c')") == [(3,)]


def test_what_people_refused_holds_for_the_chain(store: Store) -> None:
    """Whoever is refused as one mention of a task is no mention of it, when its letter is read again, either."""
    arrive(store, "c", RETOLD, due=AUGUST)
    refuse(store, "c", "a")
    links = arrive(store, "c", RETOLD, due=AUGUST)
    assert {other: link["level"] for other, link in links.items()}.get("b") == "possible"
    assert "unlike_its_chain" in links["b"]["reasons"]
    assert store.rows("SELECT count(*) FROM chain('c')") == [(1,)]


def test_a_chain_is_what_people_left_of_it(store: Store) -> None:
    """Where people refused that its two mentions are one task, each is weighed by itself."""
    refuse(store, "a", "b")
    links = arrive(store, "c", RETOLD, due=AUGUST)
    assert {other for other, link in links.items() if link["level"] == "likely"} == {"b"}
