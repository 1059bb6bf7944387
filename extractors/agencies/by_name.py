"""Bodies by a name of the gazetteer."""

from typing import Final

import msgspec

from extractors.agencies.tokens import fold
from extractors.agencies.words import MAX_NAME_WORDS, Hit, Words

_BLOCKED_BEFORE: Final = frozenset({"cán", "toàn", "đồng", "nội", "tuyến", "tiến", "thủy", "đường", "bọn"})
"""Words that make another of `bộ` (`cán bộ`, `đường bộ`)."""

_PROVINCE_WORDS: Final = frozenset({"tỉnh", "thành", "tp", "ubnd", "ủy"})


def body(words: Words, i: int) -> Hit | None:
    """A body of the gazetteer by one of its spellings, as of the letter's day where it is a province."""
    if words.norm(i) == "bộ" and words.norm(i - 1) in _BLOCKED_BEFORE:
        return None
    hit = words.spelt(words.known.names, i)
    if hit is None:
        return None
    end, name = hit
    agency = name.agency
    if agency.kind == "province":
        if not _stands_for_itself(words, i, end):
            return None
        agency = words.of_letters_day(words.known.provinces, i, end) or agency
    return Hit(end, [words.of(agency, i, end)])


def _stands_for_itself(words: Words, start: int, end: int) -> bool:
    """Whether a province's bare name stands for it: not within a person's or another name."""
    before = words.tokens[start - 1] if start else None
    if before is not None and before.text.isalpha() and before.capital and before.norm not in _PROVINCE_WORDS:
        return before.norm in {"và", "tại", "ở", "từ", "phố"} or (
            before.text.isupper() and words.tokens[start].text.isupper()
        )
    return not (words.capital(end) and not words.tokens[start].text.isupper())


def misread(words: Words, i: int) -> Hit | None:
    """A body whose name lost diacritics on the way (`Bô Tài chinh`); its capitals must be in place."""
    if not (words.capital(i) and words.known.folded.begins(fold(words.norm(i)))):
        return None
    bare = [msgspec.structs.replace(t, norm=fold(t.norm)) for t in words.tokens[i : i + MAX_NAME_WORDS]]
    hit = words.known.folded.starting(bare, 0, lambda name, _, end: all(bare[k].capital for k in name.capitals))
    if hit is None:
        return None
    return Hit(i + hit[0], [words.of(hit[1].agency, i, i + hit[0], "similar")])
