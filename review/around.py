"""What waits between a letter and others: likely links, what it says of their tasks, what they say of its own.

On the letter's page as one line; all of it in a dialog, in the form in which the dashboard shows proposals.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from nicegui import ui

from pipeline import mentions, proposals
from pipeline.errors import GiaoviecError
from pipeline.mentions import Waiting
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import answered, problem
from review.offer import OFFER_STYLE, group_of, take_back
from review.settle_list import SETTLE_STYLE, Group, Row, SettleList
from review.words import Say

MOST_LETTERS = 20
MOST_LINKS = 60
_VERDICTS = {"proposed": "confirmed", "refused": "refused"}
_KEYS = ("j", "k", "[", "]", "t", "y", "w", "v", "u")
_PRESSED = """(event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const key = event.key.length > 1 ? event.key : event.key.toLowerCase();
    if (!%s.includes(key)) return;
    event.preventDefault();
    emit(key);
}"""


class Around:
    """What waits around one letter; its line is laid out where it is made."""

    def __init__(self, desk: Desk, letter_id: str, changed: Callable[[], Awaitable[None]]) -> None:
        self._desk = desk
        self._id = letter_id
        self._changed = changed
        self._say = words()
        self._links: list[Waiting] = []
        self._offers: list[list[dict[str, Any]]] = []
        self._dialog: ui.dialog | None = None
        self._list = SettleList(self._settled)
        ui.add_css(OFFER_STYLE + SETTLE_STYLE)
        self._line = ui.row().classes("notice around items-center no-wrap")
        self._line.set_visibility(False)

    async def load(self, links: list[Waiting]) -> None:
        """Say what waits, with links known before: in a large register what letters say takes a moment to find."""
        self._links = links
        self._tell()
        self._offers = await self._desk.ask(proposals.around, self._desk.register, self._id, MOST_LETTERS)
        self._tell()

    def open(self) -> None:
        """Show all that waits."""
        if not self._links and not self._offers:
            ui.notify(self._say("around.nothing"), type="info")
            return
        with ui.dialog(value=True) as self._dialog, ui.card().classes("wide around-dialog"):
            box = ui.element("div").classes("around-list proposals").props('tabindex="0" autofocus')
            keys = {**self._list.keys(), "u": self._undo}
            box.on(
                "keydown",
                lambda event: answered(keys[event.args])(),
                js_handler=_PRESSED % list(_KEYS),
            )
            with ui.row().classes("justify-between items-center w-full"):
                ui.label(self._say("around.keys")).classes("quiet")
                ui.button(self._say("close"), on_click=self._dialog.close).props("flat no-caps")
        self._box = box
        self._draw()
        self._dialog.on("show", lambda: ui.run_javascript(f'document.getElementById("{box.html_id}").focus()'))
        self._dialog.on("hide", self._gone)

    def _gone(self) -> None:
        if self._dialog is not None:
            self._list.hide()
            self._dialog.delete()
            self._dialog = None

    def _tell(self) -> None:
        """On the letter's page: how much of what waits."""
        say = self._say
        own = [rows for rows in self._offers if rows[0]["by_letter_id"] == self._id]
        others = [rows for rows in self._offers if rows[0]["by_letter_id"] != self._id]
        counts = (
            ("links", len(self._links)),
            ("says", sum(rows[0]["in_letter"] for rows in own)),
            ("told", others[0][0]["count"] if others else 0),
        )
        self._line.clear()
        self._line.set_visibility(any(count for _, count in counts))
        with self._line:
            ui.label(" · ".join(say(f"around.{code}", count=count) for code, count in counts if count))
            ui.space()
            with ui.button(on_click=self.open).props("flat dense no-caps size=sm"):
                ui.label(say("around.open"))
                ui.label("O").classes("key")

    def _draw(self) -> None:
        self._box.clear()
        groups = self._groups()
        with self._box:
            if groups:
                self._list.draw(groups)
            else:
                ui.label(self._say("around.nothing")).classes("empty")

    def _groups(self) -> list[Group]:
        links = groupby(self._links[:MOST_LINKS], key=lambda link: link.other.document_sha256)
        found = [self._link_group(list(of_letter)) for _, of_letter in links]
        return [*found, *(group_of(self._desk, rows, lambda _: None) for rows in self._offers)]

    def _link_group(self, links: list[Waiting]) -> Group:
        by_key = {" ".join(link.pair): link for link in links}
        first = links[0]
        counts = (("likely", len(links)), ("look", sum(not link.is_plain for link in links)))

        async def settle(rows: Sequence[Row], answer: str) -> bool:
            return await self._judge([by_key[row.key] for row in rows], _VERDICTS[answer])

        return Group(
            head=tuple(filter(None, (first.letter, said.day(first.issued_date), first.organ_name))),
            says=" · ".join(self._say(f"around.{code}", count=count) for code, count in counts if count),
            rows=[
                Row(key, partial(_show_link, self._say, link), f"/task/{link.other.task_id}", link.is_plain)
                for key, link in by_key.items()
            ],
            labels={answer: f"around.{verdict}" for answer, verdict in _VERDICTS.items()},
            settle=settle,
        )

    async def _judge(self, links: Sequence[Waiting], verdict: str) -> bool:
        if not allowed(self._desk, "review"):
            return False
        register, who, say = self._desk.register, session().name, self._say
        try:
            done = await self._desk.ask(mentions.judge_several, register, links, verdict, who)
        except GiaoviecError as error:
            problem(error)
            return error.code == "settled_already"
        ui.notify(say("around.judged", count=len(done["settled"])), type="positive", timeout=2500)
        if done["left"]:
            ui.notify(say("around.left", count=len(done["left"])), type="warning", timeout=8000)
        return True

    async def _undo(self) -> None:
        if await take_back(self._desk, ("state", "link")):
            await self._settled()

    async def _settled(self) -> None:
        """Everything is looked up anew: what is said of a link decides what its letters say of tasks."""
        await self._changed()
        if self._dialog is not None:
            with self._dialog:
                self._draw()
                ui.run_javascript(f'document.getElementById("{self._box.html_id}")?.focus()')


def waiting_by_task(links: Sequence[Waiting]) -> Counter[str]:
    """How many links of each task wait."""
    return Counter(link.mine.task_id for link in links)


def _show_link(say: Say, link: Waiting) -> None:
    """Both tasks, one above the other, and what speaks for and against their being one."""
    for item in (link.mine, link.other):
        values = item.values
        look = "text" if item is link.mine else "text other"
        text = ui.label(values["text"]).classes(look).tooltip(values["text"])
        text.on("click", lambda item=item: ui.navigate.to(f"/task/{item.task_id}"))
        ui.label(f"{said.value(values['lead'])}  ·  {said.value(values['deadline'])}").classes("quiet ellipsis")
    why = " · ".join(say(f"links.{code}") for code in link.reasons)
    ui.label(f"{said.percent(say, link.confidence)} · {why}").classes("doubt")
