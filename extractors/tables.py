"""What each column of a table means, and its rows: one task each, or the heading of a group.

Columns are told by their header (one line or several, any order), and where there is none by what they hold or
by the table they continue. A table of counts, of who is late or of meetings holds no tasks.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from extractors import grids, marks, phrases
from models import Cell, Grid

Meaning = Literal[
    "number",
    "task",
    "content",
    "lead",
    "coop",
    "lead_and_coop",
    "deadline",
    "later_deadline",
    "earlier_deadline",
    "asked_deadline",
    "other_deadline",
    "result",
    "source",
    "source_day",
    "progress",
    "laggards",
    "note",
    "count",
    "place",
    "period_mark",
    "done_on",
]

MOST_HEADER_ROWS = 3
# Shares of a column's filled cells that tell what it holds where no header says so.
HOLDS = 0.6
LONG_TEXT = 40

_ROW_NUMBER = re.compile(r"\(?(?:\d{1,4}(?:\.\d{1,3}){0,3}|[IVXivx]{1,5}|[A-Za-zđ])[.)]?")
_OUTER_NUMBER = re.compile(r"(?:[IVX]{1,6}|[A-HĐ])[.)]?")
_HEADER_COUNT = re.compile(r"\(?(\d{1,2}|[a-e])\)?")

_SHORT_NAME = re.compile(r"\d{1,2}|[IV]{1,3}")
"""`1` to `12` under `Tháng`."""

_TOTAL = re.compile(r"(?:tổng(?: cộng| số)?|cộng)(?: cộng)?(?:\s*:?\s*\d+ ?(?:nhiệm vụ|việc|công việc)?)?\.?")
_DAY_DONE = re.compile(r"ngày (?:đã )?hoàn thành(?! \w)")

_DEADLINES: tuple[Meaning, ...] = ("later_deadline", "deadline", "earlier_deadline", "asked_deadline")
"""Columns of deadlines, the one in force first."""

# Tells what a cell's text is: ("lead" | "deadline" | None), given by the caller, who knows bodies and dates.
CellKind = Callable[[str], str | None]


class Columns(msgspec.Struct, frozen=True):
    """Meanings of a grid's columns (None: unknown), how many header rows it has, and how sure that is.

    `certainty` is `header`, `continued` or `content`. `names` are the columns' own names, without those of the
    groups they stand in; empty where there is no header.
    """

    meanings: tuple[Meaning | None, ...]
    header_rows: int
    certainty: Literal["header", "continued", "content"] = "header"
    names: tuple[str, ...] = ()

    def of(self, *wanted: Meaning) -> int | None:
        """The first column with one of the meanings, in the order of `wanted`."""
        return next((self.meanings.index(meaning) for meaning in wanted if meaning in self.meanings), None)


class Row(msgspec.Struct, frozen=True):
    """A row of a grid by column; `cells` repeats merged ones. `groups` are the heading rows above it.

    `below` are the rows over which its task's cell is merged, too: other bodies for the same task.
    """

    number: int
    cells: tuple[Cell | None, ...]
    groups: tuple[Cell, ...] = ()
    below: tuple[tuple[Cell | None, ...], ...] = ()

    def of(self, found: Columns, *wanted: Meaning) -> Cell | None:
        """The cell of the first column with one of the meanings."""
        column = found.of(*wanted)
        return self.cells[column] if column is not None else None

    def all_of(self, found: Columns, *wanted: Meaning) -> list[Cell]:
        """The filled cells of that column in all rows of the task, each once."""
        column = found.of(*wanted)
        if column is None:
            return []
        cells = (cells[column] for cells in (self.cells, *self.below))
        return list({id(cell): cell for cell in cells if cell is not None and cell.text}.values())


@cache
def _patterns() -> tuple[tuple[Meaning, re.Pattern[str]], ...]:
    data = tomllib.loads(resources.files("extractors").joinpath("data/columns.toml").read_text("utf-8"))
    return tuple((column["meaning"], re.compile("|".join(column["patterns"]))) for column in data["column"])


def meaning(header: str) -> Meaning | None:
    """What a column under this header holds; None where the words say nothing known."""
    words = " ".join(phrases.fold(header).split()).strip(" .:*")
    return next((kind for kind, pattern in _patterns() if pattern.search(words)), None)


def columns(grid: Grid, kind_of: CellKind, before: Columns | None = None) -> Columns | None:
    """What the columns of a task table mean; None for a table that holds no tasks.

    `before` is the table this one may continue (same number of columns, no header of its own).
    """
    found = _by_header(grid)
    if found is None and before is not None and len(before.meanings) == grid.columns:
        found = msgspec.structs.replace(before, header_rows=0, certainty="continued")
    if found is None:
        found = _by_content(grid, kind_of)
    if found is None:
        return None
    found = _settled(grid, found, kind_of)
    return found if _holds_tasks(found) else None


def _by_header(grid: Grid) -> Columns | None:
    """Columns by the header rows, where at least two of them say something known."""
    rows = grids.rows_of(grid)
    first = next((i for i, row in enumerate(rows[:2]) if len([c for c in row if c.text]) > 1), None)
    if first is None:
        return None
    last = first
    if any(cell.column_span > 1 for cell in rows[first]):
        last = first + max(cell.row_span for cell in rows[first] if cell.text) - 1
    while last + 1 < len(rows) and last + 1 < first + MOST_HEADER_ROWS and _goes_on(rows[last + 1]):
        last += 1
    best: Columns | None = None
    for end in sorted({first, min(last, first + MOST_HEADER_ROWS - 1, len(rows) - 1)}):
        texts = ["" for _ in range(grid.columns)]
        for row in rows[first : end + 1]:
            for cell in row:
                for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                    texts[column] = f"{texts[column]} {cell.text}".strip()
        meanings = tuple(_nearest(text, rows[first : end + 1], column) for column, text in enumerate(texts))
        known = sum(m is not None for m in meanings)
        if known >= 2 and (best is None or known >= sum(m is not None for m in best.meanings)):
            best = Columns(meanings, end + 1, names=_own_names(rows[first : end + 1], grid.columns))
    if best is not None and best.header_rows < len(rows) and _numbers_columns(rows[best.header_rows]):
        return msgspec.structs.replace(best, header_rows=best.header_rows + 1)
    return best


def _own_names(header: Sequence[Sequence[Cell]], columns: int) -> tuple[str, ...]:
    """The name of each column: what stands lowest over it alone, else what it is grouped under."""
    names = ["" for _ in range(columns)]
    for row in header:
        for cell in row:
            for column in range(cell.column, min(cell.column + cell.column_span, columns)):
                of_group = names[column] and _SHORT_NAME.fullmatch(cell.text)
                names[column] = f"{names[column]} {cell.text}" if of_group else cell.text or names[column]
    return tuple(names)


def _goes_on(row: Sequence[Cell]) -> bool:
    """Whether a row is a header's second line: nothing in it but names of columns."""
    texts = [cell.text for cell in row if cell.text]
    return len(texts) > 1 and all(len(text) < LONG_TEXT and meaning(text) is not None for text in texts)


def _nearest(text: str, header: Sequence[Sequence[Cell]], column: int) -> Meaning | None:
    """The meaning of a column: what its own lowest header cell says goes before the cells it is grouped under."""
    for row in reversed(header):
        for cell in row:
            if cell.column == column and cell.column_span == 1 and (known := meaning(cell.text)) is not None:
                return known
    return meaning(text)


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """Whether a row under the header only numbers the columns: (1) (2) (3)."""
    texts = [cell.text for cell in row if cell.text]
    return len(texts) > 2 and all(_HEADER_COUNT.fullmatch(text) for text in texts)


def _by_content(grid: Grid, kind_of: CellKind) -> Columns | None:
    """Columns by what they hold: numbers, bodies, deadlines, long texts."""
    filled: list[list[str]] = [[] for _ in range(grid.columns)]
    for cell in grid.cells:
        if cell.column_span == 1 and cell.text:
            filled[cell.column].append(cell.text)
    meanings: list[Meaning | None] = [_held(texts, kind_of) for texts in filled]
    lengths = [
        sum(map(len, texts)) / len(texts) if texts and meanings[column] is None else 0.0
        for column, texts in enumerate(filled)
    ]
    longest = max(range(grid.columns), key=lambda column: lengths[column])
    if lengths[longest] < LONG_TEXT:
        return None
    meanings[longest] = "task"
    leads = [column for column, held in enumerate(meanings) if held == "lead"]
    if len(leads) > 1:
        meanings[leads[1]] = "coop"
    return Columns(tuple(meanings), 0, "content")


def _held(texts: Sequence[str], kind_of: CellKind) -> Meaning | None:
    """What most of a column's cells are; None for free text."""
    if not texts:
        return None
    if sum(_ROW_NUMBER.fullmatch(text) is not None for text in texts) >= HOLDS * len(texts):
        return "number"
    kinds = [kind_of(text) for text in texts]
    for wanted in ("deadline", "lead"):
        if kinds.count(wanted) >= HOLDS * len(texts):
            return "deadline" if wanted == "deadline" else "lead"
    return None


def _settled(grid: Grid, found: Columns, kind_of: CellKind) -> Columns:
    """Columns whose header is ambiguous, settled by what they hold; doubled ones told apart.

    `Tiến độ` is a deadline or a state of progress; `Nội dung` is the task where nothing else is.
    """
    meanings = _with_marks(grid, found, _with_one_deadline(_with_days_done(found)))
    if "deadline" not in meanings and "progress" in meanings:
        column = meanings.index("progress")
        if _held(_texts(grid, column, found.header_rows), kind_of) == "deadline":
            meanings[column] = "deadline"
    if "task" not in meanings and "content" in meanings:
        meanings[meanings.index("content")] = "task"
    tasks = [column for column, known in enumerate(meanings) if known == "task"]
    if len(tasks) > 1:
        # `Nhóm nhiệm vụ` merged over `Nhiệm vụ cụ thể`: the finer column holds the tasks.
        finest = max(tasks, key=lambda column: (_filled(grid, column), column))
        for column in tasks:
            if column != finest:
                meanings[column] = "note"
    if "number" not in meanings and meanings[0] is None:
        # A narrow column's header is what recognition reads worst (`TT` → `11`).
        held = _held(_texts(grid, 0, found.header_rows), kind_of)
        meanings[0] = "number" if held == "number" else None
    leads = [column for column, known in enumerate(meanings) if known == "lead"]
    for column in leads[1:]:
        meanings[column] = "note"
    if not leads and "lead_and_coop" not in meanings and "task" in meanings:
        # `Địa phương`, `Sở, ngành`: a header that names what stands below it, whoever does it.
        for column, known in enumerate(meanings):
            if known is None and _held(_texts(grid, column, found.header_rows), kind_of) == "lead":
                meanings[column] = "lead"
                break
    if "task" not in meanings and ("lead" in meanings or "deadline" in meanings):
        free = [column for column, known in enumerate(meanings) if known is None]
        long = [c for c in free if _mean_length(_texts(grid, c, found.header_rows)) >= LONG_TEXT]
        if len(long) == 1:
            meanings[long[0]] = "task"
    return msgspec.structs.replace(found, meanings=tuple(meanings))


def _with_one_deadline(meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """The meanings with one column of deadlines, the one in force; a second that is no mere wish holds others."""
    settled = list(meanings)
    columns = [column for wanted in _DEADLINES for column, known in enumerate(settled) if known == wanted]
    for place, column in enumerate(columns):
        if place == 0:
            settled[column] = "deadline"
        else:
            settled[column] = "note" if settled[column] == "asked_deadline" else "other_deadline"
    return settled


def _with_days_done(found: Columns) -> list[Meaning | None]:
    """The meanings, `Ngày hoàn thành` beside another column of deadlines being the day when it was done."""
    settled = list(found.meanings)
    columns = [column for column, known in enumerate(settled) if known in _DEADLINES]
    for column in columns if len(columns) > 1 and found.names else ():
        if _DAY_DONE.match(" ".join(phrases.fold(found.names[column]).split())):
            settled[column] = "done_on"
    return settled


def _with_marks(grid: Grid, found: Columns, meanings: list[Meaning | None]) -> list[Meaning | None]:
    """The meanings, with the columns told that hold nothing but marks under the name of a period or of a state."""
    settled = list(meanings)
    for column, name in enumerate(found.names):
        texts = _texts(grid, column, found.header_rows)
        if marks.last_month(name) is not None and marks.only_marks(texts):
            settled[column] = "period_mark"
        elif settled[column] == "laggards" and any(map(marks.is_mark, texts)):
            settled[column] = "progress"
    return settled


def _texts(grid: Grid, column: int, header_rows: int) -> list[str]:
    return [
        cell.text
        for cell in grid.cells
        if cell.column == column and cell.column_span == 1 and cell.row >= header_rows and cell.text
    ]


def _filled(grid: Grid, column: int) -> int:
    return sum(cell.column == column and bool(cell.text) and cell.column_span == 1 for cell in grid.cells)


def _mean_length(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / len(texts) if texts else 0.0


def _holds_tasks(found: Columns) -> bool:
    """Whether columns with these meanings make a table of tasks, not of counts, meetings or laggards alone."""
    meanings = found.meanings
    if "task" not in meanings or "place" in meanings:
        return False
    if meanings.count("count") >= 2:
        return False
    if found.certainty == "content":
        return "lead" in meanings or "deadline" in meanings
    return any(
        known in meanings
        for known in ("period_mark", "lead", "lead_and_coop", "deadline", "result", "source", "progress", "coop")
    ) or ("number" in meanings)


def rows(grid: Grid, found: Columns) -> list[Row]:
    """The rows of tasks of a grid, with the group rows they stand under."""
    by_place: dict[tuple[int, int], Cell] = {}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                by_place[row, column] = cell
    task_column = found.of("task")
    if task_column is None:
        return []
    kept: list[Row] = []
    groups: list[tuple[int, Cell]] = []
    for number in range(found.header_rows, grid.rows):
        cells = tuple(by_place.get((number, column)) for column in range(grid.columns))
        heading = _group_heading(cells, found, task_column)
        if heading is not None:
            level = _group_level(cells, found)
            groups = [entry for entry in groups if entry[0] < level]
            groups.append((level, heading))
            continue
        task = cells[task_column]
        if task is None or not task.text or _TOTAL.fullmatch(" ".join(phrases.fold(task.text).split())):
            continue
        if task.row != number and not _has_own_number(cells, found, number):
            if kept and kept[-1].cells[task_column] is task:
                kept[-1] = msgspec.structs.replace(kept[-1], below=(*kept[-1].below, cells))
            continue
        kept.append(Row(number, cells, tuple(cell for _, cell in groups)))
    return kept


def _has_own_number(cells: Sequence[Cell | None], found: Columns, number: int) -> bool:
    """Whether a row is counted by itself, though its task is merged with the row's above."""
    column = found.of("number")
    cell = cells[column] if column is not None else None
    return cell is not None and cell.row == number and bool(cell.text)


def _group_heading(cells: Sequence[Cell | None], found: Columns, task_column: int) -> Cell | None:
    """The text cell of a row that heads a group: one cell over most columns, or a lone one that is set apart."""
    distinct = list(dict.fromkeys(id(cell) for cell in cells if cell is not None and cell.text))
    by_id = {id(cell): cell for cell in cells if cell is not None}
    filled = [by_id[key] for key in distinct]
    if not filled:
        return None
    for cell in filled:
        if cell.column_span >= 2 and cell.column_span * 2 >= len(cells) - 1:
            return cell
    number_column = found.of("number")
    number = cells[number_column] if number_column is not None else None
    others = [cell for cell in filled if cell is not number]
    if len(others) != 1:
        return None
    alone = others[0]
    if alone.column != task_column:
        # A body that stands alone in a row heads the rows below it.
        return alone if alone.column < task_column and len(filled) <= 2 and alone is not number else None
    bold = all(paragraph.bold for paragraph in alone.paragraphs)
    outer = number is not None and _OUTER_NUMBER.fullmatch(number.text) is not None
    return alone if bold or outer or (alone.text.isupper() and len(alone.text) > 1) else None


def _group_level(cells: Sequence[Cell | None], found: Columns) -> int:
    """How deep a group row stands, from the form of its number: A, I, 1, 1.1."""
    number_column = found.of("number")
    number = cells[number_column] if number_column is not None else None
    text = number.text.strip(" .)(") if number is not None else ""
    if re.fullmatch(r"[A-HĐ]", text) and text not in "IVX":
        return 0
    if re.fullmatch(r"[IVX]+", text):
        return 1
    if text.replace(".", "").isdigit():
        return 2 + text.count(".")
    return 9
