"""Lines to grids: which cells a table has, drawn or found on a scan."""

import pytest

from models import Box, Word
from pipeline.reading import tables
from pipeline.reading.tables import LineGrid, Rule, grid_from_lines


def frame(xs: list[float], ys: list[float]) -> tuple[list[Rule], list[Rule]]:
    """Every line of a full grid."""
    return [Rule(y, xs[0], xs[-1]) for y in ys], [Rule(x, ys[0], ys[-1]) for x in xs]


def spans(grid: LineGrid) -> list[tuple[int, int, int, int]]:
    return [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells]


XS, YS = [0.0, 100.0, 200.0, 300.0], [0.0, 20.0, 40.0]
ACROSS, DOWN = frame(XS, YS)
FULL = [(row, column, 1, 1) for row in range(2) for column in range(3)]


@pytest.mark.parametrize(
    ("across", "down", "expected"),
    [
        # a full grid
        (ACROSS, DOWN, FULL),
        # a group row: the inner verticals stop below it
        (ACROSS, [DOWN[0], Rule(100, 20, 40), Rule(200, 20, 40), DOWN[3]], [(0, 0, 1, 3), *FULL[3:]]),
        # a cell that carries down: the line between two rows begins in the second column
        (
            [ACROSS[0], Rule(20, 100, 300), ACROSS[2]],
            DOWN,
            [(0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)],
        ),
        # borders drawn cell by cell, ends a point apart, and each of them twice
        (
            [Rule(y + d, x, x + 99) for y in YS for x in XS[:-1] for d in (0, 0.8)],
            [Rule(x + d, y, y + 19.5) for x in XS for y in YS[:-1] for d in (0, 0.8)],
            FULL,
        ),
        # a border that leans a little, as on a scan
        ([Rule(0.9, 0, 150), Rule(-0.9, 150, 300), *ACROSS[1:]], DOWN, FULL),
    ],
)
def test_cells(across: list[Rule], down: list[Rule], expected: list[tuple[int, int, int, int]]) -> None:
    (grid,) = grid_from_lines(across, down)
    assert spans(grid) == expected
    assert grid.certainty == 1.0


@pytest.mark.parametrize(
    ("across", "down"),
    [
        # lines in one direction only
        (ACROSS, []),
        # the rules under a letterhead and a footnote line, near a margin line that meets none
        ([Rule(50, 10, 90), Rule(700, 0, 140)], [Rule(500, 0, 800)]),
        # a frame around text is one cell, no table
        (ACROSS[::2], DOWN[::3]),
        # a cross
        ([Rule(20, 0, 300)], [Rule(100, 0, 40)]),
    ],
)
def test_lines_that_are_no_table(across: list[Rule], down: list[Rule]) -> None:
    assert grid_from_lines(across, down) == []


def test_a_row_cut_off_by_the_page_end_is_closed_and_doubted() -> None:
    (grid,) = grid_from_lines(ACROSS[:2], DOWN)
    assert spans(grid) == FULL
    assert grid.certainty < 1


def test_an_irregular_cell_is_cut_into_rectangles_and_doubted() -> None:
    # The first row's first two cells and the second row's first are one L-shaped space.
    across = [ACROSS[0], Rule(20, 100, 300), ACROSS[2]]
    down = [DOWN[0], Rule(100, 20, 40), DOWN[2], DOWN[3]]
    (grid,) = grid_from_lines(across, down)
    assert (0, 0, 1, 2) in spans(grid)
    assert (1, 0, 1, 1) in spans(grid)
    assert grid.certainty < 1


def test_tables_apart_are_two_and_a_table_within_a_cell_is_that_cell_s() -> None:
    second = frame(XS, [60.0, 80.0, 100.0])
    inner = frame([110.0, 150.0, 190.0], [64.0, 76.0])
    grids = grid_from_lines([*ACROSS, *second[0], *inner[0]], [*DOWN, *second[1], *inner[1]])
    assert [grid.box.top for grid in grids] == [0, 60]


@pytest.mark.parametrize(
    ("box", "cell", "certain"),
    [
        # in the middle of the first cell
        (Box(10, 5, 60, 15), (0, 0), True),
        # leaning over the line by a hair
        (Box(60, 25, 101, 35), (1, 0), True),
        # half in the next cell: it goes where its centre is, and the table is doubted
        (Box(140, 25, 240, 35), (1, 1), False),
        # beside the table
        (Box(310, 5, 350, 15), None, True),
    ],
)
def test_words_go_into_the_cell_of_their_centre(box: Box, cell: tuple[int, int] | None, certain: bool) -> None:
    (grid,) = grid_from_lines(ACROSS, DOWN)
    table = tables.fill(grid, [Word("chữ", box)])
    assert [(c.row, c.column) for c in table.cells if c.words] == ([cell] if cell else [])
    assert (table.certainty == 1.0) == certain


def test_too_many_lines_are_a_drawing() -> None:
    many = frame([10.0 * n for n in range(600)], [10.0 * n for n in range(600)])
    assert grid_from_lines(*many) == []
