"""What an opened register does: drops, duplicates, bad files, holds, corrections, purging, publishing."""

import errno
import os
import shutil
import subprocess
import sys
import unicodedata
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pebble import ProcessPool

from pipeline import checking, commands, correcting, extracting, handover, home, owner, publish, steps, store, work
from pipeline.errors import GiaoviecError, HomeInUse, NoRoom, WrongUse
from pipeline.reading import PagePool
from pipeline.register import Register, open_register
from pipeline.reports import silent
from pipeline.settings import Settings
from pipeline.store import dump
from tests.letters import LETTER, text_letter


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0)


def ingest(register: Register, *paths: Path) -> list[checking.Outcome]:
    return work.ingest(register, list(paths))


def first_task(register: Register) -> str:
    found: str = register.store.value("SELECT task_id FROM tasks ORDER BY ordinal LIMIT 1")
    return found


def test_the_same_file_twice_is_one_document(register: Register, tmp_path: Path) -> None:
    one = text_letter(tmp_path, "một.txt")
    two = Path(shutil.copy(one, tmp_path / "tên khác.txt"))
    outcomes = ingest(register, one, two)
    assert sorted(o.state for o in outcomes) == ["again", "done"]
    assert [o.state for o in ingest(register, one)] == ["again"]
    assert register.store.value("SELECT count(*) FROM documents") == 1
    assert register.store.value("SELECT drops FROM documents") == 3
    assert register.store.value("SELECT count(*) FROM drops WHERE again") == 2


def test_another_copy_of_a_letter_is_linked_and_not_counted(register: Register, tmp_path: Path) -> None:
    """The same number, symbol, day and issuer in other bytes; a letter of another number stays apart."""
    one = text_letter(tmp_path, "một.txt", 101)
    copy = tmp_path / "bản khác.txt"
    copy.write_text(LETTER.format(number=101) + "\n\n", "utf-8")
    other = text_letter(tmp_path, "khác.txt", 102)
    for path in (one, copy, other):
        ingest(register, path)
    assert register.store.value("SELECT count(*) FROM documents") == 3
    assert register.store.value("SELECT count(*) FROM letters") == 2
    assert register.store.rows("SELECT kind, target FROM letter_relations") == [("same_as", "101/SYT-NVY")]
    assert register.store.rows("SELECT DISTINCT document FROM current_tasks ORDER BY 1") == [
        ("khác.txt",),
        ("một.txt",),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rỗng.pdf", b"", "empty"),
        ("cụt.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "truncated"),
        ("chương trình.pdf", b"\x7fELF\x02\x01\x01" + bytes(200), None),
        ("ảnh.jpg", b"\xff\xd8\xff\xe0" + bytes(40), None),
        (unicodedata.normalize("NFD", "Công văn số 5 'mật khẩu' \"x\".pdf"), b"\x00\x01\x02\x03" * 50, None),
    ],
    ids=["empty", "truncated", "a program", "a broken picture", "a name in NFD with quotes"],
)
def test_a_bad_file_goes_to_quarantine_and_its_neighbours_are_read(
    register: Register, tmp_path: Path, name: str, content: bytes, code: str | None
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    outcomes = ingest(register, bad, text_letter(tmp_path))
    assert sorted(o.state for o in outcomes) == ["done", "quarantined"]
    found = next(o for o in outcomes if o.state == "quarantined")
    assert code in (None, found.code)
    place = register.home.quarantine / home.file_name(name)
    assert place.read_bytes() == content
    told = place.with_name(place.name + ".reason.txt").read_text("utf-8-sig")
    assert told.splitlines()[0] == checking.reason(str(found.code))
    assert not told.startswith(str(found.code))
    # No name of what was never looked at is told to the journal.
    assert home.file_name(name).encode() not in b"".join(s.read_bytes() for s in register.journal.segments())


def test_a_link_out_of_the_inbox_is_refused(register: Register, tmp_path: Path) -> None:
    outside = tmp_path / "riêng.txt"
    outside.write_text("không được đọc", "utf-8")
    link = register.home.inbox / "lối tắt.txt"
    link.symlink_to(outside)
    work.admit(register, work.take(register, link))
    assert register.store.rows("SELECT code FROM quarantine") == [("symlink",)]
    assert outside.exists()
    assert register.store.value("SELECT count(*) FROM documents") == 0


def test_a_letter_with_a_secrecy_mark_never_enters(register: Register, tmp_path: Path) -> None:
    secret = tmp_path / "kế hoạch kín.txt"
    secret.write_text(LETTER.format(number=7).replace("V/v", "MẬT\n\nV/v"), "utf-8")
    [outcome] = ingest(register, secret)
    assert (outcome.state, outcome.code, outcome.name) == ("held", "secret", None)
    assert (register.home.held / "kế hoạch kín.txt").exists()
    traces = [register.home.journal, register.home.logs]
    for file in (f for folder in traces for f in folder.rglob("*") if f.is_file()):
        assert "kế hoạch kín".encode() not in file.read_bytes(), file
    assert register.store.value("SELECT count(*) FROM documents") == 0


def test_words_about_secrecy_do_not_stop_a_letter(register: Register, tmp_path: Path) -> None:
    letter = tmp_path / "a.txt"
    letter.write_text(LETTER.format(number=8).replace("mùa hè", "và bảo vệ bí mật nhà nước"), "utf-8")
    assert [o.state for o in ingest(register, letter)] == ["done"]


def test_what_can_pass_is_tried_again_and_what_cannot_is_not(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = text_letter(tmp_path)
    read = steps.read

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(steps, "read", full_disk)
    [outcome] = ingest(register, letter)
    assert (outcome.state, outcome.code) == ("waiting", "disk_full")
    for _ in range(20):
        [outcome] = [steps.failed(register, OSError(errno.ENOSPC, ""), sha256=outcome.document)]
        assert outcome.state == "waiting"
    waits = register.store.rows(
        "SELECT attempt, date_diff('ms', recorded_at, next_at) FROM attempts ORDER BY attempt"
    )
    assert [n for n, _ in waits] == list(range(1, 22))
    assert waits[5][1] > 4 * waits[2][1]
    monkeypatch.setattr(steps, "read", read)
    register.store.execute("DELETE FROM attempts")
    assert [o.state for o in ingest(register)] == ["done"]


def test_an_error_of_our_own_ends_in_quarantine_with_the_letter_kept(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    letter = text_letter(tmp_path)
    monkeypatch.setattr(extracting.extractors, "extract", broken)
    states = [o.state for o in ingest(register, letter)]
    for _ in range(3):
        register.store.execute("UPDATE attempts SET next_at = TIMESTAMP '2000-01-01'")
        states += [o.state for o in ingest(register)]
    assert states == ["waiting", "waiting", "quarantined"]
    assert (register.home.quarantine / "công văn.txt").exists()
    monkeypatch.undo()
    # Dropped again once mended, it is read.
    assert [o.state for o in ingest(register, letter)] == ["done"]


def test_ids_and_corrections_survive_re_extraction_and_re_reading(register: Register, tmp_path: Path) -> None:
    ingest(register, text_letter(tmp_path))
    before = register.store.rows("SELECT task_id, text FROM tasks ORDER BY ordinal")
    correcting.correct(
        register, silent, task_id=before[0][0], field="lead", value="Sở Nội vụ; Sở Y tế", who="Bình"
    )
    correcting.correct(
        register, silent, task_id=before[1][0], field="deadline", value="trước ngày 30/6/2026", who="Bình"
    )
    document = register.store.value("SELECT document_sha256 FROM documents")
    assert commands.reextract(register, silent)["kept"] == len(before)
    steps.read(register, document)
    extracting.extract(register, document)
    assert register.store.rows("SELECT task_id, text FROM tasks ORDER BY ordinal") == before
    rows = register.store.rows(
        "SELECT lead, deadline_date::VARCHAR, corrected_fields FROM current_tasks ORDER BY ordinal"
    )
    assert rows[0][0] == ["Sở Nội vụ", "Sở Y tế"]
    assert rows[1][1] == "2026-06-30"
    assert [fields for *_, fields in rows] == [["lead"], ["deadline"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("deadline", "khi nào rảnh"),
        ("deadline", "31/2/2027"),  # no such day
        ("text", ""),  # a task without words
        ("review", "maybe"),
        ("modality", "x"),
        ("office_due_date", "x"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    register: Register, tmp_path: Path, field: str, value: str
) -> None:
    ingest(register, text_letter(tmp_path))
    with pytest.raises(WrongUse):
        correcting.correct(register, silent, task_id=first_task(register), field=field, value=value, who="An")
    assert register.store.value("SELECT count(*) FROM corrections") == 0


def test_a_rejected_task_is_gone_from_the_list_and_can_come_back(register: Register, tmp_path: Path) -> None:
    ingest(register, text_letter(tmp_path))
    task_id = first_task(register)
    correcting.correct(register, silent, task_id=task_id, field="review", value="rejected", who="An")
    assert register.store.value("SELECT count(*) FROM current_tasks WHERE task_id = ?", [task_id]) == 0
    assert register.store.value("SELECT count(*) FROM tasks WHERE task_id = ?", [task_id]) == 1


def test_purge_leaves_a_tombstone_and_no_trace(register: Register, tmp_path: Path) -> None:
    keep, gone = text_letter(tmp_path, "giữ.txt", 1), text_letter(tmp_path, "không nên có.txt", 2)
    gone.write_text(gone.read_text("utf-8").replace("mùa hè", "CHUYỆNKÍN"), "utf-8")
    ingest(register, keep, gone)
    publish.publish(register)
    commands.purge(register, silent, document="không nên có.txt", why="nhầm", who="An")
    assert register.store.rows("SELECT name FROM documents") == [("giữ.txt",)]
    assert register.store.rows("SELECT why FROM tombstones") == [("nhầm",)]
    register.store.checkpoint()
    for file in register.home.path.rglob("*"):
        if file.is_file() and file != register.home.database:
            content = file.read_bytes()
            assert "CHUYỆNKÍN".encode() not in content, file
            assert "không nên có".encode() not in content, file
    # It does not come in again.
    assert [(o.state, o.code) for o in ingest(register, gone)] == [("held", "purged_before")]


def test_what_a_command_says_by_itself_is_published(tmp_path: Path, settings: Settings) -> None:
    alone = tmp_path / "alone"
    handover.run(alone, settings, "ingest", paths=[str(text_letter(tmp_path))])
    (task_id,) = analysts_see(alone, "SELECT task_id FROM current_tasks LIMIT 1")
    handover.run(alone, settings, "correct", task_id=task_id, field="lead", value="Sở Y tế", who="An")
    assert analysts_see(alone, f"SELECT lead[1] FROM current_tasks WHERE task_id = '{task_id}'") == ("Sở Y tế",)


def analysts_see(alone: Path, sql: str) -> tuple[Any, ...]:
    with duckdb.connect(str(alone / "published" / "giaoviec.duckdb"), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
        assert row is not None
        return row


def test_a_restored_backup_is_the_whole_register(register: Register, tmp_path: Path, settings: Settings) -> None:
    ingest(register, text_letter(tmp_path))
    correcting.correct(register, silent, task_id=first_task(register), field="text", value="Khác", who="An")
    shutil.copytree(register.home.journal, tmp_path / "restored" / "journal")
    mine = owner.own(tmp_path / "restored", "test")
    assert mine is not None
    with open_register(tmp_path / "restored", settings, mine) as restored:
        assert dump(restored.store.rows) == dump(register.store.rows)


def test_readers_keep_the_copy_they_opened_and_see_the_new_one_next_time(
    register: Register, tmp_path: Path
) -> None:
    ingest(register, text_letter(tmp_path, "một.txt", 1))
    publish.publish(register)
    with store.reading(register.home.published) as old:
        count = "SELECT count(*) FROM documents"
        # in the middle of a query, the greater part of its rows still to come
        rows = 200_000
        asked = old.cursor().execute(f"SELECT t.text FROM tasks t, range({rows}) WHERE t.ordinal = 1")
        assert len(asked.fetchmany(10)) == 10
        ingest(register, text_letter(tmp_path, "hai.txt", 2))
        publish.publish(register)
        assert len(asked.fetchall()) == rows - 10
        assert old.execute(count).fetchone() == (1,)
    with store.reading(register.home.published) as new:
        assert new.execute(count).fetchone() == (2,)
        assert new.execute("SELECT value FROM meta WHERE key = 'published_at'").fetchone() is not None


@pytest.mark.parametrize(
    "sql", ["DELETE FROM tasks", "COPY tasks TO 'x.csv'", "SELECT * FROM read_csv('/etc/passwd')"]
)
def test_the_published_copy_is_only_read(register: Register, tmp_path: Path, sql: str) -> None:
    ingest(register, text_letter(tmp_path))
    publish.publish(register)
    with store.reading(register.home.published) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql)


def test_a_home_has_one_owner(register: Register) -> None:
    assert owner.own(register.home.path, "serve") is None
    info = owner.who(register.home.path)
    assert info is not None
    assert (info.pid, info.command) == (os.getpid(), "test")
    assert (register.home.path / "owner.json").stat().st_mode & 0o077 == 0


def test_a_home_that_cannot_be_opened_is_given_back(tmp_path: Path, settings: Settings) -> None:
    events = tmp_path / "home" / "journal" / "events"
    events.mkdir(parents=True)
    (events / "00000001.jsonl").write_text("not a line\nnor this\n")
    for _ in range(2):
        mine = owner.own(tmp_path / "home", "test")
        assert mine is not None
        with pytest.raises(GiaoviecError):
            open_register(tmp_path / "home", settings, mine)
    assert owner.who(tmp_path / "home") is None


def test_readers_that_do_not_start_are_waited_for(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter is not called unreadable: nothing of it was looked at."""

    def broken(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    # Of its own: in this process, without processes, there is nothing to break.
    monkeypatch.setattr(register, "pool", PagePool(1))
    monkeypatch.setattr(ProcessPool, "schedule", broken)
    [outcome] = ingest(register, text_letter(tmp_path))
    assert (outcome.state, outcome.code) == ("waiting", "readers_failed")
    monkeypatch.undo()
    register.store.execute("UPDATE attempts SET next_at = TIMESTAMP '2000-01-01'")
    assert [o.state for o in ingest(register)] == ["done"]


def test_a_home_that_another_command_has_is_waited_for_and_said_so(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has it is told soon, and what to do at the end; once it is given back, the command is done."""
    alone = tmp_path / "alone"
    handover.run(alone, settings, "ingest", paths=[str(text_letter(tmp_path))])
    mine = owner.own(alone, "sweep")
    assert mine is not None
    monkeypatch.setattr(handover, "TELL_SECONDS", 0.0)
    monkeypatch.setattr(handover, "WAIT_SECONDS", 0.5)
    told: list[tuple[str, Any]] = []
    with pytest.raises(HomeInUse, match=f"sweep.*{os.getpid()}.*serve"):
        handover.run(alone, settings, "tasks", lambda kind, values: told.append((kind, values["command"])))
    assert told == [("waiting", "sweep")]
    monkeypatch.setattr(handover, "WAIT_SECONDS", 60.0)
    found = handover.run(alone, settings, "tasks", lambda *_: mine.release())
    assert len(found["tasks"]) == 2


def test_a_damaged_database_is_made_again_from_the_journal(tmp_path: Path, settings: Settings) -> None:
    alone = tmp_path / "alone"
    handover.run(alone, settings, "ingest", paths=[str(text_letter(tmp_path))])
    for damaged in (b"rubbish", (alone / "giaoviec.duckdb").read_bytes()[:100_000]):
        (alone / "giaoviec.duckdb").write_bytes(damaged)
        assert len(handover.run(alone, settings, "tasks")["tasks"]) == 2
    (alone / "published" / "giaoviec.duckdb").write_bytes(b"rubbish")
    with pytest.raises(WrongUse, match="rebuild"), store.reading(alone / "published" / "giaoviec.duckdb"):
        pass
    handover.run(alone, settings, "rebuild")
    assert analysts_see(alone, "SELECT count(*) FROM current_tasks") == (2,)


def test_a_database_that_another_program_has_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    alone = tmp_path / "alone"
    handover.run(alone, settings, "ingest", paths=[str(text_letter(tmp_path))])
    code = f"import duckdb; c = duckdb.connect({str(alone / 'giaoviec.duckdb')!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "1\n"
        with pytest.raises(NoRoom, match=r"giaoviec\.duckdb"):
            handover.run(alone, settings, "tasks")
        other.communicate("\n")
    assert len(handover.run(alone, settings, "tasks")["tasks"]) == 2


def test_a_database_of_another_schema_is_rebuilt(tmp_path: Path, settings: Settings) -> None:
    for _ in range(2):
        mine = owner.own(tmp_path / "home", "test")
        assert mine is not None
        with open_register(tmp_path / "home", settings, mine) as register:
            if not register.journal.last:
                ingest(register, text_letter(tmp_path))
                register.store.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")
            assert register.store.value("SELECT count(*) FROM documents") == 1
