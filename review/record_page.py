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
from review.desk import PAGE_SECONDS, Desk, allowed, session, words
from review.elsewhere import Elsewhere
from review.filtering import Filters
from review.frame import answered, page_frame, problem
from review.history import show_history
from review.offer import settle
from review.page_view import PageView
from review.queue import Order, Stage
from review.record_form import RecordForm
from review.record_head import RecordHead
from review.record_keys import KEYBOARD, KEYS
from review.shaping import Shaping
from review.stale import ask_which_stands
from review.state_dialog import StateDialog, ask_for_state
from review.state_line import StateLine
from review.uses import USES

LEASE_RENEWAL = 45.0


class RecordPage:
    """The page of one reviewer at one record after another."""

    view: PageView
    _head: RecordHead
    form: RecordForm
    _shaping: Shaping
    _elsewhere: Elsewhere
    _state: StateLine

    def __init__(self, desk: Desk, order: Order, stage: Stage, within: Filters) -> None:
        self._desk = desk
        self._order = order
        self._stage = stage
        self._within = within
        self._client = ui.context.client.id
        self._is_here = False
        self.item: Item | None = None
        self.letter: dict[str, Any] = {}
        self._is_busy = False
        self._asked: StateDialog | None = None
        self._insisted: int | None = None
        self._settled: set[str] = set()
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
            "s": lambda: self._shaping.split(),
            "m": lambda: self._shaping.merge(),
            "n": lambda: self._shaping.add(None),
            "b": lambda: self.view.mark_selected(),
            "g": lambda: self.form.turn_modality(),
            "y": lambda: self._elsewhere.judge("confirmed"),
            "w": lambda: self._elsewhere.judge("refused"),
            "[": lambda: self.view.turn(-1),
            "]": lambda: self.view.turn(1),
            "+": lambda: self.view.zoom(1),
            "=": lambda: self.view.zoom(1),
            "-": lambda: self.view.zoom(-1),
            "l": self._to_letter,
            "q": self._to_queue,
            **{str(n): partial(self._use, use) for n, use in enumerate(USES, 1)},
        }
        with (
            page_frame(self._desk, say("record_title"), keys, KEYS, KEYBOARD),
            ui.element("div").classes("record"),
        ):
            with ui.element("section").classes("evidence"):
                self.view = PageView(self._desk, lambda found: self._shaping.mark(found))
            with ui.element("section").classes("form") as form:
                form.on("keydown.ctrl.enter", answered(lambda: self.decide("accept")))
                form.on("keydown.esc", js_handler="(event) => event.target.blur()")
                self._head = RecordHead(self.history)
                self._shaping = Shaping(self._desk, self, ui.label().classes("notice parts-note"))
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
        _act(say("split"), "S", lambda: self._shaping.split(), "call_split")
        _act(say("merge"), "M", lambda: self._shaping.merge(), "call_merge")
        _act(say("add"), "N", lambda: self._shaping.add(None), "add")
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
        if self.item is not None:
            self._desk.leases.give_back(self._client, self.item.task_id)
        self.item, self.letter = item, letter
        self._offered = []
        way = {"order": self._order, "stage": self._stage, "within": filtering.written(self._within)}
        ui.navigate.history.replace(f"/task/{task_id}?{_query(way)}")
        self._fill(elsewhere, now)
        self._renew()
        await self.view.hand_down([])
        await self.view.show(item.document_sha256, item.values["places"], page, stay=page is not None)
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
        item = self.item
        assert item is not None
        context = handed_down.context(self.letter, self._desk.register.office)
        try:
            places = await self._desk.ask(handed_down.places, item, await self.blocks(), context)
        except OSError:  # purged meanwhile
            return
        if places and item is self.item:
            with self._body:
                self._point_to(places)
                await self.view.hand_down(places)

    def _point_to(self, places: list[dict[str, Any]]) -> None:
        """Say of values that are handed down from a page the task does not stand on where that is."""
        assert self.item is not None
        own = {place.get("page") for place in self.item.values["places"] if place["field"] == "text"}
        for field in ("lead", "coop", "deadline"):
            pages = [place["page"] for place in places if place["field"] == field and place.get("page")]
            if pages and own.isdisjoint(pages):
                self.form.point_to(field, pages[0], partial(self.view.turn_to, pages[0]))

    async def blocks(self) -> tuple[Block, ...]:
        reading = self.letter["reading"]
        return await self._desk.blocks(reading) if reading else ()

    async def _make_next_ready(self) -> None:
        """The next record's place in the queue is known, and its page drawn, before the reviewer asks."""
        assert self.item is not None
        item = self.item
        following = await self._following()
        if self._within:
            left = self._say(
                "left_filtered", count=await self._desk.ask(filtering.count, self._desk.register, self._within)
            )
        else:
            count = await self._desk.ask(self._desk.queues[self._stage].count_in, item.document_sha256)
            left = self._say("left_in_letter", count=count)
        if item is self.item:
            self._head.leave(left)
        if following is not None:
            coming = await self._desk.ask(review_items.item, self._desk.register, following)
            if coming.page is not None:
                [row] = await self._desk.rows(
                    "SELECT reading FROM documents WHERE document_sha256 = ?", [coming.document_sha256]
                )
                source = self.view.source(coming.document_sha256, coming.page, row["reading"])
                with self._body:
                    ui.run_javascript(f'new Image().src = "{source}"')

    def _fill(self, elsewhere: list[Mention], now: Now) -> None:
        assert self.item is not None
        self._head.show(self.item, self.letter)
        self._shaping.forget()
        self._body.clear()
        with self._body:
            self._state = StateLine(now, self.set_state)
            self.form = RecordForm(self._desk, self.item, self.letter)
            self._elsewhere = Elsewhere(self._desk, self.item.task_id, elsewhere)

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
        if self.item is None:
            return
        task_id, leases = self.item.task_id, self._desk.leases
        if self._is_here:
            holder = leases.take(task_id, self._client, session().name)
        else:
            holder = leases.others(self._client).get(task_id)
        self._head.held_by(holder)

    # Acting

    async def decide(self, act: reviewing.Act, again: Item | None = None) -> None:
        """Accept or reject with the fields as they stand, then show the next; said once the journal has it."""
        right: Right = "approve" if self._stage == "approve" else "review"
        if self._is_busy or self.item is None or not allowed(self._desk, right):
            return
        if act == "accept" and self._stage == "approve":
            act = "approve"
        self._is_busy = True
        try:
            values = {} if act == "reject" else await self.form.checked()
            seen = again or self.item
            await self._desk.ask(
                reviewing.decide, self._desk.register, seen, act, session().name, values, self.form.marked
            )
            ui.notify(self._say(f"saved_{act}"), type="positive", timeout=1500)
            await self._go_on(act)
        except Stale as error:
            self.show_stale(error, act)
        except GiaoviecError as error:
            problem(error)
        finally:
            self._is_busy = False

    async def keep(self) -> bool:
        """Save what was changed of the record before it is left undecided; False where it has to be looked at."""
        if self.item is None or not self.form.is_changed or not self._desk.door.may(session(), "review"):
            return True
        if self._is_busy:
            return False
        self._is_busy = True
        register, item, form = self._desk.register, self.item, self.form
        try:
            values = await form.checked()
            await self._desk.ask(reviewing.decide, register, item, "correct", session().name, values, form.marked)
            self.item = await self._desk.ask(review_items.item, register, item.task_id)
            form.kept(self.item)
            ui.notify(self._say("saved_correct"), type="positive", timeout=1500)
        except Stale as error:
            self.show_stale(error, "correct")
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
        assert self.item is not None
        item, taken = self.item, self._desk.leases.others(self._client)
        if self._within:
            return await self._desk.ask(filtering.after, self._desk.register, self._within, item, taken, back=back)
        queue = self._desk.queues[self._stage]
        return await self._desk.ask(queue.after, item.task_id, item.document_sha256, self._order, taken, back=back)

    def _queue_address(self, **more: str) -> str:
        return f"/?{_query({'within': filtering.written(self._within), **more})}"

    async def step(self, *, back: bool = False) -> None:
        """Go to the next or the previous record without deciding; what was changed is saved all the same."""
        if self.item is None or not await self.keep():
            return
        found = await self._following(back=back)
        if found is not None:
            await self.show(found)

    async def undo(self) -> None:
        """Take back what was last done: changes not yet saved, else one's last act; show the record again."""
        if not allowed(self._desk, "review"):
            return
        if self.item is not None and self.form.is_changed:
            await self.show(self.item.task_id)
            ui.notify(self._say("changes_dropped"), type="info")
            return
        register, who = self._desk.register, session().name
        act = await self._desk.ask(undoing.last, register, who)
        if act is None:
            ui.notify(self._say("nothing_to_undo"), type="info")
            return
        here = self.item.task_id if self.item else None
        # What was settled at once, perhaps on another page, is not taken back by a key meant for this record.
        several = (
            act["kind"] != "act" and len(act["task_ids"]) > 1 and not self._settled.issuperset(act["task_ids"])
        )
        if several and self._insisted != act["seq"]:
            self._insisted = act["seq"]
            ui.notify(self._say("undo_again", count=len(act["task_ids"])), type="warning", timeout=8000)
            return
        try:
            await self._desk.ask(undoing.undo, register, act["seq"], who)
        except GiaoviecError as error:
            problem(error)
            return
        ui.notify(self._say("undone"), type="positive")
        # What was said of a link is seen at either of its ends: the reader stays where he is.
        stays = act["is_added"] or act["kind"] == "link" or here in act["task_ids"]
        await self.show(here if here and stays else act["task_ids"][0])

    async def _show_offer(self) -> None:
        """Show what a later letter speaks for of the task: in a large register it takes a moment to find."""
        item = self.item
        assert item is not None
        found = await self._desk.ask(proposals.of_mentions, self._desk.register, item.task_id)
        if item is self.item:
            self._offered = found
            if found:
                with self._body:
                    self._state.offer(found, self.settle)

    async def settle(self, answer: str) -> None:
        """Take what a later letter speaks for, or refuse it; the record is shown as it has become."""
        if self.item is None or not self._offered or not await self.keep():
            return
        settled = await settle(self._desk, self._state.ticked(self._offered), answer)
        if settled is not None:
            self._settled = set(settled)
            await self.show(self.item.task_id)

    async def set_state(self) -> None:
        """Ask how far the task is; the record is shown as it has become."""
        if self.item is None or not await self.keep():
            return
        task_id = self.item.task_id

        async def saved() -> None:
            await self.show(task_id)

        self._asked = await ask_for_state(self._desk, task_id, saved)

    async def history(self) -> None:
        """Who changed what of the record, when; any of it can be taken back."""
        if self.item is not None and await self.keep():
            task_id = self.item.task_id
            await show_history(self._desk, task_id, lambda: self.show(task_id))

    def show_stale(self, error: Stale, act: reviewing.Act) -> None:
        """Both versions side by side: what the task has become, and what the reviewer was about to save."""
        assert self.item is not None
        ask_which_stands(
            error,
            self.item,
            self.form.changed(),
            take_theirs=lambda: self.show(error.item.task_id),
            keep_mine=lambda: self.decide(act, again=error.item),
        )

    async def _use(self, use: str) -> None:
        """Use what was marked; while a state is asked for, it is chosen by number."""
        if self._asked is not None and self._asked.is_open:
            self._asked.choose(list(USES).index(use) + 1)
        else:
            await self._shaping.use(use)

    async def _to_queue(self) -> None:
        if await self.keep():
            ui.navigate.to(self._queue_address())

    async def _to_letter(self) -> None:
        if self.letter.get("letter_id") and await self.keep():
            ui.navigate.to(f"/letter/{self.letter['letter_id']}")


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
