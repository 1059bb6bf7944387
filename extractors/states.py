"""What offices write of a task's state: in a column of states, of progress, or by a mark under a state's name."""

import datetime
import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Literal

from extractors import deadlines, marks
from extractors.tables import Columns, Row
from models import Cell

State = Literal["open", "done", "cancelled", "superseded"]

_LATE = re.compile(
    r"(?<!không )(?<!chưa )(?:quá(?! trình(?!\w))|trễ|chậm|muộn)(?!\w)|(?:không|chưa) đúng hạn|(?<!\w)late(?!\w)"
)
_IN_TIME = re.compile(
    r"(?:(?<!không )(?<!chưa )(?:đúng|trước|trong)|không (?:quá|trễ|chậm)) (?:thời )?hạn"
    r"|(?<!không )(?:đúng|vượt) tiến độ|(?<!\w)(?:in|on) time(?!\w)"
)

_DONE_ON = re.compile(
    r"(?:xong|hoàn thành|hoàn tất|kết thúc)(?: (?:vào|từ))?,?:? (?:ngày )?"
    r"(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)(?!\d)"
)
# A cell that holds a day and nothing else; one that holds no more than that it is done.
_DAY = re.compile(r"(?:ngày )?(?P<day>\d{1,2}[/.-]\d{1,2}(?:[/.-]20\d\d)?)", re.IGNORECASE)
_DONE = re.compile(r"(?:đã )?(?:hoàn thành|xong)", re.IGNORECASE)


@cache
def _patterns() -> tuple[tuple[State, re.Pattern[str]], ...]:
    data = tomllib.loads(resources.files("extractors").joinpath("data/states.toml").read_text("utf-8"))
    return tuple((entry["state"], re.compile("|".join(entry["patterns"]))) for entry in data["state"])


def read(words: str) -> State | None:
    """The state that words name; None where they speak of something else (`Đã trình UBND tỉnh`)."""
    folded = " ".join(unicodedata.normalize("NFC", words).lower().split()).strip(" .;,")
    return next((state for state, pattern in _patterns() if pattern.search(folded)), None)


def in_time(words: str) -> bool | None:
    """Whether words about a task that is done say that it was in time; None where they say neither, or both."""
    plain = " ".join(unicodedata.normalize("NFC", words).lower().split())
    late, timely = _LATE.search(plain) is not None, _IN_TIME.search(plain) is not None
    return None if late == timely else timely


def done_on(words: str) -> datetime.date | None:
    """The day on which words say that something was done (`Đã hoàn thành ngày 20/5/2026`)."""
    found = _DONE_ON.search(unicodedata.normalize("NFC", words).lower())
    try:
        return datetime.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def said(row: Row, found: Columns, *, told_by: datetime.date | None = None) -> str | None:
    """What a row says of how far its task is: the words of all such columns, a mark by the name over it.

    `told_by`: the day of the letter; then also the day up to it that a column of its own tells, unless the words
    say that the task is not done.
    """
    parts = []
    for column, cell in _cells(row, found, "progress"):
        if marks.is_mark(cell.text) and found.names:
            parts.append(" ".join(found.names[column].split()))
        else:
            parts.append(" ".join(cell.text.split()))
    for _, cell in _cells(row, found, "done_on") if told_by is not None else ():
        day = _DAY.fullmatch(cell.text.strip())
        stated = deadlines.read_cell(cell.text, deadlines.DeadlineContext(issued=told_by)).date
        is_open = any(read(part) not in (None, "done") for part in parts)
        if day is None or stated is None or told_by is None or stated > told_by or is_open:
            continue
        if parts and _DONE.fullmatch(parts[-1]):
            parts[-1] = f"{parts[-1]} ngày {day['day']}"
        else:
            parts.append(f"hoàn thành ngày {day['day']}")
    return "; ".join(dict.fromkeys(part for part in parts if part)) or None


def state_of(row: Row, found: Columns) -> State | None:
    """The state that the columns of a row agree on; a column that names none, or but `open`, gives way."""
    named: set[State] = set()
    for column, cell in _cells(row, found, "progress"):
        words = found.names[column] if marks.is_mark(cell.text) and found.names else cell.text
        if (state := read(words)) is not None:
            named.add(state)
    settled = named - {"open"} or named
    return settled.pop() if len(settled) == 1 and not ("open" in named and "done" in named) else None


def day_done(row: Row, found: Columns) -> datetime.date | None:
    """The day on which a row says that its task was done: in a column of its own, or in words of progress."""
    for _, cell in _cells(row, found, "done_on"):
        stated = deadlines.read_cell(cell.text, deadlines.DeadlineContext())
        if stated.date is not None:
            return stated.date
    return next((day for _, cell in _cells(row, found, "progress") if (day := done_on(cell.text))), None)


def _cells(row: Row, found: Columns, meaning: str) -> list[tuple[int, Cell]]:
    return [
        (column, cell)
        for column, known in enumerate(found.meanings)
        if known == meaning and (cell := row.cells[column]) is not None and cell.text
    ]
