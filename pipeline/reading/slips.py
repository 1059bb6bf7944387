"""Slips of the engine that are mended as soon as they are seen, because what it saw cannot be Vietnamese.

Each leaves a mark: the word's confidence is lowered, and the page's evidence says what was read. Digits are never
touched, nor is anything that could be a word.
"""

import re
from collections.abc import Sequence

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
)
_STOP = re.compile(r"([^\W\d_]{2,})\.")
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


def mended_together(texts: Sequence[str]) -> list[str]:
    """Recognised words in reading order without what their neighbours show to be slips.

    `Quý 11/2025` is `Quý II/2025`; a full stop amid a sentence (`nội dung. liên quan`) is a speck.
    """
    found = [mended(text) for text in texts]
    for index, text in enumerate(found):
        if index and found[index - 1].casefold() == "quý":
            found[index] = _QUARTER.sub(lambda match: match[0].translate(_STROKES), text, count=1)
        stop = _STOP.fullmatch(text)
        following = found[index + 1] if index + 1 < len(found) else ""
        if stop and _is_running(stop[1]) and _is_running(following.rstrip(",.;:)")):
            found[index] = stop[1]
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
