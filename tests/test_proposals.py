"""Asked of those above the issuer: a proposal, whose lead is who is to be told; asked of those below: assigned."""

import pytest

from extractors import extract
from models import Document, Paragraph

DAY = "ngày 12 tháng 5 năm 2026"
DEPARTMENT = (
    "UBND TỈNH NINH BÌNH",
    "SỞ CÔNG THƯƠNG",
    "Số: 77/SCT-QLNL",
    f"Ninh Bình, {DAY}",
    "Kính gửi: Ủy ban nhân dân tỉnh Ninh Bình.",
)
MINISTRY = ("BỘ CÔNG THƯƠNG", "Số: 78/BCT-ĐL", f"Hà Nội, {DAY}", "Kính gửi: Ủy ban nhân dân tỉnh Ninh Bình.")
PROVINCE = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH NINH BÌNH",
    "Số: 79/UBND-KT",
    f"Ninh Bình, {DAY}",
    "Kính gửi: Bộ Công Thương.",
)
PARTY = ("TỈNH ỦY NINH BÌNH", "Số: 80-CV/TU", f"Ninh Bình, {DAY}", "Kính gửi: Đảng ủy Ủy ban nhân dân tỉnh.")
REPORT = (
    "UBND TỈNH NINH BÌNH",
    "SỞ CÔNG THƯƠNG",
    "Số: 81/BC-SCT",
    f"Ninh Bình, {DAY}",
    "**BÁO CÁO",
    "**Tình hình cấp điện mùa khô",
    "**III. KIẾN NGHỊ, ĐỀ XUẤT",
)

Found = list[tuple[str, list[str]]]


def read(*lines: str) -> Found:
    """(modality, leads) of every task of a letter."""
    blocks = tuple(
        Paragraph(line.strip("*"), role="heading" if line.startswith("**") else "body", bold=line.startswith("**"))
        for line in lines
    )
    tasks = extract(Document("x", "text/plain", "0", blocks=blocks)).tasks
    return [(task.modality, [lead.name for lead in task.leads]) for task in tasks]


ASK_UP = "Đề nghị Ủy ban nhân dân tỉnh giao Sở Xây dựng rà soát hành lang lưới điện trước ngày 30/6/2026."
DIRECT = "Đề nghị Ủy ban nhân dân tỉnh chỉ đạo Sở Xây dựng rà soát hành lang lưới điện trước ngày 30/6/2026."


@pytest.mark.parametrize(
    ("head", "sentence", "expected"),
    [
        pytest.param(DEPARTMENT, ASK_UP, ("proposed", ["Sở Xây dựng"]), id="a department asks its province"),
        pytest.param(DEPARTMENT, DIRECT, ("proposed", ["Sở Xây dựng"]), id="to direct another"),
        pytest.param(
            DEPARTMENT,
            "Kính đề nghị Chủ tịch UBND tỉnh xem xét, chỉ đạo Sở Xây dựng rà soát hành lang lưới điện.",
            ("proposed", ["Sở Xây dựng"]),
            id="its chairman, in short letters",
        ),
        pytest.param(
            DEPARTMENT,
            "Kiến nghị Ủy ban nhân dân tỉnh bố trí 12 tỷ đồng cải tạo trạm biến áp.",
            ("proposed", ["Tỉnh Ninh Bình"]),
            id="to do it itself",
        ),
        pytest.param(
            DEPARTMENT,
            "Để kịp mùa khô, Sở Công Thương kính đề nghị Ủy ban nhân dân tỉnh cho phép kéo dài thời gian báo cáo.",
            ("proposed", ["Tỉnh Ninh Bình"]),
            id="who asks is not who is asked",
        ),
        pytest.param(REPORT, f"1. {ASK_UP}", ("proposed", ["Sở Xây dựng"]), id="the same in a report"),
        pytest.param(
            REPORT,
            "2. Đề nghị giao Sở Tài chính bố trí kinh phí diễn tập.",
            ("proposed", ["Sở Tài chính"]),
            id="nobody is named who is to give the order",
        ),
        pytest.param(
            REPORT, "3. Đề nghị Sở Tài chính sớm cấp kinh phí.", ("proposed", ["Sở Tài chính"]), id="an equal"
        ),
        pytest.param(
            REPORT,
            "4. Đề nghị các đơn vị phải có phương án gửi về Sở trước ngày 20/6/2026.",
            ("assigned", ["Các đơn vị liên quan"]),
            id="near miss: demanded of them",
        ),
        pytest.param(MINISTRY, DIRECT, ("assigned", ["Tỉnh Ninh Bình"]), id="near miss: from above the province"),
        pytest.param(MINISTRY, ASK_UP, ("assigned", ["Sở Xây dựng"]), id="near miss: who is told by it acts"),
        pytest.param(PARTY, DIRECT, ("assigned", ["Tỉnh Ninh Bình"]), id="near miss: the Party commands it"),
        pytest.param(
            PROVINCE,
            "Đề nghị Bộ Công Thương sớm phê duyệt quy hoạch lưới điện 110 kV.",
            ("proposed", ["Bộ Công Thương"]),
            id="a province asks a ministry",
        ),
        pytest.param(
            PROVINCE,
            "Ủy ban nhân dân tỉnh giao Sở Công Thương làm đầu mối cung cấp số liệu trước ngày 20/5/2026.",
            ("assigned", ["Sở Công Thương"]),
            id="near miss: what it tells its own in the same letter",
        ),
    ],
)
def test_who_is_asked_decides(head: tuple[str, ...], sentence: str, expected: tuple[str, list[str]]) -> None:
    assert read(*head, sentence) == [expected]


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("Kiến nghị Bộ có công điện đôn đốc UBND tỉnh Gia Lai bàn giao bãi chứa trước 10/6/2026.", "Tỉnh Gia Lai"),
        ("Kính trình Bộ trưởng cho phép Vụ Pháp chế tham mưu khung giá tạm thời trước 10/6/2026.", "Vụ Pháp chế"),
    ],
)
def test_a_unit_asks_its_own_ministry(sentence: str, lead: str) -> None:
    head = ("BỘ XÂY DỰNG", "CỤC HÀNG HẢI", "Số: 82/BC-CHH", f"Hà Nội, {DAY}", "**BÁO CÁO", "**Về nạo vét luồng")
    assert read(*head, sentence) == [("proposed", [lead])]


def test_what_is_asked_for_goes_on_behind_a_semicolon() -> None:
    asked = (
        "Kiến nghị Thủ tướng Chính phủ giao Bộ Tài chính bố trí vốn; giao Bộ Xây dựng thẩm định trước 10/6/2026."
    )
    assert read(*REPORT, asked) == [("proposed", ["Bộ Tài chính"]), ("proposed", ["Bộ Xây dựng"])]


def test_who_is_asked_is_named_once_before_the_list() -> None:
    assert read(
        *DEPARTMENT,
        "Sở Công Thương kính đề nghị Ủy ban nhân dân tỉnh xem xét, chỉ đạo:",
        "1. Giao Sở Xây dựng rà soát hành lang lưới điện trước ngày 30/6/2026.",
        "2. Bố trí 12 tỷ đồng cải tạo trạm biến áp.",
    ) == [("proposed", ["Sở Xây dựng"]), ("proposed", ["Tỉnh Ninh Bình"])]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Sở Công Thương báo cáo Ủy ban nhân dân tỉnh xem xét, chỉ đạo./.", []),
        ("Sở Công Thương kính trình Ủy ban nhân dân tỉnh xem xét, quyết định.", []),
        # near misses: another body's task; more than to lay the letter before somebody
        ("Sở Tài chính trình Ủy ban nhân dân tỉnh xem xét, quyết định.", [("assigned", ["Sở Tài chính"])]),
        (
            "Sở Công Thương khảo sát, báo cáo Ủy ban nhân dân tỉnh xem xét trước ngày 30/6/2026.",
            [("assigned", ["Sở Công Thương"])],
        ),
    ],
)
def test_a_letter_laid_before_those_above_is_no_task(sentence: str, expected: Found) -> None:
    assert read(*DEPARTMENT[:-1], "Kính gửi: Sở Tài chính.", sentence) == expected
