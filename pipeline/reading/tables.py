"""Ruling lines to grids: which cells a table has, from its horizontal and vertical lines alone.

The same code serves lines drawn in a PDF and lines found on a scan. Units are whatever the lines are in
(points by default); y runs downwards.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from models import Box, Cell, PageTable, Word

SNAP = 3.0
"""Lines nearer than this to each other are one line (double rules, uneven borders of neighbouring cells)."""
TOUCH = 3.0
"""A line that ends this near to another one meets it."""
SEPARATES = 0.5
"""A line parts two cells if it runs along at least this share of their common side."""
MOST_RULES = 1000
"""More lines than this on one page are a drawing, not a table."""
OPEN_BORDER_DOUBT = 0.1
"""Certainty lost where an outer border is missing."""


class Rule(NamedTuple):
    """A straight line parallel to an axis: its coordinate `at`, and from where to where it runs."""

    at: float
    start: float
    end: float


class GridCell(NamedTuple):
    """A cell of a grid of lines; `row` and `column` count from 0."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


class LineGrid(NamedTuple):
    """A table as its lines show it: coordinates of its columns (`xs`) and rows (`ys`), ascending, and its cells.

    `certainty`, 0 to 1: how far the lines close every cell.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    certainty: float

    @property
    def box(self) -> Box:
        """The outer border."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


def merge_rules(rules: Iterable[Rule], snap: float = SNAP, gap: float = TOUCH) -> list[Rule]:
    """Join collinear pieces: lines within `snap` of each other that overlap, or end within `gap`."""
    merged: list[Rule] = []
    for group in _near(sorted(rules), snap):
        at = _centre(group)
        start, end = 0.0, float("-inf")
        for rule in sorted(group, key=lambda rule: rule.start):
            if rule.start > end + gap:
                if end > start:
                    merged.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            else:
                end = max(end, rule.end)
        if end > start:
            merged.append(Rule(at, start, end))
    return merged


def grid_from_lines(
    horizontal: Iterable[Rule], vertical: Iterable[Rule], snap: float = SNAP, touch: float = TOUCH
) -> list[LineGrid]:
    """Find the tables that lines form, top to bottom: lines that meet belong to one table."""
    across, down = merge_rules(horizontal, snap, touch), merge_rules(vertical, snap, touch)
    if not across or not down or len(across) + len(down) > MOST_RULES:
        return []
    grids = []
    for rows, columns in _meeting(across, down, touch):
        grid = _grid(rows, columns, snap, touch)
        if grid is not None and len(grid.cells) > 1:
            grids.append(grid)
    return sorted(_outermost(grids), key=lambda grid: (grid.box.top, grid.box.x0))


def fill(grid: LineGrid, words: Sequence[Word]) -> PageTable:
    """Put words into the cells their centres lie in; words that stick out of their cells lower certainty."""
    cells: list[list[int]] = [[] for _ in grid.cells]
    owner = {
        (row, column): number
        for number, cell in enumerate(grid.cells)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    inside = straddling = 0
    for index, word in enumerate(words):
        box = word.box
        column = bisect(grid.xs, (box.x0 + box.x1) / 2) - 1
        row = bisect(grid.ys, (box.top + box.bottom) / 2) - 1
        number = owner.get((row, column))
        if number is None:
            continue
        cells[number].append(index)
        inside += 1
        cell = grid.cells[number].box
        # Narrow glyphs lean over a rule by a point or so; half a letter is a word in two cells.
        lean = max(2.0, 0.15 * (box.x1 - box.x0))
        straddling += box.x0 < cell.x0 - lean or box.x1 > cell.x1 + lean
    certainty = grid.certainty - (straddling / inside if inside else 0.0)
    return with_words(grid, cells, certainty)


def with_words(grid: LineGrid, words: Sequence[Sequence[int]], certainty: float) -> PageTable:
    """The table of a grid whose cells hold these words (indexes into the page's), in the order of its cells."""
    return PageTable(
        box=grid.box,
        rows=len(grid.ys) - 1,
        columns=len(grid.xs) - 1,
        cells=tuple(
            Cell(cell.row, cell.column, cell.row_span, cell.column_span, cell.box, tuple(indexes))
            for cell, indexes in zip(grid.cells, words, strict=True)
        ),
        certainty=round(max(0.0, certainty), 3),
    )


def _near(ordered: Sequence[Rule], snap: float) -> list[list[Rule]]:
    """Group lines whose coordinate lies within `snap` of the first of their group."""
    groups: list[list[Rule]] = []
    for rule in ordered:
        if groups and rule.at - groups[-1][0].at <= snap:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _centre(rules: Sequence[Rule]) -> float:
    """Where a group of collinear pieces lies: the mean weighted by length."""
    total = sum(rule.end - rule.start for rule in rules)
    if total <= 0:
        return rules[0].at
    return sum(rule.at * (rule.end - rule.start) for rule in rules) / total


def _meeting(across: list[Rule], down: list[Rule], touch: float) -> list[tuple[list[Rule], list[Rule]]]:
    """Split lines into groups that are connected by crossing or touching."""
    h, v = np.array(across), np.array(down)
    meets = (
        (v[None, :, 1] - touch <= h[:, None, 0])
        & (h[:, None, 0] <= v[None, :, 2] + touch)
        & (h[:, None, 1] - touch <= v[None, :, 0])
        & (v[None, :, 0] <= h[:, None, 2] + touch)
    )
    unseen = set(range(len(across)))
    groups = []
    while unseen:
        rows, columns = {min(unseen)}, set[int]()
        frontier = set(rows)
        while frontier:
            new_columns = set(np.flatnonzero(meets[sorted(frontier)].any(axis=0)).tolist()) - columns
            columns |= new_columns
            frontier = set(np.flatnonzero(meets[:, sorted(new_columns)].any(axis=1)).tolist()) - rows
            rows |= frontier
        unseen -= rows
        if len(rows) > 1 and len(columns) > 1:
            groups.append(([across[i] for i in sorted(rows)], [down[i] for i in sorted(columns)]))
    return groups


def _grid(across: list[Rule], down: list[Rule], snap: float, touch: float) -> LineGrid | None:
    """Read the cells off one connected group of lines."""
    ys, open_y = _positions(across, min(r.start for r in down), max(r.end for r in down), snap, touch)
    xs, open_x = _positions(down, min(r.start for r in across), max(r.end for r in across), snap, touch)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1:
        return None
    # below[r, c]: a line parts (r, c) from (r + 1, c); right[r, c]: from (r, c + 1).
    below = np.array([_parted(across, y, xs, snap) for y in ys[1:]])
    right = np.array([_parted(down, x, ys, snap) for x in xs[1:]]).T
    owner = np.full((rows, columns), -1)
    cells: list[GridCell] = []
    for row in range(rows):
        for column in range(columns):
            if owner[row, column] >= 0:
                continue
            width = 1
            while (
                column + width < columns and not right[row, column + width - 1] and owner[row, column + width] < 0
            ):
                width += 1
            height = 1
            while (
                row + height < rows
                and not below[row + height - 1, column : column + width].any()
                and not right[row + height, column : column + width - 1].any()
                and (owner[row + height, column : column + width] < 0).all()
            ):
                height += 1
            owner[row : row + height, column : column + width] = len(cells)
            box = Box(xs[column], ys[row], xs[column + width], ys[row + height])
            cells.append(GridCell(row, column, height, width, box))
    # Two cells that no line parts were not closed by the lines.
    leaks = int((~below[:-1] & (owner[:-1] != owner[1:])).sum())
    leaks += int((~right[:, :-1] & (owner[:, :-1] != owner[:, 1:])).sum())
    sides = max(1, below[:-1].size + right[:, :-1].size)
    certainty = 1.0 - leaks / sides - OPEN_BORDER_DOUBT * (open_x or open_y)
    return LineGrid(tuple(xs), tuple(ys), tuple(cells), max(0.0, certainty))


def _positions(
    rules: list[Rule], lowest: float, highest: float, snap: float, touch: float
) -> tuple[list[float], bool]:
    """Coordinates of a table's lines in one direction, and whether an outer border had to be supplied.

    `lowest` and `highest` are how far the lines of the other direction reach.
    """
    at = [_centre(group) for group in _near(sorted(rules), snap)]
    missing = False
    if lowest < at[0] - 2 * touch:
        at.insert(0, lowest)
        missing = True
    if highest > at[-1] + 2 * touch:
        at.append(highest)
        missing = True
    return at, missing


def _parted(rules: list[Rule], at: float, sides: list[float], snap: float) -> list[bool]:
    """Along which of the stretches between `sides` lines at `at` run for at least half."""
    here = [rule for rule in rules if abs(rule.at - at) <= snap]
    return [
        sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in here) >= SEPARATES * (end - start)
        for start, end in pairwise(sides)
    ]


def _outermost(grids: list[LineGrid]) -> list[LineGrid]:
    """Leave out tables drawn inside a cell of another one: their words are that cell's."""
    return [
        grid for grid in grids if not any(other is not grid and _within(grid.box, other.box) for other in grids)
    ]


def _within(inner: Box, outer: Box) -> bool:
    return (
        outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.top <= inner.top and inner.bottom <= outer.bottom
    )
