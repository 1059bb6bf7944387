"""The same task in several letters: found by keys, weighed by extractors.linking, joined by extractors.chains."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from heapq import nsmallest
from typing import Any, Protocol

import msgspec

from extractors import chains, related_letters
from extractors.chains import Pair
from extractors.linking import (
    POSSIBLE,
    Evidence,
    Link,
    chance,
    link,
    may_be_one,
    odds_of,
    parted,
    weigh,
    weigh_beside,
)
from extractors.matter import symbol_of
from extractors.task_pairs import Linkable, cites, neighbours
from models.letter import Letter
from models.task import Task

MOST_CANDIDATES = 6
"""Tasks of other letters a task is compared with at most, those that share the rarest keys."""

MOST_RELATED = 4
"""Letters that all tasks of a letter are compared with, those that speak of most of them."""

_SURE = 0.99
"""Confidence from which more of it says no more of a chain."""

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
# What the letters of a few tasks are, in one query: (which, id, symbol, day).
_LETTERS = """
SELECT CASE WHEN is_representative THEN 'counted' ELSE 'copy' END, document_sha256, NULL, NULL
FROM documents WHERE document_sha256 IN ({documents})
UNION ALL
SELECT 'is', letter_id, concat_ws('/', code_number, code_notation), issued_date
FROM letters WHERE letter_id IN ({letters})
UNION ALL
SELECT 'cites', document_sha256, number || '/' || notation, NULL
FROM citations WHERE document_sha256 IN ({documents})
"""

# The chains of tasks: (a mention, which chain, null). And what is known or was said of two tasks: (a task,
# another, confidence, 0 where people refused it).
_CHAINS = """
WITH mentions AS MATERIALIZED (
    SELECT task_id, chain FROM chains WHERE chain IN (SELECT chain FROM chains WHERE task_id IN ({others}))
), near AS MATERIALIZED (SELECT task_id FROM mentions UNION SELECT unnest([{others}]))
SELECT task_id, chain, NULL FROM mentions
UNION ALL
SELECT a, b, confidence FROM standing_pairs WHERE level = 'possible' AND a IN (FROM near) AND b IN (FROM near)
UNION ALL
SELECT least(task_id, other_id), greatest(task_id, other_id), 0 FROM last_judgements()
WHERE (task_id IN ({ours}) OR task_id IN (FROM near)) AND (other_id IN ({ours}) OR other_id IN (FROM near))
GROUP BY ALL HAVING arg_max(verdict, seq) = 'refused'
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
    pairs = [_Pair(mine[n], mine[m], sha256, weigh(mine[n], mine[m])) for n, m in neighbours(mine)]
    candidates = _candidates(rows, sha256, mine)
    related = _related(mine, candidates)
    pairs += [
        _Pair(mine[n], other, document, weigh(mine[n], other))
        for n, other, document in candidates
        if document not in related
    ]
    for document, others in _whole(rows, related, candidates).items():
        measured = related_letters.measured(mine, others)
        pairs += [
            _Pair(mine[n], others[m], document, weigh_beside(*of_pair)) for (n, m), of_pair in measured.items()
        ]
    return [_as_event(one, document) for one, document in _linked(rows, sha256, mine, pairs)]


class _Pair(msgspec.Struct, frozen=True):
    """A task of ours and another, with the other's document and what speaks for their being one."""

    task: Linkable
    other: Linkable
    document: str
    evidence: Evidence | None

    @property
    def ids(self) -> Pair:
        return frozenset((self.task.task_id, self.other.task_id))


def _linked(
    rows: Rows, sha256: str, mine: Sequence[Linkable], pairs: Sequence[_Pair]
) -> Iterator[tuple[Link, str]]:
    """The links of our tasks, each with the other's document, as their chains say."""
    near = [pair for pair in pairs if pair.evidence is not None and pair.evidence.odds >= odds_of(POSSIBLE)]
    ours = {task.task_id: task for task in mine}
    others = {pair.other.task_id: (pair.document, pair.other) for pair in pairs if pair.other.task_id not in ours}
    known, told = _chains(rows, {pair.other.task_id for pair in near} - ours.keys(), ours.keys())
    others |= _counted(
        rows, _tasks(rows, sha256, {task_id for chain in known for task_id in chain} - others.keys())
    )
    known = [[task_id for task_id in chain if task_id in others] for chain in known]
    weighed = {pair.ids: pair for pair in pairs}
    of_chain = {task_id: chain for chain in known for task_id in chain}
    for pair in near:
        for task_id in of_chain.get(pair.other.task_id, ()):
            if frozenset((pair.task.task_id, task_id)) not in weighed:
                document, other = others[task_id]
                one = _Pair(pair.task, other, document, weigh(pair.task, other))
                weighed[one.ids] = one
    odds = {ids: pair.evidence.odds for ids, pair in weighed.items() if pair.evidence is not None}
    tasks = ours | {task_id: other for task_id, (_, other) in others.items()}
    parts = parted(tasks, known, odds)
    said = {ids: pair.evidence.said for ids, pair in weighed.items() if pair.evidence is not None}
    when = {task_id: (task.issued or date.min, task.letter, task_id) for task_id, task in tasks.items()}
    odds = chains.as_one(known, said, when, parts)
    joined = chains.joined(known, odds | told, odds_of(POSSIBLE), parts)
    for ids in sorted(joined.keys() - weighed.keys(), key=sorted):
        task_id, other_id = sorted(ids, key=lambda task_id: task_id not in ours)
        if task_id in ours and other_id in others:
            document, other = others[other_id]
            weighed[ids] = _Pair(ours[task_id], other, document, None)
    for ids, pair in weighed.items():
        together = joined.get(ids, chains.MISSING)
        if pair.evidence is not None and told.get(ids) == chains.REFUSED:
            # What it would be, should the refusal be taken back; until then nobody is shown it.
            together = pair.evidence.odds
        found = link(pair.task, pair.other, pair.evidence, together)
        if found is not None:
            yield found, pair.document


def _chains(
    rows: Rows, others: Collection[str], ours: Collection[str]
) -> tuple[list[list[str]], dict[Pair, float]]:
    """The chains that tasks of other letters stand in, without ours; and log-odds of pairs known before."""
    if not others:
        return [], {}
    found: dict[str, list[str]] = {}
    odds = {}
    for one, other, confidence in rows(_CHAINS.format(others=_written(others), ours=_written(ours)), {}):
        if confidence is None:
            if one not in ours:
                found.setdefault(other, []).append(one)
        elif confidence == 0:
            odds[frozenset((one, other))] = chains.REFUSED
        elif one not in ours and other not in ours:
            odds[frozenset((one, other))] = odds_of(min(confidence, _SURE))
    return list(found.values()), odds


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
        what = {"issued": of_letter.issued, "symbol": of_letter.symbol, "cites": of_letter.cites}
        found[document].append(msgspec.structs.replace(other, **what))
    return found


def _candidates(rows: Rows, sha256: str, mine: Sequence[Linkable]) -> list[tuple[int, Linkable, str]]:
    """For tasks of a document by their number: tasks of other documents worth comparing, with their document."""
    wanted = list(_wanted(rows, [task.text for task in mine]))
    others = _tasks(rows, sha256, {task_id for _, task_id in wanted})
    # What their letters are is looked up of the few alone that can be the same task at all.
    found = [(n, task) for n, task in wanted if task in others and may_be_one(mine[n], others[task][1])]
    counted = _counted(rows, {task: others[task] for _, task in found})
    return [(n, counted[task][1], counted[task][0]) for n, task in found if task in counted]


def _tasks(rows: Rows, sha256: str, ids: Iterable[str]) -> dict[str, tuple[str, Linkable]]:
    """Tasks of other documents that stand, by id: their document, and they without what their letters are."""
    found = {}
    for row in _by_id(rows, _TASKS, ids):
        document, task = _known(row)
        if document != sha256 and row[2] == "current":
            found[task.task_id] = document, task
    return found


def _counted(rows: Rows, tasks: Mapping[str, tuple[str, Linkable]]) -> dict[str, tuple[str, Linkable]]:
    """The same tasks with what their letters are, but for those of documents that count as copies."""
    if not tasks:
        return {}
    told: dict[str, dict[str, set[Any]]] = {"counted": {}, "copy": {}, "is": {}, "cites": {}}
    documents = _written({document for document, _ in tasks.values()})
    letters = _written({task.letter for _, task in tasks.values()})
    for which, key, symbol, day in rows(_LETTERS.format(documents=documents, letters=letters), {}):
        told[which].setdefault(key, set()).add((symbol, day) if which == "is" else symbol)
    found = {}
    for task_id, (document, task) in tasks.items():
        if document in told["counted"]:
            symbol, day = next(iter(told["is"].get(task.letter, ())), (None, None))
            cited = _symbols(told["cites"].get(document, ()))
            found[task_id] = document, msgspec.structs.replace(task, issued=day, symbol=symbol, cites=cited)
    return found


def _known(row: tuple[Any, ...]) -> tuple[str, Linkable]:
    """The document of a row of tasks, and the task without what its letter is."""
    task_id, document, _, letter_id, text, section, lead, coop, source, words, due = row
    where = " > ".join(section)
    return document, Linkable(task_id, text, letter_id, where, tuple(lead), tuple(coop), source, words, due)


def _wanted(rows: Rows, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """For texts by their number: the ids of the tasks that share the rarest keys with them, best first."""
    keys = rows(_KEYS, {"words": msgspec.json.encode(texts).decode()})
    held = {key: (worth, holders) for key, worth, holders in _by_id(rows, _HELD, {key for _, key in keys})}
    shared: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for n, key in keys:
        worth, holders = held.get(key, (0.0, ()))
        worths = shared[n]
        for task_id in holders:
            worths[task_id] += worth
    for n, worths in sorted(shared.items()):
        best = nsmallest(MOST_CANDIDATES, worths, key=lambda task_id: (-round(worths[task_id], 9), task_id))
        for task_id in best:
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
        letter.issued_date,
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
