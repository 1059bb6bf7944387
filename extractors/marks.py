"""Marks in task tables: an `x` under `Tháng 9`, `Quý III` or `Đã hoàn thành` says what the header names."""

import re
from collections.abc import Sequence

from extractors import phrases

MARK = "x"
"""What a cell that is marked by its colour alone is read as."""

_MARK = re.compile(r"[xX×✓✔√☑☒v+*•●■]")
_PERIOD = re.compile(r"(?:tháng|t\.?) ?0?(?P<month>1[0-2]|[1-9])|(?:quý|q\.?) ?(?P<quarter>iv|i{1,3}|[1-4])")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def is_mark(text: str) -> bool:
    """Whether a cell's text is a mark and nothing more."""
    return _MARK.fullmatch(text.strip()) is not None


def only_marks(texts: Sequence[str]) -> bool:
    """Whether a column holds marks; an empty one may hold them."""
    return all(is_mark(text) for text in texts if text.strip())


def last_month(header: str) -> int | None:
    """The last month of the period that a header names (`Tháng 9`, `T9`, `Quý III`); None for other headers."""
    found = _PERIOD.fullmatch(" ".join(phrases.fold(header).split()).strip(" .:"))
    if found is None:
        return None
    if found["month"]:
        return int(found["month"])
    return 3 * (_QUARTERS.get(found["quarter"]) or int(found["quarter"]))
