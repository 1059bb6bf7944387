"""Accepting all tasks of one letter that are sure enough, after seeing them listed."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from pipeline import reviewing
from pipeline.acceptance import Standing
from pipeline.review_items import Item
from review import words as said
from review.desk import Desk, session, words

THRESHOLDS = (0.99, 0.95, 0.9, 0.8)


def sure(items: Sequence[Item], level: float) -> list[Item]:
    """The tasks that wait and are as sure as that."""
    waiting = (item for item in items if item.review == "open" and not item.conflicts)
    return [item for item in waiting if item.confidence["overall"] >= level]


def first_level(items: Sequence[Item], now: Standing) -> float:
    """The level offered first: the threshold, or, before it is confirmed, the highest that any task reaches."""
    if now.state == "on":
        return now.threshold
    return next((level for level in THRESHOLDS if sure(items, level)), THRESHOLDS[0])


def ask_to_accept(
    desk: Desk, items: Sequence[Item], now: Standing, accepted: Callable[[], Awaitable[None]]
) -> None:
    """List what is sure enough, at a level that can be chosen, and accept what is listed; then call `accepted`."""
    say = words()
    with ui.dialog(value=True) as dialog, ui.card().classes("wide"):
        ui.label(say("accept_all_title")).classes("text-h6")
        ui.label(say("accept_all_explained")).classes("quiet")
        ui.label(said.acceptance(say, now)).classes("quiet")
        first = first_level(items, now)
        levels = {level: said.percent(say, level) for level in THRESHOLDS}
        if now.state == "on":
            levels.pop(first, None)
            levels = {first: say("accept_level", level=first), **levels}
        levels = {level: f"{name} ({len(sure(items, level))})" for level, name in levels.items()}
        threshold = ui.toggle(levels, value=first).props("dense unelevated no-caps")
        listed = ui.column().classes("listed w-full gap-1")

        def chosen() -> list[Item]:
            return sure(items, float(threshold.value or 1.0))

        def fill() -> None:
            listed.clear()
            with listed:
                for item in chosen():
                    ui.label(_line(say, item)).classes("listed-task")
                if not chosen():
                    ui.label(say("accept_all_none")).classes("empty")
            go.set_enabled(bool(chosen()))

        async def save() -> None:
            count, stale = await desk.ask(reviewing.accept_all, desk.register, chosen(), session().name)
            dialog.close()
            ui.notify(say("accepted_all", count=count, stale=len(stale)), type="positive")
            await accepted()

        threshold.on_value_change(fill)
        with ui.row().classes("justify-end w-full"):
            ui.button(say("cancel"), on_click=dialog.close).props("flat no-caps")
            go = ui.button(say("accept_listed"), on_click=save).props("unelevated no-caps autofocus")
        fill()


def _line(say: said.Say, item: Item) -> str:
    values = item.values
    bodies, due = said.value(values["lead"]), said.value(values["deadline"])
    return f"{said.percent(say, item.confidence['overall'])} · {values['text']} · {bodies} · {due}"
