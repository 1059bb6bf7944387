"""The dashboard: who has how much to do, what is late and what comes; every chart filters the list under it."""

import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from pipeline import acceptance, task_state
from pipeline.acceptance import Standing
from pipeline.days import moment
from pipeline.errors import WrongUse
from pipeline.register import today
from review import charts, letters_in
from review import words as said
from review.day_field import day_field
from review.desk import PAGE_SECONDS, Desk, words
from review.figures import SOON_DAYS, Choice, figures
from review.frame import Keyboard, page_frame
from review.proposals import KEYS as PROPOSAL_KEYS
from review.proposals import Proposals
from review.state_dialog import STATES, StateDialog, ask_for_state
from review.state_line import standing

KEYS = {
    "P": "dashboard.key_print",
    "C": "key_ours",
    "A": "dashboard.key_agency",
    "D": "dashboard.key_list",
    "Esc": "dashboard.key_clear",
    "Tab": "dashboard.key_charts",
    "← →": "dashboard.key_points",
    "Enter": "dashboard.key_choose",
    "S": "dashboard.key_state",
    **PROPOSAL_KEYS,
}
_KEYBOARD = Keyboard(focus={"a": ".dashboard .agency input", "d": ".dashboard .rows tbody tr"})

_STYLE = """
.dashboard { padding: 12px 16px; gap: 12px; width: 100%; }
.dashboard .charts { display: grid; gap: 12px; width: 100%; }
.dashboard .charts { grid-template-columns: minmax(0, 12fr) minmax(0, 13fr) minmax(0, 9fr) minmax(0, 8fr); }
.dashboard .chart { height: 290px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.dashboard .timeline { height: auto; width: 100%; }
body.body--dark .dashboard .filters { --q-primary: #8ccbf0; }
.dashboard .chart text { fill: var(--ink); stroke: none; }
.dashboard .report-title { display: none; }
.dashboard .filters { padding: 0; }
.dashboard .count { min-width: 0; padding: 6px 12px; }
.dashboard .count.can { cursor: pointer; } .dashboard .count.can:hover { background: var(--chosen); }
.dashboard .count.on { box-shadow: inset 0 -3px 0 #1e88c7; }
.dashboard .rows .state-cell { cursor: pointer; white-space: nowrap; }
.dashboard .rows .state-cell:hover { text-decoration: underline; }
.dashboard .rows .number { color: #12648f; text-decoration: underline; }
body.body--dark .dashboard .rows .number { color: #86c5ec; }
.dashboard .rows .day { white-space: normal; min-width: 104px; max-width: 150px; }
.dashboard .day-field { width: 168px; } .dashboard .filters .choice { width: 280px; }
.dashboard :is(.chart, .count, .rows tr, .rows .number):focus-visible {
  outline: 2px solid #1e88c7; outline-offset: -2px;
}
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


class Dashboard:
    """The page of one reader."""

    _ours: ui.checkbox
    _newer: ui.button

    def __init__(self, desk: Desk, agency: str | None = None) -> None:
        self._desk = desk
        self._say = words()
        self._choice = Choice()
        self._choice.agency = agency
        self._proposals = Proposals(desk)
        self._state: StateDialog | None = None
        self._last: str | None = None
        self._asked = 0
        self._behind: ui.label | None = None
        self._copy = 0

    async def build(self) -> None:
        """Lay out filters, figures, charts and list."""
        say = self._say
        ui.add_css(_STYLE)
        keys = {
            "p": self._report,
            "c": lambda: self._ours.set_value(not self._ours.value),
            "Escape": self._clear,
            **self._proposals.keys(),
            **{str(n): partial(self._choose_state, n) for n in range(1, len(STATES) + 1)},
        }
        with (
            page_frame(self._desk, say("dashboard.title"), keys, KEYS, _KEYBOARD),
            ui.column().classes("dashboard no-wrap"),
        ):
            self._title = ui.label().classes("report-title")
            with ui.row().classes("filters items-center"):
                self._agency = ui.select([], label=say("agency"), with_input=True, clearable=True)
                self._agency.props("outlined dense options-dense").classes("choice agency")
                self._agency.on_value_change(lambda e: self._set("agency", e.value))
                for name in ("first", "last"):
                    day_field(say(f"dashboard.{name}"), partial(self._set, name))
                self._ours = ui.checkbox(say("ours_only"), on_change=lambda e: self._set("ours", e.value))
                self._clicked = ui.row()
                ui.space()
                ui.button(say("dashboard.print"), icon="print").props("flat no-caps").on_click(self._report)
            self._body = ui.column().classes("w-full no-wrap").style("gap: 12px")
        await self._show()
        ui.timer(3.0, self._tell_behind)

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
        self._asked += 1
        asked = self._asked
        self._copy = self._published()
        try:
            found = await self._desk.ask(figures, self._desk.register.home.published, choice, today())
            unseen = await self._desk.ask(acceptance.standing, self._desk.register)
        except WrongUse:
            self._body.clear()
            with self._body:
                ui.label(say("dashboard.nothing")).classes("empty")
            return
        if asked != self._asked:
            return  # something else was chosen meanwhile, and is shown
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
                    ui.chip(self._chip(name, value), removable=True, color="primary", text_color="white").on(
                        "remove", lambda name=name: self._set(name, None)
                    )
        self._body.clear()
        with self._body:
            self._counts(found, unseen)
            with ui.element("div").classes("charts"):
                shown, of_all = len(found["agencies"]), found["agencies_count"]
                some = "by_agency_some" if shown < of_all else "by_agency"
                bodies = say(f"dashboard.{some}", shown=shown, count=of_all)
                drawn = {
                    "agency": charts.bars(found["agencies"], bodies, say, self._agency_chosen, across=True),
                    "month": charts.bars(found["months"], say("dashboard.by_month"), say, self._month_chosen),
                    "standing": charts.ring(
                        found["standings"], say("dashboard.by_state"), say, self._standing_chosen
                    ),
                    "came": charts.bars(
                        found["letters"],
                        say("dashboard.letters"),
                        say,
                        self._came_chosen,
                        kinds=letters_in.FATES,
                        colours=letters_in.COLOURS,
                    ).classes("letters"),
                }
            if found["timeline"]:
                charts.timeline(found["timeline"], say("dashboard.timeline"), say, _open_task)
            await self._proposals.show(choice.agency, choice.ours)
            if asked != self._asked:
                return
            self._list(found)
            if self._last in drawn:
                # Drawn anew: who walks by keys stays where he was.
                ui.run_javascript(f"getHtmlElement({drawn[self._last].id})?.focus({{preventScroll: true}})")
        self._last = None

    def _chip(self, name: str, value: Any) -> str:
        """What was clicked, in words."""
        match name:
            case "standing":
                return self._say(f"dashboard.{value}")
            case "soon":
                return self._say("dashboard.soon", days=SOON_DAYS)
            case "came":
                return self._say("dashboard.came", month=charts.month(value))
            case _:
                return self._say("dashboard.due_in", month=charts.month(value))

    async def _agency_chosen(self, agency: str, standing: str | None) -> None:
        self._last, self._choice.standing = "agency", standing
        if self._agency.value == agency:
            await self._show()
        else:
            self._agency.set_value(agency)

    async def _month_chosen(self, month: str, standing: str | None) -> None:
        self._last, self._choice.standing = "month", standing
        self._choice.month = month
        await self._show()

    async def _standing_chosen(self, standing: str, _: str | None) -> None:
        self._last, self._choice.standing = "standing", standing
        await self._show()

    async def _came_chosen(self, month: str, fate: str | None) -> None:
        """The tasks of the letters of a month; what was set aside is on the page of files."""
        if fate in ("held", "quarantined"):
            ui.navigate.to("/files")
            return
        self._last, self._choice.came = "came", month
        await self._show()

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
            _figure(say("dashboard.percent", share=share), say("dashboard.unseen", accepted=unseen.accepted))
            error = unseen.observed_error
            known = say("dashboard.percent", share=error) if error is not None else say("dashboard.too_little")
            _figure(known, say("dashboard.observed_error", target=say("dashboard.percent", share=unseen.target)))
        values = {"missing": unseen.missing, "reviewed": unseen.reviewed, "wrong": unseen.wrong}
        note = say(f"dashboard.unseen_{unseen.state}", **values)
        published = moment(datetime.datetime.fromisoformat(found["published"]))
        with ui.row().classes("quiet items-center").style("gap: 4px"):
            ui.label(say("dashboard.published", moment=published))
            self._behind = ui.label().classes("doubt")
            self._newer = ui.button(say("dashboard.newer"), on_click=self._show).props(
                "flat dense no-caps size=sm"
            )
            ui.label(note)
        self._tell_behind()

    def _tell_behind(self) -> None:
        """Whether something was recorded that the figures shown do not count, or a newer copy counts it."""
        if self._behind is None or self._behind.is_deleted:
            return
        self._newer.set_visibility(self._published() != self._copy)
        self._behind.set_text(self._say("dashboard.behind") if self._desk.register.changed.is_set() else "")

    def _published(self) -> int:
        """Which copy is there: each is a file of its own."""
        path = self._desk.register.home.published
        return path.stat().st_mtime_ns if path.exists() else 0

    async def _ask_for_state(self, task_id: str, cell: ui.element) -> None:
        """Ask how far a task of the list is; its row says what was set, before the published copy knows it."""

        async def saved() -> None:
            now = await self._desk.ask(task_state.now, self._desk.register, task_id)
            cell.clear()
            with cell:
                ui.label(standing(self._say, now))

        self._state = await ask_for_state(self._desk, task_id, saved)

    def _choose_state(self, number: int) -> None:
        if self._state is not None and self._state.is_open:
            self._state.choose(number)

    def _list(self, found: dict[str, Any]) -> None:
        say = self._say
        with ui.element("table").classes("rows"):
            with ui.element("thead"), ui.element("tr"):
                for code in ("deadline", "task", "lead", "number", "state"):
                    with ui.element("th"):
                        ui.label(say("dashboard.state") if code == "state" else say(f"column_{code}"))
            with ui.element("tbody"):
                for row in found["tasks"]:
                    with ui.element("tr").props("tabindex=0") as line:
                        symbol = "/".join(part for part in (row["code_number"], row["code_notation"]) if part)
                        _cell(said.day(row["due"]) or row["deadline_text"] or "", "day")
                        words = _cell(row["text"], "task-cell")
                        if row["concerns_us"] not in ("no", "excluded"):
                            with words:
                                helps = row["our_role"] == "cooperates"
                                ours = say("csv.role_cooperates" if helps else f"concern_{row['concerns_us']}")
                                ui.label(ours).classes("concern concern-collective in-list")
                        _cell("; ".join(row["lead"]), "issuer")
                        number = _cell(symbol or row["document"], "number")
                        if row["assigned_in"]:
                            with number:
                                ui.label(say("dashboard.assigned_in", letter=row["assigned_in"])).classes("quiet")
                        letter = f"/letter/{row['letter_id']}"
                        number.props("tabindex=0 role=link")
                        for event in ("click.stop", "keydown.enter.stop"):
                            number.on(event, lambda letter=letter: ui.navigate.to(letter), args=[])
                        state = _cell(say(f"dashboard.{row['standing']}"), "state-cell")
                        ask = partial(self._ask_for_state, row["task_id"], state)
                        state.on("click.stop", ask, args=[])
                    line.on("keydown.s", ask, args=[])
                    for event in ("click", "keydown.enter"):
                        line.on(event, lambda task=row["task_id"]: _open_task(task), args=[])
        if len(found["tasks"]) < found["count"]:
            ui.label(say("list_more", shown=len(found["tasks"]), count=found["count"])).classes("quiet")


def _figure(number: int | str, label: str, act: Any = None) -> ui.element:
    """A figure with its label; a click does `act`."""
    with ui.element("div").classes("count" if act is None else "count can") as box:
        shown = words()("dashboard.amount", count=number) if isinstance(number, int) else number
        ui.label(shown).classes("number-large")
        ui.label(label).classes("quiet")
    if act is not None:
        box.props("tabindex=0 role=button").on("click", act, args=[]).on("keydown.enter", act, args=[])
    return box


def _open_task(task_id: str) -> None:
    ui.navigate.to(f"/task/{task_id}")


def _cell(text: str, look: str = "") -> ui.element:
    with ui.element("td").classes(look) as cell:
        ui.label(text)
    return cell


def build(desk: Desk) -> None:
    """Register the dashboard."""

    @ui.page("/dashboard", response_timeout=PAGE_SECONDS)
    async def dashboard(agency: str = "") -> None:
        await Dashboard(desk, agency or None).build()
