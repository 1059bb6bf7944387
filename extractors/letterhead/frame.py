"""Which blocks are the letter's frame and which its body."""

import itertools
from collections.abc import Sequence
from typing import get_args

import msgspec

from extractors.letterhead import foot, head, lines, wording
from extractors.letterhead.lines import HEAD_BLOCKS, Line
from extractors.letterhead.wording import Part
from models import Block


class LetterParts(msgspec.Struct, frozen=True):
    """Indexes of the blocks that make up each part, in order; every block is in exactly one.

    `head` includes mottos, number, date, issuer, type and subject; `basis` the `Căn cứ` lines; `copies` the
    `Nơi nhận`. A data table is always body.
    """

    head: tuple[int, ...] = ()
    basis: tuple[int, ...] = ()
    recipients: tuple[int, ...] = ()
    copies: tuple[int, ...] = ()
    signature: tuple[int, ...] = ()
    stamp: tuple[int, ...] = ()
    body: tuple[int, ...] = ()
    furniture: tuple[int, ...] = ()


def parts(blocks: Sequence[Block]) -> LetterParts:
    """Which blocks are the letter's frame and which its body."""
    by_block: dict[int, Part] = {}
    for line in told(blocks):
        # A table that holds several parts goes by the first that is no body.
        if by_block.get(line.block, "body") == "body":
            by_block[line.block] = line.part
    grouped: dict[str, list[int]] = {part: [] for part in get_args(Part)}
    for index in range(len(blocks)):
        grouped[by_block.get(index, "body")].append(index)
    return LetterParts(**{part: tuple(indexes) for part, indexes in grouped.items()})


def bears_motto(blocks: Sequence[Block]) -> bool:
    """Whether a motto of the state or the Party stands among the first lines."""
    return any(wording.motto(line.text) for line in itertools.islice(lines.of_blocks(blocks), HEAD_BLOCKS))


def told(blocks: Sequence[Block]) -> list[Line]:
    """Every line with its part. The head ends at the first line that is none of its parts."""
    read = list(lines.of_blocks(blocks))
    found: list[Line] = []
    foot_at = foot.start(read)
    state: str | None = None
    above = head.start(read)
    in_head = any(head.kind(line) for line in read[above : above + HEAD_BLOCKS])
    body_begun = False
    for index, line in enumerate(read):
        if line.part == "stamp":
            found.append(line)
            continue
        if line.part == "furniture" or index < above:
            found.append(msgspec.structs.replace(line, part="furniture"))
            continue
        if foot_at is not None and index >= foot_at:
            state = foot.kind(line, state, read[index - 1].text if index > foot_at else "")
            part: Part = "copies" if state == "copies" else "signature" if state == "signature" else "body"
            found.append(msgspec.structs.replace(line, part=part, kind=state))
            continue
        if head.is_basis(line, state, read[index + 1 : index + 2]) and not body_begun:
            state = "basis"
            found.append(msgspec.structs.replace(line, part="basis", kind="basis"))
            continue
        if line.grid and not line.text:
            found.append(line)  # a data table, also right under a title that looks like an issuer
            continue
        if not in_head:
            body_begun = True
            found.append(line)
            continue
        kind = head.kind(line) or head.continued(line, state, found)
        if (
            kind == "title"
            and head.names_issuer(state, found)
            and "number" in map(head.kind, read[index + 1 : index + 3])
        ):
            kind = "organ"  # `TỔ CÔNG TÁC TRIỂN KHAI` / `ĐỀ ÁN 06 CỦA CHÍNH PHỦ` over the number
        if kind == "organ" and index + 1 < len(read) and wording.STAMP.search(read[index + 1].text):
            kind = "stamp"  # the receiving office's name heads its stamp
        if kind is None:
            # Marks and the motto may stand between a line that is none of the head's own and its date.
            coming = [
                other
                for later in read[index + 1 : index + 7]
                if (other := head.kind(later)) not in ("motto", "urgency")
            ]
            in_head = any(other in ("addressed", "number", "date") for other in coming[:3])
            in_head = in_head and len(line.text) < 120 and not line.bullet
            body_begun = body_begun or not in_head
            found.append(line)
            continue
        state = kind
        part = "stamp" if kind == "stamp" else "recipients" if kind in ("addressed", "addressee") else "head"
        found.append(msgspec.structs.replace(line, part=part, kind=kind))
    return found
