"""The fields of one record: shown with what makes them doubtful, edited, and what of them was changed."""

import json
from collections.abc import Callable
from typing import Any

from nicegui import ui

from extractors.agencies import AgencyContext, read_cell
from extractors.confidence import doubts as doubtful_names
from pipeline.review_items import Item
from review import words as said
from review.day_field import names_of_days
from review.desk import Desk, session, words
from review.fields import BodiesField, TypedDeadline, field_row, meaning_of, text_input
from review.marking import Selection


class RecordForm:
    """The fields of one record, laid out where it is made; made anew for every record that is shown.

    Who may not review can read them only.

    `letter` is the row of the record's letter, which deadlines are read against.
    """

    def __init__(self, desk: Desk, item: Item, letter: dict[str, Any]) -> None:
        self._desk = desk
        self._item = item
        self._letter = letter
        self._say = words()
        self._inputs: dict[str, Any] = {}
        self._heads: dict[str, ui.row] = {}
        self._deadline: dict[str, Any] = item.values["deadline"]
        self._entry = TypedDeadline(desk)
        self.marked: list[dict[str, Any]] | None = None
        """The record's places, as far as they were marked anew; None where none was."""
        self._is_noted: bool | None = None
        self._is_fixed = not desk.door.may(session(), "review")
        self._lay_out()
        self._read_deadline_text(self._deadline)
        for entry in self._inputs.values():
            entry.on_value_change(self._note)
            if self._is_fixed:
                entry.props("readonly")
        self._note()

    @property
    def text(self) -> str:
        """The words of the task as they stand in their field."""
        return str(self._inputs["text"].value or "")

    @property
    def places(self) -> list[dict[str, Any]]:
        """Where the record's values stand, with what was marked anew."""
        places: list[dict[str, Any]] = self._item.values["places"]
        return places if self.marked is None else self.marked

    # What is changed

    @property
    def is_changed(self) -> bool:
        """Whether anything would be lost if the record were left now."""
        return self.marked is not None or bool(self.changed())

    def changed(self) -> dict[str, Any]:
        """What the fields hold now; only what the reviewer changed."""
        seen = self._item.values
        values: dict[str, Any] = {
            "text": self._inputs["text"].value,
            "lead": list(self._inputs["lead"].value or []),
            "coop": list(self._inputs["coop"].value or []),
            "office_due_date": self._inputs["office_due_date"].value or None,
            "result": self._inputs["result"].value or None,
            "source_doc": self._inputs["source_doc"].value or None,
            "modality": self._inputs["modality"].value,
        }
        if (self._inputs["deadline"].value or "") != _shown(seen["deadline"]):
            values["deadline"] = self._deadline
        if values["office_due_date"] == said.day(seen["office_due_date"]):
            del values["office_due_date"]
        return {field: value for field, value in values.items() if value != seen[field]}

    async def checked(self) -> dict[str, Any]:
        """The changed values; a deadline that is typed but not understood is taken when it is insisted on."""
        values = self.changed()
        if "deadline" in values:
            values["deadline"] = await self._entry.read(self._inputs["deadline"].value, self._letter)
        return values

    def kept(self, item: Item) -> None:
        """Count changes from here: what was changed so far has been saved, and made the record this."""
        self._item, self.marked = item, None
        self._note()

    def _note(self) -> None:
        """Have the browser ask before it leaves what is not saved (page.js)."""
        if self.is_changed != self._is_noted:
            self._is_noted = self.is_changed
            ui.run_javascript(f"isUnsaved = {json.dumps(self._is_noted)}")

    # Changing

    def turn_modality(self) -> None:
        """From assigned to proposed, and back."""
        if self._is_fixed:
            return
        toggle = self._inputs["modality"]
        toggle.set_value("proposed" if toggle.value == "assigned" else "assigned")

    def point_to(self, field: str, page: int, look: Callable[[], Any]) -> None:
        """Say that a field's value is handed down from another page; `look` shows it there."""
        with self._heads[field], ui.button(on_click=look).props("flat dense no-caps size=sm") as pointer:
            ui.label(self._say("from_page", page=page))
        pointer.move(target_index=3)

    def take(self, field: str, found: Selection) -> None:
        """Take what was marked on the page for a field; bodies are added to those that stand there."""
        entry = self._inputs[field]
        if field in ("lead", "coop"):
            names = [m.name for m in read_cell(found.text, AgencyContext(on=self._letter["issued_date"]))]
            entry.set_value(list(dict.fromkeys([*(entry.value or []), *(names or [found.text])])))
        else:
            entry.set_value(found.text)
        kept = [p for p in self.places if p["field"] != field]
        self.marked = [*kept, *({**place, "field": field} for place in found.places)]
        if field == "text":
            self.marked.sort(key=lambda place: place["field"] != "text")
        self._note()

    # Laying out

    def _lay_out(self) -> None:
        say, item, values = self._say, self._item, self._item.values
        by = item.corrected.get
        doubts = _doubts(say, item)

        def row(field: str, key: str, confidence: float | None = None) -> Any:
            return field_row(say, field, key, confidence=confidence, reasons=doubts.get(field), by=by(field))

        with row("text", "T", item.confidence["text"]):
            self._inputs["text"] = ui.textarea(value=values["text"]).props(
                f'outlined dense autogrow aria-label="{say("field_text")}"'
            )
        for field, key in (("lead", "C"), ("coop", "P")):
            with row(field, key, item.confidence["lead"] if field == "lead" else None) as self._heads[field]:
                self._inputs[field] = BodiesField(self._desk.bodies, list(values[field])).props(
                    f'aria-label="{say(f"field_{field}")}"'
                )
        with row("deadline", "H", item.confidence["deadline"]) as self._heads["deadline"]:
            with ui.row().classes("no-wrap items-center w-full gap-1"):
                self._inputs["deadline"] = text_input(
                    _shown(values["deadline"]), self._deadline_typed, label=say("field_deadline")
                ).classes("grow")
                self._date_picker("deadline")
            self._reading = ui.label().classes("reading")
        with ui.element("div").classes("pair"):
            with row("office_due_date", "O"), ui.row().classes("no-wrap items-center w-full gap-1"):
                self._inputs["office_due_date"] = text_input(
                    said.day(values["office_due_date"]), label=say("field_office_due_date")
                ).classes("grow")
                self._date_picker("office_due_date")
            with row("modality", "G"):
                choices = {"assigned": say("modality_assigned"), "proposed": say("modality_proposed")}
                self._inputs["modality"] = ui.toggle(choices, value=values["modality"]).props(
                    "dense unelevated no-caps toggle-color=primary"
                )
        with ui.element("div").classes("pair"):
            for field, key in (("result", "R"), ("source_doc", "V")):
                with row(field, key):
                    self._inputs[field] = text_input(values[field], label=say(f"field_{field}"))

    def _date_picker(self, field: str) -> None:
        if self._is_fixed:
            return
        with ui.button(icon="event").props(f'flat dense round aria-label="{self._say("pick_date")}"'):
            with ui.menu().props("no-parent-event") as menu:
                ui.date(on_change=lambda event: self._picked(field, event.value, menu)).props(
                    f"minimal mask=DD/MM/YYYY {self._month_shown()} {names_of_days()}"
                )
            menu.parent_slot.parent.on("click", menu.toggle)  # type: ignore[union-attr]

    def _month_shown(self) -> str:
        """The month days are picked from at first: that of the deadline, else of the letter."""
        day = self._item.values["deadline"].get("date") or self._letter["issued_date"]
        return f"default-year-month={str(day)[:7].replace('-', '/')}" if day else ""

    def _picked(self, field: str, value: str | None, menu: ui.menu) -> None:
        if value:
            self._inputs[field].set_value(value)
        menu.close()

    async def _deadline_typed(self, event: Any) -> None:
        read = await meaning_of(self._desk, event, self._letter)
        if read is not None:
            self._read_deadline_text(read)

    def _read_deadline_text(self, read: dict[str, Any]) -> None:
        """Say under the field what the deadline means."""
        self._deadline = read
        self._reading.set_text(said.reading(self._say, read))
        self._reading.classes(
            replace="reading" + (" unread" if read["kind"] == "none" and read.get("text") else "")
        )


def _shown(deadline: dict[str, Any]) -> str:
    """A deadline as its field shows it: as written, else its day."""
    return deadline.get("text") or said.day(deadline.get("date"))


def _doubts(say: Callable[..., str], item: Item) -> dict[str, list[str]]:
    """The reasons of doubt by the field they stand under."""
    found: dict[str, list[str]] = {}
    for code in item.reasons:
        field = next((f for f, codes in doubtful_names().items() if code in codes), "text")
        found.setdefault(field, []).append(said.reason(say, code))
    if item.deadline_reason and item.values["deadline"] == item.machine["deadline"]:
        sentence = said.reason(say, item.deadline_reason)
        if sentence not in found.setdefault("deadline", []):
            found["deadline"].append(sentence)
    return found
