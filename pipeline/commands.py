"""What can be asked of a register, as functions of JSON values: called directly by a command that owns the
home, or by `serve` for a command that handed its work over. One implementation, two ways to it.
"""

import datetime
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline import (
    acceptance,
    checking,
    correcting,
    export,
    inbox,
    leading_bodies,
    learning,
    proposals,
    purging,
    settling,
    steps,
    tracking,
    work,
    workbook_import,
)
from pipeline.errors import WrongUse
from pipeline.failpoints import failpoint
from pipeline.publish import publish
from pipeline.register import Register
from pipeline.reports import Report

Command = Callable[..., dict[str, Any]]


def ingest(register: Register, report: Report, *, paths: list[str]) -> dict[str, Any]:
    """Read files now, and folders as the inbox is read: folders in them and archives are letters with annexes.

    Every file has its outcome, with the name of the document it repeats (`same_as`) where it does.
    """
    files: list[Path] = []
    refused: list[checking.Outcome] = []
    for path in dict.fromkeys(map(Path, paths)):
        if path.is_dir():
            found = list(inbox.waiting_beside(path, register.home.path))
            files += found
            refused += _left_out(path, found, register.home.path)
        elif path.exists() or path.is_symlink():
            files.append(path)
        else:
            raise WrongUse("no_such_file", path=path)
    outcomes = [*refused, *work.ingest(register, files, report)]
    publish(register)
    return {"outcomes": [_with_original(register, outcome) for outcome in outcomes]}


def _left_out(folder: Path, found: list[Path], home: Path) -> list[checking.Outcome]:
    """What of a folder is not even looked at: files that are still being copied; the folder, where it is empty."""
    partial = [
        file
        for file in inbox.files_of(folder)
        if inbox.is_partial(file.name) and not {file, *file.parents} & {home, *found}
    ]
    if not os.access(folder, os.R_OK | os.X_OK):
        return [checking.Outcome("refused", folder.name, code="not_readable", source=str(folder))]
    if not found and not partial:
        return [checking.Outcome("refused", folder.name, code="folder_empty", source=str(folder))]
    return [checking.Outcome("refused", file.name, code="partial", source=str(file)) for file in partial]


_SAME_FILE = "SELECT name FROM documents WHERE document_sha256 = ?"
_SAME_LETTER = """SELECT min_by(original.name, original.received_at) FROM letter_relations r
    JOIN documents original ON original.letter_id = r.target_letter_id AND original.is_representative
    WHERE r.kind = 'same_as' AND r.document_sha256 = ?"""


def _with_original(register: Register, outcome: checking.Outcome) -> dict[str, Any]:
    """An outcome as JSON values, with the name of the document that it repeats or is another copy of."""
    sql = _SAME_FILE if outcome.state == "again" else _SAME_LETTER
    name = register.store.value(sql, [outcome.document]) if outcome.document else None
    return {**msgspec.to_builtins(outcome), **({"same_as": name} if name else {})}


_EXTRACTABLE = "SELECT document_sha256 FROM documents WHERE reading IS NOT NULL AND status <> 'split'"


def reextract(register: Register, report: Report, *, document: str | None = None) -> dict[str, Any]:
    """Run the rules again over what was read."""
    documents = (
        export.letters_in(register.store, export.resolve_document(register.store, document))
        if document
        else [s for (s,) in register.store.rows(_EXTRACTABLE)]
    )
    found = work.reextract(register, documents, report)
    publish(register)
    return found


def rebuild(register: Register, report: Report) -> dict[str, Any]:
    """Make the working database again from the journal."""
    register.rebuild(lambda done, total: report("segment", {"done": done, "total": total}))
    publish(register)
    return {"events": register.store.applied, "tasks": register.store.value("SELECT count(*) FROM tasks")}


def export_tasks(
    register: Register,
    report: Report,
    *,
    form: str,
    out: str,
    document: str | None = None,
    as_of: str | None = None,
    by_agency: bool = False,
    reviewers: bool = False,
    ours: bool = False,
    agency: str | None = None,
) -> dict[str, Any]:
    """Write tasks to the file `out`; returns how many. `as_of` (ISO) is the day on which overdue is told."""
    found = (
        export.letters_in(register.store, export.resolve_document(register.store, document)) if document else None
    )
    documents = tuple(found) if found is not None else None
    day = datetime.date.fromisoformat(as_of) if as_of else None
    led_by = leading_bodies.named(register.store, agency) if agency is not None else None
    choice = export.Choice(documents, day, by_agency, reviewers, ours, led_by)
    return {"tasks": export.save(register.store, form, Path(out), choice)}


def tasks(register: Register, report: Report, *, documents: list[str] | None = None) -> dict[str, Any]:
    """Tasks as JSON values, of some documents or of all."""
    choice = export.Choice(None if documents is None else tuple(export.letters_in(register.store, documents)))
    return {"tasks": list(export.tasks(register.store, choice))}


def purge(register: Register, report: Report, *, document: str, why: str, who: str) -> dict[str, Any]:
    """Take a letter that must not be here out of journal, database, copies and logs; a tombstone stays."""
    purged = purging.forget(register, export.resolve_document(register.store, document), why, who)
    publish(register)
    failpoint("after_published")
    return {"purged": purged}


def purge_preview(register: Register, report: Report, *, document: str) -> dict[str, Any]:
    """The names of the documents that `purge` would take out."""
    found = purging.together(register.store, export.resolve_document(register.store, document))
    names = dict(register.store.rows("SELECT document_sha256, name FROM documents"))
    return {"names": [names[sha256] for sha256 in found]}


def status(register: Register, report: Report) -> dict[str, Any]:
    """Counts that tell how the register is doing."""
    store = register.store
    return {
        "documents": dict(store.rows("SELECT status, count(*) FROM documents GROUP BY status ORDER BY status")),
        "tasks": store.value("SELECT count(*) FROM current_tasks"),
        "to_review": store.value("SELECT count(*) FROM review_queue"),
        "waiting": len(steps.pending(register)),
        "events": register.journal.last,
    }


def accept_unseen(register: Register, report: Report) -> dict[str, Any]:
    """Accept what may be accepted unseen; how acceptance stands afterwards, and what was done."""
    done = acceptance.accept(register)
    publish(register)
    now = acceptance.standing(register)
    return {**msgspec.to_builtins(now), "observed_error": now.observed_error, "done": done}


PUBLISHING: Final = frozenset({"ingest", "reextract", "rebuild", "purge", "accept_unseen"})
"""Commands that publish the analysts' copy themselves, wherever they run."""

COMMANDS: dict[str, Command] = {
    "ingest": ingest,
    "reextract": reextract,
    "rebuild": rebuild,
    "export": export_tasks,
    "tasks": tasks,
    "correct": correcting.correct,
    "purge": purge,
    "purge_preview": purge_preview,
    "status": status,
    "accept_unseen": accept_unseen,
    "learn": learning.learn,
    "learned_versions": learning.learned_versions,
    "judge_link": tracking.judge_link,
    "set_state": tracking.set_state,
    "offers_of_letter": proposals.of_letter,
    "settle": settling.settle,
    "take_back_state": tracking.take_back_state,
    "import_preview": workbook_import.preview,
    "import_write": workbook_import.write,
}
