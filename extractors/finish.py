"""The last step of every task by itself: whose it is and when it is due."""

from collections.abc import Sequence

import msgspec

from extractors import agencies, deadlines
from extractors.agencies import aliases
from extractors.scopes import Context, Scope
from models import AgencyMention, Deadline, Evidence, Modality, Place, Task

Bodies = tuple[AgencyMention, ...]


def finished(
    *,
    text: str,
    leads: Bodies,
    coops: Bodies,
    deadline: Deadline,
    source: str | None,
    result: str | None,
    modality: Modality,
    section: tuple[str, ...],
    rules: tuple[str, ...],
    evidence: Evidence,
    places: tuple[Place, ...],
    given: Context,
    assigned_by: str | None = None,
    progress: str | None = None,
) -> Task:
    """A task with its computed dates and what it is to our office."""
    deadline = deadlines.due(deadline, given.deadlines, text)
    leads = aliases.renamed(leads, given.office.aliases, given.agencies)
    coops = without(aliases.renamed(coops, given.office.aliases, given.agencies), leads)
    concerns_us = agencies.concern(leads, coops, text, given.agencies)
    return Task(
        text=" ".join(text.split()),
        leads=leads,
        coops=coops,
        deadline=deadline,
        source_doc=source,
        result=result,
        modality=modality,
        section=section,
        assigned_by=assigned_by,
        progress=progress,
        concerns_us=concerns_us,
        our_role=agencies.our_role(leads, coops, text, given.agencies) if concerns_us != "no" else None,
        evidence=aliases.without_doubt(evidence, leads),
        rules=rules + ((deadline.rule,) if deadline.rule else ()),
        places=places,
    )


def bodies(roles: agencies.Roles, scope: Scope, given: Context) -> tuple[Bodies, Bodies, tuple[str, ...]]:
    """Leads, cooperating bodies and how they were found: the text's own, else handed down, else the recipients."""
    if roles.leads:
        leads, coops, code = roles.leads, roles.coops, "subject"
    elif scope.leads:
        leads, coops = scope.leads, roles.coops or scope.coops
        code = "label" if scope.labelled else "inherited"
    elif scope.modality != "proposed" and given.agencies.recipients:
        leads, coops, code = _addressed(given.agencies.recipients), roles.coops, "recipients"
    else:
        leads, coops, code = (), roles.coops, "no_lead"
    return leads, without(coops, leads), (code, *body_doubts(leads))


def without(coops: Bodies, leads: Bodies) -> Bodies:
    """Cooperating bodies that do not lead."""
    names = {lead.name for lead in leads}
    return tuple(coop for coop in coops if coop.name not in names)


def body_doubts(leads: Bodies) -> tuple[str, ...]:
    """Codes of what makes leads doubtful: each task should have one, of those we know."""
    codes = ("several_leads",) if len(leads) > 1 else ()
    return codes + (("unknown_body",) if any(lead.via == "as_written" for lead in leads) else ())


def deadline_codes(deadline: Deadline, found: Sequence[Deadline]) -> tuple[str, ...]:
    """Codes of how the deadline of a text came about; `found` are all its text states."""
    if deadline.reason == "inherited":
        return ("inherited",)
    if not found:
        return ("no_deadline",)
    if deadline.reason == "chosen_of_several":
        return ("stated", "chosen_of_several")
    return ("stated", *deadline_doubts(deadline))


def deadline_doubts(deadline: Deadline) -> tuple[str, ...]:
    """Codes of what makes a deadline that was read doubtful."""
    codes = ("repaired",) if deadline.repairs else ()
    if deadline.reason == "month_first":
        return (*codes, "month_first")
    return (*codes, "doubtful_date") if deadline.reason is not None else codes


def inherited(deadline: Deadline) -> Deadline:
    """A deadline handed down from another block: its offsets mean nothing in this one."""
    return msgspec.structs.replace(deadline, reason="inherited", start=None, end=None)


def _addressed(recipients: Bodies) -> Bodies:
    """Who of the recipients acts where nobody is named: collectives stand for all, single bodies only alone."""
    collective = [recipient for recipient in recipients if recipient.kind == "collective"]
    unique = {
        recipient.name: msgspec.structs.replace(recipient, via="recipients", start=None, end=None)
        for recipient in collective or recipients
    }
    return tuple(unique.values())
