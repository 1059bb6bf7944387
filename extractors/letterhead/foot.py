"""Where the foot begins (`Nơi nhận`, signature), and what its lines are."""

import re
from collections.abc import Sequence

from extractors.letterhead import wording
from extractors.letterhead.lines import Line


def start(lines: Sequence[Line]) -> int | None:
    """Where the foot begins: `Nơi nhận`, or the signature's first line, whichever comes first."""
    for index, line in enumerate(lines):
        if line.part in ("furniture", "stamp"):
            continue
        if wording.COPIES.match(line.text) and len(line.text) < 200:
            start = index
            # A signature set before `Nơi nhận` belongs to the foot too.
            while start > 0 and _foot_line(lines[start - 1]) and not wording.CLOSING.search(lines[start - 1].text):
                start -= 1
            return start
    for index, line in enumerate(lines):
        authority = wording.AUTHORITY.match(line.text)
        if (
            authority
            and wording.is_capitals(line.text)
            and any(wording.NAME.match(later.text) for later in lines[index : index + 8])
        ):
            return index
    return None


def _foot_line(line: Line) -> bool:
    return (
        line.part not in ("furniture", "stamp")
        and not line.bullet
        and len(line.text) < 90
        and bool(
            (
                wording.is_capitals(line.text)
                and (wording.AUTHORITY.match(line.text) or wording.words().position.match(line.text))
            )
            or wording.NAME.match(line.text)
        )
    )


def kind(line: Line, state: str | None, before: str) -> str | None:
    """`copies`, `signature`, or `after` once anything else follows the foot; `before` is the line above."""
    text = line.text
    if state == "after":
        return "after"
    if state == "copies" and before.endswith(",") and text.endswith((";", ",", ".")) and len(text) < 90:
        return "copies"  # a line of recipients that goes on
    if wording.COPIES.match(text):
        return "copies"
    if (
        not line.bullet
        and len(text) < 120
        and (wording.AUTHORITY.match(text) or wording.words().position.match(text))
        and wording.is_capitals(text)
    ):
        return "signature"
    if not line.bullet and wording.NAME.match(text) and state in ("signature", "copies"):
        return "signature"
    if (
        state == "signature"
        and not line.bullet
        and wording.is_capitals(text)
        and len(text) < 90
        and not wording.ANNEX_TITLE.match(text)
    ):
        # The position may go on over lines; a heading in capitals after the name is an annex's.
        return "signature" if wording.words().organ_head.match(text) else "after"
    if state == "signature" and re.match(r"^\((?:Đã ký|đã ký|Ký|ký)", text):
        return "signature"
    if state in ("copies", "signature") and line.bullet and not wording.ANNEX_TITLE.match(text):
        return "copies"
    if state == "copies" and (
        len(text) < 160 and not wording.ANNEX_TITLE.match(text) and not wording.is_capitals(text)
    ):
        return "copies"
    return "after"
