"""Tasks out of the register as they stand now, corrections applied: JSON lines, CSV, Excel, Parquet, iCalendar."""

import contextlib
import csv
import datetime
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb
import msgspec

from extractors.marks import MARK
from pipeline import calendars, workbooks
from pipeline.assigning import ASSIGNED_IN, REPORTED_LATER
from pipeline.errors import NoRoom, WrongUse, os_says
from pipeline.register import today
from pipeline.store import Store
from pipeline.texts import text

TEXT_FORMATS = ("jsonl", "csv")
FORMATS = (*TEXT_FORMATS, "xlsx", "parquet", "ics")
BINARY_FORMATS = ("xlsx", "parquet")
_ENDINGS = {f".{form}": form for form in FORMATS} | {".json": "jsonl", ".ical": "ics"}

_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = ("\t", "\r", "\n")
_UNSEEN = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff\u00ad]+")

CALENDAR_DAYS = 366
"""How far ahead of its day a calendar has entries of what recurs by no rule that calendars know."""

_COLUMNS = """document, document_sha256, letter_code(code_number, code_notation) AS letter_number,
    issued_date, organ_name, task_id, page, text, lead, coop, deadline_text, deadline_kind,
    deadline_date, relation, grain, due_date, due_time, office_due_date, source_doc, result, modality, section,
    concerns_us, our_role, assigned_by, status, confidence_text, confidence_lead, confidence_deadline, confidence,
    reasons, state, done_on, coalesce(progress, reported_progress) AS progress, note, is_draft"""

_FOR_WORKBOOKS = (
    "lead_bodies",
    "code_number",
    "code_notation",
    "is_report",
    "assigned_in",
    "assigned_on",
    "progress_shown",
)

_OURS_FIRST = "concerns_us IN ('no', 'excluded')"


class Choice(msgspec.Struct, frozen=True):
    """What is exported, and how: which documents (None: all), as of which day (None: today), which sheets.

    `ours`: only what concerns us; `agency`: only what this body leads, by its name in `lead_bodies`. Before
    today, tasks are exported as they stood on the day: without letters that came later, open if done later.
    """

    documents: tuple[str, ...] | None = None
    as_of: datetime.date | None = None
    by_agency: bool = False
    reviewers: bool = False
    ours: bool = False
    agency: str | None = None

    @property
    def day(self) -> datetime.date:
        """The day on which overdue is told."""
        return self.as_of or today()

    @property
    def past_day(self) -> datetime.date | None:
        """The day as of which tasks are told, where it is before today."""
        return self.as_of if self.as_of is not None and self.as_of < today() else None


def resolve_document(store: Store, name_or_sha: str) -> list[str]:
    """The documents meant by a file name, a hash or the beginning of one; raises WrongUse where there is none."""
    found = [
        sha
        for (sha,) in store.rows(
            """SELECT document_sha256 FROM documents WHERE name = ? OR document_sha256 = ?
                OR (length(?) >= 6 AND starts_with(document_sha256, lower(?))) ORDER BY received_at""",
            [name_or_sha] * 4,
        )
    ]
    if not found:
        raise WrongUse("no_such_document", name=name_or_sha)
    return found


def letters_in(store: Store, documents: list[str]) -> list[str]:
    """The documents, a scan of several letters replaced by the letters in it."""
    parts: dict[str, list[str]] = {}
    for part, whole in store.rows("SELECT document_sha256, part_of FROM document_parts ORDER BY first_page"):
        parts.setdefault(whole, []).append(part)
    return [part for document in documents for part in parts.get(document, [document])]


def form_of(form: str | None, target: Path | None) -> str:
    """The format that is meant: the one said, else what the file's ending says, else JSON lines.

    Raises WrongUse where both are said and contradict each other, or the ending says nothing.
    """
    ending = target.suffix.lower() if target is not None else ""
    meant = _ENDINGS.get(ending)
    if form is None and meant is None and ending not in {"", ".txt"}:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise WrongUse("format_unknown", out=target, ending=ending, known=known)
    if form is not None and meant not in (None, form):
        raise WrongUse("format_contradicts", form=form, out=target, ending=ending, meant=meant)
    return form or meant or "jsonl"


def save(store: Store, form: str, path: Path, choice: Choice) -> int:
    """Write tasks to a file in one of FORMATS; returns how many (of a calendar: entries).

    The file is there whole or not at all; what stood there before is replaced. Raises NoRoom where it cannot be
    written.
    """
    if path.exists() and not path.is_file():
        # A device or a pipe is nothing to put a file in the place of.
        return _save(store, form, path, choice)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        # Tried first: not every writer ends well where it cannot begin.
        partial.touch()
        count = _save(store, form, partial, choice)
        partial.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise NoRoom("cannot_export", path=path, problem=_told_by_system(error)) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return count


def _told_by_system(error: Exception) -> str:
    return os_says(error) if isinstance(error, OSError) else str(error).strip().splitlines()[0]


def _save(store: Store, form: str, path: Path, choice: Choice) -> int:
    match form:
        case "xlsx":
            return workbooks.write(
                list(rows(store, choice)),
                path,
                day=choice.day,
                by_agency=choice.by_agency,
                reviewers=choice.reviewers,
            )
        case "ics":
            return calendars.write(due_days(store, choice), path, datetime.datetime.now(datetime.UTC))
        case "parquet":
            return _parquet(store, path, choice)
        case _:
            with path.open("w", encoding="utf-8", newline="") as file:
                return write(tasks(store, choice), form, file)


def rows(store: Store, choice: Choice) -> Iterator[dict[str, Any]]:
    """Tasks as the database has them, in the order of letters and tasks, with `overdue` and `late` told.

    A task is `overdue` once, however many letters urge it; every one of those whose day is past is `late`.
    """
    where, values = _where(choice)
    yield from store.records(
        f"""WITH counted AS MATERIALIZED (SELECT task_id FROM overdue(?::DATE)),
        stands AS MATERIALIZED (SELECT task_id, standing FROM standings(?::DATE)),
        urged AS MATERIALIZED (SELECT task_id FROM repeated(?::DATE) WHERE by_task_id IN (FROM counted))
        SELECT {_COLUMNS}, {", ".join(_FOR_WORKBOOKS[:-1])},
            coalesce(task.progress, reported_later, task.reported_progress) AS progress_shown,
            task_id IN (FROM counted) AS overdue,
            task_id IN (FROM counted) OR coalesce(
                task_id IN (FROM urged) AND coalesce(office_due_date, due_date) < ?::DATE, false) AS late,
            CASE WHEN modality = 'proposed' THEN 'proposed' WHEN is_draft THEN 'draft'
                WHEN state IN ('cancelled', 'superseded') THEN NULL
                ELSE coalesce(stands.standing, 'repeated') END AS standing
        FROM tasks_on(?::DATE) task LEFT JOIN stands USING (task_id) LEFT JOIN {ASSIGNED_IN} USING (task_id)
            LEFT JOIN {REPORTED_LATER} USING (task_id)
        {where}
        ORDER BY {_OURS_FIRST}, document, document_sha256, ordinal""",
        [*[choice.day] * 4, choice.past_day, choice.past_day, *values],
    )


def _where(choice: Choice) -> tuple[str, list[Any]]:
    """What narrows tasks to a choice, always true where nothing does."""
    documents = list(choice.documents) if choice.documents is not None else None
    return (
        """WHERE (? IS NULL OR document_sha256 IN (SELECT unnest(?::VARCHAR[])))
        AND (NOT ? OR concerns_us NOT IN ('no', 'excluded')) AND (? IS NULL OR list_contains(lead_bodies, ?))""",
        [choice.documents and "some", documents, choice.ours, choice.agency, choice.agency],
    )


def due_days(store: Store, choice: Choice) -> list[dict[str, Any]]:
    """Due days of assigned tasks that are not done: every one-off day, and the turns of what recurs.

    Of what recurs a row has the last turn that is not done with and the coming ones within a year.
    """
    where, values = _where(choice)
    return store.records(
        f"""WITH open_tasks AS (
            SELECT * FROM tasks_on(?::DATE) {where} AND is_counted AND state = 'open'
                AND task_id NOT IN (SELECT task_id FROM repeated(?::DATE) WHERE is_same_day)
        )
        FROM (
            SELECT coalesce(office_due_date, due_date) AS due, NULL::DATE[] AS turns, * FROM open_tasks
            WHERE deadline_kind <> 'recurring' AND coalesce(office_due_date, due_date) IS NOT NULL
            UNION ALL
            SELECT coalesce(turn.last_day, turn.next_day) AS due, list_distinct(list_concat(
                [coalesce(turn.last_day, turn.next_day)],
                due_again(task.due_date, task.recurs, turn.next_day, ?::DATE + {CALENDAR_DAYS:d}))) AS turns,
                task.*
            FROM open_tasks task JOIN recurring_on(?::DATE) turn USING (task_id)
            WHERE task.deadline_kind = 'recurring' AND turn.next_day IS NOT NULL
        )
        ORDER BY {_OURS_FIRST}, due, task_id""",
        [choice.past_day, *values, choice.day, choice.day, choice.day],
    )


WHOLE = (
    "current_tasks",
    "standings",
    "links",
    "deadline_changes",
    "proposed_states",
    "related_letters",
    "letters",
    "documents",
    "citations",
    "task_agencies",
    "corrections",
    "task_states",
)
"""Tables and views of the register that a folder of Parquet holds, a file each: what tasks are joined with."""


def _parquet(store: Store, path: Path, choice: Choice) -> int:
    if path.is_dir():
        if choice.documents is not None:
            raise WrongUse("whole_only")
        return _whole_as_parquet(store, path)
    where, values = _where(choice)
    target = str(path).replace("'", "''")
    store.execute(
        f"COPY (SELECT * FROM tasks_on(?::DATE) {where} ORDER BY {_OURS_FIRST}, document, document_sha256, "
        f"ordinal) TO '{target}' (FORMAT parquet, COMPRESSION zstd)",
        [choice.past_day, *values],
    )
    return int(store.value(f"SELECT count(*) FROM tasks_on(?::DATE) {where}", [choice.past_day, *values]))


def tasks(store: Store, choice: Choice) -> Iterator[dict[str, Any]]:
    """Tasks as dictionaries of JSON values."""
    for row in rows(store, choice):
        for column in _FOR_WORKBOOKS:
            del row[column]
        row["confidence"] = {
            "text": row.pop("confidence_text"),
            "lead": row.pop("confidence_lead"),
            "deadline": row.pop("confidence_deadline"),
            "overall": row["confidence"],
        }
        row["section"] = " > ".join(row["section"])
        yield {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def write(found: Iterable[dict[str, Any]], form: str, out: TextIO) -> int:
    """Write tasks as `jsonl`, for programs, or as `csv`, for people and in their language; returns how many."""
    count = 0
    if form == "jsonl":
        for row in found:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
        return count
    # The byte order mark is what makes Excel read Vietnamese.
    out.write("\ufeff")
    writer: csv.DictWriter[str] | None = None
    for row in found:
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\r\n")
            writer.writerow({column: text(f"csv.{column}") for column in row})
        writer.writerow({column: harmless(_told(column, value)) for column, value in row.items()})
        count += 1
    return count


_TOLD = {
    "state": "workbook.state_{}",
    "standing": "workbook.standing_{}",
    "status": "review.status_{}",
    "modality": "review.modality_{}",
    "concerns_us": "review.concern_{}",
    "our_role": "csv.role_{}",
    "deadline_kind": "review.kind_{}",
    "relation": "csv.relation_{}",
    "grain": "csv.grain_{}",
}
"""The sentences for the codes of a column."""


def _told(column: str, value: Any) -> str:
    """A cell as people read it: what is a code to a program is said in words."""
    if isinstance(value, bool):
        return MARK if value else ""
    if column == "reasons":
        return "; ".join(text(f"reasons.{code}").removeprefix("reasons.").rstrip(".") for code in value)
    if column not in _TOLD or value is None:
        return _cell(value)
    code = _TOLD[column].format(value)
    words = text(code)
    return _cell(value) if words == code else words


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(map(str, value))
        case dict():
            return str(value["overall"])
        case _:
            return str(value)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula: what begins like one gets an apostrophe before it.

    Signs of full width count, as do those behind spaces and invisible characters, which programs drop on reading.
    """
    begins = _UNSEEN.sub("", cell)[:1]
    return "'" + cell if begins in _FORMULA or cell[:1] in _CONTROL else cell


def _whole_as_parquet(store: Store, folder: Path) -> int:
    """The register in a folder, a file each of WHOLE, all of one moment; how many tasks there are."""
    with store.gate:
        for name in WHOLE:
            partial = folder / f".{name}.{os.getpid()}.partial"
            target = str(partial).replace("'", "''")
            try:
                store.execute(f"COPY (FROM {name}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
                partial.replace(folder / f"{name}.parquet")
            except (OSError, duckdb.IOException) as error:
                raise NoRoom("cannot_export", path=folder, problem=_told_by_system(error)) from error
            finally:
                partial.unlink(missing_ok=True)
        return int(store.value("SELECT count(*) FROM current_tasks"))
