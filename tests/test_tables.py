"""What columns mean, and which rows are tasks."""

import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from extractors import grids, phrases, tables
from models import Cell, Grid, Paragraph

COLUMNS: list[dict[str, Any]] = tomllib.loads(
    resources.files("extractors").joinpath("data/columns.toml").read_text("utf-8")
)["column"]


def grid(*rows: tuple[str | tuple[str, int], ...], bold: frozenset[int] = frozenset()) -> Grid:
    """A grid of cells; (text, n) spans n columns; rows in `bold` are set so."""
    cells: list[Cell] = []
    columns = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            text, span = cell if isinstance(cell, tuple) else (cell, 1)
            paragraphs = (Paragraph(text, bold=number in bold),) if text else ()
            cells.append(Cell(number, column, column_span=span, paragraphs=paragraphs))
            column += span
        columns = max(columns, column)
    return Grid(len(rows), columns, tuple(cells))


def kind_of(text: str) -> str | None:
    """Stands in for the readers of bodies and dates."""
    if re.fullmatch(r"(Tháng|Quý) .{1,8}|\d+/\d+/\d+", text):
        return "deadline"
    return "lead" if re.fullmatch(r"(Bộ|Sở) [\w ]{2,20}", text) else None


def meanings(found: Grid, before: tables.Columns | None = None) -> tuple[str | None, ...] | None:
    columns = tables.columns(found, kind_of, before)
    return columns.meanings if columns else None


LONG = "Xây dựng kế hoạch kiểm tra an toàn hồ đập trước mùa mưa lũ"


@pytest.mark.parametrize(("column", "header"), [(c["meaning"], header) for c in COLUMNS for header in c["match"]])
def test_headers_that_must_match(column: str, header: str) -> None:
    assert tables.meaning(header) == column


@pytest.mark.parametrize(
    ("column", "header"), [(c["meaning"], header) for c in COLUMNS for header in c["no_match"]]
)
def test_headers_that_must_not_match(column: str, header: str) -> None:
    assert tables.meaning(header) != column


def test_a_task_merged_over_rows_with_their_own_numbers_is_one_in_each() -> None:
    """Else the rows below it name more bodies for one task."""
    cells = [
        *(Cell(0, n, paragraphs=(Paragraph(name),)) for n, name in enumerate(("TT", "Nhiệm vụ", "Chủ trì"))),
        Cell(1, 0, paragraphs=(Paragraph("1"),)),
        Cell(1, 1, row_span=3, paragraphs=(Paragraph(LONG),)),
        *(Cell(n, 2, paragraphs=(Paragraph(f"Sở {n}"),)) for n in (1, 2, 3)),
        Cell(2, 0, row_span=2, paragraphs=(Paragraph("2"),)),
    ]
    merged = Grid(4, 3, tuple(cells))
    found = tables.columns(merged, kind_of)
    assert found is not None
    rows = tables.rows(merged, found)
    assert [[cell.text for cell in row.all_of(found, "lead")] for row in rows] == [["Sở 1"], ["Sở 2", "Sở 3"]]


def test_column_data_have_examples_and_patterns_in_compared_form() -> None:
    for column in COLUMNS:
        assert column["match"] and column["no_match"], column["meaning"]
        for pattern in column["patterns"]:
            assert phrases.fold(pattern) == pattern


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            (
                ("TT", "Nội dung công việc", "Hạn xử lý", "Chủ trì", "Phối hợp"),
                ("1", LONG, "1/2/2026", "Bộ A", ""),
            ),
            ("number", "task", "deadline", "lead", "coop"),
            id="any order",
        ),
        pytest.param(
            (
                ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn theo Kế hoạch 12", "Thời hạn yêu cầu hoàn thành"),
                ("1", LONG, "Bộ A", "1/2/2026", "1/5/2026"),
            ),
            ("number", "task", "lead", "other_deadline", "deadline"),
            id="of two deadlines the one set anew is in force",
        ),
        pytest.param(
            (
                ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn được giao", "Đề xuất gia hạn"),
                ("1", LONG, "Bộ A", "1/2/2026", "1/5/2026"),
            ),
            ("number", "task", "lead", "deadline", "note"),
            id="one that is only asked for is none",
        ),
        pytest.param(
            (("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn theo Nghị quyết"), ("1", LONG, "Bộ A", "1/2/2026")),
            ("number", "task", "lead", "deadline"),
            id="the only one is in force, whoever set it",
        ),
        pytest.param(
            (
                ("TT", "Nhiệm vụ", "Chủ trì", ("Thời gian thực hiện", 2)),
                ("", "", "", "Bắt đầu", "Kết thúc"),
                ("1", LONG, "Bộ A", "1/2/2026", "1/5/2026"),
            ),
            ("number", "task", "lead", "note", "deadline"),
            id="the beginning is no deadline",
        ),
        pytest.param(
            (
                ("STT", "Nhiệm vụ", ("Cơ quan", 2), "Thời hạn"),
                ("", "", "Chủ trì", "Phối hợp", ""),
                ("1", LONG, "Bộ A", "Bộ B", "1/2/2026"),
            ),
            ("number", "task", "lead", "coop", "deadline"),
            id="a header of two lines",
        ),
        pytest.param(
            (("TT", "Nhiệm vụ", "Cơ quan thực hiện", "Tiến độ"), ("1", LONG, "Bộ A", "Tháng 6/2026")),
            ("number", "task", "lead", "deadline"),
            id="tiến độ that holds dates is the deadline",
        ),
        pytest.param(
            (("TT", "Nhiệm vụ", "Cơ quan thực hiện", "Tiến độ"), ("1", LONG, "Bộ A", "Đang trình ký")),
            ("number", "task", "lead", "progress"),
            id="tiến độ that tells a state is not",
        ),
        pytest.param(
            (("1", LONG, "Bộ Nội vụ", "Tháng 6/2026"), ("2", LONG, "Bộ Y tế", "Quý IV/2026")),
            ("number", "task", "lead", "deadline"),
            id="no header: by what columns hold",
        ),
        pytest.param(
            (("TT", "Đơn vị", "Số văn bản", "Tổng số"), ("1", "Bộ A", "3", "5")),
            None,
            id="counts are no tasks",
        ),
        pytest.param(
            (("Ngày", "Nội dung", "Chủ trì", "Địa điểm"), ("12/8", "Họp giao ban", "Bộ A", "Phòng 301")),
            None,
            id="a schedule of meetings holds none",
        ),
    ],
)
def test_columns(rows: tuple[tuple[str, ...], ...], expected: tuple[str | None, ...] | None) -> None:
    assert meanings(grid(*rows)) == expected


def test_a_table_without_header_continues_the_one_before() -> None:
    before = tables.Columns(("number", "task", "lead"), 1)
    found = tables.columns(grid(("7", "Họp", "Bộ A")), kind_of, before)
    assert found is not None
    assert (found.meanings, found.header_rows, found.certainty) == (("number", "task", "lead"), 0, "continued")


HEAD = ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn")


@pytest.mark.parametrize(
    ("rows", "tasks"),
    [
        pytest.param(
            (
                ("I", ("Về thể chế", 3)),
                ("1", "Một", "Bộ A", ""),
                ("II", ("Về hạ tầng", 3)),
                ("2", "Hai", "Bộ B", ""),
            ),
            [("Một", ["Về thể chế"]), ("Hai", ["Về hạ tầng"])],
            id="merged group rows head what is below them",
        ),
        pytest.param(
            ((("A", 1), ("Chung", 3)), ("I", ("Riêng", 3)), ("1", "Một", "", "")),
            [("Một", ["Chung", "Riêng"])],
            id="groups nest by their number",
        ),
        pytest.param(
            (("II", "Về nhân lực", "", ""), ("1", "Một", "Bộ A", "")),
            [("Một", ["Về nhân lực"])],
            id="a Roman number and a lone text are a group though not merged",
        ),
        pytest.param(
            (("1", "Một", "", ""), ("2", "Hai", "Bộ A", "")),
            [("Một", []), ("Hai", [])],
            id="near miss: a numbered row with empty cells is a task",
        ),
        pytest.param(
            (("(1)", "(2)", "(3)", "(4)"), ("1", "Một", "Bộ A", "")),
            [("Một", [])],
            id="a row that numbers the columns is part of the header",
        ),
        pytest.param((("1", "", "Bộ A", ""), ("2", "Hai", "Bộ A", "")), [("Hai", [])], id="no task cell, no task"),
    ],
)
def test_rows(rows: tuple[tuple[str | tuple[str, int], ...], ...], tasks: list[tuple[str, list[str]]]) -> None:
    found = grid(HEAD, *rows)
    columns = tables.columns(found, kind_of)
    assert columns is not None
    read = [
        (cell.text, [g.text for g in row.groups]) for row in tables.rows(found, columns) if (cell := row.cells[1])
    ]
    assert read == tasks


def test_a_cell_merged_over_rows_is_carried_down() -> None:
    cells = [Cell(0, c, paragraphs=(Paragraph(text),)) for c, text in enumerate(HEAD[:3])]
    cells += [Cell(1, 1, paragraphs=(Paragraph("Một"),)), Cell(2, 1, paragraphs=(Paragraph("Hai"),))]
    cells.append(Cell(1, 2, row_span=2, paragraphs=(Paragraph("Bộ A"),)))
    found = Grid(3, 3, tuple(cells))
    columns = tables.columns(found, kind_of)
    assert columns is not None
    leads = [cell.text for row in tables.rows(found, columns) if (cell := row.of(columns, "lead"))]
    assert leads == ["Bộ A", "Bộ A"]


def _part(page: int, *rows: tuple[str | tuple[str, int] | None, ...]) -> grids.Part:
    """A table of one page: texts, of a cell of several rows with their number; None where one stands above."""
    cells = []
    for r, row in enumerate(rows):
        for c, said in enumerate(row):
            if said is not None:
                text, span = (said, 1) if isinstance(said, str) else said
                cells.append(Cell(r, c, span, paragraphs=(Paragraph(text),) if text else ()))
    return grids.Part(Grid(len(rows), 3, tuple(cells), page), page, (0.0, 0.2, 0.7))


@pytest.mark.parametrize(
    ("above", "below", "leads"),
    [
        # a cell of several rows that runs over the page: empty behind the break, or reading on
        (("Sở Y tế", 2), ("", 2), ["Sở Y tế"] * 4),
        (("Trung tâm Quan trắc", 2), ("môi trường tỉnh", 2), ["Trung tâm Quan trắc môi trường tỉnh"] * 4),
        # another's
        (("Sở Y tế", 2), ("Sở Nội vụ", 2), ["Sở Y tế", "Sở Y tế", "Sở Nội vụ", "Sở Nội vụ"]),
    ],
)
def test_a_cell_of_several_rows_over_a_page_break_is_one(
    above: tuple[str, int], below: tuple[str, int], leads: list[str]
) -> None:
    head = ("TT", "Nhiệm vụ", "Cơ quan chủ trì")
    one = _part(1, head, ("1", "Rà soát quỹ đất.", above), ("2", "Kiểm tra kho thuốc.", None))
    two = _part(2, head, ("3", "Sửa cầu yếu.", below), ("4", "Lập danh mục hồ đập.", None))
    whole = grids.joined(one, two)
    assert whole is not None
    covering = {
        row: cell.text
        for cell in whole.grid.cells
        if cell.column == 2
        for row in range(cell.row, cell.row + cell.row_span)
    }
    assert [covering[row] for row in range(1, 5)] == leads


def test_rows_alike_but_for_their_number_are_no_header_that_comes_again() -> None:
    head = ("TT", "Nhiệm vụ", "Cơ quan chủ trì")
    one = _part(1, head, ("1", "Báo cáo kết quả thực hiện trong tháng.", "Sở Y tế"))
    two = _part(2, head, ("2", "Báo cáo kết quả thực hiện trong tháng.", "Sở Y tế"))
    whole = grids.joined(one, two)
    assert whole is not None
    assert whole.grid.rows == 3
