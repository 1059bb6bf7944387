"""The journal: the truth on disk. Originals and readings as blobs named by hash, and append-only events.

An event is one line of JSON, written and fsynced before anything acts on it:

    {"seq":17,"at":"2026-11-21T08:00:00.123456Z","kind":"read","v":1,"data":{…},"sum":"5f3a09c1"}

`seq` grows by one (purging leaves gaps), `at` is UTC, `v` the version of the event's form, `sum` the CRC-32 of
the line before `,"sum"`. Lines stand in segments `events/00000001.jsonl`, named by their first `seq`; a full
segment is closed and never written again. The last line of the last segment may be torn by a crash: it was
never acted on, so it is set aside and the journal goes on. A bad line anywhere else is damage, and is said.

A backup is a copy of the folder, taken live: what a later copy has more is at the end.
"""

import datetime
import gzip
import hashlib
import os
import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

import msgspec

from pipeline.errors import JournalDamaged

EventKind = Literal[
    "received",
    "dropped_again",
    "held",
    "quarantined",
    "attempted",
    "read",
    "split",
    "extracted",
    "linked",
    "corrected",
    "task_link_judged",
    "task_state_set",
    "assigned",
    "refused",
    "switched",
    "dismissed",
    "reviewed",
    "amended",
    "unlinked",
    "accepted_unseen",
    "learned",
    "miss_judged",
    "purged",
]

VERSIONS: dict[str, int] = {"extracted": 1}
"""The present version of each kind of event; 1 where not listed."""

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(kind, version) → what turns that version's `data` into the next version's. Old events are read for ever."""

SEGMENT_BYTES = 64 * 2**20
_SUM = b',"sum":"'
_HEADER = re.compile(rb'\{"seq":(\d+),"at":"[^"]+","kind":"(\w+)","v":(\d+),')
T = TypeVar("T")
_CHUNK = 2**20
_GZIP = 16 + zlib.MAX_WBITS


class Event(msgspec.Struct, frozen=True):
    """One act. `data` is as the present version of its kind has it."""

    seq: int
    at: str
    kind: EventKind
    data: dict[str, Any]
    v: int = 1


def encode(event: Event) -> bytes:
    """The line of `event`, checksum and newline included."""
    body = msgspec.json.encode(
        {"seq": event.seq, "at": event.at, "kind": event.kind, "v": event.v, "data": event.data}
    )
    return body[:-1] + _SUM + b'%08x"}\n' % zlib.crc32(body[:-1])


def is_whole(line: bytes) -> bool:
    """Whether `line` ends in its newline and agrees with its checksum."""
    body, found, tail = line.rpartition(_SUM)
    return bool(found) and tail == b'%08x"}\n' % zlib.crc32(body)


def header(line: bytes) -> tuple[int, str, int]:
    """(`seq`, `kind`, `v`) of a line, without reading the rest; raises JournalDamaged where there is none."""
    found = _HEADER.match(line)
    if found is None:
        raise JournalDamaged("journal_line", line=line[:80].decode("utf-8", "replace"))
    return int(found[1]), found[2].decode(), int(found[3])


def _is_present(line: bytes) -> bool:
    """Whether a line already has the present version of its kind."""
    _, kind, version = header(line)
    return version == VERSIONS.get(kind, 1)


def decode(line: bytes) -> Event:
    """The event of a whole line, brought to the present version; raises JournalDamaged where it cannot be read."""
    if not is_whole(line):
        raise JournalDamaged("journal_line", line=line[:80].decode("utf-8", "replace"))
    event = msgspec.json.decode(line, type=Event)
    data, version = event.data, event.v
    while (event.kind, version) in UPCASTERS:
        data, version = UPCASTERS[event.kind, version](data), version + 1
    if version > VERSIONS.get(event.kind, 1):
        raise JournalDamaged("journal_newer", kind=event.kind, version=version)
    return Event(event.seq, event.at, event.kind, data, version)


def now() -> str:
    """This moment in UTC as events write it."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fsync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write `parts` to `path` so that it is there whole or not at all, and stays."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.partial")
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    fsync_folder(path.parent)


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, hex."""
    digest = hashlib.sha256()
    for chunk in chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


class Journal:
    """The journal at `path`. One process writes it (the owner of the home); threads may share it."""

    def __init__(self, path: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.path = path
        self.segment_bytes = segment_bytes
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._last: int | None = None
        for folder in ("events", "blobs"):
            (path / folder).mkdir(parents=True, exist_ok=True)

    # Events

    def segments(self) -> list[Path]:
        """The segment files, oldest first."""
        return sorted((self.path / "events").glob("*.jsonl"))

    def open_for_writing(self) -> None:
        """Find the end; set a torn last line aside. Called once, by the owner, before the first append."""
        segments = self.segments()
        while segments and not segments[-1].stat().st_size:
            segments.pop().unlink()
        self._last = 0
        if not segments:
            return
        tail = segments[-1]
        whole, last = 0, int(tail.stem) - 1
        with tail.open("rb") as file:
            for line in file:
                if not is_whole(line):
                    rest = line + file.read()
                    if b"\n" in rest.rstrip(b"\n"):
                        raise JournalDamaged("journal_damaged", file=tail, offset=whole)
                    torn = self.path / "torn"
                    torn.mkdir(exist_ok=True)
                    write_whole(torn / f"{tail.stem}-{whole}.bin", [rest])
                    break
                whole += len(line)
                last = header(line)[0]
        if whole < tail.stat().st_size:
            with tail.open("rb+") as file:
                file.truncate(whole)
                os.fsync(file.fileno())
        self._last = last

    @property
    def last(self) -> int:
        """The sequence number of the last event, 0 before the first."""
        if self._last is None:
            raise RuntimeError("the journal is not open for writing")
        return self._last

    def append(self, kind: EventKind, data: dict[str, Any]) -> Event:
        """Write one event and make it last before returning it."""
        with self._lock:
            event = Event(self.last + 1, now(), kind, msgspec.to_builtins(data), VERSIONS.get(kind, 1))
            line = encode(event)
            file = self._tail(event.seq)
            end = file.tell()
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                # Half a line must not stay in front of the next one.
                file.close()
                self._file = None
                with self.segments()[-1].open("rb+") as damaged:
                    damaged.truncate(end)
                raise
            self._last = event.seq
            return event

    def _tail(self, seq: int) -> BinaryIO:
        """The open segment that takes event `seq`: a new one when the last is full."""
        if self._file is not None and self._file.tell() >= self.segment_bytes:
            self._file.close()
            self._file = None
        if self._file is None:
            segments = self.segments()
            if segments and segments[-1].stat().st_size < self.segment_bytes:
                path = segments[-1]
            else:
                path = self.path / "events" / f"{seq:08d}.jsonl"
            self._file = path.open("ab")
            fsync_folder(path.parent)
        return self._file

    def close(self) -> None:
        """Close the open segment; the journal may be opened again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def segments_after(self, seq: int) -> list[Path]:
        """The segments that may hold events after `seq`."""
        segments = self.segments()
        # A segment is over where the next one begins.
        return [
            s
            for s, following in pairwise([*segments, None])
            if s and not (following and int(following.stem) <= seq + 1)
        ]

    def is_present(self, segment: Path) -> bool:
        """Check every line of a segment; whether all have the present version of their kind."""
        present = True
        for line in self._checked(segment):
            present = _is_present(line) and present
        return present

    def lines_of(self, segment: Path) -> Iterator[bytes]:
        """The lines of a segment, each checked and brought to the present version of its kind."""
        for line in self._checked(segment):
            yield line if _is_present(line) else encode(decode(line))

    def _checked(self, segment: Path) -> Iterator[bytes]:
        with segment.open("rb") as file:
            offset = 0
            for line in file:
                if not is_whole(line):
                    raise JournalDamaged("journal_damaged", file=segment, offset=offset)
                offset += len(line)
                yield line

    def events(self, after: int = 0) -> Iterator[Event]:
        """The events after `after`, oldest first, at their present versions."""
        for segment in self.segments_after(after):
            for line in self._checked(segment):
                if header(line)[0] > after:
                    yield decode(line)

    # Blobs

    def blob(self, sha256: str) -> Path:
        """Where the blob named `sha256` lies, or would lie."""
        return self.path / "blobs" / sha256[:2] / sha256

    def keep_file(self, source: Path, sha256: str) -> Path:
        """Keep a copy of a file as the blob named by its hash."""
        target = self.blob(sha256)
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            write_whole(target, chunks(source))
        return target

    def keep(self, value: msgspec.Struct) -> str:
        """Keep a record, as compressed JSON, as the blob named by its hash, which is returned."""
        return self.keep_json([msgspec.json.encode(value)])

    def keep_json(self, parts: Iterable[bytes]) -> str:
        """Keep a record whose JSON comes in parts; compressed as they come, it is never whole in memory."""
        packer, digest = zlib.compressobj(level=6, wbits=_GZIP), hashlib.sha256()
        packed = [*(packer.compress(part) for part in parts), packer.flush()]
        for part in packed:
            digest.update(part)
        sha256 = digest.hexdigest()
        target = self.blob(sha256)
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            write_whole(target, packed)
        return sha256

    def kept(self, sha256: str, kind: type[T]) -> T:
        """The record kept under `sha256`."""
        return msgspec.json.decode(gzip.decompress(self.blob(sha256).read_bytes()), type=kind)

    # The one exception

    def purge(self, documents: set[str], tasks: set[str], blobs: set[str], tombstone: dict[str, Any]) -> Event:
        """Take everything about `documents` and their `tasks` out, and leave a tombstone.

        The tombstone is written first, so that a crash on the way leaves an event that says what to finish.
        """
        event = self.append("purged", tombstone)
        self.close()
        for segment in self.segments():
            kept = [line for line in segment.open("rb") if not _is_about(decode(line), documents, tasks)]
            write_whole(segment, kept)
        for name in blobs:
            self.blob(name).unlink(missing_ok=True)
        return event


def _is_about(event: Event, documents: set[str], tasks: set[str]) -> bool:
    """Whether an event other than a tombstone speaks of one of the documents or tasks."""
    if event.kind == "purged":
        return False
    data = event.data
    return (
        data.get("document") in documents
        or data.get("to") in documents
        or not tasks.isdisjoint({data.get("task_id"), data.get("other_id")})
    )
