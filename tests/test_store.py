"""The database is a function of the journal: loaded event by event or all at once, it is the same."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.journal import Journal
from pipeline.store import Store, dump


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


def test_event_by_event_and_all_at_once_are_equal(tmp_path: Path, journal: Journal) -> None:
    one_by_one = store(tmp_path, "a")
    append = journal.append

    def append_and_apply(kind: Any, data: dict[str, Any]) -> Any:
        event = append(kind, data)
        one_by_one.apply(event)
        return event

    journal.append = append_and_apply  # type: ignore[method-assign]
    a_history(journal)
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


@pytest.mark.parametrize(
    "view",
    ["review_queue", "overdue", "due_soon", "agency_load", "deadline_changes", "data_quality", "citations_of"],
)
def test_every_view_runs(tmp_path: Path, journal: Journal, view: str) -> None:
    a_history(journal)
    base = store(tmp_path)
    base.catch_up(journal)
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
