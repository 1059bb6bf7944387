"""What reviewers do, as functions over a register: each act is one event, in the journal before it returns.

A task is shown as an `Item`: the values that stand now (people's over the machine's) beside what the machine
read. An act carries the item as the reviewer saw it; where another person, or a new reading, has changed the
task since, nothing is written and `Stale` carries what it has become. One event holds all of an act, so that it
is there whole or not at all, and is taken back as one.
"""

import datetime
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from extractors import secrecy
from extractors.agencies import concern
from extractors.deadlines import DeadlineContext, due, find, read_cell
from models.agency import AgencyMention
from models.deadline import NO_DEADLINE
from models.document import Document, Page
from pipeline import steps
from pipeline.errors import WrongUse
from pipeline.home import free_place
from pipeline.identity import new_id
from pipeline.journal import sha256_of
from pipeline.reading import Limits, Reading, again
from pipeline.reading.media import PAGED
from pipeline.reading.pool import failure
from pipeline.register import Register

Act = Literal["accept", "approve", "correct", "reject", "reopen", "split", "merge", "add", "undo"]

FIELDS = ("text", "lead", "coop", "deadline", "office_due_date", "source_doc", "result", "modality")
"""What a reviewer may set of a task."""

LETTER_FIELDS = (
    "doc_type",
    "code_number",
    "code_notation",
    "issued_date",
    "place",
    "organ_name",
    "subject",
    "signer_full_name",
    "signer_position",
    "urgency",
    "arrival_number",
    "arrival_date",
)
"""What a person may set of a letterhead."""

_DATES = frozenset({"issued_date", "arrival_date"})
_READ_ANEW = _DATES | {"organ_name"}
"""Fields of a letterhead that deadlines and bodies are read against."""
RELEASABLE = ("secret", "secret_doubtful")
"""Why a file is held that a person may release; a letter that was purged stays out."""
_REVIEW_AFTER: dict[str, str] = {
    "accept": "accepted",
    "approve": "approved",
    "reject": "rejected",
    "reopen": "open",
}


class Item(msgspec.Struct, frozen=True):
    """A task as a reviewer sees it. `values` holds FIELDS, `review` and `places` as JSON values.

    `machine` holds the same as last read, `corrected` who set which field. `review` is `open`, `accepted`,
    `approved`, `rejected` or `orphan`. `confidence` has text, lead, deadline and overall, 0 to 1.
    """

    task_id: str
    document_sha256: str
    letter_id: str | None
    ordinal: int
    values: dict[str, Any]
    machine: dict[str, Any]
    corrected: dict[str, str]
    confidence: dict[str, float]
    reasons: tuple[str, ...]
    section: tuple[str, ...]
    concerns_us: str
    deadline_reason: str | None
    is_added: bool

    @property
    def review(self) -> str:
        """Where it stands: open, accepted, approved, rejected or orphan."""
        return str(self.values["review"])

    @property
    def is_waiting(self) -> bool:
        """Whether a reviewer still has to look at it."""
        return self.review in ("open", "orphan") or bool(self.conflicts)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Fields a person set that the machine now reads in a third way."""
        return tuple(f for f in self.corrected if f in self.machine.get("conflicts", ()))

    @property
    def page(self) -> int | None:
        """The page where its text begins."""
        pages = [p["page"] for p in self.values["places"] if p.get("page") and p["field"] == "text"]
        return min(pages, default=None)


class Stale(Exception):
    """Somebody changed the task since it was shown: `item` is what it has become, `fields` what differs."""

    def __init__(self, item: Item, fields: tuple[str, ...], who: str | None) -> None:
        super().__init__(", ".join(fields))
        self.item = item
        self.fields = fields
        self.who = who


# Looking


def items(register: Register, *, document: str | None = None, task_ids: Sequence[str] | None = None) -> list[Item]:
    """The tasks of a document, or those named, in their order on paper, rejected ones included."""
    store = register.store
    where = "document_sha256 = ?" if document else "task_id IN (SELECT unnest(?))"
    given = [document or list(task_ids or ())]
    with store.gate:
        tasks = store.records(
            f"""SELECT task_id, document_sha256, letter_id, ordinal, status, text, lead, coop, deadline_text,
                deadline_kind, deadline_date, relation, grain, due_date, due_time, deadline_reason, source_doc,
                result, modality, section, concerns_us, confidence_text, confidence_lead, confidence_deadline,
                confidence, reasons, places
            FROM tasks WHERE {where}""",
            given,
        )
        ids = [t["task_id"] for t in tasks]
        standing = _standing(register, ids)
    found = [_item(task, standing.get(task["task_id"], {})) for task in tasks]
    return sorted(found, key=lambda item: (item.document_sha256, *_order(item)))


def item(register: Register, task_id: str) -> Item:
    """One task; raises WrongUse where there is none of that id."""
    found = items(register, task_ids=[task_id])
    if not found:
        raise WrongUse("no_such_task", task_id=task_id)
    return found[0]


def _order(item: Item) -> tuple[int, bool]:
    """Where an item stands down its letter: what people added comes behind the task it was added at."""
    return item.ordinal, item.is_added


class _Said(msgspec.Struct, frozen=True):
    """A correction that stands."""

    seq: int
    seen: Any
    value: Any
    who: str


def _standing(register: Register, ids: Sequence[str]) -> dict[str, dict[str, _Said]]:
    """Task → field → the last correction that was not taken back."""
    rows = register.store.rows(
        """SELECT task_id, field, seq, seen, value, who FROM corrections c
        WHERE undoes IS NULL AND task_id IN (SELECT unnest(?))
            AND seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
        ORDER BY seq""",
        [list(ids)],
    )
    found: dict[str, dict[str, _Said]] = {}
    for task_id, field, seq, seen, value, who in rows:
        found.setdefault(task_id, {})[field] = _Said(seq, _json(seen), _json(value), who)
    return found


def _json(value: str | None) -> Any:
    return None if value is None else msgspec.json.decode(value)


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _item(task: dict[str, Any], said: dict[str, _Said]) -> Item:
    machine: dict[str, Any] = {
        "text": task["text"],
        "lead": task["lead"],
        "coop": task["coop"],
        "deadline": {
            "kind": task["deadline_kind"],
            "date": _iso(task["deadline_date"]),
            "text": task["deadline_text"],
            "relation": task["relation"],
            "grain": task["grain"],
            "due_date": _iso(task["due_date"]),
            "due_time": _iso(task["due_time"]),
        },
        "office_due_date": None,
        "source_doc": task["source_doc"],
        "result": task["result"],
        "modality": task["modality"],
        "review": "orphan" if task["status"] == "orphan" else "open",
        "places": msgspec.json.decode(task["places"] or "[]"),
    }
    values = {field: said[field].value if field in said else value for field, value in machine.items()}
    values["deadline"] = {**dict.fromkeys(machine["deadline"]), **(values["deadline"] or {"kind": "none"})}
    if task["status"] == "orphan" and not ("review" in said and said["review"].seen == "orphan"):
        values["review"] = "orphan"
    machine["conflicts"] = [
        field
        for field in ("text", "lead", "coop", "deadline")
        if field in said and not _agrees(field, machine[field], said[field])
    ]
    return Item(
        task_id=task["task_id"],
        document_sha256=task["document_sha256"],
        letter_id=task["letter_id"],
        ordinal=task["ordinal"],
        values=values,
        machine=machine,
        corrected={field: one.who for field, one in said.items() if field in FIELDS},
        confidence={
            "text": task["confidence_text"],
            "lead": task["confidence_lead"],
            "deadline": task["confidence_deadline"],
            "overall": task["confidence"],
        },
        reasons=tuple(task["reasons"]),
        section=tuple(task["section"]),
        concerns_us=said["concerns_us"].value if "concerns_us" in said else task["concerns_us"],
        deadline_reason=task["deadline_reason"],
        is_added=task["status"] == "added",
    )


def _agrees(field: str, read: Any, said: _Said) -> bool:
    """Whether what the machine reads now is what the person saw, or what the person set."""
    if said.seen is None:
        return True
    if field == "deadline":
        key = [(d or {}).get("kind", "none") for d in (read, said.seen, said.value)]
        day = [(d or {}).get("date") for d in (read, said.seen, said.value)]
        return (key[0], day[0]) in ((key[1], day[1]), (key[2], day[2]))
    return read in (said.seen, said.value)


# Acting on a task


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
    by = _standing(register, [now.task_id])[now.task_id]["review"].who
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
        one, two = sorted((_fresh(register, seen), _fresh(register, other)), key=_order)
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


def last_act(register: Register, who: str) -> dict[str, Any] | None:
    """The last act of a person that still stands and can be taken back."""
    found = register.store.records(
        """SELECT * FROM acts a WHERE who = ? AND undoes IS NULL AND seq NOT IN (
            SELECT undoes FROM acts WHERE undoes IS NOT NULL) ORDER BY seq DESC LIMIT 1""",
        [who],
    )
    return found[0] if found else None


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
        "date": _iso(read.date),
        "text": written or None,
        "relation": read.relation,
        "grain": read.grain,
        "due_date": _iso(read.due_date),
        "due_time": _iso(read.due_time),
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
        ours = _concern(register, {**now.values, **clean})
        if ours != now.concerns_us:
            changes.append(
                {"task_id": now.task_id, "field": "concerns_us", "seen": now.concerns_us, "value": ours}
            )
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
            return _day(field, value)
        case _:
            return " ".join(value.split()) or None if value else None


def _day(field: str, value: str | None) -> str | None:
    """An ISO date, from itself or as people write it here (day first)."""
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        read = read_cell(value, DeadlineContext())
        if read.date is None:
            raise WrongUse("bad_deadline", value=value) from None
        return read.date.isoformat()


def _concern(register: Register, values: dict[str, Any]) -> str:
    leads, coops = ([AgencyMention(name) for name in values[role]] for role in ("lead", "coop"))
    return concern(leads, coops, values["text"], register.office)


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
    return Item("", document, letter_id, ordinal, values, {}, {}, {}, (), (), "no", None, True)


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


# Acting on a letter


def letter(register: Register, letter_id: str) -> dict[str, Any]:
    """The row of a letter; raises WrongUse where there is none."""
    found = register.store.records("SELECT * FROM letters WHERE letter_id = ?", [letter_id])
    if not found:
        raise WrongUse("no_such_document", name=letter_id)
    return found[0]


def amend(register: Register, letter_id: str, seen: dict[str, Any], values: dict[str, Any], who: str) -> list[str]:
    """Set fields of a letterhead as a person says; returns those that changed.

    `seen` holds what the person saw of them; raises WrongUse where one has been changed since. Deadlines that
    count from a date that was set are counted anew.
    """
    with register.store.gate:
        now = letter(register, letter_id)
        changed = []
        for field, value in values.items():
            if field not in (*LETTER_FIELDS, "is_draft"):
                raise WrongUse("no_such_field", field=field, fields=", ".join(LETTER_FIELDS))
            clean = _letter_value(field, value)
            present = _iso(now[field])
            if clean == present:
                continue
            if present != _iso(seen.get(field)):
                raise WrongUse("letter_changed_since", field=field, value=present)
            register.record(
                "amended",
                {
                    "letter": letter_id,
                    "document": now["document_sha256"],
                    "field": field,
                    "seen": present,
                    "value": clean,
                    "who": who,
                },
            )
            changed.append(field)
    if not _READ_ANEW.isdisjoint(changed):
        _read_anew(register, letter_id, who)
    return changed


def _letter_value(field: str, value: Any) -> Any:
    """What a person said of a letterhead as it is kept: a day in ISO, a truth, words without needless space."""
    if field == "is_draft":
        return bool(value)
    return _day(field, value) if field in _DATES else (" ".join((value or "").split()) or None)


def _read_anew(register: Register, letter_id: str, who: str) -> None:
    """Have the tasks of a letter follow from its letterhead as it is now; what people set counts from it too."""
    documents = register.store.rows(
        """SELECT document_sha256 FROM documents
        WHERE letter_id = ? AND is_representative AND status = 'extracted' ORDER BY document_sha256""",
        [letter_id],
    )
    head = letter(register, letter_id)
    for (document,) in documents:
        steps.extract(register, document)
        for one in items(register, document=document):
            words = one.values["deadline"].get("text")
            if "deadline" in one.corrected and words:
                read = deadline_of(register, words, head)
                if read["kind"] == one.values["deadline"]["kind"]:
                    decide(register, one, "correct", who, {"deadline": read})


def link(
    register: Register, document: str, target: str, relation: Literal["same_as", "annex_of"], who: str
) -> None:
    """Say that a document is another copy of the letter `target` (counted once), or an annex (read for tasks)."""
    with register.store.gate:
        other = letter(register, target)
        mine = register.store.rows("SELECT letter_id FROM documents WHERE document_sha256 = ?", [document])
        if not mine:
            raise WrongUse("no_such_document", name=document)
        if other["document_sha256"] == document:
            raise WrongUse("link_to_itself")
        if register.store.value(
            "SELECT count(*) FROM documents WHERE letter_id = ? AND document_sha256 <> ?", [mine[0][0], document]
        ):
            raise WrongUse("has_copies")
        register.record(
            "linked",
            {
                "document": document,
                "letter": target,
                "relation": relation,
                "target": "/".join(filter(None, (other["code_number"], other["code_notation"]))),
                "target_letter": target,
                "representative": relation == "annex_of",
                "who": who,
            },
        )
        if relation == "annex_of":
            # Its tasks have the number, day and issuer of that letter now.
            steps.extract_again(register, document)


def unlink(register: Register, document: str, who: str) -> str:
    """Make a linked document a letter of its own again; returns the letter's id."""
    with register.store.gate:
        linked = register.store.value(
            "SELECT count(*) FROM letter_relations WHERE document_sha256 = ? AND target_letter_id IS NOT NULL",
            [document],
        )
        if not linked:
            raise WrongUse("not_linked")
        letter_id = new_id()
        register.record(
            "unlinked", {"document": document, "letter": letter_id, "representative": True, "who": who}
        )
        steps.extract(register, document)
        return letter_id


def recognise_again(
    register: Register, document: str, page: int, how: again.Recognition, who: str
) -> tuple[int, int]:
    """Recognise one page of a document anew, as a person says how, and extract its tasks from what is read now.

    Ids and corrections stay with their tasks, as with every new reading. Returns the page's words before and
    after. Raises WrongUse where the page cannot be read so, where it turns out to bear a mark of secrecy (nothing
    is kept then), or where the document is in work.
    """
    rows = register.store.rows("SELECT media_type, reading FROM documents WHERE document_sha256 = ?", [document])
    if not rows or rows[0][1] is None or rows[0][0] not in PAGED:
        raise WrongUse("no_such_page", page=page)
    media_type, reading = rows[0]
    if not register.claim(document):
        raise WrongUse("document_busy")
    try:
        known = register.journal.kept(reading, Document)
        if not 1 <= page <= len(known.pages):
            raise WrongUse("no_such_page", page=page)
        found = _recognised(register, document, media_type, page, how)
        if page == 1 and secrecy.of_page(found).verdict == "marked":
            raise WrongUse("secret_after_all")
        pages = tuple(found if old.number == page else old for old in known.pages)
        register.record_reading(document, Reading.of(msgspec.structs.replace(known, pages=pages)), who=who)
        steps.extract(register, document)
    finally:
        register.give_back(document)
    return len(known.pages[page - 1].words), len(found.words)


def _recognised(register: Register, document: str, media_type: str, page: int, how: again.Recognition) -> Page:
    limits = Limits(page_seconds=register.settings.page_seconds)
    path = register.journal.blob(document)
    try:
        found = register.pool.submit(
            limits.page_seconds, again.recognise, path, media_type, page, limits, how
        ).result()
    except Exception as error:
        raise WrongUse("page_not_read", page=page, reason=steps.reason(failure(error))) from error
    if not found.words:
        raise WrongUse("page_not_read", page=page, reason=steps.reason("unreadable"))
    return found


# Held and quarantined files


class SetAside(msgspec.Struct, frozen=True):
    """A file that was held or quarantined, with its reason; `name` is what it lies under in its folder."""

    drop_id: str
    state: str
    code: str
    recorded_at: datetime.datetime
    name: str | None
    document_sha256: str | None


def set_aside(register: Register) -> list[SetAside]:
    """Files that wait in held/ and quarantine/ for a person, newest first."""
    names = {**_marks(register, "held"), **_marks(register, "quarantined")}
    rows = register.store.rows(
        """SELECT drop_id, state, code, recorded_at, document_sha256 FROM quarantine
        WHERE state IN ('held', 'quarantined') ORDER BY recorded_at DESC"""
    )
    return [
        SetAside(drop, state, code, at, names.get((document or "")[:16] or drop) or names.get(drop), document)
        for drop, state, code, at, document in rows
    ]


def _marks(register: Register, state: str) -> dict[str, str]:
    """The mark in each reason file of a folder → the file it is about."""
    folder = register.home.held if state == "held" else register.home.quarantine
    found = {}
    for reason in folder.glob("*.reason.txt"):
        words = reason.read_text("utf-8-sig", "replace").split()
        name = reason.name.removesuffix(".reason.txt")
        if words and (folder / name).exists():
            found[words[-1]] = name
    return found


def retry(register: Register, aside: SetAside, who: str) -> None:
    """Put a file that was set aside back into the inbox, to be looked at once more."""
    _back_to_inbox(register, aside)
    _dismissed(register, aside, "retried", who)


def _back_to_inbox(register: Register, aside: SetAside) -> None:
    folder = register.home.held if aside.state == "held" else register.home.quarantine
    if aside.name is not None:
        (folder / aside.name).rename(free_place(register.home.inbox, aside.name))
        (folder / f"{aside.name}.reason.txt").unlink(missing_ok=True)


def release(register: Register, aside: SetAside, who: str) -> None:
    """Say that a held file is no secret: it goes back to the inbox and is read; the journal keeps who said so.

    What is kept is the hash of the file as it lies there, so that this file and no other gets in. Raises WrongUse
    where it is not held for its marks, or is gone.
    """
    if aside.state != "held" or aside.code not in RELEASABLE or aside.name is None:
        raise WrongUse("not_releasable")
    sha256 = sha256_of(register.home.held / aside.name)
    register.record("dismissed", {"drop": aside.drop_id, "state": "released", "document": sha256, "who": who})
    _back_to_inbox(register, aside)


def dismiss(register: Register, aside: SetAside, who: str) -> None:
    """Say that nothing is to be done about a file; it stays in its folder, out of the list."""
    _dismissed(register, aside, "dismissed", who)


def _dismissed(register: Register, aside: SetAside, state: str, who: str) -> None:
    register.record("dismissed", {"drop": aside.drop_id, "state": state, "who": who})
