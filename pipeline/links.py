"""The same task in several letters: what the database looks up by keys, and extractors.linking weighs."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from extractors.linking import Link, Linkable, compare, neighbours, symbol_of
from models.letter import Letter
from models.task import Task

MOST_HOLDERS = 300
"""Tasks that may hold a key for it still to tell them apart: what more of them share is common phrase."""

MOST_CANDIDATES = 12
"""Tasks of other letters a task is compared with at most, those that share the rarest keys."""

# Looked up by keys, never all against all: $words holds the folded texts of the letter's tasks.
_CANDIDATES = f"""
WITH mine AS (
    SELECT n, unnest(link_keys(fold(words))) AS key
    FROM (SELECT unnest($words) AS words, generate_subscripts($words, 1) - 1 AS n)
), rare AS MATERIALIZED (
    SELECT key, 1 / ln(1.5 + tasks) AS worth FROM link_key_counts
    WHERE key IN (SELECT key FROM mine) AND tasks <= {MOST_HOLDERS}
), hits AS (
    SELECT key, task_id
    FROM (
        SELECT task_id, unnest(link_keys) AS key FROM tasks
        WHERE document_sha256 <> $document AND status = 'current')
    WHERE key IN (SELECT key FROM rare)
), wanted AS (
    SELECT n, task_id FROM mine JOIN rare USING (key) JOIN hits USING (key)
    GROUP BY n, task_id
    QUALIFY row_number() OVER (PARTITION BY n ORDER BY sum(worth) DESC, task_id) <= {MOST_CANDIDATES}
)
SELECT w.n::INTEGER, t.task_id, t.text, t.letter_id, t.section, t.lead, t.coop, t.source_doc, t.deadline_text,
    t.due_date,
    concat_ws('/', l.code_number, l.code_notation), c.cited, t.document_sha256
FROM wanted w
JOIN tasks t USING (task_id)
JOIN documents d ON d.document_sha256 = t.document_sha256 AND d.is_representative
LEFT JOIN letters l ON l.letter_id = t.letter_id
LEFT JOIN (
    SELECT document_sha256, list(number || '/' || notation) AS cited FROM citations
    WHERE document_sha256 IN (SELECT document_sha256 FROM tasks WHERE task_id IN (SELECT task_id FROM wanted))
    GROUP BY document_sha256
) c ON c.document_sha256 = t.document_sha256
ORDER BY w.n, t.task_id
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
    for n, *values, document in rows(_CANDIDATES, {"words": [task.text for task in mine], "document": sha256}):
        task_id, text, other_letter, section, lead, coop, source, words, due, other_symbol, cited = values
        other = Linkable(
            task_id,
            text,
            other_letter,
            " > ".join(section),
            tuple(lead),
            tuple(coop),
            source,
            words,
            due,
            other_symbol,
            _symbols(cited or ()),
        )
        found.append((compare(mine[n], other), document))
    return [_as_event(link, document) for link, document in found if link is not None]


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
