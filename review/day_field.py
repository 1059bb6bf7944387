"""A field for a day, written dd/mm/yyyy whatever the browser's language, with days to pick from."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from nicegui import ui

from pipeline import days
from review import words as said
from review.desk import words


def names_of_days() -> str:
    """The property by which a calendar calls months, as short as its head is wide (`Tháng 11`), and weekdays.

    Days stand from Sunday to Saturday, as the browser counts them.
    """
    names = {name: words()(code).split("|") for name, code in _NAMES.items()}
    return f":locale='{json.dumps(names, ensure_ascii=False)}'"


_NAMES = {"months": "month_names", "days": "day_names", "daysShort": "day_names_short"}


def day_field(label: str, chosen: Callable[[str | None], Any], value: str | None = None) -> ui.input:
    """An entry of a day; `chosen` is told the ISO day once it is whole, and None once it is empty."""
    say = words()

    def read(written: str | None) -> str | None:
        found = days.read(written or "")
        return found.isoformat() if found is not None else None

    def is_day(written: str | None) -> bool:
        # While it is being written nothing is said of it.
        return not written or len(written) < len("dd/mm/yyyy") or read(written) is not None

    field = ui.input(label, value=said.day(value), placeholder="dd/mm/yyyy")
    field.validation = {say("no_such_day"): is_day}
    field.props("outlined dense stack-label clearable mask=##/##/#### hide-bottom-space").classes("day-field")

    async def changed(event: Any) -> None:
        written = event.value or ""
        if not written or (len(written) == len("dd/mm/yyyy") and read(written) is not None):
            done = chosen(read(written))
            if inspect.isawaitable(done):
                await done

    field.on_value_change(changed)
    with field.add_slot("append"), ui.icon("event").classes("cursor-pointer") as icon:
        with ui.menu().props("no-parent-event") as menu:
            ui.date(on_change=lambda event: (field.set_value(event.value), menu.close())).props(
                f"minimal mask=DD/MM/YYYY {names_of_days()}"
            )
        icon.on("click", menu.toggle)
    return field
