"""What every page works with: the register, the queue, who is where, and pictures. One for a server."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from nicegui import ui

from extractors.layout import blocks as blocks_of
from models import Block, Document
from pipeline.journal import Event
from pipeline.reading import PagePool
from pipeline.register import Register
from pipeline.users import Right
from review.access import Door, Session
from review.completion import OFTEN, Bodies
from review.leases import Leases
from review.pictures import Pictures, Turn, turn_of
from review.queue import Queue, Stage
from review.words import Say, speaker

P = ParamSpec("P")
T = TypeVar("T")

KEPT_DOCUMENTS = 8

_BODIES = f"""
SELECT name, sum(times)::INTEGER FROM (
    SELECT name, count(*) AS times FROM task_agencies GROUP BY name
    UNION ALL
    SELECT unnest(from_json(value, '["VARCHAR"]')), {OFTEN} FROM corrections
    WHERE field IN ('lead', 'coop') AND value IS NOT NULL
) GROUP BY name ORDER BY sum(times) DESC, name LIMIT 5000
"""

PAGE_SECONDS = 60.0
"""How long a page may take to answer: on a busy machine late is better than an error."""


class Desk:
    """The state that pages share. DuckDB and the journal are asked in threads, never on the event loop."""

    def __init__(self, register: Register, door: Door) -> None:
        self.register = register
        self.door = door
        self.queues: dict[Stage, Queue] = {"review": Queue(register)}
        if register.settings.second_signoff:
            self.queues["approve"] = Queue(register, "approve")
        self.leases = Leases()
        self.pool = PagePool(workers=1)
        self.pictures = Pictures(self.pool)
        self.bodies = Bodies()
        self._blocks: OrderedDict[str, tuple[Block, ...]] = OrderedDict()
        self._turns: OrderedDict[str, dict[int, Turn]] = OrderedDict()
        self.changes = 0
        """How many events have come since the server started: pages that list letters look whether it grew."""
        self._loop = asyncio.get_running_loop()
        self._looking = self._loop.create_task(self._look_for_bodies())
        register.listen(self._noted)

    async def ask(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a function that waits for disk or database, in a thread."""
        return await asyncio.to_thread(function, *arguments, **named)

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of the working database as dictionaries."""
        return await asyncio.to_thread(self.register.store.records, sql, parameters)

    async def blocks(self, reading: str) -> tuple[Block, ...]:
        """The blocks of a reading, by its blob; the last few are kept."""
        return await self._known(self._blocks, reading, blocks_of)

    async def turn(self, reading: str, page: int) -> Turn:
        """How a page was turned before it was read, by the blob of its reading."""

        def turns_of(document: Document) -> dict[int, Turn]:
            return {page.number: turn_of(page) for page in document.pages}

        return (await self._known(self._turns, reading, turns_of)).get(page, Turn())

    def _noted(self, event: Event | None) -> None:
        self.changes += 1
        if event is not None:
            self.bodies.note(*_bodies_of(event))
        if event is None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._forget)

    def _forget(self) -> None:
        """Give up all that is kept of letters: the register was made again, perhaps because one was purged."""
        self.pictures.forget()
        self._blocks.clear()
        self._turns.clear()
        self.bodies = Bodies()
        self._looking = self._loop.create_task(self._look_for_bodies())

    async def _look_for_bodies(self) -> None:
        """Have the bodies that tasks bear completed."""
        bodies = self.bodies
        for name, times in await asyncio.to_thread(self.register.store.rows, _BODIES):
            bodies.note([name], times)

    async def _known(self, kept: OrderedDict[str, T], reading: str, of: Callable[[Document], T]) -> T:
        """What is made `of` a reading, made once while it is among the last few asked for."""
        if reading not in kept:
            kept[reading] = await asyncio.to_thread(lambda: of(self.register.journal.kept(reading, Document)))
        found = kept[reading]
        kept.move_to_end(reading)
        while len(kept) > KEPT_DOCUMENTS:
            kept.popitem(last=False)
        return found

    def close(self) -> None:
        """End the processes that draw."""
        self._looking.cancel()
        self.pool.close()


def _bodies_of(event: Event) -> tuple[list[str], int]:
    """The bodies an event names, and how often that counts."""
    if event.kind == "extracted":
        tasks = event.data["tasks"]
        return [body["name"] for task in tasks for role in ("leads", "coops") for body in task.get(role, ())], 1
    changes = {"reviewed": event.data.get("corrected", ()), "corrected": [event.data]}.get(event.kind, ())
    return [name for c in changes if c["field"] in ("lead", "coop") for name in c["value"] or ()], OFTEN


def session() -> Session:
    """The session of the page being built or acted on."""
    found: Session = ui.context.client.request.scope["giaoviec.session"]
    return found


def words() -> Say:
    """Sentences in the language of the page's reviewer."""
    return speaker(session().language)


def allowed(desk: Desk, right: Right) -> bool:
    """Whether the page's reviewer may do this; says so where not."""
    if desk.door.may(session(), right):
        return True
    ui.notify(words()("not_allowed"), type="negative")
    return False
