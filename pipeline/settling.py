"""What later letters speak for, taken or refused: of one task, or of all that a letter says, in one act."""

from collections.abc import Sequence
from typing import Any

from extractors import reported_states, states
from pipeline import proposals
from pipeline.days import iso
from pipeline.errors import WrongUse
from pipeline.register import Register, today
from pipeline.reports import Report

ANSWERS = ("proposed", "refused")
"""What is proposed holds, or does not."""


def settle(
    register: Register,
    report: Report,
    *,
    offers: Sequence[dict[str, Any]],
    answer: str,
    who: str,
    why: str | None = None,
) -> dict[str, Any]:
    """Take what is offered for several tasks, or refuse it, as it was shown (`task_id`, `proposed`, `date_after`).

    What follows from other offers (`proposals.follows`) is taken with them; refused with them, it needs no word.
    One event, taken back as one. Returns its `seq`, the tasks it is about (`settled`), and those left out because
    something else, or nothing more, is offered for them by now (`left`); raises WrongUse where all are.
    """
    with register.store.gate:
        now = {found["task_id"]: found for found in proposals.of_tasks(register, [o["task_id"] for o in offers])}
        same = [o["task_id"] for o in offers if _as_shown(o, now.get(o["task_id"]))]
        said = {task_id: _told(register, now[task_id], answer) for task_id in same}
        shown = {o["task_id"]: o for o in offers if o["task_id"] not in said}
        if answer == "proposed":
            for offer in proposals.follows(register.store.records, [now[task_id] for task_id in same]):
                if _as_shown(shown.get(offer["task_id"], {}), offer):
                    said[offer["task_id"]] = _following(said[offer["follows"]], offer)
        left = [o["task_id"] for o in offers if o["task_id"] not in said]
        if answer == "refused":
            left = [task_id for task_id in left if not shown[task_id].get("follows")]
        if not said:
            raise WrongUse("settled_already", count=len(left))
        states = [{"task_id": task_id, **told} for task_id, told in said.items()]
        event = register.record("task_state_set", {"states": states, "who": who, "why": why})
    return {"seq": event.seq, "settled": list(said), "left": left}


def told_of(register: Register, task_id: str, answer: str) -> dict[str, Any]:
    """What an answer to what is offered for a task says of it; raises WrongUse where nothing is."""
    found = proposals.of_task(register, task_id)
    if found is None:
        raise WrongUse("nothing_proposed", task_id=task_id)
    return _told(register, found, answer)


def _as_shown(offer: dict[str, Any], now: dict[str, Any] | None) -> bool:
    """Whether what was shown of a task is still what is offered for it."""
    return now is not None and all(iso(offer.get(name)) == iso(now[name]) for name in ("proposed", "date_after"))


def _told(register: Register, proposal: dict[str, Any], answer: str) -> dict[str, Any]:
    """What an answer says, without what it does not."""
    said = _taken(register, proposal) if answer == "proposed" else _refused(proposal)
    return {name: value for name, value in said.items() if value is not None}


def _taken(register: Register, proposal: dict[str, Any]) -> dict[str, Any]:
    """The state proposed, or the new last day, with the letter it is known from."""
    if proposal["proposed"] == "new_deadline":
        return {"moved_to": iso(proposal["date_after"]), **_source(proposal)}
    said = {"state": proposal["proposed"], **_source(proposal)}
    if proposal["because"] == "reported_done":
        return said | _reported(register, proposal["by_task_id"])
    if proposal["because"] == "same_task_done":
        [other] = register.store.rows(
            "SELECT done_on, in_time FROM standing_states WHERE task_id = ?", [proposal["by_task_id"]]
        )
        return {**said, "done_on": iso(other[0]), "in_time": other[1]}
    return said


def _following(origin: dict[str, Any], offer: dict[str, Any]) -> dict[str, Any]:
    """That a mention is done, or cancelled, with another one: as that one is, and known from where that is."""
    return {**origin, "other_id": offer["follows"], "because": offer["because"]}


def _reported(register: Register, task_id: str) -> dict[str, Any]:
    """When a report says that a task was done, or that it was in time: that it tells it as done is neither."""
    [(reported, section, progress, issued)] = register.store.rows(
        """SELECT t.reported, t.section, t.reported_progress, l.issued_date
        FROM tasks t LEFT JOIN letters l USING (letter_id) WHERE t.task_id = ?""",
        [task_id],
    )
    told = next((t for t in map(states.in_time, (progress or "", *reversed(section))) if t is not None), None)
    day = reported_states.day_done(progress or "", issued)
    return {
        "done_on": iso(day) if day is not None and day <= today() else None,
        "in_time": False if told is None and reported == "done_late" else told,
    }


def _refused(proposal: dict[str, Any]) -> dict[str, Any]:
    """That the task is open, or its last day as it was, whatever the letter says; the letter is kept with it."""
    if proposal["proposed"] == "new_deadline":
        return {"moved_to": iso(proposal["date_after"]), "verdict": "refused", **_source(proposal)}
    return {"state": "open", **_source(proposal)}


def _source(proposal: dict[str, Any]) -> dict[str, Any]:
    """What speaks for a proposal: the letter, its day and page, the mention in it, and in which way."""
    return {
        "source": proposal["by_letter"],
        "letter": proposal["by_letter_id"],
        "document": proposal["by_document_sha256"],
        "page": proposal["by_page"],
        "dated": iso(proposal["by_date"]),
        "other_id": proposal["by_task_id"],
        "because": proposal["because"],
    }
