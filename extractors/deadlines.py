"""Deadlines: a phrase of Vietnamese official prose → relation, grain, anchor and date.

Expressions of time are found by `time_expressions`; kept are those that a word of deadline governs
(`deadline_governors`), and what stands in deadline columns, where no such word is needed (`deadline_cells`); of
several, the one that is the task's is chosen here. The grammar is data (`data/deadlines.toml`). The date named is
never shifted: `before` is a relation, and a month, quarter, half or year means its last day (Civil Code 2015 art.
146).
"""

import datetime
import itertools
import re
from collections.abc import Sequence

import msgspec

from extractors import citations
from extractors.calendar_words import Reader
from extractors.deadline_cells import month_first_column, read_cell
from extractors.deadline_governors import governed
from extractors.deadline_grammar import load_grammar
from extractors.due_dates import DeadlineContext, due, is_working_day
from extractors.time_expressions import scan
from models import Deadline
from models.deadline import NO_DEADLINE, Standing

__all__ = [
    "DeadlineContext",
    "choose",
    "due",
    "find",
    "heading_deadline",
    "is_working_day",
    "manner",
    "month_first_column",
    "only_deadline",
    "read_cell",
    "refers_back",
]


_STANDINGS: tuple[Standing, ...] = ("completion", "plain", "part", "aside")


def find(text: str, context: DeadlineContext) -> tuple[Deadline, ...]:
    """Every deadline that a word of deadline governs in running text, in order, with offsets into `text`."""
    masked = citations.mask(text)
    found: list[Deadline] = []
    for expression in scan(masked, Reader(context.issued, year=context.year)):
        deadline = governed(masked, expression, found[-1] if found else None, context)
        if deadline is not None:
            found.append(_quoted(deadline, text))
    return tuple(found)


def choose(found: Sequence[Deadline]) -> Deadline:
    """The deadline of a task among those its text states, `reason` says `chosen_of_several` where it was a choice.

    A deadline of completion comes before one in the main clause, that before a sub-action's, and a mere
    description last; a date before what recurs or is relative; of several dates the latest. A date gone by when
    the letter was issued gives way to one that was not.
    """
    if not found:
        return NO_DEADLINE
    if any(d.date is not None and d.reason != "past" for d in found):
        found = [d for d in found if d.reason != "past"]
    found = _told_closer(found)
    best = min(found, key=lambda d: (_STANDINGS.index(d.standing), d.date is None))
    rivals = [d for d in found if d.standing == best.standing and (d.date is None) == (best.date is None)]
    best = max(rivals, key=lambda d: (d.date or datetime.date.min, d.start or 0))
    if best.reason is None and len({(d.kind, d.date) for d in found}) > 1:
        return msgspec.structs.replace(best, reason="chosen_of_several")
    return best


def _told_closer(found: Sequence[Deadline]) -> Sequence[Deadline]:
    """Deadlines without those that a day told beside them makes idle.

    `nhu cầu trong năm 2026 …, gửi trước ngày 28/11/2025`: the year in which something is; `trước ngày 12/02/2026
    (trước Tết Nguyên đán)`: the feast after it.
    """
    days = [d for d in found if d.kind == "date" and d.rule != "named_day" and d.standing != "aside"]
    if not days:
        return found
    idle = [
        d
        for d in found
        if d.rule == "named_day" or (d.rule == "year" and d.relation == "within" and d.standing == "plain")
    ]
    return [d for d in found if d not in idle]


def only_deadline(text: str, context: DeadlineContext) -> Deadline | None:
    """The deadline of a sentence or bracket that states nothing else (`Hoàn thành trước ngày …`), else None."""
    return stated_alone(text, find(text, context))


def stated_alone(text: str, found: Sequence[Deadline]) -> Deadline | None:
    """Of the deadlines `found` in a sentence or bracket, the one it is all about; None where it says more."""
    if not found or any(d.rule == "recurring_sentence" for d in found):
        return None
    only = load_grammar().only
    gaps = (text[before.end : after.start] for before, after in itertools.pairwise(found))
    states_only = (
        only["filler"].search(text[: found[0].start])
        and only["end"].search(text[found[-1].end :])
        and all(only["between"].search(gap) for gap in gaps)
    )
    return choose(found) if states_only else None


def heading_deadline(text: str, context: DeadlineContext, *, of_table: bool = False) -> Deadline | None:
    """The deadline that a heading or caption sets for what stands under it, else None.

    Either a governed one, of completion (`Các nhiệm vụ hoàn thành trong quý III/2025`), or a month or quarter
    right after a noun of work (`b) Nhiệm vụ tháng 9/2025:`), over a table a year too (`C. Các nhiệm vụ năm 2026`).
    Headings of results and of overdue work set none.
    """
    heading = load_grammar().heading
    if heading["not"].search(text):
        return None
    any_standing = of_table or _NAMES_WORK.match(text) is not None
    completion = [
        d
        for d in find(text, context)
        if (any_standing or d.standing in ("completion", "aside")) and not _gone_by(d, context)
    ]
    if completion:
        return choose(completion)
    masked = citations.mask(text)
    if ongoing := _ONGOING_WORK.search(text):
        return Deadline(
            kind="recurring",
            relation="ongoing",
            text=ongoing["time"],
            start=ongoing.start("time"),
            end=ongoing.end("time"),
            rule="ongoing",
            standing="completion",
        )
    if not of_table and _OUTLOOK.search(text):
        return None
    for expression in scan(masked, Reader(context.issued, year=context.year)):
        a_time = expression.kind in ("month", "quarter") or expression.grain == "span"
        longer = of_table and (expression.kind == "year" or expression.grain == "half")
        if (a_time or longer) and heading["noun"].search(masked[: expression.start]):
            within = msgspec.structs.replace(expression, relation="within", reason=expression.reason or "heading")
            return _quoted(within, text)
    return None


def _gone_by(deadline: Deadline, context: DeadlineContext) -> bool:
    """Whether a date was past when the letter was issued: what stands under it is not due then."""
    return context.issued is not None and deadline.date is not None and deadline.date < context.issued


# `Nhiệm vụ trọng tâm quý II`: the period a report looks ahead to, no day by which all of it is due.
_OUTLOOK = re.compile(r"trọng tâm|phương hướng|định hướng|chủ yếu", re.IGNORECASE)
_NAMES_WORK = re.compile(
    r"(?:các |nhóm |những |danh mục )?(?:các )?(?:nhiệm vụ|công việc|đề án)(?!\w)", re.IGNORECASE
)
_ONGOING_WORK = re.compile(
    r"(?:nhiệm vụ|công việc|việc)(?: làm| thực hiện| cần làm| triển khai| phải làm| được giao){0,2} "
    r"(?P<time>thường xuyên|hằng năm)",
    re.IGNORECASE,
)


def manner(text: str, start: int, context: DeadlineContext) -> tuple[Deadline, ...]:
    """`thường xuyên` right behind the subject, which ends at `start` (`Đài A thường xuyên đưa tin`): it recurs."""
    behind = len(text) - len(text[start:].lstrip(" ,"))
    return tuple(
        msgspec.structs.replace(found, start=behind, end=behind + found.end)
        for found in find(text[behind:], context)
        if found.rule == "ongoing" and found.start == 0 and found.end is not None
    )


def refers_back(text: str) -> bool:
    """Whether a text's deadline is that of the task before it (`trong cùng thời hạn nêu trên`)."""
    return _REFERS_BACK.search(text) is not None


_REFERS_BACK = re.compile(
    r"(?:cùng (?:một )?thời (?:hạn|gian)(?: hoàn thành| thực hiện)?(?: nêu trên| như trên| nói trên| này| trên)?"
    r"|(?:trong|theo|đúng) (?:thời hạn|thời gian) (?:nêu trên|như trên|nói trên))(?!\w)",
    re.IGNORECASE,
)


def _quoted(deadline: Deadline, text: str) -> Deadline:
    return msgspec.structs.replace(deadline, text=text[deadline.start : deadline.end])
