"""What all pages have around them: the bar at the top, colours, the keys' help."""

import contextlib
import inspect
import json
import math
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from nicegui import ui
from nicegui.events import KeyEventArguments

from review.desk import Desk, session, words

Keys = dict[str, Callable[[], Any]]
"""Key as the browser names it (`j`, `Enter`, `?`, `ctrl+z`) → what it does."""


class Keyboard(NamedTuple):
    """What the browser knows of a page's keys (`page.js`), so that no letter is lost on a slow link.

    `focus`: key → selector of what gets the focus, at once; `waits`: keys after which others are held until the
    server has done with them; `opens`: those of them that open a dialog to type in; `acts`: those that decide
    something and are never done unseen; `saves`: a selector within which Ctrl+Enter is one to wait for; `clicks`:
    key → selector of what is clicked, at once.
    """

    focus: Mapping[str, str] = MappingProxyType({})
    waits: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    saves: str | None = None
    clicks: Mapping[str, str] = MappingProxyType({})


_PLACES = (
    ("/", "queue", "queue_title"),
    ("/files", "inbox", "files_title"),
    ("/dashboard", "insights", "dashboard"),
)


@contextlib.contextmanager
def page_frame(
    desk: Desk, title: str, keys: Keys, help_codes: dict[str, str], keyboard: Keyboard | None = None
) -> Iterator[None]:
    """The bar, the keys and their help around what the block builds. `help_codes`: key as shown → code."""
    say, who = words(), session()
    ui.page_title(f"{title} · giaoviec")
    ui.colors(primary="#12648f", secondary="#4b6170", accent="#b26a00", positive="#2e7d32", negative="#c62828")
    ui.add_head_html('<link rel="stylesheet" href="/style.css"><script src="/page.js"></script>')
    if keyboard is not None:
        known = json.dumps({k: dict(v) if isinstance(v, Mapping) else v for k, v in keyboard._asdict().items()})
        ui.add_body_html(f"<script>Object.assign(reviewKeys, {known})</script>")
    dark = ui.dark_mode(who.dark)
    with ui.header().classes("bar items-center no-wrap"):
        ui.link("giaoviec", "/").classes("brand")
        for target, icon, code in _PLACES:
            if target in _known_paths():
                with ui.link(target=target).classes("place"):
                    ui.icon(icon).props("aria-hidden=true")
                    ui.label(say(code))
        ui.space()
        ui.label(title).classes("where ellipsis")
        ui.space()
        ui.button(icon="keyboard", on_click=lambda: show_help(say, help_codes)).props(
            f'flat dense round color=white aria-label="{say("keys")}"'
        ).tooltip(f"{say('keys')} (?)")
        ui.button(icon="contrast", on_click=lambda: _turn(dark)).props(
            f'flat dense round color=white aria-label="{say("dark")}"'
        ).tooltip(say("dark"))
        ui.button(say("other_language"), on_click=_switch_language).props("flat dense no-caps color=white")
        ui.label(who.name).classes("who ellipsis").tooltip(say(f"role_{who.role}"))
        with ui.element("form").props('method="post" action="/logout"').classes("logout"):
            ui.element("input").props(f'type="hidden" name="form" value="{who.form}"')
            ui.button(icon="logout").props(
                f'flat dense round color=white type="submit" aria-label="{say("logout")}"'
            )
    handlers = {**keys, "?": lambda: show_help(say, help_codes)}
    waits = keyboard.waits if keyboard else ()
    ui.keyboard(on_key=lambda event: _pressed(event, handlers, waits), repeating=False)
    with ui.column().classes("page w-full no-wrap"):
        yield


def _known_paths() -> set[str]:
    from nicegui import app

    return {getattr(route, "path", "") for route in app.routes}


def answered(act: Callable[..., Any]) -> Callable[[], Awaitable[None]]:
    """An act after which the browser is told that it is done, so that it lets go the keys it held.

    It is done on behalf of the page: what began it, a dialog, may be gone before it ends.
    """
    client = ui.context.client

    async def done() -> None:
        with client:
            try:
                result = act()
                if inspect.isawaitable(result):
                    await result
            finally:
                ui.run_javascript("reviewReady()")

    return done


async def _pressed(event: KeyEventArguments, handlers: Keys, waits: Collection[str]) -> None:
    if not event.action.keydown:
        return
    modifiers = event.modifiers
    if modifiers.alt or modifiers.meta:
        return
    name = event.key.name if len(event.key.name) > 1 else event.key.name.lower()
    name = f"ctrl+{name}" if modifiers.ctrl else name
    handler = handlers.get(name)
    if handler is not None:
        done = answered(handler)() if name in waits else handler()
        if inspect.iscoroutine(done):
            await done


def _turn(dark: ui.dark_mode) -> None:
    """From what the browser says to dark, to light, and back."""
    who = session()
    who.dark = {None: True, True: False, False: None}[who.dark]
    dark.value = who.dark


def _switch_language() -> None:
    who = session()
    who.language = "en" if who.language == "vi" else "vi"
    ui.navigate.reload()


def show_help(say: Callable[..., str], help_codes: dict[str, str]) -> None:
    """The keys of this page."""
    with ui.dialog(value=True) as dialog, ui.card().classes("keys"):
        ui.label(say("keys")).classes("text-h6")
        rows = math.ceil((len(help_codes) + 1) / 2)
        with ui.element("div").classes("keys-list").style(f"grid-template-rows: repeat({rows}, auto)"):
            for key, code in {**help_codes, "?": "key_help"}.items():
                with ui.row().classes("no-wrap items-center"):
                    ui.label(key).classes("key")
                    ui.label(say(code))
    dialog.on("hide", dialog.delete)


def confirm(label: str, save: Callable[[], Any], dialog: ui.dialog) -> None:
    """The two buttons under a dialog: leave it, or do what it is for."""
    with ui.row().classes("justify-end w-full"):
        ui.button(words()("cancel"), on_click=dialog.close).props("flat no-caps")
        ui.button(f"{label} (Ctrl+Enter)", on_click=answered(save)).props("unelevated no-caps")


def problem(error: Exception) -> None:
    """Show an error of ours as the sentence it is."""
    from pipeline.errors import GiaoviecError

    say = words()
    if isinstance(error, GiaoviecError):
        ui.notify(say(f"errors.{error.code}", **error.values), type="negative", multi_line=True, timeout=8000)
    else:
        ui.notify(say("errors.internal", problem=type(error).__name__), type="negative", multi_line=True)
