"""Whether a task is ours as people set its bodies, and what we do in it."""

from collections.abc import Sequence
from typing import Any, Final

from extractors import agencies
from models import AgencyMention
from pipeline.register import Register

FIELDS: Final = ("concerns_us", "our_role")
"""What follows from the bodies of a task: corrected along with them."""


def ours(
    register: Register, letter_id: str | None, leads: Sequence[str], coops: Sequence[str], text: str
) -> dict[str, Any]:
    """What FIELDS are of a task of a letter with these bodies and this text."""
    context = _context(register, letter_id)
    found = [[_mention(name, context) for name in names] for names in (leads, coops)]
    return {
        "concerns_us": agencies.concern(found[0], found[1], text, context),
        "our_role": agencies.our_role(found[0], found[1], text, context),
    }


def _context(register: Register, letter_id: str | None) -> agencies.AgencyContext:
    rows = register.store.rows(
        "SELECT issued_date, organ_name, organ_parent, recipients FROM letters WHERE letter_id = ?", [letter_id]
    )
    on, issuer, parent, recipients = rows[0] if rows else (None, None, None, None)
    bare = agencies.AgencyContext(on=on, office=register.office)
    return agencies.AgencyContext(
        on=on,
        scope=agencies.scope_of(issuer or "") or agencies.scope_of(parent or ""),
        issuer=issuer,
        recipients=tuple(m for line in recipients or () for m in agencies.find(line, bare)),
        office=register.office,
    )


def _mention(name: str, context: agencies.AgencyContext) -> AgencyMention:
    """The body that a name means in the letter; of what is no name of one body, the words alone."""
    found = agencies.read_cell(name, context)
    return found[0] if len(found) == 1 and found[0].as_written == name else AgencyMention(name)
