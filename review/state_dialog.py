"""The state of a task set by hand, with the day it was done, its progress, the office's deadline, a note."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from pipeline import days, task_state, tracking
from pipeline.errors import GiaoviecError, WrongUse
from pipeline.register import today
from pipeline.reports import silent
from pipeline.task_state import Now
from review import words as said
from review.desk import Desk, allowed, session, words
from review.fields import text_input
from review.frame import answered, confirm, problem

STATES = ("open", "done", "cancelled", "superseded")
_FIELDS = ("done_on", "through", "progress", "office_due", "note", "source")
_DAYS = ("done_on", "through", "office_due")
_KEPT = ("done_on", "through", "source")
"""What is only said: emptied, it says nothing."""
_HOW = ("done_in_time", "done_late", "done")
"""What may be said of a task that is done, nobody knows when: that it was in time, late, or neither."""
_SAVE = """(event) => {
    const tag = event.target.tagName;
    if (event.key !== "Enter" || (!event.ctrlKey && (tag === "TEXTAREA" || tag === "BUTTON"))) return;
    event.preventDefault(); event.stopPropagation(); emit();
}"""


class StateDialog:
    """Asks for the state of one task; `saved` is called once the journal has it."""

    def __init__(self, desk: Desk, now: Now, saved: Callable[[], Awaitable[None]]) -> None:
        self._desk = desk
        self._now = now
        self._saved = saved
        self._say = words()
        self._inputs: dict[str, Any] = {}
        self._before = {name: said.day(v) if name in _DAYS else v or "" for name, v in _shown(now).items()}
        self._insisted: str | None = None
        self._build()

    @property
    def is_open(self) -> bool:
        """Whether it still stands."""
        return not self._dialog.is_deleted and self._dialog.value

    def choose(self, number: int) -> None:
        """Choose a state by its number, from 1."""
        if 1 <= number <= len(STATES):
            self._state.set_value(STATES[number - 1])

    def _build(self) -> None:
        say = self._say
        with ui.dialog(value=True) as self._dialog, ui.card().classes("wide set-state"):
            ui.label(say("state_title")).classes("text-h6")
            ui.label(self._now.text).classes("state-of").tooltip(self._now.text)
            with ui.element("div").classes("state-fields").props('tabindex="0" autofocus') as box:
                names = {s: f"{n}  {say(f'workbook.state_{s}')}" for n, s in enumerate(STATES, 1)}
                self._state = ui.toggle(names, value=self._now.state, on_change=self._turned).props(
                    "dense unelevated no-caps toggle-color=primary"
                )
                for name in _FIELDS:
                    with ui.element("div").classes(f"state-field state-{name}") as row:
                        ui.label(say(f"state_{name}")).classes("field-name")
                        entry = self._entry(name)
                    self._inputs[name] = entry
                    if name == "done_on":
                        self._done_row = row
                        self._how_row = self._asked_how()
                        entry.on_value_change(self._dated)
                    elif name == "through":
                        row.set_visibility(self._now.is_recurring)
            box.on("keydown", answered(self._save), js_handler=_SAVE)
            confirm(say("save"), self._save, self._dialog)
        self._turned()
        self._dialog.on("show", lambda: ui.run_javascript(f'document.getElementById("{box.html_id}").focus()'))
        self._dialog.on("hide", self._dialog.delete)

    def _asked_how(self) -> ui.element:
        """What is asked where the day is left empty: whether it was in time."""
        with ui.element("div").classes("state-field state-how") as row:
            ui.label(self._say("state_no_day")).classes("field-name")
            names = {code: self._say(f"state_no_day_{code}") for code in _HOW}
            self._how = ui.toggle(names, value=_how(self._now)).props("dense unelevated no-caps size=sm")
        return row

    def _entry(self, name: str) -> Any:
        label, value = self._say(f"state_{name}"), self._before.get(name, "")
        if name == "note":
            return ui.textarea(value=value).props(f'outlined dense autogrow rows=1 aria-label="{label}"')
        entry = text_input(value, label=label)
        return entry.props("placeholder=dd/mm/yyyy") if name in _DAYS else entry

    def _turned(self) -> None:
        """A task that is done was done on some day: today, until another one is given, or none."""
        is_done = self._state.value == "done"
        self._done_row.set_visibility(is_done)
        if is_done and self._now.state != "done" and not self._inputs["done_on"].value:
            self._inputs["done_on"].set_value(said.day(today()))
        self._dated()

    def _dated(self) -> None:
        """Whether it was in time is asked where nobody says when."""
        has_day = bool(str(self._inputs["done_on"].value or "").strip())
        self._how_row.set_visibility(self._state.value == "done" and not has_day)

    def _changed(self) -> dict[str, Any]:
        """What differs from what stands, for `tracking.set_state`; raises WrongUse for a day that is none."""
        found: dict[str, Any] = {}
        if self._state.value != self._now.state:
            found["state"] = self._state.value
        if self._state.value == "done" and not str(self._inputs["done_on"].value or "").strip():
            was = _how(self._now) if self._now.state == "done" and not self._now.done_on else None
            if self._how.value != was:
                found["state"] = self._how.value
        for name, entry in self._inputs.items():
            typed = " ".join(str(entry.value or "").split())
            if (name == "done_on" and self._state.value != "done") or (name in _KEPT and not typed):
                continue
            if typed == self._before.get(name, "") and not (name == "done_on" and "state" in found):
                continue
            found[name] = _day(typed) if name in _DAYS else typed
        return found

    async def _save(self) -> None:
        if not allowed(self._desk, "review"):
            return
        desk, task_id = self._desk, self._now.task_id
        try:
            changed = self._changed()
            if changed:
                sure = self._insisted is not None and self._insisted == changed.get("done_on")
                await desk.ask(_set, desk, task_id, changed, session().name, sure)
        except GiaoviecError as error:
            if error.code == "done_before_letter":
                self._insisted = changed["done_on"]
                ui.notify(
                    self._say("state_before_letter", **error.values), type="warning", multi_line=True, timeout=8000
                )
            else:
                problem(error)
            return
        self._dialog.close()
        if changed:
            ui.notify(self._say("saved"), type="positive", timeout=1500)
            await self._saved()


async def ask_for_state(desk: Desk, task_id: str, saved: Callable[[], Awaitable[None]]) -> StateDialog | None:
    """Ask for the state of a task; None where the reader may not set it, or it is gone."""
    if not allowed(desk, "review"):
        return None
    try:
        now = await desk.ask(task_state.now, desk.register, task_id)
    except GiaoviecError as error:
        problem(error)
        return None
    return StateDialog(desk, now, saved)


def _shown(now: Now) -> dict[str, Any]:
    """What the entries hold at first."""
    return {name: getattr(now, name) for name in _FIELDS if name != "source"}


def _how(now: Now) -> str:
    """Whether a task that was done nobody knows when was done in time, as far as it is known."""
    if now.state != "done" or now.done_on:
        return "done"
    return "done_in_time" if now.is_in_time else "done_late" if now.is_late else "done"


def _set(desk: Desk, task_id: str, changed: dict[str, Any], who: str, sure: bool) -> None:
    tracking.set_state(desk.register, silent, task_id=task_id, who=who, sure=sure, **changed)


def _day(typed: str) -> str:
    """An ISO day as people write it; nothing stays nothing."""
    if not typed:
        return ""
    found = days.read(typed)
    if found is None:
        raise WrongUse("bad_day", value=typed)
    return found.isoformat()
