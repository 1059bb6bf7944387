"""The review page in a real browser: a reviewer's hour by keys and by mouse, two at once, and what stays out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline import users
from tests.browsers import Browser, Keys, Reviewed, until
from tests.conftest import SAMPLES
from tests.letters import LETTER, text_letter

pytestmark = pytest.mark.slow

HOSTILE = LETTER.format(number=666).replace(
    "tại các trường học",
    "tại các trường học <script>document.title='bị chiếm'</script>"
    " <img src=x onerror=\"document.title='bị chiếm'\">"
    ' {{7*7}} =HYPERLINK("x") ../../etc/passwd \'; DROP TABLE tasks; --',
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """A home that tests share, with two letters to look at; a test that decides on one brings its own."""
    made = Reviewed(tmp_path_factory.mktemp("office") / "home")
    (made.home / "giaoviec.toml").write_text('[[own_bodies]]\nname = "Tỉnh Quảng Ninh"\n', "utf-8")
    text_letter(made.home / "inbox", "một.txt", 101)
    (made.home / "inbox" / "độc.txt").write_text(HOSTILE, "utf-8")
    return made


@pytest.fixture(scope="module")
def page(office: Reviewed) -> Iterator[str]:
    with office.running() as url:
        yield url


@pytest.fixture
def browsers(tmp_path: Path) -> Iterator[list[Browser]]:
    """Two reviewers' browsers."""
    made = [Browser(tmp_path / str(n)) for n in range(2)]
    yield made
    for browser in made:
        browser.quit()


@pytest.fixture
def browser(tmp_path: Path, page: str) -> Iterator[Browser]:
    made = Browser(tmp_path / "profile")
    made.enter_as(page, "Trần Thị Bình")
    made.settled()
    yield made
    made.quit()


def events(home: Path) -> list[dict[str, object]]:
    """What reviewers' acts the journal holds."""
    lines = b"".join(s.read_bytes() for s in sorted((home / "journal" / "events").glob("*.jsonl"))).splitlines()
    return [e["data"] for e in map(json.loads, lines) if e["kind"] == "reviewed"]


def open_letter(browser: Browser, page: str, words: str) -> None:
    """From the queue to the first record of the letter whose row holds these words, once it has been read."""
    browser.go(page)
    browser.click(".rows tbody tr", words)
    browser.one(".field-text textarea")
    browser.settled()


def sample(office: Reviewed, name: str) -> None:
    """Bring a sample letter in."""
    (office.home / "inbox" / name).write_bytes((SAMPLES / name).read_bytes())


def picture_shown(browser: Browser) -> None:
    """Wait until a page's picture is there and nothing it was asked for is still to come."""
    image = browser.one(".sheet-image img")
    until(lambda: browser.driver.execute_script("return arguments[0].naturalWidth", image) >= 1000)


def test_a_name_is_asked_once(page: str, browser: Browser) -> None:
    assert "/login" not in browser.driver.current_url
    assert browser.text(".bar .who") == "Trần Thị Bình"
    browser.driver.delete_cookie("giaoviec_session")
    # The session is gone (as after a restart), the name is still known.
    browser.go(page)
    assert browser.text(".bar .who") == "Trần Thị Bình"


def test_completion_keeps_neither_ctrl_enter_nor_the_focus(tmp_path: Path, browsers: list[Browser]) -> None:
    """What is typed into it is saved at once; what it offers late does not take the focus from the next field."""
    office, browser = Reviewed(tmp_path / "home"), browsers[0]
    text_letter(office.home / "inbox", "một.txt", 601)
    with office.running() as page:
        browser.enter_as(page, "An")
        open_letter(browser, page, "601/SYT-NVY")
        browser.settled()
        _use_completion(office, browser)


def _use_completion(office: Reviewed, browser: Browser) -> None:
    first = browser.driver.current_url
    before = len(events(office.home))
    # A body nobody knows is taken as typed, one that is known under its name, and there may be nothing to take.
    for typed, taken in (("Ban Cứu nạn", ["Ban Cứu nạn"]), ("bo y te", ["Bộ Y tế"]), ("", [])):
        browser.press("c")
        browser.focused(".field-lead")
        browser.press(*typed)
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã nhận")
        until(lambda: browser.driver.current_url != first)
        act = events(office.home)[-1]
        leads = [c["value"][-1] for c in act["corrected"] if c["field"] == "lead"]  # type: ignore[attr-defined]
        assert leads == taken
        browser.press("u")
        browser.said("Đã hoàn tác")
        until(lambda: browser.driver.current_url == first)
        until(lambda: not browser.all(".q-notification"))
    assert len(events(office.home)) == before + 6
    browser.press("c")
    browser.focused(".field-lead")
    offered = (
        "const parts = document.querySelectorAll('.field-lead .q-select, .field-lead .q-select *');"
        "return awaitsCompletion([...parts].find((part) => /^c\\d+$/.test(part.id)).id.slice(1))"
    )
    assert browser.driver.execute_script(offered)
    browser.press(*"bo")
    until(lambda: len(browser.all(".completion .q-item")) > 2)
    browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    chosen = browser.text(".completion .q-manual-focusable--focused")
    until(lambda: browser.driver.execute_script("return chosenOffer") == chosen)
    # An answer that comes late offers others: what was chosen is still the one Enter takes.
    field = browser.driver.execute_script(offered.replace("awaitsCompletion(", "("))
    browser.driver.execute_script("keepChosen(arguments[0], ['Bộ khác', 'Bộ nữa'])", field)
    until(lambda: not browser.all(".completion .q-manual-focusable--focused"))
    offers = [item.text for item in browser.all(".completion .q-item")]
    browser.driver.execute_script("keepChosen(...arguments)", field, offers)
    until(lambda: browser.text(".completion .q-manual-focusable--focused") == chosen)
    browser.leave()
    browser.press("h")
    browser.focused(".field-deadline")
    assert not browser.driver.execute_script(offered)


def test_no_letter_is_lost_on_a_slow_link(
    tmp_path: Path, browsers: list[Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed without waiting for anything: into fields, the next record, a dialog; nothing becomes a shortcut."""
    monkeypatch.setenv("REVIEW_SLOW", "0.4")
    office = Reviewed(tmp_path / "home")
    text_letter(office.home / "inbox", "một.txt", 301)
    browser = browsers[0]
    with office.running() as page:
        browser.enter_as(page, "An")
        open_letter(browser, page, "301/SYT-NVY")
        browser.settled()
        until(lambda: browser.field("deadline"))
        browser.press("tx" + "Một việc khác" + Keys.ESCAPE + "rkết quả x" + Keys.ESCAPE)
        assert browser.field("text") == "xMột việc khác"
        assert browser.field("result") == "kết quả x"
        # The next record is not there yet when its field is typed into, nor when it would be accepted unseen.
        browser.press(Keys.ENTER + Keys.ENTER + "rxin gõ tiếp" + Keys.ESCAPE)
        until(lambda: browser.field("result") == "xin gõ tiếp")
        assert len(events(office.home)) == 1
        browser.press("n" + "Việc bị sót")
        until(lambda: browser.all(".q-dialog textarea"))
        until(lambda: browser.one(".q-dialog textarea").get_property("value") == "Việc bị sót")
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã thêm nhiệm vụ")
    acts = [(event["act"], [c["field"] for c in event["corrected"]]) for event in events(office.home)]  # type: ignore[attr-defined]
    # What was typed into the record at hand is kept when another is added.
    assert acts == [
        ("accept", ["text", "result", "review"]),
        ("correct", ["result"]),
        ("add", ["text", "review"]),
    ]


SLOW_LINK = """
const socket = window.socket, at_once = socket.onevent.bind(socket);
socket.onevent = (packet) => setTimeout(() => at_once(packet), 400);
"""


def test_bodies_chosen_on_a_slow_link_stay_in_their_field(tmp_path: Path, browsers: list[Browser]) -> None:
    """Whatever is typed before the server has answered: no chip is lost, none lands in the field before."""
    office, browser = Reviewed(tmp_path / "home"), browsers[0]
    text_letter(office.home / "inbox", "một.txt", 801)

    def offered(name: str) -> None:
        until(lambda: name in [e.text for e in browser.all(".completion .q-item")])

    with office.running() as page:
        browser.enter_as(page, "An")
        open_letter(browser, page, "801/SYT-NVY")
        browser.driver.execute_script(SLOW_LINK)
        # Tab, too, before the dialog is there; then a body chosen, and another before the first is known.
        browser.press("n" + "Việc bị sót" + Keys.TAB + "bo y te")
        offered("Bộ Y tế")
        browser.press(Keys.ARROW_DOWN + Keys.ENTER + "Ban Cứu nạn" + Keys.ENTER + "bo cong an" + Keys.ENTER)
        browser.press(Keys.TAB + "Ban Hậu cần" + Keys.ENTER + "bo quoc phong")
        offered("Bộ Quốc phòng")
        browser.press(Keys.ARROW_DOWN + Keys.ENTER)
        # At once: what has just been chosen is neither taken away again nor forgotten.
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã thêm nhiệm vụ")
        until(lambda: not browser.all(".q-dialog"))
        # The same in the fields of a record, which are gone to by their keys.
        browser.press("c" + Keys.BACKSPACE * 3 + "Ban Một" + Keys.ENTER + "bo y te")
        offered("Bộ Y tế")
        browser.press(Keys.ARROW_DOWN + Keys.ENTER + Keys.TAB + "Ban Hai" + Keys.ENTER)
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã nhận")
    acts = [{c["field"]: c["value"] for c in act["corrected"]} for act in events(office.home)]  # type: ignore[attr-defined]
    assert [(act["lead"], act["coop"]) for act in acts] == [
        (["Bộ Y tế", "Ban Cứu nạn", "Bộ Công an"], ["Ban Hậu cần", "Bộ Quốc phòng"]),
        (["Ban Một", "Bộ Y tế"], ["Ban Hai"]),
    ]


def test_an_arrow_before_the_offer_waits_for_it(tmp_path: Path, browsers: list[Browser]) -> None:
    """On a slow link, with all that is typed behind it: a name without diacritics, an alias, unknown names."""
    office, browser = Reviewed(tmp_path / "home"), browsers[0]
    text_letter(office.home / "inbox", "một.txt", 802)
    with office.running() as page:
        browser.enter_as(page, "An")
        open_letter(browser, page, "802/SYT-NVY")
        browser.driver.execute_script(SLOW_LINK)
        browser.press("c")
        browser.focused(".field-lead")
        browser.press(Keys.BACKSPACE * 3)
        until(lambda: not browser.all(".field-lead .q-chip"))
        browser.press("bo y t" + Keys.ARROW_DOWN + Keys.ENTER + "ban cuu nan" + Keys.ENTER)
        browser.press("bnnmt" + Keys.ARROW_DOWN + Keys.ENTER + "khong co ten nay" + Keys.ARROW_DOWN + Keys.ENTER)
        browser.chord(Keys.CONTROL, Keys.ENTER)
        browser.said("Đã nhận")
    [act] = events(office.home)
    [leads] = [c["value"] for c in act["corrected"] if c["field"] == "lead"]  # type: ignore[attr-defined]
    assert leads == ["Bộ Y tế", "ban cuu nan", "Bộ Nông nghiệp và Môi trường", "khong co ten nay"]


def test_changes_are_kept_when_a_record_is_left(tmp_path: Path, browsers: list[Browser]) -> None:
    """Undecided, by its keys; any other way out asks; and U takes back what is not saved yet."""
    office, browser = Reviewed(tmp_path / "home"), browsers[0]
    text_letter(office.home / "inbox", "một.txt", 803)
    unsaved = "return !window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    with office.running() as page:
        browser.enter_as(page, "An")
        open_letter(browser, page, "803/SYT-NVY")
        first = browser.driver.execute_script("return recordShown()")
        assert not browser.driver.execute_script(unsaved)
        browser.press("r")
        browser.focused(".field-result")
        browser.press(*"Bỏ đi", Keys.ESCAPE)
        until(lambda: browser.driver.execute_script(unsaved))
        browser.press("u")
        browser.said("Đã bỏ các sửa đổi chưa lưu")
        until(lambda: not browser.field("result") and not browser.driver.execute_script(unsaved))
        browser.press("r")
        browser.focused(".field-result")
        browser.press(*"Báo cáo", Keys.ESCAPE, "j")
        browser.said("Đã lưu sửa đổi")
        until(lambda: browser.driver.execute_script("return recordShown()") != first)
        assert not browser.driver.execute_script(unsaved)
        browser.press("k")
        until(lambda: browser.driver.execute_script("return recordShown()") == first)
        assert browser.field("result") == "Báo cáo"
        # Words that are no deadline keep the record where it is, until they are insisted on.
        browser.press("h")
        browser.focused(".field-deadline")
        browser.press(*"theo lộ trình riêng", Keys.ESCAPE, "l")
        until(lambda: any("giữ nguyên văn" in n.text for n in browser.all(".q-notification.bg-negative")))
        assert "/task/" in browser.driver.current_url
        browser.press("l")
        until(lambda: "/letter/" in browser.driver.current_url)
    acts = [(event["act"], [c["field"] for c in event["corrected"]]) for event in events(office.home)]  # type: ignore[attr-defined]
    assert acts == [("correct", ["result"]), ("correct", ["deadline"])]


def test_filters_are_found_without_diacritics(page: str, browser: Browser) -> None:
    """A body, and a letter by its number."""
    browser.go(page)
    for label, typed, option in (("Cơ quan", "so giao duc", "Sở Giáo dục"), ("Văn bản", "syt 101", "101/SYT-NVY")):
        browser.click(f".filters input[aria-label='{label}']")
        browser.press(typed)
        until(lambda option=option: [e.text for e in browser.all(".q-menu .q-item") if option in e.text])
        browser.click(".q-menu .q-item", option)
        until(lambda: browser.all(".rows .task-cell"))
    until(lambda: {e.text for e in browser.all(".rows .number")} == {"101/SYT-NVY"})


def test_a_task_is_split_by_what_is_marked(office: Reviewed, page: str, browser: Browser) -> None:
    """Two spans are dragged over, each said to be a part; the split holds their words and their own places."""
    sample(office, "05-storm-telegram.pdf")
    open_letter(browser, page, "187/CĐ-TTg")
    picture_shown(browser)
    marked = []
    for count, height in enumerate((0.3, 0.4), 1):
        browser.drag(".sheet-image img", (0.3, height), (0.7, height))
        marked.append(browser.text(".marked-text").strip("“”"))
        browser.press("8")
        until(lambda count=count: f"Đã đánh dấu {count} phần" in browser.text(".parts-note"))
        until(lambda: not browser.all(".q-dialog"))
    browser.press("s")
    area = browser.one(".split-text textarea")
    assert area.get_property("value").split("\n") == marked
    browser.focused(".split-text")
    browser.chord(Keys.CONTROL, Keys.ENTER)
    browser.said("Đã lưu")
    act = events(office.home)[-1]
    assert act["act"] == "split"
    texts = [c["value"] for c in act["corrected"] if c["field"] == "text"]  # type: ignore[attr-defined]
    assert texts == marked
    [first] = [c["value"] for c in act["corrected"] if c["field"] == "places"]  # type: ignore[attr-defined]
    [added] = [task["places"] for task in act["added"]]  # type: ignore[attr-defined]
    assert first and added and not {p["start"] for p in first} & {p["start"] for p in added}


def test_the_queue_keeps_up_with_letters_that_come_in(office: Reviewed, page: str, browser: Browser) -> None:
    """Without being loaded again; the row chosen stays chosen."""
    browser.go(page)
    browser.one(".rows tbody tr")
    browser.press("j")
    until(lambda: "chosen" in str(browser.all(".rows tbody tr")[1].get_attribute("class")))
    chosen = browser.text(".rows tbody tr.chosen .number")
    text_letter(office.home / "inbox", "mới đến.txt", 404)
    until(lambda: any("404/SYT-NVY" in row.text for row in browser.all(".rows tbody tr")))
    until(lambda: browser.text(".rows tbody tr.chosen .number") == chosen)


def test_a_letter_without_tasks_is_given_one(office: Reviewed, page: str, browser: Browser) -> None:
    """On its own view, typed or marked: the queue has nothing of it to begin with."""
    empty = LETTER.format(number=405).split("1. Trung tâm")[0]
    (office.home / "inbox" / "rỗng.txt").write_text(f"{empty}\nNơi nhận:\n- Như trên.\n", "utf-8")
    browser.go(f"{page}/files")
    browser.click(".files a", "rỗng.txt")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    assert "0 nhiệm vụ" in browser.text(".panel-title")
    browser.press("n")
    browser.focused(".add-text")
    browser.press(*"Rà soát vật tư.")
    browser.tab_to(".add-lead")
    browser.press(*"bo y te")
    until(lambda: "Bộ Y tế" in [e.text for e in browser.all(".q-menu .q-item")])
    browser.press(Keys.ARROW_DOWN, Keys.ENTER)
    browser.tab_to(".add-deadline")
    browser.press(*"trong tháng 5/2026")
    until(lambda: "31/05/2026" in browser.text(".add-task .reading"))
    browser.chord(Keys.CONTROL, Keys.ENTER)
    browser.said("Đã thêm nhiệm vụ")
    until(lambda: "1 nhiệm vụ" in browser.text(".panel-title"))
    assert "Bộ Y tế" in browser.text(".letter-task")
    until(lambda: not browser.all(".q-dialog"))
    browser.settled()
    # Words that are no deadline to the grammar are kept when they are insisted on.
    browser.press("n")
    browser.focused(".add-text")
    browser.press(*"Rà soát nhân lực.")
    browser.tab_to(".add-deadline")
    browser.press(*"theo lộ trình của Sở")
    browser.chord(Keys.CONTROL, Keys.ENTER)
    until(lambda: any("giữ nguyên văn" in n.text for n in browser.all(".q-notification.bg-negative")))
    browser.chord(Keys.CONTROL, Keys.ENTER)
    until(lambda: "2 nhiệm vụ" in browser.text(".panel-title"))
    assert any("theo lộ trình của Sở" in e.text for e in browser.all(".letter-task"))
    until(lambda: not browser.all(".q-dialog"))
    # Saved from a field with completion, in which nothing is typed any more.
    browser.press("n")
    browser.focused(".add-text")
    browser.press(*"Rà soát kinh phí.")
    browser.tab_to(".add-lead")
    browser.press(*"bo y te")
    until(lambda: "Bộ Y tế" in [e.text for e in browser.all(".q-menu .q-item")])
    browser.press(Keys.ARROW_DOWN, Keys.ENTER)
    until(lambda: browser.all(".add-lead .q-chip"))
    browser.chord(Keys.CONTROL, Keys.ENTER)
    until(lambda: "3 nhiệm vụ" in browser.text(".panel-title"))
    assert ["Bộ Y tế" in e.text for e in browser.all(".letter-task")] == [True, False, True]


def test_a_second_person_signs_off(tmp_path: Path, browsers: list[Browser]) -> None:
    """What one accepted waits for another: who accepted cannot approve."""
    office = Reviewed(tmp_path / "home")
    (office.home / "giaoviec.toml").write_text("second_signoff = true\n", "utf-8")
    text_letter(office.home / "inbox", "một.txt", 501)
    an, binh = browsers
    with office.running() as page:
        an.enter_as(page, "An")
        open_letter(an, page, "501/SYT-NVY")
        an.settled()
        an.press(Keys.ENTER)
        an.said("Đã nhận")
        an.go(f"{page}/next?stage=approve")
        an.one(".field-text textarea")
        an.click(".act", "Duyệt")
        until(lambda: any("phải khác người đã nhận" in n.text for n in an.all(".q-notification.bg-negative")))
        binh.enter_as(page, "Bình")
        binh.settled()
        binh.go(page)
        # While An looks at it, it is nobody else's.
        binh.click(".count", "chờ duyệt lần hai")
        binh.said("đều có người đang xem")
        an.go(page)
        binh.go(f"{page}/next?stage=approve")
        binh.one(".field-text textarea")
        binh.settled()
        binh.press(Keys.ENTER)
        binh.said("Đã duyệt")
    assert [(event["act"], event["who"]) for event in events(office.home)] == [
        ("accept", "An"),
        ("approve", "Bình"),
    ]


def test_a_browser_that_has_left_holds_no_record(
    tmp_path: Path, browsers: list[Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one that never came to its page, nor one that left while its next record was being fetched."""
    monkeypatch.setenv("REVIEW_SLOW", "1")
    office = Reviewed(tmp_path / "home")
    text_letter(office.home / "inbox", "một.txt", 701)
    with office.running() as page:
        an, binh = browsers
        an.enter_as(page, "An")
        binh.enter_as(page, "Bình")
        open_letter(an, page, "701/SYT-NVY")
        an.settled()
        first = an.driver.current_url
        # Another page of An's, whose browser hangs up before it is connected.
        with httpx.Client(cookies={c["name"]: c["value"] for c in an.driver.get_cookies()}) as client:
            assert client.get(first).status_code == 200
        an.press("j")
        until(lambda: an.driver.execute_script("return heldFor") == "j")
        an.driver.get("about:blank")

        def is_free(record: str) -> bool:
            binh.go(record)
            binh.one(".field-text textarea")
            return not [e.text for e in binh.all(".leased") if e.is_displayed()]

        # Well before a lease that nobody gives back would be over.
        until(lambda: is_free(first))
        binh.press("j")
        until(lambda: binh.driver.current_url != first)
        second = binh.driver.current_url
        until(lambda: is_free(second))


def test_two_reviewers_and_one_record(office: Reviewed, page: str, browsers: list[Browser]) -> None:
    """The second sees that it is taken; a stale save is refused with both versions, and one's own can be kept."""
    an, binh = browsers
    text_letter(office.home / "inbox", "hai người.txt", 120)
    an.enter_as(page, "An")
    binh.enter_as(page, "Bình")
    an.settled()
    binh.settled()
    open_letter(an, page, "120/SYT-NVY")
    url = an.driver.current_url
    binh.go(url)
    until(lambda: "An" in binh.text(".record-head .leased"))
    binh.press("r")
    binh.focused(".field-result")
    binh.press(*"Báo cáo của Bình")
    an.press("r")
    an.focused(".field-result")
    an.press(*"Tờ trình của An")
    an.chord(Keys.CONTROL, Keys.ENTER)
    an.said("Đã nhận")
    before = len(events(office.home))
    binh.chord(Keys.CONTROL, Keys.ENTER)
    versions = binh.text(".versions")
    assert "Tờ trình của An" in versions
    assert "Báo cáo của Bình" in versions
    assert len(events(office.home)) == before
    binh.click(".wide .q-btn", "Lưu bản của tôi")
    binh.said("Đã nhận")
    [change] = [c for c in events(office.home)[-1]["corrected"] if c["field"] == "result"]  # type: ignore[attr-defined]
    assert (change["seen"], change["value"]) == ("Tờ trình của An", "Báo cáo của Bình")
    # What was changed is listed with who did it, and taken back from there, by anybody.
    an.go(url)
    an.one(".field-text textarea")
    an.click(".record-head button[aria-label^='lịch sử']")
    until(lambda: "Tờ trình của An → Báo cáo của Bình" in an.text(".history"))
    an.click(".history .q-btn", "Hoàn tác việc này")
    an.said("Đã hoàn tác")
    until(lambda: an.field("result") == "Tờ trình của An")
    assert events(office.home)[-1]["act"] == "undo"


def test_words_of_a_letter_are_only_words(page: str, browser: Browser) -> None:
    open_letter(browser, page, "666/SYT-NVY")
    seen = ""
    for _ in range(2):
        seen += browser.field("text")
        seen += browser.driver.execute_script("return document.querySelector('.sheet-text').textContent")
        assert "chiếm" not in browser.driver.title
        assert not browser.driver.execute_script(
            "return document.querySelectorAll('.sheet-text script, img[src=x]').length"
        )
        first = browser.driver.current_url
        browser.press("j")
        until(lambda first=first: browser.driver.current_url != first and browser.field("text"))
    assert "<script>" in seen
    assert "{{7*7}}" in seen
    open_letter(browser, page, "666/SYT-NVY")
    browser.press("l")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    listed = browser.driver.execute_script("return document.querySelector('.letter-tasks').textContent")
    assert "<script>" in listed
    assert "chiếm" not in browser.driver.title


def test_a_letterhead_and_its_arrival(office: Reviewed, page: str, browser: Browser) -> None:
    text_letter(office.home / "inbox", "mới đến hôm nay.txt", 130)
    open_letter(browser, page, "130/SYT-NVY")
    browser.press("l")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    for label, value in (("Số đến", "1245"), ("Ngày đến", "05/03/2026")):
        entry = browser.one(f"input[aria-label='{label}']")
        entry.send_keys(value)
    browser.click(".save-head")
    browser.said("Đã lưu 2 trường")
    browser.go(browser.driver.current_url)
    assert browser.one("input[aria-label='Ngày đến']").get_property("value") == "05/03/2026"


def test_a_file_is_attached_and_taken_off(office: Reviewed, page: str, browser: Browser) -> None:
    """An annex to the letter that is shown, chosen by a word of its name; and a level that some tasks reach."""
    text_letter(office.home / "inbox", "có phụ lục.txt", 140)
    text_letter(office.home / "inbox", "Phụ lục kèm theo.txt", 141)
    open_letter(browser, page, "141/SYT-NVY")
    open_letter(browser, page, "140/SYT-NVY")
    browser.press("l")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    assert "2 nhiệm vụ" in browser.text(".panel-title")
    browser.click(".attach input[role=combobox]")
    browser.press("phu luc 141")
    browser.click(".q-menu .q-item", "Phụ lục kèm theo.txt")
    browser.click(".attach .q-btn", "Gắn")
    browser.said("Đã lưu")
    until(lambda: "4 nhiệm vụ" in browser.text(".panel-title"))
    until(lambda: not browser.all(".q-notification"))
    browser.click(".letter .q-btn", "Tách ra")
    until(lambda: "2 nhiệm vụ" in browser.text(".panel-title"))
    browser.press("a")
    until(lambda: browser.all(".q-dialog .listed"))
    chosen = browser.text(".q-dialog .q-btn-toggle .q-btn[aria-pressed=true]")
    listed = len(browser.all(".listed .listed-task"))
    assert f"({listed})" in chosen
    assert browser.one(".q-dialog .q-btn[autofocus], .q-dialog .bg-primary:last-child").is_enabled() == bool(
        listed
    )
    browser.press(Keys.ESCAPE)


def test_a_link_is_judged_and_a_held_letter_released(office: Reviewed, page: str, browser: Browser) -> None:
    """A letter like another one: its task is said to be the same by a key; one held for its mark is let in."""
    text_letter(office.home / "inbox", "lặp lại.txt", 707)
    secret = LETTER.format(number=708).replace("V/v", "MẬT\n\nV/v")
    (office.home / "inbox" / "kín.txt").write_text(secret, "utf-8")
    browser.go(f"{page}/files")
    until(lambda: {"lặp lại.txt", "kín.txt"} <= {e.text for e in browser.all(".files a, .aside-name")})
    open_letter(browser, page, "707/SYT-NVY")
    browser.one(".mention .q-btn")
    waiting = len(browser.all(".mention.is-confirmed"))
    browser.press("y")
    until(lambda: len(browser.all(".mention.is-confirmed")) == waiting + 1)
    assert "Trần Thị Bình" in browser.text(".mention.is-confirmed")
    until(lambda: not browser.all(".q-notification"))
    browser.click(".mention.is-confirmed .q-btn", "Hoàn tác")
    browser.said("Đã ghi")
    until(lambda: len(browser.all(".mention.is-confirmed")) == waiting)
    browser.go(f"{page}/files")
    browser.click(".aside .q-btn", "Không phải mật")
    browser.click(".q-dialog .q-btn", "Xác nhận không mật")
    until(lambda: any("kín.txt" in e.text for e in browser.all(".files a")))
    open_letter(browser, page, "708/SYT-NVY")


def test_possible_misses_are_added_or_dismissed_by_a_key(office: Reviewed, page: str, browser: Browser) -> None:
    """On the letter view; and what is sure enough is listed before it is accepted, with what is still missing."""
    sample(office, "03-clearance-notice.pdf")
    browser.go(page)
    until(lambda: "chưa đủ dữ liệu" in browser.text(".acceptance"))
    open_letter(browser, page, "538/TB-VPCP")
    # The least certain task has its leads from the label above it, which is marked as well, and in view.
    handed_down = until(lambda: browser.all(".sheet-image svg rect[stroke-dasharray]"))
    assert handed_down[0].rect["y"] > browser.one(".sheet-scroll").rect["y"]
    browser.press("l")
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.settled()
    offered = [e.text for e in until(lambda: browser.all(".miss .task-text"))]
    assert len(offered) > 2
    browser.press("x")
    until(lambda: [e.text for e in browser.all(".miss .task-text")] == offered[1:])
    until(lambda: not browser.all(".q-notification"))
    browser.click(".miss .q-btn", "Bỏ")
    browser.said("Đã bỏ")
    offered = offered[1:]
    until(lambda: [e.text for e in browser.all(".miss .task-text")] == offered[1:])
    browser.press("t")
    browser.said("Đã thêm nhiệm vụ")
    until(lambda: [e.text for e in browser.all(".miss .task-text")] == offered[2:])
    assert offered[1] in [e.text for e in browser.all(".letter-task .task-text")]
    browser.press("a")
    until(lambda: "chưa đủ dữ liệu" in browser.text(".q-dialog"))
    browser.press(Keys.ESCAPE)
    until(lambda: not browser.all(".q-dialog"))
    # Who adds a task goes on where the page was scrolled to.
    scrolled = "return document.querySelector('.sheet-scroll').scrollTop"
    browser.driver.execute_script("document.querySelector('.sheet-scroll').scrollTop = 77")
    count = len(browser.all(".letter-task"))
    browser.press("n")
    browser.focused(".add-text")
    browser.press(*"Việc bị sót")
    browser.chord(Keys.CONTROL, Keys.ENTER)
    until(lambda: len(browser.all(".letter-task")) == count + 1)
    until(lambda: not browser.all(".q-dialog"))
    assert browser.driver.execute_script(scrolled) == 77
    browser.press("r")
    browser.click(".q-dialog .q-btn", "300")
    browser.click(".q-dialog .q-btn", "Đọc lại trang")
    browser.said("Đã đọc lại trang")


def test_all_that_can_be_worked_with_has_a_name(office: Reviewed, page: str, browser: Browser) -> None:
    """Entries, buttons and links, on every page and in its dialogs."""
    for path, shown, dialogs in (
        ("/", ".rows tbody tr", "e"),
        ("/next", ".field-text textarea", "nsm"),
        ("/files", ".files a", ""),
    ):
        browser.go(page + path)
        browser.one(shown)
        assert browser.unnamed() == []
        for key in dialogs:
            browser.press(key)
            browser.one(".q-dialog .q-card")
            assert browser.unnamed() == []
            browser.press(Keys.ESCAPE)
            until(lambda: not browser.all(".q-dialog"))
    browser.click(".files a", "một.txt")
    browser.one(".letter-task")
    assert browser.unnamed() == []


def test_english_and_dark_are_a_switch_away(page: str, browser: Browser) -> None:
    browser.go(page)
    browser.click(".bar .q-btn", "English")
    until(lambda: "tasks to review" in browser.text(".counts"))
    browser.settled()
    browser.click(".bar .q-btn[aria-label='Light / dark']")
    until(lambda: browser.all("body.body--dark"))


def test_nothing_is_asked_of_any_other_host(page: str, browser: Browser) -> None:
    browser.hosts()
    for path, shown in (("/", ".rows tbody tr"), ("/next", ".field-text textarea"), ("/files", ".files a")):
        browser.go(page + path)
        browser.one(shown)
    assert browser.hosts() == {page.removeprefix("http://")}


# Without a browser: what a page of another site, or a program, can do


def logged_in(page: str, client: httpx.Client, name: str = "An", password: str = "") -> httpx.Response:
    form = client.get(f"{page}/login").text
    token = re.search(r'name="form" value="([^"]+)"', form)
    assert token is not None
    return client.post(
        f"{page}/login", data={"form": token[1], "name": name, "password": password}, headers={"origin": page}
    )


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"host": "evil.example"}, 403),  # another site's name that points at this machine
        ("/", {"origin": "http://evil.example"}, 403),  # a page of another site
        ("/picture/00/1/1600.jpg", {}, 401),  # nobody in particular
        ("/next", {}, 401),
        ("/../../etc/passwd", {}, 401),
    ],
)
def test_who_is_kept_out(page: str, path: str, headers: dict[str, str], status: int) -> None:
    assert httpx.get(f"{page}{path}", headers=headers).status_code == status


def test_a_form_of_another_site_logs_nobody_in(page: str) -> None:
    with httpx.Client() as client:
        assert logged_in(page, client).status_code == 303
        assert client.get(page).status_code == 200
    with httpx.Client() as client:
        refused = client.post(f"{page}/login", data={"name": "An"}, headers={"origin": page})
        assert refused.status_code == 403
        assert client.post(f"{page}/login", data={"name": "An"}).status_code == 403
        assert client.post(f"{page}/login", headers={"origin": "null"}).status_code == 403


def test_the_headers_are_strict(page: str) -> None:
    with httpx.Client() as client:
        logged_in(page, client)
        headers = client.get(page).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"].startswith("no-store")
    assert "server" not in headers


@pytest.mark.parametrize(
    "target", ["//evil.example", "http://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_login_leads_nowhere_else(page: str, target: str) -> None:
    with httpx.Client() as client:
        form = client.get(f"{page}/login").text
        token = re.search(r'name="form" value="([^"]+)"', form)
        assert token is not None
        answer = client.post(
            f"{page}/login",
            params={"next": target},
            data={"form": token[1], "name": "An"},
            headers={"origin": page},
        )
    assert answer.headers["location"] == "/"


def test_beyond_this_machine_users_log_in(tmp_path: Path) -> None:
    office = Reviewed(tmp_path / "home")
    users.add(office.home, "An", "reviewer", "mật khẩu của An")
    with office.running("0.0.0.0") as page:
        with httpx.Client() as client:
            assert logged_in(page, client, "An", "mật khẩu của An").status_code == 303
            assert client.get(page).status_code == 200
            # A user who is taken away is out at once.
            users.remove(office.home, "An")
            assert client.get(page, headers={"accept": "text/html"}).headers["location"].startswith("/login")
        users.add(office.home, "An", "reviewer", "mật khẩu của An")
        with httpx.Client() as client:
            tries = [logged_in(page, client, "An", f"sai {n}").status_code for n in range(6)]
            assert tries == [403] * 5 + [429]
            assert logged_in(page, client, "An", "mật khẩu của An").status_code == 429


def test_who_may_not_decide_is_told_so(tmp_path: Path) -> None:
    """A clerk sees records without the buttons that would be refused; a reviewer has them."""
    office = Reviewed(tmp_path / "home")
    text_letter(office.home / "inbox", "một.txt", 804)
    users.add(office.home, "Thư", "clerk", "mật khẩu của Thư")
    users.add(office.home, "An", "reviewer", "mật khẩu của An")
    with office.running("0.0.0.0") as page:
        for name, is_told in (("Thư", True), ("An", False)):
            with httpx.Client(timeout=60, follow_redirects=True) as client:
                logged_in(page, client, name, f"mật khẩu của {name}")
                shown = client.get(f"{page}/next").text
            assert ("Chỉ xem: vai trò Văn thư" in shown) == is_told
