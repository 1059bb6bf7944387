"""Parallel parts: tasks, agencies and deadline of one matter that stand in parts of their own.

`(iii) Việc cần làm: …`, `(iv) Cơ quan thực hiện: …`, `(vi) Thời hạn: …`, as siblings in the outline. The parts
that say who and when hand down to the one that says what; where they count (`(1) Bộ A; (2) Bộ B`, `Bộ A (giải pháp
thứ nhất)`), each to the item it means.
"""

import re
from collections.abc import Sequence

import msgspec

from extractors import labels, phrases
from extractors.outline import Node
from models import Block, Paragraph


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


def records(blocks: Sequence[Block], nodes: Sequence[Node]) -> Records:
    """The records of a letter's outline."""
    children: dict[int | None, list[int]] = {}
    for index, node in enumerate(nodes):
        children.setdefault(node.parent, []).append(index)
    by_task: dict[int, Record] = {}
    taken: set[int] = set()
    _lift(blocks, nodes, children)
    for parent, siblings in children.items():
        for record in _runs([_part(blocks, nodes, index, children) for index in siblings]):
            if not (record.of("lead") or record.of("deadline")):
                continue
            if not any(part.field == "task" for part in record.parts):
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


# Names of parts that no list has, as they are put together. Tried in this order.
_NAMED_SO = (
    ("other", re.compile(r"(?:thực trạng|hiện trạng|tình hình|bất cập|vướng mắc)(?: \w+){0,3}")),
    ("coop", re.compile(r"(?:giao |cơ quan |đơn vị |các bên |bên )?(?:cùng )?phối hợp(?: với| thực hiện| cùng)?")),
    (
        "deadline",
        re.compile(
            r"(?:mốc )?(?:thời (?:gian|hạn|điểm)|hạn|tiến độ)"
            r"(?: (?:phải |dự kiến )?(?:hoàn thành|thực hiện|cuối|chót|báo cáo|trình|xong|xử lý|cụ thể))*"
        ),
    ),
    (
        "lead",
        re.compile(
            r"(?:(?:giao|phân công|cơ quan|đơn vị|trách nhiệm|người|ai|bộ|nơi)\s){0,2}"
            r"(?:thực hiện|chủ trì|chịu trách nhiệm|đầu mối|phụ trách|đảm nhiệm|làm)(?: chính)?"
            r"|giao cho|phân công|đầu mối"
        ),
    ),
    (
        "task",
        re.compile(
            r"(?:nội dung|việc|công việc|nhiệm vụ|giải pháp|hướng|biện pháp|đề xuất|kiến nghị|phương án)"
            r"(?: (?:cần|phải|làm|xử lý|giải quyết|tháo gỡ|thực hiện|đề nghị|đề xuất|giao|khắc phục))*"
        ),
    ),
)
LONGEST_NAME = 5
"""Words in the name of a part."""

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

    `(1) Bộ A; (2) Bộ B`, `a) Bộ A; b) và c) Bộ B` and `Bộ A (giải pháp thứ nhất); Bộ B (giải pháp thứ hai)` count.
    """
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


def in_clauses(text: str, clauses: Sequence[tuple[int, int]]) -> list[tuple[str | None, int, int]]:
    """Clauses numbered inline as (field or None, start after its label, end)."""
    found: list[tuple[str | None, int, int]] = []
    for start, end in clauses:
        label = labels.label(text[start:end], ())
        field = label.field if label is not None and label.kind == "field" else None
        found.append((field, start + (label.end if label is not None and field else 0), end))
    return found


def _part(
    blocks: Sequence[Block], nodes: Sequence[Node], index: int, children: dict[int | None, list[int]]
) -> Part | None:
    """The part that a node states; None for other text."""
    block = blocks[nodes[index].block]
    if not isinstance(block, Paragraph):
        return None
    text = block.text if ":" in block.text else f"{block.text}:"
    label = labels.label(text, ())
    field, end = (label.field, label.end) if label is not None else (None, 0)
    colon = block.text.find(":")
    if field is None and block.marker is not None and colon > 0:
        field, end = _named(text[:colon]), colon + 1
    if field is None:
        return None
    own = (text[end:].strip(),) if text[end:].strip() else ()
    under = tuple(
        below.text
        for child in _with_all_under(index, children)[1:]
        if isinstance(below := blocks[nodes[child].block], Paragraph)
    )
    return Part(index, field, own + under)


def _named(head: str) -> str | None:
    """The part that a label names in words of its own (`Giao thực hiện:`)."""
    words = phrases.fold(head).strip(" :.")
    if len(words.split()) > LONGEST_NAME:
        return None
    return next((field for field, pattern in _NAMED_SO if pattern.fullmatch(words)), None)


def _lift(blocks: Sequence[Block], nodes: Sequence[Node], children: dict[int | None, list[int]]) -> None:
    """Makes parts that the outline took for what follows another part's last item siblings of that part.

    `Giải pháp:` with two items, then `Đơn vị chủ trì: …`, which belongs to both. Where earlier items have parts
    of their own, so has the last.
    """
    for index in range(len(nodes) - 1, -1, -1):
        if _part(blocks, nodes, index, {}) is None:
            continue
        below = children.get(index, [])
        if not below:
            continue
        own = [any(_is_part(blocks, nodes, under) for under in children.get(child, [])) for child in below]
        siblings = children[nodes[index].parent]
        if any(own[:-1]):
            continue
        lifted = [child for child in below if _is_part(blocks, nodes, child)]
        children[index] = [child for child in below if child not in lifted]
        if own[-1]:
            last = below[-1]
            lifted += [under for under in children[last] if _is_part(blocks, nodes, under)]
            children[last] = [under for under in children[last] if under not in lifted]
        place = siblings.index(index) + 1 if index in siblings else len(siblings)
        siblings[place:place] = lifted


def _is_part(blocks: Sequence[Block], nodes: Sequence[Node], index: int) -> bool:
    return _part(blocks, nodes, index, {}) is not None


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
