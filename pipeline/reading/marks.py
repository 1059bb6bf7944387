"""Tone marks that the engine confuses, decided by the words around them; the rest of a word is never touched.

On blurred paper a hook looks like an acute accent (`triến khai`, `chuyến đối`, `tố chức`). Where another mark
makes words that stand together in Vietnamese and the one seen does not, it is taken. What is known of Vietnamese:
pairs of syllables in underthesea's dictionary, and counts over the texts of our own samples (`samples/words.py`).
"""

import functools
import importlib.util
import itertools
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from pipeline.reading.syllables import is_syllable

SURE, UNSURE = 3.0, 2.0
"""What a change has to gain where the engine and the picture were good, and where they were not."""
DICTIONARY_PAIR = 1.0
"""What a pair that the dictionary knows is worth; one of our texts: the logarithm of its count."""
WORD = 0.5
"""Weight of the logarithm of a single word's count."""
UNKNOWN = -1.0
"""What a syllable is worth that neither the dictionary nor our texts know."""
OFTEN = 50
"""A word this frequent is taken instead of one never met in our texts, whatever stands beside it (`đế` → `để`)."""
NO_PARTNERS = frozenset(
    ("với", "từ", "cho", "về", "của", "và", "các", "những", "tại", "theo", "trong", "đã", "sẽ")
)
"""Words that stand beside any other: a pair with one of them says nothing of a horn (`họp với`, `hợp với`)."""
LONGEST = 7
"""Letters of the longest syllable (`nghiêng`)."""

# What the engine sees, and what may stand there instead.
_CONFUSED = {
    "ế": "ểễ", "ố": "ổỗ", "ấ": "ẩẫầ", "á": "ảã", "í": "ỉĩi", "ú": "ủũ", "ó": "ỏõ", "é": "ẻẽ", "ớ": "ởỡ", "ứ": "ửữ",
    "ắ": "ẳẵằ", "ý": "ỷỹ", "ê": "ềếể", "ô": "ồốổ", "â": "ầấẩ", "ă": "ằắẳẵ", "ơ": "ờở", "ả": "ằẳ", "ã": "ẩẫảằ",
    "ừ": "ữử", "ễ": "ể", "ẫ": "ẩ", "ỗ": "ổ", "ò": "ỏ", "ì": "i", "ỉ": "i", "i": "ỉìí", "đ": "d",
    "ạ": "a", "ợ": "ơ", "ự": "ư", "ụ": "u", "ọ": "o",
}  # fmt: skip
# The same, only where the marks are in doubt.
_BLURRED = {
    "á": "ắ", "ơ": "o", "ả": "ắ", "ã": "ấ", "ẫ": "ấ", "ỗ": "ố", "ầ": "â", "ề": "ê", "ồ": "ô", "ổ": "ố", "ể": "ế",
    "ẵ": "ắ", "ặ": "ắ", "ờ": "ỡ", "à": "ãằ",
}  # fmt: skip
# Horns lost (`phù họp`, `đon vị`), where the marks are in doubt.
_HORNED = dict(zip("oóòỏõọuúùủũụ", "ơớờởỡợưứừửữự", strict=True))
_EDGES = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_OWN = Path(__file__).with_name("words.txt")


class Seen(NamedTuple):
    """A recognised word, and whether its marks are in doubt."""

    text: str
    unsure: bool


class _Known(NamedTuple):
    """Words and pairs (`a b`) known: `pairs` and `syllables` of the dictionary, `counts` of both in our texts."""

    pairs: AbstractSet[str]
    syllables: AbstractSet[str]
    counts: Mapping[str, int]


class _Choice(NamedTuple):
    """One way to read a word, and what it is worth by itself."""

    word: str
    worth: float


def go_together(one: str, other: str) -> bool:
    """Whether two words stand one behind the other in the dictionary or in our texts."""
    return _together(one.lower(), other.lower()) > 0


def are_compound(one: str, other: str) -> bool:
    """Whether two words stand one behind the other in the dictionary."""
    return f"{one} {other}".lower() in _known().pairs


def decided(words: Sequence[Seen]) -> list[str]:
    """The texts of words in reading order, marks changed where their neighbours ask for it."""
    texts = [word.text for word in words]
    for start, end in _stretches(texts):
        parts = [_split(text) for text in texts[start:end]]
        choices = [
            _choices(core, word.unsure, not word.unsure and _is_name(parts, place))
            for place, ((_, core, _), word) in enumerate(zip(parts, words[start:end], strict=True))
        ]
        if all(len(each) == 1 for each in choices):
            continue
        best = _best(choices)
        for place, ((before, core, after), word) in enumerate(zip(parts, best, strict=True)):
            if word != core.lower() and _is_borne_out(best, place, core, sentence_starts=place == 0):
                texts[start + place] = before + _in_case(word, core) + after
    return texts


def _stretches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of words that no punctuation parts, from and to."""
    start = 0
    for index, text in enumerate(texts):
        before, core, after = _split(text)
        if before and index > start:
            yield start, index
            start = index
        if after or not core:
            yield start, index + 1
            start = index + 1
    if start < len(texts):
        yield start, len(texts)


def _split(text: str) -> tuple[str, str, str]:
    """Signs before, the word, and signs after."""
    match = _EDGES.match(text)
    return (match[1], match[2], match[3]) if match else ("", text, "")


def _is_name(parts: Sequence[tuple[str, str, str]], place: int) -> bool:
    """Whether a word amid a sentence is part of a name: in capitals, and no small letter follows (`Tổ quốc`)."""
    following = parts[place + 1][1] if place + 1 < len(parts) else ""
    return place > 0 and parts[place][1][:1].isupper() and not following[:1].islower()


def _choices(core: str, unsure: bool, is_name: bool) -> list[_Choice]:
    """The ways to read a word, the one seen first; the others cost. A name seen well is read one way."""
    word = core.lower()
    choices = [_Choice(word, _worth(word))]
    if 1 < len(word) <= LONGEST and word.isalpha() and not is_name:
        price = UNSURE if unsure else SURE
        choices += [_Choice(other, _worth(other) - price) for other in _others(word, unsure) if _is_known(other)]
    return choices


def _others(word: str, unsure: bool) -> Iterator[str]:
    """A word with one of its marks read differently, or with a horn, or both of its `ươ`."""
    for place, letter in enumerate(word):
        for other in _CONFUSED.get(letter, "") + (_BLURRED.get(letter, "") if unsure else ""):
            yield word[:place] + other + word[place + 1 :]
        if unsure and letter in _HORNED:
            yield word[:place] + _HORNED[letter] + word[place + 1 :]
            if word[:place].endswith("u"):
                yield f"{word[: place - 1]}ư{_HORNED[letter]}{word[place + 1 :]}"


def _best(choices: Sequence[Sequence[_Choice]]) -> list[str]:
    """The words that are worth most together (Viterbi's way through the choices)."""
    worth = [choice.worth for choice in choices[0]]
    ways: list[list[int]] = []
    for before, here in itertools.pairwise(choices):
        way = []
        now = []
        for choice in here:
            sums = [
                total + _together(previous.word, choice.word)
                for total, previous in zip(worth, before, strict=True)
            ]
            way.append(max(range(len(sums)), key=sums.__getitem__))
            now.append(sums[way[-1]] + choice.worth)
        ways.append(way)
        worth = now
    place = max(range(len(worth)), key=worth.__getitem__)
    found = [choices[-1][place].word]
    for way, before in zip(reversed(ways), reversed(choices[:-1]), strict=True):
        place = way[place]
        found.append(before[place].word)
    return found[::-1]


def _is_borne_out(words: Sequence[str], place: int, core: str, sentence_starts: bool) -> bool:
    """Whether a changed word is more than frequent: known beside a neighbour, or the one seen is no word at all.

    A name in capitals amid a sentence (`quận Hoàn Kiếm`) is changed only for a pair that is known, and a horn is
    added to a syllable only where the dictionary has the pair, and not with a word that stands beside any other.
    """
    if _horns(words[place]) > _horns(core.lower()):
        pairs = itertools.pairwise(words[max(0, place - 1) : place + 2])
        known = any(are_compound(*pair) for pair in pairs if NO_PARTNERS.isdisjoint(pair))
        return known or not is_syllable(core)
    beside = (place > 0 and _together(words[place - 1], words[place]) > 0) or (
        place + 1 < len(words) and _together(words[place], words[place + 1]) > 0
    )
    if beside or (core[0].isupper() and not sentence_starts):
        return beside
    counts = _known().counts
    return not _is_known(core.lower()) or (counts.get(words[place], 0) >= OFTEN and core.lower() not in counts)


def _horns(word: str) -> int:
    """How many letters of a word bear a horn (ơ, ư)."""
    return unicodedata.normalize("NFD", word).count("\N{COMBINING HORN}")


def _in_case(word: str, core: str) -> str:
    """A word in the letters' case of another one as long."""
    return "".join(new.upper() if old.isupper() else new for new, old in zip(word, core, strict=True))


def _worth(word: str) -> float:
    count = _known().counts.get(word, 0)
    return WORD * math.log(1 + count) + (0.0 if _is_known(word) else UNKNOWN)


def _together(one: str, other: str) -> float:
    known = _known()
    pair = f"{one} {other}"
    return math.log(1 + known.counts.get(pair, 0)) + DICTIONARY_PAIR * (pair in known.pairs)


def _is_known(word: str) -> bool:
    known = _known()
    return word in known.syllables or word in known.counts


@functools.cache
def _known() -> _Known:
    """What is known of Vietnamese words; read once, when the first page is recognised."""
    counts = {}
    for line in _OWN.read_text(encoding="utf-8").splitlines():
        words, _, count = line.rpartition(" ")
        counts[words] = int(count)
    dictionary = unicodedata.normalize("NFC", _dictionary()).lower()
    # Most entries are one pair of syllables as they stand; a process that reads one page waits for this.
    entries = dictionary.splitlines()
    pairs = set(entries)
    for entry in entries:
        if entry.count(" ") > 1:
            pairs.update(map(" ".join, itertools.pairwise(entry.split())))
    return _Known(pairs, frozenset(dictionary.split()), counts)


def _dictionary() -> str:
    """underthesea's list of words, one a line; found without importing it (which takes a second)."""
    package = importlib.util.find_spec("underthesea")
    assert package is not None and package.origin is not None
    return Path(package.origin).with_name("corpus").joinpath("data", "Viet74K.txt").read_text(encoding="utf-8")
