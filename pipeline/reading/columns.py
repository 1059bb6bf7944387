"""Columns that stand side by side in different type, where the engine took them for one line: read apart.

At the foot of a letter small recipients stand beside a large signature, at its head a symbol beside the motto. The
engine makes nonsense of the smaller of the two, and knows it: what it doubts altogether is cut out and read alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models import Box
from pipeline.reading import images, ocr
from pipeline.reading.material import Gray
from pipeline.reading.ocr import Mode, Recognised

DOUBT, SURE = 0.3, 0.7
"""Confidence below which a word may be nonsense; that of words beside it that are none, on the average."""
LOWEST = 0.05
"""Inches: nonsense lower than this is dirt."""
GAP = 0.2
"""Inches of white that part two columns."""
SPECK = 1
"""So many points of ink in a column of a band are none."""
MOST = 3
"""Places of one page that are read again."""
PADDING = 20
"""White pixels around what is recognised."""


class _Place(NamedTuple):
    """Where nonsense stands, in pixels, and the indexes of the words there."""

    box: Box
    words: tuple[int, ...]


def read_apart(words: Sequence[Recognised], gray: Gray, dpi: float, seconds: float) -> list[Recognised]:
    """Words of a picture, boxes in its pixels; nonsense beside other text becomes what is read there alone."""
    places = _places(words, gray, dpi)[:MOST]
    crops = [
        np.pad(
            images.clear_paper(gray[int(box.top) : int(box.bottom), int(box.x0) : int(box.x1)]),
            PADDING,
            constant_values=255,
        )
        for box, _ in places
    ]
    found = list(words)
    gone: set[int] = set()
    readings = ocr.recognise_each(crops, dpi, Mode.BLOCK, seconds)
    for (box, indexes), reading in zip(places, readings, strict=True):
        before = [words[index] for index in indexes]
        if not reading or _nonsense(reading) >= _nonsense(before) or _mean(reading) <= _mean(before):
            continue
        right, down = box.x0 - PADDING, box.top - PADDING
        placed = [
            word._replace(x0=word.x0 + right, top=word.top + down, x1=word.x1 + right, bottom=word.bottom + down)
            for word in reading
        ]
        gone.update(indexes)
        found += placed
    return [word for index, word in enumerate(found) if index not in gone]


def _mean(words: Sequence[Recognised]) -> float:
    """The engine's confidence by letters, on the average."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(1, letters)


def _nonsense(words: Sequence[Recognised]) -> int:
    """How many letters of words may be nonsense."""
    return sum(len(word.text) for word in words if word.confidence < DOUBT)


def _places(words: Sequence[Recognised], gray: Gray, dpi: float) -> list[_Place]:
    """Where nonsense stands beside sure words."""
    found: list[_Place] = []
    for index, word in enumerate(words):
        if word.confidence >= DOUBT or word.bottom - word.top < LOWEST * dpi or _is_in(index, found):
            continue
        box = _column(word, gray, dpi)
        inside = tuple(n for n, other in enumerate(words) if _holds(box, other))
        beside = [other for n, other in enumerate(words) if n not in inside and _is_level(box, other)]
        if _nonsense([words[n] for n in inside]) > 1 and beside and _mean(beside) >= SURE:
            found.append(_Place(box, inside))
    return found


def _is_in(index: int, places: Sequence[_Place]) -> bool:
    return any(index in place.words for place in places)


def _column(word: Recognised, gray: Gray, dpi: float) -> Box:
    """The text around a word that white parts from what stands beside it, as high as the word and its line."""
    reach = round((word.bottom - word.top) / 2)
    top, bottom = max(0, round(word.top) - reach), min(gray.shape[0], round(word.bottom) + reach)
    ink = gray[top:bottom] < np.median(gray[top:bottom]) - images.INK_BELOW_PAPER
    columns = np.flatnonzero(ink.sum(axis=0) > SPECK)
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > GAP * dpi) + 1)
    own = next((group for group in groups if group.size and group[0] <= word.x1 and group[-1] >= word.x0), columns)
    if not own.size:
        return Box(word.x0, word.top, word.x1, word.bottom)
    left, right = max(0, int(own[0]) - 2), int(own[-1]) + 3
    # Whole lines: from a white row to a white row.
    rows = np.flatnonzero(ink[:, left:right].sum(axis=1) <= SPECK)
    above = rows[rows <= reach]
    below = rows[rows >= bottom - top - reach]
    return Box(
        left,
        top + (int(above[-1]) if above.size else 0),
        right,
        top + (int(below[0]) + 1 if below.size else bottom - top),
    )


def _holds(box: Box, word: Recognised) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _is_level(box: Box, word: Recognised) -> bool:
    return box.top <= (word.top + word.bottom) / 2 <= box.bottom
