"""Tasks out of the register, as they stand now, corrections applied."""

import csv
import datetime
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from pipeline.errors import WrongUse
from pipeline.store import Store

FORMATS = ("jsonl", "csv")

_COLUMNS = """document, document_sha256, task_id, page, text, lead, coop, deadline_text, deadline_kind,
    deadline_date, relation, grain, due_date, due_time, office_due_date, source_doc, result, modality, section,
    concerns_us, assigned_by, status, confidence_text, confidence_lead, confidence_deadline, confidence, reasons"""


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


def tasks(store: Store, documents: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Tasks as dictionaries of JSON values, in the order of letters and of tasks in them."""
    where, values = "", []
    if documents is not None:
        where, values = "WHERE document_sha256 IN (SELECT unnest(?))", [documents]
    for row in store.records(
        f"SELECT {_COLUMNS} FROM current_tasks {where} ORDER BY document, document_sha256, ordinal", values
    ):
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


def write(rows: Iterable[dict[str, Any]], form: str, out: TextIO) -> int:
    """Write tasks as `jsonl` or `csv`; returns how many."""
    count = 0
    if form == "jsonl":
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
        return count
    # The byte order mark is what makes Excel read Vietnamese.
    out.write("\ufeff")
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\r\n")
            writer.writeheader()
        writer.writerow({key: harmless(_cell(value)) for key, value in row.items()})
        count += 1
    return count


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
    """A cell that no spreadsheet runs as a formula: what begins like one gets an apostrophe before it."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
