"""What makes other tasks of a record, or fills it: words marked on the page, splitting, merging, adding."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from nicegui import ui

from models import Block
from pipeline import review_items, reviewing
from pipeline.errors import GiaoviecError
from pipeline.review_items import Item, Stale
from review.adding import ask_for_task
from review.desk import Desk, allowed, words
from review.frame import problem
from review.marking import Selection
from review.page_view import PageView
from review.record_form import RecordForm
from review.splitting import ask_to_merge, ask_to_split
from review.uses import ask_for_use


class Record(Protocol):
    """What is shown of the record: its page, its fields; how it is saved, and shown again."""

    item: Item | None
    letter: dict[str, Any]
    view: PageView
    form: RecordForm

    async def show(self, task_id: str, page: int | None = None) -> None:
        """Show a record, or a page that is worked on."""

    async def keep(self) -> bool:
        """Save what was changed; False where it has to be looked at."""

    async def blocks(self) -> Sequence[Block]:
        """What the letter was read as."""

    def show_stale(self, error: Stale, act: reviewing.Act) -> None:
        """Both versions, where somebody has changed it meanwhile."""


class Shaping:
    """These acts on one page of records; `note` says how many parts are marked."""

    def __init__(self, desk: Desk, record: Record, note: ui.label) -> None:
        self._desk = desk
        self._record = record
        self._note = note
        self._say = words()
        self._offer: ui.dialog | None = None
        self._marked: Selection | None = None
        self._parts: list[Selection] = []

    def forget(self) -> None:
        """Another record is shown: nothing is marked on it yet."""
        self._marked, self._parts = None, []
        self._note.set_visibility(False)

    async def mark(self, found: Selection) -> None:
        """Something was marked: ask what it is to be used for."""
        self._marked = found
        if self._offer is not None:
            self._offer.delete()
        self._offer = ask_for_use(found, self.use)

    async def use(self, use: str) -> None:
        """Use what was marked for a field, or as a task that was missed, or as a part to split by."""
        found, self._marked = self._marked, None
        if found is None or self._record.item is None:
            return
        if self._offer is not None:
            self._offer.close()
        if use == "add":
            await self.add(found)
            return
        if use == "part":
            await self._mark_part(found)
            return
        self._record.form.take(use, found)
        await self._record.view.show(
            self._record.item.document_sha256, self._record.form.places, self._record.view.number, stay=True
        )

    async def _mark_part(self, found: Selection) -> None:
        """Keep a part the task is to be split into, marked on the page, until the split is asked for."""
        assert self._record.item is not None
        self._parts.append(found)
        self._note.set_text(self._say("parts_marked", count=len(self._parts)))
        self._note.set_visibility(True)
        of_parts = [{**place, "field": "part"} for part in self._parts for place in part.places]
        places = [*self._record.form.places, *of_parts]
        await self._record.view.show(
            self._record.item.document_sha256, places, self._record.view.number, stay=True
        )

    async def split(self) -> None:
        """Make several tasks of this one: of its clauses, or of what was marked as its parts."""
        if self._record.item is None or not allowed(self._desk, "review") or not await self._record.keep():
            return
        ask_to_split(
            self._record.item, self._record.form.text, self._parts, await self._record.blocks(), self._save
        )

    async def merge(self) -> None:
        """Make one task of this and another of the letter."""
        if self._record.item is None or not allowed(self._desk, "review") or not await self._record.keep():
            return
        item = self._record.item
        all_of_it = await self._desk.ask(review_items.items, self._desk.register, document=item.document_sha256)
        others = [i for i in all_of_it if i.task_id != item.task_id and i.review != "rejected"]
        others.sort(key=lambda other: (abs(other.ordinal - item.ordinal), -other.ordinal))
        if others:
            ask_to_merge(item, others, self._save)
        else:
            ui.notify(self._say("merge_alone"), type="info")

    async def add(self, found: Selection | None) -> None:
        """Add a task the machine missed, from what was marked on the page or typed."""
        if self._record.item is None or not allowed(self._desk, "review") or not await self._record.keep():
            return
        item, page = self._record.item, self._record.view.number

        async def added() -> None:
            # Who adds what was missed goes on from where it stands.
            await self._record.show(item.task_id, page)

        ask_for_task(self._desk, item.document_sha256, self._record.letter, found, added)

    async def _save(self, dialog: ui.dialog, act: Callable[..., Any], *arguments: Any) -> None:
        """Do an act of a dialog; the record is shown as it has become."""
        assert self._record.item is not None
        try:
            await self._desk.ask(act, self._desk.register, *arguments)
        except Stale as error:
            dialog.close()
            self._record.show_stale(error, "correct")
            return
        except GiaoviecError as error:
            problem(error)
            return
        dialog.close()
        ui.notify(self._say("saved"), type="positive", timeout=1500)
        await self._record.show(self._record.item.task_id)
