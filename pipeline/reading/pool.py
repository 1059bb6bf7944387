"""The processes that do the reading: killed past their time, refused past their memory, replaced by themselves.

A hostile page may hang or crash the library that reads it; that costs one process, never the program.
"""

import atexit
import concurrent.futures
import functools
import multiprocessing
import os
import resource
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import cv2
from pebble import ProcessExpired, ProcessPool

from pipeline.reading.errors import ReadersFailed, ReadingError
from pipeline.reading.limits import Limits, processor_time

Result = TypeVar("Result")
Future = concurrent.futures.Future

TASKS = 100
"""So many tasks a process does before a new one takes its place: an engine may work as long as the process that
started it had, beside its own time."""


class PagePool:
    """A number of working processes that all readings of a program share; a context manager.

    `workers` None: one a core; 0: none, work is done at once in the calling process and without limits (tests).
    Each process may use `memory` bytes. They start at first use; one that is killed or dies is replaced.
    Threads may share a pool: no more than `workers` engines ever run at once. What hangs without working is killed
    after `patience` times its time.
    """

    def __init__(
        self,
        workers: int | None = None,
        memory: int = Limits().memory_bytes,
        patience: float = Limits().patience,
    ) -> None:
        self._workers = (os.cpu_count() or 1) if workers is None else workers
        self._memory, self._patience = memory, patience
        self._lock = threading.Lock()
        self._processes: ProcessPool | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._at_exit = False

    def __enter__(self) -> "PagePool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, seconds: float, function: Callable[..., Result], *arguments: object) -> "Future[Result]":
        """Run `function(*arguments)` in a process that is killed after `seconds` of work.

        Raises `ReadersFailed` where no process can be started; the next call tries to start them anew.
        """
        if self._workers == 0:
            return _done(function, *arguments)
        with self._lock:
            try:
                if self._processes is None or not self._processes.active:
                    self._end()
                    self._start()
                assert self._processes is not None
                return self._processes.schedule(
                    _timed, args=(seconds, function, *arguments), timeout=seconds * self._patience
                )
            except (BrokenProcessPool, RuntimeError, OSError, EOFError) as error:
                self._end()
                raise ReadersFailed(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """End all processes, whatever they are doing, and clear away what they left."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._processes is not None and self._folder is not None:
            self._processes.stop()  # type: ignore[no-untyped-call]
            self._processes.join()
            self._folder.cleanup()
        self._processes = self._folder = None

    def _start(self) -> None:
        # Not fork: the owner runs threads (DuckDB, Prefect), whose locks a forked child would inherit locked.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.reading.pages"])
        # What a killed process leaves behind may hold a page of a letter: it goes with the pool.
        self._folder = tempfile.TemporaryDirectory(prefix="giaoviec-")
        self._processes = ProcessPool(
            max_workers=self._workers,
            max_tasks=TASKS,
            initializer=_limit,
            initargs=(self._memory, self._folder.name),
            context=context,
        )
        if not self._at_exit:
            atexit.register(self.close)
            self._at_exit = True


@functools.cache
def shared(workers: int | None) -> PagePool:
    """The pool of this program for readings that bring none of their own."""
    return PagePool(workers)


def _done(function: Callable[..., Result], *arguments: object) -> "Future[Result]":
    """The finished future of a function run at once."""
    future: Future[Result] = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:
        future.set_exception(error)
    return future


def failure(error: Exception) -> str:
    """The reason code for a page whose process raised `error` or was killed.

    Raises `ReadersFailed` where not that process failed, but all: that says nothing of the page.
    """
    match error:
        case BrokenProcessPool():
            raise ReadersFailed(str(error)) from error
        case ReadingError():
            return error.code
        case TimeoutError():
            return "timeout"
        case MemoryError():
            return "memory"
        case ProcessExpired():
            return "timeout" if error.exitcode == -signal.SIGXCPU else "crashed"
        case _:
            return "unreadable"


def _timed(seconds: float, function: Callable[..., Result], *arguments: object) -> Result:
    """What `function` gives, in a working process."""
    with processor_time(seconds):
        return function(*arguments)


def _limit(memory: int, folder: str) -> None:
    """Bound a working process, and the engines it starts, to `memory` bytes and one folder."""
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    # Pages run side by side: threads of their own would only be in each other's way.
    cv2.setNumThreads(0)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
