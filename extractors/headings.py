"""What a heading or an introducing line says of what stands under it; paragraphs that say nothing."""

import re
from typing import Literal

from extractors.citations import CAPITAL
from extractors.phrases import SPACES_AND_SIGNS, fold, folded_set, opens, phrases

Stance = Literal["order", "proposal", "background"]


def stance(text: str) -> Stance | None:
    """What stands under a heading or an introducing line; None where it does not say."""
    folded = fold(text).strip(SPACES_AND_SIGNS)
    topic = opens(folded, "stance", "topic")
    if topic:
        rest = folded[len(topic) :].strip()
        return "background" if opens(rest, "stance", "background") else None
    first: tuple[int, int, Stance] | None = None
    classes: tuple[Stance, ...] = ("order", "proposal", "background")
    for kind in classes:
        found = phrases("stance", kind).search(folded)
        if found and (first is None or found.start() < first[0]):
            first = found.start(), found.end(), kind
    if first is None:
        return None
    _, end, kind = first
    for other in classes:
        if other == kind or {other, kind} == {"order", "proposal"}:
            continue
        if any(
            opens(folded[m.end() :].lstrip(" ,"), "stance", other)
            for m in phrases("stance", "and").finditer(folded, end)
        ):
            return None
    return kind


def introduced_stance(text: str) -> Stance | None:
    """What stands under a line that ends in a colon, by its last clause (`…, Bộ trưởng kết luận như sau:`)."""
    cut = max(text.rfind(","), text.rfind(";"), text.rfind(". "))
    return stance(text[cut + 1 :])


def is_topic(text: str) -> bool:
    """Whether a heading only names a subject (`Về …`): it sets nothing for what stands under it."""
    return opens(fold(text).strip(SPACES_AND_SIGNS), "stance", "topic") not in (None, "nhóm")


def opens_related(text: str) -> bool:
    """Whether a heading or line opens what a page adds to its article: links, other news, comments."""
    return fold(text).strip(" .:…»>|") in folded_set("related", "headings")


def is_requirement(text: str) -> bool:
    """Whether a heading says `Yêu cầu` and nothing more."""
    return fold(text).strip(" .:") in ("yêu cầu", "các yêu cầu", "yêu cầu chung")


def opens_with_known_verb(text: str) -> bool:
    """Whether a text opens with one of the verbs of directives."""
    folded = fold(text).strip(SPACES_AND_SIGNS)
    verb = opens(folded, "verbs", "phrases")
    return verb is not None and verb not in folded_set("verbs", "ambiguous")


def tells_progress(text: str) -> bool:
    """Whether a heading under results names what was done about tasks (`Thực hiện nhiệm vụ được giao`)."""
    return fold(text).startswith(
        ("thực hiện nhiệm vụ", "việc thực hiện", "công tác chỉ đạo", "kết quả", "tình hình")
    )


def is_superficial(text: str) -> bool:
    """Whether a paragraph is a formula of courtesy or reference (`Trân trọng./.`, `(Kèm theo …)`)."""
    folded = re.sub(r"^\W+", "", fold(text))
    if text == text.upper() or _ONLY_NAMES.fullmatch(text) or _TITLE.match(text):
        return True  # a title, or a part of one, or who wrote it: sentences have small letters
    if _CONTACT.match(folded) or _FOR_INFORMATION.match(folded) or _ISSUED_WITH.search(text[-240:]):
        return True
    if opens(folded, "superficial", "phrases") is not None or _CAPTION.search(text[-80:]):
        return True
    if _PUBLISHED.match(folded) and len(text) < 120 and not text.endswith((".", ";")):
        return True
    return len(text) < 300 and phrases("superficial", "anywhere").search(folded) is not None


def is_caption(text: str) -> bool:
    """Whether a paragraph is the text of a picture: it ends by naming who took it (`… Ảnh: Minh Anh`)."""
    return len(text) < LONGEST_CAPTION and _CAPTION.search(text[-80:]) is not None


def is_headline(text: str) -> bool:
    """Whether a paragraph of an account is a headline within it: a few words that end as no sentence does."""
    return len(text.split()) <= LONGEST_HEADLINE and not text.rstrip().endswith(
        (".", ";", ":", "!", "?", "…", "”", '"')
    )


LONGEST_HEADLINE = 14
"""Words."""
LONGEST_CAPTION = 400
# A title in capitals that goes on in small letters: `MÃ QUÉT CÁC TÀI LIỆU LIÊN QUAN Về việc …`
_TITLE = re.compile(rf"(?:[{CAPITAL}]{{1,10}}\s){{6,20}}(?:Về|Kèm|Ban hành)\s")
# Every name stands behind a sign of its own, so that there is one way to read a run of capitals.
_ONLY_NAMES = re.compile(rf"[{CAPITAL}][\w’']{{0,9}}(?:(?:\s[-–]\s|,\s|\s)[{CAPITAL}][\w’']{{0,9}}){{1,7}}")
# `Bộ A trả lời để Ủy ban nhân dân tỉnh B biết, thực hiện.`: how an answer ends.
_FOR_INFORMATION = re.compile(
    r"(?:bộ|sở|ủy ban|ubnd|văn phòng|ban|cục|tổng cục) [^.;:]{2,80}"
    r"(?:trả lời|thông báo|phúc đáp|có ý kiến|gửi)(?: \w+){0,4} để [^.;:]{2,120}(?:biết|được biết)(?!\w)"
)
# `Cắt giảm thủ tục năm 2026 (Kèm theo Quyết định số …)`: the subject of an annex.
_ISSUED_WITH = re.compile(
    r"\((?:Ban hành k|K)èm theo (?:Quyết định|Công văn|Kế hoạch|Nghị quyết|Tờ trình|Thông báo|Báo cáo|Chỉ thị)"
    r"\s[^()]{0,200}\)\s?$"
)
_CONTACT = re.compile(
    r"(?!.{0,300}(?:trước|chậm nhất|muộn nhất|hạn)\s)"
    r"(?:(?:báo cáo|văn bản|ý kiến|hồ sơ|danh sách|kết quả|thông tin)(?: \w+){0,3} gửi về"
    r"|(?:ch[iỉ] tiết|thông tin|đầu mối|mọi thông tin)(?: \w+){0,4} liên hệ"
    r"|(?:(?:mọi|nếu có) )?(?:khó khăn|vướng mắc)[^;.:]{0,40} liên hệ)"
    r"[^;]{0,160}(?:điện thoại|đt|email|thư điện tử|địa chỉ|phường|số \d+)"
)
# `… Ảnh: Minh Anh`: the caption of a picture.
_PUBLISHED = re.compile(r"(?:thứ \w+|chủ nhật)?,? ?(?:ngày )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\W|\d|$)")
_CAPTION = re.compile(r"(?:Ảnh|Nguồn ảnh|Tin, ảnh|Bài, ảnh|Ảnh minh họa)\s?:\s?[^.:]{2,60}\.?$")
