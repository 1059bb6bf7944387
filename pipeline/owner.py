"""Who owns the home: one process, told by a lock of the home's own, not by DuckDB's.

The lock (`owner.lock`) is the kernel's and ends with the process. Beside it `owner.json`, readable by the same
user alone, says who owns it, since when, and where `serve` takes work from other commands.
"""

import datetime
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from pipeline.days import VIETNAM
from pipeline.journal import now


class OwnerInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What owner.json says. `url` and `token` only where the owner takes work (`serve`)."""

    pid: int
    since: str
    command: str
    url: str | None = None
    token: str | None = None


class Owner:
    """The hold on a home. Made by `own`, given back by `release`."""

    def __init__(self, path: Path, lock: FileLock, info: OwnerInfo) -> None:
        self._path = path
        self._lock = lock
        self.info = info
        self._write()

    def takes_work_at(self, url: str) -> str:
        """Tell other commands where to hand work over; returns the token they must show."""
        self.info = msgspec.structs.replace(self.info, url=url, token=secrets.token_urlsafe(32))
        self._write()
        assert self.info.token is not None
        return self.info.token

    def release(self) -> None:
        """Give the home back."""
        self._file.unlink(missing_ok=True)
        self._lock.release()

    @property
    def _file(self) -> Path:
        return self._path / "owner.json"

    def _write(self) -> None:
        partial = self._path / f".owner.{os.getpid()}.partial"
        partial.touch(mode=0o600)
        partial.write_bytes(msgspec.json.encode(self.info))
        partial.rename(self._file)


def own(path: Path, command: str) -> Owner | None:
    """Take the home at `path` for this process; None where another has it."""
    path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path / "owner.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return Owner(path, lock, OwnerInfo(os.getpid(), now(), command))


def who(path: Path) -> OwnerInfo | None:
    """Who owner.json says owns the home; None where it does not say (just taken, or just left)."""
    try:
        return msgspec.json.decode((path / "owner.json").read_bytes(), type=OwnerInfo)
    except (OSError, msgspec.DecodeError):
        return None


def as_words(info: OwnerInfo | None) -> dict[str, Any]:
    """The slots of a sentence that says who has the home, since when as clocks in Vietnam show it."""
    if info is None:
        return {"pid": 0, "since": "?", "command": "?"}
    since = datetime.datetime.fromisoformat(info.since).astimezone(VIETNAM)
    return {"pid": info.pid, "since": f"{since:%H:%M %d/%m/%Y}", "command": info.command}
