"""Where the lead, cooperating bodies or deadline stand that a task has from above: from a heading, a label, a row.

Extraction says where a value stands only within the task's own words. What a heading, the line that opens a list
or a group row hands down is looked for here, in those alone, the nearest first; what is not found is not marked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from extractors import agencies, labels
from extractors.agencies import AgencyContext
from extractors.places import in_cell, in_paragraph
from models import Block, Cell, Grid, Office, Paragraph
from models.task import PlaceField
from pipeline.review_items import Item

ABOVE, BEHIND = 120, 3
"""So many blocks above a task are looked through; and behind it, where parts of its own matter may follow."""


class _Source(NamedTuple):
    """What may hand something down: a stretch of a block's text, or of a cell's.

    `field` is what a part's name says that it holds (`Thời hạn: …`); None where it may hold anything.
    """

    block: int
    cell: Cell | None
    text: str
    start: int
    end: int
    field: str | None


def context(letter: Mapping[str, Any], office: Office) -> AgencyContext:
    """What the row of a letter says that decides which body a name means."""
    issuer = letter["organ_name"]
    return AgencyContext(letter["issued_date"], agencies.scope_of(issuer or ""), issuer, office=office)


def places(item: Item, blocks: Sequence[Block], context: AgencyContext) -> list[dict[str, Any]]:
    """Where the values of a task stand that have no place of their own, as JSON places that say `handed_down`."""
    has_place = {place["field"] for place in item.values["places"]} | set(item.corrected)
    wanted: list[tuple[PlaceField, str]] = []
    for field in ("lead", "coop"):
        if field not in has_place:
            wanted += [(field, name) for name in item.values[field]]
    words = item.values["deadline"].get("text")
    if "deadline" not in has_place and words:
        wanted.append(("deadline", words))
    found: list[dict[str, Any]] = []
    if wanted:
        for source in _sources(item, blocks, context):
            for one in list(wanted):
                if span := _span(source, one, context):
                    found += [{**p, "handed_down": True} for p in _places(blocks, source, one[0], *span)]
                    wanted.remove(one)
            if not wanted:
                break
    return found


def _span(source: _Source, wanted: tuple[str, str], context: AgencyContext) -> tuple[int, int] | None:
    """Where a source names a body, or holds a deadline's words."""
    field, words = wanted
    if source.field not in (None, field):
        return None
    if field == "deadline":
        pattern = r"\s+".join(map(re.escape, words.split()))
        at = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE).search(source.text, source.start, source.end)
        return at.span() if at else None
    for body in agencies.find(source.text, context):
        if body.name != words or body.start is None or body.end is None:
            continue
        if source.start <= body.start and body.end <= source.end:
            return body.start, body.end
    return None


def _places(blocks: Sequence[Block], source: _Source, field: PlaceField, start: int, end: int) -> Any:
    block = blocks[source.block]
    if source.cell is not None:
        return msgspec.to_builtins(in_cell(field, source.block, source.cell, start, end))
    assert isinstance(block, Paragraph)
    return msgspec.to_builtins(in_paragraph(field, source.block, block, start, end))


def _sources(item: Item, blocks: Sequence[Block], context: AgencyContext) -> Iterator[_Source]:
    """What may hand something down to a task: parts of its matter behind it, then what is above it."""
    texts = [place for place in item.values["places"] if place["field"] == "text"]
    if not texts or texts[0]["block"] >= len(blocks):
        return
    first, last = texts[0]["block"], texts[-1]["block"]
    for number in range(last + 1, min(last + 1 + BEHIND, len(blocks))):
        source = _of_block(number, blocks[number], item, context)
        if source is None or source.field is None:
            break
        yield source
    here = blocks[first]
    if isinstance(here, Paragraph):
        yield _Source(first, None, here.text, 0, texts[0]["start"], None)
    else:
        row = (texts[0].get("cell") or [0])[0]
        yield from _rows_above(first, here, row, item)
    for number in range(first - 1, max(first - 1 - ABOVE, -1), -1):
        block = blocks[number]
        if isinstance(block, Grid):
            yield from _rows_above(number, block, block.rows, item)
        elif source := _of_block(number, block, item, context):
            yield source


def _rows_above(number: int, grid: Grid, row: int, item: Item) -> Iterator[_Source]:
    """The rows that head those under them, and cells that stand for several rows."""
    for cell in sorted(grid.cells, key=lambda c: (-c.row, c.column)):
        spans = cell.row <= row < cell.row + cell.row_span and cell.row_span > 1
        if spans or (cell.row < row and _heads(cell.text, item)):
            yield _Source(number, cell, cell.text, 0, len(cell.text), None)


def _of_block(number: int, block: Block, item: Item, context: AgencyContext) -> _Source | None:
    """A paragraph that may hand something down, and which stretch of it; None where it is none."""
    if isinstance(block, Grid) or not block.text:
        return None
    text = block.text
    whole = _Source(number, None, text, 0, len(text), None)
    if _heads(text, item) or text.endswith(":") or text.startswith("Kính gửi"):
        return whole
    label = labels.label(text, agencies.find(text, context)) if ":" in text else None
    if label is None or label.kind == "topic":
        return None
    if label.kind == "field":
        return whole._replace(start=label.end, field=label.field)
    return whole._replace(end=label.end)


def _heads(text: str, item: Item) -> bool:
    """Whether a text is one of the headings the task stands under."""
    return bool(text) and any(text in section for section in item.section)
