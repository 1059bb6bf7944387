"""Days as prose names them: a date, an hour of one, a weekday, a part of a month, a feast.

One builder a rule of `data/deadlines.toml`, by its id in `BUILDERS`. The date named is the last day of the period
named; parts of a month as in Civil Code 2015 art. 146.
"""

import datetime
import functools
import re
from collections.abc import Callable
from typing import Final

import holidays
import msgspec

from extractors.calendar_words import (
    COUNT_WORDS,
    Placed,
    Reader,
    add_months,
    dated,
    month_end,
    month_number,
    next_weekday,
    read_number,
    read_time,
    weekday_number,
)
from extractors.complete_dates import complete_date
from extractors.deadline_grammar import expand, load_grammar
from models import Deadline, Grain


@functools.cache
def _date_forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    slots = load_grammar().slots
    numeric = (
        r"(?:{=day_word})?(?P<a>{=number})~[/.\-–]~(?P<b>{=number})"
        r"(?:~[/.\-–]{1,2}~(?P<year>{=year}|{=short_year}))?"
    )
    worded = r"(?:{=day_word})?(?P<a>{=number}),? th[áa]ng~(?P<b>{=month})(?P<year>{=of_year})?"
    return (
        re.compile(expand(numeric, slots), re.IGNORECASE),
        re.compile(expand(worded, slots), re.IGNORECASE),
    )


def _day(written: str, reader: Reader) -> Deadline | None:
    """A date as written, day first unless the column says otherwise or the second number is over 12."""
    numeric, worded = _date_forms()
    match = worded.fullmatch(written.strip()) or numeric.fullmatch(written.strip())
    if match is None:
        return None
    first, repaired_first = read_number(match["a"])
    second, repaired_second = month_number(match["b"])
    if second is None:
        second, repaired_second = read_number(match["b"])
    if first is None or second is None or not first or not second:
        return None
    swapped = (
        match.re is numeric and match["year"] is not None and first <= 12 and (reader.month_first or second > 12)
    )
    day, month = (second, first) if swapped else (first, second)
    if month > 12 or day > 31:
        return None
    repairs = repaired_first + repaired_second
    found = complete_date(written.strip(), month_first=swapped) if match["year"] and not repairs else None
    if found is not None and (found.day, found.month) == (day, month):
        placed = Placed(found)
    else:
        placed = reader.placed(match["year"], lambda year: datetime.date(year, month, day))
    return dated(placed, "date", "day", reason="month_first" if swapped else None, repairs=repairs)


def _build_date(match: re.Match[str], reader: Reader) -> Deadline | None:
    return _day(match["date"], reader)


def _build_hour(match: re.Match[str], reader: Reader) -> Deadline | None:
    day = _day(match["date"], reader)
    clock = read_time(match["clock"])
    if day is None or clock is None:
        return None
    return msgspec.structs.replace(day, grain="hour", due_time=clock)


def _build_range(match: re.Match[str], reader: Reader) -> Deadline | None:
    end = _day(match["date2"], reader)
    if end is None or ("date" in match.re.groupindex and _day(match["date"], reader) is None):
        return None
    return msgspec.structs.replace(end, relation="from_to", grain="span")


def _build_date_in_words(match: re.Match[str], reader: Reader) -> Deadline | None:
    day, month = COUNT_WORDS.get(" ".join(match["day"].lower().split())), month_number(match["month"])[0]
    if day is None or month is None:
        return None
    return dated(reader.placed(match["year"], lambda year: datetime.date(year, month, day)), "date", "day")


def _build_day_of_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    if reader.issued is None:
        return Deadline(kind="relative", grain="day", anchor="issued", reason="no_anchor")
    first = add_months(reader.issued.replace(day=1), 0 if match["which"].lower() == "này" else 1)
    try:
        return Deadline(
            kind="date", grain="day", date=first.replace(day=int(match["day"])), reason="relative_month"
        )
    except ValueError:
        return Deadline(kind="date", grain="day", reason="no_such_day")


def _build_clock(match: re.Match[str], reader: Reader) -> Deadline | None:
    """An hour, or a day near, without a date: of the letter's own day, or of the next."""
    groups = match.groupdict()
    clock = read_time(groups["clock"]) if groups.get("clock") else None
    if groups.get("clock") and clock is None:
        return None
    grain: Grain = "hour" if clock else "day"
    if reader.issued is None:
        return Deadline(kind="relative", grain=grain, anchor="issued", reason="no_anchor", due_time=clock)
    ahead = 1 if groups.get("tomorrow") or groups.get("next") else 0
    day = reader.issued + datetime.timedelta(days=ahead)
    return Deadline(kind="date", grain=grain, date=day, due_time=clock, reason="relative_to_letter")


def _build_weekday(match: re.Match[str], reader: Reader) -> Deadline | None:
    weekday = weekday_number(match["weekday"])
    clock = read_time(match["clock"]) if match["clock"] else None
    grain: Grain = "hour" if clock else "day"
    if reader.issued is None:
        return Deadline(kind="relative", grain=grain, anchor="issued", reason="no_anchor", due_time=clock)
    if match["week"]:
        monday = reader.issued - datetime.timedelta(days=reader.issued.weekday())
        weeks = 0 if match["week"].lower().endswith("này") else 1
        day = monday + datetime.timedelta(days=weekday, weeks=weeks)
    else:
        day = next_weekday(reader.issued, weekday)
    return Deadline(kind="date", grain=grain, date=day, due_time=clock, reason="weekday_after_letter")


_PARTS_OF_MONTH = {"đầu": 1, "nửa đầu": 15, "giữa": 15, "thượng tuần": 10, "trung tuần": 20}


def _build_part_of_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    month, repairs = month_number(match["month"])
    if month is None:
        return None
    part = " ".join(match["part"].lower().split())
    if part in _PARTS_OF_MONTH:
        day = _PARTS_OF_MONTH[part]
        placed = reader.placed(match["year"], lambda year: datetime.date(year, month, day))
        return dated(placed, "date", "day", reason="part_of_period", repairs=repairs)
    placed = reader.placed(match["year"], lambda year: month_end(year, month))
    return dated(placed, "month", "month", repairs=repairs, relation="by" if part == "hết" else "none")


def _build_week_of_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    month, repairs = month_number(match["month"])
    if month is None:
        return None
    word = match["week"].lower().removeprefix("thứ ").split()[0]
    ordinal = {"đầu": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4}.get(word)

    def end_of_week(year: int) -> datetime.date:
        # Weeks of seven days from the first, as `tuần đầu tháng` is commonly counted; the last ends the month.
        last = month_end(year, month)
        number = ordinal or (int(word) if word.isdigit() else 5)
        return min(last, datetime.date(year, month, 1) + datetime.timedelta(days=7 * number - 1))

    return dated(
        reader.placed(match["year"], end_of_week), "date", "day", reason="part_of_period", repairs=repairs
    )


_NAMED_DAYS = {
    "tết nguyên đán": "Tết Nguyên Đán",
    "tết âm lịch": "Tết Nguyên Đán",
    "tết dương lịch": "Tết Dương lịch",
    "giỗ tổ hùng vương": "Ngày Giỗ Tổ Hùng Vương",
}


def _build_named_day(match: re.Match[str], reader: Reader) -> Deadline | None:
    name = " ".join(match["name"].lower().split())

    def day_in(year: int) -> datetime.date:
        if name == "quốc khánh":
            return datetime.date(year, 9, 2)
        calendar_of_year = holidays.country_holidays("VN", years=year, language="vi")
        days = [day for day, called in calendar_of_year.items() if called == _NAMED_DAYS[name]]
        if not days:
            raise ValueError(f"no {name} in {year}")
        return min(days)

    return dated(reader.placed(match["year"], day_in), "date", "day")


BUILDERS: Final[dict[str, Callable[[re.Match[str], Reader], Deadline | None]]] = {
    "range": _build_range,
    "range_of_dates": _build_range,
    "range_of_days": _build_range,
    "days_named": _build_range,
    "hour": _build_hour,
    "clock": _build_clock,
    "day_near": _build_clock,
    "weekday": _build_weekday,
    "date": _build_date,
    "date_dash": _build_date,
    "date_in_words": _build_date_in_words,
    "day_of_month": _build_day_of_month,
    "part_of_month": _build_part_of_month,
    "week_of_month": _build_week_of_month,
    "named_day": _build_named_day,
}
