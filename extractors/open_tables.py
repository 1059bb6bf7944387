"""Task tables without lines: columns told by the white between them, under a header that names them.

Only what is beyond doubt becomes a table: a header that begins with `TT` and names two more columns of a task
table, and numbered rows below whose words keep clear of the same white strips. It goes on over the end of a page
for as long as numbered rows keep clear of them there.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from extractors import lines
from extractors.furniture import MARGIN
from extractors.markers import read as marker_of
from models import Box, Cell, Page, PageTable, Word

CERTAINTY = 0.6
"""How sure the rows and columns are: a reviewer looks twice."""
LEAST_ROWS, LEAST_COLUMNS = 2, 3
NARROWEST = 0.5
"""Width of a white strip between columns, in letter sizes."""
MOST_HEADER_LINES = 3
HEADER_GAP = 0.8
"""White between two lines of one header, in letter sizes, at most."""
ROW_GAP = 3
"""The same between two lines of a table."""

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
Gap = tuple[float, float]


class _Columns(NamedTuple):
    """What is known of a table's columns: between each two the white gaps that are left, and the letter size."""

    strips: list[list[Gap]]
    size: float


class _Part(NamedTuple):
    """The rows of a table on one page: the page's index, and the rows."""

    page: int
    rows: list[Row]


def found(pages: Sequence[Page]) -> list[Page]:
    """The pages with their open tables, words in their places; one table on each at most."""
    result = list(pages)
    taken: set[int] = set()
    for index, page in enumerate(pages):
        if index in taken or not any(word.text.casefold() in _NUMBERS for word in page.words):
            continue
        for part, table in _first(pages, index):
            taken.add(part.page)
            before = result[part.page]
            result[part.page] = msgspec.structs.replace(before, tables=(*before.tables, table))
    return result


def _first(pages: Sequence[Page], index: int) -> list[tuple[_Part, PageTable]]:
    """The first open table that begins on a page, with the pages it runs over; nothing where none does."""
    rows = _rows(pages[index])
    headers = [
        (heads, start)
        for start in range(len(rows))
        for count in range(1, MOST_HEADER_LINES + 1)
        if (heads := _heads(rows[start : start + count]))
    ]
    # A line of a header may look like a whole one that has fewer columns.
    for heads, start in sorted(headers, key=lambda found: -len(found[0])):
        parts, columns = _parts(pages, index, rows[start:], heads)
        if tables := _filled(parts, columns):
            return tables
    return []


def _rows(page: Page) -> list[Row]:
    """The words of a page that stand in no table, in rows from top to bottom, with their indexes on the page.

    The page's number is left out.
    """
    taken = {index for table in page.tables for cell in table.cells for index in cell.words}
    free = [(index, word) for index, word in enumerate(page.words) if index not in taken]
    places = {id(word): index for index, word in free}
    grouped = lines.rows_of([word for _, word in free])
    rows = [[(places[id(word)], word) for word in row] for row in grouped]
    return sorted((row for row in rows if not _is_page_number(row, page.height)), key=_top)


def _top(row: Row) -> float:
    return min(word.box.top for _, word in row)


def _bottom(row: Row) -> float:
    return max(word.box.bottom for _, word in row)


def _size(row: Row) -> float:
    return max(word.box.bottom - word.box.top for _, word in row)


def _segments(row: Row, least: float) -> list[Row]:
    """A row cut where white parts its words."""
    parts: list[Row] = [[row[0]]]
    for (_, before), entry in pairwise(row):
        if entry[1].box.x0 - before.box.x1 > least:
            parts.append([])
        parts[-1].append(entry)
    return parts


def _heads(rows: Sequence[Row]) -> list[Gap]:
    """Where the heads of columns stand, if these lines are a header of a task table; nothing if they are none."""
    if not rows or any(_top(low) - _bottom(high) > HEADER_GAP * _size(high) for high, low in pairwise(rows)):
        return []
    least = NARROWEST * _size(rows[0])
    heads: list[tuple[float, float, str]] = []
    for part in sorted(
        (part for row in rows for part in _segments(row, least)), key=lambda part: part[0][1].box.x0
    ):
        x0, x1 = part[0][1].box.x0, max(word.box.x1 for _, word in part)
        text = " ".join(word.text for _, word in part).casefold()
        if heads and x0 < heads[-1][1]:
            # Lines of one head stand over each other.
            left, right, above = heads[-1]
            heads[-1] = (left, max(right, x1), f"{above} {text}")
        else:
            heads.append((x0, x1, text))
    texts = [text for _, _, text in heads]
    is_header = (
        len(texts) >= LEAST_COLUMNS
        and texts[0] in _NUMBERS
        and any(name in text for name in _TASKS for text in texts[1:])
        and any(name in text for name in _OTHERS for text in texts[1:])
    )
    return [(left, right) for left, right, _ in heads] if is_header else []


def _parts(
    pages: Sequence[Page], index: int, rows: Sequence[Row], heads: Sequence[Gap]
) -> tuple[list[_Part], _Columns]:
    """The rows under a header that keep to its columns, on its page and on those that follow."""
    # A strip lies between the middles of two heads, where no word of any row stands.
    middles = [(left + right) / 2 for left, right in heads]
    columns = _Columns([[gap] for gap in pairwise(middles)], _size(rows[0]))
    kept, columns = _keeping(rows, columns)
    parts = [_Part(index, kept)]
    rest = rows[len(kept) :]
    while not rest and index + 1 < len(pages):
        index += 1
        following = _rows(pages[index])
        kept, narrowed = _keeping(following, columns)
        if not any(_begins_record(row, _cuts(narrowed)) for row in kept):
            break
        parts.append(_Part(index, kept))
        columns, rest = narrowed, following[len(kept) :]
    return parts, columns


def _keeping(rows: Sequence[Row], columns: _Columns) -> tuple[list[Row], _Columns]:
    """The first rows that leave white between all columns, and the columns as they narrow them."""
    kept: list[Row] = []
    strips, size = columns
    for row in rows:
        narrowed = [_clear(strip, row, NARROWEST * size) for strip in strips]
        if not all(narrowed) or (kept and _top(row) - _bottom(kept[-1]) > ROW_GAP * size):
            break
        strips = narrowed
        kept.append(row)
    return kept, _Columns(strips, size)


def _clear(strip: list[Gap], row: Row, least: float) -> list[Gap]:
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


def _cuts(columns: _Columns) -> list[float]:
    """Where columns are parted: amid the widest gap between them."""
    widest = [max(strip, key=lambda gap: gap[1] - gap[0]) for strip in columns.strips]
    return [(left + right) / 2 for left, right in widest]


def _filled(parts: Sequence[_Part], columns: _Columns) -> list[tuple[_Part, PageTable]]:
    """The rows as cells: a number in the first column begins one, what stands without goes on."""
    cuts = _cuts(columns)
    records = [_records(part.rows, cuts) for part in parts]
    head, count = records[0][0], sum(map(len, records)) - 1
    if len(head) > MOST_HEADER_LINES or count < LEAST_ROWS:
        return []
    words = [word for part in parts for row in part.rows for _, word in row]
    sides = [min(word.box.x0 for word in words), *cuts, max(word.box.x1 for word in words)]
    return [(part, _table(found, sides)) for part, found in zip(parts, records, strict=True)]


def _records(rows: Sequence[Row], cuts: Sequence[float]) -> list[list[Row]]:
    """Rows gathered: each that bears a number with those below it; what stands above the first by itself."""
    records: list[list[Row]] = [[]]
    for row in rows:
        if _begins_record(row, cuts):
            records.append([])
        records[-1].append(row)
    return records if records[0] else records[1:]


def _table(records: Sequence[Sequence[Row]], sides: Sequence[float]) -> PageTable:
    """Records as the rows of a table whose columns lie between `sides`."""
    cells: list[Cell] = []
    for number, record in enumerate(records):
        entries = [entry for row in record for entry in row]
        top, bottom = min(w.box.top for _, w in entries), max(w.box.bottom for _, w in entries)
        for column, (left, right) in enumerate(pairwise(sides)):
            own = tuple(i for i, w in entries if left <= (w.box.x0 + w.box.x1) / 2 < right)
            cells.append(Cell(number, column, box=Box(left, top, right, bottom), words=own))
    boxes = [cell.box for cell in cells if cell.box]
    box = Box(sides[0], min(b.top for b in boxes), sides[-1], max(b.bottom for b in boxes))
    return PageTable(box, len(records), len(sides) - 1, tuple(cells), CERTAINTY)


def _begins_record(row: Row, cuts: Sequence[float]) -> bool:
    """Whether a row bears a number in the first column."""
    first = [word.text for _, word in row if (word.box.x0 + word.box.x1) / 2 < cuts[0]]
    return bool(first) and _is_number(first[0])


def _is_page_number(row: Row, height: float) -> bool:
    in_margin = _bottom(row) < MARGIN * height or _top(row) > (1 - MARGIN) * height
    return in_margin and len(row) == 1 and row[0][1].text.strip("-–. ").isdigit()


def _is_number(text: str) -> bool:
    return text.strip(".)").isdigit() or marker_of(f"{text} X") is not None
