"""Periods, events and recurrence as prose names them: a month, a quarter, years, `30 ngày kể từ …`, `hằng tháng`.

One builder a rule of `data/deadlines.toml`, by its id in `BUILDERS`. The date of a period is its last day, parts
of a year as in Civil Code 2015 art. 146.
"""

import datetime
import re
from collections.abc import Callable
from typing import Final

import msgspec

from extractors.calendar_words import Reader, add_months, dated, month_end, month_number, read_number
from models import Anchor, Deadline, DeadlineKind, Grain, Relation


def _build_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    month, repairs = month_number(match["month"])
    if month is None:
        return None
    placed = reader.placed(match["year"], lambda year: month_end(year, month))
    return dated(placed, "month", "month", repairs=repairs)


def _build_months(match: re.Match[str], reader: Reader) -> Deadline | None:
    last = _build_month(match, reader)
    return last and msgspec.structs.replace(last, kind="date", grain="span")


def _build_months_range(match: re.Match[str], reader: Reader) -> Deadline | None:
    last = _build_months(match, reader)
    return last and msgspec.structs.replace(last, relation="from_to")


def _quarter(written: str) -> tuple[int | None, tuple[str, ...]]:
    """Quarter 1 to 4 from a digit or Roman numeral; l, 1 and | in a numeral are misread I, and recorded."""
    if written in ("1", "2", "3", "4"):
        return int(written), ()
    mended = re.sub("[1lLi|]", "I", written).upper()
    number = {"I": 1, "II": 2, "III": 3, "IV": 4}.get(mended)
    return number, (() if mended == written or number is None else (f"{written} → {mended}",))


def _build_quarter(match: re.Match[str], reader: Reader) -> Deadline | None:
    quarter, repairs = _quarter(match["quarter"])
    if quarter is None:
        return None
    part = (match["part"] or "").lower()
    if part in ("đầu", "giữa"):
        month, day = (3 * quarter - 2, 1) if part == "đầu" else (3 * quarter - 1, 15)
        placed = reader.placed(match["year"], lambda year: datetime.date(year, month, day))
        return dated(placed, "date", "day", reason="part_of_period", repairs=repairs)
    placed = reader.placed(match["year"], lambda year: month_end(year, 3 * quarter))
    relation: Relation = "by" if part == "hết" else "none"
    several = re.search(r"[,–\-+]|\bvà\b|\bđến\b", match[0][: match.start("quarter") - match.start()])
    if several:
        return dated(placed, "date", "span", repairs=repairs, relation=relation)
    return dated(placed, "quarter", "quarter", repairs=repairs, relation=relation)


def _build_months_of_year(match: re.Match[str], reader: Reader) -> Deadline | None:
    count = {"ba": 3, "sáu": 6, "chín": 9}.get(match["count"].lower()) or read_number(match["count"])[0]
    if count is None or not 1 <= count <= 12:
        return None
    month = 12 if (match["part"] or "").lower() == "cuối" else count
    placed = reader.placed(match["year"], lambda year: month_end(year, month))
    return dated(placed, "date", "half" if count == 6 else "span")


def _build_half_year(match: re.Match[str], reader: Reader) -> Deadline | None:
    month = 6 if match["part"].lower() == "đầu" else 12
    return dated(reader.placed(match["year"], lambda year: month_end(year, month)), "date", "half")


def _build_years(match: re.Match[str], reader: Reader) -> Deadline | None:
    first, last = read_number(match["year1"])[0], read_number(match["year"])[0]
    if first is None or last is None or last < first:
        return None
    relation: Relation = "from_to" if (match["term"] or "").lower().startswith("từ") else "none"
    placed = reader.placed(match["year"], lambda year: datetime.date(year, 12, 31))
    return dated(placed, "date", "span", relation=relation)


_PARTS_OF_YEAR = {"đầu": (1, 1), "giữa": (6, 30)}


def _build_year(match: re.Match[str], reader: Reader) -> Deadline | None:
    part = (match.groupdict().get("part") or "").lower()
    month, day = _PARTS_OF_YEAR.get(part, (12, 31))
    year = match["year"] if "year" in match.re.groupindex else None
    placed = reader.placed(year, lambda year: datetime.date(year, month, day))
    if part in _PARTS_OF_YEAR:
        return dated(placed, "date", "day", reason="part_of_period")
    return dated(placed, "year", "year", relation="by" if part == "hết" else "none")


def _build_coming(match: re.Match[str], reader: Reader) -> Deadline | None:
    unit = match["unit"].lower()
    kinds: dict[str, tuple[DeadlineKind, Grain]] = {
        "tuần": ("date", "span"),
        "tháng": ("month", "month"),
        "quý": ("quarter", "quarter"),
        "năm": ("year", "year"),
    }
    kind, grain = kinds[unit]
    if reader.issued is None:
        return Deadline(kind="relative", grain=grain, anchor="issued", reason="no_anchor")
    ahead = 0 if match["which"].lower() in ("này", "nay") else 1
    day = reader.issued
    if unit == "tuần":
        day += datetime.timedelta(days=6 - day.weekday(), weeks=ahead)
    elif unit == "tháng":
        day = add_months(day.replace(day=1), ahead)
        day = month_end(day.year, day.month)
    elif unit == "quý":
        day = add_months(day.replace(day=1), 3 * ahead)
        day = month_end(day.year, (day.month + 2) // 3 * 3)
    else:
        day = datetime.date(day.year + ahead, 12, 31)
    return Deadline(kind=kind, grain=grain, date=day, reason="relative_to_letter")


def _build_blank_day(match: re.Match[str], reader: Reader) -> Deadline | None:
    deadline = _build_month(match, reader)
    return deadline and msgspec.structs.replace(deadline, reason="blank_day")


def _build_event(match: re.Match[str], reader: Reader) -> Deadline | None:
    return Deadline(kind="relative", relation="event", anchor="event")


def _build_before_event(match: re.Match[str], reader: Reader) -> Deadline | None:
    return Deadline(kind="relative", relation="before", anchor="event")


def _build_duration(match: re.Match[str], reader: Reader) -> Deadline | None:
    groups = match.groupdict()
    unit = " ".join((groups.get("unit") or groups.get("unit2") or "").lower().split())
    anchor = _anchor(groups["anchor"]) if groups.get("anchor") else None
    hours: tuple[str, ...] = ("phút", "giờ", "giờ làm việc")
    grains: dict[str, Grain] = {**dict.fromkeys(hours, "hour"), "tháng": "month", "năm": "year"}
    return Deadline(kind="relative", relation="within", grain=grains.get(unit, "day"), anchor=anchor)


_OWN_ISSUE = re.compile(
    r"(?:^|\b(?:ngày|khi|từ|sau)\b)\s*"
    r"(?:(?:văn bản|công văn|công điện|thông báo|chỉ thị|quyết định|nghị quyết|kế hoạch|chương trình)"
    r"(?: số \S+)?\s+)?"
    r"(?:được\s+)?(?:ký|ban hành|phát hành)\b(?!\s+(?:kết luận|luật|hợp đồng|biên bản|thỏa thuận|cam kết))"
    r"|\bnày\s+(?:được\s+)?(?:ký|ban hành|phát hành)\b|ngày văn bản"
)
"""The letter's own issue; not that of a paper still to come (`ngày quyết định hỗ trợ được ban hành`)."""


def _anchor(tail: str) -> Anchor:
    """What a period runs from: the letter's receipt or issue, an act's entry into force, or another event."""
    lower = tail.lower()
    if "hiệu lực" in lower:
        return "effective"
    if re.search(
        r"nhận(?: được)?(?: đủ)?\s+(?:\w+\s+){0,3}(?:văn bản|công văn|thông báo|chỉ thị|quyết định|này)", lower
    ):
        return "received"
    if _OWN_ISSUE.search(lower):
        return "issued"
    return "event"


def _build_ahead(match: re.Match[str], reader: Reader) -> Deadline | None:
    return Deadline(kind="relative", relation="before", grain="day", anchor="event")


def _build_recurring(match: re.Match[str], reader: Reader) -> Deadline | None:
    ongoing = re.fullmatch(r"(?:hằng|hàng|mỗi)\s+ngày", match[0].strip(), re.IGNORECASE)
    return Deadline(kind="recurring", relation="ongoing" if ongoing else "recurring")


def _build_ongoing(match: re.Match[str], reader: Reader) -> Deadline | None:
    yearly = match[0].lower().endswith("niên")
    return Deadline(kind="recurring", relation="recurring" if yearly else "ongoing")


BUILDERS: Final[dict[str, Callable[[re.Match[str], Reader], Deadline | None]]] = {
    "blank_day": _build_blank_day,
    "months_range": _build_months_range,
    "months": _build_months,
    "month": _build_month,
    "month_bare": _build_month,
    "quarter": _build_quarter,
    "months_of_year": _build_months_of_year,
    "half_year": _build_half_year,
    "years": _build_years,
    "year": _build_year,
    "year_bare": _build_year,
    "part_of_year": _build_year,
    "coming": _build_coming,
    "named_season": _build_event,
    "lunar_day": _build_before_event,
    "duration": _build_duration,
    "duration_bare": _build_duration,
    "duration_cell": _build_duration,
    "ahead": _build_ahead,
    "recurring_day": _build_recurring,
    "recurring_dates": _build_recurring,
    "recurring_part": _build_recurring,
    "recurring_month": _build_recurring,
    "recurring_weekday": _build_recurring,
    "recurring_regular": _build_recurring,
    "recurring_period": _build_recurring,
    "recurring_sentence": _build_recurring,
    "recurring_interval": _build_recurring,
    "ongoing": _build_ongoing,
    "right_after": _build_event,
    "after_event": _build_event,
    "before_event": _build_before_event,
    "before_happening": _build_before_event,
    "term": _build_event,
    "within_season": _build_event,
    "hour_of_event": _build_before_event,
    "at_session": _build_event,
    "as_planned": _build_event,
}
