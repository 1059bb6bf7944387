"""Lines in reading order → paragraphs: where one begins, its marker, and the word each character came from."""

import re
from collections.abc import Sequence
from itertools import zip_longest

import msgspec

from extractors import footnotes, lines, markers
from extractors.lines import Line
from extractors.page_frames import INDENT, Frame
from models import Paragraph, Piece, Word
from models.document import ParagraphRole

# Gaps between lines are measured against the document's usual distance of lines.
PARAGRAPH_GAP = 1.2
# That before a line that a full one without an end goes on with.
OPEN_GAP = 1.6
# The letter size of a scanned line is estimated from the width of its letters: so many must there be.
FEWEST_LETTERS = 10
# What the first item of a list bears.
FIRST_MARKERS = frozenset(("a)", "a.", "a-", "(a)", "(1)", "(i)", "i)", "1)"))
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
# Bodies whose names go on so: `BỘ CHỈ HUY` / `PHÒNG THỦ DÂN SỰ`, `UBND XÃ` / `TRƯỜNG SƠN`.
_ONE_NAME = re.compile(r"BỘ (?:CHỈ HUY|TƯ LỆNH)|(?:,|\s(?:VÀ|XÃ|PHƯỜNG|TỈNH|THÀNH PHỐ|ĐẶC KHU))$")
# The nation and its motto, however their marks were read: the place and day stand below.
_MOTTO_END = re.compile(r"(?:VI[ỆEÊ]T NAM|h[ạaá]nh ph[úuù]c)$", re.IGNORECASE)


def of_lines(found: Sequence[Line], frames: dict[int, Frame], role: ParagraphRole) -> list[Paragraph]:
    """Lines in reading order as paragraphs."""
    groups: list[list[Line]] = []
    for line in found:
        if groups and not _starts(groups[-1], line, frames[line.page], role):
            groups[-1].append(line)
        else:
            groups.append([line])
    made = [marked(_paragraph(group, frames[group[0].page], role)) for group in groups]
    return [_led(paragraph, following) for paragraph, following in zip_longest(made, made[1:])]


def of_cell(words: Sequence[Word], page: int) -> tuple[Paragraph, ...]:
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
    frame = Frame(left, right, 1.25 * found[0].size, False)
    return cell_told([_paragraph(group, frame, "body") for group in groups])


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


def marked(paragraph: Paragraph) -> Paragraph:
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


def cell_told(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """A cell's paragraphs: the first without its marker, the others with it, as one task's text reads."""
    told = [marked(paragraph) for paragraph in paragraphs[:1]]
    for paragraph in paragraphs[1:]:
        if paragraph.marker:
            paragraph = msgspec.structs.replace(
                paragraph, marker=None, text=f"{paragraph.marker} {paragraph.text}"
            )
        told.append(paragraph)
    return tuple(told)


def is_title(text: str) -> bool:
    """Whether a paragraph is in capitals throughout, as titles are where a file says nothing of type."""
    return text.isupper() and 5 < len(text) < 250 and not text.endswith((".", ";", ","))


def _led(paragraph: Paragraph, following: Paragraph | None) -> Paragraph:
    """A paragraph before the first item of a list; on a scan its colon may have been read as a semicolon."""
    is_first = following is not None and following.marker in FIRST_MARKERS
    is_scanned = bool(paragraph.pieces) and paragraph.pieces[-1].confidence is not None
    if is_first and is_scanned and paragraph.text.endswith(";"):
        return msgspec.structs.replace(paragraph, text=f"{paragraph.text[:-1]}:")
    return paragraph


def _starts(paragraph: Sequence[Line], line: Line, frame: Frame, role: ParagraphRole) -> bool:
    """Whether `line` starts a new paragraph rather than going on with `paragraph`."""
    above = paragraph[-1]
    marker = markers.read(line.text)
    ended = above.text.endswith(_TERMINAL)
    lower = line.words[0].text[0].islower()
    if role == "furniture":
        return True
    if role == "footnote":
        return footnotes.begins(line) or (line.page == above.page and marker is not None and ended)
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
    ("và", "của", "các", "những", "ngày", "tháng", "trước", "đến", "với", "cho", "về", "theo", "trong", "tại")
    + ("từ", "hoặc")
)


def _starts_after_break(paragraph: Sequence[Line], line: Line, frame: Frame, ended: bool) -> bool:
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


def _is_short(above: Line, line: Line, frame: Frame) -> bool:
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


def _is_centred(line: Line, frame: Frame) -> bool:
    if line.words[0].text in ("-", "+", "–"):
        return False
    middle = (frame.left + frame.right) / 2
    return (
        abs((line.x0 + line.x1) / 2 - middle) < 14
        and line.x0 > frame.left + 25
        and line.x1 < frame.right - 20
        and line.column == 0
    )


def _paragraph(group: Sequence[Line], frame: Frame, role: ParagraphRole) -> Paragraph:
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
    return is_title(text) or ((bold or centred) and not text.endswith((".", ";", ",")))
