"""What other letters of a task say beside the row that counts: which assigned it first, how far it is now."""

from collections.abc import Callable
from typing import Any

# The first letter that assigns the task, where the row is of another one: of a report's row also one that assigns
# the whole of which the report tells a part.
ASSIGNED_IN = """(
    SELECT told.task_id,
        arg_min(l.issued_date, (same.whole <> told.whole, one.place)) AS assigned_on,
        arg_min(letter_code(l.code_number, l.code_notation), (same.whole <> told.whole, one.place)) AS assigned_in
    FROM chains told
    JOIN linked_mentions row_told ON row_told.task_id = told.task_id
    JOIN chains same ON same.chain = told.chain AND (same.whole = told.whole OR row_told.is_report)
    JOIN linked_mentions one ON one.task_id = same.task_id AND one.is_counted AND NOT one.is_report
    JOIN letters l ON l.letter_id = one.letter_id
    WHERE l.code_notation IS NOT NULL AND l.issued_date <= row_told.issued_date
    GROUP BY told.task_id
    HAVING arg_min(one.letter_id, (same.whole <> told.whole, one.place)) <> any_value(row_told.letter_id)
)"""

# What the latest letter behind a task's own says on how far the task is, up to a day (null: all), and which it is.
REPORTED_LATER = """(
    SELECT told.task_id, arg_max(
        concat(report.reported_progress, ' (', coalesce(letter_code(l.code_number, l.code_notation), d.name), ')'),
        later.place) AS reported_later
    FROM (SELECT ?::DATE AS day) as_of, linked_mentions told
    JOIN linked_mentions later ON later.whole = told.whole AND later.place > told.place AND later.is_counted
    JOIN tasks report ON report.task_id = later.task_id
    JOIN documents d ON d.document_sha256 = report.document_sha256
    LEFT JOIN letters l ON l.letter_id = later.letter_id
    WHERE report.reported_progress IS NOT NULL AND (as_of.day IS NULL OR later.known_since <= as_of.day)
    GROUP BY told.task_id
)"""


def assigning_letter(task: dict[str, Any], say: Callable[..., str]) -> str:
    """The letter that assigned a task, in the words of `say`.

    As the task's own letter says it; else the first that assigned it, where links tell it; else its own letter.
    A file goes by its name where its number is unknown.
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
