"""Recognising one page of a letter again, with other settings."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from nicegui import ui

from pipeline import letter_acts
from pipeline.errors import GiaoviecError
from pipeline.reading.again import Recognition
from review.desk import Desk, session, words
from review.frame import problem

_QUARTERS = {0: "0°", 3: "90° ↻", 2: "180°", 1: "90° ↺"}


def ask_how_to_read(desk: Desk, document: str, page: int, done: Callable[[], Awaitable[None]]) -> None:
    """Ask how a page of a document is to be recognised, and have it done; then `done` is called."""
    say, who = words(), session().name
    with ui.dialog(value=True) as dialog, ui.card().classes("wide"):
        ui.label(say("read_again_title", page=page)).classes("text-h6")
        ui.label(say("read_again_explained")).classes("quiet")
        turns = _choice(say("read_again_turns"), _QUARTERS, 0)
        resolutions = {0: say("read_again_own"), 150: "150", 200: "200", 300: "300", 400: "400"}
        dpi = _choice(say("read_again_dpi"), resolutions, 0)
        spoken = {"vie": say("read_again_vie"), "vie+eng": say("read_again_both")}
        languages = _choice(say("read_again_languages"), spoken, "vie")
        binarise = ui.checkbox(say("read_again_binarise"))

        async def save() -> None:
            chosen = {"turns": turns, "dpi": dpi, "binarise": binarise, "languages": languages}
            how = msgspec.convert(
                {name: entry.value for name, entry in chosen.items() if entry.value}, Recognition
            )
            go.disable()
            working.set_visibility(True)
            try:
                before, after = await desk.ask(
                    letter_acts.recognise_again, desk.register, document, page, how, who
                )
            except GiaoviecError as error:
                problem(error)
                return
            finally:
                go.enable()
                working.set_visibility(False)
            dialog.close()
            await done()
            ui.notify(say("read_again_done", page=page, before=before, after=after), type="positive")

        with ui.row().classes("justify-end items-center w-full"):
            working = ui.spinner(size="sm")
            working.set_visibility(False)
            ui.button(say("cancel"), on_click=dialog.close).props("flat no-caps")
            go = ui.button(say("read_again"), on_click=save).props("unelevated no-caps autofocus")


def _choice(label: str, options: dict[Any, str], value: Any) -> ui.toggle:
    """One of few, with its name in front."""
    with ui.row().classes("items-center no-wrap"):
        ui.label(label).classes("choice-name")
        return ui.toggle(options, value=value).props("dense unelevated no-caps toggle-color=primary")
