"""What waits for a word, letter by letter: ticked rows of one letter are answered in one act, by keys or mouse."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from nicegui import ui

from review.desk import words

SETTLE_STYLE = """
.proposals { gap: 2px; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
.proposals { padding: 8px 12px; }
.proposals:empty { display: none; }
.proposals .heading { font-weight: 600; cursor: pointer; }
.proposals .speaker { width: 100%; gap: 10px; border-top: 1px solid var(--line); padding: 5px 6px; }
.proposals .speaker:not(.open) { cursor: pointer; }
.proposals .speaker:not(.open):hover { background: color-mix(in srgb, var(--chosen) 45%, transparent); }
.proposals .speaker.open { background: var(--ground); position: sticky; top: 0; z-index: 1; }
.proposals .speaker .organ { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.proposals .speaker .q-btn__content { flex-wrap: nowrap; white-space: nowrap; }
.proposals .speaker .field-name, .proposals .speaker .says { white-space: nowrap; }
.proposal { width: 100%; gap: 8px; border-top: 1px solid var(--line); padding: 4px 6px; }
.proposal.chosen { background: var(--chosen); box-shadow: inset 3px 0 0 #1e88c7; }
.proposal .what { flex: 1; min-width: 0; gap: 1px; }
.proposal .text { cursor: pointer; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 100%; }
.proposal .text:hover { text-decoration: underline; }
.proposal .where { white-space: nowrap; }
@media print { .proposals { display: none !important; } }
"""

ANSWERS = {"proposed": "Y", "refused": "W"}
"""What may be said of the ticked rows, and its key."""


class Row(NamedTuple):
    """One thing to say yes or no to: `key` tells it apart, `draw` lays it out, `source` is where it is read.

    What is not `is_plain` is ticked by hand, after a look.
    """

    key: str
    draw: Callable[[], None]
    source: str | None
    is_plain: bool = True


class Group(NamedTuple):
    """What one letter has: under its `head` (number, day, issuer) and what it `says` its rows.

    `labels`: answer → code of the button's words, with the `count` ticked; `settle` records an answer for rows and
    tells whether anything changed; `more`: what is said where not all rows are shown.
    """

    head: tuple[str, ...]
    says: str
    rows: Sequence[Row]
    labels: dict[str, str]
    settle: Callable[[Sequence[Row], str], Awaitable[bool]]
    more: str | None = None


class SettleList:
    """The groups, the chosen one open; laid out where `draw` is called. `changed` is called after an answer."""

    def __init__(self, changed: Callable[[], Awaitable[None]]) -> None:
        self._changed = changed
        self._say = words()
        self._groups: Sequence[Group] = ()
        self._unticked: set[str] = set()
        self._known: set[str] = set()
        self._group = self._row = 0
        self._lines: list[ui.row] = []
        self._boxes: list[ui.checkbox] = []
        self._buttons: dict[str, ui.label] = {}
        self._is_busy = False
        self._place: ui.column | None = None

    def keys(self) -> dict[str, Callable[[], Any]]:
        """What its keys do."""
        return {
            "j": lambda: self._step(1),
            "k": lambda: self._step(-1),
            "[": lambda: self._show_group(self._group - 1),
            "]": lambda: self._show_group(self._group + 1),
            "t": self._tick,
            "y": lambda: self._settle("proposed"),
            "w": lambda: self._settle("refused"),
            "v": self._open_source,
        }

    def draw(self, groups: Sequence[Group]) -> None:
        """Lay the groups out; the place in them is kept as far as it can be."""
        self._groups = groups
        new = [row for group in groups for row in group.rows if row.key not in self._known]
        self._known.update(row.key for row in new)
        self._unticked.update(row.key for row in new if not row.is_plain)
        self._group, self._row = min(self._group, max(len(groups) - 1, 0)), 0
        self._place = ui.column().classes("w-full no-wrap gap-0")
        self._fill()

    def hide(self) -> None:
        """Take the list away: its keys do nothing until it is drawn again."""
        self._place = None

    def _fill(self) -> None:
        assert self._place is not None
        self._place.clear()
        self._lines, self._boxes = [], []
        with self._place:
            for n, group in enumerate(self._groups):
                self._head(n, group)
                if n != self._group:
                    continue
                for row_number, row in enumerate(group.rows):
                    self._line(row_number, row)
                if group.more:
                    ui.label(group.more).classes("quiet")
        if self._groups:
            self._ticked_now()

    def _head(self, n: int, group: Group) -> None:
        """Who says it, when, and what; the chosen one with its buttons."""
        say, is_open = self._say, n == self._group
        name, *more = group.head
        with ui.row().classes("speaker items-center no-wrap" + (" open" if is_open else "")) as head:
            if is_open:
                is_all = not any(row.key in self._unticked for row in group.rows)
                box = ui.checkbox(value=is_all, on_change=self._tick_all).props("dense size=sm")
                box.props(f'aria-label="{say("dashboard.tick_all")}"').tooltip(say("dashboard.tick_all"))
            ui.label(name).classes("field-name")
            for part in more:
                ui.label(part).classes("quiet organ")
            ui.label(group.says).classes("says")
            ui.space()
            if is_open:
                for answer, key in ANSWERS.items():
                    with ui.button().props("flat dense no-caps size=sm") as button:
                        self._buttons[answer] = ui.label()
                        ui.label(key).classes("key")
                    button.on("click.stop", partial(self._settle, answer))
        if not is_open:
            head.on("click", lambda: self._show_group(n))

    def _line(self, n: int, row: Row) -> None:
        look = "proposal items-center no-wrap" + (" chosen" if n == self._row else "")
        with ui.row().classes(look) as line:
            box = ui.checkbox(value=row.key not in self._unticked).props("dense size=sm")
            box.props(f'aria-label="{self._say("dashboard.tick")}"')
            box.on_value_change(lambda: self._ticked_now())
            with ui.column().classes("what no-wrap"):
                row.draw()
        self._lines.append(line)
        self._boxes.append(box)

    # Choosing

    def _now(self) -> Row | None:
        return self._groups[self._group].rows[self._row] if self._place is not None and self._groups else None

    def _open_source(self) -> None:
        now = self._now()
        if now is not None and now.source:
            ui.navigate.to(now.source)

    def _step(self, step: int) -> None:
        """To the next row or the one before, over the end of a group into the next."""
        if self._now() is None:
            return
        row = self._row + step
        if not 0 <= row < len(self._lines):
            self._show_group(self._group + step, last=step < 0)
            return
        self._lines[self._row].classes(remove="chosen")
        self._row = row
        self._point()

    def _show_group(self, n: int, *, last: bool = False) -> None:
        """Choose a group, and its first row (or its last)."""
        if self._place is None or not 0 <= n < len(self._groups):
            return
        self._group, self._row = n, len(self._groups[n].rows) - 1 if last else 0
        self._fill()
        self._point()

    def _point(self) -> None:
        line = self._lines[self._row].classes("chosen")
        ui.run_javascript(f"getHtmlElement({line.id})?.scrollIntoView({{block: 'nearest'}})")

    def _tick(self) -> None:
        """Take the chosen row out of what is settled, or in."""
        if self._now() is not None:
            self._boxes[self._row].set_value(not self._boxes[self._row].value)

    def _tick_all(self, event: Any) -> None:
        for box in self._boxes:
            box.set_value(event.value)

    def _ticked_now(self) -> None:
        """Say on the buttons how many rows are ticked."""
        group = self._groups[self._group]
        for row, box in zip(group.rows, self._boxes, strict=True):
            (self._unticked.discard if box.value else self._unticked.add)(row.key)
        count = sum(box.value for box in self._boxes)
        for answer, label in self._buttons.items():
            label.set_text(self._say(group.labels[answer], count=count))

    async def _settle(self, answer: str) -> None:
        """Answer the ticked rows of the chosen group; what is pressed meanwhile is for rows nobody has seen."""
        if self._now() is None or self._is_busy:
            return
        group = self._groups[self._group]
        ticked = [row for row in group.rows if row.key not in self._unticked]
        if not ticked:
            ui.notify(self._say("dashboard.none_ticked"), type="info")
            return
        self._is_busy = True
        try:
            if await group.settle(ticked, answer):
                await self._changed()
        finally:
            self._is_busy = False
