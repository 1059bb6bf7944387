"""A task that goes to another body, that ends otherwise than done, or that people said is another one."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.store import Store
from tests.test_store import extracted, task
from tests.test_tracking import ends, journal_of, of_day, pair, received

Event = tuple[str, dict[str, Any]]
HANDED = ("other_leads", "names_the_lead", "letter_cites_it", "moved_deadline", "rest_of_it")


@pytest.fixture
def base(tmp_path: Path) -> Store:
    return Store(tmp_path / "a.duckdb", tmp_path)


def letter(name: str, day: str, lead: str, due: str, *links: dict[str, Any], **more: Any) -> Event:
    """A letter with one task, `a1` of letter `a`, linked to those of others."""
    doc_type = more.pop("doc_type", "Công văn")
    found = extracted(
        name,
        task(f"{name}1", "Giải quyết 63 đơn", leads=[{"name": lead}], deadline=ends(due), **more),
        letter=name,
    )
    found["letterhead"] |= of_day(day)["letterhead"] | {"code_number": name, "doc_type": doc_type}
    return "extracted", {**found, "links": list(links)}


def plan_and_urging() -> list[Event]:
    """A task and who urges it, for one body."""
    return [
        *(received(name) for name in "abcd"),
        letter("a", "2025-09-18", "Sở Nông nghiệp", "2025-11-30"),
        letter(
            "b", "2025-12-16", "Sở Nông nghiệp", "2025-11-30", pair("b1", "a1", "same_leads", "letter_cites_it")
        ),
    ]


def state(task_id: str, code: str, **more: Any) -> Event:
    return "task_state_set", {"task_id": task_id, "state": code, "who": "An", **more}


def judged(one: str, other: str, verdict: str) -> Event:
    return "task_link_judged", {"task_id": one, "other_id": other, "verdict": verdict, "who": "An"}


def offers(base: Store) -> list[tuple[Any, ...]]:
    return base.rows("SELECT task_id, proposed, because, by_task_id FROM proposed_states ORDER BY 1")


@pytest.mark.parametrize(
    ("lead", "links", "more", "handed"),
    [
        ("Ủy ban nhân dân phường 1", [HANDED, HANDED], {}, ["a1", "b1"]),
        # a mention whose lead the new letter does not name goes with those whose it names
        ("Ủy ban nhân dân phường 1", [("other_leads",), HANDED], {}, ["a1", "b1"]),
        # near misses: by another name only; a report tells who does it; the same body; a part of it; offered alone
        ("Sở Nông nghiệp và Môi trường", [("other_leads",), ("other_leads",)], {}, []),
        ("Ủy ban nhân dân phường 1", [HANDED, HANDED], {"doc_type": "Báo cáo"}, []),
        ("Sở Nông nghiệp", [("same_leads",), ("same_leads",)], {}, []),
        ("Ủy ban nhân dân phường 1", [("lead_of_its_kind",), ("lead_of_its_kind",)], {}, []),
        ("Ủy ban nhân dân phường 1", [HANDED, HANDED], {"modality": "proposed"}, []),
    ],
)
def test_who_has_it_no_more_is_offered(
    tmp_path: Path, base: Store, lead: str, links: list[tuple[str, ...]], more: dict[str, Any], handed: list[str]
) -> None:
    """As handed over, rather than with the new body's day as its own."""
    linked = [pair("c1", other, *reasons) for other, reasons in zip(("a1", "b1"), links, strict=True)]
    base.catch_up(
        journal_of(tmp_path, *plan_and_urging(), letter("c", "2026-05-12", lead, "2026-06-20", *linked, **more))
    )
    found = {task_id: because for task_id, _, because, _ in offers(base)}
    assert [task_id for task_id, because in sorted(found.items()) if because == "handed_over"] == handed
    if handed:
        assert offers(base) == [(task_id, "superseded", "handed_over", "c1") for task_id in handed]


def test_a_report_on_the_new_body_moves_no_day_of_the_old_one(tmp_path: Path, base: Store) -> None:
    handed = letter("c", "2026-05-12", "UBND phường 1", "2026-06-20", pair("c1", "a1", *HANDED))
    told = letter(
        "d", "2026-06-01", "UBND phường 1", "2026-06-20", pair("d1", "a1", "other_leads"), doc_type="Báo cáo"
    )
    base.catch_up(journal_of(tmp_path, *plan_and_urging()[:5], handed, told))
    assert offers(base) == [("a1", "superseded", "handed_over", "c1")]


def test_what_was_handed_over_is_late_with_the_new_body_alone(tmp_path: Path, base: Store) -> None:
    """From the day of that letter on; on the days before, the old body was late."""
    events = [
        *plan_and_urging(),
        letter("c", "2026-05-12", "UBND phường 1", "2026-06-20", *(pair("c1", f"{x}1", *HANDED) for x in "ab")),
        state("a1", "superseded", because="handed_over", letter="c", dated="2026-05-12"),
    ]
    base.catch_up(journal_of(tmp_path, *events))
    for day, late in (("2026-05-11", ["b1"]), ("2026-05-12", []), ("2026-07-01", ["c1"])):
        assert [i for (i,) in base.rows("SELECT task_id FROM overdue(?) ORDER BY 1", [day])] == late
    assert base.rows("SELECT task_id, standing FROM standings('2026-07-01')") == [("c1", "not_done_late")]


@pytest.mark.parametrize("reason", ["other_leads", "lead_cooperates"])
def test_a_confirmed_link_between_two_bodies_is_a_hand_over(tmp_path: Path, base: Store, reason: str) -> None:
    seen = [pair("c1", "a1", reason) | {"level": "possible"}]
    events = [*plan_and_urging(), letter("c", "2026-05-12", "UBND phường 1", "2026-06-20", *seen)]
    journal = journal_of(tmp_path, *events, judged("a1", "c1", "confirmed"))
    base.catch_up(journal)
    assert ("a1", "superseded", "handed_over", "c1") in offers(base)


@pytest.mark.parametrize("code", ["cancelled", "superseded"])
def test_what_ended_today_had_not_ended_before(tmp_path: Path, base: Store, code: str) -> None:
    """At the end of a quarter before it was late; a letter that says so tells the day."""
    events = [received("a"), letter("a", "2025-09-18", "Sở Nông nghiệp", "2025-11-30")]
    base.catch_up(journal_of(tmp_path, *events, state("a1", code, dated="2026-05-12")))
    rows = [base.rows("SELECT standing FROM standings(?)", [day]) for day in ("2026-05-11", "2026-05-12")]
    assert rows == [[("not_done_late",)], []]
    assert [base.value("SELECT count(*) FROM overdue(?)", [d]) for d in ("2026-05-11", "2026-05-12")] == [1, 0]
    assert [base.value("SELECT count(*) FROM due_soon(?, 30)", [d]) for d in ("2025-11-20",)] == [1]


def test_what_is_cancelled_is_so_wherever_it_stands(tmp_path: Path, base: Store) -> None:
    """With all letters that were there; who asks for it later asks anew."""
    again = letter(
        "c", "2026-06-01", "Sở Nông nghiệp", "2026-06-20", pair("c1", "a1", "same_leads", "letter_cites_it")
    )
    base.catch_up(journal_of(tmp_path, *plan_and_urging(), again, state("a1", "cancelled", dated="2026-05-12")))
    assert base.rows("SELECT task_id FROM overdue('2026-05-20')") == []
    assert base.rows("SELECT task_id FROM overdue('2026-07-01')") == [("c1",)]


def test_two_that_people_said_are_not_one_never_stand_for_each_other(tmp_path: Path, base: Store) -> None:
    """Whatever third one links both: what is done, or moved, or told of one is not of the other."""
    both = [pair("c1", "a1", "same_leads"), pair("c1", "b1", "same_leads")]
    events = [
        *plan_and_urging(),
        letter("c", "2026-01-20", "Sở Nông nghiệp", "2025-11-30", *both),
        judged("a1", "b1", "refused"),
        state("b1", "done", done_on="2026-03-20"),
    ]
    base.catch_up(journal_of(tmp_path, *events))
    assert base.value("SELECT count(DISTINCT whole) FROM chains") == 1
    assert base.rows("SELECT task_id FROM overdue('2026-07-01') ORDER BY 1") == [("a1",)]
    assert [i for (i,) in base.rows("SELECT task_id FROM chain('a1')")] == ["a1", "c1"]
    assert [i for (i,) in base.rows("SELECT task_id FROM chain('c1')")] == ["a1", "b1", "c1"]
    journal = journal_of(
        tmp_path / "moved",
        *events[:-1],
        ("task_state_set", {"task_id": "b1", "moved_to": "2027-01-31", "who": "An"}),
    )
    moved = Store(tmp_path / "b.duckdb", tmp_path)
    moved.catch_up(journal)
    days = dict(moved.rows("SELECT task_id, due_date::VARCHAR FROM current_tasks"))
    assert days == {"a1": "2025-11-30", "b1": "2027-01-31", "c1": "2027-01-31"}
