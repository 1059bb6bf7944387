"""A document as read → the letter it is, with its tasks: the composition of all extractors.

layout → letterhead → outline → items and table rows → agencies and deadlines → confidence. The places of tasks
count blocks as `layout.blocks` gives them again for the same document.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from extractors import (
    citations,
    confidence,
    deadlines,
    fields,
    headings,
    layout,
    letterhead,
    misses,
    outline,
    part_labels,
    scopes,
    segmentation,
    short_forms,
)
from extractors.items import ItemReader
from extractors.outline import Node
from extractors.part_labels import PartLabel
from extractors.rows import RowReader
from extractors.scopes import Context, Scope
from models import Block, Citation, Document, Grid, Letter, Office, Paragraph, Task

EXTRACTOR = "giaoviec rules 10"

_WORKBOOK = "spreadsheetml"
# How many blocks at its head say when and where a text without a letterhead speaks.
OPENING = 5
_NO_OFFICE = Office()


def extract(
    document: Document,
    office: Office = _NO_OFFICE,
    reference: datetime.date | None = None,
    main: Letter | None = None,
    said: Mapping[str, Any] | None = None,
) -> Letter:
    """The letter a document is. `reference` dates a letter that bears no date (the day it arrived).

    `main` is the letter that the document is an annex of: it gives number, day, issuer and addressees. `said`
    holds fields of the letterhead as people set them: what follows from them (years, periods) is read anew.
    """
    blocks = layout.blocks(document)
    letter = msgspec.structs.replace(letterhead.read(blocks, reference, office), **(said or {}))
    if main is not None:
        letter = _annexed(letter, main)
    body = _without_draft(blocks, _body(blocks), letter.subject, is_annex=main is not None)
    is_list = _WORKBOOK in document.media_type
    first = (
        range(min(OPENING, len(blocks))) if is_list else body[:OPENING]
    )  # a list's title may look like a head's
    opening = [block.text for index in first if isinstance(block := blocks[index], Paragraph)]
    given = scopes.context(letter, office, reference, opening, is_list=is_list)
    parts = part_labels.find(blocks, body, RowReader(given).kind)
    nodes = outline.build(blocks, body, parts)
    tasks = short_forms.under_full_names(list(_tasks(blocks, nodes, parts, given)), blocks, letter, given)
    judged = confidence.judged(letter, tasks, office.calibration)
    return msgspec.structs.replace(
        letter, tasks=judged, citations=tuple(_citations(blocks)), misses=misses.find(blocks, body, judged)
    )


def _annexed(letter: Letter, main: Letter) -> Letter:
    """An annex under the head of its letter; what has a whole head of its own was sent along, and keeps it."""
    own = (letter.code_number, letter.code_notation, letter.organ_name, letter.issued_date)
    if all(own) and (letter.code_number, letter.code_notation) != (main.code_number, main.code_notation):
        return letter
    return msgspec.structs.replace(
        main,
        citations=letter.citations,
        relations=letter.relations,
        annexes_named=letter.annexes_named,
        unknown={field: reason for field, reason in letter.unknown.items() if getattr(main, field) is None},
    )


def _body(blocks: Sequence[Block]) -> list[int]:
    """Indexes of the blocks that can hold tasks: the body, and its grounds, which may introduce them."""
    parts = letterhead.parts(blocks)
    return [
        index
        for index in sorted((*parts.body, *parts.basis))
        if isinstance(block := blocks[index], Grid) or block.role in ("body", "heading", "caption")
    ]


def _without_draft(
    blocks: Sequence[Block], body: list[int], subject: str | None, *, is_annex: bool = False
) -> list[int]:
    """The blocks of a letter that sends a draft for comments, up to the draft: its clauses are no tasks yet.

    An annex may be the draft itself.
    """
    if subject is None or not _FOR_COMMENTS.search(subject):
        return body
    first = -1 if is_annex else body[0] if body else 0
    for index, block in enumerate(blocks):
        if index > first and isinstance(block, Paragraph) and _DRAFT.match(block.text):
            return [kept for kept in body if kept < index]
    return body


_FOR_COMMENTS = re.compile(r"(?:ý kiến|góp ý|tham gia|thẩm định)[^.]{0,60}dự thảo|dự thảo", re.IGNORECASE)
_DRAFT = re.compile(
    r"\(?DỰ THẢO(?!\w)|\(?Dự thảo(?:\slần\s\d+)?\)?\s*$"
    r"|CỘNG HÒA XÃ HỘI|Số:\s*/|(?:THÔNG TƯ|NGHỊ ĐỊNH|QUYẾT ĐỊNH|NGHỊ QUYẾT|LUẬT)\s*$"
)


def _tasks(
    blocks: Sequence[Block], nodes: Sequence[Node], parts: Mapping[int, PartLabel], given: Context
) -> Iterator[Task]:
    """The tasks in document order: every node gets its scope from its parent and hands one on."""
    records = fields.records(blocks, nodes, parts)
    if given.invites:
        records = msgspec.structs.replace(records, by_task={}, parts=frozenset())
    items, rows = ItemReader(given, parts), RowReader(given)
    handed: list[Scope] = []
    beside: set[int] = set()
    for index, node in enumerate(nodes):
        above = handed[node.parent] if node.parent is not None else Scope()
        block = blocks[node.block]
        if _is_beside(block, node, beside, given):
            # Links and other news beside an article; a paragraph that follows a list of them goes on with it.
            beside.add(index)
            handed.append(above)
            continue
        section = outline.section(blocks, nodes, index)
        if isinstance(block, Grid):
            handed.append(above)
            for task in rows.tasks(node.block, block, _under_caption(blocks, nodes, index, above, given), section):
                items.told.add(task.leads)
                yield task
            continue
        if node.kind == "heading":
            items.begin_section()
        record = records.by_task.get(index)
        if record is not None:
            above = scopes.under_record(record, above, given)
        opens = index in records.opening
        if index in records.parts or (record is not None and not record.beneath and opens):
            handed.append(above)
        elif record is None and node.kind == "heading" and (opens or node.marker is None):
            handed.append(scopes.under_heading(block.text, above, given))
        elif record is None and node.kind == "introducer" and opens:
            before = segmentation.sentences(block.text)[:-1]
            if before and block.marker is not None and above.stance != "background":
                # `Sở A ban hành kế hoạch …. Trong đó lưu ý:` tells what to do before it introduces.
                found, scope = items.tasks(
                    node.block, block, above, listed=True, section=section, end=before[-1][1]
                )
                yield from found
                above = scope if found else above
            handed.append(scopes.under_introducer(block.text, above, given))
        elif node.kind == "introducer" and record is None and block.text.rstrip().endswith(":"):
            handed.append(scopes.under_introducer(block.text, above, given))  # what it introduces stands elsewhere
        else:
            above = _with_trailing_deadline(blocks, nodes, index, above, given)
            found, scope = items.tasks(node.block, block, above, listed=node.kind == "item", section=section)
            handed.append(scope)
            yield from found


def _is_beside(block: Block, node: Node, beside: set[int], given: Context) -> bool:
    """Whether a block is no part of the article it stands beside on a page."""
    if node.parent in beside and (node.kind != "paragraph" or _is_link(block)):
        return True
    return (
        isinstance(block, Paragraph)
        and node.kind in ("heading", "introducer", "paragraph")
        and headings.opens_related(block.text)
    )


def _is_link(block: Block) -> bool:
    """Whether a paragraph is a headline rather than a sentence."""
    return isinstance(block, Paragraph) and not block.text.rstrip().endswith((".", "”", "…", ":", ";", "!"))


def _with_trailing_deadline(
    blocks: Sequence[Block], nodes: Sequence[Node], index: int, above: Scope, given: Context
) -> Scope:
    """The scope of an item whose deadline stands in a paragraph of its own below it (`Hoàn thành trước …`)."""
    if index + 1 >= len(nodes):
        return above
    below = nodes[index + 1]
    block = blocks[below.block]
    if below.kind != "paragraph" or below.parent not in (index, nodes[index].parent) or isinstance(block, Grid):
        return above
    deadline = deadlines.only_deadline(block.text, given.deadlines)
    return msgspec.structs.replace(above, deadline=deadline) if deadline is not None else above


def _under_caption(
    blocks: Sequence[Block], nodes: Sequence[Node], index: int, above: Scope, given: Context
) -> Scope:
    """The scope of a table: a caption right above it may set its deadline."""
    before = nodes[index - 1] if index else None
    if before is None or nodes[index].parent not in (before.parent, index - 1):
        return above
    caption = blocks[before.block]
    if isinstance(caption, Grid) or len(caption.text.split()) > outline.LONGEST_HEADING:
        return above
    deadline = deadlines.heading_deadline(caption.text, given.deadlines, of_table=True)
    return msgspec.structs.replace(above, deadline=deadline) if deadline is not None else above


def _citations(blocks: Sequence[Block]) -> Iterator[Citation]:
    """Every document that the paragraphs and cells refer to, with its block."""
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            texts = [block.text] if block.role not in ("furniture", "stamp") else []
        else:
            texts = [cell.text for cell in block.cells]
        for text in texts:
            for citation in citations.find(text):
                yield msgspec.structs.replace(citation, block=index)
