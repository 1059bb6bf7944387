"""What a span marked on the page of a record is to be used for."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from review.desk import words
from review.marking import COLOURS, Selection

USES = ("text", "lead", "coop", "deadline", "result", "source_doc", "add", "part")
"""In the order of the keys 1 to 8: fields, a task that was missed, a part of the task."""


def ask_for_use(found: Selection, use: Callable[[str], Any]) -> ui.dialog:
    """Offer what was marked for every use; `use` is told which was chosen."""
    say = words()
    with ui.dialog(value=True) as dialog, ui.card().classes("marked"):
        ui.label(f"“{found.text}”").classes("marked-text")
        with ui.column().classes("gap-1 w-full"):
            for number, name in enumerate(USES, 1):
                own = name in ("add", "part")
                label = say(f"use_{name}") if own else say("use_for", field=say(f"field_{name}"))
                with ui.button(on_click=lambda name=name: use(name)).props("flat no-caps align=left dense"):
                    ui.label(str(number)).classes("key")
                    ui.element("span").classes("dot").style(f"background: {COLOURS.get(name, '#43a047')}")
                    ui.label(label)
    return dialog
