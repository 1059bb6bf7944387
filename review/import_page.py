"""A workbook taken back: what would change is listed, what is not taken is said, and only then is it written."""

import contextlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nicegui import ui
from nicegui.events import UploadEventArguments

from pipeline import home, workbook_import
from pipeline.errors import GiaoviecError
from pipeline.reports import silent
from review import words as said
from review.desk import PAGE_SECONDS, Desk, allowed, session, words
from review.frame import Keyboard, answered, page_frame, problem

KEYS = {"U": "import.key_choose", "Ctrl+Enter": "import.key_write", "Q": "key_queue"}
_KEYBOARD = Keyboard(clicks={"u": ".drop-area input[type=file]"}, waits=("ctrl+Enter",))
MOST_BYTES = 50 * 2**20
MOST_ROWS = 300
"""Rows of a list that are drawn; all of them are written."""

_STYLE = """
.import { padding: 12px 16px; gap: 12px; width: 100%; }
.import .panel { padding: 12px 14px; gap: 8px; width: 100%; }
.import .rows td { overflow-wrap: break-word; min-width: 76px; } .import .rows tbody tr { cursor: default; }
.import .rows .conflict { color: var(--low); }
"""


class ImportPage:
    """The page of one reader, with the workbook he looks at."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._folder: Path | None = None
        self._found: dict[str, Any] = {}

    async def build(self) -> None:
        """Lay out the place for a file, and room for what is in it."""
        say = self._say
        ui.add_css(_STYLE)
        keys = {"q": lambda: ui.navigate.to("/"), "ctrl+Enter": self._write}
        with (
            page_frame(self._desk, say("import.title"), keys, KEYS, _KEYBOARD),
            ui.column().classes("import no-wrap"),
        ):
            with ui.column().classes("panel"):
                with ui.row().classes("no-wrap items-start"):
                    ui.label(say("import.explained")).classes("quiet")
                    ui.label("U").classes("key")
                if self._desk.door.may(session(), "review"):
                    self._upload = ui.upload(
                        auto_upload=True, max_file_size=MOST_BYTES, on_upload=self._received
                    ).props(f'flat bordered accept=".xlsx" label="{say("import.label")}"')
                    self._upload.classes("drop-area")
                else:
                    ui.label(say("not_allowed")).classes("notice")
            self._body = ui.column().classes("w-full no-wrap").style("gap: 12px")
        ui.context.client.on_disconnect(self._forget)

    async def _received(self, event: UploadEventArguments) -> None:
        if not allowed(self._desk, "review"):
            return
        self._forget()
        self._folder = Path(await self._desk.ask(tempfile.mkdtemp))
        path = self._folder / home.file_name(Path(event.file.name).name)
        await event.file.save(path)
        self._upload.reset()
        await self._look(path)

    async def _look(self, path: Path) -> None:
        say, register = self._say, self._desk.register
        self._body.clear()
        self._found = {}
        try:
            found = await self._desk.ask(workbook_import.preview, register, silent, path=str(path))
        except GiaoviecError as error:
            self._forget()
            with self._body, ui.column().classes("panel"):
                values = {**error.values, "path": path.name}
                ui.label(say(f"errors.{error.code}", **values)).classes("notice")
            return
        self._found = {**found, "path": str(path)}
        with self._body:
            if found["kind"] == "first_day":
                self._first_day(path.name, found)
            else:
                self._known(path.name, found)

    def _known(self, name: str, found: dict[str, Any]) -> None:
        """What was changed in a workbook that was written here, or in a list that came before."""
        say = self._say
        sensible = [change for change in found["changes"] if change["conflict"] is None]
        conflicts = [change for change in found["changes"] if change["conflict"] is not None]
        with ui.column().classes("panel"):
            ui.label(name).classes("panel-title")
            if found["kind"] == "again":
                ui.label(say("workbook.list_again", name=found["name"], same=found["same"]))
            if found["gone"]:
                ui.label(
                    say(
                        "workbook.gone_from_list" if found["kind"] == "again" else "workbook.gone",
                        count=found["gone"],
                    )
                )
            if sensible:
                ui.label(f"{say('workbook.changes')} ({len(sensible)})").classes("panel-title")
                self._changes(sensible)
                self._button(say("import.write", count=len(sensible)))
            else:
                ui.label(say("workbook.not_written" if conflicts else "workbook.no_changes"))
        if conflicts:
            with ui.column().classes("panel"):
                ui.label(f"{say('workbook.conflicts')} ({len(conflicts)})").classes("panel-title")
                self._changes(conflicts)

    def _changes(self, changes: list[dict[str, Any]]) -> None:
        say = self._say
        rows = []
        for change in changes[:MOST_ROWS]:
            before, after = (self._value(change["column"], change[side]) for side in ("before", "after"))
            why = ""
            if change["conflict"]:
                here = self._value(change["column"], change["before"])
                why = say(f"workbook.conflict_{change['conflict']}", here=here, other=change["other"] or "")
            column = say(f"workbook.{change['column']}")
            rows.append((change["place"], change["text"] or change["task_id"], column, before, after, why))
        heads = ("place", "task", "column", "before", "after", "reasons")
        self._table([say(f"workbook.{head}") for head in heads[: 6 if any(row[5] for row in rows) else 5]], rows)
        self._more(len(changes))

    def _value(self, column: str, value: Any) -> str:
        """A cell as people read it: states in words, days as written here."""
        if value in (None, ""):
            return self._say("workbook.nothing")
        if column in ("done_on", "office_due", "deadline"):
            with contextlib.suppress(ValueError):
                return said.day(value)
        state = self._say(f"workbook.state_{value}") if column == "state" else ""
        return state if state and not state.startswith("workbook.") else str(value)

    def _first_day(self, name: str, found: dict[str, Any]) -> None:
        """How an office's own list is understood."""
        say = self._say
        with ui.column().classes("panel"):
            ui.label(name).classes("panel-title")
            ui.label(say("workbook.first_day", tasks=found["tasks"], states=found["states"]))
            for code in ("known", "undated"):
                if found[code]:
                    ui.label(say(f"workbook.{code}", count=found[code])).classes("notice")
            for code in ("left_out", "unsure"):
                if found[code]:
                    ui.label(say(f"workbook.{code}"))
                    for line in found[code]:
                        ui.label(f"– {line}").classes("quiet")
            self._button(say("import.take_in"))
        with ui.column().classes("panel"):
            for columns in found["columns"]:
                read = [(name, say(f"workbook.meaning_{meaning or 'none'}")) for name, meaning in columns]
                self._table([say("workbook.their_column"), say("workbook.read_as")], read)
        with ui.column().classes("panel"):
            heads = ("task", "lead", "deadline", "state", "done_on", "progress", "note")
            rows = [
                (
                    task["text"],
                    "; ".join(task["lead"]),
                    said.day(task["due"]) or task["deadline"] or "",
                    say(f"workbook.state_{task['said'].get('state', 'open')}"),
                    said.day(task["said"].get("done_on")),
                    task["said"].get("progress", ""),
                    task["said"].get("note", ""),
                )
                for task in found["first"]
            ]
            self._table([say(f"workbook.{head}") for head in heads], rows)
            if found["tasks"] > len(rows):
                ui.label(say("workbook.more_tasks", count=found["tasks"] - len(rows))).classes("quiet")

    def _table(self, heads: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        why = self._say("workbook.reasons")
        with ui.element("table").classes("rows"):
            with ui.element("thead"), ui.element("tr"):
                for head in heads:
                    with ui.element("th"):
                        ui.label(head)
            with ui.element("tbody"):
                for row in rows:
                    with ui.element("tr"):
                        for number, value in enumerate(row[: len(heads)]):
                            with ui.element("td").classes("conflict" if heads[number] == why else ""):
                                ui.label(value)

    def _more(self, count: int) -> None:
        if count > MOST_ROWS:
            ui.label(self._say("list_more", shown=MOST_ROWS, count=count)).classes("quiet")

    def _button(self, label: str) -> None:
        ui.button(f"{label} (Ctrl+Enter)", on_click=answered(self._write)).props("unelevated no-caps")

    async def _write(self) -> None:
        """Write what is listed, once; a register that has changed since is looked at anew."""
        found, register = self._found, self._desk.register
        if not found or not allowed(self._desk, "review"):
            return
        self._found = {}
        path, who, say = Path(found["path"]), session().name, self._say
        try:
            written = await self._desk.ask(
                workbook_import.write, register, silent, path=str(path), digest=found["digest"], who=who
            )
        except GiaoviecError as error:
            problem(error)
            await self._look(path)
            return
        self._forget()
        self._body.clear()
        with self._body, ui.column().classes("panel"):
            if found["kind"] != "first_day":
                ui.label(say("workbook.written", count=written["written"])).classes("notice done")
            else:
                code = "first_day_again" if written["again"] else "first_day_written"
                values = {"tasks": written["tasks"], "states": written["states"]}
                ui.label(say(f"workbook.{code}", **values)).classes("notice done")

    def _forget(self) -> None:
        """Give up the file that was looked at."""
        folder, self._folder, self._found = self._folder, None, {}
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def build(desk: Desk) -> None:
    """Register the page."""

    @ui.page("/import", response_timeout=PAGE_SECONDS)
    async def import_page() -> None:
        await ImportPage(desk).build()
