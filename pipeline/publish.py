"""The analysts' copy: made whole beside the old one, and put in its place in one step.

The owner takes the writer's gate and brings the log into the file (CHECKPOINT); a child process copies the
file, because the owner itself must never open it by ordinary means; the copy is fsynced and renamed. Whoever
reads the old copy keeps it until he connects again. A copy costs a second where the database is large, so
`Publisher` makes one at most as often as twenty times what the last one took.
"""

import datetime
import os
import shutil
import subprocess
import time

from pipeline.errors import NoRoom
from pipeline.failpoints import failpoint
from pipeline.journal import fsync_folder
from pipeline.register import Register
from pipeline.texts import text

REST = 20.0
"""Seconds of rest for each second a copy takes."""


def publish(register: Register) -> float:
    """Publish the database as it stands; returns the seconds it took. Raises NoRoom where it cannot be written."""
    # One at a time: two copies would write the same partial file.
    with register.publishing:
        return _publish(register)


def _publish(register: Register) -> float:
    target = register.home.published
    partial = target.with_name(f".{target.name}.partial")
    began = time.monotonic()
    with register.store.gate:
        register.changed.clear()
        moment = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        register.store.execute("DELETE FROM meta WHERE key = 'published_at'")
        register.store.execute("INSERT INTO meta VALUES ('published_at', ?)", [moment])
        register.store.checkpoint()
        copied = subprocess.run(
            ["cp", "--reflink=auto", "--", str(register.home.database), str(partial)],
            capture_output=True,
            text=True,
        )
    if copied.returncode:
        partial.unlink(missing_ok=True)
        register.changed.set()
        full = shutil.disk_usage(target.parent).free < register.home.database.stat().st_size
        problem = text("system.full") if full else copied.stderr.strip()
        raise NoRoom("cannot_publish", path=target.parent, problem=problem)
    handle = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    failpoint("before_publish_rename")
    partial.rename(target)
    fsync_folder(target.parent)
    failpoint("after_published")
    return time.monotonic() - began


class Publisher:
    """Publishes when something has changed, not more often than it may."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._not_before = 0.0

    @property
    def is_due(self) -> bool:
        """Whether the database has changed and the last copy is old enough."""
        return self._register.changed.is_set() and time.monotonic() >= self._not_before

    def publish(self) -> None:
        """Publish now, and note when the next copy may be made."""
        seconds = publish(self._register)
        self._not_before = time.monotonic() + REST * seconds
