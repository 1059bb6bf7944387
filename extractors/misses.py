"""Possible misses: sentences that look like tasks and lie in none, for a reviewer to add or dismiss.

Pre-filled forms make people add less of what is missing, so what the rules passed over is put before them. Told by
what stands in a sentence alone, and more generously than by the rules: a sentence too many costs a key.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any

from extractors import evidence, places, segmentation
from extractors.phrases import fold
from models import Block, Grid, Miss, Paragraph, Place, Task

LEAST_WORDS, MOST_WORDS = 6, 120
LEAST_SCORE = 1.5

MOST = 40
"""No more of a letter, the likeliest: who has more before him looks at none."""

Span = tuple[int, int]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("extractors").joinpath("data/misses.toml").read_text("utf-8"))


@cache
def _signs() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    """What speaks for and against a sentence: name, weight and pattern over the folded sentence."""
    return tuple((sign["name"], float(sign["weight"]), re.compile(sign["pattern"])) for sign in _data()["signs"])


def find(blocks: Sequence[Block], body: Sequence[int], tasks: Sequence[Task]) -> tuple[Miss, ...]:
    """The sentences of a letter that may be tasks, in order; `body` are the blocks that can hold any."""
    taken: dict[tuple[int, tuple[int, int] | None], list[Span]] = {}
    for task in tasks:
        for place in task.places:
            if place.field == "text":
                taken.setdefault((place.block, place.cell), []).append((place.start, place.end))
    with_tasks = {block for block, _ in taken}
    rows_with_tasks = {(block, cell[0]) for block, cell in taken if cell is not None}
    found: list[Miss] = []
    for index in body:
        block = blocks[index]
        near = not with_tasks.isdisjoint((index - 1, index, index + 1))
        if isinstance(block, Grid):
            for cell in block.cells:
                if (index, cell.row) not in rows_with_tasks:
                    where = places.in_cell("text", index, cell, 0, len(cell.text))
                    found += _of_sentence(cell.text, where, near=False)
        elif block.role == "body" and not block.text.rstrip().endswith(":"):
            spans = taken.get((index, None), [])
            for start, end in _left(block, spans):
                if start == end:
                    continue
                where = places.in_paragraph("text", index, block, start, end)
                found += _of_sentence(block.text[start:end], where, near=near)
    likeliest = sorted(found, key=lambda miss: -miss.score)[:MOST]
    kept = {id(miss) for miss in likeliest}
    return tuple(miss for miss in found if id(miss) in kept)


def _left(paragraph: Paragraph, taken: Sequence[Span]) -> Iterator[Span]:
    """The sentences of a paragraph that lie in no task, and what is left of those that do in part."""
    for start, end in segmentation.sentences(paragraph.text):
        at = start
        for begin, stop in sorted(span for span in taken if span[0] < end and start < span[1]):
            yield _trimmed(paragraph.text, at, begin)
            at = max(at, stop)
        yield _trimmed(paragraph.text, at, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    """A span without the marks that parted it from what stands before."""
    while start < end and text[start] in " ,;:.":
        start += 1
    return start, max(start, end)


def _of_sentence(text: str, where: tuple[Place, ...], *, near: bool) -> Iterator[Miss]:
    """The sentence as a possible miss, where its signs say so; `near`: tasks stand beside it."""
    words = len(text.split())
    if not LEAST_WORDS <= words <= MOST_WORDS:
        return
    folded = fold(text)
    signs = [(name, weight) for name, weight, pattern in _signs() if pattern.search(folded)]
    if evidence.speaks_of_time(folded):
        signs.append(("time", float(_data()["time"])))
    if near:
        signs.append(("near_tasks", float(_data()["near_tasks"])))
    score = sum(weight for _, weight in signs)
    if score >= LEAST_SCORE:
        names = tuple(name for name, weight in signs if weight > 0)
        yield Miss(" ".join(text.split()), score, names, where)
