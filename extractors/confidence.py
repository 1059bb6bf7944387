"""Named evidence → probability that a value is right, per field, with the codes a reviewer is shown.

Each field has a logistic table (`data/confidence.toml`): a bias and a weight for each code. Evidence is named
where a value is found; nothing there is a number. `overall` takes the fields as independent.
"""

import math
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import msgspec

from models import Confidence, Piece

# A recognised word below this is doubtful (Tesseract's own measure, 0 to 1).
DOUBTFUL_WORD = 0.6


class Evidence(msgspec.Struct, frozen=True):
    """Codes of what speaks for and against a task's text, leads and deadline."""

    text: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    deadline: tuple[str, ...] = ()


@cache
def table() -> dict[str, dict[str, float]]:
    """Weights by field and code."""
    return tomllib.loads(resources.files("extractors").joinpath("data/confidence.toml").read_text("utf-8"))


def assess(evidence: Evidence) -> tuple[Confidence, tuple[str, ...]]:
    """The probabilities of a task's fields, and as reasons the codes that lower them."""
    text, lead, deadline = (
        _probability("text", evidence.text),
        _probability("lead", evidence.lead),
        _probability("deadline", evidence.deadline),
    )
    reasons = [
        code
        for field, codes in (("text", evidence.text), ("lead", evidence.lead), ("deadline", evidence.deadline))
        for code in codes
        if table()[field].get(code, 0.0) < 0
    ]
    overall = text * lead * deadline
    return Confidence(*(round(value, 4) for value in (text, lead, deadline, overall))), tuple(
        dict.fromkeys(reasons)
    )


def _probability(field: str, codes: Iterable[str]) -> float:
    """The logistic function of the field's bias and the weights of the codes; KeyError for an unknown code."""
    weights = table()[field]
    return 1.0 / (1.0 + math.exp(-(weights["bias"] + sum(weights[code] for code in dict.fromkeys(codes)))))


def of_words(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The code for how well the words of a value were recognised; nothing for a text layer."""
    read = [piece.confidence for piece in pieces if piece.confidence is not None]
    if not read:
        return ()
    doubtful = sum(confidence < DOUBTFUL_WORD for confidence in read)
    if doubtful == 0:
        return ("recognised_well",)
    return ("recognised_badly",) if doubtful > 0.1 * len(read) else ("words_doubtful",)
