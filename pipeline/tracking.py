"""What people say of tasks over time: links between letters confirmed or refused, states set. Each is an event."""

import datetime
from typing import Any

from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.reports import Report

STATES = ("open", "done", "cancelled", "superseded")
VERDICTS = ("confirmed", "refused", "open")


def judge_link(
    register: Register,
    report: Report,
    *,
    task_id: str,
    other_id: str,
    verdict: str,
    who: str,
    why: str | None = None,
) -> dict[str, Any]:
    """Say that two tasks are one (`confirmed`), are not (`refused`), or take that back (`open`).

    Also links two tasks the machine did not. Refusals are remembered, however often the letters are read again.
    """
    if verdict not in VERDICTS:
        raise WrongUse("bad_value", field="link", value=verdict, values=", ".join(VERDICTS))
    _must_be_there(register, task_id, other_id)
    if task_id == other_id:
        raise WrongUse("same_task", task_id=task_id)
    event = register.record(
        "task_link_judged",
        {"task_id": task_id, "other_id": other_id, "verdict": verdict, "who": who, "why": why},
    )
    return {"seq": event.seq}


def set_state(
    register: Register,
    report: Report,
    *,
    task_id: str,
    who: str,
    state: str | None = None,
    done_on: str | None = None,
    through: str | None = None,
    progress: str | None = None,
    note: str | None = None,
    source: str | None = None,
    why: str | None = None,
) -> dict[str, Any]:
    """Set the state of a task, how far it is, or a note; what is None stays as it is, an empty text is nothing.

    `done_on` and `through` are ISO dates; `through` says up to which due day a recurring duty is done with (its
    state stays open). `proposed` takes the state that later letters speak for, with its source.
    """
    _must_be_there(register, task_id)
    if state == "proposed":
        proposed = register.store.records("SELECT * FROM proposed_states WHERE task_id = ?", [task_id])
        if not proposed:
            raise WrongUse("nothing_proposed", task_id=task_id)
        state, source = proposed[0]["proposed"], source or proposed[0]["because"]
        if state == "done" and done_on is None and proposed[0]["by_date"]:
            done_on = proposed[0]["by_date"].isoformat()
    if state is not None and state not in STATES:
        raise WrongUse("bad_value", field="state", value=state, values=", ".join(STATES))
    for day in (done_on, through):
        _must_be_a_day(day)
    said = {"state": state, "done_on": done_on, "through": through, "progress": progress, "note": note}
    if all(value is None for value in said.values()):
        raise WrongUse("nothing_said", task_id=task_id)
    event = register.record(
        "task_state_set", {"task_id": task_id, **said, "source": source, "who": who, "why": why}
    )
    return {"seq": event.seq, "state": state}


def take_back_state(register: Register, report: Report, *, seq: int, who: str) -> dict[str, Any]:
    """Take back what was said of a task's state by the journal's event `seq`; what was said before holds again."""
    found = register.store.rows("SELECT task_id FROM task_states WHERE seq = ? AND undoes IS NULL", [seq])
    if not found:
        raise WrongUse("no_such_entry", seq=seq)
    event = register.record("task_state_set", {"task_id": found[0][0], "who": who, "undoes": seq})
    return {"seq": event.seq}


def _must_be_there(register: Register, *task_ids: str) -> None:
    for task_id in task_ids:
        if not register.store.value("SELECT count(*) FROM tasks WHERE task_id = ?", [task_id]):
            raise WrongUse("no_such_task", task_id=task_id)


def _must_be_a_day(day: str | None) -> None:
    try:
        if day is not None:
            datetime.date.fromisoformat(day)
    except ValueError as error:
        raise WrongUse("bad_day", value=day) from error
