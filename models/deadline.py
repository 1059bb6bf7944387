"""Deadlines: what a letter says about time, and the dates that follow from it."""

import datetime
from typing import Literal

import msgspec

DeadlineKind = Literal["date", "month", "quarter", "year", "recurring", "relative", "none"]
"""As gold marks it; half-years, spans and hours count as `date`, events as `relative`."""

Relation = Literal["before", "by", "on", "within", "from_to", "recurring", "ongoing", "event", "none"]
Grain = Literal["hour", "day", "month", "quarter", "half", "year", "span"]
Anchor = Literal["issued", "received", "effective", "event"]

Standing = Literal["completion", "plain", "part", "aside"]
"""How closely a deadline binds its task: it says when the task is complete; it stands in the main clause; it is
that of a sub-action (`báo cáo Thủ tướng trước ngày …`); it only describes something the task speaks of."""


class Deadline(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deadline, with the words it was read from (`text`, None where there is none).

    `date` is what the letter states: the last day of the period named; None for recurring, relative and none.
    `due_date` and `due_time` are computed (relative ones resolved, the next occurrence of a recurring one).
    `anchor` is what a relative deadline counts from. `rule` is the id of the grammar rule that matched.
    `start` and `end` are offsets in the text it was found in. `repairs` lists what had to be mended to read
    it (`2O25 → 2025`). `reason` says why `date` is null or doubtful: `no_year`, `no_anchor`, `no_such_day`,
    `blank_day`, `vague`, `month_first`, `inherited`, … `standing` says how closely it binds its task.
    `recurs`: the days of a year (`MM-DD`) or of a week (`W1` to `W7`) on which a recurring one falls due.
    """

    kind: DeadlineKind = "none"
    text: str | None = None
    date: datetime.date | None = None
    relation: Relation = "none"
    grain: Grain | None = None
    anchor: Anchor | None = None
    due_date: datetime.date | None = None
    due_time: datetime.time | None = None
    rule: str | None = None
    start: int | None = None
    end: int | None = None
    repairs: tuple[str, ...] = ()
    reason: str | None = None
    standing: Standing = "plain"
    recurs: tuple[str, ...] = ()


NO_DEADLINE = Deadline()
