"""What so many wrong of so many looked at say of the error: exact bounds, and the threshold that they confirm.

Clopper and Pearson's bound, one-sided: 299 records without an error show one of 1 % at most, 95 % sure. Several
thresholds are tried by fixed-sequence testing (Angelopoulos and others, "Learn then test", 2021): from the
strictest down, each by the same bound, until the first that is not confirmed; so the sureness holds for the one
that is found.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

SURE = 0.95
"""How sure it must be that the error is under the target."""

WORST = 10
"""No record is accepted that is so many times likelier to be wrong than the target, by its own confidence."""

STEP = 0.005
"""How far the thresholds that are tried stand apart."""


class Tried(msgspec.Struct, frozen=True):
    """A threshold with the records above it that people have looked at, and how many of them were wrong."""

    threshold: float
    records: int
    wrong: int


def tried(looked_at: Iterable[tuple[float, bool]], target: float) -> list[Tried]:
    """Records looked at (confidence, right), counted above each threshold; the strictest first."""
    known = list(looked_at)
    count = int(min(1.0, WORST * target) / STEP + 1e-9)
    thresholds = [round(1 - step * STEP, 4) for step in range(1, count + 1)]
    return [
        Tried(
            threshold,
            sum(confidence >= threshold for confidence, _ in known),
            sum(confidence >= threshold and not right for confidence, right in known),
        )
        for threshold in thresholds
    ]


def confirmed(steps: Sequence[Tried], target: float) -> Tried | None:
    """The lowest threshold above which the error is shown to be `target` at most; None where none is."""
    return _sequence(steps, target)[0]


def nearest(steps: Sequence[Tried], target: float) -> Tried:
    """The threshold that the fewest more records without an error would confirm; the lower one of two alike."""
    _, in_reach = _sequence(steps, target)
    best, fewest = in_reach[-1], math.inf
    for step in reversed(in_reach):
        # So many wrong want more than their number through the target: most steps need not be worked out.
        if step.wrong / target - step.records < fewest and (more := missing(step, target)) < fewest:
            best, fewest = step, more
    return best


def _sequence(steps: Sequence[Tried], target: float) -> tuple[Tried | None, Sequence[Tried]]:
    """The lowest threshold confirmed, and all down to the first that is not, before which no lower one can be."""
    found = None
    for place, step in enumerate(steps, 1):
        # Where to begin is told by how many were looked at, never by how many of them were wrong.
        if step.records < wanted(0, target):
            continue
        if most_error(step.wrong, step.records) > target:
            return found, steps[:place]
        found = step
    return found, steps


def missing(step: Tried, target: float) -> int:
    """How many more records without an error would confirm a threshold."""
    return max(0, wanted(step.wrong, target) - step.records)


def is_refuted(steps: Sequence[Tried], target: float) -> bool:
    """Whether the error is shown to be over `target` above every threshold that a record looked at reaches."""
    reached = [step for step in steps if step.records]
    return bool(reached) and all(least_error(step.wrong, step.records) > target for step in reached)


@lru_cache(maxsize=4096)
def most_error(wrong: int, records: int, sure: float = SURE) -> float:
    """The error that so many wrong of so many records do not exceed, with the sureness given (one-sided)."""
    return 1.0 if wrong >= records else _where(lambda error: _at_most(wrong, records, error) > 1 - sure)


@lru_cache(maxsize=4096)
def least_error(wrong: int, records: int, sure: float = SURE) -> float:
    """The error that so many wrong of so many records do not fall short of, likewise."""
    return 0.0 if wrong == 0 else _where(lambda error: 1 - _at_most(wrong - 1, records, error) < 1 - sure)


@lru_cache(maxsize=4096)
def wanted(wrong: int, target: float) -> int:
    """How many records, so many of them wrong, show an error of `target` at most."""
    low, high = wrong, wrong + 1
    while most_error(wrong, high) > target:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if most_error(wrong, middle) <= target else (middle, high)
    return high


def _at_most(wrong: int, records: int, error: float) -> float:
    """The probability of `wrong` or fewer among `records` that are wrong with probability `error` each."""
    if error <= 0 or error >= 1:
        return float(error <= 0)
    whole = math.lgamma(records + 1)
    return sum(
        math.exp(
            whole
            - math.lgamma(k + 1)
            - math.lgamma(records - k + 1)
            + k * math.log(error)
            + (records - k) * math.log1p(-error)
        )
        for k in range(wrong + 1)
    )


def _where(holds: Callable[[float], bool]) -> float:
    """The largest error between 0 and 1 for which a condition that holds for small ones does."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high
