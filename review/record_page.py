"""One record: on the left the page with the places marked, on the right its fields, below them the acts."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from nicegui import background_tasks, ui
from starlette.responses import RedirectResponse, Response

from models import Block
from pipeline import mentions, proposals, review_items, reviewing, task_state, undoing
from pipeline.errors import GiaoviecError
from pipeline.mentions import Mention
from pipeline.review_items import Item, Stale
from pipeline.task_state import Now
from pipeline.users import Right
from review import filtering, handed_down
from review.adding import ask_for_task
from review.desk import PAGE_SECONDS, Desk, allowed, session, words
from review.elsewhere import Elsewhere
from review.filtering import Filters
from review.frame import answered, page_frame, problem
from review.history import show_history
from review.marking import Selection
from review.offer import settle
from review.page_view import PageView
from review.queue import Order, Stage
from review.record_form import RecordForm
from review.record_head import RecordHead
from review.record_keys import KEYBOARD, KEYS
from review.splitting import ask_to_merge, ask_to_split
from review.stale import ask_which_stands
from review.state_dialog import StateDialog, ask_for_state
from review.state_line import StateLine
from review.uses import USES, ask_for_use

LEASE_RENEWAL = 45.0


class RecordPage:
    """The page of one reviewer at one record after another."""

    _view: PageView
    _head: RecordHead
    _form: RecordForm
    _elsewhere: Elsewhere
    _state: StateLine

    def __init__(self, desk: Desk, order: Order, stage: Stage, within: Filters) -> None:
        self._desk = desk
        self._order = order
        self._stage = stage
        self._within = within
        self._client = ui.context.client.id
        self._is_here = False
        self._item: Item | None = None
        self._letter: dict[str, Any] = {}
        self._offer: ui.dialog | None = None
        self._marked: Selection | None = None
        self._parts: list[Selection] = []
        self._is_busy = False
        self._asked: StateDialog | None = None
        self._offered: list[dict[str, Any]] = []
        self._say = words()

    def build(self) -> None:
        """Lay the page out; `show` fills it."""
        say = self._say
        keys: dict[str, Callable[[], Any]] = {
            "Enter": lambda: self.decide("accept"),
            "ctrl+Enter": lambda: self.decide("accept"),
            "x": lambda: self.decide("reject"),
            "j": lambda: self.step(),
            "k": lambda: self.step(back=True),
            "ArrowRight": lambda: self.step(),
            "ArrowLeft": lambda: self.step(back=True),
            "u": self.undo,
            "ctrl+z": self.undo,
            "i": self.history,
            "d": self.set_state,
            "a": lambda: self.settle("proposed"),
            "e": lambda: self.settle("refused"),
            "s": self.split,
            "m": self.merge,
            "n": lambda: self.add(None),
            "b": lambda: self._view.mark_selected(),
            "g": lambda: self._form.turn_modality(),
            "y": lambda: self._elsewhere.judge("confirmed"),
            "w": lambda: self._elsewhere.judge("refused"),
            "[": lambda: self._view.turn(-1),
            "]": lambda: self._view.turn(1),
            "+": lambda: self._view.zoom(1),
            "=": lambda: self._view.zoom(1),
            "-": lambda: self._view.zoom(-1),
            "l": self._to_letter,
            "q": self._to_queue,
            **{str(n): partial(self._use, use) for n, use in enumerate(USES, 1)},
        }
        with (
            page_frame(self._desk, say("record_title"), keys, KEYS, KEYBOARD),
            ui.element("div").classes("record"),
        ):
            with ui.element("section").classes("evidence"):
                self._view = PageView(self._desk, self._on_mark)
            with ui.element("section").classes("form") as form:
                form.on("keydown.ctrl.enter", answered(lambda: self.decide("accept")))
                form.on("keydown.esc", js_handler="(event) => event.target.blur()")
                self._head = RecordHead(self.history)
                self._parts_note = ui.label().classes("notice parts-note")
                self._body = ui.column().classes("record-fields no-wrap")
                with ui.row().classes("acts items-center"):
                    self._buttons()
        ui.timer(LEASE_RENEWAL, self._renew)
        ui.context.client.on_connect(self._come)
        ui.context.client.on_disconnect(self._leave)

    def _buttons(self) -> None:
        say, who = self._say, session()
        if not self._desk.door.may(who, "review"):
            ui.label(say("only_read", role=say(f"role_{who.role}"))).classes("quiet")
            _act(say("next"), "J", lambda: self.step(), "arrow_forward")
            return
        accept = "approve" if self._stage == "approve" else "accept"
        _act(say(accept), "Enter", lambda: self.decide("accept"), "check", "color=positive unelevated")
        _act(say("reject"), "X", lambda: self.decide("reject"), "close", "color=negative outline")
        _act(say("split"), "S", self.split, "call_split")
        _act(say("merge"), "M", self.merge, "call_merge")
        _act(say("add"), "N", lambda: self.add(None), "add")
        _act(say("undo"), "U", self.undo, "undo")
        _act(say("next"), "J", lambda: self.step(), "arrow_forward")

    # Showing

    async def show(self, task_id: str, page: int | None = None) -> None:
        """Show a record: its evidence (or a page that is worked on) and its fields; make the next one ready."""
        try:
            item, letter = await self._desk.ask(self._load, task_id)
            elsewhere = await self._desk.ask(mentions.mentions, self._desk.register, task_id)
            now = await self._desk.ask(task_state.now, self._desk.register, task_id)
        except GiaoviecError as error:
            problem(error)
            return
        if self._item is not None:
            self._desk.leases.give_back(self._client, self._item.task_id)
        self._item, self._letter, self._marked, self._parts = item, letter, None, []
        self._offered = []
        way = {"order": self._order, "stage": self._stage, "within": filtering.written(self._within)}
        ui.navigate.history.replace(f"/task/{task_id}?{_query(way)}")
        self._fill(elsewhere, now)
        self._renew()
        await self._view.hand_down([])
        await self._view.show(item.document_sha256, item.values["places"], page, stay=page is not None)
        background_tasks.create(self._show_offer())
        background_tasks.create(self._mark_handed_down())
        background_tasks.create(self._make_next_ready())

    def _load(self, task_id: str) -> tuple[Item, dict[str, Any]]:
        item = review_items.item(self._desk.register, task_id)
        found = self._desk.register.store.records(
            """SELECT l.*, d.name AS document, d.reading FROM documents d LEFT JOIN letters l USING (letter_id)
            WHERE d.document_sha256 = ?""",
            [item.document_sha256],
        )
        return item, found[0]

    async def _mark_handed_down(self) -> None:
        """Mark what the task has from a heading or label above it; in a long letter it takes a moment to find."""
        item = self._item
        assert item is not None
        context = handed_down.context(self._letter, self._desk.register.office)
        try:
            places = await self._desk.ask(handed_down.places, item, await self._blocks(), context)
        except OSError:  # purged meanwhile
            return
        if places and item is self._item:
            with self._body:
                self._point_to(places)
                await self._view.hand_down(places)

    def _point_to(self, places: list[dict[str, Any]]) -> None:
        """Say of values that are handed down from a page the task does not stand on where that is."""
        assert self._item is not None
        own = {place.get("page") for place in self._item.values["places"] if place["field"] == "text"}
        for field in ("lead", "coop", "deadline"):
            pages = [place["page"] for place in places if place["field"] == field and place.get("page")]
            if pages and own.isdisjoint(pages):
                self._form.point_to(field, pages[0], partial(self._view.turn_to, pages[0]))

    async def _blocks(self) -> tuple[Block, ...]:
        reading = self._letter["reading"]
        return await self._desk.blocks(reading) if reading else ()

    async def _make_next_ready(self) -> None:
        """The next record's place in the queue is known, and its page drawn, before the reviewer asks."""
        assert self._item is not None
        item = self._item
        following = await self._following()
        if self._within:
            left = self._say(
                "left_filtered", count=await self._desk.ask(filtering.count, self._desk.register, self._within)
            )
        else:
            count = await self._desk.ask(self._desk.queues[self._stage].count_in, item.document_sha256)
            left = self._say("left_in_letter", count=count)
        if item is self._item:
            self._head.leave(left)
        if following is not None:
            coming = await self._desk.ask(review_items.item, self._desk.register, following)
            if coming.page is not None:
                [row] = await self._desk.rows(
                    "SELECT reading FROM documents WHERE document_sha256 = ?", [coming.document_sha256]
                )
                source = self._view.source(coming.document_sha256, coming.page, row["reading"])
                with self._body:
                    ui.run_javascript(f'new Image().src = "{source}"')

    def _fill(self, elsewhere: list[Mention], now: Now) -> None:
        assert self._item is not None
        self._head.show(self._item, self._letter)
        self._parts_note.set_visibility(False)
        self._body.clear()
        with self._body:
            self._state = StateLine(now, self.set_state)
            self._form = RecordForm(self._desk, self._item, self._letter)
            self._elsewhere = Elsewhere(self._desk, self._item.task_id, elsewhere)

    # Whose the record is

    def _come(self) -> None:
        self._is_here = True
        self._renew()

    def _leave(self) -> None:
        self._is_here = False
        self._desk.leases.give_back(self._client)

    def _renew(self) -> None:
        """Keep the record for this reviewer, and say who else has it.

        A page whose browser is not there (not yet, or no more while a record was still being fetched for it)
        keeps nothing: nobody would give it back.
        """
        if self._item is None:
            return
        task_id, leases = self._item.task_id, self._desk.leases
        if self._is_here:
            holder = leases.take(task_id, self._client, session().name)
        else:
            holder = leases.others(self._client).get(task_id)
        self._head.held_by(holder)

    # Acting

    async def decide(self, act: reviewing.Act, again: Item | None = None) -> None:
        """Accept or reject with the fields as they stand, then show the next; said once the journal has it."""
        right: Right = "approve" if self._stage == "approve" else "review"
        if self._is_busy or self._item is None or not allowed(self._desk, right):
            return
        if act == "accept" and self._stage == "approve":
            act = "approve"
        self._is_busy = True
        try:
            values = {} if act == "reject" else await self._form.checked()
            seen = again or self._item
            await self._desk.ask(
                reviewing.decide, self._desk.register, seen, act, session().name, values, self._form.marked
            )
            ui.notify(self._say(f"saved_{act}"), type="positive", timeout=1500)
            await self._go_on(act)
        except Stale as error:
            self._show_stale(error, act)
        except GiaoviecError as error:
            problem(error)
        finally:
            self._is_busy = False

    async def _keep(self) -> bool:
        """Save what was changed of the record before it is left undecided; False where it has to be looked at."""
        if self._item is None or not self._form.is_changed or not self._desk.door.may(session(), "review"):
            return True
        if self._is_busy:
            return False
        self._is_busy = True
        register, item, form = self._desk.register, self._item, self._form
        try:
            values = await form.checked()
            await self._desk.ask(reviewing.decide, register, item, "correct", session().name, values, form.marked)
            self._item = await self._desk.ask(review_items.item, register, item.task_id)
            form.kept(self._item)
            ui.notify(self._say("saved_correct"), type="positive", timeout=1500)
        except Stale as error:
            self._show_stale(error, "correct")
            return False
        except GiaoviecError as error:
            problem(error)
            return False
        finally:
            self._is_busy = False
        return True

    async def _go_on(self, act: reviewing.Act) -> None:
        following = await self._following()
        if following is None:
            ui.run_javascript("isUnsaved = false")
            # The page that comes says it once more: what was said here goes with this one.
            ui.navigate.to(self._queue_address(note=f"saved_{act}"))
        else:
            await self.show(following)

    async def _following(self, *, back: bool = False) -> str | None:
        """The record that comes next, among those that meet the filters the reviewer works through."""
        assert self._item is not None
        item, taken = self._item, self._desk.leases.others(self._client)
        if self._within:
            return await self._desk.ask(filtering.after, self._desk.register, self._within, item, taken, back=back)
        queue = self._desk.queues[self._stage]
        return await self._desk.ask(queue.after, item.task_id, item.document_sha256, self._order, taken, back=back)

    def _queue_address(self, **more: str) -> str:
        return f"/?{_query({'within': filtering.written(self._within), **more})}"

    async def step(self, *, back: bool = False) -> None:
        """Go to the next or the previous record without deciding; what was changed is saved all the same."""
        if self._item is None or not await self._keep():
            return
        found = await self._following(back=back)
        if found is not None:
            await self.show(found)

    async def undo(self) -> None:
        """Take back what was last done: changes not yet saved, else one's last act; show the record again."""
        if not allowed(self._desk, "review"):
            return
        if self._item is not None and self._form.is_changed:
            await self.show(self._item.task_id)
            ui.notify(self._say("changes_dropped"), type="info")
            return
        register, who = self._desk.register, session().name
        act = await self._desk.ask(undoing.last, register, who)
        if act is None:
            ui.notify(self._say("nothing_to_undo"), type="info")
            return
        try:
            await self._desk.ask(undoing.undo, register, act["seq"], who)
        except GiaoviecError as error:
            problem(error)
            return
        ui.notify(self._say("undone"), type="positive")
        here = self._item.task_id if self._item else act["task_ids"][0]
        # What was said of a link is seen at either of its ends: the reader stays where he is.
        stays = act["is_added"] or act["kind"] == "link" or here in act["task_ids"]
        await self.show(here if stays else act["task_ids"][0])

    async def _show_offer(self) -> None:
        """Show what a later letter speaks for of the task: in a large register it takes a moment to find."""
        item = self._item
        assert item is not None
        found = await self._desk.ask(proposals.of_mentions, self._desk.register, item.task_id)
        if item is self._item:
            self._offered = found
            if found:
                with self._body:
                    self._state.offer(found, self.settle)

    async def settle(self, answer: str) -> None:
        """Take what a later letter speaks for, or refuse it; the record is shown as it has become."""
        if self._item is None or not self._offered or not await self._keep():
            return
        if await settle(self._desk, self._state.ticked(self._offered), answer) is not None:
            await self.show(self._item.task_id)

    async def set_state(self) -> None:
        """Ask how far the task is; the record is shown as it has become."""
        if self._item is None or not await self._keep():
            return
        task_id = self._item.task_id

        async def saved() -> None:
            await self.show(task_id)

        self._asked = await ask_for_state(self._desk, task_id, saved)

    async def history(self) -> None:
        """Who changed what of the record, when; any of it can be taken back."""
        if self._item is not None and await self._keep():
            task_id = self._item.task_id
            await show_history(self._desk, task_id, lambda: self.show(task_id))

    def _show_stale(self, error: Stale, act: reviewing.Act) -> None:
        """Both versions side by side: what the task has become, and what the reviewer was about to save."""
        assert self._item is not None
        ask_which_stands(
            error,
            self._item,
            self._form.changed(),
            take_theirs=lambda: self.show(error.item.task_id),
            keep_mine=lambda: self.decide(act, again=error.item),
        )

    # Marking on the page

    async def _on_mark(self, found: Selection) -> None:
        """Something was marked: ask what it is to be used for."""
        self._marked = found
        if self._offer is not None:
            self._offer.delete()
        self._offer = ask_for_use(found, self._use)

    async def _use(self, use: str) -> None:
        """Use what was marked for a field, or as a task that was missed; a state asked for is chosen by number."""
        if self._asked is not None and self._asked.is_open:
            self._asked.choose(list(USES).index(use) + 1)
            return
        found, self._marked = self._marked, None
        if found is None or self._item is None:
            return
        if self._offer is not None:
            self._offer.close()
        if use == "add":
            await self.add(found)
            return
        if use == "part":
            await self._mark_part(found)
            return
        self._form.take(use, found)
        await self._view.show(self._item.document_sha256, self._form.places, self._view.number, stay=True)

    async def _mark_part(self, found: Selection) -> None:
        """Keep a part the task is to be split into, marked on the page, until the split is asked for."""
        assert self._item is not None
        self._parts.append(found)
        self._parts_note.set_text(self._say("parts_marked", count=len(self._parts)))
        self._parts_note.set_visibility(True)
        of_parts = [{**place, "field": "part"} for part in self._parts for place in part.places]
        places = [*self._form.places, *of_parts]
        await self._view.show(self._item.document_sha256, places, self._view.number, stay=True)

    async def split(self) -> None:
        """Make several tasks of this one: of its clauses, or of what was marked as its parts."""
        if self._item is None or not allowed(self._desk, "review") or not await self._keep():
            return
        ask_to_split(self._item, self._form.text, self._parts, await self._blocks(), self._save)

    async def merge(self) -> None:
        """Make one task of this and another of the letter."""
        if self._item is None or not allowed(self._desk, "review") or not await self._keep():
            return
        item = self._item
        all_of_it = await self._desk.ask(review_items.items, self._desk.register, document=item.document_sha256)
        others = [i for i in all_of_it if i.task_id != item.task_id and i.review != "rejected"]
        others.sort(key=lambda other: (abs(other.ordinal - item.ordinal), -other.ordinal))
        if others:
            ask_to_merge(item, others, self._save)
        else:
            ui.notify(self._say("merge_alone"), type="info")

    async def add(self, found: Selection | None) -> None:
        """Add a task the machine missed, from what was marked on the page or typed."""
        if self._item is None or not allowed(self._desk, "review") or not await self._keep():
            return
        item, page = self._item, self._view.number

        async def added() -> None:
            # Who adds what was missed goes on from where it stands.
            await self.show(item.task_id, page)

        ask_for_task(self._desk, item.document_sha256, self._letter, found, added)

    async def _save(self, dialog: ui.dialog, act: Callable[..., Any], *arguments: Any) -> None:
        """Do an act of a dialog; the record is shown as it has become."""
        assert self._item is not None
        try:
            await self._desk.ask(act, self._desk.register, *arguments)
        except Stale as error:
            dialog.close()
            self._show_stale(error, "correct")
            return
        except GiaoviecError as error:
            problem(error)
            return
        dialog.close()
        ui.notify(self._say("saved"), type="positive", timeout=1500)
        await self.show(self._item.task_id)

    async def _to_queue(self) -> None:
        if await self._keep():
            ui.navigate.to(self._queue_address())

    async def _to_letter(self) -> None:
        if self._letter.get("letter_id") and await self._keep():
            ui.navigate.to(f"/letter/{self._letter['letter_id']}")


def _query(values: dict[str, str]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def _act(label: str, key: str, action: Callable[[], Any], icon: str, look: str = "outline") -> None:
    with ui.button(on_click=action).props(f"no-caps dense {look}").classes("act"):
        ui.icon(icon, size="xs")
        ui.label(label)
        ui.label(key).classes("key")


def build(desk: Desk) -> None:
    """Register the pages of single records."""

    @ui.page("/task/{task_id}", response_timeout=PAGE_SECONDS)
    async def record(task_id: str, order: Order = "letters", stage: Stage = "review", within: str = "") -> None:
        stage = stage if stage in desk.queues else "review"
        page = RecordPage(desk, order, stage, filtering.read(within) if stage == "review" else {})
        page.build()
        await page.show(task_id)

    @ui.page("/next", response_timeout=PAGE_SECONDS)
    async def following(order: Order = "letters", stage: Stage = "review") -> Response:
        queue = desk.queues.get(stage, desk.queues["review"])
        task_id = await desk.ask(queue.first, order, desk.leases.others(""))
        if task_id is None:
            return RedirectResponse("/?note=all_taken" if await desk.ask(len, queue) else "/", 303)
        return RedirectResponse(f"/task/{task_id}?order={order}&stage={stage}", 303)
