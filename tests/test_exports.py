"""What goes out of the register, and comes back: nothing runs, nothing is lost, nothing is written unseen."""

import csv
import datetime
import errno
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import duckdb
import icalendar
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from extractors.recurrence import days
from models.deadline import Grain, Relation
from pipeline import calendars, commands, correcting, export, shown, tracking, workbook_import, workbooks
from pipeline.errors import NoRoom, WrongUse
from pipeline.export import Choice
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.settings import Settings
from tests.test_store import extracted, task

DAY = datetime.date(2026, 7, 10)
AT_MIDNIGHT = datetime.datetime
"""What a spreadsheet makes of a day: a moment without a zone."""
EVIL = ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]


def due(day: str) -> dict[str, str]:
    return {"kind": "date", "text": f"trước ngày {day}", "date": day, "due_date": day}


LEADS = [{"name": "Sở Y tế"}, {"name": "Sở Tài chính: [dự phòng] / và tên rất dài của một đơn vị"}]


@pytest.fixture
def settings() -> Settings:
    """Read in this process: letters of a few lines need no processes of their own."""
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0)


@pytest.fixture
def filled(register: Register) -> Register:
    """A letter of three plain tasks, one late, one recurring; and one whose texts look like formulas."""
    monthly = {"kind": "recurring", "text": "hằng tháng", "due_date": "2026-06-30", "recurs": days("hằng tháng")}
    told = {"media_type": "x", "size": 1}
    register.record("received", {"document": "d", "name": "một.pdf", "drop": "1", **told})
    register.record(
        "extracted",
        extracted(
            "d",
            task("late", "Rà soát kho thuốc", leads=LEADS, deadline=due("2026-06-30"), source_doc="12/QĐ-UBND"),
            task("soon", "Tập huấn phòng bệnh", leads=LEADS[:1], deadline=due("2026-07-31")),
            task("monthly", "Báo cáo số ca", deadline=monthly),
        ),
    )
    register.record("received", {"document": "e", "name": "=xấu.pdf", "drop": "2", **told})
    register.record("extracted", extracted("e", *(task(f"e{n}", t) for n, t in enumerate(EVIL)), letter="L2"))
    return register


def saved(register: Register, path: Path, form: str = "xlsx", **choice: Any) -> Path:
    file = path / f"a.{form}"
    export.save(register.store, form, file, Choice(as_of=DAY, **choice))
    return file


def test_a_workbook_is_laid_out_as_offices_do(filled: Register, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(saved(filled, tmp_path, by_agency=True, reviewers=True))
    sheet = book["Nhiệm vụ"]
    header = [cell.value for cell in sheet[workbooks.HEADER_ROW]]
    assert header[:8] == [
        "TT",
        "Nhiệm vụ",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Thời hạn",
        "Văn bản giao",
        "Kết quả",
        "Trạng thái",
    ]
    assert "Tin cậy" not in header
    assert "Tin cậy" in [cell.value for cell in book["Rà soát"][1]]
    assert sheet.freeze_panes == f"A{workbooks.HEADER_ROW + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{workbooks.HEADER_ROW}:")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.column_dimensions[get_column_letter(len(header))].hidden
    late = next(row for row in sheet.iter_rows() if row[1].value == "Rà soát kho thuốc")
    soon = next(row for row in sheet.iter_rows() if row[1].value == "Tập huấn phòng bệnh")
    monthly = next(row for row in sheet.iter_rows() if row[1].value == "Báo cáo số ca")
    assert late[4].value == AT_MIDNIGHT(2026, 6, 30)
    assert late[4].number_format == "dd/mm/yyyy"
    assert monthly[4].value == "hằng tháng"
    assert late[1].alignment.wrap_text
    assert late[1].fill.fgColor.rgb != soon[1].fill.fgColor.rgb
    assert late[5].value == "12/QĐ-UBND"
    assert soon[5].value == "12/SYT-NVY (02/03/2026)"
    agencies = [name for name in book.sheetnames if name.startswith("Sở")]
    assert agencies == ["Sở Tài chính dự phòng và tên", "Sở Y tế"] or len(agencies) == 2
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert [row[1].value for row in book["Sở Y tế"].iter_rows(min_row=4)] == [
        "Rà soát kho thuốc",
        "Tập huấn phòng bệnh",
    ]


def test_no_cell_of_an_export_can_run(filled: Register, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(saved(filled, tmp_path, by_agency=True, reviewers=True))
    cells = [
        cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert all(evil.replace("\t", " ") in texts or evil in texts for evil in EVIL)
    assert all(
        cell.quotePrefix for cell in cells if cell.data_type == "s" and cell.value[:1] in ("=", "+", "-", "@")
    )
    with saved(filled, tmp_path, "csv").open(encoding="utf-8-sig", newline="") as file:
        values = [value for row in csv.DictReader(file) for value in row.values()]
    assert not [value for value in values if value[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_csv_opens_in_excel_in_vietnamese(filled: Register, tmp_path: Path) -> None:
    raw = saved(filled, tmp_path, "csv").read_bytes()
    assert raw.startswith("\ufeff".encode())
    assert b"\r\n" in raw
    rows = {row["Mã nhiệm vụ"]: row for row in csv.DictReader(raw.decode("utf-8-sig").splitlines())}
    late = rows["late"]
    assert (late["Nhiệm vụ"], late["Cơ quan chủ trì"]) == (
        "Rà soát kho thuốc",
        "; ".join(lead["name"] for lead in LEADS),
    )
    assert (late["Hạn cuối"], late["Trạng thái"], late["Quá hạn"]) == ("2026-06-30", "Chưa hoàn thành", "x")
    assert late["Đúng hạn, quá hạn"] == "Chưa hoàn thành, quá hạn"
    assert not [name for name in late if "_" in name]
    letter = late["Số, ký hiệu"], late["Ngày văn bản"], late["Cơ quan ban hành"]
    assert letter == ("12/SYT-NVY", "2026-03-02", "Sở Y tế")


@pytest.mark.parametrize(
    ("column", "codes"),
    [("relation", get_args(Relation)), ("grain", get_args(Grain))],
)
def test_csv_says_codes_in_words(column: str, codes: tuple[str, ...]) -> None:
    told = io.StringIO()
    export.write(({column: code} for code in codes), "csv", told)
    assert not set(codes) & set(told.getvalue().splitlines()[1:])


def test_a_folder_of_parquet_holds_what_tasks_are_joined_with(filled: Register, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    choice = Choice()
    assert export.save(filled.store, "parquet", folder, choice) == filled.store.value(
        "SELECT count(*) FROM current_tasks"
    )
    assert sorted(file.stem for file in folder.iterdir()) == sorted(export.WHOLE)
    for name in export.WHOLE:
        file = str(folder / f"{name}.parquet")
        assert duckdb.read_parquet(file).fetchall() == filled.store.rows(f"FROM {name}")
    with pytest.raises(WrongUse) as refused:
        export.save(filled.store, "parquet", folder, Choice(documents=("x",)))
    assert refused.value.code == "whole_only"


def test_parquet_holds_the_current_tasks(filled: Register, tmp_path: Path) -> None:
    file = saved(filled, tmp_path, "parquet")
    found = duckdb.sql(
        f"SELECT task_id, lead[1], due_date FROM '{file}' WHERE document = 'một.pdf' ORDER BY ordinal"
    )
    assert found.fetchall()[0] == ("late", "Sở Y tế", datetime.date(2026, 6, 30))
    assert duckdb.sql(f"SELECT count(*) FROM '{file}'").fetchall() == [(3 + len(EVIL),)]


def test_a_calendar_has_an_entry_a_due_day_with_ids_that_stay(filled: Register, tmp_path: Path) -> None:
    def entries() -> dict[str, Any]:
        found = icalendar.Calendar.from_ical(saved(filled, tmp_path, "ics").read_bytes())
        return {str(e["uid"]): e.decoded("dtstart") for e in found.walk("VEVENT")}

    first = entries()
    assert first["late@giaoviec"] == datetime.date(2026, 6, 30)
    # monthly at the month's end: one entry, from the turn that is not done with
    assert first["monthly@giaoviec"] == datetime.date(2026, 6, 30)
    assert len([uid for uid in first if uid.startswith("monthly")]) == 1
    assert entries() == first
    correcting.correct(filled, silent, task_id="late", field="deadline", value="15/8/2026", who="An")
    assert entries()["late@giaoviec"] == datetime.date(2026, 8, 15)
    commands.COMMANDS["set_state"](filled, silent, task_id="late", state="done", done_on="2026-07-01", who="An")
    assert "late@giaoviec" not in entries()


def test_a_task_urged_again_is_late_in_both_letters_and_overdue_once(filled: Register, tmp_path: Path) -> None:
    filled.record("received", {"document": "f", "name": "hai.pdf", "drop": "3", "media_type": "x", "size": 1})
    urged = [
        task("again", "Rà soát kho thuốc", leads=LEADS, deadline=due("2026-07-05")),
        task("moved", "Rà soát kho thuốc", leads=LEADS, deadline=due("2026-07-31")),
    ]
    found = {"other_id": "late", "other_document": "d", "level": "likely", "confidence": 0.9, "reasons": []}
    links = [{"task_id": name, **found} for name in ("again", "moved")]
    filled.record("extracted", {**extracted("f", *urged, letter="L3"), "links": links})
    # letters that do not cite one another: another day is hidden where a person says it is the same task
    judged = {"other_id": "late", "verdict": "confirmed", "who": "An"}
    for name in ("again", "moved"):
        filled.record("task_link_judged", {"task_id": name, **judged})
    rows = [json.loads(line) for line in saved(filled, tmp_path, "jsonl").read_text("utf-8").splitlines()]
    assert {row["task_id"] for row in rows if row["overdue"]} == {"late", "monthly"}
    assert {row["task_id"] for row in rows if row["late"]} == {"late", "monthly", "again"}
    sheet = openpyxl.load_workbook(saved(filled, tmp_path))["Nhiệm vụ"]
    fills = [row[1].fill.fgColor.rgb for row in sheet.iter_rows() if row[1].value == "Rà soát kho thuốc"]
    assert len(fills) == 3
    assert len(set(fills)) == 2


def test_json_lines_say_overdue_as_of_the_day(filled: Register, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in saved(filled, tmp_path, "jsonl").read_text("utf-8").splitlines()]
    assert {row["task_id"] for row in rows if row["overdue"]} == {"late", "monthly"}
    assert {"state", "done_on", "progress", "note", "confidence", "reasons"} <= rows[0].keys()


def edited(file: Path, *edits: tuple[str, str, Any], sheet: str = "Nhiệm vụ") -> Path:
    """The workbook with cells changed: (task, header, value)."""
    book = openpyxl.load_workbook(file)
    page = book[sheet]
    header = [cell.value for cell in page[workbooks.HEADER_ROW]]
    for task_id, column, value in edits:
        row = next(row for row in page.iter_rows() if row[header.index("Mã nhiệm vụ")].value == task_id)
        row[header.index(column)].value = value
    book.save(file)
    return file


def previewed(register: Register, file: Path) -> dict[str, Any]:
    return workbook_import.preview(register, silent, path=str(file))


def test_there_and_back_without_an_edit_is_no_change(filled: Register, tmp_path: Path) -> None:
    file = saved(filled, tmp_path, by_agency=True, reviewers=True)
    assert previewed(filled, file)["changes"] == []
    # saved once more by the spreadsheet
    assert previewed(filled, edited(file))["changes"] == []


def test_what_the_office_wrote_is_shown_and_then_written(filled: Register, tmp_path: Path) -> None:
    file = edited(
        saved(filled, tmp_path),
        ("late", "Trạng thái", "Đã hoàn thành"),
        ("late", "Ngày hoàn thành", AT_MIDNIGHT(2026, 6, 29)),
        ("soon", "Tiến độ", "Đã mời giảng viên"),
        ("soon", "Hạn của cơ quan", "20/07/2026"),
        ("soon", "Ghi chú", "Chờ kinh phí"),
        # the letter's own words are not taken from a workbook
        ("soon", "Nhiệm vụ", "Việc khác"),
    )
    before = filled.journal.last
    found = previewed(filled, file)
    assert filled.journal.last == before
    assert [(c["task_id"], c["column"], c["after"], c["conflict"]) for c in found["changes"]] == [
        ("late", "state", "done", None),
        ("late", "done_on", "2026-06-29", None),
        ("soon", "task", "Việc khác", "not_taken"),
        ("soon", "office_due", "2026-07-20", None),
        ("soon", "progress", "Đã mời giảng viên", None),
        ("soon", "note", "Chờ kinh phí", None),
    ]
    done = workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")
    assert done == {"written": 5}
    rows = filled.store.rows(
        """SELECT task_id, text, state, done_on::VARCHAR, office_due_date::VARCHAR, progress, note
        FROM current_tasks WHERE task_id IN ('late', 'soon') ORDER BY task_id"""
    )
    assert rows == [
        ("late", "Rà soát kho thuốc", "done", "2026-06-29", None, None, None),
        ("soon", "Tập huấn phòng bệnh", "open", None, "2026-07-20", "Đã mời giảng viên", "Chờ kinh phí"),
    ]
    assert [c["conflict"] for c in previewed(filled, file)["changes"]] == ["not_taken"]
    # emptied again
    file = edited(saved(filled, tmp_path), ("soon", "Ghi chú", None), ("soon", "Hạn của cơ quan", None))
    found = previewed(filled, file)
    workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")
    assert filled.store.rows("SELECT note, office_due_date FROM current_tasks WHERE task_id = 'soon'") == [
        (None, None)
    ]


@pytest.mark.parametrize(
    ("column", "value", "meanwhile", "conflict"),
    [
        # somebody said something else here since the export
        ("Tiến độ", "50 %", {"progress": "80 %"}, "changed_here"),
        # both say the same: no conflict, and nothing to do
        ("Tiến độ", "80 %", {"progress": "80 %"}, None),
        ("Trạng thái", "#REF!", None, "unreadable"),
        ("Hạn của cơ quan", "31/02/2026", None, "unreadable"),
        ("Hạn của cơ quan", "tuần sau", None, "unreadable"),
        # a formula that fails
        ("Ghi chú", "#NAME?", None, "unreadable"),
        ("Mã nhiệm vụ", "khác", None, "unknown_task"),
        # a row that was added, or has lost its id
        ("Mã nhiệm vụ", None, None, "new_row"),
        # the letter's own words
        ("Nhiệm vụ", "Việc khác", None, "not_taken"),
        ("Cơ quan chủ trì", "Sở Nội vụ", None, "not_taken"),
        ("Thời hạn", AT_MIDNIGHT(2027, 1, 1), None, "not_taken"),
        # what follows from other columns
        ("Đúng hạn, quá hạn", "Hoàn thành đúng hạn", None, "computed"),
        ("Của ta", "x", None, "computed"),
        # a formula that nobody has worked out
        ("Ghi chú", "=1+1", None, "formula"),
        ("Trạng thái", "=A1", None, "formula"),
        # what a spreadsheet does by itself is no change
        ("Nhiệm vụ", " Tập huấn  phòng bệnh", None, None),
        ("Thời hạn", AT_MIDNIGHT(2026, 7, 31), None, None),
    ],
)
def test_conflicts_are_shown_and_not_written(
    filled: Register,
    tmp_path: Path,
    column: str,
    value: Any,
    meanwhile: dict[str, str] | None,
    conflict: str | None,
) -> None:
    file = edited(saved(filled, tmp_path), ("soon", column, value))
    if meanwhile:
        commands.COMMANDS["set_state"](filled, silent, task_id="soon", who="Bình", **meanwhile)
    found = previewed(filled, file)
    assert [c["conflict"] for c in found["changes"]] == ([conflict] if conflict else [])
    before = filled.journal.last
    workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")
    assert filled.journal.last == before


def test_two_rows_of_one_task_that_disagree_are_a_conflict(filled: Register, tmp_path: Path) -> None:
    file = edited(saved(filled, tmp_path, by_agency=True), ("soon", "Tiến độ", "một"))
    file = edited(file, ("soon", "Tiến độ", "hai"), sheet="Sở Y tế")
    found = previewed(filled, file)["changes"]
    assert [(c["after"], c["conflict"]) for c in found] == [("một", "two_rows"), ("hai", "two_rows")]


def test_a_register_that_changed_since_the_preview_is_not_written_to(filled: Register, tmp_path: Path) -> None:
    file = edited(saved(filled, tmp_path), ("soon", "Tiến độ", "50 %"))
    found = previewed(filled, file)
    commands.COMMANDS["set_state"](filled, silent, task_id="soon", who="Bình", progress="80 %")
    with pytest.raises(WrongUse):
        workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")


def test_columns_may_be_moved_and_rows_sorted(filled: Register, tmp_path: Path) -> None:
    file = edited(saved(filled, tmp_path), ("soon", "Tiến độ", "50 %"))
    book = openpyxl.load_workbook(file)
    sheet = book["Nhiệm vụ"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=workbooks.HEADER_ROW)]
    sheet.delete_rows(1, sheet.max_row)
    for row in [rows[0], *reversed(rows[1:])]:
        sheet.append(list(reversed(row)))
    book.save(file)
    assert [(c["task_id"], c["column"]) for c in previewed(filled, file)["changes"]] == [("soon", "progress")]


def test_a_workbook_written_in_the_other_language_is_read(
    filled: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = edited(saved(filled, tmp_path), ("soon", "Trạng thái", "Đã hoàn thành"))
    monkeypatch.setenv("GIAOVIEC_LANGUAGE", "en")
    assert [(c["column"], c["after"], c["conflict"]) for c in previewed(filled, file)["changes"]] == [
        ("state", "done", None)
    ]


@pytest.mark.parametrize(
    ("column", "value", "after"),
    [
        # a state in the office's words, a day in two of its ways, one in a cell set to numbers
        ("Trạng thái", "Xong", "done"),
        ("Trạng thái", "đã hoàn thành.", "done"),
        ("Ngày hoàn thành", "30.6.26", "2026-06-30"),
        ("Ngày hoàn thành", 46203, "2026-06-30"),
        ("Hạn của cơ quan", "30/6/2026", "2026-06-30"),
        ("Tiến độ", 0.5, "0.5"),
    ],
)
def test_cells_are_read_as_people_fill_them_in(
    filled: Register, tmp_path: Path, column: str, value: Any, after: str
) -> None:
    change = previewed(filled, edited(saved(filled, tmp_path), ("soon", column, value)))["changes"][-1]
    assert (change["after"], change["conflict"]) == (after, None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # no state, one that is told loosely, one with more to say
        ({"Trạng thái": "xem lại sau"}, [("progress", "xem lại sau")]),
        ({"Trạng thái": "Tạm dừng"}, [("progress", "Tạm dừng")]),
        ({"Trạng thái": "Đã hoàn thành 100%"}, [("state", "done"), ("progress", "Đã hoàn thành 100%")]),
        # beside what stands under progress
        ({"Trạng thái": "Tạm dừng", "Tiến độ": "Chờ vốn"}, [("progress", "Chờ vốn; Tạm dừng")]),
        ({"Trạng thái": "Tạm dừng", "Tiến độ": "Tạm dừng"}, [("progress", "Tạm dừng")]),
        # a state's name says nothing more
        ({"Trạng thái": "đang làm"}, []),
    ],
)
def test_words_under_the_state_are_kept(
    filled: Register, tmp_path: Path, cells: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    """Shown as progress, and no change once they are written."""
    file = edited(saved(filled, tmp_path), *(("soon", column, words) for column, words in cells.items()))
    found = previewed(filled, file)
    assert [(c["column"], c["after"]) for c in found["changes"]] == expected
    workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")
    assert previewed(filled, file)["changes"] == []


def test_a_workbook_of_before_says_nothing_of_columns_that_follow(filled: Register, tmp_path: Path) -> None:
    file = saved(filled, tmp_path)
    book = openpyxl.load_workbook(file)
    base = book[workbooks.BASE_SHEET]
    base.delete_cols(base.max_column - len(workbooks.COMPUTED) + 1, len(workbooks.COMPUTED))
    book.save(file)
    assert previewed(filled, edited(file, ("soon", "Đúng hạn, quá hạn", "khác")))["changes"] == []


def test_days_of_conflicts_are_shown_as_written_here(capsys: pytest.CaptureFixture[str]) -> None:
    change = {"task_id": "a", "text": "Rà soát", "place": "N!4", "other": None}
    shown.changes(
        "Xung đột",
        [
            {
                **change,
                "column": "deadline",
                "before": "2026-10-31",
                "after": "hằng tháng",
                "conflict": "not_taken",
            },
            {**change, "column": "done_on", "before": "2026-10-30", "after": "hôm qua", "conflict": "unreadable"},
            {**change, "column": "office_due", "before": "2026-10-29", "after": None, "conflict": "changed_here"},
        ],
    )
    told = capsys.readouterr().out
    assert all(f"{day}/10/2026" in told for day in (29, 30, 31))
    assert "2026-" not in told


def test_who_says_when_it_was_done_says_that_it_is_done(filled: Register, tmp_path: Path) -> None:
    file = edited(saved(filled, tmp_path), ("soon", "Ngày hoàn thành", "5/7/2026"))
    found = previewed(filled, file)
    assert [(c["column"], c["after"], c["conflict"]) for c in found["changes"]] == [
        ("state", "done", None),
        ("done_on", "2026-07-05", None),
    ]
    workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")
    told = filled.store.rows("SELECT state, done_on::VARCHAR FROM current_tasks WHERE task_id = 'soon'")
    assert told == [("done", "2026-07-05")]


def test_a_row_that_was_deleted_deletes_no_task(filled: Register, tmp_path: Path) -> None:
    file = saved(filled, tmp_path)
    book = openpyxl.load_workbook(file)
    book["Nhiệm vụ"].delete_rows(workbooks.HEADER_ROW + 1)
    book.save(file)
    found = previewed(filled, file)
    assert (found["changes"], found["gone"]) == ([], 1)


def test_rows_copied_into_another_workbook_are_told_by_their_ids(filled: Register, tmp_path: Path) -> None:
    """Without the hidden sheet nobody knows what was changed here since; all that differs is shown."""
    file = edited(saved(filled, tmp_path), ("soon", "Tiến độ", "50 %"), ("late", "Trạng thái", None))
    book = openpyxl.load_workbook(file)
    del book[workbooks.BASE_SHEET]
    book.save(file)
    found = previewed(filled, file)
    assert found["kind"] == "ours"
    assert [(c["task_id"], c["after"], c["conflict"]) for c in found["changes"]] == [("soon", "50 %", None)]


def test_a_workbook_without_its_ids_is_refused(filled: Register, tmp_path: Path) -> None:
    file = saved(filled, tmp_path)
    book = openpyxl.load_workbook(file)
    book["Nhiệm vụ"].delete_cols(list(workbooks.COLUMNS).index("task_id") + 1)
    book.save(file)
    with pytest.raises(WrongUse, match="Mã nhiệm vụ"):
        previewed(filled, file)


def test_the_hidden_sheet_runs_nothing_either(filled: Register, tmp_path: Path) -> None:
    commands.COMMANDS["set_state"](filled, silent, task_id="soon", who="Bình", note="=1+1")
    sheet = openpyxl.load_workbook(saved(filled, tmp_path))[workbooks.BASE_SHEET]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


@pytest.mark.parametrize(
    ("cell", "runs"),
    [
        *((evil, True) for evil in EVIL),
        # signs of full width, behind a line, a space, something invisible
        ("＝1+1", True),
        ("＠SUM(A1)", True),
        ("\n=1", True),
        (" =1", True),
        ("\u200b=1", True),
        ("- Rà soát", True),
        ("Rà soát = xong", False),
        ("1+1", False),
        ("", False),
    ],
)
def test_what_begins_like_a_formula_is_quoted(cell: str, runs: bool) -> None:
    assert export.harmless(cell) == ("'" + cell if runs else cell)


@pytest.mark.parametrize(
    ("recurs", "rule"),
    [
        (["W1", "W4"], {"freq": "weekly", "byday": ["MO", "TH"]}),
        ([f"{month:02d}-25" for month in range(1, 13)], {"freq": "monthly", "interval": 1, "bymonthday": 25}),
        (["01-10", "04-10", "07-10", "10-10"], {"freq": "monthly", "interval": 3, "bymonthday": 10}),
        (["12-15"], {"freq": "yearly", "bymonth": 12, "bymonthday": 15}),
        # ends of months, of quarters, half-years and years, each written as it is or as the 31st
        ([f"{month:02d}-31" for month in range(1, 13)], {"freq": "monthly", "interval": 1, "bymonthday": -1}),
        (["03-31", "06-30", "09-30", "12-31"], {"freq": "monthly", "interval": 3, "bymonthday": -1}),
        (["06-30", "12-31"], {"freq": "monthly", "interval": 6, "bymonthday": -1}),
        (["06-31", "12-31"], {"freq": "monthly", "interval": 6, "bymonthday": -1}),
        (["12-31"], {"freq": "yearly", "bymonth": 12, "bymonthday": -1}),
        (["02-28"], {"freq": "yearly", "bymonth": 2, "bymonthday": -1}),
        # the 30th is no end of a month of 31 days; days without a rhythm stand one by one
        (["01-30", "07-30"], None),
        (["06-30", "12-30"], None),
        (["03-31", "12-31"], None),
        (["06-15", "12-10"], None),
        (["03-15", "09-15", "12-15"], None),
        ([], None),
    ],
)
def test_what_recurs_is_one_entry_where_calendars_know_its_rule(
    recurs: list[str], rule: dict[str, Any] | None
) -> None:
    assert calendars.rule(recurs) == rule


def test_an_export_of_a_past_day_and_of_what_is_ours(filled: Register, tmp_path: Path) -> None:
    """No letter that came later, nothing done later; a day years away is no less in the calendar."""
    assert list(export.rows(filled.store, Choice(as_of=datetime.date(2026, 3, 1)))) == []
    commands.COMMANDS["set_state"](filled, silent, task_id="soon", state="done", done_on="2026-07-05", who="An")
    for day, standing in ((datetime.date(2026, 7, 1), "not_done_in_time"), (DAY, "done_in_time")):
        stands = {row["task_id"]: row["standing"] for row in export.rows(filled.store, Choice(as_of=day))}
        assert stands["soon"] == standing
    correcting.correct(filled, silent, task_id="late", field="deadline", value="31/12/2031", who="An")
    days = {row["task_id"]: row["due"] for row in export.due_days(filled.store, Choice(as_of=DAY))}
    assert days["late"] == datetime.date(2031, 12, 31)
    led = {row["task_id"] for row in export.rows(filled.store, Choice(agency="Sở Y tế"))}
    assert led <= {"late", "soon"}
    assert all(row["concerns_us"] != "no" for row in export.rows(filled.store, Choice(ours=True)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sở Y tế", "Sở Y tế"),
        # small letters, without diacritics
        ("sở y tế", "Sở Y tế"),
        ("So Y te", "Sở Y tế"),
        # with our province's name and without it, whichever of them the lists have
        ("Sở Y tế tỉnh Phú Thọ", "Sở Y tế"),
        ("Thuế tỉnh Phú Thọ", "Thuế tỉnh"),
        ("Kho bạc Nhà nước", "Kho bạc Nhà nước Phú Thọ"),
        # another province's is another body; a part of a name is none
        ("Sở Y tế tỉnh Gia Lai", ["Sở Y tế"]),
        ("Kho bạc", ["Kho bạc Nhà nước Phú Thọ"]),
        ("Cảng vụ đường thủy", None),
    ],
)
def test_an_export_of_a_body_finds_it_by_both_spellings(
    filled: Register, tmp_path: Path, name: str, expected: str | list[str] | None
) -> None:
    """And refuses what names none, with what is near."""
    filled.store.own_provinces = ["Tỉnh Phú Thọ"]
    for task_id, body in (("e1", "Thuế tỉnh"), ("e2", "Kho bạc Nhà nước Phú Thọ")):
        filled.store.execute(
            "UPDATE tasks SET lead = [?], lead_bodies = [?] WHERE task_id = ?", [body, body, task_id]
        )
    out = tmp_path / "a.jsonl"
    run = commands.COMMANDS["export"]
    if isinstance(expected, str):
        assert run(filled, silent, form="jsonl", out=str(out), agency=name)["tasks"] > 0
        assert all(expected in json.loads(line)["lead"] for line in out.read_text("utf-8").splitlines())
        return
    with pytest.raises(WrongUse) as refused:
        run(filled, silent, form="jsonl", out=str(out), agency=name)
    assert not out.exists()
    near = refused.value.values["near"]
    assert all(body in near for body in expected) if expected else refused.value.code == "no_agency_near"


def test_every_export_starts_with_what_is_ours(filled: Register, tmp_path: Path) -> None:
    """Rows, sheets of agencies, calendar entries (these marked, too), Parquet."""
    filled.store.execute("UPDATE tasks SET concerns_us = 'named', our_role = 'leads' WHERE task_id = 'e1'")
    filled.store.execute("UPDATE tasks SET lead = ['Xã Z'], lead_bodies = ['Xã Z'] WHERE task_id = 'e1'")
    filled.store.execute("UPDATE tasks SET due_date = '2026-12-31', deadline_kind = 'date' WHERE task_id = 'e1'")
    assert next(export.rows(filled.store, Choice()))["task_id"] == "e1"
    assert openpyxl.load_workbook(saved(filled, tmp_path, by_agency=True)).sheetnames[1] == "Xã Z"
    first = icalendar.Calendar.from_ical(saved(filled, tmp_path, "ics").read_bytes()).walk("VEVENT")[0]
    assert first["uid"].startswith("e1@")
    assert first["categories"].to_ical() == "Việc của ta".encode()
    assert duckdb.sql(f"SELECT task_id FROM '{saved(filled, tmp_path, 'parquet')}'").fetchall()[0] == ("e1",)


def test_a_workbook_tells_our_part_and_marks_what_we_are_late_with(filled: Register, tmp_path: Path) -> None:
    roles = {"late": "leads", "soon": "among_all", "e1": "cooperates"}
    for task_id, role in roles.items():
        filled.store.execute(
            "UPDATE tasks SET concerns_us = 'named', our_role = ? WHERE task_id = ?", [role, task_id]
        )
    sheet = openpyxl.load_workbook(saved(filled, tmp_path))["Nhiệm vụ"]
    head = [cell.value for cell in sheet[workbooks.HEADER_ROW]]
    at = [head.index(column) for column in ("Mã nhiệm vụ", "Của ta", "Vai trò")]
    told = {row[at[0]]: (row[at[1]], row[at[2]]) for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert [told[task_id] for task_id in (*roles, "e2")] == [
        ("x", "chủ trì"),
        ("x", "cùng cả nhóm chủ trì"),
        # another body leads it and is late with it
        (None, "phối hợp"),
        (None, None),
    ]


def test_done_in_time_or_late_without_a_day_is_taken_as_it_is_said(filled: Register, tmp_path: Path) -> None:
    """And shown so; no day is made up; where the register knows the day, the words change nothing."""
    file = edited(
        saved(filled, tmp_path), ("late", "Trạng thái", "Hoàn thành quá hạn"), ("soon", "Trạng thái", "Xong")
    )
    found = previewed(filled, file)
    assert [(c["task_id"], c["after"]) for c in found["changes"]] == [("late", "done_late"), ("soon", "done")]
    workbook_import.write(filled, silent, path=str(file), digest=found["digest"], who="An")
    stands = {row["task_id"]: (row["standing"], row["done_on"]) for row in export.rows(filled.store, Choice())}
    assert stands["late"] == ("done_late", None)
    assert stands["soon"] == ("done_day_unknown", None)
    assert previewed(filled, file)["changes"] == []
    tracking.set_state(filled, silent, task_id="late", done_on="2026-07-01", who="An")
    file = edited(saved(filled, tmp_path), ("late", "Trạng thái", "Hoàn thành đúng hạn"))
    assert previewed(filled, file)["changes"] == []


@pytest.mark.parametrize(
    ("state", "day", "unwritten"),
    [
        ("Xong", "hôm qua", "unreadable"),
        # a day to come
        ("Xong", "01/01/2999", "in_future"),
        ("Hoàn thành đúng hạn", "01/01/2999", "in_future"),
    ],
)
def test_done_is_not_written_where_its_day_is_not(
    filled: Register, tmp_path: Path, state: str, day: str, unwritten: str
) -> None:
    """Both are to be written, or none."""
    file = edited(saved(filled, tmp_path), ("soon", "Trạng thái", state), ("soon", "Ngày hoàn thành", day))
    found = previewed(filled, file)["changes"]
    assert [(c["column"], c["conflict"]) for c in found] == [("state", "day_unread"), ("done_on", unwritten)]


def test_a_calendar_keeps_to_its_standard(filled: Register, tmp_path: Path) -> None:
    """RFC 5545: lines of 75 octets, an end after the beginning or none, every id once, text escaped."""
    hour = due("2026-07-20") | {"due_time": "16:30:00"}
    filled.record("received", {"document": "h", "name": "giờ.pdf", "drop": "9", "media_type": "x", "size": 1})
    long = "Họp; báo cáo, " + "rà soát toàn bộ " * 20 + "\n\x07xong"
    filled.record("extracted", extracted("h", task("hour", long, deadline=hour), letter="L9"))
    raw = saved(filled, tmp_path, "ics").read_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert not [sign for sign in raw.replace(b"\r\n", b"") if sign < 32]
    entries = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert len({entry["uid"] for entry in entries}) == len(entries)
    for entry in entries:
        assert "dtend" not in entry or entry.decoded("dtend") > entry.decoded("dtstart")
    [at] = [entry for entry in entries if entry["uid"] == "hour@giaoviec"]
    assert at.decoded("dtstart") == datetime.datetime(2026, 7, 20, 9, 30, tzinfo=datetime.UTC)
    assert at["description"].startswith("Họp; báo cáo, rà soát")


@pytest.mark.parametrize(
    ("form", "target", "expected"),
    [
        (None, None, "jsonl"),
        (None, "a.xlsx", "xlsx"),
        (None, "a.ICS", "ics"),
        (None, "a.txt", "jsonl"),
        (None, "a.doc", None),  # what is in it would be nothing that Word reads
        ("csv", "a.txt", "csv"),
        ("csv", "a.csv", "csv"),
        # a CSV that calls itself a workbook opens nowhere
        ("csv", "a.xlsx", None),
        ("xlsx", "o2.csv", None),
    ],
)
def test_the_format_is_what_is_said_or_the_ending(
    form: str | None, target: str | None, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(WrongUse):
            export.form_of(form, Path(str(target)))
    else:
        assert export.form_of(form, Path(target) if target else None) == expected


@pytest.mark.parametrize("form", export.FORMATS)
def test_a_file_is_written_whole_or_not_at_all(
    filled: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """A full disk used to leave half a file in the place of the old one."""
    target = tmp_path / f"a.{form}"
    target.write_text("cũ", "utf-8")
    replace = Path.replace

    def full(self: Path, other: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NoRoom, match="hết dung lượng đĩa"):
        saved(filled, tmp_path, form)
    assert [p.name for p in tmp_path.glob("*a.*")] == [target.name]
    assert target.read_text("utf-8") == "cũ"
    monkeypatch.setattr(Path, "replace", replace)
    assert saved(filled, tmp_path, form).read_bytes() != "cũ".encode()
    with pytest.raises(NoRoom):
        saved(filled, tmp_path / "không có", form)


def test_a_pipe_is_written_to_and_not_replaced(filled: Register, tmp_path: Path) -> None:
    pipe = tmp_path / "ống"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as thread:
        read = thread.submit(pipe.read_bytes)
        export.save(filled.store, "csv", pipe, Choice())
        assert "Rà soát kho thuốc".encode() in read.result()
    assert pipe.is_fifo()


def test_an_office_s_own_workbook_on_the_first_day(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "theo dõi.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["SỔ THEO DÕI NHIỆM VỤ NĂM 2026"])
    sheet.append([])
    sheet.append(["Hạn xử lý", "STT", "Nội dung công việc", "Đơn vị chủ trì", "Tình hình thực hiện", "Ghi chú"])
    first = "Lập phương án di dời các hộ dân khỏi vùng sạt lở ven sông"
    second = "Sửa chữa trạm bơm tiêu úng khu vực chợ trung tâm"
    sheet.append([AT_MIDNIGHT(2026, 5, 30), 1, first, "Phòng Kinh tế", "Đã hoàn thành ngày 20/5", None])
    sheet.append(["30/9/2026", 2, second, "Phòng Hạ tầng", None, "Chờ vốn"])
    book.save(file)
    found = previewed(register, file)
    assert (found["kind"], found["tasks"], found["states"]) == ("first_day", 2, 2)
    assert register.store.value("SELECT count(*) FROM tasks") == 0
    written = workbook_import.write(register, silent, path=str(file), digest=found["digest"], who="An")
    assert written == {"tasks": 2, "states": 2, "again": False}
    rows = register.store.rows(
        "SELECT text, lead, due_date::VARCHAR, state, progress, note FROM current_tasks ORDER BY ordinal"
    )
    assert rows == [
        (first, ["Phòng Kinh tế"], "2026-05-30", "done", "Đã hoàn thành ngày 20/5", None),
        (second, ["Phòng Hạ tầng"], "2026-09-30", "open", None, "Chờ vốn"),
    ]
    assert file.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused(register: Register, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(WrongUse):
        previewed(register, file)
