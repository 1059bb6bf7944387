"""Workbooks read as documents: sheets, titles above the table, merged cells, days as letters write them."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from models import Grid, Paragraph
from pipeline.reading import errors, xlsx
from pipeline.reading.limits import Limits


def made(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Quý I"
    sheet["B1"] = "KẾ HOẠCH NĂM 2026"
    for row in (["TT", "Nhiệm vụ", None, "Thời hạn"], [1, "Trồng rừng", "chắn sóng", datetime.date(2026, 5, 3)]):
        sheet.append(row)
    sheet.append([2.0, "=1+1", None, 2.5])
    sheet.merge_cells("B2:C2")
    hidden = book.create_sheet("ẩn")
    hidden["A1"] = "không đọc"
    hidden.sheet_state = "hidden"
    path = tmp_path / "không đuôi"
    book.save(path)
    return path


def test_a_workbook_is_headings_paragraphs_and_tables(tmp_path: Path) -> None:
    blocks, notes = xlsx.read(made(tmp_path), Limits())
    heading, title, grid = blocks
    assert isinstance(heading, Paragraph) and isinstance(title, Paragraph) and isinstance(grid, Grid)
    assert (heading.text, heading.role, title.text, notes) == ("Quý I", "heading", "KẾ HOẠCH NĂM 2026", ())
    assert (grid.rows, grid.columns) == (3, 4)
    texts = {(cell.row, cell.column): cell.text for cell in grid.cells}
    assert texts[1, 0] == "1"
    assert texts[1, 3] == "03/05/2026"
    # a formula that no spreadsheet has computed has no value
    assert (texts[2, 0], texts.get((2, 1)), texts[2, 3]) == ("2", None, "2.5")
    assert next(cell.column_span for cell in grid.cells if cell.text == "Nhiệm vụ") == 2


HEADER = ["TT", "Nhiệm vụ", "Cơ quan thực hiện", None, "Thời hạn"]
UNDER = [None, None, "Chủ trì", "Phối hợp", None]


def shape(blocks: tuple[Paragraph | Grid, ...]) -> list[object]:
    """Paragraphs by their text, tables by (rows, the texts of their first column's cells)."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else (block.rows, [cell.text for cell in block.cells if cell.column == 0])
        for block in blocks
    ]


@pytest.mark.parametrize(
    ("rows", "merged", "expected"),
    [
        # a letterhead of two columns and a title of one merged cell are above the table
        (
            [["UBND TỈNH A", None, None, "CỘNG HÒA XÃ HỘI"], ["PHỤ LỤC"], HEADER, UNDER, [1, "Rà soát"]],
            ["A2:E2", "A3:A4", "C3:D3"],
            ["UBND TỈNH A", "CỘNG HÒA XÃ HỘI", "PHỤ LỤC", (3, ["TT", "1"])],
        ),
        # two tables under each other, each with its title and its header
        (
            [HEADER, [1, "Rà soát"], [], ["Bảng 2. Nhiệm vụ khác"], HEADER, [1, "Sửa chữa"]],
            [],
            [(2, ["TT", "1"]), "Bảng 2. Nhiệm vụ khác", (2, ["TT", "1"])],
        ),
        # empty rows and group rows are within the table, lines after a gap are not
        (
            [
                HEADER,
                ["I", "Y tế"],
                [1, "Rà soát"],
                [],
                ["II", "Giáo dục"],
                [2, "Sửa chữa"],
                [],
                [None, "Nơi nhận: Như trên"],
            ],
            [],
            [(5, ["TT", "I", "1", "II", "2"]), "Nơi nhận: Như trên"],
        ),
        # a last row of two cells without a gap is the table's
        ([HEADER, [1, "Rà soát"], ["Cộng các nhiệm vụ", "1"]], [], [(3, ["TT", "1", "Cộng các nhiệm vụ"])]),
        # no row that names columns: from the first row of several cells on
        (
            [["Danh sách"], ["An", "Phòng Tổ chức", "0912"], ["Bình", "Văn phòng", "0913"]],
            [],
            ["Danh sách", (2, ["An", "Bình"])],
        ),
        # nothing but lines
        ([["Danh sách"], ["kèm theo"]], [], ["Danh sách", "kèm theo"]),
        ([], [], []),
    ],
)
def test_tables_and_what_stands_around_them(
    tmp_path: Path, rows: list[list[object]], merged: list[str], expected: list[object]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    path = tmp_path / "a"
    book.save(path)
    assert shape(xlsx.read(path, Limits())[0]) == expected


def test_merged_cells_down_and_across(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, UNDER, [1, "Rà soát", "Sở Y tế"], [], [2, "Mua sắm"]):
        sheet.append(row)
    for area in ("A1:A2", "C1:D1", "C3:C5"):
        sheet.merge_cells(area)
    book.save(tmp_path / "a")
    (grid,) = xlsx.read(tmp_path / "a", Limits())[0]
    assert isinstance(grid, Grid)
    spans = {
        cell.text: (cell.row_span, cell.column_span) for cell in grid.cells if cell.row_span * cell.column_span > 1
    }
    # The empty row in the middle is left out of the table, and of the span.
    assert spans == {"TT": (2, 1), "Cơ quan thực hiện": (1, 2), "Sở Y tế": (2, 1)}


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        # Excel knows no time zones
        (datetime.datetime(2026, 4, 15), "dd/mm/yyyy", "15/04/2026"),  # noqa: DTZ001
        (datetime.datetime(2026, 6, 30, 17, 30), "dd/mm/yyyy hh:mm", "17 giờ 30 ngày 30/06/2026"),  # noqa: DTZ001
        (datetime.time(7, 5), "hh:mm", "7 giờ 05"),
        (0.5, "0%", "50%"),
        (0.125, "0.0%", "12,5%"),
        (0.5, "General", "0.5"),
        (3.0, "General", "3"),
        ("Quý  II", "General", "Quý II"),
        (True, "General", "True"),
    ],
)
def test_values_as_letters_write_them(tmp_path: Path, value: object, form: str, expected: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = value
    sheet["A1"].number_format = form
    book.save(tmp_path / "a")
    (block,) = xlsx.read(tmp_path / "a", Limits())[0]
    assert isinstance(block, Paragraph)
    assert block.text == expected


def test_what_unpacks_to_too_much_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(errors.TooLarge):
        xlsx.read(made(tmp_path), Limits(unpacked_bytes=100))


def test_a_damaged_workbook_is_said(tmp_path: Path) -> None:
    path = made(tmp_path)
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(errors.ReadingError):
        xlsx.read(path, Limits())
