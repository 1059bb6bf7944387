"""Slips of the engine that are mended as soon as they are seen, because what it saw cannot be Vietnamese.

Each leaves a mark: the word's confidence is lowered, and the page's evidence says what was read. Digits are never
touched, nor is anything that could be a word.
"""

import re
from collections.abc import Sequence

from pipeline.reading.ocr import Recognised
from pipeline.reading.syllables import is_syllable

MENDED_CONFIDENCE = 0.8
"""A mended word is no surer than this."""
GRAIN = frozenset("'`‘’\"|~_^·ˆ˜")
"""Signs that, standing alone, are dirt on the paper."""

# Letters of the engine's alphabet that Vietnamese has not, beside or instead of the ones it has.
_RULES = (
    (re.compile(r"[Nn]?Ñ"), "N"),
    (re.compile(r"[Nn]?ñ"), "n"),
    (re.compile(r"[ĐÐ]+Ð|ÐĐ?"), "Đ"),
    # A speck before or after a word is read as an apostrophe; minutes (14h30’) have theirs behind a digit.
    (re.compile(r"^['`‘](?=\w)"), ""),
    (re.compile(r"(?<=[^\W\d_])['`‘]$"), ""),
    (re.compile("⁄"), "/"),
    (re.compile("(?<!:)//+"), "/"),
    # A list's first letter; the fourth quarter.
    (re.compile(r"^[äÄ](?=\)$)"), "a"),
    (re.compile(r"^[ïÏ]V(?=[/.,;]|$)"), "IV"),
    # Two marks of tone in one syllable; vowels before k, which only names of the Highlands have.
    (re.compile("(?<=[ÚÙỦŨỤúùủũụ])[ýỳỷỹỵ]"), "y"),
    (re.compile("(?<=[ĐL])[äảẳẵằãâấẩẫầá]k"), "ắk"),
)
_STOP = re.compile(r"([^\W\d_]{2,})\.")
_COLON = re.compile(r"([^\W\d_]{2,}):")
_DAY = re.compile(r"(ngày)[.,:;]", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[/.-]\d.*")
# A speck between two words; a body's short name without the space before it.
_GLUED = re.compile(r"([^\W\d_]{2,})[.:;]([^\W\d_]{2,}[.,;:]?)|(Bộ|Sở|Cục|Vụ)([A-ZĐ].*)")
_NO_END = frozenset(("và", "của", "các", "với", "về", "cho", "tại", "theo"))
# There are four quarters: two or three strokes are II and III, whatever they were taken for.
_QUARTER = re.compile(r"^([1lI!]{2,3}|[1lI]?H[1lI]?|[1l]V)(?=/|[.,;:]?$)")
_STROKES = str.maketrans({"1": "I", "l": "I", "!": "I", "H": "II"})
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_WITH_H = re.compile(r"[IVX]*H[IVX]*")


def mended(text: str) -> str:
    """A recognised word without letters that cannot be: `ÑQ-CP` is `NQ-CP`, `'Tháng` is `Tháng`."""
    for slip, right in _RULES:
        text = slip.sub(right, text)
    return text


def parted(word: Recognised) -> list[Recognised]:
    """A recognised word, or two where a speck glued them (`điện.tử`) or a space was lost (`BộTC`).

    Each gets its share of the box.
    """
    match = _GLUED.fullmatch(word.text)
    if match is None:
        return [word]
    one, other = (match[1], match[2]) if match[1] else (match[3], match[4])
    if match[1]:
        rest = other.rstrip(",.;:")
        runs_on = _is_running(rest) or (one in _NO_END and is_syllable(rest) and rest.istitle())
        if not runs_on or not is_syllable(one) or (one + other).isascii():
            return [word]
    middle = word.x0 + (word.x1 - word.x0) * (len(one) + 0.5) / (len(one) + len(other) + 1)
    return [word._replace(text=one, x1=middle), word._replace(text=other, x0=middle)]


def mended_together(texts: Sequence[str], doubtful: Sequence[bool] = ()) -> list[str]:
    """Recognised words in reading order without what their neighbours show to be slips.

    `Quý 11/2025` is `Quý II/2025`; a full stop amid a sentence (`nội dung. liên quan`) is a speck, and so is a
    sign between `ngày` and a date. A colon before a small letter, where it is `doubtful`, is another.
    """
    found = [mended(text) for text in texts]
    for index, text in enumerate(found):
        if index and found[index - 1].casefold().lstrip("(“") == "quý":
            found[index] = _QUARTER.sub(lambda match: match[0].translate(_STROKES), text, count=1)
        stop = _STOP.fullmatch(text)
        following = found[index + 1] if index + 1 < len(found) else ""
        if not stop and doubtful and doubtful[index]:
            stop = _COLON.fullmatch(text)
        if stop and _is_running(stop[1]) and _is_running(following.rstrip(",.;:)")):
            found[index] = stop[1]
        day = _DAY.fullmatch(text)
        if day and _DATE.fullmatch(following):
            found[index] = day[1]
    return found


def mended_number(text: str) -> str:
    """The only word of a cell: a Roman number whose strokes were taken for an H (`VH`) is whole again."""
    number = text.replace("H", "II")
    return number if _WITH_H.fullmatch(text) and _ROMAN.fullmatch(number) else mended(text)


def _is_running(word: str) -> bool:
    """Whether a word stands amid running text: a syllable in small letters."""
    return len(word) > 1 and word.islower() and is_syllable(word)


def is_grain(text: str) -> bool:
    """Whether a recognised word is nothing but dirt."""
    return GRAIN.issuperset(text)
