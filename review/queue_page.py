"""The queue: letters in the order to work them in, or single records least certain first; with filters."""

import json
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from nicegui import ui

from pipeline import acceptance
from pipeline.register import Register
from review import filtering
from review import words as said
from review.choice import Choice
from review.day_field import day_field
from review.desk import PAGE_SECONDS, Desk, words
from review.exporting import ask_for_export
from review.fields import grade
from review.figures import OURS_FIRST
from review.filtering import Filters
from review.frame import Keyboard, page_frame
from review.queue import Order, Queue

MOST_SHOWN = 100
MOST_CHOICES = 300
KEEP_UP = 3.0
"""Seconds after which the list looks whether letters have come or others have worked."""

KEYS = {
    "Enter": "key_start",
    "J / K": "key_move",
    "O": "key_order",
    "C": "key_ours",
    "/": "key_search",
    "F": "key_files",
    "E": "key_export",
    "X": "import.key",
    "Esc": "key_leave",
}

_LETTERS = """
SELECT d.document_sha256, d.name, d.letter_id, l.code_number, l.code_notation, l.issued_date, l.organ_name,
    l.subject, l.urgency, count(t.task_id) AS tasks
FROM documents d LEFT JOIN letters l ON l.letter_id = d.letter_id
    LEFT JOIN tasks t ON t.document_sha256 = d.document_sha256
WHERE d.document_sha256 IN (SELECT unnest(?)) GROUP BY ALL
"""


_NUMBERS = f"""
SELECT letter_id, coalesce(nullif(concat_ws('/', any_value(code_number), any_value(code_notation)), ''),
    any_value(document))
FROM current_tasks WHERE letter_id IS NOT NULL AND (letter_id = ? OR status IN ('open', 'orphan'))
GROUP BY letter_id ORDER BY max(issued_date) DESC NULLS LAST LIMIT {MOST_CHOICES}
"""


AGENCIES = f"""
SELECT name FROM (
    SELECT unnest(lead_bodies) AS name, our_role IS NOT DISTINCT FROM 'leads' AS is_led_by_us FROM current_tasks
    UNION ALL
    SELECT unnest(coop_bodies), NULL FROM current_tasks
)
GROUP BY name ORDER BY name IS DISTINCT FROM ?, {OURS_FIRST}, count(*) DESC, name LIMIT {MOST_CHOICES}
"""


def letters(register: Register, queue: Queue, most: int = MOST_SHOWN) -> list[dict[str, Any]]:
    """The first letters of the queue, each with its first task, its nearest deadline and how much waits."""
    order = queue.letters(most)
    rows = {
        row["document_sha256"]: row
        for row in register.store.records(_LETTERS, [[heading.document for heading, _ in order]])
    }
    return [
        {
            **rows[heading.document],
            "due": None if heading.due.startswith("9999") else heading.due,
            "confidence": heading.confidence,
            "ours": not heading.is_others,
            "waiting": waiting,
            "first": queue.first_of(heading.document),
        }
        for heading, waiting in order
        if heading.document in rows
    ]


_SAVED = ("saved_accept", "saved_approve", "saved_reject")


class Row(NamedTuple):
    """A row of the list: what it is about (a document or a task), and where it leads."""

    key: str
    target: str


class QueuePage:
    """The page of one reviewer's queue."""

    _search: ui.input
    _ours: ui.checkbox
    _all: ui.checkbox
    _toggle: ui.toggle

    def __init__(self, desk: Desk, filters: Filters) -> None:
        self._desk = desk
        self._say = words()
        self._order: Order = "letters"
        self._filters = filters
        self._rows: list[Row] = []
        self._chosen = self._seen = self._asked = 0

    async def build(self) -> None:
        """Lay out filters and list."""
        say = self._say
        keys = {
            "Enter": self._open,
            "j": lambda: self._move(1),
            "k": lambda: self._move(-1),
            "ArrowDown": lambda: self._move(1),
            "ArrowUp": lambda: self._move(-1),
            "o": self._turn_order,
            "c": self._turn_ours,
            "f": lambda: ui.navigate.to("/files"),
            "e": ask_for_export,
            "x": lambda: ui.navigate.to("/import"),
        }
        with page_frame(self._desk, say("queue_title"), keys, KEYS, Keyboard({"/": ".search input"})):
            with ui.row().classes("counts items-stretch no-wrap"):
                self._counts = ui.row().classes("items-stretch no-wrap amounts")
                ui.space()
                orders = {"letters": say("order_letters"), "pooled": say("order_pooled")}
                self._toggle = ui.toggle(orders, value="letters", on_change=lambda e: self._set_order(e.value))
                self._toggle.props("dense unelevated no-caps toggle-color=primary").classes("self-center")
                with ui.button(on_click=lambda: ask_for_export()).props("flat no-caps").classes("hand-on"):
                    ui.label(say("export"))
                    ui.label("E").classes("key")
                with (
                    ui.button(on_click=lambda: ui.navigate.to("/import")).props("flat no-caps").classes("hand-on")
                ):
                    ui.label(say("import.back"))
                    ui.label("X").classes("key")
                self._start = ui.link(target="/next").classes("start")
                with self._start:
                    ui.label(say("start"))
                    ui.label("Enter").classes("key")
            self._acceptance = ui.label().classes("acceptance quiet")
            ui.timer(0.05, self._show_acceptance, once=True)
            with ui.row().classes("filters items-center") as filters:
                filters.on("keydown.esc", js_handler="(event) => event.target.blur()")
                chosen = self._filters.get
                self._search = ui.input(placeholder=say("search"), value=chosen("search", ""))
                self._search.props(f'outlined dense clearable debounce=250 aria-label="{say("key_search")}"')
                self._search.classes("search").on_value_change(lambda e: self._filter("search", e.value or ""))
                with self._search.add_slot("prepend"):
                    ui.icon("search")
                self._ours = ui.checkbox(
                    say("ours_only"),
                    value=chosen("ours", False),
                    on_change=lambda e: self._filter("ours", e.value),
                )
                self._all = ui.checkbox(say("with_decided"), value=chosen("all", False))
                self._all.on_value_change(lambda e: self._filter("all", e.value))
                numbers, agencies, reasons, reviewers = await self._desk.ask(self._choices)
                self._select(say("letter"), numbers, "letter")
                self._select(say("agency"), agencies, "agency")
                self._select(say("reason"), {r: said.reason(say, r) for r in reasons}, "reason")
                self._select(say("reviewer"), reviewers, "reviewer")
                day_field(say("until"), partial(self._filter, "until"), chosen("until")).classes("until")
            self._list = ui.column().classes("list no-wrap")
        await self._show()
        ui.timer(KEEP_UP, self._keep_up)

    async def _keep_up(self) -> None:
        """Show the list anew where something has changed; the row chosen stays chosen."""
        if self._desk.changes != self._seen:
            await self._show(self._rows[self._chosen].key if self._rows else None)

    async def _show_acceptance(self) -> None:
        """Behind the rest of the page: it looks at every reviewed record."""
        now = await self._desk.ask(acceptance.standing, self._desk.register)
        self._acceptance.set_text(said.acceptance(self._say, now))

    def _choices(self) -> tuple[dict[str, str], list[str], list[str], list[str]]:
        store = self._desk.register.store
        numbers = store.rows(_NUMBERS, [self._filters.get("letter")])
        agencies = store.rows(AGENCIES, [self._filters.get("agency")])
        reasons = store.rows("SELECT DISTINCT unnest(reasons) AS r FROM tasks ORDER BY r")
        reviewers = store.rows("SELECT DISTINCT who FROM acts ORDER BY who")
        return dict(numbers), [n for (n,) in agencies], [r for (r,) in reasons], [w for (w,) in reviewers]

    def _select(self, label: str, options: Any, name: str) -> None:
        value = self._filters.get(name)
        value = value if value in options else self._filters.pop(name, None) and None
        choice = Choice(options, label=label, value=value, with_input=True, clearable=True)
        choice.props("outlined dense options-dense").classes("choice")
        choice.on_value_change(lambda event: self._filter(name, event.value))

    async def _filter(self, name: str, value: Any) -> None:
        self._filters[name] = value
        await self._show()

    async def _set_order(self, order: Order) -> None:
        self._order = order
        await self._show()

    def _turn_order(self) -> None:
        self._toggle.set_value("pooled" if self._order == "letters" else "letters")

    def _turn_ours(self) -> None:
        self._ours.set_value(not self._ours.value)

    async def _show(self, chosen: str | None = None) -> None:
        """Look everything up, then show it at once: what is asked for meanwhile overtakes it."""
        desk, queue = self._desk, self._desk.queues["review"]
        self._seen, self._asked = desk.changes, self._asked + 1
        asked = self._asked
        waiting = await desk.ask(len, queue)
        documents = await desk.ask(queue.count_letters)
        to_approve = await desk.ask(len, desk.queues["approve"]) if "approve" in desk.queues else None
        [aside] = await desk.rows("SELECT count(*) AS n FROM quarantine WHERE state IN ('held', 'quarantined')")
        by_letter = self._order == "letters" and not any(self._filters.values())
        if by_letter:
            found_rows, count = await desk.ask(letters, desk.register, queue), documents
            rows = [Row(row["document_sha256"], f"/task/{row['first']}") for row in found_rows]
        else:
            found_rows = await desk.ask(filtering.found, desk.register, self._filters, MOST_SHOWN)
            count = len(found_rows)
            if count == MOST_SHOWN:
                count = await desk.ask(filtering.count, desk.register, self._filters)
            way = urlencode({"order": "pooled", "within": filtering.written(self._filters)})
            rows = [Row(row["task_id"], f"/task/{row['task_id']}?{way}") for row in found_rows]
        is_new = not rows and not await desk.rows("SELECT 1 FROM documents LIMIT 1")
        if asked != self._asked:
            return
        self._start.props(f'href="{rows[0].target if rows and not by_letter else f"/next?order={self._order}"}"')
        self._counted(waiting, documents, to_approve, aside["n"])
        self._rows = rows
        self._list.clear()
        with self._list:
            if not by_letter:
                ui.label(self._say("list_found", count=count)).classes("quiet found")
            if found_rows:
                (self._letters if by_letter else self._tasks)(found_rows)
            self._more(len(rows), count, is_new)
        self._chosen = next((n for n, row in enumerate(rows) if row.key == chosen), 0)
        self._mark()

    def _counted(self, waiting: int, documents: int, to_approve: int | None, aside: int) -> None:
        say = self._say
        self._counts.clear()
        with self._counts:
            _count(waiting, say("count_tasks"), "/next")
            _count(documents, say("count_letters"), None)
            if to_approve is not None:
                _count(to_approve, say("count_approve"), "/next?stage=approve")
            _count(aside, say("count_aside"), "/files")

    def _letters(self, rows: list[dict[str, Any]]) -> None:
        say = self._say
        with ui.element("table").classes("rows"):
            _head(say, ("", "number", "date", "issuer", "subject", "due", "waiting", "sure"))
            with ui.element("tbody"):
                for n, row in enumerate(rows):
                    with ui.element("tr").on("click", js_handler=_goes_to(self._rows[n].target)):
                        _cell(row["urgency"] or "", "urgent" if row["urgency"] else "")
                        number = "/".join(filter(None, (row["code_number"], row["code_notation"])))
                        _cell(number or row["name"], "number", row["ours"] and say("concern_collective"))
                        _cell(said.day(row["issued_date"]), "day")
                        _cell(row["organ_name"] or "", "issuer")
                        _cell(row["subject"] or (row["name"] if number else ""), "subject-cell")
                        _cell(said.day(row["due"]), "day")
                        _cell(f"{row['waiting']}/{row['tasks']}", "amount")
                        _cell(said.percent(say, row["confidence"]), f"sure sure-{grade(row['confidence'])}")

    def _tasks(self, rows: list[dict[str, Any]]) -> None:
        say = self._say
        with ui.element("table").classes("rows"):
            _head(say, ("sure", "task", "lead", "deadline", "number", "status"))
            with ui.element("tbody"):
                for n, row in enumerate(rows):
                    with ui.element("tr").on("click", js_handler=_goes_to(self._rows[n].target)):
                        _cell(said.percent(say, row["confidence"]), f"sure sure-{grade(row['confidence'])}")
                        concern = row["concerns_us"]
                        ours = None if concern in ("no", "excluded") else say(f"concern_{concern}")
                        _cell(row["text"], "task-cell", ours)
                        _cell("; ".join(row["lead"]), "issuer")
                        _cell(row["deadline_text"] or said.day(row["due_date"]), "deadline-cell")
                        number = "/".join(filter(None, (row["code_number"], row["code_notation"])))
                        _cell(number or row["document"], "number")
                        _cell(say(f"status_{row['status']}"), f"status status-{row['status']}")

    def _more(self, shown: int, count: int, is_new: bool) -> None:
        """What is not shown; in a register without a letter how letters come into it."""
        if is_new:
            ui.label(self._say("list_new")).classes("empty")
        elif not count:
            ui.label(self._say("filter_empty" if any(self._filters.values()) else "queue_empty")).classes("empty")
        elif shown < count:
            ui.label(self._say("list_more", shown=shown, count=count)).classes("quiet")

    def _move(self, step: int) -> None:
        self._chosen = min(max(self._chosen + step, 0), max(len(self._rows) - 1, 0))
        self._mark()

    def _mark(self) -> None:
        ui.run_javascript(f"chooseRow({self._list.id}, {self._chosen})")

    def _open(self) -> None:
        if self._rows:
            ui.navigate.to(self._rows[self._chosen].target)


def _count(number: int, label: str, target: str | None) -> None:
    with ui.link(target=target).classes("count") if target else ui.element("div").classes("count"):
        ui.label(words()("dashboard.amount", count=number)).classes("number-large")
        ui.label(label).classes("quiet")


def _head(say: said.Say, codes: tuple[str, ...]) -> None:
    with ui.element("thead"), ui.element("tr"):
        for code in codes:
            with ui.element("th"):
                ui.label(say(f"column_{code}") if code else "")


def _cell(text: str, look: str = "", ours: str | None = None) -> None:
    """A cell of text; with a mark behind it where it is ours."""
    with ui.element("td").classes(look):
        ui.label(text)
        if ours:
            ui.label(ours).classes("concern concern-collective in-list")


def _goes_to(target: str) -> str:
    """Done by the browser alone: the list may be drawn anew while a click on it is on its way."""
    return f"() => location.assign({json.dumps(target)})"


def build(desk: Desk) -> None:
    """Register the queue page."""

    @ui.page("/", response_timeout=PAGE_SECONDS)
    async def queue(note: str = "", within: str = "") -> None:
        filters = filtering.read(within)
        await QueuePage(desk, filters).build()
        if note in _SAVED:
            ui.notify(words()(note), type="positive")
            ui.notify(words()("filter_empty" if filters else "queue_empty"), type="info")
        elif note == "all_taken":
            ui.notify(words()(note), type="info")
