"""The check of a drop before it may enter, and what becomes of one that may not: held or quarantined, or known."""

from pathlib import Path
from typing import Literal

import msgspec

from extractors import secrecy
from models.document import Document, Page
from pipeline import inbox, reading
from pipeline.failpoints import failpoint
from pipeline.home import free_place
from pipeline.inbox import Drop
from pipeline.journal import fsync_folder, sha256_of, write_whole
from pipeline.reading.errors import PASSING, ReadingError
from pipeline.reading.media import PAGED
from pipeline.register import Register
from pipeline.texts import text


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
