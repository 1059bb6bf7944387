"""What later letters speak for, on the dashboard: states and new deadlines, to take or to refuse."""

from typing import Any

from nicegui import ui

from pipeline import proposals, undoing
from pipeline.errors import GiaoviecError
from review.desk import Desk, allowed, session, words
from review.frame import problem
from review.offer import OFFER_STYLE, open_source, settle, show_offer

MOST_OFFERED = 8

_STYLE = (
    OFFER_STYLE
    + """
.proposals { gap: 2px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.proposals { padding: 8px 12px; }
.proposals:empty { display: none; }
.proposals .heading { font-weight: 600; cursor: pointer; }
.proposal { width: 100%; gap: 8px; border-top: 1px solid var(--line); padding: 4px 6px; }
.proposal.chosen { background: var(--chosen); box-shadow: inset 3px 0 0 #1e88c7; }
.proposal .what { flex: 1; min-width: 0; gap: 1px; }
.proposal .text { cursor: pointer; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 100%; }
@media print { .proposals { display: none !important; } }
"""
)

KEYS = {
    "O": "dashboard.key_proposals",
    "J / K": "dashboard.key_proposal",
    "Y / W": "dashboard.key_settle",
    "V": "dashboard.key_source",
    "U": "dashboard.key_undo",
}


class Proposals:
    """The list of one reader. What he settled is left out until the published copy knows it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._settled: list[str] = []
        self._is_open = False
        self._rows: list[dict[str, Any]] = []
        self._chosen = 0
        self._agency: str | None = None
        self._ours = False
        self._place: ui.column | None = None

    def keys(self) -> dict[str, Any]:
        """What its keys do."""
        return {
            "o": self.turn,
            "j": lambda: self._choose(1),
            "k": lambda: self._choose(-1),
            "y": lambda: self._settle(self._now(), "proposed"),
            "w": lambda: self._settle(self._now(), "refused"),
            "v": lambda: open_source(self._now()),
            "u": self.undo,
        }

    async def show(self, agency: str | None, ours: bool) -> None:
        """Fill the present place of the page; nothing where nothing is offered."""
        ui.add_css(_STYLE)
        self._agency, self._ours = agency, ours
        self._place = ui.column().classes("proposals w-full no-wrap")
        await self._fill()

    async def turn(self) -> None:
        """Show what is offered, or its number alone."""
        self._is_open = not self._is_open
        await self._fill()

    async def undo(self) -> None:
        """Take back what was last said of a state."""
        if not allowed(self._desk, "review"):
            return
        register, who = self._desk.register, session().name
        last = await self._desk.ask(undoing.last, register, who)
        if last is None or last["kind"] != "state":
            ui.notify(self._say("nothing_to_undo"), type="info")
            return
        try:
            await self._desk.ask(undoing.undo, register, last["seq"], who)
        except GiaoviecError as error:
            problem(error)
            return
        self._settled = [task_id for task_id in self._settled if task_id != last["task_id"]]
        ui.notify(self._say("undone"), type="positive")
        await self._fill()

    async def _fill(self) -> None:
        place = self._place
        if place is None:
            return
        path = self._desk.register.home.published
        self._rows = await self._desk.ask(
            proposals.offered, path, self._agency, self._ours, self._settled, MOST_OFFERED
        )
        self._chosen = min(self._chosen, max(len(self._rows) - 1, 0))
        place.clear()
        if not self._rows:
            return
        with place:
            with ui.row().classes("heading items-center") as heading:
                ui.icon("expand_more" if self._is_open else "chevron_right")
                ui.label(self._say("dashboard.proposed", count=self._rows[0]["count"]))
                ui.label("O").classes("key")
            heading.on("click", self.turn)
            for n, row in enumerate(self._rows if self._is_open else ()):
                self._offer(row, is_chosen=n == self._chosen)

    def _offer(self, row: dict[str, Any], *, is_chosen: bool) -> None:
        with ui.row().classes("proposal items-center no-wrap" + (" chosen" if is_chosen else "")):
            with ui.column().classes("what no-wrap"):
                task = ui.label(row["text"]).classes("text").tooltip(row["text"])
                task.on("click", lambda: ui.navigate.to(f"/task/{row['task_id']}"))
                show_offer(self._say, row, lead="; ".join(row["lead"]))
            for verdict, key in (("proposed", "Y"), ("refused", "W")):
                label = self._say(f"dashboard.{'confirm' if key == 'Y' else 'refuse'}_{row['proposed']}")
                with ui.button().props("flat dense no-caps size=sm") as button:
                    ui.label(label)
                    if is_chosen:
                        ui.label(key).classes("key")
                button.on_click(lambda verdict=verdict: self._settle(row, verdict))

    def _now(self) -> dict[str, Any] | None:
        return self._rows[self._chosen] if self._is_open and self._rows else None

    async def _choose(self, step: int) -> None:
        if self._now() is not None:
            self._chosen = min(max(self._chosen + step, 0), len(self._rows) - 1)
            await self._fill()

    async def _settle(self, row: dict[str, Any] | None, verdict: str) -> None:
        """Take what is offered, or refuse it; either is remembered."""
        if row is not None and await settle(self._desk, row["task_id"], verdict):
            self._settled.append(row["task_id"])
            await self._fill()
