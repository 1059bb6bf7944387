"""How far two people agree on which tasks are one: `python -m benchmarks.link_agreement GOLD_DIR FIRST SECOND`.

Of pairs of tasks of different letters, which is what the second was asked for. A pair somebody doubted counts as
not said by him, and, in a second line, is left out for both.
"""

import argparse
from itertools import combinations
from pathlib import Path

import msgspec

from pipeline.evaluate_links import Pair, gold_letters, read_pairs


class Agreement(msgspec.Struct, frozen=True):
    """How many of `pairs` both said to be one task, and how many only the one or the other."""

    pairs: int
    both: int
    first_only: int
    second_only: int

    @property
    def positive(self) -> float:
        """Positive agreement: the chance that what one of them says to be one task the other says too."""
        said = 2 * self.both + self.first_only + self.second_only
        return 2 * self.both / said if said else 1.0

    @property
    def kappa(self) -> float:
        """Cohen's kappa: agreement beyond what chance would give."""
        one, other = self.both + self.first_only, self.both + self.second_only
        seen = (self.pairs - self.first_only - self.second_only) / self.pairs
        chance = (one * other + (self.pairs - one) * (self.pairs - other)) / self.pairs**2
        return (seen - chance) / (1 - chance) if chance < 1 else 1.0


def agreement(pairs: set[Pair], first: set[Pair], second: set[Pair]) -> Agreement:
    """How two markings agree on some pairs."""
    first, second = first & pairs, second & pairs
    return Agreement(len(pairs), len(first & second), len(first - second), len(second - first))


def of_different_letters(gold: Path) -> set[Pair]:
    """All pairs of gold tasks of a folder that stand in different letters."""
    letters = gold_letters(gold)
    return {
        frozenset((a, b))
        for (_, _, some), (_, _, others) in combinations(letters, 2)
        for a, _ in some
        for b, _ in others
    }


def main() -> None:
    """Print the agreement of two markings, and what only one of them has."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.link_agreement", description=__doc__)
    for name in ("gold", "first", "second"):
        parser.add_argument(name, type=Path)
    a = parser.parse_args()
    pairs = of_different_letters(a.gold)
    (first, first_doubts), (second, second_doubts) = read_pairs(a.first), read_pairs(a.second)
    for title, counted in (
        ("a doubt is a no", pairs),
        ("doubts of either left out", pairs - first_doubts - second_doubts),
    ):
        found = agreement(counted, first, second)
        print(
            f"{title:26} both {found.both}, first only {found.first_only}, second only {found.second_only}, "
            f"of {found.pairs:,} pairs: positive agreement {found.positive:.3f}, kappa {found.kappa:.3f}"
        )
    for title, one, other, doubts in (
        ("first only", first, second, second_doubts),
        ("second only", second, first, first_doubts),
    ):
        for pair in sorted(map(sorted, (one - other) & pairs)):
            print(f"{title}: {' ~ '.join(pair)}{' (the other doubted)' if frozenset(pair) in doubts else ''}")


if __name__ == "__main__":
    main()
