"""pdfplumber's one job: another look at a ruled table whose cells are in doubt.

It costs as much as all the rest of a text page many times over, so it is asked only where the lines left cells
open or words cross them.
"""

from bisect import bisect
from collections.abc import Sequence
from pathlib import Path

import pdfplumber

from models import Box, PageTable, Word
from pipeline.reading import tables
from pipeline.reading.tables import GridCell, LineGrid

DOUBTFUL = 0.8
"""Tables less certain than this are looked at again."""


def better_tables(
    path: Path, number: int, found: Sequence[PageTable], words: Sequence[Word]
) -> tuple[PageTable, ...]:
    """The tables of page `number` (from 1), each doubtful one replaced where pdfplumber's reading fits better.

    A reading fits better if its cells are closed and fewer words cross them. No opinion changes nothing.
    """
    try:
        with pdfplumber.open(path, pages=[number]) as document:
            page = document.pages[0]
            left, top = page.bbox[:2]
            grids = [_grid(other.cells, left, top) for other in page.find_tables()]
    except Exception:
        # Files that pdfium mends make pdfplumber fail in many ways; the page is read all the same.
        return tuple(found)
    others = [tables.fill(grid, words) for grid in grids if grid is not None]
    return tuple(_better(table, others) if table.certainty < DOUBTFUL else table for table in found)


def _better(table: PageTable, others: Sequence[PageTable]) -> PageTable:
    """The most certain reading of one table."""
    same = [other for other in others if _overlap(table.box, other.box) > 0.5]
    return max([table, *same], key=lambda reading: reading.certainty)


def _overlap(one: Box, other: Box) -> float:
    """The area two boxes share, of the larger one's."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / max((b.x1 - b.x0) * (b.bottom - b.top) for b in (one, other))


def _grid(cells: Sequence[tuple[float, float, float, float]], left: float, top: float) -> LineGrid | None:
    """pdfplumber's cells (x0, top, x1, bottom) as a grid; cells it left out lower its certainty."""
    boxes = sorted({Box(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in cells}, key=_place)
    if len(boxes) < 2:
        return None
    xs = sorted({edge for box in boxes for edge in (box.x0, box.x1)})
    ys = sorted({edge for box in boxes for edge in (box.top, box.bottom)})
    placed = []
    covered = 0
    for box in boxes:
        column, row = bisect(xs, box.x0) - 1, bisect(ys, box.top) - 1
        width, height = bisect(xs, box.x1) - 1 - column, bisect(ys, box.bottom) - 1 - row
        covered += width * height
        placed.append(GridCell(row, column, height, width, box))
    return LineGrid(tuple(xs), tuple(ys), tuple(placed), covered / ((len(xs) - 1) * (len(ys) - 1)))


def _place(box: Box) -> tuple[float, float]:
    return box.top, box.x0
