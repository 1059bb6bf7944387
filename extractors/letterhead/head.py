"""What a line of the head is: by its own form, and by what stands above it."""

import re
from collections.abc import Sequence
from typing import get_args

from extractors.citations import CAPITAL
from extractors.letterhead import wording
from extractors.letterhead.lines import HEAD_BLOCKS, Line
from models.letter import Urgency

LONGEST_SYMBOL = 30
"""Characters of a document's number and symbol that a subject goes on with in its next line."""


def start(lines: Sequence[Line]) -> int:
    """Where the head begins: after what a legal portal puts above the text of a document (its name, a summary).

    The motto tells; a name of a body right above it, and a stamp, are the head's. 0 where there is no motto, or
    where a part of a letter stands before it.
    """
    motto = next((i for i, line in enumerate(lines[: 2 * HEAD_BLOCKS]) if wording.motto(line.text)), 0)
    first = motto
    while first > 0 and (lines[first - 1].block == lines[motto].block or kind(lines[first - 1]) == "organ"):
        first -= 1
    if any(kind(line) in ("addressed", "number", "date", "subject", "stamp") for line in lines[:first]):
        return 0
    return first


def is_basis(line: Line, state: str | None, following: Sequence[Line]) -> bool:
    """Whether a line is one of the grounds of a decision: they end in `;`, the last before the enacting words.

    A sentence that begins with `Căn cứ` and goes on to order something is none.
    """
    if not wording.BASIS.match(line.text) or line.bullet or line.numbered:
        return False
    enacts = any(wording.ENACTING.match(later.text) for later in following)
    return line.text.endswith(";") or state == "basis" or enacts


def kind(line: Line) -> str | None:
    """What a line of a head is by its own form, or None."""
    text = line.text
    if not text or len(text) > 400 or line.numbered:
        return None
    if wording.ADDRESSED.match(text) or wording.WIRED.fullmatch(text):
        return "addressed"
    if wording.STAMP.search(text):
        return "stamp"
    if (number := wording.NUMBER.search(text)) and (
        number.start() == 0 or wording.is_organ(wording.without_motto(text[: number.start()]))
    ):
        return "number"
    if wording.SUBJECT.match(text):
        return "subject"
    if (date := wording.dated(text)) and len(text) - len(date[0]) < 4 and not wording.COMPLETION.search(text):
        return "date"
    if wording.motto(text):
        return "motto"
    if wording.mark(text, get_args(Urgency)):
        return "urgency"
    if wording.ENACTING.match(text):
        return "enacting"
    if wording.words().title.fullmatch(text) and (line.prominent or text == text.upper()):
        return "title"
    if re.match(r"^\(?(?:Ban hành )?[Kk]èm theo\s", text):
        return "annexed"
    if wording.is_capitals(text) and wording.words().position.match(text) and len(text) < 110:
        return "authority"  # who decides, between the title and the grounds of a decision
    return "organ" if wording.is_organ(text) and not line.bullet else None


def continued(line: Line, state: str | None, told: Sequence[Line]) -> str | None:
    """What a line is because of what stands above it: a name or a subject runs on, an addressee follows."""
    text = line.text
    if line.numbered:
        return None
    if state in ("addressed", "addressee"):
        before = told[-1].text.rstrip()
        open_ended = before.endswith((";", ",", ":")) or wording.ADDRESSED.sub("", before) == ""
        if line.bullet and not before.endswith("."):
            return "addressee"
        runs_on = not before.endswith((".", ";")) and (
            (len(text) < 60 and text.endswith(";")) or _NAMES_THAT_GO_ON.fullmatch(text) is not None
        )
        open_ended = open_ended or runs_on
        return "addressee" if open_ended and len(text) < 240 and not _ends_sentence_of_body(text) else None
    if names_issuer(state, told) and wording.is_capitals(text) and len(text) < 110:
        return "organ"
    if state == "number" and told[-1].text.rstrip().endswith(" số") and len(text) < LONGEST_SYMBOL:
        return "subject_more"  # `V/v thực hiện Kế hoạch số` / `61/KH-UBND`
    if state == "organ" and text.strip("*_-– ") == "":
        return "rule"
    if state in ("title", "subject", "title_subject", "subject_more") and line.bullet and _NAMED_HEAD.match(text):
        return "addressee"  # a telegram's list of those it goes to, without `gửi`
    if state in ("title", "subject", "title_subject") and not line.bullet:
        if state == "title" and len(text) < 400:
            return "title_subject"
        if len(text) < 240 and (line.prominent or state == "subject") and not text.endswith((".", ":")):
            return "title_subject" if state != "subject" else "subject_more"
    if state == "subject_more" and line.prominent and len(text) < 160 and not text.endswith((".", ":")):
        return "subject_more"
    return None


def names_issuer(state: str | None, told: Sequence[Line]) -> bool:
    """Whether the line before names the issuer, alone or beside the motto (`BỘ VĂN HÓA, THỂ THAO CỘNG HÒA …`)."""
    return state == "organ" or (state == "motto" and wording.is_organ(wording.without_motto(told[-1].text)))


# `Sơn, Cao Bằng, Lào Cai và Phú Thọ;`: the end of a list of names whose line was full.
_NAMES_THAT_GO_ON = re.compile(
    rf"(?:[{CAPITAL}][\w.]{{0,12}}(?: [{CAPITAL}][\w.]{{0,12}}){{0,5}}(?:, | và |[;.]$)){{1,40}}"
)

_NAMED_HEAD = re.compile(
    r"[-–•+\s]{0,4}(?:Các )?(?:đồng chí )?(?:Bộ trưởng|Thủ trưởng|Chủ tịch|Bí thư|Giám đốc|Tổng Giám đốc|Chủ nhiệm"
    r"|Thống đốc|Tổng Thanh tra|Ủy ban nhân dân|UBND|Tập đoàn|Tổng công ty|Văn phòng|Bộ|Sở|Ban|Công an|Cục)\s"
    r"[^.:]{2,200}(?::[^.:]{2,200})?[;.,]?$"
)


def _ends_sentence_of_body(text: str) -> bool:
    return text.endswith(":") or len(re.findall(r"\.\s", text)) > 1
