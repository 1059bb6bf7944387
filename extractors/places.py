"""Where a value stands: offsets in a block → places on paper, one a line."""

from collections.abc import Iterable, Sequence

import msgspec

from models import Box, Cell, Paragraph, Piece, Place
from models.task import PlaceField


def in_paragraph(field: PlaceField, block: int, paragraph: Paragraph, start: int, end: int) -> tuple[Place, ...]:
    """The places of the characters `start` to `end` of a paragraph."""
    return _places(field, block, paragraph.pieces, start, end, None)


def in_cell(field: PlaceField, block: int, cell: Cell, start: int, end: int) -> tuple[Place, ...]:
    """The places of the characters `start` to `end` of a cell's text."""
    return _places(field, block, cell_pieces(cell), start, end, (cell.row, cell.column))


def cell_pieces(cell: Cell) -> tuple[Piece, ...]:
    """The pieces of a cell's paragraphs with offsets in the cell's text (paragraphs joined by one space)."""
    pieces: list[Piece] = []
    shift = 0
    for paragraph in cell.paragraphs:
        if not paragraph.text:
            continue
        pieces += [msgspec.structs.replace(p, start=p.start + shift, end=p.end + shift) for p in paragraph.pieces]
        shift += len(paragraph.text) + 1
    return tuple(pieces)


def between(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces that the characters `start` to `end` touch."""
    return [piece for piece in pieces if piece.start < end and piece.end > start]


def _places(
    field: PlaceField, block: int, pieces: Sequence[Piece], start: int, end: int, cell: tuple[int, int] | None
) -> tuple[Place, ...]:
    """One place for each line the characters stand on; one without a page where pieces have none."""
    found: list[Place] = []
    for line in _lines(between(pieces, start, end)):
        boxes = [piece.box for piece in line if piece.box is not None]
        box = Box(
            min(b.x0 for b in boxes),
            min(b.top for b in boxes),
            max(b.x1 for b in boxes),
            max(b.bottom for b in boxes),
        )
        found.append(
            Place(field, block, max(line[0].start, start), min(line[-1].end, end), line[0].page, box, cell)
        )
    return tuple(found) or (Place(field, block, start, end, cell=cell),)


def _lines(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces with boxes by line: a new one where the page changes or the next word stands further left."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        if piece.box is None:
            continue
        last = lines[-1][-1] if lines else None
        if last is None or last.box is None or last.page != piece.page or piece.box.x0 < last.box.x0:
            lines.append([])
        lines[-1].append(piece)
    return lines
