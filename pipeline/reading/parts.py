"""Some pages of a file as a file of their own, its pages as they are; the same pages give the same bytes."""

import io
import re
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from pipeline.reading import errors, pdf
from pipeline.reading.media import PDF

_TIME = re.compile(rb"D:\d{14}")
_ID = re.compile(rb"/ID ?\[ ?<[0-9A-Fa-f]+> ?<[0-9A-Fa-f]+> ?\]")
_DIGIT = re.compile(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)")


def write(path: Path, media_type: str, spans: list[tuple[int, int]], targets: list[Path]) -> None:
    """Write pages `first` to `last` (from 1) of each span of a PDF or TIFF to the target beside it.

    Raises `Unreadable`.
    """
    if media_type == PDF:
        with pdf.opened(path) as document:
            for (first, last), target in zip(spans, targets, strict=True):
                target.write_bytes(_pages(document, range(first - 1, last)))
        return
    try:
        with Image.open(path) as image:
            for (first, last), target in zip(spans, targets, strict=True):
                _write_frames(image, range(first - 1, last), target)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise errors.Unreadable(str(error)) from error


def _pages(document: pdfium.PdfDocument, indexes: range) -> bytes:
    """A PDF of these pages, without the time and the file id that would make it another one each time."""
    part = pdfium.PdfDocument.new()
    try:
        part.import_pages(document, list(indexes))
        buffer = io.BytesIO()
        part.save(buffer)
    finally:
        part.close()
    blob = _TIME.sub(b"D:20000101000000", buffer.getvalue())
    return _ID.sub(lambda found: _DIGIT.sub(b"0", found[0]), blob)


def _write_frames(image: Image.Image, indexes: range, target: Path) -> None:
    """A TIFF of these frames, without loss."""
    frames = []
    for index in indexes:
        image.seek(index)
        frames.append(image.copy())
    dpi = image.info.get("dpi", (0, 0))
    frames[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=frames[1:],
        compression="tiff_adobe_deflate",
        **({"dpi": dpi} if dpi[0] else {}),
    )
