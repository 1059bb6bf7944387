"""What later letters speak for, on the dashboard: letter by letter, taken or refused in one act after a look."""

from collections import Counter
from functools import partial
from typing import Any

from nicegui import ui

from pipeline import proposals, undoing
from pipeline.errors import GiaoviecError
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import problem
from review.offer import OFFER_STYLE, open_source, settle, show_what, show_words

MOST_LETTERS = 8

_STYLE = (
    OFFER_STYLE
    + """
.proposals { gap: 2px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.proposals { padding: 8px 12px; }
.proposals:empty { display: none; }
.proposals .heading { font-weight: 600; cursor: pointer; }
.proposals .speaker { width: 100%; gap: 10px; border-top: 1px solid var(--line); padding: 5px 6px; }
.proposals .speaker:not(.open) { cursor: pointer; }
.proposals .speaker.open { background: var(--ground); position: sticky; top: 0; z-index: 1; }
.proposals .speaker .organ { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.proposal { width: 100%; gap: 8px; border-top: 1px solid var(--line); padding: 4px 6px; }
.proposal.again { border-top-style: dotted; padding-left: 30px; }
.proposal.chosen { background: var(--chosen); box-shadow: inset 3px 0 0 #1e88c7; }
.proposal .what { flex: 1; min-width: 0; gap: 1px; }
.proposal .text { cursor: pointer; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 100%; }
.proposal.again .text { color: var(--quiet); font-size: 12.5px; }
.proposal .where { white-space: nowrap; }
@media print { .proposals { display: none !important; } }
"""
)

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

    _heads: list[ui.element]
    _place: ui.column

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._settled: list[str] = []
        self._unticked: set[str] = set()
        self._is_open = False
        self._letters: list[list[dict[str, Any]]] = []
        self._letter = self._row = 0
        self._lines: list[ui.row] = []
        self._boxes: list[ui.checkbox] = []
        self._buttons: dict[str, ui.label] = {}
        self._agency: str | None = None
        self._ours = False

    def keys(self) -> dict[str, Any]:
        """What its keys do."""
        return {
            "o": self.turn,
            "j": lambda: self._step(1),
            "k": lambda: self._step(-1),
            "[": lambda: self._show_letter(self._letter - 1),
            "]": lambda: self._show_letter(self._letter + 1),
            "t": self._tick,
            "y": lambda: self._settle("proposed"),
            "w": lambda: self._settle("refused"),
            "v": lambda: open_source(self._now()),
            "u": self.undo,
        }

    async def show(self, agency: str | None, ours: bool) -> None:
        """Fill the present place of the page; nothing where nothing is offered."""
        ui.add_css(_STYLE)
        self._agency, self._ours = agency, ours
        self._place = ui.column().classes("proposals w-full no-wrap")
        await self._fill()

    def turn(self) -> None:
        """Show what is offered, or its number alone."""
        self._is_open = not self._is_open
        self._draw()

    async def undo(self) -> None:
        """Take back what was last said of states, all that was said in one act."""
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
        self._settled = [task_id for task_id in self._settled if task_id not in last["task_ids"]]
        ui.notify(self._say("dashboard.unsettled", count=len(last["task_ids"])), type="positive")
        await self._fill()

    async def _fill(self) -> None:
        path = self._desk.register.home.published
        self._letters = await self._desk.ask(
            proposals.offered, path, MOST_LETTERS, agency=self._agency, ours=self._ours, settled=self._settled
        )
        self._letter, self._row = min(self._letter, max(len(self._letters) - 1, 0)), 0
        self._draw()

    # Drawing

    def _draw(self) -> None:
        self._place.clear()
        self._lines, self._boxes, self._heads = [], [], []
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
            for n, rows in enumerate(self._letters):
                self._head(n, rows)
                if n == self._letter:
                    self._rows(rows)
            if len(self._letters) < first["letters"]:
                more = self._say("dashboard.more_letters", count=first["letters"] - len(self._letters))
                ui.label(more).classes("quiet")

    def _head(self, n: int, rows: list[dict[str, Any]]) -> None:
        """A letter that speaks for states: who issued it, when, and for what; the chosen one with its buttons."""
        say, first, is_open = self._say, rows[0], n == self._letter
        with ui.row().classes("speaker items-center no-wrap" + (" open" if is_open else "")) as head:
            if is_open:
                self._all = ui.checkbox(value=True, on_change=self._tick_all).props("dense size=sm")
                self._all.tooltip(say("dashboard.tick_all"))
            ui.label(first["by_letter"] or "–").classes("field-name")
            for part in (said.day(first["by_date"]), first["by_organ"]):
                ui.label(part or "").classes("quiet organ")
            kinds = Counter(row["proposed"] for row in rows)
            ui.label(" · ".join(say(f"dashboard.speaks_{kind}", count=kinds[kind]) for kind in kinds))
            ui.space()
            if is_open:
                for answer, key in (("proposed", "Y"), ("refused", "W")):
                    with ui.button().props("flat dense no-caps size=sm") as button:
                        self._buttons[answer] = ui.label()
                        ui.label(key).classes("key")
                    button.on("click.stop", partial(self._settle, answer))
        if not is_open:
            head.on("click", lambda: self._show_letter(n))
        self._heads.append(head)

    def _rows(self, rows: list[dict[str, Any]]) -> None:
        """What the chosen letter says, task by task; other mentions of a task stand under the first."""
        for n, row in enumerate(rows):
            self._offer(n, row, is_again=n > 0 and rows[n - 1]["task"] == row["task"])
        if len(rows) < rows[0]["in_letter"]:
            more = self._say("tracking.more_offers", count=rows[0]["in_letter"] - len(rows))
            ui.label(more).classes("quiet")
        self._ticked_now()

    def _offer(self, n: int, row: dict[str, Any], *, is_again: bool) -> None:
        look = "proposal items-center no-wrap" + (" again" if is_again else "")
        with ui.row().classes(look + (" chosen" if n == self._row else "")) as line:
            box = ui.checkbox(value=row["task_id"] not in self._unticked).props("dense size=sm")
            box.on_value_change(lambda: self._ticked_now())
            with ui.column().classes("what no-wrap"):
                task = ui.label(row["text"]).classes("text").tooltip(row["text"])
                task.on("click", lambda: ui.navigate.to(f"/task/{row['task_id']}"))
                with ui.row().classes("offer items-center"):
                    where = " · ".join(filter(None, (row["letter"], said.day(row["issued_date"]))))
                    ui.label(where).classes("where")
                    if not is_again:
                        lead = "; ".join(row["lead"])
                        ui.label(lead).classes("quiet lead").tooltip(lead)
                    show_what(self._say, row)
                if not is_again and row["by_words"] != row["text"]:
                    show_words(row)
        self._lines.append(line)
        self._boxes.append(box)

    # Choosing

    def _now(self) -> dict[str, Any] | None:
        return self._letters[self._letter][self._row] if self._is_open and self._letters else None

    def _step(self, step: int) -> None:
        """To the next row or the one before, over the end of a letter into the next."""
        if self._now() is None:
            return
        row = self._row + step
        if not 0 <= row < len(self._lines):
            self._show_letter(self._letter + step, last=step < 0)
            return
        self._lines[self._row].classes(remove="chosen")
        self._row = row
        self._point()

    def _show_letter(self, n: int, *, last: bool = False) -> None:
        """Choose a letter, and its first row (or its last)."""
        if not self._is_open or not 0 <= n < len(self._letters):
            return
        self._letter, self._row = n, len(self._letters[n]) - 1 if last else 0
        self._draw()
        self._point()

    def _point(self) -> None:
        line = self._lines[self._row].classes("chosen")
        ui.run_javascript(f"getHtmlElement({line.id})?.scrollIntoView({{block: 'nearest'}})")

    def _tick(self) -> None:
        """Take the chosen row out of what is settled, or in; with the first of a task all its mentions."""
        now = self._now()
        if now is None:
            return
        rows, value = self._letters[self._letter], not self._boxes[self._row].value
        is_first = self._row == 0 or rows[self._row - 1]["task"] != now["task"]
        for n, row in enumerate(rows):
            if n == self._row or (is_first and row["task"] == now["task"]):
                self._boxes[n].set_value(value)

    def _tick_all(self, event: Any) -> None:
        for box in self._boxes:
            box.set_value(event.value)

    def _ticked_now(self) -> None:
        """Say on the buttons how many rows are ticked."""
        for row, box in zip(self._letters[self._letter], self._boxes, strict=True):
            (self._unticked.discard if box.value else self._unticked.add)(row["task_id"])
        count = sum(box.value for box in self._boxes)
        for answer, label in self._buttons.items():
            label.set_text(self._say(f"dashboard.answer_{answer}", count=count))

    async def _settle(self, answer: str) -> None:
        """Take what the chosen letter says of the ticked rows, or refuse it; either is remembered."""
        if self._now() is None:
            return
        ticked = [row for row in self._letters[self._letter] if row["task_id"] not in self._unticked]
        if not ticked:
            ui.notify(self._say("dashboard.none_ticked"), type="info")
            return
        settled = await settle(self._desk, ticked, answer)
        if settled is not None:
            self._settled += settled
            await self._fill()
