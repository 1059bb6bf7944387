"""The evidence weights of `extractors/data/linking.toml`, fitted on samples, and what a fit is worth on others.

`python -m benchmarks link-weights`. Right pairs are those of `samples/links/samples.pairs`, of gold tasks and of
tasks extracted; wrong ones all other pairs of these letters and of the other batches, whose letters have nothing
to do with each other (one letter of three, for time). Logistic regression, weights drawn to what was judged before
any fit. A series of letters held back is scored by a fit on the others; which letters are related is told by the
weights `alone`, an older fit on the series 81 to 93.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import msgspec
import numpy as np

from extractors import related_letters
from extractors.linking import LIKELY, Linkable
from models import Office
from pipeline import evaluate_links
from pipeline.links import as_linkable

SAMPLES = Path(__file__).parent.parent / "samples"
UNRELATED = (SAMPLES, *sorted(SAMPLES.glob("batch*")))
SERIES = (("81", "82", "83", "84"), ("86", "87", "88"), ("91", "92", "93"))
SERIES += (("61", "62", "63", "64", "65"), ("66", "67", "68", "69"))
LEAST_COVERED = 0.15
"""Share of a text's matter that a pair must have in common to be worth a row."""

RIDGE = 1.0
JUDGED = {
    "bias": -8.0,
    "covered": 4.0,
    "alike": 4.0,
    "own_covered": 2.0,
    "own_alike": 2.0,
    "own_shared": 2.0,
    "same_leads": 1.0,
    "some_same_lead": 0.3,
    "one_of_the_leads": 0.5,
    "lead_among_all": 0.0,
    "lead_of_its_kind": 0.5,
    "other_leads": -1.2,
    "same_source": 0.8,
    "same_deadline": 0.8,
    "same_quarter": 0.2,
    "names_the_letter": 1.0,
    "letter_cites_it": 0.6,
    "other_numbers": -0.5,
    "little_matter": -1.5,
    "of_its_letter": -2.0,
    "other_role": -2.0,
    "shared_here": 1.0,
    "covered_here": 2.0,
    "number_here": 1.0,
    "only_task_of_lead": 0.5,
    "best_here": 1.0,
    "outdone": -1.0,
    "other_years": -1.0,
}
"""The weights before any fit, in log-odds."""

NAMES = tuple(JUDGED)


class Rows(msgspec.Struct):
    """Pairs as numbers: features (a row each, in the order of NAMES), whether they are one task, and letters."""

    features: np.ndarray
    right: np.ndarray
    letters: list[str]

    def of(self, wanted: Sequence[bool]) -> "Rows":
        """The rows that are wanted."""
        kept = np.array(wanted, bool)
        letters = [letter for letter, keep in zip(self.letters, kept, strict=True) if keep]
        return Rows(self.features[kept], self.right[kept], letters)


def rows(
    letters: Sequence[evaluate_links.Extracted], pairs: set[frozenset[str]], left_out: set[frozenset[str]]
) -> Rows:
    """All pairs of tasks of different letters that have matter in common, those left out excepted."""
    made = [
        [as_linkable(task_id, task, name, letter) for task_id, task in tasks] for name, letter, tasks in letters
    ]
    found = list(_pairs(made, pairs, left_out))
    return Rows(
        np.array([features for features, _, _ in found]),
        np.array([right for _, right, _ in found], float),
        [letter for _, _, letter in found],
    )


def _pairs(
    letters: Sequence[Sequence[Linkable]], pairs: set[frozenset[str]], left_out: set[frozenset[str]]
) -> Iterator[tuple[list[float], bool, str]]:
    for one, other in combinations(letters, 2):
        for (n, m), (measured, codes) in related_letters.measured(one, other).items():
            a, b = one[n], other[m]
            pair = frozenset(task.task_id.partition("#")[0] for task in (a, b))
            if pair in left_out or (measured["covered"] < LEAST_COVERED and pair not in pairs):
                continue
            told = {"bias": 1.0, **measured, **dict.fromkeys(codes, 1.0)}
            yield [told.get(name, 0.0) for name in NAMES], pair in pairs, a.letter


def fit(known: Rows) -> np.ndarray:
    """Weights in the order of NAMES."""
    centre = np.array(list(JUDGED.values()))
    weights = centre.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-known.features @ weights))
        slope = known.features.T @ (chance - known.right) + RIDGE * (weights - centre)
        bend = (known.features * (chance * (1 - chance))[:, None]).T @ known.features + RIDGE * np.eye(len(NAMES))
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def figures(tested: Rows, weights: np.ndarray) -> tuple[int, int, int]:
    """(right, wrong, missed) links of some rows."""
    linked = 1 / (1 + np.exp(-tested.features @ weights)) >= LIKELY
    right = tested.right == 1
    return int((linked & right).sum()), int((linked & ~right).sum()), int((~linked & right).sum())


def together(parts: Sequence[Rows]) -> Rows:
    """Rows of several kinds as one."""
    return Rows(
        np.vstack([part.features for part in parts]),
        np.concatenate([part.right for part in parts]),
        [letter for part in parts for letter in part.letters],
    )


def main() -> None:
    """Print the fitted weights, how they do on what they were fitted on, and what held-out series say."""
    pairs, borderline = evaluate_links.read_pairs(SAMPLES / "links" / "samples.pairs")
    gold = rows(evaluate_links.gold_letters(SAMPLES / "links"), pairs, borderline)
    read = rows(list(evaluate_links.extracted_letters(SAMPLES / "links", Office())), pairs, borderline)
    others = [
        (f"{folder.name}/{name}", letter, [(f"{folder.name}/{task_id}", task) for task_id, task in tasks])
        for folder in UNRELATED
        for name, letter, tasks in evaluate_links.gold_letters(folder)
    ]
    unrelated = rows(others[::3], set(), set())
    linked = together([gold, read])
    weights = fit(together([linked, unrelated]))
    print("\n".join(f"{name} = {weight:.2f}" for name, weight in zip(NAMES, weights, strict=True)))
    print(f"\n{'':28} {'right':>6} {'wrong':>6} {'missed':>6}")
    for title, part in (("gold tasks", gold), ("extracted tasks", read), ("unrelated letters", unrelated)):
        print(f"{title:28}" + " ".join(f"{count:6}" for count in figures(part, weights)))
    total = np.zeros(3, int)
    for series in SERIES:
        inside = [letter.startswith(series) for letter in linked.letters]
        others_fit = fit(together([linked.of([not it for it in inside]), unrelated]))
        found = figures(linked.of(inside), others_fit)
        total += found
        print(f"{'held back: ' + series[0] + ' to ' + series[-1]:28}" + " ".join(f"{count:6}" for count in found))
    right, wrong, missed = map(int, total)
    print(f"held back, together: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f}")
