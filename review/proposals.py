"""What later letters speak for, on the dashboard: letter by letter, taken or refused in one act after a look."""

from typing import Any

from nicegui import ui

from pipeline import proposals
from review.desk import Desk, words
from review.offer import OFFER_STYLE, group_of, take_back
from review.settle_list import SETTLE_STYLE, Group, SettleList

MOST_LETTERS = 8

KEYS = {
    "O": "dashboard.key_proposals",
    "J / K": "dashboard.key_proposal",
    "[ / ]": "dashboard.key_letter",
    "T": "dashboard.key_tick",
    "Y / W": "dashboard.key_settle",
    "V": "dashboard.key_source",
    "U": "dashboard.key_undo",
}


class Proposals:
    """The list of one reader. What he settled is left out until the published copy knows it."""

    _place: ui.column

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._settled: list[str] = []
        self._is_open = False
        self._letters: list[list[dict[str, Any]]] = []
        self._list = SettleList(self._fill)
        self._agency: str | None = None
        self._ours = False

    def keys(self) -> dict[str, Any]:
        """What its keys do."""
        return {"o": self.turn, **self._list.keys(), "u": self.undo}

    async def show(self, agency: str | None, ours: bool) -> None:
        """Fill the present place of the page; nothing where nothing is offered."""
        ui.add_css(OFFER_STYLE + SETTLE_STYLE)
        self._agency, self._ours = agency, ours
        self._place = ui.column().classes("proposals w-full no-wrap")
        await self._fill()

    def turn(self) -> None:
        """Show what is offered, or its number alone."""
        self._is_open = not self._is_open
        self._draw()

    async def undo(self) -> None:
        """Take back what was last said of states, all that was said in one act."""
        taken_back = await take_back(self._desk, ("state",))
        if taken_back:
            self._settled = [task_id for task_id in self._settled if task_id not in taken_back]
            await self._fill()

    async def _fill(self) -> None:
        path = self._desk.register.home.published
        self._letters = await self._desk.ask(
            proposals.offered, path, MOST_LETTERS, agency=self._agency, ours=self._ours, settled=self._settled
        )
        self._draw()

    def _draw(self) -> None:
        self._place.clear()
        self._list.hide()
        if not self._letters:
            return
        first = self._letters[0][0]
        with self._place:
            with ui.row().classes("heading items-center") as heading:
                ui.icon("expand_more" if self._is_open else "chevron_right")
                ui.label(self._say("dashboard.proposed", count=first["count"], letters=first["letters"]))
                ui.label("O").classes("key")
            heading.on("click", self.turn)
            if not self._is_open:
                return
            self._list.draw([self._group(rows) for rows in self._letters])
            if len(self._letters) < first["letters"]:
                more = self._say("dashboard.more_letters", count=first["letters"] - len(self._letters))
                ui.label(more).classes("quiet")

    def _group(self, rows: list[dict[str, Any]]) -> Group:
        def note(task_ids: list[str]) -> None:
            self._settled += task_ids

        return group_of(self._desk, rows, note)
