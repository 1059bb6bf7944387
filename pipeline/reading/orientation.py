"""Which way up a scanned page is, asked only where what was recognised makes no sense."""

from collections.abc import Sequence

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
BAND = 0.3
"""Share of a page's height that is recognised to try a direction."""


def makes_sense(words: Sequence[Word]) -> bool:
    """Whether recognised words read as Vietnamese in level lines, so far as so many words can tell."""
    tokens, syllables = _counted([word.text for word in words])
    # The engine reads lines that run upwards, word by word, in no order.
    lengths = [len(word.text) * (word.box.x1 - word.box.x0 >= word.box.bottom - word.box.top) for word in words]
    level = sum(lengths) >= sum(len(word.text) for word in words) / 2
    return tokens >= FEWEST_WORDS and syllables >= SENSE * tokens and level


def quarter_turns(gray: Gray, dpi: float, seconds: float) -> int:
    """By how many quarters a page has to be turned counter-clockwise to be read: 1 to 3, or 0 where none helps.

    `seconds` is what the three trials may take together.
    """
    if (gray < np.median(gray).astype(int) - images.INK_BELOW_PAPER).mean() < LEAST_INK:
        return 0
    best, most = 0, FEWEST_WORDS - 1
    for turns in (2, 1, 3):
        words = ocr.recognise(_fullest_band(np.rot90(gray, turns)), dpi, Mode.BLOCK, seconds / 3)
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
