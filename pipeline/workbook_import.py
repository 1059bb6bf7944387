"""What offices write into workbooks, taken back: changes and conflicts are shown before anything is written."""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline import first_day, list_again, tracking, workbook_back, workbooks
from pipeline.assigning import REPORTED_LATER
from pipeline.correcting import correct
from pipeline.errors import WrongUse
from pipeline.journal import sha256_of
from pipeline.register import Register, today
from pipeline.reports import Report
from pipeline.workbook_back import Row
from pipeline.workbooks import COMPUTED, FROM_OFFICE

ERRORS = frozenset(("#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "#NULL!"))
"""What a spreadsheet shows in place of a formula that fails."""

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
    if workbook_back.is_ours(file, _ids(register)):
        found = changes(register, file)
        return {
            "kind": "ours",
            "changes": msgspec.to_builtins(found),
            "gone": len(_gone(file)),
            "digest": _digest(found),
        }
    again = list_again.compare(register, file)
    if again is not None:
        return {
            "kind": "again",
            "changes": list_again.shown(again),
            "name": again.name,
            "same": again.same,
            "gone": again.gone,
            "digest": _digest(again),
        }
    return {"kind": "first_day", **msgspec.to_builtins(first_day.look(register, file)), "digest": sha256_of(file)}


_writing = threading.Lock()
"""Held while a workbook is imported: of two that hold one list, the second finds what the first has written."""


def write(register: Register, report: Report, *, path: str, digest: str, who: str) -> dict[str, Any]:
    """Import a workbook as previewed: each change without a conflict is an event.

    Raises WrongUse where the register or the file has changed since the preview.
    """
    with _writing:
        return _write(register, report, Path(path), digest, who)


def _write(register: Register, report: Report, file: Path, digest: str, who: str) -> dict[str, Any]:
    if not workbook_back.is_ours(file, _ids(register)):
        again = list_again.compare(register, file)
        if digest != (sha256_of(file) if again is None else _digest(again)):
            raise WrongUse("changed_meanwhile")
        if again is not None:
            return {"written": list_again.write(register, report, again, file.name, who)}
        return first_day.take_in(register, report, file, who)
    found = changes(register, file)
    if _digest(found) != digest:
        raise WrongUse("changed_meanwhile")
    sensible = [change for change in found if change.conflict is None]
    for task_id in dict.fromkeys(change.task_id for change in sensible):
        said = {change.column: change.after for change in sensible if change.task_id == task_id}
        if "office_due" in said:
            day = said.pop("office_due")
            correct(
                register,
                report,
                task_id=task_id,
                field="office_due_date",
                value=day or "-",
                who=who,
                why=file.name,
            )
        _say(register, report, task_id, said, who, file.name)
    return {"written": len(sensible)}


def _say(register: Register, report: Report, task_id: str, said: dict[str, Any], who: str, source: str) -> None:
    """Write what a row says of the state of a task."""
    if said:
        values = {column: _CLEARED.get(column) if value is None else value for column, value in said.items()}
        if any(value is not None for value in values.values()):
            tracking.set_state(register, report, task_id=task_id, who=who, source=source, sure=True, **values)


def _ids(register: Register) -> set[str]:
    return {task_id for (task_id,) in register.store.rows("SELECT task_id FROM tasks")}


def changes(register: Register, path: Path) -> list[Change]:
    """What differs between a workbook of ours and the register, in the order of the file.

    A cell is a change where it is not what the workbook was written with. It conflicts where the register has
    changed since then too, where two rows of one task disagree, or where it cannot be read.
    """
    base = workbook_back.read_base(path)
    is_copied = not base
    here = {
        task["task_id"]: task
        for task in register.store.records(
            f"""SELECT task_id, text, state, done_on, in_time, office_due_date, progress, note,
                coalesce(progress, reported_later, reported_progress) AS progress_shown
            FROM current_tasks LEFT JOIN {REPORTED_LATER} USING (task_id)""",
            [None],
        )
    }
    found: dict[tuple[str, str], Change] = {}
    for row in workbook_back.read_rows(path):
        task = here.get(row.task_id)
        written = _as_here(row, task) if is_copied and task is not None else base.get(row.task_id)
        for change in _with_their_days(list(_of_row(row, written, task))):
            key = (change.task_id or change.place, change.column)
            before = found.get(key)
            if before is not None and before.after != change.after:
                change = msgspec.structs.replace(change, conflict="two_rows", other=before.place)
                found[key] = msgspec.structs.replace(before, conflict="two_rows", other=change.place)
                found[key[0], f"{key[1]} {change.place}"] = change
            elif before is None:
                found[key] = change
    return list(found.values())


def _gone(path: Path) -> set[str]:
    """Ids of tasks that were exported and have no row any more."""
    return set(workbook_back.read_base(path)) - {row.task_id for row in workbook_back.read_rows(path)}


def _as_here(row: Row, task: dict[str, Any]) -> dict[str, Any]:
    """What the register says now, for a row whose workbook no longer says what it was written with.

    An empty cell says nothing then, nor do the columns of the letter's.
    """
    said = {column: _plain(workbooks.base_value(task, column)) for column in FROM_OFFICE}
    return said | {column: None for column, value in row.values.items() if value is None}


def _of_row(row: Row, base: dict[str, Any] | None, task: dict[str, Any] | None) -> Iterable[Change]:
    if not row.task_id:
        yield Change("", row.letters["task"], "task_id", None, None, row.place, "new_row")
        return
    if base is None or task is None:
        yield Change(row.task_id, "", "task_id", None, row.task_id, row.place, "unknown_task")
        return
    yield from _not_taken(row, base, task)
    values = _with_words(row, base)
    for column in FROM_OFFICE:
        if column not in values or values[column] == base[column]:
            continue
        after, now = values[column], _plain(workbooks.base_value(task, column))
        if after == now or (column == "state" and _is_told_already(str(after), task)):
            continue
        conflict = None
        if isinstance(after, str) and after.startswith("?") and column in ("done_on", "office_due"):
            after, conflict = after[1:], "unreadable"
        elif after in ERRORS:
            conflict = "unreadable"
        # What a letter reports meanwhile is no word of people's that a cell would undo.
        elif now != base[column] and (column != "progress" or task["progress"] is not None):
            conflict = "changed_here"
        elif column == "done_on" and after is not None and after > today().isoformat():
            conflict = "in_future"
        elif after is None and column in ("state", "done_on"):
            # An emptied state says nothing; it is not a state.
            continue
        elif column == "done_on" and values.get("state") == base["state"] == task["state"] == "open":
            # Who says when it was done says that it is done.
            yield Change(row.task_id, task["text"], "state", "open", "done", row.place)
        yield Change(row.task_id, task["text"], column, now, after, row.place, conflict)


def _with_words(row: Row, base: dict[str, Any]) -> dict[str, Any]:
    """What a row says; words under `state` that are more than a state's name are kept with the progress."""
    values = {column: value for column, value in row.values.items() if column not in row.formulas}
    if row.state_words in ERRORS:
        values["state"] = row.state_words
    elif row.state_words:
        if values["state"] is None:
            values["state"] = base["state"]
        progress = values.get("progress", base["progress"])
        if row.state_words not in (progress or ""):
            values["progress"] = "; ".join(filter(None, (progress, row.state_words)))
    return values


def _is_told_already(state: str, task: dict[str, Any]) -> bool:
    """Whether a task is known to be done, in time or late, as a cell says: by its day, or in the same words."""
    if task["state"] != "done" or not state.startswith("done_"):
        return False
    return task["done_on"] is not None or task["in_time"] is (state == "done_in_time")


def _with_their_days(found: Sequence[Change]) -> Iterable[Change]:
    """The changes, `done` held back where the day of it cannot be written: both are to be written, or none."""
    held_back = {change.column for change in found if change.conflict in ("unreadable", "in_future")}
    for change in found:
        is_done = change.column == "state" and str(change.after).startswith("done") and change.conflict is None
        if is_done and "done_on" in held_back:
            change = msgspec.structs.replace(change, conflict="day_unread")
        yield change


def _not_taken(row: Row, base: dict[str, Any], task: dict[str, Any]) -> Iterable[Change]:
    """Cells that somebody changed and that are not written.

    Those of the letter's own columns, for a workbook does not correct what a letter says; those that follow from
    others; and formulas whose value the file does not hold.
    """
    for column, formula in row.formulas.items():
        # Words that a program has made a formula of by itself are no change.
        if " ".join(formula.split()) != base.get(column):
            yield Change(row.task_id, task["text"], column, base.get(column), formula, row.place, "formula")
    for column, words in row.letters.items():
        # An emptied task says nothing of it.
        if column in base and words != base[column] and (words or column != "task") and column not in row.formulas:
            conflict = "computed" if column in COMPUTED else "not_taken"
            yield Change(row.task_id, task["text"], column, base[column], words, row.place, conflict)


def _plain(value: Any) -> Any:
    """A value of the database as `workbook_back.read_rows` gives a cell's."""
    if value is None or hasattr(value, "isoformat"):
        return value.isoformat() if value is not None else None
    return " ".join(str(value).split()) or None


def _digest(found: Any) -> str:
    """What tells one preview from another."""
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest()
