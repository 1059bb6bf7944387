"""The journal: what is appended lasts, what is torn is set aside, what is damaged is said."""

from pathlib import Path

import pytest

from pipeline import journal as journals
from pipeline.errors import JournalDamaged
from pipeline.journal import Event, Journal, decode, encode, is_whole


def written(path: Path, count: int, segment_bytes: int = journals.SEGMENT_BYTES) -> Journal:
    journal = Journal(path, segment_bytes)
    journal.open_for_writing()
    for n in range(count):
        journal.append("received", {"document": f"{n:064x}", "name": f"công văn {n}.pdf"})
    journal.close()
    return journal


def reopened(path: Path) -> Journal:
    journal = Journal(path)
    journal.open_for_writing()
    return journal


def test_events_are_read_back_as_written(tmp_path: Path) -> None:
    journal = written(tmp_path, 3)
    assert [(e.seq, e.kind, e.data["name"]) for e in journal.events()] == [
        (n + 1, "received", f"công văn {n}.pdf") for n in range(3)
    ]
    assert [e.seq for e in journal.events(after=2)] == [3]


@pytest.mark.parametrize(
    "cut",
    [
        1,  # only the newline is missing
        5,  # within the checksum
        60,  # within the data
    ],
)
def test_a_torn_tail_is_set_aside_and_the_journal_goes_on(tmp_path: Path, cut: int) -> None:
    segment = written(tmp_path, 3).segments()[-1]
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-cut])
    journal = reopened(tmp_path)
    assert journal.last == 2
    assert journal.append("received", {"document": "x"}).seq == 3
    journal.close()
    assert [e.seq for e in journal.events()] == [1, 2, 3]
    torn = list((tmp_path / "torn").iterdir())
    assert len(torn) == 1
    assert whole.endswith(torn[0].read_bytes() + whole[-cut:])


def test_a_last_line_with_a_wrong_checksum_is_torn_too(tmp_path: Path) -> None:
    segment = written(tmp_path, 2).segments()[-1]
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-4] + (b"1" if whole[-4:-3] == b"0" else b"0") + whole[-3:])
    assert reopened(tmp_path).last == 1


def test_damage_before_the_end_is_said_not_mended(tmp_path: Path) -> None:
    segment = written(tmp_path, 3).segments()[-1]
    segment.write_bytes(segment.read_bytes().replace("công văn 1".encode(), "công văn 7".encode()))
    with pytest.raises(JournalDamaged):
        reopened(tmp_path)
    with pytest.raises(JournalDamaged):
        list(Journal(tmp_path).events())


def test_full_segments_are_closed_and_found_again(tmp_path: Path) -> None:
    journal = written(tmp_path, 20, segment_bytes=500)
    assert len(journal.segments()) > 3
    assert [e.seq for e in journal.events()] == list(range(1, 21))
    assert [e.seq for e in journal.events(after=13)] == list(range(14, 21))
    assert reopened(tmp_path).last == 20


def test_an_empty_last_segment_does_not_hide_the_events_before_it(tmp_path: Path) -> None:
    journal = written(tmp_path, 5, segment_bytes=300)
    (tmp_path / "events" / "00000006.jsonl").touch()
    assert reopened(journal.path).last == 5


def test_events_of_an_older_version_are_brought_to_the_present_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = written(tmp_path, 1)
    monkeypatch.setitem(journals.VERSIONS, "received", 2)
    monkeypatch.setitem(journals.UPCASTERS, ("received", 1), lambda data: {**data, "size": 0})
    assert not journal.is_present(journal.segments()[0])
    assert [(e.v, e.data["size"]) for e in journal.events()] == [(2, 0)]
    assert all(is_whole(line) and decode(line).v == 2 for line in journal.lines_of(journal.segments()[0]))


def test_events_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    line = encode(Event(1, journals.now(), "received", {}, v=99))
    with pytest.raises(JournalDamaged):
        decode(line)


def test_a_live_copy_is_a_backup(tmp_path: Path) -> None:
    """A copy taken between two appends restores to what had been written by then."""
    import shutil

    journal = Journal(tmp_path / "a")
    journal.open_for_writing()
    journal.append("received", {"document": "1"})
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    journal.append("received", {"document": "2"})
    assert reopened(tmp_path / "b").last == 1


def test_purging_leaves_a_tombstone_and_nothing_else(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.open_for_writing()
    secret = tmp_path / "file"
    secret.write_text("nội dung không được ở đây")
    sha = journals.sha256_of(secret)
    journal.keep_file(secret, sha)
    journal.append("received", {"document": sha, "name": "bí ẩn.pdf"})
    journal.append("corrected", {"task_id": "t1", "field": "text", "value": "nội dung"})
    journal.append("received", {"document": "other", "name": "thường.pdf"})
    journal.purge({sha}, {"t1"}, {sha}, {"document": sha, "why": "nhầm"})
    assert [(e.kind, e.data["document"]) for e in journal.events()] == [("received", "other"), ("purged", sha)]
    assert not journal.blob(sha).exists()
    journal.close()
    assert reopened(tmp_path).last == 4
    assert "bí ẩn".encode() not in b"".join(s.read_bytes() for s in journal.segments())
