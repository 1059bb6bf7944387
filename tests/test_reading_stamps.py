"""Incoming stamps on pictures of pages: found, read apart, taken off the page; in colour and in gray."""

import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from extractors import extract, layout
from models import Box, Cell, Document, Office, OwnBody, PageTable, Paragraph, Word
from pipeline.reading import pages, scans, stamps
from pipeline.reading.limits import Limits
from pipeline.reading.material import PagePicture, Picture
from pipeline.reading.media import PDF

LETTER = Path("samples/formats/f1-two-stamps.pdf")
SECONDS = 900.0


@pytest.fixture(scope="module")
def picture() -> PagePicture:
    """The page of a letter that went through two offices, in colour."""
    with pages.picture(LETTER, PDF, 1, Limits()) as found:
        return found._replace(file=None)


def in_gray(picture: PagePicture) -> PagePicture:
    return picture._replace(pixels=cv2.cvtColor(picture.pixels, cv2.COLOR_BGR2GRAY))


def as_document(picture: PagePicture) -> Document:
    return Document("x", PDF, "0", (scans.read(picture, 1, {}, SECONDS),))


def test_both_stamps_are_read_in_colour_and_ours_is_told(picture: PagePicture) -> None:
    document = as_document(picture)
    page = document.pages[0]
    assert len(page.stamps) == 2
    assert "4410" not in [word.text for word in page.words]
    said = [block for block in layout.blocks(document) if isinstance(block, Paragraph) and block.role == "stamp"]
    assert all("ĐẾN" in paragraph.text and paragraph.pieces for paragraph in said)
    office = Office((OwnBody("Sở Y tế", scope="Khánh Hòa"),))
    letter = extract(document, office)
    assert (letter.arrival_number, letter.arrival_date) == ("987", datetime.date(2026, 3, 11))
    # fifteen days from the day it was received
    due = {task.deadline.due_date for task in letter.tasks if task.deadline.anchor == "received"}
    assert due == {datetime.date(2026, 3, 26)}


def test_both_stamps_are_read_in_gray_by_their_frames(picture: PagePicture) -> None:
    found = stamps.on_picture(in_gray(picture), SECONDS)
    names = [" ".join(word.text for word in pressed.stamp.words) for pressed in found]
    assert len(names) == 2
    assert any("UBND" in name and "09/3/2026" in name for name in names)
    assert any("987" in name and "11/3" in name for name in names)
    gone = stamps.erased(in_gray(picture).pixels, found, coloured=False)
    x, y = int(found[0].region.x), int(found[0].region.y)
    assert gone[y - 20 : y + 20, x - 50 : x + 50].std() == 0


def frame(width: float, height: float, text: str = "", tilt: float = 0.0) -> Picture:
    """A gray page at 100 dpi with one frame of that size in inches, and words in it."""
    page: Picture = np.full((1170, 827), 250, np.uint8)
    corners = cv2.boxPoints(((300.0, 300.0), (width * 100, height * 100), tilt)).astype(np.int32)
    cv2.polylines(page, [corners], isClosed=True, color=20, thickness=2)
    cv2.putText(page, text, (240, 305), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 2)
    return page


@pytest.mark.parametrize(
    ("page", "count"),
    [
        # as the decree draws it
        (frame(2.0, 1.4), 1),
        # pressed askew
        (frame(2.0, 1.4, tilt=6.0), 1),
        # the box of KHẨN
        (frame(1.2, 0.32, "KHAN"), 0),
        # a table of the text
        (frame(6.0, 2.0), 0),
        (np.full((1170, 827), 250, np.uint8), 0),
    ],
)
def test_a_frame_of_a_stamps_size(page: Picture, count: int) -> None:
    assert len(stamps.candidates(page, 100.0)) == count


def test_a_frame_that_says_nothing_of_arrival_stays_on_the_page() -> None:
    picture = PagePicture(frame(2.0, 1.2, "XEM XONG"), 595.0, 842.0)
    assert stamps.on_picture(picture, SECONDS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SỞ Y TẾ ĐẾN Số: 12 Ngày: 3/4", True),
        # marks lost
        ("ĐEN Sô: Ngay:", True),
        ("Số: Ngày: Chuyển:", True),
        # the words of a sentence
        ("đến ngày Số: 12", False),
        # a head of a letter
        ("BỘ Y TẾ Số: 12/BYT-KCB ngày 3", False),
    ],
)
def test_what_a_stamp_says(text: str, expected: bool) -> None:
    assert stamps.says_stamp(text.split()) is expected


def test_a_stamp_drawn_on_a_text_page_is_no_table() -> None:
    def word(text: str) -> Word:
        return Word(text, Box(0, 0, 1, 1))

    words = tuple(map(word, ["Kính", "ĐẾN", "Số:", "12", "gửi", "a", "b"]))
    stamp = PageTable(Box(60, 100, 200, 180), 1, 2, (Cell(0, 0, words=(1,)), Cell(0, 1, words=(2, 3))))
    other = PageTable(Box(60, 300, 500, 400), 1, 2, (Cell(0, 0, words=(5,)), Cell(0, 1, words=(6,))))
    left, tables, found = stamps.apart(words, (stamp, other), 842.0)
    assert [w.text for w in left] == ["Kính", "gửi", "a", "b"]
    assert [cell.words for table in tables for cell in table.cells] == [(2,), (3,)]
    assert [w.text for w in found[0].words] == ["ĐẾN", "Số:", "12"]
