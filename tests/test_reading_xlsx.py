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


def test_what_unpacks_to_too_much_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(errors.TooLarge):
        xlsx.read(made(tmp_path), Limits(unpacked_bytes=100))


def test_a_damaged_workbook_is_said(tmp_path: Path) -> None:
    path = made(tmp_path)
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(errors.ReadingError):
        xlsx.read(path, Limits())
