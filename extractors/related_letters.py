"""What two letters say about each other's tasks: who urges a plan retells most of its tasks, each once.

Alone, two short texts seldom tell that they are one task. Beside the other tasks of their letters they do: where
other tasks of the two letters are alike, what only these two speak of counts (the one task of a body, a number, a
word that no other task has), and a pair that is outdone by another one of the same letters is no pair. Pure.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from extractors import linking
from extractors.linking import Linkable

Pair = tuple[int, int]
Features = dict[str, float]

NAMES = ("shared_here", "covered_here", "number_here", "only_task_of_lead", "best_here", "outdone", "other_years")
"""What is measured of a pair, each 0 to 1; all but the last two only as far as the letters are related."""

MOST_SHARED = 4.0
"""Words that no other task of the two letters has, from which more of them say no more."""

WIDE = 2.0
"""Log-odds by which a pair is clearly ahead of the next one, or behind it."""

LOCAL = 4.0
"""Weight of the words of the two letters in telling which pair is ahead."""

CITED = 0.5
"""How far letters are related at least where one refers to the other."""


def measured(one: Sequence[Linkable], other: Sequence[Linkable]) -> dict[Pair, tuple[Features, list[str]]]:
    """For pairs of tasks with matter in common: measures (of wording, and NAMES), and codes of reasons."""
    alone: dict[Pair, tuple[Features, list[str]]] = {}
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            wording = linking.wording(linking.matter_of(a), linking.matter_of(b))
            if wording is not None:
                alone[i, j] = wording, linking.reasons(a, b, wording)
    if not alone:
        return {}
    odds = {pair: linking.log_odds(wording, codes, alone=True) for pair, (wording, codes) in alone.items()}
    words = [[linking.own_words(task) for task in letter] for letter in (one, other)]
    counted = Counter(word for letter in words for task in letter for word in task)
    worth = _worth(counted, len(one) + len(other))
    here = {(i, j): _here(words[0][i], words[1][j], worth) for i, j in alone}
    ahead = _ahead({pair: odds[pair] + LOCAL * here[pair][1] for pair in alone})
    related = _Related(one, other, odds)
    leads = [Counter(task.leads for task in letter) for letter in (one, other)]
    found = {}
    for pair, (wording, codes) in alone.items():
        a, b = one[pair[0]], other[pair[1]]
        near = related.but(pair)
        numbers = linking.numbers_of(a) & linking.numbers_of(b)
        only = "same_leads" in codes and leads[0][a.leads] == 1 and leads[1][b.leads] == 1
        found[pair] = (
            wording
            | {
                "shared_here": near * min(here[pair][0], MOST_SHARED) / MOST_SHARED,
                "covered_here": near * here[pair][1],
                "number_here": near * any(counted[number] == 2 for number in numbers),
                "only_task_of_lead": near * only,
                "best_here": near * _part(ahead[pair]),
                "outdone": _part(-ahead[pair]),
                "other_years": float(linking.years_differ(a, b)),
            },
            codes,
        )
    return found


class _Related:
    """How far two letters are related, as all their tasks but two say."""

    def __init__(self, one: Sequence[Linkable], other: Sequence[Linkable], odds: Mapping[Pair, float]) -> None:
        self._turned = len(one) < len(other)
        self._count = min(len(one), len(other))
        self._least = CITED if linking.cites(one[0], other[0]) else 0.0
        # Of each task of the shorter letter: its best pairs, the best first.
        self._best: dict[int, list[tuple[float, int]]] = {}
        for (i, j), value in odds.items():
            mine, theirs = (i, j) if self._turned else (j, i)
            self._best.setdefault(mine, []).append((1 / (1 + math.exp(-value)), theirs))
        self._best = {mine: sorted(best, reverse=True)[:2] for mine, best in self._best.items()}

    def but(self, pair: Pair) -> float:
        """0 to 1, told by the tasks beside a pair."""
        mine, theirs = pair if self._turned else (pair[1], pair[0])
        alike = sum(
            next((chance for chance, at in best if at != theirs), 0.0)
            for task, best in self._best.items()
            if task != mine
        )
        return max(self._least, min(1.0, 1.5 * alike / self._count))


def _worth(counted: Mapping[str, int], tasks: int) -> dict[str, float]:
    """What a word tells in two letters: 1 where two tasks of many have it, 0 where all have."""
    most = math.log(max(tasks, 3))
    return {word: max(0.0, math.log(tasks / count) / most) for word, count in counted.items()}


def _here(one: Sequence[str], other: Sequence[str], worth: Mapping[str, float]) -> tuple[float, float]:
    """Worth of the words two texts share, and its share of the shorter one's."""
    shared = sum(worth[word] for word in one if word in other)
    least = min(sum(worth[word] for word in text) for text in (one, other))
    return shared, shared / least if shared else 0.0


def _ahead(score: Mapping[Pair, float]) -> dict[Pair, float]:
    """By how much each pair is ahead of the best other one of either of its tasks."""
    best: list[dict[int, list[tuple[float, Pair]]]] = [{}, {}]
    for pair, value in score.items():
        for side in (0, 1):
            best[side].setdefault(pair[side], []).append((value, pair))
    first = [{at: sorted(found, reverse=True)[:2] for at, found in side.items()} for side in best]
    found = {}
    for pair, value in score.items():
        rivals = [v for side in (0, 1) for v, rival in first[side][pair[side]] if rival != pair]
        found[pair] = value - max(rivals, default=linking.log_odds({}, (), alone=True))
    return found


def _part(ahead: float) -> float:
    return max(0.0, min(1.0, ahead / WIDE))
