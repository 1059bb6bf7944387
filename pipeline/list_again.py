"""An office's own list that comes again: its rows are held against the tasks it brought before.

Rows are told by their words, else by words that are near, the more so under the same number: what differs in them
is a change to confirm, what matches nothing is a new task, and what is gone stays in the register.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from rapidfuzz import fuzz

from extractors.extract import extract
from models.document import Document
from models.task import Task
from pipeline import first_day, reviewing, tracking
from pipeline.correcting import correct
from pipeline.first_day import OWN_LIST
from pipeline.register import Register, today
from pipeline.reports import Report
from pipeline.texts import text

SAME_LIST = 0.5
"""The share of the shorter list's rows that stand in the other one, from which both are one list."""

_NEAR, _NEAR_BY_NUMBER = 80, 60
"""How alike, of 100, the words of two rows are that are one task; of rows that bear the same number."""

_FIELDS = ("text", "lead", "coop", "deadline")
_STATES = ("state", "done_on", "progress", "note")
_KINDS = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)


class Before(msgspec.Struct, frozen=True):
    """A task the list brought: as it was read, as it stands, what its row said last of its state, its number."""

    now: dict[str, Any]
    was: dict[str, Any]
    said: dict[str, str]
    number: str


class Difference(msgspec.Struct, frozen=True):
    """A cell of a row that says something else than it did; `conflict` says why it is not taken."""

    task_id: str
    text: str
    column: str
    before: Any
    after: Any
    place: str
    conflict: str | None = None


class Again(msgspec.Struct, frozen=True):
    """How a later copy differs from `document`, a list called `name`; `new` tasks, with what is said of them."""

    document: str
    name: str
    differences: list[Difference]
    new: list[tuple[Task, dict[str, str]]]
    gone: int
    same: int


def compare(register: Register, path: Path) -> Again | None:
    """How a workbook differs from the list it is a later copy of; None where it is none, or the very same file."""
    read = first_day.read(path)
    found = list(extract(read, register.office, today()).tasks)
    known = _list_before(register, read.sha256, found)
    if known is None:
        return None
    document, name = known
    before = _before(register, document)
    numbers = first_day.numbers_of(read, found)
    pairs = _pairs(before, found, numbers)
    if len(pairs) < SAME_LIST * min(len(before), len(found)):
        return None
    said = first_day.said_of(read, found)
    differences = [
        difference
        for new, old in sorted(pairs.items())
        for difference in _differences(before[old], found[new], said[new], numbers[new])
    ]
    changed = {difference.task_id for difference in differences}
    return Again(
        document,
        name,
        differences,
        [(task, said[n]) for n, task in enumerate(found) if n not in pairs],
        len(before) - len(pairs),
        sum(before[old].now["task_id"] not in changed for old in pairs.values()),
    )


def shown(again: Again) -> list[dict[str, Any]]:
    """The differences and the new tasks in the form of `workbook_import.Change`."""
    columns = {"text": "task", "lead": "lead", "coop": "coop", "deadline": "deadline"}
    found = [
        {**msgspec.to_builtins(d), "column": columns.get(d.column, d.column), "other": None}
        for d in again.differences
    ]
    for task, said in again.new:
        told = text(f"workbook.state_{said.get('state', 'open')}")
        words = "; ".join(filter(None, (*(body.name for body in task.leads), task.deadline.text, told)))
        new = {"task_id": "", "text": task.text, "column": "new_task", "before": None, "after": words}
        found.append({**new, "place": "", "conflict": None, "other": None})
    return found


def write(register: Register, report: Report, again: Again, file: str, who: str) -> int:
    """Write the differences without a conflict, and add the new tasks to the list; returns how many of both."""
    sensible = [difference for difference in again.differences if difference.conflict is None]
    for task_id in dict.fromkeys(difference.task_id for difference in sensible):
        said = {d.column: d.after for d in sensible if d.task_id == task_id}
        for field in [column for column in said if column not in _STATES]:
            value = said.pop(field) or "-"
            correct(register, report, task_id=task_id, field=field, value=value, who=who, why=file)
        _say(register, report, task_id, said, file, who)
    for task, said in again.new:
        bodies = {"lead": [b.name for b in task.leads], "coop": [b.name for b in task.coops]}
        values = {"text": task.text, **bodies, "source_doc": task.source_doc, "result": task.result}
        _, task_id = reviewing.add(register, again.document, values, [], who)
        if task.deadline.text and not _is_unread(task):
            correct(
                register, report, task_id=task_id, field="deadline", value=task.deadline.text, who=who, why=file
            )
        _say(register, report, task_id, said, file, who)
    return len(sensible) + len(again.new)


def _say(register: Register, report: Report, task_id: str, said: dict[str, str], file: str, who: str) -> None:
    if said:
        tracking.set_state(
            register, report, task_id=task_id, who=who, source=file, because=OWN_LIST, sure=True, **said
        )


def _list_before(register: Register, sha256: str, found: Sequence[Task]) -> tuple[str, str] | None:
    """The workbook that most of the tasks stand in word for word, and its name; None where it is this file."""
    rows = register.store.rows(
        """SELECT d.document_sha256, any_value(d.name), count(DISTINCT t.text)
        FROM tasks t JOIN documents d USING (document_sha256) LEFT JOIN human_values h USING (task_id)
        WHERE list_contains(?, d.media_type) AND d.is_representative AND t.status <> 'orphan'
            AND coalesce(h.review ->> '$', 'open') <> 'rejected' AND said(h.text, t.text) IN (SELECT unnest(?))
        GROUP BY d.document_sha256 ORDER BY d.document_sha256 = ? DESC, 3 DESC, d.document_sha256 LIMIT 1""",
        [list(_KINDS), [task.text for task in found], sha256],
    )
    return (rows[0][0], rows[0][1]) if rows and rows[0][0] != sha256 else None


def _before(register: Register, document: str) -> list[Before]:
    """The tasks of a list, in its order."""
    rows = register.store.records(
        """SELECT now.*, was.text AS text_was, was.lead AS lead_was, was.coop AS coop_was,
            was.places AS places_was, was.deadline_text AS deadline_was
        FROM current_tasks now JOIN tasks was USING (task_id)
        WHERE now.document_sha256 = ? AND now.status <> 'orphan' ORDER BY now.ordinal, now.task_id""",
        [document],
    )
    reading = register.store.value("SELECT reading FROM documents WHERE document_sha256 = ?", [document])
    read = register.journal.kept(reading, Document)
    places = [msgspec.json.decode(row["places_was"] or "[]") for row in rows]
    tasks = [
        msgspec.convert({"text": r["text_was"], "places": p}, Task) for r, p in zip(rows, places, strict=True)
    ]
    first, last = first_day.said_of(read, tasks), _said_last(register, [row["task_id"] for row in rows])
    numbers = first_day.numbers_of(read, tasks)
    return [
        Before(
            row,
            {field: row[f"{field}_was"] for field in _FIELDS} | last.get(row["task_id"], {}),
            said | last.get(row["task_id"], {}),
            number,
        )
        for row, said, number in zip(rows, first, numbers, strict=True)
    ]


def _said_last(register: Register, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Task → what later copies of its list said of it, each column's last word."""
    found: dict[str, dict[str, Any]] = {}
    states = register.store.records(
        """SELECT task_id, state, done_on::VARCHAR AS done_on, in_time, progress, note FROM task_states
        WHERE because = ? AND task_id IN (SELECT unnest(?)) AND undoes IS NULL
            AND seq NOT IN (SELECT undoes FROM task_states WHERE undoes IS NOT NULL) ORDER BY seq""",
        [OWN_LIST, ids],
    )
    for row in states:
        said = {column: row[column] for column in _STATES if row[column] is not None}
        if row["in_time"] is not None:
            said["state"] = "done_in_time" if row["in_time"] else "done_late"
        found.setdefault(row["task_id"], {}).update(said)
    fields = register.store.rows(
        """SELECT task_id, field, value FROM last_corrections()
        WHERE task_id IN (SELECT unnest(?)) AND lower(why) LIKE '%.xls_'
            AND field IN ('text', 'lead', 'coop', 'deadline')""",
        [ids],
    )
    for task_id, field, value in fields:
        said = msgspec.json.decode(value)
        found.setdefault(task_id, {})[field] = said.get("text") if field == "deadline" else said
    return found


def _pairs(before: Sequence[Before], found: Sequence[Task], numbers: Sequence[str]) -> dict[int, int]:
    """Row of the new list → task of the old one: those of the same words in order, then the nearest ones."""
    pairs: dict[int, int] = {}
    waiting: dict[str, list[int]] = {}
    here, theirs = [_plain(task.now["text"]) for task in before], [_plain(row.text) for row in found]
    for old, task in enumerate(before):
        for words in {here[old], _plain(task.was["text"])}:
            waiting.setdefault(words, []).append(old)
    left = set(range(len(before)))
    for new, words in enumerate(theirs):
        known = [old for old in waiting.get(words, ()) if old in left]
        if known:
            pairs[new] = next((old for old in known if before[old].number == numbers[new]), known[0])
            left.discard(pairs[new])
    near = sorted(
        (
            (-likeness, new, old)
            for new in range(len(found))
            if new not in pairs
            for old in left
            if (
                likeness := _likeness(here[old], theirs[new], is_numbered=before[old].number == numbers[new] != "")
            )
            > 0
        ),
    )
    for _, new, old in near:
        if new not in pairs and old in left:
            pairs[new] = old
            left.discard(old)
    return pairs


def _likeness(here: str, theirs: str, *, is_numbered: bool) -> float:
    """How alike the words of a task and of a row are, of 100; 0 where they are not one.

    Those that bear the same number go before others.
    """
    found = fuzz.ratio(here, theirs, score_cutoff=_NEAR_BY_NUMBER if is_numbered else _NEAR)
    return found + 100 * is_numbered if found else 0.0


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" .;")


def _differences(before: Before, row: Task, said: dict[str, str], number: str) -> list[Difference]:
    """What a row says otherwise than it did, and than the register does: who left a cell alone says nothing."""
    now, place = before.now, text("workbook.row_number", number=number) if number else ""
    found = []
    for field, after in (
        ("text", row.text),
        ("lead", [body.name for body in row.leads]),
        ("coop", [body.name for body in row.coops]),
        ("deadline", row.deadline.text),
    ):
        stands = now["deadline_text" if field == "deadline" else field]
        was = before.was[field]
        if not after or _shown(after) in (_shown(was), _shown(stands)):
            continue
        conflict = "changed_here" if _shown(stands) != _shown(was) else None
        if field == "deadline" and _is_unread(row):
            conflict = "unreadable"
        found.append(
            Difference(now["task_id"], now["text"], field, _shown(stands), _shown(after), place, conflict)
        )
    stands, was = _state_now(now), {"state": "open", **before.said}
    if "progress" in said:
        # Words of progress that name no state say that it is not done.
        said = {"state": "open", **said}
    for column in _STATES:
        after = said.get(column)
        if after is None or after in (was.get(column), stands[column]):
            continue
        conflict = None if stands[column] in (was.get(column), None) else "changed_here"
        found.append(Difference(now["task_id"], now["text"], column, stands[column], after, place, conflict))
    return found


def _state_now(now: dict[str, Any]) -> dict[str, Any]:
    """What the register says of a task's state, as a row would."""
    state = now["state"]
    if state == "done" and now["in_time"] is not None:
        state = "done_in_time" if now["in_time"] else "done_late"
    day = now["done_on"].isoformat() if now["done_on"] else None
    return {"state": state, "done_on": day, "progress": now["progress"], "note": now["note"]}


def _shown(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else " ".join(str(value or "").split())


def _is_unread(row: Task) -> bool:
    """Whether a cell's deadline gives no day, and is none that recurs."""
    deadline = row.deadline
    return bool(deadline.text) and deadline.due_date is None and deadline.kind != "recurring"
