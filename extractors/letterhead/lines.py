"""The lines of a letter: paragraphs, and those of head and foot tables; two columns on one line are parted."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from extractors.citations import CAPITAL
from extractors.letterhead import wording
from extractors.letterhead.wording import Part
from models import Block, Grid, Paragraph


class Line(msgspec.Struct, frozen=True):
    """One paragraph of a block or of a cell of a head or foot table, and the part it was told to be."""

    block: int
    text: str
    bullet: bool = False
    numbered: bool = False
    grid: bool = False
    prominent: bool = False
    part: Part = "body"
    kind: str | None = None


HEAD_BLOCKS = 40
"""How many blocks from the top are searched for parts of the head."""

# Both columns of the foot on one line: a recipient, then capitals of the signature.
_FOOT_LINE = re.compile(
    r"^(?P<left>(?:[-–+•]\s{0,3}|N[ơo]i nh[ậâa]n).{0,120}?[;:.])"
    rf"\s{{1,6}}(?P<right>[{CAPITAL}][{CAPITAL}.,\s]{{3,80}})$"
)


def of_blocks(blocks: Sequence[Block]) -> Iterator[Line]:
    """The paragraphs of the text and of head and foot tables, lines with two columns parted."""
    last = len(blocks) - 1
    while last >= 0 and _is_furniture(blocks[last]):
        last -= 1
    for index, block in enumerate(blocks):
        if isinstance(block, Grid):
            if index < HEAD_BLOCKS or index > last - HEAD_BLOCKS:
                yield from _lines_of_grid(index, block)
            else:
                yield Line(index, "", grid=True)
            continue
        if _is_furniture(block):
            yield Line(index, block.text, part="stamp" if block.role == "stamp" else "furniture")
            continue
        yield from _lines_of_paragraph(index, block, grid=False)


def _is_furniture(block: Block) -> bool:
    """Whether a block is no part of the text: page numbers, footnotes, stamps told apart on the page."""
    return isinstance(block, Paragraph) and block.role in ("furniture", "footnote", "stamp")


def _lines_of_grid(index: int, grid: Grid) -> Iterator[Line]:
    """The cells of a small table without a data table's look; any other table is one body line."""
    texts = [p.text for cell in grid.cells for p in cell.paragraphs]
    frame = any(
        wording.NUMBER.match(t) or wording.ADDRESSED.match(t) or wording.COPIES.match(t) or wording.motto(t)
        for t in texts
    )
    if not frame or grid.columns > 4:
        yield Line(index, "", grid=True)
        return
    # Column by column: the issuer's column of a head, then the motto's.
    for cell in sorted(grid.cells, key=lambda cell: (cell.column, cell.row)):
        for paragraph in cell.paragraphs:
            yield from _lines_of_paragraph(index, paragraph, grid=True)


def _lines_of_paragraph(index: int, paragraph: Paragraph, grid: bool) -> Iterator[Line]:
    prominent = paragraph.bold or paragraph.centred or paragraph.role == "heading"
    bullet = paragraph.marker is not None and not paragraph.marker[0].isalnum() and paragraph.marker[0] != "("
    numbered = paragraph.marker is not None and not bullet
    for written in paragraph.text.split("\n"):
        text = " ".join(written.split())
        both = _FOOT_LINE.match(("- " if bullet else "") + text)
        signature = both["right"] if both and _opens_signature(both["right"]) else None
        own = both["left"] if both and signature else text
        cut = wording.BULLET.sub("", own)
        if cut:
            yield Line(index, cut, bullet or cut != own, numbered, grid, prominent)
        if signature:
            yield Line(index, signature, grid=grid, prominent=prominent)


def _opens_signature(text: str) -> bool:
    return bool(wording.AUTHORITY.match(text) or wording.words().position.match(text))
