"""What a letter does to another by saying so: a relation, and no task; what somebody is told to do is a task."""

import pytest

from extractors import extract
from models import Document, Office, Paragraph

HEAD = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH GIA LAI",
    "Số: 912/UBND-KT",
    "Gia Lai, ngày 02 tháng 6 năm 2026",
    "V/v tiếp tục thực hiện nhiệm vụ quản lý chợ",
    "Kính gửi: Các sở, ban, ngành; UBND các xã, phường.",
    "Ủy ban nhân dân tỉnh có ý kiến như sau:",
)


def read(*body: str) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Texts of the tasks of a letter, and what it does to which numbers."""
    blocks = tuple(Paragraph(text) for text in (*HEAD, *body))
    letter = extract(Document("x", "text/plain", "0", blocks=blocks), Office())
    return [task.text for task in letter.tasks], [(r.kind, r.number) for r in letter.relations]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        # a new day for the whole letter
        ("1. Gia hạn thời hạn thực hiện Công văn số 50/UBND-KT ngày 12/3/2026 đến hết ngày 30/7/2026.", "extends"),
        # for its tasks, and said with haste
        ("Nay gia hạn thời gian thực hiện nhiệm vụ nêu tại Công văn số 50/UBND-KT đến ngày 30/7/2026.", "extends"),
        # other verbs for the same
        ("Lùi thời hạn báo cáo tại Công văn số 50/UBND-KT đến ngày 30/7/2026.", "extends"),
        ("Cho phép kéo dài thời gian thực hiện Kế hoạch số 50/KH-UBND đến hết năm 2026.", "extends"),
        # the issuer names itself, short
        (
            "Ủy ban nhân dân tỉnh gia hạn thời hạn hoàn thành các việc tại Kế hoạch số 50/KH-UBND đến 30/9/2026.",
            "extends",
        ),
        # for some of its points, in other words, or in the passive
        (
            "Gia hạn thời gian đối với các việc tại mục 2 Công văn số 50/UBND-KT của UBND tỉnh đến 30/7/2026.",
            "extends",
        ),
        (
            "Điều chỉnh thời hạn các việc số 3, 5 tại Phụ lục Kế hoạch số 50/KH-UBND sang ngày 30/9/2026.",
            "extends",
        ),
        ("Thời hạn các việc tại mục 2 Công văn số 50/UBND-KT được gia hạn đến ngày 30/7/2026.", "extends"),
        ("Thu hồi Công văn số 50/UBND-KT ngày 13/3/2026 của Ủy ban nhân dân tỉnh.", "withdraws"),
        ("UBND tỉnh thu hồi Công văn số 50/UBND-KT ngày 13/3/2026.", "withdraws"),
        ("2. Bãi bỏ Quyết định số 50/QĐ-UBND ngày 02/01/2020 của Ủy ban nhân dân tỉnh.", "withdraws"),
        ("Thay thế Kế hoạch số 50/KH-UBND ngày 02/01/2026.", "replaces"),
        # what is corrected may name a day
        (
            "Đính chính Công văn số 50/UBND-KT như sau: “trước ngày 30/6” sửa thành “trước ngày 30/7/2026”.",
            "corrects",
        ),
        # a point of it: the rest stays
        ("Bãi bỏ điểm 3 Công văn số 50/UBND-KT.", "corrects"),
    ],
)
def test_acts_of_the_letter_itself(sentence: str, kind: str) -> None:
    assert read(sentence) == ([], [(kind, "50")])


@pytest.mark.parametrize(
    "sentence",
    [
        # others are told to prepare or propose it
        "Tham mưu gia hạn thời hạn thực hiện Công văn số 50/UBND-KT trước ngày 30/7/2026.",
        "Sở Tài chính tham mưu gia hạn thời hạn thực hiện Công văn số 50/UBND-KT.",
        "Sở Tư pháp rà soát, trình bãi bỏ Quyết định số 50/QĐ-UBND trước ngày 30/7/2026.",
        "Giao Sở Tư pháp trình bãi bỏ Quyết định số 50/QĐ-UBND.",
        # or to do it
        "Các đơn vị thu hồi Công văn số 50/UBND-KT đã nhận, nộp lại Văn phòng trước ngày 30/7/2026.",
        "Sở Công Thương thu hồi Công văn số 50/SCT-QL.",
        "Bãi bỏ Quyết định số 50/QĐ-UBND, xong trước ngày 30/7/2026.",
        # the paper is only what the work is done by
        "Gia hạn giấy phép khai thác cho tàu cá theo Công văn số 50/UBND-KT trước ngày 30/7/2026.",
        "Thu hồi đất đã giao tại Quyết định số 50/QĐ-UBND trước ngày 30/7/2026.",
        "Bãi bỏ các quy định trái pháp luật tại Quyết định số 50/QĐ-UBND.",
        "Thay thế máy bơm tại trạm Đồng Mỏ theo Quyết định số 50/QĐ-UBND.",
        # what is extended comes with an order
        "Gia hạn thời hạn thực hiện Công văn số 50/UBND-KT; yêu cầu Sở Xây dựng hoàn thành trước ngày 30/7/2026.",
    ],
)
def test_what_somebody_is_told_to_do_is_a_task(sentence: str) -> None:
    tasks, _ = read(sentence)
    assert len(tasks) == 1


def test_under_a_body_s_label_it_is_that_body_s_task() -> None:
    tasks, _ = read("Sở Tư pháp:", "- Bãi bỏ Quyết định số 50/QĐ-STP ngày 02/01/2020.")
    assert len(tasks) == 1


@pytest.mark.parametrize(
    "title",
    ["2. Điều chỉnh thời hạn", "Gia hạn thời gian thực hiện", "3. Lùi thời hạn hoàn thành một số nhiệm vụ:"],
)
def test_a_title_over_what_is_moved_is_no_task(title: str) -> None:
    tasks, _ = read(title, "Sở Y tế kê khai xong các phòng khám trước ngày 30/9/2026.")
    assert [task[:7] for task in tasks] == ["Sở Y tế"]


def test_but_a_duty_is_though_it_begins_alike() -> None:
    tasks, _ = read("Điều chỉnh thời hạn nộp hồ sơ trên Cổng dịch vụ công cho đúng quy định mới.")
    assert len(tasks) == 1
