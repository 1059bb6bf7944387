"""What people do to letters: letterheads set, documents linked, pages recognised again.

Each act is in the journal before it returns, as in `reviewing`.
"""

from typing import Any, Literal

import msgspec

from extractors import secrecy
from models.document import Document, Page
from pipeline import checking, days, extracting, reviewing
from pipeline.days import iso
from pipeline.errors import WrongUse
from pipeline.identity import new_id
from pipeline.reading import Limits, Reading, again
from pipeline.reading.media import PAGED
from pipeline.reading.pool import failure
from pipeline.register import Register
from pipeline.review_items import items

LETTER_FIELDS = (
    "doc_type",
    "code_number",
    "code_notation",
    "issued_date",
    "place",
    "organ_name",
    "subject",
    "signer_full_name",
    "signer_position",
    "urgency",
    "arrival_number",
    "arrival_date",
)
"""What a person may set of a letterhead."""

_DATES = frozenset({"issued_date", "arrival_date"})
_READ_ANEW = _DATES | {"organ_name"}
"""Fields of a letterhead that deadlines and bodies are read against."""


def letter(register: Register, letter_id: str) -> dict[str, Any]:
    """The row of a letter; raises WrongUse where there is none."""
    found = register.store.records("SELECT * FROM letters WHERE letter_id = ?", [letter_id])
    if not found:
        raise WrongUse("no_such_document", name=letter_id)
    return found[0]


def amend(register: Register, letter_id: str, seen: dict[str, Any], values: dict[str, Any], who: str) -> list[str]:
    """Set fields of a letterhead as a person says; returns those that changed.

    `seen` holds what the person saw of them; raises WrongUse where one has been changed since. Deadlines that
    count from a date that was set are counted anew.
    """
    with register.store.gate:
        now = letter(register, letter_id)
        changed = []
        for field, value in values.items():
            if field not in (*LETTER_FIELDS, "is_draft"):
                raise WrongUse("no_such_field", field=field, fields=", ".join(LETTER_FIELDS))
            clean = _letter_value(field, value)
            present = iso(now[field])
            if clean == present:
                continue
            if present != iso(seen.get(field)):
                raise WrongUse("letter_changed_since", field=field, value=present)
            register.record(
                "amended",
                {
                    "letter": letter_id,
                    "document": now["document_sha256"],
                    "field": field,
                    "seen": present,
                    "value": clean,
                    "who": who,
                },
            )
            changed.append(field)
    if not _READ_ANEW.isdisjoint(changed):
        _read_anew(register, letter_id, who)
    return changed


def _letter_value(field: str, value: Any) -> Any:
    """What a person said of a letterhead as it is kept: a day in ISO, a truth, words without needless space."""
    if field == "is_draft":
        return bool(value)
    return days.said(value) if field in _DATES else (" ".join((value or "").split()) or None)


def _read_anew(register: Register, letter_id: str, who: str) -> None:
    """Have the tasks of a letter follow from its letterhead as it is now; what people set counts from it too."""
    documents = register.store.rows(
        """SELECT document_sha256 FROM documents
        WHERE letter_id = ? AND is_representative AND status = 'extracted' ORDER BY document_sha256""",
        [letter_id],
    )
    head = letter(register, letter_id)
    for (document,) in documents:
        extracting.extract(register, document)
        for one in items(register, document=document):
            words = one.values["deadline"].get("text")
            if "deadline" in one.corrected and words:
                read = reviewing.deadline_of(register, words, head)
                if read["kind"] == one.values["deadline"]["kind"]:
                    reviewing.decide(register, one, "correct", who, {"deadline": read})


def link(
    register: Register, document: str, target: str, relation: Literal["same_as", "annex_of"], who: str
) -> None:
    """Say that a document is another copy of the letter `target` (counted once), or an annex (read for tasks)."""
    with register.store.gate:
        other = letter(register, target)
        mine = register.store.rows("SELECT letter_id FROM documents WHERE document_sha256 = ?", [document])
        if not mine:
            raise WrongUse("no_such_document", name=document)
        if other["document_sha256"] == document:
            raise WrongUse("link_to_itself")
        if register.store.value(
            "SELECT count(*) FROM documents WHERE letter_id = ? AND document_sha256 <> ?", [mine[0][0], document]
        ):
            raise WrongUse("has_copies")
        register.record(
            "linked",
            {
                "document": document,
                "letter": target,
                "relation": relation,
                "target": "/".join(filter(None, (other["code_number"], other["code_notation"]))),
                "target_letter": target,
                "representative": relation == "annex_of",
                "who": who,
            },
        )
        if relation == "annex_of":
            # Its tasks have the number, day and issuer of that letter now.
            extracting.extract_again(register, document)


def unlink(register: Register, document: str, who: str) -> str:
    """Make a linked document a letter of its own again; returns the letter's id."""
    with register.store.gate:
        linked = register.store.value(
            "SELECT count(*) FROM letter_relations WHERE document_sha256 = ? AND target_letter_id IS NOT NULL",
            [document],
        )
        if not linked:
            raise WrongUse("not_linked")
        letter_id = new_id()
        register.record(
            "unlinked", {"document": document, "letter": letter_id, "representative": True, "who": who}
        )
        extracting.extract(register, document)
        return letter_id


def recognise_again(
    register: Register, document: str, page: int, how: again.Recognition, who: str
) -> tuple[int, int]:
    """Recognise one page of a document anew, as a person says how, and extract its tasks from what is read now.

    Ids and corrections stay with their tasks, as with every new reading. Returns the page's words before and
    after. Raises WrongUse where the page cannot be read so, where it turns out to bear a mark of secrecy (nothing
    is kept then), or where the document is in work.
    """
    rows = register.store.rows("SELECT media_type, reading FROM documents WHERE document_sha256 = ?", [document])
    if not rows or rows[0][1] is None or rows[0][0] not in PAGED:
        raise WrongUse("no_such_page", page=page)
    media_type, reading = rows[0]
    if not register.claim(document):
        raise WrongUse("document_busy")
    try:
        known = register.journal.kept(reading, Document)
        if not 1 <= page <= len(known.pages):
            raise WrongUse("no_such_page", page=page)
        found = _recognised(register, document, media_type, page, how)
        if page == 1 and secrecy.of_page(found).verdict == "marked":
            raise WrongUse("secret_after_all")
        pages = tuple(found if old.number == page else old for old in known.pages)
        register.record_reading(document, Reading.of(msgspec.structs.replace(known, pages=pages)), who=who)
        extracting.extract(register, document)
    finally:
        register.give_back(document)
    return len(known.pages[page - 1].words), len(found.words)


def _recognised(register: Register, document: str, media_type: str, page: int, how: again.Recognition) -> Page:
    limits = Limits(page_seconds=register.settings.page_seconds)
    path = register.journal.blob(document)
    try:
        found = register.pool.submit(
            limits.page_seconds, again.recognise, path, media_type, page, limits, how
        ).result()
    except Exception as error:
        raise WrongUse("page_not_read", page=page, reason=checking.reason(failure(error))) from error
    if not found.words:
        raise WrongUse("page_not_read", page=page, reason=checking.reason("unreadable"))
    return found
