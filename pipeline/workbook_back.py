"""What offices filled in, read back from workbooks that were written here, wherever its columns were moved to."""

import datetime
import io
import zipfile
from collections.abc import Container, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from pipeline import days, state_names
from pipeline.errors import WrongUse
from pipeline.reading.limits import Limits
from pipeline.texts import every, text
from pipeline.workbooks import BASE_SHEET, COMPUTED, EMPTY, FROM_OFFICE, NOT_FROM_OFFICE, STATES_READ

_DAYS_OF_OUR_TIME = range(36_526, 73_051)
"""Numbers of days from 2000 to 2099, as spreadsheets count them."""


class Row(msgspec.Struct, frozen=True):
    """What an office's row says of a task; dates are dates, None is an empty cell.

    `letters`: the columns of the letter's and those that follow from others, as words. `state_words`: what stands
    under `state` where that is no state's name alone. `formulas`: cells whose value the file does not hold.
    `task_id` is empty in a row that somebody added.
    """

    task_id: str
    values: dict[str, Any]
    place: str
    letters: dict[str, str] = {}
    state_words: str = ""
    formulas: dict[str, str] = {}


def is_ours(path: Path, known: Container[str]) -> bool:
    """Whether a file is a workbook that was written here, or holds its rows: ids of tasks that are `known`.

    Raises WrongUse where it is no workbook.
    """
    if BASE_SHEET in _open(path).sheetnames:
        return True
    try:
        return any(row.task_id in known for row in read_rows(path))
    except WrongUse:
        return False


def read_base(path: Path) -> dict[str, dict[str, Any]]:
    """What a workbook of ours was written with: task id → values of the columns that are read back.

    Empty where its rows were copied into another workbook.
    """
    book = _open(path)
    if BASE_SHEET not in book.sheetnames:
        return {}
    sheet = book[BASE_SHEET]
    columns = (*FROM_OFFICE, *NOT_FROM_OFFICE, *COMPUTED)
    found = {}
    for task_id, *values in sheet.iter_rows(values_only=True, max_col=1 + len(columns)):
        # Empty cells at the end of a row may be left out of the file.
        given = dict(zip_longest(columns, values))
        found[str(task_id)] = {column: _value(column, given[column]) for column in FROM_OFFICE}
        # Workbooks of before do not say what the letter's columns were: a task always has words.
        if given["task"] is not None:
            found[str(task_id)] |= {column: _words(given[column]) for column in NOT_FROM_OFFICE}
        told = {column: _words(given[column]) for column in COMPUTED if given[column] is not None}
        found[str(task_id)] |= {column: "" if words == EMPTY else words for column, words in told.items()}
    return found


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a workbook of ours, on all its sheets, wherever its columns were moved to, in either language.

    Raises WrongUse where no sheet has the column of ids any more.
    """
    not_taken = (*NOT_FROM_OFFICE, *COMPUTED)
    wanted = (*FROM_OFFICE, *not_taken, "task_id")
    headers = {said: column for column in wanted for said in every(f"workbook.{column}")}
    has_ids = False
    for sheet, as_typed in zip(_open(path).worksheets, _open(path, formulas=True).worksheets, strict=True):
        if sheet.title == BASE_SHEET:
            continue
        columns: dict[int, str] = {}
        both = zip(sheet.iter_rows(values_only=True), as_typed.iter_rows(values_only=True), strict=True)
        for number, (cells, typed) in enumerate(both, 1):
            if "task_id" not in columns.values():
                columns = {n: headers[str(c).strip()] for n, c in enumerate(cells) if str(c).strip() in headers}
                continue
            has_ids = True
            row = {column: cells[n] for n, column in columns.items() if n < len(cells)}
            values = {column: _value(column, row[column]) for column in FROM_OFFICE if column in row}
            letters = {column: _words(row[column]) for column in not_taken if column in row}
            formulas = {
                column: str(typed[n])
                for n, column in columns.items()
                if n < len(typed) and cells[n] is None and str(typed[n] or "").startswith("=")
            }
            task_id = str(row.get("task_id") or "").strip()
            if task_id or letters.get("task"):
                said = _more_than_a_state(row.get("state"))
                yield Row(task_id, values, f"{sheet.title}!{number}", letters, said, formulas)
    if not has_ids:
        raise WrongUse("no_id_column", path=path, column=text("workbook.task_id"))


def _value(column: str, value: Any) -> Any:
    """A cell's value as the register keeps it: a state's code, an ISO date, a text; None for nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if column == "state":
        # In other words, too, as offices write: `Xong`, `Đang làm`.
        return _states().get(_words(value).casefold()) or state_names.read(str(value))
    if column in ("done_on", "office_due"):
        return _day(value)
    return " ".join(str(value).split()) if not isinstance(value, float) else f"{value:g}"


def _states() -> dict[str, str]:
    return {said.casefold(): state for state in STATES_READ for said in every(f"workbook.state_{state}")}


def _more_than_a_state(value: Any) -> str:
    """What a cell of states says where it is not a state's name alone (`Tạm dừng`, `Hoàn thành 60%`)."""
    words = _words(value)
    return "" if not words or words.casefold() in _states() or state_names.is_name(words) else words


def _words(value: Any) -> str:
    """A cell's value as one line, so that what a spreadsheet does to it is no change."""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    return (
        "" if value is None else " ".join(f"{value:g}".split() if isinstance(value, float) else str(value).split())
    )


def _day(value: Any) -> str:
    """A day as ISO; what cannot be read as one keeps a question mark before it."""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float) and value in _DAYS_OF_OUR_TIME:
        # A day in a cell that was set to show numbers.
        return str(from_excel(value).date())
    found = days.read(str(value))
    return found.isoformat() if found else f"?{value}"


def _open(path: Path, *, formulas: bool = False) -> Any:
    """The workbook with what its cells show, or with `formulas` as they were typed."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > Limits().unpacked_bytes:
            raise ValueError(f"{unpacked} bytes unpacked")
        return load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=not formulas)
    except Exception as error:
        # openpyxl raises whatever its ZIP and XML readers raise.
        raise WrongUse("no_workbook", path=path) from error
