"""DOCX files as blocks: paragraphs with their numbering written out, tables with merged cells, footnotes.

python-docx opens the package and knows styles; what it does not show (numbering as rendered, footnotes, tracked
changes, text boxes) is read from the XML it holds. Tracked changes are read as accepted.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import docx as python_docx
from docx.document import Document as Package
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from models import Block, Cell, Footnote, Grid, Paragraph
from models.document import ParagraphRole
from pipeline.reading import errors, flow
from pipeline.reading.flow import LINE_BREAK, ParagraphBuilder
from pipeline.reading.limits import Limits
from pipeline.reading.numbering import Numbering

Style = Any
"""A style of python-docx, which has no types; None where a file has no styles."""

MOST_RATIO = 200
"""An archive that unpacks to this many times its size is an attack."""
_TWIPS, _HALF_POINTS = 20, 2
"""Word's units in a point: of indents, and of font sizes."""

_DAMAGED = (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, etree.XMLSyntaxError)

_DELETED = {qn("w:del"), qn("w:moveFrom")}
_SKIPPED = _DELETED | {qn("w:instrText"), qn("w:delText"), qn("w:rPr"), qn("w:pPr"), qn("w:rt")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?:heading|title|tiêu đề)\b", re.IGNORECASE)


def read(path: Path, limits: Limits) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """Read a DOCX file.

    Raises `TooLarge` before unpacking more than the limits allow, `Unreadable` where it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > min(limits.unpacked_bytes, MOST_RATIO * path.stat().st_size):
            raise errors.TooLarge(f"{unpacked} bytes unpacked")
        package = python_docx.Document(str(path))
    except _DAMAGED as error:
        raise errors.Unreadable(str(error)) from error
    reader = _Reader(package)
    return reader.blocks(), reader.footnotes()


class _Reader:
    """One package being read: its styles, and its numbering as far as it has been counted."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = {style.style_id: style for style in package.styles}
        self._usual = package.styles.default(WD_STYLE_TYPE.PARAGRAPH)
        lists = [rel.target_part for rel in package.part.rels.values() if rel.reltype.endswith("/numbering")]
        self._numbering = Numbering(lists[0].element if lists else None)

    def blocks(self) -> tuple[Block, ...]:
        """The first section's header where it holds a letterhead, then the body."""
        return (*self._header(), *self._blocks(self._package.element.body))

    def footnotes(self) -> tuple[Footnote, ...]:
        """Footnotes, then endnotes (ids `e…`), in the order of the file."""
        notes = []
        for kind, tag, prefix in (("/footnotes", "w:footnote", ""), ("/endnotes", "w:endnote", "e")):
            for rel in self._package.part.rels.values():
                if rel.reltype.endswith(kind) and not rel.is_external:
                    root = _parsed(rel.target_part.blob)
                    for note in root.iter(qn(tag)):
                        text = " ".join(block.text for block in self._blocks(note) if isinstance(block, Paragraph))
                        # Separators are notes of a type and without text.
                        if text and note.get(qn("w:type")) in (None, "normal"):
                            notes.append(Footnote(prefix + str(note.get(qn("w:id"))), text))
        return tuple(notes)

    def _header(self) -> list[Block]:
        """Header blocks of the first page: a letterhead's tables as they are, lines of text as furniture."""
        if not self._package.sections:
            return []
        section = self._package.sections[0]
        header = section.first_page_header if section.different_first_page_header_footer else section.header
        if header.is_linked_to_previous:
            return []
        blocks = list(self._blocks(header._element))
        if any(isinstance(block, Grid) for block in blocks):
            return blocks
        return [
            Paragraph(text=block.text, role="furniture")
            for block in blocks
            if isinstance(block, Paragraph) and any(map(str.isalpha, block.text))
        ]

    def _blocks(self, container: Element) -> Iterator[Block]:
        """Paragraphs and tables of a body, header, cell or note, in order; content controls opened."""
        joined: list[Element] = []
        for element in container:
            if element.tag == qn("w:p"):
                # Where the mark of a paragraph was deleted, the next one goes on with it.
                joined.append(element)
                if _has_lost_its_end(element):
                    continue
            if joined:
                yield from self._paragraphs(joined)
                joined = []
            if element.tag == qn("w:tbl"):
                if _is_frame(element):
                    for row in _rows(element):
                        for cell in _row_cells(row):
                            yield from self._blocks(cell)
                elif (table := self._table(element)) is not None:
                    yield table
            elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
                yield from self._blocks(element)
        if joined:
            yield from self._paragraphs(joined)

    def _paragraphs(self, elements: Sequence[Element]) -> Iterator[Block]:
        """One `w:p` as a paragraph (several where lines in it are list items), then its text boxes.

        Several elements are one paragraph, set as the last of them is.
        """
        element = elements[-1]
        properties = element.find(qn("w:pPr"))
        style = self._style(element)
        number = self._numbering.next(_numbered(properties), style)
        builder = ParagraphBuilder()
        boxes: list[Element] = []
        for part in elements:
            self._runs(part, builder, boxes, style)
        name = str(style.name) if style is not None else None
        # A list item without text still counted; it is not shown.
        yield from builder.finish(
            role=_role(name, properties, style),
            marker=number.marker if number else None,
            level=number.level if number else None,
            indent=self._indent(properties, style),
            style=name,
            centred=_inherited(properties, style, "w:jc", "w:val") == "center",
            size=self._size(element, style),
        )
        for box in boxes:
            yield from self._blocks(box)

    def _runs(self, parent: Element, builder: ParagraphBuilder, boxes: list[Element], style: Style) -> None:
        """Add the text under an element; text boxes are set aside."""
        for element in parent:
            tag = element.tag
            if tag in _SKIPPED or tag == _FALLBACK or not isinstance(tag, str):
                continue
            if tag == qn("w:r"):
                self._run(element, builder, boxes, style)
            elif tag == qn("w:txbxContent"):
                boxes.append(element)
            else:
                self._runs(element, builder, boxes, style)

    def _run(self, run: Element, builder: ParagraphBuilder, boxes: list[Element], style: Style) -> None:
        if _switch(run, "w:vanish", None):
            return
        bold, italic = bool(_switch(run, "w:b", style)), bool(_switch(run, "w:i", style))
        for element in run:
            match element.tag:
                case tag if tag == qn("w:t"):
                    builder.add(element.text or "", bold, italic)
                case tag if tag == qn("w:tab"):
                    builder.add(" ", bold, italic)
                case tag if tag in (qn("w:br"), qn("w:cr")):
                    builder.add(LINE_BREAK, bold, italic)
                case tag if tag == qn("w:noBreakHyphen"):
                    builder.add("-", bold, italic)
                case tag if tag == qn("w:footnoteReference"):
                    builder.refer(str(element.get(qn("w:id"))))
                case tag if tag == qn("w:endnoteReference"):
                    builder.refer("e" + str(element.get(qn("w:id"))))
                case tag if tag not in _SKIPPED and tag != _FALLBACK:
                    self._runs(element, builder, boxes, style)

    def _table(self, table: Element) -> Grid | None:
        """A table with its merged cells; deleted rows left out, a table in a cell read as that cell's text."""
        cells: list[Cell] = []
        open_cells: dict[int, int] = {}
        for row_number, row in enumerate(_rows(table)):
            column = _value(row, "w:trPr/w:gridBefore")
            for cell in _row_cells(row):
                width = max(1, _value(cell, "w:tcPr/w:gridSpan") or 1)
                merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_cells:
                    above = cells[open_cells[column]]
                    cells[open_cells[column]] = _taller(above, row_number - above.row + 1)
                else:
                    open_cells[column] = len(cells)
                    cells.append(Cell(row_number, column, 1, width, paragraphs=tuple(self._cell(cell))))
                column += width
        return flow.grid(cells)

    def _cell(self, cell: Element) -> Iterator[Paragraph]:
        for block in self._blocks(cell):
            if isinstance(block, Paragraph):
                yield block
            else:
                for inner in block.cells:
                    yield from inner.paragraphs

    def _style(self, paragraph: Element) -> Style:
        name = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self._styles.get(name.get(qn("w:val")), self._usual) if name is not None else self._usual

    def _indent(self, properties: Element | None, style: Style) -> float | None:
        """The left edge of the first line, in points."""
        left, start, first, hanging = (
            _inherited(properties, style, "w:ind", attribute)
            for attribute in ("w:left", "w:start", "w:firstLine", "w:hanging")
        )
        if not (left or start or first or hanging):
            return None
        return round((_number(left or start) + _number(first) - _number(hanging)) / _TWIPS, 1)

    def _size(self, paragraph: Element, style: Style) -> float | None:
        """The font size of the paragraph's first run that states one, or its style's, in points."""
        size = paragraph.find(f".//{qn('w:rPr')}/{qn('w:sz')}")
        value = size.get(qn("w:val")) if size is not None else _inherited(None, style, "w:sz", "w:val", "w:rPr")
        return _number(value) / _HALF_POINTS if value else None


def _parsed(data: bytes) -> Element:
    """Parse XML without entities, network or trees of unbounded depth."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _has_lost_its_end(paragraph: Element) -> bool:
    """Whether the mark that ends a paragraph was deleted or moved away."""
    mark = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return mark is not None and any(mark.find(tag) is not None for tag in _DELETED)


def _is_frame(table: Element) -> bool:
    """Whether a table is there to set another one: each of its rows is one cell, and one of them holds a table."""
    cells = [list(_row_cells(row)) for row in _rows(table)]
    return all(len(row) == 1 for row in cells) and any(cell.find(qn("w:tbl")) is not None for [cell] in cells)


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        if element.tag == qn("w:tr"):
            if element.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml")):
            yield from _rows(element)


def _row_cells(row: Element) -> Iterator[Element]:
    for element in row:
        if element.tag == qn("w:tc"):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml")):
            yield from _row_cells(element)


def _taller(cell: Cell, rows: int) -> Cell:
    return Cell(cell.row, cell.column, rows, cell.column_span, paragraphs=cell.paragraphs)


def _value(element: Element, path: str) -> int:
    """The number an inner element holds; 0 where there is none."""
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return int(_number(found.get(qn("w:val")))) if found is not None else 0


def _number(value: object) -> float:
    """A number of the file; 0 where it is none."""
    try:
        return float(str(value)) if value is not None else 0.0
    except ValueError:
        return 0.0


def _numbered(properties: Element | None) -> Element | None:
    return properties.find(qn("w:numPr")) if properties is not None else None


def _chain(style: Style) -> Iterator[Element]:
    """The XML of a style and of those it is based on."""
    seen: set[int] = set()
    while style is not None and id(style) not in seen:
        seen.add(id(style))
        yield style.element
        style = style.base_style


def _inherited(
    properties: Element | None, style: Style, tag: str, attribute: str, group: str = "w:pPr"
) -> str | None:
    """A property's attribute: the paragraph's own, or that of its style or a style that one is based on."""
    own: list[Element | None] = [] if properties is None else [properties]
    for holder in [*own, *(element.find(qn(group)) for element in _chain(style))]:
        found = holder.find(qn(tag)) if holder is not None else None
        if found is not None and found.get(qn(attribute)) is not None:
            return str(found.get(qn(attribute)))
    return None


def _switch(run: Element, tag: str, style: Style) -> bool:
    """Whether a run is set bold, italic or hidden: its own word, else its paragraph style's."""
    for holder in [run.find(qn("w:rPr")), *(element.find(qn("w:rPr")) for element in _chain(style))]:
        found = holder.find(qn(tag)) if holder is not None else None
        if found is not None:
            return found.get(qn("w:val")) not in ("0", "false", "none", "off")
    return False


def _role(name: str | None, properties: Element | None, style: Style) -> ParagraphRole:
    """A heading by style name or outline level, a caption by style name, else body."""
    if name and name.lower().startswith("caption"):
        return "caption"
    outline = _inherited(properties, style, "w:outlineLvl", "w:val")
    if (name and _HEADING.match(name)) or (outline is not None and _number(outline) < 9):
        return "heading"
    return "body"
