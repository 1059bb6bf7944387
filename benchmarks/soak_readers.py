"""Clients query the published copy in a loop while letters are loaded and published: no error, every read whole.

`make soak-readers` (outside CI): python -m benchmarks.soak_readers --seconds 300 --letters 200 --clients 8
"""

import argparse
import multiprocessing
import random
import shutil
import tempfile
import time
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import duckdb

from pipeline import work
from pipeline.owner import own
from pipeline.publish import Publisher, publish
from pipeline.register import open_register, today
from pipeline.settings import Settings
from samples import registers

TASKS_A_LETTER = 6
Answer = tuple[int, list[str]]
"""How often a client read, and what was wrong."""

SHUT_WITHIN = 0.5
"""Longest time, in seconds, a client keeps a copy open between two of its queries."""


LONGEST = 1.5
"""Times the seconds asked for, after which a machine too loaded to load all letters stops with those it has."""


def read_on(path: str, stop: "Synchronized[bool]", seed: int, answers: "multiprocessing.Queue[Answer]") -> None:
    """Connect, query twice with a pause, say what was not as it should be; over and over until told to stop."""
    rng = random.Random(seed)
    reads, wrong, last = 0, [], 0
    while not stop.value:
        try:
            with duckdb.connect(path, read_only=True) as base:
                first = _counts(base)
                time.sleep(rng.uniform(0, SHUT_WITHIN))
                again = _counts(base)
        except duckdb.Error as error:
            wrong.append(f"{type(error).__name__}: {error}")
            continue
        reads += 1
        documents, tasks, whole, bodies = first
        if first != again:
            wrong.append(f"a copy changed under its reader: {first} {again}")
        if tasks != whole or tasks < documents or bodies < tasks:
            wrong.append(f"not a whole state: {first}")
        if documents < last:
            wrong.append(f"went back: {last} to {documents}")
        last = documents
    answers.put((reads, wrong))


def _counts(base: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    found = base.execute(
        """SELECT (SELECT count(*) FROM documents WHERE status = 'extracted'),
            (SELECT count(*) FROM current_tasks),
            (SELECT coalesce(sum(last), 0) FROM (
                SELECT max(t.ordinal) AS last FROM documents d LEFT JOIN tasks t USING (document_sha256)
                GROUP BY d.document_sha256)),
            (SELECT count(*) FROM task_agencies)"""
    ).fetchone()
    assert found is not None
    return found


def main() -> None:
    """Load letters while clients read; then say whether any read was not whole."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak_readers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    a = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="giaoviec-readers-"))
    owner = own(folder / "home", "soak")
    assert owner is not None
    rng = random.Random(7)
    context = multiprocessing.get_context("spawn")
    stop = context.Value("b", False)
    answers: multiprocessing.Queue[Answer] = context.Queue()
    with open_register(folder / "home", Settings(workers=0), owner) as register:
        publish(register)
        publisher = Publisher(register)
        path = str(register.home.published)
        clients = [
            context.Process(target=read_on, args=(path, stop, n, answers), daemon=True) for n in range(a.clients)
        ]
        for client in clients:
            client.start()
        began, published, loaded = time.monotonic(), 0, 0
        for number in range(a.letters):
            if time.monotonic() > began + LONGEST * a.seconds:
                break
            letter = folder / f"{number}.txt"
            letter.write_text(registers.letter_text(rng, number, TASKS_A_LETTER, today()), "utf-8")
            [outcome] = work.ingest(register, [letter])
            assert outcome.state == "done" and outcome.tasks, outcome
            loaded += 1
            if publisher.is_due:
                publisher.publish()
                published += 1
            time.sleep(max(0.0, began + a.seconds * (number + 1) / a.letters - time.monotonic()))
        took = time.monotonic() - began
        publish(register)
        time.sleep(2 * SHUT_WITHIN + 1)
        stop.value = True
        found = [answers.get(timeout=300) for _ in clients]
    for client in clients:
        client.join()
    reads = sum(n for n, _ in found)
    wrong = [line for _, lines in found for line in lines]
    print(
        f"{loaded} letters of {a.letters} loaded in {took:.0f} s, {published + 2} copies published, "
        f"{reads} reads by {a.clients} clients"
    )
    for line in wrong[:10]:
        print("  ", line)
    print("no error, every read a whole state" if not wrong else f"{len(wrong)} reads were NOT as they should be")
    shutil.rmtree(folder)
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
