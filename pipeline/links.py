"""The same task in several letters: what the database looks up by keys, and extractors.linking weighs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from extractors.linking import Link, Linkable, compare, may_be_one, neighbours, symbol_of
from models.letter import Letter
from models.task import Task

MOST_CANDIDATES = 16
"""Tasks of other letters a task is compared with at most, those that share the rarest keys."""

# Looked up by keys, never all against all.
_KEYS = """
SELECT n::INTEGER, unnest(link_keys(fold(words)))
FROM (SELECT unnest($words) AS words, generate_subscripts($words, 1) - 1 AS n)
"""
_HELD = "SELECT key, 1 / ln(1.5 + tasks), holders FROM link_keys_held WHERE key IN ({ids})"

# By ids one by one and by nothing else: what makes DuckDB look them up rather than go through the whole table.
_TASKS = """
SELECT task_id, document_sha256, status, letter_id, text, section, lead, coop, source_doc, deadline_text, due_date
FROM tasks WHERE task_id IN ({ids})
"""
_DOCUMENTS = "SELECT document_sha256 FROM documents WHERE document_sha256 IN ({ids}) AND is_representative"
_SYMBOLS = "SELECT letter_id, concat_ws('/', code_number, code_notation) FROM letters WHERE letter_id IN ({ids})"
_CITED = "SELECT document_sha256, number || '/' || notation FROM citations WHERE document_sha256 IN ({ids})"


class Rows(Protocol):
    """Whatever runs a query with named parameters and gives all its rows."""

    def __call__(self, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]: ...


def links_of(
    rows: Rows, sha256: str, letter_id: str, letter: Letter, tasks: Sequence[tuple[str, Task]]
) -> list[dict[str, Any]]:
    """The links of a letter's tasks to those of others and to each other, as the event `extracted` has them."""
    mine = [as_linkable(task_id, task, letter_id, letter) for task_id, task in tasks]
    if not mine:
        return []
    found = [(compare(mine[n], mine[m]), sha256) for n, m in neighbours(mine)]
    for n, other, document in _candidates(rows, sha256, mine):
        found.append((compare(mine[n], other), document))
    return [_as_event(link, document) for link, document in found if link is not None]


def _candidates(rows: Rows, sha256: str, mine: Sequence[Linkable]) -> Iterator[tuple[int, Linkable, str]]:
    """For tasks of a document by their number: tasks of other documents worth comparing, with their document."""
    wanted = list(_wanted(rows, [task.text for task in mine]))
    others = {}
    for task_id, document, status, letter_id, text, section, lead, coop, source, words, due in _by_id(
        rows, _TASKS, {task_id for _, task_id in wanted}
    ):
        if document != sha256 and status == "current":
            where = " > ".join(section)
            known = Linkable(task_id, text, letter_id, where, tuple(lead), tuple(coop), source, words, due)
            others[task_id] = document, known
    # What their letters are is looked up of the few alone that can be the same task at all.
    found = [(n, task) for n, task in wanted if task in others and may_be_one(mine[n], others[task][1])]
    documents = {others[task][0] for _, task in found}
    counted = {document for (document,) in _by_id(rows, _DOCUMENTS, documents)}
    symbols = dict(_by_id(rows, _SYMBOLS, {others[task][1].letter for _, task in found}))
    cited: dict[str, set[str]] = {}
    for document, symbol in _by_id(rows, _CITED, counted):
        cited.setdefault(document, set()).add(symbol)
    for n, task in found:
        document, other = others[task]
        if document in counted:
            cites = _symbols(cited.get(document, ()))
            yield n, msgspec.structs.replace(other, symbol=symbols.get(other.letter), cites=cites), document


def _wanted(rows: Rows, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """For texts by their number: the ids of the tasks that share the rarest keys with them, best first."""
    keys = rows(_KEYS, {"words": list(texts)})
    held = {key: (worth, holders) for key, worth, holders in _by_id(rows, _HELD, {key for _, key in keys})}
    shared: dict[int, Counter[str]] = {}
    for n, key in keys:
        worth, holders = held.get(key, (0.0, ()))
        for task_id in holders:
            shared.setdefault(n, Counter())[task_id] += worth
    for n, worths in sorted(shared.items()):
        best = sorted(worths, key=lambda task_id: (-round(worths[task_id], 9), task_id))
        for task_id in best[:MOST_CANDIDATES]:
            yield n, task_id


def _by_id(rows: Rows, sql: str, ids: Iterable[str | int]) -> list[tuple[Any, ...]]:
    """The rows that a query with a list of ids has for some.

    They are written into the query: each one given as a parameter costs more than looking it up.
    """
    written = ", ".join("'" + str(one).replace("'", "''") + "'" for one in sorted(ids, key=str))
    return rows(sql.format(ids=written), {}) if written else []


def as_linkable(task_id: str, task: Task, letter_id: str, letter: Letter) -> Linkable:
    """A task of a letter as linking needs it."""
    return Linkable(
        task_id,
        task.text,
        letter_id,
        " > ".join(task.section),
        tuple(lead.name for lead in task.leads),
        tuple(coop.name for coop in task.coops),
        task.source_doc,
        task.deadline.text,
        task.deadline.due_date,
        "/".join(part for part in (letter.code_number, letter.code_notation) if part),
        _symbols(f"{c.number}/{c.notation}" for c in letter.citations if c.number and c.notation),
    )


def _symbols(cited: Iterable[str | None]) -> frozenset[str]:
    return frozenset(symbol for words in cited if (symbol := symbol_of(words)))


def _as_event(link: Link, document: str) -> dict[str, Any]:
    return {
        "task_id": link.task,
        "other_id": link.other,
        "other_document": document,
        "level": link.level,
        "confidence": link.confidence,
        "reasons": list(link.reasons),
    }
