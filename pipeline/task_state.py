"""How far one task is, as a page shows it: its state, since when, by whom, from which letter."""

import datetime
from typing import Any

import msgspec

from pipeline import review_items
from pipeline.register import Register, today
from pipeline.review_items import Item


class Now(msgspec.Struct, frozen=True):
    """The state of a task. `last_day` decides whether it is late: of a recurring duty the last one not done with.

    `state` is open, done, cancelled or superseded; `is_late`: it is not done though its last day is past, or was
    done after it; `is_in_time`: it was done by then (where neither holds, nobody says). `set_by`, `set_at` (UTC)
    and `source` say where the state is known from; where that is a letter, with its id, its day, the page and the
    mention there. `reported` is how far it is as the letter itself says. Where a later letter has moved the last
    day, `day_before` is the one before, `moved_by` that letter.
    """

    task_id: str
    text: str
    state: str
    is_late: bool
    last_day: datetime.date | None
    is_recurring: bool
    office_due: datetime.date | None
    done_on: datetime.date | None = None
    is_in_time: bool = False
    through: datetime.date | None = None
    progress: str | None = None
    reported: str | None = None
    note: str | None = None
    set_by: str | None = None
    set_at: datetime.datetime | None = None
    source: str | None = None
    letter_id: str | None = None
    by_task_id: str | None = None
    page: int | None = None
    dated: datetime.date | None = None
    day_before: datetime.date | None = None
    moved_by: str | None = None
    moved_by_letter: str | None = None


def now(register: Register, task_id: str) -> Now:
    """The state of a task today; by its own rows alone, however large the register is."""
    item = review_items.item(register, task_id)
    [reported] = register.store.rows("SELECT reported_progress, recurs FROM tasks WHERE task_id = ?", [task_id])
    found = register.store.records("SELECT * FROM standing_states WHERE task_id = ?", [task_id])
    said = found[0] if found else {}
    last_day, is_recurring = _last_day(register, item, reported[1], said.get("through"))
    day_before, moved_by, moved_by_letter = None, None, None
    moved = register.store.rows(
        """SELECT due_date, source, letter_id FROM moved_deadlines
        WHERE task_id = ? AND verdict = 'confirmed' AND is_last""",
        [task_id],
    )
    if moved and not is_recurring and (last_day is None or moved[0][0] > last_day):
        day_before, moved_by, moved_by_letter = last_day, *moved[0][1:]
        last_day = _day(item.values["office_due_date"]) or moved[0][0]
    state = said.get("state") or "open"
    in_time = _in_time(register, said, last_day)
    is_past = state == "open" and last_day is not None and last_day < today()
    return Now(
        task_id,
        str(item.values["text"]),
        state,
        is_past or in_time is False,
        last_day,
        is_recurring,
        _day(item.values["office_due_date"]),
        said.get("done_on"),
        in_time is True,
        said.get("through"),
        said.get("progress"),
        reported[0],
        said.get("note"),
        said.get("state_by"),
        said.get("state_at"),
        said.get("state_source"),
        said.get("state_letter_id"),
        said.get("state_by_task_id"),
        said.get("state_page"),
        said.get("state_date"),
        day_before,
        moved_by,
        moved_by_letter,
    )


def _in_time(register: Register, said: dict[str, Any], last_day: datetime.date | None) -> bool | None:
    """Whether a task that is done was done in time, as in `standings`; None where it is not, or nobody says."""
    if said.get("state") != "done" or last_day is None:
        return None
    how = register.store.value(
        "SELECT how_done(?::DATE <= ?::DATE, ?::BOOLEAN, ?::DATE <= ?::DATE)",
        [said["done_on"], last_day, said["in_time"], said["done_known_on"], last_day],
    )
    return {"done_in_time": True, "done_late": False}.get(how)


def _last_day(
    register: Register, item: Item, recurs: list[str] | None, through: datetime.date | None
) -> tuple[datetime.date | None, bool]:
    """The day that decides whether a task is late, and whether it is due again and again."""
    deadline = item.values["deadline"]
    due = _day(deadline.get("due_date") or deadline.get("date"))
    if deadline["kind"] != "recurring":
        return _day(item.values["office_due_date"]) or due, False
    turns = deadline.get("recurs") or recurs
    return register.store.value(
        "SELECT last_turn(?::DATE, ?, ?::DATE, ?::DATE)", [due, turns, through, today()]
    ), True


def _day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


_SAYINGS = ("state", "done_on", "through", "progress", "note", "moved_to")


def history(register: Register, task_id: str) -> list[dict[str, Any]]:
    """What people said of the state of a task, oldest first, in the form of `reviewing.history`."""
    rows = register.store.records(
        """SELECT seq, recorded_at, CASE WHEN in_time AND done_on IS NULL THEN 'done_in_time'
                WHEN NOT in_time AND done_on IS NULL THEN 'done_late' ELSE state END AS state, done_on, through,
            progress, note, moved_to, verdict, source, who, why,
            seq IN (SELECT undoes FROM task_states WHERE undoes IS NOT NULL) AS undone
        FROM task_states WHERE task_id = ? AND undoes IS NULL ORDER BY seq""",
        [task_id],
    )
    before: dict[str, Any] = {"state": "open"}
    found = []
    for row in rows:
        for field in (name for name in reversed(_SAYINGS) if row[name] is not None):
            seen = before.get(field)
            keys = {name: row[name] for name in ("seq", "recorded_at", "who", "undone")}
            why = row["why"] or row["source"]
            name = "move_refused" if field == "moved_to" and row["verdict"] else field
            found.append({**keys, "why": why, "field": name, "seen": _json(seen), "value": _json(row[field])})
            if not row["undone"] and name == field:
                before[field] = row[field]
    return found


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
