"""PDF: words off the text layer, ruled tables, and the pages that need recognising."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models import Box, Cell, Page, PageTable, Word
from pipeline.reading import errors, pdf, read, second_opinion, tables
from pipeline.reading.media import PDF
from pipeline.reading.pages import from_text_layer
from tests.paper import Sheet, write

LETTER = "Sở Y tế chủ trì, phối hợp với Sở Tài chính rà soát các trạm y tế xã trước ngày 20 tháng 8 năm 2026."


def page_of(path: Path, number: int = 1) -> Page:
    return read(path, media_type=PDF, sha256="0" * 64, workers=0).pages[number - 1]


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


def jpeg(width: int, height: int) -> bytes:
    return cv2.imencode(".jpg", np.full((height, width), 255, np.uint8))[1].tobytes()


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        # spaces part words
        (Sheet().text(72, 700, "Bộ Nội vụ"), ["Bộ", "Nội", "vụ"]),
        # so do gaps without a space: two cells of one line
        (Sheet().text(72, 700, "Số").text(300, 700, "Hà"), ["Số", "Hà"]),
        # pieces that touch are one word, however they are drawn
        (Sheet().text(72, 700, "phân").text(96, 700, "cấp"), ["phâncấp"]),
        # letters and their marks apart become one letter (NFC)
        (Sheet().text(72, 700, "Việt"), ["Việt"]),
        # a raised, smaller figure is a word of its own: a footnote reference
        (Sheet().text(72, 700, "trình").text(102, 705, "1", 7), ["trình", "1"]),
        # a figure of the same size on the line is not
        (Sheet().text(72, 700, "mục").text(90, 700, "1"), ["mục1"]),
        # a symbol broken at the end of a line keeps its hyphen
        (Sheet().text(72, 700, "2418/UBND-").text(72, 685, "KGVX"), ["2418/UBND-", "KGVX"]),
        # text outside of the sheet is not on the page
        (Sheet().text(72, 700, "trong").text(72, 900, "ngoài"), ["trong"]),
    ],
)
def test_words(tmp_path: Path, sheet: Sheet, expected: list[str]) -> None:
    assert texts(page_of(write(tmp_path / "a.pdf", sheet))) == expected


def test_a_word_knows_its_place_and_font(tmp_path: Path) -> None:
    page = page_of(write(tmp_path / "a.pdf", Sheet().text(72, 742, "Giao", 10, "Bold")))
    word = page.words[0]
    assert (word.bold, word.italic, word.size, word.font) == (True, False, 10.0, "Helvetica-Bold")
    # Four letters of half an em; the baseline, 100 points from the top, has 8 above it and 2 below.
    assert (word.box.x0, word.box.top, word.box.x1, word.box.bottom) == pytest.approx((72, 92, 92, 102), abs=0.5)


@pytest.mark.parametrize(
    ("rotate", "expected"),
    [
        # The same mark, near the top left of an upright sheet, as the sheet is turned clockwise.
        (0, (72, 92)),
        (90, (740, 72)),
        (180, (503, 740)),
        (270, (92, 503)),
    ],
)
def test_boxes_lie_on_the_page_as_it_is_shown(tmp_path: Path, rotate: int, expected: tuple[float, float]) -> None:
    page = page_of(write(tmp_path / "a.pdf", Sheet(rotate=rotate).text(72, 742, "Giao", 10)))
    assert (page.words[0].box.x0, page.words[0].box.top) == pytest.approx(expected, abs=1.5)
    assert (page.width, page.height) == ((842, 595) if rotate % 180 else (595, 842))


def cells(page: Page) -> list[list[str]]:
    table = page.tables[0]
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(" ".join(page.words[index].text for index in cell.words))
    return rows


RECTANGLES = (
    " ".join(f"72 {y} 400 0.7 re f" for y in (600, 650, 700))
    + " "
    + " ".join(f"{x} 600 0.7 100 re f" for x in (72, 272, 472))
)


@pytest.mark.parametrize(
    "lines",
    [
        # stroked lines
        Sheet().table([72, 272, 472], [600, 650, 700]),
        # thin filled rectangles, as word processors draw borders
        Sheet().draw(RECTANGLES),
        # the space between two rectangles for every cell; the right and lower one of each is its neighbour's
        Sheet().draw(
            " ".join(
                f"{x} {y} 201 51 re {x + 1} {y + 1} 199 49 re f*" for x in (71.5, 271.5) for y in (599.5, 649.5)
            )
        ),
        # a stroked rectangle for every cell
        Sheet().draw(" ".join(f"{x} {y} 200 50 re S" for x in (72, 272) for y in (600, 650))),
    ],
)
def test_ruled_tables(tmp_path: Path, lines: Sheet) -> None:
    lines.text(80, 670, "TT").text(280, 670, "Nhiệm vụ").text(80, 620, "1").text(280, 620, "Rà soát đê")
    page = page_of(write(tmp_path / "a.pdf", lines))
    assert cells(page) == [["TT", "Nhiệm vụ"], ["1", "Rà soát đê"]]
    assert page.tables[0].certainty == 1.0


def test_lines_under_a_letterhead_are_no_table(tmp_path: Path) -> None:
    sheet = Sheet().text(72, 700, "SỞ Y TẾ").draw("72 690 m 130 690 l S 300 690 m 420 690 l S")
    assert page_of(write(tmp_path / "a.pdf", sheet)).tables == ()


@pytest.mark.parametrize(
    ("sheet", "options", "decision"),
    [
        # text that reads as Vietnamese
        (Sheet().text(72, 700, LETTER, 8), {}, "good"),
        # a page with a number on it and nothing drawn is an almost empty page, not a scan
        (Sheet().text(300, 800, "2"), {}, "good"),
        # a picture and no text
        (Sheet().jpeg(jpeg(40, 60), 40, 60), {}, "empty"),
        # a picture, and the text of a digital signature over it
        (Sheet().jpeg(jpeg(40, 60), 40, 60).text(72, 700, "Người ký: Văn phòng, 08:30", 8), {}, "signed_scan"),
        # codes without a meaning come out as signs
        (Sheet().text(72, 700, LETTER, 8), {"mapped": False}, "no_letters"),
        # codes as another program wrote them down
        (Sheet().text(72, 700, "(cid:12)(cid:3)(cid:44) (cid:7)(cid:19) " * 6, 6), {}, "unmapped"),
        # a wrong map gives letters that make no syllables
        (
            Sheet().text(72, 700, LETTER.translate(str.maketrans("aáàạiuôươềễ", "kqzxwjfvbbb")), 8),
            {},
            "no_syllables",
        ),
        # a table of figures has few letters and is good
        (
            Sheet().text(72, 700, "12.450 3.178 96,5 88,1 4.302 7.719 15.600 23.018 97,4 1.204 905 66.310"),
            {},
            "good",
        ),
        # a font of the TCVN3 encoding, converted; one of the VPS encoding, which nothing here converts
        (
            Sheet().text(72, 700, "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp Tù do H¹nh phóc QuyÕt ®Þnh vÒ viÖc"),
            {"fonts": {"Plain": ".VnTime"}},
            "good",
        ),
        (
            Sheet().text(72, 700, "Quyªt ðónh cüa Üy ban nhân dân tïnh v« viÕc phân công công tác cho các sª"),
            {"fonts": {"Plain": "VPS-Times"}},
            "legacy_font",
        ),
        # an invisible layer that an engine without Vietnamese left under its picture
        (
            Sheet()
            .jpeg(jpeg(40, 60), 40, 60)
            .draw("3 Tr")
            .text(
                72,
                700,
                "CQNG HOA XA HQI CHU NGHIA VIET NAM Kfnh giri: Cac sd, ban nganh, doan the tinh, thanh ph6",
                6,
            ),
            {},
            "bad_ocr_layer",
        ),
    ],
)
def test_a_text_layer_is_judged_by_its_quality(
    tmp_path: Path, sheet: Sheet, options: dict[str, object], decision: str
) -> None:
    path = write(tmp_path / "a.pdf", sheet, **options)  # type: ignore[arg-type]
    page = from_text_layer(path, range(1, 2))[0]
    assert page.evidence["decision"] == decision
    assert (page.source == "text_layer") == (decision == "good")


def test_an_owner_password_alone_is_no_hindrance(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", Sheet().text(72, 700, LETTER, 8), user_password=b"")
    assert " ".join(texts(page_of(path))) == LETTER


def test_a_user_password_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", Sheet().text(72, 700, LETTER, 8), user_password=b"kin")
    with pytest.raises(errors.PasswordProtected):
        page_of(path)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        # a header and nothing behind it
        (b"%PDF-1.4\nrubbish\nstartxref\n9\n%%EOF\n", errors.Unreadable),
        # a page tree without pages
        (None, errors.NoPages),
    ],
)
def test_files_that_cannot_be_opened(tmp_path: Path, content: bytes | None, error: type[Exception]) -> None:
    path = tmp_path / "a.pdf"
    if content is None:
        write(path)
    else:
        path.write_bytes(content)
    with pytest.raises(error):
        page_of(path)


def test_the_page_s_own_jpeg_is_used_where_it_is_the_page(tmp_path: Path) -> None:
    data = jpeg(400, 560)
    path = write(tmp_path / "a.pdf", Sheet().jpeg(data, 400, 560))
    with pdf.opened(path) as document:
        picture = pdf.embedded_picture(document[0], tmp_path, 10**6)
    assert picture is not None
    assert picture.file is not None
    assert picture.file.read_bytes() == data
    assert picture.dpi == pytest.approx(400 * 72 / 595)


@pytest.mark.parametrize(
    "sheet",
    [
        # something is written over the picture
        Sheet().jpeg(jpeg(40, 60), 40, 60).text(72, 700, "Đã ký"),
        # the page is shown turned
        Sheet(rotate=90).jpeg(jpeg(40, 60), 40, 60),
        # no picture
        Sheet().text(72, 700, "Giao"),
    ],
)
def test_other_pages_are_drawn(tmp_path: Path, sheet: Sheet) -> None:
    with pdf.opened(write(tmp_path / "a.pdf", sheet)) as document:
        assert pdf.embedded_picture(document[0], tmp_path, 10**6) is None
        assert pdf.drawn_picture(document[0], 10**8).pixels.size > 0


def test_a_page_too_large_to_draw_is_refused_before_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", Sheet(14400, 14400).text(72, 700, "Giao"))
    with pdf.opened(path) as document, pytest.raises(errors.TooLarge):
        pdf.drawn_picture(document[0], 10**7)


def test_a_doubtful_table_is_looked_at_again(tmp_path: Path) -> None:
    # Words cross a line that pdfplumber, too, sees: its reading is no better, ours stays and is still doubted.
    sheet = Sheet().table([72, 272, 472], [600, 650, 700])
    for y in (670, 620):
        sheet.text(200, y, "thống-nhất-quản-lý-đê-điều")
    page = page_of(write(tmp_path / "a.pdf", sheet))
    assert page.evidence["second_opinion"] is True
    assert (page.tables[0].rows, page.tables[0].columns) == (2, 2)
    assert page.tables[0].certainty < second_opinion.DOUBTFUL


def test_a_file_that_pdfplumber_cannot_open_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(second_opinion.pdfplumber, "open", failing)
    sheet = Sheet().table([72, 272, 472], [600, 650, 700]).text(200, 670, "thống-nhất-quản-lý-đê-điều")
    page = page_of(write(tmp_path / "a.pdf", sheet))
    assert (page.source, len(page.tables)) == ("text_layer", 1)


def test_the_better_reading_of_a_table_wins() -> None:
    words = (Word("một", Box(10, 5, 60, 15)), Word("hai", Box(110, 5, 160, 15)))
    halves = [(0.0, 0.0, 100.0, 20.0), (100.0, 0.0, 200.0, 20.0), (0.0, 20.0, 200.0, 40.0)]
    other = second_opinion._grid(halves, 0, 0)
    assert other is not None
    ours = PageTable(Box(0, 0, 200, 40), 1, 1, (Cell(0, 0, box=Box(0, 0, 200, 40), words=(0, 1)),), certainty=0.4)
    better = second_opinion._better(ours, [tables.fill(other, words)])
    assert [(c.row, c.column, c.row_span, c.column_span, c.words) for c in better.cells] == [
        (0, 0, 1, 1, (0,)),
        (0, 1, 1, 1, (1,)),
        (1, 0, 1, 2, ()),
    ]
