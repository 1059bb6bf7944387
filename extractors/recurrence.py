"""When something that recurs falls due: the days of a year, or of a week, that its words name."""

import calendar
import datetime
import re

from extractors.calendar_words import next_weekday, weekday_number

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
_BEFORE_DAY = re.compile(
    rf"(?:trước|vào|chậm nhất(?: là)?)\s{{1,3}}({_NUMBER})(?=\s{{1,3}}(?:hằng|hàng|mỗi)\s{{1,3}}tháng)"
)
_FIRST_DAYS = re.compile(rf"({_NUMBER})\s{{1,3}}ngày đầu(?: tiên)?\s(?:của\s)?(?:\w{{3,4}}\s)?(tháng|quý)")
# Every so many weeks: on which of them nobody says.
_WEEKS_BETWEEN = re.compile(r"(?<![\w/])(?:0?[2-9]|hai|ba|bốn)\s{1,3}tuần(?!\w)")
_EACH_MONTH = re.compile(r"(?:hằng|hàng|mỗi|từng|định kỳ)\s{1,3}tháng")
_MONTHS_BETWEEN = re.compile(r"(?<![0-9/])(?<!ngày )(0?[2346]|hai|ba|sáu)\s{1,3}tháng")
_MONTHS_NAMED = re.compile(rf"tháng\s{{1,3}}({_NUMBER}(?:{_AND}(?:tháng\s{{1,3}})?{_NUMBER}){{0,11}})")
_QUARTERS_NAMED = re.compile(rf"quý\s{{1,3}}({_QUARTER}(?:{_AND}(?:quý\s{{1,3}})?{_QUARTER}){{0,3}})(?!\w)")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_BEGINS_QUARTER = re.compile(r"tháng đầu|quý (?:sau|tiếp|kế)")
_SINCE = r"(?<!\w)(?:bắt đầu |kể )?từ\s{1,3}"
_OF_YEAR = r"(?:/|\s{1,3}năm\s{1,3})(20[0-9]{2})(?!\d)"
_BEGINS = re.compile(
    rf"{_SINCE}(?:ngày\s{{1,3}}(?P<day>{_NUMBER})/(?P<month>{_NUMBER})/(?P<year1>20[0-9]{{2}})"
    rf"|tháng\s{{1,3}}(?P<month2>{_NUMBER}){_OF_YEAR}|quý\s{{1,3}}(?P<quarter>{_QUARTER}){_OF_YEAR}"
    r"|(?:đầu\s{1,3})?năm\s{1,3}(20[0-9]{2})(?!\d))"
)
_FROM_QUARTER = re.compile(rf"{_SINCE}quý\s{{1,3}}{_QUARTER}(?!\w)")
_EACH_QUARTER = re.compile(r"(?:hằng|hàng|mỗi|từng|định kỳ)\s{1,3}quý")
# `thứ Sáu hằng tuần trong thời gian cao điểm`: who reads the letter does not learn here when that is over.
_FOR_A_TIME = re.compile(
    r"[,\s]{0,3}(?:(?:trong|suốt)\s{1,3}){1,2}(?:thời gian|đợt|mùa|chiến dịch|cao điểm|dịp|tháng cao điểm)(?!\w)"
)
_COUNTS = {"hai": 2, "ba": 3, "sáu": 6}


def days(text: str) -> tuple[str, ...]:
    """The days on which something recurs as `text` says, in order: `MM-DD` of a year, else `W1` (Monday) to `W7`.

    A day that a month does not have is its last one (`02-31`). Empty where the words name no turn.
    """
    lower = _without_begin(" ".join(text.lower().split()))
    if _WEEKDAY_OF_MONTH.search(lower) or _WEEKS_BETWEEN.search(lower):
        return ()  # neither a day of the year nor one of every week
    if first := _FIRST_DAYS.search(lower):
        months = range(1, 13) if first[2] == "tháng" else (1, 4, 7, 10)
        return tuple(f"{month:02d}-{int(first[1]):02d}" for month in months) if 1 <= int(first[1]) <= 31 else ()
    named = {weekday_number(match[0]) for match in _WEEKDAY.finditer(lower)}
    if named or "tuần" in lower:
        return tuple(f"W{day + 1}" for day in sorted(named or {FRIDAY}))
    fixed = {(int(m[2]), int(m[1])) for m in _DAY_AND_MONTH.finditer(lower)}
    if not fixed:
        alone = _DAYS_ALONE.search(lower) or _BEFORE_DAY.search(lower)
        numbers = [int(number) for number in re.findall("[0-9]+", alone[1])] if alone else [31]
        fixed = {(month, day) for month in _months(lower) for day in numbers}
    return tuple(f"{month:02d}-{day:02d}" for month, day in sorted(fixed) if 1 <= month <= 12 and 1 <= day <= 31)


def begins(text: str) -> datetime.date | None:
    """The day from which on something recurs (`hằng quý, từ quý II/2026`: 1 April); None where none is named."""
    found = _BEGINS.search(" ".join(text.lower().split()))
    if found is None:
        return None
    month = found["month"] or found["month2"] or (3 * _QUARTERS[found["quarter"]] - 2 if found["quarter"] else 1)
    year = next(int(found[i]) for i in (3, 5, 7, 8) if found[i])
    try:
        return datetime.date(year, int(month), int(found["day"] or 1))
    except ValueError:
        return None


def is_for_a_time(after: str) -> bool:
    """Whether the words right behind what recurs bound it to a time whose end they need not name."""
    return _FOR_A_TIME.match(after.lower()) is not None


def _without_begin(lower: str) -> str:
    """What is said of the turns, without from when on they are."""
    lower = _BEGINS.sub(" ", lower)
    return _FROM_QUARTER.sub(" ", lower) if _EACH_QUARTER.search(lower) else lower


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
