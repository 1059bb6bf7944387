"""A letter that moves the deadline of what another letter asks: which letter, for what, from when, until when.

`Đồng ý gia hạn thời gian báo cáo … tại Công văn số … đến hết ngày …`, `điều chỉnh thời hạn … từ … sang …`,
`Thời hạn … tại Kế hoạch số … được lùi đến …`. Who asks for it (`đề nghị gia hạn`), is told to prepare it
(`trình … gia hạn`) or refuses it (`không gia hạn`) moves nothing.
"""

import datetime
import re
from collections.abc import Iterator

from extractors import citations
from extractors.deadlines import DeadlineContext, due, read_cell
from models import Citation, LetterRelation

_MOVE = r"(?:gia hạn|lùi|kéo dài|giãn|điều chỉnh)"
_TERM = r"(?:thời hạn|thời gian|thời điểm|tiến độ|hạn)"
_ACTIVE = re.compile(rf"(?<!\w){_MOVE}\s(?:thêm\s)?{_TERM}(?!\w)", re.IGNORECASE)
_PASSIVE = re.compile(rf"(?<!\w)được\s(?:phép\s)?{_MOVE}(?!\w)", re.IGNORECASE)
_MARKER = re.compile(r"^(?:(?:\d{1,2}|[a-zđ])[.)]\s{1,2}|[-–+]\s{1,2})", re.IGNORECASE)
_BY_TERM = re.compile(rf"^(?:nay,?\s)?{_TERM}\s", re.IGNORECASE)
_PERMIT = re.compile(
    r"(?<!\w)(?:(?:cơ bản\s)?(?:đồng ý|thống nhất|nhất trí|chấp thuận)|cho phép|quyết định|nay)(?!\w)",
    re.IGNORECASE,
)
# Words in front that make it no act: it is refused, asked for, prepared, past, or somebody's work.
_NO_ACT = re.compile(
    r"(?<!\w)(?:không|chưa|đã|nếu|trường hợp|(?<!tờ )trình|xin|tham mưu|giao|yêu cầu|phải|để|việc xem xét|hồ sơ"
    r"|(?:đề nghị|đề xuất|kiến nghị)(?!\s(?:của|tại|nêu)))(?!\w)",
    re.IGNORECASE,
)
_NOT_THIS = re.compile(r"(?<!\w)(?:đề nghị|đề xuất|kiến nghị|xét|căn cứ)\s[^;]{0,80}$", re.IGNORECASE)
_DAY = (
    r"(?:hết\s)?(?:ngày\s)?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?|\d{1,2}\stháng\s\d{1,2}(?:\snăm\s\d{4})?"
    r"|tháng\s\d{1,2}(?:[/.-]\d{4}|\snăm\s\d{4})?|quý\s[IVX\d]{1,3}(?:[/.-]\d{4}|\snăm\s\d{4})?|năm\s\d{4})(?![\d/])"
)
_TO = re.compile(
    rf"(?<!\w)(?:đến|tới|sang|thành|là|chậm nhất(?:\slà)?|trước)\s(?P<day>(?:trước\s)?{_DAY})", re.IGNORECASE
)
_FROM = re.compile(rf"(?<!\w)từ\s(?P<day>{_DAY})\s(?:đến|tới|sang|thành|lên)\s", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_ABOUT_END = re.compile(
    rf"(?:,|\sđối với|\s(?:đã\s|được\s)*(?:nêu|quy định|giao|ghi)\s|\s(?:tại|trong|theo|của)\s"
    rf"|\stừ\s{_DAY}|\s(?:đến|tới|sang)\s{_DAY})",
    re.IGNORECASE,
)
MOST_WORDS = 400
"""Letters of the sentence that are kept."""


def extensions(text: str, issuer: str | None, context: DeadlineContext) -> tuple[LetterRelation, ...]:
    """What the sentences of a paragraph extend; `context` gives the letter's day, which years are filled from."""
    if _ACTIVE.search(text) is None and _PASSIVE.search(text) is None:
        return ()
    return tuple(found for sentence in _SENTENCE.split(text) for found in _of_sentence(sentence, issuer, context))


def only_extends(sentence: str, issuer: str | None, context: DeadlineContext) -> bool:
    """Whether a sentence moves what another letter asks to a day, or is a title for that, and asks no more."""
    if _TITLE.fullmatch(sentence):
        return True
    found = extensions(sentence, issuer, context)
    return bool(found) and found[0].until is not None and _ASKS_MORE.search(sentence) is None


# `Điều chỉnh thời hạn`, `Gia hạn thời gian thực hiện một số nhiệm vụ:`
_TITLE = re.compile(
    rf"\W*(?:về )?(?:việc )?{_MOVE}\s{_TERM}(?:\s(?:thực hiện|hoàn thành|giải quyết|xử lý|triển khai))?"
    r"(?:\s(?:của\s)?(?:một số|các|những|\d{1,2})\s(?:nhiệm vụ|công việc|nội dung|việc|mục tiêu))?[\s.:;]*",
    re.IGNORECASE,
)
# What else the sentence demands.
_ASKS_MORE = re.compile(
    r"[,;]\s(?:\w+\s)?(?:yêu cầu|đề nghị|giao|xong|hoàn thành|phải|khẩn trương|trình|báo cáo|nộp|gửi|tổ chức"
    r"|tổng hợp)(?!\w)",
    re.IGNORECASE,
)


def _of_sentence(sentence: str, issuer: str | None, context: DeadlineContext) -> Iterator[LetterRelation]:
    sentence = _MARKER.sub("", sentence.strip())
    act = _ACTIVE.search(sentence)
    if act is not None and _is_said(sentence[: act.start()], issuer):
        begin = act.end()
    else:
        act = _PASSIVE.search(sentence)
        term = _BY_TERM.match(sentence)
        if act is None or term is None or _NO_ACT.search(sentence, 0, act.start()):
            return
        begin = term.end()
    cited = _cited(sentence, begin)
    if cited is None:
        return
    masked = citations.mask(sentence)
    moved = _TO.search(masked, begin)
    since = _FROM.search(masked, begin)
    about = _ABOUT_END.split(masked[begin : act.start() if begin < act.start() else len(masked)], maxsplit=1)[0]
    yield LetterRelation(
        "extends",
        cited.text,
        cited.number,
        cited.notation,
        until=_day(sentence[slice(*moved.span("day"))], context) if moved else None,
        since=_day(sentence[slice(*since.span("day"))], context) if since else None,
        about=" ".join(about.split()).strip(" .,") or None,
        words=sentence[:MOST_WORDS],
    )


def _is_said(before: str, issuer: str | None) -> bool:
    """Whether what stands before the verb leaves it an act: nothing, the issuer, or somebody who permits it."""
    if _NO_ACT.search(before):
        return False
    if _PERMIT.search(before):
        return True
    subject = before.strip().casefold().replace("ubnd", "ủy ban nhân dân").split()
    return subject == (issuer or "").casefold().split()[: len(subject)]


def _cited(sentence: str, begin: int) -> Citation | None:
    """The first document behind the verb that is no request for it."""
    for cited in citations.find(sentence):
        start = cited.start or 0
        if start >= begin and cited.doc_type != "Tờ trình" and not _NOT_THIS.search(sentence[begin:start][-90:]):
            return cited
    return None


def _day(words: str, context: DeadlineContext) -> datetime.date | None:
    read = read_cell(words, context)
    return (due(read, context).due_date or read.date) if read.kind != "none" else None
