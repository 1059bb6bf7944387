"""Classes of bodies (`các bộ, ngành, địa phương`), and the lists of names that such words introduce."""

from typing import Final

from extractors.agencies import as_written, boundaries, by_place, lists
from extractors.agencies.members import Member, classes, members
from extractors.agencies.names import COMMUNES, DEPARTMENTS, PROVINCES, UNITS
from extractors.agencies.words import Hit, Phrase, Words, capitalised

_PLURAL: Final = frozenset({"các", "hai", "ba", "bốn", "năm"})
_LEVELS: Final[tuple[Phrase, ...]] = (("tỉnh",), ("thành", "phố"), ("cấp", "tỉnh"), ("cấp", "thành", "phố"))
_THE_OTHERS: Final = frozenset({"khác", "còn", "trực", "thuộc", "trên", "có"})
"""First words of what tells which of a class are meant."""
_UNDER: Final[tuple[Phrase, ...]] = (("trực", "thuộc"), ("thuộc",))
_OWNERS: Final[tuple[Phrase, ...]] = (
    ("bộ",),
    ("sở",),
    ("cục",),
    ("tổng", "cục"),
    ("tỉnh", "ủy"),
    ("thành", "ủy"),
    ("tỉnh",),
)
_ONE: Final = frozenset({"1", "01"})


def body(words: Words, i: int) -> Hit | None:
    """`các bộ, ngành, địa phương`, `10 bộ, ngành`, `UBND các tỉnh`, or the list such words only introduce."""
    departments = _departments_of_a_field(words, i)
    if departments is not None:
        return departments
    kept = words.starts(words.wording.classes, i)
    owner = words.starts(words.wording.owners, i) if words.capital(i) or words.cell else None
    owned = owner is not None and words.starts(words.wording.determiners, owner[0]) is not None
    first = owner[0] if owner is not None and owned else i
    heads = words.starts(words.wording.before_member, first)
    j = _behind_determiner(words, first)
    if j is None:
        return _as_written(words, i, kept)
    bare = words.wording.bare.starting([t for t in words.tokens[j : j + 6] if t.norm != ","], 0) is not None
    if j == i and heads is None and not bare:
        return _as_written(words, i, kept)
    joined = members(words, j)
    plural = bare or j > i or (heads is not None and bool(_PLURAL & set(words.norms(j, heads[0]))))
    if not plural and heads is not None and [m.name for m in joined] == [PROVINCES]:
        single = (by_place.body(words, k) for k in range(i, joined[0].start))
        if (one := next((hit for hit in single if hit is not None), None)) is not None:
            return one  # `lãnh đạo UBND tỉnh`: one, not all of them
    if not joined or (len(joined) < 2 and not plural and "các" not in words.norms(j, joined[0].end)):
        return _as_written(words, i, kept)
    if kept is not None and kept[0] >= joined[-1].end:
        return _as_written(words, i, kept)
    return _named(words, i, joined) or _classes(words, i, joined, owned=owned)


def _behind_determiner(words: Words, i: int) -> int | None:
    """The word behind the determiner or number at word `i`; None where it counts only one (`01 lãnh đạo …`)."""
    determiner = words.starts(words.wording.determiners, i)
    if determiner is not None:
        return determiner[0]
    committee = 1 if words.norm(i) == "ubnd" else 4 if words.has(i, ("ủy", "ban", "nhân", "dân")) else 0
    if committee and words.norm(i + committee).isdigit():
        i += committee  # `UBND 06 xã`
    if not words.norm(i).isdigit():
        return i
    return None if words.norm(i) in _ONE else i + 1


def _named(words: Words, i: int, joined: list[Member]) -> Hit | None:
    """The bodies named behind a collective that begins at word `i`."""
    last = joined[-1].end
    listed = lists.introduced(words, joined, last)
    if listed is not None:
        first, *others = listed.mentions
        return Hit(listed.end, [words.begun_at(i, first), *others])
    bracketed = lists.in_brackets(words, i, joined, last)
    if bracketed is not None or joined[-1].name != COMMUNES:
        return bracketed
    return lists.communes(words, i, joined, last)


def _classes(words: Words, i: int, joined: list[Member], *, owned: bool) -> Hit:
    """The classes of a collective that begins at word `i`; `owned`: kept as one, the owner's."""
    last = end = joined[-1].end
    if joined[-1].name == COMMUNES:
        end = boundaries.place_end(words, end)  # `các xã, đặc khu Cồn Cỏ`
        joined = [*joined[:-1], joined[-1]._replace(end=end)]
    if joined[-1].name == DEPARTMENTS:
        end = _behind_level(words, end)
    while (qualifier := words.starts(words.wording.after, end)) is not None:
        end = qualifier[0]
    if owned:
        return Hit(end, [as_written.bodies_together(words, i, last)])
    found = classes(words, i, joined, end)
    if joined[-1].name == UNITS and words.separated(end):
        start = words.behind_separator(end)
        noun = words.starts(words.wording.nouns, start)
        if noun is not None and boundaries.ends_item(words, noun[0]):  # `các đơn vị, tổ dân phố`
            name = f"Các {words.span(start, noun[0]).lower()}"
            also = words.mention(name, start, noun[0], "collective", "as_written")
            return Hit(noun[0], [*found, also])
    return Hit(end, found)


def _behind_level(words: Words, i: int) -> int:
    """The word behind the level or province at word `i` that departments are of (`các sở, ngành tỉnh`)."""
    place = by_place.province(words, i)
    if place is not None:
        return place[0]
    level = words.one_of(i, _LEVELS)
    return i if level is None or words.capital(i + len(level)) else i + len(level)


def _departments_of_a_field(words: Words, i: int) -> Hit | None:
    """`các sở giáo dục và đào tạo`: one department of every province, as the letter writes it."""
    if not words.has(i, ("các", "sở")):
        return None
    field = words.starts(words.known.fields, i + 2)
    if field is None or not boundaries.ends_item(words, field[0]):
        return None
    if words.capital(i + 2) and words.separated(field[0]):
        return None  # `các Sở Y tế, Nội vụ`: names
    return Hit(field[0], [as_written.bodies_together(words, i, field[0])])


def _as_written(words: Words, i: int, kept: tuple[int, str] | None) -> Hit | None:
    """A class kept as the document writes it."""
    if kept is None:
        return None
    end = _behind_owner(words, kept[0])
    if words.has(end - 1, ("trường", "hợp")):
        return None
    placed = words.norm(end - 1) in {"xã", "phường"} or words.norms(i + 1, end) in lists.VILLAGE_KINDS
    if placed and words.capital(end) and words.norm(i) == "các":
        return lists.places(words, capitalised(words.span(i + 1, end)), end, i)  # `các Đảng ủy xã A, B`
    found = [as_written.bodies_together(words, i, end)]
    if words.separated(end) and words.norm(i) == "các":
        start = words.behind_separator(end)
        noun = words.starts(words.wording.nouns, start)
        if noun is not None and (boundaries.ends_item(words, noun[0]) or words.norm(noun[0]) in _THE_OTHERS):
            name = f"Các {words.span(start, noun[0]).lower()}"  # `các bệnh viện, trung tâm y tế khác`
            return Hit(noun[0], [*found, words.mention(name, start, noun[0], "collective", "as_written")])
        joined = members(words, start)
        if [m.name for m in joined] == [UNITS] and boundaries.ends_item(words, joined[0].end):
            return Hit(
                joined[0].end, [*found, *classes(words, start, joined, joined[0].end)]
            )  # `các thôn, đơn vị`
    return Hit(end, found)


def _behind_owner(words: Words, i: int) -> int:
    """The word behind whom the class before word `i` is said to be under (`các đơn vị trực thuộc Bộ`)."""
    under = words.one_of(i, _UNDER)
    if under is None:
        return i
    owner = words.one_of(i + len(under), _OWNERS)
    end = i + len(under) + len(owner or ())
    return end if owner is not None and not words.capital(end) else i


def organs_of_province(words: Words, i: int) -> Hit | None:
    """`các cơ quan đảng, đoàn thể của tỉnh X`: the province."""
    if words.one_of(i, (("các", "cơ", "quan"), ("các", "sở"))) is None:
        return None
    for k in range(i + 2, min(i + 12, len(words.tokens))):
        if words.norm(k) == "của":
            province = by_place.province(words, k + 1)
            return Hit(province[0], [words.of(province[1], i, province[0])]) if province else None
        if words.norm(k) in {".", ";", "("} or words.starts(words.wording.acting, k):
            return None
    return None
