"""What the analysts' questions cost on a register of any size, and linking a new letter beside reading it.

`python -m benchmarks cookbook --tasks 1000000` measures a hundredth of that size beside it; `--copy FILE` asks the
questions of a published copy.
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

from extractors import extract, matter
from models.letter import Letter
from pipeline import links, reading
from pipeline.journal import Event, Journal, now
from pipeline.register import today
from pipeline.store import Store
from pipeline.store import reading as reading_copy
from samples import registers

QUESTIONS = re.compile(r"^## (\d+\. .+?)\n\n\*[^\n]+\*\n\n```sql\n(.+?)```", re.MULTILINE | re.DOTALL)
COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
RUNS = 3
LETTER_TASKS = 12
PDF = Path(__file__).parent.parent / "samples" / "links" / "82-school-water-urging.pdf"
"""What offices get: a letter as PDF, of few tasks."""


def seconds(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Median seconds of some work, on the wall and of processor (all threads; what load does not change)."""
    taken = []
    for _ in range(runs):
        began, began_cpu = time.monotonic(), time.process_time()
        work()
        taken.append((time.monotonic() - began, time.process_time() - began_cpu))
    wall, cpu = zip(*taken, strict=True)
    return statistics.median(wall), statistics.median(cpu)


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
        found: list[dict[str, tuple[float, float]]] = []
        linking: list[tuple[float, float]] = []
        loading: list[tuple[float, float]] = []
        saving: list[tuple[float, float]] = []
        for size in (small, large):
            folder = Path(name) / str(size)
            folder.mkdir()
            store, rebuilt = built(size, folder)
            questions = QUESTIONS.findall(COOKBOOK.read_text("utf-8"))
            found.append({title: seconds(partial(store.rows, sql)) for title, sql in questions})
            linking.append(_linking(store.rows))
            loading.append(_loading(store))
            saving.append(seconds(store.checkpoint, runs=1))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{size:,} tasks: rebuilt in {rebuilt:.1f} s, peak memory so far {peak:.0f} MB")
            store.close()
        reads = _reading(_letter(Path(name)))
    print(f"{'seconds on the wall, of processor':70} {small:>15,} {large:>15,}   times")
    for title, before in found[0].items():
        after = found[1][title]
        print(f"{title[:70]:70} {_shown(before)} {_shown(after)} {after[1] / before[1]:7.1f}")
    print(f"\n{f'linking a new letter of {LETTER_TASKS} tasks':70} {_shown(linking[0])} {_shown(linking[1])}")
    print(f"{'loading its three events':70} {_shown(loading[0])} {_shown(loading[1])}")
    print(f"{'CHECKPOINT after it, the longest part of publishing':70} {_shown(saving[0])} {_shown(saving[1])}")
    print(f"{'reading it as plain text':70} {_shown(reads)}")


def ask(copy: Path) -> None:
    """Print what each question costs on a published copy, asked once."""
    with reading_copy(copy) as connection:
        [(tasks,)] = connection.execute("SELECT count(*) FROM tasks").fetchall()
        print(f"{f'{tasks:,} tasks; seconds on the wall, of processor':70}")
        for title, sql in QUESTIONS.findall(COOKBOOK.read_text("utf-8")):
            taken = seconds(lambda sql=sql: connection.execute(sql).fetchall(), runs=1)  # type: ignore[misc]
            print(f"{title[:70]:70} {_shown(taken)}", flush=True)
        asked = _linking(lambda sql, parameters: connection.execute(sql, parameters).fetchall())
    print(f"\n{f'linking a new letter of {LETTER_TASKS} tasks':70} {_shown(asked)}")
    with tempfile.TemporaryDirectory() as name:
        print(f"{'reading it as plain text':70} {_shown(_reading(_letter(Path(name))))}")
    print(f"{f'reading a letter of two pages as PDF ({PDF.name})':70} {_shown(_reading(PDF))}")


def _shown(taken: tuple[float, float]) -> str:
    return f"{taken[0]:7.3f} {taken[1]:7.3f}"


def _letter(folder: Path) -> Path:
    path = folder / "letter.txt"
    path.write_text(registers.letter_text(random.Random(1), 1, LETTER_TASKS, today()), "utf-8")
    return path


def _linking(rows: links.Rows) -> tuple[float, float]:
    """Seconds of linking one more letter to the tasks that are there."""
    with tempfile.TemporaryDirectory() as name:
        path = _letter(Path(name))
        document = reading.read(path, media_type=reading.media_type(path), sha256="", workers=0)
    tasks = [(str(n), task) for n, task in enumerate(extract(document).tasks)]

    def link() -> None:
        # The texts of other letters are seldom those of the letter before.
        matter.features.cache_clear()
        links.links_of(rows, "new", "new", Letter(), tasks)

    return seconds(link)


def _loading(store: Store) -> tuple[float, float]:
    """Seconds of bringing the events of one more letter into the database, each by itself as they come."""
    made = [e for e in registers.one_letter(LETTER_TASKS, today()) if e[0] in ("received", "read", "extracted")]

    def load() -> None:
        for kind, data in made:
            store.apply(Event(store.applied + 1, now(), kind, data))  # type: ignore[arg-type]

    return seconds(load, runs=1)


def _reading(path: Path) -> tuple[float, float]:
    """Seconds of reading and extracting a letter; plain text is the cheapest there is."""
    kind = reading.media_type(path)
    return seconds(lambda: extract(reading.read(path, media_type=kind, sha256="", workers=0)))
