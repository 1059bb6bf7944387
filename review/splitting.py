"""One task into several, by lines or by what was marked on the page; and two tasks into one."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from models import Block
from pipeline import reviewing
from pipeline.review_items import Item
from review import marking
from review.desk import session, words
from review.frame import answered, confirm
from review.marking import Selection

Save = Callable[..., Awaitable[None]]
"""Does an act of a dialog, with its arguments, and closes the dialog: `save(dialog, act, *arguments)`."""


def ask_to_split(item: Item, text: str, marked: Sequence[Selection], blocks: Sequence[Block], save: Save) -> None:
    """Ask where a task is to be split: a line is a part. What was marked stands there as the parts already."""
    say = words()
    with ui.dialog(value=True) as dialog, ui.card().classes("wide"):
        ui.label(say("split_title")).classes("text-h6")
        ui.label(say("split_explained")).classes("quiet")
        lines = [part.text for part in parts_of(text, marked)]
        area = ui.textarea(value="\n".join(lines)).props(
            f'outlined autogrow autofocus aria-label="{say("split_title")}"'
        )
        area.classes("w-full split-text")

        async def keep() -> None:
            parts = [line.strip() for line in str(area.value).split("\n") if line.strip()]
            await save(dialog, reviewing.split, item, placed(item, parts, marked, blocks), session().name)

        area.on("keydown.ctrl.enter.stop", answered(keep))
        confirm(say("split"), keep, dialog)
    dialog.on("hide", dialog.delete)


def parts_of(text: str, marked: Sequence[Selection]) -> list[Selection]:
    """The parts a task most likely falls into: those marked, and what is left of it where only one was marked; its
    clauses where none was.
    """
    if not marked:
        clauses = text.replace("; ", ";\n").replace(". ", ".\n").split("\n")
        return [Selection(clause, []) for clause in clauses]
    if len(marked) == 1:
        before, _, behind = text.partition(marked[0].text)
        parts = (Selection(before.strip(), []), marked[0], Selection(behind.strip(), []))
        return [part for part in parts if part.text]
    return list(marked)


def placed(
    item: Item, parts: Sequence[str], marked: Sequence[Selection], blocks: Sequence[Block]
) -> list[dict[str, Any]]:
    """The parts with the places of their own words; where these are not found, with those of the whole task."""
    others = [p for p in item.values["places"] if p["field"] != "text"]
    here = {place["block"] for place in item.values["places"] if place["field"] == "text"}
    known = {part.text: part.places for part in marked}
    found = []
    for part in parts:
        own = known.get(part) or marking.of_words(blocks, part, among=here).places
        found.append({"text": part, "places": [*own, *others] if own else item.values["places"]})
    return found


def ask_to_merge(item: Item, others: Sequence[Item], save: Save) -> None:
    """Ask which other task of the letter one belongs to, the nearest first."""
    say = words()
    by_id = {other.task_id: other for other in others}
    with ui.dialog(value=True) as dialog, ui.card().classes("wide"):
        ui.label(say("merge_title")).classes("text-h6")
        chosen = others[0].task_id

        def choose(task_id: str) -> None:
            nonlocal chosen
            chosen = task_id

        async def keep() -> None:
            await save(dialog, reviewing.merge, item, by_id[chosen], session().name)

        # The browser's own: arrows go from one to the next, and the words of each can be as long as they are.
        with ui.element("div").classes("merge-choice") as choice:
            for other in others:
                with ui.element("label"):
                    radio = ui.element("input").props('type="radio" name="merge"')
                    radio.on("change", partial(choose, other.task_id))
                    if other.task_id == chosen:
                        radio.props("checked autofocus")
                    ui.label(other.values["text"]).classes("task-text")
        choice.on("keydown.ctrl.enter.stop", answered(keep))
        confirm(say("merge"), keep, dialog)
    dialog.on("hide", dialog.delete)
