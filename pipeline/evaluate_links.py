"""How well the same task is found across letters: gold tasks and pairs of them beside what linking says."""

import datetime
import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb

from models.agency import AgencyMention
from models.deadline import Deadline
from models.letter import Letter
from models.task import Task
from pipeline.errors import WrongUse
from pipeline.links import links_of
from pipeline.store import schema

Pair = frozenset[str]

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


def report(gold: Path, pairs: Path, show: int) -> str:
    """Precision and recall of linking the gold tasks of a folder, by level; with `show` the mistakes."""
    required, borderline = read_pairs(pairs)
    texts, found = _linked(gold)
    missing = {task for pair in required | borderline for task in pair} - texts.keys()
    if missing:
        raise WrongUse("no_such_task", task_id=", ".join(sorted(missing)))
    lines = [f"{len(texts)} tasks, {len(required)} pairs that are one task ({len(borderline)} borderline)", ""]
    lines.append(f"{'linked by':24} {'right':>6} {'wrong':>6} {'missed':>6} {'precision':>10} {'recall':>7}")
    held = {pair for pair, link in found.items() if link["level"] != "possible"}
    rows = {"exact": {p for p, link in found.items() if link["level"] == "exact"}, "exact, likely": held}
    rows |= {"one chain": _chains(held, required, borderline), "with possible": set(found)}
    for name, linked in rows.items():
        right, wrong = len(linked & required), len(linked - required - borderline)
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / len(required) if required else 0.0
        missed = len(required - linked)
        lines.append(f"{name:24} {right:6} {wrong:6} {missed:6} {precision:10.3f} {recall:7.3f}")
    mistakes = [("missed", pair) for pair in sorted(map(sorted, required - rows["one chain"]))]
    mistakes += [("wrong", pair) for pair in sorted(map(sorted, held - required - borderline))]
    for kind, (one, other) in mistakes[:show]:
        link = found.get(frozenset((one, other)))
        why = f" {link['confidence']:.2f} {', '.join(link['reasons'])}" if link else ""
        lines += ["", f"{kind}: {one} ~ {other}{why}", f"  {texts[one][:150]}", f"  {texts[other][:150]}"]
    return "\n".join(lines)


def _chains(held: set[Pair], required: set[Pair], borderline: set[Pair]) -> set[Pair]:
    """All pairs within the chains that links make, those that only borderline links join left out."""
    chains: list[set[str]] = []
    for pair in held - (borderline - required):
        joined = [chain for chain in chains if chain & pair]
        chains = [chain for chain in chains if not chain & pair] + [set(pair).union(*joined)]
    return {frozenset(pair) for chain in chains for pair in combinations(sorted(chain), 2)}


def _linked(gold: Path) -> tuple[dict[str, str], dict[Pair, dict[str, Any]]]:
    """Texts by id, and the links found as letter after letter comes in, by the same way as in the register."""
    base = duckdb.connect()
    base.execute(schema())
    texts: dict[str, str] = {}
    found: dict[Pair, dict[str, Any]] = {}

    def rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        return base.execute(sql, parameters).fetchall()

    files = sorted(gold.glob("*.tasks.jsonl"))
    if not files:
        raise WrongUse("no_gold", path=gold)
    for file in files:
        name = file.name.removesuffix(".tasks.jsonl")
        tasks = [_task(json.loads(line)) for line in file.read_text("utf-8").splitlines() if line.strip()]
        texts |= {task_id: task.text for task_id, task in tasks}
        for link in links_of(rows, name, name, Letter(), tasks):
            found[frozenset((link["task_id"], link["other_id"]))] = link
        base.execute("INSERT INTO documents (document_sha256, is_representative) VALUES (?, true)", [name])
        for task_id, task in tasks:
            base.execute(
                """INSERT INTO tasks (task_id, document_sha256, letter_id, status, text, section, lead, source_doc,
                    deadline_text, due_date, link_keys)
                VALUES ($id, $name, $name, 'current', $text, $section, $lead, $source, $words, $due,
                    link_keys(fold($text)))""",
                {
                    "id": task_id,
                    "name": name,
                    "text": task.text,
                    "section": list(task.section),
                    "lead": [lead.name for lead in task.leads],
                    "source": task.source_doc,
                    "words": task.deadline.text,
                    "due": task.deadline.due_date,
                },
            )
    return texts, found


def _task(gold: dict[str, Any]) -> tuple[str, Task]:
    day = datetime.date.fromisoformat(gold["deadline_date"]) if gold["deadline_date"] else None
    return gold["id"], Task(
        gold["text"],
        leads=tuple(AgencyMention(name) for name in gold["lead"]),
        deadline=Deadline(kind=gold["deadline_kind"], text=gold["deadline_text"], date=day, due_date=day),
        source_doc=gold["source_doc"],
        section=(gold["section"] or "",),
    )
