"""Which sentence is a directive, where tasks start and end."""

import tomllib
from importlib import resources
from typing import Any

import pytest

from extractors import agencies, directives, grouping, headings, labels, nlp, orders, quotations, segmentation
from extractors.directives import Verdict
from extractors.grouping import Sentence
from extractors.headings import Stance

DATA: dict[str, Any] = tomllib.loads(
    resources.files("extractors").joinpath("data/directives.toml").read_text("utf-8")
)


def judged(text: str, stance: Stance | None = None, **options: bool) -> Verdict:
    return directives.judge(text, agencies.find(text), stance, **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(text, kind) for kind, texts in DATA["stance"]["match"].items() for text in texts]
    + [(text, None) for text in DATA["stance"]["no_match"]],
)
def test_stance_of_headings(text: str, expected: Stance | None) -> None:
    assert headings.stance(text) == expected


@pytest.mark.parametrize("rule", DATA["opening"], ids=lambda rule: str(rule["id"]))
def test_openings_by_part_of_speech(rule: dict[str, Any]) -> None:
    patterns = nlp.matcher({rule["id"]: rule["tokens"]})
    assert all(nlp.opens(text, patterns) == rule["id"] for text in rule["match"])
    assert not any(nlp.opens(text, patterns) for text in rule["no_match"])


def test_words_keep_their_place_in_the_text() -> None:
    # the tagger moves tone marks (hoá → hóa); offsets must hold all the same
    text = "số hoá hồ sơ, thuỷ lợi và uỷ quyền."
    assert nlp.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        # a body told by an order verb, whatever the section
        ("Giao Sở Y tế rà soát danh mục thuốc.", None),
        ("Đề nghị các bộ, ngành gửi báo cáo trước ngày 5/6/2026.", None),
        # an order after a reason put in front
        ("Để kịp tiến độ, Chủ tịch UBND tỉnh yêu cầu Sở Xây dựng hoàn thành hồ sơ.", None),
        # urged, without any section that says so
        ("Bộ Tài chính khẩn trương cấp kinh phí.", None),
        # the section gives orders: a verb opens, or a body acts
        ("Kiểm tra việc cấp phát tại các kho.", "order"),
        ("Bộ Tài chính cấp kinh phí cho các tỉnh.", "order"),
        # cases, several of them
        ("Những trường hợp không còn sổ gốc thì lập danh sách riêng.", "order"),
        ("Khi xảy ra cháy phải thông báo ngay cho Công an phường.", "order"),
        # how often stands between subject and verb
        ("Văn phòng Chính phủ hằng tháng công khai số phản ánh quá hạn của từng bộ, từng tỉnh.", "order"),
        # which cases: `X nào … thì …`
        ("Nhiệm vụ nào quá hạn thì tham mưu Giám đốc phê bình bằng văn bản.", "order"),
        # who follows and urges; `theo dõi` is no `theo thẩm quyền`
        ("Văn phòng Chính phủ theo dõi, đôn đốc, báo cáo những vấn đề vượt thẩm quyền.", "order"),
        # who is in charge
        ("Cục Chuyển đổi số là đầu mối đôn đốc, tổng hợp kết quả.", "order"),
        # a verb no list knows, told by the one that joins it
        ("Phúc tra, nắm chắc số hộ phải di chuyển.", "order"),
        # a delegation speaks; near miss: `công tác yêu cầu` is no order
        ("Người đứng đầu đoàn công tác yêu cầu Sở Xây dựng nộp hồ sơ.", None),
        # a reason stands before what is asked
        ("Do lún nhanh, kính đề nghị Bộ trưởng giao Viện Kinh tế xây dựng tính lại.", "proposal"),
        # a verb no list knows, told by its part of speech
        ("Nạo vét kênh mương nội đồng.", "order"),
        # a date in front does not hide the verb
        ("Đến ngày 30/9/2026 đóng toàn bộ lò gạch thủ công.", "order"),
        # who has not done it is told to
        ("Chi cục Thủy sản chưa gửi số liệu thì phải gửi ngay trong tuần.", "order"),
        ("Các xã còn bản lõm sóng chủ động giới thiệu địa điểm dựng trạm.", "order"),
        ("Các xã đã có tổ đội hoạt động tiếp tục duy trì.", "order"),
        ("UBND các xã còn công trình hư hỏng, xuống cấp tập trung tu bổ trước ngày 15/7/2026.", "order"),
        ("Cũng tại hội nghị, Văn phòng Ủy ban nhân dân tỉnh được giao theo dõi, đôn đốc.", "order"),
        # who is told is named by a word for all of its kind
        ("Ủy ban nhân dân tỉnh đồng ý lùi hạn số hóa, yêu cầu Sở thuê ngoài khâu quét.", "order"),
        ("Có người khiếu nại về ngày sinh thì phải ghi sổ, trả lời ngay.", "order"),
        ("Nhân dịp này dự trù luôn tiền đổ đá đoạn dốc bị lún.", "order"),
        # those of a class who stand at some figure are told what to do
        ("Riêng 9 tỉnh đạt dưới 40% kế hoạch tổ chức đợt cao điểm đến hết tháng 3.", "order"),
        # passive, nobody named
        ("Mẫu nước tại các trạm phải được lấy hằng ngày.", "order"),
        # what to do in a case
        ("Trường hợp đã chi sai thì lập danh sách thu hồi.", "order"),
        # an agreement to be reached
        ("Bộ Y tế thống nhất với các địa phương việc công nhận giấy phép.", "order"),
        # a year in front
        ("Năm 2026, Bộ Tài chính thanh tra việc cấp phép.", "order"),
    ],
)
def test_directives(text: str, stance: Stance | None) -> None:
    assert judged(text, stance).task


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        # a phrase in front ends at a semicolon; `vừa …, vừa …` tells of no result, what stands behind it does
        (
            "Theo báo cáo của Sở Y tế, từ đầu năm đến nay đã có 3 ca tại các xã Mường Bú, Vân Sơn;"
            " số người phải điều trị là 173, tăng 12 người.",
            None,
        ),
        ("Năm 2025, trong điều kiện vừa sắp xếp bộ máy, vừa chống bão, các cấp ủy đã tạo chuyển biến.", "order"),
        # results, even where orders are given
        ("Bộ Y tế đã cấp thuốc cho 12 tỉnh.", "order"),
        ("Đến nay còn 5 xã chưa gửi báo cáo.", "order"),
        ("Cơ sở dữ liệu đã kết nối với 19 bộ, tiếp nhận 2 tỷ yêu cầu tra cứu, xác thực.", "background"),  # a noun
        ("Các tỉnh đạt dưới 40% kế hoạch năm, thấp hơn bình quân cả nước.", "order"),
        # ordered elsewhere; why a letter is written
        ("Tại Thông báo số 12/TB-UBND ngày 5/1/2026, Chủ tịch UBND tỉnh giao Sở Y tế rà soát.", None),
        ("Thực hiện Công văn số 8/SNV-VTLT; qua kiểm tra, UBND xã nhận thấy còn 14 mét giá.", None),
        ("Khi mưa lớn nhiều hộ phải đi thuyền.", None),
        # a list behind a comma is no verb, another clause is not the subject's
        ("Những năm qua, cấp ủy, chính quyền các cấp đã tập trung lãnh đạo.", "order"),
        ("Các xã Mường Bú, Vân Sơn có bệnh dại; số người phải điều trị dự phòng tăng.", None),
        # what is decided comes in the next paragraph; what a text rests on
        ("Trên cơ sở ý kiến tại phiên họp tháng 4, tổ chức ngày 05 tháng 5 năm 2026.", "order"),
        ("Căn cứ Nghị quyết số 66/NQ-CP về cắt giảm, đơn giản hóa thủ tục hành chính;", None),
        ("Trên cơ sở thảo luận của các thành viên tại Phiên họp tháng 7,", "order"),
        ("Một số đơn vị chưa chủ động phối hợp.", "order"),
        # a verb opens, but among results
        ("Kiểm tra 15 kho thuốc tại các huyện.", "background"),
        # no verb: a noun phrase
        ("Hệ thống kho lạnh của ngành y tế.", "order"),
        # what another document ordered
        ("Trước đó, Thủ tướng Chính phủ đã giao Bộ Xây dựng lập quy hoạch.", None),
        # the noun yêu cầu, no order
        ("Hồ sơ cơ bản đáp ứng yêu cầu của Bộ Y tế.", None),
        # a leader's statement addressed to nobody
        ("Thủ tướng đánh giá cao nỗ lực của ngành điện.", None),
        # what some force has done, behind a phrase of time
        ("Trong đêm, các lực lượng đã đưa 12 hộ dân đến nơi an toàn, triển khai 300 m đê tạm.", "order"),
        # has not done it, and nothing more is said
        ("Chi cục Thủy sản chưa gửi số liệu tháng 6.", "order"),
        # what a resolution quoted before gave to somebody
        ("Mô hình không phù hợp với chỉ đạo tại Thông báo số 17 giao các bộ, ngành xây dựng nền tảng.", None),
        # agreement given
        ("Bộ Y tế thống nhất với đề nghị của tỉnh.", "order"),
        # a letter that was sent
        ("Ngày 12/8, Bộ Y tế có Công văn số 49/BYT-KH đề nghị các tỉnh gửi kết quả.", None),
        (
            "Ngày 15/9, Bộ đã ban hành Văn bản số 99/BXD-QLXD đề nghị các tỉnh rà soát, song mới có 19 tỉnh gửi.",
            None,
        ),
        # how things stand by now; where a task stands that another letter gave
        ("Theo số liệu của Cục A06, đến hết ngày 10/10/2025 mới thu được 121 mẫu, đạt 34,8%.", "order"),
        ("Nhiệm vụ “ban hành khung giá điện gió trước ngày 15/12/2025”: đến nay mới trình dự thảo.", "order"),
        ("Đến nay, Bộ mới nhận được báo cáo của 8 tỉnh.", "order"),
        # a turn to what is wanting
        ("Tuy vậy, tiến độ chung còn chậm so với yêu cầu;", "order"),
        # how many of something a body has; what it was given in numbers
        ("Hà Nội có 9 ngày không khí ở mức xấu.", "order"),
        ("Bộ Y tế, Bộ Tư pháp không có nhiệm vụ quá hạn.", "order"),
        ("Bộ Nội vụ được giao 05 nhiệm vụ, đã hoàn thành 04 nhiệm vụ.", "order"),
        # what follows is only announced
        ("Với các cơ quan còn lại, xin đề nghị như sau.", "order"),
        # what a period leaves out
        ("Thời gian thẩm định không tính vào thời hạn này.", "order"),
        # names joined by a comma are no verbs
        ("Phòng bệnh, Quản lý Dược.", "order"),
        # what had to be done already; who agrees with what others ask
        ("Cá biệt Đề án đã phải lùi sang tháng 6.", "order"),
        ("Phó Thủ tướng cơ bản đồng tình đề nghị bổ sung 220 tỷ đồng.", None),
        # the speaker's own words
        ("Tôi đề nghị không đổ cho thời tiết nữa.", "order"),
    ],
)
def test_what_is_no_directive(text: str, stance: Stance | None) -> None:
    assert not judged(text, stance).task


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # words quoted tell a body what to do: as its subject, by an order, in a quotation that goes on
        ("“Bộ Y tế phải công bố xong trong tháng này”, Phó Thủ tướng nói.", True),
        ("“Tôi đề nghị Bộ Tài chính cấp vốn ngay trong quý III”, ông nhấn mạnh.", True),
        ("“Bộ Tài chính rà soát lại nguồn vốn.", True),
        # near misses: how things are, what was done, what the speaker wishes of nobody
        ("“Đây là dự án lớn của ngành y tế”, Phó Thủ tướng nói.", False),
        ("“Bộ Y tế đã công bố danh mục”, Phó Thủ tướng nói.", False),
        ("“Tôi đề nghị không đổ cho thời tiết nữa”, ông nói.", False),
    ],
)
def test_words_quoted(text: str, expected: bool) -> None:
    assert judged(text, None, retold=True).task is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # who chairs reminds; a body must, whatever stands between
        ("Phó Thủ tướng nhắc Bộ Y tế phải trả lời ngay cho các tỉnh.", True),
        ("Sở Xây dựng và UBND các xã có dự án đi qua phải ngồi lại với người dân.", True),
        ("Lãnh đạo Bộ Y tế đề nghị Bộ Công an kiểm tra các khu cách ly.", True),
        # who chairs agrees and orders; words quoted behind a phrase in front; near miss: what he ordered before
        ("Về đề xuất của tỉnh, Phó Thủ tướng đồng ý về chủ trương, giao Bộ Tài chính hướng dẫn.", True),
        ("Trước đó, Thủ tướng đã ban hành Chỉ thị số 14, trong đó giao Bộ Y tế kiểm tra.", False),
        # what who chairs says a body must; what he only says of it, what somebody wishes for himself
        ("Về giá thuốc, Thủ tướng nêu rõ, các doanh nghiệp nhập khẩu phải công khai tồn kho.", True),
        ("Thủ tướng nhấn mạnh rằng các bộ đã rất cố gắng.", False),
        ("Lãnh đạo Bệnh viện Mắt kiến nghị được tự quyết định mua sắm trực tiếp.", False),
        # near misses: a wish of those who do not chair; somebody with a title tells, visits, hopes
        ("Lãnh đạo tỉnh Cà Mau đề nghị Bộ Y tế cấp thuốc.", False),
        ("Đại diện tỉnh Cà Mau kiến nghị Bộ Y tế cấp thuốc.", False),
        ("Nhân dịp này, Bộ trưởng cũng mong các nhà hảo tâm tiếp tục ủng hộ.", False),
        (
            "Trao đổi tại buổi làm việc, Vụ trưởng Vụ Kế hoạch An Văn Bình nhận định tiến độ ở mức trung bình.",
            False,
        ),
        ("Kết luận buổi làm việc, Bộ trưởng An Văn Bình đánh giá cao quyết tâm của tỉnh.", False),
        ("Đại diện Cục Nhà giáo chia sẻ kinh nghiệm của hai tỉnh.", False),
    ],
)
def test_what_an_account_retells(text: str, expected: bool) -> None:
    assert judged(text, None, retold=True).task is expected


@pytest.mark.parametrize(
    ("text", "concludes", "another"),
    [
        ("Phát biểu kết luận cuộc họp, Chủ tịch UBND tỉnh nhìn nhận kết quả là tích cực.", True, False),
        ("Về nhiệm vụ cụ thể, Bộ Y tế rà soát danh mục.", True, False),
        # another than who concludes speaks; near miss: who concludes says so himself
        ("Giám đốc Sở Y tế cho biết còn 5 xã thiếu thuốc.", False, True),
        ("Theo kế hoạch, Bộ trưởng cho biết sẽ trở lại.", False, False),
    ],
)
def test_who_speaks_at_a_meeting(text: str, concludes: bool, another: bool) -> None:
    assert quotations.concludes(text) is concludes
    assert quotations.another_speaks(text) is another


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bộ Y tế đề xuất Thủ tướng Chính phủ giao Bộ Tài chính cấp vốn.", "asks_superior"),
        ("Kính đề nghị đồng chí Thủ tướng Chính phủ chỉ đạo:", "asks_superior"),
        ("Đề nghị Bộ Tài chính cấp vốn.", "orders"),
        ("Thông báo của Chính phủ giao Bộ Tài chính cấp vốn.", "quotes_order"),
        ("Ban Chỉ đạo của Chính phủ họp phiên thứ ba.", None),
        ("Bộ Y tế báo cáo theo yêu cầu của Bộ Nội vụ.", None),
        # given in a document that is named
        ("Theo Nghị quyết số 12 của Chính phủ giao Bộ Y tế rà soát.", "quotes_order"),
        ("Tại Công văn số 45/BYT-DP ngày 5/1/2026, Bộ Y tế đề nghị các địa phương rà soát.", "quotes_order"),
        ("Tại Thông báo này, Bộ Y tế đề nghị các địa phương rà soát.", "orders"),
    ],
)
def test_orders(text: str, kind: str | None) -> None:
    order = orders.order(text, agencies.find(text))
    assert (order.kind if order else None) == kind


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Bộ Y tế: Rà soát kho thuốc.", "Bộ Y tế: "),
        ("Bộ Y tế chủ trì, phối hợp với Bộ Tài chính: rà soát.", "Bộ Y tế chủ trì, phối hợp với Bộ Tài chính: "),
        ("Về kho thuốc: xây mới ba kho.", "Về kho thuốc: "),
        ("Thời hạn: Quý III/2026.", "Thời hạn: "),
        # what the task is about stays in its text
        ("Đối với 20 kho đã xuống cấp: sửa chữa trước mùa mưa.", ""),
        # a verb before the colon is the task's own
        ("Triển khai các phần việc: khảo sát, thiết kế.", ""),
        ("Kiểm tra kho thuốc trước 10:30 hằng ngày.", ""),
        # a colon within the subject's list of bodies is no label's
        ("Các Bộ: Y tế, Nội vụ rà soát kho thuốc.", ""),
        ("UBND các phường: An Phú, Bình Trưng và các xã: Củ Chi, Nhà Bè kiểm tra kho.", ""),
        ("UBND các phường: An Phú, Bình Trưng: kiểm tra kho.", "UBND các phường: An Phú, Bình Trưng: "),
        # brackets behind the bodies name members; a verb with a body is no label
        ("Các xã biên giới (Pù Nhi, Mường Lát...): thăm hỏi.", "Các xã biên giới (Pù Nhi, Mường Lát...): "),
        ("Làm việc với các đơn vị nhận quân: chốt số.", ""),
        ("Bước 2: Sở Y tế thẩm định.", "Bước 2: "),
        # what it is for, before the duty
        ("Phục vụ đoàn kiểm tra: lập danh sách tàu.", "Phục vụ đoàn kiểm tra: "),
    ],
)
def test_labels(text: str, cut: str) -> None:
    label = labels.label(text, agencies.find(text))
    assert text[: label.end if label else 0] == cut


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Câu một. Câu hai! Câu ba?", 3),
        # abbreviations and numbers end no sentence
        ("UBND TP. Vinh rà soát. Xong trước ngày 5.", 2),
        ("Kinh phí 1.200 triệu đồng tại P. Bến Thủy.", 1),
        # nor does a stop in a bracket
        ("Kho (xây năm 1990. Đã cũ) phải sửa. Làm ngay.", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(segmentation.sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Sở Y tế: (1) rà soát kho; (2) báo cáo.", ["rà soát kho;", "báo cáo."]),
        ("Gồm ⁽¹⁾ Bộ A làm một; ⁽²⁾ Bộ B làm hai.", ["Bộ A làm một;", "Bộ B làm hai."]),
        ("Việc (i) kiểm kê; (ii) thanh lý.", ["kiểm kê;", "thanh lý."]),
        # numbers that do not run from one are no clauses
        ("Theo mục (2) và mục (3) của Thông tư.", []),
        ("Chỉ một việc: (1) rà soát.", []),
    ],
)
def test_clauses_numbered_inline(text: str, clauses: list[str]) -> None:
    _, found = segmentation.numbered_clauses(text)
    assert [text[a:b] for a, b in found] == clauses


def part(kind: str, **more: Any) -> Sentence:
    """A sentence: `task`, `told` (background), `other` (neither), `due` (states only a deadline)."""
    verdict = Verdict(1.0) if kind == "task" else Verdict(-1.0, background=kind == "told")
    return Sentence(0, 0, verdict, **{"only_deadline": kind == "due", **more})


A, B = frozenset({"A"}), frozenset({"B"})


@pytest.mark.parametrize(
    ("parts", "tasks"),
    [
        pytest.param([part("task"), part("task")], [(0, 2)], id="one actor, one task"),
        pytest.param([part("task", leads=A), part("task", leads=B)], [(0, 1), (1, 2)], id="two leads"),
        pytest.param([part("task"), part("task", leads=A)], [(0, 2)], id="a lead named late is that of all"),
        pytest.param(
            [part("task", dated=True), part("task", dated=True)], [(0, 1), (1, 2)], id="each has its deadline"
        ),
        pytest.param([part("task"), part("task", dated=True)], [(0, 2)], id="the deadline stands at the end"),
        pytest.param(
            [part("task"), part("task", dated=True, opens_dated=True)],
            [(0, 1), (1, 2)],
            id="a date opens the next",
        ),
        pytest.param([part("task"), part("due", dated=True)], [(0, 2)], id="a trailing deadline"),
        pytest.param(
            [part("task", dated=True), part("due", dated=True)], [(0, 2)], id="a trailing deadline after a date"
        ),
        pytest.param([part("told"), part("task"), part("told")], [(1, 2)], id="background around it left out"),
        pytest.param([part("task"), part("other")], [(0, 2)], id="what goes on with it stays"),
        pytest.param([part("other"), part("told")], [], id="nothing to do"),
        pytest.param([part("due"), part("task", only_deadline=True)], [], id="a deadline alone is no task"),
    ],
)
def test_grouping(parts: list[Sentence], tasks: list[tuple[int, int]]) -> None:
    assert grouping.group(parts) == tasks


def test_every_weight_of_evidence_is_known() -> None:
    for text in ("Bộ Y tế phải báo cáo.", "Giao Bộ Y tế rà soát.", "Đã xong.", "Kho thuốc.", "Rà soát kho."):
        for stance in ("order", "proposal", "background", None):
            verdict = judged(text, stance, labelled=True, ordering=True, dated=True)
            assert set(verdict.evidence) <= set(DATA["weights"])
