"""The review page over a home, with an inbox that is looked after, but without Prefect: what browser tests drive.

python -m tests.review_server HOME [HOST]

With REVIEW_SLOW in the environment every question to the register takes so many seconds longer; with REVIEW_BLANK
no task is found in any letter.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec

import extractors
from models import Letter
from pipeline import inbox, owner, settings, work
from pipeline.checking import Cleared
from pipeline.register import Register, open_register
from review.desk import Desk
from review.serving import serving


def take_in(register: Register) -> None:
    """Read whatever lies in the inbox."""
    for path in inbox.waiting(register.home.inbox):
        for cleared in work.admit(register, work.take(register, path)):
            if isinstance(cleared, Cleared):
                work.complete(register, cleared.sha256, cleared)


def slow_down(seconds: float) -> None:
    """Have every page wait before it is told anything."""
    at_once = Desk.ask

    async def ask(self: Desk, *arguments: Any, **named: Any) -> Any:
        await asyncio.sleep(seconds)
        return await at_once(self, *arguments, **named)

    Desk.ask = ask  # type: ignore[method-assign]


def find_nothing() -> None:
    """Have letters come without tasks, as if nobody had read them."""
    read = extractors.extract

    def blank(*arguments: Any, **named: Any) -> Letter:
        return msgspec.structs.replace(read(*arguments, **named), tasks=(), misses=())

    extractors.extract = blank


async def main(home: Path, host: str = "127.0.0.1") -> None:
    """Serve until SIGTERM; the first line printed is the page's address."""
    if "REVIEW_SLOW" in os.environ:
        slow_down(float(os.environ["REVIEW_SLOW"]))
    if "REVIEW_BLANK" in os.environ:
        find_nothing()
    mine = owner.own(home, "test")
    assert mine is not None
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with open_register(home, settings.load(home), mine) as register:
        await asyncio.to_thread(take_in, register)
        async with serving(register, host, 0) as url:
            print(url, flush=True)
            while not stop.is_set():
                await asyncio.to_thread(take_in, register)
                await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
