"""Which mentions of tasks are one task, taken together: a mention joins a chain of them as a whole, or not at all.

Two tasks that look alike may be two. Where one of them stands for several mentions, what speaks for each of these
is weighed, and the mean decides (average linkage): one pair that looks alike does not join two chains that do not,
and a mention told in other words stays with those that are told like it. Pure.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

Pair = frozenset[str]
"""The ids of two tasks."""

MISSING = -2.0
"""Log-odds of two tasks of which nothing is known."""

MOST = 4.0
"""Log-odds for or against, from which one pair says no more of its chains."""

REFUSED = -math.inf
"""Log-odds of two tasks of which a person said that they are not one."""

_Told = dict[int, dict[int, tuple[float, int]]]
"""Of two chains by their numbers: the sum of the log-odds of pairs between them, and how many are known."""


def of_pairs(pairs: Iterable[Pair]) -> list[list[str]]:
    """The tasks that pairs join, chain by chain."""
    found: list[set[str]] = []
    for pair in pairs:
        joined = [chain for chain in found if chain & pair]
        found = [chain for chain in found if not chain & pair] + [set(pair).union(*joined)]
    return [sorted(chain) for chain in found]


def joined(chains: Iterable[Sequence[str]], odds: Mapping[Pair, float], least: float) -> dict[Pair, float]:
    """Pairs of tasks that come to stand in one chain, with the mean log-odds at which their chains were joined.

    `chains` are those known before, `odds` what is known of pairs of tasks. None is joined below `least`, which
    must be above MISSING.
    """
    members = [sorted(chain) for chain in chains]
    stands = {task: n for n, chain in enumerate(members) for task in chain}
    for task in sorted({task for pair in odds for task in pair} - stands.keys()):
        stands[task] = len(members)
        members.append([task])
    told: _Told = {n: {} for n in range(len(members))}
    for pair in sorted(odds, key=sorted):
        one, other = (stands[task] for task in sorted(pair))
        if one != other:
            known = odds[pair] if odds[pair] == REFUSED else max(-MOST, min(MOST, odds[pair]))
            _add(told, one, other, known, 1)
    found: dict[Pair, float] = {}
    while True:
        mean, one, other = _nearest(members, told)
        if mean < least:
            return found
        found |= {frozenset(pair): mean for pair in product(members[one], members[other])}
        members[one] += members[other]
        for beside, (total, pairs) in told.pop(other).items():
            del told[beside][other]
            if beside != one:
                _add(told, one, beside, total, pairs)


def _add(told: _Told, one: int, other: int, total: float, pairs: int) -> None:
    before = told[one].get(other, (0.0, 0))
    told[one][other] = told[other][one] = before[0] + total, before[1] + pairs


def _nearest(members: Sequence[Sequence[str]], told: _Told) -> tuple[float, int, int]:
    """The greatest mean between two chains, and which they are (the first of equal ones); minus infinity: none."""
    best = -math.inf, 0, 0
    for one, beside in told.items():
        for other, (total, pairs) in beside.items():
            if one < other:
                count = len(members[one]) * len(members[other])
                best = max(best, ((total + (count - pairs) * MISSING) / count, -one, -other))
    return best[0], -best[1], -best[2]
