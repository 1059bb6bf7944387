"""What people say of tasks over time: links between letters confirmed or refused, states set. Each is an event."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from pipeline import settling
from pipeline.errors import WrongUse
from pipeline.register import Register, today
from pipeline.reports import Report
from pipeline.state_names import named

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
    _must_be_a_pair(register, task_id, other_id, verdict)
    event = register.record(
        "task_link_judged",
        {"task_id": task_id, "other_id": other_id, "verdict": verdict, "who": who, "why": why},
    )
    return {"seq": event.seq}


def judge_links(
    register: Register, report: Report, *, pairs: Sequence[dict[str, str]], who: str, why: str | None = None
) -> dict[str, Any]:
    """The same of several pairs (`task_id`, `other_id`, `verdict`) in one event, taken back as one."""
    for pair in pairs:
        _must_be_a_pair(register, **pair)
    return {"seq": register.record("task_link_judged", {"pairs": list(pairs), "who": who, "why": why}).seq}


def _must_be_a_pair(register: Register, task_id: str, other_id: str, verdict: str) -> None:
    if verdict not in VERDICTS:
        raise WrongUse("bad_value", field="link", value=verdict, values=", ".join(VERDICTS))
    _must_be_there(register, task_id, other_id)
    if task_id == other_id:
        raise WrongUse("same_task", task_id=task_id)


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
    office_due: str | None = None,
    source: str | None = None,
    because: str | None = None,
    why: str | None = None,
    sure: bool = False,
) -> dict[str, Any]:
    """Set the state of a task, how far it is, or a note; what is None stays as it is, an empty text is nothing.

    `state` is a state by its code or name, of what is done also `done_in_time` or `done_late`, which the day goes
    before where it is said; `proposed` takes what later letters speak for, with the letter that
    does, `refused` says that it is not so. `done_on`, `through`, `office_due` (the office's own deadline) are ISO
    dates; `through` says up to which due day a recurring duty is done with (its state stays open).

    Raises WrongUse for a day of completion to come; for one before the letter unless somebody is `sure` of it.
    """
    _must_be_there(register, task_id)
    said: dict[str, Any] = {"through": through, "progress": progress, "note": note}
    state = None if state is None else named(state)
    if state in settling.ANSWERS:
        said |= settling.told_of(register, task_id, state)
        if said.get("state") == "done" and done_on is None:
            # the day may lie before the letter of this mention, which reports or urges what others assigned
            done_on, sure = said.pop("done_on", None), True
    elif state in _DONE:
        said |= {"state": "done", "in_time": _DONE[state]}
    elif state is not None:
        said["state"] = state
    said |= {name: value for name, value in (("source", source), ("because", because)) if value is not None}
    for day in (done_on, through, office_due or None):
        _must_be_a_day(day)
    if done_on is not None:
        said |= _done(register, task_id, said, done_on, sure=sure)
    corrected = [] if office_due is None else _office_deadline(register, task_id, office_due or None)
    if not corrected and all(said.get(name) is None for name in _SAYINGS):
        raise WrongUse("nothing_said", task_id=task_id)
    more = {"corrected": corrected} if corrected else {}
    event = register.record("task_state_set", {"task_id": task_id, **said, **more, "who": who, "why": why})
    return {"seq": event.seq, **{name: said.get(name) for name in ("state", "moved_to", "verdict")}}


_DONE = {"done_in_time": True, "done_late": False}
_SAYINGS = ("state", "done_on", "through", "progress", "note", "moved_to")


def _done(register: Register, task_id: str, said: dict[str, Any], done_on: str, *, sure: bool) -> dict[str, Any]:
    """That a task was done on a day: a task that is said to be in no state is thereby done."""
    day = datetime.date.fromisoformat(done_on)
    if day > today():
        raise WrongUse("done_in_future", value=f"{day:%d/%m/%Y}")
    if said.get("state") not in (None, "done") and not sure:
        raise WrongUse("done_on_not_done", value=f"{day:%d/%m/%Y}")
    issued = register.store.value(
        "SELECT issued_date FROM tasks JOIN letters USING (letter_id) WHERE task_id = ?", [task_id]
    )
    if issued is not None and day < issued and not sure:
        raise WrongUse("done_before_letter", value=f"{day:%d/%m/%Y}", issued=f"{issued:%d/%m/%Y}")
    return {"done_on": done_on, "state": said.get("state") or "done"}


def _office_deadline(register: Register, task_id: str, day: str | None) -> list[dict[str, Any]]:
    """The office's own deadline as a correction; none where it is so already."""
    [(seen,)] = register.store.rows("SELECT office_due_date FROM human_values WHERE task_id = ?", [task_id]) or [
        (None,)
    ]
    before = None if seen is None else json.loads(seen)
    if before == day:
        return []
    return [{"task_id": task_id, "field": "office_due_date", "seen": before, "value": day}]


def take_back_state(register: Register, report: Report, *, seq: int, who: str) -> dict[str, Any]:
    """Take back what was said of a task's state by the journal's event `seq`; what was said before holds again."""
    found = register.store.rows("SELECT task_id FROM task_states WHERE seq = ? AND undoes IS NULL", [seq])
    if not found:
        raise WrongUse("no_such_entry", seq=seq)
    if register.store.value("SELECT count(*) FROM task_states WHERE undoes = ?", [seq]):
        raise WrongUse("undone_already", seq=seq)
    event = register.record("task_state_set", {"task_id": found[0][0], "who": who, "undoes": seq})
    return {"seq": event.seq}


def take_back_link(register: Register, report: Report, *, seq: int, who: str) -> dict[str, Any]:
    """Take back what the journal's event `seq` said of links; what was said before holds again."""
    found = register.store.records("SELECT task_id, other_id FROM last_judgements() WHERE seq = ?", [seq])
    if not found:
        raise WrongUse("no_such_act", seq=seq)
    later = register.store.rows(
        """SELECT later.who FROM last_judgements() said JOIN last_judgements() later
            ON least(later.task_id, later.other_id) = least(said.task_id, said.other_id)
                AND greatest(later.task_id, later.other_id) = greatest(said.task_id, said.other_id)
        WHERE said.seq = $seq AND later.seq > $seq ORDER BY later.seq""",
        {"seq": seq},
    )
    if later:
        raise WrongUse("changed_since", who=later[-1][0])
    pairs = [{**pair, "verdict": "open"} for pair in found]
    return {"seq": register.record("task_link_judged", {"pairs": pairs, "who": who, "undoes": seq}).seq}


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
