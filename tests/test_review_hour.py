"""A reviewer's hour from drop to export in a real browser: once without a mouse, once without a key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.browsers import Browser, Keys, Reviewed, until
from tests.conftest import SAMPLES
from tests.letters import text_letter

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path) -> Reviewed:
    """A home with nothing in it."""
    return Reviewed(tmp_path / "home")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    made = Browser(tmp_path / "profile")
    yield made
    made.quit()


def exported(office: Reviewed) -> list[dict[str, Any]]:
    """What `giaoviec export` says of the home."""
    result = CliRunner().invoke(main, ["--home", str(office.home), "export", "--format", "jsonl"])
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def in_workbook(file: Path) -> list[str]:
    """The texts of the tasks in an exported workbook."""
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "Nhiệm vụ" in row)
    column = rows[head].index("Nhiệm vụ")
    return [str(row[column]) for row in rows[head + 1 :] if row[column]]


def shown(browser: Browser) -> str | None:
    """The record on the page; None where there is none."""
    found: str | None = browser.driver.execute_script("return recordShown() ?? null")
    return found


def test_by_keyboard_only(office: Reviewed, browser: Browser, tmp_path: Path) -> None:
    """Bring in, search, open, correct text, lead and deadline, accept, undo, reject, add, export: no click."""
    letter = text_letter(tmp_path / "desk", "công văn đến.txt", 811)
    other = text_letter(tmp_path / "desk", "công văn khác.txt", 812)
    with office.running() as page:
        browser.enter_as(page, "Trần Thị Bình")
        browser.clicks = 0  # the one into the page
        browser.settled()
        browser.press("f")
        until(lambda: browser.driver.current_url.endswith("/files"))
        browser.settled()
        for file in (letter, other):
            browser.choose(".drop-area input[type=file]", file, lambda: browser.press("u"))
            browser.said(f"Đã nhận {file.name}")
            until(lambda file=file: any(file.name in link.text for link in browser.all(".files a")))
        browser.press("q")
        until(lambda: len(browser.all(".rows tbody tr")) == 2)
        browser.settled()
        browser.press("/")
        browser.focused(".search")
        browser.press(*"811", Keys.ESCAPE)
        until(lambda: len(browser.all(".rows .task-cell")) == 2)
        browser.press(Keys.ENTER)
        until(lambda: shown(browser))
        browser.settled()
        first, machine = shown(browser), browser.field("text")
        browser.press("t")
        browser.focused(".field-text")
        browser.press(*"Bài mới", Keys.ESCAPE, "c")
        browser.focused(".field-lead")
        browser.press(*"bo y te")
        until(lambda: "Bộ Y tế" in [e.text for e in browser.all(".q-menu .q-item")])
        browser.press(Keys.ARROW_DOWN, Keys.ENTER)
        until(lambda: "Bộ Y tế" in browser.field("lead"))
        browser.leave()
        browser.press("h")
        browser.focused(".field-deadline")
        browser.press(*"trong Quý III/2026")
        until(lambda: "30/09/2026" in browser.text(".reading"))
        browser.leave()
        # Ctrl+Enter accepts wherever the focus is.
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã nhận")
        until(lambda: shown(browser) != first)
        browser.press("u")
        browser.said("Đã hoàn tác")
        until(lambda: shown(browser) == first)
        assert browser.field("text") == machine
        browser.press("t")
        browser.focused(".field-text")
        browser.press(*"Bài mới")
        browser.chord(Keys.CONTROL, Keys.ENTER)
        until(lambda: shown(browser) != first)
        second = shown(browser)
        # While the help stands, keys are not for the record under it.
        browser.press("?")
        until(lambda: browser.all(".q-dialog .keys"))
        browser.press("x", Keys.ESCAPE)
        until(lambda: not browser.all(".q-dialog"))
        assert shown(browser) == second
        browser.press("n")
        browser.focused(".add-text")
        browser.press(*"Việc bị sót")
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã thêm nhiệm vụ")
        until(lambda: not browser.all(".q-dialog"))
        browser.press("x")
        browser.said("Đã loại")
        until(lambda: shown(browser) != second)
        # What was searched for is done; back in the queue the other letter waits.
        browser.said("Không còn nhiệm vụ nào theo bộ lọc")
        browser.settled()
        browser.press("/")
        browser.focused(".search")
        browser.press(Keys.BACKSPACE, Keys.ESCAPE)
        until(lambda: [row.text for row in browser.all(".rows .number")] == ["812/SYT-NVY"])
        browser.press(Keys.ENTER)
        until(lambda: shown(browser))
        browser.settled()
        while record := shown(browser):
            browser.press(Keys.ENTER)
            until(lambda record=record: shown(browser) != record)
        browser.settled()
        until(lambda: browser.text(".number-large") == "0")
        browser.press("e")
        until(lambda: browser.all(".q-dialog .export"))
        file = browser.downloaded(tmp_path / "downloads", lambda: browser.press(Keys.ENTER))
        assert browser.clicks == 0
    tasks = exported(office)
    assert sorted(in_workbook(file)) == sorted(task["text"] for task in tasks)
    assert {task["status"] for task in tasks} == {"accepted"}
    here = [task["text"] for task in tasks if task["document"] == letter.name]
    assert sorted(here) == ["Bài mới", "Việc bị sót"]
    assert sum(task["document"] == other.name for task in tasks) == 2


def test_by_mouse_only(office: Reviewed, browser: Browser, tmp_path: Path) -> None:
    """Drop, open, mark the text on the page, pick a day, accept, split, reject, accept what is left, export."""
    letter = SAMPLES / "not-secret.pdf"
    with office.running() as page:
        browser.enter_as(page, "Trần Thị Bình")
        browser.settled()
        browser.strokes = 0
        browser.click(".bar .place", "Tệp")
        until(lambda: browser.driver.current_url.endswith("/files"))
        browser.settled()
        browser.drop(".drop-area", letter)
        browser.said(f"Đã nhận {letter.name}")
        until(lambda: any(letter.name in link.text for link in browser.all(".files a")))
        browser.click(".bar .place", "Hàng chờ")
        browser.click(".rows tbody tr")
        until(lambda: shown(browser))
        browser.settled()
        first = shown(browser)
        image = browser.one(".sheet-image img")
        until(lambda: browser.driver.execute_script("return arguments[0].naturalWidth", image) >= 1000)
        assert until(lambda: browser.all(".sheet-image svg rect"))
        browser.drag(".sheet-image img", (0.3, 0.4), (0.7, 0.4))
        marked = browser.text(".marked-text").strip("“”")
        assert len(marked) > 10
        browser.click(".marked .q-btn", "Dùng làm: Nội dung")
        until(lambda: browser.field("text") == marked)
        until(lambda: not browser.all(".q-dialog"))
        browser.click(".field-deadline button[aria-label='Chọn ngày']")
        browser.click(".q-date__calendar-item button", "17")
        until(lambda: browser.field("deadline").startswith("17/"))
        day = browser.field("deadline")
        browser.click(".act", "Nhận")
        browser.said("Đã nhận")
        until(lambda: shown(browser) != first)
        second = shown(browser)
        browser.click(".act", "Loại")
        browser.said("Đã loại")
        until(lambda: shown(browser) != second)
        while record := shown(browser):
            browser.click(".act", "Nhận")
            until(lambda record=record: shown(browser) != record)
        until(lambda: browser.text(".number-large") == "0")
        browser.settled()
        browser.click(".hand-on")
        file = browser.downloaded(tmp_path / "downloads", lambda: browser.click(".export .q-btn", "Tải về"))
        assert browser.strokes == 0
    tasks = exported(office)
    assert sorted(in_workbook(file)) == sorted(task["text"] for task in tasks)
    [mine] = [task for task in tasks if task["text"] == marked]
    assert "/".join(reversed(mine["deadline_date"].split("-"))) == day
    assert {task["status"] for task in tasks} == {"accepted"}
    assert len(tasks) == office.rows("SELECT count(*) - 1 FROM tasks")[0][0]
