"""Evidence told by a task beside its letter: names of what makes its text, leads or deadline surer or less sure.

What is known only where a value is found (`chosen_of_several`, `words_doubtful`) is named there; here stands what
shows afterwards, so that it can be told as well of tasks that were extracted before.
"""

import re
from collections.abc import Iterator, Sequence

from extractors.phrases import fold
from models import Evidence, Letter, Task

SHORT_TEXT, LONG_TEXT = 8, 70
"""Words: below the first hardly a task, over the second often more than one."""

BRIEF_TEXT, AMPLE_TEXT = 15, 45
"""Words: most tasks lie between."""

FEW_TASKS, MOST_DATED, DOUBTED_SHARE = 3, 0.6, 0.3
HARDLY_DOUBTED, RARE_WAY = 0.1, 0.15
LONG_NAME = 9

FAR_IN = 25
"""Characters: a subject behind so many stands after a condition or another's name."""

_ORDERS = frozenset(
    (
        "công văn",
        "công điện",
        "chỉ thị",
        "quyết định",
        "nghị quyết",
        "kết luận",
        "thông báo",
        "kế hoạch",
        "chương trình",
    )
)
_TIME = re.compile(
    r"\b(?:trước|trong|đến|chậm nhất|hết|vào)\s(?:hết\s)?(?:ngày|tháng|quý|năm|tuần)\b|\d{1,2}[/.]\d{1,2}\b"
    r"|\b(?:hằng|hàng) (?:ngày|tuần|tháng|quý|năm)\b|\b(?:thường xuyên|định kỳ)\b|\b\d+ (?:ngày|giờ|tháng)\b"
)
_REPORTED = re.compile(r"\b(?:đã|đang|vừa|chưa)\s\w+")
_MORE_ORDERS = re.compile(r"\b(?:giao|yêu cầu|đề nghị|chủ trì|phối hợp)\b")
_BODY = re.compile(
    r"\b(?:Bộ|Sở|Ban|Cục|Chi cục|Tổng cục|Vụ|Ủy ban|Uỷ ban|Viện|Trung tâm|Công an|Thanh tra|Văn phòng)\s[A-ZĐ]"
)
_TOLD_OF = re.compile(
    r"\b(?:đề xuất|kiến nghị|đề nghị|trình|báo cáo|tham mưu|hỗ trợ|gửi|phục vụ|lãnh đạo|xin ý kiến|cùng|với|cho)"
    r"(?: với| cho)?\s?$"
)
"""Words before a body that is told of, asked or helped rather than told to act."""

_LOCAL = re.compile(
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|sở|chi cục|tỉnh ủy|tỉnh uỷ|thành ủy|huyện ủy)\b", re.IGNORECASE
)
_DOUBTS = frozenset(
    ("weak_directive", "no_lead", "unknown_body", "recipients", "doubtful_date", "columns_by_content")
)
_SAID = frozenset(
    (
        "no_verb", "subject_acts", "opens_with_verb", "modal", "orders", "quotes_order", "asks_superior",
        "under_order", "under_proposal", "under_background", "ordering_letter", "labelled", "urged", "tells_state",
    )
)  # fmt: skip
"""Rules by which a sentence was told to be a task, and columns to be those of a table."""

_ORDERED = frozenset(("under_order", "strong_directive"))

_WAYS = ("table_row", "numbered_clause", "list_item", "unmarked_paragraph", "parallel_parts")

_OF_ROWS = frozenset(("few_tasks", "doubtful_letter"))
"""What of the kind of letter bears on a row: a table's columns say the same in a report and in a decision."""


def of_tasks(letter: Letter, tasks: Sequence[Task]) -> list[Evidence]:
    """The evidence of each task of a letter: what was named where it was found, and what shows afterwards."""
    about = tuple(_about_letter(letter, tasks))
    of_rows = tuple(name for name in about if name in _OF_ROWS)
    dated = sum(task.deadline.kind != "none" for task in tasks)
    mostly_dated = dated > MOST_DATED * len(tasks)
    alone = [
        Evidence(
            text=_together(task.evidence.text, told, _about_text(task)),
            lead=_together(task.evidence.lead, told, _about_leads(letter, task)),
            deadline=_together(task.evidence.deadline, told, _about_deadline(letter, task, mostly_dated)),
        )
        for task in tasks
        for told in (of_rows if _is_row(task) else about,)
    ]
    return list(_among_others(alone))


def _among_others(alone: Sequence[Evidence]) -> Iterator[Evidence]:
    """Evidence of a letter's tasks with what each gains from the others.

    A letter in which the other tasks leave no doubt is of a kind the rules know; one whose text was found in a way
    in which hardly another was is more often none.
    """
    doubted = [_is_doubted(told) for told in alone]
    ways = [_way(told) for told in alone]
    for told, doubt, way in zip(alone, doubted, ways, strict=True):
        about: list[str] = []
        if len(alone) > FEW_TASKS:
            share = (sum(doubted) - doubt) / (len(alone) - 1)
            if share == 0:
                about.append("clean_letter")
            elif share < HARDLY_DOUBTED:
                about.append("nearly_clean")
            if ways.count(way) <= RARE_WAY * len(alone):
                about.append("unlike_others")
        yield Evidence(
            text=_together(told.text, about, iter(())),
            lead=_together(told.lead, about, iter(())),
            deadline=_together(told.deadline, about, iter(())),
        )


def _is_doubted(told: Evidence) -> bool:
    return bool(_DOUBTS.intersection((*told.text, *told.lead, *told.deadline)))


def _way(told: Evidence) -> str | None:
    """In which form a task stands in its letter."""
    return next((way for way in _WAYS if way in told.text), None)


def speaks_of_time(folded: str) -> bool:
    """Whether a folded text holds words that often state a deadline."""
    return _TIME.search(folded) is not None


def _is_row(task: Task) -> bool:
    return "table_row" in task.rules or "table_row" in task.evidence.text


def _is_ordered(task: Task) -> bool:
    """Whether an order stands over the task or opens it, so that who acts and by when are likely said there."""
    return "under_order" in task.rules or not _ORDERED.isdisjoint(task.evidence.text)


def _together(found: Sequence[str], about: Sequence[str], shown: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*found, *about, *shown)))


def _about_letter(letter: Letter, tasks: Sequence[Task]) -> Iterator[str]:
    """What kind of letter it is: the less it is like one, the less sure everything in it."""
    kind = fold(letter.doc_type or "")
    if letter.organ_name is None:
        rows = sum("table_row" in task.rules for task in tasks)
        yield "annex" if rows * 2 > len(tasks) else "no_issuer"
    elif _LOCAL.match(letter.organ_name):
        yield "local_issuer"
    if letter.issued_date is None:
        yield "no_issued_date"
    if kind == "báo cáo":
        yield "report"
    elif kind in _ORDERS:
        yield "order_letter"
    else:
        yield "other_letter"
    if len(tasks) <= FEW_TASKS:
        yield "few_tasks"
    doubted = sum(_is_doubted(task.evidence) for task in tasks)
    if doubted > DOUBTED_SHARE * len(tasks):
        yield "doubtful_letter"


def _about_text(task: Task) -> Iterator[str]:
    words = len(task.text.split())
    folded = fold(task.text)
    if words < SHORT_TEXT:
        yield "short_text"
    elif words > LONG_TEXT:
        yield "long_text"
    if words < BRIEF_TEXT:
        yield "brief_text"
    elif words > AMPLE_TEXT:
        yield "ample_text"
    if task.text[:1].islower():
        yield "opens_small"
    if not _is_row(task) and not task.text.rstrip().endswith((".", ";", "!", "”", ")")):
        yield "no_full_stop"
    if task.modality == "proposed":
        yield "proposed"
    if _REPORTED.search(folded):
        yield "tells_what_is"
    yield from (rule for rule in task.rules if rule in _SAID)


def _about_leads(letter: Letter, task: Task) -> Iterator[str]:
    named = {lead.via for lead in task.leads}
    if "column" in task.evidence.lead:
        yield from _about_column(task, named)
        return
    yield from (f"via_{via}" for via in ("as_written", "form", "head", "issuer") if via in named)
    kinds = {lead.kind for lead in task.leads}
    yield from (f"lead_{kind}" for kind in ("collective", "local", "party", "government") if kind in kinds)
    if len(task.leads) > 2:
        yield "many_leads"
    if _is_ordered(task):
        yield "ordered"
    if "subject" in task.evidence.lead and (at := _where_named(task)) > 0:
        if at > FAR_IN:
            yield "subject_late"
        if _TOLD_OF.search(fold(task.text)[max(0, at - FAR_IN) : at]):
            yield "named_after_verb"
    if any(lead.name == letter.organ_name for lead in task.leads):
        yield "lead_is_issuer"
    if any(len(lead.name.split()) > LONG_NAME for lead in task.leads):
        yield "long_name"
    if len(_BODY.findall(task.text)) > len(task.leads) + len(task.coops):
        yield "bodies_unplaced"
    if len(_MORE_ORDERS.findall(fold(task.text))) > 2:
        yield "many_orders"
    if task.modality == "proposed":
        yield "proposed"


def _where_named(task: Task) -> int:
    """How many characters of the text stand before its first lead, as written; -1 where it is not there."""
    name = task.leads[0].as_written if task.leads else None
    return fold(task.text).find(fold(name)) if name else -1


def _about_column(task: Task, named: set[str]) -> Iterator[str]:
    """What makes the bodies of a cell less sure: that they stand there is sure already."""
    kinds = {lead.kind for lead in task.leads}
    if "as_written" in named:
        yield "column_unknown"
    elif "form" in named or "local" in kinds:
        yield "column_form"
    elif "collective" in kinds:
        yield "column_collective"
    if len(task.leads) > 2:
        yield "many_leads"


def _about_deadline(letter: Letter, task: Task, mostly_dated: bool) -> Iterator[str]:
    deadline = task.deadline
    if _is_ordered(task):
        yield "ordered"
    if deadline.kind == "none":
        if speaks_of_time(fold(task.text)):
            yield "time_words_unread"
        if mostly_dated:
            yield "others_dated"
            if _is_row(task):
                yield "row_undated"
        return
    if _is_row(task) and "stated" in task.evidence.deadline:
        yield "stated_in_row"
    if deadline.kind in ("recurring", "relative", "year"):
        yield f"kind_{deadline.kind}"
    if deadline.standing in ("part", "aside"):
        yield f"standing_{deadline.standing}"
    if len(_TIME.findall(fold(task.text))) > 1:
        yield "several_times"
    if "stated" in task.evidence.deadline and _is_inside(task.text, deadline.text):
        yield "time_inside"
    if not _is_row(task) and deadline.date and letter.issued_date and deadline.date < letter.issued_date:
        yield "past_date"


def _is_inside(text: str, words: str | None) -> bool:
    """Whether words stand amid a clause, where a time tells more often what is than by when it is to be done."""
    at = text.find(words) if words else -1
    behind = text[at + len(words or "") :].lstrip()
    return at > 0 and behind != "" and behind[0] not in ",;.)"
