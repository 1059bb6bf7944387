"""Documents that a text refers to: found, taken apart, masked, and what a letter does to another one.

Grammar of numbers and symbols: Nghị định 30/2020/NĐ-CP Phụ lục III and VI, Hướng dẫn 36-HD/VPTW (Party), with the
spaces, dashes and misread strokes of real texts (`02-KH /BCĐTW`, `66NQ-CP`). Types are data
(`data/document_types.toml`).
"""

import datetime
import functools
import re
import tomllib
from importlib import resources
from typing import Any

import msgspec

from models import Citation, LetterRelation
from models.letter import LetterRelationKind

CAPITAL = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
"""The capital letters of Vietnamese, for a character class; `À-Ỹ` would hold small letters too."""

MASK = "□"
"""What `mask` puts for every character of a cited document: no rule of the language matches it."""


def find(text: str) -> tuple[Citation, ...]:
    """Every document referred to, in order, with its offsets; `text` as written, with its date and issuer.

    The title, quoted or after `về`, is kept apart and lies outside the offsets.
    """
    found: list[tuple[int, int, Citation]] = []
    for pattern, read in ((_numbered(), _read_numbered), (_bare(), _read_bare), (_law(), _read_law)):
        found.extend((m.start(), m.end(), c) for m in pattern.finditer(text) if (c := read(m, text)) is not None)
    kept: list[Citation] = []
    free_from = 0
    for start, _, citation in sorted(found, key=lambda item: (item[0], -(item[2].end or 0))):
        if start >= free_from:
            kept.append(citation)
            free_from = citation.end or start
    return tuple(kept)


def mask(text: str) -> str:
    """The text, same length, with every cited document and the dates and years in its title blanked."""
    masked = list(text)
    for citation in find(text):
        assert citation.start is not None and citation.end is not None
        masked[citation.start : citation.end] = MASK * (citation.end - citation.start)
        if citation.title:
            title = text.find(citation.title, citation.end)
            for time in _TIME_IN_TITLE.finditer(citation.title):
                masked[title + time.start() : title + time.end()] = MASK * (time.end() - time.start())
    return "".join(masked)


def source_document(text: str) -> str | None:
    """The document an item names as the order behind it (`theo chỉ đạo tại Nghị quyết số …`), as written.

    Rules of law (Luật, Nghị định, Thông tư) are no orders; a plan that is merely followed is none either.
    """
    for citation in find(text):
        if citation.doc_type in _normative_types():
            continue
        if _ORDER_BEFORE.search(text[max(0, (citation.start or 0) - 120) : citation.start]):
            return citation.text
    return None


def relations(text: str) -> tuple[LetterRelation, ...]:
    """What the letter says it does to other ones: replies, replaces, corrects, extends, withdraws, is annexed.

    `text` is the subject and the first paragraphs; only a verb right before a cited document counts.
    """
    found: list[LetterRelation] = []
    for citation in find(text):
        before = text[max(0, (citation.start or 0) - 80) : citation.start]
        for kind, pattern in _RELATIONS:
            if pattern.search(before):
                found.append(LetterRelation(kind, citation.text, citation.number, citation.notation))
                break
    return tuple(found)


def annexed_to(text: str) -> Citation | None:
    """The document that an annex says it came with: `(Kèm theo Quyết định số … ngày … của …)`."""
    match = _ANNEXED.search(text)
    if match is None:
        return None
    return next((c for c in find(text) if (c.start or 0) >= match.end() - 1), None)


def issuer(citation: Citation) -> str | None:
    """The body that issued a cited document, as the citation names it after `của`."""
    match = re.search(_issuer(), citation.text)
    return re.sub(r"^của\s+(?:đồng chí\s)?", "", match[0]) if match else None


def parse_date(written: str) -> datetime.date | None:
    """A full date in any of the forms that letters date documents with, or None."""
    match = _DATE.search(written)
    if match is None:
        return None
    day, month, year = (match[k] or match[k + "2"] for k in ("day", "month", "year"))
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


# ---------------------------------------------------------------- types of documents


class DocumentType(msgspec.Struct, frozen=True):
    """A kind of document: its name, its abbreviations in symbols (exact case and strokes), other names for it."""

    name: str
    symbols: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    normative: bool = False
    party: bool = False


@functools.cache
def document_types() -> tuple[DocumentType, ...]:
    """All kinds of documents, from data."""
    return tuple(msgspec.convert(entry, DocumentType) for entry in _data()["type"])


def type_of_symbol(notation: str) -> str | None:
    """The type a symbol names (`QĐ-BNV` → Quyết định); None for a letter's, which names its issuer."""
    first = re.split(r"[-/]", notation)[0]
    for document_type in document_types():
        if first in document_type.symbols:
            return document_type.name
    return "Luật" if re.match(r"QH[0-9]{1,2}$", notation) else None


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("extractors").joinpath("data/document_types.toml").read_text("utf-8"))


@functools.cache
def _normative_types() -> frozenset[str]:
    return frozenset(t.name for t in document_types() if t.normative)


@functools.cache
def _type_names() -> dict[str, str]:
    """Every name of a type in lower case → its proper name."""
    return {name.lower(): t.name for t in document_types() for name in (t.name, *t.also)}


# ---------------------------------------------------------------- patterns

_DATE = re.compile(
    r"(?<![0-9/])(?:(?P<day>[0-9]{1,2})\s{0,2}[/.\-]\s{0,2}(?P<month>[0-9]{1,2})\s{0,2}[/.\-]\s{0,2}(?P<year>[12][0-9]{3})"
    r"|(?P<day2>[0-9]{1,2})\s{1,3}tháng\s{1,3}(?P<month2>[0-9]{1,2}),?\s{1,3}năm\s{1,3}(?P<year2>[12][0-9]{3}))(?![0-9])",
    re.IGNORECASE,
)

# One group of a symbol: NQ, CP, QyĐ, BTGDVTW, QH15, TTg, KGVX, C06.
_GROUP = r"[A-ZĐƯƠÔÂ](?:[A-ZĐƯƠÔÂa-zđ&]|\.(?=[A-ZĐ])){0,11}[0-9]{0,3}"
# 57-NQ/TW, 71/NQ-CP, 06/2024/QĐ-UBND, 35-TB/TGV, 02-KH /BCĐTW, 5588/BGDĐT-GDPT, 176/2025/QH15, 66NQ-CP
_CODE = (
    r"(?<![\w/\-])(?P<number>[0-9]{1,5}[a-zđ]?)(?:\s?/\s?(?P<of_year>[12][0-9]{3}))?"
    rf"(?P<joint>\s?[/\-–]\s?|(?=NQ-|QĐ-|NĐ-|CT-|TB-|KH-))(?P<notation>{_GROUP}(?:\s?[-/–]\s?{_GROUP}){{0,3}})(?!\w)"
)
_TAIL_DATE = (
    r"(?:ngày\s{0,2}[0-9]{1,2}(?:\s{0,2}[/.\-]\s{0,2}[0-9]{1,2}\s{0,2}[/.\-]\s{0,2}[0-9]{4}"
    r"|\s{1,2}tháng\s{1,2}[0-9]{1,2},?\s{1,2}năm\s{1,2}[0-9]{4}|/[0-9]{1,2}))"
)
_WORD = rf"[{CAPITAL}][^\s,;.:()“”\"□]{{0,16}}"
# Years of a title, and days and months that no word of deadline governs.
_TIME_IN_TITLE = re.compile(
    r"(?<![/0-9])(?:(?:đến|trong|từ|các|giai đoạn|nhiệm kỳ)\s{1,2})?(?:năm\s{1,2})?"
    r"[12][0-9]{3}(?:\s?[-–]\s?[12][0-9]{3})?"
    r"|(?<!trong\s)(?<!trước\s)(?<!hết\s)(?:tháng|quý)\s{1,2}[0-9IV]{1,3}(?:/[0-9]{4}|\s{1,2}năm\s{1,2}[0-9]{4})?"
    r"|(?<!trong\s)(?<!trước\s)(?<!hết\s)(?<!đến\s)ngày\s{1,2}[0-9/]{3,10}",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\s{0,3}(?:,?\s{0,2}(?:“(?P<quoted>[^”\n]{3,240})”|\"(?P<plain>[^\"\n]{3,240})\")"
    r"|(?P<about>(?:về việc|về|phê duyệt|ban hành)\s[^,;.()“”\n]{3,240}))"
)
# A title after `về` ends where the clause goes on to say what is to be done.
_TITLE_END = re.compile(
    r"\s(?:để|nhằm|thì|phải|cần|đã|trước ngày|chậm nhất|hoàn thành|báo cáo|và (?:báo cáo|gửi))\s"
)

_ORDER_BEFORE = re.compile(
    r"(?:theo\s(?:đúng\s)?(?:sự\s)?(?:tinh thần\s)?(?:ý kiến\s)?"
    r"(?:chỉ đạo|yêu cầu|kết luận|nhiệm vụ|phân công|giao nhiệm vụ|nội dung)"
    r"[^,;.()\n]{0,60}\s(?:tại|của|trong|nêu tại|ở)"
    r"|theo\sđúng(?:\s(?:tinh thần|yêu cầu|nội dung))?"
    r"|(?:được\s)?giao\s(?:nhiệm vụ\s)?(?:tại|trong|theo)"
    r"|thực hiện\s(?:nghiêm\s)?(?:ý kiến\s)?(?:chỉ đạo|nhiệm vụ|yêu cầu|kết luận)"
    r"[^,;.()\n]{0,60}\s(?:tại|của|trong|nêu tại))\s{1,2}(?:các\s)?$",
    re.IGNORECASE,
)

# The verb that relates one letter to another, and the small words that may stand between it and the other.
_BEFORE_TARGET = (
    r"\s{1,3}(?:nội dung\s|một phần\s|cho\s|các\s|của\s|tại\s|theo\s|đề nghị\stại\s|thời hạn\s[^;.\n]{0,40}\s)?$"
)
_VERBS: tuple[tuple[LetterRelationKind, str], ...] = (
    ("replies_to", r"(?:trả lời|phúc đáp|phản hồi)"),
    ("replaces", r"thay thế(?: cho)?"),
    ("corrects", r"đính chính"),
    ("extends", r"gia hạn(?: thời hạn)?(?: thực hiện)?"),
    ("withdraws", r"(?:thu hồi|bãi bỏ|hủy bỏ|huỷ bỏ)"),
    ("annex_of", r"(?:ban hành )?kèm theo"),
)
_RELATIONS = tuple((kind, re.compile(verb + _BEFORE_TARGET, re.IGNORECASE)) for kind, verb in _VERBS)
_ANNEXED = re.compile(r"(?:ban hành\s)?kèm\s{1,2}theo\s{1,2}(?=\S)", re.IGNORECASE)


@functools.cache
def _numbered() -> re.Pattern[str]:
    """`<Loại> số <số, ký hiệu>`, or a type with a bare number (`Đề án 06`, `Nghị quyết 71`)."""
    names = sorted(_type_names(), key=len, reverse=True)
    types = "|".join(re.escape(name).replace(r"\ ", r"\s{1,2}") for name in names)
    code = _CODE.replace(r"(?<![\w/\-])", "")
    return re.compile(
        rf"(?<!\w)(?P<type>(?i:{types}))(?:\s(?i:kết luận|liên tịch|hợp nhất))?\s{{1,3}}"
        rf"(?:(?P<so>(?i:số))\s?:?\s{{0,3}})?"
        rf"(?:{code}|(?P<alone>[0-9]{{1,5}})(?![\w/%]|[.,][0-9]))"
        rf"(?P<tail>(?:,?\s{{1,3}}(?:ban hành\s)?(?:{_TAIL_DATE}|{_issuer()}|năm\s[12][0-9]{{3}})){{0,3}})"
    )


@functools.cache
def _bare() -> re.Pattern[str]:
    """A symbol without its type: `71/NQ-CP`, `35-TB/TGV`."""
    return re.compile(rf"{_CODE}(?P<tail>(?:,?\s{{1,3}}(?:{_TAIL_DATE}|{_issuer()})){{0,3}})")


@functools.cache
def _issuer() -> str:
    """`của` and who issued it: a body by the words that bodies' names are made of."""
    bodies = "|".join(
        re.escape(name).replace(r"\ ", r"\s{1,2}") for name in sorted(_data()["issuers"], key=len, reverse=True)
    )
    syllables = "|".join(_data()["issuer_syllables"])
    heads = "|".join(
        re.escape(head).replace(r"\ ", r"\s{1,2}")
        for head in sorted(_data()["issuer_heads"], key=len, reverse=True)
    )
    word = rf"(?:{_WORD}|(?:{syllables})(?!\w))"
    comma = "|".join(_data()["issuer_after_comma"])
    named = rf"(?:{heads})(?:(?:\s|,\s(?={comma})){word}){{1,9}}"
    place = rf"(?:(?<=tỉnh)|(?<=thành phố))(?:\s{_WORD}){{1,4}}"  # `UBND tỉnh A`
    return rf"của\s{{1,2}}(?:đồng chí\s)?(?:(?i:{bodies})(?!\w)(?:{place})?|{named}|[A-ZĐ]{{3,10}}(?!\w))"


@functools.cache
def _law() -> re.Pattern[str]:
    """A law by its title: `Luật Đất đai năm 2024`."""
    with_comma = [
        re.escape(title) for key in ("law_titles_with_comma", "law_titles_with_and") for title in _data()[key]
    ]
    stop = "|".join(_data()["law_title_ends"])
    word = rf"(?!(?:{stop})(?!\w))[^\s,;.:()“”\"0-9]{{1,16}}"
    return re.compile(
        rf"(?<!\w)(?P<type>Luật|Bộ luật|Bộ Luật|Pháp lệnh)\s"
        rf"(?P<name>(?:(?i:{'|'.join(with_comma)})|{_WORD})(?:\s{word}){{0,10}})"
        rf"(?:\s{{1,2}}(?:năm\s)?[12][0-9]{{3}}(?![0-9]))?"
        rf"(?:,?\s(?:sửa đổi|sửa đổi, bổ sung)(?:\snăm)?\s[12][0-9]{{3}})?"
    )


def _read_numbered(match: re.Match[str], text: str) -> Citation | None:
    name = _type_names()[" ".join(match["type"].lower().split())]
    if match["alone"]:
        # `Kế hoạch 02` cites; `kế hoạch 5 năm`, `dự án 06 tháng`, `báo cáo 15 nhiệm vụ` do not.
        cited = match["so"] or (match["type"][0].isupper() and not _COUNTED.match(text, match.end("alone")))
        if not cited:
            return None
        return _citation(match, text, name, match["alone"], None)
    notation = _tidy(match["notation"])
    if not any(c.isupper() for c in notation):
        return None
    if name == "Công văn":
        name = type_of_symbol(notation) or name
    if match["of_year"]:
        return _citation(match, text, name, f"{match['number']}/{match['of_year']}", notation)
    return _citation(match, text, name, match["number"], notation)


_COUNTED = re.compile(
    r"\s{1,2}(?:tháng|năm|ngày|nhiệm vụ|nhóm|nội dung|điểm|mục|bước|tỷ|triệu|đồng|%|cấp|giai đoạn|lần|tuần|quý"
    r"|phần|bộ|địa phương|đơn vị)(?!\w)",
    re.IGNORECASE,
)


def _read_bare(match: re.Match[str], text: str) -> Citation | None:
    notation = _tidy(match["notation"])
    # A symbol has two groups, or is an act of the assembly; `12/A` or `24/7-T` is none.
    if not re.search(r"[-/]", notation) and not re.match(r"QH[0-9]{1,2}$", notation):
        known = {symbol for t in document_types() for symbol in t.symbols}
        if notation not in known and not re.fullmatch(r"[A-ZĐ&]{2,10}", notation):
            return None
    number = f"{match['number']}/{match['of_year']}" if match["of_year"] else match["number"]
    return _citation(match, text, type_of_symbol(notation), number, notation)


def _read_law(match: re.Match[str], text: str) -> Citation | None:
    name = _type_names()[match["type"].lower()]
    end = match.start() + len(match[0].rstrip())
    written = text[match.start() : end]
    return Citation(text=written, doc_type=name, title=match["name"].strip(), start=match.start(), end=end)


def _citation(
    match: re.Match[str], text: str, doc_type: str | None, number: str, notation: str | None
) -> Citation:
    end = match.start() + len(match[0].rstrip())
    return Citation(
        text=text[match.start() : end],
        doc_type=doc_type,
        number=number,
        notation=notation,
        issued_on=parse_date(match["tail"] or ""),
        title=_title(text, end),
        start=match.start(),
        end=end,
    )


def _title(text: str, end: int) -> str | None:
    match = _TITLE.match(text, end)
    if match is None:
        return None
    if match["about"]:
        return _TITLE_END.split(match["about"], maxsplit=1)[0].strip()
    return (match["quoted"] or match["plain"]).strip()


def _tidy(notation: str) -> str:
    return re.sub(r"\s", "", notation).replace("–", "-").rstrip(".")
