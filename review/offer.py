"""What a later letter speaks for: what it is, old day and new, the letter's own words, and the way there."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from pipeline import settling
from pipeline.days import iso
from pipeline.errors import GiaoviecError
from pipeline.register import Register
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


def show_offer(say: Say, offer: dict[str, Any]) -> None:
    """What is offered on a line, with the letter that says so, and its words under it."""
    with ui.row().classes("offer items-center"):
        show_what(say, offer)
        show_letter(offer)
    show_words(offer)


def show_what(say: Say, offer: dict[str, Any]) -> None:
    """What is offered, and in which way the letter says so."""
    if offer["proposed"] == "new_deadline":
        before, after = (said.day(offer[name]) for name in ("date_before", "date_after"))
        ui.label(say("dashboard.moved", before=before, after=after)).classes("days")
    else:
        ui.label(say(f"workbook.state_{offer['proposed']}")).classes("days")
    ui.label(say(f"dashboard.because_{offer['because']}")).classes("quiet")


def show_letter(offer: dict[str, Any]) -> None:
    """The letter that says so: its number, its day, who issued it."""
    letter = " · ".join(filter(None, (offer["by_letter"], said.day(offer["by_date"]), offer["by_organ"])))
    if source := source_of(offer):
        ui.link(letter, source).classes("letter-link")
    else:
        ui.label(letter).classes("quiet")


def show_words(offer: dict[str, Any]) -> None:
    """The words that say so."""
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


async def settle(desk: Desk, offers: Sequence[dict[str, Any]], answer: str) -> list[str] | None:
    """Take what is offered (`proposed`) or refuse it (`refused`), in one act.

    Returns the tasks that are settled by now, by this or by somebody else; None where nothing was recorded.
    """
    if not allowed(desk, "review"):
        return None
    try:
        done = await desk.ask(_settle, desk.register, offers, answer, session().name)
    except GiaoviecError as error:
        problem(error)
        return [offer["task_id"] for offer in offers] if error.code == "settled_already" else None
    settled, left = list(done["settled"]), list(done["left"])
    ui.notify(words()("dashboard.settled", count=len(settled)), type="positive", timeout=2500)
    if left:
        ui.notify(words()("tracking.settled_left", count=len(left)), type="warning", timeout=8000)
    return settled + left


def _settle(register: Register, offers: Sequence[dict[str, Any]], answer: str, who: str) -> dict[str, Any]:
    shown = [
        {**{name: offer[name] for name in ("task_id", "proposed")}, "date_after": iso(offer["date_after"])}
        for offer in offers
    ]
    return settling.settle(register, silent, offers=shown, answer=answer, who=who)
