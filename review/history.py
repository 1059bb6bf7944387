"""What people did to a task: who, when, before and after; any act can be taken back."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import groupby
from typing import Any

from nicegui import ui

from pipeline import reviewing, task_state, undoing
from pipeline.days import moment
from pipeline.errors import GiaoviecError
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import answered, problem

_OF_STATES = frozenset({"state", "done_on", "through", "progress", "note", "moved_to", "move_refused"})
_DAYS = frozenset({"office_due_date", "done_on", "through", "moved_to", "move_refused"})
_NOT_SHOWN = frozenset({"places", "concerns_us", "our_role"})


async def show_history(desk: Desk, task_id: str, taken_back: Callable[[], Awaitable[None]]) -> None:
    """Show the changes of a task, the latest first; `taken_back` is called once one has been taken back."""
    say = words()
    changes = await desk.ask(reviewing.history, desk.register, task_id)
    states = await desk.ask(task_state.history, desk.register, task_id)
    changes = sorted([*changes, *states], key=lambda change: change["seq"])
    acts = {
        row["seq"]: row["act"]
        for row in await desk.rows("SELECT seq, act FROM acts WHERE task_id = ? AND undoes IS NULL", [task_id])
    } | {row["seq"]: "state" for row in states}
    together = await desk.ask(undoing.reach, desk.register, list(acts))

    async def take_back(seq: int) -> None:
        if not allowed(desk, "review"):
            return
        try:
            await desk.ask(undoing.undo, desk.register, seq, session().name)
        except GiaoviecError as error:
            problem(error)
            return
        dialog.close()
        ui.notify(say("undone"), type="positive")
        await taken_back()

    with ui.dialog(value=True) as dialog, ui.card().classes("wide history"):
        ui.label(say("history_title")).classes("text-h6")
        if not changes:
            ui.label(say("history_none")).classes("empty")
        for seq, group in groupby(reversed(changes), key=lambda change: change["seq"]):
            with ui.element("div").classes("change"):
                _change(say, list(group), acts.get(seq), together.get(seq, 1), answered(partial(take_back, seq)))
        with ui.row().classes("justify-end w-full"):
            ui.button(say("close"), on_click=dialog.close).props("flat no-caps autofocus")
    dialog.on("hide", dialog.delete)


def _change(
    say: said.Say, changes: list[dict[str, Any]], act: str | None, tasks: int, take_back: Callable[[], Any]
) -> None:
    first = changes[0]
    with ui.row().classes("items-center no-wrap w-full"):
        ui.label(moment(first["recorded_at"])).classes("quiet")
        ui.label(first["who"]).classes("field-name")
        ui.label(say(f"act_{act or 'correct'}"))
        ui.space()
        if first["undone"]:
            ui.label(say("taken_back")).classes("quiet")
        elif act is not None:
            label = say("take_back") if tasks == 1 else say("take_back_all", count=tasks)
            ui.button(label, on_click=take_back).props("flat dense no-caps size=sm")
    for change in changes:
        if change["field"] not in _NOT_SHOWN:
            before, after = (_shown(say, change["field"], change[side]) for side in ("seen", "value"))
            look = "was" if first["undone"] else ""
            field = say(
                f"state_{change['field']}" if change["field"] in _OF_STATES else f"field_{change['field']}"
            )
            ui.label(f"{field}: {before} → {after}").classes(look)
    if first["why"]:
        ui.label(first["why"]).classes("quiet")


def _shown(say: said.Say, field: str, value: str | None) -> str:
    plain = None if value is None else json.loads(value)
    if field == "review" and plain is not None:
        return say(f"status_{plain}")
    if field == "modality" and plain is not None:
        return say(f"modality_{plain}")
    if field == "state" and plain is not None:
        return say(f"workbook.state_{plain}")
    return said.day(plain) if field in _DAYS and plain else said.value(plain)
