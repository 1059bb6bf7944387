"""Words quoted in an account of what was said (`“Bộ A phải …”, Phó Thủ tướng nói.`)."""

import re
from collections.abc import Sequence

import msgspec

from extractors.orders import is_superior, order, tells_body
from extractors.phrases import fold, folded_set
from extractors.predicates import TOLD_AS_DONE, after_subject, end_of_subject
from models import AgencyMention


def ends_as_speech(text: str) -> bool:
    """Whether a sentence ends by telling who said it (`“…”, Bộ trưởng nhấn mạnh.`)."""
    end = fold(text[-24:]).rstrip(" .…\"”'")
    if text[:1] in "“‘" and "”" not in text:
        return True  # the beginning of a quotation that goes on
    if speaks_of_oneself(text):
        return True
    quoted = text[:1] in "\"“‘'" or "”" in text[-60:]
    return quoted and any(end.endswith(verb) for verb in folded_set("aspect", "reporting"))


# `“Bộ A phải làm xong trong tháng này”, Phó Thủ tướng nói.`, or the beginning of words that go on.
QUOTED = re.compile(
    r"[“\"](?:Tôi (?=đề nghị|yêu cầu|giao))?(?P<words>[^“”\"]{10,600})"
    r"(?:[”\"](?:[\s,.–-]{0,4}(?:ông|bà|đồng chí|phó thủ tướng|thủ tướng|bộ trưởng|thứ trưởng|chủ tịch"
    r"|phó chủ tịch|bí thư|người đứng đầu)[^.;:]{0,80})?)?\.?",
    re.IGNORECASE,
)


def says_who_acts(words: str, mentions: Sequence[AgencyMention]) -> bool:
    """Whether words quoted tell a body what to do, by an order or as its subject."""
    told = order(words, mentions)
    if told is not None and told.kind == "orders" and told.start == 0 and tells_body(told, mentions):
        return True
    end = end_of_subject(words, 0, mentions)
    if end is None or is_superior(words[:end]):
        return False
    predicate = fold(words[end : end + 120])
    return after_subject(predicate) == "subject_acts" and TOLD_AS_DONE.match(fold(words)) is None


def within(mentions: Sequence[AgencyMention], start: int, end: int) -> tuple[AgencyMention, ...]:
    """The mentions within a stretch of text, with offsets in it."""
    return tuple(
        msgspec.structs.replace(m, start=m.start - start, end=m.end - start)
        for m in mentions
        if m.start is not None and m.end is not None and start <= m.start and m.end <= end
    )


def speaks_of_oneself(text: str) -> bool:
    """Whether a sentence is a speaker's own words (`Tôi đề nghị …`), which no letter holds."""
    return text.lstrip("“\"'").startswith(("Tôi ", "Chúng ta ", "Chúng tôi "))
