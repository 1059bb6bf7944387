"""The register: an opened home, owned by this process, with its journal and its database."""

import contextlib
import datetime
import logging
import multiprocessing.util
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import msgspec

from extractors import agencies
from models import Calibration, Office
from models.document import Page
from pipeline import home as homes
from pipeline import inbox
from pipeline.days import VIETNAM
from pipeline.dictionary import vietnamese
from pipeline.errors import NoRoom
from pipeline.failpoints import failpoint
from pipeline.home import Home
from pipeline.journal import Event, EventKind, Journal
from pipeline.owner import Owner
from pipeline.reading import PagePool, Reading
from pipeline.settings import Settings
from pipeline.store import Store

log = logging.getLogger("giaoviec")

LOG_BYTES = 5 * 2**20
OLD_LOGS = 5

MACHINE = "giaoviec"
"""Who says what the program itself decides."""


def today() -> datetime.date:
    """Today in Vietnam, whatever the machine's time zone."""
    return datetime.datetime.now(VIETNAM).date()


class Register:
    """What every step works on. Made by `open_register`; `record` is the only way anything changes."""

    def __init__(self, settings: Settings, home: Home, owner: Owner, journal: Journal, store: Store) -> None:
        self.settings = settings
        self.home = home
        self.owner = owner
        self.journal = journal
        self.store = store
        self.office = settings.office
        self.pool = PagePool(settings.workers)
        # Set by whatever changes the database; whoever publishes clears it.
        self.changed = threading.Event()
        self._applied = store.applied
        self._listeners: list[Callable[[Event | None], None]] = []
        self.publishing = threading.Lock()
        self._claimed: set[str] = set()
        self._claiming = threading.Lock()
        self._log = _log_into(home.logs)

    def taught_office(self) -> Office:
        """Our office: what the settings say of it, and what its reviewers taught."""
        found = self.store.rows("SELECT calibration, aliases FROM calibrations ORDER BY seq DESC LIMIT 1")
        calibration, aliases = found[0] if found else (None, None)
        return msgspec.structs.replace(
            self.settings.office,
            calibration=msgspec.json.decode(calibration, type=Calibration | None) if calibration else None,
            aliases=msgspec.json.decode(aliases) if aliases else {},
        )

    def claim(self, key: str) -> bool:
        """Take a drop (by id) or document (by hash) into work; False where somebody has it in work already."""
        with self._claiming:
            if key in self._claimed:
                return False
            self._claimed.add(key)
            return True

    def give_back(self, key: str) -> None:
        """Say that a claimed drop or document is no longer in work."""
        with self._claiming:
            self._claimed.discard(key)

    def record(self, kind: EventKind, data: dict[str, Any]) -> Event:
        """Write an event to the journal, then apply it; the database is never ahead and soon even."""
        with self.store.gate:
            event = self.journal.append(kind, data)
            if self._applied == event.seq - 1:
                self.store.apply(event)
            else:
                # An earlier load failed (a full disk): what was missed comes first.
                self.store.catch_up(self.journal)
            self._applied = event.seq
            if kind == "learned":
                self.office = self.taught_office()
            self.changed.set()
            self._tell(event)
            return event

    def record_reading(self, sha256: str, reading: Reading, who: str | None = None) -> None:
        """Keep what was read of a document, and record it; `who`: the person who had it read again."""
        blob = self.journal.keep_json(reading.json())
        failpoint("after_read_blob")
        self.record(
            "read",
            {
                "document": sha256,
                "reading": blob,
                "reader": reading.head.reader,
                "pages": [_summary(page) for page in reading.pages()],
                **({"who": who} if who else {}),
            },
        )

    def listen(self, listener: Callable[[Event | None], None]) -> None:
        """Have `listener` told of every event once it is in the database, and of None after a rebuild.

        It is called under the gate, by whatever thread recorded the event, and should only take note.
        """
        self._listeners.append(listener)

    def _tell(self, event: Event | None) -> None:
        for listener in self._listeners:
            listener(event)

    def rebuild(self, on_segment: Any = None) -> None:
        """Make the working database again from the journal."""
        with self.store.gate:
            self.store.start_over()
            self.store.catch_up(self.journal, on_segment)
            self._applied = self.store.applied
            self.office = self.taught_office()
            self.changed.set()
            self._tell(None)

    def close(self) -> None:
        """Close everything and give the home back."""
        self.pool.close()
        self.store.close()
        self.journal.close()
        log.removeHandler(self._log)
        self._log.close()
        self.owner.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _use_scratch(folder: Path) -> None:
    """Have this process, and those it starts, keep their temporary files in the home; clear dead ones' away.

    Pictures of letters must not be left in a folder that others read when the program is killed.
    """
    for entry in folder.iterdir():
        if entry.name.isdecimal() and not Path(f"/proc/{entry.name}").exists():
            shutil.rmtree(entry, ignore_errors=True)
    # The sockets of this process's helpers hold nothing of a letter and must outlive any one home.
    multiprocessing.util.get_temp_dir()
    mine = folder / str(os.getpid())
    mine.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(mine)


def _log_into(folder: Path) -> logging.Handler:
    handler = RotatingFileHandler(
        folder / "giaoviec.log", maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    return handler


def open_register(path: Path, settings: Settings, owner: Owner) -> Register:
    """Open the home at `path` for its owner, bringing the database up to the journal.

    Raises JournalDamaged where the journal cannot be read, NoRoom where folders cannot be written; the home is
    then given back.
    """
    with contextlib.ExitStack() as opened:
        opened.callback(owner.release)
        register = _opened(path, settings, owner, opened)
        # Open: from here on it is the register that closes all of it.
        opened.pop_all()
        return register


def _opened(path: Path, settings: Settings, owner: Owner, opened: contextlib.ExitStack) -> Register:
    """The register, with what must be closed again put on `opened` as it comes."""
    home = homes.at(path, settings.inbox).ensure()
    inbox.recover(home)
    journal = Journal(home.journal)
    opened.callback(journal.close)
    journal.open_for_writing()
    _use_scratch(home.temporary)
    store = _database(home, settings)
    opened.callback(store.close)
    register = Register(settings, home, owner, journal, store)
    # It closes the others too, and gives the home back.
    opened.pop_all()
    opened.callback(register.close)
    # A database that is ahead of its journal, or of another schema, is no copy of it.
    if not store.is_current or store.applied > journal.last:
        register.rebuild()
    else:
        store.catch_up(journal)
        register._applied = store.applied
        register.office = register.taught_office()
    return register


def _database(home: Home, settings: Settings) -> Store:
    """The working database; one that is damaged is set aside for a new one, which the journal fills again.

    Raises NoRoom where another program has it open, or it is not ours.
    """
    # The analysts' copy is a copy of it: its comments are in the language of the home.
    meanings = (vietnamese().meanings if settings.language == "vi" else None) or {}

    def opened() -> Store:
        return Store(home.database, home.temporary, agencies.known(), *_ours(settings.office), meanings)

    try:
        return opened()
    except duckdb.IOException as error:
        if "lock" in str(error).lower() or not os.access(home.database, os.R_OK | os.W_OK):
            raise NoRoom("database_not_ours", path=home.database) from error
        log.error("the database is damaged and is made again from the journal")
        home.database.replace(home.database.with_suffix(".damaged"))
        home.database.with_name(f"{home.database.name}.wal").unlink(missing_ok=True)
        return opened()


def _ours(office: Office) -> tuple[list[str], list[str]]:
    """The provinces, today's and former, that our office is or belongs to; and its names, today's and former."""
    provinces = {province for own in office.own_bodies for province in agencies.provinces_of(own)}
    return sorted(provinces), sorted({name for own in office.own_bodies for name in (own.name, *own.predecessors)})


def _summary(page: Page) -> dict[str, Any]:
    known = [word.confidence for word in page.words if word.confidence is not None]
    return {
        "page": page.number,
        "width": round(page.width, 2),
        "height": round(page.height, 2),
        "source": page.source,
        "reason": page.reason,
        "words": len(page.words),
        "confidence": round(sum(known) / len(known), 4) if known else None,
    }
