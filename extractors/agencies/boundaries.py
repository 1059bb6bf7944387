"""Where the names of bodies, places and the items of lists begin and end."""

from typing import Final

from extractors.agencies.tokens import is_word
from extractors.agencies.words import NEAR, Words

_REGIONS: Final = frozenset({"bắc", "trung", "nam"})
"""Words before `Bộ` where it is part of the country."""


def opens_body(words: Words, i: int) -> bool:
    """Whether a name begins here that is no part of the one before it."""
    if words.norm(i) == "bộ" and i > 0 and words.norm(i - 1) in _REGIONS and words.capital(i - 1):
        return False  # `khu vực Nam Trung Bộ`
    if words.norm(i) in {"bộ", "ubnd", "sở"} and words.capital(i):
        return True
    hit = words.spelt(words.known.names, i)
    return hit is not None and hit[1].agency.kind != "province"


def clause_begins(words: Words, i: int) -> bool:
    """Whether a verb or link word here ends the name before it; some verbs also stand within names."""
    wording = words.wording
    if words.starts(wording.stops, i) is not None:
        return True
    if words.starts(wording.in_names, i) is not None:
        return False
    return any(words.starts(verbs, i) is not None for verbs in (wording.acting, wording.verbs))


def ends_item(words: Words, i: int) -> bool:
    """Whether a list item may end before word `i`: a mark, `và`, or a clause's verb follows."""
    wording = words.wording
    return (
        i >= len(words.tokens)
        or not is_word(words.tokens[i])
        or words.separated(i)
        or words.starts(wording.acting, i) is not None
        or (words.starts(wording.verbs, i) is not None and not words.capital(i))
        or words.starts(wording.predicates, i) is not None
        or words.starts(wording.after, i) is not None
        or words.starts(wording.stops, i) is not None
    )


def place_end(words: Words, j: int) -> int:
    """Where a place's name that begins at word `j` ends: behind its capitals and numbers."""
    end = j
    while (
        end - j < NEAR and (words.capital(end) or words.norm(end).isdigit()) and not _person_begins(words, j, end)
    ):
        end += 1
        if words.norm(end) == "-" and words.capital(end + 1) and not opens_body(words, end + 1):
            end += 1  # `phường Xuân Hương - Đà Lạt`
    return end


def _person_begins(words: Words, start: int, i: int) -> bool:
    """Whether a person's name follows that of a place, which began at word `start` (`xã Ba Hồ Trần Thị Sáu`)."""
    if i == start or words.norm(i) not in words.wording.surnames or not words.capital(i + 1):
        return False
    return words.norm(i + 1) in words.wording.middle_names or (i - start > 1 and words.capital(i + 2))
