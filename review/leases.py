"""Who is at which task right now, so that two reviewers do not do the same work. A courtesy, not a lock.

What keeps corrections from being lost is that a stale save is refused (`pipeline.review_items.Stale`).
"""

import threading
import time
from collections.abc import Callable

LEASE_SECONDS = 120.0
"""A lease not renewed for so long is over: its browser was closed, or its reviewer went to lunch."""


class Leases:
    """Leases of tasks by browser pages; `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, str, float]] = {}

    def take(self, task_id: str, page: str, who: str) -> str | None:
        """Take or renew a task for a page; None when it is ours, else the name of who has it."""
        with self._lock:
            holder = self._holder(task_id)
            if holder is not None and holder[0] != page:
                return holder[1]
            self._held[task_id] = (page, who, self._clock() + LEASE_SECONDS)
            return None

    def give_back(self, page: str, task_id: str | None = None) -> None:
        """Give back one task of a page, or all of them."""
        with self._lock:
            for held, (holder, _, _) in list(self._held.items()):
                if holder == page and task_id in (None, held):
                    del self._held[held]

    def others(self, page: str) -> dict[str, str]:
        """Tasks that other pages have → by whom."""
        with self._lock:
            clock = self._clock()
            return {t: who for t, (holder, who, until) in self._held.items() if holder != page and until > clock}

    def _holder(self, task_id: str) -> tuple[str, str] | None:
        found = self._held.get(task_id)
        if found is None or found[2] <= self._clock():
            return None
        return found[0], found[1]
