"""Letters of several files: which document is whose annex, as the register has it."""

from typing import Any, Literal

from models.letter import Letter, Recipient
from pipeline.register import Register

_ANNEXES = (
    "(SELECT document_sha256 FROM letter_relations WHERE kind = 'annex_of' AND target_letter_id IS NOT NULL)"
)

WAITS = f"""EXISTS (
    SELECT 1 FROM letter_relations r JOIN documents m ON m.letter_id = r.target_letter_id
    WHERE r.kind = 'annex_of' AND r.document_sha256 = d.document_sha256 AND m.status IN ('received', 'read')
        AND m.document_sha256 NOT IN {_ANNEXES})"""
"""Condition on a document `d`: it is an annex of a letter whose main text is not finished."""

HEAD = (
    "doc_type, code_number, code_notation, issued_date, place, organ_name, organ_parent, subject, "
    "signer_full_name, signer_position, signer_authority, urgency, arrival_number, arrival_date"
)
"""Columns of `letters` that are fields of `models.Letter`."""


def waits_for_main(register: Register, sha256: str) -> bool:
    """Whether a document is an annex whose letter's main text is still being read."""
    return bool(
        register.store.value(f"SELECT count(*) FROM documents d WHERE d.document_sha256 = ? AND {WAITS}", [sha256])
    )


def main_letter(register: Register, sha256: str) -> Letter | None:
    """The letter that a document is an annex of, as people have corrected it; None for any other document."""
    found = register.store.records(
        f"""SELECT {HEAD}, recipients FROM letters WHERE letter_id = (
            SELECT any_value(target_letter_id) FROM letter_relations
            WHERE document_sha256 = ? AND kind = 'annex_of' AND target_letter_id IS NOT NULL)""",
        [sha256],
    )
    if not found:
        return None
    recipients = tuple(Recipient(name) for name in found[0].pop("recipients") or ())
    return Letter(**found[0], recipients=recipients)


def annexes(register: Register, sha256: str, status: str | None = None) -> list[str]:
    """The annexes of the letter whose main text a document is; of an annex none."""
    rows = register.store.rows(
        f"""SELECT letter_id FROM documents WHERE document_sha256 = ? AND is_representative
            AND letter_id IS NOT NULL AND document_sha256 NOT IN {_ANNEXES}""",
        [sha256],
    )
    return annexes_of(register, rows[0][0], status) if rows else []


def annexes_of(register: Register, letter_id: str, status: str | None = None) -> list[str]:
    """The annexes of a letter, in the order they came; `status`: those of that status alone."""
    rows = register.store.rows(
        f"""SELECT document_sha256 FROM documents WHERE letter_id = ? AND document_sha256 IN {_ANNEXES}
            AND status = coalesce(?, status) ORDER BY received_at, document_sha256""",
        [letter_id, status],
    )
    return [sha256 for (sha256,) in rows]


def may_be_annexed(register: Register, sha256: str) -> bool:
    """Whether a document may be made an annex: a letter with a number, or one with files of its own, may not.

    Nor may one that is linked already, by the program or by a person.
    """
    return not register.store.value(
        """SELECT count(*) FROM documents d LEFT JOIN letters l USING (letter_id)
        WHERE d.document_sha256 = ? AND (
            (l.code_notation IS NOT NULL AND l.document_sha256 = d.document_sha256)
            OR EXISTS (SELECT 1 FROM letter_relations r
                WHERE r.document_sha256 = d.document_sha256 AND r.target_letter_id IS NOT NULL)
            OR EXISTS (SELECT 1 FROM documents o
                WHERE o.letter_id = d.letter_id AND o.document_sha256 <> d.document_sha256))""",
        [sha256],
    )


def link(
    sha256: str,
    letter_id: str,
    relation: Literal["same_as", "annex_of"],
    target: str = "",
    *,
    counted: bool,
) -> dict[str, Any]:
    """The data of the event that says what a document is to a letter, where the program found it out itself."""
    return {
        "document": sha256,
        "letter": letter_id,
        "relation": relation,
        "target": target,
        "target_letter": letter_id,
        "representative": counted,
        "who": "giaoviec",
    }
