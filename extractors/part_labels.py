"""The names of parallel parts that run into their text (`Hướng xử lý. …`), as a letter repeats them.

A report that puts every matter in the same parts names them in its own words: what is repeated at the head of
paragraphs is a name, and what it names is told by its words, else by what stands behind it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from extractors import tables
from extractors.headings import opens_with_known_verb
from extractors.phrases import fold, folded_set
from models import Block, Cell, Grid, Paragraph

LONGEST_NAME: Final = 5
"""Words in the name of a part."""
LEAST_UPRIGHT: Final = 3
"""Rows of a table whose first column names the fields."""
MOST_ALIKE: Final = 0.6
"""The share of the parts of one name that hold the same kind of thing, where the name says nothing known."""

# Names of parts that no list has, as they are put together. Tried in this order.
_NAMED_SO = (
    ("other", re.compile(r"(?:thực trạng|hiện trạng|tình hình|bất cập|vướng mắc|biểu hiện|do đâu)(?: \w+){0,3}")),
    ("coop", re.compile(r"(?:giao |cơ quan |đơn vị |các bên |bên )?(?:cùng )?phối hợp(?: với| thực hiện| cùng)?")),
    (
        "deadline",
        re.compile(
            r"(?:mốc )?(?:thời (?:gian|hạn|điểm)|hạn|tiến độ|mốc)"
            r"(?: (?:phải |dự kiến )?(?:hoàn thành|thực hiện|cuối|chót|báo cáo|trình|xong|xử lý|cụ thể))*"
            r"|hoàn thành|bao giờ xong|khi nào xong"
        ),
    ),
    (
        "lead",
        re.compile(
            r"(?:(?:giao|phân công|cơ quan|đơn vị|trách nhiệm|người|ai|bộ|nơi|đầu mối)\s){0,2}"
            r"(?:thực hiện|chủ trì|chịu trách nhiệm|đầu mối|phụ trách|đảm nhiệm|làm|xử lý)(?: chính)?"
            r"|giao cho|phân công|đầu mối|trách nhiệm"
        ),
    ),
    (
        "task",
        re.compile(
            r"(?:nội dung|việc|công việc|nhiệm vụ|giải pháp|hướng|biện pháp|đề xuất|kiến nghị|phương án|cách)"
            r"(?: (?:cần|phải|làm|xử lý|giải quyết|tháo gỡ|thực hiện|đề nghị|đề xuất|giao|khắc phục|ra))*"
        ),
    ),
)
_HEAD = re.compile(r"(?P<name>[^\W\d_][^.:;()]{1,58}?)\s?(?P<sign>[.:])(?:\s+|$)")

KindOf = Callable[[str], str | None]
"""What a text is: `lead`, `deadline`, or None."""


class PartLabel(msgspec.Struct, frozen=True):
    """The name of a part at the head of a paragraph: what it names, and where the part's text begins."""

    field: str
    end: int


def named(name: str) -> str | None:
    """What the name of a part names (`task`, `lead`, `coop`, `deadline`, `result`, `other`), by its words."""
    words = fold(name).strip(" :.")
    if len(words.split()) > LONGEST_NAME:
        return None
    for field in ("task", "lead", "coop", "deadline", "result", "other"):
        if words in folded_set("fields", field):
            return field
    return next((field for field, pattern in _NAMED_SO if pattern.fullmatch(words)), None)


def find(blocks: Sequence[Block], body: Sequence[int], kind_of: KindOf) -> Mapping[int, PartLabel]:
    """The labels by block; none where no part tells what is to be done, or none who or when."""
    heads: dict[str, list[tuple[int, int]]] = {}
    for index in body:
        block = blocks[index]
        head = _HEAD.match(block.text) if isinstance(block, Paragraph) else None
        if head is not None and len(head["name"].split()) <= LONGEST_NAME:
            name = re.sub(r"\d+", "0", fold(head["name"]))  # `Vướng mắc số 1.`, `Vướng mắc số 2.`
            heads.setdefault(name, []).append((index, head.end()))
    labels = {
        index: PartLabel(field, end)
        for name, places in heads.items()
        if len(places) > 1 and (field := _field(name, [_text(blocks[i], end) for i, end in places], kind_of))
        for index, end in places
    }
    fields = {label.field for label in labels.values()}
    return labels if "task" in fields and fields & {"lead", "deadline"} else {}


def upright(grid: Grid) -> Grid:
    """A table of two columns whose first names the fields (`Giải pháp | …`, `Cơ quan chủ trì | …`), turned.

    Each matter becomes a row under the names; any other table is left as it is.
    """
    if grid.columns != 2 or grid.rows < LEAST_UPRIGHT:
        return grid
    names = {cell.row: cell for cell in grid.cells if cell.column == 0 and cell.text}
    held = {cell.row: cell for cell in grid.cells if cell.column == 1 and cell.column_span == 1}
    if not _names_fields(names, held):
        return grid
    columns: dict[str, int] = {}
    headers: list[Cell] = []
    cells: list[Cell] = []
    matter = 1
    filled: set[int] = set()
    for row in sorted(names.keys() & held.keys()):
        name = fold(names[row].text).strip(" .:")
        if name not in columns:
            columns[name] = len(columns)
            headers.append(_at(names[row], 0, columns[name]))
        column = columns[name]
        if column in filled:  # a name that comes again begins the next matter
            matter, filled = matter + 1, set()
        filled.add(column)
        cells.append(_at(held[row], matter, column))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return msgspec.structs.replace(grid, rows=matter + 1, columns=len(columns), cells=(*headers, *cells))


def _names_fields(names: Mapping[int, Cell], held: Mapping[int, Cell]) -> bool:
    """Whether first cells name fields, a task and who or when among them, and no header stands over them."""
    meanings = {named(cell.text) or tables.meaning(cell.text) for cell in names.values()}
    first = held.get(min(names, default=0))
    told = "task" in meanings and not meanings.isdisjoint({"lead", "deadline"})
    return told and first is not None and not tables.meaning(first.text)


def _at(cell: Cell, row: int, column: int) -> Cell:
    """A cell at another place, over one row and column."""
    return msgspec.structs.replace(cell, row=row, column=column, row_span=1, column_span=1)


def _text(block: Block, start: int) -> str:
    return block.text[start:].strip() if isinstance(block, Paragraph) else ""


def _field(name: str, texts: Sequence[str], kind_of: KindOf) -> str | None:
    """What a repeated name names: by its words, else by what stands behind it, else by the header it would be."""
    known = named(name)
    if known is not None:
        return known
    kinds = [kind_of(text.rstrip(" .;")) for text in texts if text]
    for kind in ("deadline", "lead"):
        if kinds and kinds.count(kind) >= MOST_ALIKE * len(kinds):
            return kind
    if texts and sum(map(opens_with_known_verb, texts)) >= MOST_ALIKE * len(texts):
        return "task"
    meaning = tables.meaning(name)
    return meaning if meaning in ("task", "lead", "coop", "deadline", "result") else "other"
