"""Word's automatic numbers, counted as Word counts them: `numbering.xml` and a paragraph's place in a list."""

from typing import NamedTuple

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

_MOST_LEVELS = 9
_SYMBOLS = {0x2D: "-", 0xA7: "▪", 0xB7: "•", 0xD8: "➢", 0xFC: "✓", 0x2B: "+", 0x6F: "o"}
"""What the private characters of Symbol and Wingdings show, by their low byte."""


class Number(NamedTuple):
    """A paragraph's list marker as rendered (None: a level without one), and its level from 0."""

    marker: str | None
    level: int


class _Level(NamedTuple):
    """How one level of a list counts and shows."""

    start: int
    form: str
    text: str
    legal: bool
    restart: int | None
    style: str | None


class Numbering:
    """The lists of one file and how far each has been counted.

    Lists (`numId`) made from one definition (`abstractNumId`) go on counting together, unless a list starts
    a level anew the first time it is used.
    """

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {_integer(level, "w:ilvl"): _level(level) for level in abstract.iter(qn("w:lvl"))}
            self._levels[str(abstract.get(qn("w:abstractNumId")))] = levels
        for number in root.iter(qn("w:num")):
            name = str(number.get(qn("w:numId")))
            self._abstract[name] = _child(number, "w:abstractNumId") or ""
            self._overrides[name] = {}
            for override in number.iter(qn("w:lvlOverride")):
                start = _child(override, "w:startOverride")
                if start is not None:
                    self._overrides[name][_integer(override, "w:ilvl")] = int(start)

    def next(self, own: Element | None, style: object) -> Number | None:
        """Count one paragraph, by its own list property or its style's, and give its marker; None: no list."""
        name = _child(own, "w:numId") if own is not None else None
        level = _child(own, "w:ilvl") if own is not None else None
        while style is not None and name is None:
            element = style.element  # type: ignore[attr-defined]
            inherited = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if inherited is not None:
                name = _child(inherited, "w:numId")
                linked = self._level_of_style(name, str(element.get(qn("w:styleId"))))
                level = level or _child(inherited, "w:ilvl") or linked
            style = style.base_style  # type: ignore[attr-defined]
        if name is None or name not in self._abstract:
            return None
        return self._count(name, min(_MOST_LEVELS - 1, max(0, int(level or 0))))

    def _level_of_style(self, name: str | None, style: str) -> str | None:
        """The level that a list links to a style."""
        levels = self._levels.get(self._abstract.get(name or "", ""), {})
        return next((str(number) for number, level in levels.items() if level.style == style), None)

    def _count(self, name: str, level: int) -> Number | None:
        abstract = self._abstract[name]
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return None
        counts = self._counts.setdefault(abstract, [None] * _MOST_LEVELS)
        if name not in self._begun:
            self._begun.add(name)
            for overridden in self._overrides[name]:
                counts[overridden] = None
        current = counts[level]
        start = self._overrides[name].get(level, levels[level].start)
        counts[level] = start if current is None else current + 1
        for upper in range(level):
            if counts[upper] is None and upper in levels:
                counts[upper] = levels[upper].start
        for deeper in range(level + 1, _MOST_LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            # `lvlRestart` 0: never; n: only after level n (from 1); absent: after any higher level.
            if restart is None or (restart and level < restart):
                counts[deeper] = None
        return Number(_rendered(levels, counts, level), level)


def _level(element: Element) -> _Level:
    text = _child(element, "w:lvlText") or ""
    restart = _child(element, "w:lvlRestart")
    return _Level(
        start=int(_child(element, "w:start") or 1),
        form=_child(element, "w:numFmt") or "decimal",
        text="".join(_symbol(character) for character in text),
        legal=element.find(qn("w:isLgl")) is not None,
        restart=int(restart) if restart is not None else None,
        style=_child(element, "w:pStyle"),
    )


def _child(element: Element, tag: str) -> str | None:
    """The value of an inner element."""
    found = element.find(qn(tag))
    value = found.get(qn("w:val")) if found is not None else None
    return str(value) if value is not None else None


def _integer(element: Element, attribute: str) -> int:
    return int(element.get(qn(attribute)) or 0)


def _symbol(character: str) -> str:
    """A character of a bullet; those of symbol fonts as what they show."""
    code = ord(character)
    return _SYMBOLS.get(code & 0xFF, "•") if 0xE000 <= code <= 0xF8FF else character


def _rendered(levels: dict[int, _Level], counts: list[int | None], level: int) -> str | None:
    """The marker of a level: its text with `%1`…`%9` replaced by the counts."""
    own = levels[level]
    if own.form == "none":
        return None
    text = own.text
    for number in range(_MOST_LEVELS):
        if f"%{number + 1}" in text:
            form = "decimal" if own.legal or number not in levels else levels[number].form
            text = text.replace(f"%{number + 1}", _written(counts[number] or 0, form))
    return text.strip() or None


def _written(count: int, form: str) -> str:
    """A count in a number format of Word; formats that Vietnamese letters do not use come out as digits."""
    match form:
        case "bullet" | "none":
            return ""
        case "lowerLetter" | "upperLetter":
            # Word goes on with aa, bb after z.
            letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count > 0 else ""
            return letter.upper() if form == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            return roman(count).lower() if form == "lowerRoman" else roman(count)
        case "decimalZero":
            return f"{count:02d}"
        case _:
            return str(count)


def roman(count: int) -> str:
    """A count in Roman numerals, capitals; digits from 4000 on."""
    if not 0 < count < 4000:
        return str(count)
    parts = (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    )  # fmt: skip
    text = ""
    for value, letters in parts:
        text += letters * (count // value)
        count %= value
    return text
