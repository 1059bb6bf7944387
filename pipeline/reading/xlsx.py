"""XLSX to blocks: every visible sheet is a heading and a table, rows before the header are paragraphs."""

import datetime
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from models import Block, Cell, Footnote, Grid, Paragraph
from pipeline.reading import errors
from pipeline.reading.limits import Limits

MOST_CELLS = 2_000_000
MOST_COLUMNS = 100
"""Columns beyond these hold no table of tasks; sheets styled to their edges have thousands of empty ones."""


def read(path: Path, limits: Limits) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """Paragraphs and tables of a workbook, values only; hidden sheets are left out.

    Raises `TooLarge` before unpacking more than the limits allow, `Unreadable` where it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > limits.unpacked_bytes:
            raise errors.TooLarge(f"{unpacked} bytes unpacked")
        # By its content: in staging and in the journal it has no name that ends in .xlsx.
        with path.open("rb") as file:
            book = load_workbook(file, data_only=True)
    except errors.ReadingError:
        raise
    except Exception as error:
        # openpyxl raises whatever its ZIP and XML readers raise.
        raise errors.Unreadable(type(error).__name__) from error
    blocks: list[Block] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            if len(book.worksheets) > 1:
                blocks.append(Paragraph(_text(sheet.title), role="heading"))
            blocks.extend(_sheet(sheet))
    return tuple(blocks), ()


def _sheet(sheet: Any) -> list[Block]:
    """Rows with one filled cell before the first row with several are paragraphs; the rest is one table."""
    if sheet.max_row * min(sheet.max_column, MOST_COLUMNS) > MOST_CELLS:
        raise errors.TooLarge(f"{sheet.max_row} rows")
    spans = {
        (area.min_row, area.min_col): (area.size["rows"], area.size["columns"]) for area in sheet.merged_cells
    }
    rows = [
        (number, {column: _text(value) for column, value in enumerate(values, 1) if _text(value)})
        for number, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1)
    ]
    rows = [(number, cells) for number, cells in rows if cells]
    first = next((n for n, (_, cells) in enumerate(rows) if len(cells) > 1), len(rows))
    blocks: list[Block] = [Paragraph(text) for _, cells in rows[:first] for text in cells.values()]
    table = rows[first:]
    if table:
        at = {number: n for n, (number, _) in enumerate(table)}
        used = sorted({column for _, cells in table for column in cells})
        place = {column: n for n, column in enumerate(range(used[0], used[-1] + 1))}
        found = []
        for number, cells in table:
            for column, text in cells.items():
                down, right = spans.get((number, column), (1, 1))
                down = sum(number <= row < number + down for row in at)
                right = min(right, used[-1] - column + 1)
                found.append(Cell(at[number], place[column], down, right, paragraphs=(Paragraph(text),)))
        blocks.append(Grid(len(table), len(place), tuple(found)))
    return blocks


def _text(value: Any) -> str:
    """A cell's value as a letter would write it: days as 30/6/2026, whole numbers without a point."""
    match value:
        case None:
            return ""
        case datetime.datetime() | datetime.date():
            return f"{value.day:02d}/{value.month:02d}/{value.year}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return unicodedata.normalize("NFC", " ".join(str(value).split()))
