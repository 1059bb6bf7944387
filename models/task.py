"""A task: what one letter tells somebody to do."""

from typing import Literal

import msgspec

from models.agency import AgencyMention, Concern, OurRole
from models.deadline import NO_DEADLINE, Deadline
from models.document import Box

Modality = Literal["assigned", "proposed"]
"""`proposed`: the letter asks that somebody else assign it."""

PlaceField = Literal["text", "lead", "coop", "deadline", "source_doc", "result"]


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where on paper, or where in the blocks, a value of a task stands.

    On a page: `page` (from 1) and `box`. Everywhere: `block` (index into the document's blocks), `start` and
    `end` (characters in that block, or in that cell's text: `cell` is its row and column).
    """

    field: PlaceField
    block: int
    start: int
    end: int
    page: int | None = None
    box: Box | None = None
    cell: tuple[int, int] | None = None


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Names of what speaks for and against a task's text, leads and deadline."""

    text: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    deadline: tuple[str, ...] = ()


class Confidence(msgspec.Struct, frozen=True):
    """Probability, 0 to 1, that a value is right; `overall` that text, leads and deadline all are."""

    text: float
    lead: float
    deadline: float
    overall: float


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """One assigned (or proposed) task as extracted; ids and corrections are the pipeline's.

    `text` is verbatim with white space collapsed. `source_doc` is the document that assigned it, `result`
    what it must yield, where the letter says. `section` is the path of headings, outermost first.
    `assigned_by` is who gives the order where that is not the issuer (the Prime Minister, whose opinion
    Văn phòng Chính phủ passes on). `reasons` are codes of what makes a value doubtful, `rules` ids of the
    rules that fired. `confidence` is computed from `evidence`. `progress` is how far it is, as a table of tasks
    says. `optional`: stated as a plan rather than ordered.
    """

    text: str
    leads: tuple[AgencyMention, ...] = ()
    coops: tuple[AgencyMention, ...] = ()
    deadline: Deadline = NO_DEADLINE
    source_doc: str | None = None
    result: str | None = None
    modality: Modality = "assigned"
    section: tuple[str, ...] = ()
    assigned_by: str | None = None
    concerns_us: Concern = "no"
    our_role: OurRole | None = None
    confidence: Confidence = Confidence(0.0, 0.0, 0.0, 0.0)
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    evidence: Evidence = Evidence()
    progress: str | None = None
