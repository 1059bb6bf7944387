"""What stands on pages and is no part of their text: page numbers, running heads and feet, digital signatures."""

import itertools
import re
from collections.abc import Sequence
from statistics import median

from rapidfuzz.distance import Indel

from extractors.lines import Line
from extractors.tones import bare

# Page numbers and running heads stand in the margins: this share of the page's height, above and below.
MARGIN = 0.11
# A lone word there of less confidence than this was a page number.
DOUBTFUL = 0.5
# Running heads recognised on several pages are one from this likeness on; shorter ones have to be equal.
SAME_HEAD, SHORTEST_HEAD = 0.85, 10
# So many pages bear a running head; of two pages (that of a letterhead aside) both do.
FEWEST_PAGES = 3
# Running heads of two pages stand at one height, give or take so many points.
SAME_HEIGHT = 4.0
# So many different lines of margins are kept in mind: a running head comes again before long.
MOST_HEADS = 60
# Lines of a signature follow each other closer than this many letter sizes, begin within so many points of each
# other, and differ in size by less than this share.
SIGNATURE_GAP, SIGNATURE_LEFT, SIGNATURE_SIZE = 1.9, 6.0, 0.15
# So small, recognition measures them less well.
SEEN_LEFT, SEEN_SIZE = 12.0, 0.4
# A signature in letters this much smaller than the page's says nothing else; in larger ones only what it names.
SMALL = 0.85

_PAGE_NUMBER = re.compile(r"(?i)[-–—\s]{0,3}(?:trang\s)?[\dlIO]{1,4}(?:\s?[/|]\s?\d{1,4})?[-–—.\s]{0,3}")
_DIGITS = re.compile(r"\d+")
_ANNEXES = ("phụ lục", "mẫu", "biểu", "bảng", "điều", "chương", "phần", "mục")
_MOTTO = re.compile(r"cong hoa xa hoi|dang cong san")
_TIME = r"\d{1,2}[./-]\d{1,2}[./-]\d{4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[+-]\d{2}:?\d{2})?"
# What only a digital signature says.
_SIGNED = re.compile(
    r"(?i:(?:người|thời gian|ngày|giờ) ký\s?:|(?:được |đã )?ký (?:số )?bởi\s?:|ký số\s?:)"
    r"|(?:Được ký|Đã ký|Ký|Ký số) bởi\s|(?:Digitally s|Electronically s|S)igned by\b"
    rf"|Signature (?:[Nn]ot [Vv]erified|valid|is valid)|Date: \d{{4}}[./-]\d{{2}}|{_TIME}$"
)
# What it may say besides.
_SIGNED_TOO = re.compile(
    r"(?i:(?:e-?mail|cơ quan|đơn vị|tổ chức|chức vụ|l[ýí] do|date|reason|location|contact|dn|cn|ou|o|c)\s?[:=])"
)


def parted(pages: Sequence[tuple[float, list[Line]]]) -> tuple[list[list[Line]], list[list[Line]]]:
    """Lines of pages, given as (height, lines), parted into text and furniture, page by page.

    Furniture is page numbers, running heads and feet (the same words in the margins of three pages or more, or of
    both of two), and the blocks of digital signatures.
    """
    running = _running(pages)
    text: list[list[Line]] = []
    furniture: list[list[Line]] = []
    for height, lines in pages:
        signed = _signatures(lines)
        kept: list[Line] = []
        dropped: list[Line] = []
        for line in lines:
            margin = _in_margin(line, height) and (
                _PAGE_NUMBER.fullmatch(line.text) is not None or id(line) in running or _is_doubtful_number(line)
            )
            (dropped if margin or id(line) in signed else kept).append(line)
        text.append(kept)
        furniture.append(dropped)
    return text, furniture


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < MARGIN * height or line.top > (1 - MARGIN) * height


def _is_doubtful_number(line: Line) -> bool:
    """Whether a line is one short word that recognition doubts: in the margin, a number read as something else."""
    sure = line.words[0].confidence
    return len(line.words) == 1 and len(line.text) <= 4 and sure is not None and sure < DOUBTFUL


def _running(pages: Sequence[tuple[float, list[Line]]]) -> set[int]:
    """Identities of the lines that are running heads and feet.

    Letterheads stand in the margin too, and those of a decision and its annexes say the same.
    """
    heads: dict[str, list[Line]] = {}
    others = [(height, lines) for height, lines in pages if not _bears_motto(lines, height)]
    for height, lines in others:
        for line in lines:
            if _in_margin(line, height):
                key = _running_key(line)
                known = key if key in heads else _recognised_before(key, line, heads)
                heads.setdefault(known or key, []).append(line)
    return {id(line) for found in heads.values() if _runs(found, len(others)) for line in found}


def _runs(found: Sequence[Line], pages: int) -> bool:
    """Whether lines of margins that say the same are a running head."""
    bearing = len({line.page for line in found})
    if bearing == pages == FEWEST_PAGES - 1:
        return abs(found[0].middle - found[-1].middle) < SAME_HEIGHT
    return bearing >= FEWEST_PAGES


def _recognised_before(key: str, line: Line, heads: dict[str, list[Line]]) -> str | None:
    """Of the last lines of margins the one that says the same as a recognised line, but for slips."""
    if line.words[0].confidence is None or len(key) < SHORTEST_HEAD:
        return None
    last = itertools.islice(reversed(heads), MOST_HEADS)
    return next((other for other in last if Indel.normalized_similarity(key, other) >= SAME_HEAD), None)


def _running_key(line: Line) -> str:
    """A line's text with its numbers blanked: `Trang 3` and `Trang 4` are one running foot.

    A line of body text at the top of three pages would have to say the same thing three times; only the numbers of
    annexes tell them apart.
    """
    text = line.text.casefold()
    return text if text.startswith(_ANNEXES) else _DIGITS.sub("#", text)


def _bears_motto(lines: Sequence[Line], height: float) -> bool:
    """Whether a letterhead heads a page."""
    return any(_MOTTO.search(_bare(line.text)) for line in lines if line.bottom < 2 * MARGIN * height)


def _bare(text: str) -> str:
    """Small letters without marks."""
    return bare(text.casefold())


def _signatures(lines: Sequence[Line]) -> set[int]:
    """Identities of the lines of digital signatures: those that only one would say, and what stands close by."""
    anchors = [line for line in lines if _SIGNED.match(line.text)]
    found = {id(line) for line in anchors}
    if not anchors:
        return found
    usual = median(line.size for line in lines)
    small = min(line.size for line in anchors) < SMALL * usual
    block = list(anchors)
    while block:
        line = block.pop()
        for other in lines:
            if id(other) in found or not _is_close(line, other):
                continue
            if (small and other.size < SMALL * usual) or _SIGNED_TOO.match(other.text):
                found.add(id(other))
                block.append(other)
    return found


def _is_close(line: Line, other: Line) -> bool:
    """Whether a line follows another one, or stands before it, set as it is."""
    seen = line.words[0].confidence is not None
    left, size = (SEEN_LEFT, SEEN_SIZE) if seen else (SIGNATURE_LEFT, SIGNATURE_SIZE)
    return (
        abs(line.middle - other.middle) < SIGNATURE_GAP * max(line.size, other.size)
        and abs(line.x0 - other.x0) < left
        and abs(line.size - other.size) < size * line.size
    )
