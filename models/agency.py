"""Bodies: who is told to do something."""

from typing import Literal

import msgspec

Role = Literal["lead", "coop"]

Concern = Literal["named", "collective", "condition", "excluded", "no"]
"""Whether a task concerns our office: `named` itself (or a predecessor, its head, a unit of its own), within a
`collective` (`các địa phương`), on a `condition` (`các tỉnh có biển`), `excluded` (`trừ tỉnh …`), or `no`."""

OurRole = Literal["leads", "among_all", "cooperates"]
"""What we do in a task that concerns us: lead it, do it as one of a collective that leads it, or cooperate."""

AgencyKind = Literal[
    "government",
    "ministry",
    "government_agency",
    "assembly",
    "court",
    "procuracy",
    "party",
    "mass_organisation",
    "province",
    "local",
    "unit",
    "enterprise",
    "bank",
    "school",
    "committee",
    "collective",
    "other",
]


class Agency(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body of the gazetteer. Its key is (`scope`, `name`, `valid_from`).

    `scope` is `trung ương`, or the province a local body belongs to (two provinces' `Sở Tài chính` never
    merge). `symbols` stand in document symbols (`BTC`), `aliases` in running text. Dates are ISO; None: open.
    `successors` names who took over at `valid_to`; more than one means no single successor.
    """

    name: str
    kind: AgencyKind
    scope: str = "trung ương"
    symbols: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    successors: tuple[str, ...] = ()
    source: str | None = None


class AgencyMention(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body as a letter names it: what was matched, and what was inferred from it.

    `as_written` is the text at `start`..`end` of the task's source block (None where the body was inherited
    or inferred, `via` says how). `name` is canonical as of the letter's date, `current` the body that answers
    for it today (None: split among several, or unknown). `unit` is the part in brackets (`C06`).
    `via` is the rule: `alias`, `label`, `column`, `recipients`, `issuer`, `above` (it commands the issuer),
    `form`, `head`, `as_written`.
    """

    name: str
    role: Role = "lead"
    as_written: str | None = None
    start: int | None = None
    end: int | None = None
    scope: str | None = None
    kind: AgencyKind = "other"
    current: str | None = None
    unit: str | None = None
    via: str = "as_written"
