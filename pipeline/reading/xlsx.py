"""XLSX to blocks: every visible sheet is a heading, its tables, and what stands around them as paragraphs.

A table begins where a row names columns; one sheet may hold several. Merged cells stay merged, days and shares
are written as a letter would write them.
"""

import datetime
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

from models import Block, Cell, Footnote, Grid, Paragraph
from pipeline.reading import errors
from pipeline.reading.limits import Limits

OWN_SHEET = "giaoviec"
"""The hidden sheet of a workbook that was exported here."""

MOST_CELLS = 2_000_000
LINE_CELLS = 2
"""A row of so many cells at most may be a line of text; a letterhead's two columns are two."""
MARKER_SIGNS = 5
"""`I`, `1.2`, `A.` in front of a row: it is a group of the table."""
LONGEST_NAME = 80
"""Signs of a column's name; what is longer is a sentence."""
_VALUE = re.compile(r"[\d.,]+ ?%?|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")
_ROW_MARKER = re.compile(r"\(?(?:[IVX]{1,5}|\d{1,4}(?:\.\d{1,3})*|[a-zđ])[.)]?")
MOST_COLUMNS = 100
"""Columns beyond these hold no table of tasks; sheets styled to their edges have thousands of empty ones."""


def read(path: Path, limits: Limits) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """Paragraphs and tables of a workbook, values only; hidden sheets are left out.

    Raises `TooLarge` before unpacking more than the limits allow, `Unreadable` where it is damaged, `OwnExport`
    where it was exported here.
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
    if OWN_SHEET in book.sheetnames:
        raise errors.OwnExport
    blocks: list[Block] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            if len(book.worksheets) > 1:
                blocks.append(Paragraph(_text(sheet.title), role="heading"))
            blocks.extend(_sheet(sheet))
    return tuple(blocks), ()


class Row(NamedTuple):
    """A row with anything in it: its number in the sheet, its texts by column, and which of them are bold."""

    number: int
    cells: dict[int, str]
    bold: frozenset[int] = frozenset()

    @property
    def is_line(self) -> bool:
        """Whether it is a line of text rather than of a table: a cell or two, no list marker in front."""
        return len(self.cells) <= LINE_CELLS and len(next(iter(self.cells.values()))) > MARKER_SIGNS


def _sheet(sheet: Any) -> list[Block]:
    """The tables of a sheet, and the lines above, between and under them."""
    if sheet.max_row * min(sheet.max_column, MOST_COLUMNS) > MOST_CELLS:
        raise errors.TooLarge(f"{sheet.max_row} rows")
    spans = {
        (area.min_row, area.min_col): (area.size["rows"], area.size["columns"]) for area in sheet.merged_cells
    }
    rows = [
        Row(
            number,
            {cell.column: text for cell in cells if (text := _text(cell.value, cell.number_format))},
            frozenset(cell.column for cell in cells if cell.value is not None and cell.font.bold),
        )
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1)
        if any(cell.value is not None for cell in cells)
    ]
    rows = [row for row in rows if row.cells]
    blocks: list[Block] = []
    end = 0
    for start, stop in _tables(rows):
        blocks += _lines(rows[end:start])
        blocks.append(_grid(rows[start:stop], spans))
        end = stop
    return blocks + _lines(rows[end:])


def _lines(rows: Sequence[Row]) -> list[Block]:
    return [Paragraph(text) for row in rows for text in row.cells.values()]


def _tables(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Where tables begin and end: at rows that name columns; without any, at the first row of several cells."""
    named = [n for n, row in enumerate(rows) if _names_columns(row)]
    # A header over two lines is one header.
    starts = [n for n in named if not (n - 1 in named and rows[n - 1].number == rows[n].number - 1)]
    starts = [n for n in starts if n == starts[0] or _opens_another(rows[n])]
    if not starts:
        wide = [n for n, row in enumerate(rows) if len(row.cells) > LINE_CELLS]
        wide = wide or [n for n, row in enumerate(rows) if len(row.cells) > 1]
        starts = wide[:1]
    found = []
    for start, following in pairwise([*starts, len(rows)]):
        stop = following
        while (
            stop - 1 > start and rows[stop - 1].is_line and (following < len(rows) or _after_gap(rows, stop - 1))
        ):
            stop -= 1
        found.append((start, stop))
    return found


def _after_gap(rows: Sequence[Row], index: int) -> bool:
    """Whether nothing but lines stands between a row and an empty one above it: it follows a table."""
    while index > 0 and rows[index].is_line:
        if rows[index].number > rows[index - 1].number + 1:
            return True
        index -= 1
    return False


def _names_columns(row: Row) -> bool:
    """Whether a row says of at least two columns what they hold, in few words each."""
    return len(_meanings(row) - {None}) > 1


def _opens_another(row: Row) -> bool:
    """Whether a row that names columns below others is a header, too, and no task in such words.

    `4 | cuối tháng 11 | Báo cáo tình hình giải ngân | Quá hạn` is none: a header numbers and dates nothing.
    """
    texts = list(row.cells.values())
    if _ROW_MARKER.fullmatch(texts[0]) or any(_VALUE.fullmatch(text) for text in texts):
        return False
    return bool(_meanings(row) & {"number", "task", "content"})


def _meanings(row: Row) -> set[str | None]:
    # Loaded where a workbook is read: processes that read pages do without.
    from extractors.tables import meaning

    return {meaning(text) for text in row.cells.values() if len(text) <= LONGEST_NAME}


def _grid(rows: Sequence[Row], spans: dict[tuple[int, int], tuple[int, int]]) -> Grid:
    """Rows as a table: empty rows left out, as are columns beside the filled ones."""
    at = {row.number: n for n, row in enumerate(rows)}
    used = sorted({column for row in rows for column in row.cells})
    first, last = used[0], used[-1]
    found = []
    for row in rows:
        for column, text in row.cells.items():
            down, right = spans.get((row.number, column), (1, 1))
            down = max(1, sum(row.number <= number < row.number + down for number in at))
            right = min(right, last - column + 1)
            written = Paragraph(text, bold=column in row.bold)
            found.append(Cell(at[row.number], column - first, down, right, paragraphs=(written,)))
    return Grid(len(rows), last - first + 1, tuple(found))


def _text(value: Any, form: str = "General") -> str:
    """A cell's value as a letter would write it: 30/06/2026, 17 giờ 30 ngày 30/06/2026, 50%, 7."""
    match value:
        case None:
            return ""
        case datetime.datetime() if value.time() > datetime.time():
            return f"{value.hour} giờ {value.minute:02d} ngày {_text(value.date())}"
        case datetime.datetime() | datetime.date():
            return f"{value.day:02d}/{value.month:02d}/{value.year}"
        case datetime.time():
            return f"{value.hour} giờ {value.minute:02d}"
        case float() | int() if "%" in form and not isinstance(value, bool):
            return f"{round(value * 100, 2):g}%".replace(".", ",")
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return unicodedata.normalize("NFC", " ".join(str(value).split()))
