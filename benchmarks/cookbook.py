"""What the analysts' questions cost on a register of any size, and linking a new letter beside reading it.

`python -m benchmarks cookbook --tasks 1000000` measures a hundredth of that size beside it.
"""

import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import registers
from extractors import extract
from models.letter import Letter
from pipeline import links, reading
from pipeline.journal import Event, Journal, now
from pipeline.register import today
from pipeline.store import Store

QUESTIONS = re.compile(r"^## (\d+\. .+?)\n\n```sql\n(.+?)```", re.MULTILINE | re.DOTALL)
COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
RUNS = 3
LETTER_TASKS = 12


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median wall-clock seconds of some work."""
    taken = []
    for _ in range(runs):
        began = time.monotonic()
        work()
        taken.append(time.monotonic() - began)
    return statistics.median(taken)


def built(tasks: int, folder: Path) -> tuple[Store, float]:
    """A database of so many tasks, and the seconds its rebuilding took."""
    registers.write(folder / "journal", tasks)
    journal = Journal(folder / "journal")
    journal.open_for_writing()
    store = Store(folder / "giaoviec.duckdb", folder)
    began = time.monotonic()
    store.catch_up(journal)
    store.checkpoint()
    return store, time.monotonic() - began


def compare(tasks: int) -> None:
    """Print every question's seconds at a hundredth of `tasks` and at `tasks`, then linking against reading."""
    small, large = max(tasks // 100, 100), tasks
    with tempfile.TemporaryDirectory() as name:
        found: list[dict[str, float]] = []
        linking: list[float] = []
        loading: list[float] = []
        for size in (small, large):
            folder = Path(name) / str(size)
            folder.mkdir()
            store, rebuilt = built(size, folder)
            questions = QUESTIONS.findall(COOKBOOK.read_text("utf-8"))
            found.append({title: seconds(partial(store.rows, sql)) for title, sql in questions})
            linking.append(_linking(store))
            loading.append(_loading(store))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{size:,} tasks: rebuilt in {rebuilt:.1f} s, peak memory so far {peak:.0f} MB")
            store.close()
        reads = _reading(Path(name))
    print(f"{'question':78} {small:>11,} {large:>11,}   times")
    for title, before in found[0].items():
        print(f"{title[:78]:78} {before:9.3f} s {found[1][title]:9.3f} s {found[1][title] / before:7.1f}")
    print(f"\nlinking a new letter of {LETTER_TASKS} tasks: {linking[0]:.3f} s, {linking[1]:.3f} s; ", end="")
    print(f"reading it: {reads:.3f} s")
    print(f"loading its three events: {loading[0]:.3f} s, {loading[1]:.3f} s")


def _letter(folder: Path) -> Path:
    path = folder / "letter.txt"
    path.write_text(registers.letter_text(random.Random(1), 1, LETTER_TASKS, today()), "utf-8")
    return path


def _linking(store: Store) -> float:
    with tempfile.TemporaryDirectory() as name:
        path = _letter(Path(name))
        document = reading.read(path, media_type=reading.media_type(path), sha256="", workers=0)
    tasks = [(str(n), task) for n, task in enumerate(extract(document).tasks)]
    return seconds(lambda: links.links_of(store.rows, "new", "new", Letter(), tasks))


def _loading(store: Store) -> float:
    """Seconds of bringing the events of one more letter into the database, each by itself as they come."""
    made = [e for e in registers.one_letter(LETTER_TASKS, today()) if e[0] in ("received", "read", "extracted")]

    def load() -> None:
        for kind, data in made:
            store.apply(Event(store.applied + 1, now(), kind, data))  # type: ignore[arg-type]

    return seconds(load, runs=1)


def _reading(folder: Path) -> float:
    """Seconds of reading and extracting the same letter as plain text: the cheapest reading there is."""
    path = _letter(folder)
    kind = reading.media_type(path)
    return seconds(lambda: extract(reading.read(path, media_type=kind, sha256="", workers=0)))
