"""Whether a letter bears a secrecy mark: looked at before anything of it is stored.

The mark is a box of its own under the symbol (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô 10a): MẬT, TỐI MẬT or
TUYỆT MẬT, in capitals, alone on its line or in its box. The words `bí mật nhà nước` in a sentence are no mark,
nor is a heading that speaks of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from extractors.tones import bare
from models.document import Block, Grid, Page, Paragraph, Word

MARKS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
MARK_ZONE = 0.6
"""Share of the page, from the top, in which a mark may stand; stamps slip, so it is generous."""

GAP = 1.2
"""Spaces wider than this many line heights part two boxes that stand on one line."""

FIRST_BLOCKS = 40
"""Blocks of a document without pages that count as its first page."""

Verdict = Literal["clear", "marked", "doubtful"]


class Secrecy(msgspec.Struct, frozen=True):
    """What was found: `mark` as the decree writes it where `verdict` is `marked`."""

    verdict: Verdict
    mark: str | None = None


CLEAR = Secrecy("clear")


def of_page(page: Page, red: Iterable[str] = ()) -> Secrecy:
    """The mark of a first page, from its words and from what was recognised in its red parts (`red`).

    A page that could not be read is doubtful: nobody knows what stands on it.
    """
    if page.source == "unread":
        return Secrecy("doubtful")
    top = [w for w in page.words if w.box.top < page.height * MARK_ZONE]
    return _worst([_of_line(" ".join(part)) for part in _parts(top)] + [_of_red(text) for text in red])


def of_blocks(blocks: Sequence[Block]) -> Secrecy:
    """The mark of a document without pages, from its first blocks and the cells of tables among them."""
    found: list[Secrecy] = []
    for block in blocks[:FIRST_BLOCKS]:
        if isinstance(block, Grid):
            found += [_of_line(p.text) for cell in block.cells for p in cell.paragraphs]
        elif isinstance(block, Paragraph):
            found += [_of_line(line) for line in block.text.splitlines() or [""]]
    return _worst(found)


def _worst(found: Iterable[Secrecy]) -> Secrecy:
    order = {"marked": 2, "doubtful": 1, "clear": 0}
    return max(found, key=lambda s: order[s.verdict], default=CLEAR)


def _parts(words: Sequence[Word]) -> list[list[str]]:
    """Words by line and, within a line, by the wide gaps that part the two columns of a letterhead."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.box.top + w.box.bottom) / 2, w.box.x0)):
        middle = (word.box.top + word.box.bottom) / 2
        if lines and lines[-1][-1].box.top <= middle <= lines[-1][-1].box.bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    parts: list[list[str]] = []
    for line in lines:
        line.sort(key=lambda w: w.box.x0)
        parts.append([line[0].text])
        for before, word in pairwise(line):
            height = max(word.box.bottom - word.box.top, 1.0)
            if word.box.x0 - before.box.x1 > GAP * height:
                parts.append([])
            parts[-1].append(word.text)
    return parts


def _capitals(text: str) -> str:
    """`text` without what a box, a seal or speckle adds around its letters; letter-spaced marks joined."""
    kept = re.sub(r"[^\w\s]|[\d_]", " ", unicodedata.normalize("NFC", text))
    joined = " ".join(kept.split())
    if re.fullmatch(r"(?:\w )*\w", joined):
        joined = joined.replace(" ", "")
        joined = joined.replace("TỐIMẬT", "TỐI MẬT").replace("TUYỆTMẬT", "TUYỆT MẬT")
    return joined


_BARE_MARKS = {bare(mark) for mark in MARKS}
# What a mark looks like misread, and an honest word in capitals too (MẶT, MẤT): a person decides.
_LONE = re.compile(r"(?:DO |DẤU |ĐỘ )?(?:" + "|".join(MARKS) + ")")


def _of_line(text: str) -> Secrecy:
    """The verdict on one line or box: a mark only where it stands alone and in capitals."""
    line = _capitals(text)
    if not line or line != line.upper():
        return CLEAR
    found = _LONE.fullmatch(line)
    if found:
        return Secrecy("marked", next(mark for mark in MARKS if line.endswith(mark)))
    return Secrecy("doubtful") if bare(line) in _BARE_MARKS else CLEAR


def _of_red(text: str) -> Secrecy:
    """The verdict on what was recognised in a red part: a seal's text may run into the mark's."""
    for line in text.splitlines():
        whole = _of_line(line)
        if whole.verdict != "clear":
            return whole
        tokens = _capitals(line).split()
        if any(token == "MẬT" for token in tokens):
            return Secrecy("doubtful", None)
    return CLEAR
