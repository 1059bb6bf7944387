"""A letter that must not be here: out of journal, database and logs; a tombstone stays."""

import shutil
import uuid
from collections.abc import Iterable

from pipeline import prefect_server
from pipeline.home import Home
from pipeline.journal import now
from pipeline.register import Register
from pipeline.store import Store


def together(store: Store, documents: Iterable[str]) -> list[str]:
    """Documents with what must go with them, each once.

    A letter told out of a scan of several goes with the scan, which holds it too, and a scan with its letters.
    """
    gone: list[str] = []
    for document in documents:
        gone.append(document)
        for part, whole in store.rows("SELECT document_sha256, part_of FROM document_parts"):
            if part == document:
                gone.append(whole)
            elif whole == document:
                gone.append(part)
    return list(dict.fromkeys(gone))


def forget(register: Register, documents: Iterable[str], why: str, who: str) -> list[str]:
    """Take documents out of everything but what is published, which the caller does next; all that went."""
    gone = together(register.store, documents)
    for sha256 in gone:
        _forget(register, sha256, why, who)
    return gone


def _forget(register: Register, sha256: str, why: str, who: str) -> None:
    row = register.store.rows("SELECT name FROM documents WHERE document_sha256 = ?", [sha256])
    task_ids = {
        t
        for (t,) in register.store.rows(
            """SELECT task_id FROM tasks WHERE document_sha256 = ?
            UNION SELECT old_id FROM task_history WHERE document_sha256 = ?""",
            [sha256, sha256],
        )
    }
    readings = {
        event.data["reading"]
        for event in register.journal.events()
        if event.kind == "read" and event.data["document"] == sha256
    }
    tombstone = {"document": sha256, "who": who, "why": why, "at": now()}
    with register.store.gate:
        register.journal.purge({sha256}, task_ids, {sha256, *readings}, tombstone)
        # Deleted rows stay legible in a database file; a new file has never held them.
        register.rebuild()
    for (name,) in row:
        _scrub(register.home, name, sha256)
        prefect_server.forget(register.home, name)


def _scrub(place: Home, name: str, sha256: str) -> None:
    """Take what names a purged letter out of quarantine and logs."""
    for file in place.quarantine.iterdir():
        if file.name in (name, f"{name}.reason.txt"):
            file.unlink()
    for file in place.logs.rglob("*"):
        if file.is_file():
            lines = file.read_text("utf-8", "replace").splitlines(keepends=True)
            kept = [line for line in lines if name not in line and sha256 not in line]
            if len(kept) < len(lines):
                partial = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
                partial.write_text("".join(kept), "utf-8")
                shutil.copymode(file, partial)
                partial.rename(file)
