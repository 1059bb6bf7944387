"""Prefect flows: the order of the steps, concurrency and schedule. No logic of their own.

Prefect shows what goes on and by what name; what was done and what is left is the journal's to say. Nothing is
kept in Prefect: no results, no caches, no parameters that name a letter, and no name before the secrecy check.
"""

import asyncio
import contextlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import msgspec
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from pipeline import checking, commands, work
from pipeline.checking import Cleared, Outcome
from pipeline.inbox import Drop, Settling
from pipeline.publish import Publisher
from pipeline.register import Register
from pipeline.reports import Report, silent

_register: ContextVar[Register] = ContextVar("register")
_settling: ContextVar[Settling] = ContextVar("settling")
_publisher: ContextVar[Publisher] = ContextVar("publisher")
_report: ContextVar[Report] = ContextVar("report", default=silent)
_stopping: ContextVar[Callable[[], bool]] = ContextVar("stopping", default=lambda: False)


@task(name="kiểm tra", task_run_name="tệp mới chờ kiểm tra", cache_policy=NO_CACHE, persist_result=False)
async def admit(drop: Drop) -> list[Outcome | Cleared]:
    """Check and receive one drop; still nameless, for it may turn out secret."""
    return await asyncio.to_thread(work.admit, _register.get(), drop)


class NotDone(Exception):
    """A letter that did not come through: its run is shown as failed, with the reason in plain words."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(checking.reason(outcome.code or "internal"))
        self.outcome = outcome


@task(name="văn bản", cache_policy=NO_CACHE, persist_result=False)
async def letter(sha256: str, cleared: Cleared | None) -> Outcome:
    """Read and extract one received letter; the run is named after it."""
    outcome = await asyncio.to_thread(work.complete, _register.get(), sha256, cleared, _report.get())
    if outcome.state != "done":
        raise NotDone(outcome)
    return outcome


@flow(name="quét hộp thư", flow_run_name="quét hộp thư", persist_result=False, validate_parameters=False)
async def sweep() -> list[Outcome]:
    """Take in all that is ready, several letters at once, until nothing is left; publish what has changed."""
    register, report = _register.get(), _report.get()
    settling = _settling.get()
    publisher, stopping = _publisher.get(), _stopping.get()
    places = asyncio.Semaphore(register.settings.letters_at_once)
    outcomes: list[Outcome] = []

    async def finish(sha256: str, cleared: Cleared | None) -> Outcome:
        name = register.store.value("SELECT name FROM documents WHERE document_sha256 = ?", [sha256])
        try:
            return await letter.with_options(task_run_name=name)(sha256, cleared)
        except NotDone as error:
            return error.outcome

    async def one(item: Drop | str) -> None:
        async with places:
            if stopping():
                # What is begun is finished; the rest is found again at the next start.
                register.give_back(item if isinstance(item, str) else item.id)
                return
            # A letter's main text comes before its annexes, which take number, day and issuer from it.
            for admitted in [item] if isinstance(item, str) else await admit(item):
                if isinstance(admitted, Outcome):
                    outcome = admitted
                elif isinstance(admitted, Cleared):
                    outcome = await finish(admitted.sha256, admitted)
                else:
                    outcome = await finish(admitted, None)
                outcomes.append(outcome)
                report("letter", msgspec.structs.asdict(outcome))

    running: set[asyncio.Task[None]] = set()
    while True:
        # New drops are taken in while others are still being read.
        for item in [] if stopping() else await asyncio.to_thread(_ready, register, settling):
            running.add(asyncio.create_task(one(item)))
        if not running:
            break
        finished, running = await asyncio.wait(running, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
        for run in finished:
            run.result()
        if publisher.is_due:
            await publish()
    return outcomes


def _ready(register: Register, settling: Settling) -> list[Drop | str]:
    """What is to be done now: new drops from the inbox and whatever is unfinished and due, all claimed."""
    items = work.unfinished(register)
    for path in settling.ready(register.home.inbox)[0]:
        # Busy or gone: the next look finds it again.
        with contextlib.suppress(OSError):
            items.append(work.take(register, path))
    return items


@flow(name="trích xuất lại", flow_run_name="trích xuất lại", persist_result=False, validate_parameters=False)
async def reextract(document: str | None = None) -> dict[str, Any]:
    """Run the rules again over what was read, and publish."""
    return await asyncio.to_thread(commands.reextract, _register.get(), _report.get(), document=document)


@flow(name="công bố", flow_run_name="công bố", persist_result=False, validate_parameters=False)
async def publish() -> None:
    """Publish the analysts' copy."""
    await asyncio.to_thread(_publisher.get().publish)


def use(
    register: Register,
    settling: Settling,
    publisher: Publisher,
    report: Report = silent,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Say, once in a context, what the flows work on, and how they know that they are to end."""
    _stopping.set(stopping)
    _register.set(register)
    _settling.set(settling)
    _publisher.set(publisher)
    _report.set(report)


async def sweep_once(register: Register, report: Report = silent) -> list[Outcome]:
    """Sweep an inbox whose files are known to be whole, and publish (`giaoviec sweep`)."""
    use(register, Settling(0.0, 0.0), Publisher(register), report)
    outcomes = await sweep()
    await publish()
    return outcomes
