"""What offices write of a task's state, by words and by marks."""

import datetime
import tomllib
from importlib import resources
from typing import Any

import pytest

from extractors import marks, states

STATES: list[dict[str, Any]] = tomllib.loads(
    resources.files("extractors").joinpath("data/states.toml").read_text("utf-8")
)["state"]


@pytest.mark.parametrize(("state", "words"), [(s["state"], words) for s in STATES for words in s["match"]])
def test_words_that_must_name_a_state(state: str, words: str) -> None:
    assert states.read(words) == state


@pytest.mark.parametrize(("state", "words"), [(s["state"], words) for s in STATES for words in s["no_match"]])
def test_words_that_must_not_name_it(state: str, words: str) -> None:
    assert states.read(words) != state


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Đã hoàn thành ngày 20/5/2026", "2026-05-20"),
        ("Xong: 3.6.2026", "2026-06-03"),
        # another day than that of its end
        ("Đã ban hành Quyết định số 45/QĐ-UBND ngày 3/6/2026", None),
        ("Hoàn thành ngày 31/2/2026", None),
    ],
)
def test_the_day_something_was_done(words: str, day: str | None) -> None:
    assert states.done_on(words) == (datetime.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("words", "timely"),
    [
        ("Hoàn thành đúng hạn", True),
        ("Đã xong trước thời hạn", True),
        ("Đã hoàn thành, không quá hạn", True),
        ("Hoàn thành quá hạn", False),
        ("Đã xong (chậm 3 ngày)", False),
        ("Đã xong nhưng không đúng hạn", False),
        ("Đã hoàn thành", None),
        ("Đã hoàn thành quá trình tuyển chọn", None),
        ("Đã xong trước hạn 2 việc, quá hạn 1 việc", None),
        # a day is no judgement
        ("Hoàn thành trước ngày 30/6/2026", None),
    ],
)
def test_whether_what_is_done_was_in_time(words: str, timely: bool | None) -> None:
    assert states.in_time(words) is timely


@pytest.mark.parametrize(
    ("header", "month"),
    [
        ("Tháng 9", 9),
        ("T12", 12),
        ("Quý III", 9),
        ("Q.2", 6),
        ("Tháng 9/2026 so với kế hoạch", None),
        ("TT", None),
    ],
)
def test_periods_that_headers_name(header: str, month: int | None) -> None:
    assert marks.last_month(header) == month
