"""Named evidence → probability that a value is right, per field and for the record, with reasons of doubt.

Each field has a logistic table: a bias and a weight for each name (`data/calibration.json`, fitted by `giaoviec
calibrate`; an office's own after `giaoviec learn`). Nothing is a number where a value is found; it is named there.
"""

import math
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import msgspec

from extractors import evidence
from models import Calibration, Confidence, Evidence, Letter, Piece, Task, Weights

# A recognised word below this is doubtful (Tesseract's own measure, 0 to 1).
DOUBTFUL_WORD = 0.6

# No evidence makes a value surer than this: records to learn from are some hundreds.
LEAST, MOST = 0.001, 0.999


@cache
def shipped() -> Calibration:
    """The calibration that ships, fitted on samples."""
    kept = resources.files("extractors").joinpath("data/calibration.json").read_bytes()
    return msgspec.json.decode(kept, type=Calibration)


@cache
def doubts() -> dict[str, list[str]]:
    """The names that are reasons of doubt, by field."""
    return tomllib.loads(resources.files("extractors").joinpath("data/confidence.toml").read_text("utf-8"))


def judged(letter: Letter, tasks: Sequence[Task], calibration: Calibration | None = None) -> tuple[Task, ...]:
    """The tasks of a letter with their whole evidence, their probabilities and reasons of doubt."""
    calibration = calibration or shipped()
    return tuple(
        msgspec.structs.replace(task, evidence=told, confidence=assess(told, calibration), reasons=reasons(told))
        for task, told in zip(tasks, evidence.of_tasks(letter, tasks), strict=True)
    )


def assess(told: Evidence, calibration: Calibration) -> Confidence:
    """The probabilities of a task's fields and of the whole record."""
    text, lead, deadline = (
        _chance(_odds(calibration.text, told.text)),
        _chance(_odds(calibration.lead, told.lead)),
        _chance(_odds(calibration.deadline, told.deadline)),
    )
    product = text * lead * deadline
    overall = _chance(calibration.slope * math.log(product / (1 - product)) + calibration.shift)
    return Confidence(*(round(value, 4) for value in (text, lead, deadline, overall)))


def reasons(told: Evidence) -> tuple[str, ...]:
    """The names among the evidence that make a reviewer look twice."""
    fields = (("text", told.text), ("lead", told.lead), ("deadline", told.deadline))
    return tuple(dict.fromkeys(name for field, names in fields for name in names if name in doubts()[field]))


def _odds(weights: Weights, names: Iterable[str]) -> float:
    """Log-odds; a name the table does not know says nothing."""
    return weights.bias + sum(weights.weights.get(name, 0.0) for name in dict.fromkeys(names))


def _chance(odds: float) -> float:
    return min(MOST, max(LEAST, 1.0 / (1.0 + math.exp(-max(-99.0, min(99.0, odds))))))


def of_words(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The name for how well the words of a value were recognised; nothing for a text layer."""
    read = [piece.confidence for piece in pieces if piece.confidence is not None]
    if not read:
        return ()
    doubtful = sum(confidence < DOUBTFUL_WORD for confidence in read)
    if doubtful == 0:
        return ("recognised_well",)
    return ("recognised_badly",) if doubtful > 0.1 * len(read) else ("words_doubtful",)
