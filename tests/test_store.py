"""The database is a function of the journal: loaded event by event or all at once, it is the same."""

import re
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest

from pipeline.journal import EventKind, Journal
from pipeline.store import Store, dump, load_parts, reading


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = Journal(tmp_path / "journal", segment_bytes=1500)
    opened.open_for_writing()
    return opened


def store(folder: Path, name: str = "a") -> Store:
    return Store(folder / f"{name}.duckdb", folder)


def task(task_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"task_id": task_id, "ordinal": 1, "status": "current", "text": text, **more}


def extracted(document: str, *tasks: dict[str, Any], letter: str = "L1", **more: Any) -> dict[str, Any]:
    head = {"code_number": "12", "code_notation": "SYT-NVY", "issued_date": "2026-03-02", "organ_name": "Sở Y tế"}
    return {
        "document": document,
        "letter": letter,
        "representative": True,
        "extractor": "x",
        "letterhead": {**head, "subject": "Về việc Đẩy mạnh tiêm chủng", "unknown": {"place": "blank"}},
        "tasks": [{**t, "ordinal": n} for n, t in enumerate(tasks, 1)],
        "changes": [],
        **more,
    }


LEADS = [{"name": "Sở Y tế", "kind": "local", "scope": "Tỉnh Nghệ An"}, {"name": "Sở Tài chính"}]
DEADLINE = {
    "kind": "month",
    "text": "trong tháng 4/2026",
    "date": "2026-04-30",
    "relation": "within",
    "grain": "month",
}


def a_history(journal: Journal) -> None:
    """Two letters, one read and extracted twice, a second drop, corrections, a quarantined file, an attempt."""
    journal.append("received", {"document": "d1", "name": "một.pdf", "media_type": "pdf", "size": 1, "drop": "x1"})
    journal.append(
        "attempted", {"document": "d1", "step": "read", "attempt": 1, "code": "busy", "next_at": "2026-01-01"}
    )
    page = {
        "page": 1,
        "width": 595.0,
        "height": 842.0,
        "source": "ocr",
        "reason": None,
        "words": 9,
        "confidence": 0.9,
    }
    journal.append("read", {"document": "d1", "reading": "r1", "reader": "1", "pages": [page]})
    journal.append("extracted", extracted("d1", task("t1", "Rà soát đất đai"), task("t2", "Báo cáo"), letter="L1"))
    journal.append("dropped_again", {"document": "d1", "name": "hai.pdf", "drop": "x2"})
    journal.append(
        "corrected", {"task_id": "t1", "field": "lead", "seen": [], "value": ["Sở Xây dựng"], "who": "An"}
    )
    journal.append(
        "read", {"document": "d1", "reading": "r2", "reader": "2", "pages": [page, {**page, "page": 2}]}
    )
    journal.append(
        "extracted",
        extracted(
            "d1",
            task("t1", "Rà soát đất đai", leads=LEADS, deadline=DEADLINE, places=[{"field": "text", "page": 2}]),
            {**task("t2", "Báo cáo"), "status": "orphan"},
            changes=[{"old": "t2", "new": None, "kind": "orphaned"}],
        ),
    )
    journal.append(
        "received", {"document": "d2", "name": "ba.docx", "media_type": "docx", "size": 2, "drop": "x3"}
    )
    journal.append("extracted", extracted("d2", task("t3", "Ủy ban tổ chức"), letter="L2"))
    journal.append("quarantined", {"drop": "x4", "code": "password"})
    journal.append("held", {"drop": "x5", "code": "secret"})
    journal.append("dismissed", {"drop": "x4", "state": "dismissed"})
    journal.append(
        "corrected", {"task_id": "t3", "field": "text", "seen": "Ủy ban tổ chức", "value": "Sai", "who": "An"}
    )
    journal.append(
        "corrected", {"task_id": "t3", "field": "text", "seen": "", "value": None, "who": "An", "undoes": 14}
    )


def a_scan_of_several(journal: Journal) -> None:
    """A scan of two letters, told apart twice (a crash between)."""
    for name in ("lô", "một", "hai"):
        journal.append("received", {"document": name, "name": name, "media_type": "pdf", "size": 9, "drop": name})
        journal.append("read", {"document": name, "reading": f"r{name}", "reader": "2", "pages": []})
    parts = [{"document": "một", "first": 1, "last": 2}, {"document": "hai", "first": 3, "last": 3}]
    journal.append("split", {"document": "lô", "parts": parts})
    journal.append("extracted", extracted("một", task("t9", "Rà soát"), letter="L9"))
    journal.append("split", {"document": "lô", "parts": parts})


def reviews(journal: Journal) -> None:
    """What people do on the review page: a split taken back, a missed task added, heads and links of letters."""

    def said(task_id: str, field: str, value: Any) -> dict[str, Any]:
        return {"task_id": task_id, "field": field, "seen": None, "value": value}

    def act(kind: str, task_id: str, document: str, **more: Any) -> int:
        return journal.append(
            "reviewed", {"act": kind, "document": document, "task_id": task_id, "who": "An", **more}
        ).seq

    piece = {"task_id": "t4", "ordinal": 1, "text": "phần sau", "places": [{"field": "text", "page": 3}]}
    journal.append("received", {"document": "d3", "name": "bốn.pdf", "media_type": "pdf", "size": 3, "drop": "x6"})
    journal.append("extracted", extracted("d3", task("t5", "Một hai", leads=LEADS), task("t6", "Ba"), letter="L3"))
    split = act("split", "t5", "d3", corrected=[said("t5", "text", "Một")], added=[piece])
    act("undo", "t5", "d3", undoes=split, corrected=[said("t4", "review", "rejected")])
    missed = {"task_id": "t7", "ordinal": 2, "text": "Sót", "places": []}
    act("add", "t7", "d3", corrected=[said("t7", "text", "Sót"), said("t7", "lead", ["Sở Y tế"])], added=[missed])
    act("accept", "t6", "d3", corrected=[said("t6", "review", "accepted"), said("t6", "concerns_us", "named")])
    # Read again: the added task is brought along as one the machine does not find.
    journal.append(
        "extracted",
        extracted("d3", task("t5", "Một hai"), {**task("t7", "Sót"), "status": "orphan"}, letter="L3"),
    )
    for field, value in (("subject", "Về việc khác"), ("arrival_date", "2026-03-05"), ("subject", "Về Đê điều")):
        head = {"letter": "L3", "document": "d3", "field": field, "seen": None, "value": value, "who": "An"}
        journal.append("amended", head)
    link = {"target": "12/SYT-NVY", "who": "An"}
    for document, relation, letter in (("d2", "same_as", "L3"), ("d1", "annex_of", "L3")):
        journal.append(
            "linked",
            {
                **link,
                "document": document,
                "letter": letter,
                "relation": relation,
                "target_letter": letter,
                "representative": relation == "annex_of",
            },
        )
    journal.append("unlinked", {"document": "d2", "letter": "L4", "representative": True, "who": "An"})
    journal.append("extracted", extracted("d2", task("t3", "Ủy ban tổ chức"), letter="L4"))
    # Accepted unseen, one drawn for audit, one opened again since; and what corrections taught, switched on.
    for outcomes in ({"t5": "accepted", "t6": "audited"}, {"t5": "reopened"}):
        settled = [{"task_id": t, "outcome": o, "confidence": 0.99, "digest": "x"} for t, o in outcomes.items()]
        given = {"document": "d3", "threshold": 0.98, "version": "1", "settled": settled, "who": "giaoviec"}
        journal.append("accepted_unseen", given)
    for verdict in ("dismissed", "open", "added"):
        journal.append("miss_judged", {"document": "d3", "miss": "m1", "verdict": verdict, "who": "An"})
    journal.append("learned", {"version": "2", "calibration": {"version": "2"}, "aliases": {"Sở YT": "Sở Y tế"}})
    # An annex read again does not become its letter's head.
    journal.append("extracted", extracted("d1", task("t1", "Rà soát đất đai"), letter="L3"))


def dropped_together(journal: Journal) -> None:
    """A letter with two annexes; it turns out to be another copy of L1, and one annex is taken off by a person."""
    common = {"media_type": "pdf", "size": 4, "letter": "L7"}
    journal.append("received", {**common, "document": "d7", "name": "cv.pdf", "drop": "x7-1"})
    for n in (8, 9):
        annex = {"document": f"d{n}", "name": f"pl{n}.pdf", "drop": f"x7-{n}", "relation": "annex_of"}
        journal.append("received", common | annex)
    journal.append("quarantined", {"drop": "x7-10", "code": "password", "letter": "L7"})
    journal.append("extracted", extracted("d8", task("t8", "Tám"), letter="L7"))
    link = {"target": "12/SYT-NVY", "target_letter": "L1", "letter": "L1", "who": "giaoviec"}
    copy = {"document": "d7", "relation": "same_as", "representative": False}
    journal.append("linked", link | copy)
    for document in ("d8", "d9"):
        journal.append("linked", {**link, "document": document, "relation": "annex_of", "representative": True})
    journal.append("extracted", {**extracted("d7", task("t9", "Chín"), letter="L1"), "representative": False})
    journal.append("extracted", extracted("d8", task("t8", "Tám"), letter="L1"))
    journal.append("unlinked", {"document": "d9", "letter": "L9", "representative": True, "who": "An"})
    journal.append("extracted", extracted("d9", letter="L9"))
    # One that failed alone comes again with its annexes.
    journal.append("received", {"document": "d10", "name": "x.pdf", "media_type": "pdf", "size": 4, "drop": "x8"})
    journal.append("quarantined", {"drop": "x9", "code": "unreadable", "document": "d10", "name": "x.pdf"})
    journal.append("dropped_again", {"document": "d10", "name": "x.pdf", "drop": "x10", "letter": "L10"})


def test_a_part_of_the_load_finds_the_tables_it_reads() -> None:
    """What is run only for some kinds of events must not read what an event before has left."""
    staging, parts = load_parts()
    made = re.compile(r"CREATE OR REPLACE TEMP (?:TABLE|VIEW|MACRO) (\w+)")
    every = frozenset(get_args(EventKind))
    makers = dict.fromkeys(made.findall(staging), every)
    for kinds, needs, sql in parts:
        assert kinds and kinds <= every
        assert not needs or kinds <= makers[needs]
        makers |= dict.fromkeys(made.findall(sql), kinds)
        for name, of in makers.items():
            if re.search(rf"\b(?:FROM|JOIN|INTO|USING) {name}\b", sql):
                assert kinds <= of, f"{name} is not always there for {sorted(kinds)}"
    assert every - frozenset().union(*(part.kinds for part in parts)) == {"assigned", "refused", "switched"}


def test_what_was_dropped_together_comes_to(tmp_path: Path, journal: Journal) -> None:
    a_history(journal)
    dropped_together(journal)
    base = store(tmp_path)
    base.catch_up(journal)
    assert base.rows(
        "SELECT document_sha256, letter_id, is_representative FROM documents WHERE size = 4 ORDER BY received_at"
    ) == [("d7", "L1", False), ("d8", "L1", True), ("d9", "L9", True), ("d10", "L10", True)]
    # The copy's annex does not become the letter's head, nor stays any trace of the id it was first given.
    assert base.rows("SELECT document_sha256 FROM letters WHERE letter_id IN ('L1', 'L7', 'L9') ORDER BY 1") == [
        ("d1",),
        ("d9",),
    ]
    assert base.rows(
        """SELECT document_sha256, kind, target_letter_id FROM letter_relations
        WHERE target_letter_id IS NOT NULL ORDER BY 1"""
    ) == [("d7", "same_as", "L1"), ("d8", "annex_of", "L1")]
    assert base.rows("SELECT code FROM quarantine WHERE letter_id = 'L7'") == [("password",)]


def test_event_by_event_and_all_at_once_are_equal(tmp_path: Path, journal: Journal) -> None:
    one_by_one = store(tmp_path, "a")
    append = journal.append

    def append_and_apply(kind: Any, data: dict[str, Any]) -> Any:
        event = append(kind, data)
        one_by_one.apply(event)
        return event

    journal.append = append_and_apply  # type: ignore[method-assign]
    a_history(journal)
    reviews(journal)
    dropped_together(journal)
    a_scan_of_several(journal)
    assert len(journal.segments()) > 1
    at_once = store(tmp_path, "b")
    at_once.catch_up(journal)
    assert dump(one_by_one.rows) == dump(at_once.rows)
    assert at_once.applied == journal.last
    # and once more is nothing more
    at_once.catch_up(journal)
    assert dump(one_by_one.rows) == dump(at_once.rows)
    one_by_one.start_over()
    one_by_one.catch_up(journal)
    assert dump(one_by_one.rows) == dump(at_once.rows)


def test_what_the_history_comes_to(tmp_path: Path, journal: Journal) -> None:
    a_history(journal)
    base = store(tmp_path)
    base.catch_up(journal)
    assert base.rows("SELECT name, drops, status, page_count, letter_id FROM documents ORDER BY name") == [
        ("ba.docx", 1, "extracted", 0, "L2"),
        ("một.pdf", 2, "extracted", 2, "L1"),
    ]
    assert base.rows(
        "SELECT task_id, lead, deadline_date::VARCHAR, page, status FROM current_tasks ORDER BY task_id"
    ) == [
        # the person's lead stays, the machine's deadline comes
        ("t1", ["Sở Xây dựng"], "2026-04-30", 2, "open"),
        # no longer found, but not lost
        ("t2", [], None, None, "orphan"),
        # the correction was taken back
        ("t3", [], None, None, "open"),
    ]
    assert base.rows("SELECT text FROM current_tasks WHERE task_id = 't3'") == [("Ủy ban tổ chức",)]
    assert base.rows("SELECT text_folded FROM tasks WHERE task_id = 't1'") == [("ra soat dat dai",)]
    assert base.rows("SELECT subject_folded FROM letters") == [("ve viec day manh tiem chung",)] * 2
    assert base.rows("SELECT task_id, conflicts FROM review_queue WHERE conflicts IS NOT NULL") == [
        ("t1", ["lead"])
    ]
    assert base.rows("SELECT drop_id, state FROM quarantine ORDER BY drop_id") == [
        ("x4", "dismissed"),
        ("x5", "held"),
    ]
    assert base.rows("SELECT old_id, kind FROM task_history") == [("t2", "orphaned")]


def test_what_reviews_come_to(tmp_path: Path, journal: Journal) -> None:
    a_history(journal)
    reviews(journal)
    base = store(tmp_path)
    base.catch_up(journal)
    assert base.rows(
        """SELECT task_id, text, lead, status, concerns_us FROM current_tasks
        WHERE document_sha256 = 'd3' ORDER BY task_id"""
    ) == [
        # split, and the split taken back: t4 is gone
        ("t5", "Một hai", [], "open", "no"),
        # added by a person, and not found by the machine: no orphan
        ("t7", "Sót", ["Sở Y tế"], "open", "no"),
    ]
    assert base.rows(
        "SELECT subject, subject_folded, arrival_date::VARCHAR FROM letters WHERE letter_id = 'L3'"
    ) == [("Về Đê điều", "ve de dieu", "2026-03-05")]
    assert base.rows("SELECT document_sha256, letter_id, is_representative FROM documents ORDER BY 1") == [
        ("d1", "L3", True),
        ("d2", "L4", True),
        ("d3", "L3", True),
    ]
    # L1 was the annex's own, L2 the copy's before it was linked and unlinked.
    assert base.rows("SELECT letter_id, document_sha256 FROM letters ORDER BY 1") == [("L3", "d3"), ("L4", "d2")]
    assert base.rows("SELECT act, task_id, undoes IS NOT NULL FROM acts ORDER BY seq") == [
        ("split", "t5", False),
        ("undo", "t5", True),
        ("add", "t7", False),
        ("accept", "t6", False),
    ]
    assert base.rows("SELECT document_sha256, kind FROM letter_relations ORDER BY 1") == [("d1", "annex_of")]


def test_every_view_runs(tmp_path: Path, journal: Journal) -> None:
    """A view whose columns no longer fit what it reads is found only when it is asked."""
    a_history(journal)
    base = store(tmp_path)
    base.catch_up(journal)
    views = [name for (name,) in base.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")]
    assert {"current_tasks", "review_queue", "overdue", "data_quality"} <= set(views)
    for view in views:
        base.rows(f"SELECT * FROM {view}")


def test_every_table_view_and_column_is_explained(tmp_path: Path) -> None:
    base = store(tmp_path)
    missing = base.rows(
        """SELECT table_name || '.' || column_name FROM duckdb_columns()
            WHERE NOT internal AND comment IS NULL
                AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary)
        UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND comment IS NULL"""
    )
    assert missing == []


def test_a_failing_load_leaves_the_database_as_it_was(tmp_path: Path, journal: Journal) -> None:
    base = store(tmp_path)
    a_history(journal)
    base.catch_up(journal)
    before = dump(base.rows)
    bad = journal.append("received", {"document": "d9", "name": "x", "size": "many", "drop": "x9"})
    with pytest.raises(duckdb.Error):
        base.apply(bad)
    assert dump(base.rows) == before


def test_overdue_counts_days_in_vietnam(tmp_path: Path, journal: Journal) -> None:
    """Due yesterday in Vietnam is overdue, due today is not, whatever the client's time zone."""
    base = store(tmp_path)
    today = base.value("SELECT CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)")
    yesterday = base.value("SELECT CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) - 1")
    journal.append("received", {"document": "d", "name": "a", "media_type": "x", "size": 1, "drop": "x"})
    journal.append(
        "extracted",
        extracted(
            "d",
            task("yesterday", "a", deadline={"kind": "date", "due_date": str(yesterday)}),
            task("today", "b", deadline={"kind": "date", "due_date": str(today)}),
            task("proposed", "c", modality="proposed", deadline={"kind": "date", "due_date": str(yesterday)}),
        ),
    )
    base.catch_up(journal)
    for zone in ("UTC", "Pacific/Auckland", "America/Los_Angeles"):
        base.execute(f"SET TimeZone = '{zone}'")
        assert base.rows("SELECT task_id FROM overdue") == [("yesterday",)]


def test_several_read_the_published_copy_at_once(tmp_path: Path) -> None:
    """In one process they share what is set; each is shut off from files, and counts days as Vietnam does."""
    store(tmp_path).close()
    path = tmp_path / "a.duckdb"
    with reading(path) as first, reading(path) as second:
        for connection in (first, second):
            assert connection.execute("SELECT current_setting('TimeZone')").fetchone() == ("Asia/Ho_Chi_Minh",)
            with pytest.raises(duckdb.Error):
                connection.execute("SET enable_external_access = true")
            with pytest.raises(duckdb.Error):
                connection.execute(f"SELECT * FROM read_text('{path}')")
            with pytest.raises(duckdb.Error):
                connection.execute("DELETE FROM tasks")
