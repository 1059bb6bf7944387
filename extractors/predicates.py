"""What a sentence says of its subject: where the sentence proper and its subject end, and which verb follows."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from extractors import nlp
from extractors.phrases import SPACES_AND_SIGNS, data, fold, folded_set, opens, phrases
from extractors.titles import TITLED
from models import AgencyMention

if TYPE_CHECKING:
    from spacy.matcher import Matcher

LONGEST_FRONTED = 400
# Between two bodies of one subject stand no more characters than these.
LONGEST_JOINT = 60
# What decides whether a unit opens with a verb stands within this many words; tagging more costs time.
OPENING_WORDS = 9
OPENING_CHARACTERS = 120


def clause_start(text: str, mentions: Sequence[AgencyMention], opened_at: int = 0) -> int:
    """Where the sentence proper starts: after connectives and phrases put in front (`Để phục vụ …, `)."""
    dateline = _DATELINE.match(text)
    at = dateline.end() if dateline else opened_at
    if at and (aside := _ASIDE_BEHIND_DATE.match(text, at)) is not None:
        at = aside.end()
    for _ in range(4):
        folded = fold(text[at : at + LONGEST_FRONTED])
        skipped = len(folded) - len(folded.lstrip(SPACES_AND_SIGNS))
        folded = folded[skipped:]
        connective = opens(folded, "connective", "phrases")
        if connective == "riêng":
            who = _starts_with_mention(at + skipped + len("riêng "), mentions)
            behind = fold(text[who.end or 0 :][:120]) if who is not None else ""
            acts = not behind.startswith((" và ", ",")) and behind and after_subject(behind) == "subject_acts"
            comma = None if acts else _end_of_fronted(text, at + skipped, mentions)
            if comma is not None:
                return comma  # `Riêng dự án X, Bộ A …`, not `Riêng tỉnh A báo cáo …`
        if (connective and connective not in ("và",)) or (connective and at == 0):
            rest = folded[len(connective) :]
            if rest[:1] in (",", ":", " ") and len(rest) > 1:
                at += skipped + len(connective) + 1
                continue
        date = _DATE_IN_FRONT.match(folded) or _RECURRENCE_IN_FRONT.match(folded)
        if date is not None:
            at += skipped + date.end()
            continue
        fronted = opens(folded, "fronted", "phrases")
        if fronted in ("thực hiện", "triển khai", "hưởng ứng", "tiếp tục"):
            told = _subject_that_did(text, at + skipped, mentions)
            if told is not None:
                return told  # `Thực hiện Chương trình …, Bộ A đã xây dựng …`
        if fronted is None or _starts_with_mention(at + skipped, mentions) or _fronted_is_verb(fronted):
            return at + skipped
        comma = _end_of_fronted(text, at + skipped, mentions)
        if comma is None:
            return at + skipped
        at = comma
    return at


# `Chậm nhất ngày 12/02/2026 (tức 25 tháng Chạp), Bộ A …`
_ASIDE_BEHIND_DATE = re.compile(r"\s?\([^()]{2,60}\)(?=,)")
# `Đến 31/12/2025 thực hiện …`, `Trước ngày 15/4/2026, Bộ A …`, `Trong quý II/2026: …`
_DATE_IN_FRONT = re.compile(
    r"(?:(?:(?:tháng|quý) [\divx]{1,4}(?:/\d{4}| năm \d{4})?|năm \d{4}), )|"
    r"(?:từ |trước |đến |vào )?(?:\d{1,2} ?(?:giờ|h) ?(?:\d{2})?(?: phút)?,? )?"
    r"(?:chậm nhất|muộn nhất|trước|đến|từ|trong|vào|hết|là|\s){1,6}(?:(?:ngày|tháng|quý|năm)\s)?"
    r"(?:\d{1,4}|[ivx]{1,3})(?:[/.-]\d{1,4}){0,2}(?:\s(?:tháng|năm|quý)\s[\divx/]{1,7}){0,2}[,:]?\s"
)
# `Chiều thứ Sáu hằng tuần Sở A …`, `Định kỳ hằng quý, …`
_RECURRENCE_IN_FRONT = re.compile(
    r"(?:(?:sáng|chiều|tối|trước|vào|định kỳ|\d{1,2} ?(?:giờ|h)\d{0,2})\s){0,3}"
    r"(?:(?:thứ \w{1,4}|chủ nhật|ngày \d{1,2})\s)?"
    r"(?:hằng|hàng|mỗi) (?:ngày|tuần|tháng|quý|năm)[,:]?\s"
    r"(?:(?:trước|vào|chậm nhất) ngày \d{1,2}(?:/\d{1,2})?(?: của tháng cuối quý| tháng sau)?[,:]?\s)?"
)


def _subject_that_did(text: str, start: int, mentions: Sequence[AgencyMention]) -> int | None:
    """Where a body stands behind a comma that has done something, or makes known what it does."""
    for mention in mentions:
        if mention.start is None or mention.end is None or mention.start > start + LONGEST_FRONTED:
            continue
        if text[max(0, mention.start - 2) : mention.start].strip() != ",":
            continue
        predicate = fold(text[mention.end : mention.end + 120])
        if after_subject(predicate) == "subject_did" or opens(predicate.strip(), "aspect", "announcing"):
            return mention.start
    return None


def _fronted_is_verb(fronted: str) -> bool:
    """Whether a phrase of the fronted list is a directive's own verb here (`Tiếp tục rà soát …`)."""
    return fronted in ("tiếp tục", "thực hiện", "triển khai", "giao", "hưởng ứng", "phấn đấu", "từng", "riêng")


def _end_of_fronted(text: str, start: int, mentions: Sequence[AgencyMention]) -> int | None:
    """Where the clause after a fronted phrase starts: after the comma or colon that a body or a verb follows."""
    limit = min(len(text), start + LONGEST_FRONTED)
    limit = next((place for place in range(start, limit) if text[place] == ";"), limit)
    last: int | None = None
    for place in range(start, limit):
        if text[place] not in ",:" and not text.startswith(" thì ", place):
            continue
        following = place + (5 if text[place] == " " else 1 + (text[place + 1 : place + 2] == " "))
        first = text.find(",", start, place)
        if first >= 0 and _DONE.search(fold(text[first:place])):
            return (
                first + 2
            )  # `Trong buổi sáng, các lực lượng đã cứu 14 người, triển khai …`: what was done goes on
        rest = fold(text[following : following + 60])
        if text[place] == ":" and TOLD_AS_DONE.match(rest):
            return following  # `Đối với kiến nghị …: Nội dung này đã được quy định …`
        mention = _starts_with_mention(following, mentions)
        inside = any((m.start or 0) < place < (m.end or 0) for m in mentions)
        if inside:
            continue
        if (
            mention is not None
            and after_subject(fold(text[mention.end : (mention.end or 0) + 120])) != "subject_only"
        ):
            return following
        if opens(rest, "order", "verbs") or opens(rest, "modal", "phrases") or _TITLE.match(rest):
            return following
        if last is None and opens(rest, "verbs", "phrases"):
            last = following
    return last


_TITLE = re.compile(rf"{TITLED}\s")
# `… các lực lượng đã cứu …`: some subject, no body of ours, has done or is doing something.
TOLD_AS_DONE = re.compile(
    r"(?:(?!cần|phải|khẩn trương|đề nghị|yêu cầu)\w+\s){1,12}(?:đã|đang|vừa)\s(?!được giao|ban hành|có hiệu)"
)
_DONE = re.compile(r"(?<!\w)(?:đã|đang|(?<!, )vừa)(?!\w)")


def _starts_with_mention(place: int, mentions: Sequence[AgencyMention]) -> AgencyMention | None:
    return next((m for m in mentions if m.start is not None and abs(m.start - place) <= 1), None)


def end_of_subject(text: str, head: int, mentions: Sequence[AgencyMention]) -> int | None:
    """Where a subject of bodies at the head of the sentence ends; None where no body is the subject."""
    end: int | None = None
    for mention in mentions:
        if mention.start is None or mention.end is None or mention.end <= head:
            continue
        gap = text[head if end is None else end : mention.start]
        joined = len(gap) <= LONGEST_JOINT and _JOINED.fullmatch(fold(gap)) is not None
        if not joined and not (end is not None and mention.start < end):
            break
        end = max(end or 0, mention.end)
    if end is None:
        return None
    bracket = re.match(r"\s?\([^()]{1,160}\)", text[end:])
    return end + bracket.end() if bracket else end


_JOINED = re.compile(
    r"\s*(?:(?:các |những )?(?:đồng chí|đại diện|lãnh đạo|đ/c|người đứng đầu|thủ trưởng|chủ tịch|bộ trưởng"
    r"|giám đốc)?"
    r"|[,;]|và|cùng|hoặc|,? ?và(?: các)?|\d{1,3}|từng|mỗi|toàn bộ)*\s*"
)
# `Bộ A, theo chức năng, nhiệm vụ được giao, …`: says nothing of what is done.
_COMPETENCE = re.compile(
    r"[\s,]{0,2}(?:trong phạm vi|theo(?! dõi)|căn cứ|trên cơ sở)\s.{0,80}?"
    r"(?:được giao|được phân công|quyền hạn|quản lý|của mình|thẩm quyền)(?!\w)[\s,]{0,2}"
)


def after_subject(folded: str) -> str:
    """What follows a subject of bodies: a directive's verb, or the telling of a result."""
    folded = folded.partition(";")[0]
    folded = folded[_APART.match(folded).end() :]  # type: ignore[union-attr]
    competence = _COMPETENCE.match(folded)
    folded = folded[competence.end() :] if competence else folded
    rest = folded.lstrip(SPACES_AND_SIGNS).removeprefix("cũng ")
    rest = rest[_RECURRENCE.match(rest).end() :]  # type: ignore[union-attr]
    if _HAS_SO_MANY.match(rest):
        return "subject_acts" if _MUST_ALL_THE_SAME.search(rest) else "subject_did"
    if rest.startswith("căn cứ ") or _IS_IN_CHARGE.match(rest):
        return "subject_acts"  # `Các bộ căn cứ Phụ lục để …`
    for _ in range(3):
        aspect = opens(rest, "aspect", "phrases")
        modal = opens(rest, "modal", "phrases")
        if _TOLD_PASSIVELY.match(rest):
            return "subject_acts"
        if aspect and len(aspect) >= len(modal or ""):
            # `Các đơn vị chưa gửi báo cáo thì phải gửi ngay …`: who has not done it is told to.
            return "subject_acts" if _WANTING_TOLD.match(rest) or _MEASURED_TOLD.match(rest) else "subject_did"
        if modal or opens(rest, "verbs", "phrases") or opens(rest, "order", "verbs"):
            return "subject_acts"
        # An apposition or a phrase between subject and verb: `Bộ A, theo chức năng được giao, …`, `… có biển`.
        comma = rest.find(",", 0, 90)
        if comma < 0:
            break
        rest = rest[comma + 1 :].lstrip()
    window = folded[:110]
    aspect_found = phrases("aspect", "phrases").search(window)
    modal_found = phrases("modal", "phrases").search(window)
    verb_found = phrases("verbs", "phrases").search(window)
    acts = min((m.start() for m in (modal_found, verb_found) if m), default=None)
    if acts is None:
        return "subject_acts" if _opens_with_unknown_verb(folded.lstrip(SPACES_AND_SIGNS)) else "subject_only"
    return "subject_did" if aspect_found and aspect_found.start() < acts else "subject_acts"


def told_passively(folded: str) -> bool:
    """Whether what follows a subject says that it was told to act (`… được giao phối hợp …`)."""
    return _TOLD_PASSIVELY.match(folded.lstrip(SPACES_AND_SIGNS)) is not None


# `Bộ A hằng tháng công khai …`: how often stands between subject and verb.
_RECURRENCE = re.compile(r"(?:(?:định kỳ )?(?:hằng|hàng|mỗi) (?:ngày|tuần|tháng|quý|năm),?\s)?")
# `Hà Nội có 9 ngày …`, `Bộ A có số nhiệm vụ …`
# `các xã còn lại …`, `các xã A, B, nơi còn tồn nhiều vốn, …`: which of them it is, nothing of what they do.
_APART = re.compile(
    r"(?:\s(?:còn lại|khác|nêu trên|nói trên|có tên trên)(?=[\s,]))?(?:\s?, (?:là )?nơi [^,;.]{3,160}, )?"
)
_MUST_ALL_THE_SAME = re.compile(r"\s(?:phải|khẩn trương|có trách nhiệm)\s\w")
_HAS_SO_MANY = re.compile(r"có (?:(?:hơn|gần|khoảng|trên|tới) )?\d")
_IS_IN_CHARGE = re.compile(
    r"là (?:cơ quan|đơn vị|đầu mối)(?: \w+){0,2}? (?:chủ trì|đầu mối|thường trực|chịu trách nhiệm)"
    r"|là đầu mối(?: \w+){0,3} (?:đôn đốc|tổng hợp|theo dõi|báo cáo|hướng dẫn|tham mưu|phối hợp|giải quyết"
    r"|tiếp nhận)"
)
_WANTING_TOLD = re.compile(
    r"(?:chưa|còn|chậm|không)\s[^.;]{2,110}?[\s,]"
    r"(?:(?:thì )?(?:phải|cần)(?! có)|khẩn trương|nghiêm túc|có trách nhiệm)\s\w"
)
# `12 tỉnh đạt dưới 60 % kế hoạch tổ chức …`: those of a class who stand at some figure are told to.
_MEASURED_TOLD = re.compile(
    r"(?:có|đạt|giải ngân|hoàn thành)\s(?:[^\s,.;]+\s){0,7}(?:dưới|thấp hơn|không đạt|trên|hơn)\s[^,.;]{1,40}\s"
    r"(?:phải|cần|tổ chức|báo cáo|giải trình|rà soát|xây dựng|kiểm điểm|khẩn trương|tập trung|gửi|lập)\s\w"
    r"|còn\s(?!chậm|thấp|ít|nhiều|\d)[^.;]{2,90}?\s(?:tập trung|hoàn thành|tổ chức|rà soát|khắc phục)\s\w"
    r"|(?:còn|có|bị)\s[^.;]{2,60}?\s(?:chủ động|khẩn trương|nghiêm túc|phải|cần|có trách nhiệm)\s\w"
    r"|đã có\s[^,.;]{2,60}?\s(?:tiếp tục|phải|cần)\s\w"
)
# `Sở A được yêu cầu rà soát …`: reported speech gives the order in the passive.
_TOLD_PASSIVELY = re.compile(
    r"(?:cũng |sẽ )?được (?:yêu cầu|đề nghị|phân công|chỉ đạo|giao)(?: tiếp tục| khẩn trương| chủ trì| phối hợp)?"
    r" (?!\d|nhiệm vụ|tại|trong|theo(?! dõi)|quản lý)\w"
)
# `(TTXVN) - `, `Cần Thơ - `: where a report was written from.
_DATELINE = re.compile(
    r"(?:\([^()]{2,40}\)|[A-ZĐ][\w.]{1,12}(?: [A-ZĐ][\w.]{0,12}){0,3},? ?(?:ngày )?\d{0,2}/?\d{0,2})\s?[-–—]\s"
)


def addressed(text: str, mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
    """The bodies that a phrase put in front addresses (`Đối với các địa phương, đề nghị rà soát …`)."""
    front = _CONCERNING.match(fold(text))
    if front is None:
        return ()
    named: list[AgencyMention] = []
    end = front.end()
    for mention in mentions:
        if mention.start is None or mention.end is None:
            continue
        if (mention.start != end) if not named else not _LISTED.fullmatch(text, end, mention.start):
            break
        named.append(mention)
        end = mention.end
    while named and not _FRONT_ENDS.match(text, named[-1].end or 0):
        named.pop()  # behind the comma stands who gives the order (`Đối với xã A, Chủ tịch tỉnh lưu ý …`)
    return tuple(named)


# Between the bodies of a list, and behind it.
_LISTED = re.compile(r"[\s,;]{0,3}(?:và )?")
_FRONT_ENDS = re.compile(r"\)?\s?[,:]")
_CONCERNING = re.compile(r"đối với ")


def opens_with_verb(text: str, opening: str) -> bool:
    """Whether a unit opens with an action verb: by the list, by part of speech where the list is no help."""
    verb = opens(opening, "verbs", "phrases") or opens(opening, "modal", "phrases")
    if _TOOK_PLACE.match(opening):
        return False
    if verb is not None and verb not in folded_set("verbs", "ambiguous"):
        return True
    fronted = opens(opening, "fronted", "phrases")
    if fronted is not None and not _fronted_is_verb(fronted):
        return False
    return _opens_with_unknown_verb(text) or _goes_on_with_verb(text, opening)


# `… tại phiên họp tháng 4, tổ chức ngày 05/5/2026`: when it was held, nothing to hold.
_TOOK_PLACE = re.compile(r"(?:được )?(?:tổ chức|diễn ra|họp)\s(?:vào )?(?:(?:từ )?ngày|sáng|chiều)\s")


def _goes_on_with_verb(text: str, opening: str) -> bool:
    """Whether a word or two that no list knows are joined by a verb of directives (`Phúc tra, nắm chắc …`)."""
    joined = _ANOTHER_VERB.match(text)
    if joined is None or not text[joined.end() : joined.end() + 1].islower():
        return False  # `Phòng bệnh, Quản lý Dược`: names
    verb = opens(opening[joined.end() :], "verbs", "phrases")
    return verb is not None and verb not in folded_set("verbs", "ambiguous")


_ANOTHER_VERB = re.compile(r"[\s–-]{0,3}\w+(?: \w+){0,2}, ")


def _opens_with_unknown_verb(text: str) -> bool:
    """Whether text opens with a verb by its part of speech."""
    sample = " ".join(text[:OPENING_CHARACTERS].split()[:OPENING_WORDS])
    return nlp.opens(sample, _opening_patterns()) is not None


@cache
def _opening_patterns() -> "Matcher":
    return nlp.matcher({rule["id"]: rule["tokens"] for rule in data()["opening"]})


def has_modal(opening: str) -> bool:
    """Whether the main clause says that something is to be done (`… cần được …`, `… phải …`)."""
    return (
        re.search(
            r"(?<!\w)(?<!đã )(?<!đang )(?:cần|phải|không được(?! gia hạn| lùi| kéo dài| điều chỉnh| xem xét)"
            r"|nghiêm cấm|có trách nhiệm)(?!\w)",
            opening,
        )
        is not None
    )
