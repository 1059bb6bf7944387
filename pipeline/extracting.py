"""The tasks of a document that was read: found, told from those found before, and recorded."""

import datetime
from typing import Any

import msgspec

import extractors
from extractors.reported_states import reported
from models.document import Document
from models.letter import Letter
from models.task import Task
from pipeline import acceptance, enclosures
from pipeline.failpoints import failpoint
from pipeline.identity import KnownTask, carry_ids, new_id, same_letter_key
from pipeline.links import links_of
from pipeline.register import Register, today


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
            "reported": reported(task.section, task.progress, task.deadline.date, letter.issued_date),
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
