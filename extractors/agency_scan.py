"""Bodies in running text: by name, by the form of their name, as classes, as the parties of the letter.

Bodies outside the gazetteer are found by the form of their name. Rules: conventions 2.6 to 2.9.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import msgspec

from extractors.agency_names import (
    AS_WRITTEN,
    COLLECTIVES,
    COMMUNES,
    DEPARTMENTS,
    MINISTRIES,
    PROVINCES,
    AgencyContext,
    is_short,
    misspelt,
)
from extractors.gazetteer import (
    CENTRAL,
    MAX_NAME_WORDS,
    NEAR,
    SEPARATORS,
    Form,
    Name,
    Token,
    Trie,
    as_of,
    compiled,
    current_of,
    fold,
    is_word,
    key,
    norms,
    tokenize,
)
from models import Agency, AgencyMention
from models.agency import AgencyKind


def scope_of(issuer: str) -> str | None:
    """The province whose local bodies an issuer means (`SỞ Y TẾ TỈNH NGHỆ AN` → `Tỉnh Nghệ An`), else None.

    A central body never has one, though a province's name be in its own (`Đại học Quốc gia Hà Nội`).
    """
    found = Scan(issuer, AgencyContext())
    hit = found.form(0) if found.tokens else None
    if hit is not None and hit[1][0].scope not in {None, CENTRAL}:
        return hit[1][0].scope
    provinces = (found.province(i) for i in range(len(found.tokens)))
    return next((p[1].name for p in provinces if p is not None), None)


_PROVINCE_WORDS: Final = frozenset({"tỉnh", "thành", "tp", "ubnd", "ủy"})
_ALONE_PLACES: Final = (
    ("tỉnh",),
    ("thành", "phố"),
    ("tp",),
    ("xã",),
    ("phường",),
    ("đặc", "khu"),
    ("huyện",),
    ("quận",),
)
_ISSUER_WORDS: Final = (
    ("tổng", "cục"),
    ("ngân", "hàng"),
    ("bộ",),
    ("sở",),
    ("cục",),
    ("ủy", "ban"),
    ("văn", "phòng"),
    ("tập", "đoàn"),
)
_BLOCKED_BEFORE: Final = frozenset({"cán", "toàn", "đồng", "nội", "tuyến", "tiến", "thủy", "đường", "bọn"})
_BEFORE_LEADERS: Final = frozenset({"các", "giao", "cầu", "nghị", "và", "chí", "với", "cho", "của", "là"})
_PLURAL: Final = frozenset({"các", "hai", "ba", "bốn", "năm"})
_BEFORE_VU: Final = frozenset(
    {"phục", "nhiệm", "nghĩa", "dịch", "nghiệp", "tác", "thời", "sự", "chức", "học", "mùa"}
)
_UNIT_SYMBOL = re.compile(r"[A-Z]{1,2}\d{2}\b")
_First = Literal["Bộ", "Sở", "Tỉnh"]
"""The first word that the names of a list leave out (`các Sở: Y tế, Nội vụ`)."""
_Hit = tuple[int, list[AgencyMention]]
"""(index of the word behind what was found, the mentions)."""


class Scan:
    """One text being searched: its words, and for each kind of name what begins at a word."""

    def __init__(self, text: str, context: AgencyContext, cell: bool = False) -> None:
        self.text = text
        self.context = context
        self.cell = cell
        self.tokens = tokenize(text)
        self.g = compiled()

    # -- small questions about words

    def norm(self, i: int) -> str:
        return self.tokens[i].norm if 0 <= i < len(self.tokens) else ""

    def norms(self, start: int, end: int) -> tuple[str, ...]:
        return tuple(t.norm for t in self.tokens[start:end])

    def has(self, i: int, words: Sequence[str]) -> bool:
        return self.norm(i) == words[0] and all(self.norm(i + k) == w for k, w in enumerate(words))

    def capital(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i].capital

    def span(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def mention(self, name: str, start: int, end: int, kind: AgencyKind, via: str, **more: Any) -> AgencyMention:
        return AgencyMention(
            name=name,
            as_written=self.span(start, end),
            start=self.tokens[start].start,
            end=self.tokens[end - 1].end,
            kind=kind,
            via=via,
            **more,
        )

    def of(self, agency: Agency, start: int, end: int, via: str = "alias") -> AgencyMention:
        scope = agency.name if agency.kind == "province" else agency.scope
        name = agency.name
        written = self.span(start, end)
        if agency.kind == "mass_organisation" and not any(is_short(t.text) for t in self.tokens[start:end]):
            name = written  # a front or union has many full names; the letter's own is kept, `current` tells which
        return self.mention(name, start, end, agency.kind, via, scope=scope, current=current_of(agency))

    def spelled(self, name: Name, start: int, end: int) -> bool:
        """Whether a spelling's symbols and capitals are as they must be here."""
        words = self.tokens[start:end]
        if len(words) != len(name.exact):  # the text had a doubled word; capitals cannot be checked by index
            return True
        return all(e is None or e == t.text for e, t in zip(name.exact, words, strict=True)) and all(
            words[i].capital for i in name.capitals if not (self.cell and i > 0)
        )

    # -- what may begin at word i

    def named(self, i: int) -> _Hit | None:
        """A body of the gazetteer."""
        if self.norm(i) == "bộ" and self.norm(i - 1) in _BLOCKED_BEFORE:
            return None
        hit = self.g.names.starting(self.tokens, i, self.spelled)
        if hit is None:
            return None
        end, name = hit
        agency = name.agency
        if agency.kind == "province" and not self.bare_province(i, end):
            return None
        if agency.kind == "province":
            agency = self.of_day(self.g.provinces, i, end) or agency
        return end, [self.of(agency, i, end)]

    def misread(self, i: int) -> _Hit | None:
        """A body whose name lost diacritics on the way (`Bô Tài chinh`); its capitals must be in place."""
        if not (self.capital(i) and self.g.folded.begins(fold(self.norm(i)))):
            return None
        words = [msgspec.structs.replace(t, norm=fold(t.norm)) for t in self.tokens[i : i + MAX_NAME_WORDS]]
        hit = self.g.folded.starting(words, 0, lambda n, _, end: all(words[k].capital for k in n.capitals))
        if hit is None:
            return None
        return i + hit[0], [self.of(hit[1].agency, i, i + hit[0], "similar")]

    def of_day(self, trie: Trie[Name], start: int, end: int) -> Agency | None:
        """The body of this spelling as of the letter's day."""
        same: list[Agency] = []

        def collect(name: Name, first: int, last: int) -> bool:
            if last == end and self.spelled(name, first, last):
                same.append(name.agency)
            return False

        trie.starting(self.tokens, start, collect)
        return as_of(same, self.context.on) if same else None

    def bare_province(self, start: int, end: int) -> bool:
        """Whether a province's bare name stands for it: not within a person's or another name."""
        before = self.tokens[start - 1] if start else None
        if before is not None and before.text.isalpha() and before.capital and before.norm not in _PROVINCE_WORDS:
            return before.norm in {"và", "tại", "ở", "từ", "phố"} or (
                before.text.isupper() and self.tokens[start].text.isupper()
            )
        return not (self.capital(end) and not self.tokens[start].text.isupper())

    def province(self, i: int) -> tuple[int, Agency] | None:
        """`UBND tỉnh X`, `thành phố X`, `tp. X`: (end, body)."""
        j = i
        for prefix in (("ủy", "ban", "nhân", "dân"), ("ubnd",), ("chính", "quyền")):
            if self.has(j, prefix):
                j += len(prefix)
                break
        kind = ""
        for words, name in (
            (("tỉnh",), "Tỉnh "),
            (("thành", "phố"), "Thành phố "),
            (("tp", "."), "Thành phố "),
            (("tp",), "Thành phố "),
        ):
            if self.has(j, words):
                j, kind = j + len(words), name
                break
        if j == i:
            return None
        hit = self.g.provinces.starting(self.tokens, j, self.spelled)
        if hit is None:
            return None
        end, name_ = hit
        headed = self.norm(i) in {"ubnd", "ủy"}  # a person's name may follow (`UBND tỉnh X Nguyễn Văn An`)
        if self.capital(end) and not headed and not self.tokens[j].text.isupper() and not self.opens_body(end):
            return None  # a longer name (`tỉnh Hà Nam Ninh`)
        named = self.g.by_name.get(key(kind + name_.agency.aliases[0])) if kind else None
        return end, (named[0] if named else self.of_day(self.g.provinces, j, end) or name_.agency)

    def provincial(self, i: int) -> _Hit | None:
        """A province or its people's committee; without a name, the province of the letter."""
        found = self.province(i)
        if found is not None:
            end, agency = found
            return end, [self.of(agency, i, end)]
        j = i + (4 if self.has(i, ("ủy", "ban", "nhân", "dân")) else 1 if self.norm(i) == "ubnd" else 0)
        if j == i:
            return None
        level = self.norm(j) == "cấp"
        j += level
        if level and self.norm(j) == "huyện":
            return j + 1, [self.class_as_written(i, j + 1)]
        size = 1 if self.norm(j) in {"tỉnh", "xã"} else 2 if self.has(j, ("thành", "phố")) else 0
        if level and size:
            if self.norm(j) == "xã":
                return j + size, [self.class_as_written(i, j + size)]
            return j + size, [self.mention(PROVINCES, i, j + size, "collective", "form")]
        if not size or self.norm(j) == "xã" or self.capital(j + size):
            return None
        if self.context.scope is None:
            addressed = [m for m in self.context.recipients if m.kind == "province"]
            if len(addressed) == 1:  # a letter to one province says `UBND tỉnh` of it
                return j + size, [self.meant(addressed[0], i, j + size)]
            return j + size, [self.mention(PROVINCES, i, j + size, "collective", "form")]
        own = self.g.by_name.get(key(self.context.scope))
        if own is None:
            return None
        return j + size, [msgspec.structs.replace(self.of(own[0], i, j + size), via="issuer")]

    def meant(self, body: AgencyMention, start: int, end: int) -> AgencyMention:
        """A recipient as meant by other words at `start`..`end`."""
        return msgspec.structs.replace(
            body,
            as_written=self.span(start, end),
            start=self.tokens[start].start,
            end=self.tokens[end - 1].end,
            via="recipients",
        )

    def form(self, i: int) -> _Hit | None:
        """A body outside the gazetteer, by the word that opens its name; it runs to the first word of a clause."""
        hit = self.g.forms.starting(self.tokens, i)
        if hit is None or self.within_word(i):
            return None
        j, form = hit
        if form.open and (self.opens_body(j) or not (self.capital(i) or self.capital(j))):
            return None
        if not (form.open or form.any_case or self.capital(i)):
            return None
        if form.alone and (placed := self.placed(i, j, form)) is not None:
            return placed
        end = self.form_end(j, form)
        if end is None or end - i > MAX_NAME_WORDS:
            return None
        if self.norm(end) == "các" and (members := self.members(end + 1)) and not form.open:
            last = members[-1][2]  # `Sở Y tế các tỉnh, thành phố`: one of each
            written = self.span(i, last)
            return last, [self.mention(written[0].upper() + written[1:], i, last, "collective", "as_written")]
        if not form.local:
            return end, [self.by_form(i, end, form, None)]
        place = self.g.provinces.starting(self.tokens, end, self.spelled)  # `Sở Nội vụ Hà Nội`
        if place is not None:
            return place[0], [self.by_form(i, place[0], form, place[1].agency.name)]
        inside = next(
            (p[1].name for k in range(j, end) if (p := self.province(k)) is not None), self.context.scope
        )
        return end, [self.by_form(i, end, form, inside)]

    def within_word(self, i: int) -> bool:
        """Whether `vụ` here is the second half of a word (`nhiệm vụ`, in a heading `NHIỆM VỤ`)."""
        if self.norm(i) != "vụ" or self.norm(i - 1) not in _BEFORE_VU:
            return False
        return not self.capital(i) or (i > 0 and self.tokens[i - 1].text.isupper())

    def form_end(self, j: int, form: Form) -> int | None:
        """Where a name ends whose opening words stand before word `j`; None if none begins there."""
        if form.open:
            return end if (end := self.name_end(j)) > j else None
        if not (self.capital(j) or self.norm(j).isdigit()):
            return j if form.bare else self.name_end(j) if form.small else None
        if form.proper:
            return self.proper_end(j)
        field = self.g.fields.starting(self.tokens, j, self.spelled) if form.head == "Sở" else None
        if field is None:
            return self.name_end(j)
        end = field[0]  # behind a known field only a place belongs to the name
        if (province := self.province(end)) is not None:
            return province[0]
        return end + (1 if self.norm(end) == "tỉnh" else 2 if self.has(end, ("thành", "phố")) else 0)

    def placed(self, i: int, j: int, form: Form) -> _Hit | None:
        """`Công an tỉnh`, `Công an thành phố Huế`, `Tòa án nhân dân khu vực 3`: a body named by its place."""
        for place in (*_ALONE_PLACES, ("khu", "vực")):
            if not self.has(j, place):
                continue
            province = self.province(j)
            if province is not None:
                return province[0], [self.by_form(i, province[0], form, province[1].name)]
            end = self.proper_end(j + len(place))
            return end, [self.by_form(i, end, form, self.context.scope)]
        province_ = self.g.provinces.starting(self.tokens, j, self.spelled)
        if province_ is not None:
            return province_[0], [self.by_form(i, province_[0], form, province_[1].agency.name)]
        return None

    def by_form(self, start: int, end: int, form: Form, scope: str | None) -> AgencyMention:
        written = self.span(start, end)
        known = self.g.by_name.get(key(written))
        if known is not None:
            return self.of(as_of(known, self.context.on), start, end)
        similar = None if form.local else misspelt(written)
        same_head = similar is not None and fold(norms(similar)[0]) == fold(norms(written)[0])
        if similar is not None and same_head and len(norms(similar)) == len(norms(written)):  # a slip
            return self.of(self.g.by_name[key(similar)][0], start, end, "similar")
        name = self.in_full(start, end)
        return self.mention(name, start, end, form.kind, "form", scope=scope)

    def in_full(self, start: int, end: int) -> str:
        """Words as a name: the abbreviations that stand in local bodies' names in full, a capital first."""
        written = self.span(start, end)
        for short, full in self.g.in_full.items():
            if short in written:
                written = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", full, written)
        if self.norm(start) == "sở" and (field := self.g.fields.starting(self.tokens, start + 1, self.spelled)):
            ministry = field[1].agency.name.removeprefix("Bộ ")
            if any(exact is not None for exact in field[1].exact):  # `Sở VHTTDL`, not `Sở văn hoá`
                written = f"Sở {ministry}" + self.text[self.tokens[field[0] - 1].end : self.tokens[end - 1].end]
        return written[0].upper() + written[1:]

    def class_as_written(self, start: int, end: int) -> AgencyMention:
        """A class of local bodies under the letter's own words, without the heads that stand for them."""
        first = start
        for k in range(start, end):
            if self.norm(k) == "ubnd" or self.has(k, ("ủy", "ban")) or self.norm(k) in {"các", "cấp"}:
                first = k
                break
        name = self.in_full(first, end)
        if self.norm(first) not in {"các", "ubnd", "ủy", "cấp"}:
            name = f"Các {name[0].lower()}{name[1:]}"
        return self.mention(name, start, end, "collective", "as_written", scope=self.context.scope)

    def name_end(self, j: int) -> int:
        """Where a name that goes on at word `j` ends: at a mark, a verb, a province or another body."""
        end = j
        while end < len(self.tokens) and end - j < MAX_NAME_WORDS:
            token = self.tokens[end]
            marked = self.has(end + 1, ("phối", "hợp")) or self.has(end + 1, ("chủ", "trì"))
            if token.norm == "-" and end > j and self.goes_on_behind_dash(end) and not marked:
                end += 2
                continue
            if token.norm.isdigit() and end > j and self.counts(end):
                break
            if token.norm == "," and self.goes_on_behind_comma(end):
                end += 1
                continue
            if not is_word(token) or (
                token.norm == "và" and (not self.capital(end + 1) or self.opens_body(end + 1))
            ):
                break
            if (whole := self.g.unbroken.starting(self.tokens, end)) is not None:
                end = whole[0]
                continue
            if self.opens_body(end) and end > j if token.capital else self.clause_begins(end):
                break
            if self.has(end, ("phối", "hợp")) or self.has(end, ("chủ", "trì")):
                break
            if end > j and (province := self.province(end)) is not None:
                return province[0]
            bare = self.g.provinces.starting(self.tokens, end, self.spelled) if end > j else None
            if bare is not None and not self.capital(bare[0]):
                return bare[0]
            end += 1
            if self.norm(end - 2) == "việt" and token.norm == "nam" and not self.capital(end):
                return end  # nothing of a name stands behind the country's
            if end > j + 1 and token.norm in {"tỉnh", "xã", "phường"} and not self.capital(end):
                return end  # `Trung tâm Kiểm soát bệnh tật tỉnh`: nothing of a name stands behind its place
            if token.norm.isdigit() and self.g.unbroken.starting(self.tokens, end) is None:
                break
        return end

    def counts(self, i: int) -> bool:
        """Whether the number at word `i` counts what follows it and ends no name (`Cục A 02 nhiệm vụ`)."""
        following = self.tokens[i + 1 : i + 2]
        if not following or following[0].capital:
            return False  # `thành viên 03 Tổ công tác`
        return self.norm(i).startswith("0") and following[0].norm.isalpha()

    def goes_on_behind_dash(self, i: int) -> bool:
        """Whether a name goes on behind the dash at word `i` (`Vụ Pháp luật dân sự - kinh tế`)."""
        if self.opens_body(i + 1) or i + 1 >= len(self.tokens):
            return False
        return self.capital(i + 1) or (is_word(self.tokens[i + 1]) and not self.clause_begins(i + 1))

    def goes_on_behind_comma(self, i: int) -> bool:
        """Whether a name goes on behind the comma at word `i`: `Trung tâm Đầu tư, Thương mại và Du lịch`.

        It does where `và` joins one more capital soon and neither begins another body's name.
        """
        if not self.capital(i + 1) or self.opens_body(i + 1) or self.g.forms.starting(self.tokens, i + 1):
            return False
        for k in range(i + 2, min(i + 8, len(self.tokens))):
            if self.norm(k) == "và":
                return (
                    self.capital(k + 1)
                    and not self.opens_body(k + 1)
                    and self.g.forms.starting(self.tokens, k + 1) is None
                )
            if not is_word(self.tokens[k]) and self.norm(k) != ",":
                return False
            if self.g.verbs.starting(self.tokens, k) is not None and not self.capital(k):
                return False
        return False

    def proper_end(self, j: int) -> int:
        """Where a place's name that begins at word `j` ends: behind its capitals and numbers."""
        end = j
        while end - j < NEAR and (self.capital(end) or self.norm(end).isdigit()):
            end += 1
            if end > j and self.norm(end) == "-" and self.capital(end + 1) and not self.opens_body(end + 1):
                end += 1  # `phường Xuân Hương - Đà Lạt`
        return end

    def clause_begins(self, i: int) -> bool:
        """Whether a verb or link word here ends the name before it; some verbs also stand within names."""
        if self.g.stops.starting(self.tokens, i) is not None:
            return True
        if self.g.in_names.starting(self.tokens, i) is not None:
            return False
        return any(verbs.starting(self.tokens, i) is not None for verbs in (self.g.acting, self.g.verbs))

    def opens_body(self, i: int) -> bool:
        """Whether a name begins here that is no part of the one before it."""
        if self.norm(i) in {"bộ", "ubnd", "sở"} and self.capital(i):
            return True
        hit = self.g.names.starting(self.tokens, i, self.spelled)
        return hit is not None and hit[1].agency.kind != "province"

    def collective(self, i: int) -> _Hit | None:
        """`các bộ, ngành, địa phương`, `10 bộ, ngành`, `UBND các tỉnh`, or the list such words only introduce."""
        classes = self.g.classes.starting(self.tokens, i)
        j = i
        owner = self.g.owners.starting(self.tokens, i) if self.capital(i) or self.cell else None
        if owner is not None and self.g.determiners.starting(self.tokens, owner[0]):
            j = owner[0]
        departments = self.departments_of_a_field(i)
        if departments is not None:
            return departments
        prefixed = self.g.before_member.starting(self.tokens, j)
        determiner = self.g.determiners.starting(self.tokens, j)
        if determiner is not None:
            j = determiner[0]
        elif self.norm(j).isdigit():
            if self.norm(j) in {"1", "01"}:
                return self.kept(classes, i)  # `01 lãnh đạo UBND tỉnh`: one person
            j += 1
        bare = self.g.bare.starting(self.words_only(j), 0) is not None
        if j == i and prefixed is None and not bare:
            return self.kept(classes, i)
        runs = self.members(j)
        counted = prefixed is not None and _PLURAL & set(self.norms(j, prefixed[0]))
        plural = bare or j > i or bool(counted)
        if not plural and prefixed is not None and [name for name, _, _ in runs] == [PROVINCES]:
            one = next((hit for k in range(i, runs[0][1]) if (hit := self.provincial(k)) is not None), None)
            if one is not None:  # `lãnh đạo UBND tỉnh`: one, not all of them
                return one
        if not runs or (len(runs) < 2 and not plural and "các" not in self.norms(j, runs[0][2])):
            return self.kept(classes, i)
        last = runs[-1][2]
        if classes is not None and classes[0] >= last:
            return self.kept(classes, i)
        listed = self.listed(runs, last)
        if listed is not None:
            behind, bodies = listed
            place = self.tokens[i].start
            first = msgspec.structs.replace(
                bodies[0], start=place, as_written=self.text[place : bodies[0].end or place]
            )
            return behind, [first, *bodies[1:]]
        if (bracketed := self.bracketed(i, runs, last)) is not None:
            return bracketed
        end = last
        if runs[-1][0] == COMMUNES and (named := self.communes(i, runs, last)) is not None:
            return named
        if runs[-1][0] == COMMUNES:
            end = max(self.proper_end(end), end)  # `các xã, đặc khu Cồn Cỏ`
            runs[-1] = (COMMUNES, runs[-1][1], end)
        while (after := self.g.after.starting(self.tokens, end)) is not None:
            end = after[0]
        if owner is not None and j != i and owner[0] > i:
            written = self.span(i, last)
            return end, [self.mention(written[0].upper() + written[1:], i, last, "collective", "as_written")]
        return end, self.classed(i, runs, end)

    def departments_of_a_field(self, i: int) -> _Hit | None:
        """`các sở giáo dục và đào tạo`: one department of every province, as the letter writes it."""
        if not self.has(i, ("các", "sở")):
            return None
        field = self.g.fields.starting(self.tokens, i + 2)
        if (
            field is None
            or not self.ends_item(field[0])
            or (self.capital(i + 2) and self.norm(field[0]) in SEPARATORS)
        ):
            return None
        written = self.span(i, field[0])
        return field[0], [self.mention(written[0].upper() + written[1:], i, field[0], "collective", "as_written")]

    def communes(self, i: int, runs: list[tuple[str, int, int]], j: int) -> _Hit | None:
        """`UBND các xã A, B và C`: each by its name, where all are of one kind and a list of names follows."""
        kind = self.span(runs[-1][1], runs[-1][2]).split()[-1].lower()
        if len(runs) != 1 or kind not in {"xã", "phường"}:
            return None
        headed = any(self.norm(k) in {"ubnd", "ủy"} for k in range(i, j))
        head = f"Ủy ban nhân dân {kind}" if headed else kind.capitalize()
        found = self.places(head, j + (self.norm(j) == ":"), i)
        return found if found is not None and len(found[1]) > 1 else None

    def places(self, head: str, j: int, start: int) -> _Hit | None:
        """Places named one after the other from word `j` on, each a body with the same `head`."""
        out: list[AgencyMention] = []
        end = first = start
        while (stop := self.proper_end(j)) > j and self.ends_item(stop) and not self.opens_body(j):
            name = f"{head} {self.span(j, stop)}"
            out.append(self.mention(name, first, stop, "local", "label", scope=self.context.scope))
            end = stop
            if self.norm(stop) not in SEPARATORS:
                break
            j = stop + 1 + (self.norm(stop) == "," and self.norm(stop + 1) == "và")
            changed = next((w for w in (("xã",), ("phường",), ("đặc", "khu")) if self.has(j, w)), None)
            if changed is not None and " " in head:  # `các phường A, B và xã C`
                head, first, j = f"{head.rsplit(' ', 1)[0]} {' '.join(changed)}", j, j + len(changed)
            else:
                first = j
        return (end, out) if out else None

    def sister_places(self, i: int, hit: _Hit) -> _Hit:
        """`các Đảng ủy xã A, B, C`: the names behind the first body of a plural."""
        end, mentions = hit
        if len(mentions) != 1:
            return hit
        kind = next((w for w in ("xã", "phường", "đặc khu") if f" {w} " in mentions[-1].name), None)
        if kind is None or self.norm(end) not in SEPARATORS:
            return hit
        j = end + 1 + (self.norm(end) == "," and self.norm(end + 1) == "và")
        following = next((w for w in (("xã",), ("phường",), ("đặc", "khu")) if self.has(j, w)), None)
        if following is not None and mentions[0].name.startswith("Ủy ban nhân dân"):
            more = self.places(f"Ủy ban nhân dân {' '.join(following)}", j + len(following), j)
            return (more[0], [*mentions, *more[1]]) if more is not None else hit  # `UBND xã A, phường B`
        if self.norm(i - 1) != "các" or self.proper_end(end + 1) == end + 1 or self.opens_body(end + 1):
            return hit
        head = mentions[0].name.split(f" {kind} ")[0]
        more = self.places(f"{head} {kind}", end + 1, end + 1)
        return (more[0], [*mentions, *more[1]]) if more is not None else hit

    def kept(self, hit: tuple[int, str] | None, i: int) -> _Hit | None:
        """A class kept as the document writes it."""
        if hit is None or (self.norm(hit[0] - 1) == "trường" and self.norm(hit[0]) == "hợp"):
            return None
        if self.norm(hit[0] - 1) in {"xã", "phường"} and self.capital(hit[0]) and self.norm(i) == "các":
            return self.places(self.span(i + 1, hit[0]), hit[0], i)  # `các Đảng ủy xã A, B`
        written = self.span(i, hit[0])
        return hit[0], [self.mention(written[0].upper() + written[1:], i, hit[0], "collective", "as_written")]

    def words_only(self, i: int) -> list[Token]:
        """The next few words without the commas between them."""
        return [t for t in self.tokens[i : i + 6] if t.norm != ","]

    def members(self, j: int) -> list[tuple[str, int, int]]:
        """The members of a collective from word `j` on: (class, first word, word behind)."""
        runs: list[tuple[str, int, int]] = []
        k = j
        while k < len(self.tokens):
            start = k
            while k - start < NEAR and (before := self.g.before_member.starting(self.tokens, k)) is not None:
                longer = self.g.members.starting(self.tokens, k)
                if longer is not None and longer[0] >= before[0]:
                    break
                k = before[0]
            hit = self.g.members.starting(self.tokens, k)
            if (
                hit is None
                and runs
                and self.norm(k) in {"ban"}
                and runs[-1][0] in {PROVINCES, MINISTRIES, DEPARTMENTS}
            ):
                hit = (k + 1, runs[-1][0])  # `các sở, ban, ngành`
            if hit is None or self.another_thing(k, hit[0]):
                break
            name = hit[1]
            if "sở" in {self.norm(k), self.norm(k - 1)} or (
                name == MINISTRIES and runs and runs[0][0] in {PROVINCES, DEPARTMENTS}
            ):
                name = DEPARTMENTS if self.context.scope else PROVINCES  # `các sở, ban, ngành` are a province's
            if self.has(k, ("cơ", "quan")) and hit[0] == k + 2 and any(r[0] == MINISTRIES for r in runs):
                name = MINISTRIES  # `các bộ, cơ quan`
            if name == COMMUNES and self.context.scope is None and any(r[0] == PROVINCES for r in runs):
                name = PROVINCES  # `các tỉnh, xã, phường` of a central letter
            runs.append((name, start, hit[0]))
            k = hit[0]
            if self.norm(k) in SEPARATORS and self.norm(k) != "hoặc":
                k += 1 + (self.norm(k) == "," and self.norm(k + 1) == "và")
            elif self.g.members.starting(self.tokens, k) is None or self.norm(k) not in {"ngành", "địa", "ban"}:
                break
        return runs

    def another_thing(self, start: int, end: int) -> bool:
        """Whether the word behind a member makes it the name of something else (`các bộ phận`)."""
        never = self.g.never_before.get(" ".join(self.norms(start, end)))
        return never is not None and never.starting(self.tokens, end) is not None

    def classed(self, i: int, runs: list[tuple[str, int, int]], end: int) -> list[AgencyMention]:
        """One mention a class, in order, over the first run of its members."""
        if all(name == MINISTRIES for name, _, _ in runs) and [self.norm(s) for _, s, _ in runs] == ["ngành"]:
            return []  # `các ngành` alone are branches, not bodies
        spans: dict[str, list[int]] = {}
        previous = ""
        for name, start, stop in runs:
            if name not in spans:
                spans[name] = [start, stop]
            elif previous == name:
                spans[name][1] = stop
            previous = name
        spans[runs[0][0]][0] = i
        spans[runs[-1][0]][1] = (
            max(end, spans[runs[-1][0]][1]) if runs[-1][0] == previous else spans[runs[-1][0]][1]
        )
        return [
            self.class_as_written(s, e) if name in AS_WRITTEN else self.mention(name, s, e, "collective", "alias")
            for name, (s, e) in spans.items()
        ]

    def listed(self, runs: list[tuple[str, int, int]], j: int) -> _Hit | None:
        """`các Bộ: Nội vụ, Tài chính`, `các tỉnh Lào Cai, Sơn La`: the names a collective only introduces."""
        name, start, end = runs[-1]
        first: _First | None = "Bộ" if name == MINISTRIES else "Tỉnh" if name == PROVINCES else None
        first = "Sở" if "sở" in self.norms(start, end) else first
        return self.elided(first, j + (self.norm(j) == ":")) if first else None

    def bracketed(self, i: int, runs: list[tuple[str, int, int]], j: int) -> _Hit | None:
        """`các bộ quản lý cơ sở dữ liệu (Tư pháp, Y tế)`: the names in the brackets soon behind a collective."""
        k = next((k for k in range(j, min(j + NEAR, len(self.tokens))) if not is_word(self.tokens[k])), None)
        if k is None or self.norm(k) != "(":
            return None
        listed = self.listed(runs, k + 1)
        if listed is None or self.norm(listed[0]) != ")" or len(listed[1]) < 2:
            return None
        behind, bodies = listed
        return behind + 1, [msgspec.structs.replace(bodies[0], start=self.tokens[i].start), *bodies[1:]]

    def elided(self, first: _First, j: int) -> _Hit | None:
        """Names that lack their first word, from word `j` on."""
        trie = self.g.provinces if first == "Tỉnh" else self.g.fields
        out: list[AgencyMention] = []
        end = j
        while True:
            if first == "Tỉnh" and (headed := self.province(j)) is not None:
                end, agency = headed
                out.append(self.of(agency, j, end))
            else:
                hit = trie.starting(self.tokens, j, self.spelled)
                if hit is None or self.is_form(j, hit[0]) or not self.ends_item(hit[0]):
                    break
                end = hit[0]
                if first == "Sở":
                    name = f"Sở {self.span(j, end)}"
                    out.append(self.mention(name, j, end, "local", "label", scope=self.context.scope))
                else:
                    out.append(self.of(self.of_day(trie, j, end) or hit[1].agency, j, end, "label"))
            if self.norm(end) not in SEPARATORS:
                break
            j = end + 1 + (self.norm(end) in {",", ";"} and self.norm(end + 1) == "và")
        return (end, out) if out else None

    def is_form(self, i: int, end: int) -> bool:
        """Whether a longer name begins here than the elided one that ends at `end` (`Công an tỉnh`)."""
        form = self.form(i)
        return form is not None and form[0] > end

    def ends_item(self, i: int) -> bool:
        """Whether a list item may end before word `i`: a mark, `và`, or a clause's verb follows."""
        return (
            i >= len(self.tokens)
            or not is_word(self.tokens[i])
            or self.norm(i) in SEPARATORS
            or self.g.acting.starting(self.tokens, i) is not None
            or (self.g.verbs.starting(self.tokens, i) is not None and not self.capital(i))
            or self.g.predicates.starting(self.tokens, i) is not None
            or self.g.after.starting(self.tokens, i) is not None
            or self.g.stops.starting(self.tokens, i) is not None
        )

    def head(self, i: int) -> _Hit | None:
        """A person or post that stands for the body named behind it (`Bộ trưởng Bộ Y tế`)."""
        behind_name = i > 0 and is_word(self.tokens[i - 1]) and self.norm(i - 1) not in _BEFORE_LEADERS
        if self.norm(i) == "lãnh" and not self.capital(i) and behind_name:
            return None  # the verb: `Đảng ủy A lãnh đạo Ủy ban B …`
        whole = self.g.whole_heads.starting(self.tokens, i)
        if whole is not None:
            return whole[0], [self.of(whole[1], i, whole[0], "head")]
        j = i
        while j - i < NEAR and (title := self.g.heads.starting(self.tokens, j)) is not None:
            j = title[0]
            if self.norm(j) in {",", "kiêm"} and self.g.heads.starting(self.tokens, j + 1):
                j += 1
        if j == i:
            return None
        body, whole_form = self.body(j), self.form(i)
        if whole_form is not None and (body is None or whole_form[0] >= body[0]):
            return whole_form  # `Tổ trưởng tổ dân phố`: no body behind the title
        if body is None or not body[1]:
            return None
        end, mentions = body
        first = msgspec.structs.replace(mentions[0], start=self.tokens[i].start, via="head")
        return end, [
            msgspec.structs.replace(first, as_written=self.text[first.start or 0 : first.end]),
            *mentions[1:],
        ]

    def reference_to_self(self, i: int) -> _Hit | None:
        """`Bộ`, `Sở`, `Cục` alone as who acts: the issuer."""
        if not self.context.issuer or not self.capital(i):
            return None
        issuer = norms(self.context.issuer)
        for words in _ISSUER_WORDS:
            end = i + len(words)
            if (
                self.has(i, words)
                and issuer[: len(words)] == words
                and not self.capital(end)
                and self.ends_item(end)
            ):
                found = Scan(self.context.issuer, self.context).whole()
                return end, [
                    msgspec.structs.replace(
                        found,
                        as_written=self.span(i, end),
                        start=self.tokens[i].start,
                        end=self.tokens[end - 1].end,
                        via="issuer",
                    )
                ]
        return None

    def whole(self) -> AgencyMention:
        """The text as one body's name, known or as written."""
        hit = self.body(0)
        if hit is not None and hit[1]:
            return hit[1][0]
        known = self.g.by_name.get(key(self.text))
        if known:
            return self.of(as_of(known, self.context.on), 0, len(self.tokens))
        return AgencyMention(name=self.text.strip(), scope=self.context.scope)

    def addressed(self, i: int) -> _Hit | None:
        """`Quý Bộ`, `quý Ủy ban`, `Quý Cơ quan`: those the letter is addressed to."""
        anybody = any(self.has(i + 1, words) for words in (("cơ", "quan"), ("đơn", "vị"), ("địa", "phương")))
        if self.norm(i) != "quý" or not self.context.recipients or not (self.capital(i + 1) or anybody):
            return None
        for words in (
            *_ISSUER_WORDS,
            ("cơ", "quan"),
            ("đơn", "vị"),
            ("tòa",),
            ("viện",),
            ("công", "ty"),
            ("đồng", "chí"),
            ("địa", "phương"),
        ):
            if not self.has(i + 1, words):
                continue
            end = i + 1 + len(words)
            anyone = words in {("cơ", "quan"), ("đơn", "vị"), ("đồng", "chí"), ("địa", "phương")}
            here = [
                m
                for m in self.context.recipients
                if anyone
                or norms(m.name)[: len(words)] == words
                or (words == ("ủy", "ban") and m.kind == "province")
            ]
            return end, [
                msgspec.structs.replace(
                    m,
                    as_written=self.span(i, end),
                    start=self.tokens[i].start,
                    end=self.tokens[end - 1].end,
                    via="recipients",
                )
                for m in here
            ]
        return None

    def body(self, i: int) -> _Hit | None:
        """The longest name that begins at word `i`; at equal length the gazetteer's."""
        best: _Hit | None = None
        for finder in (self.named, self.provincial, self.collective, self.form, self.misread):
            hit = finder(i)
            if hit is None or (best is not None and hit[0] <= best[0]):
                continue
            if best is not None and finder == self.form and not self.goes_on(best[0]):
                continue
            best = hit
        return best

    def goes_on(self, i: int) -> bool:
        """Whether a known body's name may be the beginning of a longer one: a capital or a place follows."""
        return self.capital(i) or any(
            self.has(i, place) for place in (*_ALONE_PLACES, ("khu", "vực"), ("nhân", "dân"))
        )

    def bracket(self, end: int, mentions: list[AgencyMention]) -> tuple[int, list[AgencyMention]]:
        """A unit in brackets behind a body belongs to it (`Bộ Công an (C06)`); other brackets are left alone."""
        if self.norm(end) != "(" or not mentions or mentions[-1].kind == "collective":
            return end, mentions
        close = next(
            (k for k in range(end + 1, min(end + 1 + MAX_NAME_WORDS, len(self.tokens))) if self.norm(k) == ")"),
            None,
        )
        if close is None or close == end + 1:
            return end, mentions
        inside = self.span(end + 1, close)
        hit = self.body(end + 1)
        whole = hit is not None and (hit[0] == close or self.norm(hit[0]) in SEPARATORS)
        if _UNIT_SYMBOL.match(inside) or (
            hit is not None and whole and not any(m.kind in {"ministry", "province", "collective"} for m in hit[1])
        ):
            return close + 1, [*mentions[:-1], msgspec.structs.replace(mentions[-1], unit=inside)]
        return end, mentions

    def named_above(self, end: int, mentions: list[AgencyMention]) -> list[AgencyMention]:
        """`các tỉnh nêu trên`, `các địa phương có tên trên`: the provinces that the letter is addressed to."""
        if not mentions or mentions[-1].name != PROVINCES:
            return mentions
        behind = " ".join(self.norms(max(0, end - 3), end + 4))
        named = [m for m in self.context.recipients if m.kind == "province"]
        if not named or not re.search(r"(?:nêu|có tên|kể|nói) trên|trên đây|tại mục kính gửi", behind):
            return mentions
        place = mentions[-1]
        return mentions[:-1] + [
            msgspec.structs.replace(
                m, as_written=place.as_written, start=place.start, end=place.end, via="recipients"
            )
            for m in named
        ]

    def weak(self, i: int, behind_list: bool) -> _Hit | None:
        """A word that names a body only within a list (`…, thuế và hải quan`)."""
        hit = self.g.weak.starting(self.tokens, i) if behind_list else None
        if hit is None or not self.ends_item(hit[0]):
            return None
        known = self.g.by_name.get(key(hit[1]))
        if known:
            return hit[0], [self.of(known[0], i, hit[0])]
        kind: AgencyKind = "collective" if hit[1] in COLLECTIVES else "other"
        return hit[0], [self.mention(hit[1], i, hit[0], kind, "alias")]

    def of_organs(self, i: int) -> _Hit | None:
        """`các cơ quan đảng, đoàn thể của tỉnh X`: the province."""
        if not self.has(i, ("các", "cơ", "quan")) and not self.has(i, ("các", "sở")):
            return None
        for k in range(i + 2, min(i + 12, len(self.tokens))):
            if self.norm(k) == "của":
                province = self.province(k + 1)
                return (province[0], [self.of(province[1], i, province[0])]) if province else None
            if self.norm(k) in {".", ";", "("} or self.g.acting.starting(self.tokens, k):
                return None
        return None

    def __iter__(self) -> Iterator[tuple[int, int, list[AgencyMention]]]:
        """(first word, word behind, mentions) of everything found, in order and without overlaps."""
        i = 0
        in_cell: _First | None = ("Sở" if self.context.scope else "Bộ") if self.cell else None
        listing = in_cell
        behind_list = False
        while i < len(self.tokens):
            hit = self.of_organs(i) or self.addressed(i) or self.head(i) or self.body(i)
            if hit is None and listing is not None:
                hit = self.elided(listing, i)
            hit = hit or self.weak(i, behind_list or self.cell) or self.reference_to_self(i)
            if hit is not None and hit[0] > i:
                end, mentions = self.bracket(*self.sister_places(i, hit))
                mentions = self.named_above(end, mentions)
                if mentions:
                    yield i, end, mentions
                    listing = _first_of(mentions[-1]) or listing
                    behind_list = True
                i = end
                continue
            if self.norm(i) not in SEPARATORS:
                listing = in_cell
                behind_list = self.g.coop.ending(self.tokens, i + 1) is not None
            i += 1


def _first_of(mention: AgencyMention) -> _First | None:
    """The word that the names of a list may leave out behind this one."""
    if mention.kind == "ministry":
        return "Bộ"
    if mention.kind == "province":
        return "Tỉnh"
    return "Sở" if mention.name.startswith("Sở ") else None


def find(text: str, context: AgencyContext = AgencyContext()) -> tuple[AgencyMention, ...]:  # noqa: B008 (frozen)
    """Every body mentioned in running text, in order, with its offsets.

    Bodies that only stand in a reference to a document (`Quyết định … của X`, `12/QĐ-BNV`, `theo đề nghị của X`)
    have via `reference`: `roles` passes them over.
    """
    scan = Scan(text, context)
    out: list[AgencyMention] = []
    referring = False
    last = -2
    for start, end, mentions in scan:
        referring = (referring and last >= 0 and _same_list(scan, last, start, end)) or _in_reference(scan, start)
        out += [msgspec.structs.replace(m, via="reference") if referring else m for m in mentions]
        last = end
    return tuple(_named_out(text, out))


# Between a class of bodies and their names: `Các tỉnh có nhiều dự án dở dang là Điện Biên, …`
_NAMES_THEM: Final = re.compile(r"(?:\s\w+){0,9}?\slà(?: các)?\s")


def _named_out(text: str, mentions: Sequence[AgencyMention]) -> Iterator[AgencyMention]:
    """The bodies of a class that names them (`Hai đơn vị là A và B`) instead of the class, over its place."""
    start: int | None = None
    for mention, following in itertools.zip_longest(mentions, mentions[1:]):
        if start is not None:
            written = text[start : mention.end]
            mention, start = msgspec.structs.replace(mention, start=start, as_written=written), None
        names = (
            mention.kind == "collective"
            and following is not None
            and following.kind != "collective"
            and _NAMES_THEM.fullmatch(text, mention.end or 0, following.start or 0) is not None
        )
        if names:
            start = mention.start
        else:
            yield mention


def _same_list(scan: Scan, last: int, start: int, end: int) -> bool:
    """Whether a body goes on with the list before it; behind a lone comma, before a verb, it is a new subject."""
    between = scan.norms(last, start)
    if not set(between) <= SEPARATORS:
        return False
    return "và" in between or scan.norm(end) in SEPARATORS or not scan.capital(start)


def _in_reference(scan: Scan, start: int) -> bool:
    """Whether the body at a word belongs to a document's symbol or names its author."""
    tokens, g = scan.tokens, scan.g
    if (
        start
        and tokens[start - 1].text in "-/&"
        and tokens[start - 1].end == tokens[start].start
        and any(t.text == "/" for t in tokens[max(0, start - 6) : start])
    ):
        return True
    if g.references.ending(tokens, start) is not None:
        return True
    if scan.norm(start - 1) != "của":
        return False
    for k in range(start - 2, max(-1, start - 60), -1):
        if (
            tokens[k].norm in {".", ";"}
            and tokens[k].end < len(scan.text)
            and scan.text[tokens[k].end : tokens[k].end + 1].isspace()
        ):
            return False
        if g.documents.starting(tokens, k) is not None:
            return True
    return False
