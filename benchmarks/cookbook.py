"""What the analysts' questions cost on a register of any size, and linking a new letter beside reading it.

`python -m benchmarks cookbook --tasks 1000000` measures a tenth and a hundredth of that size beside it, each on a
copy opened anew, as analysts open it; `--copy FILE` asks the questions of a published copy.
"""

import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from extractors import extract
from models.letter import Letter
from pipeline import links, reading
from pipeline.journal import Event, EventKind, Journal, now
from pipeline.register import today
from pipeline.store import Store
from pipeline.store import reading as reading_copy
from samples import registers

QUESTIONS = re.compile(r"^## (\d+\. .+?)\n\n\*[^\n]+\*\n\n```sql\n(.+?)```", re.MULTILINE | re.DOTALL)
COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
RUNS = 3
LETTERS, WARM = 36, 12
"""Letters that are linked and read, all different; the first, until tables are in memory, are not counted."""
LETTER_TASKS = 12
STEPS = ("received", "read", "extracted")
TOGETHER = (1, 3, 10)
"""Letters that are loaded before one CHECKPOINT: copies wait twenty times their own time, letters do not wait."""

PDF = Path(__file__).parent.parent / "samples" / "links" / "82-school-water-urging.pdf"
"""What offices get: a letter as PDF, of few tasks."""


Seconds = tuple[float, float]
"""On the wall, and of processor."""


def seconds(work: Callable[[], object], runs: int = RUNS) -> Seconds:
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
    """Print what every question, linking and loading cost at a hundredth and a tenth of `tasks` and at `tasks`."""
    sizes = [max(tasks // 100, 100), max(tasks // 10, 100), tasks]
    asked: list[dict[str, Seconds]] = []
    rest: list[dict[str, Seconds]] = []
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            folder = Path(name) / str(size)
            folder.mkdir()
            store, rebuilt = built(size, folder)
            store.close()
            print(f"{size:,} tasks: rebuilt in {rebuilt:.1f} s, peak memory so far {_peak():.0f} MB", flush=True)
            asked.append(_questions(store.path))
            store = Store(store.path, folder)
            linking, reads = _linking(store.rows)
            publishing = _publishing(store)
            store.close()
            rest.append(
                {
                    f"linking a new letter of {LETTER_TASKS} tasks": linking,
                    "reading and extracting it as plain text": reads,
                    **publishing,
                }
            )
    print(f"{'seconds on the wall, of processor':60}" + "".join(f"{size:>16,}" for size in sizes) + "   times")
    for found in (asked, rest):
        for title in found[0]:
            costs = [of_size[title] for of_size in found]
            times = f"{costs[-1][1] / costs[0][1]:8.1f}"
            print(f"{title[:60]:60}" + "".join(f" {_shown(cost)}" for cost in costs) + times)
    medians = [statistics.median(cost for _, cost in of_size.values()) for of_size in asked]
    print("median of the questions, of processor:", ", ".join(f"{median:.3f}" for median in medians))


def _questions(copy: Path) -> dict[str, Seconds]:
    """What each question costs on a copy."""
    with reading_copy(copy) as connection:
        return {
            title: seconds(lambda sql=sql: connection.execute(sql).fetchall())  # type: ignore[misc]
            for title, sql in QUESTIONS.findall(COOKBOOK.read_text("utf-8"))
        }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ask(copy: Path) -> None:
    """Print what each question costs on a published copy, asked once."""
    with reading_copy(copy) as connection:
        [(tasks,)] = connection.execute("SELECT count(*) FROM tasks").fetchall()
        print(f"{f'{tasks:,} tasks; seconds on the wall, of processor':70}")
        for title, sql in QUESTIONS.findall(COOKBOOK.read_text("utf-8")):
            taken = seconds(lambda sql=sql: connection.execute(sql).fetchall(), runs=1)  # type: ignore[misc]
            print(f"{title[:70]:70} {_shown(taken)}", flush=True)
        asked, reads = _linking(lambda sql, parameters: connection.execute(sql, parameters).fetchall())
    print(f"\n{f'linking a new letter of {LETTER_TASKS} tasks':70} {_shown(asked)}")
    print(f"{'reading and extracting it as plain text':70} {_shown(reads)}")
    print(f"{f'reading a letter of two pages as PDF ({PDF.name})':70} {_shown(seconds(lambda: _read(PDF)))}")


def _shown(taken: Seconds) -> str:
    return f"{taken[0]:7.3f} {taken[1]:7.3f}"


def _linking(rows: links.Rows) -> tuple[Seconds, Seconds]:
    """Seconds of linking a new letter to the tasks that are there, and of reading it: medians of several."""
    linking, reads = [], []
    with tempfile.TemporaryDirectory() as name:
        for number in range(LETTERS):
            path = Path(name) / f"{number}.txt"
            path.write_text(registers.letter_text(random.Random(number), number, LETTER_TASKS, today()), "utf-8")
            reads.append(seconds(partial(_read, path), runs=1))
            letter = _read(path)
            tasks = [(str(n), task) for n, task in enumerate(letter.tasks)]
            linking.append(seconds(partial(links.links_of, rows, "new", "new", letter, tasks), runs=1))
    return _median(linking[WARM:]), _median(reads[WARM:])


def _median(costs: list[Seconds]) -> Seconds:
    wall, cpu = zip(*costs, strict=True)
    return statistics.median(wall), statistics.median(cpu)


def _publishing(store: Store) -> dict[str, Seconds]:
    """What a letter costs to be brought into the database, each event by itself as they come, and into the file
    that is copied for readers (CHECKPOINT): after every letter, or after several, as while the inbox is full.
    """
    letters = _new_letters(store)
    found = {}
    for together in TOGETHER:
        costs = [_loaded_and_saved(store, letters, together) for _ in range(RUNS)]
        loading, saving = _median([cost[0] for cost in costs]), _median([cost[1] for cost in costs])
        if together == 1:
            found = {"loading its three events": loading, "CHECKPOINT after it": saving}
        else:
            both = (loading[0] + saving[0], loading[1] + saving[1])
            found[f"both, a letter of {together} with one CHECKPOINT"] = both
    return found


def _loaded_and_saved(
    store: Store, letters: Iterator[list[tuple[EventKind, dict[str, Any]]]], together: int
) -> tuple[Seconds, Seconds]:
    """Seconds a letter of loading so many letters, and of the CHECKPOINT after them."""

    def load() -> None:
        for _ in range(together):
            for kind, data in next(letters):
                store.apply(Event(store.applied + 1, now(), kind, data))

    costs = seconds(load, runs=1), seconds(store.checkpoint, runs=1)
    loading, saving = ((wall / together, cpu / together) for wall, cpu in costs)
    return loading, saving


def _new_letters(store: Store) -> Iterator[list[tuple[EventKind, dict[str, Any]]]]:
    """The three events of one new letter after another, two tasks of each urging known ones."""
    known = store.rows("SELECT task_id, document_sha256 FROM tasks LIMIT 5000")
    rng = random.Random(1)
    for number in count():
        made = [e for e in registers.one_letter(LETTER_TASKS, today(), number) if e[0] in STEPS]
        for task in made[-1][1]["tasks"][:2]:
            other_id, document = rng.choice(known)
            link = {"task_id": task["task_id"], "other_id": other_id, "other_document": document}
            made[-1][1]["links"].append(link | {"level": "likely", "confidence": 0.8, "reasons": ["like_wording"]})
        yield made  # type: ignore[misc]


def _read(path: Path) -> Letter:
    """A letter read and extracted; plain text is the cheapest there is."""
    kind = reading.media_type(path)
    return extract(reading.read(path, media_type=kind, sha256="", workers=0))
