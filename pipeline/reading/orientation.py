"""Which way up a scanned page is, asked where its ink or what was recognised shows that it is not upright."""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from models import Word
from pipeline.reading import images, ocr
from pipeline.reading.material import Gray, PagePicture
from pipeline.reading.ocr import Mode
from pipeline.reading.syllables import is_syllable, syllable_candidates

SENSE = 0.55
"""Share of syllables among words below which a page is lying or upside down, or no Vietnamese at all."""
FEWEST_WORDS = 8
"""With fewer words a page says nothing about how it lies."""
LEAST_INK = 0.002
"""Share of dark pixels below which a page is blank."""
LYING = 1.35
"""By how much sharper ink alternates across a page that lies than down it (upright ones: at most 0.4)."""
SMALL, LONGEST_STROKE = 900, 40
"""Pixels of the longer side that shows it, pixels of ink that are a line."""
LEANS = np.arange(-3.0, 3.1, 0.5)
"""Degrees by which pages lean either way at most."""
BAND = 0.3
"""Share of a page's height that is recognised to try a direction."""


def makes_sense(words: Sequence[Word]) -> bool:
    """Whether recognised words read as Vietnamese in level lines, so far as so many words can tell."""
    tokens, syllables = _counted([word.text for word in words])
    # The engine reads lines that run upwards, word by word, in no order.
    lengths = [len(word.text) * (word.box.x1 - word.box.x0 >= word.box.bottom - word.box.top) for word in words]
    level = sum(lengths) >= sum(len(word.text) for word in words) / 2
    return tokens >= FEWEST_WORDS and syllables >= SENSE * tokens and level


def lies_on_its_side(gray: Gray) -> bool:
    """Whether a page's lines of text run up or down, told by its ink alone; False where that cannot be told."""
    factor = SMALL / max(gray.shape)
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = cast(Gray, cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15))
    ruled = cv2.bitwise_or(images.long_runs(ink, (1, LONGEST_STROKE)), images.long_runs(ink, (LONGEST_STROKE, 1)))
    ink[cv2.dilate(ruled, np.ones((3, 3), np.uint8)) > 0] = 0
    margin = max(2, min(ink.shape) // 20)
    ink = ink[margin:-margin, margin:-margin]
    if ink.mean() < images.LEAST_INK_FOR_SKEW:
        return False
    across, down = (images.sharpest(lying, LEANS)[1] for lying in (ink.T, ink))
    return across > LYING * down


def quarter_turns(gray: Gray, dpi: float, seconds: float, tried: Sequence[int] = (2, 1, 3)) -> int:
    """By how many quarters a page has to be turned counter-clockwise to be read: 1 to 3, or 0 where none helps.

    `seconds` is what the trials may take together.
    """
    if (gray < np.median(gray).astype(int) - images.INK_BELOW_PAPER).mean() < LEAST_INK:
        return 0
    best, most = 0, FEWEST_WORDS - 1
    for turns in tried:
        try:
            words = ocr.recognise(_fullest_band(np.rot90(gray, turns)), dpi, Mode.BLOCK, seconds / len(tried))
        except TimeoutError:
            # The engine takes many times as long over letters that stand on their heads.
            continue
        tokens, syllables = _counted([word.text for word in words])
        if syllables > most and syllables >= SENSE * tokens:
            best, most = turns, syllables
    return best


def turned(picture: PagePicture, turns: int) -> PagePicture:
    """The picture of a page turned counter-clockwise by quarters."""
    pixels = np.ascontiguousarray(np.rot90(picture.pixels, turns))
    width, height = (picture.height, picture.width) if turns % 2 else (picture.width, picture.height)
    return PagePicture(pixels, width, height)


def _counted(words: Sequence[str]) -> tuple[int, int]:
    """How many words should be syllables, and how many are."""
    tokens = syllable_candidates(words)
    return len(tokens), sum(map(is_syllable, tokens))


def _fullest_band(gray: Gray) -> Gray:
    """The part of a page, over its full width, that has most ink."""
    height = gray.shape[0]
    band = max(1, round(height * BAND))
    darkness = np.cumsum(np.concatenate(([0], 255 - gray.mean(axis=1))))
    start = int(np.argmax(darkness[band:] - darkness[:-band]))
    return np.ascontiguousarray(gray[start : start + band])
