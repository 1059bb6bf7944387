"""Tasks over time: chains of letters, judgements remembered, states that people set, due days that recur."""

import calendar
import datetime
import random
from pathlib import Path
from typing import Any

import pytest

from extractors import recurrence
from pipeline import state_names, tracking, work
from pipeline.errors import WrongUse
from pipeline.journal import Journal
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.settings import Settings
from pipeline.store import Store, dump
from tests.test_store import extracted, task

LETTER = """SỞ XÂY DỰNG
Số: {number}/SXD-HT
Tuyên Quang, ngày {day} tháng {month} năm 2026

Kính gửi: Ủy ban nhân dân các xã, phường

1. Ủy ban nhân dân các xã, phường kiểm đếm toàn bộ cầu treo dân sinh trên địa bàn, cắm biển hạn chế tải trọng, \
hoàn thành {deadline}.

2. {other}
"""


@pytest.fixture
def settings() -> Settings:
    """Read in this process: letters of a few lines need no processes of their own."""
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0)


@pytest.fixture
def base(tmp_path: Path) -> Store:
    return Store(tmp_path / "a.duckdb", tmp_path)


def journal_of(tmp_path: Path, *events: tuple[str, dict[str, Any]]) -> Journal:
    journal = Journal(tmp_path / "journal")
    journal.open_for_writing()
    for kind, data in events:
        journal.append(kind, data)  # type: ignore[arg-type]
    return journal


def received(document: str) -> tuple[str, dict[str, Any]]:
    name = f"{document}.pdf"
    return "received", {"document": document, "name": name, "media_type": "x", "size": 1, "drop": document}


def letter(path: Path, number: int, day: int, month: int, deadline: str, other: str) -> Path:
    file = path / f"{number}.txt"
    file.write_text(LETTER.format(number=number, day=day, month=month, deadline=deadline, other=other), "utf-8")
    return file


@pytest.fixture
def urged(register: Register, tmp_path: Path) -> tuple[str, str]:
    """Two letters that say the same, a month apart, the second with a later day; the two tasks' ids."""
    work.ingest(
        register,
        [letter(tmp_path, 41, 2, 3, "trước ngày 30/4/2026", "Phòng Hạ tầng lập sổ theo dõi hồ sơ hoàn công.")],
    )
    work.ingest(
        register,
        [letter(tmp_path, 77, 4, 5, "trước ngày 15/6/2026", "Thanh tra Sở niêm yết lịch tiếp công dân quý III.")],
    )
    rows = register.store.rows("SELECT task_id FROM tasks WHERE text LIKE '%cầu treo%' ORDER BY due_date")
    ids = [task_id for (task_id,) in rows]
    assert len(ids) == 2
    return ids[0], ids[1]


def test_a_task_urged_again_is_linked_and_its_chain_is_told(register: Register, urged: tuple[str, str]) -> None:
    [link] = register.store.records("SELECT * FROM links")
    assert (link["earlier_id"], link["later_id"], link["level"]) == (*urged, "exact")
    for start in urged:
        chain = register.store.rows("SELECT task_id, due_date::VARCHAR FROM chain(?) ORDER BY step", [start])
        assert chain == [(urged[0], "2026-04-30"), (urged[1], "2026-06-15")]
    changes = register.store.rows(
        "SELECT changed_by, date_before::VARCHAR, date_after::VARCHAR FROM deadline_changes"
    )
    assert changes == [("letter", "2026-04-30", "2026-06-15")]


def test_a_refused_link_stays_refused(register: Register, urged: tuple[str, str]) -> None:
    tracking.judge_link(register, silent, task_id=urged[1], other_id=urged[0], verdict="refused", who="An")
    work.reextract(register, [d for (d,) in register.store.rows("SELECT document_sha256 FROM documents")])
    assert register.store.value("SELECT count(*) FROM task_links") > 0
    assert register.store.rows("SELECT * FROM links") == []
    tracking.judge_link(register, silent, task_id=urged[0], other_id=urged[1], verdict="open", who="An")
    assert register.store.value("SELECT level FROM links") == "exact"
    tracking.judge_link(register, silent, task_id=urged[0], other_id=urged[1], verdict="confirmed", who="An")
    assert register.store.rows("SELECT level, judged_by FROM links") == [("confirmed", "An")]


def test_a_person_links_what_the_machine_did_not(register: Register, urged: tuple[str, str]) -> None:
    other = register.store.value("SELECT task_id FROM tasks WHERE text LIKE '%hoàn công%'")
    tracking.judge_link(register, silent, task_id=urged[0], other_id=other, verdict="confirmed", who="An")
    assert register.store.value("SELECT count(*) FROM chain(?)", [urged[1]]) == 3
    with pytest.raises(WrongUse):
        tracking.judge_link(register, silent, task_id=urged[0], other_id="nobody", verdict="confirmed", who="An")
    with pytest.raises(WrongUse):
        tracking.judge_link(register, silent, task_id=urged[0], other_id=urged[0], verdict="confirmed", who="An")


def test_a_state_is_proposed_and_never_overwrites_a_person_s(register: Register, urged: tuple[str, str]) -> None:
    def proposed() -> list[tuple[Any, ...]]:
        return register.store.rows("SELECT task_id, proposed, because FROM proposed_states")

    assert proposed() == [(urged[0], "new_deadline", "deadline_extended")]
    now = """SELECT state, due_date::VARCHAR, due_date_before::VARCHAR, due_date_source FROM current_tasks
        WHERE task_id = ?"""
    assert register.store.rows(now, [urged[0]]) == [("open", "2026-04-30", None, None)]
    said = tracking.set_state(register, silent, task_id=urged[0], state="proposed", who="An")
    assert proposed() == []
    assert register.store.rows(now, [urged[0]]) == [("open", "2026-06-15", "2026-04-30", "77/SXD-HT")]
    assert register.store.rows("SELECT task_id FROM overdue('2026-06-10')") == []
    tracking.take_back_state(register, silent, seq=said["seq"], who="An")
    assert len(proposed()) == 1
    # that it is open says nothing against a new day; that the day is refused is remembered
    tracking.set_state(register, silent, task_id=urged[0], state="open", who="An")
    assert len(proposed()) == 1
    tracking.set_state(register, silent, task_id=urged[0], state="refused", who="An")
    work.reextract(register, [d for (d,) in register.store.rows("SELECT document_sha256 FROM documents")])
    assert proposed() == []
    assert register.store.rows(now, [urged[0]]) == [("open", "2026-04-30", None, None)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"state": "later"}, "bad_value"),
        ({}, "nothing_said"),
        ({"done_on": "30/6/2026"}, "bad_day"),
        # the letter is of 4/5/2026
        ({"state": "done", "done_on": "2026-05-03"}, "done_before_letter"),
        ({"state": "xong", "done_on": "2999-05-03"}, "done_in_future"),
        # nor is it done in a state that says otherwise
        ({"state": "hủy", "done_on": "2026-05-10"}, "done_on_not_done"),
        ({"state": "refused"}, "nothing_proposed"),
        ({"state": "proposed"}, "nothing_proposed"),
    ],
)
def test_a_state_that_makes_no_sense_is_refused(
    register: Register, urged: tuple[str, str], said: dict[str, str], code: str
) -> None:
    before = register.journal.last
    with pytest.raises(WrongUse) as refused:
        tracking.set_state(register, silent, task_id=urged[1], who="An", **said)
    assert refused.value.code == code
    assert register.journal.last == before


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("done", "done"),
        ("xong", "done"),
        # typed without diacritics, or in capitals
        ("da hoan thanh", "done"),
        ("CHƯA XONG", "open"),
        ("chua hoan thanh", "open"),
        ("huy", "cancelled"),
        ("được thay thế", "superseded"),
        # as offices write it in their tables
        ("Hoàn thành quá hạn", "done_late"),
        ("hoan thanh dung han", "done_in_time"),
        ("de nghi", "proposed"),
        ("từ chối", "refused"),
        ("finished off", None),
        ("", None),
    ],
)
def test_states_have_names(words: str, state: str | None) -> None:
    if state is not None:
        assert state_names.named(words) == state
        return
    with pytest.raises(WrongUse) as refused:
        state_names.named(words)
    assert refused.value.code == "bad_value"


def test_a_day_of_completion_alone_says_that_it_is_done(register: Register, urged: tuple[str, str]) -> None:
    """One before the letter is kept where somebody is sure; the office's own deadline is set in the same act."""
    said = tracking.set_state(
        register, silent, task_id=urged[1], who="An", done_on="2026-05-01", office_due="2026-05-20", sure=True
    )
    now = "SELECT state, done_on::VARCHAR, office_due_date::VARCHAR FROM current_tasks WHERE task_id = ?"
    assert register.store.rows(now, [urged[1]]) == [("done", "2026-05-01", "2026-05-20")]
    tracking.take_back_state(register, silent, seq=said["seq"], who="An")
    assert register.store.rows(now, [urged[1]]) == [("open", None, None)]


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, "done_day_unknown"),
        ({"in_time": True}, "done_in_time"),
        ({"in_time": False}, "done_late"),
        ({"done_on": "2026-07-01", "in_time": True}, "done_late"),  # the day decides
        ({"dated": "2026-06-30"}, "done_in_time"),  # a letter of the last day says that it is done
        ({"dated": "2026-07-05"}, "done_day_unknown"),
    ],
)
def test_done_without_a_day_is_neither_in_time_nor_late(
    tmp_path: Path, base: Store, said: dict[str, Any], standing: str
) -> None:
    """Unless a person or a letter says so, or it was said before the last day was past; no day is made up."""
    due = {"kind": "date", "date": "2026-06-30", "due_date": "2026-06-30"}
    told = {"task_id": "t", "state": "done", "who": "An", **said}
    base.catch_up(
        journal_of(
            tmp_path,
            received("d"),
            ("extracted", extracted("d", task("t", "Việc", deadline=due))),
            ("task_state_set", told),
        )
    )
    assert base.rows("SELECT standing, done_on::VARCHAR FROM standings") == [(standing, said.get("done_on"))]


def test_the_four_states_and_overdue_on_any_day(tmp_path: Path, base: Store) -> None:
    due = {"kind": "date", "date": "2026-06-30", "due_date": "2026-06-30"}
    journal = journal_of(
        tmp_path,
        received("d"),
        (
            "extracted",
            extracted(
                "d",
                *(task(f"t{n}", f"Việc {n}", deadline=due) for n in range(4)),
                task("none", "Không hạn"),
                task("asked", "Đề nghị giao", modality="proposed", deadline=due),
                task("gone", "Thôi", deadline=due),
            ),
        ),
        ("task_state_set", {"task_id": "t0", "state": "done", "done_on": "2026-06-30", "who": "An"}),
        ("task_state_set", {"task_id": "t1", "state": "done", "done_on": "2026-07-01", "who": "An"}),
        ("task_state_set", {"task_id": "t2", "progress": "70 %", "who": "An"}),
        ("task_state_set", {"task_id": "gone", "state": "cancelled", "dated": "2026-06-20", "who": "An"}),
    )
    base.catch_up(journal)
    assert dict(base.rows("SELECT task_id, standing FROM standings(DATE '2026-07-01')")) == {
        "t0": "done_in_time",
        "t1": "done_late",
        "t2": "not_done_late",
        "t3": "not_done_late",
        "none": "not_done_undated",
    }
    # as it stood that day: what was done the day after was not done yet
    assert dict(base.rows("SELECT standing, count(*) FROM standings('2026-06-30') GROUP BY ALL")) == {
        "done_in_time": 1,
        "not_done_in_time": 3,
        "not_done_undated": 1,
    }
    # nor had a letter come that was issued later
    assert base.rows("SELECT * FROM standings('2026-03-01')") == []
    assert base.rows("SELECT task_id, days_late, progress FROM overdue('2026-07-02') ORDER BY 1") == [
        ("t2", 2, "70 %"),
        ("t3", 2, None),
    ]
    assert base.rows("SELECT task_id FROM overdue('2026-06-30')") == []
    soon = base.rows("SELECT task_id, days_left FROM due_soon('2026-06-28', 2) ORDER BY 1")
    assert soon == [("t0", 2), ("t1", 2), ("t2", 2), ("t3", 2)]
    assert base.rows("SELECT task_id FROM due_soon('2026-03-01', 200)") == []


def pair(one: str, other: str, *reasons: str) -> dict[str, Any]:
    """A likely link of a task of one document with one of the document `other[0]`."""
    found = {"task_id": one, "other_id": other, "other_document": other[0], "level": "likely"}
    return found | {"confidence": 0.8, "reasons": list(reasons)}


def of_day(day: str) -> dict[str, Any]:
    return {"letterhead": {"issued_date": day}}


def ends(day: str) -> dict[str, Any]:
    return {"kind": "date", "date": day, "due_date": day}


def test_what_speaks_for_a_state_and_what_does_not(tmp_path: Path, base: Store) -> None:
    """The letter that set the new day first; no day of a part; no day twice in one letter."""
    plan = [task(f"a{n}", f"Việc {n}", deadline=ends("2026-04-30")) for n in range(4)]
    notice = [
        task("b0", "Việc 0", deadline=ends("2026-06-30")),
        task("b1", "Việc 1 của một xã", deadline=ends("2026-07-15")),
        task("b3", "Việc 3", deadline=ends("2026-05-31")),
        task("b4", "Việc 3 lần nữa", deadline=ends("2026-06-30")),
    ]
    report = [task("c0", "Việc 0", deadline=ends("2026-06-30")), task("c2", "Việc 2", reported="done_late")]
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "abc"),
        ("extracted", {**extracted("a", *plan, letter="A"), **of_day("2026-01-05")}),
        (
            "extracted",
            {
                **extracted("b", *notice, letter="B"),
                **of_day("2026-05-20"),
                "links": [pair("b0", "a0"), pair("b1", "a1", "lead_of_its_kind"), pair("b3", "b4")],
            },
        ),
        (
            "extracted",
            {
                **extracted("c", *report, letter="C"),
                **of_day("2026-07-10"),
                "links": [pair("c0", "a0"), pair("c0", "b0"), pair("c2", "a2")],
            },
        ),
    )
    base.catch_up(journal)
    proposed = "SELECT task_id, proposed, because, by_task_id, by_date::VARCHAR FROM proposed_states ORDER BY 1"
    extended = ("a0", "new_deadline", "deadline_extended", "b0", "2026-05-20")
    reported = ("a2", "done", "reported_done", "c2", "2026-07-10")
    # the report's own row, too, is a mention that nobody has said is done
    own = ("c2", "done", "reported_done", "c2", "2026-07-10")
    assert base.rows(proposed) == [extended, reported, own]
    assert base.rows("SELECT task_id, date_after::VARCHAR FROM deadline_changes ORDER BY ALL") == [
        ("a0", "2026-06-30"),
    ]
    # what a person says of one mention is offered for the others, until they have a state of their own
    journal.append("task_state_set", {"task_id": "c0", "state": "done", "done_on": "2026-07-20", "who": "An"})
    base.catch_up(journal)
    done = [(task_id, "done", "same_task_done", "c0", "2026-07-20") for task_id in ("a0", "b0")]
    assert base.rows(proposed) == [done[0], reported, done[1], own]
    journal.append("task_state_set", {"task_id": "a0", "state": "done", "done_on": "2026-07-20", "who": "An"})
    base.catch_up(journal)
    assert base.rows(proposed) == [reported, ("b0", "done", "same_task_done", "a0", "2026-07-20"), own]
    # a person who says that the part is the whole is believed
    journal.append("task_link_judged", {"task_id": "b1", "other_id": "a1", "verdict": "confirmed", "who": "An"})
    base.catch_up(journal)
    assert ("a1", "new_deadline", "deadline_extended", "b1", "2026-05-20") in base.rows(proposed)


def test_the_day_that_a_report_names_is_taken_with_what_it_reports(register: Register) -> None:
    """It lies before the report, and before what urged the task meanwhile."""
    told = task(
        "c0", "Việc 0", deadline=ends("2026-02-28"), reported="done_late", progress="Nghiệm thu ngày 27/3/2026"
    )
    urged = task("b0", "Việc 0", deadline=ends("2026-02-28"))
    for kind, data in (
        received("b"),
        received("c"),
        ("extracted", {**extracted("b", urged, letter="B"), **of_day("2026-04-01")}),
        ("extracted", {**extracted("c", told, letter="C"), **of_day("2026-04-10"), "links": [pair("c0", "b0")]}),
    ):
        register.record(kind, data)  # type: ignore[arg-type]
    for task_id in ("b0", "c0"):
        tracking.set_state(register, silent, task_id=task_id, state="proposed", who="An")
        assert register.store.rows("SELECT state, done_on::VARCHAR FROM states WHERE task_id = ?", [task_id]) == [
            ("done", "2026-03-27")
        ]


def test_what_a_person_says_last_of_a_mention_holds(tmp_path: Path, base: Store) -> None:
    """Not done, said after another mention was said to be done: it is late, whatever stands there."""
    journal = journal_of(
        tmp_path,
        received("a"),
        received("b"),
        ("extracted", {**extracted("a", task("a0", "Việc", deadline=ends("2026-01-31"))), **of_day("2026-01-05")}),
        (
            "extracted",
            {
                **extracted(
                    "b", task("b0", "Việc", deadline=ends("2026-01-31")), letter="B", links=[pair("b0", "a0")]
                )
            }
            | of_day("2026-02-20"),
        ),
    )

    def say(task_id: str, state: str) -> list[tuple[str, ...]]:
        journal.append("task_state_set", {"task_id": task_id, "state": state, "source": "9/UB", "who": "An"})
        base.catch_up(journal)
        return base.rows("SELECT task_id FROM overdue('2099-01-01') ORDER BY 1")

    assert say("b0", "done") == []
    assert say("a0", "open") == [("a0",)]
    assert say("b0", "done") == []


def test_a_new_day_once_taken_holds_for_every_mention(tmp_path: Path, base: Store) -> None:
    """Of the task, whenever it comes; not of a part of it, nor where a person set the mention's own day since."""
    links = {
        "b": [pair("b0", "a0", "letter_cites_it"), pair("b1", "a0", "lead_of_its_kind")],
        "c": [pair("c0", "a0")],
    }
    days = {"a": "2026-01-05", "b": "2026-05-20", "c": "2026-07-10", "d": "2026-07-20"}
    tasks = {
        "a": [task("a0", "Việc", deadline=ends("2026-01-31"))],
        "b": [
            task("b0", "Việc", deadline=ends("2026-08-15")),
            task("b1", "Việc ở một xã", deadline=ends("2026-02-28")),
        ],
        # a report, which tells the old day again
        "c": [task("c0", "Việc", deadline=ends("2026-01-31"), reported="not_done_late")],
        "d": [task("d0", "Việc", deadline=ends("2026-01-31"))],
    }

    def letter(document: str, **more: Any) -> tuple[str, dict[str, Any]]:
        found = extracted(document, *tasks[document], letter=document.upper(), links=links.get(document, []))
        return "extracted", {**found, **of_day(days[document]), **more}

    journal = journal_of(tmp_path, *(received(d) for d in "abcd"), *(letter(d) for d in "abc"))
    base.catch_up(journal)

    def dues() -> dict[str, str]:
        return dict(base.rows("SELECT task_id, due_date::VARCHAR FROM current_tasks ORDER BY 1"))

    def late() -> list[str]:
        return [t for (t,) in base.rows("SELECT task_id FROM overdue('2026-07-30') ORDER BY 1")]

    stated = {"a0": "2026-01-31", "b0": "2026-08-15", "b1": "2026-02-28", "c0": "2026-01-31"}
    assert (dues(), late()) == (stated, ["a0", "b1"])
    days_offered = "date_before::VARCHAR, date_after::VARCHAR"
    [offered] = base.rows(f"SELECT task_id, by_task_id, {days_offered} FROM proposed_states")
    assert offered == ("a0", "b0", "2026-01-31", "2026-08-15")
    move = {"task_id": "a0", "moved_to": "2026-08-15", "source": "9/UB", "letter": "B", "who": "An"}
    taken = journal.append("task_state_set", move)
    base.catch_up(journal)
    moved = {**stated, "a0": "2026-08-15", "c0": "2026-08-15"}
    assert (dues(), late()) == (moved, ["b1"])
    # before the letter that moved it came, it was late
    was = "SELECT task_id, due::VARCHAR, due_date_source FROM overdue('2026-05-10') WHERE task_id <> 'b1'"
    assert base.rows(was) == [("a0", "2026-01-31", None)]
    stood = "SELECT standing, last_day::VARCHAR FROM standings(DATE '{}') WHERE task_id = 'a0'"
    assert base.rows(stood.format("2026-05-10")) == [("not_done_late", "2026-01-31")]
    assert base.rows("SELECT task_id FROM overdue('2026-05-20') WHERE task_id = 'a0'") == []
    soon = "SELECT DISTINCT due::VARCHAR FROM due_soon('2026-07-30') WHERE task_id <> 'b1'"
    assert base.rows(soon) == [("2026-08-15",)]
    assert base.rows("SELECT * FROM proposed_states") == []
    # what letters said of it is told as before
    changes = "SELECT task_id, date_before::VARCHAR, date_after::VARCHAR FROM deadline_changes ORDER BY ALL"
    assert ("a0", "2026-01-31", "2026-08-15") in base.rows(changes)
    # a mention that comes later
    journal.append(*letter("d", links=[pair("d0", "c0")]))
    base.catch_up(journal)
    assert dues() == {**moved, "d0": "2026-08-15"}
    value = {"kind": "date", "date": "2026-02-10", "due_date": "2026-02-10", "text": None}
    journal.append("corrected", {"task_id": "c0", "field": "deadline", "seen": None, "value": value, "who": "An"})
    base.catch_up(journal)
    assert dues() == {**moved, "d0": "2026-08-15", "c0": "2026-02-10"}
    journal.append("task_state_set", {"task_id": "a0", "who": "An", "undoes": taken.seq})
    base.catch_up(journal)
    assert dues() == {**stated, "d0": "2026-01-31", "c0": "2026-02-10"}
    # refused for one mention, it is not offered for another
    journal.append("task_state_set", {**move, "verdict": "refused"})
    base.catch_up(journal)
    assert base.rows("SELECT * FROM proposed_states WHERE date_after = '2026-08-15'") == []


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        # the letter as a whole: what is due before the new day
        ({}, ["a0", "a1"]),
        # from the day of one of them
        ({"since": "2026-04-30"}, ["a0"]),
        # a day none of them has: perhaps misread
        ({"since": "2026-04-29"}, ["a0", "a1"]),
        # what its words name, or all where they name none
        ({"about": "báo cáo kiểm kê"}, ["a1"]),
        ({"about": "hoàn thành đề án"}, ["a0", "a1"]),
        # an earlier day, or none, offers nothing
        ({"until": "2026-03-31"}, []),
        ({"until": None}, []),
    ],
)
def test_which_tasks_of_a_letter_an_extension_means(
    tmp_path: Path, base: Store, said: dict[str, Any], moved: list[str]
) -> None:
    plan = [
        task("a0", "Xây dựng trạm quan trắc", deadline=ends("2026-04-30")),
        task("a1", "Báo cáo kết quả kiểm kê", deadline=ends("2026-05-31")),
        task("a2", "Tổng kết", deadline=ends("2026-12-31")),
        task("a3", "Việc không hạn"),
    ]
    relation = {"kind": "extends", "target": "12/SYT-NVY", "number": "12", "notation": "SYT-NVY", "page": 2}
    relation |= {"until": "2026-07-31", "words": "Đồng ý gia hạn …", **said}
    head = {"code_number": "77", "code_notation": "SYT-NVY", "issued_date": "2026-04-20", "organ_name": "Sở Y tế"}
    head |= {"relations": [relation]}
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "ab"),
        ("extracted", extracted("a", *plan, letter="A")),
        ("extracted", {**extracted("b", letter="B"), "letterhead": head}),
    )
    base.catch_up(journal)
    found = base.records("SELECT * FROM proposed_states ORDER BY task_id")
    assert [row["task_id"] for row in found] == moved
    for row in found:
        assert (row["proposed"], row["because"], str(row["date_after"])) == (
            "new_deadline", "letter_extended", "2026-07-31",
        )  # fmt: skip
        assert (row["by_letter"], row["by_words"], row["by_page"]) == ("77/SYT-NVY", "Đồng ý gia hạn …", 2)
    if not moved:
        return
    journal.append(
        "task_state_set",
        {"task_id": moved[0], "moved_to": "2026-07-31", "because": "letter_extended", "letter": "B", "who": "An"},
    )
    base.catch_up(journal)
    assert ("letter", moved[0], "2026-07-31") in base.rows(
        "SELECT changed_by, task_id, date_after::VARCHAR FROM deadline_changes"
    )


def test_a_task_urged_in_three_letters_is_counted_once(tmp_path: Path, base: Store) -> None:
    """By the day that comes first until a person says it moved; parts, other states, refused links apart."""
    first = [
        task("a1", "Việc một", deadline=ends("2026-04-30")),
        task("a2", "Việc hai", deadline=ends("2026-04-30")),
        task("a3", "Việc ba", deadline=ends("2026-04-30")),
        task("a4", "Việc bốn", deadline=ends("2026-04-30")),
    ]
    urged = [
        task("b1", "Việc một", deadline=ends("2026-04-30")),
        task("b2", "Việc hai", deadline=ends("2026-06-30")),
        task("b3", "Việc ba ở một xã", deadline=ends("2026-04-30")),
        task("b4", "Việc bốn", deadline=ends("2026-04-30")),
    ]
    links = [pair("b1", "a1"), pair("b2", "a2"), pair("b3", "a3", "lead_of_its_kind"), pair("b4", "a4")]
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "abc"),
        ("extracted", {**extracted("a", *first, letter="A"), **of_day("2026-01-05")}),
        ("extracted", {**extracted("b", *urged, letter="B"), **of_day("2026-05-20"), "links": links}),
        (
            "extracted",
            {
                **extracted("c", task("c1", "Việc một"), letter="C"),
                **of_day("2026-06-10"),
                "links": [pair("c1", "b1"), pair("c1", "a1")],
            },
        ),
        ("task_link_judged", {"task_id": "a4", "other_id": "b4", "verdict": "refused", "who": "An"}),
    )
    base.catch_up(journal)

    def late(day: str = "2026-06-15") -> dict[str, int]:
        return dict(base.rows("SELECT task_id, more_mentions FROM overdue(?) ORDER BY 1", [day]))

    # of mentions with the same day the last one; what has no day goes behind what has one
    assert late() == {"b1": 2, "a2": 1, "a3": 0, "b3": 0, "a4": 0, "b4": 0}
    assert {t for (t,) in base.rows("SELECT task_id FROM standings('2026-06-15')")} == set(late())
    # a day that another letter sets is not lost, though nobody has confirmed it yet
    assert base.rows("SELECT task_id FROM due_soon('2026-06-15', 30)") == [("b2",)]
    # before the later letters came, the first stands for itself
    assert late("2026-05-10") == {"a1": 0, "a2": 0, "a3": 0, "a4": 0}
    journal.append("task_state_set", {"task_id": "a2", "state": "superseded", "dated": "2026-05-20", "who": "An"})
    journal.append("task_state_set", {"task_id": "b1", "state": "done", "done_on": "2026-06-12", "who": "An"})
    base.catch_up(journal)
    # done for one mention, done for all that were there by then
    assert late() == {"a3": 0, "b3": 0, "a4": 0, "b4": 0}
    assert dict(base.rows("SELECT standing, count(*) FROM standings('2026-06-15') GROUP BY ALL")) == {
        "done_late": 1,
        "not_done_late": 4,
        "not_done_in_time": 1,
    }
    for task_id in ("a1", "c1"):
        journal.append(
            "task_state_set", {"task_id": task_id, "state": "done", "done_on": "2026-06-12", "who": "An"}
        )
    base.catch_up(journal)
    assert base.value("SELECT count(*) FROM standings('2026-06-15') WHERE state = 'done'") == 1


RECURRING = {"kind": "recurring", "date": "2026-03-31", "due_date": "2026-03-31", "recurs": ["03-31"]}
CITES = [{"text": "Công văn số 8/UBND-KT", "number": "8", "notation": "UBND-KT"}]


@pytest.mark.parametrize(
    ("deadline", "cites", "reasons", "judged", "late"),
    [
        # one link alone hides no other day: both stand rather than none
        (ends("2026-05-31"), [], [], None, {"a1", "b1"}),
        # a letter that cites the other urges it
        (ends("2026-05-31"), CITES, [], None, {"a1"}),
        # a person said so
        (ends("2026-05-31"), [], [], "confirmed", {"a1"}),
        # the same day, or none, is not lost
        (ends("2026-04-30"), [], [], None, {"b1"}),
        ({"kind": "none"}, [], [], None, {"a1"}),
        # a report every year is not the work it is about, nor stands it for that
        (RECURRING, CITES, [], None, {"a1", "b1"}),
    ],
)
def test_a_day_is_hidden_only_by_a_letter_that_has_to_do_with_its_own(
    tmp_path: Path,
    base: Store,
    deadline: dict[str, Any],
    cites: list[dict[str, Any]],
    reasons: list[str],
    judged: str | None,
    late: set[str],
) -> None:
    first = extracted("a", task("a1", "Việc một", deadline=ends("2026-04-30")), letter="A")
    first["letterhead"] = {"issued_date": "2026-01-05", "code_number": "08", "code_notation": "UBND-KT"}
    then = extracted(
        "b", task("b1", "Việc một", deadline=deadline), letter="B", links=[pair("b1", "a1", *reasons)]
    )
    then["letterhead"] = {"issued_date": "2026-02-05", "citations": cites}
    journal = journal_of(tmp_path, *(received(d) for d in "ab"), ("extracted", first), ("extracted", then))
    if judged:
        said = {"task_id": "b1", "other_id": "a1", "verdict": judged, "who": "An"}
        journal.append("task_link_judged", said)
    base.catch_up(journal)
    assert {t for (t,) in base.rows("SELECT task_id FROM overdue('2026-06-15')")} == late


@pytest.mark.parametrize(
    ("done_on", "leads", "reasons", "told", "standings"),
    [
        # by then the letter was there, and led by the same body
        ("2026-04-20", "Sở Y tế", [], {}, {"a1": "done_in_time"}),
        # a letter of later asks anew
        ("2026-02-01", "Sở Y tế", [], {}, {"a1": "done_in_time", "b1": "not_done_late"}),
        # a report asks for nothing, and who says so today knows better
        ("2026-02-01", "Sở Y tế", [], {"reported": "not_done_in_time"}, {"a1": "done_in_time"}),
        # a part is not done with the whole, nor another body's share
        ("2026-04-20", "Sở Y tế", ["lead_of_its_kind"], {}, {"a1": "done_in_time", "b1": "not_done_late"}),
        ("2026-04-20", "Sở Xây dựng", [], {}, {"a1": "done_in_time", "b1": "not_done_late"}),
    ],
)
def test_done_is_said_once_of_a_task(
    tmp_path: Path,
    base: Store,
    done_on: str,
    leads: str,
    reasons: list[str],
    told: dict[str, str],
    standings: dict[str, str],
) -> None:
    def of(task_id: str, name: str, **more: Any) -> dict[str, Any]:
        return task(
            task_id,
            "Việc một",
            deadline=ends("2026-04-30"),
            leads=[{"name": name, "kind": "department"}],
            **more,
        )

    links = [pair("b1", "a1", *reasons)]
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "ab"),
        ("extracted", {**extracted("a", of("a1", "Sở Y tế"), letter="A"), **of_day("2026-01-05")}),
        (
            "extracted",
            {**extracted("b", of("b1", leads, **told), letter="B", links=links), **of_day("2026-02-05")},
        ),
        ("task_state_set", {"task_id": "a1", "state": "done", "done_on": done_on, "who": "An"}),
    )
    base.catch_up(journal)
    assert dict(base.rows("SELECT task_id, standing FROM standings('2026-06-15')")) == standings


@pytest.mark.parametrize(
    ("text", "told", "later", "reasons", "is_done"),
    [
        ("Việc một", {}, {}, [], True),
        # another row of the same report says that it is not, or is late
        ("Việc một", {"reported": "not_done_late"}, {}, [], False),
        # a later report, or letter, which asks for it again
        ("Việc một", {}, {"reported": "not_done_in_time"}, [], False),
        ("Việc một", {}, {"reported": None}, [], False),
        ("Việc một", {}, {"reported": "done_late"}, [], True),
        # less of it than was assigned, but for what was left of it
        ("Việc một", {}, {}, ["fewer_of_it"], False),
        ("Việc một", {}, {}, ["fewer_of_it", "rest_of_it"], True),
        ("Việc một", {}, {}, ["lead_of_its_kind"], False),
        # one of the works it names
        ("Việc một; tập huấn", {}, {}, [], False),
    ],
)
def test_a_part_that_is_done_says_nothing_of_the_whole(
    tmp_path: Path,
    base: Store,
    text: str,
    told: dict[str, Any],
    later: dict[str, Any],
    reasons: list[str],
    is_done: bool,
) -> None:
    """Neither is the whole proposed as done, nor taken for done where a person confirms the part."""
    due = ends("2026-04-30")
    rows = [task("b1", "Việc một", deadline=due, reported="done", progress="Xong ngày 20/4/2026")]
    rows += [task("b2", "Việc một", deadline=due, **told)] if told else []
    again = [task("c1", "Việc một", deadline=due, **later)] if later else []
    links = {
        "a": [],
        "b": [pair(str(row["task_id"]), "a1", *(reasons if row is rows[0] else [])) for row in rows],
        "c": [pair("c1", "a1")] if later else [],
    }
    tasks, days = (
        {"a": [task("a1", text, deadline=due)], "b": rows, "c": again},
        ["2026-01-05", "2026-05-20", "2026-06-20"],
    )
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "abc"),
        *(
            ("extracted", {**extracted(d, *tasks[d], letter=d.upper(), links=links[d]), **of_day(day)})
            for d, day in zip("abc", days, strict=True)
        ),
    )
    base.catch_up(journal)
    proposed = "SELECT task_id FROM proposed_states WHERE proposed = 'done'"
    assert (("a1",) in base.rows(proposed)) == is_done
    state = {
        "task_id": "b1",
        "state": "done",
        "done_on": "2026-04-20",
        "letter": "B",
        "dated": "2026-05-20",
        "who": "An",
    }
    journal.append("task_state_set", state)
    base.catch_up(journal)
    # who asks for it later asks anew: what he asks stands for itself
    is_settled = is_done or later == {"reported": None}
    assert (("a1",) not in base.rows("SELECT task_id FROM overdue('2026-07-01')")) == is_settled
    assert (("a1",) in base.rows(proposed)) == is_settled


def test_what_is_done_is_done_along_the_chain(tmp_path: Path, base: Store) -> None:
    """Also where the mention that a person says is done is linked with another one alone; a part of it is none."""
    links = {"b": [pair("b1", "a1")], "c": [pair("c1", "b1")], "d": [pair("d1", "c1", "one_of_the_leads")]}
    letters = [
        {
            **extracted(
                d, task(f"{d}1", "Việc", deadline=ends("2026-04-30")), letter=d.upper(), links=links.get(d, [])
            ),
            **of_day(f"2026-0{month}-05"),
        }
        for month, d in enumerate("abcd", 1)
    ]
    journal = journal_of(tmp_path, *(received(d) for d in "abcd"), *(("extracted", found) for found in letters))
    journal.append("task_state_set", {"task_id": "a1", "state": "done", "done_on": "2026-04-20", "who": "An"})
    base.catch_up(journal)
    assert base.rows("SELECT task_id, standing FROM standings('2026-07-01') ORDER BY 1") == [
        ("a1", "done_in_time"),
        ("d1", "not_done_late"),
    ]


def test_what_a_person_says_of_a_mention_counts_for_the_row_that_stands_for_it(
    tmp_path: Path, base: Store
) -> None:
    """The assigning letter's before the report's; the office's day before the one that is due first."""
    links = [pair("b1", "a1"), pair("b2", "a2"), pair("b3", "a3")]
    first = [task(f"a{n}", f"Việc {n}", deadline=ends("2026-04-30")) for n in (1, 2, 3)]
    told = [
        task("b1", "Việc 1", deadline=ends("2026-04-30"), reported="not_done_late"),
        task("b2", "Việc 2", deadline=ends("2026-03-31"), reported="not_done_late"),
        task("b3", "Việc 3", deadline=ends("2026-03-31"), reported="not_done_late"),
    ]
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "ab"),
        ("extracted", {**extracted("a", *first, letter="A"), **of_day("2026-01-05")}),
        ("extracted", {**extracted("b", *told, letter="B", links=links), **of_day("2026-05-05")}),
        ("task_state_set", {"task_id": "b1", "progress": "60%", "note": "chờ vốn", "who": "An"}),
        (
            "corrected",
            {"task_id": "a2", "field": "office_due_date", "seen": None, "value": "2026-06-01", "who": "An"},
        ),
    )
    base.catch_up(journal)
    rows = base.rows("SELECT task_id, due::VARCHAR, progress, note FROM overdue('2026-06-15') ORDER BY 1")
    assert rows == [
        ("a1", "2026-04-30", "60%", "chờ vốn"),
        ("a2", "2026-06-01", None, None),
        ("b3", "2026-03-31", None, None),
    ]
    assert base.rows("SELECT progress FROM standings('2026-06-15') WHERE task_id = 'a1'") == [("60%",)]


@pytest.mark.parametrize(
    "said",
    [
        (),
        ({"field": "lead", "seen": [], "value": ["Bộ Y tế"]},),
        ({"field": "deadline", "seen": None, "value": {"kind": "date", "date": "2026-07-31", "text": "31/7"}},),
        ({"field": "office_due_date", "seen": None, "value": "2026-07-01"},),
        ({"field": "concerns_us", "seen": "no", "value": "named"},),
        ({"field": "modality", "seen": "assigned", "value": "proposed"},),
        ({"field": "review", "seen": "open", "value": "rejected"},),
        (
            {"field": "review", "seen": "open", "value": "accepted"},
            {"field": "text", "seen": "x", "value": "Việc"},
        ),
    ],
)
def test_linked_mentions_are_current_tasks(tmp_path: Path, base: Store, said: tuple[dict[str, Any], ...]) -> None:
    """Whatever people said of them: what counting once goes by is what the lists show."""
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "ab"),
        ("extracted", {**extracted("a", task("a1", "Việc một", deadline=ends("2026-04-30")), letter="A")}),
        ("extracted", {**extracted("b", task("b1", "Việc một"), letter="B"), "links": [pair("b1", "a1")]}),
        *(("corrected", {"task_id": "a1", "who": "An", **one}) for one in said),
        ("task_state_set", {"task_id": "b1", "state": "done", "done_on": "2026-06-12", "who": "An"}),
    )
    base.catch_up(journal)
    common = """task_id, letter_id, lead, concerns_us, due_date, state, done_on, reported, issued_date,
        known_since, is_counted"""
    assert base.rows(f"SELECT {common}, due FROM linked_mentions ORDER BY task_id") == base.rows(
        f"SELECT {common}, coalesce(office_due_date, due_date) FROM current_tasks ORDER BY task_id"
    )


def test_no_mention_takes_a_task_off_the_list_of_its_lead_or_off_ours(tmp_path: Path, base: Store) -> None:
    """A task handed on stays with who had it until a person says otherwise; one that is ours is not hidden."""
    health, schools = ([{"name": name, "kind": "ministry"}] for name in ("Sở Y tế", "Sở Giáo dục và Đào tạo"))
    due = ends("2026-04-30")
    first = [
        task("a1", "Việc một", deadline=due, leads=health),
        task("a2", "Việc hai", deadline=due, leads=health, concerns_us="named"),
        task("a3", "Việc ba", deadline=due, leads=health),
    ]
    later = [
        task("b1", "Việc một", deadline=due, leads=schools),
        task("b2", "Việc hai", deadline=due, leads=health, concerns_us="no"),
        task("b3", "Việc ba", deadline=due, leads=[*schools, *health], concerns_us="named"),
    ]
    journal = journal_of(
        tmp_path,
        *(received(d) for d in "ab"),
        ("extracted", {**extracted("a", *first, letter="A"), **of_day("2026-01-05")}),
        (
            "extracted",
            {
                **extracted("b", *later, letter="B"),
                **of_day("2026-02-05"),
                "links": [pair(f"b{n}", f"a{n}") for n in (1, 2, 3)],
            },
        ),
    )
    base.catch_up(journal)
    late = {t for (t,) in base.rows("SELECT task_id FROM overdue('2026-06-15')")}
    assert late == {"a1", "b1", "a2", "b2", "b3"}


def test_letters_that_extend_and_withdraw_come_in(register: Register, tmp_path: Path) -> None:
    """By their subject or by a paragraph's first word; never against what a person said."""
    body = "SỞ XÂY DỰNG\nSố: {}/SXD-HT\nTuyên Quang, ngày {:02d} tháng 5 năm 2026\n\nKính gửi: Các xã\n\n{}\n"
    acts = {
        90: (12, "Gia hạn thời hạn thực hiện Công văn số 41/SXD-HT ngày 02/3/2026 đến hết ngày 30/7/2026."),
        91: (13, "Thu hồi Công văn số 42/SXD-HT ngày 03/3/2026 của Sở Xây dựng."),
    }
    plans = [
        letter(tmp_path, 41, 2, 3, "trước ngày 30/4/2026", "Phòng Hạ tầng lập sổ theo dõi hồ sơ hoàn công."),
        letter(
            tmp_path, 42, 3, 3, "trước ngày 30/4/2026", "Thanh tra Sở kiểm tra 12 mỏ cát trước ngày 15/5/2026."
        ),
    ]
    for number, (day, words) in acts.items():
        (tmp_path / f"{number}.txt").write_text(body.format(number, day, words), "utf-8")
    work.ingest(register, [*plans, *(tmp_path / f"{number}.txt" for number in acts)])
    proposed = """SELECT l.code_number, t.ordinal, p.proposed, p.because FROM proposed_states p
        JOIN tasks t USING (task_id) JOIN letters l ON l.letter_id = t.letter_id
        WHERE l.code_number IN ('41', '42') AND p.because LIKE 'letter%' ORDER BY ALL"""
    # The second task of 41 has no day that could be moved.
    assert register.store.rows(proposed) == [
        ("41", 1, "new_deadline", "letter_extended"),
        ("42", 1, "cancelled", "letter_withdrawn"),
        ("42", 2, "cancelled", "letter_withdrawn"),
    ]
    [(of_42,)] = register.store.rows(
        "SELECT task_id FROM tasks JOIN letters USING (letter_id) WHERE code_number = '42' AND tasks.ordinal = 2"
    )
    for number in ("41", "42"):
        first = register.store.value(
            "SELECT task_id FROM tasks JOIN letters USING (letter_id) WHERE code_number = ? AND tasks.ordinal = 1",
            [number],
        )
        tracking.set_state(register, silent, task_id=first, state="đề nghị", who="An")
    told = """SELECT code_number, state, state_source, state_date::VARCHAR, due_date::VARCHAR, due_date_source
        FROM current_tasks WHERE code_number IN ('41', '42') AND ordinal = 1 ORDER BY 1"""
    assert register.store.rows(told) == [
        ("41", "open", None, None, "2026-07-30", "90/SXD-HT"),
        # the same task in another letter: the new day holds there too
        ("42", "cancelled", "91/SXD-HT", "2026-05-13", "2026-07-30", "90/SXD-HT"),
    ]
    tracking.set_state(register, silent, task_id=of_42, state="open", who="An")
    work.reextract(register, [d for (d,) in register.store.rows("SELECT document_sha256 FROM documents")])
    assert register.store.rows(proposed) == []
    assert register.store.value("SELECT state FROM current_tasks WHERE task_id = ?", [of_42]) == "open"


YEAR = [f"2026-{month:02d}-{calendar.monthrange(2026, month)[1]}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("words", "first", "since", "until", "days"),
    [
        # the end of every month, long and short
        ("hằng tháng", "2026-01-31", "2026-02-01", "2026-04-30", YEAR[1:4]),
        # a day of the month keeps its number
        ("trước ngày 25 hàng tháng", "2026-04-25", "2026-05-01", "2026-06-30", ["2026-05-25", "2026-06-25"]),
        ("định kỳ hằng quý", "2026-03-31", "2026-01-01", "2026-12-31", YEAR[2::3]),
        ("06 tháng một lần", "2026-06-30", "2026-01-01", "2027-01-01", ["2026-06-30", "2026-12-31"]),
        ("hằng năm", "2026-12-31", "2026-01-01", "2028-01-01", ["2026-12-31", "2027-12-31"]),
        ("trước ngày 15/12 hằng năm", "2026-12-15", "2026-01-01", "2028-01-01", ["2026-12-15", "2027-12-15"]),
        # several days of a year, and of a month
        (
            "định kỳ 6 tháng, năm (trước 15/6 và 10/12)",
            "2026-06-15",
            "2026-01-01",
            "2027-12-31",
            ["2026-06-15", "2026-12-10", "2027-06-15", "2027-12-10"],
        ),
        ("ngày 10 và 25 hàng tháng", "2026-04-10", "2026-04-11", "2026-05-24", ["2026-04-25", "2026-05-10"]),
        ("quý I, quý III hằng năm", "2026-03-31", "2026-01-01", "2026-12-31", [YEAR[2], YEAR[8]]),
        (
            "trước ngày 10 của tháng đầu quý sau",
            "2026-04-10",
            "2026-01-01",
            "2026-12-31",
            [f"2026-{m}-10" for m in ("04", "07", "10")],
        ),
        # a day that February does not have
        ("trước ngày 30 hằng tháng", "2026-01-30", "2026-01-31", "2026-03-30", ["2026-02-28", "2026-03-30"]),
        (
            "thứ hai, thứ năm hằng tuần",
            "2026-03-05",
            "2026-03-01",
            "2026-03-12",
            [f"2026-03-{d}" for d in ("05", "09", "12")],
        ),
        (
            "thứ sáu hằng tuần",
            "2026-03-06",
            "2026-03-01",
            "2026-03-20",
            ["2026-03-06", "2026-03-13", "2026-03-20"],
        ),
        # before its first day there is none
        ("hằng tháng", "2026-06-30", "2026-01-01", "2026-05-31", []),
        # nothing to count from
        ("thường xuyên", None, "2026-01-01", "2026-12-31", []),
    ],
)
def test_what_recurs_is_due_again(
    base: Store, words: str, first: str | None, since: str, until: str, days: list[str]
) -> None:
    found = base.value(
        "SELECT due_again(?::DATE, ?::VARCHAR[], ?::DATE, ?::DATE)",
        [first, list(recurrence.days(words)), since, until],
    )
    assert [day.isoformat() for day in found] == days


@pytest.mark.parametrize(
    "words", ["hằng tháng", "trước ngày 30 hằng quý", "ngày 10 và 25 hàng tháng", "thứ hai, thứ năm hằng tuần"]
)
@pytest.mark.parametrize("first", ["2024-02-26", "2026-12-31"])
def test_the_day_before_and_the_next_are_those_of_the_row(base: Store, words: str, first: str) -> None:
    """On every day of four years, one of them of 366 days: the same as where all days are laid out."""
    wrong = base.rows(
        """SELECT today FROM
            (SELECT unnest(range(DATE '2024-01-01', DATE '2028-01-01', INTERVAL 1 DAY))::DATE AS today),
            (SELECT ?::DATE AS starts, ?::VARCHAR[] AS recurs)
        WHERE last_turn(starts, recurs, NULL::DATE, today)
                IS DISTINCT FROM due_again(starts, recurs, starts, today - 1)[-1]
            OR turn_from(turns(starts, recurs), greatest(today, starts))
                IS DISTINCT FROM due_again(starts, recurs, greatest(today, starts), greatest(today, starts) + 366
                )[1]""",
        [first, list(recurrence.days(words))],
    )
    assert wrong == []


def test_what_recurs_without_days_is_due_on_its_first_day_every_year(base: Store) -> None:
    """As journals of earlier versions have it."""
    found = base.value("SELECT due_again(DATE '2026-03-15', NULL, DATE '2026-01-01', DATE '2027-12-31')")
    assert [day.isoformat() for day in found] == ["2026-03-15", "2027-03-15"]


def test_a_recurring_duty_is_overdue_until_its_day_is_done_with(tmp_path: Path, base: Store) -> None:
    words = "trước ngày 25 hằng tháng"
    monthly = {"kind": "recurring", "text": words, "due_date": "2026-03-25", "recurs": recurrence.days(words)}
    journal = journal_of(
        tmp_path, received("d"), ("extracted", extracted("d", task("t", "Báo cáo", deadline=monthly)))
    )
    base.catch_up(journal)
    # only its last occurrence, not every one since
    assert base.rows("SELECT due::VARCHAR, days_late FROM overdue('2026-06-01')") == [("2026-05-25", 7)]
    assert base.rows("SELECT due::VARCHAR FROM due_soon('2026-06-01', 60)") == [("2026-06-25",), ("2026-07-25",)]
    journal.append("task_state_set", {"task_id": "t", "through": "2026-05-25", "who": "An"})
    base.catch_up(journal)
    assert base.rows("SELECT * FROM overdue('2026-06-01')") == []
    assert base.rows("SELECT due::VARCHAR FROM overdue('2026-07-01')") == [("2026-06-25",)]
    standing = "SELECT standing, due::VARCHAR FROM standings('2026-06-01')"
    assert base.rows(standing) == [("not_done_in_time", "2026-06-25")]


def test_drafts_and_hidden_copies_are_never_counted(tmp_path: Path, base: Store) -> None:
    due = {"kind": "date", "date": "2026-06-30", "due_date": "2026-06-30"}
    journal = journal_of(
        tmp_path,
        *(received(d) for d in ("draft", "letter", "copy")),
        ("extracted", extracted("draft", task("x", "Việc", deadline=due), letter="A")),
        ("extracted", extracted("letter", task("y", "Việc", deadline=due), letter="B")),
        ("extracted", {**extracted("copy", task("z", "Việc", deadline=due), letter="B"), "representative": False}),
    )
    base.catch_up(journal)
    overdue = "SELECT task_id FROM overdue('2026-07-01') ORDER BY 1"
    assert base.rows(overdue) == [("x",), ("y",)]
    head = {**extracted("draft")["letterhead"], "is_draft": True}
    again = {**extracted("draft", task("x", "Việc", deadline=due), letter="A"), "letterhead": head}
    journal.append("extracted", again)
    base.catch_up(journal)
    assert base.rows(overdue) == [("y",)]
    assert base.rows("SELECT task_id FROM due_soon('2026-06-29')") == [("y",)]
    assert base.rows("SELECT task_id FROM standings('2026-07-01')") == [("y",)]
    assert base.rows("SELECT task_id, is_draft FROM current_tasks WHERE NOT is_counted") == [("x", True)]
    # a person knows better
    journal.append(
        "amended",
        {"letter": "A", "document": "draft", "field": "is_draft", "seen": True, "value": False, "who": "An"},
    )
    base.catch_up(journal)
    assert base.rows(overdue) == [("x",), ("y",)]


def test_letters_that_replace_and_withdraw_speak_for_states(tmp_path: Path, base: Store) -> None:
    def head(number: str, day: str, *relations: dict[str, str]) -> dict[str, Any]:
        return {
            "letterhead": {
                "code_number": number,
                "code_notation": "KH-UBND",
                "issued_date": day,
                "organ_name": "ỦY BAN NHÂN DÂN TỈNH GIA LAI",
                "relations": list(relations),
            }
        }

    journal = journal_of(
        tmp_path,
        *(received(d) for d in "abcd"),
        ("extracted", extracted("a", task("ta", "Việc một"), letter="A", **head("10", "2026-01-05"))),
        ("extracted", extracted("b", task("tb", "Việc hai"), letter="B", **head("11", "2026-01-06"))),
        (
            "extracted",
            extracted(
                "c",
                task("tc", "Việc ba"),
                letter="C",
                **head(
                    "40",
                    "2026-03-01",
                    {
                        "kind": "replaces",
                        "target": "Kế hoạch số 10/KH-UBND",
                        "number": "10",
                        "notation": "KH-UBND",
                    },
                    {
                        "kind": "withdraws",
                        "target": "Kế hoạch số 11/KH-UBND",
                        "number": "11",
                        "notation": "KH-UBND",
                    },
                    # not here: nothing is guessed
                    {
                        "kind": "replaces",
                        "target": "Kế hoạch số 99/KH-UBND",
                        "number": "99",
                        "notation": "KH-UBND",
                    },
                ),
            ),
        ),
    )
    base.catch_up(journal)
    # with who says so, in which words: it may be another province's letter
    assert base.rows("SELECT task_id, proposed, because, by_organ, by_words FROM proposed_states ORDER BY 1") == [
        ("ta", "superseded", "letter_replaced", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "Kế hoạch số 10/KH-UBND"),
        ("tb", "cancelled", "letter_withdrawn", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "Kế hoạch số 11/KH-UBND"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("đất đai", ["a"]),
        # without diacritics, any of them
        ("dat dai", ["a", "b"]),
        ("ĐẤT rà", ["a"]),
        # all words, in any order
        ("dai ra", ["a"]),
        ("%", []),
        ("'; DROP TABLE tasks; --", []),
    ],
)
def test_search_with_and_without_diacritics(tmp_path: Path, base: Store, words: str, found: list[str]) -> None:
    journal = journal_of(
        tmp_path,
        received("d"),
        ("extracted", extracted("d", task("a", "Rà soát đất đai"), task("b", "Đạt giải, đãi tiệc: dat dai"))),
    )
    base.catch_up(journal)
    assert [t for (t,) in base.rows("SELECT task_id FROM search_tasks(?) ORDER BY 1", [words])] == found
    assert len(base.rows("SELECT letter_id FROM search_letters(?)", [words])) == bool(found)


def test_a_corrected_text_is_searched_as_corrected(tmp_path: Path, base: Store) -> None:
    journal = journal_of(
        tmp_path,
        received("d"),
        ("extracted", extracted("d", task("a", "Rà soat dat dai"))),
        ("corrected", {"task_id": "a", "field": "text", "seen": "x", "value": "Rà soát ao hồ", "who": "An"}),
    )
    base.catch_up(journal)
    assert base.rows("SELECT task_id FROM search_tasks('ao ho')") == [("a",)]
    assert base.rows("SELECT task_id FROM search_tasks('dat dai')") == []


def test_today_is_today_in_vietnam(base: Store) -> None:
    vietnam = datetime.timezone(datetime.timedelta(hours=7))
    assert base.value("SELECT vietnam_today()") == datetime.datetime.now(vietnam).date()


def a_following(journal: Journal) -> None:
    """Links found, lost and found again as letters are read anew; judgements; states said and taken back."""

    def link(task_id: str, other_id: str, other: str, level: str = "likely") -> dict[str, Any]:
        return {
            "task_id": task_id,
            "other_id": other_id,
            "other_document": other,
            "level": level,
            "confidence": 0.7,
        }

    for document in "abc":
        journal.append("received", received(document)[1])
    journal.append("extracted", extracted("a", task("ta", "Việc một"), letter="A"))
    journal.append("extracted", extracted("b", task("tb", "Việc hai"), letter="B", links=[link("tb", "ta", "a")]))
    journal.append("extracted", extracted("c", task("tc", "Việc ba"), letter="C", links=[link("tc", "ta", "a")]))
    # Read again, a finds b once more and c no longer.
    journal.append(
        "extracted", extracted("a", task("ta", "Việc một"), letter="A", links=[link("ta", "tb", "b", "exact")])
    )
    for verdict in ("refused", "confirmed"):
        judgement = {"task_id": "tb", "other_id": "ta", "verdict": verdict, "who": "An"}
        journal.append("task_link_judged", judgement)
    # A chain of three letters that a refusal parts, and a person makes one again.
    journal.append("extracted", extracted("c", task("tc", "Việc ba"), letter="C", links=[link("tc", "tb", "b")]))
    for verdict in ("refused", "open"):
        judgement = {"task_id": "tc", "other_id": "tb", "verdict": verdict, "who": "An"}
        journal.append("task_link_judged", judgement)
    said = journal.append(
        "task_state_set", {"task_id": "ta", "state": "done", "done_on": "2026-03-01", "note": "x", "who": "An"}
    )
    journal.append("task_state_set", {"task_id": "ta", "progress": "xong", "note": "", "who": "Bình"})
    journal.append("task_state_set", {"task_id": "ta", "who": "An", "undoes": said.seq})
    corrected = [{"task_id": "tb", "field": "office_due_date", "seen": None, "value": "2026-04-01"}]
    letter = {
        "source": "12/SYT-NVY",
        "letter": "C",
        "document": "c",
        "page": 2,
        "dated": "2026-03-02",
        "other_id": "tc",
    }
    move = {"task_id": "ta", "moved_to": "2026-05-01", "letter": "C", "who": "An"}
    journal.append("task_state_set", move)
    journal.append("task_state_set", {**move, "moved_to": "2026-06-01"})
    again = journal.append("task_state_set", {**move, "moved_to": "2026-07-01"})
    journal.append("task_state_set", {"task_id": "ta", "who": "An", "undoes": again.seq})
    journal.append("task_state_set", {**move, "moved_to": "2026-08-01", "verdict": "refused"})
    pair_of = {"task_id": "tc", "other_id": "ta", "who": "An"}
    judged = journal.append("task_link_judged", {**pair_of, "verdict": "confirmed"})
    journal.append("task_link_judged", {**pair_of, "verdict": "open", "undoes": judged.seq})
    told = journal.append(
        "task_state_set",
        {
            "task_id": "tb",
            "state": "done",
            **letter,
            "because": "reported_done",
            "corrected": corrected,
            "who": "An",
        },
    )
    journal.append("task_state_set", {"task_id": "tb", "who": "An", "undoes": told.seq})
    journal.append(
        "task_state_set",
        {"task_id": "tc", "state": "open", "corrected": [{**corrected[0], "task_id": "tc"}], "who": "An"},
    )
    # Several in one go, and taken back as a whole.
    several = [{**letter, "task_id": "ta", "moved_to": "2026-05-15"}, {"task_id": "tb", "state": "cancelled"}]
    for _ in range(2):
        settled = journal.append("task_state_set", {"states": several, "who": "An"})
    journal.append("task_state_set", {"task_id": "ta", "who": "An", "undoes": settled.seq})
    pairs = [{"task_id": f"t{one}", "other_id": "tb", "verdict": "refused"} for one in "ac"]
    parted = journal.append("task_link_judged", {"pairs": pairs, "who": "An"})
    taken_back = [{**pair, "verdict": "open"} for pair in pairs]
    journal.append("task_link_judged", {"pairs": taken_back, "who": "An", "undoes": parted.seq})


def test_links_and_states_event_by_event_and_all_at_once_are_equal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", segment_bytes=1200)
    journal.open_for_writing()
    one_by_one = Store(tmp_path / "a.duckdb", tmp_path)
    append = journal.append

    def append_and_apply(kind: Any, data: dict[str, Any]) -> Any:
        event = append(kind, data)
        one_by_one.apply(event)
        return event

    journal.append = append_and_apply  # type: ignore[method-assign]
    a_following(journal)
    at_once = Store(tmp_path / "b.duckdb", tmp_path)
    at_once.load(line for segment in journal.segments() for line in segment.open("rb"))
    assert dump(one_by_one.rows) == dump(at_once.rows)
    assert at_once.rows("SELECT task_id, other_id, level FROM task_links ORDER BY 1") == [
        ("ta", "tb", "exact"),
        ("tc", "tb", "likely"),
    ]
    assert at_once.rows("SELECT task_id, state, progress, note FROM states ORDER BY 1") == [
        ("ta", None, "xong", None),
        ("tb", "cancelled", None, None),
        ("tc", "open", None, None),
    ]
    days = "SELECT task_id, due_date::VARCHAR, verdict FROM moved_deadlines ORDER BY ALL"
    taken = [(f"2026-{day}", "confirmed") for day in ("05-01", "05-15", "06-01")]
    both = [*taken, ("2026-08-01", "refused")]
    assert at_once.rows(days) == [(task_id, *said) for task_id in ("ta", "tb", "tc") for said in both]
    dues = "SELECT task_id, office_due_date::VARCHAR FROM current_tasks WHERE office_due_date IS NOT NULL"
    assert at_once.rows(dues) == [("tc", "2026-04-01")]


def hanging_together(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The least of what each one hangs together with."""
    held: dict[str, set[str]] = {}
    for a, b in pairs:
        both = held.get(a, {a}) | held.get(b, {b})
        held |= dict.fromkeys(both, both)
    return {one: min(both) for one, both in held.items()}


def test_chains_are_what_hangs_together_however_links_come_and_go(tmp_path: Path) -> None:
    """Letters read again with other links, and pairs judged, in no order: event by event and all at once."""
    rng, documents = random.Random(3), "abcdefgh"
    journal = journal_of(tmp_path, *(received(document) for document in documents))
    one_by_one = Store(tmp_path / "a.duckdb", tmp_path)
    one_by_one.catch_up(journal)
    parted = 0
    for _ in range(24):
        mine, *others = rng.sample(documents, rng.randint(2, 4))
        if rng.random() < 0.6:
            tasks = [task(f"{mine}{n}", "Việc") for n in range(2)]
            links = [
                pair(
                    f"{mine}{rng.randrange(2)}",
                    f"{other}{rng.randrange(2)}",
                    *rng.choice(([], ["lead_of_its_kind"])),
                )
                | {"level": rng.choice(("exact", "likely", "possible"))}
                for other in others
            ]
            event = journal.append("extracted", extracted(mine, *tasks, letter=mine.upper(), links=links))
        else:
            both = {"task_id": f"{mine}{rng.randrange(2)}", "other_id": f"{others[0]}{rng.randrange(2)}"}
            verdict = rng.choice(("confirmed", "refused", "open"))
            event = journal.append("task_link_judged", {**both, "verdict": verdict, "who": "An"})
        before = one_by_one.value("SELECT count(DISTINCT chain) FROM chains")
        one_by_one.apply(event)
        parted += one_by_one.value("SELECT count(DISTINCT chain) FROM chains") > before
        pairs = one_by_one.rows(
            "SELECT a, b, is_whole(reasons, level) FROM linked_pairs WHERE level <> 'possible'"
        )
        chain = hanging_together([(a, b) for a, b, _ in pairs])
        whole = hanging_together([(a, b) for a, b, is_whole in pairs if is_whole])
        expected = sorted((task_id, called, whole.get(task_id, task_id)) for task_id, called in chain.items())
        assert one_by_one.rows("FROM chains ORDER BY ALL") == expected
    assert parted > 3
    at_once = Store(tmp_path / "b.duckdb", tmp_path)
    at_once.catch_up(journal)
    assert dump(one_by_one.rows) == dump(at_once.rows)
