"""The dashboard: who has how much to do, what is late and what comes; every chart filters the list under it."""

import datetime
from typing import Any

from nicegui import ui

from pipeline.errors import WrongUse
from pipeline.register import today
from pipeline.store import reading
from review import words as said
from review.desk import Desk, words
from review.frame import page_frame

KEYS = {"P": "dashboard.key_print", "C": "key_ours", "Esc": "dashboard.key_clear"}
STANDINGS = ("not_done_late", "not_done_in_time", "done_late", "done_in_time")
COLOURS = ("#c62828", "#1e88c7", "#f0a030", "#2e7d32")
MOST_AGENCIES = 12
MOST_SHOWN = 200
SOON_DAYS = 30
ENOUGH = 299
"""Accepted tasks below which a share of errors says nothing: 299 without one show 1 % at 95 %."""

_STYLE = """
.dashboard { padding: 12px 16px; gap: 12px; width: 100%; }
.dashboard .charts { display: grid; grid-template-columns: 1.2fr 1.4fr .8fr; gap: 12px; width: 100%; }
.dashboard .chart { height: 290px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.dashboard .report-title { display: none; }
.dashboard .count { min-width: 0; padding: 6px 12px; }
.dashboard .day-input { width: 150px; } .dashboard .choice { width: 280px; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  .bar, .q-header, .dashboard .filters, .dashboard .counts .link-only { display: none !important; }
  .page { height: auto !important; overflow: visible !important; }
  .q-page-container { padding-top: 0 !important; }
  body, .count, .rows, .dashboard .chart { background: #fff !important; color: #000 !important; }
  .dashboard .report-title { display: block; font-size: 17px; font-weight: 700; }
  .dashboard .charts { grid-template-columns: 1fr 1fr 1fr; break-inside: avoid; }
  .rows tr { break-inside: avoid; } .rows thead { display: table-header-group; }
  .rows .task-cell > div { display: block; -webkit-line-clamp: none; }
}
"""

_TASKS = """
FROM (SELECT s.*, coalesce(s.last_day, s.due_date) AS due FROM standings(?::DATE) s)
WHERE (? IS NULL OR list_contains(lead, ?)) AND (? IS NULL OR due >= ?::DATE) AND (? IS NULL OR due <= ?::DATE)
    AND (NOT ? OR concerns_us NOT IN ('no', 'excluded'))
    AND (? IS NULL OR standing = ?) AND (? IS NULL OR strftime(due, '%Y-%m') = ?)
"""


class Choice:
    """What the reader looks at: a body, a period, what is ours, one standing, one month; None for all."""

    def __init__(self) -> None:
        self.agency: str | None = None
        self.first: str | None = None
        self.last: str | None = None
        self.ours = False
        self.standing: str | None = None
        self.month: str | None = None

    def values(self, day: datetime.date, *, narrowed: bool = True) -> list[Any]:
        """Parameters of the query; without `narrowed`, what was clicked in charts is left out."""
        standing, month = (self.standing, self.month) if narrowed else (None, None)
        paired = [v for v in (self.agency, self.first, self.last) for _ in (0, 1)]
        return [day, *paired, self.ours, standing, standing, month, month]


def figures(path: Any, choice: Choice, day: datetime.date) -> dict[str, Any]:
    """Everything the page shows, from the published copy. Raises WrongUse where there is none yet."""
    with reading(path) as base:

        def rows(sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
            return base.execute(sql, values or []).fetchall()

        whole, narrowed = choice.values(day, narrowed=False), choice.values(day)
        shown = base.execute(
            f"""SELECT task_id, text, lead, due, deadline_text, standing, code_number, code_notation, document
            {_TASKS} ORDER BY due IS NULL, due, document, ordinal LIMIT {MOST_SHOWN:d}""",
            narrowed,
        )
        names = [column[0] for column in shown.description or ()]
        return {
            "tasks": [dict(zip(names, row, strict=True)) for row in shown.fetchall()],
            "count": rows(f"SELECT count(*) {_TASKS}", narrowed)[0][0],
            "standings": dict(rows(f"SELECT standing, count(*) {_TASKS} GROUP BY standing", whole)),
            "soon": rows(
                f"SELECT count(*) {_TASKS} AND standing = 'not_done_in_time' AND due <= ?::DATE",
                [*whole, day + datetime.timedelta(days=SOON_DAYS)],
            )[0][0],
            "agencies": rows(
                f"""SELECT agency, {_by_standing()}
                FROM (SELECT unnest(lead) AS agency, standing {_TASKS}) GROUP BY agency
                ORDER BY count(*) DESC, agency LIMIT {MOST_AGENCIES:d}""",
                whole,
            ),
            "months": rows(
                f"""SELECT month, {_by_standing()}
                FROM (SELECT strftime(due, '%Y-%m') AS month, standing {_TASKS}) WHERE month IS NOT NULL
                GROUP BY month ORDER BY month DESC LIMIT 24""",
                whole,
            )[::-1],
            "documents": dict(rows("SELECT status, count(*) FROM documents GROUP BY status")),
            "aside": dict(rows("SELECT state, count(*) FROM quarantine GROUP BY state")),
            "reviewed": rows(
                """SELECT count(*) FILTER (status IN ('accepted', 'approved')),
                    count(*) FILTER (status IN ('accepted', 'approved') AND len(corrected_fields) > 0)
                FROM current_tasks"""
            )[0],
            "choices": [name for (name,) in rows("SELECT agency FROM agency_load LIMIT 400")],
            "published": rows("SELECT value FROM meta WHERE key = 'published_at'")[0][0],
        }


def _by_standing() -> str:
    return ", ".join(f"count(*) FILTER (standing = '{standing}')" for standing in STANDINGS)


class Dashboard:
    """The page of one reader."""

    _ours: ui.checkbox

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._choice = Choice()

    async def build(self) -> None:
        """Lay out filters, figures, charts and list."""
        say = self._say
        ui.add_css(_STYLE)
        keys = {
            "p": lambda: ui.run_javascript("window.print()"),
            "c": lambda: self._ours.set_value(not self._ours.value),
            "Escape": self._clear,
        }
        with (
            page_frame(self._desk, say("dashboard.title"), keys, KEYS),
            ui.column().classes("dashboard no-wrap"),
        ):
            self._title = ui.label().classes("report-title")
            with ui.row().classes("filters items-center"):
                self._agency = ui.select([], label=say("agency"), with_input=True, clearable=True)
                self._agency.props("outlined dense options-dense").classes("choice")
                self._agency.on_value_change(lambda e: self._set("agency", e.value))
                for name in ("first", "last"):
                    box = ui.input(say(f"dashboard.{name}")).props('outlined dense type="date" stack-label')
                    box.classes("day-input").on_value_change(lambda e, name=name: self._set(name, e.value or None))
                self._ours = ui.checkbox(say("ours_only"), on_change=lambda e: self._set("ours", e.value))
                self._clicked = ui.row()
                ui.space()
                ui.button(say("dashboard.print"), icon="print").props("flat no-caps").on_click(
                    lambda: ui.run_javascript("window.print()")
                )
            self._body = ui.column().classes("w-full no-wrap").style("gap: 12px")
        await self._show()

    async def _set(self, name: str, value: Any) -> None:
        setattr(self._choice, name, value)
        await self._show()

    async def _clear(self) -> None:
        self._choice.standing = self._choice.month = None
        await self._show()

    async def _show(self) -> None:
        say, choice = self._say, self._choice
        try:
            found = await self._desk.ask(figures, self._desk.register.home.published, choice, today())
        except WrongUse:
            self._body.clear()
            with self._body:
                ui.label(say("dashboard.nothing")).classes("empty")
            return
        self._agency.set_options(found["choices"])
        period = (
            " – ".join(said.day(v) or "…" for v in (choice.first, choice.last))
            if choice.first or choice.last
            else ""
        )
        self._title.text = " · ".join(part for part in (say("dashboard.report"), choice.agency, period) if part)
        self._clicked.clear()
        with self._clicked:
            for name in ("standing", "month"):
                value = getattr(choice, name)
                if value:
                    chip = say(f"dashboard.{value}") if name == "standing" else value
                    ui.chip(chip, removable=True, color="primary", text_color="white").on(
                        "remove", lambda name=name: self._set(name, None)
                    )
        self._body.clear()
        with self._body:
            self._counts(found)
            with ui.element("div").classes("charts"):
                self._bars(found["agencies"], say("dashboard.by_agency"), "agency", across=True)
                title = say("dashboard.timeline") if choice.agency else say("dashboard.by_month")
                self._bars(found["months"], title, "month")
                self._ring(found["standings"])
            self._list(found)

    def _counts(self, found: dict[str, Any]) -> None:
        say, standings = self._say, found["standings"]
        documents, aside = found["documents"], found["aside"]
        accepted, changed = found["reviewed"]
        with ui.row().classes("counts items-stretch").style("padding: 0"):
            _figure(sum(standings.values()), say("dashboard.tasks"))
            _figure(standings.get("not_done_late", 0), say("dashboard.not_done_late"))
            _figure(found["soon"], say("dashboard.soon", days=SOON_DAYS))
            _figure(sum(documents.values()), say("dashboard.letters_in"))
            _figure(documents.get("extracted", 0), say("dashboard.letters_read"))
            _figure(aside.get("held", 0), say("dashboard.held"))
            _figure(aside.get("quarantined", 0), say("dashboard.quarantined"))
            error = said.percent(changed / accepted) if accepted >= ENOUGH else say("dashboard.too_little")
            with ui.element("div").classes("count"):
                ui.label(error).classes("number-large")
                ui.label(say("dashboard.observed_error", accepted=accepted)).classes("quiet")
        ui.label(say("dashboard.published", moment=_moment(found["published"]))).classes("quiet")

    def _bars(self, rows: list[tuple[Any, ...]], title: str, name: str, *, across: bool = False) -> None:
        rows = rows[::-1] if across else rows
        labels: dict[str, Any] = {"type": "category", "data": [row[0] for row in rows]}
        labels["axisLabel"] = {"width": 150, "overflow": "truncate"} if across else {"rotate": 40}
        amounts = {"type": "value", "minInterval": 1}
        options = {
            "title": {"text": title, "textStyle": {"fontSize": 13}, "left": 8, "top": 6},
            "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
            "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
            "color": list(COLOURS),
            "xAxis": amounts if across else labels,
            "yAxis": labels if across else amounts,
            "series": [
                {
                    "name": self._say(f"dashboard.{standing}"),
                    "type": "bar",
                    "stack": "all",
                    "data": [row[1 + n] for row in rows],
                }
                for n, standing in enumerate(STANDINGS)
            ],
        }

        async def clicked(event: Any) -> None:
            self._choice.standing = STANDINGS[event.series_index]
            if name == "agency":
                self._agency.set_value(event.name)
            else:
                await self._set(name, event.name)

        ui.echart(options, on_point_click=clicked).classes("chart")

    def _ring(self, standings: dict[str, int]) -> None:
        data = [{"name": self._say(f"dashboard.{s}"), "value": standings.get(s, 0)} for s in STANDINGS]
        options = {
            "title": {"text": self._say("dashboard.by_state"), "textStyle": {"fontSize": 13}, "left": 8, "top": 6},
            "tooltip": {"trigger": "item"},
            "color": list(COLOURS),
            "legend": {"bottom": 4, "itemHeight": 10, "textStyle": {"fontSize": 11}},
            "series": [
                {
                    "type": "pie",
                    "radius": ["36%", "60%"],
                    "center": ["50%", "46%"],
                    "data": data,
                    "label": {"show": False},
                }
            ],
        }
        ui.echart(
            options, on_point_click=lambda event: self._set("standing", STANDINGS[event.data_index])
        ).classes("chart")

    def _list(self, found: dict[str, Any]) -> None:
        say = self._say
        with ui.element("table").classes("rows"):
            with ui.element("thead"), ui.element("tr"):
                for code in ("due", "task", "lead", "number", "state"):
                    with ui.element("th"):
                        ui.label(say("dashboard.state") if code == "state" else say(f"column_{code}"))
            with ui.element("tbody"):
                for row in found["tasks"]:
                    with ui.element("tr").on("click", lambda row=row: ui.navigate.to(f"/task/{row['task_id']}")):
                        symbol = "/".join(part for part in (row["code_number"], row["code_notation"]) if part)
                        _cell(said.day(row["due"]) or row["deadline_text"] or "", "day")
                        _cell(row["text"], "task-cell")
                        _cell("; ".join(row["lead"]), "issuer")
                        _cell(symbol or row["document"], "number")
                        _cell(say(f"dashboard.{row['standing']}"))
        if len(found["tasks"]) < found["count"]:
            ui.label(say("list_more", shown=len(found["tasks"]), count=found["count"])).classes("quiet")


def _figure(number: int, label: str) -> None:
    with ui.element("div").classes("count"):
        ui.label(f"{number:,}".replace(",", ".")).classes("number-large")
        ui.label(label).classes("quiet")


def _cell(text: str, look: str = "") -> None:
    with ui.element("td").classes(look):
        ui.label(text)


def _moment(value: str) -> str:
    """A moment of the database (UTC) as people in Vietnam write it."""
    local = datetime.datetime.fromisoformat(value) + datetime.timedelta(hours=7)
    return f"{local:%H:%M %d/%m/%Y}"


def build(desk: Desk) -> None:
    """Register the dashboard."""

    @ui.page("/dashboard")
    async def dashboard() -> None:
        await Dashboard(desk).build()
