"""A task that a letter moves or hands on is a task, as it now stands; what was assigned before, and how far it is,
tells how things are."""

import pytest

from extractors import extract
from extractors.progress import tells_progress
from models import Document, Paragraph

HEAD = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH GIA LAI",
    "Số: 912/UBND-KT",
    "Gia Lai, ngày 02 tháng 3 năm 2026",
    "V/v thời hạn của một số nhiệm vụ",
    "Kính gửi: Các sở, ban, ngành tỉnh.",
    "Ủy ban nhân dân tỉnh có ý kiến như sau:",
)


def read(*body: str) -> list[tuple[list[str], str | None]]:
    """(leads, day) of the tasks of a letter."""
    blocks = tuple(Paragraph(text) for text in (*HEAD, *body))
    tasks = extract(Document("x", "text/plain", "0", blocks=blocks)).tasks
    days = [task.deadline.date for task in tasks]
    return [
        ([lead.name for lead in task.leads], day.isoformat() if day else None)
        for task, day in zip(tasks, days, strict=True)
    ]


@pytest.mark.parametrize(
    ("sentence", "lead", "day"),
    [
        # granted to a body
        ("Đồng ý cho Sở Y tế lùi thời hạn mua máy đến ngày 31/5/2026 do đấu thầu lại.", "Sở Y tế", "05-31"),
        ("Đồng ý để Sở Tài chính chuyển thời điểm trình đề án sang tháng 9/2026.", "Sở Tài chính", "09-30"),
        ("Công an tỉnh được lùi thời hạn mở trạm từ ngày 31/3/2026 đến hết 31/7/2026.", "Công an tỉnh", "07-31"),
        # the work is the subject, who does it an agent or an owner
        (
            "Việc kiểm tra 60 đại lý do Sở Nội vụ thực hiện được kéo dài đến hết ngày 31/5/2026.",
            "Sở Nội vụ",
            "05-31",
        ),
        ("Thời hạn lắp 05 trạm bơm do Sở Xây dựng thực hiện được gia hạn đến 30/6/2026.", "Sở Xây dựng", "06-30"),
        (
            "Đồng ý điều chỉnh thời hạn kiểm kê rừng của Sở Tư pháp từ ngày 31/3/2026 sang ngày 30/6/2026.",
            "Sở Tư pháp",
            "06-30",
        ),
        # the day stands in the clause behind
        (
            "Đồng ý cho Công ty cổ phần Cấp nước Gia Lai lùi việc đấu nối; Công ty phải xong trước 31/8/2026.",
            "Công ty cổ phần Cấp nước Gia Lai",
            "08-31",
        ),
        # handed on
        (
            "Việc xác nhận đất của 37 hộ chuyển từ Sở Tư pháp sang Sở Nội vụ chủ trì, xong trước ngày 15/5/2026.",
            "Sở Nội vụ",
            "05-15",
        ),
        (
            "Chuyển việc kéo cáp từ Sở Xây dựng sang Sở Tài chính thực hiện, xong trước 31/7/2026.",
            "Sở Tài chính",
            "07-31",
        ),
    ],
)
def test_a_task_that_is_moved(sentence: str, lead: str, day: str) -> None:
    assert read(sentence) == [([lead], f"2026-{day}")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Không đồng ý gia hạn việc kiểm tra các đại lý theo đề nghị của Sở Công Thương đến ngày 30/6/2026.",
        "Sở Xây dựng đã được gia hạn thời gian thi công đến ngày 31/12/2025 nhưng vẫn chậm.",
        "Đồng ý gia hạn thời gian thực hiện Kế hoạch số 12/KH-UBND đến ngày 31/12/2026.",
    ],
)
def test_refused_granted_before_or_a_whole_letter_is_no_task(sentence: str) -> None:
    assert read(sentence) == []


def test_what_is_not_put_off_stays_with_what_is() -> None:
    found = read("Sở Công Thương sửa 19 chợ, thời hạn mới là ngày 30/6/2026; các chợ khác không được gia hạn.")
    assert found == [(["Sở Công Thương"], "2026-06-30")]


PROGRESS = [
    "Kế hoạch giao hoàn thành rà soát nhà trọ trước ngày 30/6/2026, đến nay mới đạt 31.420/40.260 cơ sở (78%).",
    "Công văn số 120/UBND-KT ngày 05/5/2026 yêu cầu Sở Y tế báo cáo trước 30/5/2026; đến nay chưa có báo cáo.",
    "Sở Tài chính được giao phân bổ vốn trước ngày 30/6/2026, đến nay mới phân bổ được 40%.",
    "Theo Kế hoạch số 23/KH-UBND, Sở Nội vụ phải kiểm tra xong trước ngày 30/6/2026 nhưng đến nay mới làm 04 nơi.",
    "Việc lập danh mục giao Sở Tư pháp làm trước ngày 30/6/2026 nhưng đến ngày 15/8/2026 vẫn chưa hoàn thành.",
    "Chỉ thị số 05/CT-UBND yêu cầu trường học có nước sạch trước năm học mới, hiện còn 15 trường chưa có.",
]
DEMANDED = [
    # an aside tells how far it is
    "Sở Y tế khẩn trương hoàn thành kiểm kê (đến nay mới đạt 40%), xong trước ngày 30/9/2026.",
    # nothing says that it was assigned before
    "Sở Ngoại vụ tập trung hoàn thành số hồ sơ còn lại, đến nay mới đạt 45%.",
    # assigned now
    "Sở Nội vụ được giao chủ trì tham mưu kế hoạch, hoàn thành trước ngày 30/9/2026.",
    # demanded behind it
    "Công văn số 12/UBND-KT yêu cầu báo cáo, đến nay chưa có; đề nghị Sở Y tế gửi ngay.",
]


@pytest.mark.parametrize("sentence", PROGRESS)
def test_what_was_assigned_and_how_far_it_is(sentence: str) -> None:
    assert tells_progress(sentence)
    assert read(sentence) == []


@pytest.mark.parametrize("sentence", DEMANDED)
def test_what_is_demanded_now(sentence: str) -> None:
    assert not tells_progress(sentence)
    assert len(read(sentence)) == 1
