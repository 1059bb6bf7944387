"""The figures of the scorer: extracted tasks against gold, per document and together; gains and losses.

Gold is one task a line (`NAME.tasks.jsonl`) beside the document (`NAME.pdf`, …). A pair of tasks counts when
their words agree by 0.80; a record is right when text, leads and deadline all are. Gold tasks marked optional are
neither required nor counted wrong.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rapidfuzz.distance import Indel

from extractors import extract
from models import Letter, Miss, Office, Task
from pipeline import reading
from pipeline.settings import Settings

SUFFIXES = (".pdf", ".docx", ".html", ".htm", ".txt", ".tif", ".tiff", ".png", ".jpg", ".jpeg")
AGREEMENT = 0.80
LEAST_COMMON = 4
DATED = frozenset({"date", "month", "quarter", "year"})
PRECISION_UNSEEN = 0.99

Record = dict[str, Any]


class Tally(msgspec.Struct):
    """Counts over one document or several; `judged` pairs a record's confidence with whether it is right."""

    gold: int = 0
    predicted: int = 0
    matched: int = 0
    leads: int = 0
    deadlines: int = 0
    records: int = 0
    dated: int = 0
    kinds: int = 0
    coops_matched: int = 0
    coops_gold: int = 0
    coops_predicted: int = 0
    sources: int = 0
    sources_right: int = 0
    results: int = 0
    results_right: int = 0
    modalities: int = 0
    modalities_right: int = 0
    judged: list[tuple[float | None, bool]] = []
    missed: int = 0
    offered: int = 0
    unread: int = 0
    unread_offered: int = 0

    def add(self, other: "Tally") -> None:
        """Adds the counts of another tally."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Mistake(msgspec.Struct, frozen=True):
    """One difference from gold: `missed`, `invented`, `lead` or `due`, with what gold says and what was found."""

    kind: str
    document: str
    text: str
    expected: str
    found: str


# --- Comparing

_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe",
    "oẽ": "õe", "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_NEW_TONE = re.compile("(?:" + "|".join(_TONES) + r")(?!\w)")


def normal(text: str | None) -> str:
    """Words in small letters, tone marks in their old place, punctuation dropped, `&` as `và`."""
    small = unicodedata.normalize("NFC", text or "").lower().replace("&", " và ")
    return " ".join(re.findall(r"\w+", _NEW_TONE.sub(lambda match: _TONES[match.group()], small)))


def names(value: Iterable[str] | None) -> frozenset[str]:
    """A set of agencies, compared as `normal` does."""
    return frozenset(normal(name) for name in value or () if normal(name))


def due(record: Mapping[str, Any]) -> tuple[str, str | None]:
    """What has to agree of a deadline: the date of a dated one, else the kind."""
    kind = record.get("deadline_kind") or "none"
    return ("dated", record.get("deadline_date")) if kind in DATED else (kind, None)


def pairs(gold: Sequence[Record], predicted: Sequence[Record]) -> list[tuple[int, int]]:
    """Indexes of tasks that are the same one, one to one.

    Best agreement first, then more fields alike, required before optional, near in order before far.
    """
    gold_words = [normal(task["text"]).split() for task in gold]
    predicted_words = [normal(task["text"]).split() for task in predicted]
    candidates: list[tuple[float, int, bool, int, int, int]] = []
    for i, a in enumerate(gold_words):
        for j, b in enumerate(predicted_words):
            if 2 * min(len(a), len(b)) < AGREEMENT * (len(a) + len(b)):
                continue
            similarity = Indel.normalized_similarity(a, b, score_cutoff=AGREEMENT)
            if similarity >= AGREEMENT:
                alike = (names(gold[i]["lead"]) == names(predicted[j].get("lead"))) + (
                    due(gold[i]) == due(predicted[j])
                )
                optional = bool(gold[i].get("optional"))
                candidates.append((-round(similarity, 2), -alike, optional, abs(i - j), i, j))
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    found: list[tuple[int, int]] = []
    for *_, i, j in sorted(candidates):
        if i not in taken_gold and j not in taken_predicted:
            taken_gold.add(i)
            taken_predicted.add(j)
            found.append((i, j))
    return found


def compare(document: str, gold: Sequence[Record], predicted: Sequence[Record]) -> tuple[Tally, list[Mistake]]:
    """Counts and mistakes of one document."""
    tally = Tally(gold=sum(not task.get("optional") for task in gold))
    mistakes: list[Mistake] = []
    found = pairs(gold, predicted)
    gold_of = {j: i for i, j in found}
    matched_gold = {i for i, _ in found}
    for i, task in enumerate(gold):
        if i not in matched_gold and not task.get("optional"):
            mistakes.append(Mistake("missed", document, task["text"], f"{task['lead']} {due(task)}", ""))
    for j, task in enumerate(predicted):
        confidence = _confidence(task)
        if j not in gold_of:
            tally.predicted += 1
            tally.judged.append((confidence, False))
            mistakes.append(Mistake("invented", document, task["text"], "", f"{task.get('lead')} {due(task)}"))
            continue
        expected = gold[gold_of[j]]
        if expected.get("optional"):
            continue
        lead = names(expected["lead"]) == names(task.get("lead"))
        deadline = due(expected) == due(task)
        coops_gold, coops_found = names(expected["coop"]), names(task.get("coop"))
        tally.predicted += 1
        tally.matched += 1
        tally.leads += lead
        tally.deadlines += deadline
        tally.records += lead and deadline
        tally.dated += expected["deadline_kind"] in DATED
        tally.kinds += expected["deadline_kind"] in DATED and expected["deadline_kind"] == task.get(
            "deadline_kind"
        )
        tally.coops_matched += len(coops_gold & coops_found)
        tally.coops_gold += len(coops_gold)
        tally.coops_predicted += len(coops_found)
        tally.judged.append((confidence, lead and deadline))
        mistakes += _beside(tally, document, expected, task)
        if not lead:
            mistakes.append(Mistake("lead", document, task["text"], str(expected["lead"]), str(task.get("lead"))))
        if not deadline:
            mistakes.append(Mistake("due", document, task["text"], str(due(expected)), str(due(task))))
    return tally, mistakes


def _beside(tally: Tally, document: str, expected: Record, task: Record) -> list[Mistake]:
    """Counts what stands beside a record (assigning document, result, modality) where gold has it."""
    mistakes = []
    for field, counted in (("source_doc", "sources"), ("result", "results"), ("modality", "modalities")):
        if not expected.get(field):
            continue
        right = normal(expected[field]) == normal(task.get(field))
        setattr(tally, counted, getattr(tally, counted) + 1)
        setattr(tally, f"{counted}_right", getattr(tally, f"{counted}_right") + right)
        if not right:
            mistakes.append(Mistake(field, document, task["text"], str(expected[field]), str(task.get(field))))
    return mistakes


def _confidence(task: Mapping[str, Any]) -> float | None:
    value = task.get("confidence")
    overall = value.get("overall") if isinstance(value, Mapping) else value
    return float(overall) if overall is not None else None


def figures(tally: Tally) -> dict[str, float]:
    """The scorer's figures by name."""
    found = {
        "gold": float(tally.gold),
        "pred": float(tally.predicted),
        "task_precision": _share(tally.matched, tally.predicted),
        "task_recall": _share(tally.matched, tally.gold),
        "task_f1": _f1(tally.matched, tally.predicted, tally.gold),
        "lead_accuracy": _share(tally.leads, tally.matched),
        "coop_f1": _f1(tally.coops_matched, tally.coops_predicted, tally.coops_gold),
        "due_accuracy": _share(tally.deadlines, tally.matched),
        "grain_accuracy": _share(tally.kinds, tally.dated),
        "record_f1": _f1(tally.records, tally.predicted, tally.gold),
    }
    for name, counted in (("source_doc", "sources"), ("result", "results"), ("modality", "modalities")):
        if getattr(tally, counted):
            found[f"{name}_exact"] = _share(getattr(tally, f"{counted}_right"), getattr(tally, counted))
    found |= {
        "possible_misses": float(tally.offered),
        "missed": float(tally.missed),
        "missed_in_no_other_task": float(tally.unread),
        "of_these_offered": _share(tally.unread_offered, tally.unread) if tally.unread else 1.0,
    }
    judged = [(confidence, right) for confidence, right in tally.judged if confidence is not None]
    if judged and len(judged) == len(tally.judged):
        found |= calibration(judged)
    return found


def calibration(judged: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """How well confidence tells right records from wrong ones.

    `ece`: expected calibration error over ten bins; `aurc`: area under the risk-coverage curve, beside that of a
    constant (which knows nothing) and of a perfect ranking; the share of errors in the least confident fifth; the
    share acceptable unseen at 99 % precision.
    """
    ordered = sorted(judged, key=lambda pair: -pair[0])
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in ordered:
        bins.setdefault(min(int(confidence * 10), 9), []).append((confidence, right))
    gaps = (abs(sum(c for c, _ in inside) - sum(right for _, right in inside)) for inside in bins.values())
    wrong, risk, acceptable = 0, 0.0, 0
    for count, (_, right) in enumerate(ordered, 1):
        wrong += not right
        risk += wrong / count
        if wrong <= (1 - PRECISION_UNSEEN) * count:
            acceptable = count
    tail = ordered[len(ordered) - max(1, len(ordered) // 5) :]
    return {
        "ece": sum(gaps) / len(ordered),
        "aurc": risk / len(ordered),
        "aurc_constant": wrong / len(ordered),
        "aurc_perfect": _perfect(len(ordered), wrong),
        "errors_in_least_confident_fifth": sum(not right for _, right in tail) / wrong if wrong else 1.0,
        "acceptable_unseen_at_99": acceptable / len(ordered),
    }


def _perfect(records: int, wrong: int) -> float:
    """The area under the risk-coverage curve where all wrong records come last."""
    right = records - wrong
    return sum((count - right) / count for count in range(right + 1, records + 1)) / records if records else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(matched: int, predicted: int, gold: int) -> float:
    return 2 * matched / (predicted + gold) if predicted + gold else 1.0


def changes(
    gold: Sequence[Record], before: Sequence[Record], after: Sequence[Record]
) -> tuple[list[str], list[str]]:
    """Gains and losses between two sets of predictions: texts of gold tasks newly right, and no longer so."""
    was, now = _right(gold, before), _right(gold, after)
    gained = [gold[i]["text"] for i in sorted(now - was)]
    lost = [gold[i]["text"] for i in sorted(was - now)]
    return gained, lost


def _right(gold: Sequence[Record], predicted: Sequence[Record]) -> set[int]:
    """Indexes of gold tasks whose record is right."""
    return {
        i
        for i, j in pairs(gold, predicted)
        if names(gold[i]["lead"]) == names(predicted[j].get("lead")) and due(gold[i]) == due(predicted[j])
    }


# --- Documents


def report(
    gold: Path,
    settings: Settings,
    *,
    documents: tuple[str, ...] = (),
    show: int = 0,
    save: Path | None = None,
    against: Path | None = None,
    rules: bool = False,
) -> str:
    """Reads and extracts every document with gold beside it; the figures as a table, and up to `show` mistakes.

    `documents` picks files by name. `save` writes the predictions, one a line with the document's name; `against`
    reads such a file and adds what was gained and lost since, `rules` in which documents each rule fires. Raises
    FileNotFoundError where no gold is found.
    """
    tallies: dict[str, Tally] = {}
    mistakes: list[Mistake] = []
    predictions: list[Record] = []
    golds: dict[str, list[Record]] = {}
    for path, gold_file in with_gold(gold, documents):
        expected = read_records(gold_file)
        letter = Letter()
        try:
            letter = extracted(path, settings.office)
        except Exception as error:  # one document that fails must not hide the others' figures
            mistakes.append(Mistake("failed", path.name, f"{type(error).__name__}: {error}", "", ""))
        predicted = [as_record(path.name, task) for task in letter.tasks]
        tallies[path.name], found = compare(path.name, expected, predicted)
        missed = [mistake.text for mistake in found if mistake.kind == "missed"]
        tallies[path.name].offered = len(letter.misses)
        tallies[path.name].missed = len(missed)
        unread = [text for text in missed if not stands_in(text, predicted)]
        tallies[path.name].unread = len(unread)
        tallies[path.name].unread_offered = sum(is_offered(text, letter.misses) for text in unread)
        mistakes += found
        predictions += predicted
        golds[path.name] = expected
    if not tallies:
        raise FileNotFoundError(f"no document with gold in {gold}")
    together = Tally()
    for tally in tallies.values():
        together.add(tally)
    lines = _table({name: figures(tally) for name, tally in tallies.items()} | {"": figures(together)})
    lines += _shown(mistakes, show)
    if against is not None:
        lines += _changes(golds, read_records(against), predictions)
    if rules:
        lines += firing(predictions)
    if save is not None:
        save.write_bytes(b"".join(msgspec.json.encode(record) + b"\n" for record in predictions))
    return "\n".join(lines)


def extracted(path: Path, office: Office) -> Letter:
    """The letter one file is."""
    return extract(reading.read(path, media_type=reading.media_type(path), sha256=""), office)


def stands_in(missed: str, predicted: Sequence[Record]) -> bool:
    """Whether a missed task is part of one that was read too long: a reviewer has it before him, to be split."""
    words = set(normal(missed).split())
    return any(len(words & set(normal(task["text"]).split())) >= AGREEMENT * len(words) for task in predicted)


def is_offered(missed: str, offered: Iterable[Miss]) -> bool:
    """Whether a missed task is among the sentences offered as possible misses, so that a reviewer is led to it.

    A sentence may be part of the task, or the task part of it: most of the words of the shorter are the other's.
    """
    task = set(normal(missed).split())
    for miss in offered:
        sentence = set(normal(miss.text).split())
        common = len(task & sentence)
        if common >= LEAST_COMMON and common >= AGREEMENT * min(len(task), len(sentence)):
            return True
    return False


def as_record(document: str, task: Task) -> Record:
    """A task in gold's form."""
    deadline = task.deadline
    return {
        "document": document,
        "text": task.text,
        "lead": [lead.name for lead in task.leads],
        "coop": [coop.name for coop in task.coops],
        "deadline_text": deadline.text,
        "deadline_kind": deadline.kind,
        "deadline_date": deadline.date.isoformat() if deadline.date else None,
        "source_doc": task.source_doc,
        "result": task.result,
        "modality": task.modality,
        "section": " > ".join(task.section),
        "confidence": task.confidence.overall,
        "rules": list(task.rules),
    }


def firing(predictions: Sequence[Record]) -> list[str]:
    """How many tasks each rule had a part in, and in which documents; those of one document only come last."""
    found: dict[str, list[str]] = {}
    for record in predictions:
        for rule in dict.fromkeys(record["rules"]):
            found.setdefault(rule, []).append(record["document"])
    ordered = sorted(found.items(), key=lambda item: (-len(set(item[1])), -len(item[1]), item[0]))
    return [
        f"{rule:32} {len(names):5} tasks {len(set(names)):3} documents"
        + (f" ({names[0]})" if len(set(names)) == 1 else "")
        for rule, names in ordered
    ]


def read_records(path: Path) -> list[Record]:
    """The records of a JSON-lines file."""
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def with_gold(folder: Path, chosen: Sequence[str] = ()) -> Iterable[tuple[Path, Path]]:
    """Documents and their gold files; of several forms of one document the first of SUFFIXES."""
    for gold_file in sorted(folder.glob("*.tasks.jsonl")):
        name = gold_file.name.removesuffix(".tasks.jsonl")
        beside = [folder / f"{name}{suffix}" for suffix in SUFFIXES if (folder / f"{name}{suffix}").is_file()]
        if chosen:
            yield from ((path, gold_file) for path in beside if path.name in chosen or name in chosen)
        elif beside:
            yield beside[0], gold_file


def _table(columns: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Figures as rows, documents as columns; the column without a name is all together."""
    rows = list(dict.fromkeys(name for figures_ in columns.values() for name in figures_))
    heads = [name or "together" for name in columns]
    widths = [max(len(head), 9) for head in heads]
    lines = [" " * 32 + "".join(f"  {head:>{width}}" for head, width in zip(heads, widths, strict=True))]
    for row in rows:
        cells = (_cell(figures_.get(row), row) for figures_ in columns.values())
        lines.append(
            f"{row:32}" + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        )
    return lines


def _cell(value: float | None, row: str) -> str:
    if value is None:
        return "-"
    return (
        str(int(value))
        if row in ("gold", "pred", "possible_misses", "missed", "missed_in_no_other_task")
        else f"{value:.4f}"
    )


def _shown(mistakes: Sequence[Mistake], most: int) -> list[str]:
    """The first `most` mistakes of each kind."""
    lines: list[str] = []
    seen: dict[str, int] = {}
    for mistake in mistakes:
        seen[mistake.kind] = seen.get(mistake.kind, 0) + 1
        if seen[mistake.kind] <= most:
            lines.append(
                f"[{mistake.kind}] {mistake.document}: {mistake.text[:110]} | {mistake.expected} | {mistake.found}"
            )
    return lines


def _changes(
    golds: Mapping[str, Sequence[Record]], before: Sequence[Record], after: Sequence[Record]
) -> list[str]:
    """What was gained and lost, document by document."""
    gains: list[str] = []
    losses: list[str] = []
    for name, gold in golds.items():
        gained, lost = changes(
            gold,
            [record for record in before if record.get("document") == name],
            [record for record in after if record.get("document") == name],
        )
        gains += [f"+ {name}: {text[:110]}" for text in gained]
        losses += [f"- {name}: {text[:110]}" for text in lost]
    return [f"{len(gains)} gained, {len(losses)} lost", *gains, *losses]
