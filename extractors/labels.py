"""The lead-in of an item that ends in a colon: bodies (`Bộ A:`), a subject (`Về hạ tầng:`), a part's name."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from extractors.orders import is_superior, order
from extractors.phrases import SPACES_AND_SIGNS, fold, folded_set, opens
from extractors.segmentation import SENTENCE_END, WORD, in_bracket
from models import AgencyMention

# A label is no longer than this many characters, a fronted phrase than that.
LONGEST_LABEL = 220


class Label(msgspec.Struct, frozen=True):
    """A lead-in that ends in a colon at `end` (after the colon and its space); `field` of parallel parts."""

    end: int
    kind: Literal["agency", "topic", "field"]
    field: str | None = None


def label(text: str, mentions: Sequence[AgencyMention]) -> Label | None:
    """The lead-in of an item: bodies (`Bộ A:`), a subject (`Về hạ tầng:`) or a part's name (`Thời hạn:`)."""
    colon = _label_colon(text, mentions)
    if colon <= 0 or SENTENCE_END.search(text, 0, colon):
        return None
    head = text[:colon]
    end = colon + 1 + (len(text[colon + 1 :]) - len(text[colon + 1 :].lstrip()))
    folded = fold(head).strip(SPACES_AND_SIGNS)
    for field in ("task", "lead", "coop", "deadline", "result", "other"):
        if folded in folded_set("fields", field):
            return Label(end, "field", field)
    if _STEP.fullmatch(folded):
        return Label(end, "topic")
    told = order(text[: colon + 1], mentions)
    # `Thủ tướng Chính phủ yêu cầu:` names who orders, not who is told.
    gives_order = told is not None and (told.kind == "asks_superior" or told.told_at >= colon)
    named = [mention for mention in mentions if (mention.end or 0) <= colon]
    if (
        any(mention.start == 0 or _only_before(folded, mention) for mention in named)
        and not gives_order
        and not is_superior(head)
        and _covers(head, named)
    ):
        return Label(end, "agency")
    first = opens(folded, "stance", "topic")
    words = len(WORD.findall(head))
    if first == "về" and words <= 30:
        return Label(end, "topic")
    verb = opens(folded, "verbs", "phrases")
    if first is None and words <= 8 and verb in (None, "phục vụ") and not any(map(str.isdigit, head)):
        return Label(end, "topic")
    return None


_STEP = re.compile(r"bước \d{1,2}")


def _label_colon(text: str, mentions: Sequence[AgencyMention]) -> int:
    """The colon that ends a lead-in; one that only opens a list of bodies in it does not (`Các tỉnh: A, B:`)."""
    colon = text.find(":", 0, LONGEST_LABEL)
    while colon > 0:
        within = any((m.start or 0) < colon < (m.end or 0) for m in mentions)  # `Các Sở: Y tế, Nội vụ rà soát …`
        opens_list = any(m.start is not None and colon < m.start <= colon + 2 for m in mentions)
        if not (within or opens_list):
            return colon
        following = text.find(":", colon + 1, LONGEST_LABEL)
        if not within:
            inside = [m for m in mentions if m.start is not None and colon < m.start < following]
            named = sum((m.end or 0) - (m.start or 0) for m in _apart(inside))
            if following < 0 or named * 2 <= following - colon:
                return colon
        colon = following  # `UBND các phường: A, B và các xã: C, D rà soát …`
    return colon


def _only_before(folded: str, mention: AgencyMention) -> bool:
    """Whether nothing but an order verb or `đối với` stands before a body at the head of a label."""
    before = folded[: mention.start or 0].strip(SPACES_AND_SIGNS)
    before = _TO_ALL.sub("", before)
    if opens(before, "verbs", "phrases") and not opens(before, "order", "verbs"):
        return False  # `Làm việc với các đơn vị nhận quân`: what is to be done, with whom
    return not before or len(before.split()) <= 4 or _LIST_OPENER.fullmatch(before) is not None


_TO_ALL = re.compile(r"^(?:yêu cầu|nhiệm vụ|trách nhiệm)?\s?(?:chung )?đối với (?:tất cả|toàn bộ|từng)$")
# Before the names of an elided list: `Chủ tịch Ủy ban nhân dân các tỉnh, thành phố:`.
_LIST_OPENER = re.compile(
    r"(?:đề nghị |yêu cầu |giao )?(?:(?:chủ tịch|bộ trưởng|giám đốc|thủ trưởng) )?(?:ủy ban nhân dân |ubnd )?"
    r"các (?:tỉnh|thành phố|bộ|sở|xã|phường|cơ quan|đơn vị|ngành)"
    r"(?:, (?:tỉnh|thành phố|bộ|ngành|xã|phường|đặc khu))*"
)


def _covers(head: str, mentions: Sequence[AgencyMention]) -> bool:
    """Whether a label says little but the names of bodies and how they stand to one another."""
    inside = [m for m in mentions if m.start is not None and m.end is not None and m.end <= len(head)]
    outside = [m for m in inside if not in_bracket(head, m.start or 0)]
    named = sum((m.end or 0) - (m.start or 0) for m in _apart(outside))
    rest = len(_BRACKETS.sub("", head)) - named
    return named > 0 and rest <= max(28 + 8 * len(inside), named * 0.8)


_BRACKETS = re.compile(r"\([^()]{1,160}\)")


def _apart(mentions: Sequence[AgencyMention]) -> Iterable[AgencyMention]:
    """Mentions that do not overlap: an elided list names several bodies at one place."""
    end = -1
    for mention in mentions:
        if (mention.start or 0) >= end:
            end = mention.end or 0
            yield mention
