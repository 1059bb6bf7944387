"""An office's own list of tasks, on the first day: shown as it was understood, then taken in with its states."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from extractors import grids, layout, phrases, states, tables
from extractors.extract import extract
from extractors.tables import Columns, Row
from models.document import Document, Grid
from models.task import Task
from pipeline import reading, tracking, work
from pipeline.errors import WrongUse
from pipeline.journal import sha256_of
from pipeline.reading.errors import ReadingError
from pipeline.register import Register, today
from pipeline.reports import Report

MOST_SHOWN = 50
"""Tasks, and rows that are none, that a look at a workbook names."""

OWN_LIST = "own_list"
"""Why a task is in a state: the office's own list says so."""

MOST_LETTERS = 120
_NOTE = re.compile(r"ghi chú|chú thích|ý kiến|vướng|kiến nghị|đề nghị|đề xuất")
"""Columns whose words are a note; others of that meaning (days of arrival, funds) stay in the file."""


class Found(msgspec.Struct, frozen=True):
    """A task as it would be taken in: text, leads, the day it is due (ISO), the deadline's words, its state."""

    text: str
    lead: tuple[str, ...]
    due: str | None
    deadline: str | None
    said: dict[str, str]


class Look(msgspec.Struct, frozen=True):
    """How a workbook is understood, before anything is written.

    `columns`: of each table, its columns' names with what they are read as, None for what is not read. `left_out`:
    rows of tables that are no task, in words. `unsure`: tasks with a deadline that gives no day, and its words.
    `undated`: how many are done, nobody says when, nor whether in time. `known`: how many the register has
    already, in the same words.
    """

    tasks: int
    states: int
    first: tuple[Found, ...]
    columns: tuple[tuple[tuple[str, str | None], ...], ...]
    left_out: tuple[str, ...]
    unsure: tuple[str, ...]
    undated: int
    known: int


def look(register: Register, path: Path) -> Look:
    """What taking a workbook in would find. Raises WrongUse where it holds no table of tasks."""
    document = read(path)
    found = list(extract(document, register.office, today()).tasks)
    if not found:
        raise WrongUse("no_tasks_in_workbook", path=path, why=_why_none(document))
    said = said_of(document, found)
    names = [" ".join(task.text.split()) for task in found]
    [(known,)] = register.store.rows(
        "SELECT count(*) FROM current_tasks WHERE text IN (SELECT unnest(?)) AND status <> 'orphan'", [names]
    )
    listed = tuple(_listed(task, words) for task, words in zip(found, said, strict=True))
    unread = tuple(
        f"{task.text[:MOST_LETTERS]}: {task.deadline.text}"
        for task in found
        if task.deadline.text and task.deadline.due_date is None and task.deadline.kind != "recurring"
    )
    return Look(
        tasks=len(found),
        states=sum(words != {} for words in said),
        first=listed[:MOST_SHOWN],
        columns=tuple(_columns(document)),
        left_out=tuple(_left_out(document, found))[:MOST_SHOWN],
        unsure=unread[:MOST_SHOWN],
        undated=sum(words.get("state") == "done" and "done_on" not in words for words in said),
        known=int(known),
    )


def take_in(register: Register, report: Report, path: Path, who: str) -> dict[str, Any]:
    """Take an office's own workbook in as a document, and say of its tasks what its rows say."""
    look(register, path)  # refused before anything of it is kept
    [outcome] = work.ingest(register, [path], report)
    if outcome.state not in ("done", "again") or outcome.document is None:
        raise WrongUse("no_tasks_in_workbook", path=path, why="")
    sha256 = outcome.document
    document = register.journal.kept(
        register.store.value("SELECT reading FROM documents WHERE document_sha256 = ?", [sha256]), Document
    )
    rows = register.store.rows(
        """SELECT task_id, text, places FROM tasks
        WHERE document_sha256 = ? AND status = 'current' ORDER BY ordinal""",
        [sha256],
    )
    found = [msgspec.convert({"text": t, "places": msgspec.json.decode(places)}, Task) for _, t, places in rows]
    said = 0
    for (task_id, *_), words in zip(rows, said_of(document, found), strict=True):
        if words and outcome.state == "done":
            said += 1
            tracking.set_state(
                register, report, task_id=task_id, who=who, source=path.name, because=OWN_LIST, sure=True, **words
            )
    return {"tasks": len(rows), "states": said, "again": outcome.state == "again"}


def said_of(document: Document, found: Iterable[Task]) -> list[dict[str, str]]:
    """What the row of each task says in the columns of state, progress and notes; empty where it says nothing."""
    return [_said(*at) if at is not None else {} for at in _rows_of(document, found)]


def numbers_of(document: Document, found: Iterable[Task]) -> list[str]:
    """The number that the row of each task bears; empty where it bears none."""
    cells = [at[1].of(at[0], "number") if at is not None else None for at in _rows_of(document, found)]
    return [cell.text.strip(" .") if cell is not None else "" for cell in cells]


def _rows_of(document: Document, found: Iterable[Task]) -> Iterator[tuple[Columns, Row] | None]:
    rows = {
        (block, row.number): (columns, row)
        for block, _, columns, read in _tables(document)
        if columns is not None
        for row in read
    }
    for task in found:
        place = next((p for p in task.places if p.field == "text" and p.cell is not None), None)
        yield rows.get((place.block, place.cell[0])) if place is not None and place.cell is not None else None


def _said(columns: Columns, row: Row) -> dict[str, str]:
    said = {}
    if progress := states.said(row, columns):
        said["progress"] = progress
    notes = [
        " ".join(cell.text.split())
        for column, cell in enumerate(row.cells)
        if cell is not None and columns.meanings[column] == "note" and _NOTE.search(_name(columns, column))
    ]
    if notes:
        said["note"] = "; ".join(filter(None, dict.fromkeys(notes)))
    state, day = states.state_of(row, columns), states.day_done(row, columns)
    if day is not None and day <= today() and state in (None, "done"):
        said |= {"state": "done", "done_on": day.isoformat()}
    elif state is not None and state != "open":
        told = states.in_time(said.get("progress", "")) if state == "done" else None
        said["state"] = state if told is None else "done_in_time" if told else "done_late"
    return {name: words for name, words in said.items() if words}


def _name(columns: Columns, column: int) -> str:
    return phrases.fold(columns.names[column]) if columns.names else ""


def read(path: Path) -> Document:
    try:
        return reading.read(path, media_type=reading.media_type(path), sha256=sha256_of(path), workers=0)
    except ReadingError as error:
        raise WrongUse("no_workbook", path=path) from error


def _tables(document: Document) -> Iterator[tuple[int, Grid, Columns | None, list[Row]]]:
    """The tables of a document with their columns and rows; no columns where one holds no tasks."""
    for index, block in enumerate(layout.blocks(document)):
        if isinstance(block, Grid):
            columns = tables.columns(block, lambda _: None)
            yield index, block, columns, tables.rows(block, columns) if columns is not None else []


def _columns(document: Document) -> Iterator[tuple[tuple[str, str | None], ...]]:
    for _, _, columns, _ in _tables(document):
        if columns is not None and columns.names:
            named = zip(columns.names, columns.meanings, strict=True)
            yield tuple((" ".join(name.split()), meaning) for name, meaning in named if name)


def _left_out(document: Document, found: Iterable[Task]) -> Iterator[str]:
    """The rows with words in them that are no task, nor a group's heading, nor a header."""
    places = [place for task in found for place in task.places if place.field == "text"]
    taken = {(place.block, place.cell[0]) for place in places if place.cell is not None}
    for index, grid, columns, rows in _tables(document):
        in_order = grids.rows_of(grid)
        headings = {cell.row for row in rows for cell in row.groups}
        below = {row.number + n for row in rows for n, _ in enumerate(row.below, 1)}
        for number in range(columns.header_rows if columns is not None else 0, grid.rows):
            words = [cell.text for cell in in_order[number] if cell.text]
            if words and (index, number) not in taken and number not in headings | below:
                yield " | ".join(words)[:MOST_LETTERS]


def _why_none(document: Document) -> str:
    """The names of the columns that were seen, for the sentence that says no tasks were found."""
    seen = [cell.text for _, grid, _, _ in _tables(document) for cell in grid.cells if cell.row == 0 and cell.text]
    return " · ".join(" ".join(text.split()) for text in seen[:12])


def _listed(task: Task, said: dict[str, str]) -> Found:
    due = task.deadline.due_date or task.deadline.date
    leads = tuple(body.name for body in task.leads)
    return Found(task.text, leads, due.isoformat() if due is not None else None, task.deadline.text, said)
