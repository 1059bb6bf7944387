"""A new day for what another letter asks: which letter, for what, from when, until when; and what is none."""

import datetime

import pytest

from extractors import extract
from extractors.deadlines import DeadlineContext
from extractors.extensions import extensions
from models import Document, Office, Paragraph
from tests.test_own_acts import HEAD

ISSUER = "Ủy ban nhân dân tỉnh Gia Lai"
CONTEXT = DeadlineContext(issued=datetime.date(2026, 6, 2))


@pytest.mark.parametrize(
    ("sentence", "number", "since", "until", "about"),
    [
        # permitted, what is reported named before the letter
        (
            "Đồng ý gia hạn thời gian báo cáo kiểm kê tại Công văn 520/UBND-KT ngày 04/5 đến hết ngày 15/12/2026.",
            "520",
            None,
            "2026-12-15",
            "báo cáo kiểm kê",
        ),
        # from one day to another, before the letter is named
        (
            "2. UBND tỉnh thống nhất điều chỉnh thời hạn hoàn thành từ 30/6/2026 sang 31/8 tại Kế hoạch 15/KH.",
            "15",
            "2026-06-30",
            "2026-08-31",
            "hoàn thành",
        ),
        # the task named, the letter that gave it
        (
            "Lùi thời hạn hoàn thành nhiệm vụ lắp trạm quan trắc giao tại Kế hoạch 15/KH-UBND đến tháng 10/2026.",
            "15",
            None,
            "2026-10-31",
            "hoàn thành nhiệm vụ lắp trạm quan trắc",
        ),
        # after a request with a number of its own
        (
            "Đồng ý với đề nghị của Sở Y tế tại Tờ trình số 77/TTr-SYT về việc gia hạn thời gian nộp báo cáo "
            "theo Công văn số 520/UBND-KT đến 30/9.",
            "520",
            None,
            "2026-09-30",
            "nộp báo cáo",
        ),
        # said of the term
        (
            "Thời hạn gửi danh mục tại Công văn số 520/UBND-KT được lùi đến hết Quý III/2026.",
            "520",
            None,
            "2026-09-30",
            "gửi danh mục",
        ),
        # by whom the letter passes on
        (
            "Thủ tướng Chính phủ đồng ý kéo dài thời gian thực hiện Đề án theo Quyết định 99/QĐ-TTg đến năm 2027.",
            "99",
            None,
            "2027-12-31",
            "thực hiện Đề án",
        ),
        # no new day is said
        ("Cho phép gia hạn thời gian thực hiện Công văn số 520/UBND-KT.", "520", None, None, "thực hiện"),
    ],
)
def test_what_extends(sentence: str, number: str, since: str | None, until: str | None, about: str) -> None:
    [found] = extensions(sentence, ISSUER, CONTEXT)
    assert (found.kind, found.number) == ("extends", number)
    assert tuple(day and day.isoformat() for day in (found.since, found.until)) == (since, until)
    assert (found.about or "").startswith(about)
    assert found.words and found.words in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        # asked for
        "Đề nghị UBND tỉnh gia hạn thời gian báo cáo tại Công văn số 520/UBND-KT đến 30/9/2026.",
        "Sở Công Thương xin gia hạn thời gian báo cáo tại Công văn số 520/UBND-KT đến 30/9/2026.",
        "Kính trình Thủ tướng Chính phủ cho phép lùi thời hạn trình Đề án theo Quyết định 99/QĐ-TTg đến 30/9.",
        # prepared for another
        "Sở Tư pháp trình cấp có thẩm quyền gia hạn thời gian thực hiện Nghị quyết số 12/NQ-HĐND đến 30/9/2026.",
        "Giao Sở Tài chính tham mưu điều chỉnh thời hạn thực hiện Kế hoạch số 15/KH-UBND sang tháng 9/2026.",
        # refused
        "UBND tỉnh không gia hạn thời gian thực hiện Kế hoạch số 15/KH-UBND.",
        "Không đồng ý lùi thời hạn báo cáo tại Công văn số 520/UBND-KT đến 30/9/2026.",
        "Thời hạn báo cáo tại Công văn số 520/UBND-KT không được gia hạn.",
        # past, or only if
        "UBND tỉnh đã đồng ý gia hạn thời gian báo cáo tại Công văn số 520/UBND-KT đến 30/4/2026.",
        "Trường hợp cho phép lùi thời hạn tại Kế hoạch số 15/KH-UBND thì báo cáo trước ngày 30/6/2026.",
        # by another body, of its own letter
        "Sở Xây dựng gia hạn thời gian nộp hồ sơ theo Công văn số 88/SXD-QL đến 30/9/2026.",
        # no term of a letter is moved
        "Gia hạn giấy phép khai thác cho tàu cá theo Công văn số 520/UBND-KT trước ngày 30/7/2026.",
        "Kéo dài tuyến đường theo Quyết định số 99/QĐ-UBND đến cầu Sông Ba.",
        # no letter is named
        "Đồng ý gia hạn thời gian báo cáo đến hết ngày 15/12/2026.",
    ],
)
def test_what_does_not_extend(sentence: str) -> None:
    assert extensions(sentence, ISSUER, CONTEXT) == ()


def test_a_letter_tells_what_it_extends_and_where() -> None:
    """Two new days of one letter are two relations; who said it without a day does not hide them."""
    body = (
        "1. Đồng ý gia hạn thời gian báo cáo tại Công văn số 520/UBND-KT đến hết ngày 15/12/2026.",
        "2. Đồng ý lùi thời hạn lắp đặt trạm cân tại Công văn số 520/UBND-KT đến hết ngày 31/10/2026.",
    )
    blocks = tuple(Paragraph(text, page=2) for text in (*HEAD, *body))
    letter = extract(Document("x", "text/plain", "0", blocks=blocks), Office())
    found = [(r.kind, r.number, r.until and r.until.isoformat(), r.page) for r in letter.relations]
    assert found == [("extends", "520", "2026-12-15", 2), ("extends", "520", "2026-10-31", 2)]
