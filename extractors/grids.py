"""Tables of pages → grids: a table that runs over pages is one grid, its rows whole again."""

import re
from collections.abc import Callable, Sequence

import msgspec
from rapidfuzz.distance import Indel

from models import Cell, Grid, Page, Paragraph, Word

# Column edges of two parts of one table agree within this share of its width.
EDGE_TOLERANCE = 0.03
MOST_HEADER_ROWS = 3
# Header rows recognised on two pages are the same from this similarity on.
SAME_TEXT = 0.85

_NUMBER = re.compile(r"(?:\(?[\dIVXivx]{1,4}(?:\.\d{1,3}){0,3}[.)]?|[a-zđ]\))")
_TERMINAL = (".", ";", ":", "!", "?")

CellReader = Callable[[Sequence[Word], int], tuple[Paragraph, ...]]


class Part(msgspec.Struct, frozen=True):
    """A table as far as read: its grid, the page its last row stands on, and its column edges from 0 to 1."""

    grid: Grid
    last_page: int
    edges: tuple[float, ...]


def of_page(page: Page, index: int, read_cell: CellReader) -> Part:
    """The table number `index` of a page as a part of its own; `read_cell` makes paragraphs of a cell's words."""
    table = page.tables[index]
    cells = tuple(
        msgspec.structs.replace(
            cell, words=(), paragraphs=read_cell([page.words[word] for word in cell.words], page.number)
        )
        for cell in table.cells
    )
    grid = Grid(table.rows, table.columns, cells, page.number, table.certainty)
    width = max(table.box.x1 - table.box.x0, 1.0)
    starts = {
        cell.column: (cell.box.x0 - table.box.x0) / width
        for cell in table.cells
        if cell.box and cell.column_span == 1
    }
    return Part(grid, page.number, tuple(starts.get(column, -1.0) for column in range(table.columns)))


def joined(before: Part, after: Part) -> Part | None:
    """Both parts as one, where `after` continues `before` on the next page; None where it does not."""
    if after.last_page != before.last_page + 1 or not _same_columns(before, after):
        return None
    repeated = _repeated_header(before.grid, after.grid)
    if repeated == 0 and _is_header(before.grid) and _is_header(after.grid):
        return None
    grid = _appended(before.grid, after.grid, repeated)
    return Part(grid, after.last_page, before.edges)


def _same_columns(before: Part, after: Part) -> bool:
    if len(before.edges) != len(after.edges):
        return False
    return all(
        abs(a - b) <= EDGE_TOLERANCE for a, b in zip(before.edges, after.edges, strict=True) if a >= 0 and b >= 0
    )


def rows_of(grid: Grid) -> list[list[Cell]]:
    """The cells of each row, left to right; a cell that spans rows stands in its first."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    for row in rows:
        row.sort(key=lambda cell: cell.column)
    return rows


def _same_text(old: Sequence[Cell], new: Sequence[Cell]) -> bool:
    """Whether two rows say the same in the same columns, but for slips of recognition."""
    if [cell.column for cell in old] != [cell.column for cell in new]:
        return False
    counted = [row[0].text for row in (old, new) if row and _NUMBER.fullmatch(row[0].text)]
    if len(counted) == 2 and counted[0] != counted[1]:
        return False  # rows 1 and 13, however alike their tasks
    written = ["|".join(cell.text.casefold() for cell in row) for row in (old, new)]
    return written[0] == written[1] or Indel.normalized_similarity(*written) >= SAME_TEXT


def _repeated_header(before: Grid, after: Grid) -> int:
    """How many first rows of `after` say again what the first rows of `before` say."""
    count = 0
    for old, new in zip(rows_of(before)[:MOST_HEADER_ROWS], rows_of(after), strict=False):
        if not any(cell.text for cell in new) or not _same_text(old, new):
            break
        count += 1
    return count


def _is_header(grid: Grid) -> bool:
    """Whether the first row is set as a header: every cell bold, more than one of them."""
    first = [cell for cell in rows_of(grid)[0] if cell.text]
    return len(first) > 1 and all(p.bold for cell in first for p in cell.paragraphs)


def _appended(before: Grid, after: Grid, skip: int) -> Grid:
    """`after` without its first `skip` rows under `before`; a row cut by the page break is made whole."""
    old_rows, new_rows = rows_of(before), rows_of(after)[skip:]
    cells = list(before.cells)
    offset = before.rows - skip
    cut = bool(new_rows) and _continues(old_rows, new_rows[0])
    if new_rows:
        cells, new_rows[0] = _spanning(cells, before.rows, new_rows[0], common=int(cut))
    if cut:
        last = before.rows - 1
        tails = {cell.column: cell for cell in new_rows[0]}
        cells = [_with_tail(cell, tails.get(cell.column)) if cell.row == last else cell for cell in cells]
        new_rows, skip, offset = new_rows[1:], skip + 1, offset - 1
    for row in new_rows:
        cells.extend(msgspec.structs.replace(cell, row=cell.row + offset) for cell in row)
    return Grid(
        before.rows + len(new_rows),
        before.columns,
        tuple(cells),
        before.page,
        min(before.certainty, after.certainty),
    )


def _spanning(
    cells: Sequence[Cell], end: int, first: Sequence[Cell], common: int
) -> tuple[list[Cell], list[Cell]]:
    """The `cells` of the rows before `end`, and what is left of the `first` row behind the page break.

    A cell of several rows that is empty there, or reads on in mid-sentence, is the rest of the one above it, which
    runs to the end of its page. `common`: 1 where the row at the break is one.
    """
    rest = {cell.column: cell for cell in first if cell.row_span > 1}
    whole: list[Cell] = []
    taken: set[int] = set()
    for cell in cells:
        below = rest.get(cell.column)
        reaches = cell.row + cell.row_span == end and bool(cell.text)
        if below is None or not reaches or below.column_span != cell.column_span:
            whole.append(cell)
        elif not below.text or (cell.row_span > 1 and _is_cut(cell.text, below.text)):
            taken.add(cell.column)
            longer = cell.row_span + below.row_span - common
            whole.append(msgspec.structs.replace(_with_tail(cell, below), row_span=longer))
        else:
            whole.append(cell)
    return whole, [cell for cell in first if cell.column not in taken]


def _continues(rows: Sequence[Sequence[Cell]], first: Sequence[Cell]) -> bool:
    """Whether `first`, the first row after a page break, is the rest of the last row before it.

    In a table with numbered rows the number stands in one half only; else a cell is cut in mid-sentence.
    """
    last = {cell.column: cell for cell in rows[-1]}
    if any(cell.column_span > 1 for cell in first) or any(cell.column_span > 1 for cell in rows[-1]):
        return False
    numbered = [row for row in rows if row and row[0].column == 0 and _NUMBER.fullmatch(row[0].text)]
    old = last[0].text if 0 in last else ""
    new = next((cell.text for cell in first if cell.column == 0), "")
    cut = any(cell.text and cell.column in last and _is_cut(last[cell.column].text, cell.text) for cell in first)
    if len(numbered) >= max(len(rows) // 2, 1):
        return not new or (not old and cut)
    return cut and not (old and new and not _is_cut(old, new))


def _is_cut(old: str, new: str) -> bool:
    """Whether `new` reads on from `old` in mid-sentence."""
    return bool(old) and not old.endswith(_TERMINAL) and new[:1].islower()


def _with_tail(cell: Cell, tail: Cell | None) -> Cell:
    """A cell with the text that stands on the next page, in one paragraph where a sentence was cut."""
    if tail is None or not tail.paragraphs:
        return cell
    if not cell.paragraphs:
        return msgspec.structs.replace(cell, paragraphs=tail.paragraphs)
    head, rest = cell.paragraphs[-1], tail.paragraphs[0]
    shift = len(head.text) + 1
    whole = msgspec.structs.replace(
        head,
        text=f"{head.text} {rest.text}",
        pieces=head.pieces
        + tuple(msgspec.structs.replace(p, start=p.start + shift, end=p.end + shift) for p in rest.pieces),
        references=head.references + tuple((offset + shift, note) for offset, note in rest.references),
    )
    return msgspec.structs.replace(cell, paragraphs=(*cell.paragraphs[:-1], whole, *tail.paragraphs[1:]))
