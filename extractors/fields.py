"""Parallel parts: tasks, agencies and deadline of one matter that stand in parts of their own.

`(iii) Việc cần làm: …`, `(iv) Cơ quan thực hiện: …`, `(vi) Thời hạn: …`, as siblings in the outline. The parts
that say who and when hand down to the one that says what.
"""

from collections.abc import Sequence

import msgspec

from extractors import directives
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
    """

    parts: tuple[Part, ...]
    beneath: bool = False

    def of(self, field: str) -> tuple[str, ...]:
        """The texts of all parts that state `field`."""
        return tuple(text for part in self.parts if part.field == field for text in part.texts)


def records(blocks: Sequence[Block], nodes: Sequence[Node]) -> tuple[dict[int, Record], set[int]]:
    """Records by the node of their task, and the nodes (with all under them) that hold other parts."""
    children: dict[int | None, list[int]] = {}
    for index, node in enumerate(nodes):
        children.setdefault(node.parent, []).append(index)
    by_task: dict[int, Record] = {}
    taken: set[int] = set()
    for parent, siblings in children.items():
        for record in _runs([_part(blocks, nodes, index, children) for index in siblings]):
            if not (record.of("lead") or record.of("deadline")):
                continue
            if not any(part.field == "task" for part in record.parts):
                if parent is None:
                    continue
                by_task[parent] = msgspec.structs.replace(record, beneath=True)
            for part in record.parts:
                if part.field == "task":
                    by_task[part.node] = record
                else:
                    taken.update(_with_all_under(part.node, children))
    return by_task, taken


def in_clauses(text: str, clauses: Sequence[tuple[int, int]]) -> list[tuple[str | None, int, int]]:
    """Clauses numbered inline as (field or None, start after its label, end)."""
    found: list[tuple[str | None, int, int]] = []
    for start, end in clauses:
        label = directives.label(text[start:end], ())
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
    label = directives.label(text, ())
    if label is None or label.field is None:
        return None
    own = (text[label.end :],) if text[label.end :].strip() else ()
    under = tuple(
        below.text
        for child in _with_all_under(index, children)[1:]
        if isinstance(below := blocks[nodes[child].block], Paragraph)
    )
    return Part(index, label.field, own + under)


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
