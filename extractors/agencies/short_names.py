"""Names of bodies in the short forms that tables use: `Cục TTCS`, `Ban QLDA ĐTXD tỉnh`, `Trường ĐHVH TP. Hà Nội`.

A group of capitals stands for the first letters of words that follow each other, without their marks; any other
word for itself. Words may be left out, but not the first.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources

from extractors.agencies.tokens import key
from extractors.tones import bare

_WORD = re.compile(r"[^\W_]+")
_JOINS = frozenset({"và"})
"""Words that first letters leave out."""
_COMMUNE = re.compile(r"(?:Xã|Phường|Đặc khu) ")
_COMMITTEE = "Ủy ban nhân dân "
_BRANDS = {"VNPT": "Viễn thông"}
"""What branches of a corporation are called beside their full names."""
_INITIALS = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")


@lru_cache(maxsize=4096)
def is_short_for(short: str, full: str, *, whole: bool = False) -> bool:
    """Whether a name is a short form of another; no name is one of itself.

    A commune is one of its committee (`Xã A`). `whole`: no word of the full name may be left out.
    """
    if _COMMUNE.match(short):
        return key(f"{_COMMITTEE}{short}") == key(full)
    brand, _, place = short.partition(" ")
    if brand in _BRANDS:
        return key(f"{_BRANDS[brand]} {place}") == key(full)
    words = [word for word in _WORD.findall(full) if word not in _JOINS]
    at, shortened = 0, False
    for token in (token for token in _WORD.findall(short) if token not in _JOINS):
        found = _stands_for(token, words, at)
        if found is None or ((at == 0 or whole) and found[0] > at):
            return False
        shortened = shortened or found[1] - found[0] > 1
        at = found[1]
    return shortened and not (whole and at < len(words))


def _stands_for(token: str, words: list[str], start: int) -> tuple[int, int] | None:
    """Where the words that a token stands for begin and end, the first such from `start` on."""
    for n in range(start, len(words)):
        if words[n].casefold() == token.casefold():
            return n, n + 1
        initials = "".join(word[0] for word in words[n : n + len(token)])
        if len(token) > 1 and token.isupper() and bare(initials.lower()) == bare(token.lower()):
            return n, n + len(token)
    return None


def may_be_short(name: str) -> bool:
    """Whether a name may be a short form: one word of it is in capitals, or it is a commune's."""
    return _COMMUNE.match(name) is not None or any(word.isupper() for word in _INITIALS.findall(name))


def head_of_full(short: str) -> str:
    """The first word of the full name that a short form can have, as letters write it."""
    if _COMMUNE.match(short):
        return short[0].lower() + short[1:]
    head = short.split()[0]
    return _BRANDS.get(head, head)


def meant(shorts: Iterable[str], fulls: Iterable[str]) -> dict[str, str]:
    """The full names that short forms mean, none of whose words they leave out; of several none."""
    found: dict[str, str] = {}
    different = {key(full): full for full in fulls}
    for short in shorts:
        fits = [full for full in different.values() if is_short_for(short, full, whole=True)]
        if len(fits) == 1:
            found[short] = fits[0]
    return found


@cache
def units() -> Mapping[str, tuple[str, ...]]:
    """The names of ministries' units by the key of the ministry's name."""
    data = tomllib.loads(resources.files("extractors").joinpath("data/units.toml").read_text("utf-8"))
    return {key(ministry): tuple(of_it["names"]) for ministry, of_it in data.items()}
