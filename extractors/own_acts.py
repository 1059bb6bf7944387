"""What a letter does by its own words to another letter: it extends, withdraws, replaces or corrects it.

`Gia hạn thời hạn thực hiện Công văn số … đến hết ngày …` is done by being said: a relation of the letter, and
no task of anybody; `Tham mưu gia hạn …`, `trình bãi bỏ Quyết định số …` are tasks.
"""

import re

from extractors import citations
from models import LetterRelation
from models.letter import LetterRelationKind

_EXTENDS = re.compile(
    r"(?:gia hạn|lùi|kéo dài|giãn|điều chỉnh)\s"
    r"(?:(?:thời hạn|thời gian|thời điểm|tiến độ)\s"
    r"(?:(?:thực hiện|hoàn thành|báo cáo|gửi|nộp|xử lý|triển khai|giải quyết)\s(?:[^\W\d_]{1,8}\s){0,6})?)?"
    r"(?:(?:đã\s)?(?:nêu|quy định|giao|ghi)\s)?(?:tại\s|trong\s|của\s|theo\s)?",
    re.IGNORECASE,
)
_UNDOES = re.compile(
    r"(?P<verb>thu hồi|bãi bỏ|hủy bỏ|huỷ bỏ|thay thế|đính chính)\s"
    r"(?:toàn bộ\s)?(?P<part>một phần\s)?(?:(?:nội dung|hiệu lực)\s(?:của\s)?)?"
    r"(?P<parts>(?:(?:điểm|khoản|mục|phần|Điều|phụ lục)\s\w{1,4},?\s){0,3})(?:của\s|tại\s|trong\s)?",
    re.IGNORECASE,
)
_KINDS: dict[str, LetterRelationKind] = {"đính chính": "corrects", "thay thế": "replaces"}
_OPENING = re.compile(
    r"(?:(?:\d{1,2}|[a-zđ])[.)]\s{1,2}|[-–+]\s{1,2})?(?P<subject>[^,;:.]{0,80}?)\s?(?<!\w)"
    r"(?:nay,?\s)?(?:quyết định\s|cho phép\s)?"
    r"(?=gia hạn|lùi|kéo dài|giãn|điều chỉnh|thu hồi|bãi bỏ|hủy bỏ|huỷ bỏ|thay thế|đính chính)",
    re.IGNORECASE,
)
# What follows, and asks somebody for more than to know it.
_ASKS_MORE = re.compile(
    r"[,;.]\s(?:\w+\s)?(?:yêu cầu|đề nghị|giao|xong|hoàn thành|trình|báo cáo|nộp|gửi|tổ chức|tổng hợp)(?!\w)",
    re.IGNORECASE,
)
_BY_A_DAY = re.compile(r"(?:trước|chậm nhất|muộn nhất)\s(?:là\s)?(?:ngày|tháng|quý|\d)", re.IGNORECASE)


def own_act(sentence: str, issuer: str | None, *, dated: bool = False) -> LetterRelation | None:
    """What a sentence does to another letter by saying so, where nobody or the letter's `issuer` is its subject.

    `dated`: it states a deadline of its own, which only what is extended or corrected can bear.
    """
    opening = _OPENING.match(sentence)
    if opening is None or not _is_issuer(opening["subject"], issuer):
        return None
    cited = next(iter(citations.find(sentence)), None)
    if cited is None or cited.start is None or cited.end is None or _ASKS_MORE.search(sentence, cited.end):
        return None
    before = sentence[opening.end() : cited.start]
    if _EXTENDS.fullmatch(before):
        kind: LetterRelationKind = "extends"
        held = _BY_A_DAY.search(sentence, cited.end) is not None
    elif (undoes := _UNDOES.fullmatch(before)) is not None:
        # Who takes back a point of a letter leaves the rest in force.
        in_part = undoes["part"] or undoes["parts"]
        kind = "corrects" if in_part else _KINDS.get(undoes["verb"].lower(), "withdraws")
        held = dated and undoes["verb"].lower() != "đính chính"
    else:
        return None
    return None if held else LetterRelation(kind, cited.text, cited.number, cited.notation)


def hands_up(sentence: str, issuer: str | None) -> bool:
    """Whether a sentence only lays the letter before those above (`Sở A báo cáo UBND tỉnh xem xét./.`)."""
    said = _HANDS_UP.fullmatch(sentence)
    return said is not None and bool(said["subject"].strip()) and _is_issuer(said["subject"], issuer)


_HANDS_UP = re.compile(
    r"(?P<subject>[^,;:.]{2,80}?)\s(?:(?:xin|kính|trân trọng)\s){0,2}(?:báo cáo|trình)\s(?:và\s)?"
    r"(?!kết quả|tình hình|việc)[^,;:.]{3,100}?\s(?:xem xét|chỉ đạo|quyết định|cho ý kiến|phê duyệt)"
    r"(?:(?:,|\svà)?\s(?:xem xét|cho ý kiến|cho phép|chỉ đạo|quyết định|phê duyệt|giải quyết|thực hiện))*[./\s]*",
    re.IGNORECASE,
)


def _is_issuer(subject: str, issuer: str | None) -> bool:
    """Whether a subject is nobody, or the issuer as letters name it short (`Ủy ban nhân dân tỉnh`, `Sở`)."""
    words = subject.strip().casefold().replace("ubnd", "ủy ban nhân dân").split()
    return words == (issuer or "").casefold().split()[: len(words)]
