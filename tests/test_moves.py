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
        ("Chấp thuận đề nghị của Sở Xây dựng, cho kéo dài việc đo đến ngày 31/12/2026.", "Sở Xây dựng", "12-31"),
        ("Gia hạn cho Sở Y tế thời gian trình đề án đến ngày 15/9/2026.", "Sở Y tế", "09-15"),
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
        # passed to a body that deals with it from now on
        (
            "12 đơn còn lại giao về UBND xã Ia Grai giải quyết trước 20/6/2026.",
            "Ủy ban nhân dân xã Ia Grai",
            "06-20",
        ),
        ("Các hồ sơ tồn đọng bàn giao cho Sở Nội vụ tiếp tục xử lý trước ngày 30/5/2026.", "Sở Nội vụ", "05-30"),
        ("Chuyển Thanh tra tỉnh xem xét đơn của bà Hoa, trả lời trước 30/4/2026.", "Thanh tra tỉnh", "04-30"),
        # whose work it is, where a letter is cited
        (
            "Gia hạn thời hạn kiểm kê rừng của Sở Tư pháp tại Công văn số 50/UBND-KT đến ngày 31/5/2026.",
            "Sở Tư pháp",
            "05-31",
        ),
        # who passes it on is the subject
        ("Sở Nội vụ chuyển Thanh tra tỉnh xem xét 12 hồ sơ trước ngày 30/5/2026.", "Sở Nội vụ", "05-30"),
        ("Sở Nội vụ bàn giao hồ sơ cho Sở Y tế tiếp tục quản lý trước ngày 30/5/2026.", "Sở Nội vụ", "05-30"),
    ],
)
def test_a_task_that_is_moved(sentence: str, lead: str, day: str) -> None:
    assert read(sentence) == [([lead], f"2026-{day}")]


def test_what_is_passed_on_beneath_a_label_is_for_the_label_s_body_to_pass() -> None:
    item = "- Chuyển Thanh tra tỉnh xem xét 12 hồ sơ trước ngày 30/5/2026."
    assert read("Sở Nội vụ:", item) == [(["Sở Nội vụ"], "2026-05-30")]


def test_who_is_to_help_whom_work_is_passed_to_cooperates() -> None:
    text = "12 đơn còn lại giao về Sở Nội vụ giải quyết, Sở Y tế phối hợp kiểm tra, xong trước ngày 20/6/2026."
    blocks = tuple(Paragraph(line) for line in (*HEAD, text))
    (task,) = extract(Document("x", "text/plain", "0", blocks=blocks)).tasks
    assert [coop.name for coop in task.coops] == ["Sở Y tế"]


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


@pytest.mark.parametrize(
    ("sentence", "near_miss"),
    [
        # what is not granted; what is told instead of it
        (
            "Không điều chỉnh thời hạn theo đề nghị của Sở Xây dựng.",
            "Không để quá thời hạn đối với các trạm bơm, Sở Xây dựng lắp xong trước ngày 30/6/2026.",
        ),
        # who is admonished for what; to do what
        (
            "Nhắc nhở các Sở: Tài chính, Y tế đã để nhiệm vụ quá thời hạn mà không báo cáo.",
            "Nhắc nhở Sở Y tế gửi báo cáo đúng thời hạn.",
        ),
        # how things stood on a day; by when something is to be done
        (
            "Đến hết ngày 10/01/2026 toàn tỉnh còn khoảng 11,8 nghìn hộ chưa kê khai.",
            "Đến hết ngày 30/6/2026 Sở Y tế phải kê khai xong cho các hộ còn lại.",
        ),
        # what comes of being late
        ("Quá hạn phải tạm dừng hoạt động.", "Sở Công Thương yêu cầu các chợ quá hạn phải tạm dừng hoạt động."),
        # what a contract demands, what speaks for a way out
        (
            "Hai dự án này theo hợp đồng phải hoàn thành ngày 31/12/2026.",
            "Hai dự án này phải hoàn thành trước ngày 31/12/2026 theo hợp đồng.",
        ),
        (
            "Ưu điểm là không phải sửa Nghị định; nhược điểm là phải ứng vốn.",
            "Sở Y tế nêu rõ ưu điểm của phương án.",
        ),
        # whom to ask; to ask
        (
            "Khó khăn, vướng mắc liên hệ bà An, Sở Y tế, số điện thoại 0900.000.418.",
            "Sở Y tế liên hệ các xã để gỡ vướng mắc trước ngày 30/6/2026.",
        ),
        # what came to pass before; what is to be done before something
        (
            "Trước đó, từ đầu năm 2026 trên địa bàn tỉnh đã xảy ra 03 vụ cháy, không có thiệt hại về người.",
            "Trước đó, các sở phải gửi danh sách kho chứa hàng dễ cháy.",
        ),
        # by when the rest is thought to be done; is to be done
        (
            "Các công trình này dự kiến hoàn thành trước ngày 30/10/2026.",
            "04 công trình còn lại hoàn thành trước ngày 30/10/2026.",
        ),
        # when a meeting ended
        ("Giao ban kết thúc lúc 11 giờ 15 phút cùng ngày.", "Giao Sở Nội vụ kết thúc việc rà soát biên chế."),
        # a judgement; a demand
        (
            "Tỷ lệ giải ngân 39,7% là thấp, chưa tương xứng với yêu cầu của tỉnh.",
            "Sở Tài chính nâng tỷ lệ giải ngân lên 60%, tương xứng với yêu cầu của tỉnh.",
        ),
        # done first, whatever must be dealt with later
        (
            "Trong 3 tháng đầu năm 2026 cả tỉnh đã đưa 74 người đi làm việc, số vụ phải xử lý tăng 12%.",
            "Trong quý II năm 2026 phải đưa 74 người đi làm việc, xử lý hết các vụ còn lại.",
        ),
    ],
)
def test_how_things_are(sentence: str, near_miss: str) -> None:
    assert read(sentence) == []
    assert len(read(near_miss)) == 1


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        # which of them it is, and nothing of what they have done
        ("Các xã, phường còn lại giải quyết dứt điểm những hộ chưa kê khai.", "Các xã, phường"),
        (
            "UBND các xã, phường có 37 thôn còn trắng tổ liên gia phải lập xong tổ.",
            "Ủy ban nhân dân các xã, phường",
        ),
        ("Sở Tài chính, nơi còn tồn nhiều vốn, tiêu hết số vốn này trước ngày 30/9/2026.", "Sở Tài chính"),
        # with a day of its own it is work, and no agreement
        (
            "Thống nhất với phía bạn thủ tục ký lại Bản ghi nhớ, không chậm quá ngày 30/9/2026.",
            "Các sở, ban, ngành tỉnh",
        ),
        # one of those named before, alone
        ("Riêng Sở Y tế báo cáo rõ số vốn đã được hỗ trợ, gửi Sở Tài chính xem xét.", "Sở Y tế"),
        # who does something of his own, and tells others
        ("Sở Công Thương kiểm tra 58 chợ; yêu cầu đơn vị quản lý thay dây điện cũ.", "Sở Công Thương"),
        ("Giao bổ sung Sở Y tế rà soát các phòng khám, báo cáo trước ngày 30/4/2026.", "Sở Y tế"),
    ],
)
def test_what_looks_like_a_state_and_is_work(sentence: str, lead: str) -> None:
    assert [leads for leads, _ in read(sentence)] == [[lead]]


@pytest.mark.parametrize(
    "line",
    [
        "Tỷ lệ giải ngân mới đạt 40%, số còn lại tập trung ở một số nơi, vì vậy:",
        "Việc chậm chủ yếu do chủ quan. Trên cơ sở đó, đồng ý điều chỉnh thời hạn:",
        "Đồng ý về nguyên tắc với đề nghị của Sở Nội vụ về điều chỉnh thời hạn, cụ thể:",
    ],
)
def test_what_a_decision_introduces_is_to_be_done(line: str) -> None:
    assert read(line, "1. Sở Y tế kê khai xong các phòng khám, kết thúc trước ngày 31/3/2026.") == [
        (["Sở Y tế"], "2026-03-31")
    ]


def test_what_an_assessment_introduces_is_not() -> None:
    line = "Hội nghị thống nhất đánh giá kết quả thực hiện các kiến nghị:"
    assert read(line, "1. Sở Y tế đã kê khai xong các phòng khám.") == []


def test_on_what_a_letter_rests_is_no_task_before_it_tells_anybody_anything() -> None:
    rests = "Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2026 về rà soát hộ nghèo trên địa bàn tỉnh;"
    told = ("Ủy ban nhân dân tỉnh yêu cầu:", "- Sở Y tế gửi báo cáo.")
    blocks = tuple(Paragraph(text) for text in (*HEAD[:-1], rests, *told))
    assert len(extract(Document("x", "text/plain", "0", blocks=blocks)).tasks) == 1
    assert len(read(f"- {rests}")) == 1  # among what is told it is to be done
