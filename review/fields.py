"""The fields of a task as a reviewer edits them: a name with its colour, how sure it is and why, and an input."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.label_element import LabelElement
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.events import GenericEventArguments

from pipeline import reviewing
from pipeline.errors import WrongUse
from review.completion import Bodies
from review.desk import Desk
from review.marking import COLOURS
from review.words import Say, percent


class BodiesField(LabelElement, ValueElement[list[str]], component="bodies.js"):
    """Chips of bodies with completion over the gazetteer; a body nobody knows yet can be typed all the same.

    The browser holds the chips (bodies.js): they are sent to it only where the server sets them.
    """

    VALUE_PROP = "model-value"
    LOOPBACK = None

    def __init__(self, bodies: Bodies, value: list[str], *, label: str | None = None) -> None:
        super().__init__(label=label, value=value)
        self._bodies = bodies
        stacked = "stack-label" if label else ""
        self.props(f"outlined dense {stacked} options-dense popup-content-class=completion")
        self.props("multiple use-input use-chips input-debounce=0 new-value-mode=add-unique hide-dropdown-icon")
        self.props(f"for={self.html_id}")
        self.on("input-value", self._complete, throttle=0.08)

    def _event_args_to_value(self, e: GenericEventArguments) -> list[str]:
        """The chips; one that was typed and means exactly one body is that body, in the browser too."""
        chips: list[str] = e.args or []
        known = {chip: self._bodies.named(chip) or chip for chip in chips if chip not in self.value}
        named = {chip: name for chip, name in known.items() if name != chip}
        if named:
            self.run_method("rename", named)
        return list(dict.fromkeys(named.get(chip, chip) for chip in chips))

    def _complete(self, event: GenericEventArguments) -> None:
        self.run_method("offer", event.args, self._bodies.complete(event.args))


@contextlib.contextmanager
def field_row(
    say: Say,
    field: str,
    key: str,
    *,
    confidence: float | None = None,
    reasons: list[str] | None = None,
    by: str | None,
) -> Iterator[ui.row]:
    """A field: its name in the colour of its marks, its key, its confidence or who set it, its doubts below.

    Yields the row of its name.
    """
    with ui.element("div").classes(f"field field-{field}"):
        with ui.row().classes("field-head items-center no-wrap") as head:
            ui.element("span").classes("dot").style(f"background: {COLOURS.get(field, 'transparent')}")
            ui.label(say(f"field_{field}")).classes("field-name")
            ui.label(key).classes("key")
            ui.space()
            if by:
                ui.label(say("set_by", who=by)).classes("by")
            elif confidence is not None:
                ui.label(percent(say, confidence)).classes(f"sure sure-{grade(confidence)}")
        yield head
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
