"""The letter that assigned a task: of a row of a report it is another than the one in which the row stands."""

from collections.abc import Callable
from typing import Any

# Of what a report tells: the first letter in the task's chain that assigns it, and came no later.
ASSIGNED_IN = """(
    SELECT told.task_id, min(l.issued_date) AS assigned_on,
        arg_min(letter_code(l.code_number, l.code_notation), (l.issued_date, one.ordinal)) AS assigned_in
    FROM chains told
    JOIN tasks row_told ON row_told.task_id = told.task_id
    JOIN letters report ON report.letter_id = row_told.letter_id
    JOIN chains same ON same.chain = told.chain
    JOIN tasks one ON one.task_id = same.task_id AND one.status = 'current'
    JOIN letters l ON l.letter_id = one.letter_id
    WHERE tells(report.doc_type, row_told.reported) AND NOT tells(l.doc_type, one.reported)
        AND l.code_notation IS NOT NULL AND l.issued_date <= report.issued_date
    GROUP BY told.task_id
)"""


def assigning_letter(task: dict[str, Any], say: Callable[..., str]) -> str:
    """The letter that assigned a task, in the words of `say`.

    As the task's own letter says it; else that letter, but of a report's row the letter that assigned it, where
    links tell it. A file goes by its name where its number is unknown.
    """
    if task["source_doc"]:
        return str(task["source_doc"])
    if task["assigned_in"]:
        return _dated(task["assigned_in"], task["assigned_on"])
    symbol = "/".join(part for part in (task["code_number"], task["code_notation"]) if part)
    letter = _dated(symbol, task["issued_date"]) if task["code_notation"] else str(task["document"])
    return say("workbook.told_in", letter=letter) if task["is_report"] else letter


def _dated(symbol: str, day: Any) -> str:
    return f"{symbol} ({day:%d/%m/%Y})" if day else symbol
