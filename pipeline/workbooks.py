"""Excel workbooks in the layout offices use. What comes back in them: `workbook_back`.

A written workbook carries every task's id in a hidden column and, on a hidden sheet, the values it was written
with: what an office changed in it can be told from what changed here since.
"""

import datetime
import re
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from extractors.marks import MARK
from pipeline.assigning import assigning_letter
from pipeline.errors import WrongUse
from pipeline.reading.xlsx import OWN_SHEET
from pipeline.texts import text

BASE_SHEET = OWN_SHEET
"""Name of the hidden sheet that says what the workbook was written with."""

MOST_ROWS = 1_000_000
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
HEADER_ROW = 3
LINE_POINTS = 15.0
CHARACTERS_A_WIDTH = 1.3
"""Letters of the text font that fit into one unit of a column's width."""
_NUMBER_FORMATS = {"date": "dd/mm/yyyy", "float": "0.00"}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
_THIN = Side(style="thin", color="808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", fgColor="D9E2EC")
_OVERDUE_FILL = PatternFill("solid", fgColor="F8CBAD")
_TEXT_FONT = "Times New Roman"

# Column code → width in characters. The hidden id comes last.
COLUMNS: dict[str, int] = {
    "number": 5,
    "task": 48,
    "lead": 19,
    "coop": 19,
    "deadline": 12,
    "source": 16,
    "result": 16,
    "state": 12,
    "standing": 12,
    "done_on": 13,
    "office_due": 13,
    "progress": 16,
    "note": 14,
    "ours": 7,
    "role": 11,
    "task_id": 18,
}
REVIEW_COLUMNS: dict[str, int] = {
    "number": 5,
    "task": 60,
    "confidence": 10,
    "confidence_text": 10,
    "confidence_lead": 10,
    "confidence_deadline": 10,
    "reasons": 45,
    "document": 30,
    "page": 7,
    "task_id": 18,
}
STATES = ("open", "done", "cancelled", "superseded")
STATES_READ = (*STATES, "done_in_time", "done_late")
"""What an office may write there: of what is done also whether in time, where it does not say when."""

FROM_OFFICE = ("state", "done_on", "office_due", "progress", "note")
"""Columns that are read back."""

NOT_FROM_OFFICE = ("task", "lead", "coop", "deadline", "source", "result")
"""Columns that are the letter's: what is changed in them is said, and not taken."""

COMPUTED = ("standing", "ours", "role")
"""Columns that follow from others, likewise."""

EMPTY = "-"
"""What the hidden sheet says of an empty cell of these: workbooks of before say nothing of them at all."""


def write(
    tasks: Sequence[dict[str, Any]],
    path: Path,
    *,
    day: datetime.date,
    by_agency: bool = False,
    reviewers: bool = False,
) -> int:
    """Write tasks as a workbook; returns how many. `day` is the day on which overdue is told.

    `tasks` are as `export.rows` gives them. `by_agency` adds a sheet for each leading body, `reviewers` one with
    confidence and reasons. Raises WrongUse where there are more rows than a sheet holds.
    """
    if len(tasks) > MOST_ROWS:
        raise WrongUse("too_many_rows", rows=len(tasks), most=MOST_ROWS)
    book = Workbook(write_only=True)
    names: set[str] = {BASE_SHEET}
    _tasks_sheet(book, _sheet_name(text("workbook.sheet_tasks"), names), text("workbook.title"), tasks, day)
    if by_agency:
        groups: dict[str, list[dict[str, Any]]] = {}
        for task in tasks:
            for lead in task["lead_bodies"] or [text("workbook.no_lead")]:
                groups.setdefault(lead, []).append(task)
        for lead in sorted(groups, key=lambda lead: (not _is_ours(groups[lead]), lead)):
            _tasks_sheet(book, _sheet_name(lead, names), lead, groups[lead], day)
    if reviewers:
        _review_sheet(book, _sheet_name(text("workbook.sheet_review"), names), tasks)
    base = book.create_sheet(BASE_SHEET)
    base.sheet_state = "veryHidden"
    for task in tasks:
        values = [base_value(task, column) for column in FROM_OFFICE]
        values += [_shown(task, column, 0) for column in NOT_FROM_OFFICE]
        values += [_shown(task, column, 0) or EMPTY for column in COMPUTED]
        base.append([_cell(base, value) for value in (task["task_id"], *map(_iso, values))])
    book.save(path)
    return len(tasks)


def _is_ours(tasks: Sequence[dict[str, Any]]) -> bool:
    """Whether the tasks of a leading body are those of our own: we lead most of them."""
    led: int = sum(task["our_role"] == "leads" for task in tasks)
    return 2 * led > len(tasks)


def base_value(task: dict[str, Any], column: str) -> Any:
    """What a task of the register says in a column that is read back."""
    return task[{"office_due": "office_due_date", "progress": "progress_shown"}.get(column, column)]


def _tasks_sheet(
    book: Workbook, name: str, title: str, tasks: Sequence[dict[str, Any]], day: datetime.date
) -> None:
    sheet = _sheet(book, name, COLUMNS, len(tasks))
    sheet.column_dimensions[get_column_letter(len(COLUMNS))].hidden = True
    states = ",".join(text(f"workbook.state_{state}") for state in STATES)
    choice = DataValidation(type="list", formula1=f'"{states}"', allow_blank=True)
    letter = get_column_letter(list(COLUMNS).index("state") + 1)
    choice.add(f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + max(len(tasks), 1)}")
    sheet.data_validations.append(choice)
    sheet.append([_cell(sheet, title, bold=True, size=14)])
    sheet.append([_cell(sheet, text("workbook.as_of", day=f"{day:%d/%m/%Y}"), italic=True)])
    sheet.row_dimensions[HEADER_ROW].height = 2 * LINE_POINTS
    sheet.append([_header(sheet, text(f"workbook.{column}")) for column in COLUMNS])
    for number, task in enumerate(tasks, 1):
        fill = _OVERDUE_FILL if task["late"] else None
        values = [_shown(task, column, number) for column in COLUMNS]
        sheet.row_dimensions[HEADER_ROW + number].height = _height(values, COLUMNS)
        sheet.append([_cell(sheet, value, fill=fill, framed=True) for value in values])


def _shown(task: dict[str, Any], column: str, number: int) -> Any:
    match column:
        case "number":
            return number
        case "task":
            return task["text"]
        case "lead" | "coop":
            return "; ".join(task[column])
        case "deadline":
            is_day = task["due_date"] is not None and task["deadline_kind"] != "recurring"
            return task["due_date"] if is_day else task["deadline_text"]
        case "source":
            return assigning_letter(task, text)
        case "state":
            return text(f"workbook.state_{task['state']}")
        case "standing":
            return text(f"workbook.standing_{task['standing']}") if task["standing"] else None
        case "ours":
            # What we only cooperate in is another body's to be late with.
            return MARK if task["our_role"] not in (None, "cooperates") else None
        case "role":
            return text(f"csv.role_{task['our_role']}") if task["our_role"] else None
        case "office_due" | "progress":
            return base_value(task, column)
        case _:
            return task[column]


def _review_sheet(book: Workbook, name: str, tasks: Sequence[dict[str, Any]]) -> None:
    sheet = _sheet(book, name, REVIEW_COLUMNS, len(tasks), header_row=1)
    sheet.column_dimensions[get_column_letter(len(REVIEW_COLUMNS))].hidden = True
    sheet.row_dimensions[1].height = 2 * LINE_POINTS
    sheet.append([_header(sheet, text(f"workbook.{column}")) for column in REVIEW_COLUMNS])
    for number, task in enumerate(tasks, 1):
        values = {
            **task,
            "number": number,
            "task": task["text"],
            "reasons": "; ".join(
                text(f"reasons.{code}").removeprefix("reasons.").rstrip(".") for code in task["reasons"]
            ),
        }
        shown = [values[column] for column in REVIEW_COLUMNS]
        sheet.row_dimensions[1 + number].height = _height(shown, REVIEW_COLUMNS)
        sheet.append([_cell(sheet, value, framed=True) for value in shown])


def _sheet(
    book: Workbook, name: str, columns: dict[str, int], rows: int, header_row: int = HEADER_ROW
) -> Worksheet:
    """A sheet for A4 landscape: header frozen and repeated, filters, one page wide."""
    sheet = book.create_sheet(name)
    for number, width in enumerate(columns.values(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    last = get_column_letter(len(columns))
    sheet.freeze_panes = f"A{header_row + 1}"
    sheet.auto_filter.ref = f"A{header_row}:{last}{header_row + rows}"
    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # Without the hidden column, which would narrow the others.
    sheet.print_area = f"A1:{get_column_letter(len(columns) - 1)}{header_row + max(rows, 1)}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.oddFooter.center.text = "&P/&N"
    return sheet


def _header(sheet: Worksheet, value: str) -> Any:
    cell = _cell(sheet, value, bold=True, fill=_HEADER_FILL)
    cell.border = _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _cell(
    sheet: Worksheet,
    value: Any,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 11,
    fill: PatternFill | None = None,
    framed: bool = False,
) -> Any:
    """A cell that shows `value` and never runs it: text is text, whatever it begins with."""
    if isinstance(value, str):
        value = _CONTROL.sub(" ", value)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value)
    kind = "date" if isinstance(value, datetime.date) else "mark" if value == MARK else type(value).__name__
    is_formula_like = isinstance(value, str) and value.startswith(_FORMULA)
    look = (bold, italic, size, fill is not None, framed, kind, is_formula_like)
    # Openpyxl takes its time over every style: each look is made once a workbook.
    looks: dict[Any, Any] = sheet.parent.__dict__.setdefault("looks", {})
    if look in looks:
        cell._style = copy(looks[look])
    else:
        cell.font = Font(name=_TEXT_FONT, size=size, bold=bold, italic=italic)
        # Kept as text when somebody edits it, too.
        cell.quotePrefix = is_formula_like
        if kind in _NUMBER_FORMATS:
            cell.number_format = _NUMBER_FORMATS[kind]
        if framed:
            cell.border = _BORDER
            across = "general" if kind == "str" else "center"
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=across)
        if fill is not None:
            cell.fill = fill
        looks[look] = copy(cell._style)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _height(values: Sequence[Any], columns: dict[str, int]) -> float:
    """Points a row needs for its longest cell: not every program fits rows by itself."""
    lines = [
        -(-len(value) // int(width * CHARACTERS_A_WIDTH))
        for value, width in zip(values, columns.values(), strict=True)
        if isinstance(value, str)
    ]
    return LINE_POINTS * max([1, *lines])


def _sheet_name(name: str, taken: set[str]) -> str:
    """`name` as a sheet's name that Excel takes and no other sheet has; noted in `taken`."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", _CONTROL.sub(" ", name)).strip(" '") or "-"
    if len(plain) > LONGEST_SHEET_NAME:
        # Bodies of one kind differ at their ends: `Báo và Phát thanh … tỉnh Lâm Đồng`.
        half = (LONGEST_SHEET_NAME - 1) // 2
        plain = f"{plain[:half].rstrip()}…{plain[-half:].lstrip()}"
    found = plain[:LONGEST_SHEET_NAME].strip()
    number = 2
    while found.casefold() in {other.casefold() for other in taken}:
        ending = f" ({number})"
        found = plain[: LONGEST_SHEET_NAME - len(ending)].strip() + ending
        number += 1
    taken.add(found)
    return found


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
