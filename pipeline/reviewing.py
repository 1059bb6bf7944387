"""What reviewers do to tasks: each act is one event, in the journal before it returns.

An act carries the item (`review_items`) as the reviewer saw it; where another person, or a new reading, has
changed the task since, nothing is written and `Stale` carries what it has become. One event holds all of an act,
so that it is there whole or not at all, and is taken back as one.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from extractors.deadlines import DeadlineContext, due, find, read_cell
from models.deadline import NO_DEADLINE
from pipeline import days
from pipeline.days import iso
from pipeline.errors import WrongUse
from pipeline.identity import new_id
from pipeline.ours import ours
from pipeline.register import Register
from pipeline.review_items import FIELDS, Item, Stale, item, items, standing

Act = Literal["accept", "approve", "correct", "reject", "reopen", "split", "merge", "add", "undo"]

_REVIEW_AFTER: dict[str, str] = {
    "accept": "accepted",
    "approve": "approved",
    "reject": "rejected",
    "reopen": "open",
}


def decide(
    register: Register,
    seen: Item,
    act: Act,
    who: str,
    values: dict[str, Any] | None = None,
    places: list[dict[str, Any]] | None = None,
    why: str | None = None,
) -> int:
    """Accept, approve, reject, reopen or just correct a task, with the fields of `values` set on the way.

    Returns the act's number in the journal; correcting nothing is no act and returns 0. Raises Stale where the
    task is no longer as `seen`, WrongUse where the second sign-off is by who accepted it, or comes before that.
    """
    with register.store.gate:
        now = _fresh(register, seen)
        if act == "approve":
            _may_approve(register, now, who)
        changes = _changes(register, now, values or {}, places)
        if act == "correct" and not changes:
            return 0
        after = _REVIEW_AFTER.get(act)
        if after and after != now.review:
            changes.append(_change(now, "review", after))
        return _record(register, act, now, who, changes, why=why)


def _may_approve(register: Register, now: Item, who: str) -> None:
    if now.review != "accepted":
        raise WrongUse("not_accepted_yet")
    by = standing(register, [now.task_id])[now.task_id]["review"].who
    if by == who:
        raise WrongUse("approve_needs_another")


def accept_all(register: Register, seen: Sequence[Item], who: str) -> tuple[int, list[Item]]:
    """Accept several tasks as they were shown: (how many were accepted, those that had changed meanwhile)."""
    accepted, stale = 0, []
    for one in seen:
        try:
            decide(register, one, "accept", who)
            accepted += 1
        except Stale as error:
            stale.append(error.item)
    return accepted, stale


def split(
    register: Register, seen: Item, parts: Sequence[dict[str, Any]], who: str, why: str | None = None
) -> tuple[int, list[str]]:
    """Make one task into several: the first part stays this task, the others are added behind it.

    A part holds `text` and what differs from the task: `lead`, `coop`, `deadline`, …, `places`. Returns the
    act's number and the ids of the new tasks.
    """
    texts = [part.get("text", "").strip() for part in parts]
    if len(parts) < 2 or not all(texts):
        raise WrongUse("split_wants_parts")
    with register.store.gate:
        now = _fresh(register, seen)
        first = {k: v for k, v in parts[0].items() if k in FIELDS}
        changes = _changes(register, now, first, parts[0].get("places"))
        added = []
        for part in parts[1:]:
            values = {**{f: now.values[f] for f in FIELDS}, **{k: v for k, v in part.items() if k in FIELDS}}
            task, said = _new_task(register, now, values, part.get("places", now.values["places"]))
            added.append(task)
            changes += said
        seq = _record(register, "split", now, who, changes, added=added, why=why)
    return seq, [task["task_id"] for task in added]


def merge(register: Register, seen: Item, other: Item, who: str, why: str | None = None) -> int:
    """Make two tasks of one document into the one that comes first: texts joined, bodies of both, places of both.

    The deadline and the other single values are the first one's, where it has any.
    """
    if seen.document_sha256 != other.document_sha256 or seen.task_id == other.task_id:
        raise WrongUse("merge_wants_two")
    with register.store.gate:
        one, two = sorted((_fresh(register, seen), _fresh(register, other)), key=lambda item: item.order)
        a, b = one.values, two.values
        values = {
            "text": f"{a['text']} {b['text']}",
            "lead": list(dict.fromkeys([*a["lead"], *b["lead"]])),
            "coop": [n for n in dict.fromkeys([*a["coop"], *b["coop"]]) if n not in (*a["lead"], *b["lead"])],
            "deadline": a["deadline"] if a["deadline"]["kind"] != "none" else b["deadline"],
            **{f: a[f] or b[f] for f in ("office_due_date", "source_doc", "result")},
        }
        places = [*a["places"], *(p for p in b["places"] if p not in a["places"])]
        changes = [*_changes(register, one, values, places), _change(two, "review", "rejected")]
        return _record(register, "merge", one, who, changes, why=why)


def add(
    register: Register, document: str, values: dict[str, Any], places: list[dict[str, Any]], who: str
) -> tuple[int, str]:
    """Add a task the machine missed; returns the act's number and the task's id."""
    if not values.get("text", "").strip():
        raise WrongUse("text_missing")
    with register.store.gate:
        known = items(register, document=document)
        row = register.store.rows("SELECT letter_id FROM documents WHERE document_sha256 = ?", [document])
        if not row:
            raise WrongUse("no_such_document", name=document)
        behind = max((i.ordinal for i in known if _begin(i.values["places"]) <= _begin(places)), default=0)
        blank = _blank(document, row[0][0], behind)
        task, changes = _new_task(register, blank, {**{f: blank.values[f] for f in FIELDS}, **values}, places)
        changes.append(_change(_renamed(blank, task["task_id"]), "review", "accepted"))
        seq = _record(register, "add", _renamed(blank, task["task_id"]), who, changes, added=[task])
    return seq, str(task["task_id"])


def undo(register: Register, seq: int, who: str) -> int:
    """Take an act back as a whole; raises WrongUse where it is gone already, or others have built on it since."""
    store = register.store
    with store.gate:
        found = store.records("SELECT * FROM acts WHERE seq = ?", [seq])
        if not found or found[0]["undoes"] is not None:
            raise WrongUse("no_such_act", seq=seq)
        if store.value("SELECT count(*) FROM acts WHERE undoes = ?", [seq]):
            raise WrongUse("undone_already", seq=seq)
        later = store.rows(
            """SELECT l.who FROM corrections e JOIN corrections l USING (task_id, field)
            WHERE e.seq = ? AND l.seq > e.seq AND l.undoes IS NULL
                AND l.seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
            ORDER BY l.seq DESC LIMIT 1""",
            [seq],
        )
        if later:
            raise WrongUse("changed_since", who=later[0][0])
        act = found[0]
        corrected = [
            {"task_id": task_id, "field": "review", "seen": "open", "value": "rejected"}
            for task_id in act["added"]
        ]
        event = register.record(
            "reviewed",
            {
                "act": "undo",
                "document": act["document_sha256"],
                "task_id": act["task_id"],
                "corrected": corrected,
                "who": who,
                "undoes": seq,
            },
        )
        return event.seq


def history(register: Register, task_id: str) -> list[dict[str, Any]]:
    """Every change of a task, oldest first: seq, recorded_at, field, seen, value, who, undone."""
    return register.store.records(
        """SELECT seq, recorded_at, field, seen, value, who, why,
            seq IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL) AS undone
        FROM corrections WHERE task_id = ? AND undoes IS NULL ORDER BY seq, field""",
        [task_id],
    )


def deadline_of(register: Register, words: str, letter: dict[str, Any] | None) -> dict[str, Any]:
    """A deadline as a person words it, read by the letters' grammar; kind `none` with a `reason` where it is not.

    `letter` is the row of its letter, for the date that years and periods are counted from.
    """
    issued, arrived = (letter or {}).get("issued_date"), (letter or {}).get("arrival_date")
    context = DeadlineContext(issued=issued, arrived=arrived, office=register.office)
    written = " ".join(words.split())
    read = read_cell(written, context) if written else NO_DEADLINE
    if read.kind == "none" and written:
        read = next(iter(find(written, context)), read)
    if read.reason == "no_such_day":  # 31/2: nothing that could be kept
        read = msgspec.structs.replace(NO_DEADLINE, reason=read.reason)
    read = due(read, context) if read.kind != "none" else read
    return {
        "kind": read.kind,
        "date": iso(read.date),
        "text": written or None,
        "relation": read.relation,
        "grain": read.grain,
        "due_date": iso(read.due_date),
        "due_time": iso(read.due_time),
        "recurs": list(read.recurs),
        "reason": read.reason if written else None,
    }


def as_written(read: dict[str, Any]) -> dict[str, Any]:
    """A deadline whose words no grammar reads, as a person wrote it: it hangs on something, and has no day."""
    return {**read, "kind": "relative", "relation": "event", "date": None, "due_date": None, "due_time": None}


def _fresh(register: Register, seen: Item) -> Item:
    """The task as it is, which must be as it was seen."""
    now = item(register, seen.task_id)
    fields = tuple(f for f in (*FIELDS, "review", "places") if now.values[f] != seen.values[f])
    if fields:
        who = register.store.value(
            "SELECT who FROM corrections WHERE task_id = ? ORDER BY seq DESC LIMIT 1", [seen.task_id]
        )
        raise Stale(now, fields, who)
    return now


def _change(now: Item, field: str, value: Any) -> dict[str, Any]:
    return {"task_id": now.task_id, "field": field, "seen": now.values.get(field), "value": value}


def _changes(
    register: Register, now: Item, values: dict[str, Any], places: list[dict[str, Any]] | None
) -> list[dict[str, Any]]:
    """What `values` and `places` change of a task, as corrections."""
    wrong = set(values) - set(FIELDS)
    if wrong:
        raise WrongUse("no_such_field", field=", ".join(sorted(wrong)), fields=", ".join(FIELDS))
    clean = {field: _clean(field, value) for field, value in values.items()}
    changes = [_change(now, f, v) for f, v in clean.items() if not _same(f, v, now.values[f])]
    if places is not None and places != now.values["places"]:
        changes.append(_change(now, "places", places))
    if any(c["field"] in ("lead", "coop") for c in changes):
        values = {**now.values, **clean}
        seen = {"concerns_us": now.concerns_us, "our_role": now.our_role}
        said = ours(register, now.letter_id, values["lead"], values["coop"], values["text"])
        changes += [
            {"task_id": now.task_id, "field": field, "seen": seen[field], "value": value}
            for field, value in said.items()
            if value != seen[field]
        ]
    return changes


def _same(field: str, one: Any, other: Any) -> bool:
    if field == "deadline":
        return all((one or {}).get(k) == (other or {}).get(k) for k in ("kind", "date", "text", "due_date"))
    return bool(one == other)


def _clean(field: str, value: Any) -> Any:
    match field:
        case "text":
            words = " ".join(str(value or "").split())
            if not words:
                raise WrongUse("text_missing")
            return words
        case "lead" | "coop":
            return list(dict.fromkeys(" ".join(n.split()) for n in value or [] if n.strip()))
        case "deadline":
            return {k: v for k, v in (value or {"kind": "none"}).items() if k != "reason"}
        case "modality":
            if value not in ("assigned", "proposed"):
                raise WrongUse("bad_value", field=field, value=value, values="assigned, proposed")
            return value
        case "office_due_date":
            return days.said(value)
        case _:
            return " ".join(value.split()) or None if value else None


def _begin(places: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Where the text begins: by block where it has one, which is the order of reading."""
    spots = [(p.get("block", 0), p.get("start", 0), p.get("page") or 0) for p in places if p["field"] == "text"]
    return min(spots, default=(0, 0, 0))


def _blank(document: str, letter_id: str | None, ordinal: int) -> Item:
    """An item with nothing in it, that a new task is compared with."""
    values: dict[str, Any] = {
        "text": "",
        "lead": [],
        "coop": [],
        "deadline": {"kind": "none", "date": None, "text": None},
        "office_due_date": None,
        "source_doc": None,
        "result": None,
        "modality": "assigned",
        "review": "open",
        "places": [],
    }
    return Item("", document, letter_id, ordinal, values, {}, {}, {}, (), (), "no", None, None, True)


def _renamed(blank: Item, task_id: str) -> Item:
    return msgspec.structs.replace(blank, task_id=task_id)


def _new_task(
    register: Register, near: Item, values: dict[str, Any], places: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A task a person adds behind `near`, and its values as corrections, which outlast every new reading."""
    blank = _renamed(_blank(near.document_sha256, near.letter_id, near.ordinal), new_id())
    changes = _changes(register, blank, values, None)
    task = {
        "task_id": blank.task_id,
        "ordinal": near.ordinal,
        "text": _clean("text", values["text"]),
        "places": places,
    }
    return task, changes


def _record(
    register: Register,
    act: Act,
    about: Item,
    who: str,
    corrected: list[dict[str, Any]],
    *,
    added: Sequence[dict[str, Any]] = (),
    why: str | None = None,
) -> int:
    data: dict[str, Any] = {
        "act": act,
        "document": about.document_sha256,
        "task_id": about.task_id,
        "corrected": corrected,
        "who": who,
    }
    if added:
        data["added"] = list(added)
    if why:
        data["why"] = why
    return register.record("reviewed", data).seq
