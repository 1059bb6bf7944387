"""Deadlines as an iCalendar file: one entry a due day, whose id stays the same from export to export."""

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event

from pipeline.texts import text

LONGEST_SUMMARY = 120
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def write(days: Iterable[dict[str, Any]], path: Path, moment: datetime.datetime) -> int:
    """Write due days, as the macro `due_days` gives them, as whole-day entries; returns how many.

    `moment` (UTC) is when the calendar was made. A due day with an hour is an entry at that hour.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//giaoviec//VN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", text("calendar.name"))
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    for task in days:
        calendar.add_component(_entry(task, moment))
    path.write_bytes(calendar.to_ical())
    return len(calendar.subcomponents)


def _entry(task: dict[str, Any], moment: datetime.datetime) -> Event:
    entry = Event()
    # What recurs has an entry a day; everything else keeps its id when its day moves.
    day = f"-{task['due']:%Y%m%d}" if task["deadline_kind"] == "recurring" else ""
    entry.add("uid", f"{task['task_id']}{day}@giaoviec")
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
    return entry


def _short(words: str) -> str:
    """The beginning of a text, cut between words."""
    if len(words) <= LONGEST_SUMMARY:
        return words
    return words[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
