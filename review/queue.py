"""What waits for a reviewer, in order, kept in memory so that the next item costs the same however many wait.

Read from the database once; afterwards only the documents that events were about are looked at again. What
concerns us comes before the rest: letters that hold some of it, then the others, each by urgency mark, then the
nearest deadline that concerns us, then uncertainty; within a letter, and in the pooled order over all letters, the
least certain record comes first.
"""

import bisect
import datetime
import threading
from collections.abc import Callable, Container
from typing import Any, Literal

import msgspec

from pipeline import review_items
from pipeline.journal import Event
from pipeline.register import Register
from pipeline.review_items import Item

Order = Literal["letters", "pooled"]
Stage = Literal["review", "approve"]

_URGENCY = {"HỎA TỐC HẸN GIỜ": 0, "HỎA TỐC": 1, "THƯỢNG KHẨN": 2, "KHẨN": 3}
_NO_DAY = datetime.date.max.isoformat()
_WANTED: dict[Stage, Callable[[Item], bool]] = {
    "review": lambda item: item.is_waiting,
    "approve": lambda item: item.review == "accepted",
}
_FIRST_LOOK: dict[Stage, str] = {
    "review": "review_queue",
    "approve": "(FROM current_tasks WHERE status = 'accepted')",
}


class Waiting(msgspec.Struct, frozen=True, order=True):
    """A task that waits; compared in the pooled order."""

    is_others: bool
    confidence: float
    task_id: str
    document: str
    due: str


class Heading(msgspec.Struct, frozen=True, order=True):
    """A document with tasks that wait; compared in the order of letters."""

    is_others: bool
    urgency: int
    due: str
    confidence: float
    letter_id: str
    document: str


class Queue:
    """The queue of one stage: the review, or the second sign-off. Threads may share it."""

    def __init__(self, register: Register, stage: Stage = "review") -> None:
        self._register = register
        self._stage: Stage = stage
        self._lock = threading.RLock()
        self._changed: set[str] = set()
        self._changed_tasks: set[str] = set()
        self._is_stale = True
        self._tasks: dict[str, list[Waiting]] = {}
        self._headings: dict[str, Heading] = {}
        self._letters: list[Heading] = []
        self._pool: list[Waiting] = []
        register.listen(self._note)

    def _note(self, event: Event | None) -> None:
        """Take note of what an event is about; called under the database's gate, so nothing is looked up here."""
        if event is None or event.kind in ("purged", "linked", "unlinked"):
            self._is_stale = True
        elif event.kind == "corrected":
            self._changed_tasks.add(event.data["task_id"])
        elif event.kind in ("extracted", "reviewed", "amended"):
            self._changed.add(event.data["document"])

    # Asking

    def __len__(self) -> int:
        """How many tasks wait."""
        with self._lock:
            self._refresh()
            return len(self._pool)

    def letters(self, most: int) -> list[tuple[Heading, int]]:
        """The first documents in the order of letters, with how many of their tasks wait."""
        with self._lock:
            self._refresh()
            return [(h, len(self._tasks[h.document])) for h in self._letters[:most]]

    def first_of(self, document: str) -> str | None:
        """The first task of a document that waits."""
        with self._lock:
            return next((w.task_id for w in self._tasks.get(document, ())), None)

    def count_in(self, document: str) -> int:
        """How many tasks of a document wait."""
        with self._lock:
            self._refresh()
            return len(self._tasks.get(document, ()))

    def count_letters(self) -> int:
        """How many documents have tasks that wait."""
        with self._lock:
            self._refresh()
            return len(self._letters)

    def first(self, order: Order = "letters", taken: Container[str] = ()) -> str | None:
        """The first task in an order that nobody has taken."""
        with self._lock:
            self._refresh()
            if order == "pooled":
                return next((w.task_id for w in self._pool if w.task_id not in taken), None)
            return self._from_letters(range(len(self._letters)), taken)

    def after(
        self,
        task_id: str,
        document: str,
        order: Order = "letters",
        taken: Container[str] = (),
        *,
        back: bool = False,
    ) -> str | None:
        """The task that follows (or precedes) one, waiting itself or not; after the last the first."""
        with self._lock:
            self._refresh()
            if order == "pooled":
                return self._around([w.task_id for w in self._near(task_id, back)], task_id, taken)
            here = [w.task_id for w in self._tasks.get(document, ())]
            rest = here[here.index(task_id) + 1 :] if task_id in here else here
            if back:
                rest = here[: here.index(task_id)][::-1] if task_id in here else here[::-1]
            found = next((t for t in rest if t != task_id and t not in taken), None)
            if found is not None:
                return found
            heading = self._headings.get(document)
            at = bisect.bisect_left(self._letters, heading) if heading else 0
            if back:
                others = range(at - 1, -1, -1)
                return self._from_letters(others, taken, last=True)
            others = range(at + (heading is not None), len(self._letters))
            found = self._from_letters(others, taken)
            if found is not None:
                return found
            around = next((t for t in here if t != task_id and t not in taken), None)
            return around or self._from_letters(range(at), taken)

    def _near(self, task_id: str, back: bool) -> list[Waiting]:
        """The pool from a task on, as far as anybody would go; the lowest where it no longer waits."""
        at = next((n for n, w in enumerate(self._pool) if w.task_id == task_id), None)
        if at is None:
            return [] if back else self._pool[:64]
        return self._pool[max(0, at - 64) : at][::-1] if back else self._pool[at + 1 : at + 65] + self._pool[:64]

    @staticmethod
    def _around(candidates: list[str], task_id: str, taken: Container[str]) -> str | None:
        return next((t for t in candidates if t != task_id and t not in taken), None)

    def _from_letters(self, at: range, taken: Container[str], last: bool = False) -> str | None:
        for n in at:
            tasks = self._tasks[self._letters[n].document]
            for waiting in reversed(tasks) if last else tasks:
                if waiting.task_id not in taken:
                    return waiting.task_id
        return None

    # Keeping up

    def _refresh(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self._changed.clear()
            self._changed_tasks.clear()
            self._look_at_all()
            return
        while self._changed_tasks:
            task_id = self._changed_tasks.pop()
            found = review_items.items(self._register, task_ids=[task_id])
            self._changed |= {item.document_sha256 for item in found}
        while self._changed:
            self._look_at(self._changed.pop())

    def _look_at_all(self) -> None:
        self._tasks, self._headings = {}, {}
        heads: dict[str, tuple[str | None, str]] = {}
        for document, letter_id, urgency, task_id, concerns_us, confidence, due in self._register.store.rows(
            f"""SELECT document_sha256, letter_id, urgency, task_id, concerns_us, confidence,
                coalesce(office_due_date, due_date)::VARCHAR FROM {_FIRST_LOOK[self._stage]}"""
        ):
            heads[document] = (urgency, letter_id or "")
            waiting = _waiting(task_id, document, concerns_us, confidence, due)
            self._tasks.setdefault(document, []).append(waiting)
        for document, (urgency, letter_id) in heads.items():
            self._tasks[document].sort()
            self._headings[document] = _heading(document, letter_id, urgency, self._tasks[document])
        self._letters = sorted(self._headings.values())
        self._pool = sorted(w for tasks in self._tasks.values() for w in tasks)

    def _look_at(self, document: str) -> None:
        """Put what a document has waiting in the place of what it had."""
        for old in self._tasks.pop(document, ()):
            _take_out(self._pool, old)
        heading = self._headings.pop(document, None)
        if heading is not None:
            _take_out(self._letters, heading)
        row = self._register.store.rows(
            """SELECT d.is_representative, d.letter_id, l.urgency
            FROM documents d LEFT JOIN letters l USING (letter_id) WHERE d.document_sha256 = ?""",
            [document],
        )
        if not row or not row[0][0]:
            return
        wanted = _WANTED[self._stage]
        found = [
            _waiting(i.task_id, document, i.concerns_us, i.confidence["overall"], _due(i))
            for i in review_items.items(self._register, document=document)
            if wanted(i)
        ]
        if not found:
            return
        found.sort()
        self._tasks[document] = found
        self._headings[document] = _heading(document, row[0][1] or "", row[0][2], found)
        bisect.insort(self._letters, self._headings[document])
        for waiting in found:
            bisect.insort(self._pool, waiting)


def _take_out(values: list[Any], value: Any) -> None:
    at = bisect.bisect_left(values, value)
    if at < len(values) and values[at] == value:
        del values[at]


def _due(item: Item) -> str | None:
    deadline = item.values["deadline"]
    found: str | None = item.values["office_due_date"] or deadline.get("due_date") or deadline.get("date")
    return found


def _waiting(task_id: str, document: str, concerns_us: str, confidence: float, due: str | None) -> Waiting:
    is_others = concerns_us in ("no", "excluded")
    return Waiting(is_others, confidence, task_id, document, due or _NO_DAY)


def _heading(document: str, letter_id: str, urgency: str | None, tasks: list[Waiting]) -> Heading:
    due = min((w.due for w in tasks if not w.is_others), default=_NO_DAY)
    first = tasks[0]
    return Heading(first.is_others, _URGENCY.get(urgency or "", 9), due, first.confidence, letter_id, document)
