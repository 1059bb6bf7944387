"""`giaoviec serve`: the owner: watches the inbox, runs the flows, serves the review page, takes others' work."""

import asyncio
import contextlib
import datetime
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvicorn
from watchfiles import awatch

from pipeline import handover, prefect_server, steps
from pipeline.commands import Command
from pipeline.errors import HomeInUse, WrongUse
from pipeline.inbox import Settling, waiting
from pipeline.owner import as_words, own, who
from pipeline.publish import Publisher
from pipeline.register import Register, open_register
from pipeline.reports import Report
from pipeline.settings import Settings

log = logging.getLogger("giaoviec")


def serve(home: Path, settings: Settings, report: Report, host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve the home until told to stop (SIGTERM, Ctrl-C).

    The review page is at `host`:`port` (0: any free one). Raises HomeInUse where another process has the home,
    NotReady where Prefect does not start, WrongUse where `host` is not this machine alone and there are no users.
    """
    from review.serving import check

    owner = own(home, "serve")
    if owner is None:
        raise HomeInUse("served_already", **as_words(who(home)))
    with open_register(home, settings, owner) as register:
        check(register, host)
        _check_certificate(settings)
        with prefect_server.running(register.home, settings.prefect_port) as api:
            serving = {"inbox": str(register.home.inbox), "dashboard": api.removesuffix("/api")}
            _in_thread(lambda stop: _run(register, report, host, port, stop, serving), report)


def _in_thread(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]], report: Report) -> None:
    """Run a loop until it ends, in a thread of its own; `run` is given what SIGTERM and Ctrl-C set.

    Prefect takes the stop signal of the main thread over while a flow runs there, and ends the process with a
    traceback. In another thread it cannot.
    """
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def told(*_: object) -> None:
        # Told twice, or when all is over: the loop is closed.
        with contextlib.suppress(RuntimeError):
            if not stop.is_set():
                report("stopping", {})
            loop.call_soon_threadsafe(stop.set)

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(run(stop))

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, told)
    with ThreadPoolExecutor(1, thread_name_prefix="serve") as thread:
        thread.submit(work).result()


def _check_certificate(settings: Settings) -> None:
    """Refuse a certificate without its key, and either where it cannot be read. Raises WrongUse."""
    given = (settings.certificate, settings.certificate_key)
    for path in given if any(given) else ():
        if path is None or not os.access(path, os.R_OK) or path.is_dir():
            raise WrongUse("no_certificate", path=path or "–")


async def _run(
    register: Register, report: Report, host: str, port: int, stop: asyncio.Event, serving_at: dict[str, Any]
) -> None:
    # Prefect takes its settings when it is imported: not before the server is known.
    import flows
    from review.serving import serving

    loop = asyncio.get_running_loop()
    chosen = register.settings
    settling = Settling(chosen.settle_seconds, chosen.incomplete_seconds, chosen.folder_settle_seconds)
    publisher = Publisher(register)
    flows.use(register, settling, publisher, report, stop.is_set)

    def reextract(register: Register, report: Report, *, document: str | None = None) -> dict[str, Any]:
        """Another command's re-extraction as a flow in this loop, so that the dashboard shows it."""

        async def run() -> dict[str, Any]:
            flows.use(register, settling, publisher, report)
            return await flows.reextract(document)

        return asyncio.run_coroutine_threadsafe(run(), loop).result()

    async with _endpoint(register, {"reextract": reextract}), serving(register, host, port) as page:
        report("serving", serving_at)
        report("reviewing", {"page": page})
        watching = asyncio.create_task(_watch(register, publisher, stop))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await watching
    # Prefect may be going already: what was said last is published without it.
    await asyncio.to_thread(publisher.publish)


@contextlib.asynccontextmanager
async def _endpoint(register: Register, flowing: Mapping[str, Command]) -> AsyncIterator[None]:
    """Take work from other commands, on a free port of the loopback, for the time of the block."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    token = register.owner.takes_work_at(f"http://127.0.0.1:{listener.getsockname()[1]}")
    application = handover.application(register, token, flowing)
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off", access_log=False))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    # The stop signals are ours: uvicorn would take them over while it serves.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        listener.close()


async def _watch(register: Register, publisher: Publisher, stop: asyncio.Event) -> None:
    """Sweep whenever something may be ready: an event, the periodic full scan, a file that settles, a retry."""
    import flows

    woken = asyncio.Event()

    async def listen() -> None:
        # Events are a courtesy: over network shares there may be none, and the scan finds everything.
        async for _ in awatch(register.home.inbox, stop_event=stop, recursive=True):
            woken.set()

    listening = asyncio.create_task(listen())
    woken.set()
    while not stop.is_set():
        if await asyncio.to_thread(_has_work, register):
            try:
                await flows.sweep()
            except Exception as error:
                log.error("sweep: %s: %s", type(error).__name__, error)
                await _sleep(stop, register.settings.retry_seconds)
        if publisher.is_due:
            await flows.publish()
        woken.clear()
        pause = await asyncio.to_thread(_pause, register)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                waits = {asyncio.create_task(woken.wait()), asyncio.create_task(stop.wait())}
                try:
                    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for wait in waits:
                        wait.cancel()
    with contextlib.suppress(Exception):
        await listening


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def _has_work(register: Register) -> bool:
    """Whether a sweep would find anything, so that the dashboard shows no empty ones."""
    return any(True for _ in waiting(register.home.inbox)) or steps.has_unfinished(register)


def _pause(register: Register) -> float:
    """Seconds until somebody should look again: a settling file, an attempt that comes due, or the full scan."""
    longest = register.settings.scan_seconds
    if any(True for _ in waiting(register.home.inbox)):
        longest = min(longest, max(register.settings.settle_seconds, 0.1))
    due = steps.next_due(register)
    if due is not None:
        left = (due - datetime.datetime.now(datetime.UTC).replace(tzinfo=None)).total_seconds()
        longest = min(longest, max(left, 0.1))
    if register.changed.is_set():
        longest = min(longest, 1.0)
    return longest
