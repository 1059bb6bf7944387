"""The inbox: what is ours to take, when it is whole, and taking it into staging.

A drop is one arrival: a file, or a folder that somebody dropped as one. It is moved into `staging/<drop id>/` in
one step, and from there on the drop's id says what became of it, whatever crashes. Nothing of a drop, its name
included, is told to anybody before the secrecy check has cleared it.
"""

import contextlib
import errno
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

PARTIAL = ("*.part", "*.partial", "*.crdownload", "*.tmp")
"""Names (lower case) of files that are still being copied or downloaded."""

JUNK = ("._*", "~$*", ".*", "thumbs.db", "desktop.ini", "*.reason.txt", "__macosx")
"""Names (lower case) that copying programs and desktops leave behind; never letters."""

MOST_TOGETHER = 200
"""A folder of more files than this is no letter with annexes: each file is a drop of its own."""

Trace = tuple[tuple[str, int, int], ...]
"""What a file or folder looks like from outside: (path within it, bytes, time of change) of every file."""


class Drop(msgspec.Struct, frozen=True, omit_defaults=True):
    """One arrival: its id, the file or folder in staging, and the name it came under (NFC).

    `within`: the name of the folder or archive that this file came in, where it came with others.
    """

    id: str
    path: Path
    name: str
    within: str | None = None


def is_partial(name: str) -> bool:
    """Whether a file of this name is still being copied or downloaded by some program."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in PARTIAL)


def is_junk(name: str) -> bool:
    """Whether a file of this name is left behind by a program rather than dropped by a person."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in JUNK)


def waiting(inbox: Path) -> Iterator[Path]:
    """What lies in the inbox to be taken: files, folders dropped as one, symlinks (they are refused later)."""
    for entry in _entries(inbox):
        if entry.is_dir() and not entry.is_symlink():
            yield from dropped_as_one(entry)
        elif not is_partial(entry.name):
            yield entry


def waiting_beside(folder: Path, home: Path) -> Iterator[Path]:
    """What lies in a folder that is read like the inbox, but nothing of the home, which may stand in it."""
    for path in waiting(folder):
        if path == home or path in home.parents:
            yield from (file for file in files_of(path) if home not in file.parents)
        elif home not in path.parents:
            yield path


def dropped_as_one(folder: Path) -> Iterator[Path]:
    """What a folder of the inbox holds: itself, where it is a letter with annexes.

    A folder of folders alone is as many drops as they are. One that holds a single file is that file, one that
    holds more than MOST_TOGETHER as many drops as files.
    """
    entries = _entries(folder)
    if not any(entry.is_symlink() or not entry.is_dir() for entry in entries):
        for entry in entries:
            yield from dropped_as_one(entry)
        return
    files = list(files_of(folder))
    if 1 < len(files) <= MOST_TOGETHER:
        yield folder
    else:
        yield from (file for file in files if not is_partial(file.name))


def files_of(folder: Path) -> Iterator[Path]:
    """Every file of a folder and its folders but junk, in order; symlinks as themselves, never followed."""
    for entry in _entries(folder):
        if entry.is_dir() and not entry.is_symlink():
            yield from files_of(entry)
        else:
            yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if not is_junk(entry.name))
    except OSError:
        # Gone, or not yet ours to look into: the next look tells.
        return []


class Settling:
    """Tells when a file or folder has stopped growing: sizes, times and names unchanged, and all files complete.

    What stays incomplete for `incomplete_seconds` is let through all the same: reading it will say what is
    wrong, and quarantine keeps it. Of a folder nobody knows how many files are to come: it must stand still for
    `folder_seconds`, with all that is in it.
    """

    def __init__(
        self, settle_seconds: float, incomplete_seconds: float, folder_seconds: float | None = None
    ) -> None:
        self.settle_seconds = settle_seconds
        self.incomplete_seconds = incomplete_seconds
        self.folder_seconds = max(settle_seconds, folder_seconds or 0.0)
        self._seen: dict[Path, tuple[Trace, float]] = {}

    def ready(self, inbox: Path) -> tuple[list[Path], bool]:
        """(files and folders to take now, whether others are still settling)."""
        clock = time.monotonic()
        ready: list[Path] = []
        settling = False
        seen: dict[Path, tuple[Trace, float]] = {}
        for entry in _entries(inbox):
            is_folder = entry.is_dir() and not entry.is_symlink()
            files = list(files_of(entry)) if is_folder else [entry]
            if not files or (not is_folder and is_partial(entry.name)):
                continue
            try:
                trace = tuple(_trace(file) for file in files)
            except OSError:
                continue
            known = self._seen.get(entry)
            since = known[1] if known and known[0] == trace else clock
            seen[entry] = (trace, since)
            # Copied with its old time, a file may look settled at first sight; only waiting tells.
            still = clock - since
            if still < (self.folder_seconds if is_folder else self.settle_seconds) or not (
                still >= self.incomplete_seconds or all(self._is_whole(file) for file in files)
            ):
                settling = True
            else:
                ready += dropped_as_one(entry) if is_folder else [entry]
        self._seen = seen
        return ready, settling

    @staticmethod
    def _is_whole(path: Path) -> bool:
        if path.is_symlink():
            return True
        try:
            return not is_partial(path.name) and is_complete(path)
        except OSError:
            # Busy: still held open by whoever copies it (Windows over the network).
            return False


def _trace(file: Path) -> tuple[str, int, int]:
    stat = file.lstat()
    return str(file), stat.st_size, stat.st_mtime_ns


def take(home: Home, path: Path, drop_id: str, *, keep_original: bool = False) -> Drop:
    """Move (or copy) a file or folder into staging as the drop `drop_id`; raises OSError where it cannot be."""
    name = unicodedata.normalize("NFC", path.name)
    folder = home.staging / drop_id
    target = folder / "file"
    partial = home.staging / f".{drop_id}"
    partial.mkdir()
    try:
        (partial / "name").write_text(name, "utf-8")
        if keep_original:
            _copy(path, partial / "file")
        else:
            _move(path, partial / "file")
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
            if ((folder / "file").exists() or (folder / "file").is_symlink()) and (folder / "name").exists():
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
    """Empty the drop's place in staging; safe to repeat. What came with others leaves when all of them do."""
    if drop.within is not None:
        return
    shutil.rmtree(drop.path.parent, ignore_errors=True)
    failpoint("after_staging_removed")


def _move(source: Path, target: Path) -> None:
    """Move a file or folder, over file systems too: never gone from one place before it is whole in the other."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(source, target)
        if source.is_dir() and not source.is_symlink():
            shutil.rmtree(source)
        else:
            source.unlink()
    _fsync(target)


def _copy(source: Path, target: Path) -> None:
    """Copy a file or folder so that `target` is there whole or not at all; links as links."""
    partial = target.with_name("copying")
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, partial, symlinks=True)
    else:
        shutil.copyfile(source, partial, follow_symlinks=False)
    for file in files_of(partial) if partial.is_dir() else [partial]:
        _fsync(file)
    partial.rename(target)


def _fsync(path: Path) -> None:
    if path.is_symlink():
        return
    # A folder, too, may be opened for this.
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
