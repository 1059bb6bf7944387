"""When something that recurs falls due: the days of a year, or of a week, that its words name."""

import calendar
import datetime
import re

from extractors.time_expressions import next_weekday, weekday_number

FRIDAY = 4
"""What recurs weekly, no day named, is due at the end of the working week."""

_NUMBER, _QUARTER, _AND = "[0-9]{1,2}", "(?:iv|i{1,3}|[1-4])", r"\s{0,3}(?:,|và)\s{0,3}"
_DAY_AND_MONTH = re.compile(rf"(?<![0-9/])({_NUMBER})(?:/|\s{{1,3}}tháng\s{{1,3}})({_NUMBER})(?![0-9/])")
_DAYS_ALONE = re.compile(
    rf"(?:ngày|mùng|mồng|ngày\s{{1,3}}m[ùồ]ng)\s{{0,3}}({_NUMBER}(?:{_AND}(?:ngày\s{{0,3}})?{_NUMBER}){{0,5}})(?![0-9/])"
)
_WEEKDAY = re.compile(r"thứ\s{0,3}(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật")
_WEEKDAY_OF_MONTH = re.compile(
    rf"(?:{_WEEKDAY.pattern}|làm việc) (?:(?:của )?tuần )?(?:đầu|cuối|thứ \w{{1,4}})"
    r"(?: tiên| cùng)?(?: của)?(?: \w{1,5})? tháng"
)
_EACH_MONTH = re.compile(r"(?:hằng|hàng|mỗi|từng|định kỳ)\s{1,3}tháng")
_MONTHS_BETWEEN = re.compile(r"(?<![0-9/])(?<!ngày )(0?[2346]|hai|ba|sáu)\s{1,3}tháng")
_MONTHS_NAMED = re.compile(rf"tháng\s{{1,3}}({_NUMBER}(?:{_AND}(?:tháng\s{{1,3}})?{_NUMBER}){{0,11}})")
_QUARTERS_NAMED = re.compile(rf"quý\s{{1,3}}({_QUARTER}(?:{_AND}(?:quý\s{{1,3}})?{_QUARTER}){{0,3}})(?!\w)")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_BEGINS_QUARTER = re.compile(r"tháng đầu|quý (?:sau|tiếp|kế)")
_COUNTS = {"hai": 2, "ba": 3, "sáu": 6}


def days(text: str) -> tuple[str, ...]:
    """The days on which something recurs as `text` says, in order: `MM-DD` of a year, else `W1` (Monday) to `W7`.

    A day that a month does not have is its last one (`02-31`). Empty where the words name no turn.
    """
    lower = " ".join(text.lower().split())
    if _WEEKDAY_OF_MONTH.search(lower):  # neither a day of the year nor one of every week
        return ()
    named = {weekday_number(match[0]) for match in _WEEKDAY.finditer(lower)}
    if named or "tuần" in lower:
        return tuple(f"W{day + 1}" for day in sorted(named or {FRIDAY}))
    fixed = {(int(m[2]), int(m[1])) for m in _DAY_AND_MONTH.finditer(lower)}
    if not fixed:
        alone = _DAYS_ALONE.search(lower)
        numbers = [int(number) for number in re.findall("[0-9]+", alone[1])] if alone else [31]
        fixed = {(month, day) for month in _months(lower) for day in numbers}
    return tuple(f"{month:02d}-{day:02d}" for month, day in sorted(fixed) if 1 <= month <= 12 and 1 <= day <= 31)


def next_day(recurs: tuple[str, ...], after: datetime.date) -> datetime.date | None:
    """The first of the days of `days` that comes after `after`; None where there are none."""
    found = [next_weekday(after, int(day[1:]) - 1) for day in recurs if day.startswith("W")]
    for year in (after.year, after.year + 1):
        found += [_of(year, int(day[:2]), int(day[3:])) for day in recurs if not day.startswith("W")]
    return min((day for day in found if day > after), default=None)


def _months(lower: str) -> tuple[int, ...]:
    if _EACH_MONTH.search(lower):
        return tuple(range(1, 13))
    if quarters := _QUARTERS_NAMED.search(lower):
        return tuple(3 * _QUARTERS[quarter] for quarter in re.findall("iv|i+|[1-4]", quarters[1]))
    if "quý" in lower:
        return (1, 4, 7, 10) if _BEGINS_QUARTER.search(lower) else (3, 6, 9, 12)
    if between := _MONTHS_BETWEEN.search(lower):
        step = _COUNTS.get(between[1]) or int(between[1])
        return tuple(range(step, 13, step))
    if months := _MONTHS_NAMED.search(lower):
        return tuple(int(month) for month in re.findall("[0-9]+", months[1])) if "năm" in lower else ()
    if "tháng" in lower:
        return tuple(range(1, 13))
    return (12,) if "năm" in lower else ()


def _of(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))
