"""Whether words govern an expression of time, so that it is a deadline: `trước`, `hoàn thành trong`, `chậm nhất`.

And how closely it then binds the task: as its completion, by the way, or as a part's.
"""

import re

import msgspec

from extractors.deadline_grammar import Cue, load_grammar
from extractors.due_dates import DeadlineContext
from models import Deadline, Relation
from models.deadline import Standing

FAR_AHEAD = 200
"""Days: a date without a year that would lie further ahead under a weak word (`đến 30/6`) is one gone by."""


class Governor(msgspec.Struct, frozen=True):
    """The words before an expression that make it a deadline; `start` is where its quotation begins."""

    relation: Relation
    strong: bool
    start: int
    complete: bool
    latest: bool = False


def governor_before(text: str, start: int) -> Governor | None:
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
        return Governor(cue.relation, cue.strong, offset + match.start("frame"), complete, cue.id == "latest")
    if grammar.completion.search(before):
        return Governor("none", True, start, True)
    return None


def governed(
    text: str, expression: Deadline, previous: Deadline | None, context: DeadlineContext
) -> Deadline | None:
    """The expression as a deadline, if words govern it and nothing says otherwise; else None."""
    rule = load_grammar().rule(expression.rule)
    assert expression.start is not None and expression.end is not None
    if rule.cell:
        return _governed_in_sentence_end(text, expression)
    if rule.governs:
        return _self_governed(text, expression)
    governor = governor_before(text, expression.start)
    if governor is None and expression.relation == "by" and expression.rule != "weekday":
        governor = Governor("by", False, expression.start, False)
    if governor is None and expression.relation == "from_to":
        governor = Governor("from_to", False, expression.start, False)
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


def _stays_within(text: str, expression: Deadline, governor: Governor, context: DeadlineContext) -> bool:
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
    r"(?:thực hiện ngay|triển khai ngay|(?:trình|báo cáo|gửi) (?:(?:[A-ZĐỦỬ]|cấp có thẩm quyền)[^,;.:]{0,60}))\s$"
    r"|,\s?(?:xong|hoàn thành)\s$"
    r"|(?:^|[;,] )hoàn thành [^.;]{2,100}\s$"
)


def _refused(text: str, expression: Deadline, governor: Governor, context: DeadlineContext) -> bool:
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


def _standing(text: str, governor: Governor, expression: Deadline) -> Standing:
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
