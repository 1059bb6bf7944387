"""Ids survive re-extraction and re-recognition; splits, merges and orphans are said."""

import pytest

from models.document import Box
from models.letter import Letter
from models.task import Place, Task
from pipeline.identity import KnownTask, carry_ids, same_letter_key

A = "Sở Y tế chủ trì rà soát các cơ sở tiêm chủng trên địa bàn, báo cáo trước ngày 15/4/2026."
B = "Sở Tài chính bố trí kinh phí mua vắc xin theo đề nghị của Sở Y tế."
C = "Ủy ban nhân dân các xã tổ chức tuyên truyền đến từng hộ dân."


def task(text: str, page: int | None = None, top: float = 0.0, bottom: float = 10.0, block: int = 0) -> Task:
    box = Box(50, top, 500, bottom) if page else None
    return Task(text, places=(Place("text", block, 0, len(text), page=page, box=box),))


def known(*tasks: Task, corrected: tuple[int, ...] = ()) -> list[KnownTask]:
    return [KnownTask(f"id{n}", t, n in corrected) for n, t in enumerate(tasks)]


def ids() -> "iter":  # type: ignore[valid-type]
    return iter(f"new{n}" for n in range(100))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # the same again
        ([task(A), task(B, block=1)], [task(A), task(B, block=1)], ["id0", "id1"]),
        # in another order
        ([task(A), task(B, block=1)], [task(B), task(A, block=1)], ["id1", "id0"]),
        # a new one between them
        ([task(A), task(B, block=1)], [task(A), task(C, block=1), task(B, block=2)], ["id0", "new0", "id1"]),
        # read better: letters differ, the place is the same
        ([task(A.replace("rà soát", "ra soát").replace("báo cáo", "bao cao"), 1)], [task(A, 1)], ["id0"]),
        # another text in the same place is another task
        ([task(A, 1)], [task(C, 1)], ["new0"]),
        # the same words twice: each keeps its own by its place
        ([task(B, 1, 0, 10), task(B, 1, 50, 60)], [task(B, 1, 0, 10), task(B, 1, 50, 60)], ["id0", "id1"]),
        # the text moved to another page by another layout
        ([task(A, 1)], [task(A, 2)], ["id0"]),
    ],
)
def test_ids_are_carried(old: list[Task], new: list[Task], expected: list[str]) -> None:
    fresh = ids()
    assert list(carry_ids(known(*old), new, lambda: next(fresh)).ids) == expected


def test_a_split_says_where_the_new_task_came_from() -> None:
    old = known(task(A + " " + B, 1, 0, 40))
    carried = carry_ids(old, [task(A, 1, 0, 20), task(B, 1, 20, 40)], lambda: "new")
    assert carried.ids == ("id0", "new")
    assert [(c.old, c.new, c.kind) for c in carried.changes] == [("id0", "new", "split")]


def test_a_merge_says_what_went_into_what() -> None:
    old = known(task(A, 1, 0, 20), task(B, 1, 20, 40))
    carried = carry_ids(old, [task(A + " " + B, 1, 0, 40)], lambda: "new")
    assert [(c.kind, c.new) for c in carried.changes] == [("merged", carried.ids[0])]
    assert carried.ids[0] in ("id0", "id1")


def test_what_people_corrected_is_never_lost() -> None:
    carried = carry_ids(known(task(A, 1), task(B, 2), corrected=(1,)), [task(A, 1)], lambda: "new")
    assert [o.task_id for o in carried.orphans] == ["id1"]
    assert [(c.old, c.kind) for c in carried.changes] == [("id1", "orphaned")]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        # one letter, scanned twice, the number padded once
        ({}, {"code_number": "0042"}, True),
        # two letters that differ only in their number stay apart
        ({}, {"code_number": "43"}, False),
        # the same number of another year's series
        ({}, {"issued_date": "2025-03-02"}, False),
        # a blank number is no identity, not even with itself
        ({"code_number": None}, {"code_number": None}, False),
    ],
)
def test_letters_are_known_by_issuer_number_symbol_and_day(a: dict, b: dict, same: bool) -> None:  # type: ignore[type-arg]
    import msgspec

    base = {"organ_name": "Sở Y tế", "code_number": "42", "code_notation": "SYT-NVY", "issued_date": "2026-03-02"}
    keys = [same_letter_key(msgspec.convert({**base, **part}, Letter)) for part in (a, b)]
    assert (keys[0] is not None and keys[0] == keys[1]) is same
