"""Which task is which: ids that survive re-extraction and re-recognition, and letters that came twice.

A task gets an opaque id once. When a document is read again, old and new tasks are matched by how much their
places overlap (boxes on pages, else blocks and characters) and how alike their texts are; what is split,
merged or gone is said. Nothing here reads or writes anything.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from rapidfuzz.distance import Indel

from models.letter import Letter
from models.task import Place, Task

SAME_TEXT = 0.75
"""Indel similarity of word sequences from which two texts may be one task wherever they stand."""

SAME_PLACE = 0.5
"""Share of the smaller place covered by the other from which two tasks may be one, if the texts agree a little."""

LIKE_TEXT = 0.35
"""Similarity that tasks in the same place must still have: a place alone is not an identity."""


class KnownTask(msgspec.Struct, frozen=True):
    """A task as the database has it: its id, what places and text it had, whether people said something of it."""

    task_id: str
    task: Task
    has_corrections: bool = False


class Change(msgspec.Struct, frozen=True):
    """What became of a task: `split` into a new one, `merged` into another, or `orphaned`."""

    old: str
    new: str | None
    kind: Literal["split", "merged", "orphaned"]


class Carried(msgspec.Struct, frozen=True):
    """Ids of the new tasks in their order, what changed, and the old tasks kept for what people said of them."""

    ids: tuple[str, ...]
    changes: tuple[Change, ...]
    orphans: tuple[KnownTask, ...]


def new_id() -> str:
    """An opaque id: 16 hexadecimal digits from the system's random source."""
    return secrets.token_hex(8)


def carry_ids(old: Sequence[KnownTask], new: Sequence[Task], make_id: Callable[[], str] = new_id) -> Carried:
    """Give the tasks of `new` the ids of the tasks of `old` they are, and fresh ones to the rest."""
    old_words = [_words(k.task.text) for k in old]
    new_words = [_words(t.text) for t in new]
    pairs: list[tuple[float, int, int, int]] = []
    overlaps = _overlaps([k.task for k in old], new)
    for i, a in enumerate(old_words):
        for j, b in enumerate(new_words):
            overlap = overlaps.get((i, j), 0.0)
            shortest, longest = sorted((len(a), len(b)))
            # The similarity cannot reach the floor where the lengths differ too much: most pairs end here.
            floor = LIKE_TEXT if overlap >= SAME_PLACE else SAME_TEXT
            if not longest or 2 * shortest / (shortest + longest) < floor:
                continue
            alike = Indel.normalized_similarity(a, b, score_cutoff=floor)
            if alike >= floor:
                pairs.append((-(alike + overlap), abs(i - j), i, j))
    taken_old: dict[int, int] = {}
    taken_new: dict[int, int] = {}
    for _, _, i, j in sorted(pairs):
        if i not in taken_old and j not in taken_new:
            taken_old[i], taken_new[j] = j, i
    ids = tuple(old[taken_new[j]].task_id if j in taken_new else make_id() for j in range(len(new)))
    changes: list[Change] = []
    for j in range(len(new)):
        source = None if j in taken_new else _largest(overlaps, lambda pair, j=j: pair[1] == j)  # type: ignore[misc]
        if source is not None:
            changes.append(Change(old[source[0]].task_id, ids[j], "split"))
    orphans: list[KnownTask] = []
    for i, known in enumerate(old):
        if i in taken_old:
            continue
        target = _largest(overlaps, lambda pair, i=i: pair[0] == i)  # type: ignore[misc]
        changes.append(
            Change(known.task_id, ids[target[1]] if target else None, "merged" if target else "orphaned")
        )
        if known.has_corrections:
            orphans.append(known)
    return Carried(ids, tuple(changes), tuple(orphans))


def same_letter_key(letter: Letter) -> tuple[str, str, str, str] | None:
    """(issuer, number, symbol, day) of a letter, its identity by Nghị định 30/2020; None where one is unknown."""
    if not (letter.organ_name and letter.code_number and letter.code_notation and letter.issued_date):
        return None
    return (
        " ".join(letter.organ_name.casefold().split()),
        letter.code_number.lstrip("0"),
        letter.code_notation,
        letter.issued_date.isoformat(),
    )


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _largest(
    overlaps: dict[tuple[int, int], float], wanted: Callable[[tuple[int, int]], bool]
) -> tuple[int, int] | None:
    """The pair of largest overlap, at least SAME_PLACE, among those wanted."""
    found = [(share, pair) for pair, share in overlaps.items() if share >= SAME_PLACE and wanted(pair)]
    return max(found)[1] if found else None


def _overlaps(old: Sequence[Task], new: Sequence[Task]) -> dict[tuple[int, int], float]:
    """(old, new) → share of the smaller place that the other covers; pairs that do not touch are left out."""
    new_by_spot: dict[tuple[str, int], set[int]] = defaultdict(set)
    for j, task in enumerate(new):
        for place in _text_places(task):
            new_by_spot[_spot(place)].add(j)
    found: dict[tuple[int, int], float] = {}
    for i, task in enumerate(old):
        places = _text_places(task)
        for j in sorted(set().union(*(new_by_spot.get(_spot(p), set()) for p in places)) if places else ()):
            others = _text_places(new[j])
            common = sum(_common(p, q) for p in places for q in others)
            smaller = min(sum(map(_size, places)), sum(map(_size, others)))
            if common > 0 and smaller > 0:
                found[i, j] = min(1.0, common / smaller)
    return found


def _text_places(task: Task) -> list[Place]:
    return [place for place in task.places if place.field == "text"]


def _spot(place: Place) -> tuple[str, int]:
    """Where a place is comparable: its page, or else its block."""
    return ("page", place.page) if place.page is not None and place.box is not None else ("block", place.block)


def _size(place: Place) -> float:
    if place.box is not None:
        return max(0.0, place.box.x1 - place.box.x0) * max(0.0, place.box.bottom - place.box.top)
    return float(max(0, place.end - place.start))


def _common(a: Place, b: Place) -> float:
    """Common area of two boxes on a page, or common characters of two runs in a block (and cell)."""
    if _spot(a) != _spot(b):
        return 0.0
    if a.box is not None and b.box is not None:
        width = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
        height = min(a.box.bottom, b.box.bottom) - max(a.box.top, b.box.top)
        return max(0.0, width) * max(0.0, height)
    if a.cell != b.cell:
        return 0.0
    return float(max(0, min(a.end, b.end) - max(a.start, b.start)))
