"""Pictures of pages for the page view: drawn from the journal's originals in a process that can be killed."""

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path

from PIL import Image

from pipeline.reading import Limits, PagePool
from pipeline.reading.frames import frame
from pipeline.reading.media import PDF
from pipeline.reading.pdf import opened

WIDTHS = (1000, 1600, 2400)
"""Pixels across a page that can be asked for: a small set, so that what is drawn can be kept."""

KEPT_BYTES = 192 * 2**20
PAGE_SECONDS = 30.0


def draw(path: Path, media_type: str, number: int, width: int) -> bytes:
    """A page as a JPEG of this width. Raises a ReadingError where it cannot be drawn."""
    limits = Limits()
    if media_type == PDF:
        with opened(path) as document:
            page = document[number - 1]
            across, down = page.get_size()
            # A very long page is drawn smaller rather than not at all.
            scale = min(width / across, (limits.pixels / (across * down)) ** 0.5)
            image = page.render(scale=scale, may_draw_forms=False).to_pil()
    else:
        pixels = frame(path, number, limits.pixels).pixels
        image = Image.fromarray(pixels if pixels.ndim == 2 else pixels[:, :, ::-1])
        image = image.resize((width, max(1, round(image.height * width / image.width))))
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


class Pictures:
    """Pages drawn and kept, the least recently asked for given up first. Used from one event loop."""

    def __init__(self, pool: PagePool, kept_bytes: int = KEPT_BYTES) -> None:
        self._pool = pool
        self._room = kept_bytes
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._drawing: dict[tuple[str, int, int], Future[bytes]] = {}

    async def page(self, path: Path, media_type: str, number: int, width: int) -> bytes:
        """The JPEG of a page; drawn once, however many ask."""
        key = (path.name, number, width)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        future = self._drawing.get(key)
        if future is None:
            future = self._drawing[key] = self._pool.submit(PAGE_SECONDS, draw, path, media_type, number, width)
        try:
            picture = await asyncio.shield(asyncio.wrap_future(future))
        finally:
            self._drawing.pop(key, None)
        self._keep(key, picture)
        return picture

    def forget(self, sha256: str) -> None:
        """Give up what is kept of a document."""
        for key in [k for k in self._kept if k[0] == sha256]:
            self._room += len(self._kept.pop(key))

    def _keep(self, key: tuple[str, int, int], picture: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = picture
        self._room -= len(picture)
        while self._room < 0 and len(self._kept) > 1:
            self._room += len(self._kept.popitem(last=False)[1])
