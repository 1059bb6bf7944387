"""Lists of tasks as offices keep them, each in its own way: what is read of them, and what is said not to be."""

import datetime
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from extractors.extract import extract
from pipeline import export, first_day, tracking, work, workbook_import
from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.settings import Settings
from tests.test_exports import AT_MIDNIGHT

DAY = datetime.date(2026, 11, 22)
Rows = Sequence[Sequence[Any]]

MARKET = "Rà soát, sửa đổi quy định về quản lý chợ đầu mối"
ROAD = "Hoàn thành giải phóng mặt bằng tuyến tránh phía Bắc"
REPORT = "Báo cáo tình hình giải ngân vốn đầu tư công"
TRAINING = "Tổ chức tập huấn chuyển đổi số cho cán bộ cấp xã"
CLINIC = "Lập danh mục thuốc thiết yếu của bệnh viện đa khoa khu vực"

HEAD = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"]


@pytest.fixture
def settings() -> Settings:
    """Read in this process: lists of a few lines need no processes of their own."""
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0)


def kept(path: Path, sheets: dict[str, Rows], merged: Sequence[str] = (), bold: Sequence[str] = ()) -> Path:
    """A workbook of rows by sheet; `merged` areas and `bold` cells are those of the first sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    first = book.worksheets[0]
    for area in merged:
        first.merge_cells(area)
    for place in bold:
        first[place].font = Font(bold=True)
    file = path / "theo dõi.xlsx"
    book.save(file)
    return file


def listed(file: Path) -> list[tuple[str, list[str], str | None, dict[str, str]]]:
    """What is read of a list in November 2026: text, leads, due day, and what its row says."""
    document = first_day.read(file)
    found = list(extract(document, reference=DAY).tasks)
    said = first_day.said_of(document, found)
    return [
        (t.text, [body.name for body in t.leads], str(t.deadline.due_date or t.deadline.text), words)
        for t, words in zip(found, said, strict=True)
    ]


MONTHS = [f"Tháng {month}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("rows", "merged", "bold", "expected"),
    [
        # a header over two lines, agencies as groups and abbreviated, numbers I/1/a, the state by marks
        (
            [
                ["UBND TỈNH A", None, None, "CỘNG HÒA XÃ HỘI"],
                ["BẢNG THEO DÕI NHIỆM VỤ"],
                ["TT", "Nội dung nhiệm vụ", "Đơn vị thực hiện", None, "Thời hạn", "Kết quả thực hiện", None],
                [None, None, "Chủ trì", "Phối hợp", None, "Đã hoàn thành", "Chưa hoàn thành"],
                ["I", "Sở Công Thương"],
                [1, MARKET, "SCT", "STC", "30/6/2026", "x", None],
                ["a", ROAD, "Sở Công Thương", None, AT_MIDNIGHT(2026, 9, 30), None, "x"],
                ["II", "Sở Y tế"],
                [1, REPORT, "SYT", None, "Thường xuyên", None, "Đang triển khai"],
            ],
            ["A2:G2", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:G3"],
            [],
            [
                (MARKET, ["Sở Công Thương"], "2026-06-30", {"progress": "Đã hoàn thành", "state": "done"}),
                (ROAD, ["Sở Công Thương"], "2026-09-30", {"progress": "Chưa hoàn thành"}),
                (REPORT, ["Sở Y tế"], "Thường xuyên", {"progress": "Đang triển khai"}),
            ],
        ),
        # days as numbers and in words, of the year of the list though past; a task in words of columns
        (
            [
                ["SỔ THEO DÕI VIỆC"],
                ["STT", "Hạn", "Việc", "Ai làm", "Trạng thái", "Ngày xong", "Ghi chú"],
                [1, 46203, MARKET, "Phòng Kinh tế", "Xong", AT_MIDNIGHT(2026, 6, 20), None],
                [2, "30/9", ROAD, "Nguyễn Văn An", "Đang làm", None, "Chờ vốn"],
                [3, "cuối tháng 11", REPORT, "Phòng Tài chính", "Quá hạn", None, None],
            ],
            [],
            [],
            [
                (
                    MARKET,
                    ["Phòng Kinh tế"],
                    "2026-06-30",
                    {"progress": "Xong", "state": "done", "done_on": "2026-06-20"},
                ),
                (ROAD, ["Nguyễn Văn An"], "2026-09-30", {"progress": "Đang làm", "note": "Chờ vốn"}),
                (REPORT, ["Phòng Tài chính"], "2026-11-30", {"progress": "Quá hạn"}),
            ],
        ),
        # the letter's day in a column of its own is that of the letter
        (
            [
                ["STT", "Số, ký hiệu văn bản", "Ngày văn bản", "Nội dung nhiệm vụ", "Chủ trì", "Thời hạn"],
                [1, "701/UBND-NC", AT_MIDNIGHT(2026, 9, 1), MARKET, "Sở Nội vụ", "30/11/2026"],
            ],
            [],
            [],
            [(MARKET, ["Sở Nội vụ"], "2026-11-30", {})],
        ),
        # a column for each month, of the year in the title
        (
            [
                ["KẾ HOẠCH CÔNG TÁC NĂM 2027"],
                ["TT", "Nội dung công việc", "Đơn vị chủ trì", *MONTHS],
                [1, MARKET, "Công an tỉnh", None, None, "x"],
                [2, ROAD, "Sở Xây dựng", None, None, None, None, "x", "X"],
                [3, TRAINING, "Sở Nội vụ", *["x"] * 12],
            ],
            ["A1:O1"],
            [],
            [
                (MARKET, ["Công an tỉnh"], "2027-03-31", {}),
                (ROAD, ["Sở Xây dựng"], "2027-06-30", {}),
                (TRAINING, ["Sở Nội vụ"], "2026-11-30", {}),
            ],
        ),
        # months by their number under one cell
        (
            [
                ["TT", "Nội dung công việc", "Đơn vị chủ trì", "Tháng", *[None] * 11],
                [None, None, None, *range(1, 13)],
                [1, MARKET, "Sở Nội vụ", None, None, None, None, None, None, None, None, "x"],
            ],
            ["A1:A2", "B1:B2", "C1:C2", "D1:O1"],
            [],
            [(MARKET, ["Sở Nội vụ"], "2026-09-30", {})],
        ),
        # one task for several bodies, merged; ditto marks; a share for the state
        (
            [
                ["Stt", "Nhiệm vụ, giải pháp", "Chủ trì", "Hoàn thành", "Kết quả đến nay"],
                [1, MARKET, "Sở Tài chính", "T6/2026", "100%"],
                [None, None, "Sở Tư pháp", None, None],
                [2, ROAD, "Như trên", "2026", "60%"],
                [3, REPORT, "Sở Y tế\nSở Nội vụ", "6 tháng đầu năm", None],
            ],
            ["A2:A3", "B2:B3", "D2:D3", "E2:E3"],
            [],
            [
                (MARKET, ["Sở Tài chính", "Sở Tư pháp"], "2026-06-30", {"progress": "100%", "state": "done"}),
                (ROAD, ["Sở Tài chính", "Sở Tư pháp"], "2026-12-31", {"progress": "60%"}),
                (REPORT, ["Sở Y tế", "Sở Nội vụ"], "2026-06-30", {}),
            ],
        ),
        # empty columns between, right under a company's name
        (
            [
                [None, None, "CÔNG TY TNHH MTV CẤP THOÁT NƯỚC"],
                [],
                [None, None, "TT", None, "NỘI DUNG", None, "ĐƠN VỊ", None, "HẠN"],
                [None, None, 1, None, MARKET, None, "SNV", None, "Quý IV"],
            ],
            [],
            [],
            [(MARKET, ["Sở Nội vụ"], "2026-12-31", {})],
        ),
        # a book of letters that came: who sent them does nothing
        (
            [
                ["Ngày đến", "Số đến", "Tác giả", "Trích yếu nội dung", "Đơn vị nhận", "Hạn giải quyết"],
                [
                    AT_MIDNIGHT(2026, 11, 3),
                    102,
                    "Sở Tài chính",
                    MARKET,
                    "Phòng Tài chính",
                    AT_MIDNIGHT(2026, 11, 25),
                ],
            ],
            [],
            [],
            [(MARKET, ["Phòng Tài chính"], "2026-11-25", {})],
        ),
        # groups in bold, or in capitals; the header once more; a total
        (
            [
                ["TT", "Công việc", "Cán bộ phụ trách", "Thời gian thực hiện", "Mức độ hoàn thành (%)"],
                [None, "Lĩnh vực kinh tế"],
                [1, MARKET, "Đ/c Bình", "Từ 01/3/2026 đến 30/11/2026", 1],
                ["TT", "Công việc", "Cán bộ phụ trách", "Thời gian thực hiện", "Mức độ hoàn thành (%)"],
                [None, "VĂN HÓA - XÃ HỘI"],
                [2, TRAINING, "Đ/c Dung", "12/2026", "50%"],
                [None, "Cộng: 2 nhiệm vụ"],
            ],
            [],
            ["B2"],
            [
                (MARKET, ["Đ/c Bình"], "2026-11-30", {"progress": "1"}),
                (TRAINING, ["Đ/c Dung"], "2026-12-31", {"progress": "50%"}),
            ],
        ),
    ],
)
def test_lists_as_offices_keep_them(
    tmp_path: Path, rows: Rows, merged: list[str], bold: list[str], expected: list[Any]
) -> None:
    assert listed(kept(tmp_path, {"2026": rows}, merged, bold)) == expected


def test_a_sheet_for_each_body_and_a_hidden_one(tmp_path: Path) -> None:
    header = ["STT", "Nhiệm vụ", "Thời hạn", "Tiến độ"]
    file = kept(
        tmp_path,
        {
            # words that could name columns are a task's here
            "Sở Tài chính": [header, [1, MARKET, "11/12/2026", None], [2, REPORT, "12/12/2026", "Đang thực hiện"]],
            "Sở Y tế": [header, [1, ROAD, "11/12/2026", None]],
            "Cũ": [HEAD, [1, "Việc năm cũ đã ẩn đi không dùng nữa", "Sở Y tế", "1/1/2025"]],
        },
    )
    book = openpyxl.load_workbook(file)
    book["Cũ"].sheet_state = "hidden"
    book["Sở Tài chính"].protection.sheet = True
    book["Sở Tài chính"].row_dimensions[2].hidden = True
    book.save(file)
    assert [(text, leads, due) for text, leads, due, _ in listed(file)] == [
        (MARKET, ["Sở Tài chính"], "2026-12-11"),
        (REPORT, ["Sở Tài chính"], "2026-12-12"),
        (ROAD, ["Sở Y tế"], "2026-12-11"),
    ]


def test_how_a_list_is_understood_is_said_before_it_is_taken_in(register: Register, tmp_path: Path) -> None:
    rows = [
        [*HEAD, "Trạng thái", "Chuyên viên"],
        [1, MARKET, "Sở Y tế", "30/6/2026", "Xong", "Lan"],
        [2, ROAD, "Sở Y tế", "khi có vốn về", "Hoàn thành, quá hạn", None],
        [3, REPORT, "Sở Y tế", "31/12/2026", "Đang làm", None],
        ["", "Tổng cộng", None, None, None, None],
    ]
    file = kept(tmp_path, {"a": rows})
    found = workbook_import.preview(register, silent, path=str(file))
    assert found["kind"] == "first_day"
    assert dict(found["columns"][0]) == {
        "STT": "number",
        "Nhiệm vụ": "task",
        "Cơ quan chủ trì": "lead",
        "Thời hạn": "deadline",
        "Trạng thái": "progress",
        "Chuyên viên": None,
    }
    assert list(found["left_out"]) == ["Tổng cộng"]
    assert list(found["unsure"]) == [f"{ROAD}: khi có vốn về"]
    assert (found["tasks"], found["undated"], found["known"]) == (3, 1, 0)
    assert [(task["due"], task["said"].get("state")) for task in found["first"]] == [
        ("2026-06-30", "done"),
        (None, "done_late"),
        ("2026-12-31", None),
    ]
    with pytest.raises(WrongUse):
        workbook_import.write(register, silent, path=str(file), digest="another file", who="An")
    workbook_import.write(register, silent, path=str(file), digest=found["digest"], who="An")
    rows_ = register.store.rows("SELECT state, done_on, in_time FROM current_tasks ORDER BY ordinal")
    # nobody says when
    assert rows_ == [("done", None, None), ("done", None, False), ("open", None, None)]
    standings = register.store.rows("SELECT standing FROM standings('2999-01-01') ORDER BY ordinal")
    assert standings[0] == ("done_day_unknown",)
    again = workbook_import.preview(register, silent, path=str(file))
    assert again["known"] == 3
    written = workbook_import.write(register, silent, path=str(file), digest=again["digest"], who="An")
    assert written["again"]
    assert register.store.rows("SELECT (SELECT count(*) FROM tasks), (SELECT count(*) FROM task_states)") == [
        (3, 3)
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # the columns that were seen are named
        ([["Họ tên", "Chức vụ", "Điện thoại"], ["An", "Trưởng phòng", "0912"]], "Họ tên · Chức vụ · Điện thoại"),
        ([["Danh sách"]], "Bảng cần có dòng tiêu đề"),
    ],
)
def test_a_workbook_without_tasks_is_refused_in_words(
    register: Register, tmp_path: Path, rows: Rows, said: str
) -> None:
    file = kept(tmp_path, {"a": rows})
    with pytest.raises(WrongUse, match=said):
        workbook_import.preview(register, silent, path=str(file))


def test_what_was_exported_here_is_no_letter(register: Register, tmp_path: Path) -> None:
    """Dropped into the inbox it would have doubled every task."""
    file = tmp_path / "đã điền.xlsx"
    export.save(register.store, "xlsx", file, export.Choice())
    [outcome] = work.ingest(register, [file], silent)
    assert (outcome.state, outcome.code) == ("quarantined", "own_export")


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"PK\x03\x04", b""])
def test_what_is_no_xlsx_is_refused_with_what_to_do(register: Register, tmp_path: Path, content: bytes) -> None:
    """An old .xls, one behind a password, half a file."""
    file = tmp_path / "sổ.xls"
    file.write_bytes(content)
    with pytest.raises(WrongUse, match=r"lưu lại ở dạng \.xlsx"):
        workbook_import.preview(register, silent, path=str(file))


def test_a_later_copy_of_a_list_changes_tasks_and_adds_new_ones(register: Register, tmp_path: Path) -> None:
    """Rows edited, moved, new and gone are told apart; nothing is entered twice; what people did here stands."""
    head = [*HEAD, "Trạng thái"]
    water = "Rà soát hệ thống cấp nước của các trạm y tế xã"
    first = [
        [1, MARKET, "Sở Y tế", "30/6/2026", "Đang làm"],
        [2, ROAD, "Sở Y tế", "30/9/2026", "Đang làm"],
        [3, REPORT, "Sở Y tế", "31/12/2026", "Đang làm"],
        [4, water, "Sở Y tế", "31/12/2026", "Đang làm"],
    ]
    take_in(register, kept(tmp_path, {"a": [head, *first]}))
    [[road]] = register.store.rows("SELECT task_id FROM tasks WHERE text = ?", [ROAD])
    tracking.set_state(register, silent, task_id=road, state="done", done_on="2026-09-15", who="Bình")
    second = [
        [1, REPORT, "Sở Y tế", "31/12/2026", "Đang làm"],  # moved
        [2, ROAD, "Sở Y tế", "30/9/2026", "Chậm, đang làm"],  # told otherwise here since
        [3, f"{MARKET} trong toàn tỉnh", "Sở Tài chính", "31/7/2026", "Hoàn thành quá hạn"],
        [4, CLINIC, "Sở Y tế", "30/11/2026", "Xong"],  # new, under an old number; what bore it is gone
    ]
    file = kept(tmp_path, {"a": [head, *second]})
    found = workbook_import.preview(register, silent, path=str(file))
    assert (found["kind"], found["gone"]) == ("again", 1)
    told = {(c["text"], c["column"]): (c["before"], c["after"], c["conflict"]) for c in found["changes"]}
    assert told == {
        (ROAD, "progress"): ("Đang làm", "Chậm, đang làm", None),
        (MARKET, "task"): (MARKET, f"{MARKET} trong toàn tỉnh", None),
        (MARKET, "lead"): ("Sở Y tế", "Sở Tài chính", None),
        (MARKET, "deadline"): ("30/6/2026", "31/7/2026", None),
        (MARKET, "state"): ("open", "done_late", None),
        (MARKET, "progress"): ("Đang làm", "Hoàn thành quá hạn", None),
        (CLINIC, "new_task"): (None, "Sở Y tế; 30/11/2026; Đã hoàn thành", None),
    }
    workbook_import.write(register, silent, path=str(file), digest=found["digest"], who="An")
    rows_ = "SELECT text, lead, due_date::VARCHAR, state, in_time FROM current_tasks ORDER BY text"
    assert sorted(register.store.rows(rows_)) == sorted(
        [
            (f"{MARKET} trong toàn tỉnh", ["Sở Tài chính"], "2026-07-31", "done", False),
            (ROAD, ["Sở Y tế"], "2026-09-30", "done", None),
            (REPORT, ["Sở Y tế"], "2026-12-31", "open", None),
            (water, ["Sở Y tế"], "2026-12-31", "open", None),
            (CLINIC, ["Sở Y tế"], "2026-11-30", "done", None),
        ]
    )
    again = workbook_import.preview(register, silent, path=str(file))
    assert (again["kind"], again["changes"]) == ("again", [])


def test_another_list_with_a_row_in_common_is_no_later_copy(register: Register, tmp_path: Path) -> None:
    first = [[n, words, "Sở Y tế", None] for n, words in enumerate((MARKET, ROAD, CLINIC), 1)]
    take_in(register, kept(tmp_path, {"a": [HEAD, *first]}))
    others = [[n, f"{REPORT} của phường {n}", "Sở Y tế", None] for n in range(2, 6)]
    file = kept(tmp_path, {"a": [HEAD, [1, MARKET, "Sở Y tế", "30/6/2026"], *others]})
    found = workbook_import.preview(register, silent, path=str(file))
    assert found["kind"] == "first_day"


def take_in(register: Register, file: Path) -> None:
    found = workbook_import.preview(register, silent, path=str(file))
    assert found["kind"] == "first_day"
    workbook_import.write(register, silent, path=str(file), digest=found["digest"], who="An")


def test_two_imports_at_once_enter_a_list_once(register: Register, tmp_path: Path) -> None:
    """Both were shown before either was written; the second is to be looked at again, as a later copy."""
    rows = [[n, words, "Sở Y tế", None] for n, words in enumerate((MARKET, ROAD, CLINIC), 1)]
    files = []
    for name in ("một", "hai"):
        (tmp_path / name).mkdir()
        files.append(kept(tmp_path / name, {name: [HEAD, *rows]}))
    digests = [workbook_import.preview(register, silent, path=str(file))["digest"] for file in files]

    def written(file: Path, digest: str) -> str:
        try:
            workbook_import.write(register, silent, path=str(file), digest=digest, who="An")
        except WrongUse as error:
            return error.code
        return "written"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(written, files, digests)) == ["changed_meanwhile", "written"]
    assert register.store.value("SELECT count(*) FROM current_tasks") == 3


@pytest.mark.parametrize(
    ("columns", "cells", "source"),
    [
        (["Số, ký hiệu văn bản", "Ngày văn bản"], ["701/UBND-NC", "05/9/2026"], "701/UBND-NC ngày 05/9/2026"),
        (["Số VB", "Ngày VB"], ["701/UBND-NC", "ngày 05/9/2026"], "701/UBND-NC ngày 05/9/2026"),
        # a number that names its day, one without a day, a day without a number
        (["Số VB", "Ngày VB"], ["701/UBND-NC ngày 05/9/2026", "05/9/2026"], "701/UBND-NC ngày 05/9/2026"),
        (["Số VB", "Ngày VB"], ["701/UBND-NC", None], "701/UBND-NC"),
        (["Số VB", "Ngày VB"], [None, "05/9/2026"], None),
        # the day it came, or was assigned, is no letter's
        (["Số VB", "Ngày đến"], ["701/UBND-NC", "05/9/2026"], "701/UBND-NC"),
    ],
)
def test_the_letter_of_a_row_has_its_day(
    register: Register, tmp_path: Path, columns: list[str], cells: list[str | None], source: str | None
) -> None:
    head = ["TT", *columns, "Nội dung nhiệm vụ", "Chủ trì", "Thời hạn"]
    rows = [[n, *cells, words, "Sở Y tế", "30/11/2026"] for n, words in enumerate((MARKET, ROAD), 1)]
    take_in(register, kept(tmp_path, {"a": [head, *rows]}))
    assert register.store.rows("SELECT DISTINCT source_doc FROM current_tasks") == [(source,)]


@pytest.mark.parametrize(
    ("cells", "day", "known"),
    [
        # the list came long after the letter its rows name: they were work from that letter's day on
        (["701/UBND-NC", "05/9/2026"], "2026-09-05", 2),
        (["701/UBND-NC", "05/9/2026"], "2026-09-04", 0),
        # no day is named: from the day the list came
        (["701/UBND-NC", None], "2026-09-05", 0),
    ],
)
def test_a_list_counts_from_the_days_of_the_letters_it_names(
    register: Register, tmp_path: Path, cells: list[str | None], day: str, known: int
) -> None:
    head = ["TT", "Số VB", "Ngày VB", "Nội dung nhiệm vụ", "Chủ trì", "Thời hạn"]
    rows = [[n, *cells, words, "Sở Y tế", "30/11/2026"] for n, words in enumerate((MARKET, ROAD), 1)]
    take_in(register, kept(tmp_path, {"a": [head, *rows]}))
    assert register.store.value("SELECT count(*) FROM standings(?::DATE)", [day]) == known
