"""Days: what clocks in Vietnam show, and how people write them."""

import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo

from extractors.deadlines import DeadlineContext, read_cell
from pipeline.errors import WrongUse

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DAY = re.compile(r"\s*(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})|(\d{4})-(\d{1,2})-(\d{1,2}))\s*", re.ASCII)


def read(words: str) -> datetime.date | None:
    """The day of `30/6/2026` (day first, as in Vietnam; also `30.6.26`) or `2026-06-30`; else None."""
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return datetime.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def said(value: str | None) -> str | None:
    """An ISO date from itself or from words as a letter has them (day first); raises WrongUse for any other."""
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        found = read_cell(value, DeadlineContext())
        if found.date is None:
            raise WrongUse("bad_deadline", value=value) from None
        return found.date.isoformat()


def moment(recorded: datetime.datetime) -> str:
    """A moment of the journal (UTC) as clocks in Vietnam show it."""
    return f"{recorded.replace(tzinfo=datetime.UTC).astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def iso(value: Any) -> Any:
    """A day or time as JSON has it; anything else as it is."""
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value
