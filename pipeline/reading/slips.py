"""Slips of the engine that are mended as soon as they are seen, because what it saw cannot be Vietnamese.

Each leaves a mark: the word's confidence is lowered, and the page's evidence says what was read. Digits are never
guessed: letters are taken for them (O, l) only within a date. What could be a word is not touched. Signs that are
dirt go by `specks`.
"""

import re
from collections.abc import Sequence

from pipeline.reading import sequences, specks
from pipeline.reading.marks import are_compound, go_together
from pipeline.reading.syllables import is_syllable

MENDED_CONFIDENCE = 0.8
"""A mended word is no surer than this."""
GRAIN = frozenset("'`‘’\"|~_^·ˆ˜")
"""Signs that, standing alone, are dirt on the paper."""

_LITTLE = {ord(sign): "i" for sign in "1lI|!¡ïíìĩ"} | {ord("V"): "v"}

# Letters of the engine's alphabet that Vietnamese has not, beside or instead of the ones it has.
_RULES = (
    (re.compile(r"[Nn]?Ñ"), "N"),
    (re.compile(r"[Nn]?ñ"), "n"),
    (re.compile(r"[ĐÐ]+Ð|ÐĐ?"), "Đ"),
    (re.compile("ð(?=[ưừứửữự])"), "g"),
    (re.compile("ð"), "đ"),
    (re.compile("ø"), "g"),
    (re.compile(r"(?<=\w)ä(?=\w)"), "ắ"),
    (re.compile(r"(?<!\()¡"), "i"),
    # A speck after a word is read as an apostrophe; minutes (14h30’) have theirs behind a digit.
    (re.compile(r"(?<=[^\W\d_])['`‘]$"), ""),
    (re.compile("⁄"), "/"),
    (re.compile("(?<!:)//+"), "/"),
    # A list's first letter; the fourth quarter.
    (re.compile(r"^[äÄ](?=\)$)"), "a"),
    (re.compile(r"^[ïÏ]V(?=[/.,;]|$)"), "IV"),
    # Two marks of tone in one syllable; vowels before k, which only names of the Highlands have.
    (re.compile("(?<=[ÚÙỦŨỤúùủũụ])[ýỳỷỹỵ]"), "y"),
    (re.compile("(?<=[ĐL])[äảẳẵằãâấẩẫầá]k"), "ắk"),
    # Capitals that a stroke was seen in or taken for: TTg, TTCP, VNeID.
    (re.compile("(?<=T)[Il1](?=g$)"), "T"),
    (re.compile("(?<=TT)[Il1](?=(?:CP|BC|HC)$)"), ""),
    (re.compile("(?<=VNe)[Il1]{1,2}(?=D)"), "I"),
    # For information (`để b/c`).
    (re.compile(r"(?<=\bb/)[C€](?=\)|$)"), "c"),
    # The numbers of a list in brackets: no word has a v and strokes between them.
    (
        re.compile(r"(?<=^\()[1lI|!¡ïíìĩi]{0,3}[vV][1lI|!¡ïíìĩi]{0,3}(?=\)[.,:;]?$)"),
        lambda m: m[0].translate(_LITTLE),
    ),
)
_REPORTED = re.compile(r"^b[/íìïiIl1|!]?[cC€](?=[\])};.,]*$)")
# A document's number and symbol between which the stroke was not seen: `66NQ-CP`.
_SYMBOL = re.compile(r"^(\d{1,5})([A-ZĐ]{2,6}r?-[A-ZĐ].*)")
_ENDS = ".,;:)/"
# There are four quarters: two or three strokes are II and III, whatever they were taken for.
_QUARTER = re.compile(r"^([1lI!\[\]]{2,3}|[1lI]?H[1lI]?|[1l]V)(?=/|[.,;:]?$)")
_STROKES = str.maketrans({"1": "I", "l": "I", "!": "I", "[": "I", "]": "I", "H": "II"})
# A day, month or year with letters for its digits, by its form or by the words around it.
_DATE = re.compile(r"^\(?(?=\S{0,9}[\d])[\dOolI]{1,2}([/.-])[\dOolI]{1,2}(?:\1[12][\dOolI]{3})?[.,;:)]{0,2}$")
_MONTH = re.compile(r"^[\dOolI]{1,2}[/-]2[\dOolI]{3}[.,;:)]{0,2}$")
_YEAR = re.compile(r"^2[\dOo][\dOolI]{2}[.,;:)]{0,2}$")
_DAY = re.compile(r"^[\dOolI]{1,2}$")
_DIGITS = str.maketrans("OolI", "0011")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_WITH_H = re.compile(r"[IVX]*H[IVX]*")


def mended(text: str) -> str:
    """A recognised word without letters that cannot be: `ÑQ-CP` is `NQ-CP`, `'Tháng` is `Tháng`."""
    for slip, right in _RULES:
        text = slip.sub(right, text)
    return specks.cleared(text)


def mended_together(texts: Sequence[str], doubtful: Sequence[bool] = (), starts: Sequence[bool] = ()) -> list[str]:
    """Recognised words in reading order without what they, or their neighbours, show to be slips.

    `Quý 11/2025` is `Quý II/2025`; `xem XÉT` at a line's end is `xem xét`; what specks were taken for goes.
    `doubtful` tells where the engine is unsure of a word, `starts` the first words of lines.
    """
    none = [False] * len(texts)
    found = specks.without_specks([mended(text) for text in texts], doubtful or none, starts or none)
    for index, text in enumerate(found):
        before = found[index - 1] if index else ""
        if before.casefold().lstrip("(“") == "quý":
            found[index] = _QUARTER.sub(lambda match: match[0].translate(_STROKES), text, count=1)
        elif before.lstrip("(").casefold() == "để":
            found[index] = _REPORTED.sub("b/c", text)
        elif before.lstrip("(").casefold() in ("số", "số:"):
            found[index] = _SYMBOL.sub(r"\1/\2", text)
        else:
            found[index] = _in_digits(before.casefold(), text, found[index + 1 : index + 2])
    return sequences.mended(_in_small_letters(found), starts or none)


def _in_digits(before: str, text: str, following: Sequence[str]) -> str:
    """A word that is a day, a month or a year without letters that stand for its digits (`30/6/2O25`)."""
    if not any(letter in text for letter in "OolI"):
        return text
    after = following[0].casefold() if following else ""
    is_date = (
        (before == "ngày" and (_DATE.match(text) or (after == "tháng" and _DAY.match(text))))
        or (before == "tháng" and (_MONTH.match(text) or (after == "năm" and _DAY.match(text))))
        or (before == "năm" and _YEAR.match(text))
        or (_DATE.match(text) and text.count("/") == 2)
    )
    return text.translate(_DIGITS) if is_date else text


def _in_small_letters(texts: list[str]) -> list[str]:
    """Words without those capitals that are small letters by what stands before them (`cơ SỞ.`, `của CƠ SỞ.`).

    The engine tells small s, x, c, o and v from capital ones by their neighbours; a line's last word has few.
    """
    for index in range(1, len(texts)):
        before, core = texts[index - 1], texts[index].rstrip(_ENDS)
        is_last = core != texts[index] or not "".join(texts[index + 1 : index + 2]).isupper()
        if not is_last or len(core) < 2 or not core.isupper() or core.isascii() or not is_syllable(core):
            continue
        if not are_compound(before, core):
            continue
        if before.islower():
            texts[index] = texts[index].lower()
        elif (
            before.isupper() and index > 1 and texts[index - 2].islower() and go_together(texts[index - 2], before)
        ):
            texts[index - 1], texts[index] = before.lower(), texts[index].lower()
    return texts


def mended_number(text: str) -> str:
    """The only word of a cell: a Roman number whose strokes were taken for an H (`VH`) is whole again."""
    number = text.replace("H", "II")
    if _WITH_H.fullmatch(text) and _ROMAN.fullmatch(number):
        return number
    return mended_together([text], starts=[True])[0]


def is_grain(text: str) -> bool:
    """Whether a recognised word is nothing but dirt."""
    return GRAIN.issuperset(text)
