"""Expressions of time in Vietnamese official prose: where they are, and what date, grain and kind they mean.

One builder a rule of `data/deadlines.toml`; whether an expression is a deadline is for `deadlines` to say. The
date named is the last day of the period named; parts of a month and a year as in Civil Code 2015 art. 146.
"""

import calendar
import datetime
import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import holidays
import msgspec

from extractors.complete_dates import complete_date
from extractors.deadline_grammar import expand, load_grammar
from models import Anchor, Deadline, DeadlineKind, Grain, Relation


class Reader:
    """Builds dates against the day the letter was issued. `month_first`: numeric dates are month, day, year.

    `year`: whose days those without a year are, past or not (the year of a list of tasks); else the letter's.
    """

    def __init__(self, issued: datetime.date | None, month_first: bool = False, year: int | None = None) -> None:
        self.issued = issued
        self.month_first = month_first
        self.year = year

    def placed(self, written_year: str | None, last_day: Callable[[int], datetime.date]) -> "_Placed":
        """The day in the year written, or in the letter's year, or in the next one if it would be past.

        `last_day` makes the date from a year and raises ValueError where there is no such day.
        """
        repairs: tuple[str, ...] = ()
        year: int | None
        reason: str | None = None
        if written_year:
            # `/2025`, `- 2025`, `, năm 2025`: the year is the last word.
            year, repairs = read_number(re.split(r"[\s/\-–,m]", written_year.strip(), flags=re.IGNORECASE)[-1])
            if year is not None and year < 100:
                year += 2000
        else:
            year = self.year or (self.issued.year if self.issued else None)
            reason = "letters_year" if year else "no_year"
        if year is None:
            return _Placed(None, reason, repairs)
        try:
            day = last_day(year)
            if reason == "letters_year" and self.year is None and self.issued and day < self.issued:
                return _Placed(last_day(year + 1), "next_year", repairs)
            return _Placed(day, reason, repairs)
        except ValueError:
            return _Placed(None, "no_such_day", repairs)


class _Placed(msgspec.Struct, frozen=True):
    date: datetime.date | None
    reason: str | None = None
    repairs: tuple[str, ...] = ()


_Builder = Callable[[re.Match[str], Reader], Deadline | None]


def scan(text: str, reader: Reader) -> Iterator[Deadline]:
    """Expressions of time, in order, longest first where they overlap; what is swallowed gives none."""
    grammar = load_grammar()
    matches: list[tuple[int, int, Deadline | None]] = []
    lowered = text.lower()
    for swallow in grammar.swallows:
        if not swallow.may_match(lowered):
            continue
        matches.extend((m.start(), m.end(), None) for m in swallow.pattern.finditer(text))
    for rule in grammar.rules:
        if not rule.may_match(lowered):
            continue
        for m in rule.pattern.finditer(text):
            if rule.after and not rule.after.search(text[max(0, m.start() - 160) : m.start()]):
                continue
            if rule.not_after and rule.not_after.search(text[max(0, m.start() - 160) : m.start()]):
                continue
            built = BUILDERS[rule.id](m, reader)
            if built is not None:
                end = m.start() + len(m[0].rstrip())
                matches.append(
                    (m.start(), end, msgspec.structs.replace(built, rule=rule.id, start=m.start(), end=end))
                )
    free_from = 0
    for start, end, built in sorted(matches, key=lambda item: (item[0], -item[1])):
        if start >= free_from:
            free_from = end
            if built is not None:
                yield built


def read_number(written: str) -> tuple[int | None, tuple[str, ...]]:
    """A number as written, with the letters O, l, I that recognition puts for 0 and 1 mended, and the repair.

    Nothing is mended in a word without a digit, so a word is never made a number.
    """
    written = written.strip()
    if not any(c.isdigit() for c in written):
        return None, ()
    mended = re.sub("[Oo]", "0", re.sub("[LlIi|]", "1", written))
    return int(mended), (() if mended == written else (f"{written} → {mended}",))


_MONTH_WORDS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6,
    "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip


def _month(written: str) -> tuple[int | None, tuple[str, ...]]:
    word = " ".join(written.lower().split())
    if word in _MONTH_WORDS:
        return _MONTH_WORDS[word], ()
    month, repairs = read_number(written)
    return (month, repairs) if month is not None and 1 <= month <= 12 else (None, ())


def month_end(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _dated(
    placed: _Placed, kind: DeadlineKind, grain: Grain, reason: str | None = None, **fields: Any
) -> Deadline:
    repairs = placed.repairs + tuple(fields.pop("repairs", ()))
    return Deadline(
        kind=kind, date=placed.date, grain=grain, reason=placed.reason or reason, repairs=repairs, **fields
    )


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
    second, repaired_second = _month(match["b"])
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
        placed = _Placed(found)
    else:
        placed = reader.placed(match["year"], lambda year: datetime.date(year, month, day))
    return _dated(placed, "date", "day", reason="month_first" if swapped else None, repairs=repairs)


def _build_date(match: re.Match[str], reader: Reader) -> Deadline | None:
    return _day(match["date"], reader)


def _build_hour(match: re.Match[str], reader: Reader) -> Deadline | None:
    day = _day(match["date"], reader)
    clock = read_time(match["clock"])
    if day is None or clock is None:
        return None
    return msgspec.structs.replace(day, grain="hour", due_time=clock)


def read_time(written: str) -> datetime.time | None:
    """The time of day; 24h00 is the last minute of the day."""
    numbers = [int(n) for n in re.findall(r"[0-9]+", written)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour == 24:
        return datetime.time(23, 59)
    return datetime.time(hour, minute) if hour < 24 and minute < 60 else None


def _build_range(match: re.Match[str], reader: Reader) -> Deadline | None:
    end = _day(match["date2"], reader)
    if end is None or ("date" in match.re.groupindex and _day(match["date"], reader) is None):
        return None
    return msgspec.structs.replace(end, relation="from_to", grain="span")


def _build_date_in_words(match: re.Match[str], reader: Reader) -> Deadline | None:
    day, month = COUNT_WORDS.get(" ".join(match["day"].lower().split())), _month(match["month"])[0]
    if day is None or month is None:
        return None
    return _dated(reader.placed(match["year"], lambda year: datetime.date(year, month, day)), "date", "day")


def _build_blank_day(match: re.Match[str], reader: Reader) -> Deadline | None:
    deadline = _build_month(match, reader)
    return deadline and msgspec.structs.replace(deadline, reason="blank_day")


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


_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "nhật": 6}


def weekday_number(written: str) -> int:
    """Monday is 0: `thứ Hai` or `thứ 2`, also where the space was lost; Sunday, `Chủ nhật`, is 6."""
    word = written.lower()
    named = (day for name, day in _WEEKDAYS.items() if word.endswith(name))
    found = next(named, None)
    return found if found is not None else int(word[-1]) - 2


def next_weekday(after: datetime.date, weekday: int) -> datetime.date:
    return after + datetime.timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


_PARTS_OF_MONTH = {"đầu": 1, "nửa đầu": 15, "giữa": 15, "thượng tuần": 10, "trung tuần": 20}


def _build_part_of_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    month, repairs = _month(match["month"])
    if month is None:
        return None
    part = " ".join(match["part"].lower().split())
    if part in _PARTS_OF_MONTH:
        day = _PARTS_OF_MONTH[part]
        placed = reader.placed(match["year"], lambda year: datetime.date(year, month, day))
        return _dated(placed, "date", "day", reason="part_of_period", repairs=repairs)
    placed = reader.placed(match["year"], lambda year: month_end(year, month))
    return _dated(placed, "month", "month", repairs=repairs, relation="by" if part == "hết" else "none")


def _build_week_of_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    month, repairs = _month(match["month"])
    if month is None:
        return None
    word = match["week"].lower().removeprefix("thứ ").split()[0]
    ordinal = {"đầu": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4}.get(word)

    def end_of_week(year: int) -> datetime.date:
        # Weeks of seven days from the first, as `tuần đầu tháng` is commonly counted; the last ends the month.
        last = month_end(year, month)
        number = ordinal or (int(word) if word.isdigit() else 5)
        return min(last, datetime.date(year, month, 1) + datetime.timedelta(days=7 * number - 1))

    return _dated(
        reader.placed(match["year"], end_of_week), "date", "day", reason="part_of_period", repairs=repairs
    )


def _build_month(match: re.Match[str], reader: Reader) -> Deadline | None:
    month, repairs = _month(match["month"])
    if month is None:
        return None
    placed = reader.placed(match["year"], lambda year: month_end(year, month))
    return _dated(placed, "month", "month", repairs=repairs)


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
        return _dated(placed, "date", "day", reason="part_of_period", repairs=repairs)
    placed = reader.placed(match["year"], lambda year: month_end(year, 3 * quarter))
    relation: Relation = "by" if part == "hết" else "none"
    several = re.search(r"[,–\-+]|\bvà\b|\bđến\b", match[0][: match.start("quarter") - match.start()])
    if several:
        return _dated(placed, "date", "span", repairs=repairs, relation=relation)
    return _dated(placed, "quarter", "quarter", repairs=repairs, relation=relation)


def _build_months_of_year(match: re.Match[str], reader: Reader) -> Deadline | None:
    count = {"ba": 3, "sáu": 6, "chín": 9}.get(match["count"].lower()) or read_number(match["count"])[0]
    if count is None or not 1 <= count <= 12:
        return None
    month = 12 if (match["part"] or "").lower() == "cuối" else count
    placed = reader.placed(match["year"], lambda year: month_end(year, month))
    return _dated(placed, "date", "half" if count == 6 else "span")


def _build_half_year(match: re.Match[str], reader: Reader) -> Deadline | None:
    month = 6 if match["part"].lower() == "đầu" else 12
    return _dated(reader.placed(match["year"], lambda year: month_end(year, month)), "date", "half")


def _build_years(match: re.Match[str], reader: Reader) -> Deadline | None:
    first, last = read_number(match["year1"])[0], read_number(match["year"])[0]
    if first is None or last is None or last < first:
        return None
    relation: Relation = "from_to" if (match["term"] or "").lower().startswith("từ") else "none"
    placed = reader.placed(match["year"], lambda year: datetime.date(year, 12, 31))
    return _dated(placed, "date", "span", relation=relation)


_PARTS_OF_YEAR = {"đầu": (1, 1), "giữa": (6, 30)}


def _build_year(match: re.Match[str], reader: Reader) -> Deadline | None:
    part = (match.groupdict().get("part") or "").lower()
    month, day = _PARTS_OF_YEAR.get(part, (12, 31))
    year = match["year"] if "year" in match.re.groupindex else None
    placed = reader.placed(year, lambda year: datetime.date(year, month, day))
    if part in _PARTS_OF_YEAR:
        return _dated(placed, "date", "day", reason="part_of_period")
    return _dated(placed, "year", "year", relation="by" if part == "hết" else "none")


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

    return _dated(reader.placed(match["year"], day_in), "date", "day")


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


def _anchor(tail: str) -> Anchor:
    """What a period runs from: the letter's receipt or issue, an act's entry into force, or another event."""
    lower = tail.lower()
    if "hiệu lực" in lower:
        return "effective"
    if re.search(
        r"nhận(?: được)?(?: đủ)?\s+(?:\w+\s+){0,3}(?:văn bản|công văn|thông báo|chỉ thị|quyết định|này)", lower
    ):
        return "received"
    if re.search(r"(?:ký|ban hành|phát hành)(?!\s+(?:kết luận|luật))|ngày văn bản", lower):
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


BUILDERS: dict[str, _Builder] = {
    "range": _build_range,
    "range_of_dates": _build_range,
    "range_of_days": _build_range,
    "hour": _build_hour,
    "clock": _build_clock,
    "day_near": _build_clock,
    "weekday": _build_weekday,
    "date": _build_date,
    "date_dash": _build_date,
    "date_in_words": _build_date_in_words,
    "blank_day": _build_blank_day,
    "day_of_month": _build_day_of_month,
    "part_of_month": _build_part_of_month,
    "week_of_month": _build_week_of_month,
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
    "named_day": _build_named_day,
    "named_season": _build_event,
    "lunar_day": _build_before_event,
    "duration": _build_duration,
    "duration_bare": _build_duration,
    "duration_cell": _build_duration,
    "ahead": _build_ahead,
    "recurring_day": _build_recurring,
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


COUNT_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười lăm": 15, "ba mươi": 30,
}  # fmt: skip


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day number some months on, or that month's last day (Civil Code 2015 art. 148.2)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
