"""Provinces and their people's committees, named by their place."""

from typing import Final

import msgspec

from extractors.agencies import as_written, boundaries
from extractors.agencies.names import PROVINCES
from extractors.agencies.tokens import key, norms
from extractors.agencies.words import Hit, Phrase, Words
from models import Agency

_COMMITTEES: Final[tuple[Phrase, ...]] = (("ủy", "ban", "nhân", "dân"), ("ubnd",), ("chính", "quyền"))
_KINDS: Final[dict[Phrase, str]] = {
    ("tỉnh",): "Tỉnh ",
    ("thành", "phố"): "Thành phố ",
    ("tp", "."): "Thành phố ",
    ("tp",): "Thành phố ",
}


def province(words: Words, i: int) -> tuple[int, Agency] | None:
    """`UBND tỉnh X`, `thành phố X`, `tp. X`: (index behind, body)."""
    j = i + len(words.one_of(i, _COMMITTEES) or ())
    kind = words.one_of(j, _KINDS) or ()
    j += len(kind)
    if j == i:
        return None
    hit = words.spelt(words.known.provinces, j)
    if hit is None:
        return None
    end, name = hit
    headed = words.norm(i) in {"ubnd", "ủy"}  # a person's name may follow (`UBND tỉnh X Nguyễn Văn An`)
    in_capitals = words.tokens[j].text.isupper()
    if words.capital(end) and not headed and not in_capitals and not boundaries.opens_body(words, end):
        return None  # a longer name (`tỉnh Hà Nam Ninh`)
    of_kind = words.known.by_name.get(key(_KINDS[kind] + name.agency.aliases[0])) if kind else None
    if of_kind:
        return end, of_kind[0]
    return end, words.of_letters_day(words.known.provinces, j, end) or name.agency


def body(words: Words, i: int) -> Hit | None:
    """A province or its people's committee; without a name, the province of the letter."""
    found = province(words, i)
    if found is not None:
        end, agency = found
        return Hit(end, [words.of(agency, i, end)])
    j = i + (4 if words.has(i, ("ủy", "ban", "nhân", "dân")) else 1 if words.norm(i) == "ubnd" else 0)
    if j == i:
        return None
    if words.norm(j) == "cấp":
        return _level(words, i, j + 1)
    end = j + _province_word(words, j)
    return _unnamed(words, i, end) if end > j and not words.capital(end) else None


def _province_word(words: Words, j: int) -> int:
    """How many words `tỉnh` or `thành phố` at word `j` has, 0 where neither stands there."""
    return 1 if words.norm(j) == "tỉnh" else 2 if words.has(j, ("thành", "phố")) else 0


def _level(words: Words, i: int, j: int) -> Hit | None:
    """`UBND cấp tỉnh`, `UBND cấp xã`: the committees of a level; word `j` names it."""
    if words.norm(j) in {"huyện", "xã"}:
        return Hit(j + 1, [as_written.local_class(words, i, j + 1)])
    end = j + _province_word(words, j)
    if end > j:
        return Hit(end, [words.mention(PROVINCES, i, end, "collective", "form")])
    return None


def _unnamed(words: Words, i: int, end: int) -> Hit | None:
    """`UBND tỉnh` alone: that of the letter's province, of the one addressed, or all of them."""
    if words.context.scope is None:
        addressed = [m for m in words.context.recipients if m.kind == "province"]
        if len(addressed) == 1:  # a letter to one province says `UBND tỉnh` of it
            return Hit(end, [words.meant(addressed[0], i, end, "recipients")])
        return Hit(end, [words.mention(PROVINCES, i, end, "collective", "form")])
    own = words.known.by_name.get(key(words.context.scope))
    if own is None:
        return None
    via = "above" if _is_below(words.context.issuer) else "issuer"
    return Hit(end, [msgspec.structs.replace(words.of(own[0], i, end), via=via)])


def _is_below(issuer: str | None) -> bool:
    """Whether an issuer within a province takes orders from the province's committee (`Sở Y tế`, a commune)."""
    if issuer is None:
        return False
    words = " ".join(norms(issuer)).replace("ubnd", "ủy ban nhân dân")
    return not words.startswith(_ABOVE_ALL)


# Who commands a province's committee, or is it.
_ABOVE_ALL: Final = (
    "ủy ban nhân dân tỉnh", "ủy ban nhân dân thành phố", "hội đồng nhân dân tỉnh", "hội đồng nhân dân thành phố",
    "hđnd tỉnh", "hđnd thành phố", "thường trực hội đồng", "thường trực hđnd", "tỉnh ủy", "thành ủy",
    "ban thường vụ", "thường trực tỉnh ủy", "thường trực thành ủy", "đảng bộ", "đảng ủy", "đoàn đại biểu quốc hội",
    "tỉnh", "thành phố", "chủ tịch",
)  # fmt: skip
