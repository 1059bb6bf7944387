"""Number and day that are pictures over blanks of a good text layer."""

from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest

from models import Box, Word
from pipeline.reading import blanks, ocr, pages
from pipeline.reading.errors import EngineMissing
from pipeline.reading.ocr import Recognised
from tests.paper import Sheet, write

HEIGHT = 842.0


def line(text: str, top: float = 100.0, x: float = 72.0) -> list[Word]:
    """Words of one line: 6 points a letter, a space, and a gap for every `_`."""
    words = []
    for part in text.split(" "):
        gap = part.count("_")
        if gap:
            x += 30.0 * gap
            continue
        words.append(Word(part, Box(x, top, x + 6 * len(part), top + 12)))
        x += 6 * len(part) + 3
    return words


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        # the number, before a symbol of the state's and one of the Party's
        (line("Số: _ /UBND-KT"), ["Số:"]),
        (line("Số _ -CV/TU"), ["Số"]),
        # the day alone; day and month
        (line("Huế, ngày _ tháng 6 năm 2026"), ["ngày"]),
        (line("Huế, ngày _ tháng _ năm 2026"), ["ngày", "tháng"]),
        # number and symbol both in a picture, the date of the other column far away on the same line
        (line("Số: _ _ _ _ _ Huế, ngày 3 tháng 6 năm 2026"), ["Số:"]),
        # rows of dots, apart and joined to what stands before and behind them
        (line("Số: ........ /UBND-KT"), ["Số:"]),
        (line("Số: ......../UBND-KT"), ["Số:"]),
        (line("Số:......../UBND-KT"), ["Số:......../UBND-KT"]),
        (line("Huế, ngày …… tháng …… năm 2026"), ["ngày", "tháng"]),
        # an annex's line
        (line("(Kèm theo Quyết định số _ /QĐ-UBND ngày _ tháng 6 năm 2026)"), ["số", "ngày"]),
        # nothing blank
        (line("Số: 412/UBND-KT"), []),
        (line("Huế, ngày 3 tháng 6 năm 2026"), []),
        # no room for anything: a symbol without number in a sentence
        (line("Số: /UBND-KT"), []),
        # a blank in the body is none of a letterhead
        (line("trước ngày _ tháng 6", top=600.0), []),
        # words that only begin alike
        (line("số _ lượng ngày _ công"), []),
        # the next line is another one
        (line("Số:") + line("/UBND", top=130.0, x=140.0), ["Số:"]),
    ],
)
def test_blanks_are_found(words: list[Word], labels: list[str]) -> None:
    assert [words[index].text for index, _ in blanks.blanks(words, HEIGHT)] == labels


def letter(path: Path, picture: str) -> Path:
    """A page whose number is a picture (of `picture`; none if empty) over a blank."""
    sheet = Sheet().text(72, 780, "Số:").text(170, 780, "/UBND-KT").text(300, 780, "Huế, ngày 3 tháng 6 năm 2026")
    sheet.text(72, 700, "Kính gửi các sở, ban, ngành và Ủy ban nhân dân các xã, phường trên địa bàn", 8)
    if picture:
        image = np.full((60, 200), 255, np.uint8)
        cv2.putText(image, picture, (10, 48), cv2.FONT_HERSHEY_DUPLEX, 1.8, 0, 3)
        sheet.picture = (cv2.imencode(".jpg", image)[1].tobytes(), 200, 60)
        sheet.draw("q 55 0 0 16 98 776 cm /Im Do Q")
    return write(path, sheet)


@pytest.mark.engine
@pytest.mark.parametrize(
    "texts",
    [((72, "Số:"), (98, "........../UBND-KT")), ((72, "Số:.............../UBND-KT"),)],
)
def test_a_number_over_dots_takes_their_place(tmp_path: Path, texts: tuple[tuple[int, str], ...]) -> None:
    sheet = Sheet()
    for at, text in texts:
        sheet.text(at, 780, text)
    sheet.text(72, 700, "Kính gửi các sở, ban, ngành và Ủy ban nhân dân các xã, phường trên địa bàn", 8)
    image = np.full((60, 330), 255, np.uint8)
    cv2.putText(image, "4127", (10, 48), cv2.FONT_HERSHEY_DUPLEX, 1.8, 0, 3)
    sheet.picture = (cv2.imencode(".jpg", image)[1].tobytes(), 330, 60)
    # the picture covers the dots
    sheet.draw("q 84 0 0 16 98 776 cm /Im Do Q")
    (page,) = pages.from_text_layer(write(tmp_path / "a.pdf", sheet), range(1, 2))
    assert [word.text for word in page.words[:3]] == ["Số:", "4127", "/UBND-KT"]


@pytest.mark.engine
def test_a_number_on_an_annexs_page_is_read_too(tmp_path: Path) -> None:
    one = Sheet().text(72, 780, "Số: 12/UBND-KT").text(72, 700, "Kính gửi các sở, ban, ngành và các xã, phường", 8)
    path = letter(tmp_path / "a.pdf", "4127")
    whole = pdfium.PdfDocument(write(tmp_path / "b.pdf", one))
    with pdfium.PdfDocument(path) as annex:
        whole.import_pages(annex)
    whole.save(tmp_path / "c.pdf")
    page = pages.from_text_layer(tmp_path / "c.pdf", range(1, 3))[1]
    assert [word.text for word in page.words[:3]] == ["Số:", "4127", "/UBND-KT"]


def shown(path: Path) -> tuple[str, str, list[str]]:
    (page,) = pages.from_text_layer(path, range(1, 2))
    return page.source, str(page.evidence.get("blanks_read")), [word.text for word in page.words[:3]]


@pytest.mark.engine
def test_a_number_is_read_off_its_picture(tmp_path: Path) -> None:
    assert shown(letter(tmp_path / "a.pdf", "4127")) == ("both", "1", ["Số:", "4127", "/UBND-KT"])


@pytest.mark.engine
@pytest.mark.parametrize("kind", ["Stamp", "FreeText", "Widget /FT /Sig /T (s)", "Widget /FT /Tx /T (s)"])
def test_a_number_is_read_off_an_annotation(tmp_path: Path, kind: str) -> None:
    sheet = Sheet().text(72, 780, "Số:").text(170, 780, "/UBND-KT").annotate(kind, (98, 776, 153, 792))
    sheet.text(72, 700, "Kính gửi các sở, ban, ngành và Ủy ban nhân dân các xã, phường trên địa bàn", 8)
    image = np.full((60, 200), 255, np.uint8)
    cv2.putText(image, "4127", (10, 48), cv2.FONT_HERSHEY_DUPLEX, 1.8, 0, 3)
    sheet.picture = (cv2.imencode(".jpg", image)[1].tobytes(), 200, 60)
    assert shown(write(tmp_path / "a.pdf", sheet)) == ("both", "1", ["Số:", "4127", "/UBND-KT"])


def test_a_blank_without_ink_stays_one(tmp_path: Path) -> None:
    assert shown(letter(tmp_path / "a.pdf", "")) == ("text_layer", "0", ["Số:", "/UBND-KT", "Huế,"])


@pytest.mark.parametrize(
    ("words", "source"),
    [
        # a stroke of a signature is no number
        ([Recognised("—~", 0, 0, 9, 9, 0.4)], "text_layer"),
        # engines part digits now and then
        ([Recognised("41", 0, 0, 9, 9, 0.9), Recognised("27", 12, 0, 20, 9, 0.8)], "both"),
    ],
)
def test_only_digits_fill_a_blank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[Recognised], source: str
) -> None:
    monkeypatch.setattr(ocr, "recognise_each", lambda images, *_: [words for _ in images])
    (page,) = pages.from_text_layer(letter(tmp_path / "a.pdf", "4127"), range(1, 2))
    assert page.source == source
    if source == "both":
        assert (page.words[1].text, page.words[1].confidence) == ("4127", 0.8)
        assert page.words[0].box.x1 < page.words[1].box.x0 < page.words[2].box.x0


def test_without_an_engine_the_text_layer_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise EngineMissing

    monkeypatch.setattr(ocr, "recognise_each", missing)
    (page,) = pages.from_text_layer(letter(tmp_path / "a.pdf", "4127"), range(1, 2))
    assert (page.source, page.evidence["blanks_unread"]) == ("text_layer", "EngineMissing")
