"""The queue: letters in the order to work them in, or single records least certain first; with filters."""

from typing import Any, NamedTuple

from nicegui import ui

from pipeline import acceptance
from pipeline.register import Register
from review import words as said
from review.completion import folded
from review.desk import PAGE_SECONDS, Desk, words
from review.fields import grade
from review.frame import Keyboard, page_frame
from review.queue import Order, Queue

MOST_SHOWN = 100
KEEP_UP = 3.0
"""Seconds after which the list looks whether letters have come or others have worked."""

KEYS = {
    "Enter": "key_start",
    "J / K": "key_move",
    "O": "key_order",
    "C": "key_ours",
    "/": "key_search",
    "F": "key_files",
    "Esc": "key_leave",
}

_LETTERS = """
SELECT d.document_sha256, d.name, d.letter_id, l.code_number, l.code_notation, l.issued_date, l.organ_name,
    l.subject, l.urgency, count(t.task_id) AS tasks
FROM documents d LEFT JOIN letters l ON l.letter_id = d.letter_id
    LEFT JOIN tasks t ON t.document_sha256 = d.document_sha256
WHERE d.document_sha256 IN (SELECT unnest(?)) GROUP BY ALL
"""

_CONDITIONS = {
    "ours": "concerns_us NOT IN ('no', 'excluded')",
    "agency": "(list_contains(lead, ?) OR list_contains(coop, ?))",
    "until": "coalesce(office_due_date, due_date) <= ?::DATE",
    "reason": "list_contains(reasons, ?)",
    "reviewer": "task_id IN (SELECT task_id FROM corrections WHERE who = ?)",
    "search": """(contains(text_folded, ?) OR letter_id IN (SELECT letter_id FROM letters
        WHERE contains(subject_folded, ?) OR contains(lower(concat_ws('/', code_number, code_notation)), ?)))""",
}


def found(register: Register, filters: dict[str, Any], most: int = MOST_SHOWN) -> tuple[list[dict[str, Any]], int]:
    """The tasks of the review queue that meet all filters, least certain first, and how many there are in all.

    `filters`: `ours` (true), `agency`, `until` (ISO date), `reason`, `reviewer`, `search` (folded words), `all`
    (true: decided ones as well).
    """
    where, values = ["true"], []
    for name, condition in _CONDITIONS.items():
        if filters.get(name):
            where.append(condition)
            values += [filters[name]] * condition.count("?")
    source = "current_tasks" if filters.get("all") or filters.get("reviewer") else "review_queue"
    meets = f"FROM {source} WHERE {' AND '.join(where)}"
    count: int = register.store.value(f"SELECT count(*) {meets}", values)
    rows = register.store.records(
        f"""SELECT task_id, text, lead, deadline_text, deadline_date, due_date, confidence, status, concerns_us,
            code_number, code_notation, document, urgency, reasons
        {meets} ORDER BY concerns_us IN ('no', 'excluded'), confidence, task_id LIMIT {most:d}""",
        values,
    )
    return rows, count


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
    _toggle: ui.toggle

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._order: Order = "letters"
        self._filters: dict[str, Any] = {}
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
        }
        with page_frame(self._desk, say("queue_title"), keys, KEYS, Keyboard({"/": ".search input"})):
            self._counts = ui.row().classes("counts items-stretch")
            self._acceptance = ui.label().classes("acceptance quiet")
            ui.timer(0.05, self._show_acceptance, once=True)
            with ui.row().classes("filters items-center") as filters:
                filters.on("keydown.esc", js_handler="(event) => event.target.blur()")
                self._search = ui.input(placeholder=say("search")).props("outlined dense clearable debounce=250")
                self._search.classes("search").on_value_change(
                    lambda e: self._filter("search", folded(e.value or ""))
                )
                with self._search.add_slot("prepend"):
                    ui.icon("search")
                self._ours = ui.checkbox(say("ours_only"), on_change=lambda e: self._filter("ours", e.value))
                agencies, reasons, reviewers = await self._desk.ask(self._choices)
                self._select(say("agency"), agencies, "agency")
                self._select(say("reason"), {r: said.reason(say, r) for r in reasons}, "reason")
                self._select(say("reviewer"), reviewers, "reviewer")
                self._until = ui.input(placeholder=say("until")).props("outlined dense clearable mask=##/##/####")
                self._until.classes("until").on_value_change(lambda e: self._filter("until", _iso(e.value)))
                ui.space()
                orders = {"letters": say("order_letters"), "pooled": say("order_pooled")}
                self._toggle = ui.toggle(orders, value="letters", on_change=lambda e: self._set_order(e.value))
                self._toggle.props("dense unelevated no-caps toggle-color=primary")
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

    def _choices(self) -> tuple[list[str], list[str], list[str]]:
        store = self._desk.register.store
        agencies = store.rows(
            "SELECT name FROM task_agencies GROUP BY name ORDER BY count(*) DESC, name LIMIT 300"
        )
        reasons = store.rows("SELECT DISTINCT unnest(reasons) AS r FROM tasks ORDER BY r")
        reviewers = store.rows("SELECT DISTINCT who FROM acts ORDER BY who")
        return [n for (n,) in agencies], [r for (r,) in reasons], [w for (w,) in reviewers]

    def _select(self, label: str, options: Any, name: str) -> None:
        choice = ui.select(options, label=label, with_input=True, clearable=True)
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
            found_rows, count = await desk.ask(found, desk.register, self._filters)
            rows = [Row(row["task_id"], f"/task/{row['task_id']}?order=pooled") for row in found_rows]
        if asked != self._asked:
            return
        self._counted(waiting, documents, to_approve, aside["n"])
        self._rows = rows
        self._list.clear()
        with self._list:
            (self._letters if by_letter else self._tasks)(found_rows)
            self._more(len(rows), count)
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
            ui.space()
            with ui.link(target=f"/next?order={self._order}").classes("start"):
                ui.label(say("start"))
                ui.label("Enter").classes("key")

    def _letters(self, rows: list[dict[str, Any]]) -> None:
        say = self._say
        with ui.element("table").classes("rows"):
            _head(say, ("", "number", "date", "issuer", "subject", "due", "waiting", "sure"))
            with ui.element("tbody"):
                for n, row in enumerate(rows):
                    with ui.element("tr").on("click", lambda to=self._rows[n].target: ui.navigate.to(to)):
                        _cell(row["urgency"] or "", "urgent" if row["urgency"] else "")
                        number = "/".join(filter(None, (row["code_number"], row["code_notation"])))
                        _cell(number or row["name"], "number")
                        _cell(said.day(row["issued_date"]), "day")
                        _cell(row["organ_name"] or "", "issuer")
                        _cell(row["subject"] or row["name"], "subject-cell")
                        _cell(said.day(row["due"]), "day")
                        _cell(f"{row['waiting']}/{row['tasks']}", "amount")
                        _cell(said.percent(row["confidence"]), f"sure sure-{grade(row['confidence'])}")

    def _tasks(self, rows: list[dict[str, Any]]) -> None:
        say = self._say
        with ui.element("table").classes("rows"):
            _head(say, ("sure", "task", "lead", "deadline", "number", "status"))
            with ui.element("tbody"):
                for n, row in enumerate(rows):
                    with ui.element("tr").on("click", lambda to=self._rows[n].target: ui.navigate.to(to)):
                        _cell(said.percent(row["confidence"]), f"sure sure-{grade(row['confidence'])}")
                        _cell(row["text"], "task-cell")
                        _cell("; ".join(row["lead"]), "issuer")
                        _cell(row["deadline_text"] or said.day(row["due_date"]), "deadline-cell")
                        number = "/".join(filter(None, (row["code_number"], row["code_notation"])))
                        _cell(number or row["document"], "number")
                        _cell(say(f"status_{row['status']}"), f"status status-{row['status']}")

    def _more(self, shown: int, count: int) -> None:
        if not count:
            ui.label(self._say("list_empty")).classes("empty")
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
        ui.label(f"{number:,}".replace(",", ".")).classes("number-large")
        ui.label(label).classes("quiet")


def _head(say: said.Say, codes: tuple[str, ...]) -> None:
    with ui.element("thead"), ui.element("tr"):
        for code in codes:
            with ui.element("th"):
                ui.label(say(f"column_{code}") if code else "")


def _cell(text: str, look: str = "") -> None:
    with ui.element("td").classes(look):
        ui.label(text)


def _iso(value: str | None) -> str | None:
    """A day typed as 30/06/2026, whole or not at all."""
    parts = (value or "").split("/")
    if len(parts) != 3 or len(parts[2]) != 4:
        return None
    return f"{parts[2]}-{parts[1]}-{parts[0]}"


def build(desk: Desk) -> None:
    """Register the queue page."""

    @ui.page("/", response_timeout=PAGE_SECONDS)
    async def queue(note: str = "") -> None:
        await QueuePage(desk).build()
        if note in _SAVED:
            ui.notify(words()(note), type="positive")
            ui.notify(words()("queue_empty"), type="info")
        elif note == "all_taken":
            ui.notify(words()(note), type="info")
