"""One field of one task set by hand, in words as a letter would have them."""

from typing import Any, Final

import msgspec

from extractors.deadlines import DeadlineContext, read_cell
from extractors.deadlines import due as due_date_of
from models.correction import Correction
from models.deadline import Deadline
from pipeline.errors import WrongUse
from pipeline.ours import ours
from pipeline.register import Register
from pipeline.reports import Report

_COLUMNS: Final = {
    "text": "text",
    "lead": "lead",
    "coop": "coop",
    "office_due_date": "office_due_date",
    "source_doc": "source_doc",
    "result": "result",
    "modality": "modality",
    "review": "status",
}
"""The column of `current_tasks` that holds each field but the deadline."""


def correct(
    register: Register, report: Report, *, task_id: str, field: str, value: str, who: str, why: str | None = None
) -> dict[str, Any]:
    """Set one field of one task as a person says, and have the journal keep it before saying so.

    `value` is text: names separated by `;` for lead and coop, a deadline as a letter would word it (or a date)
    for deadline, accepted, rejected or open for review, `-` for nothing.
    """
    found = register.store.records("SELECT * FROM current_tasks WHERE task_id = ?", [task_id])
    if not found:
        raise WrongUse("no_such_task", task_id=task_id)
    task = found[0]
    seen, new = _seen(task, field), _value(register, task, field, value)
    correction = msgspec.convert(
        {"task_id": task_id, "field": field, "seen": seen, "value": new, "who": who, "why": why}, Correction
    )
    event = register.record("corrected", msgspec.to_builtins(correction))
    if field in ("lead", "coop"):
        _follow(register, task, {"lead": task["lead"], "coop": task["coop"], field: new}, who)
    return {"seq": event.seq, "seen": seen, "value": new}


def _follow(register: Register, task: dict[str, Any], bodies: dict[str, Any], who: str) -> None:
    """Record what follows from the bodies of a task: whether it is ours, and what we do in it."""
    found = ours(register, task["letter_id"], bodies["lead"], bodies["coop"], task["text"])
    for field, value in found.items():
        if value != task[field]:
            register.record(
                "corrected",
                {"task_id": task["task_id"], "field": field, "seen": task[field], "value": value, "who": who},
            )


def _seen(task: dict[str, Any], field: str) -> Any:
    if field == "deadline":
        day = task["deadline_date"]
        return {
            "kind": task["deadline_kind"],
            "date": day.isoformat() if day else None,
            "text": task["deadline_text"],
        }
    if field not in _COLUMNS:
        raise WrongUse("no_such_field", field=field, fields=", ".join([*_COLUMNS, "deadline"]))
    value = task[_COLUMNS[field]]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _value(register: Register, task: dict[str, Any], field: str, value: str) -> Any:
    nothing = value.strip() in ("", "-")
    match field:
        case "lead" | "coop":
            return [] if nothing else [name.strip() for name in value.split(";") if name.strip()]
        case "deadline":
            return _deadline(register, task, "" if nothing else value)
        case "text" if nothing:
            raise WrongUse("empty_text")
        case "review" if value not in ("accepted", "rejected", "open"):
            raise WrongUse("bad_value", field=field, value=value, values="accepted, rejected, open")
        case "modality" if value not in ("assigned", "proposed"):
            raise WrongUse("bad_value", field=field, value=value, values="assigned, proposed")
        case "office_due_date":
            read = read_cell(value, DeadlineContext(issued=task["issued_date"]))
            if not nothing and read.date is None:
                raise WrongUse("bad_deadline", value=value)
            return None if nothing or read.date is None else read.date.isoformat()
        case _:
            return None if nothing else value


def _deadline(register: Register, task: dict[str, Any], value: str) -> dict[str, Any]:
    """A deadline as a person words it, read by the same grammar as a letter's."""
    context = DeadlineContext(issued=task["issued_date"], office=register.office)
    read = due_date_of(read_cell(value, context), context) if value else Deadline()
    if value and (read.kind == "none" or read.reason == "no_such_day"):
        raise WrongUse("bad_deadline", value=value)
    return {
        "kind": read.kind,
        "date": read.date.isoformat() if read.date else None,
        "text": value or None,
        "relation": read.relation,
        "grain": read.grain,
        "due_date": read.due_date.isoformat() if read.due_date else None,
        "due_time": read.due_time.isoformat() if read.due_time else None,
        "recurs": list(read.recurs),
    }
