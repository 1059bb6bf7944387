"""Task tables without lines: columns told by the white between them, under a header that names them.

Only what is beyond doubt becomes a table: a header that begins with `TT` and names two more columns of a task
table, and numbered rows below whose words keep clear of the same white strips.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from extractors import lines
from extractors.markers import read as marker_of
from models import Box, Cell, Page, PageTable, Word

CERTAINTY = 0.6
"""How sure the rows and columns are: a reviewer looks twice."""
LEAST_ROWS, LEAST_COLUMNS = 2, 3
NARROWEST = 0.5
"""Width of a white strip between columns, in letter sizes."""
MOST_HEADER_LINES = 3

_NUMBERS = ("tt", "stt", "số tt")
_TASKS = ("nhiệm vụ", "nội dung", "công việc", "đầu việc")
_OTHERS = (
    "cơ quan",
    "đơn vị",
    "chủ trì",
    "phối hợp",
    "thực hiện",
    "thời hạn",
    "thời gian",
    "tiến độ",
    "hoàn thành",
)

Row = list[tuple[int, Word]]


def found(page: Page) -> Page:
    """The page with its open table, where it holds one; words keep their places."""
    taken = {index for table in page.tables for cell in table.cells for index in cell.words}
    free = [(index, word) for index, word in enumerate(page.words) if index not in taken]
    if not any(word.text.casefold() in ("tt", "stt") for _, word in free):
        return page
    rows = _rows(free)
    for number, row in enumerate(rows):
        table = _table(rows[number:]) if _is_header(row) else None
        if table is not None:
            return msgspec.structs.replace(page, tables=(*page.tables, table))
    return page


def _rows(free: Sequence[tuple[int, Word]]) -> list[Row]:
    """Words in rows from top to bottom, with their indexes on the page."""
    places = {id(word): index for index, word in free}
    grouped = lines.rows_of([word for _, word in free])
    rows = [[(places[id(word)], word) for word in row] for row in grouped]
    return sorted(rows, key=lambda row: min(word.box.top for _, word in row))


def _segments(row: Row, least: float) -> list[Row]:
    """A row cut where white parts its words."""
    parts: list[Row] = [[row[0]]]
    for (_, before), entry in pairwise(row):
        if entry[1].box.x0 - before.box.x1 > least:
            parts.append([])
        parts[-1].append(entry)
    return parts


def _size(row: Row) -> float:
    return max(word.box.bottom - word.box.top for _, word in row)


def _is_header(row: Row) -> bool:
    texts = [" ".join(word.text for _, word in part).casefold() for part in _segments(row, NARROWEST * _size(row))]
    return (
        len(texts) >= LEAST_COLUMNS
        and texts[0] in _NUMBERS
        and any(name in text for name in _TASKS for text in texts[1:])
        and any(name in text for name in _OTHERS for text in texts[1:])
    )


def _table(rows: Sequence[Row]) -> PageTable | None:
    """The table whose header is the first of these rows; None where what follows keeps to no columns."""
    size = _size(rows[0])
    heads = _segments(rows[0], NARROWEST * size)
    # A strip lies between the middles of two heads, where no word of any row stands.
    middles = [(part[0][1].box.x0 + part[-1][1].box.x1) / 2 for part in heads]
    strips = [[(left, right)] for left, right in pairwise(middles)]
    kept: list[Row] = []
    for row in rows:
        narrowed = [_clear(strip, row, NARROWEST * size) for strip in strips]
        far = bool(kept) and min(w.box.top for _, w in row) - max(w.box.bottom for _, w in kept[-1]) > 3 * size
        if far or not all(narrowed):
            break
        strips = narrowed
        kept.append(row)
    edges = [max(strip, key=lambda gap: gap[1] - gap[0]) for strip in strips]
    cuts = [(left + right) / 2 for left, right in edges]
    return _filled(kept, cuts)


def _clear(strip: list[tuple[float, float]], row: Row, least: float) -> list[tuple[float, float]]:
    """What is left of the gaps of a strip where the words of a row do not stand."""
    gaps = strip
    for _, word in row:
        parts = ((min(right, word.box.x0), left, right) for left, right in gaps)
        gaps = [
            gap
            for end, left, right in parts
            for gap in ((left, end), (max(left, word.box.x1), right))
            if gap[1] - gap[0] >= least
        ]
    return list(dict.fromkeys(gaps))


def _filled(rows: Sequence[Row], cuts: Sequence[float]) -> PageTable | None:
    """The rows as cells: a number in the first column begins one, what stands without goes on."""
    records: list[list[Row]] = [[]]
    for row in rows:
        first = [word.text for _, word in row if (word.box.x0 + word.box.x1) / 2 < cuts[0]]
        if first and _is_number(first[0]):
            records.append([])
        records[-1].append(row)
    head, body = records[0], records[1:]
    if len(head) > MOST_HEADER_LINES or len(body) < LEAST_ROWS:
        return None
    words = [word for row in rows for _, word in row]
    box = Box(
        min(word.box.x0 for word in words),
        min(word.box.top for word in words),
        max(word.box.x1 for word in words),
        max(word.box.bottom for word in words),
    )
    sides = [box.x0, *cuts, box.x1]
    cells: list[Cell] = []
    for number, record in enumerate(records):
        entries = [entry for row in record for entry in row]
        top, bottom = min(w.box.top for _, w in entries), max(w.box.bottom for _, w in entries)
        for column, (left, right) in enumerate(pairwise(sides)):
            own = tuple(i for i, w in entries if left <= (w.box.x0 + w.box.x1) / 2 < right)
            cells.append(Cell(number, column, box=Box(left, top, right, bottom), words=own))
    return PageTable(box, len(records), len(sides) - 1, tuple(cells), CERTAINTY)


def _is_number(text: str) -> bool:
    return text.strip(".)").isdigit() or marker_of(f"{text} X") is not None
