"""Words quoted in an account of what was said (`“Bộ A phải …”, Phó Thủ tướng nói.`)."""

import re
from collections.abc import Sequence

from extractors.agencies import within
from extractors.orders import is_superior, order, tells_body
from extractors.phrases import fold, folded_set
from extractors.predicates import TOLD_AS_DONE, after_subject, clause_start, end_of_subject
from extractors.titles import CHAIRS, SPEAKERS
from models import AgencyMention

QUOTED = re.compile(
    r"[“\"](?:Tôi (?=đề nghị|yêu cầu|giao))?(?P<words>[^“”\"]{10,600})"
    rf"(?:[”\"](?:[\s,.–-]{{0,4}}(?:đồng chí |ông |bà )?{SPEAKERS}[^.;:]{{0,80}})?)?\.?",
    re.IGNORECASE,
)
"""`“Bộ A phải làm xong trong tháng này”, Phó Thủ tướng nói.`, or the beginning of words that go on."""
_CHAIRS = re.compile(rf"(?:^|, ){CHAIRS}(?!\w)")
_ATTENDS = re.compile(
    r"(?:^|, |; )(?:đại diện|lãnh đạo (?:ubnd |ủy ban nhân dân )?(?:các )?(?:tỉnh|thành phố|xã|phường|sở"
    r"|địa phương|doanh nghiệp)(?! (?:lưu ý|giao|yêu cầu|chỉ đạo|phân công) )"
    r"|giám đốc|phó giám đốc|chủ tịch ubnd (?:xã|phường)|các đại biểu)\s"
)
_CONCLUDES = re.compile(
    r"(?<!\w)(?:phát biểu (?:kết luận|chỉ đạo)|kết luận (?:cuộc họp|hội nghị|buổi|phiên|tại|nội dung)"
    r"|phát biểu tại [^,.;]{3,80}, (?:phó )?(?:thủ tướng|bộ trưởng|chủ tịch|bí thư)"
    r"|(?:giao|phân công) (?:một số )?nhiệm vụ(?: cụ thể)? cho|về (?:các )?nhiệm vụ cụ thể)"
)
_ANOTHER = re.compile(
    r"(?<!\w)(?:cho biết|cho hay|báo cáo (?:tại|với|đoàn)|phản ánh"
    r"|(?<!xem xét )(?<!các )(?<!những )(?<!của )(?<!theo )(?<!về )(?<!giải quyết )(?:kiến nghị|đề xuất))(?!\w)"
)
_PERSON_TELLS = re.compile(
    rf"{SPEAKERS}"
    r"(?: (?!phải|cần|giao|yêu cầu|đề nghị|khẩn trương)[^\s,;.:]+){0,14}? "
    r"(?:đánh giá|ghi nhận|biểu dương|cảm ơn|khẳng định|nhận định|cho biết|cho hay|cho rằng|bày tỏ|nhìn nhận"
    r"|chia sẻ|thông tin(?=,| rằng| về| thêm)|phản ánh|mong|chúc|tin tưởng|hoan nghênh|nói|kể|trao|tặng|thăm"
    r"|dự|đến|tới|khảo sát|chủ trì"
    r"|phát biểu|phân tích|dẫn|nêu thực tế|giải thích|thừa nhận|tiếp thu|hứa|cam kết)(?!\w)"
)


def ends_as_speech(text: str) -> bool:
    """Whether a sentence ends by telling who said it (`“…”, Bộ trưởng nhấn mạnh.`)."""
    end = fold(text[-24:]).rstrip(" .…\"”'")
    if text[:1] in "“‘" and "”" not in text:
        return True  # the beginning of a quotation that goes on
    if speaks_of_oneself(text):
        return True
    quoted = text[:1] in "\"“‘'" or "”" in text[-60:]
    return quoted and any(end.endswith(verb) for verb in folded_set("aspect", "reporting"))


def speaks_of_oneself(text: str) -> bool:
    """Whether a sentence is a speaker's own words (`Tôi đề nghị …`), which no letter holds."""
    return text.lstrip("“\"'").startswith(("Tôi ", "Chúng ta ", "Chúng tôi "))


def tells_duty(text: str, mentions: Sequence[AgencyMention]) -> int | None:
    """Where the words begin by which one who chairs says what a body must do (`Thủ tướng nêu rõ, Bộ A phải …`)."""
    lead_in = _SAYS_THAT.match(text)
    if lead_in is None:
        return None
    words = text[lead_in.end() :]
    inside = within(mentions, lead_in.end(), len(text))
    head = end_of_subject(words, 0, inside)
    must = head is not None and _MUST.match(fold(words[head:])) is not None
    return lead_in.end() if must and says_who_acts(words, inside) else None


_SAYS_THAT = re.compile(
    rf"(?:[^,;.:“”\"]{{2,60}}, )?(?i:{CHAIRS})(?!\w)[^,;.:“”\"]{{0,60}}?\s"
    r"(?:nêu rõ|nhấn mạnh|lưu ý|chỉ rõ|quán triệt)(?:,|:|\srằng)?\s"
)
_MUST = re.compile(r"(?:\s(?!đã|đang|chưa)[^\s,;.]{1,12}){0,4}?\s(?:phải|cần|không được|có trách nhiệm)\s")


def says_who_acts(words: str, mentions: Sequence[AgencyMention]) -> bool:
    """Whether words quoted tell a body what to do, by an order or as its subject."""
    told = order(words, mentions)
    if told is not None and told.kind == "orders" and told.start == 0 and tells_body(told, mentions):
        return True
    head = clause_start(words, mentions)
    end = end_of_subject(words, head, mentions)
    if end is None or is_superior(words[head:end]):
        return False
    predicate = fold(words[end : end + 120])
    return after_subject(predicate) == "subject_acts" and TOLD_AS_DONE.match(fold(words)) is None


def person_tells(opening: str) -> bool:
    """Whether somebody with a title and a name tells or does something (`Bộ trưởng An thăm …`), not a body."""
    return _PERSON_TELLS.match(opening) is not None


def concludes(sentence: str) -> bool:
    """Whether a sentence tells that he who chairs a meeting concludes it: what follows is what he orders."""
    return _CONCLUDES.search(fold(sentence)) is not None


def chairs(sentence: str) -> bool:
    """Whether a sentence has one who chairs as its subject (`…, Phó Thủ tướng yêu cầu …`)."""
    return _CHAIRS.search(fold(sentence)) is not None


def asks_for_itself(text: str) -> bool:
    """Whether somebody only wishes to be allowed something (`Bệnh viện A kiến nghị được tự mua thuốc`)."""
    return _FOR_ITSELF.match(fold(text)) is not None


_FOR_ITSELF = re.compile(r"[^,;.:]{4,120}?\s(?:kiến nghị|đề nghị|đề xuất|xin|mong|mong muốn)(?: cho phép)? được\s")


def wishes(before: str, verb: str) -> bool:
    """Whether one who does not chair only wishes (`Lãnh đạo tỉnh A kiến nghị …`); `before` is what precedes."""
    folded = fold(before)
    if _CHAIRS.search(folded) is not None:
        return False
    return verb in ("kiến nghị", "đề xuất", "xin") or _ATTENDS.search(folded) is not None


def another_speaks(sentence: str) -> bool:
    """Whether a sentence gives what another than he who concludes said of how things are."""
    folded = fold(sentence[:200])
    return _ANOTHER.search(folded) is not None and _CHAIRS.search(folded) is None
