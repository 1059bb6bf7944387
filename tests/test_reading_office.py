"""Old and foreign office files through LibreOffice: what it makes of them, and what becomes of its failures."""

import shutil
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from models import Grid, Paragraph
from pipeline.reading import Limits, errors, media_type, office, read
from pipeline.reading.media import DOC, ODS, ODT, RTF, XLS


def compound(*names: str, start: bytes = b"") -> bytes:
    """The beginning of an old office file: a header, the first bytes of its stream, entries with these names."""
    entries = b""
    for name in names:
        wide = name.encode("utf-16-le") + b"\0\0"
        entry = wide.ljust(64, b"\0") + len(wide).to_bytes(2, "little") + b"\2"
        entries += entry.ljust(128, b"\0")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + start.ljust(512, b"\0") + entries


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (compound("Root Entry", "1Table", "WordDocument"), DOC),
        (compound("Root Entry", "Workbook"), XLS),
        # of Excel 5
        (compound("Root Entry", "Book"), XLS),
        # a letter with a workbook in it
        (compound("Root Entry", "WordDocument", "ObjectPool", "Workbook"), DOC),
        (b"{\\rtf1\\ansi Kinh gui}", RTF),
    ],
)
def test_types(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert media_type(path) == expected


@pytest.mark.parametrize(
    ("data", "error"),
    [
        # a DOCX behind a password is wrapped in an old file
        (compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), errors.PasswordProtected),
        # an old letter that says it is encrypted, an old workbook too
        (compound("WordDocument", start=b"\xec\xa5" + bytes(9) + b"\x01"), errors.PasswordProtected),
        (compound("Workbook", start=b"\x09\x08\x04\x00abcd\x2f\x00"), errors.PasswordProtected),
        # slides, mail
        (compound("Root Entry", "PowerPoint Document"), errors.UnsupportedType),
        # the name in a sentence is no entry
        (compound("Root Entry", start=b"." + "WordDocument".encode("utf-16-le")), errors.UnsupportedType),
    ],
)
def test_files_that_are_refused(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(data)
    with pytest.raises(error):
        media_type(path)


def old_letter(tmp_path: Path) -> Path:
    path = tmp_path / "cũ"
    path.write_bytes(compound("Root Entry", "WordDocument"))
    return path


def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str) -> None:
    """Put a program of a few lines in LibreOffice's place; `$out` is where its result is looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "soffice"
    script.write_text(
        f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done; out="$2"; mkdir -p "$out"\n{does}\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_what_it_makes_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = docx.Document()
    made.add_paragraph("Sở Y tế báo cáo")
    made.save(str(tmp_path / "made.docx"))
    fake(monkeypatch, tmp_path, f'cp "{tmp_path}/made.docx" "$out/letter.docx"')
    document = read(old_letter(tmp_path), media_type=DOC, sha256="", workers=0)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["Sở Y tế báo cáo"]


@pytest.mark.parametrize(
    ("does", "makes", "error"),
    [
        # nothing comes of it: the file is damaged, unless the part that reads it is missing
        ("echo 'Error: source file could not be loaded'", True, errors.Unreadable),
        ("echo 'Error: source file could not be loaded'", False, errors.ConverterMissing),
        ("kill -SEGV $$", True, errors.Unreadable),
        # what it makes is no document
        ('echo rubbish > "$out/letter.docx"', True, errors.ReadingError),
    ],
    ids=["nothing", "no Writer", "crash", "rubbish"],
)
def test_its_failures_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, makes: bool, error: type[Exception]
) -> None:
    fake(monkeypatch, tmp_path, does)
    monkeypatch.setattr(office, "can_make", lambda target: makes)
    with pytest.raises(error):
        read(old_letter(tmp_path), media_type=DOC, sha256="", workers=0)


def test_past_its_time_it_is_killed_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts another process, as LibreOffice does, and both hang."""
    fake(monkeypatch, tmp_path, f'sleep 600 & echo $! > "{tmp_path}/child"; wait')
    limits = Limits(page_seconds=2.0, patience=1.0)
    with pytest.raises(errors.TooSlow):
        read(old_letter(tmp_path), media_type=DOC, sha256="", workers=0, limits=limits)
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    end = time.monotonic() + 30
    # Gone, or dead and waiting for its parent to notice.
    while child.exists() and child.read_text().split()[2] != "Z":
        assert time.monotonic() < end, "still running"
        time.sleep(0.05)


def test_it_may_work_no_longer_than_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, tmp_path, "while :; do :; done")
    with pytest.raises(errors.TooSlow):
        read(old_letter(tmp_path), media_type=DOC, sha256="", workers=0, limits=Limits(page_seconds=1.0))


def test_without_it_the_clerk_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(errors.ConverterMissing):
        read(old_letter(tmp_path), media_type=DOC, sha256="", workers=0)


def letter_file(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("Kính gửi: Ủy ban nhân dân các xã")
    made.add_paragraph("Rà soát đất đai", style="List Number")
    made.add_paragraph("Báo cáo kết quả trước ngày 15/4/2026", style="List Number")
    made.save(str(tmp_path / "made.docx"))
    return tmp_path / "made.docx"


def table_file(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["TT", "Nhiệm vụ"])
    sheet.append([1, "Trồng rừng chắn sóng"])
    book.save(tmp_path / "made.xlsx")
    return tmp_path / "made.xlsx"


@pytest.mark.engine
@pytest.mark.parametrize(
    ("made", "kind", "suffix"),
    [
        (letter_file, DOC, "doc"),
        (letter_file, RTF, "rtf"),
        (letter_file, ODT, "odt"),
        (table_file, XLS, "xls"),
        (table_file, ODS, "ods"),
    ],
)
def test_the_same_letter_in_other_files(
    tmp_path: Path, made: Callable[[Path], Path], kind: str, suffix: str
) -> None:
    source = made(tmp_path)
    if not office.can_make(source.suffix[1:]):
        pytest.skip("the part of LibreOffice that reads this is not installed")
    profile = (tmp_path / "profile").as_uri()
    command = [office.program() or "", f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
    subprocess.run([*command, "--outdir", tmp_path, source], check=True, capture_output=True, timeout=300)
    path = shutil.move(tmp_path / f"made.{suffix}", tmp_path / "không đuôi")
    assert media_type(path) == kind
    expected = read(source, media_type=media_type(source), sha256="", workers=0).blocks
    found = read(path, media_type=kind, sha256="", workers=0).blocks
    assert [told(block) for block in found] == [told(block) for block in expected]


def told(block: Paragraph | Grid) -> object:
    if isinstance(block, Paragraph):
        return block.marker, block.text
    return [(cell.row, cell.column, cell.text) for cell in block.cells]
