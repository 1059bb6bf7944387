"""The inbox: which files are ours to take, when they are whole, and taking them into staging.

A drop is one arrival of one file. It is moved into `staging/<drop id>/` in one step, and from there on the
drop's id says what became of it, whatever crashes. Nothing of a drop, its name included, is told to anybody
before the secrecy check has cleared it.
"""

import contextlib
import fnmatch
import os
import shutil
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.failpoints import failpoint
from pipeline.home import Home
from pipeline.journal import fsync_folder
from pipeline.reading import is_complete

JUNK = (
    "._*",
    "~$*",
    ".*",
    "thumbs.db",
    "desktop.ini",
    "*.part",
    "*.partial",
    "*.crdownload",
    "*.tmp",
    "*.reason.txt",
)
"""Names (lower case) that copying programs and desktops leave behind; never letters."""


class Drop(msgspec.Struct, frozen=True):
    """One arrival: its id, the file in staging, and the name it came under (NFC)."""

    id: str
    path: Path
    name: str


def is_junk(name: str) -> bool:
    """Whether a file of this name is left behind by a program rather than dropped by a person."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in JUNK)


def waiting(inbox: Path) -> Iterator[Path]:
    """Every file in the inbox and its folders that may be a letter, symlinks included (they are refused later)."""
    for folder, subfolders, names in os.walk(inbox, followlinks=False):
        subfolders[:] = sorted(s for s in subfolders if not is_junk(s))
        for name in sorted(names + [s for s in subfolders if (Path(folder) / s).is_symlink()]):
            if not is_junk(name):
                yield Path(folder) / name


class Settling:
    """Tells when a file has stopped growing: size and time unchanged, and structurally complete.

    A file that stays incomplete for `incomplete_seconds` is let through all the same: reading it will say what
    is wrong, and quarantine keeps it.
    """

    def __init__(self, settle_seconds: float, incomplete_seconds: float) -> None:
        self.settle_seconds = settle_seconds
        self.incomplete_seconds = incomplete_seconds
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def ready(self, inbox: Path) -> tuple[list[Path], bool]:
        """(files to take now, whether others are still settling)."""
        clock = time.monotonic()
        ready: list[Path] = []
        seen: dict[Path, tuple[tuple[int, int], float]] = {}
        for path in waiting(inbox):
            try:
                stat = path.lstat()
            except OSError:
                continue
            state = (stat.st_size, stat.st_mtime_ns)
            known = self._seen.get(path)
            since = known[1] if known and known[0] == state else clock
            seen[path] = (state, since)
            # Copied with its old time, a file may look settled at first sight; only waiting tells.
            if clock - since < self.settle_seconds:
                continue
            if path.is_symlink() or clock - since >= self.incomplete_seconds or self._is_whole(path):
                ready.append(path)
        self._seen = seen
        return ready, len(ready) < len(seen)

    @staticmethod
    def _is_whole(path: Path) -> bool:
        try:
            return is_complete(path)
        except OSError:
            # Busy: still held open by whoever copies it (Windows over the network).
            return False


def take(home: Home, path: Path, drop_id: str, *, keep_original: bool = False) -> Drop:
    """Move (or copy) a file into staging as the drop `drop_id`; raises OSError where that cannot be done now."""
    name = unicodedata.normalize("NFC", path.name)
    folder = home.staging / drop_id
    target = folder / "file"
    partial = home.staging / f".{drop_id}"
    partial.mkdir()
    try:
        (partial / "name").write_text(name, "utf-8")
        if keep_original:
            shutil.copyfile(path, partial / "file", follow_symlinks=False)
        else:
            _move(path, partial / "file")
        _fsync(partial / "file")
        fsync_folder(partial)
        partial.rename(folder)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    fsync_folder(home.staging)
    failpoint("after_staged")
    if not keep_original:
        _remove_empty_folders(path.parent, home.inbox)
    return Drop(drop_id, target, name)


def recover(home: Home) -> None:
    """Finish or clear away what a run that was killed while taking left; only before anybody takes again."""
    for folder in sorted(home.staging.iterdir()):
        if folder.is_dir() and folder.name.startswith("."):
            # Killed between the move and the rename: the file is whole, the drop was not yet one.
            if (folder / "file").exists() and (folder / "name").exists():
                folder.rename(home.staging / folder.name[1:])
            else:
                shutil.rmtree(folder, ignore_errors=True)


def left_over(home: Home) -> list[Drop]:
    """Drops in staging; those another thread is just taking in or clearing away are not among them."""
    found: list[Drop] = []
    for folder in sorted(home.staging.iterdir()):
        if not folder.name.startswith("."):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                found.append(Drop(folder.name, folder / "file", (folder / "name").read_text("utf-8")))
    return found


def forget(drop: Drop) -> None:
    """Empty the drop's place in staging; safe to repeat."""
    shutil.rmtree(drop.path.parent, ignore_errors=True)
    failpoint("after_staging_removed")


def _move(source: Path, target: Path) -> None:
    """Move a file, over file systems too: it is never gone from one place before it is whole in the other."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != 18:  # EXDEV: the inbox is on another file system
            raise
        shutil.copyfile(source, target, follow_symlinks=False)
        _fsync(target)
        source.unlink()


def _fsync(path: Path) -> None:
    if path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_empty_folders(folder: Path, inbox: Path) -> None:
    """Clear away folders of the inbox that the last file has left."""
    while folder != inbox and inbox in folder.parents:
        with contextlib.suppress(OSError):
            for junk in list(folder.iterdir()):
                if junk.is_file() and is_junk(junk.name):
                    junk.unlink()
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
