"""States that later letters speak for, on the dashboard: a person confirms each, or says that it is still open."""

from typing import Any

from nicegui import ui

from pipeline import tracking
from pipeline.errors import GiaoviecError
from pipeline.reports import silent
from pipeline.store import reading
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import problem

MOST_OFFERED = 8

_STYLE = """
.proposals { gap: 2px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.proposals { padding: 8px 12px; }
.proposals:empty { display: none; }
.proposals .heading { font-weight: 600; cursor: pointer; }
.proposal { width: 100%; gap: 8px; border-top: 1px solid var(--line); padding: 3px 0; }
.proposal .what { flex: 1; min-width: 0; gap: 0; cursor: pointer; }
.proposal .text { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 100%; }
.proposal .why { text-decoration: underline; }
@media print { .proposals { display: none !important; } }
"""

_PROPOSED = f"""
SELECT p.task_id, t.text, t.lead, p.proposed, p.because, p.by_date, p.by_letter_id, p.by_task_id,
    concat_ws('/', l.code_number, l.code_notation) AS by_letter, count(*) OVER () AS count
FROM proposed_states p
JOIN current_tasks t USING (task_id)
LEFT JOIN letters l ON l.letter_id = p.by_letter_id
WHERE t.is_counted AND (? IS NULL OR list_contains(t.lead, ?))
    AND (NOT ? OR t.concerns_us NOT IN ('no', 'excluded')) AND NOT list_contains(?::VARCHAR[], p.task_id)
ORDER BY t.concerns_us IN ('no', 'excluded'), p.by_date DESC NULLS LAST, p.task_id
LIMIT {MOST_OFFERED}
"""


def proposed(path: Any, agency: str | None, ours: bool, settled: list[str]) -> list[dict[str, Any]]:
    """The states offered for tasks of a body, ours first; `settled` tasks are left out.

    `count` says with each how many there are. Raises WrongUse where nothing was published yet.
    """
    with reading(path) as base:
        found = base.execute(_PROPOSED, [agency, agency, ours, settled])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class Proposals:
    """The list of one reader. What he settled is left out until the published copy knows it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._settled: list[str] = []
        self._is_open = False

    async def show(self, agency: str | None, ours: bool) -> None:
        """Fill the present place of the page; nothing where nothing is offered."""
        ui.add_css(_STYLE)
        place = ui.column().classes("proposals w-full no-wrap")
        await self._fill(place, agency, ours)

    async def _fill(self, place: ui.column, agency: str | None, ours: bool) -> None:
        rows = await self._desk.ask(proposed, self._desk.register.home.published, agency, ours, self._settled)
        place.clear()
        if not rows:
            return
        say = self._say
        with place:
            with ui.row().classes("heading items-center") as heading:
                ui.icon("expand_more" if self._is_open else "chevron_right")
                ui.label(say("dashboard.proposed", count=rows[0]["count"]))
            heading.on("click", lambda: self._turn(place, agency, ours))
            for row in rows if self._is_open else ():
                with ui.row().classes("proposal items-center no-wrap"):
                    with ui.column().classes("what no-wrap"):
                        task = ui.label(row["text"]).classes("text").tooltip(row["text"])
                        task.on("click", lambda row=row: ui.navigate.to(f"/task/{row['task_id']}"))
                        ui.label(self._why(row)).classes("quiet why").on(
                            "click", lambda row=row: _open_source(row)
                        )
                    for verdict in ("proposed", "refused"):
                        label = say(
                            f"dashboard.{'confirm' if verdict == 'proposed' else 'refuse'}_{row['proposed']}"
                        )
                        button = ui.button(label).props("flat dense no-caps size=sm")
                        button.on_click(
                            lambda row=row, verdict=verdict: self._settle(row, verdict, place, agency, ours)
                        )

    async def _turn(self, place: ui.column, agency: str | None, ours: bool) -> None:
        """Show what is offered, or its number alone."""
        self._is_open = not self._is_open
        await self._fill(place, agency, ours)

    def _why(self, row: dict[str, Any]) -> str:
        reason = self._say(f"dashboard.because_{row['because']}")
        return " · ".join(part for part in (reason, row["by_letter"], said.day(row["by_date"])) if part)

    async def _settle(
        self, row: dict[str, Any], verdict: str, place: ui.column, agency: str | None, ours: bool
    ) -> None:
        """Set the state offered, or that the task is open all the same; either is remembered."""
        if not allowed(self._desk, "review"):
            return
        who = session().name
        try:
            await self._desk.ask(_set_state, self._desk, row["task_id"], verdict, who)
        except GiaoviecError as error:
            problem(error)
        self._settled.append(row["task_id"])
        await self._fill(place, agency, ours)


def _set_state(desk: Desk, task_id: str, state: str, who: str) -> None:
    tracking.set_state(desk.register, silent, task_id=task_id, state=state, who=who)


def _open_source(row: dict[str, Any]) -> None:
    """Open the mention that says so, else the letter."""
    ui.navigate.to(f"/task/{row['by_task_id']}" if row["by_task_id"] else f"/letter/{row['by_letter_id']}")
