"""Pages of words → blocks: paragraphs, list items, headings, footnotes, and tables joined over pages.

A document that has blocks already (DOCX, HTML, text) passes through; only its markers are told from its text.
"""

from collections.abc import Sequence

import msgspec

from extractors import footnotes, furniture, grids, lines, open_tables, page_frames, paragraphs
from extractors.lines import Line
from models import Block, Document, Grid, Page, Paragraph, Piece, Stamp, Word


def blocks(document: Document) -> tuple[Block, ...]:
    """The blocks of a document in reading order."""
    if document.blocks:
        return tuple(_told(block) for block in document.blocks)
    return _of_pages(document.pages)


def _told(block: Block) -> Block:
    """A block with its list marker, where the text still carries it."""
    if isinstance(block, Grid):
        cells = (
            msgspec.structs.replace(cell, paragraphs=paragraphs.cell_told(cell.paragraphs)) for cell in block.cells
        )
        return msgspec.structs.replace(block, cells=tuple(cells))
    if block.role == "body" and block.text[:1] in footnotes.SUPERSCRIPT_DIGITS:
        return msgspec.structs.replace(block, role="footnote")
    if block.role == "body" and paragraphs.is_title(block.text):
        block = msgspec.structs.replace(block, role="heading")
    return paragraphs.marked(block)


def _of_pages(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The blocks of pages of words: tables as grids, all other words as paragraphs."""
    pages = open_tables.found(pages)
    free = [lines.of_page(_free_words(page), page.number) for page in pages]
    kept, apart = furniture.parted([(page.height, found) for page, found in zip(pages, free, strict=True)])
    body_size = page_frames.usual_size(kept)
    pitch = page_frames.usual_pitch(kept, body_size)
    frames = page_frames.of_pages([page.number for page in pages], kept, pitch)
    # Tables and paragraphs of a page in the order of their tops; a footnote does not part what it interrupts.
    placed: list[Block] = []
    open_lines: list[Line] = []
    notes: list[Line] = []
    part: grids.Part | None = None

    def close_text() -> None:
        placed.extend(paragraphs.of_lines(open_lines, frames, "body"))
        placed.extend(paragraphs.of_lines(notes, frames, "footnote"))
        open_lines.clear()
        notes.clear()

    def close_table() -> None:
        nonlocal part
        if part is not None:
            placed.append(part.grid)
            part = None

    for page, page_lines in zip(pages, kept, strict=True):
        small = footnotes.of_page(page_lines, body_size)
        for item in _by_place(page, page_lines):
            if not isinstance(item, Line):
                close_text()
                found = grids.of_page(page, item, paragraphs.of_cell)
                joined = grids.joined(part, found) if part is not None else None
                if joined is None:
                    close_table()
                part = joined or found
            elif id(item) in small:
                notes.append(item)
            else:
                close_table()
                open_lines.append(item)
    close_text()
    close_table()
    for dropped in apart:
        placed.extend(paragraphs.of_lines(dropped, frames, "furniture"))
    placed.extend(_stamp(stamp, page.number) for page in pages for stamp in page.stamps)
    return tuple(placed)


def _stamp(stamp: Stamp, page: int) -> Paragraph:
    """What a stamp says, as one paragraph in the order it was read."""
    text, starts = paragraphs.join([word.text for word in stamp.words])
    pieces = (
        Piece(start, start + len(word.text), page, word.box, word.confidence)
        for start, word in zip(starts, stamp.words, strict=True)
    )
    return Paragraph(text, role="stamp", page=page, pieces=tuple(pieces))


def _by_place(page: Page, page_lines: list[Line]) -> list[Line | int]:
    """A page's lines and tables (by index) top to bottom, lines keeping their reading order."""
    tables = sorted(range(len(page.tables)), key=lambda index: page.tables[index].box.top)
    order: list[Line | int] = []
    for line in page_lines:
        while tables and page.tables[tables[0]].box.top < line.middle:
            order.append(tables.pop(0))
        order.append(line)
    return order + list(tables)


def _free_words(page: Page) -> list[Word]:
    """The words of a page that stand in no table."""
    taken = {index for table in page.tables for cell in table.cells for index in cell.words}
    return [word for index, word in enumerate(page.words) if index not in taken]
