"""What words of time mean, and the calendar behind them: months, weekdays, hours, counts, years left out."""

import calendar
import datetime
import re
from collections.abc import Callable
from typing import Any

import msgspec

from models import Deadline, DeadlineKind, Grain


class Reader:
    """Builds dates against the day the letter was issued. `month_first`: numeric dates are month, day, year.

    `year`: whose days those without a year are, past or not (the year of a list of tasks); else the letter's.
    """

    def __init__(self, issued: datetime.date | None, month_first: bool = False, year: int | None = None) -> None:
        self.issued = issued
        self.month_first = month_first
        self.year = year

    def placed(self, written_year: str | None, last_day: Callable[[int], datetime.date]) -> "Placed":
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
            return Placed(None, reason, repairs)
        try:
            day = last_day(year)
            if reason == "letters_year" and self.year is None and self.issued and day < self.issued:
                return Placed(last_day(year + 1), "next_year", repairs)
            return Placed(day, reason, repairs)
        except ValueError:
            return Placed(None, "no_such_day", repairs)


class Placed(msgspec.Struct, frozen=True):
    """A day put into a year, or why there is none."""

    date: datetime.date | None
    reason: str | None = None
    repairs: tuple[str, ...] = ()


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


def month_number(written: str) -> tuple[int | None, tuple[str, ...]]:
    """The month that a word or number names, and what was mended in it."""
    word = " ".join(written.lower().split())
    if word in _MONTH_WORDS:
        return _MONTH_WORDS[word], ()
    month, repairs = read_number(written)
    return (month, repairs) if month is not None and 1 <= month <= 12 else (None, ())


def month_end(year: int, month: int) -> datetime.date:
    """The last day of a month."""
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def dated(placed: Placed, kind: DeadlineKind, grain: Grain, reason: str | None = None, **fields: Any) -> Deadline:
    """What a day put into its year says as a deadline."""
    repairs = placed.repairs + tuple(fields.pop("repairs", ()))
    return Deadline(
        kind=kind, date=placed.date, grain=grain, reason=placed.reason or reason, repairs=repairs, **fields
    )


def read_time(written: str) -> datetime.time | None:
    """The time of day; 24h00 is the last minute of the day."""
    numbers = [int(n) for n in re.findall(r"[0-9]+", written)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour == 24:
        return datetime.time(23, 59)
    return datetime.time(hour, minute) if hour < 24 and minute < 60 else None


_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "nhật": 6}


def weekday_number(written: str) -> int:
    """Monday is 0: `thứ Hai` or `thứ 2`, also where the space was lost; Sunday, `Chủ nhật`, is 6."""
    word = written.lower()
    named = (day for name, day in _WEEKDAYS.items() if word.endswith(name))
    found = next(named, None)
    return found if found is not None else int(word[-1]) - 2


def next_weekday(after: datetime.date, weekday: int) -> datetime.date:
    """The first such weekday behind a day."""
    return after + datetime.timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


COUNT_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười lăm": 15, "ba mươi": 30,
}  # fmt: skip


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day number some months on, or that month's last day (Civil Code 2015 art. 148.2)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
