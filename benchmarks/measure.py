"""Measuring commands from outside: processor time of a process and its descendants, and their peak memory."""

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Cost(msgspec.Struct, frozen=True):
    """What one run cost: seconds of processor (user and system), seconds on the wall, peak bytes of memory."""

    cpu: float
    wall: float
    memory: int


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end and say what it and its descendants cost; raises where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done), daemon=True)
    watcher.start()
    _, errors = process.communicate()
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{command[:4]}: {errors.decode(errors='replace')[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - began, peak[0])


def python(code: str, *arguments: str | Path) -> list[str]:
    """The command that runs `code` with `arguments` in sys.argv."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def ratio(ours: Sequence[str], theirs: Sequence[str], runs: int, less: tuple[float, float] = (0.0, 0.0)) -> str:
    """CPU of two commands in turn, as median, and the median of the ratios pair by pair.

    `less`: seconds to take off each (what starting and importing cost, measured apart).
    """
    pairs = []
    for _ in range(runs):
        a, b = run(ours).cpu - less[0], run(theirs).cpu - less[1]
        pairs.append((a, b))
    ratios = sorted(a / b for a, b in pairs)
    return (
        f"{statistics.median(a for a, _ in pairs):.2f} s / {statistics.median(b for _, b in pairs):.2f} s = "
        f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}, {runs} pairs)"
    )


def start_up(command: Sequence[str], runs: int = 3) -> float:
    """Median CPU seconds of a command that only starts and imports."""
    return statistics.median(run(command).cpu for _ in range(runs))


def _watch(pid: int, peak: list[int], done: threading.Event) -> None:
    while not done.wait(0.05):
        peak[0] = max(peak[0], sum(_resident(p) for p in _family(pid)))


def _family(pid: int) -> list[int]:
    """A process and its descendants, as /proc has them now."""
    found = [pid]
    for task in _listed(Path(f"/proc/{pid}/task")):
        try:
            children = Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def _resident(pid: int) -> int:
    """Bytes of a process's own memory (its proportional share of what is shared)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
