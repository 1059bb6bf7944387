"""What a person says about a task."""

from typing import Literal

import msgspec

CorrectedField = Literal[
    "text",
    "lead",
    "coop",
    "deadline",
    "office_due_date",
    "source_doc",
    "result",
    "modality",
    "review",
    "places",
    "concerns_us",
    "our_role",
]
"""`review` takes the values `open`, `accepted`, `approved` (the second sign-off) and `rejected`. `places`,
`concerns_us` and `our_role` follow from what a person did: a text marked anew on the page, bodies that are ours
or not."""


class Correction(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of one task set by a person: bound to (task, field, the value seen).

    Values are JSON values: a string, a list of names for `lead` and `coop`, an object with `kind`, `date`
    and `text` for `deadline`. `undoes` is the journal's sequence number of the correction it takes back.
    """

    task_id: str
    field: CorrectedField
    seen: object
    value: object
    who: str
    why: str | None = None
    undoes: int | None = None
