"""The one door to dateparser: complete dates that our own grammar has isolated.

Given a phrase, dateparser prefers a wrong date to none (`trước` means *ago* to it, a lone month is filled from
today), so it only ever sees a string that is a day, a month and a year, and nothing else.
"""

import datetime
from functools import lru_cache
from typing import Any

import dateparser


@lru_cache(maxsize=4096)
def complete_date(written: str, *, month_first: bool = False) -> datetime.date | None:
    """The date of `30/6/2025`, `30 tháng 6 năm 2025`, `30-Jun-25`; None where it is none, or not complete."""
    settings: Any = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "MDY" if month_first else "DMY",
        "PREFER_LOCALE_DATE_ORDER": False,
    }
    parsed = dateparser.parse(written, languages=["vi", "en"], settings=settings)
    return parsed.date() if parsed else None
