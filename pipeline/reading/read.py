"""The door of reading: one file in, one `models.Document` out.

All reading happens in working processes (`pool`); this module decides what they are asked and puts their
pages together in order, so that the result does not depend on who was faster.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from pathlib import Path
from typing import Required, TypedDict, TypeVar, Unpack

from models import Block, Document, Footnote, Page
from pipeline.reading import archives, errors, pages, parts, quality
from pipeline.reading.limits import Limits
from pipeline.reading.material import Evidence
from pipeline.reading.media import PAGED, PDF, ZIP, is_complete
from pipeline.reading.packed import Packed, Reading
from pipeline.reading.pool import Future, PagePool, failure, shared

READER = "giaoviec reading 10"
"""Names this version of the reading code in what it read; raised when its output changes."""

DAMAGED = "damaged"
"""Reason of a page whose content breaks off, or whose fonts are broken."""

_AGAIN = "again"
"""Reason of a page whose batch failed, until it has been asked for alone."""

Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""


class Asked(TypedDict, total=False):
    """What `read` and `read_packed` are told of a file; `read_packed` says what each means."""

    media_type: Required[str]
    sha256: Required[str]
    limits: Limits | None
    progress: Progress | None
    pool: PagePool | None
    workers: int | None
    first: Page | None


def read(path: Path, **asked: Unpack[Asked]) -> Document:
    """Read a whole file: the document `read_packed` gives, all its words in memory."""
    return read_packed(path, **asked).document()


def read_packed(
    path: Path,
    *,
    media_type: str,
    sha256: str,
    limits: Limits | None = None,
    progress: Progress | None = None,
    pool: PagePool | None = None,
    workers: int | None = None,
    first: Page | None = None,
) -> Reading:
    """Read a whole file, its pages kept packed.

    `pool` runs the work; without one the program's own does, of `workers` processes (None: one a core; 0: in
    this process, without limits of time and memory). `first` is the first page where `first_page` has read it
    already. A page that fails is unread, with its reason; a file that cannot be opened raises a `ReadingError`.

    Boxes of a recognised page lie on the page as it was straightened: turned about its centre by
    `evidence["angle"]` degrees counter-clockwise.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if not size:
        raise errors.EmptyFile
    if size > limits.file_bytes:
        raise errors.TooLarge(f"{size} bytes")
    reader = _Reader(path, media_type, limits, pool or shared(workers))
    if media_type in PAGED:
        return Reading(Document(sha256, media_type, READER), reader.pages(progress or _silent, first))
    blocks, footnotes = reader.blocks()
    if progress:
        progress(1, 1)
    return Reading(Document(sha256, media_type, READER, blocks=blocks, footnotes=footnotes))


def first_page(
    path: Path,
    media_type: str,
    *,
    limits: Limits | None = None,
    pool: PagePool | None = None,
    workers: int | None = None,
) -> Page:
    """Read the first page alone, recognising it if need be, for the check of its secrecy mark.

    Formats without pages give their first words as one page without places. A page that cannot be read comes
    back unread with its reason; a file that cannot be opened raises a `ReadingError`.
    """
    reader = _Reader(path, media_type, limits or Limits(), pool or shared(workers))
    return reader.first_page()


def red_regions(
    path: Path,
    media_type: str,
    *,
    limits: Limits | None = None,
    pool: PagePool | None = None,
    workers: int | None = None,
) -> tuple[str, ...]:
    """The texts recognised inside the red boxes of the first page (MẬT, KHẨN), top to bottom.

    Read off the picture of the page before anything red is removed from it. Formats without pages have none.
    Raises a `ReadingError` where the page cannot be looked at.
    """
    if media_type not in PAGED:
        return ()
    limits = limits or Limits()
    reader = _Reader(path, media_type, limits, pool or shared(workers))
    return reader.wait(limits.page_seconds, pages.red_regions, path, media_type, limits)


def unpack(
    path: Path, folder: Path, *, limits: Limits | None = None, pool: PagePool | None = None
) -> list[tuple[str, Path]]:
    """Unpack an archive into `folder`: (name within it, file) of every entry; see `archives.unpack`."""
    limits = limits or Limits()
    reader = _Reader(path, ZIP, limits, pool or shared(None))
    return reader.wait(limits.page_seconds, archives.unpack, path, folder, limits)


def parted(
    path: Path,
    media_type: str,
    spans: list[tuple[int, int]],
    targets: list[Path],
    *,
    limits: Limits | None = None,
    pool: PagePool | None = None,
) -> None:
    """Write pages `first` to `last` of each span of a PDF or TIFF to a file of their own.

    Raises a `ReadingError`.
    """
    limits = limits or Limits()
    reader = _Reader(path, media_type, limits, pool or shared(None))
    reader.wait(limits.batch_seconds, parts.write, path, media_type, spans, targets)


class _Reader:
    """The reading of one file: what is asked of the working processes, and what becomes of the answers."""

    def __init__(self, path: Path, media_type: str, limits: Limits, pool: PagePool) -> None:
        self._path, self._media_type, self._limits, self._pool = path, media_type, limits, pool

    def blocks(self) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
        """Paragraphs, tables and footnotes of a file without pages."""
        return self.wait(self._limits.page_seconds, pages.blocks, self._path, self._media_type, self._limits)

    def first_page(self) -> Page:
        """Page 1 by its text layer, or recognised."""
        if self._media_type not in PAGED:
            blocks, _ = self.blocks()
            return pages.as_page(blocks)
        return self._pages(self._count(), _silent, {}, last=1)[0].page()

    def pages(self, progress: Progress, first: Page | None) -> tuple[Packed, ...]:
        """All pages, in order."""
        total = self._count()
        return self._pages(total, progress, {1: Packed.of(first)} if first else {})

    def wait(self, seconds: float, function: Callable[..., Result], *arguments: object) -> Result:
        """Run one function in a working process; its failure is the file's."""
        try:
            return self._pool.submit(seconds, function, *arguments).result()
        except errors.Unreadable as error:
            # A file that is cut off is told as such: it may still be on its way.
            raise error if is_complete(self._path) else errors.TruncatedFile from error
        except errors.ReadingError:
            raise
        except Exception as error:
            raise errors.Unreadable(failure(error)) from error

    def _count(self) -> int:
        return self.wait(self._limits.batch_seconds, pages.count, self._path, self._media_type, self._limits)

    def _pages(
        self, total: int, progress: Progress, done: dict[int, Packed], last: int | None = None
    ) -> tuple[Packed, ...]:
        """Read pages 1 to `last` (all) but those `done`: text layers in batches, then what needs recognising."""
        damage = self.wait(self._limits.batch_seconds, pages.damage_of, self._path, self._media_type, total)
        total = min(last or total, total)
        done = {number: _given_up(number, DAMAGED) for number in damage.pages if number <= total} | done
        waiting: dict[Future[list[Page]], range] = {}
        for numbers in self._batches(total, done):
            waiting[self._ask(numbers)] = numbers
        progress(len(done), total)
        ends = time.monotonic() + self._limits.file_seconds
        try:
            while waiting and (left := ends - time.monotonic()) > 0:
                for future in wait(waiting, timeout=left, return_when=FIRST_COMPLETED).done:
                    for page in self._answer(future, waiting.pop(future)):
                        if page.reason == pages.NEEDS_RECOGNITION:
                            waiting[self._recognise(page)] = _alone(page)
                        elif page.reason == _AGAIN:
                            waiting[self._ask(_alone(page))] = _alone(page)
                        elif quality.is_lost(page, in_damaged_file=damage.some):
                            done[page.number] = Packed.of(_unread(page.number, DAMAGED, page.evidence))
                            progress(len(done), total)
                        else:
                            done[page.number] = Packed.of(page)
                            progress(len(done), total)
        finally:
            for future in waiting:
                future.cancel()
        for kept in done.values():
            if damage.some and not kept.is_unread and not kept.has_words:
                # In a damaged file a page is not taken for empty: its content may be what is not found.
                done[kept.number] = _given_up(kept.number, DAMAGED)
        return tuple(done.get(number) or _given_up(number, "timeout") for number in range(1, total + 1))

    def _batches(self, total: int, done: dict[int, Packed]) -> Iterator[range]:
        """Runs of pages to ask for at once: pictures one by one, text layers many together."""
        step = self._limits.batch_pages if self._media_type == PDF else 1
        first = 1
        for number in range(1, total + 2):
            if number == first + step or number in done or number == total + 1:
                if number > first:
                    yield range(first, number)
                first = number + (number in done)

    def _ask(self, numbers: range) -> "Future[list[Page]]":
        if self._media_type == PDF:
            return self._pool.submit(self._limits.batch_seconds, pages.from_text_layer, self._path, numbers)
        return self._recognise(_unread(numbers[0], pages.NEEDS_RECOGNITION))

    def _recognise(self, page: Page) -> "Future[list[Page]]":
        return self._pool.submit(
            self._limits.page_seconds, pages.recognise, self._path, self._media_type, page, self._limits
        )

    def _answer(self, future: "Future[list[Page]]", numbers: range) -> list[Page]:
        """The pages a process gave; where it failed, each page is asked for alone, and then given up."""
        try:
            return future.result()
        except (errors.EngineMissing, errors.MissingLanguage, errors.ReadersFailed):
            raise
        except Exception as error:
            reason = _AGAIN if len(numbers) > 1 else failure(error)
            evidence: Evidence = {"error": f"{type(error).__name__}: {error}"[:200]}
            return [_unread(number, reason, evidence) for number in numbers]


def _unread(number: int, reason: str, evidence: Evidence | None = None) -> Page:
    return Page(number, 0.0, 0.0, "unread", reason=reason, evidence=evidence or {})


def _given_up(number: int, reason: str) -> Packed:
    return Packed.of(_unread(number, reason))


def _alone(page: Page) -> range:
    return range(page.number, page.number + 1)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""
