"""Where values stand that a task has from above it: found in what hands down, and in nothing else."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from extractors.agencies import AgencyContext
from models import Block, Cell, Grid, Paragraph
from pipeline.review_items import Item
from review import handed_down

TASK = "Rà soát, cấp bù vật tư cho các trạm."


def task(block: int, start: int = 0, cell: Sequence[int] | None = None, **values: Any) -> Item:
    """A task at a place, with the values it is said to have; none of them has a place of its own."""
    places = [{"field": "text", "block": block, "start": start, "end": start + len(TASK), "cell": cell}]
    section = values.pop("section", ())
    corrected = values.pop("corrected", {})
    filled = {"lead": [], "coop": [], "deadline": {"text": values.pop("deadline", None)}, **values}
    shown = {**filled, "places": places}
    return Item("t", "d", None, 0, shown, {}, corrected, {}, (), section, "no", None, None, is_added=False)


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Paragraph(text) for text in texts)


def grid(*rows: str) -> tuple[Block, ...]:
    """A table of one heading row over others: a group row has one cell, `^` goes on with the cell above."""
    cells: list[Cell] = []
    for row, line in enumerate(rows):
        texts = line.split("|")
        for column, text in enumerate(texts):
            if text != "^":
                spans = sum(1 for below in rows[row + 1 :] if below.split("|")[column : column + 1] == ["^"])
                across = 3 if len(texts) == 1 else 1
                cells.append(Cell(row, column, 1 + spans, across, paragraphs=(Paragraph(text),)))
    return (Grid(len(rows), 3, tuple(cells)),)


@pytest.mark.parametrize(
    ("blocks", "item", "found"),
    [
        # a label above, in the words of the letter
        (paragraphs("2. Bộ Y tế:", TASK), task(1, lead=["Bộ Y tế"]), {(0, "lead", "Bộ Y tế")}),
        # the nearest label, not the first one
        (
            paragraphs("1. Bộ Y tế:", "Việc khác.", "2. Bộ Y tế:", TASK),
            task(3, lead=["Bộ Y tế"]),
            {(2, "lead", "Bộ Y tế")},
        ),
        # a class of bodies under the name it is counted by
        (
            paragraphs("Ủy ban nhân dân các tỉnh, thành phố:", TASK),
            task(1, lead=["Các địa phương"]),
            {(0, "lead", "Ủy ban nhân dân các tỉnh, thành phố")},
        ),
        # another task's words name the body too: they hand nothing down
        (
            paragraphs("1. Bộ Y tế:", "Trình Bộ Y tế trước ngày 30/6/2026 để xem xét.", TASK),
            task(2, lead=["Bộ Y tế"], deadline="trước ngày 30/6/2026"),
            {(0, "lead", "Bộ Y tế")},
        ),
        # a heading the task stands under
        (
            paragraphs("Nhiệm vụ hoàn thành trong Quý III/2026", "Việc khác.", TASK),
            task(2, deadline="trong  Quý III/2026", section=("I. Nhiệm vụ hoàn thành trong Quý III/2026",)),
            {(0, "deadline", "trong Quý III/2026")},
        ),
        # its own paragraph, before its words
        (
            paragraphs(f"Bộ Công an: {TASK}"),
            task(0, start=12, lead=["Bộ Công an"]),
            {(0, "lead", "Bộ Công an")},
        ),
        # parts of one matter behind it, before those of the matter above
        (
            paragraphs(
                "Cơ quan thực hiện: Bộ Y tế.", TASK, "Cơ quan thực hiện: Bộ Y tế.", "Thời hạn: Quý II/2026."
            ),
            task(1, lead=["Bộ Y tế"], deadline="Quý II/2026"),
            {(2, "lead", "Bộ Y tế"), (3, "deadline", "Quý II/2026")},
        ),
        # what a person set was not handed down
        (
            paragraphs("2. Bộ Y tế:", TASK),
            task(1, lead=["Bộ Y tế"], corrected={"lead": "An"}),
            set(),
        ),
        # the row that heads those under it, and a cell that stands for several rows
        (
            grid("TT|Việc|Thời hạn", "Bộ Nội vụ", f"1|{TASK}|Tháng 5/2026", "2|Việc sau|^"),
            task(0, cell=(3, 1), lead=["Bộ Nội vụ"], deadline="Tháng 5/2026", section=("Bộ Nội vụ",)),
            {(0, "lead", "Bộ Nội vụ"), (0, "deadline", "Tháng 5/2026")},
        ),
        # a row above that heads nothing
        (
            grid("TT|Việc|Chủ trì", "1|Việc trước|Bộ Nội vụ", f"2|{TASK}|"),
            task(0, cell=(2, 1), lead=["Bộ Nội vụ"]),
            set(),
        ),
        # nothing above
        (paragraphs(TASK), task(0, lead=["Bộ Y tế"]), set()),
    ],
)
def test_what_hands_down_is_found(blocks: tuple[Block, ...], item: Item, found: set[tuple[int, str, str]]) -> None:
    places = handed_down.places(item, blocks, AgencyContext())
    assert all(place["handed_down"] for place in places)
    assert {(p["block"], p["field"], words(blocks, p)) for p in places} == found


def words(blocks: tuple[Block, ...], place: dict[str, Any]) -> str:
    """The words at a place."""
    block = blocks[place["block"]]
    if isinstance(block, Paragraph):
        return block.text[place["start"] : place["end"]]
    [text] = [cell.text for cell in block.cells if [cell.row, cell.column] == list(place["cell"])]
    return text[place["start"] : place["end"]]


def test_a_task_without_a_place_has_nothing_above_it() -> None:
    """One typed by a person, in a letter that was not marked."""
    item = task(0, lead=["Bộ Y tế"])
    typed = msgspec.structs.replace(item, values={**item.values, "places": []})
    assert handed_down.places(typed, paragraphs("Bộ Y tế:"), AgencyContext()) == []
