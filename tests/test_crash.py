"""Killed at any step and started again: every letter exactly once, the inbox empty, nothing half-written."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import correcting, work
from pipeline.failpoints import FAILPOINTS
from pipeline.owner import own
from pipeline.publish import publish
from pipeline.register import Register, open_register
from pipeline.reports import silent
from pipeline.settings import Settings
from pipeline.store import dump
from tests.letters import text_letter

SETTINGS = Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0, letters_at_once=1)


def opened(home: Path) -> Register:
    owner = own(home, "test")
    assert owner is not None
    return open_register(home, SETTINGS, owner)


def take_in(register: Register) -> None:
    """What a sweep does, without Prefect: everything in the inbox, then whatever is unfinished, then publish."""
    for path in sorted(register.home.inbox.iterdir()):
        register.give_back(work.take(register, path).id)
    work.ingest(register, [])
    publish(register)


def killed(home: Path, failpoint: str, act: Callable[[Register], None]) -> bool:
    """Run `act` in a process of its own that dies at `failpoint`; whether it did."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.environ["GIAOVIEC_FAILPOINT"] = failpoint
            act(opened(home))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed otherwise"
    return False


def fill_inbox(home: Path) -> None:
    inbox = home / "inbox"
    text_letter(inbox, "một.txt", 101)
    text_letter(inbox, "hai.txt", 102)
    (inbox / "hỏng.pdf").write_bytes(b"%PDF-1.7\nnot really")


# The one of a scan of several letters: tests/test_batches.py.
@pytest.mark.parametrize("failpoint", [f for f in FAILPOINTS if f != "after_part"])
def test_every_letter_exactly_once(tmp_path: Path, failpoint: str) -> None:
    home = tmp_path / "home"
    fill_inbox(home)
    assert killed(home, failpoint, take_in), f"{failpoint} was not reached"
    with opened(home) as register:
        take_in(register)
        store = register.store
        assert store.rows("SELECT name, status FROM documents ORDER BY name") == [
            ("hai.txt", "extracted"),
            ("một.txt", "extracted"),
        ]
        assert store.rows("SELECT name, again FROM drops ORDER BY name") == [
            ("hai.txt", False),
            ("một.txt", False),
        ]
        assert store.value("SELECT count(*) FROM tasks") == store.value(
            "SELECT count(DISTINCT task_id) FROM tasks"
        )
        assert store.value("SELECT min(n) FROM (SELECT count(*) AS n FROM tasks GROUP BY document_sha256)") == 2
        assert store.rows("SELECT state FROM quarantine") == [("quarantined",)]
        assert sorted(p.name for p in register.home.quarantine.iterdir()) == ["hỏng.pdf", "hỏng.pdf.reason.txt"]
        for empty in (register.home.inbox, register.home.staging):
            assert list(empty.iterdir()) == []
        before = dump(store.rows)
        register.rebuild()
        assert dump(store.rows) == before
        assert register.home.published.exists()
        assert not list(register.home.path.rglob("*.partial"))


@pytest.mark.parametrize("failpoint", ["before_load", "inside_load", "after_load", "after_published"])
def test_a_correction_is_there_once_or_not_at_all(tmp_path: Path, failpoint: str) -> None:
    home = tmp_path / "home"
    text_letter(home / "inbox")
    with opened(home) as register:
        take_in(register)
        task_id = register.store.value("SELECT task_id FROM tasks ORDER BY ordinal")

    def correct(register: Register) -> None:
        correcting.correct(register, silent, task_id=task_id, field="lead", value="Sở Y tế", who="An")
        publish(register)

    assert killed(home, failpoint, correct)
    with opened(home) as register:
        # Once the journal has it, it is done, whatever happened after.
        assert register.store.rows("SELECT lead FROM current_tasks WHERE task_id = ?", [task_id]) == [
            (["Sở Y tế"],)
        ]
        assert register.store.value("SELECT count(*) FROM corrections") == 1
