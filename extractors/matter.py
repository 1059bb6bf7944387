"""What a task is about: the words of its text that carry matter, and how much of it two texts have in common.

Pure; word lists are data (`data/matter.toml`).
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

import msgspec

from extractors.tones import bare

Features = dict[tuple[str, ...], float]
"""Words and pairs of neighbouring words of a text with their weights."""

MOST_SHARED = 8.0
"""Weight of shared words from which more of them say no more."""

_WORD = re.compile(r"[a-z0-9]+")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")


class _Words(msgspec.Struct, frozen=True):
    nothing: frozenset[str]
    formulas: dict[str, tuple[tuple[str, ...], ...]]
    """Phrases without matter by their first word, the longest first."""
    common: frozenset[str]
    common_weight: float
    number_weight: float
    short_forms: dict[str, tuple[str, ...]]


@cache
def _words() -> _Words:
    data = tomllib.loads(resources.files("extractors").joinpath("data/matter.toml").read_text("utf-8"))
    return _Words(
        nothing=frozenset(folded(data["nothing"])),
        formulas=_by_first_word(folded(phrase) for phrase in data["formulas"]),
        common=frozenset(folded(data["common"])),
        common_weight=data["common_weight"],
        number_weight=data["number_weight"],
        short_forms={folded(short)[0]: folded(full) for short, full in data["short_forms"].items()},
    )


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


def folded(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without diacritics, y as i (`sỹ`, `sĩ`)."""
    return tuple(_WORD.findall(bare(_THOUSANDS.sub("", text.lower())).replace("y", "i")))


@lru_cache(maxsize=16384)
def features(text: str, deadline_text: str | None = None, bodies: tuple[str, ...] = ()) -> Features:
    """What a task is about: words and pairs of neighbouring words with their weights.

    The deadline's words are left out, for that is what a later letter changes, and the names of its bodies and of
    the papers it refers to, which are compared by themselves.
    """
    w = _words()
    for known in (deadline_text, *bodies):
        if known:
            text = text.replace(known, " ")
    words = _words_of_matter(_SYMBOL.sub(" ", text), w)
    weight = {word: _weight(word, w) for word in words}
    found: dict[tuple[str, ...], float] = {(word,): weight[word] for word in words}
    for pair in pairwise(words):
        found[pair] = (weight[pair[0]] + weight[pair[1]]) / 2
    return found


def _words_of_matter(text: str, w: _Words) -> list[str]:
    """The words of a text, short forms written out, without those that carry no matter."""
    words = [full for word in folded(text) for full in w.short_forms.get(word, (word,))]
    kept, n = [], 0
    while n < len(words):
        formula = next((f for f in w.formulas.get(words[n], ()) if tuple(words[n : n + len(f)]) == f), None)
        if formula is None and words[n] not in w.nothing:
            kept.append(words[n])
        n += len(formula or (1,))
    return kept


def _weight(word: str, w: _Words) -> float:
    if word.isdigit():
        return w.number_weight if len(word) > 1 else 0.5
    return w.common_weight if word in w.common else 1.0


def in_common(one: Features, other: Features) -> dict[str, float] | None:
    """How much matter two texts have in common, each 0 to 1; None: nothing.

    `covered` is the share of the shorter text's matter found in the longer, `alike` the share common to both;
    `own_covered` and `own_alike` the same of words that are not words of every task, and `own_shared` how much
    there is of those.
    """
    common = sum(weight for feature, weight in one.items() if feature in other)
    if not common:
        return None
    own, others = own_words(one), own_words(other)
    shared = sum(weight for word, weight in own.items() if word in others)
    least, both = sorted((sum(one.values()), sum(other.values())))
    own_least, own_both = sorted((sum(own.values()), sum(others.values())))
    return {
        "covered": common / least,
        "alike": common / (least + both - common),
        "own_covered": shared / own_least if own_least else 0.0,
        "own_alike": shared / (own_least + own_both - shared) if own_both else 0.0,
        "own_shared": min(shared, MOST_SHARED) / MOST_SHARED,
    }


def common_words() -> frozenset[str]:
    """The words of every task, folded."""
    return _words().common


def own_words(found: Features) -> dict[str, float]:
    """The words of a text that are not words of every task."""
    common = common_words()
    return {f[0]: weight for f, weight in found.items() if len(f) == 1 and f[0] not in common}


def numbers(found: Features) -> set[str]:
    """The numbers of two digits and more among the words of a text."""
    return {f[0] for f in found if len(f) == 1 and f[0].isdigit() and len(f[0]) > 1}


_SYMBOL = re.compile(r"\d+(?:/\d{4})?\s*[-/]\s*[0-9A-ZĐ][0-9A-ZĐa-zđ]*(?:\s*[-/]\s*[0-9A-ZĐ][0-9A-ZĐa-zđ]*)*")


def symbol_of(text: str | None) -> str | None:
    """The number and symbol a document is named by, without spaces; None where there is none."""
    found = _SYMBOL.search(text) if text else None
    return re.sub(r"\s+", "", found[0]).casefold() if found else None
