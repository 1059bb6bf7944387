"""What headings and cells of progress report of the tasks beside them."""

import datetime
import re
import tomllib
from importlib import resources

import pytest

from extractors.reported_states import day_done, reported

ISSUED = datetime.date(2026, 6, 15)
DATA = tomllib.loads(resources.files("extractors").joinpath("data/reported_states.toml").read_text("utf-8"))


@pytest.mark.parametrize("rule", DATA["reported"], ids=lambda rule: rule["state"] + rule["match"][0])
def test_what_headings_report(rule: dict[str, list[str]]) -> None:
    for heading in rule["match"]:
        assert reported(["Phụ lục I", heading]) == rule["state"], heading
    for heading in rule["no_match"]:
        assert reported([heading]) != rule["state"], heading
    assert all(re.compile(pattern) for pattern in rule["patterns"])


@pytest.mark.parametrize("rule", DATA["progress"], ids=lambda rule: rule["state"] + rule["match"][0])
def test_what_cells_report(rule: dict[str, list[str]]) -> None:
    known = "not_done_in_time" if rule["state"] == "not_done" else rule["state"]
    for cell in rule["match"]:
        assert reported([], cell) == known, cell
    for cell in rule["no_match"]:
        assert reported([], cell) != known, cell


def test_headings_say_late_and_cells_say_done() -> None:
    assert reported(["Nhiệm vụ quá hạn"], "Đã hoàn thành") == "done_late"
    assert reported(["Nhiệm vụ quá hạn, chưa hoàn thành"], "Đang trình") == "not_done_late"
    assert reported(["Nhiệm vụ chưa đến hạn"], "Đạt 61%") == "not_done_in_time"
    assert reported(["Nhiệm vụ quá hạn"], "Đã xin ý kiến các bộ") == "not_done_late"


@pytest.mark.parametrize(
    ("heading", "cell", "due", "found"),
    [
        ("Nhiệm vụ đã hoàn thành", None, "2026-03-31", "done"),
        ("Nhiệm vụ đã hoàn thành", "Đủ 12 đơn vị", "2026-03-31", "done"),
        ("Nhiệm vụ đã hoàn thành đúng hạn", "Đủ 12 đơn vị", "2026-03-31", "done_in_time"),
        # what is said
        ("Nhiệm vụ đã hoàn thành", "Hướng dẫn số 87/HD-SYT ngày 12/4/2026, chậm 12 ngày", None, "done_late"),
        ("Nhiệm vụ đã hoàn thành", "Đã niêm yết (chậm 04 ngày)", "2026-03-31", "done_late"),
        ("Nhiệm vụ đã hoàn thành", "Không chậm 01 ngày nào", "2026-03-31", "done"),
        ("Nhiệm vụ đã hoàn thành", "Đã rà soát quá trình sử dụng", "2026-03-31", "done"),
        ("Nhiệm vụ đã hoàn thành", "Đạt 100% trước hạn", "2026-03-31", "done_in_time"),
        # the day
        ("Nhiệm vụ đã hoàn thành", "Ngày 26/3/2026", "2026-03-31", "done_in_time"),
        ("Nhiệm vụ đã hoàn thành", "Ngày 02/4/2026", "2026-03-31", "done_late"),
        ("Nhiệm vụ đã hoàn thành", "Ngày 02/4/2026", None, "done"),
        ("Nhiệm vụ đã hoàn thành", "HĐND tỉnh thông qua ngày 12/4/2026", "2026-03-31", "done_late"),
        ("Nhiệm vụ hoàn thành quá hạn", "Đã trình ngày 30/3/2026", "2026-03-31", "done_late"),
        (None, "Đã phát hành ngày 28/3/2026; Hoàn thành", "2026-03-31", "done_in_time"),
        (None, "Đã phát hành ngày 28/4/2026; Hoàn thành", "2026-03-31", "done_late"),
        (None, "Đã hoàn thành ngày 12/4", "2026-03-31", "done_late"),  # of the letter's year
        (None, "Hoàn thành ngày 12 tháng 4 năm 2026", "2026-03-31", "done_late"),
        (None, "Hoàn thành (Báo cáo số 55/BC-STC ngày 12/3/2026)", "2026-03-31", "done_in_time"),
        # not done, whatever the day
        (
            "Nhiệm vụ quá hạn, chưa hoàn thành",
            "Đã gửi ngày 03/02/2026, phải bổ sung",
            "2026-03-31",
            "not_done_late",
        ),
        (None, "Đã trình lần 2 ngày 06/3/2026; đang tiếp thu", "2026-03-31", "not_done_in_time"),
        (None, "Đã trình ngày 06/3/2026", "2026-03-31", None),
    ],
)
def test_whether_what_is_done_was_in_time(
    heading: str | None, cell: str | None, due: str | None, found: str
) -> None:
    day = datetime.date.fromisoformat(due) if due else None
    assert reported([heading] if heading else [], cell, day, ISSUED) == found


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Nghiệm thu ngày 27/3/2026", "2026-03-27"),
        ("Đã trình Chính phủ tại Tờ trình số 33/TTr-BXD ngày 29/01/2026", "2026-01-29"),
        ("Quyết định số 612/QĐ-BCT ngày 24/12/2025 (chậm 09 ngày)", "2025-12-24"),
        ("Ngày 05/5/2026", "2026-05-05"),
        ("Đã hoàn thành ngày 12/5/2026", "2026-05-12"),
        ("Hoàn thành ngày 12 tháng 5 năm 2026", "2026-05-12"),
        # without its year: the last such day before the letter
        ("Đã hoàn thành ngày 12/5", "2026-05-12"),
        ("Đã trình ngày 20/12", "2025-12-20"),
        # another document's day, a span, a plan, two days, none such
        ("Hoàn thành theo Quyết định số 15/QĐ-UBND ngày 03/4/2026", None),
        ("Tổ chức từ ngày 03/5/2026", None),
        ("Ký hợp đồng ngày 02/3/2026, nghiệm thu ngày 15/6/2026", None),
        ("Nghiệm thu ngày 31/6/2026", None),
        ("Đạt 3/5 lớp", None),
        ("Hoàn thành 3/5 lớp", None),
    ],
)
def test_the_day_that_progress_names(words: str, day: str | None) -> None:
    assert day_done(words, ISSUED) == (datetime.date.fromisoformat(day) if day else None)


def test_a_day_without_its_year_is_none_where_the_letter_bears_no_day() -> None:
    assert day_done("Đã hoàn thành ngày 12/5") is None


def test_the_innermost_heading_reports() -> None:
    assert reported(["Nhiệm vụ quá hạn", "Nhiệm vụ đang thực hiện, chưa đến hạn"]) == "not_done_in_time"
    assert reported(["I. NHIỆM VỤ, GIẢI PHÁP"]) is None
