"""Deadlines as an iCalendar file: one entry a deadline, whose id stays the same from export to export."""

import datetime
import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event

from pipeline.texts import text

LONGEST_SUMMARY = 120
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_IN_EVERY_MONTH = 28
_LAST_OF_MONTH = -1
_COMMON_YEAR = 2027
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def write(days: Iterable[dict[str, Any]], path: Path, moment: datetime.datetime) -> int:
    """Write due days, as `export.due_days` gives them, as whole-day entries; returns how many.

    `moment` (UTC) is when the calendar was made. A due day with an hour is an entry at that hour.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//giaoviec//VN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", text("calendar.name"))
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    for task in days:
        repeats = rule(task["recurs"] or ()) if task["turns"] else None
        if task["turns"] and repeats is None:
            for day in sorted(task["turns"]):
                calendar.add_component(_entry({**task, "due": day}, moment, f"-{day:%Y%m%d}"))
            continue
        entry = _entry(task, moment)
        if repeats is not None:
            entry.add("rrule", repeats)
        calendar.add_component(entry)
    path.write_bytes(calendar.to_ical())
    return len(calendar.subcomponents)


def rule(recurs: Sequence[str]) -> dict[str, Any] | None:
    """The rule by which a calendar repeats what is due on these days (`MM-DD`, or `W1` to `W7`).

    Only rules that all calendars know: days of the week, a day of every month or of every so many, or its last one
    (RFC 5545, BYMONTHDAY=-1), a day of the year. None for days without a rhythm.
    """
    if all(day.startswith("W") for day in recurs):
        return {"freq": "weekly", "byday": [_WEEKDAYS[int(day[1:]) - 1] for day in recurs]} if recurs else None
    months, days = sorted(int(day[:2]) for day in recurs), {int(day[3:]) for day in recurs}
    if all(int(day[3:]) >= monthrange(_COMMON_YEAR, int(day[:2]))[1] for day in recurs):
        days = {_LAST_OF_MONTH}
    if len(days) != 1 or max(days) > _IN_EVERY_MONTH:
        return None
    [day] = days
    if len(months) == 1:
        return {"freq": "yearly", "bymonth": months[0], "bymonthday": day}
    step = 12 // len(months)
    if months != list(range(months[0], 13, step)) or len(months) * step != 12:
        return None
    return {"freq": "monthly", "interval": step, "bymonthday": day}


def _entry(task: dict[str, Any], moment: datetime.datetime, turn: str = "") -> Event:
    """The entry of a due day; it keeps its id when its day moves. `turn` tells one of many from the others."""
    entry = Event()
    entry.add("uid", f"{task['task_id']}{turn}@giaoviec")
    entry.add("dtstamp", moment)
    if task["due_time"] is not None:
        # Vietnam has kept UTC+7 without summer time since 1975.
        local = datetime.datetime.combine(task["due"], task["due_time"])
        start = (local - datetime.timedelta(hours=7)).replace(tzinfo=datetime.UTC)
        # At one moment: RFC 5545 wants an end later than the beginning, or none.
        entry.add("dtstart", start)
    else:
        entry.add("dtstart", task["due"])
        entry.add("dtend", task["due"] + datetime.timedelta(days=1))
    words = _CONTROL.sub(" ", task["text"])
    entry.add("summary", _short(words))
    lines = [words]
    for code, names in (("lead", task["lead"]), ("coop", task["coop"])):
        if names:
            lines.append(text(f"calendar.{code}", **{code: "; ".join(names)}))
    symbol = "/".join(part for part in (task["code_number"], task["code_notation"]) if part)
    lines.append(text("calendar.source", source=symbol or task["document"]))
    entry.add("description", "\n".join(lines))
    entry.add("transp", "TRANSPARENT")
    if task["our_role"] not in (None, "cooperates"):
        entry.add("categories", [text("calendar.ours")])
    return entry


def _short(words: str) -> str:
    """The beginning of a text, cut between words."""
    if len(words) <= LONGEST_SUMMARY:
        return words
    return words[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
