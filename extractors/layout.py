"""Pages of words → blocks: paragraphs, list items, headings, footnotes, and tables joined over pages.

A document that has blocks already (DOCX, HTML, text) passes through; only its markers are told from its text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise, zip_longest
from statistics import median

import msgspec

from extractors import furniture, grids, lines, markers, open_tables
from extractors.lines import Line
from models import Block, Document, Grid, Page, Paragraph, Piece, Stamp, Word
from models.document import ParagraphRole

# Gaps between lines are measured against the document's usual distance of lines.
PARAGRAPH_GAP = 1.2
# That before a line that a full one without an end goes on with.
OPEN_GAP = 1.6
# Indents smaller than this many points are the tremor of a scan.
INDENT = 8.0
# A footnote is set in letters this much smaller than the body's.
FOOTNOTE_SIZE = 0.88
# On a scan one without its number is told by letters yet smaller, and a first line of this share of the widest.
CERTAIN_FOOTNOTE_SIZE, FOOTNOTE_WIDTH = 0.8, 0.7
# The number before a footnote stands this share of the letter size above its line, and is as high at least.
RAISED = 0.2

# The letter size of a scanned line is estimated from the width of its letters: so many must there be.
FEWEST_LETTERS = 10

# What the first item of a list bears.
FIRST_MARKERS = frozenset(("a)", "a.", "a-", "(a)", "(1)", "(i)", "i)", "1)"))

SUPERSCRIPT_DIGITS = tuple("¹²³⁴⁵⁶⁷⁸⁹")

_TERMINAL = (".", ";", ":", "!", "?", "…", "./.")
_SYMBOL_END = re.compile(r".*[\w\d][-/]$")
# Signed for whom: the signer's own title follows on the next line (Nghị định 30/2020/NĐ-CP, Điều 8).
_AUTHORITY = re.compile(r"(?:TM|KT|TL|TUQ|Q)\.")
# A body's name under that of the body above it, in capitals (the same, mẫu 1.1): on a scan nothing but the words
# tells them apart.
_ABOVE = re.compile(
    r"(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|TỈNH|THÀNH PHỐ|XÃ|PHƯỜNG|BỘ|SỞ|CỤC|TỔNG CỤC|CÔNG AN)\s"
)
_BELOW = re.compile(
    r"(?:SỞ|CỤC|CHI CỤC|VỤ|VIỆN|BAN|PHÒNG|VĂN PHÒNG|TRUNG TÂM|THANH TRA|CÔNG AN|TRƯỜNG|BỆNH VIỆN|HỘI ĐỒNG)\s"
)
# Bodies whose names go on so: `BỘ CHỈ HUY` / `PHÒNG THỦ DÂN SỰ`.
_ONE_NAME = re.compile(r"BỘ (?:CHỈ HUY|TƯ LỆNH)|(?:,|\sVÀ)$")
# The nation and its motto, however their marks were read: the place and day stand below.
_MOTTO_END = re.compile(r"(?:VI[ỆEÊ]T NAM|h[ạaá]nh ph[úuù]c)$", re.IGNORECASE)
_NOTE_START = re.compile(r"[\d¹²³⁴⁵⁶⁷⁸⁹⁰*]{1,3}")


class _Frame(msgspec.Struct, frozen=True):
    """The text area of a page, and how the document sets paragraphs.

    `left` and `right` in points; `pitch` from line to line; `indented`: first lines are.
    """

    left: float
    right: float
    pitch: float
    indented: bool


def blocks(document: Document) -> tuple[Block, ...]:
    """The blocks of a document in reading order."""
    if document.blocks:
        return tuple(_told(block) for block in document.blocks)
    return _of_pages(document.pages)


def join(words: Sequence[str]) -> tuple[str, list[int]]:
    """Words joined by spaces, and where each starts: a symbol broken over two lines (`18/VP-` `KS`) is closed.

    Only a word that follows a line's end may close a symbol: it is given with a newline before it.
    """
    text = ""
    starts: list[int] = []
    for word in words:
        broken = word.startswith("\n")
        word = word.lstrip("\n")
        closed = (broken and _SYMBOL_END.match(text[-12:])) or (word[0] in ",.;:)" and not text.endswith(" "))
        if text and not closed:
            text += " "
        starts.append(len(text))
        text += word
    return text, starts


def _told(block: Block) -> Block:
    """A block with its list marker, where the text still carries it."""
    if isinstance(block, Grid):
        cells = (msgspec.structs.replace(cell, paragraphs=_cell_told(cell.paragraphs)) for cell in block.cells)
        return msgspec.structs.replace(block, cells=tuple(cells))
    if block.role == "body" and block.text[:1] in SUPERSCRIPT_DIGITS:
        return msgspec.structs.replace(block, role="footnote")
    if block.role == "body" and _is_title(block.text):
        block = msgspec.structs.replace(block, role="heading")
    return _marked(block)


def _is_title(text: str) -> bool:
    """Whether a paragraph is in capitals throughout, as titles are where a file says nothing of type."""
    return text.isupper() and 5 < len(text) < 250 and not text.endswith((".", ";", ","))


def _cell_told(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """A cell's paragraphs: the first without its marker, the others with it, as one task's text reads."""
    told = [_marked(paragraph) for paragraph in paragraphs[:1]]
    for paragraph in paragraphs[1:]:
        if paragraph.marker:
            paragraph = msgspec.structs.replace(
                paragraph, marker=None, text=f"{paragraph.marker} {paragraph.text}"
            )
        told.append(paragraph)
    return tuple(told)


def _marked(paragraph: Paragraph) -> Paragraph:
    """The paragraph with its marker taken out of its text, places moved along."""
    if paragraph.marker is not None:
        return paragraph
    marker, rest = markers.split(paragraph.text)
    if marker is None or not rest:
        return paragraph
    cut = len(paragraph.text) - len(rest)
    return msgspec.structs.replace(
        paragraph,
        text=rest,
        marker=marker.text,
        pieces=tuple(
            msgspec.structs.replace(piece, start=max(piece.start - cut, 0), end=piece.end - cut)
            for piece in paragraph.pieces
            if piece.end > cut
        ),
        references=tuple((max(offset - cut, 0), note) for offset, note in paragraph.references),
    )


def _of_pages(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The blocks of pages of words: tables as grids, all other words as paragraphs."""
    pages = open_tables.found(pages)
    free = [lines.of_page(_free_words(page), page.number) for page in pages]
    kept, apart = furniture.parted([(page.height, found) for page, found in zip(pages, free, strict=True)])
    body_size = _usual_size(kept)
    pitch = _usual_pitch(kept, body_size)
    frames = _frames([page.number for page in pages], kept, pitch)
    # Tables and paragraphs of a page in the order of their tops; a footnote does not part what it interrupts.
    placed: list[Block] = []
    open_lines: list[Line] = []
    notes: list[Line] = []
    part: grids.Part | None = None

    def close_text() -> None:
        placed.extend(_paragraphs(open_lines, frames, "body"))
        placed.extend(_paragraphs(notes, frames, "footnote"))
        open_lines.clear()
        notes.clear()

    def close_table() -> None:
        nonlocal part
        if part is not None:
            placed.append(part.grid)
            part = None

    for page, page_lines in zip(pages, kept, strict=True):
        footnotes = _footnotes(page_lines, body_size)
        for item in _by_place(page, page_lines):
            if not isinstance(item, Line):
                close_text()
                found = grids.of_page(page, item, _cell_paragraphs)
                joined = grids.joined(part, found) if part is not None else None
                if joined is None:
                    close_table()
                part = joined or found
            elif id(item) in footnotes:
                notes.append(item)
            else:
                close_table()
                open_lines.append(item)
    close_text()
    close_table()
    for dropped in apart:
        placed.extend(_paragraphs(dropped, frames, "furniture"))
    placed.extend(_stamp(stamp, page.number) for page in pages for stamp in page.stamps)
    return tuple(placed)


def _stamp(stamp: Stamp, page: int) -> Paragraph:
    """What a stamp says, as one paragraph in the order it was read."""
    text, starts = join([word.text for word in stamp.words])
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


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """The letter size most of the text is set in, points."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size * 2) / 2] += len(line.words)
    return sizes.most_common(1)[0][0] if sizes else 13.0


def _usual_pitch(pages: Sequence[Sequence[Line]], size: float) -> float:
    """The distance from line to line most of the text is set with, points."""
    gaps: Counter[float] = Counter()
    for page in pages:
        for above, line in pairwise(page):
            gap = line.middle - above.middle
            # Recipients at the foot of a short letter are set smaller, and closer.
            text = above.column == line.column and min(above.size, line.size) > FOOTNOTE_SIZE * size
            if text and 0.8 * size < gap < 3 * size:
                gaps[round(gap * 2) / 2] += 1
    if not gaps:
        return 1.25 * size
    # Paragraph gaps may outnumber line gaps in a list of short items: the smaller of the common ones counts.
    most = max(gaps.values())
    return min(gap for gap, count in gaps.items() if count >= 0.4 * most)


def _frames(numbers: Sequence[int], pages: Sequence[Sequence[Line]], pitch: float) -> dict[int, _Frame]:
    """The text area of each page by its number; that of the document where a page has few lines."""
    wide = [line for page in pages for line in page if line.column == 0]
    if not wide:
        wide = [line for page in pages for line in page]
    left, right = _edges(wide) if wide else (0.0, 500.0)
    starts = [line.x0 - left for line in wide]
    indented = sum(INDENT < start < 60 for start in starts)
    flush = sum(-INDENT <= start <= INDENT for start in starts)
    style = indented >= 0.08 * max(indented + flush, 1)
    frames: dict[int, _Frame] = {}
    for number, page in zip(numbers, pages, strict=True):
        own = [line for line in page if line.column == 0]
        frames[number] = _Frame(left, right, pitch, style)
        if len(own) >= 12:
            page_left, page_right = _edges(own)
            # A page of nothing but indented lines must not move the edge.
            page_left = page_left if abs(page_left - left) < 15 else left
            frames[number] = _Frame(page_left, max(page_right, right - 15), pitch, style)
    return frames


def _edges(page: Sequence[Line]) -> tuple[float, float]:
    """Left and right edge of the text in points: where lines that run full width begin and end."""
    starts: Counter[int] = Counter(round(line.x0 / 4) for line in page)
    common = [start for start, count in starts.items() if count >= 0.15 * len(page)]
    left = min(common) * 4 if common else min(line.x0 for line in page)
    near = [line.x0 for line in page if abs(line.x0 - left) <= 4]
    ends = sorted(line.x1 for line in page)
    return (median(near) if near else float(left)), ends[int(0.9 * (len(ends) - 1))]


def _footnotes(page_lines: Sequence[Line], body_size: float) -> set[int]:
    """Identities of the lines of a page that belong to footnotes.

    A footnote is a run of small lines over the full width that starts with a number, or that ends the page, or
    that is too small and too wide for anything else (the number of a scanned one is easily lost).
    """
    found: set[int] = set()
    widest = max((line.x1 - line.x0 for line in page_lines), default=0.0)
    for small, group in groupby(
        page_lines, lambda line: line.column == 0 and line.size < FOOTNOTE_SIZE * body_size
    ):
        run = list(group)
        if small and (
            any(map(_starts_note, run))
            or _is_note_without_number(run, body_size, widest)
            or (run[-1] is page_lines[-1] and _page_has_body_above(page_lines, run))
        ):
            found.update(map(id, run))
    return found


def _starts_note(line: Line) -> bool:
    first = line.words[0]
    if _NOTE_START.fullmatch(first.text) is not None or first.text[0] in SUPERSCRIPT_DIGITS:
        return True
    if first.size is not None or len(first.text) > 2:
        return False
    # Recognition makes any sign of a raised number: it stands higher than the line, and is no dash.
    box = first.box
    raised = line.bottom - box.bottom >= RAISED * line.size and box.bottom - box.top >= RAISED * line.size
    return first.text[0] in "?!'\"®°”“`" or raised


def _is_note_without_number(run: Sequence[Line], body_size: float, widest: float) -> bool:
    """Whether a run of lines amid the text of a scan is a footnote by its size and width alone."""
    return (
        len(run) >= 2
        and run[0].words[0].size is None
        and median(line.size for line in run) < CERTAIN_FOOTNOTE_SIZE * body_size
        and run[0].x1 - run[0].x0 > FOOTNOTE_WIDTH * widest
    )


def _page_has_body_above(page_lines: Sequence[Line], run: Sequence[Line]) -> bool:
    """Whether larger text of the full width stands above a run of small lines of at least two."""
    above = [line for line in page_lines if line.column == 0 and line.bottom <= run[0].top]
    return len(run) >= 2 and len(above) >= 5


def _paragraphs(found: Sequence[Line], frames: dict[int, _Frame], role: ParagraphRole) -> list[Paragraph]:
    """Lines in reading order as paragraphs."""
    groups: list[list[Line]] = []
    for line in found:
        if groups and not _starts(groups[-1], line, frames[line.page], role):
            groups[-1].append(line)
        else:
            groups.append([line])
    made = [_marked(_paragraph(group, frames[group[0].page], role)) for group in groups]
    return [_led(paragraph, following) for paragraph, following in zip_longest(made, made[1:])]


def _led(paragraph: Paragraph, following: Paragraph | None) -> Paragraph:
    """A paragraph before the first item of a list; on a scan its colon may have been read as a semicolon."""
    is_first = following is not None and following.marker in FIRST_MARKERS
    is_scanned = bool(paragraph.pieces) and paragraph.pieces[-1].confidence is not None
    if is_first and is_scanned and paragraph.text.endswith(";"):
        return msgspec.structs.replace(paragraph, text=f"{paragraph.text[:-1]}:")
    return paragraph


def _starts(paragraph: Sequence[Line], line: Line, frame: _Frame, role: ParagraphRole) -> bool:
    """Whether `line` starts a new paragraph rather than going on with `paragraph`."""
    above = paragraph[-1]
    marker = markers.read(line.text)
    ended = above.text.endswith(_TERMINAL)
    lower = line.words[0].text[0].islower()
    if role == "furniture":
        return True
    if role == "footnote":
        return _starts_note(line) or (line.page == above.page and marker is not None and ended)
    if line.column != above.column:
        return True
    indent = line.x0 - frame.left
    if marker is None and line.page == above.page and _is_open(above.text) and not line.column:
        # Notes raised above a line put it further down.
        most = PARAGRAPH_GAP if _is_short(above, line, frame) else OPEN_GAP
        return line.middle - above.middle > most * frame.pitch
    if line.column:
        return marker is not None or not ((lower and not ended) or _runs_on(above, line))
    if _is_measured(line) and abs(line.size - above.size) > 0.12 * above.size and not (lower and not ended):
        return True
    if line.page != above.page or abs(line.middle - above.middle) > 4 * frame.pitch:
        return _starts_after_break(paragraph, line, frame, ended)
    gap = line.middle - above.middle
    if gap > PARAGRAPH_GAP * frame.pitch:
        return not lower or ended or indent > INDENT or marker is not None
    short = _is_short(above, line, frame)
    if _is_centred(above, frame) and _is_centred(line, frame):
        return above.bold != line.bold or (marker is not None and not lower)
    if above.bold != line.bold and not lower and (short or ended):
        return True
    if marker is not None and (indent > INDENT or not frame.indented) and (ended or short or indent > INDENT):
        return not _hangs(paragraph, line)
    if indent > INDENT and frame.indented and not _hangs(paragraph, line):
        return ended or short or not lower
    return short and (ended or (not lower and not above.text.endswith(",")))


def _is_measured(line: Line) -> bool:
    """Whether a line's letter size can be relied on: stated by the file, or estimated from enough letters."""
    return line.words[0].size is not None or len(line.text) >= FEWEST_LETTERS


def _is_open(text: str) -> bool:
    """Whether a line cannot end a paragraph: a comma or a word that something must follow stands last."""
    return text.endswith(",") or text.rsplit(" ", 1)[-1].casefold() in _OPEN_WORDS


_OPEN_WORDS = frozenset(
    (
        "và",
        "của",
        "các",
        "những",
        "ngày",
        "tháng",
        "trước",
        "đến",
        "với",
        "cho",
        "về",
        "theo",
        "trong",
        "tại",
        "từ",
        "hoặc",
    )
)


def _starts_after_break(paragraph: Sequence[Line], line: Line, frame: _Frame, ended: bool) -> bool:
    """Whether the first line after a page break (or a footnote between) starts a paragraph."""
    above = paragraph[-1]
    lower = line.words[0].text[0].islower()
    if lower and not ended:
        return False
    indented = line.x0 - frame.left > INDENT
    if markers.read(line.text) is not None and (indented or ended):
        return True
    if frame.indented:
        return indented or _is_centred(above, frame) or line.bold != above.bold
    return ended or above.bold != line.bold


def _hangs(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether a line without a marker stands where the paragraph's lines after the first do (hanging indent)."""
    if markers.read(line.text) is not None:
        return False
    first = paragraph[0]
    if len(paragraph) > 1:
        return abs(line.x0 - paragraph[1].x0) < INDENT and paragraph[1].x0 > first.x0 - INDENT
    return markers.read(first.text) is not None and line.x0 > first.x0 + INDENT / 2


def _is_short(above: Line, line: Line, frame: _Frame) -> bool:
    """Whether the next line's first word would still have fitted on the line above."""
    first = line.words[0].box
    return above.x1 + (first.x1 - first.x0) + 0.5 * above.size < frame.right - 6


def _runs_on(above: Line, line: Line) -> bool:
    """Whether a line of a column goes on with the one above: set alike, at the usual distance."""
    return (
        line.middle - above.middle < 1.5 * above.size
        and abs(line.size - above.size) < 0.08 * above.size
        and above.bold == line.bold
        and not above.text.endswith(_TERMINAL)
        and (above.text.isupper() == line.text.isupper() or len(line.text) < 8)
        and _AUTHORITY.match(above.text) is None
        and _MOTTO_END.search(above.text) is None
        and not _is_body_below(above.text, line.text)
    )


def _is_body_below(above: str, name: str) -> bool:
    """Whether a line names a body of its own under the one above it (`UBND TỈNH A`, `SỞ Y TẾ`)."""
    return bool(_ABOVE.match(above) and _BELOW.match(name)) and _ONE_NAME.search(above) is None


def _is_centred(line: Line, frame: _Frame) -> bool:
    if line.words[0].text in ("-", "+", "–"):
        return False
    middle = (frame.left + frame.right) / 2
    return (
        abs((line.x0 + line.x1) / 2 - middle) < 14
        and line.x0 > frame.left + 25
        and line.x1 < frame.right - 20
        and line.column == 0
    )


def _paragraph(group: Sequence[Line], frame: _Frame, role: ParagraphRole) -> Paragraph:
    """One paragraph of lines, every character with the word it came from."""
    words: list[str] = []
    for line in group:
        words += [("\n" if index == 0 and words else "") + word.text for index, word in enumerate(line.words)]
    text, starts = join(words)
    pieces: list[Piece] = []
    references: list[tuple[int, str]] = []
    number = 0
    for line in group:
        notes = dict(line.notes)
        for index, word in enumerate(line.words):
            start = starts[number]
            end = start + len(word.text)
            pieces.append(Piece(start, end, line.page, word.box, word.confidence, word.bold, word.italic))
            if index in notes:
                references.append((end, notes[index]))
            number += 1
    centred = all(_is_centred(line, frame) for line in group) and group[0].column == 0
    bold = all(line.bold for line in group)
    if role == "body" and _is_heading(text, bold, centred, group):
        role = "heading"
    return Paragraph(
        text=text,
        role=role,
        page=group[0].page,
        indent=round(group[0].x0 - frame.left, 1),
        centred=centred,
        bold=bold,
        italic=all(word.italic for line in group for word in line.words),
        size=round(group[0].size, 1),
        pieces=tuple(pieces),
        references=tuple(references),
    )


def _is_heading(text: str, bold: bool, centred: bool, group: Sequence[Line]) -> bool:
    """Whether a paragraph is set as a heading: bold, centred or in capitals, and short."""
    if len(group) > 4 or group[0].column or not any(map(str.isalpha, text)):
        return False
    return _is_title(text) or ((bold or centred) and not text.endswith((".", ";", ",")))


def _cell_paragraphs(words: Sequence[Word], page: int) -> tuple[Paragraph, ...]:
    """A cell's words as paragraphs: one, unless a line starts with a marker after a sentence's end."""
    found = lines.of_cell(words, page)
    if not found:
        return ()
    groups: list[list[Line]] = [[found[0]]]
    for line in found[1:]:
        if markers.read(line.text) is not None and groups[-1][-1].text.endswith(_TERMINAL):
            groups.append([line])
        else:
            groups[-1].append(line)
    left, right = min(line.x0 for line in found), max(line.x1 for line in found)
    frame = _Frame(left, right, 1.25 * found[0].size, False)
    return _cell_told([_paragraph(group, frame, "body") for group in groups])
