"""Words by which somebody is told to act: who gives the order, who is told, and what was ordered before."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from extractors.phrases import SPACES_AND_SIGNS, fold, folded_set, opens, phrases
from models import AgencyMention

# Who gives an order stands no further before its verb than this many characters.
NEAREST_ORDERER = 40
# Between an order verb and who is told stand no more characters than these.
FARTHEST_TOLD = 40


class Order(msgspec.Struct, frozen=True):
    """Words by which somebody is told to act, at `start`.

    `kind`: `orders`; `asks_superior`, that somebody above give the order (a proposal); `quotes_order`, what was
    ordered in the past or by another document. Who is told stands at `told_at`; `noun` where that is only a word
    for all of its kind (`yêu cầu Sở …`, `đề nghị tỉnh …`).
    """

    kind: Literal["orders", "asks_superior", "quotes_order"]
    start: int
    verb: str
    told_at: int
    noun: str | None = None


def is_superior(subject: str) -> bool:
    """Whether a subject is one that gives orders rather than takes them (`Thủ tướng Chính phủ`)."""
    return phrases("order", "superior").fullmatch(fold(subject).strip(SPACES_AND_SIGNS)) is not None


def tells_body(told: Order, mentions: Sequence[AgencyMention]) -> bool:
    """Whether an order names at once who is told (`Tôi đề nghị Bộ A …`)."""
    return any(m.start is not None and told.told_at <= m.start <= told.told_at + 4 for m in mentions)


def order(text: str, mentions: Sequence[AgencyMention], *, retold: bool = False) -> Order | None:
    """How a sentence tells somebody to act, if it does.

    An order verb counts where a body, or the superior that is to give the order, follows it at once. An account
    that is `retold` says `đã yêu cầu` of orders just given.
    """
    folded = fold(text)
    quoted: Order | None = None
    for verb in phrases("order", "verbs").finditer(folded):
        if any((m.start or 0) < verb.start() < (m.end or 0) for m in mentions):
            continue  # `Bộ Ngoại giao`
        before = folded[max(0, verb.start() - 90) : verb.start()]
        agrees = verb.group() == "giao" and _AGREES.search(before)
        if _not_an_order().search(before) and not (_DELEGATION.search(before) or agrees):
            continue
        told_at = verb.end() + len(_TO_WHOM.match(folded, verb.end()).group())  # type: ignore[union-attr]
        if verb.group() in folded_set("order", "asking"):
            if _asks_above(folded, told_at, mentions):
                return Order("asks_superior", verb.start(), verb.group(), told_at)
            given = None if retold else _ASKS_TO_ASSIGN.match(folded, verb.start())
            if given is not None and any(m.start == given.end() for m in mentions):
                return Order("asks_superior", verb.start(), verb.group(), given.end())
        told = any(
            m.start is not None
            and m.via != "reference"
            and _TOLD.fullmatch(folded, told_at, max(m.start, told_at))
            for m in mentions
            if (m.end or 0) > told_at and (m.start or 0) <= told_at + FARTHEST_TOLD
        )
        common = _COMMON_NOUN.match(folded, told_at)
        to_do = verb.group() in ("đề nghị", "yêu cầu", "lưu ý") and opens(
            folded[common.end() if common else told_at :], "verbs", "phrases"
        )
        opens_list = verb.group() in ("đề nghị", "yêu cầu", "giao") and folded[verb.end() :].strip() == ":"
        if not (told or to_do or opens_list):
            continue
        earlier = _PAST_ORDER.search(before) or (not retold and _IN_ANOTHER.match(folded[: verb.start()]))
        if earlier and not (retold and _JUST_ORDERED.search(before)):
            quoted = quoted or Order("quotes_order", verb.start(), verb.group(), told_at)
            continue
        noun = common["noun"] if common and not told else None
        return Order("orders", verb.start(), verb.group(), told_at, noun)
    return quoted


def asks(order: Order) -> bool:
    """Whether an order is put as a request, which to those above one is a proposal."""
    return order.kind != "quotes_order" and order.verb in folded_set("order", "asking")


def _asks_above(folded: str, told_at: int, mentions: Sequence[AgencyMention]) -> bool:
    """Whether who is asked at `told_at` is above the asking, and asked to have something done or to allow it."""
    at = [m for m in mentions if m.start is not None and m.end is not None and m.start <= told_at < m.end]
    if any(m.via == "above" for m in at):
        return True
    if any(m.via == "recipients" or m.kind == "province" for m in at):
        return False  # `đề nghị UBND tỉnh chỉ đạo …` in a letter to that very body, from above it
    if not at and _OWN_MINISTRY.match(folded, told_at):
        return True
    superior = opens(folded[told_at:], "order", "superior")
    if superior is None:
        return False
    end = told_at + len(superior)
    while (joined := re.match(r"\s?(?:,|và)\s", folded[end:])) and (
        more := opens(folded[end + joined.end() :], "order", "superior")
    ):
        end += joined.end() + len(more)  # `kiến nghị Thủ tướng, Phó Thủ tướng:`
    after = folded[end : end + 60]
    return phrases("order", "telling").search(after) is not None or not after.strip(" .:,;")


# `Kiến nghị Bộ có công điện đôn đốc …`: a unit's own ministry, named by that word alone.
_OWN_MINISTRY = re.compile(
    r"bộ (?:(?:xem xét|quan tâm|sớm|tiếp tục),? )?(?:cho phép|giao|chỉ đạo|yêu cầu|phân công|đôn đốc|phê duyệt"
    r"|có (?:công văn|công điện|văn bản|ý kiến))(?!\w)"
)
# `Đề nghị giao Sở A …`: whoever is asked, he is to give the order.
_ASKS_TO_ASSIGN = re.compile(
    r"(?:đề nghị|kiến nghị|đề xuất|kính trình)(?: xem xét,?)? (?:giao(?: nhiệm vụ)?(?: cho)?|phân công) "
)


def orderer(text: str, order: Order) -> str | None:
    """Who gives an order, as written, where it is one of those above (`Thủ tướng Chính phủ yêu cầu …`)."""
    folded = fold(text[: order.start])
    found = [m for m in phrases("order", "superior").finditer(folded) if order.start - m.end() <= NEAREST_ORDERER]
    if not found or re.search(r"[,;.:]", folded[found[-1].end() :]):
        return None
    return text[found[-1].start() : found[-1].end()]


def superior(text: str) -> str | None:
    """The first of those who give orders that a text names, as written."""
    found = phrases("order", "superior").search(fold(text))
    return text[found.start() : found.end()] if found else None


@cache
def _not_an_order() -> re.Pattern[str]:
    """Words right before an order verb that make it a noun (`theo yêu cầu`) or another's act."""
    words = sorted(folded_set("order", "not_after"), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")\s$")


# `người đứng đầu đoàn công tác yêu cầu …`: a delegation speaks, no kind of work.
_DELEGATION = re.compile(r"(?<!\w)(?:đoàn|tổ) (?:công tác|kiểm tra|giám sát)\s$")
# `Phó Thủ tướng đồng ý giao Bộ A …`; `đồng ý đề nghị của …` orders nothing.
_AGREES = re.compile(r"(?:đồng ý|nhất trí|thống nhất)\s$")
_TOLD = re.compile(
    r"(?:(?:doanh nghiệp|đơn vị|cơ quan|nhà đầu tư|chủ đầu tư)(?: \w+){0,3} là |cho |tới |đến |các |những |từng "
    r"|một số |thủ trưởng |chủ tịch )*"
)
# `yêu cầu Sở rà soát …`, `đề nghị tỉnh bố trí …`: who is told is named by a word for all of its kind.
_COMMON_NOUN = re.compile(
    r"(?:các |từng )?(?P<noun>bộ|sở|tỉnh|thành phố|xã|phường|ngành|đơn vị|địa phương|cơ quan)"
    r"(?: này| nói trên| liên quan)? "
)
_TO_WHOM = re.compile(r"[\s:]{0,3}(?:các |quý )?(?:đồng chí |đ/c )?(?:lãnh đạo )?")
# What was ordered before: `đã kết luận giao A`, `… của Chính phủ giao A`, `Thủ tướng … tiếp tục giao A`.
_PAST_ORDER = re.compile(
    r"(?<!\w)(?:(?:đã|từng)(?:\s\w+){0,4}"
    r"|của (?:chính phủ|thủ tướng chính phủ|thủ tướng|quốc hội|ban chỉ đạo)"
    r"|(?:chính phủ|thủ tướng chính phủ|thủ tướng|phó thủ tướng)(?:\s\w+){0,6} tiếp tục"
    r"|(?<!\w)có (?:công văn|tờ trình|công điện)[^;.:]{0,70}"
    r"|(?<!\w)đã (?:ban hành|gửi|có) (?:văn bản|công văn|tờ trình|công điện|thông báo)[^;.:]{0,70}"
    r"|(?:theo|tại) (?:thông báo|kết luận|nghị quyết|quyết định|công văn|chỉ thị|công điện)[^,;.:]{0,60})\s$"
)
_JUST_ORDERED = re.compile(
    r"^(?!.*(?<!\w)(?:từng|năm ngoái|trước đó|năm \d{4})(?!\w)).*(?<!\w)(?:đã|vừa)(?:\s\w+){0,2}\s$"
)
# `Tại Thông báo số 12/TB-UBND ngày 05/01/2026, Chủ tịch UBND tỉnh giao Sở A …`: ordered there, not here.
_IN_ANOTHER = re.compile(
    r"tại (?:thông báo|kết luận|nghị quyết|quyết định|công văn|văn bản|chỉ thị|công điện) "
    r"(?=[^;:]{0,20}\d)[^;:]{4,120}, "
    r"(?:bộ|sở|ủy ban|ubnd|văn phòng|chính phủ|thủ tướng|phó thủ tướng|chủ tịch|phó chủ tịch)[^,;:.]{0,60}\s$"
)
