"""Working through part of the queue: what meets all of a reviewer's filters, least certain first.

Filters are a dictionary that an address can carry: `ours` (true), `letter` (id), `agency`, `until` (ISO date),
`reason`, `reviewer`, `search` (words and "phrases", as in `search_tasks`, the last word perhaps only begun), `all`
(true: decided ones as well). An agency goes by the name that tells provinces apart, as in `lead_bodies`.
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from pipeline.register import Register
from pipeline.review_items import Item

Filters = dict[str, Any]

LEAST_BEGUN = 2
"""Letters that a word must have to be looked for by its beginning alone."""

_WORD, _LAST_WORD = re.compile(r"\w"), re.compile(r"\w+\Z")

_CONDITIONS = {
    "ours": "concerns_us NOT IN ('no', 'excluded')",
    "letter": "letter_id = ?",
    "agency": "(list_contains(lead_bodies, ?) OR list_contains(coop_bodies, ?))",
    "until": "coalesce(office_due_date, due_date) <= ?::DATE",
    "reason": "list_contains(reasons, ?)",
    "reviewer": "task_id IN (SELECT task_id FROM corrections WHERE who = ?)",
    "search": "(task_id IN (FROM found) OR letter_id IN (FROM found) OR document_sha256 IN (FROM found))",
}
# A word that is still being typed: how a word begins, with the diacritics it has so far.
_BEGUN = """contains(folded, fold(?)) AND contains(folded_words(folded), ' ' || fold(?))
    AND (fold(?) = ? OR holds_all(
        as_words(said), [list_transform(both_spellings(?::VARCHAR), lambda word: ' ' || word)]))"""
# What bears the words: asked once for all, since looking for words costs more in the asking than in the finding.
_FOUND = """
WITH found AS MATERIALIZED (
    SELECT key FROM (
        SELECT task_id AS key, text AS said, text_folded AS folded FROM current_tasks
        UNION ALL
        SELECT letter_id, subject, subject_folded FROM letters
        UNION ALL
        SELECT letter_id, code, fold(code)
        FROM (SELECT letter_id, letter_code(code_number, code_notation) AS code FROM letters)
        UNION ALL
        SELECT document_sha256, name, fold(name) FROM documents
    )
    WHERE {words}
)
"""
_PLACE = "(concerns_us IN ('no', 'excluded'), confidence, task_id)"


def found(register: Register, filters: Filters, most: int) -> list[dict[str, Any]]:
    """The first tasks that meet all filters, least certain first."""
    searched, meets, values = _meets(filters)
    return register.store.records(
        f"""{searched} SELECT task_id, text, lead_bodies AS lead, deadline_text, deadline_date, due_date,
            confidence, status, concerns_us, code_number, code_notation, document, urgency, reasons
        {meets} ORDER BY {_PLACE} LIMIT {most:d}""",
        values,
    )


def after(
    register: Register, filters: Filters, item: Item, taken: Collection[str] = (), *, back: bool = False
) -> str | None:
    """The task that follows (or precedes) one among those that meet all filters; after the last the first.

    Where decided ones are listed as well there is an end: nothing follows the last.
    """
    searched, meets, values = _meets(filters)
    beyond, order = ("<", "DESC") if back else (">", "ASC")
    place = [item.concerns_us in ("no", "excluded"), item.confidence["overall"], item.task_id]
    sides = [(f"{_PLACE} {beyond} (?, ?::DOUBLE, ?)", place)]
    if not back and not _takes_all(filters):
        sides.append(("task_id <> ?", [item.task_id]))
    for side, where in sides:
        rows = register.store.rows(
            f"{searched} SELECT task_id {meets} AND {side} ORDER BY {_PLACE} {order} LIMIT {len(taken) + 1:d}",
            [*values, *where],
        )
        following: str | None = next((task_id for (task_id,) in rows if task_id not in taken), None)
        if following is not None:
            return following
    return None


def count(register: Register, filters: Filters) -> int:
    """How many tasks meet all filters."""
    searched, meets, values = _meets(filters)
    counted: int = register.store.value(f"{searched} SELECT count(*) {meets}", values)
    return counted


def written(filters: Mapping[str, Any]) -> str:
    """Filters as an address carries them; empty for none."""
    chosen = {name: value for name, value in filters.items() if value and name in (*_CONDITIONS, "all")}
    return json.dumps(chosen, ensure_ascii=False, sort_keys=True) if chosen else ""


def read(words: str) -> Filters:
    """Filters out of an address; what is none is left out."""
    try:
        given = json.loads(words) if words else {}
    except json.JSONDecodeError:
        return {}
    if not isinstance(given, dict):
        return {}
    kinds = {**dict.fromkeys(_CONDITIONS, str), "ours": bool, "all": bool}
    filters: Filters = {n: value for n, value in given.items() if isinstance(value, kinds.get(n, ()))}
    try:
        datetime.date.fromisoformat(filters.get("until", "2026-01-01"))
    except ValueError:
        del filters["until"]
    return filters


def _takes_all(filters: Filters) -> bool:
    return bool(filters.get("all") or filters.get("reviewer"))


def _meets(filters: Filters) -> tuple[str, str, list[Any]]:
    """What is searched first, and where tasks come from and what they meet, with the values of both."""
    where, values = ["true"], []
    for name, condition in _CONDITIONS.items():
        if filters.get(name):
            where.append(condition)
            values += [filters[name]] * condition.count("?")
    source = "current_tasks" if _takes_all(filters) else "review_queue"
    searched, given = _searched(filters.get("search", ""))
    return searched, f"FROM {source} WHERE {' AND '.join(where)}", [*given, *values]


def _searched(typed: str) -> tuple[str, list[str]]:
    """What is searched first, with its values: whole words and phrases, the last word perhaps only begun."""
    words, begun = _typed(typed)
    conditions = [*(["has_words(said, folded, ?)"] if words else []), *([_BEGUN] if begun else [])]
    if not conditions:
        return "", []
    given = [*([words] if words else []), *[begun] * _BEGUN.count("?")] if begun else [words]
    return _FOUND.format(words=" AND ".join(conditions)), given


def _typed(typed: str) -> tuple[str, str]:
    """The whole words and phrases of what was typed, and the word at its end, which may be only begun."""
    plain = unicodedata.normalize("NFC", typed).lower()
    found = _LAST_WORD.search(plain)
    if found is None or (len(found[0]) < LEAST_BEGUN and found.start() == 0):
        return plain.strip(), ""
    words = plain[: found.start()].strip()
    return words if _WORD.search(words) else "", found[0]
