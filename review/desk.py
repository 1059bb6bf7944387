"""What every page works with: the register, the queue, who is where, and pictures. One for a server."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from nicegui import ui

from extractors.layout import blocks as blocks_of
from models import Block, Document
from pipeline.reading import PagePool
from pipeline.register import Register
from pipeline.users import Right
from review.access import Door, Session
from review.completion import Bodies
from review.leases import Leases
from review.pictures import Pictures
from review.queue import Queue, Stage
from review.words import Say, speaker

P = ParamSpec("P")
T = TypeVar("T")

KEPT_DOCUMENTS = 8


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

    async def ask(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a function that waits for disk or database, in a thread."""
        return await asyncio.to_thread(function, *arguments, **named)

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of the working database as dictionaries."""
        return await asyncio.to_thread(self.register.store.records, sql, parameters)

    async def blocks(self, reading: str) -> tuple[Block, ...]:
        """The blocks of a reading, by its blob; the last few are kept."""
        if reading not in self._blocks:
            self._blocks[reading] = await asyncio.to_thread(self._read_blocks, reading)
            while len(self._blocks) > KEPT_DOCUMENTS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(reading)
        return self._blocks[reading]

    def _read_blocks(self, reading: str) -> tuple[Block, ...]:
        return blocks_of(self.register.journal.kept(reading, Document))

    def close(self) -> None:
        """End the processes that draw."""
        self.pool.close()


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
