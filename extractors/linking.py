"""The same task in several letters: urged again, reported overdue, split, or given a new deadline.

`weigh` weighs what `task_pairs` says of two tasks that the database found by the keys they share; `link` says what
that makes of them with what their chains say (`chains`). Pure; weights are data (`data/linking.toml`).
"""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal, get_args

import msgspec

from extractors import chains
from extractors.chains import Pair, Said
from extractors.task_pairs import Linkable, Measures, about_leads, measures, parts_of_one, reasons

Level = Literal["exact", "likely", "possible"]

Fit = Literal["alone", "beside", "among_rivals"]
"""What weights are fitted for: two tasks alone, beside the others of their letters, and against them."""

LIKELY = 0.7
"""Confidence from which a link is shown as one; below it is only offered."""

LIKELY_ALONE = 0.967
"""Confidence of two tasks whose letters have nothing else in common that counts as LIKELY."""

NO_DOUBT = 0.933
"""Confidence of two tasks by themselves that counts as LIKELY, whatever stands beside them."""

OTHER_ROLE = -0.85
"""Log-odds that two tasks reach at most where one is to guide or press whoever does the other."""

POSSIBLE = 0.4
"""Confidence from which a link is offered at all."""

EXACT = 0.9
"""Share of common matter from which the wording counts as the same."""


class Link(msgspec.Struct, frozen=True):
    """That two tasks are one: how sure (`level`, `confidence` 0 to 1) and why (`reasons`, codes)."""

    task: str
    other: str
    level: Level
    confidence: float
    reasons: tuple[str, ...]


class Evidence(msgspec.Struct, frozen=True):
    """What speaks for two tasks being one: how sure that makes (0 to 1), and why (`reasons`, codes).

    `odds` are log-odds on one scale for all pairs, whatever is known of their letters: LIKELY counts alike.
    `words` is what of them the wording says, `lately` what changes from letter to letter.
    """

    confidence: float
    odds: float
    reasons: tuple[str, ...]
    words: float = 0.0
    lately: float = 0.0

    @property
    def said(self) -> Said:
        """The same as a chain needs it."""
        return Said(self.odds, self.words, self.lately)


WORDS = frozenset(
    {
        *("covered", "alike", "own_covered", "own_alike", "own_shared"),
        *("shared_here", "covered_here", "number_here"),
    }
)
"""The measures of wording."""

LATELY = frozenset(
    {
        *("same_deadline", "same_quarter", "names_the_deadline"),
        *("earlier_deadline", "moved_deadline", "later_deadline", "far_deadline"),
        *("only_task_of_lead", "in_order", "out_of_order", "beside_a_pair"),
    }
)
"""Codes and measures of what changes from letter to letter: the deadline, and a task's place among the others."""

_IN_ORDER = {"other_counts": "fewer_of_it", "other_numbers": "smaller_numbers"}
_IN_ORDER |= dict.fromkeys(("moved_deadline", "later_deadline", "far_deadline"), "earlier_deadline")
"""What a code may become once it is known which letter is the earlier one."""


@cache
def _evidence_weights() -> dict[Fit, dict[str, float]]:
    data = tomllib.loads(resources.files("extractors").joinpath("data/linking.toml").read_text("utf-8"))
    return {fit: data[fit] for fit in get_args(Fit)}


def compare(a: Linkable, b: Linkable) -> Link | None:
    """Whether two tasks are one by themselves; None where nothing much speaks for it, whichever comes first."""
    evidence = weigh(a, b)
    return None if evidence is None else link(a, b, evidence, evidence.odds)


def weigh(a: Linkable, b: Linkable) -> Evidence | None:
    """What speaks for two tasks being one by themselves; None where they have nothing in common."""
    measured = measures(a, b)
    if measured is None:
        return None
    codes = reasons(a, b, measured)
    alone = log_odds(measured, codes, "alone")
    return _evidence(measured, codes, "alone", alone, on_one_scale(codes, alone))


def weigh_beside(measured: Measures, codes: Sequence[str]) -> Evidence:
    """The same of what `related_letters` measured of two tasks beside the other tasks of their letters."""
    beside, alone = log_odds(measured, codes, "among_rivals"), log_odds(measured, codes, "alone")
    said = max(beside, alone) if alone >= odds_of(NO_DOUBT) else beside
    return _evidence(measured, codes, "among_rivals", said, on_one_scale(codes, alone, beside))


def on_one_scale(codes: Sequence[str], alone: float, beside: float | None = None) -> float:
    """The log-odds of two tasks by themselves, and beside the other tasks of their letters where that is known.

    There they count, unless the words of the two leave no doubt.
    """
    sure = LIKELY_ALONE if beside is None else NO_DOUBT
    odds = max(-math.inf if beside is None else beside, alone - odds_of(sure) + odds_of(LIKELY))
    # Whoever guides does another task, however alike the words.
    return min(odds, OTHER_ROLE) if "other_role" in codes else odds


def _evidence(measured: Measures, codes: Sequence[str], fit: Fit, said: float, odds: float) -> Evidence:
    covered, alike = measured["covered"], measured["alike"]
    how = "same_wording" if alike >= EXACT else "part_of_wording" if covered - alike > 0.35 else "like_wording"
    weights = _evidence_weights()[fit]
    of_measures = {name: weights.get(name, 0.0) * value for name, value in measured.items()}
    words = sum(value for name, value in of_measures.items() if name in WORDS)
    lately = sum(value for name, value in of_measures.items() if name in LATELY)
    lately += sum(weights[code] for code in codes if code in LATELY)
    return Evidence(_probability(said), odds, (how, *codes), words, lately)


def link(a: Linkable, b: Linkable, evidence: Evidence | None, together: float) -> Link | None:
    """The link of two tasks, as `together` says, the mean log-odds of their chains; None where there is none."""
    alone = evidence.confidence if evidence is not None else 0.0
    confidence = max(alone, _probability(together))
    codes = evidence.reasons if evidence is not None else tuple(about_leads(a, b))
    # Another body's part of the whole stands in the same chain and is no less a part for that.
    if confidence < POSSIBLE or (alone < POSSIBLE and "other_leads" in codes):
        return None
    # Only a person may link a task with that of whoever guides it.
    level: Level = "likely" if together >= odds_of(LIKELY) and "other_role" not in codes else "possible"
    if evidence is None or (level == "likely" and evidence.odds < odds_of(LIKELY)):
        codes = (*codes, "like_its_chain")
    elif together < odds_of(LIKELY) <= evidence.odds:
        codes = (*codes, "unlike_its_chain")
    if level == "likely" and "same_wording" in codes and not {"other_leads", "little_matter"} & set(codes):
        level = "exact"
    return Link(a.task_id, b.task_id, level, round(confidence, 4), codes)


def parted(tasks: Mapping[str, Linkable], known: Iterable[Sequence[str]], odds: Mapping[Pair, float]) -> set[Pair]:
    """Pairs of tasks that are two parts of one whole, of those in one chain (`known`) or likely to come to one."""
    near = [pair for pair, told in odds.items() if told >= odds_of(LIKELY)]
    near += [frozenset(pair) for chain in known for pair in pairwise(chain)]
    groups = [[tasks[task_id] for task_id in chain] for chain in chains.of_pairs(near)]
    return {pair for group in groups for pair in parts_of_one(group)}


def odds_of(probability: float) -> float:
    """A probability as log-odds."""
    return math.log(probability / (1 - probability))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def chance(a: Linkable, b: Linkable) -> float:
    """The probability that two tasks are one, by themselves."""
    measured = measures(a, b)
    return 0.0 if measured is None else probability(measured, reasons(a, b, measured), "alone")


def may_be_one(a: Linkable, b: Linkable) -> bool:
    """Whether `compare` can link two tasks of which it is not known yet what their letters refer to."""
    measured = measures(a, b)
    if measured is None:
        return False
    evidence = _evidence_weights()["alone"]
    best = max(evidence[code] for code in ("names_the_letter", "letter_cites_it"))
    codes = reasons(a, b, measured)
    best += sum(max(0.0, evidence[_IN_ORDER[code]] - evidence[code]) for code in codes if code in _IN_ORDER)
    return log_odds(measured, codes, "alone") + best >= odds_of(POSSIBLE)


def log_odds(measured: Measures, codes: Iterable[str], fit: Fit) -> float:
    """How much speaks for two tasks being one, of the evidence for and against it."""
    evidence = _evidence_weights()[fit]
    score = evidence["bias"] + sum(evidence.get(name, 0.0) * value for name, value in measured.items())
    return score + sum(evidence[code] for code in codes)


def probability(measured: Measures, codes: Iterable[str], fit: Fit) -> float:
    """The same as a probability."""
    return _probability(log_odds(measured, codes, fit))
