"""Number and day that a good text layer leaves blank (`Số:      /UBND-`, `ngày … tháng 6`), read off the page.

In electronically signed files they are pictures or annotations put over the blank when the letter was registered.
"""

import itertools
import re
from collections.abc import Sequence

import cv2
import msgspec
import numpy as np
import pypdfium2 as pdfium

from models import Box, Word
from pipeline.reading import errors, images, ocr
from pipeline.reading.material import Evidence, Gray
from pipeline.reading.ocr import Mode

LETTERHEAD = 0.4
"""Share of the page's height in which a letterhead stands."""
DPI = 300
LEAST_GAP = 6.0
"""Points: a narrower gap is a space."""
LONGEST_NUMBER = 110.0
"""Points that a number may take where nothing follows it on its line."""
LINE = 3.0
"""Points by which baselines of one line differ."""
PADDING = 20
"""White pixels around what is recognised."""
SECONDS = 15.0

_VALUE = re.compile(r"\d{1,5}(?:[a-zđ]?$|[/-])")
_DOTS = re.compile(r"(?P<before>[^.…_]*)(?P<dots>[.…_]{3,}|…+)(?P<after>.*)")
"""A row of dots to write on, and what the text layer joins to it."""
DOT_WIDTH = 0.5
"""How wide a dot is against other signs."""

# What stands before a blank, and what follows it: the symbol of the number, the month, the year.
_AROUND = (
    (re.compile(r"số:?", re.IGNORECASE), re.compile(r"[/-]\S*")),
    (re.compile(r"ngày", re.IGNORECASE), re.compile(r"tháng", re.IGNORECASE)),
    (re.compile(r"tháng", re.IGNORECASE), re.compile(r"năm", re.IGNORECASE)),
)


def blanks(words: Sequence[Word], height: float) -> list[tuple[int, Box]]:
    """The blanks of a page's letterhead: the index of the word before each, and where it lies.

    `height` is the page's, in points. A blank is a gap between a label and what must follow its value; a row of
    dots is as good as a gap.
    """
    upper = [
        (index, part)
        for index, word in enumerate(words)
        if word.box.bottom < height * LETTERHEAD
        for part in without_dots(word)
    ]
    upper.sort(key=lambda item: item[1].box.x0)
    found = []
    for place, (index, word) in enumerate(upper):
        for label, follows in _AROUND:
            if not label.fullmatch(word.text):
                continue
            after = next(
                (w for _, w in itertools.islice(upper, place + 1, None) if _same_line(word, w)),
                None,
            )
            end = _end(word, after, follows)
            if end - word.box.x1 >= LEAST_GAP:
                found.append((index, Box(word.box.x1, word.box.top, end, word.box.bottom)))
    return sorted(found)


def without_dots(word: Word) -> list[Word]:
    """What a word holds before and behind a row of dots; itself where it has none."""
    found = _DOTS.fullmatch(word.text)
    if found is None:
        return [word]
    widths = [len(found["before"]), DOT_WIDTH * len(found["dots"]), len(found["after"])]
    sign = (word.box.x1 - word.box.x0) / sum(widths)
    first = Box(word.box.x0, word.box.top, word.box.x0 + sign * widths[0], word.box.bottom)
    last = Box(word.box.x1 - sign * widths[2], word.box.top, word.box.x1, word.box.bottom)
    parts = ((found["before"], first), (found["after"], last))
    return [msgspec.structs.replace(word, text=text, box=box) for text, box in parts if text]


def _same_line(one: Word, other: Word) -> bool:
    return abs(one.box.bottom - other.box.bottom) <= LINE and other.box.x0 >= one.box.x1 - 1


def _end(word: Word, after: Word | None, follows: re.Pattern[str]) -> float:
    """Where the blank after a label ends; before its start where there is none."""
    if after is not None and follows.fullmatch(after.text):
        return after.box.x0
    # A number whose symbol is part of the picture: nothing at all follows the label.
    alone = word.text.endswith(":") and (after is None or after.box.x0 - word.box.x1 >= LONGEST_NUMBER)
    return word.box.x1 + LONGEST_NUMBER if alone else 0.0


def filled(
    page: pdfium.PdfPage, words: Sequence[Word], found: Sequence[tuple[int, Box]]
) -> tuple[tuple[Word, ...], Evidence]:
    """The words of a page with what can be seen in its blanks, each read word behind its label; and what was done.

    A blank without ink stays one. Where the engine is missing or fails, the evidence says so and nothing is added.
    """
    crops: list[tuple[int, Box, Gray]] = []
    for index, box in found:
        gray, corner = _drawn(page, box)
        clear = images.clear_paper(gray)
        ink = images.inked(clear, DPI)
        if ink is not None:
            inner = clear[int(ink.top) : int(ink.bottom), int(ink.x0) : int(ink.x1)]
            place = Box(corner.x0 + ink.x0, corner.top + ink.top, corner.x0 + ink.x1, corner.top + ink.bottom)
            crops.append((index, place, np.pad(inner, PADDING, constant_values=255)))
    evidence: Evidence = {"blanks": len(found), "blanks_with_ink": len(crops)}
    try:
        read = ocr.recognise_each([crop for _, _, crop in crops], DPI, Mode.BLOCK, SECONDS)
    except (TimeoutError, errors.ReadingError) as error:
        return tuple(words), evidence | {"blanks_unread": type(error).__name__}
    added: dict[int, Word] = {}
    point = 72 / DPI
    for (index, place, _), recognised in zip(crops, read, strict=True):
        text = "".join(word.text for word in recognised).strip(".…_,-")
        # A signature's stroke or a seal's edge is no number, nor is one with signs run into it.
        if _VALUE.match(text):
            label = without_dots(words[index])[0]
            # On the line of its label, whatever the picture's height.
            box = Box(round(place.x0 * point, 2), label.box.top, round(place.x1 * point, 2), label.box.bottom)
            sure = round(min(word.confidence for word in recognised), 3)
            added[index] = msgspec.structs.replace(label, text=text, box=box, confidence=sure)
    whole: list[Word] = []
    written = False
    for index, word in enumerate(words):
        if index in added:
            label, *rest = without_dots(word)
            whole += [label, added[index], *rest]
            written = True
        elif written and _DOTS.fullmatch(word.text):
            # The dots that were written on.
            whole += without_dots(word)
        else:
            whole.append(word)
            written = False
    return tuple(whole), evidence | {"blanks_read": len(added)}


def _drawn(page: pdfium.PdfPage, box: Box) -> tuple[Gray, Box]:
    """A blank as it is drawn, with half a line above and below, in gray; and its box in pixels of the page."""
    width, height = page.get_size()
    margin = (box.bottom - box.top) / 2
    left, top = max(0.0, box.x0), max(0.0, box.top - margin)
    right, bottom = min(width, box.x1), min(height, box.bottom + margin)
    pixels = page.render(scale=DPI / 72, crop=(left, height - bottom, width - right, top)).to_numpy()
    gray = cv2.cvtColor(pixels[:, :, :3], cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    scale = DPI / 72
    return gray.astype(np.uint8, copy=False), Box(left * scale, top * scale, right * scale, bottom * scale)
