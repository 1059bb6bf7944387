"""What there is of a page before it is decided how to read it: its text layer, its drawing, its picture."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models import Box, Word
from pipeline.reading.tables import Rule

Evidence = dict[str, str | float | bool]
"""Figures and grounds that are kept with a page (`Page.evidence`)."""

Gray = NDArray[np.uint8]
Picture = NDArray[np.uint8]
"""8-bit pixels, rows from the top: gray (height, width) or BGR (height, width, 3), as OpenCV keeps them."""


class TextLayer(NamedTuple):
    """What a page's own text says: words in the order of the file, and what tells whether they are to be trusted.

    `unmapped` counts characters whose meaning the file does not tell, `invisible` those drawn in no colour
    (an OCR layer under its picture), `fonts` the names of the fonts used, `encodings` those of an old encoding.
    """

    words: tuple[Word, ...]
    characters: int
    unmapped: int
    invisible: int
    fonts: tuple[str, ...]
    encodings: Mapping[str, str] = MappingProxyType({})


class Drawing(NamedTuple):
    """What is drawn on a page besides text: lines, the boxes of pictures, and how many paths there are."""

    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    pictures: tuple[Box, ...]
    paths: int


class PagePicture(NamedTuple):
    """The picture of a page: pixels, page size in points, and the JPEG file it was, where it was one."""

    pixels: Picture
    width: float
    height: float
    file: Path | None = None

    @property
    def dpi(self) -> float:
        """Pixels an inch."""
        return float(self.pixels.shape[1]) * 72 / self.width
