"""The evidence weights of `extractors/data/linking.toml`, fitted on samples, and what a fit is worth on others.

`python -m benchmarks link-weights`. Right pairs are those of `samples/links/samples.pairs`, of gold tasks and of
tasks extracted; wrong ones all other pairs of these letters and of the other batches, whose letters have nothing
to do with each other (one letter of five, for time). Logistic regression, weights drawn to what was judged before
any fit, in three steps: two tasks alone, beside the other tasks of their letters, and against their rivals, who
are told by the step before. A series of letters held back is scored by fits on the others. Which letters are
related is told by the weights `alone` of the file: run again after writing new ones, until they stay.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import msgspec
import numpy as np

from extractors import chains, linking, related_letters
from extractors.linking import LIKELY, POSSIBLE, Fit
from extractors.task_pairs import Linkable
from models import Office
from pipeline import evaluate_links
from pipeline.links import as_linkable

SAMPLES = Path(__file__).parent.parent / "samples"
UNRELATED = (SAMPLES, *sorted(SAMPLES.glob("batch*")))
SERIES = (("81", "82", "83", "84"), ("86", "87", "88"), ("91", "92", "93"))
SERIES += (("61", "62", "63", "64", "65"), ("66", "67", "68", "69"))
SERIES += (("41", "42", "43", "44", "45"), ("46", "47", "48", "49"))
SERIES += (("71", "72", "73", "74", "75"), ("76", "77", "78", "79"))
SERIES += (("21", "22", "23", "24", "25"), ("26", "27", "28", "29"))
SERIES += (("51", "52", "53", "54", "55"), ("56", "57", "58", "59"))
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
    "other_period": -4.0,
    "same_leads": 1.0,
    "some_same_lead": 0.3,
    "one_of_the_leads": 0.5,
    "lead_among_all": 0.0,
    "lead_of_its_kind": 0.5,
    "lead_cooperates": 0.0,
    "other_leads": -1.2,
    "names_the_lead": 1.0,
    "same_source": 0.8,
    "same_deadline": 0.8,
    "same_quarter": 0.2,
    "names_the_deadline": 1.5,
    "names_the_letter": 1.0,
    "letter_cites_it": 0.6,
    "earlier_deadline": -0.3,
    "moved_deadline": 0.3,
    "later_deadline": 0.0,
    "far_deadline": -1.5,
    "other_numbers": -0.5,
    "smaller_numbers": -0.2,
    "other_counts": -1.0,
    "fewer_of_it": 0.5,
    "other_amounts": -1.0,
    "other_names": -0.7,
    "rest_of_it": 0.7,
    "little_matter": -1.5,
    "of_its_letter": -2.0,
    "other_role": -2.0,
    "accounts_for_it": -2.0,
    "shared_here": 1.0,
    "covered_here": 2.0,
    "number_here": 1.0,
    "only_task_of_lead": 0.5,
    "rival_of_part": -1.0,
    "rival_of_whole": -1.0,
    "in_order": 0.5,
    "out_of_order": -0.5,
    "beside_a_pair": 0.5,
}
"""The weights before any fit, in log-odds."""

WITHIN = {"same_letter": -0.8, "same_section": -3.0}
"""Weights of pairs within one letter, judged: too few letters of the samples tell a task twice."""

NAMES = tuple(JUDGED)
BESIDE = tuple(name for name in NAMES if name not in related_letters.AMONG)
ALONE = tuple(name for name in BESIDE if name not in related_letters.NAMES)
STEPS: dict[Fit, tuple[str, ...]] = {"alone": ALONE, "beside": BESIDE, "among_rivals": NAMES}
Weights = dict[Fit, np.ndarray]


class Pairs(msgspec.Struct):
    """Pairs of tasks of two letters with matter in common, and which of them are one task."""

    one: list[Linkable]
    other: list[Linkable]
    told: related_letters.Measured
    right: set[related_letters.Pair]
    kept: set[related_letters.Pair]
    """Those that count: all but what is borderline."""


def pairs_of(
    letters: Sequence[evaluate_links.Extracted], right: set[frozenset[str]], left_out: set[frozenset[str]]
) -> list[Pairs]:
    """Each two letters with what is measured of the pairs of their tasks, rivals aside."""
    made = [
        [as_linkable(task_id, task, name, letter) for task_id, task in tasks] for name, letter, tasks in letters
    ]
    found = []
    for one, other in combinations(made, 2):
        told = related_letters.beside(one, other)
        ids = {(i, j): frozenset(task.task_id.partition("#")[0] for task in (one[i], other[j])) for i, j in told}
        found.append(
            Pairs(
                one,
                other,
                told,
                {pair for pair, names in ids.items() if names in right},
                {pair for pair, names in ids.items() if names not in left_out},
            )
        )
    return found


def matrix(letters: Sequence[Pairs], names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs as numbers, a row each in the order of `names`, and whether they are one task.

    Those with hardly any matter in common that are none are left out.
    """
    rows, right = [], []
    for pairs in letters:
        for pair, (measured, codes) in pairs.told.items():
            is_right = pair in pairs.right
            if pair in pairs.kept and (is_right or measured["covered"] >= LEAST_COVERED):
                rows.append(_row(measured, codes, names))
                right.append(is_right)
    return np.array(rows), np.array(right, float)


def _row(measured: Mapping[str, float], codes: Sequence[str], names: Sequence[str]) -> list[float]:
    told = {"bias": 1.0, **measured, **dict.fromkeys(codes, 1.0)}
    return [told.get(name, 0.0) for name in names]


def with_rivals(letters: Sequence[Pairs], beside: np.ndarray) -> list[Pairs]:
    """The same pairs with their rivals, who are told by weights."""
    found = []
    for pairs in letters:
        sure = {}
        for pair, (measured, codes) in pairs.told.items():
            sure[pair] = float(chances(np.array([_row(measured, codes, BESIDE)]), beside)[0])
        others = related_letters.among(pairs.one, pairs.other, sure)
        told = {
            pair: (measured | dict(zip(related_letters.AMONG, others[pair], strict=True)), codes)
            for pair, (measured, codes) in pairs.told.items()
        }
        found.append(msgspec.structs.replace(pairs, told=told))
    return found


def chances(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The probability of each row."""
    return np.asarray(1 / (1 + np.exp(-np.clip(rows @ weights, -60, 60))))


def fit(rows: np.ndarray, right: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Weights in the order of `names`: Newton's method, its steps halved where they would lead away."""
    centre = np.array([JUDGED[name] for name in names])

    def loss(weights: np.ndarray) -> float:
        odds = np.clip(rows @ weights, -60, 60)
        return float((np.logaddexp(0, odds) - right * odds).sum() + RIDGE / 2 * ((weights - centre) ** 2).sum())

    weights, reached = centre.copy(), loss(centre)
    for _ in range(60):
        chance = chances(rows, weights)
        slope = rows.T @ (chance - right) + RIDGE * (weights - centre)
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + RIDGE * np.eye(len(names))
        step = np.linalg.solve(bend, slope)
        while loss(weights - step) > reached and np.abs(step).max() > 1e-6:
            step = step / 2
        weights = weights - step
        gained, reached = reached - loss(weights), loss(weights)
        if gained < 1e-6:
            break
    return weights


def fits(letters: Sequence[Pairs]) -> Weights:
    """The weights of all steps."""
    found: Weights = {}
    for step, names in STEPS.items():
        seen = with_rivals(letters, found["beside"]) if step == "among_rivals" else letters
        found[step] = fit(*matrix(seen, names), names)
    return found


def figures(letters: Sequence[Pairs], weights: Weights) -> np.ndarray:
    """How many links are right, wrong and missed, as letter after letter comes and joins the chains before it.

    And the same of later mentions, each by its links to earlier ones.
    """
    said: dict[str, dict[chains.Pair, chains.Said]] = {}
    words, lately = (
        np.array([name in names for name in NAMES], float) for names in (linking.WORDS, linking.LATELY)
    )
    right, left_out = set(), set()
    for pairs in with_rivals(letters, weights["beside"]):
        # The names of letters are numbered as they came.
        later = max(pairs.one[0].letter, pairs.other[0].letter)
        for pair, (measured, codes) in pairs.told.items():
            ids = frozenset((pairs.one[pair[0]].task_id, pairs.other[pair[1]].task_id))
            beside = np.array(_row(measured, codes, NAMES)) * weights["among_rivals"]
            alone = np.array(_row(measured, codes, ALONE)) @ weights["alone"]
            together = linking.on_one_scale(codes, float(alone), float(beside.sum()))
            told = chains.Said(together, float(beside @ words), float(beside @ lately))
            said.setdefault(later, {})[ids] = told
            right |= {ids} if pair in pairs.right else set()
            left_out |= set() if pair in pairs.kept else {ids}
    tasks = {task.task_id: task for pairs in letters for task in (*pairs.one, *pairs.other)}
    when = {task_id: (task.letter, task_id) for task_id, task in tasks.items()}
    linked: set[chains.Pair] = set()
    known_odds: dict[chains.Pair, float] = {}
    for letter in sorted(said):
        known = chains.of_pairs(linked)
        parted = linking.parted(tasks, known, {ids: told.odds for ids, told in said[letter].items()})
        odds = chains.as_one(known, said[letter], when, parted)
        joined = chains.joined(known, known_odds | odds, linking.odds_of(LIKELY), parted)
        linked |= joined.keys()
        known_odds |= {ids: told for ids, told in odds.items() if told >= linking.odds_of(POSSIBLE)}
    linked = {ids for ids in linked if len({tasks[task].letter for task in ids}) == 2}
    found = (linked & right, linked - right - left_out, right)
    mentions = [{max((tasks[task].letter, task) for task in ids) for ids in pairs} for pairs in found]
    return np.array(
        [*map(len, found[:2]), len(right - linked), *map(len, mentions[:2]), len(mentions[2] - mentions[0])]
    )


def main() -> None:
    """Print the fitted weights, how they do on what they were fitted on, and what held-out series say."""
    pairs, borderline = evaluate_links.read_pairs(SAMPLES / "links" / "samples.pairs")
    extracted = list(evaluate_links.extracted_letters(SAMPLES / "links", Office()))
    gold = pairs_of(evaluate_links.gold_letters(SAMPLES / "links", extracted), pairs, borderline)
    read = pairs_of(extracted, pairs, borderline)
    others = [
        (f"{folder.name}/{name}", letter, [(f"{folder.name}/{task_id}", task) for task_id, task in tasks])
        for folder in UNRELATED
        for name, letter, tasks in evaluate_links.gold_letters(folder)
    ]
    unrelated = pairs_of(others[::5], set(), set())
    weights = fits([*gold, *read, *unrelated])
    for step, names in STEPS.items():
        fitted = dict(zip(names, weights[step].tolist(), strict=True)) | WITHIN
        print(f"[{step}]\n" + "\n".join(f"{name} = {weight:.2f}" for name, weight in fitted.items()) + "\n")
    print(
        f"{'':28}"
        + "".join(f" {title:>6}" for title in 2 * ("right", "wrong", "missed"))
        + "  (links, later mentions)"
    )
    for title, part in (("gold tasks", gold), ("extracted tasks", read), ("unrelated letters", unrelated)):
        print(f"{title:28}" + " ".join(f"{count:6}" for count in figures(part, weights)))
    total = np.zeros(6, int)
    for series in SERIES:
        inside: list[list[Pairs]] = [[], []]
        outside = []
        for part, letters in zip(inside, (gold, read), strict=True):
            for two in letters:
                of_series = [side[0].letter.startswith(series) for side in (two.one, two.other)]
                if all(of_series):
                    part.append(two)
                elif not any(of_series):
                    outside.append(two)
        held_back = fits([*outside, *unrelated])
        found = sum(figures(part, held_back) for part in inside)
        total += found
        print(f"{'held back: ' + series[0] + ' to ' + series[-1]:28}" + " ".join(f"{count:6}" for count in found))
    for title, (right, wrong, missed) in (("links", total[:3]), ("later mentions", total[3:])):
        precision, recall = right / (right + wrong), right / (right + missed)
        print(f"held back, together, {title}: precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main()
