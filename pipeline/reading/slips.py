"""Slips of the engine that are mended as soon as they are seen, because what it saw cannot be Vietnamese.

Each leaves a mark: the word's confidence is lowered, and the page's evidence says what was read. Digits are never
touched, nor is anything that could be a word.
"""

import re

MENDED_CONFIDENCE = 0.8
"""A mended word is no surer than this."""
GRAIN = frozenset("'`‘’\"|~_^·")
"""Signs that, standing alone, are dirt on the paper."""

# Letters of the engine's alphabet that Vietnamese has not, beside or instead of the ones it has.
_RULES = (
    (re.compile(r"[Nn]?Ñ"), "N"),
    (re.compile(r"[Nn]?ñ"), "n"),
    (re.compile(r"[ĐÐ]+Ð|ÐĐ?"), "Đ"),
    # A speck before a word is read as an apostrophe.
    (re.compile(r"^['`‘](?=\w)"), ""),
)


def mended(text: str) -> str:
    """A recognised word without letters that cannot be: `ÑQ-CP` is `NQ-CP`, `'Tháng` is `Tháng`."""
    for slip, right in _RULES:
        text = slip.sub(right, text)
    return text


def is_grain(text: str) -> bool:
    """Whether a recognised word is nothing but dirt."""
    return GRAIN.issuperset(text)
