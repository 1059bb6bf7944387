"""What offices write into workbooks, taken back: changes and conflicts are shown before anything is written."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from extractors import layout, linking, tables
from extractors.extract import extract
from models.document import Document, Grid
from models.task import Task
from pipeline import reading, tracking, work, workbooks
from pipeline.correcting import correct
from pipeline.errors import WrongUse
from pipeline.journal import sha256_of
from pipeline.reading.errors import ReadingError
from pipeline.register import Register
from pipeline.reports import Report
from pipeline.workbooks import FROM_OFFICE, Row

_CLEARED = {"progress": "", "note": ""}
"""What an emptied cell says, for the columns that can be emptied."""


class Change(msgspec.Struct, frozen=True):
    """One cell that differs from the register; `conflict` says why it is not written, None where it is."""

    task_id: str
    text: str
    column: str
    before: Any
    after: Any
    place: str
    conflict: str | None = None
    other: str | None = None


def preview(register: Register, report: Report, *, path: str) -> dict[str, Any]:
    """What importing a workbook would do, without doing it, and a digest of that for `write`."""
    file = Path(path)
    if workbooks.is_ours(file):
        found = changes(register, file)
        return {"kind": "ours", "changes": msgspec.to_builtins(found), "digest": _digest(found)}
    rows = first_day_rows(register, file)
    return {"kind": "first_day", "tasks": len(rows), "states": sum(said != {} for _, said in rows), "digest": ""}


def write(register: Register, report: Report, *, path: str, digest: str, who: str) -> dict[str, Any]:
    """Import a workbook as previewed: each change without a conflict is an event.

    Raises WrongUse where the register or the file has changed since the preview.
    """
    file = Path(path)
    if not workbooks.is_ours(file):
        return _take_in(register, report, file, who)
    found = changes(register, file)
    if _digest(found) != digest:
        raise WrongUse("changed_meanwhile")
    sensible = [change for change in found if change.conflict is None]
    for task_id in dict.fromkeys(change.task_id for change in sensible):
        said = {change.column: change.after for change in sensible if change.task_id == task_id}
        _say(register, report, task_id, said, who, file.name)
    return {"written": len(sensible)}


def _say(register: Register, report: Report, task_id: str, said: dict[str, Any], who: str, source: str) -> None:
    """Write what a row says of a task: its state, and the office's own deadline as a correction."""
    if "office_due" in said:
        day = said.pop("office_due")
        correct(register, report, task_id=task_id, field="office_due_date", value=day or "-", who=who, why=source)
    if said:
        values = {column: _CLEARED.get(column) if value is None else value for column, value in said.items()}
        if any(value is not None for value in values.values()):
            tracking.set_state(register, report, task_id=task_id, who=who, source=source, **values)


def changes(register: Register, path: Path) -> list[Change]:
    """What differs between a workbook of ours and the register, in the order of the file.

    A cell is a change where it is not what the workbook was written with. It conflicts where the register has
    changed since then too, where two rows of one task disagree, or where it cannot be read.
    """
    base = workbooks.read_base(path)
    here = {
        task["task_id"]: task
        for task in register.store.records(
            "SELECT task_id, text, state, done_on, office_due_date,"
            " coalesce(progress, reported_progress) AS progress, note FROM current_tasks"
        )
    }
    found: dict[tuple[str, str], Change] = {}
    for row in workbooks.read_rows(path):
        for change in _of_row(row, base.get(row.task_id), here.get(row.task_id)):
            key = (change.task_id or change.place, change.column)
            before = found.get(key)
            if before is not None and before.after != change.after:
                change = msgspec.structs.replace(change, conflict="two_rows", other=before.place)
                found[key] = msgspec.structs.replace(before, conflict="two_rows", other=change.place)
                found[key[0], f"{key[1]} {change.place}"] = change
            elif before is None:
                found[key] = change
    return list(found.values())


def _of_row(row: Row, base: dict[str, Any] | None, task: dict[str, Any] | None) -> Iterable[Change]:
    if not row.task_id:
        yield Change("", row.letters["task"], "task_id", None, None, row.place, "new_row")
        return
    if base is None or task is None:
        yield Change(row.task_id, "", "task_id", None, row.task_id, row.place, "unknown_task")
        return
    yield from _not_taken(row, base, task)
    for column in FROM_OFFICE:
        if column not in row.values or row.values[column] == base[column]:
            continue
        after, now = row.values[column], _plain(workbooks.base_value(task, column))
        if after == now:
            continue
        conflict = None
        if isinstance(after, str) and after.startswith("?") and column in ("state", "done_on", "office_due"):
            after, conflict = after[1:], "unreadable"
        elif now != base[column]:
            conflict = "changed_here"
        elif after is None and column in ("state", "done_on"):
            # An emptied state says nothing; it is not a state.
            continue
        yield Change(row.task_id, task["text"], column, now, after, row.place, conflict)


def _not_taken(row: Row, base: dict[str, Any], task: dict[str, Any]) -> Iterable[Change]:
    """Cells of the letter's own columns that somebody changed: a workbook does not correct what a letter says."""
    for column, words in row.letters.items():
        # An emptied task says nothing of it.
        if column in base and words != base[column] and (words or column != "task"):
            yield Change(row.task_id, task["text"], column, base[column], words, row.place, "not_taken")


def _plain(value: Any) -> Any:
    """A value of the database as `workbooks.read_rows` gives a cell's."""
    if value is None or hasattr(value, "isoformat"):
        return value.isoformat() if value is not None else None
    return " ".join(str(value).split()) or None


def _digest(found: list[Change]) -> str:
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest()


# An office's own workbook, on the first day


def first_day_rows(register: Register, path: Path) -> list[tuple[Task, dict[str, str]]]:
    """The tasks of an office's own workbook with what their rows say of state, progress and notes.

    Columns are told by their headers. Raises WrongUse where the workbook holds no table of tasks.
    """
    try:
        document = reading.read(path, media_type=reading.media_type(path), sha256=sha256_of(path), workers=0)
    except ReadingError as error:
        raise WrongUse("no_workbook", path=path) from error
    found = list(extract(document, register.office).tasks)
    if not found:
        raise WrongUse("no_tasks_in_workbook", path=path)
    return [(task, said) for task, said in zip(found, said_of(document, found), strict=True)]


def said_of(document: Document, found: Iterable[Task]) -> list[dict[str, str]]:
    """What the row of each task says in the columns of progress and notes; empty where it says nothing."""
    blocks = layout.blocks(document)
    known: dict[int, tables.Columns | None] = {}
    texts: dict[int, dict[tuple[int, int], str]] = {}
    answers: list[dict[str, str]] = []
    for task in found:
        place = next((p for p in task.places if p.field == "text" and p.cell is not None), None)
        grid = blocks[place.block] if place is not None else None
        if place is None or place.cell is None or not isinstance(grid, Grid):
            answers.append({})
            continue
        if place.block not in known:
            known[place.block] = tables.columns(grid, lambda _: None)
            texts[place.block] = {
                (cell.row + down, cell.column): cell.text for cell in grid.cells for down in range(cell.row_span)
            }
        columns = known[place.block]
        said = {}
        for code in ("progress", "note"):
            column = columns.of(code) if columns is not None else None
            words = texts[place.block].get((place.cell[0], column), "") if column is not None else ""
            if words:
                said[code] = words
        state = linking.reported([said.get("progress", "")])
        if state is not None and state.startswith("done"):
            said["state"] = "done"
        answers.append(said)
    return answers


def _take_in(register: Register, report: Report, path: Path, who: str) -> dict[str, Any]:
    """Take an office's own workbook in as a document, and say of its tasks what its rows say."""
    [outcome] = work.ingest(register, [path], report)
    if outcome.state not in ("done", "again") or outcome.document is None:
        raise WrongUse("no_tasks_in_workbook", path=path)
    sha256 = outcome.document
    document = register.journal.kept(
        register.store.value("SELECT reading FROM documents WHERE document_sha256 = ?", [sha256]), Document
    )
    rows = register.store.rows(
        """SELECT task_id, text, places FROM tasks
        WHERE document_sha256 = ? AND status = 'current' ORDER BY ordinal""",
        [sha256],
    )
    found = [msgspec.convert({"text": t, "places": msgspec.json.decode(places)}, Task) for _, t, places in rows]
    states = 0
    for (task_id, *_), said in zip(rows, said_of(document, found), strict=True):
        if said and outcome.state == "done":
            states += 1
            _say(register, report, task_id, dict(said), who, path.name)
    return {"tasks": len(rows), "states": states}
