"""Deadlines in cells of tables, where no word of deadline is needed: `Quý III`, `6/30/2025`, a serial number."""

import datetime
import re
from collections.abc import Sequence

import msgspec

from extractors import citations
from extractors.calendar_words import Reader
from extractors.complete_dates import complete_date
from extractors.deadline_governors import Governor, governor_before
from extractors.deadline_grammar import load_grammar
from extractors.due_dates import DeadlineContext
from extractors.time_expressions import scan
from models import Deadline


def read_cell(text: str, context: DeadlineContext, month_first: bool = False) -> Deadline:
    """What a cell of a deadline column says; `text` of the result is the whole cell.

    No word of deadline is needed. Several dates: the latest. `month_first`: the column writes 6/30/2025
    (`month_first_column`). Kind `none` comes with a reason: `blank`, `same_as_above` (the caller looks up),
    `start_only` (`từ tháng 9/2025`), `refers_elsewhere` (`theo tiến độ`), `vague`, `unread`.
    """
    written = _BROKEN_YEAR.sub("", " ".join(text.split()))
    cell = load_grammar().cell
    for reason in ("blank", "same"):
        if cell[reason].search(written):
            return Deadline(text=written or None, reason="same_as_above" if reason == "same" else "blank")
    deadline = _spreadsheet_value(written) or _cell_phrase(
        written, Reader(context.issued, month_first, context.year)
    )
    if deadline is None:
        reasons = (reason for reason in ("start_only", "elsewhere", "vague") if cell[reason].search(written))
        reason = next(reasons, "unread")
        return Deadline(text=written, reason="refers_elsewhere" if reason == "elsewhere" else reason)
    return msgspec.structs.replace(deadline, text=written, start=0, end=len(text), standing="completion")


# `31/12/202 6`: a narrow column breaks the year over two lines.
_BROKEN_YEAR = re.compile(r"(?<=/[12]\d\d)\s(?=\d(?:$|[\s,;.)]))|(?<=/20)\s(?=\d\d(?:$|[,;.)]))")


def month_first_column(cells: Sequence[str]) -> bool:
    """Whether a column of dates puts the month first, as a spreadsheet in US locale does (6/30/2025).

    True when a date can only be read so and none can only be read the other way.
    """
    pairs = [(int(m[1]), int(m[2])) for cell in cells for m in _NUMERIC_DATE.finditer(cell)]
    return any(a <= 12 < b for a, b in pairs) and not any(b <= 12 < a for a, b in pairs)


_NUMERIC_DATE = re.compile(r"(?<![0-9/])([0-9]{1,2})/([0-9]{1,2})/(?:[0-9]{4}|[0-9]{2})(?![0-9/])")
_ISO_DATE = re.compile(r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})(?:[ T][0-9:.]{5,15})?")
_SERIAL = re.compile(r"([3-6][0-9]{4})(?:\.0)?")
_MONTH_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},? )?"
    r"(?:[0-9]{1,2}[ \-](?:[A-Za-z]{3,9}|thg ?[0-9]{1,2})[ \-][0-9]{2,4}|[A-Za-z]{3,9} [0-9]{1,2}, [0-9]{4})"
)
_BARE_YEAR = re.compile(r"(20[0-9]{2})\.?")

# Serial numbers of spreadsheets count days from here (their year 1900 has a 29 February that never was).
_SERIAL_EPOCH = datetime.date(1899, 12, 30)


def _spreadsheet_value(written: str) -> Deadline | None:
    """A date as a spreadsheet stores or prints it: ISO with midnight, a serial number, or a bare year."""
    if iso := _ISO_DATE.fullmatch(written):
        try:
            day = datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return Deadline(kind="date", grain="day", rule="cell.iso", reason="no_such_day")
        return Deadline(kind="date", date=day, relation="on", grain="day", rule="cell.iso")
    if serial := _SERIAL.fullmatch(written):
        day = _SERIAL_EPOCH + datetime.timedelta(days=int(serial[1]))
        return Deadline(
            kind="date", date=day, relation="on", grain="day", rule="cell.serial", reason="spreadsheet_serial"
        )
    if _MONTH_NAMED.fullmatch(written) and (named := complete_date(written)):
        return Deadline(kind="date", date=named, relation="on", grain="day", rule="cell.month_named")
    if year := _BARE_YEAR.fullmatch(written):
        return Deadline(
            kind="year",
            date=datetime.date(int(year[1]), 12, 31),
            relation="within",
            grain="year",
            rule="cell.year",
        )
    return None


def _cell_phrase(written: str, reader: Reader) -> Deadline | None:
    """The deadline of a cell in words: what recurs first, then the latest date, then periods and events."""
    masked = citations.mask(written)
    recurring: list[Deadline] = []
    dated: list[Deadline] = []
    other: list[Deadline] = []
    refused = load_grammar().refusals["before"]
    for expression in scan(masked, reader):
        assert expression.start is not None
        governor = governor_before(masked, expression.start)
        if expression.kind == "recurring":
            recurring.append(expression)
        elif expression.kind == "relative":
            other.append(expression)
        elif not refused.search(masked[: governor.start if governor else expression.start]):
            dated.append(_cell_relation(expression, governor))
    if recurring and (not dated or (recurring[0].start or 0) <= (dated[0].start or 0)):
        return recurring[0]
    if dated:
        last = max(dated, key=lambda d: d.date or datetime.date.min)
        if last.reason is None and load_grammar().cell["later_years"].search(masked):
            return msgspec.structs.replace(last, reason="and_later_years")
        return last
    return next(iter(recurring + other), None)


def _cell_relation(expression: Deadline, governor: Governor | None) -> Deadline:
    relation = expression.relation
    if relation == "none" and governor is not None:
        relation = governor.relation
    if relation in ("none", "within"):
        relation = "on" if expression.grain in ("day", "hour") else "within"
    return msgspec.structs.replace(expression, relation=relation)
