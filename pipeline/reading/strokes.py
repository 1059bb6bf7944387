"""Roman numbers made of strokes, counted on the picture: the engine sees `(1i)` for `(iii)`, `Quý I` for `Quý II`.

Nothing is guessed: across the middle of a number only its strokes hold ink, one beside the other, and where
anything else stands there the engine's reading is left as it is.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

import cv2
import numpy as np

from pipeline.reading.material import Gray
from pipeline.reading.ocr import Recognised

SURENESS = 0.8
"""A counted number is no surer than this where the engine saw another one."""
LEAST_HEIGHT = 8
"""Pixels below which nothing can be counted."""
BAND = (0.4, 0.72)
"""Where, of a number's height, its strokes and nothing but they hold ink (dots and serifs do not)."""
ANY_INK, WHOLE_STROKE = 0.2, 0.75
"""Shares of the band that ink must fill in a column to be ink at all, and to be a stroke."""
WIDEST_STROKE, WIDEST_GAP = 0.3, 0.75
"""Width of a stroke, and of the white between two, in heights of the number."""
TALL_BAND, LEAN_REACH = (0.15, 0.85), 4
"""Where its lean is measured: between the serifs, and pixels on either side."""
MOST_LEAN = 0.22
"""By how much a stroke may lean otherwise than the first (columns a row): a slash leans more."""
DOT_GAP, DOT_RISE = 0.6, 0.2
"""Above the stroke of an i the paper shows: darkness falls below this share of the stroke's, and rises by that."""

# Behind `quý`: strokes, whatever they were taken for, and what follows them. One with a V is read well.
_QUARTER = re.compile(r"(?P<before>[Qq]\.)?(?P<strokes>[IlL1HUÏĨÌÍ!|i\[\]]{1,5})(?P<after>[/\-–.,;:)].*)?")
# The number of a part at the start of a line, before its title in capitals.
_PART = re.compile(r"(?P<strokes>[IlHUÏĨÌÍ!|]{1,4})\.")
_ROMAN = re.compile(r"\((?P<strokes>[iIl1ïíìĩ¡!|0]{0,4})\)(?P<after>[.,;:]?)")


class _Run(NamedTuple):
    """Columns side by side that hold ink, from and to; whether one stroke does; how it leans (columns a row)."""

    start: int
    end: int
    is_stroke: bool
    lean: float


def counted(words: Sequence[Recognised], gray: Gray) -> list[Recognised]:
    """Words of a picture (boxes in its pixels), numbers made of strokes replaced by what is counted there."""
    found = list(words)
    for index, word in enumerate(words):
        text = _bracketed(word, gray) or _quarter(found, index, gray)
        if text is None and _begins_title(words, index):
            text = _part(word, gray)
        if text and text != word.text:
            found[index] = word._replace(text=text, confidence=min(word.confidence, SURENESS))
    return found


def _is_behind_quarter(words: Sequence[Recognised], index: int) -> bool:
    """Whether a word stands behind `quý`, or is the second of two quarters behind it (`quý I - II`)."""
    before = [word.text.casefold().lstrip('(“"') for word in words[max(0, index - 3) : index]]
    if before[-1:] in (["quý"], ["quí"], ["q."]):
        return True
    return len(before) == 3 and before[0] in ("quý", "quí") and before[2] in ("-", "–", "và", "đến", "sang")


def _quarter(words: Sequence[Recognised], index: int, gray: Gray) -> str | None:
    """The text of a quarter's number (I to III) behind `quý` or `Q.`; None where it cannot be told."""
    word = words[index]
    match = _QUARTER.fullmatch(word.text)
    if match is None or not (match["before"] or _is_behind_quarter(words, index)):
        return None
    ink = _ink(word, gray)
    if ink is None:
        return None
    if match["before"]:
        ink = ink[:, _first_letter(ink) :]
    count = sum(1 for _ in _leading(_runs(ink), ink.shape[0]))
    return f"{match['before'] or ''}{'I' * count}{match['after'] or ''}" if 1 <= count <= 3 else None


def _begins_title(words: Sequence[Recognised], index: int) -> bool:
    """Whether a word stands first on its line, before one in capitals."""
    is_first = index == 0 or words[index - 1].x0 > words[index].x0
    following = words[index + 1].text if index + 1 < len(words) else ""
    return is_first and len(following) > 1 and following.isupper()


def _part(word: Recognised, gray: Gray) -> str | None:
    """The number of a part (I to III) with its stop; None where it cannot be told."""
    match = _PART.fullmatch(word.text)
    ink = _ink(word, gray) if match else None
    if ink is None:
        return None
    runs = _runs(ink)
    count = sum(1 for _ in _leading(runs, ink.shape[0]))
    return f"{'I' * count}." if count == len(runs) and 1 <= count <= 3 else None


def _bracketed(word: Recognised, gray: Gray) -> str | None:
    """The text of (i), (ii) or (iii); None where it is anything else."""
    match = _ROMAN.fullmatch(word.text)
    ink = _ink(word, gray) if match else None
    if match is None or ink is None:
        return None
    runs = _runs(ink)
    strokes = runs[1:-1]
    if not 1 <= len(strokes) <= 3 or not all(run.is_stroke for run in strokes):
        return None
    if not all(_has_dot(word, gray, run) for run in strokes):
        return None
    return f"({'i' * len(strokes)}){match['after']}"


def _cut(word: Recognised, gray: Gray) -> Gray:
    """The picture of one word."""
    top, bottom = max(0, round(word.top)), round(word.bottom)
    return gray[top:bottom, max(0, round(word.x0) - 1) : round(word.x1) + 1]


def _ink(word: Recognised, gray: Gray) -> Gray | None:
    """Where a word's picture holds ink (1) and where not (0), cut to its height; None where it is too small."""
    cut = _cut(word, gray)
    if min(cut.shape) < LEAST_HEIGHT // 2:
        return None
    _, ink = cv2.threshold(cut, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    rows = np.flatnonzero(ink.any(axis=1))
    if rows.size < LEAST_HEIGHT:
        return None
    return cast(Gray, ink[rows[0] : rows[-1] + 1])


def _runs(ink: Gray) -> list[_Run]:
    """What stands across the middle of a number, left to right."""
    height = ink.shape[0]
    band = ink[round(BAND[0] * height) : round(BAND[1] * height)]
    tall = ink[round(TALL_BAND[0] * height) : round(TALL_BAND[1] * height)]
    share = band.mean(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], share > ANY_INK, [0]))))
    return [
        _Run(
            start,
            end,
            bool(share[start:end].max() >= WHOLE_STROKE and end - start <= WIDEST_STROKE * height),
            _lean(tall[:, max(0, start - LEAN_REACH) : end + LEAN_REACH]),
        )
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


def _lean(ink: Gray) -> float:
    """By how many columns a row a stroke leans to the right on its way down."""
    rows, columns = np.nonzero(ink)
    if np.ptp(rows) == 0:
        return 0.0
    return float(np.polyfit(rows, columns, 1)[0])


def _leading(runs: Sequence[_Run], height: int) -> Iterator[_Run]:
    """The strokes a number begins with."""
    for before, run in pairwise([None, *runs]):
        if run is None or not run.is_stroke or abs(run.lean - runs[0].lean) > MOST_LEAN:
            return
        if before and run.start - before.end > WIDEST_GAP * height:
            return
        yield run


def _first_letter(ink: Gray) -> int:
    """The column behind the first letter of a word's ink."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tall = [part for part in stats[1:] if part[cv2.CC_STAT_HEIGHT] > ink.shape[0] / 2]
    first = min(tall, key=lambda part: part[cv2.CC_STAT_LEFT])
    return int(first[cv2.CC_STAT_LEFT] + first[cv2.CC_STAT_WIDTH])


def _has_dot(word: Recognised, gray: Gray, run: _Run) -> bool:
    """Whether the paper shows between a stroke and what stands above it."""
    column = 255 - _cut(word, gray)[:, run.start : run.end].mean(axis=1)
    height = len(column)
    stroke = float(np.median(column[round(BAND[0] * height) : round(BAND[1] * height)]))
    above = column[: round(BAND[0] * height)]
    risen = np.maximum.accumulate(above) - above
    return bool(((above < DOT_GAP * stroke) & (risen > DOT_RISE * stroke)).any())
