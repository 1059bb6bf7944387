"""What one file may cost: checked before work where a size is declared, enforced on processes where it is not.

Time is counted in seconds of processor, so that a loaded machine reads slower, not worse. A clock on the wall, a
generous one, runs beside it for what hangs without working.
"""

import contextlib
import math
import resource
from collections.abc import Iterator

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """Bounds of reading one file.

    Bytes of the file and of what it unpacks to; files in an archive; number of pages; pixels of one page image;
    seconds of processor for one page and for a batch of text pages; seconds on the wall for the whole file; how
    many times as long on the wall, as of processor, a page or batch may take; bytes of memory of one working
    process.
    """

    file_bytes: int = 300 * 2**20
    unpacked_bytes: int = 400 * 2**20
    archive_files: int = 200
    pages: int = 2_000
    pixels: int = 60_000_000
    page_seconds: float = 120.0
    batch_seconds: float = 60.0
    batch_pages: int = 16
    file_seconds: float = 7200.0
    patience: float = 10.0
    memory_bytes: int = 3 * 2**30


def is_timed() -> bool:
    """Whether the processor time of this process is bounded, as that of working processes is."""
    return resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY


@contextlib.contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """End this process, by SIGXCPU, when it works for more than `seconds` within the block.

    What it starts meanwhile may work no longer than this process had by then, and `seconds` more.
    """
    own = resource.getrusage(resource.RUSAGE_SELF)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    ends = math.ceil(own.ru_utime + own.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (min(ends, soft) if is_timed() else ends, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
