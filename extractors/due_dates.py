"""When a deadline falls due: periods counted by the Civil Code over working days, what recurs at its next turn."""

import datetime
import functools
import re
from typing import Any

import holidays
import msgspec

from extractors import recurrence
from extractors.calendar_words import COUNT_WORDS, add_months, read_number
from extractors.deadline_grammar import load_grammar
from models import Deadline, Office


class DeadlineContext(msgspec.Struct, frozen=True):
    """What a deadline is read against: the letter's date, the day it arrived, and the office's choices.

    `year`: the year whose tasks a list holds, where it is no letter: days without a year are in it.
    """

    issued: datetime.date | None = None
    arrived: datetime.date | None = None
    office: Office = Office()
    year: int | None = None


def due(deadline: Deadline, context: DeadlineContext, sentence: str = "") -> Deadline:
    """The deadline with `due_date` filled in, where it can be computed; `sentence` is what it was found in.

    Periods are counted by Civil Code 2015 art. 147-148: the first day does not count, a period in months ends on
    the same day number, and one that ends on a day off ends on the next working day. What recurs is due at its
    next occurrence after the letter's date, or after the day from which on it recurs; not where it does so for a
    time whose end is not said (`no_end`). Where the anchor is not known, `reason` says `no_anchor`.
    """
    if deadline.date is not None:
        last = deadline.date
        if deadline.relation == "before" and deadline.grain == "day" and not context.office.before_includes_day:
            last -= datetime.timedelta(days=1)
        return msgspec.structs.replace(deadline, due_date=last)
    if deadline.kind == "recurring" and deadline.relation == "recurring" and deadline.text and context.issued:
        if deadline.start is not None and recurrence.is_for_a_time(sentence[deadline.end :]):
            return msgspec.structs.replace(deadline, reason=deadline.reason or "no_end")
        recurs = recurrence.days(deadline.text)
        begins = recurrence.begins(deadline.text)
        since = context.issued if begins is None else max(context.issued, begins - datetime.timedelta(days=1))
        due_date = recurrence.next_day(recurs, since)
        return msgspec.structs.replace(deadline, due_date=due_date, recurs=recurs)
    if (
        deadline.kind == "relative"
        and deadline.text
        and deadline.rule in ("duration", "duration_bare", "duration_cell")
    ):
        return _due_after_period(deadline, context)
    return deadline


def is_working_day(day: datetime.date, office: Office) -> bool:
    """Monday to Friday less public holidays, with swapped days; the office's own calendar goes first."""
    if (own := office.holidays.get(day.isoformat())) is not None:
        return own
    if f"{day:%m-%d}" in load_grammar().unconfirmed_holidays:
        return day.weekday() < 5
    return bool(_public_calendar().is_working_day(day))


@functools.cache
def _public_calendar() -> Any:
    return holidays.country_holidays("VN", language="vi")


def _due_after_period(deadline: Deadline, context: DeadlineContext) -> Deadline:
    """The last day of a period, if what it runs from is known."""
    if deadline.anchor in ("effective", "event"):
        return msgspec.structs.replace(deadline, reason=deadline.reason or "no_anchor")
    start = context.arrived if deadline.anchor == "received" else context.issued
    if start is None:
        return msgspec.structs.replace(deadline, reason=deadline.reason or "no_anchor")
    match = load_grammar().rule(deadline.rule).pattern.search(deadline.text or "")
    if match is None:
        return deadline
    groups = match.groupdict()
    written = " ".join((groups.get("count") or groups.get("count2") or "").lower().split())
    unit = " ".join((groups.get("unit") or groups.get("unit2") or "").lower().split())
    count = COUNT_WORDS.get(re.sub(r" \(.*", "", written)) or read_number(written)[0]
    if count is None:
        return deadline
    reason = deadline.reason or ("anchor_assumed_issued" if deadline.anchor is None else None)
    return msgspec.structs.replace(deadline, due_date=_after(start, count, unit, context.office), reason=reason)


def _after(start: datetime.date, count: int, unit: str, office: Office) -> datetime.date:
    """The day a period ends; the day it starts from is not counted (Civil Code 2015 art. 147-148)."""
    if unit == "ngày làm việc":
        day = start
        for _ in range(count):
            day = _next_working_day(day + datetime.timedelta(days=1), office)
        return day
    if unit.startswith("giờ"):
        # The hour of issue is not written: a period in hours is over by the day it reaches.
        return start + datetime.timedelta(days=-(-count // 24))
    if unit in ("tháng", "năm"):
        end = add_months(start, count * (12 if unit == "năm" else 1))
    else:
        end = start + datetime.timedelta(days=count * (7 if unit == "tuần" else 1))
    return _next_working_day(end, office)


def _next_working_day(day: datetime.date, office: Office) -> datetime.date:
    while not is_working_day(day, office):
        day += datetime.timedelta(days=1)
    return day
