"""Server time of the next item over HTTP, with 100,000 open items against 1,000, in one run.

    python -m benchmarks.next_item [--few N] [--many N] [--times N]

Each turn accepts the record at hand and fetches the page of the one that follows, as a reviewer does. Compared are
the median time of the two together, and their seconds of processor, which a loaded machine changes less.
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from pipeline import owner, review_items, reviewing, settings
from pipeline.register import Register, open_register
from review.serving import serving
from samples import registers


async def measured(register: Register, times: int) -> tuple[float, float]:
    """Seconds of accepting one record and fetching the next: the median, and those of processor in the mean."""
    async with serving(register, "127.0.0.1", 0) as url, httpx.AsyncClient(base_url=url, timeout=60) as client:
        form = (await client.get("login")).text
        token = re.search(r'name="form" value="([^"]+)"', form)
        assert token is not None
        await client.post("login", data={"form": token[1], "name": "An"}, headers={"origin": url.rstrip("/")})
        seconds: list[float] = []
        worked = 0.0
        for turn in range(times + 3):
            if turn == 3:
                worked = time.process_time()
            at = time.perf_counter()
            where = (await client.get("next")).headers["location"]
            page = await client.get(where)
            assert page.status_code == 200
            task_id = where.split("/")[2].split("?")[0]
            seen = await asyncio.to_thread(review_items.item, register, task_id)
            await asyncio.to_thread(reviewing.decide, register, seen, "accept", "An")
            if turn >= 3:
                seconds.append(time.perf_counter() - at)
        return statistics.median(seconds), (time.process_time() - worked) / times


def run(tasks: int, times: int) -> tuple[float, float]:
    """The seconds over a register of so many tasks."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        (home / "journal").mkdir()
        registers.write(home / "journal", tasks)
        mine = owner.own(home, "bench")
        assert mine is not None
        with open_register(home, settings.load(home), mine) as register:
            return asyncio.run(measured(register, times))


def main() -> None:
    """Measure both sizes and print the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(*run(given.only, given.times))
        return
    # NiceGUI serves once a process: each size in one of its own.
    found = [_alone(size, given.times) for size in (given.few, given.many)]
    for what, few, many in zip(("next item", "of processor"), *found, strict=True):
        times = f"{few * 1000:.0f} ms at {given.few:,}, {many * 1000:.0f} ms at {given.many:,}"
        print(f"{what}: {times}: {many / few:.2f} times")


def _alone(tasks: int, times: int) -> tuple[float, float]:
    """The seconds over a register of so many tasks, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.next_item", "--only", str(tasks), "--times", str(times)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    median, worked = map(float, said.split()[-2:])
    return median, worked


if __name__ == "__main__":
    main()
