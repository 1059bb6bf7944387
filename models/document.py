"""What reading yields: a `Document` of pages of words with boxes, or of blocks where a format has no pages.

Two shapes, because files come in two: a PDF or a scan has *pages* of words and ruled tables and says nothing
of paragraphs; a DOCX, an HTML page or a text file has *blocks* (paragraphs and tables) and no places on paper.
`extractors.layout.blocks` makes the second shape out of the first, so that everything after it sees blocks.
"""

from typing import Literal

import msgspec

PageSource = Literal["text_layer", "ocr", "both", "unread"]
"""Where a page's words came from. `both`: a good text layer with recognised parts in its blanks."""

ParagraphRole = Literal["body", "heading", "footnote", "caption", "furniture", "stamp"]
"""`furniture` is what is no part of the text: page numbers, running heads, digital-signature blocks."""


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle on a page: points (1/72 inch), origin at the top left, y downwards."""

    x0: float
    top: float
    x1: float
    bottom: float


class Word(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One word of a page as the reader saw it, NFC.

    `confidence` is the engine's, 0 to 1; None for a text layer. `font` and `size` (points) are None on scans.
    `seen` is what the engine read, where `text` is that mended.
    """

    text: str
    box: Box
    confidence: float | None = None
    font: str | None = None
    size: float | None = None
    bold: bool = False
    italic: bool = False
    seen: str | None = None


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell of a `PageTable` or a `Grid`; `row` and `column` count from 0.

    On a page, `words` are indexes into `Page.words`; in a grid, `paragraphs` hold the cell's text.
    """

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    box: Box | None = None
    words: tuple[int, ...] = ()
    paragraphs: tuple["Paragraph", ...] = ()

    @property
    def text(self) -> str:
        """The cell's text, paragraphs joined by one space."""
        return " ".join(p.text for p in self.paragraphs if p.text)


class PageTable(msgspec.Struct, frozen=True):
    """A table found on one page. `certainty`, 0 to 1: how sure the rows and columns are."""

    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    certainty: float = 1.0


class Stamp(msgspec.Struct, frozen=True, omit_defaults=True):
    """A mark pressed on a page that is no part of its text (`ĐẾN`): where it is, and what was recognised in it."""

    box: Box
    words: tuple[Word, ...] = ()


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    """One page: its words in the order of the file, its tables, and how it was read.

    `number` counts from 1. `width` and `height` are points. An unread page has no words and a `reason`.
    `evidence` says why the text layer was used or not, what was done to the image, and so on.
    `stamps` are the incoming stamps on it, whose words are not among `words`.
    """

    number: int
    width: float
    height: float
    source: PageSource
    words: tuple[Word, ...] = ()
    tables: tuple[PageTable, ...] = ()
    reason: str | None = None
    evidence: dict[str, str | float | bool] = {}
    stamps: tuple[Stamp, ...] = ()


class Piece(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """Where the characters `start` to `end` of a paragraph's text came from: one word on one page.

    A word that was broken over two lines (`2418/VPCP-` + `KSTT`) gives two pieces that touch.
    """

    start: int
    end: int
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None
    bold: bool = False
    italic: bool = False


class Paragraph(msgspec.Struct, frozen=True, omit_defaults=True, tag="paragraph"):
    """A run of text that belongs together: lines joined, white space collapsed, page breaks healed.

    `marker` is the list marker as written (`1.`, `a)`, `-`, `(1)`, `Điều 2.`), which `text` does not repeat.
    `indent` is the left edge in points from the text area's left edge; None where a format has none.
    `style` is the file's own name for it (`Heading 2`, `li`), `level` that of a numbered list, from 0.
    `centred` and `size` are as set on paper; `references` are ids of footnotes with their offset in `text`.
    """

    text: str
    role: ParagraphRole = "body"
    marker: str | None = None
    page: int | None = None
    indent: float | None = None
    style: str | None = None
    level: int | None = None
    centred: bool = False
    bold: bool = False
    italic: bool = False
    size: float | None = None
    pieces: tuple[Piece, ...] = ()
    references: tuple[tuple[int, str], ...] = ()


class Grid(msgspec.Struct, frozen=True, omit_defaults=True, tag="grid"):
    """A table as a block: continued over pages it is one grid, with cells of paragraphs.

    `certainty`, 0 to 1: how sure its rows and columns are (1 for DOCX and HTML).
    """

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    page: int | None = None
    certainty: float = 1.0


Block = Paragraph | Grid


class Footnote(msgspec.Struct, frozen=True):
    """A footnote apart from the text that refers to it by `id`."""

    id: str
    text: str
    page: int | None = None


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file as read: `pages` for PDF and images, `blocks` and `footnotes` for DOCX, HTML and text.

    `sha256` (hex) is the file's identity. `reader` names the version of the reading code.
    """

    sha256: str
    media_type: str
    reader: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
