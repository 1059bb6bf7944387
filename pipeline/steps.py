"""The steps of one letter, each a plain function: check (`checking`) → receive → read → extract (`extracting`).

Between any two of them the process may be killed. What is to be done next is always told by the journal (a
document that was received but not read, read but not extracted) and by staging (drops not yet received); so a
step that was cut off is simply done again, and one that was finished is not.
"""

import contextlib
import datetime
import errno
import logging
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path

from pipeline import batches, checking, enclosures, extracting, inbox, purging, reading
from pipeline.checking import Cleared, Outcome
from pipeline.failpoints import failpoint
from pipeline.home import free_place
from pipeline.identity import new_id
from pipeline.inbox import Drop
from pipeline.reading.errors import PASSING, ReadingError, Unreadable
from pipeline.register import Register

log = logging.getLogger("giaoviec")

PageProgress = Callable[[int, int], None]
"""Told of (pages done, pages in all)."""

NOT_NOW = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EBUSY, errno.EAGAIN, errno.EIO, errno.ESTALE, errno.ETIMEDOUT}
)
"""Faults of disk and network that pass: tried again with back-off, however long they last."""

MOST_SURPRISES = 3
"""Attempts after an error of our own before the letter goes to quarantine, where somebody sees it."""


# receive


def receive(register: Register, cleared: Cleared) -> Outcome | None:
    """Take a cleared drop into the journal; None when it is new (or failed before) and is to be read.

    The document is then claimed by the caller, who gives it back when it is finished.
    """
    drop, sha256 = cleared.drop, cleared.sha256
    blob = register.journal.keep_file(drop.path, sha256)
    failpoint("after_blob")
    with register.store.gate:
        known = register.store.rows("SELECT status FROM documents WHERE document_sha256 = ?", [sha256])
        # Claimed before the journal says it is there, so that nobody else finds it unfinished.
        if not register.claim(sha256):
            return checking.again(register, drop, sha256)
        if not known:
            register.record(
                "received",
                {
                    "document": sha256,
                    "name": drop.name,
                    "media_type": cleared.media_type,
                    "size": blob.stat().st_size,
                    "drop": drop.id,
                }
                | ({"letter": cleared.letter} if cleared.letter else {})
                | ({"relation": cleared.relation} if cleared.relation else {}),
            )
        elif known[0][0] != "failed":
            register.give_back(sha256)
            return checking.again(register, drop, sha256)
        else:
            # Dropped once more after it failed: that is how a clerk says "try again".
            register.record(
                "dropped_again",
                {"document": sha256, "name": drop.name, "drop": drop.id}
                | ({"letter": cleared.letter} if cleared.letter and cleared.relation is None else {}),
            )
    failpoint("after_received")
    inbox.forget(drop)
    return None


# read


def read(
    register: Register, sha256: str, cleared: Cleared | None = None, progress: PageProgress | None = None
) -> None:
    """Read a received document and keep the reading; raises ReadingError where nothing of it can be read.

    What was read of it for the check is not read again.
    """
    media_type = register.store.value("SELECT media_type FROM documents WHERE document_sha256 = ?", [sha256])
    whole = cleared.document if cleared else None
    found = (
        reading.Reading.of(whole)
        if whole
        else reading.read_packed(
            register.journal.blob(sha256),
            media_type=media_type,
            sha256=sha256,
            limits=reading.Limits(page_seconds=register.settings.page_seconds),
            first=cleared.first_page if cleared else None,
            progress=progress,
            pool=register.pool,
        )
    )
    if found.packed and all(page.is_unread for page in found.packed):
        raise Unreadable(found.packed[0].reason or "")
    register.record_reading(sha256, found)
    failpoint("after_read")


# the whole way, and what to do when it fails


def enter(register: Register, drop: Drop) -> Outcome | Cleared:
    """Check and receive a drop: an outcome where that was the end of it, else what is to be read."""
    cleared = checking.check(register, drop)
    if isinstance(cleared, Outcome):
        return cleared
    return receive(register, cleared) or cleared


def finish(
    register: Register, sha256: str, cleared: Cleared | None = None, progress: PageProgress | None = None
) -> Outcome:
    """Do what is left to do of a received document; an annex is read, then waits for its letter."""
    name, status = register.store.rows("SELECT name, status FROM documents WHERE document_sha256 = ?", [sha256])[0]
    if status in ("received", "failed"):
        read(register, sha256, cleared, progress)
        status = "read"
    if enclosures.waits_for_main(register, sha256):
        return Outcome("waiting", name, sha256, "main_first")
    if status != "read":
        return Outcome("done", name, sha256)
    try:
        parts = batches.split(register, sha256)
    except batches.SecretInside as secret:
        return _hold(register, sha256, secret.code)
    if not parts:
        return Outcome("done", name, sha256, tasks=extracting.extract(register, sha256))
    tasks = 0
    for part in parts:
        # Somebody who looks for unfinished documents may have found it first.
        if register.claim(part):
            try:
                tasks += extracting.extract(register, part)
            finally:
                register.give_back(part)
    return Outcome("done", name, sha256, tasks=tasks, letters=len(parts))


def _hold(register: Register, sha256: str, code: str) -> Outcome:
    """Take a scan with a secret letter in it out of the journal again, and keep it where held letters lie."""
    place, mark = batches.set_aside(register, sha256), new_id()
    checking.write_reason(place, code, mark)
    register.record("held", {"drop": mark, "code": code})
    purging.forget(register, [sha256], why=code, who="giaoviec")
    return Outcome("held", None, None, code, place=place.name)


def pending(register: Register) -> list[str]:
    """Documents received but not finished whose next attempt is due, oldest first.

    An annex that has been read is left alone until its letter's main text is finished.
    """
    rows = register.store.rows(
        f"""SELECT document_sha256 FROM documents d WHERE status IN ('received', 'read')
            AND NOT (status = 'read' AND {enclosures.WAITS})
            AND coalesce((SELECT max(next_at) FROM attempts a WHERE a.document_sha256 = d.document_sha256),
                TIMESTAMP '1970-01-01') <= now() AT TIME ZONE 'UTC'
        ORDER BY received_at"""
    )
    return [sha256 for (sha256,) in rows]


def is_due(register: Register, drop: Drop) -> bool:
    """Whether a drop in staging may be tried now."""
    return not register.store.value(
        "SELECT count(*) FROM attempts WHERE drop_id = ? AND next_at > now() AT TIME ZONE 'UTC'", [drop.id]
    )


def has_unfinished(register: Register) -> bool:
    """Whether anything an earlier run left, or an attempt that is due again, is to be done."""
    return bool(pending(register)) or any(is_due(register, drop) for drop in inbox.left_over(register.home))


def next_due(register: Register) -> datetime.datetime | None:
    """When the next attempt of anything unfinished is due (UTC), None where nothing waits."""
    found: datetime.datetime | None = register.store.value(
        """SELECT min(next_at) FROM (
            SELECT max(next_at) AS next_at FROM attempts GROUP BY coalesce(drop_id, document_sha256)
        ) WHERE next_at > now() AT TIME ZONE 'UTC'"""
    )
    return found


def failed(
    register: Register, error: Exception, *, drop: Drop | None = None, sha256: str | None = None
) -> Outcome:
    """Decide about a drop or document whose step raised: try again later, or put into quarantine.

    What can pass (busy file, full disk, missing engine) is tried again with growing waits, for ever; what cannot
    goes to quarantine at once; an error of our own is tried MOST_SURPRISES times.
    """
    name = None
    if sha256 is not None:
        name = register.store.value("SELECT name FROM documents WHERE document_sha256 = ?", [sha256])
    passing = (isinstance(error, OSError) and error.errno in NOT_NOW) or (
        isinstance(error, ReadingError) and error.code in PASSING
    )
    code = error.code if isinstance(error, ReadingError) else _code_of(error)
    if not passing and not isinstance(error, ReadingError):
        # The traceback may quote the letter: only its kind and place are logged.
        log.error("%s in %s: %s", type(error).__name__, sha256 or "staging", place_of(error))
    subject = {"document": sha256} if sha256 else {"drop": drop.id if drop else None}
    column = "document_sha256" if sha256 else "drop_id"
    attempt = 1 + register.store.value(
        f"SELECT count(*) FROM attempts WHERE {column} = ?", [sha256 or (drop.id if drop else None)]
    )
    if passing or (not isinstance(error, ReadingError) and attempt < MOST_SURPRISES):
        wait = min(register.settings.retry_seconds * 2 ** (attempt - 1), register.settings.retry_longest_seconds)
        next_at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=wait)
        # With the disk full not even this can be written: staging and journal still say what is left.
        with contextlib.suppress(OSError):
            register.record(
                "attempted",
                {
                    **subject,
                    "step": "read" if sha256 else "check",
                    "attempt": attempt,
                    "code": code,
                    "next_at": next_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                },
            )
        return Outcome("waiting", name, sha256, code)
    if drop is not None and sha256 is None:
        return checking.refuse(register, drop, code)
    assert sha256 is not None
    place = free_place(register.home.quarantine, name or sha256)
    checking.write_reason(place, code, sha256[:16])
    shutil.copyfile(register.journal.blob(sha256), place)
    register.record("quarantined", {"drop": new_id(), "code": code, "document": sha256, "name": name})
    return Outcome("quarantined", name, sha256, code, place=place.name)


def _code_of(error: Exception) -> str:
    match error:
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return "disk_full"
        case OSError():
            return "busy"
        case MemoryError():
            return "memory"
        case _:
            return "internal"


def place_of(error: Exception) -> str:
    """Where an error arose, innermost first; no values, for they may quote a letter."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-6:]))
