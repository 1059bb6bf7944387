"""The letter without its tasks, from its frame."""

import datetime
from collections.abc import Sequence

from extractors import arrivals, citations
from extractors.letterhead import fields, frame, references
from models import Block, Letter, Office

_NO_OFFICE = Office()


def read(blocks: Sequence[Block], reference: datetime.date | None = None, office: Office = _NO_OFFICE) -> Letter:
    """The letter without its tasks.

    `reference`: the day it was received, for a stamp that leaves out the year; `office` tells our own stamp.
    """
    lines = frame.told(blocks)
    unknown: dict[str, str] = {}
    number, notation = fields.number(lines, unknown)
    issued_date, place = fields.date_and_place(lines, unknown)
    annexed = fields.annexed(blocks, lines)
    if annexed is not None:
        number, notation, issued_date = fields.from_main_letter(annexed, number, notation, issued_date, unknown)
    organ_name, organ_parent = fields.organs(lines)
    signature = [line for line in lines if line.part == "signature"]
    position, full_name, authority, collective = fields.signer(signature)
    organ_name = organ_name or collective or (citations.issuer(annexed) if annexed else None)
    doc_type = fields.doc_type(lines, notation) or (annexed.doc_type if annexed else None)
    subject = fields.subject(lines)
    arrival = arrivals.read(fields.stamps(blocks, lines), office, issued_date, reference)
    unknown |= arrival.unknown
    found = {
        "doc_type": doc_type,
        "code_number": number,
        "code_notation": notation,
        "issued_date": issued_date,
        "organ_name": organ_name,
        "subject": subject,
        "signer_full_name": full_name,
    }
    for field, value in found.items():
        if value is None:
            unknown.setdefault(field, "not_found")
        else:
            unknown.pop(field, None)
    return Letter(
        doc_type=doc_type,
        code_number=number,
        code_notation=notation,
        issued_date=issued_date,
        place=place,
        organ_name=organ_name,
        organ_parent=organ_parent,
        subject=subject,
        recipients=fields.recipients(lines),
        copies=fields.copies(lines),
        signer_position=position,
        signer_full_name=full_name,
        signer_authority=authority,
        urgency=fields.urgency(lines),
        secrecy=fields.secrecy_mark(blocks),
        arrival_number=arrival.number,
        arrival_date=arrival.date,
        citations=references.cited(blocks, number, notation),
        relations=references.relations(subject, organ_name, issued_date, blocks, lines),
        is_draft=fields.is_draft(lines),
        annexes_named=references.annexes_named(blocks),
        unknown=unknown,
    )
