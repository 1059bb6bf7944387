"""The words and forms of a letter's frame: mottos, bodies, positions, number, date, addressee, stamp."""

import functools
import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Literal

import msgspec
from rapidfuzz import fuzz

from extractors import citations
from extractors.citations import CAPITAL
from extractors.tones import bare
from models.letter import Urgency

Part = Literal["head", "basis", "recipients", "copies", "signature", "stamp", "body", "furniture"]

MOTTO_LIKENESS = 82
"""Least likeness, of 100, at which capitals count as a motto misread by recognition."""

RULES = " *-–_~|."
"""What the rules under names and mottos become when they are read as letters."""

CAPITALS = 0.85
"""Least share of capital letters in a line of a body's name or a signer's position."""


class _Words(msgspec.Struct, frozen=True):
    mottos: tuple[str, ...]
    organ_head: re.Pattern[str]
    position: re.Pattern[str]
    title: re.Pattern[str]


@functools.cache
def words() -> _Words:
    """The mottos, first words of bodies and positions, and names of types, from the data."""
    data = tomllib.loads(resources.files("extractors").joinpath("data/letterhead.toml").read_text("utf-8"))
    types = sorted((name for t in citations.document_types() for name in (t.name, *t.also)), key=len, reverse=True)
    return _Words(
        mottos=tuple(data["mottos"]),
        organ_head=_starting_with(data["organ_heads"]),
        position=_starting_with(data["positions"]),
        # The name of the type alone on its line, or in capitals before the subject on the same line.
        title=re.compile(
            rf"(?P<type>{'|'.join(re.escape(name.upper()) for name in types)})(?:\s*:?$|\s+(?P<rest>\S.*))"
        ),
    )


def _starting_with(names: Sequence[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:{alternatives})(?!\w)")


_GROUP = r"[A-ZĐƯ][A-Za-zĐđƯư&.]{0,11}[0-9]{0,3}"

NUMBER = re.compile(
    r"(?:^|(?<=\s))(?:[Ss][ốôoó]|SỐ)\s{0,3}[:.]?\s{0,3}(?P<number>[0-9]{1,5}[a-z]?)?[\s.…_]{0,24}"
    rf"(?:/\s?(?P<year>[12][0-9]{{3}}))?\s{{0,2}}[/\-–]\s{{0,2}}(?P<notation>{_GROUP}(?:\s?[-/–]\s?{_GROUP}){{0,3}})(?!\w)"
)

DATE = re.compile(
    rf"(?P<place>[{CAPITAL}][^,;:\n0-9]{{1,30}}?)?,?\s{{0,3}}"
    r"ng[àa]y\s{0,3}(?:(?P<day>[0-9]{1,2})|[\s.…_]{0,20})\s{0,3}"
    r"(?:th[áa]ng\s{0,3}(?:(?P<month>[0-9]{1,2})|[\s.…_]{0,20})\s{0,3},?\s{0,2}n[ăa]m\s{0,3}(?P<year>[12][0-9]{3})"
    r"|[-/](?P<month2>[0-9]{1,2})[-/](?P<year2>[12][0-9]{3}))"
)

# With its place, in full, at the end of a line.
PLACED = re.compile(
    rf"(?:^|(?<=\s))(?P<place>(?:[{CAPITAL}][^\W\d_]{{0,7}} ){{0,4}}[{CAPITAL}][^\W\d_]{{0,7}})"
    r", ngày (?P<day>\d\d?) tháng (?P<month>\d\d?) năm (?P<year>[12]\d{3})(?P<month2>)(?P<year2>)\W{0,3}$"
)

COMPLETION = re.compile(
    r"(?<!\w)(?:hoàn thành|hoàn tất|xong|trước|đến|chậm nhất|thời hạn|trong)(?!\w)", re.IGNORECASE
)

SUBJECT = re.compile(r"^\s{0,3}V\s?[/.]\s?[vV]\s{0,2}[:.]?\s{0,3}(?=\S)|^Về việc\s(?=\S)")

# Where the subject begins on the line of the number.
SUBJECT_BESIDE = re.compile(r"(?:^|(?<=\s))V\s?/\s?[vV](?=[\s:.])")

ADDRESSED = re.compile(r"^\s{0,3}K[íi]nh\s{1,2}g[ửưu]i\s{0,2}:?\s{0,3}", re.IGNORECASE)

# `THỦ TƯỚNG CHÍNH PHỦ điện:` stands in a telegram where a letter has `Kính gửi:`.
WIRED = re.compile(rf"[{CAPITAL} ]{{5,90}}\s(?:điện|ĐIỆN)\s?:")

COPIES = re.compile(r"^\s{0,3}N[ơo]i\s{1,2}nh[ậâa]n\s{0,2}:?\s{0,3}", re.IGNORECASE)

BASIS = re.compile(r"^(?:Căn cứ|Trên cơ sở|Xét đề nghị|Xét Tờ trình|Theo đề nghị|Thực hiện quy định tại)(?!\w)")

ENACTING = re.compile(r"^(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|CHỈ THỊ|THÔNG BÁO|YÊU CẦU)\s?:$")

AUTHORITY = re.compile(r"^(?P<authority>TM|KT|TL|TUQ|Q)\s{0,2}\.\s{0,2}(?P<whom>\S.*)?$")

ANNEX_TITLE = re.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu)(?:\s(?:số\s)?[IVXL0-9]{1,5}[A-Za-z]?)?\s?[:.]?(?=\s|$)")

STAMP = re.compile(
    r"^(?:ĐẾN|CÔNG VĂN ĐẾN)(?:\s|:|$)|ĐẾN\s{0,3}Ngày|^Chuy\s?ển\s?:|^Số và ký hiệu HS"
    r"|^Số\s?:?\s?[0-9]{1,6}(?:$|\s{1,3}ĐẾN)"
)

_RANK = r"(?:Đại tướng|Thượng tướng|Trung tướng|Thiếu tướng|Đại tá|Thượng tá|Trung tá|GS|PGS|TS|ThS|BS|LS)\.?\s?"

_GIVEN = rf"[{CAPITAL}][^\W\d_]{{0,7}}"

NAME = re.compile(rf"^(?:{_RANK}){{0,4}}{_GIVEN}(?:\s{_GIVEN}){{1,5}}$")

CLOSING = re.compile(r"\./\.\s{0,3}$")

BULLET = re.compile(r"^\s{0,3}[-–—+•*]\s{0,3}(?=\S)")


def is_capitals(text: str) -> bool:
    """Whether a line is in capitals, a slip of recognition or two apart."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 3 and sum(c.isupper() for c in letters) >= CAPITALS * len(letters)


def is_organ(text: str) -> bool:
    """Whether a line in capitals begins as the name of a body does."""
    return is_capitals(text) and len(text) < 110 and words().organ_head.match(text.strip(RULES)) is not None


def dated(text: str) -> re.Match[str] | None:
    """The place and day of a letter in a line; a day behind the name of a type is another document's."""
    types = {name.lower() for t in citations.document_types() for name in (t.name, *t.also)}
    return next((m for m in DATE.finditer(text) if (m["place"] or "").strip().lower() not in types), None)


def motto(text: str) -> bool:
    """Whether a line holds a motto of the state or the Party, read well or badly."""
    return without_motto(text) != text


def without_motto(text: str) -> str:
    """The line without the motto: what is left is the other column."""
    if len(text) < 12 or len(text) > 160:
        return text
    upper = text.upper()
    for motto in words().mottos:
        found = fuzz.partial_ratio_alignment(motto, upper, score_cutoff=MOTTO_LIKENESS)
        if found is not None and found.dest_end - found.dest_start > 0.8 * len(motto):
            return " ".join((text[: found.dest_start] + " " + text[found.dest_end :]).split())
    return text


def mark(text: str, marks: tuple[Urgency, ...]) -> Urgency | None:
    """The mark that makes up the whole line, whatever recognition made of the marks of its letters."""
    written = bare(re.sub(r"[^\w\s]", "", text).strip())
    return next((mark for mark in marks if bare(mark) == written), None)
