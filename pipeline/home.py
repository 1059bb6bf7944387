"""The home: one folder that holds everything an office has."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NoRoom, os_says


@dataclass(frozen=True)
class Home:
    """The places inside the home folder `path`; `inbox` may lie elsewhere (a shared folder)."""

    path: Path
    inbox: Path

    @property
    def staging(self) -> Path:
        """Drops taken from the inbox and not yet cleared: nothing here is known to journal, log or Prefect."""
        return self.path / "staging"

    @property
    def held(self) -> Path:
        """Letters with a secrecy mark, or in doubt, kept for a person."""
        return self.path / "held"

    @property
    def quarantine(self) -> Path:
        """Files that could not be read, each with a `.reason.txt` beside it."""
        return self.path / "quarantine"

    @property
    def journal(self) -> Path:
        """The truth."""
        return self.path / "journal"

    @property
    def database(self) -> Path:
        """The working database, the owner's alone."""
        return self.path / "giaoviec.duckdb"

    @property
    def published(self) -> Path:
        """The analysts' copy."""
        return self.path / "published" / "giaoviec.duckdb"

    @property
    def logs(self) -> Path:
        """Log files, by hash and never by a letter's content."""
        return self.path / "logs"

    @property
    def temporary(self) -> Path:
        """Scratch that may be emptied whenever no owner runs."""
        return self.path / "tmp"

    def ensure(self) -> "Home":
        """Make the folders that are missing; raises NoRoom where that is not possible."""
        try:
            for folder in (
                self.inbox,
                self.staging,
                self.held,
                self.quarantine,
                self.journal,
                self.published.parent,
                self.logs,
                self.temporary,
            ):
                folder.mkdir(parents=True, exist_ok=True)
            # What waits for the secrecy check, and what it stopped, is nobody else's to read.
            for private in (self.staging, self.held, self.temporary):
                private.chmod(0o700)
        except OSError as error:
            raise NoRoom(
                "folder_not_writable", path=error.filename or self.path, problem=os_says(error)
            ) from error
        return self


def at(path: Path, inbox: Path | None = None) -> Home:
    """The home at `path`, made absolute."""
    path = path.expanduser().absolute()
    return Home(path, (inbox.expanduser().absolute() if inbox else path / "inbox"))


_FORBIDDEN = {ord(c): "_" for c in '<>:"/\\|?*'} | dict.fromkeys(range(32), "_")
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}
LONGEST_NAME = 180


def file_name(name: str) -> str:
    """`name` as a file name that Windows, too, can hold: NFC, no reserved signs or words, not too long."""
    name = unicodedata.normalize("NFC", name).translate(_FORBIDDEN).rstrip(" .") or "_"
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    if stem.lower() in _RESERVED:
        stem = f"_{stem}"
    ending = f".{suffix}" if dot and len(suffix) <= 10 else ""
    stem = stem if ending or not dot else name
    while len((stem + ending).encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending


def free_place(folder: Path, name: str) -> Path:
    """A path in `folder` for `name` that nothing has yet: ` (2)`, ` (3)` … before the suffix if need be."""
    place = folder / file_name(name)
    for n in range(2, 1_000_000):
        if not place.exists() and not place.is_symlink():
            break
        first = Path(file_name(name))
        place = folder / f"{first.stem} ({n}){first.suffix}"
    return place
