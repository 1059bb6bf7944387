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
]
"""`review` takes the values `accepted`, `rejected` and `open`."""


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
