"""What a later letter speaks for: what it is, old day and new, the letter's own words, and the way there."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from nicegui import ui

from pipeline import proposals, settling, undoing
from pipeline.days import iso
from pipeline.errors import GiaoviecError
from pipeline.register import Register
from pipeline.reports import silent
from review import words as said
from review.desk import Desk, allowed, session, words
from review.frame import problem
from review.settle_list import Group, Row
from review.words import Say

OFFER_STYLE = """
.offer { width: 100%; gap: 0 7px; flex-wrap: wrap; } .offer > div { white-space: nowrap; }
.offer .days { font-weight: 600; } .offer .lead { max-width: 40%; overflow: hidden; text-overflow: ellipsis; }
.offer .days s { font-weight: 400; color: var(--quiet); }
.offer-words { width: 100%; font-style: italic; color: var(--quiet); font-size: 12.5px; display: -webkit-box; }
.offer-words { -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.offer.places { gap: 0 10px; } .offer.places a { color: inherit; font-size: 12px; }
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


def group_of(desk: Desk, rows: Sequence[dict[str, Any]], settled: Callable[[list[str]], None]) -> Group:
    """What one letter says, a row a task: its mentions are decided on together.

    `settled` is told the mentions that are settled, by this or by somebody else.
    """
    say, first = words(), rows[0]
    tasks = {str(task): list(mentions) for task, mentions in groupby(rows, key=lambda row: row["task"])}
    kinds = Counter(mentions[0]["proposed"] for mentions in tasks.values())
    missing = first["in_letter"] - len(tasks)

    async def answer_for(chosen: Sequence[Row], answer: str) -> bool:
        mentions = [mention for row in chosen for mention in tasks[row.key]]
        done = await settle(desk, mentions, answer, len(chosen))
        if done is not None:
            settled(done)
        return done is not None

    return Group(
        head=tuple(filter(None, (first["by_letter"] or "–", said.day(first["by_date"]), first["by_organ"]))),
        says=" · ".join(say(f"dashboard.speaks_{kind}", count=kinds[kind]) for kind in kinds),
        rows=[
            Row(task, partial(_show_task, say, found), source_of(found[0]), all(map(proposals.is_plain, found)))
            for task, found in tasks.items()
        ],
        labels={answer: f"dashboard.answer_{answer}" for answer in settling.ANSWERS},
        settle=answer_for,
        more=say("tracking.more_offers", count=missing) if missing else None,
    )


def _show_task(say: Say, mentions: Sequence[dict[str, Any]]) -> None:
    """A task that something is offered for, as the letter that assigned it first has it; its other mentions."""
    first, *others = mentions
    text = ui.label(first["text"]).classes("text").tooltip(first["text"])
    text.on("click", lambda: ui.navigate.to(f"/task/{first['task_id']}"))
    with ui.row().classes("offer items-center"):
        ui.label(_place(first)).classes("where")
        lead = "; ".join(first["lead"])
        ui.label(lead).classes("quiet lead").tooltip(lead)
        show_what(say, first)
    if first["by_words"] and first["by_words"] != first["text"]:
        show_words(first)
    if (doubted := next((mention for mention in mentions if not proposals.is_plain(mention)), None)) is not None:
        why = " · ".join(say(f"links.{code}") for code in doubted["link_reasons"])
        ui.label(f"{said.percent(say, doubted['link_confidence'])} · {why}").classes("doubt")
    if others:
        with ui.row().classes("offer places items-center"):
            ui.label(say("dashboard.also_in")).classes("quiet")
            for other in others:
                ui.link(_place(other), f"/task/{other['task_id']}").classes("quiet").tooltip(other["text"])


def _place(mention: dict[str, Any]) -> str:
    """Where a mention stands: the letter and its day."""
    return " · ".join(filter(None, (mention["letter"], said.day(mention["issued_date"]))))


async def take_back(desk: Desk, kinds: Sequence[str]) -> list[str]:
    """Take back what was last done, if it is of one of these kinds, all of it; returns the tasks it was about."""
    if not allowed(desk, "review"):
        return []
    register, who = desk.register, session().name
    last = await desk.ask(undoing.last, register, who)
    if last is None or last["kind"] not in kinds:
        ui.notify(words()("nothing_to_undo"), type="info")
        return []
    try:
        await desk.ask(undoing.undo, register, last["seq"], who)
    except GiaoviecError as error:
        problem(error)
        return []
    ui.notify(words()("dashboard.unsettled", count=len(last["task_ids"])), type="positive")
    return list(last["task_ids"])


async def settle(desk: Desk, offers: Sequence[dict[str, Any]], answer: str, tasks: int = 1) -> list[str] | None:
    """Take what is offered (`proposed`) or refuse it (`refused`) for so many `tasks`, in one act.

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
    ui.notify(words()("dashboard.settled", count=tasks, mentions=len(settled)), type="positive", timeout=2500)
    if left:
        ui.notify(words()("tracking.settled_left", count=len(left)), type="warning", timeout=8000)
    return settled + left


def _settle(register: Register, offers: Sequence[dict[str, Any]], answer: str, who: str) -> dict[str, Any]:
    shown = [
        {
            **{name: offer[name] for name in ("task_id", "proposed")},
            "date_after": iso(offer["date_after"]),
            "follows": offer.get("follows"),
        }
        for offer in offers
    ]
    return settling.settle(register, silent, offers=shown, answer=answer, who=who)
