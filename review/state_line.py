"""How far a task is, on a line over its fields: its state, in time or late, by whom, from which letter."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from pipeline.days import moment
from pipeline.task_state import Now
from review import words as said
from review.desk import words
from review.frame import answered
from review.offer import OFFER_STYLE, show_offer
from review.words import Say


class StateLine:
    """The line of one record, laid out where it is made; `change` is done when its button is used."""

    _also: ui.checkbox | None = None

    def __init__(self, now: Now, change: Callable[[], Any]) -> None:
        self._say = say = words()
        with ui.element("div").classes("state-line"):
            with ui.row().classes("items-center no-wrap w-full"):
                ui.label(say("state_name")).classes("field-name")
                late = " is-late" if now.is_late else ""
                ui.label(standing(say, now)).classes(f"state now-{now.state}{late}")
                if now.last_day:
                    ui.label(say("state_last_day", day=said.day(now.last_day))).classes("quiet")
                if now.moved_by:
                    moved = say("state_moved", day=said.day(now.day_before) or "–", source=now.moved_by)
                    if now.moved_by_letter:
                        ui.link(moved, f"/letter/{now.moved_by_letter}").classes("letter-link ellipsis")
                    else:
                        ui.label(moved).classes("quiet ellipsis")
                ui.space()
                with ui.button(on_click=answered(change)).props("flat dense no-caps size=sm"):
                    ui.label(say("state_change"))
                    ui.label("D").classes("key")
            self._told(say, now)
            progress = now.progress or now.reported
            for code, value in (("progress", progress), ("note", now.note)):
                if value:
                    ui.label(f"{say(f'state_{code}')}: {value}").classes("state-words").tooltip(value)
            self._offer = ui.column().classes("offered w-full no-wrap")
            self._offer.set_visibility(False)

    def offer(self, found: list[dict[str, Any]], settle: Callable[[str], Any]) -> None:
        """Show what a later letter speaks for, of the task and (after it) of its other mentions.

        `settle` is told whether it is taken (`proposed`) or `refused`.
        """
        ui.add_css(OFFER_STYLE)
        self._offer.set_visibility(True)
        here, *others = found
        with self._offer:
            show_offer(self._say, here)
            if others:
                where = "; ".join(dict.fromkeys(other["letter"] for other in others))
                words = self._say("state_also", count=len(others), letters=where)
                self._also = ui.checkbox(words, value=True).props("dense size=sm").classes("quiet")
            with ui.row().classes("items-center no-wrap"):
                for answer, key in (("proposed", "A"), ("refused", "E")):
                    label = self._say(f"dashboard.{'confirm' if key == 'A' else 'refuse'}_{here['proposed']}")
                    with ui.button(on_click=answered(partial(settle, answer))).props("flat dense no-caps size=sm"):
                        ui.label(label)
                        ui.label(key).classes("key")

    def ticked(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What of that is settled: the task's own, and that of its other mentions unless that was unticked."""
        return found if self._also is None or self._also.value else found[:1]

    def _told(self, say: Say, now: Now) -> None:
        """Since when, by whom, from what."""
        if now.set_by is None or now.set_at is None:
            return
        with ui.row().classes("items-center no-wrap w-full told"):
            ui.label(say("state_by", who=now.set_by, moment=moment(now.set_at))).classes("quiet")
            if not now.source:
                return
            dated = f" ({said.day(now.dated)})" if now.dated else ""
            words = say("state_from", source=f"{now.source}{dated}")
            where = f"/task/{now.by_task_id}" if now.by_task_id else f"/letter/{now.letter_id}"
            if now.by_task_id or now.letter_id:
                ui.link(words, where).classes("letter-link ellipsis")
            else:
                ui.label(words).classes("quiet ellipsis")


def standing(say: Say, now: Now) -> str:
    """The state in words, with the day it was done, in time or late."""
    name = say(f"workbook.state_{now.state}")
    if now.state == "done":
        parts = [say("state_done_day", name=name, day=said.day(now.done_on)) if now.done_on else name]
        if now.is_late or now.is_in_time:
            parts.append(say("state_was_late" if now.is_late else "state_was_in_time"))
        elif not now.done_on:
            parts.append(say("state_day_unknown"))
        return ", ".join(parts)
    return say("state_late", name=name) if now.is_late else name
