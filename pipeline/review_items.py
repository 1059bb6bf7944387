"""A task as a reviewer sees it: the values that stand now, people's over the machine's, beside what was read."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.days import iso
from pipeline.errors import WrongUse
from pipeline.register import Register

FIELDS = ("text", "lead", "coop", "deadline", "office_due_date", "source_doc", "result", "modality")
"""What a reviewer may set of a task."""


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
    our_role: str | None
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
    def order(self) -> tuple[int, bool]:
        """Where it stands down its letter: what people added comes behind the task it was added at."""
        return self.ordinal, self.is_added

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


def items(register: Register, *, document: str | None = None, task_ids: Sequence[str] | None = None) -> list[Item]:
    """The tasks of a document, or those named, in their order on paper, rejected ones included."""
    store = register.store
    where = "document_sha256 = ?" if document else "task_id IN (SELECT unnest(?))"
    given = [document or list(task_ids or ())]
    with store.gate:
        tasks = store.records(
            f"""SELECT task_id, document_sha256, letter_id, ordinal, status, text, lead, coop, deadline_text,
                deadline_kind, deadline_date, relation, grain, due_date, due_time, deadline_reason, source_doc,
                result, modality, section, concerns_us, our_role, confidence_text, confidence_lead,
                confidence_deadline, confidence, reasons, places
            FROM tasks WHERE {where}""",
            given,
        )
        ids = [t["task_id"] for t in tasks]
        said = standing(register, ids)
    found = [_item(task, said.get(task["task_id"], {})) for task in tasks]
    return sorted(found, key=lambda item: (item.document_sha256, *item.order))


def item(register: Register, task_id: str) -> Item:
    """One task; raises WrongUse where there is none of that id."""
    found = items(register, task_ids=[task_id])
    if not found:
        raise WrongUse("no_such_task", task_id=task_id)
    return found[0]


class Said(msgspec.Struct, frozen=True):
    """A correction that stands."""

    seq: int
    seen: Any
    value: Any
    who: str


def standing(register: Register, ids: Sequence[str]) -> dict[str, dict[str, Said]]:
    """Task → field → the last correction that was not taken back."""
    rows = register.store.rows(
        """SELECT task_id, field, seq, seen, value, who FROM corrections c
        WHERE undoes IS NULL AND task_id IN (SELECT unnest(?))
            AND seq NOT IN (SELECT undoes FROM corrections WHERE undoes IS NOT NULL)
        ORDER BY seq""",
        [list(ids)],
    )
    found: dict[str, dict[str, Said]] = {}
    for task_id, field, seq, seen, value, who in rows:
        found.setdefault(task_id, {})[field] = Said(seq, _json(seen), _json(value), who)
    return found


def _json(value: str | None) -> Any:
    return None if value is None else msgspec.json.decode(value)


def _item(task: dict[str, Any], said: dict[str, Said]) -> Item:
    machine: dict[str, Any] = {
        "text": task["text"],
        "lead": task["lead"],
        "coop": task["coop"],
        "deadline": {
            "kind": task["deadline_kind"],
            "date": iso(task["deadline_date"]),
            "text": task["deadline_text"],
            "relation": task["relation"],
            "grain": task["grain"],
            "due_date": iso(task["due_date"]),
            "due_time": iso(task["due_time"]),
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
        our_role=said["our_role"].value if "our_role" in said else task["our_role"],
        deadline_reason=task["deadline_reason"],
        is_added=task["status"] == "added",
    )


def _agrees(field: str, read: Any, said: Said) -> bool:
    """Whether what the machine reads now is what the person saw, or what the person set."""
    if said.seen is None:
        return True
    if field == "deadline":
        key = [(d or {}).get("kind", "none") for d in (read, said.seen, said.value)]
        day = [(d or {}).get("date") for d in (read, said.seen, said.value)]
        return (key[0], day[0]) in ((key[1], day[1]), (key[2], day[2]))
    return read in (said.seen, said.value)
