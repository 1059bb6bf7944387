"""ZIP archives: what they declare is checked before anything is unpacked, and unpacking stops where they lied.

An archive is refused whole: what its author hid in one entry says what to think of the others.
"""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.reading import errors
from pipeline.reading.limits import Limits

MOST_RATIO = 200
"""An archive that unpacks to this many times its size is an attack; a table of figures reaches 30."""
SMALL = 2**20
"""What unpacks to less than this is harmless, whatever its ratio."""
_CHUNK = 2**20
_ENCRYPTED, _UTF8 = 1 << 0, 1 << 11
_JUNK_FOLDERS = frozenset({"__macosx"})


def unpack(path: Path, folder: Path, limits: Limits) -> list[tuple[str, Path]]:
    """Unpack a ZIP into `folder`, which is made: (name within the archive, file) of every entry, in its order.

    Files are named by their number, so that no name of the archive reaches the file system. Raises
    `ArchiveTooLarge`, `ArchiveUnsafe` (links, devices, names that leave it, entries laid over each other),
    `ArchiveEmpty`, `PasswordProtected`, `Unreadable` where it is damaged.
    """
    if path.stat().st_size > limits.file_bytes:
        raise errors.TooLarge(f"{path.stat().st_size} bytes")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries, path.stat().st_size, limits)
            wanted = [(name, entry) for entry in entries if (name := _name(entry)) is not None]
            if not wanted:
                raise errors.ArchiveEmpty
            folder.mkdir(parents=True)
            found = []
            for number, (name, entry) in enumerate(wanted, 1):
                target = folder / f"{number:04d}"
                _write(archive, entry, target)
                found.append((name, target))
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise errors.Unreadable(f"{type(error).__name__}: {error}") from error


def _check(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Refuse what the directory of an archive declares, before anything is unpacked."""
    if len(entries) > limits.archive_files:
        raise errors.ArchiveTooLarge(f"{len(entries)} files")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes or (unpacked > SMALL and unpacked > MOST_RATIO * size):
        raise errors.ArchiveTooLarge(f"{unpacked} bytes unpacked from {size}")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.flag_bits & _ENCRYPTED:
            raise errors.PasswordProtected
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise errors.ArchiveUnsafe("a link or device")
        if entry.header_offset < end:
            raise errors.ArchiveUnsafe("entries laid over each other")
        end = entry.header_offset + entry.compress_size


def _name(entry: zipfile.ZipInfo) -> str | None:
    """The path of an entry within its archive (NFC, `/`); None for what no person put there."""
    name = entry.filename.replace("\\", "/")
    if not entry.flag_bits & _UTF8:
        name = _decoded(name)
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")) or "\0" in name:
        raise errors.ArchiveUnsafe("a name that leaves the archive")
    if not parts or parts[0].lower() in _JUNK_FOLDERS:
        return None
    return unicodedata.normalize("NFC", "/".join(parts))


def _decoded(name: str) -> str:
    """A name that zipfile took for CP437: UTF-8 where its bytes are that, as they are on most machines here."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one entry, no further than it said; zipfile checks its sum at the end."""
    written = 0
    with archive.open(entry) as source, target.open("wb") as file:
        for chunk in _chunks(source):
            written += len(chunk)
            if written > entry.file_size:
                raise errors.ArchiveUnsafe("an entry larger than it says")
            file.write(chunk)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
