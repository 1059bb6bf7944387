"""Deadlines: a phrase of Vietnamese official prose → relation, grain, anchor and date.

Expressions of time are found by `time_expressions`; this module keeps those that a word of deadline governs
(`trước`, `hoàn thành trong`, `chậm nhất`), says how closely they bind the task, and reads deadline columns, where
no such word is needed. The grammar is data (`data/deadlines.toml`). The date named is never shifted: `before` is
a relation, and a month, quarter, half or year means its last day (Civil Code 2015 art. 146).
"""

import datetime
import itertools
import re
from collections.abc import Sequence

import msgspec

from extractors import citations
from extractors.complete_dates import complete_date
from extractors.deadline_grammar import Cue, load_grammar
from extractors.due_dates import DeadlineContext, due, is_working_day
from extractors.time_expressions import Reader, scan
from models import Deadline, Relation
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

FAR_AHEAD = 200
"""Days: a date without a year that would lie further ahead under a weak word (`đến 30/6`) is one gone by."""

_STANDINGS: tuple[Standing, ...] = ("completion", "plain", "part", "aside")


def find(text: str, context: DeadlineContext) -> tuple[Deadline, ...]:
    """Every deadline that a word of deadline governs in running text, in order, with offsets into `text`."""
    masked = citations.mask(text)
    found: list[Deadline] = []
    for expression in scan(masked, Reader(context.issued, year=context.year)):
        deadline = _governed(masked, expression, found[-1] if found else None, context)
        if deadline is not None:
            found.append(_quoted(deadline, text))
    return tuple(found)


def read_cell(text: str, context: DeadlineContext, month_first: bool = False) -> Deadline:
    """What a cell of a deadline column says; `text` of the result is the whole cell.

    No word of deadline is needed. Several dates: the latest. `month_first`: the column writes 6/30/2025
    (`month_first_column`). Kind `none` comes with a reason: `blank`, `same_as_above` (the caller looks up),
    `start_only` (`từ tháng 9/2025`), `refers_elsewhere` (`theo tiến độ`), `vague`, `unread`.
    """
    written = _BROKEN_YEAR.sub("", " ".join(text.split()))
    cell = load_grammar().cell
    for reason in ("blank", "same"):
        if cell[reason].search(written):
            return Deadline(text=written or None, reason="same_as_above" if reason == "same" else "blank")
    deadline = _spreadsheet_value(written) or _cell_phrase(
        written, Reader(context.issued, month_first, context.year)
    )
    if deadline is None:
        reasons = (reason for reason in ("start_only", "elsewhere", "vague") if cell[reason].search(written))
        reason = next(reasons, "unread")
        return Deadline(text=written, reason="refers_elsewhere" if reason == "elsewhere" else reason)
    return msgspec.structs.replace(deadline, text=written, start=0, end=len(text), standing="completion")


# `31/12/202 6`: a narrow column breaks the year over two lines.
_BROKEN_YEAR = re.compile(r"(?<=/[12]\d\d)\s(?=\d(?:$|[\s,;.)]))|(?<=/20)\s(?=\d\d(?:$|[,;.)]))")


def month_first_column(cells: Sequence[str]) -> bool:
    """Whether a column of dates puts the month first, as a spreadsheet in US locale does (6/30/2025).

    True when a date can only be read so and none can only be read the other way.
    """
    pairs = [(int(m[1]), int(m[2])) for cell in cells for m in _NUMERIC_DATE.finditer(cell)]
    return any(a <= 12 < b for a, b in pairs) and not any(b <= 12 < a for a, b in pairs)


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


# ---------------------------------------------------------------- what governs an expression


class _Governor(msgspec.Struct, frozen=True):
    """The words before an expression that make it a deadline; `start` is where its quotation begins."""

    relation: Relation
    strong: bool
    start: int
    complete: bool
    latest: bool = False


def _governor(text: str, start: int) -> _Governor | None:
    """The longest word of deadline that ends right before `start`."""
    grammar = load_grammar()
    offset = max(0, start - grammar.window)
    before = text[offset:start]
    best: tuple[int, Cue, re.Match[str]] | None = None
    for cue in grammar.cues:
        match = cue.pattern.search(before)
        if match and (best is None or match.start("frame") < best[0]):
            best = (match.start("frame"), cue, match)
    if best is not None:
        _, cue, match = best
        complete = bool(match["complete"]) or bool(grammar.completion.search(before[: match.start("frame")]))
        return _Governor(cue.relation, cue.strong, offset + match.start("frame"), complete, cue.id == "latest")
    if grammar.completion.search(before):
        return _Governor("none", True, start, True)
    return None


def _governed(
    text: str, expression: Deadline, previous: Deadline | None, context: DeadlineContext
) -> Deadline | None:
    """The expression as a deadline, if words govern it and nothing says otherwise; else None."""
    rule = load_grammar().rule(expression.rule)
    assert expression.start is not None and expression.end is not None
    if rule.cell:
        return _governed_in_sentence_end(text, expression)
    if rule.governs:
        return _self_governed(text, expression)
    governor = _governor(text, expression.start)
    if governor is None and expression.relation == "by" and expression.rule != "weekday":
        governor = _Governor("by", False, expression.start, False)
    if governor is None and expression.relation == "from_to":
        governor = _Governor("from_to", False, expression.start, False)
    if governor is None and _bracketed(text, expression, context):
        return msgspec.structs.replace(expression, relation="within", standing="completion")
    if governor is None and _opens_clause(text, expression, context):
        return msgspec.structs.replace(expression, relation="within", standing="plain")
    if governor is None and _closes_clause(text, expression, context):
        on = expression.grain in ("day", "hour")
        return msgspec.structs.replace(expression, relation="on" if on else "within", standing="plain")
    if governor is None and _continues(text, expression, previous):
        assert previous is not None
        return msgspec.structs.replace(expression, relation=previous.relation, standing=previous.standing)
    if governor is None or (rule.needs and governor.relation not in rule.needs):
        return None
    if rule.id == "years" and not governor.complete and not _stays_within(text, expression, governor, context):
        return None
    if _refused(text, expression, governor, context):
        return None
    relation = expression.relation if expression.relation in ("from_to", "event") else governor.relation
    if relation == "none":
        relation = "on" if expression.grain in ("day", "hour") else "within"
    elif relation == "within" and expression.grain in ("day", "hour"):
        relation = "on"
    past = context.issued is not None and expression.date is not None and expression.date < context.issued
    return msgspec.structs.replace(
        expression,
        relation=relation,
        start=governor.start,
        standing=_standing(text, governor, expression),
        reason=expression.reason or ("past" if past else None),
    )


def _stays_within(text: str, expression: Deadline, governor: _Governor, context: DeadlineContext) -> bool:
    """Whether years to come end a clause within which something is done (`… trong giai đoạn 2027 - 2029.`)."""
    assert expression.end is not None
    if governor.relation != "within" or expression.date is None or context.issued is None:
        return False
    return expression.date >= context.issued and re.match(r"\s{0,2}(?:[.;]|$)", text[expression.end :]) is not None


def _continues(text: str, expression: Deadline, previous: Deadline | None) -> bool:
    """Whether the expression is the second of a pair under one word (`trước ngày 15/6 và 10/12`)."""
    if previous is None or previous.end is None or expression.date is None or previous.date is None:
        return False
    return re.fullmatch(r"\s{0,3}(?:,|và|hoặc)\s{0,3}", text[previous.end : expression.start]) is not None


def manner(text: str, start: int, context: DeadlineContext) -> tuple[Deadline, ...]:
    """`thường xuyên` right behind the subject, which ends at `start` (`Đài A thường xuyên đưa tin`): it recurs."""
    behind = len(text) - len(text[start:].lstrip(" ,"))
    return tuple(
        msgspec.structs.replace(found, start=behind, end=behind + found.end)
        for found in find(text[behind:], context)
        if found.rule == "ongoing" and found.start == 0 and found.end is not None
    )


def _bracketed(text: str, expression: Deadline, context: DeadlineContext) -> bool:
    """Whether a time to come stands alone in brackets at the end of a clause (`… các dự án (Quý I/2026).`)."""
    assert expression.start is not None and expression.end is not None
    if expression.date is None or context.issued is None or expression.date < context.issued:
        return False
    return text[: expression.start].endswith("(") and _BRACKET_END.match(text, expression.end) is not None


_BRACKET_END = re.compile(r"\)\s{0,3}(?:[.;]|$)")


def _opens_clause(text: str, expression: Deadline, context: DeadlineContext) -> bool:
    """Whether a month, quarter or year to come stands in front of a sentence (`Tháng 5/2026, kiểm tra …`)."""
    assert expression.start is not None and expression.end is not None
    if expression.kind not in ("month", "quarter", "year") or expression.date is None or context.issued is None:
        return False
    behind = text[expression.end : expression.end + 1]
    return expression.start == 0 and behind == "," and expression.date >= context.issued


def _closes_clause(text: str, expression: Deadline, context: DeadlineContext) -> bool:
    """Whether a time to come ends a clause that reports or carries out (`trình Sở A quý III/2026`)."""
    assert expression.start is not None and expression.end is not None
    timely = expression.kind in ("month", "quarter") or expression.rule in ("part_of_year", "date")
    before = text[max(0, expression.start - 120) : expression.start]
    timely = timely or (expression.kind == "year" and _SUBMITS_BEFORE.search(before) is not None)
    if not timely or expression.date is None or context.issued is None:
        return False
    if expression.date < context.issued or not re.match(r"\s{0,2}(?:[.;]|$)", text[expression.end :]):
        return False
    return _DOES_BEFORE.search(before) is not None


# Before a year only a body may stand: `trình Hội đồng nhân dân dự toán năm 2027` names a year's budget.
_SUBMITS_BEFORE = re.compile(
    r"trình (?:Thủ tướng Chính phủ|Chính phủ|Quốc hội|Bộ Chính trị|Ban Bí thư|cấp có thẩm quyền"
    r"|(?:Hội đồng|Ủy ban) nhân dân (?:tỉnh|thành phố)|(?:HĐND|UBND) (?:tỉnh|thành phố))\s$"
)
_DOES_BEFORE = re.compile(
    r"(?:thực hiện ngay|triển khai ngay|(?:trình|báo cáo|gửi) (?:[A-ZĐỦỬ][^,;.:]{1,60}))\s$"
    r"|,\s?(?:xong|hoàn thành)\s$"
    r"|(?:^|[;,] )hoàn thành [^.;]{2,100}\s$"
)


def refers_back(text: str) -> bool:
    """Whether a text's deadline is that of the task before it (`trong cùng thời hạn nêu trên`)."""
    return _REFERS_BACK.search(text) is not None


_REFERS_BACK = re.compile(
    r"(?:cùng (?:một )?thời (?:hạn|gian)(?: hoàn thành| thực hiện)?(?: nêu trên| như trên| nói trên| này| trên)?"
    r"|(?:trong|theo|đúng) (?:thời hạn|thời gian) (?:nêu trên|như trên|nói trên))(?!\w)",
    re.IGNORECASE,
)


def _refused(text: str, expression: Deadline, governor: _Governor, context: DeadlineContext) -> bool:
    """Whether what stands around it makes the expression a start, a past event, or part of a plan's name."""
    refusals = load_grammar().refusals
    before = text[max(0, governor.start - 160) : governor.start]
    if refusals["before"].search(before):
        return True
    # `trình Đề án trong 6 tháng đầu năm`: a half-year that is stayed within is no part of a plan's name.
    stays_within = expression.grain == "half" and governor.relation == "within"
    if (
        expression.grain in ("year", "span", "half")
        and not stays_within
        and refusals["title_year"].search(before)
        and not governor.complete
    ):
        return True
    weak = not (governor.complete or governor.strong)
    if weak and expression.reason == "next_year" and _days_ahead(expression, context) > FAR_AHEAD:
        return True
    if context.issued and expression.date and expression.date >= context.issued:
        return False
    if expression.grain == "year" and context.issued and expression.date and not governor.complete:
        return True  # `canh tác ổn định trước năm 2004`
    if not weak:
        return any(refusals[name].search(before) for name in ("done_strong", "earlier"))
    if context.issued and expression.date:
        return True
    if refusals["done_before"].search(before):
        return True
    opens = not before.strip() or before.rstrip()[-1] in ".;:"
    return opens and refusals["done_after"].search(text[expression.end :]) is not None


def _days_ahead(expression: Deadline, context: DeadlineContext) -> int:
    if expression.date is None or context.issued is None:
        return 0
    return (expression.date - context.issued).days


def _standing(text: str, governor: _Governor, expression: Deadline) -> Standing:
    rules = load_grammar().standing
    before = text[max(0, governor.start - 160) : governor.start]
    end = expression.end or 0
    if expression.grain in ("year", "half", "span") and rules["aside_plan"].search(before):
        return "aside"
    if rules["aside_before"].search(before) or rules["aside_after"].search(text[end : end + 40]):
        return "aside"
    if governor.complete or governor.latest or rules["complete_opening"].search(before):
        return "completion"
    if rules["part_before"].search(before):
        return "part"
    return "plain"


def _self_governed(text: str, expression: Deadline) -> Deadline | None:
    """A period, recurrence or event that needs no governing word, unless it only qualifies a noun."""
    assert expression.start is not None and expression.end is not None
    before = text[max(0, expression.start - 160) : expression.start]
    rules = load_grammar()
    recurs = expression.rule in ("recurring_period", "recurring_sentence")
    if recurs and rules.recurrence["attribute_before"].search(before):
        return None
    if expression.rule == "recurring_interval" and rules.recurrence["change_before"].search(before):
        return None
    completion = rules.completion.search(before) or rules.standing["complete_opening"].search(before)
    return msgspec.structs.replace(expression, standing="completion" if completion else "plain")


def _governed_in_sentence_end(text: str, expression: Deadline) -> Deadline | None:
    """What counts in a cell counts in a sentence only where the sentence says it of its own time.

    `thường xuyên` before a verb says how, not when; `sau khi …` is a deadline only after a word of completion.
    """
    assert expression.start is not None and expression.end is not None
    before, after = text[max(0, expression.start - 80) : expression.start], text[expression.end :]
    recurrence = load_grammar().recurrence
    if expression.rule == "ongoing":
        fits = recurrence["ongoing_before"].search(before) and recurrence["ongoing_after"].search(after[:40])
        if not fits and recurrence["ongoing_opening"].search(before):
            return msgspec.structs.replace(expression, standing="aside")
    else:
        fits = load_grammar().completion.search(before)
    return expression if fits else None


def _quoted(deadline: Deadline, text: str) -> Deadline:
    return msgspec.structs.replace(deadline, text=text[deadline.start : deadline.end])


# ---------------------------------------------------------------- cells

_NUMERIC_DATE = re.compile(r"(?<![0-9/])([0-9]{1,2})/([0-9]{1,2})/(?:[0-9]{4}|[0-9]{2})(?![0-9/])")
_ISO_DATE = re.compile(r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})(?:[ T][0-9:.]{5,15})?")
_SERIAL = re.compile(r"([3-6][0-9]{4})(?:\.0)?")
_MONTH_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},? )?"
    r"(?:[0-9]{1,2}[ \-](?:[A-Za-z]{3,9}|thg ?[0-9]{1,2})[ \-][0-9]{2,4}|[A-Za-z]{3,9} [0-9]{1,2}, [0-9]{4})"
)
_BARE_YEAR = re.compile(r"(20[0-9]{2})\.?")

# Serial numbers of spreadsheets count days from here (their year 1900 has a 29 February that never was).
_SERIAL_EPOCH = datetime.date(1899, 12, 30)


def _spreadsheet_value(written: str) -> Deadline | None:
    """A date as a spreadsheet stores or prints it: ISO with midnight, a serial number, or a bare year."""
    if iso := _ISO_DATE.fullmatch(written):
        try:
            day = datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return Deadline(kind="date", grain="day", rule="cell.iso", reason="no_such_day")
        return Deadline(kind="date", date=day, relation="on", grain="day", rule="cell.iso")
    if serial := _SERIAL.fullmatch(written):
        day = _SERIAL_EPOCH + datetime.timedelta(days=int(serial[1]))
        return Deadline(
            kind="date", date=day, relation="on", grain="day", rule="cell.serial", reason="spreadsheet_serial"
        )
    if _MONTH_NAMED.fullmatch(written) and (named := complete_date(written)):
        return Deadline(kind="date", date=named, relation="on", grain="day", rule="cell.month_named")
    if year := _BARE_YEAR.fullmatch(written):
        return Deadline(
            kind="year",
            date=datetime.date(int(year[1]), 12, 31),
            relation="within",
            grain="year",
            rule="cell.year",
        )
    return None


def _cell_phrase(written: str, reader: Reader) -> Deadline | None:
    """The deadline of a cell in words: what recurs first, then the latest date, then periods and events."""
    masked = citations.mask(written)
    recurring: list[Deadline] = []
    dated: list[Deadline] = []
    other: list[Deadline] = []
    refused = load_grammar().refusals["before"]
    for expression in scan(masked, reader):
        assert expression.start is not None
        governor = _governor(masked, expression.start)
        if expression.kind == "recurring":
            recurring.append(expression)
        elif expression.kind == "relative":
            other.append(expression)
        elif not refused.search(masked[: governor.start if governor else expression.start]):
            dated.append(_cell_relation(expression, governor))
    if recurring and (not dated or (recurring[0].start or 0) <= (dated[0].start or 0)):
        return recurring[0]
    if dated:
        last = max(dated, key=lambda d: d.date or datetime.date.min)
        if last.reason is None and load_grammar().cell["later_years"].search(masked):
            return msgspec.structs.replace(last, reason="and_later_years")
        return last
    return next(iter(recurring + other), None)


def _cell_relation(expression: Deadline, governor: _Governor | None) -> Deadline:
    relation = expression.relation
    if relation == "none" and governor is not None:
        relation = governor.relation
    if relation in ("none", "within"):
        relation = "on" if expression.grain in ("day", "hour") else "within"
    return msgspec.structs.replace(expression, relation=relation)
