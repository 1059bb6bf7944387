"""What headings and cells of progress report of the tasks beside them."""

import re
import tomllib
from importlib import resources

import pytest

from extractors.reported_states import reported

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
    late, known = rule["state"].endswith("_late"), rule["state"]
    for cell in rule["match"]:
        assert reported([], cell) == (known if late else f"{known}_in_time"), cell
    for cell in rule["no_match"]:
        assert (reported([], cell) or "").removesuffix("_in_time") != known, cell


def test_headings_say_late_and_cells_say_done() -> None:
    assert reported(["Nhiệm vụ quá hạn"], "Đã hoàn thành") == "done_late"
    assert reported(["Nhiệm vụ quá hạn, chưa hoàn thành"], "Đang trình") == "not_done_late"
    assert reported(["Nhiệm vụ chưa đến hạn"], "Đạt 61%") == "not_done_in_time"
    assert reported(["Nhiệm vụ quá hạn"], "Đã xin ý kiến các bộ") == "not_done_late"


def test_the_innermost_heading_reports() -> None:
    assert reported(["Nhiệm vụ quá hạn", "Nhiệm vụ đang thực hiện, chưa đến hạn"]) == "not_done_in_time"
    assert reported(["I. NHIỆM VỤ, GIẢI PHÁP"]) is None
