"""What two letters say about each other's tasks: who urges a plan retells most of its tasks, each once.

Alone, two short texts seldom tell that they are one task. Beside the other tasks of their letters they do: where
other tasks of the two letters are alike, what only these two speak of counts (the one task of a body, a number, a
word that no other task has), and the surer another pair of either task is, the less sure is this one. Pure.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, partial

from extractors import linking, task_pairs
from extractors.task_pairs import Linkable

Pair = tuple[int, int]
Measured = dict[Pair, tuple[dict[str, float], list[str]]]
"""Of pairs of tasks, by their numbers in the two letters: measures by name, and codes of reasons."""

NAMES = ("shared_here", "covered_here", "number_here", "only_task_of_lead")
"""What is measured of a pair, each 0 to 1, as far as the letters are related."""

RIVALS = ("rival_of_part", "rival_of_whole")
"""How sure another pair of the shorter one of two tasks is, and one of the longer."""

ORDER = ("in_order", "out_of_order", "beside_a_pair")
"""How many pairs stand before or behind a pair in both letters, and how many before it in one and behind it in the
other, beside a FEW of the shorter letter's tasks; and how sure the pair right before or right behind it is."""

AMONG = (*RIVALS, *ORDER)
"""What is measured of a pair among the other pairs of its letters."""

MOST_SHARED = 4.0
"""Words that no other task of the two letters has, from which more of them say no more."""

LEAST_RIVAL = 0.02
"""Probability below which a pair is nobody's rival."""

LEAST_SURE = 0.3
"""Probability below which a pair says nothing of the order of tasks."""

FEW = 0.1
"""Share of the shorter letter's tasks that pairs must be more than to say much of the letters."""

CITED = 0.5
"""How far letters are related at least where one refers to the other."""


def measured(one: Sequence[Linkable], other: Sequence[Linkable]) -> Measured:
    """For pairs of tasks with matter in common: measures (of wording, NAMES and AMONG), and codes of reasons."""
    found = beside(one, other)
    sure = {pair: linking.probability(*evidence, "beside") for pair, evidence in found.items()}
    for pair, of_pair in among(one, other, sure).items():
        found[pair][0].update(zip(AMONG, of_pair, strict=True))
    return found


def beside(one: Sequence[Linkable], other: Sequence[Linkable]) -> Measured:
    """The same but for what other pairs say."""
    alone: Measured = {}
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            common = task_pairs.measures(a, b)
            if common is not None:
                alone[i, j] = common, task_pairs.reasons(a, b, common)
    if not alone:
        return {}
    words = [[task_pairs.own_words(task) for task in letter] for letter in (one, other)]
    counted = Counter(word for letter in words for task in letter for word in task)
    worth = _worth(counted, len(one) + len(other))
    related = _Related(one, other, {pair: linking.probability(*told, "alone") for pair, told in alone.items()})
    leads = [Counter(task.leads for task in letter) for letter in (one, other)]
    for (i, j), (measures, codes) in alone.items():
        a, b = one[i], other[j]
        shared, covered = _here(words[0][i], words[1][j], worth)
        numbers = task_pairs.numbers_of(a) & task_pairs.numbers_of(b)
        only = "same_leads" in codes and leads[0][a.leads] == 1 and leads[1][b.leads] == 1
        here = (min(shared, MOST_SHARED) / MOST_SHARED, covered, any(counted[n] == 2 for n in numbers), only)
        near = related.but((i, j))
        measures.update((name, near * value) for name, value in zip(NAMES, here, strict=True))
    return alone


class _Related:
    """How far two letters are related, as all their tasks but two say."""

    def __init__(self, one: Sequence[Linkable], other: Sequence[Linkable], sure: Mapping[Pair, float]) -> None:
        self._turned = len(one) < len(other)
        self._count = min(len(one), len(other))
        self._least = CITED if task_pairs.cites(one[0], other[0]) else 0.0
        # Of each task of the shorter letter: its best pairs, the best first.
        self._best: dict[int, list[tuple[float, int]]] = {}
        for (i, j), chance in sure.items():
            mine, theirs = (i, j) if self._turned else (j, i)
            self._best.setdefault(mine, []).append((chance, theirs))
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


def among(
    one: Sequence[Linkable], other: Sequence[Linkable], sure: Mapping[Pair, float]
) -> dict[Pair, tuple[float, ...]]:
    """Of each pair, in the order of AMONG: what the others say, each by how sure it is."""
    found = rivals(one, other, sure)
    likely = {pair: chance for pair, chance in sure.items() if chance >= LEAST_SURE}
    shorter = min(len(one), len(other))
    return {pair: (*found[pair], *_order(pair, likely, shorter)) for pair in found}


def _order(pair: Pair, likely: Mapping[Pair, float], shorter: int) -> tuple[float, float, float]:
    """How the likely pairs stand to one, in the order of ORDER."""
    along = across = 0.0
    for (i, j), chance in likely.items():
        turn = (i - pair[0]) * (j - pair[1])
        along += chance if turn > 0 else 0.0
        across += chance if turn < 0 else 0.0
    near = max(likely.get((pair[0] + step, pair[1] + step), 0.0) for step in (-1, 1))
    few = FEW * shorter
    return along / (along + across + few), across / (along + across + few), near


def rivals(
    one: Sequence[Linkable], other: Sequence[Linkable], sure: Mapping[Pair, float]
) -> dict[Pair, tuple[float, float]]:
    """Of each pair: how sure the best other pair of its shorter task is, and that of its longer one.

    A part has one whole, a whole may have several parts. Whoever says the same in other places of one letter is no
    rival of himself: a pair counts the less, the more its task is like the one it would replace.
    """
    best: tuple[dict[int, list[tuple[float, int]]], ...] = ({}, {})
    for pair, chance in sure.items():
        if chance >= LEAST_RIVAL:
            for side in (0, 1):
                best[side].setdefault(pair[side], []).append((chance, pair[1 - side]))
    alike = [cache(partial(_alike, letter)) for letter in (one, other)]
    found = {}
    for pair in sure:
        sides = [
            max(
                (
                    chance * (1 - alike[1 - side](pair[1 - side], task))
                    for chance, task in best[side].get(pair[side], ())
                    if task != pair[1 - side]
                ),
                default=0.0,
            )
            for side in (0, 1)
        ]
        part = 0 if task_pairs.size(one[pair[0]]) <= task_pairs.size(other[pair[1]]) else 1
        found[pair] = sides[part], sides[1 - part]
    return found


def _alike(letter: Sequence[Linkable], one: int, other: int) -> float:
    """The share of matter common to two tasks of a letter."""
    told = task_pairs.measures(letter[one], letter[other])
    return told["alike"] if told else 0.0
