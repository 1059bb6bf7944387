"""Numbers of lists that were misread, as the items beside them decide: `(ii)` `(v)` `(iv)`, `: Œ) …; (2) …`.

A number is taken for another only between two that leave room for one, before the second of a list, or where it
repeats the one before it but for a stroke that was not seen. Arabic digits are never changed for others.
"""

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

LETTERS = "abcdđeghiklmnopqrstuvxy"
"""Letters of items (điểm), in their order."""
FARTHEST = 120
"""Words between two numbers of one list within a paragraph, at most."""

_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBER = re.compile(r"\((\d{1,2})\)")
# What a small raised number in brackets is taken for; and what looks so, but is a number of another list.
_SMUDGE = re.compile(r"\(\S{0,2}\)?|\S{1,2}\)|[^\w\s]{1,2}|Œ|0")
_NO_SMUDGE = re.compile(r"\(?(?:[a-zđ]|[ivx]{1,4}|\d{1,2})\)|[-–—+*•“”\"‘’….,:;/&]{1,2}")


class _Series(NamedTuple):
    """A kind of list: what its numbers look like (`shape`), and how they are written (`written`, from 1)."""

    shape: re.Pattern[str]
    written: Sequence[str]


_LISTS = (
    _Series(re.compile(r"[^\s(\d]{1,2}\)"), tuple(f"{letter})" for letter in LETTERS)),
    _Series(re.compile(r"\([^\s\d]{0,5}\)|[ivx]{1,4}\)"), tuple(f"({number})" for number in _ROMANS)),
    _Series(re.compile(r"[IVXl]{1,5}[.,]"), tuple(f"{number.upper()}." for number in _ROMANS)),
)


def mended(texts: Sequence[str], starts: Sequence[bool]) -> list[str]:
    """Recognised words in reading order with the numbers of lists that their neighbours decide.

    `starts` tells the first words of lines.
    """
    found = list(texts)
    for series in _LISTS:
        _mend_lines(found, [index for index, first in enumerate(starts) if first], series)
    _mend_raised(found)
    _number_smudges(found, starts)
    return found


def _mend_lines(found: list[str], firsts: Sequence[int], series: _Series) -> None:
    """Mend the numbers that begin lines, list by list."""
    places = [index for index in firsts if series.shape.fullmatch(found[index])]
    for number, place in enumerate(places):
        before, after = (_value(found, places, beside, series) for beside in (number - 1, number + 1))
        own = _value(found, places, number, series)
        right = _decided(before, own, after, is_roman=series is not _LISTS[0])
        if right and right != own:
            found[place] = series.written[right - 1]


def _value(found: Sequence[str], places: Sequence[int], number: int, series: _Series) -> int:
    """What the number at one of these places counts, from 1; 0 where there is none."""
    if not 0 <= number < len(places) or found[places[number]] not in series.written:
        return 0
    return series.written.index(found[places[number]]) + 1


def _decided(before: int, own: int, after: int, *, is_roman: bool) -> int:
    """What a number must be between those beside it (0: none); 0 where they do not decide."""
    if own == before + 1:
        return own
    if before and after == before + 2:
        return before + 1
    if after == 2 and own != 1 and not (is_roman and own == after):
        return 1
    # III. read as II. behind II.
    repeats = is_roman and own == before and own and after in (0, 1, own + 2)
    return own + 1 if repeats and _ROMANS[own] == _ROMANS[own - 1] + "i" else 0


def _mend_raised(found: list[str]) -> None:
    """Mend the numbers in brackets within paragraphs: the first, one between two, the one after the last."""
    known = [(index, int(match[1])) for index, text in enumerate(found) if (match := _NUMBER.fullmatch(text))]
    known.append((len(found), 0))
    for (place, value), (following, next_value) in itertools.pairwise([(-1, 0), *known]):
        near = range(max(place + 1, following - FARTHEST), following)
        if next_value == 2 and value != 1:
            _put(found, [at for at in near if _is_smudge(found, at, ":")], 1)
        elif value and next_value == value + 2:
            _put(found, [at for at in near if _is_smudge(found, at, ":;,.")], value + 1)
        elif value > 1 and next_value != value + 1:
            after = range(place + 1, min(place + FARTHEST, following))
            _put(found, [at for at in after if _is_smudge(found, at, ";")][:1], value + 1)


def _number_smudges(found: list[str], starts: Sequence[bool]) -> None:
    """Number what stands where the numbers of a list would: behind a paragraph's colon, then behind semicolons."""
    run: list[int] = []
    for place in range(1, len(found)):
        smudged = _is_smudge(found, place, ";" if run else ":")
        # An item without a number behind a semicolon, a number that was read, or nothing for long ends the list.
        unnumbered = found[place - 1].endswith(";") and found[place][:1].isupper()
        if run and (unnumbered or _NUMBER.fullmatch(found[place]) or place - run[-1] > FARTHEST):
            _number(found, run, starts)
            run, smudged = [], _is_smudge(found, place, ":")
        if smudged:
            run.append(place)
    _number(found, run, starts)


def _number(found: list[str], run: Sequence[int], starts: Sequence[bool]) -> None:
    """Write (1), (2) … at these places; at the starts of lines they are bullets."""
    if len(run) > 1 and not all(starts[at] for at in run):
        for number, at in enumerate(run, 1):
            found[at] = f"({number})"


def _put(found: list[str], places: Sequence[int], value: int) -> None:
    """Write a number where there is one place for it."""
    if len(places) == 1:
        found[places[0]] = f"({value})"


def may_number(before: str, text: str, after: str, signs: str = ":;,.") -> bool:
    """Whether a word may be an item's raised number, not recognised: behind one of `signs`, before a capital."""
    if not _SMUDGE.fullmatch(text) or _NO_SMUDGE.fullmatch(text):
        return False
    return before.endswith(tuple(signs)) and after[:1].isupper()


def _is_smudge(found: Sequence[str], place: int, signs: str) -> bool:
    """Whether such a number may stand at a place."""
    return 0 < place < len(found) - 1 and may_number(found[place - 1], found[place], found[place + 1], signs)
