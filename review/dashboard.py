"""The dashboard: who has how much to do, what is late and what comes; every chart filters the list under it."""

import datetime
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from pipeline import acceptance
from pipeline.acceptance import Standing
from pipeline.errors import WrongUse
from pipeline.register import today
from pipeline.store import reading
from review import letters_chart
from review import words as said
from review.desk import PAGE_SECONDS, Desk, words
from review.frame import page_frame
from review.proposals import Proposals

KEYS = {"P": "dashboard.key_print", "C": "key_ours", "Esc": "dashboard.key_clear"}
STANDINGS = ("not_done_late", "not_done_in_time", "done_late", "done_in_time")
COLOURS = ("#c62828", "#1e88c7", "#f0a030", "#2e7d32")
MOST_AGENCIES = 12
MOST_SHOWN = 200
SOON_DAYS = 30
_FAINT: dict[str, Any] = {"show": True, "lineStyle": {"color": "rgba(128, 128, 128, .25)"}}
ON_TIMELINE = 24
"""Tasks of one body on its timeline: those due nearest to today, before it and after it."""
LONGEST_ON_AXIS = 46

_STYLE = """
.dashboard { padding: 12px 16px; gap: 12px; width: 100%; }
.dashboard .charts { display: grid; grid-template-columns: 1.2fr 1.3fr .7fr .8fr; gap: 12px; width: 100%; }
.dashboard .chart { height: 290px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.dashboard .timeline { height: auto; width: 100%; }
body.body--dark .dashboard input { color-scheme: dark; }
body.body--dark .dashboard .filters { --q-primary: #8ccbf0; }
.dashboard .chart text { fill: var(--ink); stroke: none; }
.dashboard .report-title { display: none; }
.dashboard .count { min-width: 0; padding: 6px 12px; }
.dashboard .count.can { cursor: pointer; } .dashboard .count.can:hover { background: var(--chosen); }
.dashboard .count.on { box-shadow: inset 0 -3px 0 #1e88c7; }
.dashboard .rows .number { color: #1e88c7; text-decoration: underline; }
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

TASKS = """
FROM standings(?::DATE)
WHERE (? IS NULL OR list_contains(lead, ?)) AND (? IS NULL OR due >= ?::DATE) AND (? IS NULL OR due <= ?::DATE)
    AND (NOT ? OR concerns_us NOT IN ('no', 'excluded'))
    AND (? IS NULL OR standing = ?) AND (? IS NULL OR strftime(due, '%Y-%m') = ?)
    AND (? IS NULL OR standing = 'not_done_in_time' AND due <= ?::DATE)
    AND (? IS NULL OR document_sha256 IN (
        SELECT document_sha256 FROM documents WHERE strftime(received_at + INTERVAL 7 HOUR, '%Y-%m') = ?))
"""
_LATE_FIRST = "standing <> 'not_done_late', standing <> 'not_done_in_time', due IS NULL, due, document, ordinal"


class Choice:
    """What the reader looks at: a body, a period, what is ours.

    And what was clicked: one standing, the month something is due, what is due soon, the month letters came in.
    """

    def __init__(self) -> None:
        self.agency: str | None = None
        self.first: str | None = None
        self.last: str | None = None
        self.ours = False
        self.standing: str | None = None
        self.month: str | None = None
        self.soon = False
        self.came: str | None = None

    def values(self, day: datetime.date, *, narrowed: bool = True) -> list[Any]:
        """Parameters of the query; without `narrowed`, what was clicked in charts is left out."""
        clicked = self.standing, self.month, self.soon, self.came
        standing, month, soon, came = clicked if narrowed else (None, None, False, None)
        until = day + datetime.timedelta(days=SOON_DAYS) if soon else None
        paired = [v for v in (self.agency, self.first, self.last) for _ in (0, 1)]
        return [day, *paired, self.ours, standing, standing, month, month, until, until, came, came]


def figures(path: Any, choice: Choice, day: datetime.date) -> dict[str, Any]:
    """Everything the page shows, from the published copy. Raises WrongUse where there is none yet."""
    with reading(path) as base:

        def rows(sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
            return base.execute(sql, values or []).fetchall()

        whole, narrowed = choice.values(day, narrowed=False), choice.values(day)
        shown = base.execute(
            f"""SELECT task_id, text, lead, due, deadline_text, standing, code_number, code_notation, document,
                letter_id
            {TASKS} ORDER BY {_LATE_FIRST} LIMIT {MOST_SHOWN:d}""",
            narrowed,
        )
        names = [column[0] for column in shown.description or ()]
        return {
            "tasks": [dict(zip(names, row, strict=True)) for row in shown.fetchall()],
            "count": rows(f"SELECT count(*) {TASKS}", narrowed)[0][0],
            "standings": dict(rows(f"SELECT standing, count(*) {TASKS} GROUP BY standing", whole)),
            "soon": rows(
                f"SELECT count(*) {TASKS} AND standing = 'not_done_in_time' AND due <= ?::DATE",
                [*whole, day + datetime.timedelta(days=SOON_DAYS)],
            )[0][0],
            "agencies": rows(
                f"""SELECT agency, {_by_standing()}
                FROM (SELECT unnest(lead) AS agency, standing {TASKS}) GROUP BY agency
                ORDER BY count(*) DESC, agency LIMIT {MOST_AGENCIES:d}""",
                whole,
            ),
            "months": rows(
                f"""SELECT month, {_by_standing()}
                FROM (SELECT strftime(due, '%Y-%m') AS month, standing {TASKS}) WHERE month IS NOT NULL
                GROUP BY month ORDER BY month DESC LIMIT 24""",
                whole,
            )[::-1],
            "timeline": _timeline(base, whole, day) if choice.agency else [],
            "letters": rows(letters_chart.LETTERS)[::-1],
            "documents": dict(rows("SELECT status, count(*) FROM documents GROUP BY status")),
            "aside": dict(rows("SELECT state, count(*) FROM quarantine GROUP BY state")),
            "choices": [name for (name,) in rows("SELECT agency FROM agency_load LIMIT 400")],
            "published": rows("SELECT value FROM meta WHERE key = 'published_at'")[0][0],
        }


def _timeline(base: Any, values: list[Any], day: datetime.date) -> list[dict[str, Any]]:
    """The dated tasks of one body that are due nearest to `day`, in the order of their days."""
    found = base.execute(
        f"""SELECT task_id, text, issued_date, due, standing {TASKS} AND due IS NOT NULL
        ORDER BY abs(due - ?::DATE), due, task_id LIMIT {ON_TIMELINE:d}""",
        [*values, day],
    )
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return sorted(rows, key=lambda row: (row["due"], row["task_id"]))


def _by_standing() -> str:
    return ", ".join(f"count(*) FILTER (standing = '{standing}')" for standing in STANDINGS)


class Dashboard:
    """The page of one reader."""

    _ours: ui.checkbox

    def __init__(self, desk: Desk, agency: str | None = None) -> None:
        self._desk = desk
        self._say = words()
        self._choice = Choice()
        self._choice.agency = agency
        self._proposals = Proposals(desk)

    async def build(self) -> None:
        """Lay out filters, figures, charts and list."""
        say = self._say
        ui.add_css(_STYLE)
        keys = {
            "p": self._report,
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
                ui.button(say("dashboard.print"), icon="print").props("flat no-caps").on_click(self._report)
            self._body = ui.column().classes("w-full no-wrap").style("gap: 12px")
        await self._show()

    async def _set(self, name: str, value: Any) -> None:
        if getattr(self._choice, name) == value:
            return
        setattr(self._choice, name, value)
        await self._show()

    async def _clear(self) -> None:
        self._choice.standing = self._choice.month = self._choice.came = None
        self._choice.soon = False
        await self._show()

    def _report(self) -> None:
        """Open the report of the body and the period chosen."""
        chosen = {name: getattr(self._choice, name) for name in ("agency", "first", "last")}
        chosen["ours"] = "1" if self._choice.ours else None
        ui.navigate.to("/report?" + urlencode({name: value for name, value in chosen.items() if value}))

    async def _show(self) -> None:
        say, choice = self._say, self._choice
        try:
            found = await self._desk.ask(figures, self._desk.register.home.published, choice, today())
            unseen = await self._desk.ask(acceptance.standing, self._desk.register)
        except WrongUse:
            self._body.clear()
            with self._body:
                ui.label(say("dashboard.nothing")).classes("empty")
            return
        known = choice.agency if choice.agency in found["choices"] else None
        self._agency.set_options(found["choices"], value=known)
        period = (
            " – ".join(said.day(v) or "…" for v in (choice.first, choice.last))
            if choice.first or choice.last
            else ""
        )
        self._title.text = " · ".join(part for part in (say("dashboard.report"), choice.agency, period) if part)
        self._clicked.clear()
        with self._clicked:
            for name in ("standing", "month", "soon", "came"):
                value = getattr(choice, name)
                if value:
                    chip = say(f"dashboard.{value}") if name == "standing" else value
                    chip = say("dashboard.soon", days=SOON_DAYS) if name == "soon" else chip
                    chip = say("dashboard.came", month=value) if name == "came" else chip
                    ui.chip(chip, removable=True, color="primary", text_color="white").on(
                        "remove", lambda name=name: self._set(name, None)
                    )
        self._body.clear()
        with self._body:
            self._counts(found, unseen)
            with ui.element("div").classes("charts"):
                self._bars(found["agencies"], say("dashboard.by_agency"), "agency", across=True)
                self._bars(found["months"], say("dashboard.by_month"), "month")
                self._ring(found["standings"])
                letters_chart.build(found["letters"], say, lambda month: self._set("came", month))
            if found["timeline"]:
                self._timeline(found["timeline"])
            await self._proposals.show(choice.agency, choice.ours)
            self._list(found)

    def _counts(self, found: dict[str, Any], unseen: Standing) -> None:
        say, standings, choice = self._say, found["standings"], self._choice
        documents, aside = found["documents"], found["aside"]
        late = "not_done_late"
        with ui.row().classes("counts items-stretch").style("padding: 0; gap: 8px"):
            _figure(sum(standings.values()), say("dashboard.tasks"), self._clear)
            with _figure(
                standings.get(late, 0), say("dashboard.not_done_late"), lambda: self._set("standing", late)
            ) as box:
                box.classes("on" if choice.standing == late else "")
            with _figure(
                found["soon"], say("dashboard.soon", days=SOON_DAYS), lambda: self._set("soon", True)
            ) as box:
                box.classes("on" if choice.soon else "")
            for count, code, target in (
                (sum(documents.values()), "letters_in", "/"),
                (documents.get("extracted", 0), "letters_read", "/"),
                (aside.get("held", 0), "held", "/files"),
                (aside.get("quarantined", 0), "quarantined", "/files"),
            ):
                _figure(count, say(f"dashboard.{code}"), lambda target=target: ui.navigate.to(target))
            share = unseen.accepted / unseen.records if unseen.records else 0.0
            _figure(_percent(share), say("dashboard.unseen", accepted=unseen.accepted))
            error = unseen.observed_error
            known = _percent(error) if error is not None else say("dashboard.too_little")
            _figure(known, say("dashboard.observed_error", target=_percent(unseen.target)))
        values = {"missing": unseen.missing, "reviewed": unseen.reviewed, "wrong": unseen.wrong}
        note = say(f"dashboard.unseen_{unseen.state}", **values)
        ui.label(f"{say('dashboard.published', moment=_moment(found['published']))} {note}").classes("quiet")

    def _bars(self, rows: list[tuple[Any, ...]], title: str, name: str, *, across: bool = False) -> None:
        rows = rows[::-1] if across else rows
        labels: dict[str, Any] = {"type": "category", "data": [row[0] for row in rows]}
        labels["axisLabel"] = {"width": 150, "overflow": "truncate"} if across else {"rotate": 40}
        amounts = {"type": "value", "minInterval": 1, "splitLine": _FAINT}
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

        ui.echart(options, on_point_click=clicked, renderer="svg").classes("chart")

    def _timeline(self, tasks: list[dict[str, Any]]) -> None:
        """From the day of its letter to its last day, a line a task; a click opens it."""
        say = self._say
        labels = [f"{n}. {_cut(task['text'])}" for n, task in enumerate(tasks, 1)]
        lines = [
            {"coords": [[task["issued_date"].isoformat(), label], [task["due"].isoformat(), label]]}
            for task, label in zip(tasks, labels, strict=True)
            if task["issued_date"]
        ]
        points = {
            standing: [(n, task) for n, task in enumerate(tasks) if task["standing"] == standing]
            for standing in STANDINGS
        }
        series: list[dict[str, Any]] = [
            {
                "name": say(f"dashboard.{standing}"),
                "type": "scatter",
                "symbolSize": 13,
                "itemStyle": {"color": colour},
                "data": [[task["due"].isoformat(), labels[n]] for n, task in points[standing]],
            }
            for standing, colour in zip(STANDINGS, COLOURS, strict=True)
        ]
        mark = {"silent": True, "symbol": "none", "lineStyle": {"color": "#1e88c7"}, "label": {"show": False}}
        series[0]["markLine"] = {**mark, "data": [{"xAxis": today().isoformat()}]}
        series.append(
            {
                "type": "lines",
                "coordinateSystem": "cartesian2d",
                "silent": True,
                "lineStyle": {"width": 3, "color": "#90a4ae", "opacity": 0.7},
                "data": lines,
            }
        )
        options = {
            "title": {"text": say("dashboard.timeline"), "textStyle": {"fontSize": 13}, "left": 8, "top": 6},
            "tooltip": {"trigger": "item"},
            "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
            "xAxis": {"type": "time", "splitLine": _FAINT, "axisLabel": {"formatter": "{MM}/{yyyy}"}},
            "yAxis": {"type": "category", "data": labels, "inverse": True},
            "series": series,
        }

        def clicked(event: Any) -> None:
            if event.series_index < len(STANDINGS):
                _, task = points[STANDINGS[event.series_index]][event.data_index]
                ui.navigate.to(f"/task/{task['task_id']}")

        chart = ui.echart(options, on_point_click=clicked, renderer="svg").classes("chart timeline")
        chart.style(f"height: {70 + 24 * len(tasks)}px")

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
            options,
            on_point_click=lambda event: self._set("standing", STANDINGS[event.data_index]),
            renderer="svg",
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
                        number = _cell(symbol or row["document"], "number")
                        opened = f"/letter/{row['letter_id']}"
                        number.on("click.stop", lambda opened=opened: ui.navigate.to(opened))
                        _cell(say(f"dashboard.{row['standing']}"))
        if len(found["tasks"]) < found["count"]:
            ui.label(say("list_more", shown=len(found["tasks"]), count=found["count"])).classes("quiet")


def _figure(number: int | str, label: str, act: Any = None) -> ui.element:
    """A figure with its label; a click does `act`."""
    with ui.element("div").classes("count" if act is None else "count can") as box:
        ui.label(f"{number:,}".replace(",", ".") if isinstance(number, int) else number).classes("number-large")
        ui.label(label).classes("quiet")
    if act is not None:
        box.on("click", act)
    return box


def _cell(text: str, look: str = "") -> ui.element:
    with ui.element("td").classes(look) as cell:
        ui.label(text)
    return cell


def _percent(share: float) -> str:
    """A share as percent to a tenth, with a comma."""
    return f"{100 * share:.1f} %".replace(".", ",")


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_ON_AXIS else words[:LONGEST_ON_AXIS].rsplit(" ", 1)[0] + " …"


def _moment(value: str) -> str:
    """A moment of the database (UTC) as people in Vietnam write it."""
    local = datetime.datetime.fromisoformat(value) + datetime.timedelta(hours=7)
    return f"{local:%H:%M %d/%m/%Y}"


def build(desk: Desk) -> None:
    """Register the dashboard."""

    @ui.page("/dashboard", response_timeout=PAGE_SECONDS)
    async def dashboard(agency: str = "") -> None:
        await Dashboard(desk, agency or None).build()
