"""The dashboard's figures agree with the register, and a click narrows the list and nothing else."""

import base64
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import openpyxl
import pypdfium2 as pdfium
import pytest

from pipeline import workbooks
from pipeline.errors import WrongUse
from pipeline.journal import Journal
from pipeline.proposals import offered as offers
from pipeline.store import Store, reading
from review.figures import STANDINGS, Choice, around, figures
from review.report_page import Pending, pending, report_html, rows_of
from review.words import speaker
from samples import registers
from tests.browsers import Browser, Keys, Reviewed, until
from tests.screenshots import AGENCY
from tests.screenshots import published as published_home

DAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dashboard")
    registers.write(folder / "journal", 400, until=DAY)
    journal = Journal(folder / "journal")
    journal.open_for_writing()
    store = Store(folder / "giaoviec.duckdb", folder)
    store.catch_up(journal)
    store.execute("UPDATE tasks SET our_role = 'cooperates' WHERE concerns_us = 'collective'")
    store.execute("INSERT INTO meta VALUES ('published_at', '2026-11-22T01:00:00+00:00')")
    store.close()
    return folder / "giaoviec.duckdb"


def test_counts_are_those_of_the_register(published: Path) -> None:
    found = figures(published, Choice(), DAY)
    with reading(published) as base:
        expected = dict(
            base.execute("SELECT standing, count(*) FROM standings(?::DATE) GROUP BY ALL", [DAY]).fetchall()
        )
    assert found["standings"] == expected
    assert found["count"] == sum(expected.values())
    assert sum(sum(row[1:]) for row in found["months"]) <= found["count"]
    assert found["documents"] == {"extracted": sum(found["documents"].values())}


def test_letters_are_counted_by_their_month_and_fate(published: Path) -> None:
    found = figures(published, Choice(), DAY)
    with reading(published) as base:
        months = base.execute(
            """SELECT strftime(received_at + INTERVAL 7 HOUR, '%Y-%m') AS month, count(*), 0, 0, 0
            FROM documents GROUP BY month ORDER BY month DESC LIMIT 12"""
        ).fetchall()
    assert found["letters"] == months[::-1]
    assert len(months) == 12


def test_a_month_letters_came_in_narrows_the_list_alone(published: Path) -> None:
    choice = Choice()
    before = figures(published, choice, DAY)
    choice.came = before["letters"][-1][0]
    of_the_month = figures(published, choice, DAY)
    assert 0 < of_the_month["count"] < before["count"]
    assert of_the_month["standings"] == before["standings"]
    choice.came = "1999-01"
    found = figures(published, choice, DAY)
    assert (found["count"], found["standings"]) == (0, before["standings"])


def test_states_offered_are_those_of_the_register(published: Path) -> None:
    """Of counted tasks, each once, by body, without the mentions that were settled on the page."""
    with reading(published) as base:
        [(count,)] = base.execute(
            """SELECT count(DISTINCT (coalesce(whole, task_id), proposed, date_after)) FROM proposed_states
            JOIN current_tasks USING (task_id) LEFT JOIN chains USING (task_id) WHERE is_counted"""
        ).fetchall()

    def offered(**choice: Any) -> list[dict[str, Any]]:
        return [row for letter in offers(published, 8, **choice) for row in letter]

    rows = offered()
    first = rows[0]
    assert first["count"] == count > len({row["task"] for row in rows})
    left = offered(settled=[row["task_id"] for row in rows if row["task"] == first["task"]])
    assert left[0]["count"] == count - 1
    assert first["task_id"] not in {row["task_id"] for row in left}
    [agency, *_] = first["lead"]
    led = offered(agency=agency)
    assert {row["task"] for row in led if agency in row["lead"]} == {row["task"] for row in led}
    for row in rows:
        kind = row["proposed"]
        for code in (f"because_{row['because']}", f"confirm_{kind}", f"refuse_{kind}", f"speaks_{kind}"):
            assert speaker("vi")(f"dashboard.{code}", count=1) != f"dashboard.{code}"


@pytest.mark.parametrize(
    "chosen",
    [
        {"agency": "Bộ Y tế"},
        {"ours": True},
        {"first": "2026-03-01", "last": "2026-06-30"},
        {"agency": "Các địa phương", "standing": "not_done_late"},
    ],
)
def test_filters_narrow_the_list(published: Path, chosen: dict[str, object]) -> None:
    everything, choice = figures(published, Choice(), DAY), Choice()
    for name, value in chosen.items():
        setattr(choice, name, value)
    found = figures(published, choice, DAY)
    assert 0 < found["count"] < everything["count"]
    assert all(choice.agency in row["lead"] for row in found["tasks"] if choice.agency)
    days = [row["due"].isoformat() for row in found["tasks"] if choice.first]
    assert all("2026-03-01" <= day <= "2026-06-30" for day in days)


def test_ours_is_not_what_we_only_cooperate_in(published: Path) -> None:
    """As in question 2 of the cookbook: another body is late with it."""
    choice = Choice()
    choice.ours = True
    found, (rows, counts) = figures(published, choice, DAY), rows_of(published, choice, DAY)
    with reading(published) as base:
        [(late,)] = base.execute(
            "SELECT count(*) FROM overdue(?::DATE) WHERE our_role <> 'cooperates'", [DAY]
        ).fetchall()
    assert found["standings"]["not_done_late"] == counts["not_done_late"] == late > 0
    assert sum(found["standings"].values()) == len(rows)
    helped = [row for row in figures(published, Choice(), DAY)["tasks"] if row["our_role"] == "cooperates"]
    assert helped
    assert not {row["task_id"] for row in found["tasks"]} & {row["task_id"] for row in helped}


def test_the_months_around_today_without_a_gap() -> None:
    rows = [("2019-02", 1), ("2020-07", 2), ("2026-10", 3), ("2027-01", 4), ("2031-12", 5)]
    shown = around(rows, DAY)
    assert shown[0] == ("<2025-11", 3)
    assert shown[-1] == (">2027-08", 5)
    assert [month for month, _ in shown[1:-1]] == [
        *(f"2025-{n}" for n in (11, 12)),
        *(f"2026-{n:02d}" for n in range(1, 13)),
        *(f"2027-{n:02d}" for n in range(1, 9)),
    ]
    assert dict(shown)["2026-12"] == 0
    assert around(rows[2:4], DAY) == [("2026-10", 3), ("2026-11", 0), ("2026-12", 0), ("2027-01", 4)]
    assert around(rows[4:], DAY) == [*((m, 0) for m in _window()), (">2027-08", 5)]


def _window() -> list[str]:
    return [m for m, _ in around([("2019-02", 1), ("2031-12", 5)], DAY)[1:-1]]


def test_months_far_away_narrow_the_list_together(published: Path) -> None:
    choice = Choice()
    for month, *_ in figures(published, choice, datetime.date(2025, 6, 1))["months"]:
        if month[0] in "<>":
            choice.month = month
            assert figures(published, choice, DAY)["count"] > 0


def test_what_is_clicked_narrows_the_list_alone(published: Path) -> None:
    choice = Choice()
    before = figures(published, choice, DAY)
    choice.standing, choice.month = STANDINGS[0], before["months"][0][0]
    found = figures(published, choice, DAY)
    assert found["count"] == before["months"][0][1]
    assert {row["standing"] for row in found["tasks"]} <= {STANDINGS[0]}
    assert (found["standings"], found["months"]) == (before["standings"], before["months"])


def test_without_a_published_copy_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        figures(tmp_path / "nothing.duckdb", Choice(), DAY)


def test_a_copy_that_another_version_published_is_none(published: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "old.duckdb")) as old:
        old.execute("CREATE TABLE tasks (task_id VARCHAR)")
    with pytest.raises(WrongUse):
        figures(tmp_path / "old.duckdb", Choice(), DAY)


def test_what_is_due_soon_narrows_the_list(published: Path) -> None:
    choice = Choice()
    before = figures(published, choice, DAY)
    choice.soon = True
    found = figures(published, choice, DAY)
    assert found["count"] == before["soon"] > 0
    # of what recurs the list tells the last turn missed
    last = DAY + datetime.timedelta(days=30)
    assert all(row["due"] <= last and row["standing"].startswith("not_done") for row in found["tasks"])


def test_what_is_ours_and_late_comes_first(published: Path) -> None:
    rows = figures(published, Choice(), DAY)["tasks"]
    roles = {"cooperates": 1}  # what we only cooperate in is others' to do
    order = [
        (
            2 if row["concerns_us"] in ("no", "excluded") else roles.get(row["our_role"], 0),
            row["standing"] != "not_done_late",
            not row["standing"].startswith("not_done"),
        )
        for row in rows
    ]
    assert order == sorted(order)


def test_the_timeline_has_the_tasks_nearest_to_today(published: Path) -> None:
    choice = Choice()
    assert figures(published, choice, DAY)["timeline"] == []
    choice.agency = "Các địa phương"
    days = [row["due"] for row in figures(published, choice, DAY)["timeline"]]
    assert days == sorted(days)
    choice.first, choice.last = min(days).isoformat(), max(days).isoformat()
    between = figures(published, choice, DAY)
    assert {row["due"] for row in between["timeline"]} == set(days)


def test_the_report_holds_every_task_of_its_choice(published: Path) -> None:
    choice = Choice()
    choice.agency = AGENCY
    rows, counts = rows_of(published, choice, DAY)
    assert len(rows) == sum(counts.values()) == figures(published, choice, DAY)["count"]
    assert all(AGENCY in row["lead"] for row in rows)


def test_a_report_says_what_nobody_has_looked_at(published: Path) -> None:
    choice = Choice()
    waiting, (rows, counts) = pending(published, choice, DAY), rows_of(published, choice, DAY)
    ids = "SELECT task_id FROM standings(?::DATE) SEMI JOIN {} USING (task_id)"
    with reading(published) as base:
        proposed = base.execute(ids.format("proposed_states"), [DAY]).fetchall()
        reviewed = base.execute(
            f"{ids.format('tasks')} WHERE status IN ('accepted', 'approved')", [DAY]
        ).fetchall()
    assert waiting == Pending(len(rows) - len(reviewed), len(proposed))
    assert waiting.proposed > 0
    told = report_html(speaker("vi"), choice, rows, counts, DAY, waiting=waiting)
    assert f"chờ xác nhận: {waiting.proposed} nhiệm vụ" in told
    # nothing waits: nothing is said of it
    assert "chờ xác nhận" not in report_html(speaker("vi"), choice, rows, counts, DAY, waiting=Pending(0, 0))


def test_what_letters_say_is_text_in_the_report() -> None:
    row: dict[str, Any] = dict.fromkeys(
        (
            "deadline_text",
            "code_number",
            "code_notation",
            "issued_date",
            "is_report",
            "assigned_in",
            "assigned_on",
            "source_doc",
            "done_on",
            "progress",
            "due",
        )
    )
    row |= {"text": "<script>alert(1)</script>", "lead": ["<b>"], "coop": ["&"], "document": '"><img src=x>'}
    choice = Choice()
    choice.agency = "<i>"
    made = report_html(speaker("vi"), choice, [{**row, "standing": STANDINGS[0]}], {STANDINGS[0]: 1}, DAY)
    assert not [tag for tag in ("<script", "<b>", "<img", "<i>") if tag in made]
    assert "&lt;script&gt;alert(1)" in made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    office = Reviewed(tmp_path_factory.mktemp("analysts") / "home")
    published_home(office.home, 400)
    with office.running() as url:
        yield url


@pytest.fixture
def browser(tmp_path: Path, page: str) -> Iterator[Browser]:
    made = Browser(tmp_path / "profile", dark=True)
    made.enter_as(page, "Trần Thị Bình")
    made.settled()
    yield made
    made.quit()


@pytest.mark.slow
def test_a_click_in_a_chart_narrows_the_list_and_a_click_in_the_list_opens_the_letter(
    browser: Browser, page: str
) -> None:
    def states() -> set[str]:
        return {row.text for row in browser.all(".rows tbody td:last-child")}

    def days() -> list[str]:
        """The days of the list, as they sort."""
        shown = [cell.text.split("/") for cell in browser.all(".rows tbody td.day")]
        return ["".join(reversed(parts)) for parts in shown if len(parts) == 3]

    browser.go(f"{page}/dashboard")
    until(lambda: "Chưa hoàn thành, quá hạn" in states())
    # the longest bar of the charts by agency, of tasks that are in time
    bars = until(lambda: browser.all('.charts .chart:first-child svg path[fill="#1e88c7"]'))
    max(bars, key=lambda bar: bar.size["width"]).click()
    until(lambda: states() == {"Chưa hoàn thành, trong hạn"})
    until(lambda: browser.all(".timeline svg"))
    browser.press(Keys.ESCAPE)
    until(lambda: "Chưa hoàn thành, quá hạn" in states())
    assert not browser.all(".filters .q-chip")
    # the words of charts are light on dark
    # where a scroll bar takes room, every chart gives way, not the ring alone
    taken = browser.driver.execute_script(
        """const row = document.querySelector('.charts'); row.style.width = '900px';
        const widths = getComputedStyle(row).gridTemplateColumns.split(' ').map(parseFloat);
        row.style.width = ''; return widths.reduce((sum, width) => sum + width)"""
    )
    assert round(taken) == 900 - 3 * 12
    colour = browser.driver.execute_script(
        "return getComputedStyle(document.querySelector('.chart svg text')).fill.match(/[0-9]+/g).map(Number)"
    )
    assert min(colour) > 180
    # by keys: the third column of the months, which are written as days are; then down to the list, and in
    chart = browser.all(".charts .chart")[1]
    months = [text.text for text in chart.find_elements("css selector", "svg text") if "/" in text.text]
    assert months
    assert all(re.fullmatch(r"[<>]?\d{2}/20\d{2}", month) for month in months)
    browser.driver.execute_script("arguments[0].focus()", chart)
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER)
    chip = until(lambda: [c.text for c in browser.all(".filters .q-chip")])[0]
    month = re.search(r"\d{2}/20\d{2}", chip)
    assert month is not None
    until(lambda: {row.text[3:] for row in browser.all(".rows tbody td.day")} == {month[0]})
    # whatever the browser's language, a day is written day first
    browser.press(Keys.ESCAPE)
    until(lambda: not browser.all(".filters .q-chip"))
    field = browser.all(".day-field input")[1]
    assert field.get_attribute("placeholder") == "dd/mm/yyyy"
    everything = browser.one(".counts .number-large").text
    field.send_keys("01072026")
    assert field.get_attribute("value") == "01/07/2026"
    until(lambda: browser.one(".counts .number-large").text != everything)
    until(lambda: days() and max(days()) <= "20260701")
    browser.driver.execute_script("document.activeElement.blur()")
    browser.press("d", Keys.ENTER)
    until(lambda: "/task/" in browser.driver.current_url)
    browser.go(f"{page}/dashboard")
    browser.one(".rows tbody td.number").click()
    until(lambda: "/letter/" in browser.driver.current_url)
    browser.go(f"{page}/dashboard")
    browser.one(".rows tbody tr td").click()
    until(lambda: "/task/" in browser.driver.current_url)


@pytest.mark.slow
def test_what_a_letter_speaks_for_is_settled_at_once(browser: Browser, page: str) -> None:
    def offered() -> list[str]:
        return [row.text for row in browser.all(".proposal .text")]

    def letters() -> list[str]:
        return [row.text for row in browser.all(".speaker .field-name")]

    browser.go(f"{page}/dashboard")
    assert not browser.all(".proposal")
    browser.one(".proposals .heading").click()
    # all that a letter says by mouse, but for the row that is unticked
    spoken, first = until(letters)[0], until(offered)[0]
    count = len(offered())
    browser.one(".proposal .q-checkbox").click()
    until(lambda: f"({count - 1})" in browser.text(".speaker.open button"))
    browser.one(".proposal .q-checkbox").click()
    until(lambda: f"({count})" in browser.text(".speaker.open button"))
    browser.click(".speaker.open button", "Đúng")
    until(lambda: offered() and first not in offered() and spoken not in letters())
    # and by keys: the next one is refused, which is taken back, and opened where it is said
    spoken, second = letters()[0], offered()[0]
    assert browser.one(".proposal.chosen .text").text == second
    browser.press("w")
    until(lambda: offered() and second not in offered())
    browser.press("u")
    until(lambda: second in offered() and letters()[0] == spoken)
    browser.press("t")
    until(lambda: browser.one(".proposal.chosen .q-checkbox").get_attribute("aria-checked") == "false")
    browser.one(".speaker.open .q-checkbox").click()
    until(lambda: "(0)" in browser.text(".speaker.open button"))
    browser.press("y")
    browser.said("Chưa chọn dòng nào")
    browser.press("]")
    until(lambda: browser.one(".proposal.chosen .text").text != second)
    browser.press("v")
    until(lambda: "/dashboard" not in browser.driver.current_url)


@pytest.mark.slow
def test_a_state_is_set_from_the_list(browser: Browser, page: str) -> None:
    browser.go(f"{page}/dashboard")
    browser.one(".rows .state-cell").click()
    browser.focused(".state-fields")
    browser.press("3")
    until(lambda: "Hủy" in browser.one(".state-fields [aria-pressed=true]").text)
    browser.press(Keys.ENTER)
    until(lambda: browser.one(".rows .state-cell").text == "Hủy")


@pytest.mark.slow
def test_a_report_prints_on_paper_without_the_page_around_it(browser: Browser, page: str, tmp_path: Path) -> None:
    browser.go(f"{page}/dashboard?agency=Bộ Y tế")
    until(lambda: browser.all(".timeline svg"))
    browser.press("p")
    until(lambda: "/report" in browser.driver.current_url)
    browser.one(".report table")
    printed = browser.driver.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    file = tmp_path / "report.pdf"
    file.write_bytes(base64.b64decode(printed["data"]))
    paper = pdfium.PdfDocument(file)
    width, height = paper[0].get_size()
    assert (round(width), round(height)) == (842, 595)
    pages = [page_.get_textpage().get_text_range() for page_ in paper]
    words = " ".join(pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert all("Văn bản giao" in text for text in pages[:-1])
    assert all(f"{number}/{len(pages)}" in text for number, text in enumerate(pages, 1))
    assert "BÁO CÁO TÌNH HÌNH THỰC HIỆN NHIỆM VỤ" in words
    assert "Bộ Y tế" in words
    assert "Hàng chờ" not in words
    assert "Về thống kê" not in words


@pytest.mark.slow
def test_a_workbook_is_handed_on_filled_in_and_taken_back_on_the_page(
    browser: Browser, page: str, tmp_path: Path
) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in browser.driver.get_cookies()}
    file = tmp_path / "đã điền.xlsx"
    file.write_bytes(httpx.get(f"{page}/export/a.xlsx", cookies=cookies, timeout=60).raise_for_status().content)
    book = openpyxl.load_workbook(file)
    sheet = book["Nhiệm vụ"]
    head = [cell.value for cell in sheet[workbooks.HEADER_ROW]]
    first, second = workbooks.HEADER_ROW + 1, workbooks.HEADER_ROW + 2
    sheet.cell(first, head.index("Tiến độ") + 1, "<b>đã trình ký</b>")
    sheet.cell(second, head.index("Nhiệm vụ") + 1, "Việc khác")
    book.save(file)
    browser.go(f"{page}/import")
    browser.one("input[type=file]").send_keys(str(file))
    changed, conflict = until(lambda: len(t := browser.all(".import table.rows")) == 2 and t)
    assert "<b>đã trình ký</b>" in changed.text
    assert "Việc khác" in conflict.text
    browser.chord(Keys.CONTROL, Keys.ENTER)
    until(lambda: "Đã ghi 1 thay đổi" in browser.one(".import").text)
    # an office's own list is shown as it is understood
    own = openpyxl.Workbook()
    assert own.active is not None
    own.active.append(["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn", "Trạng thái"])
    own.active.append([1, "Sửa chữa trạm bơm tiêu úng khu vực chợ trung tâm", "Sở Xây dựng", "30/9/2026", "Xong"])
    own.save(tmp_path / "sổ.xlsx")
    browser.one("input[type=file]").send_keys(str(tmp_path / "sổ.xlsx"))
    until(lambda: "trạng thái, tiến độ" in browser.one(".import").text)
    assert "30/09/2026" in browser.one(".import").text
    (tmp_path / "hỏng.xlsx").write_bytes(b"x")
    browser.one("input[type=file]").send_keys(str(tmp_path / "hỏng.xlsx"))
    until(lambda: "lưu lại ở dạng .xlsx" in browser.one(".import").text)
