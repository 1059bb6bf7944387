"""Parallel parts: tasks, agencies and deadline of one matter that stand in parts of their own.

`(iii) Việc cần làm: …`, `(iv) Cơ quan thực hiện: …`, `(vi) Thời hạn: …`, as siblings in the outline. The parts
that say who and when hand down to the one that says what; where they count (`(1) Bộ A; (2) Bộ B`, `Bộ A (giải pháp
thứ nhất)`), each to the item it means.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec

from extractors import labels, part_labels, segmentation
from extractors.outline import Node
from extractors.part_labels import PartLabel
from models import Block, Paragraph

LEAST_PARTS = 2
"""Fields that parts name which belong to the paragraph before them."""


class Part(msgspec.Struct, frozen=True):
    """One part: its node, what it states (`task`, `lead`, `coop`, `deadline`, `result`, `other`), its texts.

    `texts` are the text after the label and those of the nodes under it.
    """

    node: int
    field: str
    texts: tuple[str, ...]


class Record(msgspec.Struct, frozen=True):
    """The parts of one matter; `of` gives the texts of one field.

    `beneath`: the parts stand under the task itself (`a) Xây dựng …` with `- Đơn vị chủ trì: …` below it).
    `ordinal`: which of several items of the task part this is for, from 1.
    """

    parts: tuple[Part, ...]
    beneath: bool = False
    ordinal: int | None = None

    def of(self, field: str) -> tuple[str, ...]:
        """The texts of all parts that state `field`, for the item meant where they count items."""
        texts = tuple(text for part in self.parts if part.field == field for text in part.texts)
        return texts if self.ordinal is None else tuple(meant_for(text, self.ordinal) for text in texts)


class Records(msgspec.Struct, frozen=True):
    """`by_task`: records by the node of their task; `parts`: nodes (with all under them) that hold other parts.

    `opening`: nodes that have others under them, once the parts stand where they belong.
    """

    by_task: dict[int, Record]
    parts: frozenset[int]
    opening: frozenset[int]


def records(blocks: Sequence[Block], nodes: Sequence[Node], known: Mapping[int, PartLabel]) -> Records:
    """The records of a letter's outline; `known` are the names of parts that run into their text, by block."""
    children: dict[int | None, list[int]] = {}
    for index, node in enumerate(nodes):
        children.setdefault(node.parent, []).append(index)
    heads = {
        index: head
        for index, node in enumerate(nodes)
        if (head := known.get(node.block) or _head(blocks[node.block])) is not None
    }
    by_task: dict[int, Record] = {}
    taken: set[int] = set()
    _lift(nodes, children, heads)
    for parent, siblings in children.items():
        parts = [_part(blocks, nodes, index, children, heads) for index in siblings]
        for record in _runs(_bridged(parts, [blocks[nodes[index].block] for index in siblings], siblings)):
            if not (record.of("lead") or record.of("deadline")):
                continue
            if not any(part.field == "task" for part in record.parts):
                before = _told_before(nodes, siblings, record, heads, children)
                if before:
                    by_task.update(dict.fromkeys(before, record))
                    for part in record.parts:
                        taken.update(_with_all_under(part.node, children))
                    continue
                if parent is None or any(part.field == "other" for part in record.parts):
                    continue
                if nodes[parent].kind == "heading" and len(record.parts) < len(siblings):
                    continue  # a section that happens to hold such a part
                by_task[parent] = msgspec.structs.replace(record, beneath=True)
            for part in record.parts:
                if part.field == "task":
                    by_task[part.node] = record
                    items = children.get(part.node, [])
                    if len(items) > 1:
                        for ordinal, item in enumerate(items, 1):
                            by_task[item] = msgspec.structs.replace(record, ordinal=ordinal)
                else:
                    taken.update(_with_all_under(part.node, children))
    opening = frozenset(parent for parent, below in children.items() if parent is not None and below)
    return Records(by_task, frozenset(taken), opening)


def _told_before(
    nodes: Sequence[Node],
    siblings: Sequence[int],
    record: Record,
    heads: Mapping[int, PartLabel],
    children: Mapping[int | None, Sequence[int]],
) -> list[int]:
    """What the parts of a record that names no task follow: the paragraph right before them, or the items there.

    `Tổ chức kiểm tra …`, then `Cơ quan chủ trì: …` and `Thời gian: …` as paragraphs of their own; one such part
    alone may stand anywhere.
    """
    fields = {part.field for part in record.parts}
    at = siblings.index(record.parts[0].node)
    before: list[int] = []
    if len(fields) < LEAST_PARTS or "other" in fields:
        return before
    for index in reversed(siblings[:at]):
        kind = nodes[index].kind
        if (
            index in heads
            or kind not in ("paragraph", "item")
            or children.get(index)
            or (before and kind == "paragraph")
        ):
            break
        before.append(index)
        if kind == "paragraph":
            break
    return before


_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7}
_LETTERS = "abcdđeghik"
_ITEM = r"(?:gạch đầu dòng|giải pháp|nhiệm vụ|nội dung|việc|công việc|mục|ý|điểm|phần)"
# Before what is meant: `(1) …`, `a) …`, `b) và c) …`, `việc (2): …`
_KEY = rf"(?:{_ITEM}\s)?\(?(?P<key>[a-eđghik]|[1-9])(?:\)|\.(?=\s)|(?=\s?:))"
_KEYS = re.compile(rf"\s{{0,2}}{_KEY}(?:\s?(?:,|và|;)\s?{_KEY.replace('?P<key>', '?:')}){{0,6}}\s?:?\s")
_EACH_KEY = re.compile(r"(?<!\w)([a-eđghik]|[1-9])(?=\)|\.|\s?:)")
# Behind it: `(giải pháp thứ nhất)`, `đối với nhiệm vụ 2`, `cho việc thứ ba`
_MEANT = re.compile(
    rf"\s{{0,2}}\(?\s{{0,2}}(?:(?:đối với|cho|với)\s)?(?:các\s)?{_ITEM}\s"
    r"(?:thứ\s|số\s|\()?(?P<ordinal>nhất|hai|ba|tư|bốn|năm|sáu|bảy|[1-9])(?!\w)\)?\s?:?",
    re.IGNORECASE,
)


def meant_for(text: str, ordinal: int) -> str:
    """What of a part's text is for the item of that number: all of it, where it counts no items.

    `(1) Bộ A; (2) Bộ B`, `a) Bộ A; b) và c) Bộ B`, `Bộ A (giải pháp thứ nhất); Bộ B (giải pháp thứ hai)` and
    `lần lượt là Bộ A; Bộ B` count.
    """
    in_order = _IN_ORDER.match(text)
    if in_order is not None:
        each = [piece.strip(" .") for piece in text[in_order.end() :].split(";") if piece.strip(" .")]
        return each[ordinal - 1] if ordinal <= len(each) else ""
    kept: list[str] = []
    counts = False
    current: frozenset[int] | None = None
    for piece in _pieces(text):
        before, behind = _KEYS.match(piece), _MEANT.search(piece)
        if before is not None:
            current = frozenset(_number(key) for key in _EACH_KEY.findall(before.group()))
            piece = piece[before.end() :]
        elif behind is not None:
            current = frozenset((_number(behind["ordinal"].lower()),))
            piece = piece[: behind.start()] + piece[behind.end() :]
            piece = re.sub(r"^\s{0,2}(?:do|giao)\s", "", piece)
        counts = counts or current is not None
        if current is None or ordinal in current:
            kept.append(piece)
    return ";".join(kept).strip(" ;.") if counts else text


# `Lần lượt là A; B; C`, `Tương ứng: 31/12/2025; 15/01/2026`
_IN_ORDER = re.compile(
    r"\s{0,2}(?:lần lượt|tương ứng|theo thứ tự)(?: (?:là|nêu trên|như trên))?\s?:?\s", re.IGNORECASE
)


def _pieces(text: str) -> list[str]:
    """A part's text cut at semicolons, and behind each item it counts (`… đối với việc thứ nhất và … thứ hai`)."""
    pieces: list[str] = []
    for piece in text.split(";"):
        counted = list(_MEANT.finditer(piece))
        opens = bool(counted) and not piece[: counted[0].start()].strip()
        cuts = [meant.start() for meant in counted[1:]] if opens else [meant.end() for meant in counted[:-1]]
        at = 0
        for cut in cuts:
            pieces.append(piece[at:cut].strip(" ,"))
            at = cut
        pieces.append(re.sub(r"^\s{0,2}(?:và|,)\s", "", piece[at:]))
    return pieces


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return _ORDINALS[written] if written in _ORDINALS else _LETTERS.index(written) + 1


class Matter(msgspec.Struct, frozen=True):
    """One matter of a paragraph that names its parts: its place, what is to be done (offsets), all its parts."""

    start: int
    end: int
    tasks: tuple[tuple[int, int], ...]
    record: Record


def in_prose(text: str) -> tuple[Matter, ...]:
    """The matters of a paragraph whose sentences name their parts (`Giải pháp: …; Trách nhiệm: …; Hoàn thành: …`).

    None where no part says what is to be done, or none who or when.
    """
    if text.count(":") < 2:
        return ()
    names = [(field, name) for name in _NAME_IN_PROSE.finditer(text) if (field := part_labels.named(name["name"]))]
    matters: list[list[tuple[str, int, int, int]]] = []
    for place, (field, name) in enumerate(names):
        if not matters or (field == "task" and any(known == "task" for known, *_ in matters[-1])):
            matters.append([])
        end = names[place + 1][1].start() if place + 1 < len(names) else len(text)
        if field != "task":  # who and when take one sentence; what follows is told by itself
            end = segmentation.sentences(text[:end], name.end())[0][1]
        kept = _NEXT_MARKER.sub("", text[name.end() : end]).rstrip(" ;.,")
        matters[-1].append((field, name.start("name"), name.end(), name.end() + len(kept)))
    found = [
        Matter(
            start=parts[0][1],
            end=parts[-1][3],
            tasks=tuple((begin, end) for field, _, begin, end in parts if field == "task"),
            record=Record(tuple(Part(-1, field, (text[begin:end],)) for field, _, begin, end in parts)),
        )
        for parts in matters
        if any(field == "task" for field, *_ in parts) and any(f in ("lead", "deadline") for f, *_ in parts)
    ]
    return tuple(found)


_NEXT_MARKER = re.compile(r"\s\(?(?:[ivx]{1,4}|[a-eđ]|\d)\)\s?$")
_NAME_IN_PROSE = re.compile(r"(?:^|(?<=[.;,)])\s{1,2}|(?<=\s[-–+])\s)(?P<name>[^\W\d_][^.:;,()]{1,40}?)\s?:\s")


def in_clauses(text: str, clauses: Sequence[tuple[int, int]]) -> list[tuple[str | None, int, int]]:
    """Clauses numbered inline as (field or None, start after its label, end)."""
    found: list[tuple[str | None, int, int]] = []
    for start, end in clauses:
        label = labels.label(text[start:end], ())
        field = label.field if label is not None and label.kind == "field" else None
        found.append((field, start + (label.end if label is not None and field else 0), end))
    return found


def _head(block: Block) -> PartLabel | None:
    """The name of the part that a paragraph states by itself; None for other text."""
    if not isinstance(block, Paragraph):
        return None
    text = block.text if ":" in block.text else f"{block.text}:"
    label = labels.label(text, ())
    if label is not None and label.field is not None:
        return PartLabel(label.field, label.end)
    colon = block.text.find(":")
    field = part_labels.named(block.text[:colon]) if block.marker is not None and colon > 0 else None
    return PartLabel(field, colon + 1) if field is not None else None


def _part(
    blocks: Sequence[Block],
    nodes: Sequence[Node],
    index: int,
    children: dict[int | None, list[int]],
    heads: Mapping[int, PartLabel],
) -> Part | None:
    """The part that a node states; None for other text."""
    block, head = blocks[nodes[index].block], heads.get(index)
    if head is None or not isinstance(block, Paragraph):
        return None
    own = (block.text[head.end :].strip(),) if block.text[head.end :].strip() else ()
    under = tuple(
        below.text
        for child in _with_all_under(index, children)[1:]
        if isinstance(below := blocks[nodes[child].block], Paragraph)
    )
    return Part(index, head.field, own + under)


def _lift(nodes: Sequence[Node], children: dict[int | None, list[int]], heads: Mapping[int, PartLabel]) -> None:
    """Makes parts that the outline took for what follows another part's last item siblings of that part.

    `Giải pháp:` with two items, then `Đơn vị chủ trì: …`, which belongs to both. Where earlier items have parts
    of their own, so has the last.
    """
    for index in sorted(heads, reverse=True):
        below = children.get(index, [])
        if not below:
            continue
        own = [any(under in heads for under in children.get(child, [])) for child in below]
        siblings = children[nodes[index].parent]
        if any(own[:-1]):
            continue
        lifted = [child for child in below if child in heads]
        children[index] = [child for child in below if child not in lifted]
        if own[-1]:
            last = below[-1]
            lifted += [under for under in children[last] if under in heads]
            children[last] = [under for under in children[last] if under not in lifted]
        place = siblings.index(index) + 1 if index in siblings else len(siblings)
        siblings[place:place] = lifted


_NAMED_ITEM = re.compile(r"[^\W\d_][^.:;,()]{2,40}:\s")


def _bridged(
    parts: Sequence[Part | None], blocks: Sequence[Block], siblings: Sequence[int]
) -> Sequence[Part | None]:
    """Parts with an item of another name among them (`(v) Khó khăn: …`, `(vi) Thời hạn: …`) as one of them.

    Only where what follows it goes on with the same matter: a field the matter does not have yet.
    """
    bridged = list(parts)
    for at in range(1, len(parts) - 1):
        before, after, block = bridged[at - 1], parts[at + 1], blocks[at]
        if bridged[at] is not None or before is None or after is None or after.field in ("task", "other"):
            continue
        start = at
        while start > 0 and bridged[start - 1] is not None:
            start -= 1
        fields = {part.field for part in bridged[start:at] if part is not None}
        named = isinstance(block, Paragraph) and block.marker is not None and _NAMED_ITEM.match(block.text)
        if named and "task" in fields and after.field not in fields:
            bridged[at] = Part(siblings[at], "other", ())
    return bridged


def _runs(parts: Sequence[Part | None]) -> list[Record]:
    """Parts next to each other as records; a field that comes again after others begins the next one."""
    runs: list[list[Part]] = [[]]
    for part in parts:
        if part is None:
            runs.append([])
            continue
        current = runs[-1]
        if part.field != "other" and current and current[-1].field != part.field:
            again = any(known.field == part.field for known in current)
            if again and part.field in ("task", "lead"):
                runs.append([])
        elif part.field == "other" and any(known.field == "deadline" for known in current):
            runs.append([])
        runs[-1].append(part)
    return [Record(tuple(run)) for run in runs if run]


def _with_all_under(index: int, children: dict[int | None, list[int]]) -> list[int]:
    found = [index]
    for child in children.get(index, ()):
        found += _with_all_under(child, children)
    return found
