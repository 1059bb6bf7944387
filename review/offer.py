"""One thing a later letter speaks for: what it is, old day and new, the letter's own words, and the way there."""

from typing import Any

from nicegui import ui

from pipeline import tracking
from pipeline.errors import GiaoviecError
from pipeline.reports import silent
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import problem
from review.words import Say

OFFER_STYLE = """
.offer { width: 100%; gap: 0 7px; flex-wrap: wrap; } .offer > div { white-space: nowrap; }
.offer .days { font-weight: 600; } .offer .lead { max-width: 40%; overflow: hidden; text-overflow: ellipsis; }
.offer .days s { font-weight: 400; color: var(--quiet); }
.offer-words { width: 100%; font-style: italic; color: var(--quiet); font-size: 12.5px; display: -webkit-box; }
.offer-words { -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
"""


def show_offer(say: Say, offer: dict[str, Any], *, lead: str = "") -> None:
    """What is offered on a line, and the words of the letter under it."""
    with ui.row().classes("offer items-center"):
        if lead:
            ui.label(lead).classes("quiet lead").tooltip(lead)
        if offer["proposed"] == "new_deadline":
            before, after = (said.day(offer[name]) for name in ("date_before", "date_after"))
            ui.label(say("dashboard.moved", before=before, after=after)).classes("days")
        else:
            ui.label(say(f"workbook.state_{offer['proposed']}")).classes("days")
        ui.label(say(f"dashboard.because_{offer['because']}")).classes("quiet")
        letter = " · ".join(part for part in (offer["by_letter"], said.day(offer["by_date"])) if part)
        if source := source_of(offer):
            ui.link(letter, source).classes("letter-link")
        else:
            ui.label(letter).classes("quiet")
    if offer["by_words"]:
        ui.label(f"“{offer['by_words']}”").classes("offer-words").tooltip(offer["by_words"])


def source_of(offer: dict[str, Any]) -> str | None:
    """Where what speaks for it is read: the mention that does, else the page of the letter."""
    if offer["by_task_id"]:
        return f"/task/{offer['by_task_id']}"
    page = f"?page={offer['by_page']}" if offer["by_page"] else ""
    return f"/letter/{offer['by_letter_id']}{page}" if offer["by_letter_id"] else None


def open_source(offer: dict[str, Any] | None) -> None:
    """Go to what speaks for it."""
    if offer is not None and (source := source_of(offer)):
        ui.navigate.to(source)


async def settle(desk: Desk, task_id: str, verdict: str) -> bool:
    """Take what is offered for a task (`proposed`) or refuse it (`refused`); False where that was not recorded."""
    if not allowed(desk, "review"):
        return False
    try:
        await desk.ask(_set_state, desk, task_id, verdict, session().name)
    except GiaoviecError as error:
        problem(error)
        # Somebody has settled it meanwhile.
        return error.code == "nothing_proposed"
    ui.notify(words()("saved"), type="positive", timeout=1500)
    return True


def _set_state(desk: Desk, task_id: str, state: str, who: str) -> None:
    tracking.set_state(desk.register, silent, task_id=task_id, state=state, who=who)
