"""What commands show on a terminal: progress, tables of tasks and files, of changes, of rows of a query."""

import contextlib
import csv
import datetime
import json
import sys
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table

from pipeline import checking
from pipeline.days import moment
from pipeline.doctor import Finding
from pipeline.export import harmless
from pipeline.learning import LEAST_DOCUMENTS, LEAST_HELD, LEAST_RECORDS, SHIPPED
from pipeline.texts import text

PIPED_WIDTH = 160
"""Columns of a table that goes to a file or another program."""

WHOLE = 16
"""Letters up to which a value is not broken: an id, a day."""

NARROWEST = 9
"""Letters a column of a table wants at least; where they do not fit, rows are shown line by line."""

MOST_ROWS = 500
"""Rows of a query that are shown as a table; who wants more wants a file."""

ROW_FORMATS = ("table", "jsonl", "csv")

SET_ASIDE = ("held", "quarantined", "waiting", "refused")
"""States of files that somebody has to look after."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False)


class Progressing:
    """Progress of long work: on a terminal, and quiet when piped."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self._letters: TaskID | None = None
        self._pages: dict[str, TaskID] = {}

    def __enter__(self) -> "Progressing":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, kind: str, values: dict[str, Any]) -> None:
        """Show one piece of news."""
        match kind:
            case "total":
                self._letters = self._progress.add_task(text("cli.letters"), total=values["letters"])
            case "page":
                name = str(values["name"])
                if name not in self._pages:
                    self._pages[name] = self._progress.add_task(
                        text("cli.reading", name=name), total=values["total"]
                    )
                self._progress.update(self._pages[name], completed=values["done"])
            case "letter":
                done = self._pages.pop(str(values.get("name")), None)
                if done is not None:
                    self._progress.remove_task(done)
                if self._letters is not None:
                    self._progress.advance(self._letters)
            case "segment":
                if self._letters is None:
                    self._letters = self._progress.add_task("", total=values["total"])
                self._progress.update(self._letters, completed=values["done"])
            case "waiting":
                err.print(text("cli.waiting", **values), soft_wrap=True)


def proposal(found: dict[str, Any]) -> None:
    """What was learned, and what it does to letters it was not learned from."""
    click.echo(text("learning.reviewed", **found))
    gain = found["gain"]
    if gain is None:
        enough = found["reviewed"] >= LEAST_RECORDS and found["documents"] >= LEAST_DOCUMENTS
        code = "learning.too_little_new" if enough else "learning.too_little"
        click.echo(text(code, **{**found, "records": LEAST_RECORDS, "least": LEAST_DOCUMENTS, "held": LEAST_HELD}))
        return
    for alias in found["aliases"]:
        click.echo(text("learning.alias", **alias))
    click.echo(text("learning.held_back", **gain))
    table = Table(*(text(f"learning.{column}") for column in ("figure", "before", "after")))
    for name, before in gain["before"].items():
        table.add_row(text(f"learning.{name}"), f"{before:.3f}", f"{gain['after'][name]:.3f}")
    out.print(table)
    if found["aliases"] or gain["mended"] or gain["broken"]:
        click.echo(text("learning.leads", **gain))
    click.echo(text("learning.surer" if found["calibration"] else "learning.no_surer", **found))
    if found["aliases"] and not found["calibration"]:
        click.echo(text("learning.only_aliases", **found))


def versions(known: list[dict[str, Any]]) -> None:
    """What was switched on so far, the version that ships before all of them, the one in force marked."""
    if not known:
        click.echo(text("learning.no_versions"))
        return
    columns = ("version", "when", "who", "tasks", "aliases")
    table = Table(*(text(f"learning.column_{name}") for name in columns), "")
    in_force = text("learning.in_force")
    for place, one in enumerate(known, 1):
        table.add_row(
            one["version"],
            moment(datetime.datetime.fromisoformat(one["recorded_at"])),
            escape(one["who"]),
            "–" if one["version"] == SHIPPED else str(one["records"]),
            str(len(one["aliases"])),
            in_force if place == len(known) else "",
        )
    out.print(table)
    click.echo(text("learning.go_back"))


def offers(found: list[dict[str, Any]], but: Container[int]) -> None:
    """What a letter speaks for, task by task; what stands under a number of `but` is left out of what is asked."""
    first = found[0]
    title = " · ".join(filter(None, (first["by_letter"], day(first["by_date"] or ""), first["by_organ"])))
    columns = ("cli.column_number", "cli.column_task", "review.column_number", "workbook.state")
    table = Table(*(text(column) for column in columns), title=escape(title), show_lines=True)
    for number, offer in enumerate(found, 1):
        if offer["proposed"] == "new_deadline":
            days = {name: day(offer[f"date_{name}"]) for name in ("before", "after")}
            says = text("dashboard.moved", **days)
        else:
            says = text(f"workbook.state_{offer['proposed']}")
        words = offer["by_words"]
        because = text(f"dashboard.because_{offer['because']}")
        if words and words != offer["text"]:
            because = f"{because}: “{words}”"
        table.add_row(
            str(number),
            escape(offer["text"]),
            escape(offer["letter"]),
            f"{says}; {escape(because)}",
            style="dim" if number in but else None,
        )
    out.print(table)
    if len(found) < first["in_letter"]:
        click.echo(text("tracking.more_offers", count=first["in_letter"] - len(found)))


def changes(title: str, found: list[dict[str, Any]]) -> None:
    """A table of cells that differ from the register, with why a cell is not written."""
    columns = ("place", "task", "column", "before", "after", "reasons")
    table = Table(*(text(f"workbook.{column}") for column in columns), title=title, show_lines=True)
    for change in found:
        here, other = _cell_shown(change["column"], change["before"]), change["other"] or ""
        why = text(f"workbook.conflict_{change['conflict']}", here=here, other=other) if change["conflict"] else ""
        values = [_cell_shown(change["column"], value) for value in (change["before"], change["after"])]
        column = text(f"workbook.{change['column']}")
        table.add_row(change["place"], change["text"][:80] or change["task_id"], column, *values, why)
    out.print(table)


def _cell_shown(column: str, value: Any) -> str:
    """A cell of a workbook as people read it: states in words, days as written here."""
    if value in (None, ""):
        return text("workbook.nothing")
    if column in ("done_on", "office_due", "deadline"):
        with contextlib.suppress(ValueError):
            return day(value)
    state = text(f"workbook.state_{value}") if column == "state" else ""
    return state if state and not state.startswith("workbook.") else _shown(value)


def first_day(found: dict[str, Any]) -> None:
    """How an office's own workbook is understood: its columns, its tasks, and what is not taken."""
    for number, columns in enumerate(found["columns"], 1):
        read = Table(text("workbook.their_column"), text("workbook.read_as"), title=_of_several(number, found))
        for name, meaning in columns:
            read.add_row(escape(name), text(f"workbook.meaning_{meaning or 'none'}"))
        out.print(read)
    table = Table(*(text(f"workbook.{c}") for c in ("task", "lead", "deadline", "state", "progress", "note")))
    for task in found["first"]:
        state = task["said"].get("state", "open")
        due = day(task["due"]) or task["deadline"] or ""
        said = (task["said"].get("progress", ""), task["said"].get("note", ""))
        values = (task["text"][:80], "; ".join(task["lead"]), due, text(f"workbook.state_{state}"), *said)
        table.add_row(*map(escape, values))
    out.print(table)
    if found["tasks"] > len(found["first"]):
        click.echo(text("workbook.more_tasks", count=found["tasks"] - len(found["first"])))
    for code in ("left_out", "unsure"):
        if found[code]:
            click.echo(text(f"workbook.{code}"))
            for words in found[code]:
                click.echo(f"  - {words}")
    for code in ("undated", "known"):
        if found[code]:
            click.echo(text(f"workbook.{code}", count=found[code]))
    click.echo(text("workbook.first_day", tasks=found["tasks"], states=found["states"]))


def _of_several(number: int, found: dict[str, Any]) -> str | None:
    return text("workbook.their_table", number=number) if len(found["columns"]) > 1 else None


def tasks(found: list[dict[str, Any]]) -> None:
    """A table of tasks, letter by letter."""
    if not found:
        click.echo(text("cli.no_tasks"))
        return
    table = Table(
        *(text(f"cli.column_{c}") for c in ("number", "task", "lead", "coop", "deadline", "confidence")),
        show_lines=True,
    )
    document = None
    for number, task in enumerate(found, 1):
        if task["document"] != document:
            document = task["document"]
            table.add_section()
            table.add_row("", f"[bold]{escape(document)}[/]", "", "", "", "")
        due = day(task["deadline_date"] or task["due_date"])
        words = task["deadline_text"] or ""
        table.add_row(
            str(number),
            escape(task["text"]),
            escape("; ".join(task["lead"])),
            escape("; ".join(task["coop"])),
            escape(words if words == due else f"{words}\n{due}".strip()),
            f"{task['confidence']['overall']:.2f}",
        )
    out.print(table)


def outcomes(found: list[dict[str, Any]]) -> None:
    """A line for every file: what became of it, and why."""
    table = Table(*(text(f"cli.column_{c}") for c in ("document", "state", "tasks", "reason")))
    for outcome in found:
        table.add_row(*map(escape, _summary(outcome)))
    out.print(table)


def _summary(outcome: dict[str, Any]) -> tuple[str, str, str, str]:
    state, code = outcome["state"], outcome.get("code")
    said = text(f"cli.state_{state}")
    if outcome.get("letters", 1) > 1:
        said = text("cli.split", letters=outcome["letters"])
    why = checking.reason(code) if code else ""
    if original := outcome.get("same_as"):
        why = text(f"cli.same_{'file' if state == 'again' else 'letter'}", name=original)
    return _name(outcome), said, str(outcome.get("tasks", 0)) if state == "done" else "", why


def _name(outcome: dict[str, Any]) -> str:
    """What to call the file: the path that was given, else its name; its folder where its name is not for all."""
    source = outcome.get("source")
    if source:
        path = Path(source)
        return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    folder = {"held": "held", "quarantined": "quarantine"}.get(outcome["state"], "staging")
    return str(outcome.get("name") or outcome.get("place") or text("cli.nameless", folder=folder))


def line(outcome: dict[str, Any]) -> str:
    """What became of a file, as one line."""
    name, state, tasks, why = _summary(outcome)
    tasks = tasks and text("cli.tasks_found", tasks=tasks)
    return " · ".join(part for part in (name, state, tasks, why) if part)


def findings(found: Sequence[Finding]) -> None:
    """What the doctor found."""
    colours = {"ok": "green", "warn": "yellow", "bad": "red"}
    table = Table(show_lines=True)
    for column in ("state", "what", "detail", "mend"):
        # Paths stay whole, for they are copied.
        table.add_column(text(f"doctor.column_{column}"), overflow="fold")
    for one in found:
        row = (escape(part) for part in (one.what, one.detail, one.mend))
        table.add_row(f"[{colours[one.state]}]{text(f'doctor.{one.state}')}[/]", *row)
    out.print(table)


def rows(names: Sequence[str], found: Sequence[Sequence[Any]], form: str) -> None:
    """The rows of a query: a table, or line by line where the columns do not fit; all of them as jsonl or csv."""
    if form == "jsonl":
        for row in found:
            click.echo(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str))
    elif form == "csv":
        # The byte order mark is what makes Excel read Vietnamese.
        sys.stdout.write("\ufeff")
        writer = csv.writer(sys.stdout)
        writer.writerow(map(harmless, names))
        writer.writerows([[harmless(_shown(value)) for value in row] for row in found])
    else:
        shown_rows = found[:MOST_ROWS]
        cells = [[escape(_shown(value)) for value in row] for row in shown_rows]
        widest = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
        # Ids and days stay whole, for they are copied; other columns are broken.
        least = [width if width <= WHOLE else NARROWEST for width in widest]
        if sum(least) + 3 * len(names) + 1 > out.width:
            _records(names, shown_rows)
        else:
            table = Table()
            for name, width in zip(names, least, strict=True):
                table.add_column(escape(name), min_width=width, overflow="fold")
            for row in cells:
                table.add_row(*row)
            out.print(table)
        if len(found) > MOST_ROWS:
            err.print(text("query.more", shown=MOST_ROWS, rows=len(found)), soft_wrap=True)
        else:
            err.print(text("query.rows", rows=len(found)))


def _records(names: Sequence[str], found: Sequence[Sequence[Any]]) -> None:
    """Each row as lines of name and value."""
    widest = max(map(len, names))
    for number, row in enumerate(found, 1):
        out.rule(str(number), align="left", characters="─")
        table = Table.grid(padding=(0, 2))
        table.add_column(width=min(widest, out.width // 3), overflow="fold")
        table.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            table.add_row(escape(name), escape(_shown(value)))
        out.print(table)


def field_value(field: str, value: Any) -> str:
    """A field of a task as a sentence names it: codes in words, days as people write them."""
    match value:
        case None | [] | "" | {"date": None, "text": None}:
            return text("field.nothing")
        case {"date": date, "text": words}:
            due = day(value.get("due_date") or date)
            return words if not due or words == due else f"{words} ({due})" if words else due
        case str() if field in ("review", "modality"):
            return text(f"field.{value}")
        case str() if field == "office_due_date":
            return day(value)
        case _:
            return _shown(value)


def day(iso: str | None) -> str:
    """An ISO day as people write it; nothing for none."""
    return f"{datetime.date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)
