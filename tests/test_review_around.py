"""What waits between a letter and others, settled on its page: links, and what letters say of each other."""

from pathlib import Path

import pytest

from tests.browsers import Browser, Keys, Reviewed, until
from tests.test_tracking import letter


@pytest.mark.slow
def test_what_waits_around_a_letter_is_settled_by_keys(tmp_path: Path) -> None:
    """A letter that urges what another assigned, by a later day: looked at in one dialog, and taken back."""
    office = Reviewed(tmp_path / "home")
    letter(
        office.home / "inbox", 41, 2, 3, "trước ngày 30/4/2026", "Phòng Hạ tầng lập sổ theo dõi hồ sơ hoàn công."
    )
    letter(office.home / "inbox", 77, 4, 5, "trước ngày 15/6/2026", "Thanh tra Sở niêm yết lịch tiếp công dân.")
    with office.running() as url:
        browser = Browser(tmp_path / "profile")
        browser.enter_as(url, "Trần Thị Bình")
        browser.go(url)
        browser.click(".rows tbody tr", "77/SXD-HT")
        browser.one(".field-text textarea")
        browser.settled()
        browser.press("l")
        until(lambda: "/letter/" in browser.driver.current_url)
        browser.settled()
        until(lambda: "hạn của 1 nhiệm vụ" in browser.text(".around"))
        waiting = browser.text(".around")

        def heads() -> list[str]:
            return [head.text for head in browser.all(".around-list .speaker .says")]

        browser.press("o")
        browser.focused(".around-list")
        # A dialog that still opens shows no words yet.
        before = until(lambda: all(found := heads()) and found)
        assert before[-1] == "1 hạn mới"
        for _ in before[1:]:
            browser.press("]")
        until(lambda: "30/04/2026 → 15/06/2026" in browser.text(".proposal.chosen"))
        assert "41/SXD-HT" in browser.text(".proposal.chosen")
        box = ".proposal.chosen .q-checkbox"
        for ticked in ("false", "true"):
            browser.press("t")
            until(lambda ticked=ticked: browser.one(box).get_attribute("aria-checked") == ticked)
        browser.press("y")
        browser.said("Đã ghi cho 1 nhiệm vụ")
        until(lambda: heads() == before[:-1])
        browser.focused(".around-list")
        browser.press("u")
        browser.said("Đã hoàn tác")
        until(lambda: heads() == before)
        assert browser.unnamed() == []
        browser.press(Keys.ESCAPE)
        until(lambda: not browser.all(".around-list"))
        assert browser.text(".around") == waiting
        browser.quit()
