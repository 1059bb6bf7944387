"""Bodies by a name of the gazetteer."""

import re
from typing import Final

import msgspec

from extractors.agencies.as_written import in_full
from extractors.agencies.tokens import fold
from extractors.agencies.words import MAX_NAME_WORDS, Hit, Phrase, Words
from models import Agency

_BLOCKED_BEFORE: Final = frozenset({"cán", "toàn", "đồng", "nội", "tuyến", "tiến", "thủy", "đường", "bọn"})
"""Words that make another of `bộ` (`cán bộ`, `đường bộ`)."""

_WITH_BRANCHES: Final = frozenset({"enterprise", "bank"})
_NUMBER: Final = re.compile(r"\d{1,2}|[ivx]{1,5}")
_STATE_BANK: Final = "Ngân hàng Nhà nước Việt Nam"
_PLACES: Final[tuple[Phrase, ...]] = (("tỉnh",), ("thành", "phố"), ("tp", "."), ("tp",))

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
    return _branch(words, i, end, agency) or Hit(end, [words.of(agency, i, end)])


def _branch(words: Words, start: int, end: int, agency: Agency) -> Hit | None:
    """An enterprise's or a bank's branch in a province, which is not its parent (`VNPT Đắk Lắk`)."""
    if agency.kind not in _WITH_BRANCHES and agency.name != _STATE_BANK:
        return None
    if words.has(end, ("chi", "nhánh", "khu", "vực")) and _NUMBER.fullmatch(words.norm(end + 4)):
        behind = end + 5
        return Hit(behind, [words.mention(in_full(words, start, behind), start, behind, "bank", "form")])
    if words.has(end, ("chi", "nhánh")):
        end += 2
    named = end + len(words.one_of(end, _PLACES) or ())
    place = words.spelt(words.known.provinces, named)
    if place is None or words.capital(place[0]):
        return None
    province = words.of_letters_day(words.known.provinces, named, place[0]) or place[1].agency
    kind = "bank" if agency.name == _STATE_BANK else agency.kind
    name = in_full(words, start, place[0])
    return Hit(place[0], [words.mention(name, start, place[0], kind, "form", scope=province.name)])


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
