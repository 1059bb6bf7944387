"""Putting together the paragraphs of formats without pages: white space, emphasis, footnote references."""

import re
import unicodedata

from models import Cell, Grid, Paragraph, Piece
from models.document import ParagraphRole

ITEM = re.compile(
    r"(?:[-–—+*•●]\s|\(?\d{1,3}[.)]\s|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s|[IVXLC]{1,6}[.)]\s|\(?[a-zđ]\)\s"
    r"|(?:Điều|Chương|Phần|Mục|Khoản|Phụ lục)\s+[\dIVXLC]+|Kính gửi|Nơi nhận|Căn cứ\s|Số:)"
)
"""Where a line begins a paragraph of its own, whatever stands before it."""

LINE_BREAK = "\x0b"
"""Stands for a line break within a paragraph until the paragraph is finished."""


class ParagraphBuilder:
    """Collects runs of one paragraph: NFC, white space collapsed, emphasis and references kept by offset."""

    def __init__(self) -> None:
        self._text = ""
        self._pieces: list[Piece] = []
        self._references: list[tuple[int, str]] = []

    def add(self, text: str, bold: bool = False, italic: bool = False) -> None:
        """Append a run of text."""
        run = unicodedata.normalize("NFC", re.sub(rf"[^\S{LINE_BREAK}]+", " ", text))
        if not self._text or self._text[-1] in (" ", LINE_BREAK):
            run = run.lstrip(" ")
        if not run:
            return
        start = len(self._text)
        self._text += run
        last = self._pieces[-1] if self._pieces else None
        if last and (last.bold, last.italic) == (bold, italic):
            self._pieces[-1] = Piece(last.start, len(self._text), bold=bold, italic=italic)
        else:
            self._pieces.append(Piece(start, len(self._text), bold=bold, italic=italic))

    def refer(self, footnote: str) -> None:
        """Put a reference to a footnote where the text now ends."""
        self._references.append((len(self._text), footnote))

    def finish(
        self,
        *,
        role: ParagraphRole = "body",
        marker: str | None = None,
        indent: float | None = None,
        style: str | None = None,
        level: int | None = None,
        centred: bool = False,
        size: float | None = None,
    ) -> list[Paragraph]:
        """The paragraph; or several, where a line after a break begins with a list marker; none without text."""
        paragraphs: list[Paragraph] = []
        for start, end in self._spans():
            text = self._text[start:end].replace(LINE_BREAK, " ")
            pieces = tuple(
                Piece(max(p.start, start) - start, min(p.end, end) - start, bold=p.bold, italic=p.italic)
                for p in self._pieces
                if p.start < end and p.end > start
            )
            lettered = [piece for piece in pieces if any(map(str.isalnum, text[piece.start : piece.end]))]
            paragraphs.append(
                Paragraph(
                    text=text,
                    role=role,
                    marker=None if paragraphs else marker,
                    indent=indent,
                    style=style,
                    level=level,
                    centred=centred,
                    bold=bool(lettered) and all(piece.bold for piece in lettered),
                    italic=bool(lettered) and all(piece.italic for piece in lettered),
                    size=size,
                    pieces=pieces,
                    references=tuple(
                        (offset - start, name) for offset, name in self._references if start <= offset <= end
                    ),
                )
            )
        return paragraphs

    def _spans(self) -> list[tuple[int, int]]:
        """Where the paragraphs of the collected text begin and end, white space at their edges left out."""
        spans = []
        start = 0
        for end in [match.start() for match in re.finditer(LINE_BREAK, self._text)] + [len(self._text)]:
            following = self._text[end + 1 :].lstrip()
            double = following.startswith(LINE_BREAK) or self._text[end:].startswith(LINE_BREAK * 2)
            if end < len(self._text) and not double and not ITEM.match(following):
                continue
            part = self._text[start:end]
            first = start + len(part) - len(part.lstrip(" " + LINE_BREAK))
            last = start + len(part.rstrip(" " + LINE_BREAK))
            if first < last:
                spans.append((first, last))
            start = end
        return spans


def grid(cells: list[Cell]) -> Grid | None:
    """A table of cells; None where there is none."""
    if not cells:
        return None
    rows = max(cell.row + cell.row_span for cell in cells)
    columns = max(cell.column + cell.column_span for cell in cells)
    return Grid(rows=rows, columns=columns, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))
