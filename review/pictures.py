"""Pictures of pages for the page view: drawn from the journal's originals in a process that can be killed.

A page that was straightened before it was recognised is shown as straightened, for that is where its words lie.
"""

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from models import Page
from pipeline.reading import Limits, PagePool, images
from pipeline.reading.frames import frame
from pipeline.reading.media import PDF
from pipeline.reading.pdf import opened

WIDTHS = (1000, 1600, 2400)
"""Pixels across a page that can be asked for: a small set, so that what is drawn can be kept."""

KEPT_BYTES = 192 * 2**20
PAGE_SECONDS = 30.0


class Turn(NamedTuple):
    """How a page was turned before its words were read: by quarters, then by degrees, both counter-clockwise."""

    quarters: int = 0
    degrees: float = 0.0


def turn_of(page: Page) -> Turn:
    """How a page was turned; not at all where its words come from its text layer."""
    if page.source != "ocr":
        return Turn()
    return Turn(int(page.evidence.get("turns", 0)), float(page.evidence.get("angle", 0.0)))


def draw(path: Path, media_type: str, number: int, width: int, turn: Turn) -> bytes:
    """A page as a JPEG of this width, turned as it was read. Raises a ReadingError where it cannot be drawn."""
    limits = Limits()
    sideways = bool(turn.quarters % 2)
    if media_type == PDF:
        with opened(path) as document:
            page = document[number - 1]
            across, down = page.get_size()
            # A very long page is drawn smaller rather than not at all.
            scale = min(width / (down if sideways else across), (limits.pixels / (across * down)) ** 0.5)
            image = page.render(scale=scale, may_draw_forms=False).to_pil()
    else:
        pixels = frame(path, number, limits.pixels).pixels
        image = Image.fromarray(pixels if pixels.ndim == 2 else pixels[:, :, ::-1])
        scale = width / (image.height if sideways else image.width)
        image = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    image = image.convert("RGB")
    if turn != Turn():
        upright = np.ascontiguousarray(np.rot90(np.asarray(image), turn.quarters))
        image = Image.fromarray(images.turned(upright, turn.degrees))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


Key = tuple[str, int, int, Turn]


class Pictures:
    """Pages drawn and kept, the least recently asked for given up first. Used from one event loop."""

    def __init__(self, pool: PagePool, kept_bytes: int = KEPT_BYTES) -> None:
        self._pool = pool
        self._room = kept_bytes
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._drawing: dict[Key, Future[bytes]] = {}

    async def page(self, path: Path, media_type: str, number: int, width: int, turn: Turn) -> bytes:
        """The JPEG of a page; drawn once, however many ask."""
        key = (path.name, number, width, turn)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        future = self._drawing.get(key)
        if future is None:
            future = self._drawing[key] = self._pool.submit(
                PAGE_SECONDS, draw, path, media_type, number, width, turn
            )
        try:
            picture = await asyncio.shield(asyncio.wrap_future(future))
        finally:
            self._drawing.pop(key, None)
        self._keep(key, picture)
        return picture

    def forget(self) -> None:
        """Give up all that is kept: what was purged must not be shown any more."""
        self._room += sum(map(len, self._kept.values()))
        self._kept.clear()

    def _keep(self, key: Key, picture: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = picture
        self._room -= len(picture)
        while self._room < 0 and len(self._kept) > 1:
            self._room += len(self._kept.popitem(last=False)[1])
