"""Names of bodies in the short forms that tables use: `Cục TTCS`, `Ban QLDA ĐTXD tỉnh`, `Trường ĐHVH TP. Hà Nội`.

A group of capitals stands for the first letters of words that follow each other, without their marks; any other
word for itself. Words may be left out, but not the first. Pure.
"""

import re
from functools import lru_cache

from extractors.tones import bare

_WORD = re.compile(r"[^\W_]+")
_JOINS = frozenset({"và"})
"""Words that first letters leave out."""


@lru_cache(maxsize=4096)
def is_short_for(short: str, full: str) -> bool:
    """Whether a name is a short form of another; no name is one of itself."""
    words = [word for word in _WORD.findall(full) if word not in _JOINS]
    at, shortened = 0, False
    for token in (token for token in _WORD.findall(short) if token not in _JOINS):
        found = _stands_for(token, words, at)
        if found is None or (at == 0 and found[0] > 0):
            return False
        shortened = shortened or found[1] - found[0] > 1
        at = found[1]
    return shortened


def _stands_for(token: str, words: list[str], start: int) -> tuple[int, int] | None:
    """Where the words that a token stands for begin and end, the first such from `start` on."""
    for n in range(start, len(words)):
        if words[n].casefold() == token.casefold():
            return n, n + 1
        initials = "".join(word[0] for word in words[n : n + len(token)])
        if len(token) > 1 and token.isupper() and bare(initials.lower()) == bare(token.lower()):
            return n, n + len(token)
    return None
