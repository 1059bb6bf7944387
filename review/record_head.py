"""What stands above the fields of a record: its letter, whether it concerns us, how it stands, who else has it."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from pipeline.review_items import Item
from review import words as said
from review.desk import words
from review.fields import grade


class RecordHead:
    """The head of the records of a page, one after another; `history` is done when their history is asked for."""

    def __init__(self, history: Callable[[], Any]) -> None:
        self._say = words()
        self._history = history
        self._column = ui.column().classes("record-head no-wrap")

    def show(self, item: Item, letter: dict[str, Any]) -> None:
        """Show a record's head; `letter` is the row of its letter."""
        self._column.clear()
        self._column.props(f"data-record={item.task_id}")
        with self._column:
            with ui.row().classes("items-center no-wrap w-full"):
                self._letter(item, letter)
                ui.space()
                self._standing(item)
            subject = letter["subject"] or letter["document"]
            ui.label(subject).classes("subject ellipsis").tooltip(subject)
            if item.section:
                ui.label(" › ".join(item.section)).classes("quiet section")
            self._leased = ui.label().classes("notice leased")
            self._leased.set_visibility(False)
            for field in item.conflicts:
                self._conflict(item, field)

    def leave(self, words: str) -> None:
        """Say how much is left to do."""
        self._left.set_text(words)

    def held_by(self, who: str | None) -> None:
        """Say who else is at the record, if anybody."""
        self._leased.set_text(self._say("leased_by", who=who) if who else "")
        self._leased.set_visibility(who is not None)

    def _letter(self, item: Item, letter: dict[str, Any]) -> None:
        number = "/".join(filter(None, (letter["code_number"], letter["code_notation"])))
        ui.link(number or letter["document"], f"/letter/{letter['letter_id']}").classes("letter-link")
        ui.label(said.day(letter["issued_date"])).classes("quiet")
        if letter["urgency"]:
            ui.label(letter["urgency"]).classes("urgent")
        ui.label(self._say(f"concern_{item.concerns_us}")).classes(f"concern concern-{item.concerns_us}")

    def _standing(self, item: Item) -> None:
        say = self._say
        self._left = ui.label().classes("quiet left")
        if item.review != "open":
            ui.label(say(f"status_{item.review}")).classes(f"status status-{item.review}")
        ui.button(icon="history", on_click=self._history).props(
            f'flat dense round size=sm aria-label="{say("key_history")}"'
        ).tooltip(f"{say('key_history')} (I)")
        sure = item.confidence["overall"]
        ui.label(said.percent(say, sure)).classes(f"sure sure-{grade(sure)}").tooltip(say("overall"))

    def _conflict(self, item: Item, field: str) -> None:
        read = said.value(item.machine[field])
        ui.label(
            self._say("conflict", field=self._say(f"field_{field}"), who=item.corrected[field], value=read)
        ).classes("notice")
