"""What the working processes do: open a file, read some of its pages, hand back plain records.

Every function here takes a path and plain values, so that it can run in another process, and keeps no more
than one page open at a time.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pypdfium2 import PdfDocument

from models import Block, Box, Footnote, Grid, Page, Word
from models.document import PageSource
from pipeline.reading import (
    blanks,
    damage,
    docx,
    errors,
    frames,
    html,
    media,
    office,
    pdf,
    plain,
    quality,
    scans,
    second_opinion,
    stamps,
    xlsx,
)
from pipeline.reading.damage import Damage
from pipeline.reading.limits import Limits
from pipeline.reading.material import PagePicture
from pipeline.reading.media import PDF

NEEDS_RECOGNITION = "needs_recognition"
"""Reason of a page whose text layer is not good, until it has been recognised."""

FIRST_WORDS = 600
"""So many words stand on a first page."""


def count(path: Path, media_type: str, limits: Limits) -> int:
    """How many pages a file has. Raises `TooLarge` beyond the limit, and what opening the file raises."""
    if media_type == PDF:
        with pdf.opened(path) as document:
            pages = len(document)
    else:
        pages = frames.count(path)
    if pages > limits.pages:
        raise errors.TooLarge(f"{pages} pages")
    return pages


def damage_of(path: Path, media_type: str, total: int) -> Damage:
    """What is broken in a file of `total` pages: the libraries would show a page as far as it goes."""
    return damage.find(path, total) if media_type == PDF else Damage(frozenset(), some=False)


def from_text_layer(path: Path, numbers: range) -> list[Page]:
    """Read these pages (from 1) of a PDF by their text layers.

    A page whose layer is not good comes back unread, with the figures, its reason `NEEDS_RECOGNITION`.
    """
    with pdf.opened(path) as document:
        return [_from_text_layer(path, document, number) for number in numbers]


def _from_text_layer(path: Path, document: PdfDocument, number: int) -> Page:
    """One page by its text layer; the blanks of a letterhead are read off the page."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        layer, drawn = pdf.text_layer(page), pdf.drawing(page)
        covered = max((pdf.share(box, width, height) for box in drawn.pictures), default=0.0)
        good, evidence = quality.judge(layer, covered, drawn.paths)
        size = (round(width, 2), round(height, 2))
        if not good:
            return Page(number, *size, "unread", reason=NEEDS_RECOGNITION, evidence=evidence)
        words = layer.words
        source: PageSource = "text_layer"
        # An annex names its letter's number and day at its own head.
        if empty := blanks.blanks(words, height):
            words, seen = blanks.filled(page, words, empty)
            source = "both" if len(words) > len(layer.words) else source
            evidence |= seen
    finally:
        page.close()
    found = pdf.ruled_tables(drawn, words)
    if any(table.certainty < second_opinion.DOUBTFUL for table in found):
        evidence["second_opinion"] = True
        found = second_opinion.better_tables(path, number, found, words)
    words, found, pressed = stamps.apart(words, found, height)
    return Page(number, *size, source, words, found, evidence=evidence, stamps=pressed)


def recognise(path: Path, media_type: str, page: Page, limits: Limits) -> list[Page]:
    """Recognise one page off its picture; it keeps its number and the evidence gathered so far."""
    with picture(path, media_type, page.number, limits) as found:
        return [scans.read(found, page.number, page.evidence, limits.page_seconds)]


def blocks(path: Path, media_type: str, limits: Limits) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """Read a file without pages as paragraphs, tables and footnotes; old office files through LibreOffice."""
    match media_type:
        case media.DOCX:
            return docx.read(path, limits)
        case media.XLSX:
            return xlsx.read(path, limits)
        case media.HTML:
            return html.read(path)
        case media.TEXT:
            return plain.read(path), ()
        case _ if media_type in office.TARGETS:
            with office.converted(path, media_type, limits) as made:
                reader = docx.read if office.TARGETS[media_type] == "docx" else xlsx.read
                return reader(made, limits)
        case _:
            raise errors.UnsupportedType(media_type)


def as_page(found: tuple[Block, ...]) -> Page:
    """The first words of a file without pages, as one page without places."""
    nowhere = Box(0.0, 0.0, 0.0, 0.0)
    words: list[Word] = []
    for block in found:
        cells = block.cells if isinstance(block, Grid) else ()
        text = " ".join(cell.text for cell in cells) if cells else getattr(block, "text", "")
        words += [Word(word, nowhere) for word in text.split()]
        if len(words) >= FIRST_WORDS:
            break
    return Page(1, 0.0, 0.0, "text_layer", tuple(words[:FIRST_WORDS]))


def red_regions(path: Path, media_type: str, limits: Limits) -> tuple[str, ...]:
    """Recognise what stands in the red boxes of the first page."""
    with picture(path, media_type, 1, limits) as found:
        return scans.red_texts(found, limits.page_seconds)


@contextlib.contextmanager
def picture(path: Path, media_type: str, number: int, limits: Limits) -> Iterator[PagePicture]:
    """The picture of one page: the one embedded in the file where that is the page, else drawn.

    Raises `TooLarge` before anything is drawn or decoded that exceeds the limit.
    """
    if media_type != PDF:
        yield frames.frame(path, number, limits.pixels)
        return
    with tempfile.TemporaryDirectory(prefix="giaoviec-") as folder, pdf.opened(path) as document:
        page = document[number - 1]
        try:
            embedded = pdf.embedded_picture(page, Path(folder), limits.pixels)
            yield embedded or pdf.drawn_picture(page, limits.pixels)
        finally:
            page.close()
