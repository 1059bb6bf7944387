"""How well the same task is found across letters: gold tasks and pairs of them beside what linking says."""

import datetime
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from extractors import chains, extract
from extractors.reported_states import reported
from models import Office
from models.agency import AgencyMention
from models.deadline import Deadline
from models.letter import Letter
from models.task import Task
from pipeline import evaluate, reading
from pipeline.errors import WrongUse
from pipeline.journal import Event, now
from pipeline.links import links_of
from pipeline.store import Store

Pair = frozenset[str]
Extracted = tuple[str, Letter, list[tuple[str, Task]]]
"""A document's name, what it is as a letter, and its tasks by id."""

_PAIR = re.compile(r"(\?\s*)?(\S+)\s*~\s*(\S+)")


def read_pairs(path: Path) -> tuple[set[Pair], set[Pair]]:
    """(required, borderline) pairs of a file of lines `ID ~ ID`; raises WrongUse where a line is none."""
    required: set[Pair] = set()
    borderline: set[Pair] = set()
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found = _PAIR.fullmatch(line.strip())
        if found is None:
            raise WrongUse("bad_pair", file=path, line=line)
        (borderline if found[1] else required).add(frozenset((found[2], found[3])))
    return required, borderline


def report(gold: Path, pairs: Path, show: int, office: Office | None = None) -> str:
    """Precision and recall of linking the gold tasks of a folder, by level; with `show` the mistakes.

    Of pairs, and of later mentions: whether each is linked to an earlier mention of its task.

    With an `office`, the documents beside the gold are read for it, and the tasks extracted are linked, too.
    """
    required, borderline = read_pairs(pairs)
    read = list(extracted_letters(gold, office)) if office is not None else []
    letters = gold_letters(gold, read)
    texts = {task_id: task.text for _, _, tasks in letters for task_id, task in tasks}
    missing = {task for pair in required | borderline for task in pair} - texts.keys()
    if missing:
        raise WrongUse("no_such_task", task_id=", ".join(sorted(missing)))
    lines = [f"{len(texts)} tasks, {len(required)} pairs that are one task ({len(borderline)} borderline)"]
    lines += _figures("gold tasks linked", letters, required, borderline, show)
    if read:
        there = {task_id for name, _, tasks in letters if name in {n for n, _, _ in read} for task_id, _ in tasks}
        required, borderline = ({pair for pair in found if pair <= there} for found in (required, borderline))
        lines += _figures("extracted tasks linked", read, required, borderline, show)
    return "\n".join(lines)


def _figures(
    title: str, letters: Sequence[Extracted], required: set[Pair], borderline: set[Pair], show: int
) -> list[str]:
    texts = {task_id: task.text for _, _, tasks in letters for task_id, task in tasks}
    found = {
        frozenset(task_id.partition("#")[0] for task_id in pair): link for pair, link in _linked(letters).items()
    }
    found = {pair: link for pair, link in found.items() if len(pair) == 2}
    held = {pair for pair, link in found.items() if link["level"] != "possible"}
    rows = {"exact": {p for p, link in found.items() if link["level"] == "exact"}, "exact, likely": held}
    rows["with possible"] = set(found)
    lines = ["", f"{title:24} {'right':>6} {'wrong':>6} {'missed':>6} {'precision':>10} {'recall':>7}"]
    lines += [
        _row(name, linked & required, linked - required - borderline, required - linked)
        for name, linked in rows.items()
    ]
    ours, theirs = _chains(held, required, borderline), _chains(required, required, borderline)
    lines.append(_row("one chain", ours & theirs, ours - theirs - borderline, theirs - ours))
    lines.append(_mentions(letters, held, required, borderline))
    mistakes = [("missed", pair) for pair in sorted(map(sorted, required - held))]
    mistakes += [("wrong", pair) for pair in sorted(map(sorted, held - required - borderline))]
    for kind, (one, other) in mistakes[:show]:
        link = found.get(frozenset((one, other)))
        why = f" {link['confidence']:.2f} {', '.join(link['reasons'])}" if link else ""
        lines += ["", f"{kind}: {one} ~ {other}{why}"]
        lines += [f"  {texts.get(task_id, 'not extracted')[:150]}" for task_id in (one, other)]
    return lines


def _mentions(letters: Sequence[Extracted], held: set[Pair], required: set[Pair], borderline: set[Pair]) -> str:
    """The row of later mentions: linked to an earlier one of their task, linked to another task, not linked."""
    place = {task_id.partition("#")[0]: n for n, (_, _, tasks) in enumerate(letters) for task_id, _ in tasks}

    def later(pairs: set[Pair]) -> set[str]:
        return {max(pair, key=lambda task: (place[task], task)) for pair in pairs if pair <= place.keys()}

    right = later(held & required)
    return _row("to an earlier mention", right, later(held - required - borderline), later(required) - right)


def _row(name: str, right: Collection[object], wrong: Collection[object], missed: Collection[object]) -> str:
    """A row of counts with precision and recall."""
    precision = len(right) / (len(right) + len(wrong)) if right or wrong else 0.0
    recall = len(right) / (len(right) + len(missed)) if right or missed else 0.0
    return f"{name:24} {len(right):6} {len(wrong):6} {len(missed):6} {precision:10.3f} {recall:7.3f}"


def _chains(held: set[Pair], required: set[Pair], borderline: set[Pair]) -> set[Pair]:
    """All pairs within the chains that links make, those that only borderline links join left out.

    Two parts of one whole are no pair to be linked, but stand in one chain.
    """
    joined = chains.of_pairs(held - (borderline - required))
    return {frozenset(pair) for chain in joined for pair in combinations(chain, 2)}


def gold_letters(gold: Path, read: Sequence[Extracted] = ()) -> list[Extracted]:
    """Names of documents with their gold tasks; raises WrongUse where there is no gold.

    Gold has tasks alone: what a letter is and which others it refers to is that of the document `read`.
    """
    letters = {name: letter for name, letter, _ in read}
    files = sorted(gold.glob("*.tasks.jsonl"))
    if not files:
        raise WrongUse("no_gold", folder=gold)
    return [
        (
            file.name.removesuffix(".tasks.jsonl"),
            letters.get(file.name.removesuffix(".tasks.jsonl"), Letter()),
            [_task(record) for record in evaluate.read_records(file)],
        )
        for file in files
    ]


def extracted_letters(gold: Path, office: Office) -> Iterator[Extracted]:
    """The same of the documents themselves.

    A task that is one of gold's bears its id, a piece of one that id, `#` and a number; any other the document's
    name with a number.
    """
    for path, gold_file in evaluate.with_gold(gold):
        name = gold_file.name.removesuffix(".tasks.jsonl")
        expected = evaluate.read_records(gold_file)
        letter = extract(reading.read(path, media_type=reading.media_type(path), sha256=""), office)
        records = [evaluate.as_record(name, task) for task in letter.tasks]
        known = {m: expected[n]["id"] for n, m in evaluate.pairs(expected, records)}
        for n, record in enumerate(records):
            if n not in known:
                known[n] = f"{_holder(record, expected) or name}#{n}"
        yield name, letter, [(known[n], task) for n, task in enumerate(letter.tasks)]


def _holder(record: evaluate.Record, gold: Sequence[evaluate.Record]) -> str | None:
    """The gold task that an extracted one is a piece of, or the first one it holds."""
    words = f" {evaluate.normal(record['text'])} "
    for task in gold:
        known = f" {evaluate.normal(task['text'])} "
        if words in known or known in words:
            return str(task["id"])
    return None


def _linked(letters: Sequence[Extracted]) -> dict[Pair, dict[str, Any]]:
    """The links found as letter after letter comes into a register."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store(Path(folder) / "links.duckdb", Path(folder))) as store,
    ):
        return load(store, letters)


def load(store: Store, letters: Iterable[Extracted]) -> dict[Pair, dict[str, Any]]:
    """Put letters into a register, one after another; the links found."""
    found: dict[Pair, dict[str, Any]] = {}
    for name, letter, tasks in letters:
        links = links_of(store.rows, name, name, letter, tasks)
        for link in links:
            found[frozenset((link["task_id"], link["other_id"]))] = link
        received = {"document": name, "name": name, "media_type": "", "size": 0, "drop": name}
        extraction = {
            "document": name,
            "letter": name,
            "representative": True,
            "letterhead": msgspec.to_builtins(msgspec.structs.replace(letter, tasks=())),
            "tasks": [
                {
                    "task_id": task_id,
                    "ordinal": n,
                    "status": "current",
                    **msgspec.to_builtins(task),
                    "reported": reported(task.section, task.progress, task.deadline.date, letter.issued_date),
                }
                for n, (task_id, task) in enumerate(tasks, 1)
            ],
            "links": links,
        }
        seq = store.applied
        store.apply(Event(seq + 1, now(), "received", received))
        store.apply(Event(seq + 2, now(), "extracted", extraction))
    return found


def _task(gold: dict[str, Any]) -> tuple[str, Task]:
    day = datetime.date.fromisoformat(gold["deadline_date"]) if gold["deadline_date"] else None
    return gold["id"], Task(
        gold["text"],
        leads=tuple(AgencyMention(name) for name in gold["lead"]),
        coops=tuple(AgencyMention(name) for name in gold["coop"]),
        deadline=Deadline(kind=gold["deadline_kind"], text=gold["deadline_text"], date=day, due_date=day),
        source_doc=gold["source_doc"],
        section=(gold["section"] or "",),
    )
