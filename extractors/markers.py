"""List markers: `Điều 2.`, `I.`, `1.1.`, `a)`, `(1)`, `-`, `+` … at the start of a paragraph.

The forms are those of Nghị định 30/2020/NĐ-CP, Phụ lục I (Phần, Chương, Mục, Tiểu mục, Điều, khoản, điểm) and
those that offices use beyond it (conventions 2.4), with the slips that recognition makes of them.
"""

import re
from typing import Literal

import msgspec

from extractors.citations import CAPITAL

MarkerKind = Literal[
    "part",
    "chapter",
    "section",
    "subsection",
    "article",
    "capital",
    "roman",
    "decimal",
    "letter",
    "bracketed_roman",
    "bracketed_number",
    "bracketed_letter",
    "dash",
    "plus",
    "star",
    "bullet",
]

# Điểm letters follow the Vietnamese alphabet: đ stands between d and e; f, j, w and z are not used.
LETTERS = "abcdđeghiklmnopqrstuvxy"
ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")

_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# Recognition reads 1 as l or I and 0 as O: accepted only where the rest of the marker is one already.
_DIGIT_SLIPS = str.maketrans("lIO", "110")
_STROKES = str.maketrans("l1", "II")
_DASHES = "-–—−‒~"
_BULLETS = "•●▪◦·∙■□❖➢✓"
# What recognition makes of a bullet; only with a space behind.
_BULLET_SLIPS = "¬®©¢»›"

_WRITTEN: tuple[tuple[MarkerKind, str], ...] = (
    # PHẦN THỨ NHẤT / Phần I.
    (
        "part",
        r"(?i:phần)\s(?:(?i:thứ)\s)?(?P<v>(?i:nhất|hai|ba|tư|năm|sáu|bảy)|[IVX]{1,5}|\d{1,2})(?=[\s.:]|$)[.:]?",
    ),
    ("chapter", r"(?i:chương)\s(?P<v>[IVX]{1,6}|\d{1,2})(?=[\s.:]|$)[.:]?"),
    ("subsection", r"(?i:tiểu mục)\s(?P<v>[IVX]{1,6}|\d{1,2})(?=[\s.:]|$)[.:]?"),
    ("section", r"(?i:mục)\s(?P<v>[IVX]{1,6}|\d{1,2})(?=[.:]|$)[.:]?"),
    ("article", r"(?:Điều|Điêu|ĐIỀU|ĐIÊU)\s(?P<v>[\dlIO]{1,3})[a-zđ]?\s?[.:](?=\s|$)"),
    # (1) ⁽¹⁾ [1]
    ("bracketed_number", r"[(⁽](?P<v>[\d⁰¹²³⁴⁵⁶⁷⁸⁹lI]{1,2})[)⁾](?=\s|\w|$)"),
    # its closing bracket read as another sign, before a capital
    ("bracketed_number", rf"\((?P<v>[\dlI]{{1,2}})[UJ\]}}](?=\s[{CAPITAL}]|$)"),
    ("bracketed_roman", r"\((?P<v>[ivx]{1,5})\)(?=\s|$)"),
    ("bracketed_letter", r"\((?P<v>[a-zđ])\)(?=\s|$)"),
    # I. II- III) IV/ ; a lone capital I, V, X before a stop is a numeral, others are letters
    ("roman", r"(?P<v>[IVX]{1,6})(?:\s?[.)]|/|\s?-)(?=\s|$)"),
    # the same with strokes read as l or 1, before a heading
    ("roman", rf"(?=[l1]{{0,3}}[IVX])(?P<v>[IVXl1]{{2,6}})\s?\.(?=\s[{CAPITAL}])"),
    ("capital", r"(?P<v>[A-HĐ])(?:[.)/])(?=\s)"),
    # 1.1 1.1.1. ; a number alone needs a stop, a bracket, a dash or a slash after it
    ("decimal", r"(?P<v>\d{1,2}(?:\.\d{1,2}){1,4})(?:\.|\)|-)?(?=\s\S)"),
    ("decimal", rf"(?=[lI.]{{0,4}}\d)(?P<v>[\dlI]{{1,2}}(?:\.[\dlI]{{1,2}}){{1,4}})(?:\.|\))?(?=\s[{CAPITAL}])"),
    ("decimal", r"(?P<v>[\dO]{1,3}|[lI])(?:\s?\.|\s?\)|\s?-|/)(?=\s\S|$)"),
    ("decimal", rf"(?P<v>\d{{1,2}})\.(?=[{CAPITAL}][^\s.])"),
    # its stop read as a comma
    ("decimal", rf"(?P<v>\d{{1,2}}),(?=\s[{CAPITAL}])"),
    ("bracketed_roman", r"(?P<v>i{1,3}|iv|vi{0,3}|ix|x)\)(?=\s)"),
    ("letter", r"(?P<v>[a-zđ])(?:\s?\)|\.)(?=\s)"),
    # a- of Party letters
    ("letter", rf"(?P<v>[a-eđghik])\s?[-–](?=\s[{CAPITAL}])"),
    ("dash", rf"[{_DASHES}](?=\s|\w|[“\"(])"),
    ("plus", r"\+(?=\s|\w)"),
    ("star", r"\*{1,3}(?=\s|\w)"),
    ("bullet", rf"[{_BULLETS}](?=\s|\w)|[{_BULLET_SLIPS}](?=\s)"),
)
_FORMS = tuple((kind, re.compile(pattern)) for kind, pattern in _WRITTEN)


class Marker(msgspec.Struct, frozen=True):
    """A marker as written (`text`), its `kind`, its `value` from 1 (0 for signs) and, for 1.1.1, its `depth`."""

    text: str
    kind: MarkerKind
    value: int = 0
    depth: int = 1

    @property
    def series(self) -> tuple[str, int, str]:
        """What siblings of one list share: kind, depth and closing sign (`1.` and `1)` are two lists)."""
        closing = self.text[-1] if self.kind in ("decimal", "letter", "roman") and self.depth == 1 else ""
        return self.kind, self.depth, "." if closing.isalnum() or closing == "," else closing


def read(text: str) -> Marker | None:
    """The marker at the start of `text`, or None."""
    for kind, form in _FORMS:
        found = form.match(text)
        if found is None:
            continue
        written = found.group()
        if kind in ("dash", "plus", "star", "bullet"):
            return Marker(written, kind)
        value = found.group("v")
        if kind == "decimal" and value == "I":
            continue
        return Marker(written, kind, _value(kind, value), value.count(".") + 1)
    return None


def split(text: str) -> tuple[Marker | None, str]:
    """The marker at the start of `text` and the text without it; (None, text) where there is none."""
    marker = read(text)
    if marker is None:
        return None, text
    return marker, text[len(marker.text) :].lstrip()


def of(written: str | None) -> Marker | None:
    """The marker a paragraph carries apart from its text; None where it carries none that is known."""
    return read(f"{written} X") if written else None


def _value(kind: MarkerKind, written: str) -> int:
    """The place of a marker in its list, from 1; 0 where it cannot be told."""
    if kind in ("letter", "bracketed_letter"):
        return LETTERS.find(written) + 1
    if kind == "capital":
        return "ABCDĐEGH".find(written) + 1
    if written.lower() in ORDINALS:
        return ORDINALS.index(written.lower()) + 1
    last = written.split(".")[-1].translate(SUPERSCRIPTS)
    if last.isdigit() and kind != "roman":
        return int(last)
    if kind not in ("decimal", "bracketed_number", "article"):
        return _roman(last.translate(_STROKES).lower())
    repaired = last.translate(_DIGIT_SLIPS)
    return int(repaired) if repaired.isdigit() else 0


def _roman(numeral: str) -> int:
    """The value of a Roman numeral in small letters; 0 where it is none."""
    total = 0
    for letter, following in zip(numeral, numeral[1:] + " ", strict=True):
        value = _ROMAN_VALUES.get(letter, 0)
        total += -value if _ROMAN_VALUES.get(following, 0) > value else value
    return total
