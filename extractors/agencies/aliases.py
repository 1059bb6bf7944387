"""Names an office's reviewers taught: bodies that letters write otherwise, under the name people gave them."""

from collections.abc import Mapping

import msgspec

from extractors.agencies.cells import read_cell
from extractors.agencies.names import AgencyContext
from extractors.agencies.tokens import key
from models import AgencyMention, Evidence

Bodies = tuple[AgencyMention, ...]

LEARNED = "learned"
"""How a body was found that an office's alias names."""


def key_of(body: AgencyMention) -> str:
    """What an alias goes by: the body as the letter writes it, compared as names are."""
    return key(body.as_written or body.name)


def renamed(bodies: Bodies, aliases: Mapping[str, str], context: AgencyContext) -> Bodies:
    """Bodies under the names that `aliases` (key → name) give them; places and roles stay."""
    if not aliases:
        return bodies
    unique: dict[str, AgencyMention] = {}
    for body in bodies:
        name = aliases.get(key_of(body))
        found = _named(body, name, context) if name is not None else body
        unique.setdefault(found.name, found)
    return tuple(unique.values())


def without_doubt(evidence: Evidence, leads: Bodies) -> Evidence:
    """Evidence that no longer calls a body unknown where an alias has named it."""
    if not any(lead.via == LEARNED for lead in leads) or any(lead.via == "as_written" for lead in leads):
        return evidence
    lead = tuple(name for name in evidence.lead if name != "unknown_body")
    return msgspec.structs.replace(evidence, lead=(*lead, "learned_alias"))


def _named(body: AgencyMention, name: str, context: AgencyContext) -> AgencyMention:
    """The body that a name means, where the letter writes `body`."""
    known = read_cell(name, context)
    meant = known[0] if len(known) == 1 else AgencyMention(name)
    return msgspec.structs.replace(
        meant,
        role=body.role,
        as_written=body.as_written or body.name,
        start=body.start,
        end=body.end,
        unit=body.unit,
        via=LEARNED,
    )
