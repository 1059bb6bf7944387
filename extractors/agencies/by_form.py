"""Bodies outside the gazetteer, by the word that opens their name (`Trung tâm …`, `Công an tỉnh`)."""

from typing import Final

from extractors.agencies import as_written, boundaries, by_place
from extractors.agencies.gazetteer import as_of
from extractors.agencies.members import members
from extractors.agencies.names import is_short, misspelt
from extractors.agencies.tokens import fold, is_word, key, norms
from extractors.agencies.wording import Form
from extractors.agencies.words import MAX_NAME_WORDS, Hit, Phrase, Words
from models import AgencyMention

PLACES: Final[tuple[Phrase, ...]] = (
    ("tỉnh",),
    ("thành", "phố"),
    ("tp",),
    ("xã",),
    ("phường",),
    ("đặc", "khu"),
    ("huyện",),
    ("quận",),
    ("khu", "vực"),
)
"""Words that open the name of a place."""

_LEVELS: Final[tuple[Phrase, ...]] = (("quốc", "gia"), ("trung", "ương"), ("tỉnh",), ("thành", "phố"))
"""Words behind the number of a committee: `Ban Chỉ đạo 389 quốc gia`."""

_TELLING: Final[frozenset[Phrase]] = frozenset(
    {("yêu", "cầu"), ("đề", "nghị"), ("lưu", "ý"), ("đối", "với"), ("phối", "hợp"), ("hợp", "với")}
)
_OF_A_LEVEL: Final[tuple[Phrase, ...]] = (("cấp", "tỉnh"), ("cấp", "huyện"), ("cấp", "xã"), ("các", "cấp"))

_BEFORE_VU: Final = frozenset(
    {"thương", "phục", "nhiệm", "nghĩa", "dịch", "nghiệp", "tác", "thời", "sự", "chức", "học", "mùa"}
)
MIN_ACRONYM = 4
"""An abbreviation of so many letters within a name holds its last words."""
_NEVER_WITHIN: Final = frozenset({"Sở", "Cục", "Vụ", "Tổng cục", "Chi cục", "Công an", "Tập đoàn", "Tổng công ty"})
"""Heads of names that no other body's name holds."""
_LEADING: Final[tuple[Phrase, ...]] = (("phối", "hợp"), ("chủ", "trì"))


def body(words: Words, i: int, *, titled: bool = False) -> Hit | None:
    """A body outside the gazetteer; its name runs to the first word of a clause.

    `titled`: a person's title ends with the first word of the name, which then need be in no capitals.
    """
    hit = words.starts(words.wording.forms, i)
    if hit is None or _within_word(words, i):
        return None
    j, form = hit
    if form.open and (boundaries.opens_body(words, j) or not (words.capital(i) or words.capital(j))):
        return None
    if not (form.open or form.any_case or titled or words.capital(i)):
        return None
    if form.told and not _is_told(words, i):
        return None
    if form.alone and (placed := _at_place(words, i, j, form)) is not None:
        return placed
    end = _end_behind(words, j, form)
    if end is None or end - i > MAX_NAME_WORDS:
        return None
    if words.norm(end) == "các" and (owners := members(words, end + 1)) and not form.open:
        last = owners[-1].end  # `Sở Y tế các tỉnh, thành phố`: one of each
        return Hit(last, [as_written.bodies_together(words, i, last)])
    if not form.local:
        return Hit(end, [_mention(words, i, end, form, None)])
    place = words.spelt(words.known.provinces, end)  # `Sở Nội vụ Hà Nội`
    if place is not None:
        return Hit(place[0], [_mention(words, i, place[0], form, place[1].agency.name)])
    provinces = (by_place.province(words, k) for k in range(j, end))
    scope = next((found[1].name for found in provinces if found is not None), words.context.scope)
    return Hit(end, [_mention(words, i, end, form, scope)])


def _within_word(words: Words, i: int) -> bool:
    """Whether `vụ` or `sở` here is the second half of a word (`nhiệm vụ`, `cơ sở`, in a heading `NHIỆM VỤ`)."""
    if words.norm(i) == "sở" and words.norm(i - 1) == "cơ":
        return not words.capital(i) or words.tokens[i - 1].text.isupper()
    if words.norm(i) != "vụ" or words.norm(i - 1) not in _BEFORE_VU:
        return False
    return not words.capital(i) or (i > 0 and words.tokens[i - 1].text.isupper())


def _is_told(words: Words, i: int) -> bool:
    """Whether who stands at word `i` opens the text or goes on a list, or is told to act (`giao xã A`)."""
    if words.capital(i) and (i == 0 or words.separated(i - 1)):
        return True
    return words.norms(max(i - 2, 0), i) in _TELLING or words.norm(i - 1) == "giao"


def _at_place(words: Words, i: int, j: int, form: Form) -> Hit | None:
    """`Công an tỉnh`, `Công an thành phố Huế`, `Tòa án nhân dân khu vực 3`: a body named by its place or level."""
    level = words.one_of(j, _OF_A_LEVEL)
    if level is not None:
        return Hit(j + len(level), [as_written.bodies_together(words, i, j + len(level))])
    kind = words.one_of(j, PLACES)
    if kind is not None:
        province = by_place.province(words, j)
        if province is not None:
            return Hit(province[0], [_mention(words, i, province[0], form, province[1].name)])
        end = boundaries.place_end(words, j + len(kind))
        return Hit(end, [_mention(words, i, end, form, words.context.scope)])
    bare = words.spelt(words.known.provinces, j)
    if bare is not None:
        return Hit(bare[0], [_mention(words, i, bare[0], form, bare[1].agency.name)])
    return None


def _mention(words: Words, start: int, end: int, form: Form, scope: str | None) -> AgencyMention:
    """The body that words name: a known one, one misspelt by a slip, else one of its form."""
    written = words.span(start, end)
    known = words.known.by_name.get(key(written))
    if known is not None:
        return words.of(as_of(known, words.context.on), start, end)
    similar = None if form.local else misspelt(written)
    if similar is not None:
        meant, given = norms(similar), norms(written)
        if fold(meant[0]) == fold(given[0]) and len(meant) == len(given):
            return words.of(words.known.by_name[key(similar)][0], start, end, "similar")
    name = as_written.in_full(words, start, end)
    return words.mention(name, start, end, form.kind, "form", scope=scope)


# --- Where a name ends


def _end_behind(words: Words, j: int, form: Form) -> int | None:
    """Where a name ends whose opening words stand before word `j`; None if none begins there."""
    if form.open:
        return end if (end := _name_end(words, j, form)) > j else None
    if not (words.capital(j) or words.norm(j).isdigit()):
        if form.bare and not _goes_on_behind_comma(words, j):  # `Trung tâm Văn hóa, Thể thao và Truyền thanh`
            return j
        return _name_end(words, j, form) if form.bare or form.small else None
    if form.proper:
        return boundaries.place_end(words, j)
    field = words.spelt(words.known.fields, j) if form.head == "Sở" else None
    if field is None:
        return _name_end(words, j, form)
    end = field[0]  # behind a known field only a place belongs to the name
    if (province := by_place.province(words, end)) is not None:
        return province[0]
    return end + (1 if words.norm(end) == "tỉnh" else 2 if words.has(end, ("thành", "phố")) else 0)


def _name_end(words: Words, j: int, form: Form) -> int:
    """Where a name of a form that goes on at word `j` ends: at a mark, a verb, a province or another body."""
    end = j
    while end < len(words.tokens) and end - j < MAX_NAME_WORDS:
        token = words.tokens[end]
        if end > j and _goes_on_behind_dash(words, end):
            end += 1
            continue
        if _goes_on_behind_comma(words, end) or (end > j and _joins_initials(words, end)):
            end += 1
            continue
        if not is_word(token) or (end > j and _counts(words, end)) or _joins_another(words, end, form):
            break
        if (whole := words.starts(words.wording.unbroken, end)) is not None:
            end = whole[0]
            continue
        if _begins_anew(words, end, j):
            break
        if end > j and (place := _province_end(words, end)) is not None:
            return place
        if end == j and (named := by_place.province(words, end)) is not None:
            return named[0]  # `Nhạc viện TP. Hồ Chí Minh`
        end += 1
        if _last_of_name(words, end - 1, j):
            break
    return end


def _goes_on_behind_dash(words: Words, i: int) -> bool:
    """Whether the word at `i` is a dash within a name (`Vụ Pháp luật dân sự - kinh tế`)."""
    if words.norm(i) != "-" or i + 1 >= len(words.tokens) or boundaries.opens_body(words, i + 1):
        return False
    if words.one_of(i + 1, _LEADING) is not None:
        return False
    return words.capital(i + 1) or (is_word(words.tokens[i + 1]) and not boundaries.clause_begins(words, i + 1))


def _joins_initials(words: Words, i: int) -> bool:
    """Whether the word at `i` is the `&` of a short name (`Cục TTCS&TTĐN`)."""
    if i + 1 >= len(words.tokens) or words.tokens[i].text != "&":
        return False
    return (
        is_short(words.tokens[i - 1].text)
        and is_short(words.tokens[i + 1].text)
        and not _begins_body(words, i + 1)
    )


def _goes_on_behind_comma(words: Words, i: int) -> bool:
    """Whether the word at `i` is a comma within a name: `Trung tâm Đầu tư, Thương mại và Du lịch`.

    It is where `và` joins one more capital soon and neither begins another body's name.
    """
    if words.norm(i) != "," or not words.capital(i + 1) or _begins_body(words, i + 1):
        return False
    for k in range(i + 2, min(i + 8, len(words.tokens))):
        if words.norm(k) == "và":
            return words.capital(k + 1) and not _begins_body(words, k + 1)
        if not is_word(words.tokens[k]) and words.norm(k) != ",":
            return False
        if words.starts(words.wording.verbs, k) is not None and not words.capital(k):
            return False
    return False


def _begins_body(words: Words, i: int) -> bool:
    """Whether a body's name, known or by its form, begins at word `i`."""
    return boundaries.opens_body(words, i) or words.starts(words.wording.forms, i) is not None


def _counts(words: Words, i: int) -> bool:
    """Whether word `i` is a number that counts what follows it and ends no name (`Cục A 02 nhiệm vụ`)."""
    following = words.tokens[i + 1 : i + 2]
    if not following or following[0].capital:
        return False  # `thành viên 03 Tổ công tác`
    return words.norm(i).isdigit() and words.norm(i).startswith("0") and following[0].norm.isalpha()


def _joins_another(words: Words, i: int, form: Form) -> bool:
    """Whether word `i` is an `và` behind which something else than the next part of a form's name stands."""
    if words.norm(i) != "và":
        return False
    if not words.capital(i + 1) or boundaries.opens_body(words, i + 1):
        return True
    another = words.starts(words.wording.forms, i + 1)  # `Cục Điện ảnh và Cục Bản quyền tác giả`
    return another is not None and (another[1].head == form.head or another[1].head in _NEVER_WITHIN)


def _begins_anew(words: Words, i: int, start: int) -> bool:
    """Whether another body or a clause begins at word `i` of a name that goes on from word `start`."""
    if words.one_of(i, _LEADING) is not None:
        return True
    if words.capital(i):
        return i > start and boundaries.opens_body(words, i)
    return boundaries.clause_begins(words, i)


def _province_end(words: Words, i: int) -> int | None:
    """Where a province named at word `i` ends, and the name with it; None where none is."""
    if (province := by_place.province(words, i)) is not None:
        return province[0]
    bare = words.spelt(words.known.provinces, i)
    return bare[0] if bare is not None and not words.capital(bare[0]) else None


def _last_of_name(words: Words, i: int, start: int) -> bool:
    """Whether nothing of a name that goes on from word `start` can stand behind word `i`."""
    word, more = words.norm(i), words.capital(i + 1)
    if word == "nam" and words.norm(i - 1) == "việt" and not more:
        return True
    if words.tokens[i].text.isupper() and len(word) >= MIN_ACRONYM and words.starts(words.wording.verbs, i + 1):
        return not more  # `Cục Nhà giáo và CBQLGD nghiên cứu định mức …`
    if i > start and word in {"tỉnh", "xã", "phường"} and not more and words.norm(i + 1) != "hội":
        return True  # `Trung tâm Kiểm soát bệnh tật tỉnh`
    if any(words.has(i + 1 - len(level), level) and words.norm(i - len(level)).isdigit() for level in _LEVELS):
        return not more  # `Ban Chỉ đạo 389 quốc gia`
    numbered = word.isdigit() and words.one_of(i + 1, _LEVELS) is None
    return numbered and words.starts(words.wording.unbroken, i + 1) is None
