"""A sentence that gives a task a new day, or another body: the task as it now stands, and whose it is.

`Đồng ý cho Sở A lùi thời hạn … đến ngày …`, `Bộ A được kéo dài … sang …`, `Việc … chuyển từ Sở A sang Sở B thực
hiện`. What moves a whole letter is no task (`own_acts`), nor is what is refused, asked for, or was granted before.
"""

import re
from collections.abc import Sequence

from extractors import citations
from extractors.phrases import fold
from models import AgencyMention

_MOVE = r"(?:lùi|gia hạn|kéo dài|giãn|dời|chuyển|điều chỉnh)"
_TERM = r"(?:thời hạn|thời gian|thời điểm|tiến độ|hạn|mốc)"
_DAY = r"(?:ngày \d|tháng \d|quý [ivx\d]|năm \d{4}|\d{1,2}[/.-]\d)"
_TO_A_DAY = rf"(?<!\w)(?:đến|tới|sang|thành|là|chậm nhất|trước|trong)(?: là)?(?: hết| trước| cuối)? {_DAY}"
_GRANTS = r"(?:nay )?(?:cơ bản )?(?:đồng ý|thống nhất|nhất trí|chấp thuận|cho phép)(?: về nguyên tắc)?,? "

# `Đồng ý cho (để, với đề nghị của) Sở A …`, `Gia hạn cho Sở A …`: to whom it is granted stands right behind.
_GRANTED_TO = re.compile(rf"{_GRANTS}(?:(?:với |theo )?đề nghị của |cho |để |với |việc )?(?:các )?")
_MOVED_FOR = re.compile(rf"(?:nay )?{_MOVE} (?:thêm )?(?:{_TERM} )?cho (?:các )?")
_DAY_BEHIND = re.compile(rf"[^.]{{0,400}}?{_TO_A_DAY}")
_MOVES_BEHIND = re.compile(rf"[^.;]{{0,80}}?(?<!\w){_MOVE}(?: thêm)?(?: {_TERM})?(?!\w)[^.]{{0,400}}?{_TO_A_DAY}")
# `Thống nhất gia hạn thời gian nộp hồ sơ … đến ngày …`
_GRANTED = re.compile(rf"{_GRANTS}(?:cho )?(?:được )?{_MOVE}(?: thêm)? {_TERM}(?!\w)[^.]{{0,400}}?{_TO_A_DAY}")
# `Gia hạn thời hạn kiểm kê rừng của Sở A (tại Công văn …) đến ngày …`
_MOVED_OF = re.compile(rf"(?:nay )?{_MOVE}(?: thêm)? {_TERM}(?!\w)[^.]{{0,400}}?{_TO_A_DAY}")
# `Bộ A được lùi …`, `Việc … do Bộ A thực hiện được kéo dài …`
_BEHIND_BODY = re.compile(
    rf"[^.;]{{0,60}}?(?<!không )(?<!đã )(?<!\w)được (?:phép |tiếp tục )?{_MOVE}(?!\w)[^.]{{0,400}}?{_TO_A_DAY}"
)
_WORK_MOVED = re.compile(
    rf"(?:việc|nhiệm vụ|{_TERM}) [^.;]{{3,300}}? (?<!không )(?<!đã )được (?:phép |tiếp tục )?{_MOVE}(?!\w)"
    rf"[^.]{{0,400}}?{_TO_A_DAY}"
)
# `Chuyển việc … từ Sở A sang Sở B thực hiện`; `… chuyển cho các phường A, B làm chủ đầu tư …`
_HANDED = re.compile(
    r"(?:(?:thống nhất |đồng ý )?(?:chuyển|giao lại) |(?:việc|nhiệm vụ) [^.;]{3,250}? (?:được )?chuyển )"
    r"(?:[^.;]{3,250}? )?(?:sang|cho) (?:các )?"
)
_TAKES_ON = re.compile(
    r" (?:để )?(?:chủ trì|tiếp tục|thực hiện|làm (?:chủ đầu tư|đầu mối)|đảm nhận"
    r"|chịu trách nhiệm)"
)
# `08 đơn còn lại giao về phường A giải quyết`; `Chuyển Thanh tra tỉnh xem xét …`: work that is passed to a body.
_PASSED = re.compile(
    r"(?:(?:\d{1,4}|các|những|số|toàn bộ|vụ việc|đơn|hồ sơ|dự án|nhiệm vụ|việc|phần việc|nội dung) [^.;]{2,250}? "
    r"(?:được )?(?:chuyển|(?:bàn giao|giao|chuyển(?: giao)?) (?:về|sang|(?:lại |về )?cho)) (?:các )?"
    r"|(?:nay )?(?:giao|bàn giao|chuyển) (?:về|lại) (?:các )?)"
)
_DIRECTLY = re.compile(r"(?:nay )?chuyển (?:các )?")
_DEALS_WITH = re.compile(
    r" (?:để )?(?:tiếp tục |chủ trì |trực tiếp |chủ động )?(?:giải quyết|xử lý|xem xét|thực hiện|quản lý|theo dõi"
    r"|kiểm tra|xác minh|thụ lý|làm rõ|trả lời|đảm nhận|chịu trách nhiệm|tổ chức|điều tra|vận hành)(?!\w)"
)
_ANY = re.compile(rf"(?<!\w)(?:{_MOVE}|giao (?:lại|về|sang|cho))(?!\w)")
_OWNED = re.compile(r"(?:của|do) (?:các )?$")


def moved(
    text: str,
    head: int,
    mentions: Sequence[AgencyMention],
    subject_end: int | None,
    *,
    labelled: bool = False,
) -> tuple[AgencyMention, ...] | None:
    """Whose a task is that the sentence from `head` moves (none named: an empty tuple), None where it moves none.

    `subject_end`: where a subject of bodies ends at the head; `labelled`: a body's label stands over it, which
    passes work on itself.
    """
    if _ANY.search(fold(text)) is None:
        return None
    folded = fold(citations.mask(text))
    receiver = _receiver(folded, head, mentions)
    if receiver is None and subject_end is None:
        receiver = _passed_to(folded, head, mentions, labelled=labelled)
    if receiver is not None:
        return receiver
    if subject_end is not None and _BEHIND_BODY.match(folded, subject_end):
        return tuple(m for m in mentions if (m.start or 0) >= head and (m.end or 0) <= subject_end)
    granted = _GRANTED_TO.match(folded, head)
    if granted is not None and (named := _at(granted.end(), folded, mentions)):
        return named if _MOVES_BEHIND.match(folded, named[-1].end or 0) else None
    given = _MOVED_FOR.match(folded, head)
    if given is not None and (named := _at(given.end(), folded, mentions)):
        return named if _DAY_BEHIND.match(folded, named[-1].end or 0) else None
    if _MOVED_OF.match(folded, head) and (owners := _owners(folded, mentions, citations.MASK)):
        return owners
    if _GRANTED.match(folded, head) or _WORK_MOVED.match(folded, head):
        owners = _owners(folded, mentions)
        return owners if owners or citations.MASK not in folded else None  # a whole letter's days, nobody's task
    return None


def _owners(folded: str, mentions: Sequence[AgencyMention], before: str = "") -> tuple[AgencyMention, ...]:
    """Whose the work is (`việc … của Sở A`), as said before some words."""
    end = folded.find(before) if before else -1
    named = (m for m in mentions if end < 0 or (m.start or 0) < end)
    return tuple(m for m in named if _OWNED.search(folded[: m.start or 0]))[:1]


def new_day(text: str) -> tuple[int, int] | None:
    """Where the words of the day stand that a sentence moves a task to."""
    found = _NEW_DAY.search(fold(citations.mask(text)))
    return found.span("day") if found else None


_NEW_DAY = re.compile(
    r"(?<!\w)(?:đến|tới|sang|thành)(?: hết| trước| cuối)? "
    r"(?P<day>(?:ngày |tháng |quý |năm )?[\divx]{1,4}(?:[/.-]\d{1,4}){0,2}"
    r"(?: tháng \d{1,2})?(?: năm \d{4})?)(?![\w/])"
)


def _receiver(folded: str, head: int, mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...] | None:
    """The bodies to whom work is handed on."""
    for mention in mentions:
        if mention.start is None or mention.start < head:
            continue
        if _HANDED.fullmatch(folded, head, mention.start) is None:
            continue
        named = _at(mention.start, folded, mentions)
        return named if _TAKES_ON.match(folded, named[-1].end or 0) else None
    return None


def _passed_to(
    folded: str, head: int, mentions: Sequence[AgencyMention], *, labelled: bool
) -> tuple[AgencyMention, ...] | None:
    """The bodies to whom work is passed that they are to deal with."""
    for mention in mentions:
        if mention.start is None or mention.start < head:
            continue
        directly = not labelled and _DIRECTLY.fullmatch(folded, head, mention.start) is not None
        if not directly and _PASSED.fullmatch(folded, head, mention.start) is None:
            continue
        named = _at(mention.start, folded, mentions)
        if _DEALS_WITH.match(folded, named[-1].end or 0):
            return named
    return None


def _at(place: int, folded: str, mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
    """The bodies listed from `place` on."""
    named: list[AgencyMention] = []
    for mention in mentions:
        if mention.start is None or mention.end is None or mention.start < place:
            continue
        end = named[-1].end or 0 if named else place
        if not (mention.start < end or _LISTED.fullmatch(folded, end, mention.start)):
            break
        named.append(mention)
    return tuple(named)


_LISTED = re.compile(r"[\s,;]{0,3}(?:và )?(?:các )?(?:(?:phường|xã|sở|bộ):? )?")
