"""One page recognised again as a person says: turned, at another resolution, black and white, in English too."""

from pathlib import Path
from typing import Literal, cast

import cv2
import msgspec

from models import Page
from pipeline.reading import images, ocr, orientation, pages, scans
from pipeline.reading.limits import Limits
from pipeline.reading.material import PagePicture, Picture

Languages = Literal["vie", "vie+eng"]

LEAST_BLOCK = 15
"""Pixels at least across the surroundings that decide what is black."""


class Recognition(msgspec.Struct, frozen=True):
    """How a page is to be recognised.

    `turns`: quarters counter-clockwise from how it lies in the file; `dpi`: resolution, None for its own;
    `binarise`: every pixel black or white by its surroundings; `languages` as Tesseract names them.
    """

    turns: Literal[0, 1, 2, 3] = 0
    dpi: Literal[150, 200, 300, 400] | None = None
    binarise: bool = False
    languages: Languages = "vie"

    def __str__(self) -> str:
        parts = [f"turns {self.turns}", f"dpi {self.dpi or 'own'}", self.languages]
        return ", ".join([*parts, "black and white"] if self.binarise else parts)


def recognise(path: Path, media_type: str, number: int, limits: Limits, how: Recognition) -> Page:
    """A page off its picture, whatever its text layer says. Raises a `ReadingError` or `TimeoutError`."""
    with pages.picture(path, media_type, number, limits) as picture, ocr.reading_in(how.languages):
        page = scans.read(_as_asked(picture, how), number, {"asked": str(how)}, limits.page_seconds)
    # It may have been turned once more where it made no sense.
    turns = (how.turns + int(page.evidence.get("turns", 0))) % 4
    return msgspec.structs.replace(page, evidence={**page.evidence, "turns": turns})


def _as_asked(picture: PagePicture, how: Recognition) -> PagePicture:
    """The picture turned, at its resolution, black and white, as far as that is asked for."""
    if how.turns:
        picture = orientation.turned(picture, how.turns)
    pixels = picture.pixels
    if how.dpi:
        scale = how.dpi / picture.dpi
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pixels = cast(Picture, cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=way))
    if how.binarise:
        gray = images.without_colour(pixels)
        block = max(LEAST_BLOCK, round(pixels.shape[1] / 60) | 1)
        kind = (cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY)
        pixels = cast(Picture, cv2.adaptiveThreshold(gray, 255, *kind, block, 15))
    return PagePicture(pixels, picture.width, picture.height)
