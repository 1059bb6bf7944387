"""Which pages of a PDF are damaged: pdfium shows what it can decode of a stream, and says nothing of the rest.

Every compressed stream but pictures is decoded once and thrown away; zlib tells where one breaks off. Only where
one does is the file's structure asked for the pages whose content it is (pdfminer).
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, resolve1

from pipeline.reading import errors

MOST_DECODED = 32 * 2**20
"""A stream that is whole up to so many bytes is taken to be whole: content of one page is far smaller."""
_CHUNK = 2**20
_HEADER = 2
"""Bytes of a zlib stream before its first block."""
_MOST_REST = 8
"""Bytes that may follow the last block: its sum, and a few that do not belong to it."""
_START = re.compile(rb"stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,9})\s{1,4}\d{1,5}\s{1,4}obj\b")
_DICTIONARY = 4096
_PICTURE = re.compile(rb"/Subtype\s{0,4}/Image\b")
_FLATE = re.compile(rb"/Filter\s{0,4}\[?\s{0,4}/FlateDecode\b")


class Damage(NamedTuple):
    """What is broken in a PDF: `pages` (from 1) whose content breaks off; `some`: whether anything is at all."""

    pages: frozenset[int]
    some: bool


def find(path: Path, total: int) -> Damage:
    """Look for damage in a PDF of `total` pages. Raises `Unreadable` where it cannot be told whose it is."""
    broken = _broken_streams(path)
    if not broken:
        return Damage(frozenset(), some=False)
    pages: set[int] = set()
    number = 0
    try:
        with path.open("rb") as file:
            document = PDFDocument(PDFParser(file))
            for number, page in enumerate(PDFPage.create_pages(document), 1):
                if not broken.isdisjoint(_contents(page)):
                    pages.add(number)
    except Exception as error:
        # pdfminer raises whatever a damaged file makes it stumble over.
        raise errors.Unreadable(f"damaged: {type(error).__name__}") from error
    if number != total:
        raise errors.Unreadable(f"damaged: {number} or {total} pages")
    return Damage(frozenset(pages), some=True)


def _contents(page: PDFPage) -> Iterator[int]:
    """The numbers of the objects that are a page's content."""
    written = page.attrs.get("Contents")
    if isinstance(written, PDFObjRef):
        yield written.objid
    found = resolve1(written)
    yield from (ref.objid for ref in found if isinstance(ref, PDFObjRef)) if isinstance(found, list) else ()


def _broken_streams(path: Path) -> set[int]:
    """The numbers of the objects whose compressed stream cannot be decoded to its end."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.rfind(b"/Encrypt") >= 0:
            # What is encrypted looks like noise; only pdfium has the key.
            return set()
        broken = set()
        end = 0
        while (match := _START.search(data, end)) is not None:
            before = data[max(end, match.start() - _DICTIONARY) : match.start()]
            owners = list(_OBJECT.finditer(before))
            end = data.find(b"endstream", match.end())
            end = len(data) if end < 0 else end + len(b"endstream")
            if not owners:
                continue
            dictionary = before[owners[-1].end() :]
            is_content = _FLATE.search(dictionary) and not _PICTURE.search(dictionary)
            if is_content and _breaks_off(data, match.end(), end - len(b"endstream")):
                broken.add(int(owners[-1][1]))
        return broken


def _breaks_off(data: mmap.mmap, start: int, end: int) -> bool:
    """Whether a zlib stream is broken: it cannot be decoded to its end, ends early, or its sum is another one.

    A sum that is missing or nought is no sign of damage: some programs write none.
    """
    decoder, decoded, total = zlib.decompressobj(-zlib.MAX_WBITS), 0, 1
    position = start + _HEADER
    try:
        while not decoder.eof and (
            piece := decoder.unconsumed_tail or data[position : min(position + _CHUNK, end)]
        ):
            if not decoder.unconsumed_tail:
                position += len(piece)
            found = decoder.decompress(piece, _CHUNK)
            total, decoded = zlib.adler32(found, total), decoded + len(found)
            if decoded > MOST_DECODED:
                return False
    except zlib.error:
        return True
    if not decoder.eof:
        return True
    rest = decoder.unused_data + data[position:end]
    written = rest[:4]
    if len(rest.rstrip(b"\r\n\0 ")) > _MOST_REST:
        return True
    return len(written) == 4 and any(written) and int.from_bytes(written, "big") != total
