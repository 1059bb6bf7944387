"""The same task in several letters: what the database looks up by keys, and extractors.linking weighs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from extractors import related_letters
from extractors.linking import Link, Linkable, chance, cites, compare, compare_beside, may_be_one, neighbours
from extractors.matter import symbol_of
from models.letter import Letter
from models.task import Task

MOST_CANDIDATES = 6
"""Tasks of other letters a task is compared with at most, those that share the rarest keys."""

MOST_RELATED = 4
"""Letters that all tasks of a letter are compared with, those that speak of most of them."""

RELATED = 0.7
"""Tasks, by their chance to be one alone, that another letter must speak of for that."""

# Looked up by keys, never all against all. The texts come as JSON: each one by itself costs more than its keys.
_KEYS = """
SELECT n::INTEGER, unnest(link_keys(fold(words)))
FROM (
    SELECT unnest(words) AS words, generate_subscripts(words, 1) - 1 AS n
    FROM (SELECT from_json($words, '["VARCHAR"]') AS words)
)
"""
_HELD = "SELECT key, 1 / ln(1.5 + tasks), holders FROM link_keys_held WHERE key IN ({ids})"

# By ids one by one and by nothing else (hence no `AND is_representative`): what makes DuckDB look them up in an
# index rather than go through the whole table.
_TASKS = """
SELECT task_id, document_sha256, status, letter_id, text, section, lead, coop, source_doc, deadline_text, due_date
FROM tasks WHERE task_id IN ({ids})
"""
_TASKS_OF = """
SELECT task_id, document_sha256, status, letter_id, text, section, lead, coop, source_doc, deadline_text, due_date
FROM tasks WHERE document_sha256 IN ({ids}) AND status = 'current' ORDER BY document_sha256, ordinal
"""
# What the letters of a few tasks are, in one query: (which, id, symbol).
_LETTERS = """
SELECT CASE WHEN is_representative THEN 'counted' ELSE 'copy' END, document_sha256, NULL
FROM documents WHERE document_sha256 IN ({documents})
UNION ALL
SELECT 'is', letter_id, concat_ws('/', code_number, code_notation) FROM letters WHERE letter_id IN ({letters})
UNION ALL
SELECT 'cites', document_sha256, number || '/' || notation FROM citations WHERE document_sha256 IN ({documents})
"""


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
    candidates = _candidates(rows, sha256, mine)
    related = _related(mine, candidates)
    found += [(compare(mine[n], other), document) for n, other, document in candidates if document not in related]
    for document, others in _whole(rows, related, candidates).items():
        measures = related_letters.measured(mine, others)
        found += [(compare_beside(mine[n], others[m], *of_pair), document) for (n, m), of_pair in measures.items()]
    return [_as_event(one, document) for one, document in found if one is not None]


def _related(mine: Sequence[Linkable], candidates: Sequence[tuple[int, Linkable, str]]) -> set[str]:
    """Documents that speak of several tasks of ours, or that are referred to: the few that do most."""
    spoken: dict[str, dict[int, float]] = {}
    for n, other, document in candidates:
        sure = chance(mine[n], other) + (RELATED if cites(mine[n], other) else 0.0)
        of_document = spoken.setdefault(document, {})
        of_document[n] = max(of_document.get(n, 0.0), sure)
    worth = {document: sum(sure.values()) for document, sure in spoken.items()}
    best = sorted(worth, key=lambda document: (-worth[document], document))
    return {document for document in best[:MOST_RELATED] if worth[document] >= RELATED}


def _whole(
    rows: Rows, documents: set[str], candidates: Sequence[tuple[int, Linkable, str]]
) -> dict[str, list[Linkable]]:
    """All tasks of documents, as far as they are known to be of letters that are here."""
    known = {document: other for _, other, document in candidates if document in documents}
    found: dict[str, list[Linkable]] = {document: [] for document in known}
    for row in _by_id(rows, _TASKS_OF, documents):
        document, other = _known(row)
        of_letter = known[document]
        found[document].append(msgspec.structs.replace(other, symbol=of_letter.symbol, cites=of_letter.cites))
    return found


def _candidates(rows: Rows, sha256: str, mine: Sequence[Linkable]) -> list[tuple[int, Linkable, str]]:
    """For tasks of a document by their number: tasks of other documents worth comparing, with their document."""
    wanted = list(_wanted(rows, [task.text for task in mine]))
    others = {}
    for row in _by_id(rows, _TASKS, {task_id for _, task_id in wanted}):
        document, known = _known(row)
        if document != sha256 and row[2] == "current":
            others[known.task_id] = document, known
    # What their letters are is looked up of the few alone that can be the same task at all.
    found = [(n, task) for n, task in wanted if task in others and may_be_one(mine[n], others[task][1])]
    told: dict[str, dict[str, set[str]]] = {"counted": {}, "copy": {}, "is": {}, "cites": {}}
    if found:
        documents = _written({others[task][0] for _, task in found})
        letters = _written({others[task][1].letter for _, task in found})
        for which, key, symbol in rows(_LETTERS.format(documents=documents, letters=letters), {}):
            told[which].setdefault(key, set()).add(symbol)
    candidates = []
    for n, task in found:
        document, other = others[task]
        if document in told["counted"]:
            symbol = next(iter(told["is"].get(other.letter, ())), None)
            cited = _symbols(told["cites"].get(document, ()))
            candidates.append((n, msgspec.structs.replace(other, symbol=symbol, cites=cited), document))
    return candidates


def _known(row: tuple[Any, ...]) -> tuple[str, Linkable]:
    """The document of a row of tasks, and the task without what its letter is."""
    task_id, document, _, letter_id, text, section, lead, coop, source, words, due = row
    where = " > ".join(section)
    return document, Linkable(task_id, text, letter_id, where, tuple(lead), tuple(coop), source, words, due)


def _wanted(rows: Rows, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """For texts by their number: the ids of the tasks that share the rarest keys with them, best first."""
    keys = rows(_KEYS, {"words": msgspec.json.encode(texts).decode()})
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
    """The rows that a query with a list of ids has for some."""
    written = _written(ids)
    return rows(sql.format(ids=written), {}) if written else []


def _written(ids: Iterable[str | int]) -> str:
    """Ids as a list to be written into a query: each one given as a parameter costs more than looking it up."""
    return ", ".join("'" + str(one).replace("'", "''") + "'" for one in sorted(ids, key=str))


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
