"""Which mentions of tasks are one task, taken together: a mention joins a chain of them as a whole, or not at all.

Two tasks that look alike may be two. Where one of them stands for several mentions, what speaks for each of these
is weighed, and the mean decides (average linkage): one pair that looks alike does not join two chains that do not,
and a mention told in other words stays with those that are told like it. Two parts of one whole are no one task:
how they look says nothing, each stands in the chain by what it has in common with the whole.

A chain is held against a mention as one thing: a deadline is moved from the one set last and a letter answers the
last one, so what these say of the last mention counts for all; and who retells a task takes up the words of one of
its mentions, seldom of each. Pure.
"""

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import product
from typing import Any

import msgspec

Pair = frozenset[str]
"""The ids of two tasks."""

MISSING = -2.0
"""Log-odds of two tasks of which nothing is known."""

MOST = 4.0
"""Log-odds for or against, from which one pair says no more of its chains."""

REFUSED = -math.inf
"""Log-odds of two tasks of which a person said that they are not one."""

BEST_WORDS = 0.5
"""How far the wording of a chain's mentions counts as the best of them does: 0 not at all, 1 just so."""


class Said(msgspec.Struct, frozen=True):
    """What speaks for two tasks being one, in log-odds.

    `odds` is all of it; `words` of that what the wording says, `lately` what changes from letter to letter.
    """

    odds: float
    words: float = 0.0
    lately: float = 0.0


_Told = dict[int, dict[int, tuple[float, int, int]]]
"""Of two chains by their numbers: the log-odds of pairs between them, how many are known, how many parted."""


def of_pairs(pairs: Iterable[Pair]) -> list[list[str]]:
    """The tasks that pairs join, chain by chain."""
    found: list[set[str]] = []
    for pair in pairs:
        joined = [chain for chain in found if chain & pair]
        found = [chain for chain in found if not chain & pair] + [set(pair).union(*joined)]
    return [sorted(chain) for chain in found]


def as_one(
    chains: Iterable[Sequence[str]],
    said: Mapping[Pair, Said],
    when: Mapping[str, Any],
    parted: Set[Pair] = frozenset(),
) -> dict[Pair, float]:
    """The log-odds of pairs, those of a task with the mentions of one chain told of the chain as one thing.

    `when` orders mentions by their letters, `parted` are pairs of tasks that are two parts of one whole.
    """
    stands = {task: n for n, chain in enumerate(chains) for task in chain}
    mentions: dict[tuple[str, int], list[str]] = {}
    for pair in said.keys() - parted:
        for task in pair - stands.keys():
            for other in pair & stands.keys():
                mentions.setdefault((task, stands[other]), []).append(other)
    odds = {pair: told.odds for pair, told in said.items()}
    for (task, _), others in mentions.items():
        of_mention = {other: said[frozenset((task, other))] for other in others}
        last = of_mention[max(others, key=when.__getitem__)]
        best = max(told.words for told in of_mention.values())
        for other, told in of_mention.items():
            odds[frozenset((task, other))] += last.lately - told.lately + BEST_WORDS * (best - told.words)
    return odds


def joined(
    chains: Iterable[Sequence[str]], odds: Mapping[Pair, float], least: float, parted: Set[Pair] = frozenset()
) -> dict[Pair, float]:
    """Pairs of tasks that come to be linked, with the mean log-odds at which their chains were joined.

    `chains` are those known before, `odds` what is known of pairs of tasks, `parted` those that are two parts of
    one whole. None is joined below `least`, which must be above MISSING.
    """
    members = [sorted(chain) for chain in chains]
    stands = {task: n for n, chain in enumerate(members) for task in chain}
    for task in sorted({task for pair in odds for task in pair} - stands.keys()):
        stands[task] = len(members)
        members.append([task])
    told: _Told = {n: {} for n in range(len(members))}
    parted = {pair for pair in parted if pair <= stands.keys() and odds.get(pair) != REFUSED}
    for pair in sorted(odds.keys() | parted, key=sorted):
        one, other = (stands[task] for task in sorted(pair))
        if one != other and pair in parted:
            _add(told, one, other, (0.0, 0, 1))
        elif one != other:
            known = odds[pair] if odds[pair] == REFUSED else max(-MOST, min(MOST, odds[pair]))
            _add(told, one, other, (known, 1, 0))
    found: dict[Pair, float] = {}
    while True:
        mean, one, other = _nearest(members, told)
        if mean < least:
            return found
        pairs = map(frozenset, product(members[one], members[other]))
        found |= {pair: mean for pair in pairs if pair not in parted}
        members[one] += members[other]
        for beside, between in told.pop(other).items():
            del told[beside][other]
            if beside != one:
                _add(told, one, beside, between)


def _add(told: _Told, one: int, other: int, more: tuple[float, int, int]) -> None:
    total, known, parted = told[one].get(other, (0.0, 0, 0))
    told[one][other] = told[other][one] = total + more[0], known + more[1], parted + more[2]


def _nearest(members: Sequence[Sequence[str]], told: _Told) -> tuple[float, int, int]:
    """The greatest mean between two chains, and which they are (the first of equal ones); minus infinity: none."""
    best = -math.inf, 0, 0
    for one, beside in told.items():
        for other, (total, known, parted) in beside.items():
            count = len(members[one]) * len(members[other]) - parted
            if one < other and count:
                best = max(best, ((total + (count - known) * MISSING) / count, -one, -other))
    return best[0], -best[1], -best[2]
