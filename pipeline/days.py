"""Days: what clocks in Vietnam show, and how people write them."""

import datetime
import re
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DAY = re.compile(r"\s*(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))\s*", re.ASCII)


def read(words: str) -> datetime.date | None:
    """The day of `30/6/2026` (day first, as in Vietnam; also with dots or dashes) or `2026-06-30`; else None."""
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
