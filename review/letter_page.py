"""One letter: its tasks down its pages, its head to correct, its arrival, its copies and annexes."""

from typing import Any

from nicegui import background_tasks, ui

from pipeline import acceptance, checking, letter_acts, mentions, misses, review_items
from pipeline.errors import GiaoviecError
from pipeline.letter_acts import LETTER_FIELDS
from pipeline.mentions import Waiting
from pipeline.misses import Possible
from pipeline.review_items import Item
from review import words as said
from review.accepting import ask_to_accept
from review.adding import ask_for_task
from review.around import Around, waiting_by_task
from review.desk import PAGE_SECONDS, Desk, allowed, session, words
from review.exporting import ask_for_export
from review.fields import grade
from review.frame import Keyboard, answered, page_frame, problem
from review.letter_files import LetterFiles, files
from review.marking import Selection
from review.page_view import PageView
from review.reading_again import ask_how_to_read

KEYS = {
    "J / K": "key_move",
    "Enter": "key_open",
    "N": "key_add",
    "B": "key_mark",
    "A": "key_accept_all",
    "O": "key_around",
    "T / X": "key_miss",
    "R": "key_read_again",
    "D": "key_head",
    "E": "key_export_letter",
    "[ / ]": "key_pages",
    "+ / -": "key_zoom",
    "Q": "key_queue",
}
_KEYBOARD = Keyboard({"d": ".head-code_number input"}, waits=("n",), opens=("n",), saves=".q-dialog")
_LONG = frozenset({"subject", "organ_name"})
_PART_OF = """
SELECT d.name AS scan, p.first_page AS first, p.last_page AS last
FROM document_parts p JOIN documents d ON d.document_sha256 = p.part_of
WHERE p.document_sha256 IN (SELECT document_sha256 FROM documents WHERE letter_id = ?)
"""


class LetterPage:
    """The page of one letter."""

    _view: PageView
    _documents: list[dict[str, Any]]
    _links: list[Waiting]
    _around: Around
    _misses: list[Possible]

    def __init__(self, desk: Desk, letter_id: str, first_page: int = 1) -> None:
        self._desk = desk
        self._id = letter_id
        self._first_page = first_page
        self._say = words()
        self._letter: dict[str, Any] = {}
        self._items: list[Item] = []
        self._chosen = 0
        self._heads: dict[str, Any] = {}
        self._draft: ui.checkbox

    async def build(self) -> None:
        """Lay out the page; raises WrongUse where there is no such letter."""
        say = self._say
        await self._load()
        number = "/".join(filter(None, (self._letter["code_number"], self._letter["code_notation"])))
        keys = {
            "j": lambda: self._move(1),
            "k": lambda: self._move(-1),
            "ArrowDown": lambda: self._move(1),
            "ArrowUp": lambda: self._move(-1),
            "Enter": self._open,
            "a": self._accept_all,
            "r": self._read_again,
            "t": lambda: self._judge_miss(add=True),
            "x": lambda: self._judge_miss(add=False),
            "n": lambda: self._add(None),
            "b": lambda: self._view.mark_selected(),
            "e": self._export,
            "o": lambda: self._around.open(),
            "[": lambda: self._view.turn(-1),
            "]": lambda: self._view.turn(1),
            "+": lambda: self._view.zoom(1),
            "=": lambda: self._view.zoom(1),
            "-": lambda: self._view.zoom(-1),
            "q": lambda: ui.navigate.to("/"),
        }
        with (
            page_frame(self._desk, number or say("letter_title"), keys, KEYS, _KEYBOARD),
            ui.element("div").classes("record"),
        ):
            with ui.element("section").classes("evidence"):
                self._view = PageView(self._desk, self._add)
            with ui.element("section").classes("form letter") as form:
                form.on("keydown.esc", js_handler="(event) => event.target.blur()")
                self._notes = ui.column().classes("w-full gap-1")
                with ui.row().classes("letter-acts items-center no-wrap w-full"):
                    self._title = ui.label().classes("panel-title")
                    ui.space()
                    with ui.button(on_click=lambda: self._add(None)).props("dense no-caps flat"):
                        ui.label(say("add"))
                        ui.label("N").classes("key")
                    with ui.button(on_click=self._read_again).props("dense no-caps flat"):
                        ui.label(say("read_again"))
                        ui.label("R").classes("key")
                    ui.button(icon="download", on_click=self._export).props(
                        f'flat dense round size=sm aria-label="{say("key_export_letter")}"'
                    ).tooltip(f"{say('key_export_letter')} (E)")
                    with ui.button(on_click=self._accept_all).props("dense no-caps outline color=positive"):
                        ui.label(say("accept_all"))
                        ui.label("A").classes("key")
                self._around = Around(self._desk, self._id, self._again)
                self._list = ui.column().classes("letter-tasks no-wrap")
                self._missed = ui.column().classes("misses no-wrap")
                with ui.expansion(say("letterhead"), icon="description", value=True).classes("panel w-full"):
                    self._head()
                with ui.expansion(say("files_of_letter"), icon="attach_file", value=True).classes("panel w-full"):
                    self._files = LetterFiles(self._desk, self._id, self._again)
        await self._fill()
        background_tasks.create(self._around.load(self._links))
        await self._view.show(self._letter["document_sha256"], self._places(), page=self._first_page)

    def _add(self, found: Selection | None) -> None:
        """Add a task the machine missed: of what was marked on the page shown, or typed."""
        if not allowed(self._desk, "review"):
            return
        page = self._view.number

        async def added() -> None:
            await self._again()
            await self._view.show(self._view.document, self._places(), page, stay=True)

        ask_for_task(self._desk, self._view.document, self._letter, found, added)

    async def _load(self) -> None:
        self._letter = await self._desk.ask(letter_acts.letter, self._desk.register, self._id)
        self._documents = await files(self._desk, self._id)
        self._items, self._links, self._misses = [], [], []
        for row in self._documents:
            if row["is_representative"]:
                self._misses += await self._desk.ask(misses.offered, self._desk.register, row["document_sha256"])
                self._links += await self._desk.ask(mentions.waiting, self._desk.register, row["document_sha256"])
                self._items += await self._desk.ask(
                    review_items.items, self._desk.register, document=row["document_sha256"]
                )

    def _places(self) -> list[dict[str, Any]]:
        """The text of every task, and all places of the chosen one."""
        main = self._letter["document_sha256"]
        return [
            place
            for n, item in enumerate(self._items)
            if item.review != "rejected" and item.document_sha256 == main
            for place in item.values["places"]
            if place["field"] == "text" or n == self._chosen
        ]

    async def _fill(self) -> None:
        say = self._say
        self._notes.clear()
        with self._notes:
            for part in await self._desk.rows(_PART_OF, [self._id]):
                ui.label(say("part_of", **part)).classes("quiet part-of")
            unread = await self._desk.rows(
                """SELECT page, reason, name FROM pages JOIN documents USING (document_sha256)
                WHERE letter_id = ? AND source = 'unread' ORDER BY page""",
                [self._id],
            )
            for row in unread:
                sentence = say("unread_page", page=row["page"], reason=said.reason(say, row["reason"] or ""))
                ui.label(sentence).classes("notice")
            refused = await self._desk.rows(
                """SELECT code FROM quarantine WHERE letter_id = ? AND state IN ('held', 'quarantined')""",
                [self._id],
            )
            for row in refused:
                ui.label(say("annex_refused", reason=checking.reason(row["code"]))).classes("notice")
            attached = sum(1 for d in self._documents if d["relation"] == "annex_of")
            if len(self._letter["annexes_named"]) > attached:
                names = "; ".join(self._letter["annexes_named"])
                ui.label(say("annexes_named", names=names)).classes("quiet")
            for unknown in self._letter["unknown"]:
                field, _, code = unknown.partition(": ")
                if field in LETTER_FIELDS:
                    ui.label(f"{say(f'head_{field}')}: {said.reason(say, code)}").classes("doubt")
        self._waiting = waiting_by_task(self._links)
        waiting = sum(1 for item in self._items if item.is_waiting)
        self._title.set_text(say("letter_tasks", count=len(self._items), waiting=waiting))
        self._list.clear()
        with self._list:
            page = None
            for n, item in enumerate(self._items):
                if item.page != page:
                    page = item.page
                    ui.label(say("page_heading", page=page)).classes("page-heading")
                self._row(n, item)
        self._mark()
        self._show_misses()
        await self._files.show(self._documents)

    def _row(self, n: int, item: Item) -> None:
        say = self._say
        box = ui.element("div").classes(f"letter-task is-{item.review}").on("click", lambda: self._choose(n))
        with box, ui.row().classes("no-wrap items-start w-full"):
            ui.label(said.percent(say, item.confidence["overall"])).classes(
                f"sure sure-{grade(item.confidence['overall'])}"
            )
            with ui.column().classes("gap-0 grow"):
                ui.label(item.values["text"]).classes("task-text")
                bodies, due = said.value(item.values["lead"]), said.value(item.values["deadline"])
                ui.label(f"{bodies}  ·  {due}").classes("quiet")
                if item.task_id in self._waiting:
                    ui.label(say("mentions_waiting", count=self._waiting[item.task_id])).classes("doubt")
            ui.label(say(f"status_{item.review}")).classes(f"status status-{item.review}")
            ui.link("›", f"/task/{item.task_id}").classes("go").props(f'aria-label="{say("key_open")}"')

    def _head(self) -> None:
        say = self._say
        with ui.element("div").classes("head-fields"):
            for field in LETTER_FIELDS:
                value = self._letter[field]
                shown = said.day(value) if field.endswith("_date") else value or ""
                entry = ui.input(say(f"head_{field}"), value=shown).props("outlined dense stack-label")
                self._heads[field] = entry.classes(f"head-{field}" + (" wide-field" if field in _LONG else ""))
            self._draft = ui.checkbox(say("head_is_draft"), value=bool(self._letter["is_draft"])).classes(
                "head-is_draft"
            )
        ui.button(say("save"), on_click=self._save_head).props("unelevated dense no-caps").classes("save-head")

    async def _save_head(self) -> None:
        if not allowed(self._desk, "arrival"):
            return
        values = {}
        for field, entry in self._heads.items():
            seen = self._letter[field]
            if (entry.value or "") != (said.day(seen) if field.endswith("_date") else seen or ""):
                values[field] = entry.value or None
        if self._draft.value != bool(self._letter["is_draft"]):
            values["is_draft"] = self._draft.value
        try:
            changed = await self._desk.ask(
                letter_acts.amend, self._desk.register, self._id, self._letter, values, session().name
            )
        except GiaoviecError as error:
            problem(error)
            return
        await self._again()
        ui.notify(self._say("saved_fields", count=len(changed)), type="positive")

    async def _again(self) -> None:
        await self._load()
        await self._fill()
        await self._around.load(self._links)

    # Sentences that may be tasks

    def _show_misses(self) -> None:
        """Sentences that look like tasks and were not taken for any; the keys go to the first of them."""
        say = self._say
        self._missed.clear()
        self._missed.set_visibility(bool(self._misses))
        with self._missed:
            ui.label(f"{say('misses.title')} ({len(self._misses)})").classes("panel-title")
            for n, miss in enumerate(self._misses):
                with ui.row().classes("miss no-wrap items-start w-full").on("click", lambda m=miss: self._look(m)):
                    with ui.column().classes("gap-0 grow"):
                        ui.label(miss.text).classes("task-text").tooltip(miss.text)
                        signs = " · ".join(say(f"misses.{sign}") for sign in miss.signs)
                        where = say("page_heading", page=miss.page) if miss.page else ""
                        ui.label(" · ".join(filter(None, (where, signs)))).classes("quiet")
                    self._miss_button(miss, "miss_add", "T" if not n else "", add=True)
                    self._miss_button(miss, "miss_dismiss", "X" if not n else "", add=False)

    def _miss_button(self, miss: Possible, label: str, key: str, *, add: bool) -> None:
        with (
            ui.button()
            .props("flat dense no-caps size=sm")
            .on("click.stop", answered(lambda: self._judge_miss(miss, add=add)))
        ):
            ui.label(self._say(label))
            if key:
                ui.label(key).classes("key")

    async def _look(self, miss: Possible) -> None:
        await self._view.show(miss.document_sha256, miss.places)

    async def _judge_miss(self, miss: Possible | None = None, *, add: bool) -> None:
        """Make a possible miss a task, or say that it is none: the one given, else the first."""
        if not allowed(self._desk, "review"):
            return
        miss = miss or next(iter(self._misses), None)
        if miss is None:
            ui.notify(self._say("misses.none"), type="info")
            return
        try:
            await self._desk.ask(
                misses.add if add else misses.dismiss, self._desk.register, miss.miss_id, session().name
            )
        except GiaoviecError as error:
            problem(error)
            return
        await self._again()
        ui.notify(self._say("miss_added" if add else "miss_dismissed"), type="positive", timeout=1500)
        if self._misses:
            await self._look(self._misses[0])

    async def _choose(self, n: int) -> None:
        self._chosen = n
        self._mark()
        item = self._items[n]
        if item.document_sha256 == self._letter["document_sha256"]:
            await self._view.show(item.document_sha256, self._places(), item.page, item.values["places"])
        else:
            await self._view.show(item.document_sha256, item.values["places"])

    async def _move(self, step: int) -> None:
        if self._items:
            await self._choose(min(max(self._chosen + step, 0), len(self._items) - 1))

    def _mark(self) -> None:
        ui.run_javascript(f"chooseRow({self._list.id}, {self._chosen}, '.letter-task')")

    def _open(self) -> None:
        if self._items:
            ui.navigate.to(f"/task/{self._items[self._chosen].task_id}")

    def _export(self) -> None:
        ask_for_export(self._id, "/".join(filter(None, map(self._letter.get, ("code_number", "code_notation")))))

    def _read_again(self) -> None:
        """Have the page shown recognised once more, as it is asked for."""
        if not allowed(self._desk, "review") or not self._view.has_pages:
            return
        page, document = self._view.number, self._view.document

        async def done() -> None:
            await self._again()
            self._view.forget()
            await self._view.show(document, self._places(), page)

        ask_how_to_read(self._desk, document, page, done)

    async def _accept_all(self) -> None:
        """List what is sure enough, then accept what was listed."""
        if allowed(self._desk, "review"):
            now = await self._desk.ask(acceptance.standing, self._desk.register)
            ask_to_accept(self._desk, self._items, now, self._again)


def build(desk: Desk) -> None:
    """Register the page of letters."""

    @ui.page("/letter/{letter_id}", response_timeout=PAGE_SECONDS)
    async def letter(letter_id: str, page: int = 1) -> None:
        try:
            await LetterPage(desk, letter_id, page).build()
        except GiaoviecError as error:
            ui.label(words()(f"errors.{error.code}", **error.values))
