"""The state of a task on the review page: shown, set by hand, taken back; and what was done last, of any kind."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import mentions, reviewing, task_state, tracking, undoing, work
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.review_items import item
from pipeline.settings import Settings
from tests.browsers import Browser, Keys, Reviewed, until
from tests.letters import text_letter

TODAY = f"{datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))):%d/%m/%Y}"


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0)


@pytest.fixture
def tasks(register: Register, tmp_path: Path) -> list[str]:
    """The tasks of two letters that say the same."""
    work.ingest(register, [text_letter(tmp_path, f"{n}.txt", n) for n in (101, 102)])
    return [t for (t,) in register.store.rows("SELECT task_id FROM tasks ORDER BY ordinal, task_id")]


def test_the_state_as_a_page_shows_it(register: Register, tasks: list[str]) -> None:
    """By the task's own rows: late by its last day, until it is done or its day is another one."""
    now = task_state.now(register, tasks[0])
    assert (now.state, now.is_late, now.last_day) == ("open", True, datetime.date(2026, 4, 15))
    tracking.set_state(
        register, silent, task_id=tasks[0], who="An", done_on="2026-04-15", note="x", source="báo cáo"
    )
    now = task_state.now(register, tasks[0])
    assert (now.state, now.is_late, now.set_by, now.source, now.note) == ("done", False, "An", "báo cáo", "x")
    tracking.set_state(register, silent, task_id=tasks[0], who="An", done_on="2026-04-20")
    assert task_state.now(register, tasks[0]).is_late
    tracking.set_state(register, silent, task_id=tasks[0], who="An", state="open", office_due="2999-01-01")
    assert not task_state.now(register, tasks[0]).is_late


@pytest.mark.parametrize(
    ("said", "is_late", "is_in_time"),
    [
        ({"state": "done"}, False, False),  # recorded long after its last day
        ({"state": "xong quá hạn"}, True, False),
        ({"state": "done_in_time"}, False, True),
        ({"state": "done", "office_due": "2999-01-01"}, False, True),  # its last day is still to come
        ({"state": "done", "done_on": "2026-04-15"}, False, True),
    ],
)
def test_done_without_a_day_as_a_page_shows_it(
    register: Register, tasks: list[str], said: dict[str, str], is_late: bool, is_in_time: bool
) -> None:
    tracking.set_state(register, silent, task_id=tasks[0], who="An", **said)
    now = task_state.now(register, tasks[0])
    assert (now.state, now.is_late, now.is_in_time) == ("done", is_late, is_in_time)


def test_what_was_done_last_is_taken_back_whatever_it_was(register: Register, tasks: list[str]) -> None:
    reviewing.decide(register, item(register, tasks[0]), "accept", "An")
    mentions.judge(register, tasks[0], tasks[1], "refused", "An")
    mentions.judge(register, tasks[0], tasks[1], "confirmed", "An")
    tracking.set_state(register, silent, task_id=tasks[0], state="done", who="An")
    tracking.set_state(register, silent, task_id=tasks[1], state="done", who="Bình")

    def undone() -> tuple[str, str | None, str | None, str]:
        """What was undone, then the state, the link and the review of the first task."""
        last = undoing.last(register, "An")
        assert last is not None
        undoing.undo(register, last["seq"], "An")
        state = task_state.now(register, tasks[0]).state
        level = next((m.level for m in mentions.mentions(register, tasks[0]) if m.item.task_id == tasks[1]), None)
        return last["kind"], state, level, item(register, tasks[0]).review

    assert undone() == ("state", "open", "confirmed", "accepted")
    assert undone() == ("link", "open", "refused", "accepted")
    kind, _, level, review = undone()
    assert (kind, level in ("exact", "likely", "possible"), review) == ("link", True, "accepted")
    assert undone()[3] == "open"
    # what another did stays
    assert undoing.last(register, "An") is None
    assert task_state.now(register, tasks[1]).state == "done"
    changes = task_state.history(register, tasks[0])
    assert [(c["field"], c["seen"], c["value"], c["undone"]) for c in changes] == [
        ("state", '"open"', '"done"', True)
    ]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    made = Reviewed(tmp_path_factory.mktemp("office") / "home")
    text_letter(made.home / "inbox", "một.txt", 101)
    return made


@pytest.fixture(scope="module")
def page(office: Reviewed) -> Iterator[str]:
    with office.running() as url:
        yield url


@pytest.mark.slow
def test_a_state_is_set_by_keys_and_by_mouse(page: str, tmp_path: Path) -> None:
    browser = Browser(tmp_path / "profile")
    browser.enter_as(page, "Trần Thị Bình")
    browser.go(page)
    browser.click(".rows tbody tr", "101/SYT-NVY")
    browser.one(".field-text textarea")
    browser.settled()
    assert "Chưa hoàn thành, quá hạn" in browser.text(".state-line")
    # done today, by three keys
    browser.press("d")
    browser.focused(".state-fields")
    browser.press("2")
    entry = browser.one(".state-done_on input")
    until(lambda: entry.get_property("value") == TODAY)
    browser.press(Keys.ENTER)
    until(lambda: f"Đã hoàn thành ngày {TODAY}, quá hạn" in browser.text(".state-line"))
    assert "do Trần Thị Bình" in browser.text(".state-line")
    until(lambda: not browser.all(".q-dialog"))
    browser.press("u")
    until(lambda: "Chưa hoàn thành" in browser.text(".state-line"))
    # by mouse, with a day before the letter: only when it is insisted on
    browser.click(".state-line button")
    browser.click(".state-fields button", "Đã hoàn thành")
    until(lambda: browser.one(".state-done_on input").get_property("value") == TODAY)
    day = browser.one(".state-done_on input")

    def typed() -> bool:
        # What the page itself fills in may come between selecting and typing.
        day.send_keys(Keys.CONTROL, "a")
        day.send_keys("01/03/2026")
        return day.get_property("value") == "01/03/2026"

    until(typed)
    browser.one(".state-progress input").send_keys("đã báo cáo miệng")
    browser.click(".set-state button", "Lưu")
    browser.said("trước ngày ban hành")
    browser.click(".set-state button", "Lưu")
    until(lambda: "Đã hoàn thành ngày 01/03/2026, đúng hạn" in browser.text(".state-line"))
    assert "đã báo cáo miệng" in browser.text(".state-line")
    # nobody knows when: whether it was in time is asked then; the dialog before is gone first, its fields with it
    until(lambda: not browser.all(".q-dialog"))
    browser.press("d")
    browser.focused(".state-fields")
    day = browser.one(".state-done_on input")
    assert not any(row.is_displayed() for row in browser.all(".state-how"))
    day.send_keys(Keys.CONTROL, "a")
    day.send_keys(Keys.BACKSPACE)
    until(lambda: browser.one(".state-how").is_displayed())
    browser.click(".set-state button", "Lưu")
    until(lambda: "Đã hoàn thành, không rõ ngày" in browser.text(".state-line"))
    until(lambda: not browser.all(".q-dialog"))
    browser.press("d")
    browser.click(".state-how button", "quá hạn")
    browser.click(".set-state button", "Lưu")
    until(lambda: "Đã hoàn thành, quá hạn" in browser.text(".state-line"))
    assert browser.unnamed() == []
    browser.quit()
