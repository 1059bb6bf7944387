"""The evidence: a letter's page with marks on it, or its text where the format has no pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.events import MouseEventArguments

from models import Box
from review import marking
from review.desk import Desk, words
from review.marking import Selection
from review.pictures import WIDTHS

A4_POINTS = 595.0
NEAR = 240.0
"""So many points of a page are seen at once on a small screen."""
ZOOMS = (1.0, 1.25, 1.6, 2.0, 2.6)

Marked = Callable[[Selection], Awaitable[None] | None]


class PageView:
    """One document shown page by page. `on_mark` is told of text that was marked by dragging over it."""

    def __init__(self, desk: Desk, on_mark: Marked | None = None) -> None:
        self._desk = desk
        self._on_mark = on_mark
        self._document: dict[str, Any] = {}
        self._pages: dict[int, dict[str, Any]] = {}
        self._places: list[dict[str, Any]] = []
        self._handed_down: list[dict[str, Any]] = []
        self._looked_at: list[dict[str, Any]] = []
        self._stays = False
        self._number = 1
        self._zoom = 0
        self._down: tuple[float, float] | None = None
        self._extra: Box | None = None
        say = words()
        with ui.column().classes("sheet no-wrap"):
            with ui.row().classes("sheet-bar items-center no-wrap"):
                self._back = _icon("navigate_before", say("page_back"), "[", lambda: self.turn(-1))
                self._where = ui.label().classes("sheet-where")
                self._on = _icon("navigate_next", say("page_on"), "]", lambda: self.turn(1))
                ui.space()
                self._note = ui.label().classes("sheet-note ellipsis")
                ui.space()
                _icon("zoom_out", say("zoom_out"), "-", lambda: self.zoom(-1))
                _icon("zoom_in", say("zoom_in"), "+", lambda: self.zoom(1))
            with ui.element("div").classes("sheet-scroll").props('tabindex="-1"') as self._scroll:
                self._image = ui.interactive_image(
                    events=["mousedown", "mouseup"], on_mouse=self._mouse, sanitize=False
                ).classes("sheet-image")
                self._text = ui.html("", sanitize=False).classes("sheet-text")

    @property
    def has_pages(self) -> bool:
        """Whether the document is shown as pictures of pages."""
        return bool(self._pages)

    @property
    def document(self) -> str:
        """The document shown, by its hash."""
        return str(self._document["document_sha256"])

    def forget(self) -> None:
        """Have what is shown looked up anew: it has been read again."""
        self._document = {}

    @property
    def number(self) -> int:
        """The page shown, from 1."""
        return self._number

    async def show(
        self,
        document_sha256: str,
        places: list[dict[str, Any]],
        page: int | None = None,
        at: list[dict[str, Any]] | None = None,
        *,
        stay: bool = False,
    ) -> None:
        """Show a document with places marked, at the first of them, or of those `at` which one looks; or a page.

        To `stay` is to leave the page scrolled as it is: who works on it does not lose the line.
        """
        if self._document.get("document_sha256") != document_sha256:
            rows = await self._desk.rows(
                "SELECT document_sha256, name, media_type, reading FROM documents WHERE document_sha256 = ?",
                [document_sha256],
            )
            self._document = rows[0]
            pages = await self._desk.rows("SELECT * FROM pages WHERE document_sha256 = ?", [document_sha256])
            self._pages = {p["page"]: p for p in pages}
        self._places, self._extra = places, None
        here = [p["page"] for p in places if p.get("page")]
        self._number = page or next(iter(here), 1)
        self._looked_at, self._stays = places if at is None else at, stay
        await self._draw(scroll=not stay)

    async def hand_down(self, places: list[dict[str, Any]]) -> None:
        """Mark besides where values are handed down from to what is shown, in view if they are near."""
        self._handed_down = places
        if places:
            is_near = len(self._tops_in_view()) > len(self._tops(self._looked_at))
            await self._draw(scroll=is_near and not self._stays)

    async def turn_to(self, page: int) -> None:
        """Show a page where it is marked."""
        self._number = page
        await self._draw(scroll=True)

    async def turn(self, step: int) -> None:
        """Go some pages on or back."""
        if 1 <= self._number + step <= len(self._pages):
            self._number += step
            await self._draw(scroll=False)

    async def zoom(self, step: int) -> None:
        """Enlarge or reduce."""
        self._zoom = min(max(self._zoom + step, 0), len(ZOOMS) - 1)
        await self._draw(scroll=True)

    def source(self, document: str, page: int, reading: str | None) -> str:
        """Where the picture of a page is, at the present zoom; another reading may have turned it otherwise."""
        return f"/picture/{document}/{page}/{self._width}.jpg?reading={(reading or '')[:16]}"

    @property
    def _all_places(self) -> list[dict[str, Any]]:
        return [*self._places, *self._handed_down]

    @property
    def _width(self) -> int:
        return next((w for w in WIDTHS if w >= 900 * ZOOMS[self._zoom]), WIDTHS[-1])

    @property
    def _scale(self) -> float:
        """Pixels of the picture a point of the page."""
        # A page that could not be opened has no size.
        return float(self._width / (self._pages[self._number]["width"] or A4_POINTS))

    async def _draw(self, *, scroll: bool) -> None:
        say = words()
        self._image.set_visibility(self.has_pages)
        self._text.set_visibility(not self.has_pages)
        for button in (self._back, self._on):
            button.set_visibility(len(self._pages) > 1)
        if not self.has_pages:
            self._where.set_text(say("without_pages"))
            self._note.set_text(self._document["name"])
            blocks = await self._desk.blocks(self._document["reading"]) if self._document["reading"] else ()
            self._text.style(f"font-size: {15 * ZOOMS[self._zoom]:.0f}px")
            self._text.set_content(marking.written(blocks, self._all_places))
            if scroll:
                ui.run_javascript(f"scrollToMark({self._scroll.id})")
            return
        page = self._pages.get(self._number)
        self._where.set_text(say("page_of", page=self._number, pages=len(self._pages)))
        self._note.set_text(self._document["name"])
        if page is None:
            return
        if page["source"] == "unread":
            self._note.set_text(say("page_unread", reason=say(f"reading.{page['reason']}")))
        self._image.style(f"width: {ZOOMS[self._zoom] * 100:.0f}%")
        self._image.set_source(
            self.source(self._document["document_sha256"], self._number, self._document["reading"])
        )
        self._image.set_content(marking.drawn(self._all_places, self._number, self._scale, self._extra))
        if scroll:
            tops = self._tops_in_view()
            share = (min(tops) - 60) / page["height"] if tops and page["height"] else 0.0
            ui.run_javascript(f"scrollToShare({self._scroll.id}, {max(share, 0.0):.4f})")

    def _tops(self, places: list[dict[str, Any]]) -> list[float]:
        return [p["box"][1] for p in places if p.get("page") == self._number and p.get("box")]

    def _tops_in_view(self) -> list[float]:
        """Where marks of the page begin that are to be seen at once: its own, and what hands down from near."""
        own, above = self._tops(self._looked_at), self._tops(self._handed_down)
        return own + [top for top in above if not own or min(own) - NEAR < top < min(own)]

    async def _mouse(self, event: MouseEventArguments) -> None:
        point = (event.image_x / self._scale, event.image_y / self._scale)
        if event.type == "mousedown":
            self._down = point
            return
        start, self._down = self._down, None
        if start is None or self._on_mark is None or not self._document["reading"]:
            return
        if abs(start[0] - point[0]) + abs(start[1] - point[1]) < 4:
            return
        blocks = await self._desk.blocks(self._document["reading"])
        found = marking.between(blocks, self._number, start, point)
        if found is not None:
            await self._mark(found)

    async def mark_selected(self) -> None:
        """Take what is selected in a text without pages as marked."""
        if self.has_pages or self._on_mark is None:
            return
        chosen = await ui.run_javascript("window.getSelection().toString()")
        if chosen and chosen.strip() and self._document["reading"]:
            await self._mark(marking.of_words(await self._desk.blocks(self._document["reading"]), str(chosen)))

    async def _mark(self, found: Selection) -> None:
        if self.has_pages:
            svg = marking.drawn(self._all_places, self._number, self._scale)
            for place in found.places:
                if place.get("page") == self._number and place.get("box"):
                    svg += marking.drawn([], self._number, self._scale, Box(*place["box"]))
            self._image.set_content(svg)
        assert self._on_mark is not None
        done = self._on_mark(found)
        if isinstance(done, Awaitable):
            await done


def _icon(icon: str, meaning: str, key: str, action: Callable[[], Any]) -> ui.button:
    button = ui.button(icon=icon, on_click=action).props(f'flat dense round size=sm aria-label="{meaning}"')
    button.tooltip(f"{meaning} ({key})")
    return button
