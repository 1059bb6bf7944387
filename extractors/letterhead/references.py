"""What the letter refers to: cited documents, what it does to them, its annexes."""

import datetime
import re
from collections.abc import Iterator, Sequence

import msgspec

from extractors import citations
from extractors.deadlines import DeadlineContext
from extractors.extensions import extensions
from extractors.letterhead import fields
from extractors.letterhead.lines import Line
from extractors.own_acts import own_act
from models import Block, Citation, Grid, LetterRelation, Paragraph


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    """Every paragraph, those of tables too, with the index of its block."""
    for index, block in enumerate(blocks):
        if isinstance(block, Grid):
            for cell in block.cells:
                yield from ((index, p.text) for p in cell.paragraphs)
        else:
            yield index, block.text


def cited(blocks: Sequence[Block], number: str | None, notation: str | None) -> tuple[Citation, ...]:
    """Every document referred to, with its block; the letter's own number is no reference."""
    return tuple(
        msgspec.structs.replace(citation, block=index)
        for index, text in _texts(blocks)
        for citation in citations.find(text)
        if not (citation.number == number and citation.notation == notation)
    )


def relations(
    subject: str | None,
    issuer: str | None,
    issued: datetime.date | None,
    blocks: Sequence[Block],
    lines: Sequence[Line],
) -> tuple[LetterRelation, ...]:
    """From the subject, first words that answer or act, what the text says of `văn bản này`, and an annex's title.

    A document that replaced another in the past is no act of this letter.
    """
    texts = [subject] if subject else []
    body = [line.text for line in lines if line.part == "body" and line.text]
    texts += [text for text in body[:3] if _ANSWERS.match(text)]
    texts += [text for text in body if _ACTS.match(text) or _THIS_LETTER.search(text)]
    if not fields.of_kind(lines, "number"):
        texts += [b.text for b in blocks[:12] if isinstance(b, Paragraph) and citations.annexed_to(b.text)]
    extended = list(_extensions(issuer, issued, blocks, lines))
    found = [relation for text in texts for relation in citations.relations(text)]
    found += [act for text in body if (act := own_act(text, issuer)) is not None]
    said: dict[tuple[str, str | None, str | None], LetterRelation] = {}
    for relation in (*extended, *found):
        said.setdefault((relation.kind, relation.number, relation.notation), relation)
    # One letter may be given several new days, each for something else.
    more = [relation for relation in dict.fromkeys(extended) if relation not in said.values() and relation.until]
    return (*said.values(), *more)


def _extensions(
    issuer: str | None, issued: datetime.date | None, blocks: Sequence[Block], lines: Sequence[Line]
) -> Iterator[LetterRelation]:
    """What the letter gives a new day, with the page where it says so."""
    context = DeadlineContext(issued=issued)
    for line in lines:
        if line.part != "body":
            continue
        block = blocks[line.block]
        page = block.page if isinstance(block, Paragraph) else None
        for relation in extensions(line.text, issuer, context):
            yield msgspec.structs.replace(relation, page=page)


_ANSWERS = re.compile(r"^(?:Trả lời|Phúc đáp|Phản hồi)\s")

_ACTS = re.compile(r"^(?:nay\s)?(?:gia hạn|thu hồi|bãi bỏ|hủy bỏ|huỷ bỏ|đính chính|thay thế)\s", re.IGNORECASE)

_THIS_LETTER = re.compile(
    r"(?:văn bản|công văn|quyết định|thông báo|kế hoạch|chỉ thị|hướng dẫn|nghị quyết) này\s[^.\n]{0,80}"
    r"(?:thay thế|bãi bỏ|đính chính|thu hồi)",
    re.IGNORECASE,
)

_ANNEX_NAMED = re.compile(
    r"(?<!\w)(?:Phụ lục|phụ lục)(?:\s{1,2}(?:số\s{1,2})?(?:[0-9]{1,2}|[IVXL]{1,5})(?!\w))?(?:\s{1,2}kèm theo)?"
)


def annexes_named(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Annexes the text speaks of: those with a number, or `kèm theo`."""
    named: dict[str, None] = {}
    for _, text in _texts(blocks):
        for match in _ANNEX_NAMED.finditer(text):
            words = match[0].split()
            if len(words) > 2:
                number = [word for word in words[2:] if word not in ("kèm", "theo", "số")]
                named.setdefault(" ".join(["Phụ lục", *number]))
    return tuple(named)
