"""Several letters scanned in one go into one file: at which pages a letter of its own begins.

A false split is worse than none: a page begins a letter only where a whole letterhead heads it (motto, number or
day filled in, issuer), the letter before it has come to its end, and does not speak of this one as what it sends
along. An annex, a form with a letterhead to fill in, a copy passed on stay with their letter.
"""

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from extractors import layout, letterhead
from models import Citation, Document, Letter, Page, Paragraph

HEAD_HEIGHT = 0.4
"""Share of the page's height, from the top, in which a letterhead stands."""
FIRST_BLOCKS = 3
"""So many lines (a page number, a note) may stand above the letterhead."""

_MOTTOS = (frozenset({"doc", "lap", "hanh", "phuc"}), frozenset({"dang", "cong", "san"}))
_NO_LETTER = re.compile(
    r"^\W{0,3}(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu|MẪU|Mẫu|BẢN SAO|DỰ THẢO)(?!\w)|^\W{0,3}(?:Ban hành )?[Kk]èm theo\s"
    r"|TÊN CƠ QUAN|TÊN ĐƠN VỊ|TÊN TỔ CHỨC|\((?:Tên|TÊN)\s"
)


class _Head(msgspec.Struct, frozen=True):
    """The letterhead at the top of a page, taken for itself."""

    page: int
    letter: Letter


def starts(document: Document) -> tuple[int, ...]:
    """The numbers of the pages at which a letter begins, the first page's among them; it alone where it is one.

    Unread pages begin nothing.
    """
    heads = [head for page in document.pages[1:] if (head := _head(page)) is not None]
    begin = [document.pages[0].number] if document.pages else []
    first = _alone(document, begin[0], begin[0]) if heads else None
    if first is None or not _has_head(first):
        # What begins without a letterhead is no batch of letters that anybody could tell apart.
        return tuple(begin)
    for head in heads:
        before = _alone(document, begin[-1], head.page - 1)
        if _has_ended(before) and not _is_sent_along(head.letter, before):
            begin.append(head.page)
    return tuple(begin)


def part(document: Document, first: int, last: int, sha256: str, media_type: str) -> Document:
    """Pages `first` to `last` as a document of its own, counted from 1."""
    pages = (page for page in document.pages if first <= page.number <= last)
    renumbered = (msgspec.structs.replace(page, number=number) for number, page in enumerate(pages, 1))
    return msgspec.structs.replace(document, sha256=sha256, media_type=media_type, pages=tuple(renumbered))


def _alone(document: Document, first: int, last: int) -> Document:
    return part(document, first, last, "", document.media_type)


def _head(page: Page) -> _Head | None:
    """The letterhead of a page, where a whole one heads it."""
    if page.source == "unread" or not _may_bear_motto(page):
        return None
    blocks = layout.blocks(Document("", "", "", (msgspec.structs.replace(page, number=1),)))
    parts = letterhead.parts(blocks)
    body = [index for index in parts.body if index < FIRST_BLOCKS]
    above = [block.text for block in blocks[: FIRST_BLOCKS + len(parts.head)] if isinstance(block, Paragraph)]
    if (
        not letterhead.bears_motto(blocks)
        or len(body) == FIRST_BLOCKS
        or any(_NO_LETTER.search(text) for text in above)
    ):
        return None
    letter = letterhead.read(blocks)
    return _Head(page.number, letter) if _is_whole(letter) else None


def _may_bear_motto(page: Page) -> bool:
    """Whether the words of a motto stand in the upper part of a page, whatever their order and marks."""
    upper = {_bare(word.text) for word in page.words if word.box.bottom < HEAD_HEIGHT * page.height}
    return any(motto <= upper for motto in _MOTTOS)


def _bare(text: str) -> str:
    """Small letters without marks, which recognition loses."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if c.isalpha())
    return plain.replace("đ", "d")


def _is_whole(letter: Letter) -> bool:
    """Whether a letterhead is filled in: an issuer, a symbol, and a number or a day."""
    filled = letter.code_number is not None or letter.issued_date is not None
    return letter.organ_name is not None and letter.code_notation is not None and filled


def _has_head(document: Document) -> bool:
    letter = letterhead.read(layout.blocks(document))
    return letter.code_notation is not None and letter.organ_name is not None


def _has_ended(document: Document) -> bool:
    """Whether a letter has come to its recipients or its signature."""
    parts = letterhead.parts(layout.blocks(document))
    return bool(parts.copies or parts.signature)


def _is_sent_along(letter: Letter, before: Document) -> bool:
    """Whether the letter before names this one, which it then passes on: by number and symbol."""
    if letter.code_number is None:
        # Without its number nobody can tell; a symbol that is named at all is doubt enough.
        return any(citation.notation == letter.code_notation for citation in _cited(before))
    named = {(citation.number, citation.notation) for citation in _cited(before)}
    return (letter.code_number, letter.code_notation) in named


def _cited(document: Document) -> Sequence[Citation]:
    return letterhead.read(layout.blocks(document)).citations
