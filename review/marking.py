"""From a drag over a page to text with its places, and from places to marks drawn over a page or in a text.

Pure functions over blocks (`extractors.layout.blocks`) and JSON places as items hold them.
"""

import html
import re
from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from extractors.places import cell_pieces, in_cell, in_paragraph
from models import Block, Box, Cell, Grid, Paragraph, Piece
from models.task import PlaceField

COLOURS: dict[str, str] = {
    "text": "#f5b301",
    "lead": "#1e88e5",
    "coop": "#8e24aa",
    "deadline": "#e53935",
    "source_doc": "#00897b",
    "result": "#6d4c41",
    "part": "#43a047",
}
"""Of the marks, of the fields' names, and of the parts a task is to be split into. Several marks in one place are
drawn in this order, the last on top."""


class Selection(NamedTuple):
    """What was marked: its words, and where they stand as JSON places."""

    text: str
    places: list[dict[str, Any]]


class _Spot(NamedTuple):
    """One word of a page in the order of reading: its block, its cell, and its piece (offsets in that text)."""

    block: int
    cell: Cell | None
    piece: Piece


def spots(blocks: Sequence[Block], page: int) -> list[_Spot]:
    """The words of a page in the order of reading."""
    found: list[_Spot] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Grid):
            found += [_Spot(number, c, p) for c in block.cells for p in cell_pieces(c) if p.page == page]
        else:
            found += [_Spot(number, None, p) for p in block.pieces if p.page == page]
    return [spot for spot in found if spot.piece.box is not None]


def between(
    blocks: Sequence[Block],
    page: int,
    start: tuple[float, float],
    end: tuple[float, float],
    field: PlaceField = "text",
) -> Selection | None:
    """The text from one point of a page to another (points, as boxes), word by word in the order of reading.

    Within one cell of a table it stays in that cell. None where the page has no words.
    """
    words = spots(blocks, page)
    if not words:
        return None
    one, other = sorted((_nearest(words, start), _nearest(words, end)))
    first, last = words[one], words[other]
    chosen = [
        spot
        for spot in words[one : other + 1]
        if (first.block, first.cell) != (last.block, last.cell)
        or (spot.block, spot.cell) == (first.block, first.cell)
    ]
    return _selection(blocks, chosen, field)


def _nearest(words: Sequence[_Spot], point: tuple[float, float]) -> int:
    """The word at a point, or the nearest one: lines count for more than places in a line."""
    x, y = point

    def distance(spot: _Spot) -> float:
        box = spot.piece.box
        assert box is not None
        across = max(box.x0 - x, 0.0, x - box.x1)
        down = max(box.top - y, 0.0, y - box.bottom)
        return across * across + 9 * down * down

    return min(range(len(words)), key=lambda n: distance(words[n]))


def _selection(blocks: Sequence[Block], chosen: Iterable[_Spot], field: PlaceField) -> Selection:
    texts: list[str] = []
    places: list[dict[str, Any]] = []
    runs: list[list[_Spot]] = []
    for spot in chosen:
        if not runs or (runs[-1][0].block, runs[-1][0].cell) != (spot.block, spot.cell):
            runs.append([])
        runs[-1].append(spot)
    for run in runs:
        found = of_run(blocks, run[0].block, run[0].cell, run[0].piece.start, run[-1].piece.end, field)
        texts.append(found.text)
        places += found.places
    return Selection(" ".join(texts), places)


def of_run(
    blocks: Sequence[Block], block: int, cell: Cell | None, start: int, end: int, field: PlaceField = "text"
) -> Selection:
    """The characters `start` to `end` of a block, or of one of its cells."""
    found = blocks[block]
    if isinstance(found, Paragraph):
        text, places = found.text[start:end], in_paragraph(field, block, found, start, end)
    else:
        assert cell is not None
        text, places = cell.text[start:end], in_cell(field, block, cell, start, end)
    return Selection(" ".join(text.split()), msgspec.to_builtins(places))


def of_words(
    blocks: Sequence[Block], words: str, field: PlaceField = "text", among: Container[int] | None = None
) -> Selection:
    """Words found again where they stand, in any block or `among` some; with no place where they do not.

    White space counts as white space, however much of it.
    """
    wanted = re.compile(r"\s+".join(map(re.escape, words.split())))
    for number, block in enumerate(blocks):
        if among is not None and number not in among:
            continue
        parts: list[Cell | None] = list(block.cells) if isinstance(block, Grid) else [None]
        for cell in parts:
            text = cell.text if cell is not None else getattr(block, "text", "")
            if wanted.pattern and (at := wanted.search(text)):
                return of_run(blocks, number, cell, at.start(), at.end(), field)
    return Selection(" ".join(words.split()), [])


def drawn(places: Iterable[dict[str, Any]], page: int, scale: float, extra: Box | None = None) -> str:
    """The marks of a page as SVG shapes, `scale` pixels a point. Holds numbers and colours only, never words.

    What is handed down from above a task (`review.handed_down`) is drawn paler, with dashes.
    """
    order = list(COLOURS)
    shapes = [
        _shape(Box(*place["box"]), COLOURS[place["field"]], scale, _look(place))
        for place in sorted(places, key=lambda p: order.index(p["field"]))
        if place.get("page") == page and place.get("box")
    ]
    if extra is not None:
        shapes.append(_shape(extra, "#43a047", scale, _LOOKS["field"]))
    return "".join(shapes)


_LOOKS = {
    "text": 'fill-opacity="0.16" stroke-width="1.5"',
    "field": 'fill-opacity="0.32" stroke-width="2"',
    "handed_down": 'fill-opacity="0.12" stroke-width="2" stroke-dasharray="6 4"',
}


def _look(place: dict[str, Any]) -> str:
    if place.get("handed_down"):
        return _LOOKS["handed_down"]
    return _LOOKS["text" if place["field"] == "text" else "field"]


def _shape(box: Box, colour: str, scale: float, look: str) -> str:
    x, y = (box.x0 - 2) * scale, (box.top - 1) * scale
    width, height = (box.x1 - box.x0 + 4) * scale, (box.bottom - box.top + 2) * scale
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" fill="{colour}"'
        f' stroke="{colour}" {look} />'
    )


def written(blocks: Sequence[Block], places: Sequence[dict[str, Any]], most: int = 400) -> str:
    """A text without pages as HTML: letters' words escaped, marks around the places, around the first of them."""
    first = min((p["block"] for p in places), default=0)
    begin = max(0, first - most // 2)
    parts = []
    for number in range(begin, min(len(blocks), begin + most)):
        block = blocks[number]
        here = [p for p in places if p["block"] == number]
        if isinstance(block, Grid):
            parts.append(_table(block, here))
        else:
            marker = f"{html.escape(block.marker)} " if block.marker else ""
            weight = ' class="heading"' if block.role == "heading" or block.bold else ""
            parts.append(f"<p{weight}>{marker}{_marked(block.text, [p for p in here if not p.get('cell')])}</p>")
    return "".join(parts)


def _table(grid: Grid, here: Sequence[dict[str, Any]]) -> str:
    rows: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
        marks = [p for p in here if tuple(p.get("cell") or ()) == (cell.row, cell.column)]
        rows.setdefault(cell.row, []).append(
            f'<td rowspan="{cell.row_span:d}" colspan="{cell.column_span:d}">{_marked(cell.text, marks)}</td>'
        )
    return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items())) + "</table>"


def _marked(text: str, places: Sequence[dict[str, Any]]) -> str:
    """Text escaped, with a `mark` of the field's colour around each place; of several the last in COLOURS."""
    order = list(COLOURS)
    spans = [(place, max(place["start"], 0), min(place["end"], len(text))) for place in places]
    edges = sorted({0, len(text), *(edge for _, *span in spans for edge in span)})
    found = []
    for start, end in pairwise(edges):
        here = [place for place, begin, close in spans if begin <= start and end <= close]
        words = html.escape(text[start:end])
        if here:
            top = max(here, key=lambda place: order.index(place["field"]))
            look = f"mark-{top['field']}" + (" handed-down" if top.get("handed_down") else "")
            words = f'<mark class="{html.escape(look)}">{words}</mark>'
        found.append(words)
    return "".join(found)
