"""Arrivals: which of several incoming stamps is ours, and what it says."""

import datetime

import pytest

from extractors import arrivals
from models import Office, OwnBody, Paragraph, Piece

ISSUED = datetime.date(2026, 3, 4)
HEALTH = Office((OwnBody("Sở Y tế", scope="Khánh Hòa"),))
NOBODY = Office()


def day(written: str) -> datetime.date:
    return datetime.date.fromisoformat(written)


@pytest.mark.parametrize(
    ("stamps", "office", "number", "date", "why"),
    [
        # one stamp, rows of dots left standing
        (["SỞ Y TẾ ĐẾN Số:..... 87 Ngày: ...09/3/2026"], NOBODY, "87", day("2026-03-09"), None),
        # the year is left out: that of the letter
        (["ĐẾN Số: 87 Ngày: 9/3 Chuyển: P.NV"], NOBODY, "87", day("2026-03-09"), None),
        # the next one, for a day before the letter's
        (["ĐẾN Số: 87 Ngày: 9/1"], NOBODY, "87", day("2027-01-09"), None),
        # two figures for the year; words between
        (["ĐẾN Số 87 Ngày 09 tháng 3 năm 26"], NOBODY, "87", day("2026-03-09"), None),
        # a symbol of the file is no number of arrival
        (["ĐẾN Ngày: 09.3.2026 Số và ký hiệu HS: 12/UB"], NOBODY, None, day("2026-03-09"), None),
        # ours among others, in capitals, marks lost
        (
            ["VĂN PHÒNG UBND TỈNH KHÁNH HÒA ĐẾN Số: 41 Ngày: 06/3", "SƠ Y TÊ TỈNH KHÁNH HOA ĐẾN Số: 9 Ngày: 11/3"],
            HEALTH, "9", day("2026-03-11"), None,
        ),
        # the same department of another province
        (["SỞ Y TẾ TỈNH LÂM ĐỒNG ĐẾN Số: 9 Ngày: 11/3"], HEALTH, None, None, "stamp_of_others"),
        # without a name it can be ours
        (["ĐẾN Số: 9 Ngày: 11/3"], HEALTH, "9", day("2026-03-11"), None),
        # two, and nobody knows which is ours
        (["SỞ A B ĐẾN Số: 9 Ngày: 11/3", "SỞ C D ĐẾN Số: 8 Ngày: 9/3"], NOBODY, None, None, "several_stamps"),
        # before the letter was issued: misread
        (["ĐẾN Số: 9 Ngày: 01/3/2026"], NOBODY, "9", None, "before_issue"),
        (["ĐẾN Số: 9 Ngày: 31/4/2026"], NOBODY, "9", None, "no_such_day"),
        (["ĐẾN Số: Ngày: Chuyển:"], NOBODY, None, None, "stamp_unread"),
        ([], NOBODY, None, None, None),
    ],
)  # fmt: skip
def test_arrival(
    stamps: list[str], office: Office, number: str | None, date: datetime.date | None, why: str | None
) -> None:
    found = arrivals.read([Paragraph(text, role="stamp") for text in stamps], office, ISSUED, None)
    assert (found.number, found.date, found.unknown.get("arrival_date")) == (number, date, why)


@pytest.mark.parametrize(("agreed", "number"), [(0.8, "987"), (0.2, None)])
def test_figures_that_readings_disagree_on_are_left_to_a_person(agreed: float, number: str | None) -> None:
    text = "ĐẾN Số: 987 Ngày: 11/3"
    stamp = Paragraph(text, role="stamp", pieces=(Piece(8, 11, 1, None, agreed),))
    assert arrivals.read([stamp], NOBODY, ISSUED, None).number == number
