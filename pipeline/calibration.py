"""Confidence fitted to what people found: judged evidence in, a calibration and its figures out.

Rows to fit on are of two kinds. Cold: what the rules made of letters they had not been worked on with, at the
commit at which each batch was first scored. Warm: what the present rules make of the same letters and of scans of
them. The truth about a new letter lies between the two: some are of kinds an office's letters were of before, some
of kinds nobody has seen. Both count for one half (`samples/calibration/`, made by `samples/replay.py`).
"""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from extractors import confidence, extract
from models import Calibration, Evidence, Office, Task, Weights
from pipeline import evaluate, reading

RIDGE = 1.0
"""How strongly weights are drawn to 0 (half the inverse of their prior variance); chosen on held-out samples."""

LEAST_SEEN = 5
"""A name seen in fewer records than this says nothing yet."""

PARTS, FOLDS = 5, 10
"""How many parts the documents are cut into: where the whole record is fitted on others, where a fit is tested."""

COLD = "cold"
"""What the origin of cold rows begins with."""

WARM_SHARE = 0.5
"""What share of the letters to come is taken to be of kinds the rules have been worked on with."""

FADES_IN: float | None = None
"""Batches after which a cold row counts for half; None: old ones count as new ones do."""

FIRST_FORWARD = 5
"""So many batches must lie before one that is told by a fit on them."""

FIELDS = ("text", "lead", "deadline")
ITERATIONS, TOLERANCE = 50, 1e-7
RESAMPLES = 400


class Judged(msgspec.Struct, frozen=True, omit_defaults=True):
    """One extracted task beside the truth. `lead` and `deadline` are None where the task is none (text wrong).

    `origin` says which version of the rules made it of which form of the document (`7728244`, `office scan`).
    """

    document: str
    evidence: Evidence
    text: bool
    lead: bool | None = None
    deadline: bool | None = None
    origin: str = ""
    weight: float = 1.0

    @property
    def right(self) -> bool:
        """Whether the whole record is."""
        return bool(self.text and self.lead and self.deadline)


# Rows


def judge(document: str, gold: Sequence[evaluate.Record], tasks: Sequence[Task], origin: str = "") -> list[Judged]:
    """Tasks beside gold, by the rules of the scorer; those that gold calls optional are left out."""
    predicted = [evaluate.as_record(document, task) for task in tasks]
    gold_of = {j: i for i, j in evaluate.pairs(gold, predicted)}
    found: list[Judged] = []
    for j, task in enumerate(tasks):
        if j not in gold_of:
            found.append(Judged(document, task.evidence, False, origin=origin))
            continue
        expected = gold[gold_of[j]]
        if not expected.get("optional"):
            lead = evaluate.names(expected["lead"]) == evaluate.names(predicted[j]["lead"])
            deadline = evaluate.due(expected) == evaluate.due(predicted[j])
            found.append(Judged(document, task.evidence, True, lead, deadline, origin))
    return found


def judge_folder(folder: Path, office: Office, origin: str) -> list[Judged]:
    """What the present rules make of the documents of a folder that have gold beside them."""
    rows: list[Judged] = []
    for path, gold in evaluate.with_gold(folder, ()):
        document = reading.read(path, media_type=reading.media_type(path), sha256="")
        rows += judge(path.name, evaluate.read_records(gold), extract(document, office).tasks, origin)
    return rows


def load(path: Path) -> list[Judged]:
    """The rows of a JSON-lines file."""
    decoder = msgspec.json.Decoder(Judged)
    return [decoder.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def save(path: Path, rows: Iterable[Judged]) -> None:
    """Write rows as JSON lines."""
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


# Fitting


def fit(rows: Sequence[Judged], version: str, fitted_on: str, prior: Calibration | None = None) -> Calibration:
    """The calibration of judged rows; with `prior`, weights are drawn to its own rather than to 0.

    The whole record's slope and shift are fitted on documents that the tables they correct have not seen.
    """
    tables = _tables(rows, prior)
    documents = sorted({_stem(row.document) for row in rows})
    slope, shift = (prior.slope, prior.shift) if prior is not None else (1.0, 0.0)
    if len(documents) >= PARTS:
        told: list[tuple[float, Judged]] = []
        centre = np.array([shift, slope])
        for part in range(PARTS):
            held = set(documents[part::PARTS])
            others = _tables([row for row in rows if _stem(row.document) not in held], prior)
            told += [(_product_odds(row.evidence, others), row) for row in rows if _stem(row.document) in held]
        features = np.array([[1.0, odds] for odds, _ in told])
        right = np.array([row.right for _, row in told], float)
        weights = np.array([row.weight for _, row in told])
        shift, slope = map(float, _logistic(features, right, weights, centre, np.ones(2)))
    return msgspec.structs.replace(
        tables,
        version=version,
        slope=round(slope, 4),
        shift=round(shift, 4),
        fitted_on=fitted_on,
        records=len(rows),
    )


def _tables(rows: Sequence[Judged], prior: Calibration | None) -> Calibration:
    text, lead, deadline = (_table(rows, field, prior) for field in FIELDS)
    return Calibration("", text, lead, deadline)


def _table(rows: Sequence[Judged], field: str, prior: Calibration | None) -> Weights:
    """The logistic table of one field, fitted on the rows that tell whether it is right."""
    known = [row for row in rows if getattr(row, field) is not None]
    before: Weights = getattr(prior, field) if prior is not None else Weights(0.0, {})
    seen: dict[str, int] = {}
    for row in known:
        for name in dict.fromkeys(getattr(row.evidence, field)):
            seen[name] = seen.get(name, 0) + 1
    names = sorted({*before.weights, *(name for name, count in seen.items() if count >= LEAST_SEEN)})
    place = {name: 1 + i for i, name in enumerate(names)}
    features = np.zeros((len(known), 1 + len(names)))
    features[:, 0] = 1.0
    for i, row in enumerate(known):
        features[i, [place[name] for name in getattr(row.evidence, field) if name in place]] = 1.0
    centre = np.array([before.bias, *(before.weights.get(name, 0.0) for name in names)])
    strength = np.full(len(centre), RIDGE)
    strength[0] = RIDGE if prior is not None else 0.01
    found = _logistic(
        features,
        np.array([getattr(row, field) for row in known], float),
        np.array([row.weight for row in known]),
        centre,
        strength,
    )
    return Weights(
        round(float(found[0]), 4), {n: round(float(w), 4) for n, w in zip(names, found[1:], strict=True)}
    )


def _logistic(
    features: np.ndarray, right: np.ndarray, weights: np.ndarray, centre: np.ndarray, strength: np.ndarray
) -> np.ndarray:
    """Logistic regression by Newton's method, coefficients drawn to `centre` by `strength`; steps are halved where
    they would lead uphill.
    """
    sign = np.where(right > 0.5, 1.0, -1.0)

    def cost(at: np.ndarray) -> float:
        return float(weights @ np.logaddexp(0.0, -sign * (features @ at)) + strength @ (at - centre) ** 2 / 2)

    found, now = centre.copy(), cost(centre)
    for _ in range(ITERATIONS):
        chance = 1 / (1 + np.exp(-np.clip(features @ found, -30, 30)))
        slope = features.T @ (weights * (chance - right)) + strength * (found - centre)
        curve = (features.T * (weights * chance * (1 - chance))) @ features + np.diag(strength)
        step = np.linalg.solve(curve, slope)
        while (then := cost(found - step)) > now and np.abs(step).max() > TOLERANCE:
            step = step / 2
        found, now = found - step, then
        if np.abs(step).max() < TOLERANCE:
            break
    return found


def _product_odds(told: Evidence, calibration: Calibration) -> float:
    overall = confidence.assess(told, calibration).overall
    return math.log(overall / (1 - overall))


# Figures

Pair = tuple[str, float, bool]
"""(document, confidence of the record, whether it is right)."""


def told_by(rows: Iterable[Judged], calibration: Calibration) -> list[Pair]:
    """What a calibration says of each row, beside the truth."""
    return pairs((row, _overall(row, calibration)) for row in rows)


Told = tuple[Judged, float]
"""A row, and what a calibration that has not seen its document says of it."""


def held_out(rows: Sequence[Judged]) -> list[Told]:
    """What is said of rows by calibrations that have not seen their document in any form."""
    found: list[Told] = []
    stems = sorted({_stem(row.document) for row in rows})
    for part in range(min(FOLDS, len(stems))):
        held = set(stems[part::FOLDS])
        fitted = fit([row for row in rows if _stem(row.document) not in held], "", "")
        found += [(row, _overall(row, fitted)) for row in rows if _stem(row.document) in held]
    return found


def forward(
    rows: Sequence[Judged],
    share: float = WARM_SHARE,
    fades_in: float | None = FADES_IN,
    first: int = FIRST_FORWARD,
) -> list[Told]:
    """What is said of each cold batch by a calibration of the batches scored before it, and nothing of its own."""
    batches = _batches(rows)
    found: list[Told] = []
    for place, origin in enumerate(batches[first:], first):
        before = set(batches[:place])
        known = {_stem(row.document) for row in rows if row.origin in before}
        earlier = [row for row in rows if row.origin in before or (_is_warm(row) and _stem(row.document) in known)]
        fitted = fit(weighed(earlier, share, fades_in), "", "")
        found += [(row, _overall(row, fitted)) for row in rows if row.origin == origin]
    return found


def _overall(row: Judged, calibration: Calibration) -> float:
    return confidence.assess(row.evidence, calibration).overall


def pairs(told: Iterable[Told]) -> list[Pair]:
    """Rows with what is said of them, as figures want them."""
    return [(row.document, chance, row.right) for row, chance in told]


def _stem(document: str) -> str:
    return document.rsplit(".", 1)[0]


class Figure(msgspec.Struct, frozen=True):
    """A figure with the interval in which 95 % of resamples of the documents have it."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def figures(told: Sequence[Pair], seed: int = 7) -> dict[str, Figure]:
    """The figures of confidence with intervals bootstrapped by document; see `evaluate.calibration`."""
    whole = evaluate.calibration([(chance, right) for _, chance, right in told])
    by_document: dict[str, list[tuple[float, bool]]] = {}
    for document, chance, right in told:
        by_document.setdefault(document, []).append((chance, right))
    documents = sorted(by_document)
    chosen = np.random.default_rng(seed).integers(0, len(documents), (RESAMPLES, len(documents)))
    samples = [evaluate.calibration([p for i in row for p in by_document[documents[i]]]) for row in chosen]
    return {
        name: Figure(value, *(float(np.quantile([s[name] for s in samples], q)) for q in (0.025, 0.975)))
        for name, value in whole.items()
    }


def log_loss(told: Iterable[tuple[float, bool]]) -> float:
    """How far what is said of records is from the truth: the mean of −log of the chance given to what came out."""
    return float(np.mean([-math.log(chance if right else 1 - chance) for chance, right in told]))


def report(rows: Path, office: Office, *, write: Path | None, tests: Sequence[Path]) -> list[str]:
    """Fits the rows of a folder; figures on letters held back, cold ones apart, and on folders never fitted on."""
    files = sorted(rows.glob("*.jsonl"))
    known = weighed([row for file in files for row in load(file)])
    fitted = fit(known, f"samples, {len(known)} records", ", ".join(file.stem for file in files))
    told = held_out(known)
    lines = described(pairs(told), "samples, each by a fit that has not seen it")
    lines += described(pairs(one for one in told if not _is_warm(one[0])), "  of these, cold")
    if ahead := forward(known):
        lines += described(pairs(ahead), "cold batches, each by a fit on those before it")
        for origin in _batches([row for row, _ in ahead]):
            lines += described(pairs(one for one in ahead if one[0].origin == origin), f"  of these, {origin}")
    for folder in tests:
        lines += described(told_by(judge_folder(folder, office, ""), fitted), str(folder))
    if write is not None:
        write.write_bytes(as_json(fitted))
    return lines


def weighed(rows: Sequence[Judged], share: float = WARM_SHARE, fades_in: float | None = FADES_IN) -> list[Judged]:
    """Rows with the weight of their origin: cold ones 1, less as they fade; warm ones make up `share`."""
    batches = _batches(rows)
    fading = {origin: 0.5 ** (age / fades_in) if fades_in else 1.0 for age, origin in enumerate(reversed(batches))}
    cold = sum(fading[row.origin] for row in rows if not _is_warm(row))
    warm = sum(_is_warm(row) for row in rows)
    weight = share / (1 - share) * cold / warm if cold and warm else 1.0
    return [msgspec.structs.replace(row, weight=fading.get(row.origin, weight)) for row in rows]


def _batches(rows: Iterable[Judged]) -> list[str]:
    """The origins of cold rows in the order in which they were scored, which is that of the rows."""
    return list(dict.fromkeys(row.origin for row in rows if not _is_warm(row)))


def _is_warm(row: Judged) -> bool:
    return not row.origin.startswith(COLD)


def described(judged: Sequence[Pair], title: str) -> list[str]:
    """The figures of confidence as lines of text."""
    right = sum(right for *_, right in judged) / len(judged)
    told = sum(chance for _, chance, _ in judged) / len(judged)
    lines = [f"{title}: {len(judged)} records, {right:.3f} of them right, mean confidence {told:.3f}"]
    return lines + [f"  {name:32} {figure}" for name, figure in figures(judged).items()]


def as_json(calibration: Calibration) -> bytes:
    """The calibration as its file holds it, names in order of weight."""

    def ordered(weights: Weights) -> dict[str, Any]:
        return {"bias": weights.bias, "weights": dict(sorted(weights.weights.items(), key=lambda pair: pair[1]))}

    kept = msgspec.to_builtins(calibration) | {field: ordered(getattr(calibration, field)) for field in FIELDS}
    return msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n"
