"""A file as read, its pages kept packed: their words take a hundredth of the room until they are wanted.

A page of records takes 140 KB of memory, packed 2 to 5 KB: a thousand pages cost hardly more than ten.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Self

import msgspec

from models import Document, Page

_PAGES_KEY = b',"pages":['


class Packed(msgspec.Struct, frozen=True):
    """One page: what decides about it, and the whole in few bytes."""

    number: int
    is_unread: bool
    has_words: bool
    reason: str | None
    data: bytes

    @classmethod
    def of(cls, page: Page) -> Self:
        """Pack a page."""
        data = zlib.compress(msgspec.msgpack.encode(page), level=1)
        return cls(page.number, page.source == "unread", bool(page.words), page.reason, data)

    def page(self) -> Page:
        """The page, made anew."""
        return msgspec.msgpack.decode(zlib.decompress(self.data), type=Page)


class Reading(msgspec.Struct, frozen=True):
    """What was read of a file: `head` is the document without its pages, which `packed` holds in order."""

    head: Document
    packed: tuple[Packed, ...] = ()

    @classmethod
    def of(cls, document: Document) -> Self:
        """The reading that a whole document is."""
        return cls(msgspec.structs.replace(document, pages=()), tuple(map(Packed.of, document.pages)))

    def pages(self) -> Iterator[Page]:
        """The pages in order, made one at a time."""
        return (packed.page() for packed in self.packed)

    def document(self) -> Document:
        """The whole document, all words of it in memory."""
        return msgspec.structs.replace(self.head, pages=tuple(self.pages()))

    def json(self) -> Iterable[bytes]:
        """The whole document as JSON, a piece a page."""
        head = msgspec.json.encode(self.head)
        if not self.packed:
            yield head
            return
        yield head[:-1] + _PAGES_KEY
        for index, page in enumerate(self.pages()):
            yield (b"," if index else b"") + msgspec.json.encode(page)
        yield b"]}"
