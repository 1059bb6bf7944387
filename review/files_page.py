"""Files: dropping letters in from the browser, and those that were held or quarantined, with what to do."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nicegui import ui
from nicegui.events import UploadEventArguments

from pipeline import checking, home, set_aside
from pipeline.days import moment
from pipeline.errors import GiaoviecError
from pipeline.inbox import waiting
from pipeline.set_aside import SetAside
from pipeline.users import Right
from review import words as said
from review.desk import PAGE_SECONDS, Desk, allowed, session, words
from review.frame import Keyboard, page_frame, problem

KEYS = {"U": "key_upload", "Q": "key_queue"}
_KEYBOARD = Keyboard(clicks={"u": ".drop-area input[type=file]"})
MOST_BYTES = 300 * 2**20


class FilesPage:
    """The page where letters come in and where those stand that did not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = words()
        self._shown: tuple[list[SetAside], list[dict[str, Any]]] | None = None

    async def build(self) -> None:
        """Lay out the drop area and the lists."""
        say = self._say
        with (
            page_frame(self._desk, say("files_title"), {"q": lambda: ui.navigate.to("/")}, KEYS, _KEYBOARD),
            ui.element("div").classes("files") as self._page,
        ):
            with ui.column().classes("panel"):
                ui.label(say("upload_title")).classes("panel-title")
                with ui.row().classes("no-wrap items-start"):
                    ui.label(say("upload_explained")).classes("quiet")
                    ui.label("U").classes("key")
                if self._may("upload"):
                    ui.upload(
                        multiple=True, auto_upload=True, max_file_size=MOST_BYTES, on_upload=self._received
                    ).props(f'flat bordered label="{say("upload_label")}"').classes("drop-area")
                self._waiting = ui.label().classes("quiet")
            with ui.column().classes("panel grow"):
                ui.label(say("aside_title")).classes("panel-title")
                self._aside = ui.column().classes("w-full")
            with ui.column().classes("panel"):
                ui.label(say("latest_title")).classes("panel-title")
                self._latest = ui.column().classes("w-full gap-1")
                self._copy = ui.label().classes("quiet")
                self._behind = ui.label(say("dashboard.behind")).classes("doubt")
        await self._show()
        ui.timer(3.0, self._show)

    async def _received(self, event: UploadEventArguments) -> None:
        """Put an uploaded file into the inbox, whole or not at all."""
        if not allowed(self._desk, "upload"):
            return
        inbox = self._desk.register.home.inbox
        name = home.file_name(Path(event.file.name).name)
        partial = inbox / f"{session().token[:12]}-{name}.part"
        await event.file.save(partial)
        target = await self._desk.ask(home.free_place, inbox, name)
        partial.rename(target)
        ui.notify(self._say("uploaded", name=target.name), type="positive")
        await self._show()

    async def _show(self) -> None:
        say, desk = self._say, self._desk
        left = await desk.ask(lambda: sum(1 for _ in waiting(desk.register.home.inbox)))
        self._waiting.set_text(say("inbox_waiting", count=left) if left else say("inbox_empty"))
        found = await desk.ask(set_aside.waiting, desk.register)
        rows = await desk.rows(
            """SELECT name, status, received_at, letter_id, unread_pages FROM documents
            ORDER BY received_at DESC, name LIMIT 12"""
        )
        copy = await desk.rows("SELECT value FROM meta WHERE key = 'published_at'")
        if copy:
            published = moment(datetime.datetime.fromisoformat(copy[0]["value"]))
            self._copy.set_text(say("dashboard.copy", moment=published))
        self._behind.set_visibility(bool(copy) and desk.register.changed.is_set())
        # Drawn anew only where something changed: nothing moves under the mouse.
        if (found, rows) == self._shown:
            return
        self._shown = (found, rows)
        self._aside.clear()
        with self._aside:
            if not found:
                ui.label(say("aside_empty")).classes("empty")
            for aside in found:
                self._file(aside)
        self._latest.clear()
        with self._latest:
            for row in rows:
                with ui.row().classes("no-wrap items-center w-full"):
                    ui.label(say(f"document_{row['status']}")).classes(f"state state-{row['status']}")
                    if row["letter_id"] and row["status"] == "extracted":
                        ui.link(row["name"], f"/letter/{row['letter_id']}").classes("ellipsis")
                    else:
                        ui.label(row["name"]).classes("ellipsis")

    def _file(self, aside: SetAside) -> None:
        say = self._say
        with ui.row().classes("aside no-wrap items-start"):
            ui.label(say(f"state_{aside.state}")).classes(f"state state-{aside.state}")
            with ui.column().classes("grow gap-0"):
                with ui.row().classes("no-wrap items-baseline w-full"):
                    # The name of a held file is shown where it lies, and kept nowhere else.
                    ui.label(aside.name or say("name_unknown")).classes("aside-name grow")
                    ui.label(moment(aside.recorded_at)).classes("quiet")
                ui.label(_reason(say, aside.code)).classes("quiet")
                with ui.row().classes("aside-acts"):
                    is_releasable = aside.state == "held" and aside.code in set_aside.RELEASABLE and aside.name
                    if is_releasable and self._may("release"):
                        self._button("release", lambda: self._release(aside))
                    if self._may("arrival"):
                        self._button("retry", lambda: self._act(aside, again=True))
                        self._button("dismiss", lambda: self._act(aside, again=False))

    def _may(self, right: Right) -> bool:
        return self._desk.door.may(session(), right)

    def _button(self, code: str, act: Callable[[], Any]) -> None:
        ui.button(self._say(code), on_click=act).props("flat dense no-caps")

    async def _release(self, aside: SetAside) -> None:
        """Ask once more before a letter that was held for its marks is let in."""
        if not allowed(self._desk, "release"):
            return
        say, who = self._say, session().name

        async def save() -> None:
            dialog.close()
            try:
                await self._desk.ask(set_aside.release, self._desk.register, aside, who)
            except (GiaoviecError, OSError) as error:
                problem(error)
            else:
                ui.notify(say("released", name=aside.name), type="positive")
            await self._show()

        with self._page, ui.dialog(value=True) as dialog, ui.card().classes("wide"):
            ui.label(say("release_title", name=aside.name)).classes("text-h6")
            ui.label(_reason(say, aside.code))
            ui.label(say("release_explained", who=who)).classes("notice")
            with ui.row().classes("justify-end w-full"):
                ui.button(say("cancel"), on_click=dialog.close).props("flat no-caps autofocus")
                ui.button(say("release_confirm"), on_click=save).props("unelevated no-caps color=negative")
        dialog.on("hide", dialog.delete)

    async def _act(self, aside: SetAside, *, again: bool) -> None:
        if not allowed(self._desk, "arrival"):
            return
        act = set_aside.retry if again else set_aside.dismiss
        try:
            await self._desk.ask(act, self._desk.register, aside, session().name)
        except GiaoviecError as error:
            problem(error)
        await self._show()


def _reason(say: said.Say, code: str) -> str:
    for table in ("quarantine", "reading"):
        sentence = say(f"{table}.{code}")
        if sentence != f"{table}.{code}":
            return sentence
    return checking.reason(code)


def build(desk: Desk) -> None:
    """Register the page of files."""

    @ui.page("/files", response_timeout=PAGE_SECONDS)
    async def files() -> None:
        await FilesPage(desk).build()
