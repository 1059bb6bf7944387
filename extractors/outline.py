"""Blocks → a tree: which item stands under which, which paragraphs are headings and which introduce others.

Documents mix numbering schemes, restart and skip numbers, and label lists with a line that ends in a colon;
conventions 2.4 has the schemes. A block's parent is who it inherits from (`extract` hands things down).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import msgspec

from extractors import markers
from extractors.markers import Marker
from extractors.part_labels import PartLabel
from models import Block, Grid, Paragraph

NodeKind = Literal["heading", "introducer", "item", "paragraph", "table"]

# Outer forms first: a form closes everything open that ranks below it, unless what is open introduces it.
_RANKS: dict[str, int] = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "capital": 4,
    "roman": 5,
    "article": 6,
    "decimal": 7,
    "bracketed_number": 12,
    "letter": 12,
    "bracketed_roman": 12,
    "bracketed_letter": 13,
    "star": 14,
    "dash": 15,
    "bullet": 16,
    "plus": 17,
}
NO_PARTS: Mapping[int, PartLabel] = MappingProxyType({})
_SIGNS = frozenset({"dash", "plus", "bullet"})
# A heading longer than this many words is a sentence.
LONGEST_HEADING = 30
# One that is not set as a heading and that no list follows has to be shorter.
LONGEST_UNSET_HEADING = 14
LONGEST_HEADING_ABOVE = 20

Series = tuple[str, int, str, int]


class Node(msgspec.Struct, frozen=True):
    """A block's place in the tree; `block` and `parent` are indexes into the blocks and the nodes.

    `depth` counts the ancestors. A `heading` names a part, an `introducer` ends in a colon and opens a list.
    """

    block: int
    kind: NodeKind
    marker: Marker | None = None
    parent: int | None = None
    depth: int = 0


class _Open(msgspec.Struct):
    """A node that can still take children; `value` is the last number seen in its series."""

    node: int
    rank: float
    series: Series | None
    value: int
    introduces: bool
    heading: bool


def build(
    blocks: Sequence[Block], body: Sequence[int], parts: Mapping[int, PartLabel] = NO_PARTS
) -> tuple[Node, ...]:
    """The nodes of the blocks numbered in `body`, in document order; `parts` are names of parts, by block."""
    nodes: list[Node] = []
    stack: list[_Open] = []
    before_table: list[_Open] = []  # what was open before the title of a table
    for place, index in enumerate(body):
        block = blocks[index]
        if isinstance(block, Grid):
            nodes.append(_node(index, "table", None, stack))
            continue
        following = blocks[body[place + 1]] if place + 1 < len(body) else None
        marker = markers.of(block.marker)
        heading = is_heading(block, marker, following)
        if heading and marker is None and isinstance(following, Grid):
            before_table = before_table or list(stack)
        elif marker is not None or heading:
            if marker is not None and _goes_on(before_table, stack, _series(block, marker), marker.value):
                stack = before_table
            before_table = []
        part = parts.get(index) if marker is None else None
        introduces = block.text.endswith(":") or (part is not None and part.end >= len(block.text))
        if part is not None:
            _close_lists(
                stack
            )  # a part is the next of its matter, not what goes on with an item of the one before
        rank = _close(stack, block, marker, heading, introduces)
        kind: NodeKind = (
            "heading" if heading else "introducer" if introduces else "item" if marker else "paragraph"
        )
        nodes.append(_node(index, kind, marker, stack))
        if marker is not None or heading or introduces:
            series = _series(block, marker) if marker else None
            value = marker.value if marker else 0
            stack.append(_Open(len(nodes) - 1, rank, series, value, introduces, heading))
    return tuple(nodes)


def _goes_on(before: list[_Open], stack: list[_Open], series: Series, value: int) -> bool:
    """Whether a number goes on with a series that was open before the title of a table, and with none open now."""
    if any(entry.series == series for entry in stack):
        return False
    return any(entry.series == series and entry.value + 1 == value for entry in before)


def _node(index: int, kind: NodeKind, marker: Marker | None, stack: list[_Open]) -> Node:
    return Node(index, kind, marker, stack[-1].node if stack else None, len(stack))


def _series(block: Paragraph, marker: Marker) -> Series:
    """What the items of one list share: the form of the marker, and the level a file states itself."""
    return (*marker.series, block.level if block.level is not None else -1)


def _close(stack: list[_Open], block: Paragraph, marker: Marker | None, heading: bool, introduces: bool) -> float:
    """Closes what `block` does not stand under; returns the rank it opens with."""
    if marker is not None:
        return _close_for_item(stack, block, marker, introduces)
    if heading:
        return _close_for_heading(stack, block)
    # An introducing paragraph ends the lists before it; any other goes on with the item above it.
    if introduces:
        _close_lists(stack)
    elif stack and stack[-1].series is None and not stack[-1].heading and not stack[-1].introduces:
        stack.pop()
    return 8.0


def _close_lists(stack: list[_Open]) -> None:
    while stack and not stack[-1].heading and stack[-1].rank > 0:
        stack.pop()


def _close_for_item(stack: list[_Open], block: Paragraph, marker: Marker, introduces: bool) -> float:
    """A marked item is the next of an open series, or opens a series under what introduces or outranks it."""
    series = _series(block, marker)
    rank = _RANKS[marker.kind] + marker.depth - 1 + max(block.level or 0, 0) * 0.1
    open_alike = [place for place, entry in enumerate(stack) if entry.series == series]
    # A label of a list that uses the label's own sign (`_is_nested`) follows the label before it.
    labels = [place for place in open_alike if introduces and marker.value == 0 and stack[place].introduces]
    same = labels[0] if labels else open_alike[-1] if open_alike else None
    if same is not None and _is_nested(stack, same, introduces):
        same = None
    if same is not None and not _restarts(stack, same, marker):
        rank = stack[same].rank
        del stack[same:]
        return rank
    # What introduces a list takes any form under it; an outer form that does not begin one closes it all the same.
    while stack and stack[-1].rank >= rank and not (stack[-1].introduces and marker.value <= 1):
        stack.pop()
    return rank


def _is_nested(stack: list[_Open], same: int, introduces: bool) -> bool:
    """Whether a list under a label uses the label's own sign: `- Bộ Y tế:` followed by `- …` items."""
    top = stack[same]
    return same == len(stack) - 1 and top.introduces and not top.heading and not introduces and top.value == 0


def _restarts(stack: list[_Open], same: int, marker: Marker) -> bool:
    """Whether a number starts a new list below the open one of its form (1. again, after a deeper heading)."""
    deeper = stack[same + 1 :]
    return marker.value == 1 and stack[same].value >= 1 and any(e.introduces or e.heading for e in deeper)


def _close_for_heading(stack: list[_Open], block: Paragraph) -> float:
    """An unmarked heading closes lists and lesser headings; one in capitals or centred closes all."""
    level = _style_level(block)
    if level is not None:
        rank = level * 0.5
        while stack and (not stack[-1].heading or stack[-1].rank >= rank):
            stack.pop()
        return rank
    if block.centred or block.text.isupper():
        stack.clear()
        return 0.0
    while stack and not (stack[-1].heading and stack[-1].series is not None) and stack[-1].rank > 0:
        stack.pop()
    return 9.0


def _style_level(block: Paragraph) -> int | None:
    """The level a file gives a heading itself (`Heading 2`, `h3`), from 1."""
    style = (block.style or "").casefold()
    if not style.startswith(("heading", "h")) or not style[-1:].isdigit():
        return None
    return int(style[-1])


def is_heading(block: Paragraph, marker: Marker | None, following: Block | None) -> bool:
    """Whether a paragraph names what follows it rather than saying something itself.

    Set as one (bold, centred, capitals, a heading style), or a short numbered line without a stop at its end
    that something other than its own list follows: a scan does not say what is bold.
    """
    text = block.text
    if len(text.split()) > LONGEST_HEADING or text.endswith((".", ";", ",")):
        return False
    if marker is not None and marker.kind in _SIGNS:
        return False
    if _style_level(block) is not None or block.role == "heading":
        return True
    if marker is None or text.endswith(":") or following is None:
        return False
    if marker.kind in ("part", "chapter", "section", "subsection"):
        return True
    if isinstance(following, Grid):
        return True
    if marker.kind == "roman" and text.isupper():
        return True
    next_marker = markers.of(following.marker)
    if next_marker is not None and next_marker.series == marker.series:
        # The same form beginning again stands below (`3. Vấn đề khác`, then `1. …`).
        restarts = next_marker.value == 1 and marker.value > 1
        return restarts and len(text.split()) <= LONGEST_HEADING_ABOVE
    return len(text.split()) <= (LONGEST_UNSET_HEADING if next_marker is None else LONGEST_HEADING_ABOVE)


def section(blocks: Sequence[Block], nodes: Sequence[Node], index: int) -> tuple[str, ...]:
    """The headings above node `index`, outermost first, as written with their markers."""
    path: list[str] = []
    parent = nodes[index].parent
    while parent is not None:
        node = nodes[parent]
        block = blocks[node.block]
        if node.kind == "heading" and isinstance(block, Paragraph):
            path.append(f"{block.marker} {block.text}" if block.marker else block.text)
        parent = node.parent
    return tuple(reversed(path))
