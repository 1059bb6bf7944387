"""The files of one letter: itself, its annexes and other copies; attaching others to it, and taking them off."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal

from nicegui import ui

from pipeline import letter_acts
from pipeline.errors import GiaoviecError
from review.choice import Choice
from review.desk import Desk, allowed, session, words
from review.frame import answered, problem

MOST_OFFERED = 300

Relation = Literal["annex_of", "same_as"]

_FILES = """
SELECT d.*, r.kind AS relation FROM documents d LEFT JOIN letter_relations r
    ON r.document_sha256 = d.document_sha256 AND r.target_letter_id = d.letter_id
WHERE d.letter_id = ? ORDER BY relation IS NOT NULL, d.received_at
"""
_OTHERS = f"""
SELECT any_value(d.document_sha256), any_value(
    concat_ws(' · ', nullif(concat_ws('/', l.code_number, l.code_notation), ''), d.name))
FROM documents d LEFT JOIN letters l USING (letter_id)
WHERE d.status = 'extracted' AND d.letter_id <> ?
GROUP BY d.letter_id HAVING count(*) = 1 ORDER BY max(d.received_at) DESC LIMIT {MOST_OFFERED}
"""
_BY_NUMBER = """
SELECT letter_id FROM letters WHERE lower(concat_ws('/', code_number, code_notation)) = lower(?)
    AND letter_id <> ? ORDER BY issued_date DESC
"""


async def files(desk: Desk, letter_id: str) -> list[dict[str, Any]]:
    """The rows of a letter's files, its own first, each with its `relation` to the letter (None: its own)."""
    return await desk.rows(_FILES, [letter_id])


class LetterFiles:
    """The list of a letter's files, laid out where it is made; `changed` is called when they are others."""

    def __init__(self, desk: Desk, letter_id: str, changed: Callable[[], Awaitable[None]]) -> None:
        self._desk = desk
        self._id = letter_id
        self._changed = changed
        self._say = words()
        self._column = ui.column().classes("w-full gap-1")

    async def show(self, rows: list[dict[str, Any]]) -> None:
        """Show the rows of `files`, and what can be attached."""
        others = await self._desk.ask(self._desk.register.store.rows, _OTHERS, [self._id])
        self._column.clear()
        with self._column:
            for row in rows:
                self._file(row)
            if others:
                self._offer_others(dict(others))
            if len(rows) == 1:
                self._offer_number(rows[0]["document_sha256"])

    def _file(self, row: dict[str, Any]) -> None:
        say = self._say
        with ui.row().classes("no-wrap items-center w-full"):
            ui.label(say(f"relation_doc_{row['relation'] or 'main'}")).classes("state")
            ui.label(row["name"]).classes("grow ellipsis")
            ui.label(say("pages", pages=row["page_count"])).classes("quiet")
            if row["relation"]:
                ui.button(say("unlink"), on_click=answered(partial(self._unlink, row))).props("flat dense no-caps")

    def _offer_others(self, others: dict[str, str]) -> None:
        """Another file of the register becomes an annex or a copy of this letter."""
        say = self._say
        with ui.row().classes("no-wrap items-center w-full attach"):
            file = Choice(others, label=say("attach_file"), with_input=True, clearable=True).classes("grow")
            file.props("outlined dense options-dense")
            kind = self._kinds({kind: say(f"relation_doc_{kind}") for kind in ("annex_of", "same_as")})
            ui.button(say("link"), on_click=lambda: self._attach(file.value, kind.value)).props("flat no-caps")

    def _offer_number(self, document: str) -> None:
        """This file becomes an annex or a copy of another letter."""
        say = self._say
        with ui.row().classes("no-wrap items-center w-full"):
            target = ui.input(placeholder=say("link_placeholder")).classes("grow")
            target.props(f'outlined dense aria-label="{say("link_placeholder")}"')
            kind = self._kinds({"annex_of": say("link_annex"), "same_as": say("link_copy")})
            ui.button(say("link"), on_click=lambda: self._link(document, target.value, kind.value)).props(
                "flat no-caps"
            )

    def _kinds(self, kinds: dict[str, str]) -> ui.select:
        label = self._say("link")
        return ui.select(kinds, value="annex_of").props(f'outlined dense options-dense aria-label="{label}"')

    async def _attach(self, document: str | None, kind: Relation) -> None:
        if document is None:
            ui.notify(self._say("attach_none"), type="warning")
        elif await self._done(letter_acts.link, document, self._id, kind):
            ui.notify(self._say("saved"), type="positive", timeout=1500)
            await self._changed()

    async def _link(self, document: str, number: str | None, kind: Relation) -> None:
        rows = await self._desk.rows(_BY_NUMBER, [(number or "").strip(), self._id])
        if len(rows) != 1:
            ui.notify(self._say("link_not_found" if not rows else "link_ambiguous"), type="warning")
        elif await self._done(letter_acts.link, document, rows[0]["letter_id"], kind):
            ui.navigate.to(f"/letter/{rows[0]['letter_id']}")

    async def _unlink(self, row: dict[str, Any]) -> None:
        if await self._done(letter_acts.unlink, row["document_sha256"]):
            await self._changed()

    async def _done(self, act: Callable[..., Any], *arguments: Any) -> bool:
        """Do an act if the reviewer may; whether it was done."""
        if not allowed(self._desk, "arrival"):
            return False
        try:
            await self._desk.ask(act, self._desk.register, *arguments, session().name)
        except GiaoviecError as error:
            problem(error)
            return False
        return True
