"""The door of reading: order, progress, failures of single pages, processes that are killed."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import cv2
import msgspec
import pytest
from pebble.pool.base_pool import PoolStatus

from models import Box, Document, Footnote, Page, Paragraph, Word
from pipeline.journal import Journal
from pipeline.reading import (
    Limits,
    PagePool,
    Reading,
    errors,
    first_page,
    media_type,
    ocr,
    pages,
    read,
    red_regions,
)
from pipeline.reading.media import DOCX, PDF, TEXT
from pipeline.reading.packed import Packed
from pipeline.reading.pool import failure
from pipeline.texts import catalogue
from tests.paper import Sheet, write

SAMPLES = Path(__file__).parent.parent / "samples"
SHA = "0" * 64


def letter(tmp_path: Path, count: int) -> Path:
    return write(
        tmp_path / "a.pdf", *(Sheet().text(72, 700, f"Trang thứ {n} của văn bản") for n in range(1, count + 1))
    )


def numbers(pages: tuple[Page, ...]) -> list[str]:
    return [page.words[2].text if page.words else str(page.reason) for page in pages]


def test_pages_come_in_order_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    document = read(
        letter(tmp_path, 7),
        media_type=PDF,
        sha256=SHA,
        limits=Limits(batch_pages=2),
        progress=lambda done, total: told.append((done, total)),
        workers=2,
    )
    assert numbers(document.pages) == list("1234567")
    assert [page.number for page in document.pages] == list(range(1, 8))
    assert told == [(done, 7) for done in range(8)]


def test_the_same_file_reads_the_same(tmp_path: Path) -> None:
    path = letter(tmp_path, 5)
    once, again = (
        read(path, media_type=PDF, sha256=SHA, limits=Limits(batch_pages=n), workers=0) for n in (1, 16)
    )
    assert once == again


def test_a_first_page_that_was_read_is_not_read_again(tmp_path: Path) -> None:
    path = letter(tmp_path, 3)
    first = Page(1, 595, 842, "ocr", evidence={"mark": True})
    document = read(path, media_type=PDF, sha256=SHA, workers=0, first=first)
    assert document.pages[0] == first
    assert numbers(document.pages[1:]) == ["2", "3"]


def test_a_page_that_fails_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = pages.from_text_layer

    def failing(path: Path, wanted: range) -> list[Page]:
        if 2 in wanted:
            raise MemoryError
        return good(path, wanted)

    monkeypatch.setattr(pages, "from_text_layer", failing)
    document = read(letter(tmp_path, 3), media_type=PDF, sha256=SHA, workers=0)
    assert numbers(document.pages) == ["1", "memory", "3"]
    assert document.pages[1].source == "unread"


def test_a_file_past_its_time_keeps_the_pages_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "recognise", _sleep)
    drawn = Sheet().draw(" ".join(f"{n} 0 m {n} 9 l S" for n in range(300)))
    path = write(tmp_path / "a.pdf", Sheet().text(72, 700, "Trang thứ 1"), drawn)
    document = read(path, media_type=PDF, sha256=SHA, limits=Limits(file_seconds=2.0), workers=1)
    assert numbers(document.pages) == ["1", "timeout"]


def test_a_missing_engine_is_the_file_s_failure_not_the_page_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise errors.MissingLanguage("eng")

    monkeypatch.setattr(ocr, "require", missing)
    path = write(tmp_path / "a.pdf", Sheet().draw(" ".join(f"{n} 0 m {n} 9 l S" for n in range(300))))
    with pytest.raises(errors.MissingLanguage) as raised:
        read(path, media_type=PDF, sha256=SHA, workers=0)
    assert "apt-get install tesseract-ocr-vie" in catalogue("vi")[f"reading.{raised.value.code}"]
    assert raised.value.transient


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(file_bytes=100), errors.TooLarge),
        (Limits(pages=2), errors.TooLarge),
    ],
)
def test_limits_are_checked_before_reading(tmp_path: Path, limits: Limits, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(letter(tmp_path, 3), media_type=PDF, sha256=SHA, limits=limits, workers=0)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    with pytest.raises(errors.EmptyFile):
        read(path, media_type=PDF, sha256=SHA)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", b"PK\x03\x04 the rest is missing"],
)
def test_a_file_cut_off_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(errors.TruncatedFile):
        read(path, media_type=PDF if content.startswith(b"%PDF") else DOCX, sha256=SHA, workers=0)


def test_threads_share_a_pool(tmp_path: Path) -> None:
    path, found = letter(tmp_path, 3), list[list[str]]()
    with PagePool(workers=1) as pool:
        threads = [
            threading.Thread(
                target=lambda: found.append(numbers(read(path, media_type=PDF, sha256=SHA, pool=pool).pages))
            )
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [list("123")] * 3


def test_the_first_words_of_a_format_without_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("MẬT\n" + "chữ " * 2000, encoding="utf-8")
    page = first_page(path, TEXT, workers=0)
    assert page.words[0].text == "MẬT"
    assert len(page.words) == pages.FIRST_WORDS
    assert red_regions(path, TEXT, workers=0) == ()


def _sleep(*_: object) -> list[Page]:
    time.sleep(600)
    return []


@pytest.fixture(scope="module")
def small_pool() -> Iterator[PagePool]:
    with PagePool(workers=1, memory=2 * 2**30, patience=2.0) as pool:
        yield pool


def _work() -> None:
    while True:
        pass


def _fill_memory() -> int:
    return len(bytearray(8 * 2**30))


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        # works past its time: killed
        (_work, (), "timeout"),
        # hangs without working: killed by the clock on the wall
        (time.sleep, (600,), "timeout"),
        # asks for more memory than it may have: refused
        (_fill_memory, (), "memory"),
        # crashes: the pool lives on
        (os._exit, (3,), "crashed"),
        # a damaged file
        (Path.read_bytes, (Path("/nowhere"),), "unreadable"),
    ],
)
def test_a_process_that_fails(
    small_pool: PagePool, function: object, arguments: tuple[object, ...], reason: str
) -> None:
    error = small_pool.submit(2.0, function, *arguments).exception()  # type: ignore[arg-type]
    assert isinstance(error, Exception)
    assert failure(error) == reason
    assert small_pool.submit(30.0, len, "bốn!").result() == 4


def test_a_process_works_on_one_core_alone(small_pool: PagePool) -> None:
    assert small_pool.submit(30.0, cv2.getNumThreads).result() == 1


def test_waiting_for_the_processor_is_no_work() -> None:
    """A page on a machine that has no time for it takes longer, and is read."""
    with PagePool(workers=1, patience=600.0) as pool:
        assert pool.submit(0.5, time.sleep, 2.0).exception() is None


def test_an_engine_is_stopped_by_its_work_not_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow engine that hardly works gets its answer through; one that works on for ever is ended."""
    answer = "level page_num block_num par_num line_num word_num left top width height conf text\\n"
    answer += "5 1 1 1 1 1 10 20 30 40 96 Sở\\n"
    langs = "case $1 in --version) echo tesseract 5.3.0; exit;; --list-langs) printf 'All:\\nvie\\n'; exit;; esac"
    does = {
        "slow": f'{langs}\nsleep 2; printf "{answer}" | tr " " "\\t" > "$2.tsv"',
        "stuck": f"{langs}\nwhile :; do :; done",
    }
    for name, script in does.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    picture = tmp_path / "a.pgm"
    picture.write_bytes(b"P5 1 1 255 \xff")
    with PagePool(workers=1) as pool:
        slow = pool.submit(30.0, _recognised_by, tmp_path / "slow", picture)
        assert [word.text for word in slow.result()] == ["Sở"]
        stuck = pool.submit(30.0, _recognised_by, tmp_path / "stuck", picture)
        assert isinstance(stuck.exception(), TimeoutError)


def _recognised_by(engine: Path, picture: Path) -> list[ocr.Recognised]:
    """What an engine put in Tesseract's place sees, in a second of work."""
    command, ocr.pytesseract.pytesseract.tesseract_cmd = ocr.pytesseract.pytesseract.tesseract_cmd, str(engine)
    try:
        return ocr.recognise(picture, 200, ocr.Mode.PAGE, 1.0)
    finally:
        ocr.pytesseract.pytesseract.tesseract_cmd = command


@pytest.mark.engine
@pytest.mark.parametrize(
    ("name", "phrases", "red"),
    [
        # a gray TIFF: its first frame
        ("10a-housing-letter.tiff", ["Độc lập - Tự do - Hạnh phúc", "Số: 11208/BXD-QLN"], []),
        # a colour scan with stamps
        ("08-land-letter.pdf", ["Số: 3175/UBND-ĐTQH", "ngày 22 tháng 9 năm 2025"], []),
        # a text layer: the red box is read off the drawing
        ("secret-mark.pdf", ["Kính gửi:"], ["MẬT"]),
        # the same mark on a scan, beside a seal
        ("secret-mark-scan.pdf", ["Kính gửi:"], ["MẬT"]),
    ],
)
def test_first_pages_of_samples(name: str, phrases: list[str], red: list[str]) -> None:
    path = SAMPLES / name
    kind = media_type(path)
    text = " ".join(word.text for word in first_page(path, kind).words)
    assert [phrase for phrase in phrases if phrase not in text] == []
    assert [mark for mark in red if mark not in red_regions(path, kind)] == []


def test_readers_that_all_ended_at_once_are_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool that breaks says nothing of the file that was being read."""
    with PagePool(workers=1) as pool:
        assert pool.submit(30.0, len, "một").result() == 3
        assert pool._processes is not None
        pool._processes._context.status = PoolStatus.ERROR
        assert pool.submit(30.0, len, "hai").result() == 3
        with pytest.raises(errors.ReadersFailed):
            failure(BrokenProcessPool("All workers expired"))


@pytest.mark.parametrize(
    "document",
    [
        # pages of words, one of them unread
        Document(
            "ab",
            "application/pdf",
            "r",
            pages=(
                Page(
                    1, 595.0, 842.0, "text_layer", (Word("Số", Box(1.5, 2.0, 3.0, 4.25), font="Times", size=13.0),)
                ),
                Page(2, 0.0, 0.0, "unread", reason="timeout"),
            ),
        ),
        # blocks, in a format without pages
        Document("ab", "text/html", "r", blocks=(Paragraph("Kính gửi"),), footnotes=(Footnote("1", "Điều 2"),)),
    ],
)
def test_a_reading_is_kept_as_the_document_it_is(tmp_path: Path, document: Document) -> None:
    reading = Reading.of(document)
    assert reading.document() == document
    assert b"".join(reading.json()) == msgspec.json.encode(document)
    journal = Journal(tmp_path)
    assert journal.keep_json(reading.json()) == journal.keep(document)
    assert journal.kept(journal.keep(document), Document) == document


def test_packed_pages_take_a_tenth_of_the_room_of_their_words() -> None:
    words = tuple(Word("nghiệm", Box(i + 0.1, i + 0.2, i + 0.3, i + 0.4)) for i in range(400))
    page = Page(1, 595.0, 842.0, "text_layer", words)
    # A word takes at least the room of its record, of its box, and of four numbers.
    assert sys.getsizeof(Packed.of(page).data) < 400 * (sys.getsizeof(words[0]) + 4 * sys.getsizeof(0.1)) / 10
