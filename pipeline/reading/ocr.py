"""The one door to Tesseract: images in, words with confidences out.

Images are handed over by path: a scan's own JPEG as it is, anything else uncompressed (PGM). pytesseract would
encode PNG, which costs up to three times the recognition of a noisy page.
"""

import contextlib
import functools
import os
import signal
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import cv2
import pytesseract

from pipeline.reading.errors import EngineMissing, MissingLanguage
from pipeline.reading.limits import Limits, is_timed, processor_time
from pipeline.reading.material import Gray

LANGUAGE = "vie"
PATIENCE = Limits().patience

_languages: ContextVar[str] = ContextVar("languages", default=LANGUAGE)


class Mode(IntEnum):
    """How Tesseract is to look at an image (its page segmentation modes)."""

    PAGE = 3
    BLOCK = 6
    SPARSE = 11


class Recognised(NamedTuple):
    """A word as recognised: NFC, its box in pixels of the image, and the engine's confidence, 0 to 1."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float


@functools.cache
def require() -> None:
    """Make sure that Tesseract is there with Vietnamese; raises `EngineMissing` or `MissingLanguage`."""
    try:
        languages = pytesseract.get_languages()
    except (pytesseract.TesseractNotFoundError, OSError) as error:
        raise EngineMissing from error
    if LANGUAGE not in languages:
        raise MissingLanguage(", ".join(languages))
    # Pages run side by side: engines of several threads each would only be in each other's way.
    os.environ["OMP_THREAD_LIMIT"] = "1"


@contextlib.contextmanager
def reading_in(languages: str) -> Iterator[None]:
    """Recognise in these languages (`vie+eng`) for the time of the block."""
    token = _languages.set(languages)
    try:
        yield
    finally:
        _languages.reset(token)


def version() -> str:
    """The engine's version, for what is stored with its words."""
    return str(pytesseract.get_tesseract_version(cached=True))


def check_engine() -> str:
    """Name the engine and its version; raises `EngineMissing` or `MissingLanguage` where it cannot serve."""
    require()
    return f"Tesseract {version()}, {LANGUAGE}"


def recognise(image: Gray | Path, dpi: float, mode: Mode, seconds: float) -> list[Recognised]:
    """Recognise one image, given as an array or as a file that Tesseract opens itself.

    Raises `TimeoutError` where the engine works for more than `seconds`, and what `require` raises.
    """
    if isinstance(image, Path):
        return _run(image, dpi, mode, seconds, 1)[0]
    return recognise_each([image], dpi, mode, seconds)[0]


def recognise_each(images: Sequence[Gray], dpi: float, mode: Mode, seconds: float) -> list[list[Recognised]]:
    """Recognise many small images (the cells of a table) in one run of the engine; one list of words for each."""
    if not images:
        return []
    with tempfile.TemporaryDirectory(prefix="giaoviec-") as folder:
        paths = [Path(folder, f"{number}.pgm") for number in range(len(images))]
        for path, image in zip(paths, images, strict=True):
            cv2.imwrite(str(path), image)
        if len(paths) == 1:
            return _run(paths[0], dpi, mode, seconds, 1)
        listing = Path(folder, "images.txt")
        listing.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        return _run(listing, dpi, mode, seconds, len(paths))


def _run(source: Path, dpi: float, mode: Mode, seconds: float, count: int) -> list[list[Recognised]]:
    """Run the engine once over an image file, or over a text file that lists `count` of them."""
    require()
    try:
        with processor_time(seconds) if is_timed() else contextlib.nullcontext():
            data = pytesseract.image_to_data(
                str(source),
                lang=_languages.get(),
                config=f"--psm {mode.value} --dpi {round(dpi)}",
                timeout=seconds * PATIENCE,
                output_type=pytesseract.Output.DICT,
            )
    except pytesseract.TesseractError as error:
        if error.status == -signal.SIGXCPU:
            raise TimeoutError from error
        raise
    except RuntimeError as error:
        # pytesseract tells a timeout on the wall only by this text.
        if "timeout" in str(error):
            raise TimeoutError from error
        raise
    words: list[list[Recognised]] = [[] for _ in range(count)]
    columns = ("page_num", "text", "left", "top", "width", "height", "conf")
    line = None
    places = zip(*(data[c] for c in ("page_num", "block_num", "par_num", "line_num")), strict=True)
    for place, (page, text, left, top, width, height, confidence) in zip(
        places, zip(*(data[c] for c in columns), strict=True), strict=True
    ):
        written = unicodedata.normalize("NFC", str(text).strip())
        if not written:
            continue
        found = words[page - 1]
        if place == line:
            found[-1] = _before(found[-1], left)
        line = place
        found.append(Recognised(written, left, top, left + width, top + height, max(0.0, float(confidence) / 100)))
    return words


def _before(word: Recognised, edge: float) -> Recognised:
    """A word ended where the next on its line begins: the engine draws some boxes over their neighbours."""
    return word._replace(x1=edge) if word.x0 < edge < word.x1 else word
