"""The fields of a task as a reviewer edits them: a name with its colour, how sure it is and why, and an input."""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from nicegui import ui
from nicegui.elements.input_chips import InputChips
from nicegui.events import GenericEventArguments

from pipeline import reviewing
from pipeline.errors import WrongUse
from review.completion import Bodies
from review.desk import Desk
from review.marking import COLOURS
from review.words import Say, percent


class BodiesField(InputChips):
    """Chips of bodies with completion over the gazetteer; a body nobody knows yet can be typed all the same."""

    def __init__(self, bodies: Bodies, value: list[str], *, label: str | None = None) -> None:
        super().__init__(label, value=value, new_value_mode="add-unique")
        self._bodies = bodies
        stacked = "stack-label" if label else ""
        self.props(f"outlined dense {stacked} options-dense popup-content-class=completion")
        self._props["options"] = []
        self.on("input-value", self._complete, throttle=0.08)

    def _event_args_to_value(self, e: GenericEventArguments) -> list[str]:
        """The chips; one that was typed and means exactly one body is that body."""
        chips = (chip if chip in self.value else self._bodies.named(chip) or chip for chip in e.args or ())
        return list(dict.fromkeys(chips))

    def _complete(self, event: GenericEventArguments) -> None:
        typed = event.args if isinstance(event.args, str) else (event.args or [""])[0]
        found = self._bodies.complete(str(typed))
        if found != self._props["options"]:
            self._props["options"] = found
            self.update()
            self.client.run_javascript(f"keepChosen({self.id}, {json.dumps(found)})")
        if found:
            self.client.run_javascript(f"if (awaitsCompletion({self.id})) runMethod({self.id}, 'showPopup', [])")
        else:
            self.run_method("hidePopup")


@contextlib.contextmanager
def field_row(
    say: Say,
    field: str,
    key: str,
    *,
    confidence: float | None = None,
    reasons: list[str] | None = None,
    by: str | None,
) -> Iterator[None]:
    """A field: its name in the colour of its marks, its key, its confidence or who set it, its doubts below."""
    with ui.element("div").classes(f"field field-{field}"):
        with ui.row().classes("field-head items-center no-wrap"):
            ui.element("span").classes("dot").style(f"background: {COLOURS.get(field, 'transparent')}")
            ui.label(say(f"field_{field}")).classes("field-name")
            ui.label(key).classes("key")
            ui.space()
            if by:
                ui.label(say("set_by", who=by)).classes("by")
            elif confidence is not None:
                ui.label(percent(confidence)).classes(f"sure sure-{grade(confidence)}")
        yield
        for sentence in reasons or ():
            ui.label(sentence).classes("doubt")


async def meaning_of(desk: Desk, event: Any, letter: dict[str, Any]) -> dict[str, Any] | None:
    """What an entry's new words mean as a deadline; None where others stand there by now (answers overtake)."""
    read = await desk.ask(reviewing.deadline_of, desk.register, event.value or "", letter)
    return read if event.sender.value == event.value else None


class TypedDeadline:
    """A deadline as typed: refused once where it is not understood, kept as written when insisted on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._refused: str | None = None

    async def read(self, typed: str | None, letter: dict[str, Any]) -> dict[str, Any]:
        """The deadline typed; raises WrongUse for words that were not typed twice, and for a day that is none."""
        phrase = (typed or "").strip()
        read = await self._desk.ask(reviewing.deadline_of, self._desk.register, phrase, letter)
        if not phrase or read["kind"] != "none":
            return read
        if read["reason"] == "no_such_day":
            raise WrongUse("bad_deadline", value=phrase)
        if phrase != self._refused:
            self._refused = phrase
            raise WrongUse("deadline_unread", value=phrase)
        return reviewing.as_written(read)


def grade(confidence: float) -> str:
    """A confidence as one of three colours."""
    return "high" if confidence >= 0.9 else "middle" if confidence >= 0.6 else "low"


def text_input(value: str | None, on_change: Callable[..., Any] | None = None, *, label: str) -> ui.input:
    """A line of text."""
    return ui.input(value=value or "", on_change=on_change).props(f'outlined dense aria-label="{label}"')
