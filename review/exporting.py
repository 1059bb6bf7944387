"""Handing on: the tasks as a file, of the whole register or of one letter."""

import datetime
import shutil
import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Query
from nicegui import ui
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, PlainTextResponse, Response

from pipeline import days, export
from pipeline.errors import GiaoviecError
from pipeline.export import Choice
from pipeline.home import file_name
from pipeline.register import Register, today
from review.day_field import day_field
from review.desk import Desk, words

FORMS = ("xlsx", "csv", "ics", "jsonl", "parquet")


def ask_for_export(letter: str | None = None, name: str | None = None) -> None:
    """Ask for format and day, then hand the file to the browser: of a letter by its id, else of all letters."""
    say = words()
    with ui.dialog(value=True) as dialog, ui.card().classes("wide export"):
        ui.label(say("export_title", name=name) if name else say("export_title_all")).classes("text-h6")
        ui.label(say("export_explained")).classes("quiet")
        form = ui.toggle({form: say(f"export_{form}") for form in FORMS}, value=FORMS[0])
        form.props("dense unelevated no-caps toggle-color=primary")
        ours = ui.checkbox(say("ours_only"))
        with ui.column().classes("gap-0") as of_workbook:
            by_agency = ui.checkbox(say("export_by_agency"))
            reviewers = ui.checkbox(say("export_reviewers"))
        form.on_value_change(lambda event: of_workbook.set_visibility(event.value == "xlsx"))
        day = day_field(say("export_as_of"), lambda _: None, today().isoformat())

        def hand_on() -> None:
            as_of = days.read(day.value or "")
            if as_of is None:
                ui.notify(say("errors.bad_day", value=day.value or ""), type="negative")
                return
            dialog.close()
            chosen = {"letter": letter, "as_of": as_of.isoformat(), "ours": "1" if ours.value else None}
            if form.value == "xlsx":
                chosen |= {k: "1" for k, box in (("by_agency", by_agency), ("reviewers", reviewers)) if box.value}
            ui.download.from_url(address(f"{name or 'giaoviec'} {today().isoformat()}.{form.value}", chosen))

        with ui.row().classes("justify-end w-full"):
            ui.button(say("cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(say("export_go"), on_click=hand_on).props("unelevated no-caps autofocus")
    dialog.on("hide", dialog.delete)


def address(name: str, chosen: dict[str, str | None]) -> str:
    """Where a file is to be had under a name; the name's ending is the format."""
    given = {key: value for key, value in chosen.items() if value}
    return f"/export/{quote(file_name(name.replace('/', '-')))}?{urlencode(given)}"


def serve(application: FastAPI, desk: Desk) -> None:
    """Answer for the addresses of exported files."""

    @application.get("/export/{name}")
    async def exported(
        name: str,
        letter: str | None = None,
        as_of: Annotated[datetime.date | None, Query()] = None,
        by_agency: bool = False,
        reviewers: bool = False,
        ours: bool = False,
    ) -> Response:
        folder = Path(await desk.ask(tempfile.mkdtemp))
        try:
            choice = Choice(await desk.ask(_documents, desk.register, letter), as_of, by_agency, reviewers, ours)
            form = export.form_of(None, Path(name))
            await desk.ask(export.save, desk.register.store, form, folder / "export", choice)
        except GiaoviecError as error:
            shutil.rmtree(folder, ignore_errors=True)
            return PlainTextResponse(str(error), 422)
        return FileResponse(
            folder / "export", filename=name, background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        )


def _documents(register: Register, letter: str | None) -> tuple[str, ...] | None:
    if letter is None:
        return None
    found = register.store.rows("SELECT document_sha256 FROM documents WHERE letter_id = ?", [letter])
    return tuple(sha for (sha,) in found)
