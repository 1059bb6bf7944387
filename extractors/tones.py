"""Marks of letters: `hoà` and `hòa` are one word, written in the new way and in the old; text without marks."""

import re
import unicodedata
from typing import Final

_OLD: Final = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize("NFC", first + tone) + second
    for first, second in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0303\u0309\u0323"
}
_NEW = re.compile("(?<!q)(?:" + "|".join(_OLD) + r")(?!\w)")


_STROKE: Final = str.maketrans("đĐ", "dD")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
"""The combining marks of Latin letters."""


def bare(text: str) -> str:
    """Text without the marks of its letters, which recognition loses and who types in haste leaves out."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_STROKE)))


def in_old_place(text: str) -> str:
    """Text in small letters with its marks of tone in their old place, at the end of a word; the same length."""
    return _NEW.sub(lambda found: _OLD[found[0]], text)
