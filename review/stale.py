"""A save that came too late: both versions side by side, and which of them is to stand."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from pipeline.review_items import FIELDS, Item, Stale
from review import words as said
from review.desk import words
from review.frame import answered


def ask_which_stands(
    error: Stale,
    seen: Item,
    mine: dict[str, Any],
    take_theirs: Callable[[], Awaitable[None]],
    keep_mine: Callable[[], Awaitable[None]],
) -> None:
    """Show what the task has become beside what the reviewer was about to save, and do what is chosen.

    `mine` holds the fields the reviewer changed of the task as `seen`.
    """
    say = words()
    with ui.dialog(value=True).props("persistent") as dialog, ui.card().classes("wide"):
        ui.label(say("stale_title", who=error.who or "?")).classes("text-h6")
        with ui.grid(columns="auto 1fr 1fr").classes("versions"):
            for head in ("", say("stale_theirs", who=error.who or "?"), say("stale_mine")):
                ui.label(head).classes("head")
            for field in FIELDS:
                if field in error.fields or field in mine:
                    ui.label(say(f"field_{field}"))
                    ui.label(said.value(error.item.values[field]))
                    ui.label(said.value(mine.get(field, seen.values[field])))

        async def choose(done: Callable[[], Awaitable[None]]) -> None:
            dialog.close()
            await done()

        with ui.row().classes("justify-end w-full"):
            ui.button(say("stale_take"), on_click=answered(lambda: choose(take_theirs))).props("flat no-caps")
            ui.button(say("stale_keep"), on_click=answered(lambda: choose(keep_mine))).props("unelevated no-caps")
    dialog.on("hide", dialog.delete)
