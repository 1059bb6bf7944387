"""Specks of the paper that were read as signs: before a word, behind it, between two, and as two signs for one.

What a sign may mean decides: one that no writer would set there is dirt. Each that goes leaves the mark of every
mended word. Letters and digits are never touched.
"""

import re
from collections.abc import Sequence

from pipeline.reading import marks
from pipeline.reading.ocr import Recognised
from pipeline.reading.syllables import is_syllable

NO_END = frozenset(("và", "của", "các", "với", "về", "cho", "tại", "theo"))
"""Words with which no clause ends."""
BEFORE_NUMBERS = NO_END | frozenset(
    (
        "ngày",
        "tháng",
        "quý",
        "còn",
        "có",
        "là",
        "đạt",
        "trên",
        "dưới",
        "hơn",
        "gần",
        "khoảng",
        "từ",
        "đến",
        "trước",
    )
)
"""Words that no stop follows where a number does."""
LABEL = 4
"""Words of the longest label before a colon."""

_WORD = r"[^\W\d_]{2,}"
# Signs that begin no word; a bracket may stand behind them.
_BEFORE = re.compile(
    r"^[.,:;~^ˆ¬_|'`‘]+(?=[^\W\d_]|\()|^[:;'`‘_]+(?=[^\W_])|^[~._'`]+(?=[-–]$)|^[—–]+(?=\d{1,2}[.)\-]$)"
)
_BEHIND = re.compile(r"(?<=[^\W_])_+$")
# One sign and a speck: `2025..`, `cáo,.` (an ellipsis has three, `./.` a stroke).
_TWICE = re.compile(r"(?<=[\w%)”\"])([.,;:])[.,;:]$")
# A small raised number, of a footnote, taken for a capital or a sign: `hợpỶ`.
_REFERENCE = re.compile(r"([^\W\d_]{2,}?)(?:[ÝỲỶŸŶ†‡®©°¹²³⁴⁵⁶⁷⁸⁹*]{1,2}|[!?\]](?=[,;.]))([.,;:)]{0,2})")
_LABEL = re.compile(r"(\([ivx]{1,5}\)|[IVX]{1,4}\.)[.,:;]?([^\W\d_]{2,}[.,;:]?)")
_NUMBER = re.compile(rf"({_WORD})([.,:;])(\d\S*)")
_GLUED = re.compile(rf"({_WORD})([.,:;\-]{{1,2}}|['’‘`\"])({_WORD}[.,;:)]*|[^\W\d_][.,;:)]*)")
_SHORT = re.compile(r"(Bộ|Sở|Cục|Vụ)([A-ZĐ].*)")
_SIGN = re.compile(rf"({_WORD})([.,:;])")
_DAY = re.compile(r"(ngày)[.,:;]", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[/.-]\d.*")
# A number that numbers no clause.
_AMOUNT = re.compile(r"\d+[./,%]\d|\d{3}|\d+%")
_LONG_NUMBER = re.compile(r"(\d{3,})\.")
# The number of a section whose stops were taken for commas: `2,6-`.
_SECTION = re.compile(r"\d{1,2}(?:,\d{1,2}){1,2}[-–.)]")


def cleared(text: str) -> str:
    """A recognised word without specks before and behind it."""
    text = _BEHIND.sub("", _BEFORE.sub("", text))
    reference = _REFERENCE.fullmatch(text)
    if reference and reference[1].islower() and is_syllable(reference[1]):
        text = reference[1] + reference[2]
    return text if text == "v.v.." else _TWICE.sub(r"\1", text)


def parted(word: Recognised) -> list[Recognised]:
    """A recognised word, or two where a speck glued them (`điện.tử`) or a space was lost (`BộTC`).

    Each gets its share of the box.
    """
    parts = _parts(word.text)
    if parts is None:
        return [word]
    one, other = parts
    middle = word.x0 + (word.x1 - word.x0) * (len(one) + 0.5) / (len(one) + len(other) + 1)
    return [word._replace(text=one, x1=middle), word._replace(text=other, x0=middle)]


def _parts(text: str) -> tuple[str, str] | None:
    """The two words that stand in one; None where it is one."""
    if match := _SHORT.fullmatch(text) or _LABEL.fullmatch(text):
        # A number and a name are no words with a speck between them.
        return (match[1], match[2]) if match.re is _SHORT or is_syllable(match[2].rstrip(",.;:")) else None
    if match := _NUMBER.fullmatch(text):
        one = match[1]
        if not is_syllable(one) or not (one.islower() or one.istitle()):
            return None
        return (one if one.casefold() in BEFORE_NUMBERS else one + match[2]), match[3]
    match = _GLUED.fullmatch(text)
    if match is None:
        return None
    one, sign, other = match[1], match[2], match[3]
    rest = other.rstrip(",.;:)")
    if not is_syllable(one) or not is_syllable(rest):
        return None
    known = marks.go_together(one, rest)
    if "-" in sign:
        # A hyphen behind `các` is carbon's; `kinh tế-xã hội` has one too.
        is_speck = marks.are_compound(one, rest) or one in NO_END
        return (one, other) if is_speck and one.lower() != "các" else None
    if (one + rest).isascii() and not known:
        return None
    if known or one in NO_END or (is_running(one) and is_running(rest)):
        return one, other
    if not rest.istitle():
        return None
    # A sentence's end has a wide space behind it, which the engine hardly misses; a stop without one is a speck.
    return (one + sign[0] if sign[0] in ",:;" else one), other


def without_specks(texts: Sequence[str], doubtful: Sequence[bool], starts: Sequence[bool]) -> list[str]:
    """Cleared words in reading order without the signs that their neighbours show to be specks.

    A full stop amid a sentence (`nội dung. liên quan`) is one, and so is a sign between `ngày` and a date. A colon
    before a small letter, where it is `doubtful`, is another. `starts` tells the first words of lines.
    """
    found = list(texts)
    for index, text in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else ""
        # Behind the first words of a line a colon is likely a label's.
        is_label = any(starts[max(0, index - LABEL) : index + 1])
        if _is_within(text, following, doubtful[index] and not is_label):
            found[index] = text[:-1]
        elif starts[index]:
            if _SECTION.fullmatch(text) and following[:1].isupper():
                found[index] = text.replace(",", ".")
        elif text[:1] in "-–" and is_running(text[1:].rstrip(",.;:")) and found[index - 1][-1:].isalpha():
            found[index] = text[1:]
    return found


def _is_within(text: str, following: str, doubtful: bool) -> bool:
    """Whether the sign behind a word stands amid a sentence, where none can."""
    after = following.rstrip(",.;:)")
    if _LONG_NUMBER.fullmatch(text):
        return is_running(after)
    match = _SIGN.fullmatch(text)
    if match is None or not following:
        return False
    word, sign = match[1], match[2]
    if _DAY.fullmatch(text) and _DATE.fullmatch(following):
        return True
    if sign in ".;" and word in NO_END and is_syllable(after):
        return True
    if sign == "." and word in BEFORE_NUMBERS and _AMOUNT.match(following):
        return True
    if not is_running(after) or not is_syllable(word) or not word[1:].islower():
        return False
    return (sign == "." and (word.islower() or marks.are_compound(word, after))) or (sign == ":" and doubtful)


def is_running(word: str) -> bool:
    """Whether a word stands amid running text: a syllable in small letters."""
    return len(word) > 1 and word.islower() and is_syllable(word)
