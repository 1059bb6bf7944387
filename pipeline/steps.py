"""The steps of one letter, each a plain function: check → receive → read → extract.

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
from typing import Any, Literal

import msgspec

import extractors
from extractors import secrecy
from extractors.reported_states import reported
from models.document import Document, Page
from models.letter import Letter
from models.task import Task
from pipeline import acceptance, batches, enclosures, inbox, purging, reading
from pipeline.failpoints import failpoint
from pipeline.home import free_place
from pipeline.identity import KnownTask, carry_ids, new_id, same_letter_key
from pipeline.inbox import Drop
from pipeline.journal import fsync_folder, sha256_of, write_whole
from pipeline.links import links_of
from pipeline.reading.errors import PASSING, ReadingError, Unreadable
from pipeline.reading.media import PAGED
from pipeline.register import Register, today
from pipeline.texts import text

log = logging.getLogger("giaoviec")

PageProgress = Callable[[int, int], None]
"""Told of (pages done, pages in all)."""

NOT_NOW = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EBUSY, errno.EAGAIN, errno.EIO, errno.ESTALE, errno.ETIMEDOUT}
)
"""Faults of disk and network that pass: tried again with back-off, however long they last."""

MOST_SURPRISES = 3
"""Attempts after an error of our own before the letter goes to quarantine, where somebody sees it."""


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one drop or document.

    `name` is None for what was not cleared. `code` is the reason of `held`, `quarantined` and `waiting`. `letters`
    is how many letters a scan was found to hold. `source` is the path that `ingest` was given, for who gave it: it
    is told to nobody else. What was `refused` could not even be taken in.
    """

    state: Literal["done", "again", "held", "quarantined", "waiting", "refused"]
    name: str | None = None
    document: str | None = None
    code: str | None = None
    tasks: int = 0
    place: str | None = None
    letters: int = 1
    source: str | None = None


class Cleared(msgspec.Struct, frozen=True):
    """A drop that may enter: its identity, type, and what was read of it for the check.

    `document`: all of it, where it has no pages. `letter` and `relation`: the letter it came in, as its main
    text (None) or as an annex, where it came with others.
    """

    drop: Drop
    sha256: str
    media_type: str
    first_page: Page | None = None
    document: Document | None = None
    letter: str | None = None
    relation: Literal["annex_of"] | None = None


# check


def check(register: Register, drop: Drop) -> Cleared | Outcome:
    """Decide whether a drop may enter; what may not is held or put into quarantine.

    Raises OSError and ReadingError (engine missing) where trying again may help.
    """
    done = settled(register, drop)
    if done is not None:
        inbox.forget(drop)
        return done
    found = look(register, drop)
    match found:
        case Outcome(state="again", document=sha256) if sha256:
            return again(register, drop, sha256)
        case Outcome(state="held" | "quarantined" as state, code=code):
            return refuse(register, drop, code or "internal", state)
    return found


def settled(register: Register, drop: Drop) -> Outcome | None:
    """What became of a drop before this run was cut off, and finished now if need be; None where nothing did."""
    found = register.store.rows("SELECT state, code FROM quarantine WHERE drop_id = ?", [drop.id])
    if found:
        # Killed between the event and the move.
        return _set_aside(register, drop, *found[0])
    if register.store.value("SELECT count(*) FROM drops WHERE drop_id = ?", [drop.id]):
        return Outcome("again", drop.name)
    return None


def look(register: Register, drop: Drop) -> Cleared | Outcome:
    """What is to become of a drop, without doing it; raises as `check` does."""
    store = register.store
    if drop.path.is_symlink():
        return Outcome("quarantined", code="symlink")
    sha256 = sha256_of(drop.path)
    if store.value("SELECT count(*) FROM tombstones WHERE document_sha256 = ?", [sha256]):
        return Outcome("held", code="purged_before")
    known = store.rows("SELECT status FROM documents WHERE document_sha256 = ?", [sha256])
    if known and known[0][0] != "failed":
        return Outcome("again", drop.name, sha256)
    try:
        media_type = reading.media_type(drop.path)
        cleared = Cleared(drop, sha256, media_type, *_first(register, drop.path, media_type, sha256))
        if _is_released(register, sha256):
            return cleared
        verdict = _secrecy(register, cleared)
    except ReadingError as error:
        if error.code in PASSING:
            raise
        return Outcome("quarantined", code=error.code)
    failpoint("after_checked")
    if verdict.verdict == "clear":
        return cleared
    return Outcome("held", code="secret" if verdict.verdict == "marked" else "secret_doubtful")


def _is_released(register: Register, sha256: str) -> bool:
    """Whether a person said of a file that was held that it is no secret."""
    return bool(
        register.store.value(
            "SELECT count(*) FROM quarantine WHERE state = 'released' AND document_sha256 = ?", [sha256]
        )
    )


def _first(register: Register, path: Path, media_type: str, sha256: str) -> tuple[Page | None, Document | None]:
    """What is looked at before a drop may enter: the first page, or all of a file without pages."""
    limits = reading.Limits(page_seconds=register.settings.page_seconds)
    if media_type in PAGED:
        return reading.first_page(path, media_type, limits=limits, pool=register.pool), None
    return None, reading.read(path, media_type=media_type, sha256=sha256, limits=limits, pool=register.pool)


def _secrecy(register: Register, cleared: Cleared) -> secrecy.Secrecy:
    if cleared.first_page is not None:
        red = reading.red_regions(cleared.drop.path, cleared.media_type, pool=register.pool)
        return secrecy.of_page(cleared.first_page, red)
    assert cleared.document is not None
    return secrecy.of_blocks(cleared.document.blocks)


def again(register: Register, drop: Drop, sha256: str) -> Outcome:
    """The same bytes once more: recorded, linked to the document they are, and not read."""
    register.record("dropped_again", {"document": sha256, "name": drop.name, "drop": drop.id})
    inbox.forget(drop)
    return Outcome("again", drop.name, sha256)


def refuse(
    register: Register,
    drop: Drop,
    code: str,
    state: Literal["held", "quarantined"] = "quarantined",
    letter: str | None = None,
) -> Outcome:
    """Keep a drop out: the event first (without its name), then the move, so that a crash finishes it later.

    `letter` is the letter that a file came with, and whose annex it may be.
    """
    register.record(state, {"drop": drop.id, "code": code} | ({"letter": letter} if letter else {}))
    return _set_aside(register, drop, state, code)


def _set_aside(register: Register, drop: Drop, state: str, code: str) -> Outcome:
    """Move a drop that was refused to where people look for it, with the reason beside it."""
    failpoint("before_quarantine_move")
    folder = register.home.held if state == "held" else register.home.quarantine
    place = None
    if drop.path.exists() or drop.path.is_symlink():
        place = free_place(folder, f"{Path(drop.within).stem} - {drop.name}" if drop.within else drop.name)
        write_reason(place, code, drop.id, drop.within)
        drop.path.rename(place)
        fsync_folder(folder)
    failpoint("after_quarantine_move")
    inbox.forget(drop)
    failpoint("after_quarantined")
    found: Literal["held", "quarantined"] = "held" if state == "held" else "quarantined"
    return Outcome(found, None, None, code, place=place.name if place else None)


def write_reason(place: Path, code: str, mark: str, within: str | None = None) -> None:
    """Write beside `place` what is wrong with it and what to do, for a clerk (Windows line ends).

    `within` names the folder or archive it came in.
    """
    if code.startswith("secret"):
        then = text("quarantine.release")
    elif code.startswith("purged_before"):
        then = ""
    else:
        then = text("quarantine.try_again_within", within=within) if within else text("quarantine.try_again")
    lines = [reason(code), "", *([then] if then else []), text("quarantine.mark", mark=mark), ""]
    write_whole(place.with_name(place.name + ".reason.txt"), ["\ufeff".encode(), "\r\n".join(lines).encode()])


def reason(code: str) -> str:
    """The sentence for a reason of hold or quarantine."""
    for table in ("quarantine", "reading"):
        sentence = text(f"{table}.{code}")
        if sentence != f"{table}.{code}":
            return sentence
    return code


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
            return again(register, drop, sha256)
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
            return again(register, drop, sha256)
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


# extract


def extract(register: Register, sha256: str) -> int:
    """Extract the tasks of a document from its reading and record them; the number of tasks found.

    Tasks found before keep their ids; those no longer found, but corrected by people, stay as orphans.
    """
    row = register.store.rows("SELECT reading, received_at FROM documents WHERE document_sha256 = ?", [sha256])
    blob, received_at = row[0]
    document = register.journal.kept(blob, Document)
    main, said = enclosures.main_letter(register, sha256), _said_of_head(register, sha256)
    letter = extractors.extract(document, register.office, reference=_day(received_at), main=main, said=said)
    with register.store.gate:
        _record_extraction(register, sha256, letter)
        acceptance.accept(register, [sha256])
    failpoint("after_extracted")
    for annex in enclosures.annexes(register, sha256, "extracted"):
        # Its letter's number, day and issuer may have changed, and with them what its tasks mean.
        extract(register, annex)
    return len(letter.tasks)


def extract_again(register: Register, sha256: str) -> None:
    """Extract a document once more where it has been before: what it belongs to has changed."""
    if register.store.value("SELECT status FROM documents WHERE document_sha256 = ?", [sha256]) == "extracted":
        extract(register, sha256)


def _said_of_head(register: Register, sha256: str) -> dict[str, Any]:
    """What people said of the letterhead of the letter that a document represents, the last of each field."""
    rows = register.store.rows(
        """SELECT field, value ->> '$' FROM letter_corrections
        WHERE document_sha256 = ? QUALIFY row_number() OVER (PARTITION BY field ORDER BY seq DESC) = 1""",
        [sha256],
    )
    return {f: datetime.date.fromisoformat(v) if v and f.endswith("_date") else v for f, v in rows}


def _day(received_at: datetime.datetime | None) -> datetime.date:
    return received_at.date() if received_at else today()


def _record_extraction(register: Register, sha256: str, letter: Letter) -> None:
    """Find out which letter and which tasks these are, and write the event."""
    carried = carry_ids(known_tasks(register, sha256), letter.tasks)
    letter_id, representative = _letter_of(register, sha256, letter)
    tasks: list[dict[str, Any]] = [
        {
            "task_id": task_id,
            "ordinal": n,
            "status": "current",
            "reported": reported(task.section, task.progress, task.deadline.date),
            **msgspec.to_builtins(task),
        }
        for n, (task_id, task) in enumerate(zip(carried.ids, letter.tasks, strict=True), 1)
    ]
    tasks += [
        {"task_id": k.task_id, "ordinal": len(letter.tasks) + n, "status": "orphan", **msgspec.to_builtins(k.task)}
        for n, k in enumerate(carried.orphans, 1)
    ]
    register.record(
        "extracted",
        {
            "document": sha256,
            "letter": letter_id,
            "representative": representative,
            "extractor": extractors.EXTRACTOR,
            "letterhead": msgspec.to_builtins(msgspec.structs.replace(letter, tasks=())),
            "tasks": tasks,
            "changes": msgspec.to_builtins(carried.changes),
            "links": links_of(
                register.store.rows, sha256, letter_id, letter, list(zip(carried.ids, letter.tasks, strict=True))
            )
            if representative
            else [],
        },
    )


def known_tasks(register: Register, sha256: str) -> list[KnownTask]:
    """The tasks a document has now, as far as matching needs them."""
    rows = register.store.rows(
        """SELECT task_id, text, places, task_id IN (
            SELECT task_id FROM corrections UNION SELECT task_id FROM task_states
            UNION SELECT unnest([task_id, other_id]) FROM link_judgements), status
        FROM tasks WHERE document_sha256 = ? ORDER BY ordinal""",
        [sha256],
    )
    found: list[KnownTask] = []
    for task_id, words, places, has_corrections, _ in rows:
        task = msgspec.convert({"text": words, "places": msgspec.json.decode(places)}, Task)
        found.append(KnownTask(task_id, task, has_corrections))
    return found


def _letter_of(register: Register, sha256: str, letter: Letter) -> tuple[str, bool]:
    """(id of the letter this document is, whether it represents it).

    A document keeps its letter. A new one whose issuer, number, symbol and day are those of a letter we have is
    another copy of it: linked and not counted, for a person to confirm or undo. What came with it follows it.
    """
    letter_id, representative, settled = register.store.rows(
        """SELECT letter_id, is_representative, extractor IS NOT NULL OR document_sha256 IN (
            SELECT document_sha256 FROM letter_relations WHERE target_letter_id IS NOT NULL)
        FROM documents WHERE document_sha256 = ?""",
        [sha256],
    )[0]
    if letter_id and settled:
        return letter_id, representative
    key = same_letter_key(letter)
    if key is not None:
        for other in register.store.records(
            """SELECT letter_id, organ_name, code_number, code_notation, issued_date FROM letters
            WHERE issued_date = ? AND code_notation = ?""",
            [letter.issued_date, letter.code_notation],
        ):
            known = other.pop("letter_id")
            if same_letter_key(Letter(**other)) == key:
                target = f"{letter.code_number}/{letter.code_notation}"
                annexes = enclosures.annexes(register, sha256)
                register.record("linked", enclosures.link(sha256, known, "same_as", target, counted=False))
                has_annexes = bool(enclosures.annexes_of(register, known))
                for annex in annexes:
                    counted = not has_annexes
                    register.record("linked", enclosures.link(annex, known, "annex_of", target, counted=counted))
                return known, False
    return letter_id or new_id(), True


# the whole way, and what to do when it fails


def enter(register: Register, drop: Drop) -> Outcome | Cleared:
    """Check and receive a drop: an outcome where that was the end of it, else what is to be read."""
    cleared = check(register, drop)
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
        return Outcome("done", name, sha256, tasks=extract(register, sha256))
    tasks = 0
    for part in parts:
        # Somebody who looks for unfinished documents may have found it first.
        if register.claim(part):
            try:
                tasks += extract(register, part)
            finally:
                register.give_back(part)
    return Outcome("done", name, sha256, tasks=tasks, letters=len(parts))


def _hold(register: Register, sha256: str, code: str) -> Outcome:
    """Take a scan with a secret letter in it out of the journal again, and keep it where held letters lie."""
    place, mark = batches.set_aside(register, sha256), new_id()
    write_reason(place, code, mark)
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
        return refuse(register, drop, code)
    assert sha256 is not None
    place = free_place(register.home.quarantine, name or sha256)
    write_reason(place, code, sha256[:16])
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
