"""Adding a task the machine missed: from what was marked on a page, or typed."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from pipeline import reviewing
from pipeline.errors import GiaoviecError
from review import words as said
from review.desk import Desk, session, words
from review.fields import BodiesField, TypedDeadline, meaning_of
from review.frame import answered, confirm, problem
from review.marking import Selection


def ask_for_task(
    desk: Desk,
    document: str,
    letter: dict[str, Any],
    found: Selection | None,
    added: Callable[[], Awaitable[None]],
) -> None:
    """Ask for the fields of a task of a document, and add it; `added` is called once the journal has it.

    `letter` holds what deadlines are read against, `found` what was marked.
    """
    say = words()
    with ui.dialog(value=True) as dialog, ui.card().classes("wide add-task"):
        ui.label(say("add_title")).classes("text-h6")

        async def typed(event: Any) -> None:
            read = await meaning_of(desk, event, letter)
            if read is not None:
                reading.set_text(said.reading(say, read) if (event.value or "").strip() else "")

        with ui.column().classes("w-full fields") as fields:
            text = ui.textarea(say("field_text"), value=found.text if found else "")
            text.props("outlined autogrow autofocus").classes("w-full add-text")
            lead = BodiesField(desk.bodies, [], label=say("field_lead")).classes("w-full add-lead")
            coop = BodiesField(desk.bodies, [], label=say("field_coop")).classes("w-full add-coop")

            deadline = ui.input(say("field_deadline"), on_change=typed).props("outlined dense")
            deadline.classes("w-full add-deadline")
            reading = ui.label().classes("reading")

        entry = TypedDeadline(desk)

        async def save() -> None:
            try:
                values = {"text": text.value, "lead": lead.value, "coop": coop.value}
                if (deadline.value or "").strip():
                    values["deadline"] = await entry.read(deadline.value, letter)
                places = found.places if found else []
                await desk.ask(reviewing.add, desk.register, document, values, places, session().name)
            except GiaoviecError as error:
                problem(error)
                return
            dialog.close()
            ui.notify(say("miss_added"), type="positive", timeout=1500)
            await added()

        # On what is around them: from a field with completion Ctrl+Enter comes no other way (page.js).
        fields.on("keydown.ctrl.enter.stop", answered(save))
        confirm(say("add"), save, dialog)
    dialog.on("hide", dialog.delete)
