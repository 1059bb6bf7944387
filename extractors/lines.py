"""Words of a page → lines in reading order: columns side by side, superscripts told apart."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from statistics import median

import msgspec

from models import Box, Word

# A gap this many times the letter size parts two columns; justified text rarely stretches past one.
COLUMN_GAP = 2.2
# A narrower gap in a single row parts no columns.
WIDE_GAP = 5.0
# Widths of serif letters in ems, by letter: the size of a line on a scan, which states none. Marks add nothing.
_WIDTHS = {
    letter: width
    for letters, width in (
        ("ilj.,:;'|!", 0.28),
        ("frt()-/", 0.33),
        ("acesz", 0.44),
        ("m", 0.78),
        ("wW", 0.8),
        ("ABCĐDEGHKLNOPQRTUVXY", 0.69),
        ("M", 0.89),
        ("IJS", 0.45),
    )
    for letter in letters
}
_USUAL_WIDTH = 0.5
# A raised number is this much smaller than its line; one a little larger is raised by this share of a letter.
SUPERSCRIPT_SIZE, LARGE_SUPERSCRIPT_SIZE, RAISED = 0.78, 0.88, 0.2
# A raised number this far (in letter sizes) behind a word does not belong to it.
CLAUSE_GAP = 0.1
# Boxes lower than this share of the usual word's are dashes and stops; those smaller than that on both sides, and
# words too low for a letter, are specks.
LOW = 0.45
SPECK, LOWEST_WORD = 0.2, 0.3

_ITEM = re.compile(r"\d{1,2}[.)\-–]|\d{1,2}(?:\.\d{1,2}){1,2}[.\-–]?|\(?(?:[a-zđ]|[ivx]{1,4})\)")
_DASHES = frozenset("-–—~_=.'")


class Line(msgspec.Struct, frozen=True):
    """Words side by side on one page, left to right; box in points.

    `size` is the letter size in points, measured from letter widths where the words state none. `column` is
    0 for lines over the full width, else a number shared by the lines of one column of one page.
    `notes` are the superscripts that refer to footnotes: (index of the word they follow, id).
    """

    words: tuple[Word, ...]
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    column: int = 0
    notes: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        """The words joined by one space."""
        return " ".join(word.text for word in self.words)

    @property
    def middle(self) -> float:
        """Height of the line's middle on the page, in points."""
        return (self.top + self.bottom) / 2

    @property
    def bold(self) -> bool:
        """Whether every word with a letter or digit is bold."""
        return all(word.bold for word in self.words if any(map(str.isalnum, word.text)))


def of_page(words: Iterable[Word], page: int) -> list[Line]:
    """The lines of a page's `words` in reading order, columns one after the other."""
    parts: list[tuple[float, Line]] = []
    for row in _without_specks(rows_of(list(words))):
        height = median((word.box.top + word.box.bottom) / 2 for word in row)
        # A line without a letter or digit is a rule, a speck or a row of dots.
        parts += [(height, part) for part in _segments(row, page) if any(map(str.isalnum, part.text))]
    parts.sort(key=lambda entry: (entry[0], entry[1].x0))
    return _in_reading_order([part for _, part in parts])


def of_cell(words: Iterable[Word], page: int) -> list[Line]:
    """The lines of a table cell's `words`, top to bottom: a cell holds no columns."""
    rows = [_line(row, page) for row in rows_of(list(words))]
    return sorted(rows, key=lambda line: line.middle)


def rows_of(words: list[Word]) -> list[list[Word]]:
    """Words grouped by the row they stand on.

    Words that follow each other to the right in the order given are taken together first: recognition follows
    a leaning row better than boxes show it. Each such run joins the row that ends before it and stands level with
    it most. Dashes and specks say nothing about where their row stands. Rows are looked up by height in buckets,
    which keeps this linear.
    """
    words = [word for word in words if word.text.strip()]
    if not words:
        return []
    usual = max(median(word.box.bottom - word.box.top for word in words), 4.0)
    runs = _runs([word for word in words if not _is_speck(word, usual)], usual)
    rows: list[list[Word]] = []
    by_height: dict[int, list[int]] = {}
    for run in sorted(runs, key=lambda run: run[0].box.x0):
        head = next((word.box for word in run if not _is_low(word, usual)), run[0].box)
        bucket = _bucket(head, usual)
        best, best_overlap = -1, 0.0
        for near in (bucket - 1, bucket, bucket + 1):
            for index in by_height.get(near, ()):
                overlap = _vertical_overlap(_standing(rows[index], usual), head)
                if overlap > best_overlap and rows[index][-1].box.x1 <= run[0].box.x0 + 0.5 * usual:
                    best, best_overlap = index, overlap
        if best_overlap >= 0.5:
            rows[best] += run
        else:
            best = len(rows)
            rows.append(list(run))
        places = by_height.setdefault(_bucket(_standing(run, usual), usual), [])
        if best not in places:
            places.append(best)
    return rows


def _runs(words: list[Word], usual: float) -> list[list[Word]]:
    """Words in the order given, cut where one does not stand to the right of the one before, and level with it."""
    runs: list[list[Word]] = []
    for word in words:
        if runs:
            run = runs[-1]
            onward = run[-1].box.x1 <= word.box.x0 + 0.5 * usual
            if onward and _vertical_overlap(_standing(run, usual), word.box) >= 0.5:
                run.append(word)
                continue
        runs.append([word])
    return runs


def _standing(row: list[Word], usual: float) -> Box:
    """The box that shows where the right end of a row stands."""
    return next((word.box for word in reversed(row) if not _is_low(word, usual)), row[-1].box)


def _bucket(box: Box, usual: float) -> int:
    return int((box.top + box.bottom) / 2 / usual)


def _is_low(word: Word, usual: float) -> bool:
    """Whether a word is a dash, a stop or a speck."""
    return word.box.bottom - word.box.top < LOW * usual


def _is_speck(word: Word, usual: float) -> bool:
    """Whether a recognised word is too small for what was read in it."""
    if word.size is not None:
        return False
    width, height = word.box.x1 - word.box.x0, word.box.bottom - word.box.top
    if any(map(str.isalnum, word.text)):
        return height < LOWEST_WORD * usual
    return max(width, height) < SPECK * usual


def _without_specks(rows: list[list[Word]]) -> list[list[Word]]:
    """Rows of recognised words without the specks that stand outside the text on either side."""
    if len(rows) < 5 or rows[0][0].size is not None:
        return rows
    starts, ends = sorted(row[0].box.x0 for row in rows), sorted(row[-1].box.x1 for row in rows)
    left, right = starts[len(rows) // 4], ends[3 * len(rows) // 4]
    kept: list[list[Word]] = []
    for row in rows:
        first, last = 0, len(row)
        while first < last - 1 and _is_dirt(row[first], row[first + 1], left):
            first += 1
        while last > first + 1 and row[last - 1].box.x0 > right and not any(map(str.isalnum, row[last - 1].text)):
            last -= 1
        kept.append(row[first:last])
    return kept


def _is_dirt(word: Word, following: Word, left: float) -> bool:
    """Whether a sign at the start of a row is none: it stands left of the text, or is a dash before a number."""
    if any(map(str.isalnum, word.text)):
        return False
    is_dash = _DASHES.issuperset(word.text)
    return word.box.x1 < left or (is_dash and _ITEM.fullmatch(following.text) is not None)


def _vertical_overlap(a: Box, b: Box) -> float:
    """The share of the lower of two boxes' heights that both have in common."""
    common = min(a.bottom, b.bottom) - max(a.top, b.top)
    return common / max(min(a.bottom - a.top, b.bottom - b.top), 0.1)


def _segments(row: list[Word], page: int) -> list[Line]:
    """A row cut where a gap parts columns."""
    size = _size(row)
    parts: list[list[Word]] = [[row[0]]]
    for before, word in pairwise(row):
        if word.box.x0 - before.box.x1 > COLUMN_GAP * size:
            parts.append([])
        parts[-1].append(word)
    return [_line(part, page) for part in parts]


def _size(words: Sequence[Word]) -> float:
    """The letter size of a row in points: the one most letters have, or an estimate from letter widths."""
    stated: Counter[float] = Counter()
    for word in words:
        if word.size:
            stated[round(word.size, 1)] += len(word.text)
    if stated:
        return stated.most_common(1)[0][0]
    width = sum(word.box.x1 - word.box.x0 for word in words)
    return width / max(sum(_ems(letter) for word in words for letter in word.text), _USUAL_WIDTH)


@cache
def _ems(letter: str) -> float:
    """The width of a letter in ems, marks aside."""
    return _WIDTHS.get(unicodedata.normalize("NFD", letter)[0], _USUAL_WIDTH)


def _line(words: list[Word], page: int) -> Line:
    """A line of `words`, its references to footnotes taken out."""
    size = _size(words)
    kept: list[Word] = []
    notes: list[tuple[int, str]] = []
    for word in words:
        if kept and _is_reference(word, size, kept[-1]):
            notes.append((len(kept) - 1, word.text))
        else:
            kept.append(word)
    return Line(
        words=tuple(kept),
        page=page,
        x0=words[0].box.x0,
        top=median(word.box.top for word in kept),
        x1=max(word.box.x1 for word in words),
        bottom=median(word.box.bottom for word in kept),
        size=size,
        notes=tuple(notes),
    )


def _is_reference(word: Word, size: float, before: Word) -> bool:
    """Whether a small raised number refers to a footnote.

    One in brackets with space before it, behind a stop, numbers a clause (`thực hiện: ⁽¹⁾ Rà soát …; ⁽²⁾ …`).
    """
    apart = word.box.x0 - before.box.x1 > CLAUSE_GAP * size and before.text.endswith((":", ";", ",", "."))
    if apart and word.text.startswith("("):
        return False
    if not word.size or not word.text.strip("[]()*,.;:").isdigit():
        return False
    rise = before.box.bottom - word.box.bottom
    is_small = word.size < SUPERSCRIPT_SIZE * size and rise > -0.05 * size
    return is_small or (word.size < LARGE_SUPERSCRIPT_SIZE * size and rise > RAISED * size)


def _in_reading_order(parts: list[Line]) -> list[Line]:
    """Lines top to bottom; where lines stand side by side, the left column first, then the right.

    A run of columns starts at a row that a gap divides and lasts while every line keeps to one side of the gap.
    A gap in one row alone, and no wide one, is a word that was not recognised. `parts` come sorted by height.
    """
    ordered: list[Line] = []
    column = 1
    index = 0
    while index < len(parts):
        line = parts[index]
        beside = parts[index + 1] if index + 1 < len(parts) else None
        if beside is None or beside.middle - line.middle > 0.6 * line.size or beside.x0 < line.x1:
            ordered.append(line)
            index += 1
            continue
        left, right, index = _columns(parts, index)
        if len(left) == len(right) == 1 and right[0].x0 - left[0].x1 < WIDE_GAP * line.size:
            ordered.append(_line([*left[0].words, *right[0].words], line.page))
            continue
        # A stamp pressed beside running lines starts lower than they do.
        while ordered and ordered[-1].column == 0 and _stands_above(ordered[-1], left[0], right[0]):
            right.insert(0, ordered.pop())
        ordered.extend(msgspec.structs.replace(part, column=column) for part in left)
        ordered.extend(msgspec.structs.replace(part, column=column + 1) for part in right)
        column += 2
    return ordered


def _columns(parts: list[Line], start: int) -> tuple[list[Line], list[Line], int]:
    """The lines from `start` that keep left and right of one gap, and the index after them."""
    left, right = [parts[start]], [parts[start + 1]]
    low, high = parts[start].x1, parts[start + 1].x0
    index = start + 2
    while index < len(parts):
        line = parts[index]
        if line.middle - max(left[-1].middle, right[-1].middle) > 6 * line.size:
            break
        if line.x1 < high:
            left.append(line)
            low = max(low, line.x1)
        elif line.x0 > low:
            right.append(line)
            high = min(high, line.x0)
        else:
            break
        index += 1
    return left, right, index


def _stands_above(line: Line, left: Line, right: Line) -> bool:
    """Whether a line belongs on top of the right column: next above it and clear of the left one."""
    return right.middle - line.middle < 1.6 * right.size and line.x0 > left.x1 and line.x1 > right.x0
