"""Whole documents → tasks: text, leads, cooperating bodies, deadline, modality."""

import datetime

import pytest

from extractors import extract
from models import Box, Cell, Document, Grid, Office, OwnBody, Page, Paragraph, Task, Word

Row = tuple[str, list[str], list[str], str | None]
LETTER = ("**BỘ Y TẾ", "Số: 310/BYT-KH", "Hà Nội, ngày 06 tháng 4 năm 2026", "V/v bảo đảm thuốc")
REPORT = ("**BÁO CÁO", "**Tình hình cấp nước sạch nông thôn năm 2026")


def document(*items: str | list[tuple[str, ...]]) -> Document:
    """A document of paragraphs (`**`: set as headings) and tables."""
    blocks = tuple(_grid(item) if isinstance(item, list) else _paragraph(item) for item in items)
    return Document("x", "text/plain", "0", blocks=blocks)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(
        text.strip("*"), role="heading" if text.startswith("**") else "body", bold=text.startswith("**")
    )


def _grid(rows: list[tuple[str, ...]]) -> Grid:
    cells = tuple(
        Cell(r, c, paragraphs=(Paragraph(text),)) for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return Grid(len(rows), len(rows[0]), cells)


def tasks(*items: str | list[tuple[str, ...]]) -> tuple[Task, ...]:
    return extract(document(*items)).tasks


def short(found: tuple[Task, ...]) -> list[Row]:
    """Tasks as (first words of the text, leads, cooperating bodies, date or kind of the deadline)."""
    return [
        (
            " ".join(task.text.split()[:3]),
            [lead.name for lead in task.leads],
            [coop.name for coop in task.coops],
            task.deadline.date.isoformat() if task.deadline.date else _kind(task),
        )
        for task in found
    ]


def _kind(task: Task) -> str | None:
    return task.deadline.kind if task.deadline.kind != "none" else None


YTE, TC, XD, NV = "Bộ Y tế", "Bộ Tài chính", "Bộ Xây dựng", "Bộ Nội vụ"
NNMT, VPCP = "Bộ Nông nghiệp và Môi trường", "Văn phòng Chính phủ"
LOCAL, CENTRAL = "Các địa phương", "Các bộ, ngành"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Tài chính:", "- Cấp bù kinh phí.", "- Phối hợp Bộ Nội vụ rà soát."),
            [("Cấp bù kinh", [TC], [], None), ("Phối hợp Bộ", [TC], [NV], None)],
            id="items take the lead of their label",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "Các tỉnh cần: (1) đến từng hộ vận động; (2) cam kết bàn giao mặt bằng."),
            [("đến từng hộ", [LOCAL], [], None), ("cam kết bàn", [LOCAL], [], None)],
            id="what is numbered behind a word of duty is to be done, whatever its verb",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "Bộ Tài chính hướng dẫn quy trình gồm 3 bước: (1) nhận, (2) xét, (3) trả.",
            ),
            [("Bộ Tài chính", [TC], [], None)],
            id="a sentence that looks like a label tells what to do",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Bộ Tài chính: 12 nhiệm vụ.",
                "2. Bộ Nội vụ: Rà soát biên chế.",
            ),
            [("Rà soát biên", [NV], [], None)],
            id="a label that tells nothing is none",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "Như sau: Bước 1: Bộ Nội vụ lập danh sách. Bước 2: Bộ Tài chính cấp vốn trong tháng 5/2026.",
            ),
            [("Bộ Nội vụ", [NV], [], None), ("Bộ Tài chính", [TC], [], "2026-05-31")],
            id="steps of a paragraph",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Xây dựng chủ trì, phối hợp với Bộ Tài chính:", "a) Lập quy hoạch;"),
            [("Lập quy hoạch;", [XD], [TC], None)],
            id="and its cooperating bodies",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Bộ Tài chính: Cấp vốn, hoàn thành trước ngày 30/5/2026. Nộp hồ sơ trong tháng 7/2026.",
            ),
            [("Cấp vốn, hoàn", [TC], [], "2026-05-30"), ("Nộp hồ sơ", [TC], [], "2026-07-31")],
            id="sentences with their own deadlines are tasks",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Tài chính cấp vốn cho các tỉnh. Hoàn thành trước ngày 30/5/2026."),
            [("Bộ Tài chính", [TC], [], "2026-05-30")],
            id="a trailing deadline belongs to what stands before it",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Tài chính cấp vốn. Bộ Nội vụ giao biên chế."),
            [("Bộ Tài chính", [TC], [], None), ("Bộ Nội vụ", [NV], [], None)],
            id="sentences with different leads are tasks",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Xây dựng: (1) khảo sát các hồ lớn; (2) lập bản đồ trong năm 2026."),
            [("khảo sát các", [XD], [], None), ("lập bản đồ", [XD], [], "2026-12-31")],
            id="clauses numbered inline are tasks",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Xây dựng kiểm tra các hồ lớn.", "Lập bản đồ vùng ngập."),
            [("Bộ Xây dựng", [XD], [], None), ("Lập bản đồ", [XD], [], None)],
            id="an unmarked second paragraph is a task of its own",
        ),
        pytest.param(
            (
                *LETTER,
                "**I. KẾT QUẢ ĐẠT ĐƯỢC",
                "- Kiểm tra 12 kho thuốc.",
                "- Bộ Tài chính đã cấp đủ vốn.",
                "**II. NHIỆM VỤ",
                "- Kiểm tra các kho còn lại.",
            ),
            [("Kiểm tra các", [], [], None)],
            id="results are no tasks",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Bộ Xây dựng:",
                "- Chỉ đạo Cục Hạ tầng:",
                "+ Nạo vét cống.",
                "+ Thay nắp hố ga.",
            ),
            [("Nạo vét cống.", [XD], [], None), ("Thay nắp hố", [XD], [], None)],
            id="who directs another body answers for it",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Y tế kiểm kê kho trước ngày 20/5/2026. Trước mắt, vá mái kho."),
            [("Bộ Y tế", [YTE], [], "2026-05-20"), ("Trước mắt, vá", [YTE], [], None)],
            id="the actor is carried on in a paragraph",
        ),
        pytest.param(
            (
                *LETTER,
                "Ngày 01/4/2026, kho thuốc đã cháy. Bộ Y tế có ý kiến như sau:",
                "1. Bộ Công an điều tra vụ cháy.",
            ),
            [("Bộ Công an", ["Bộ Công an"], [], None)],
            id="what opens a list is said in its last sentence",
        ),
        pytest.param(
            (
                *LETTER,
                "Tại phiên họp ngày 28/11/2025, Bộ Y tế kết luận:",
                "1. Kho thuốc ở Cà Mau quá tải, xuống cấp.",
            ),
            [],
            id="who concludes is no label of what he tells",
        ),
        pytest.param(
            (*LETTER, "**Đảng ủy Bộ Y tế:", "- Lãnh đạo Bộ Tài chính hỗ trợ đường truyền cho các xã."),
            [("Lãnh đạo Bộ", ["Đảng ủy Bộ Y tế"], [], None)],
            id="a Party body leads others and answers for what they do",
        ),
        pytest.param(
            (*LETTER, "Bộ Y tế gửi danh mục thuốc và đề nghị Bộ Tài chính cho ý kiến trước ngày 30/4/2026."),
            [("Bộ Y tế", [TC], [], "2026-04-30")],
            id="who writes and asks is not who acts",
        ),
        pytest.param(
            (*LETTER, "Bộ Y tế thống nhất với đề nghị của Bộ Tài chính.", "Bộ Y tế trân trọng cảm ơn./."),
            [],
            id="agreement and thanks are no tasks",
        ),
        pytest.param(
            (
                "**Giá cà phê tăng",
                "Sáng 3/3/2026, Phó Thủ tướng chủ trì hội nghị.",
                "Phó Thủ tướng giao Bộ Tài chính hoàn thuế trước ngày 31/3/2026.",
                "**Tin liên quan",
                "- Bộ Xây dựng phải vá đường trước ngày 01/4/2026",
            ),
            [("Phó Thủ tướng", [TC], [], "2026-03-31")],
            id="links beside an article are none of it",
        ),
        pytest.param(
            ("Kính gửi: Ủy ban nhân dân các tỉnh, thành phố", *LETTER[1:], "**NHIỆM VỤ", "- Kiểm tra các kho."),
            [("Kiểm tra các", [LOCAL], [], None)],
            id="where nobody is named the recipients act",
        ),
        pytest.param(
            (
                *REPORT,
                "**1. Đường ống cũ",
                "(i) Thực trạng: Rò rỉ ở nhiều nơi.",
                "(ii) Việc cần làm:",
                "- Thay đường ống chính.",
                "(iii) Cơ quan thực hiện: Bộ Xây dựng chủ trì, phối hợp với Bộ Tài chính.",
                "(iv) Thời hạn: Quý IV/2026.",
            ),
            [("Thay đường ống", [XD], [TC], "2026-12-31")],
            id="task, agency and deadline in parallel parts",
        ),
        pytest.param(
            (
                *REPORT,
                "**1. Hai bảng mã địa bàn",
                "(i) Thực trạng: Phần mềm dùng hai bảng mã.",
                "(ii) Việc cần làm: Thống nhất một bảng mã.",
                "(iii) Cơ quan thực hiện: Bộ Xây dựng.",
                "(iv) Trở ngại dự kiến: Phải tạm dừng phần mềm 02 ngày.",
                "(v) Thời hạn: 30/9/2026, sơ bộ kết quả tại tỉnh Phú Thọ.",
            ),
            [("Thống nhất một", [XD], [], "2026-09-30")],
            id="a part that only one matter has stands between its others",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NỘI DUNG",
                "a) Xây dựng quy chế kho lạnh",
                "- Đơn vị chủ trì: Bộ Y tế",
                "- Thời gian hoàn thành: Tháng 9/2026",
                "b) Thanh lý kho cũ",
                "- Đơn vị chủ trì: Bộ Tài chính",
            ),
            [("Xây dựng quy", [YTE], [], "2026-09-30"), ("Thanh lý kho", [TC], [], None)],
            id="agency and deadline in parts under the task",
        ),
        pytest.param(
            (
                "**Họp báo về hạn hán",
                "Sáng 3/3/2026, Thủ tướng Chính phủ làm việc với các địa phương miền Trung về hạn hán.",
                "Đến nay đã có 40 hồ chứa cạn nước.",
                "Thủ tướng yêu cầu Bộ Nông nghiệp và Môi trường điều tiết nước liên hồ trước ngày 15/3/2026.",
                "Bộ Tài chính hỗ trợ giống cho nông dân.",
                "Thủ tướng cảm ơn sự chia sẻ của người dân.",
            ),
            [("Thủ tướng yêu", [NNMT], [], "2026-03-15"), ("Bộ Tài chính", [TC], [], None)],
            id="a news report: the order, and what follows it",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "a) Bộ Xây dựng kiểm tra đê.", "Hoàn thành trong tháng 6/2026."),
            [("Bộ Xây dựng", [XD], [], "2026-06-30")],
            id="a deadline in a paragraph of its own belongs to the item above",
        ),
        pytest.param(
            (
                *LETTER,
                "**ĐỀ ÁN TRÌNH TRONG THÁNG",
                "1. Đề án du lịch xanh vùng đầm phá (Bộ Y tế chủ trì; 14/11/2026).",
            ),
            [("Đề án du", [YTE], [], "2026-11-14")],
            id="work that is only named, assigned in its bracket",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "- Đến hết năm 2026, Bộ Xây dựng nạo vét kênh; trồng cây; thắp đèn."),
            [("Đến hết năm", [XD], [], "2026-12-31")],
            id="a date in front is that of all clauses",
        ),
        pytest.param(
            (
                "Kính gửi: Bộ Y tế; Bộ Tài chính",
                *LETTER[1:],
                "**NHIỆM VỤ",
                "1. Bộ trưởng Bộ Tài chính yêu cầu các doanh nghiệp bảo hiểm chi trả ngay.",
            ),
            [("Bộ trưởng Bộ", [TC], [], None)],
            id="who is to demand it of others answers for it",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "- Đối với các địa phương, đề nghị rà soát quỹ đất."),
            [("Đối với các", [LOCAL], [], None)],
            id="a body addressed in front",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "“Các bộ phải làm gương”, Bộ trưởng nhấn mạnh."),
            [],
            id="what somebody said is no task",
        ),
        pytest.param(
            (
                *REPORT,
                "**1. Kè sông xuống cấp",
                "Giải pháp:",
                "- Sửa kè đoạn một.",
                "- Trồng tre chắn sóng.",
                "Đơn vị chủ trì: Bộ Xây dựng (giải pháp thứ nhất); Bộ Tài chính (giải pháp thứ hai).",
                "Thời gian hoàn thành: (1) Quý III/2026; (2) trước 31/10/2026.",
            ),
            [("Sửa kè đoạn", [XD], [], "2026-09-30"), ("Trồng tre chắn", [TC], [], "2026-10-31")],
            id="parallel parts that count their items",
        ),
        pytest.param(
            (
                *REPORT,
                "**1. Kè sông xuống cấp",
                "Giải pháp: (1) sửa kè đoạn một; (2) trồng tre chắn sóng.",
                "Đơn vị chủ trì: (1) Bộ Xây dựng; (2) Bộ Tài chính.",
                "Thời gian hoàn thành: Thường xuyên",
            ),
            [("sửa kè đoạn", [XD], [], "recurring"), ("trồng tre chắn", [TC], [], "recurring")],
            id="parallel parts that count clauses",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Lập bản đồ ngập (Bộ Xây dựng chủ trì; Bộ Tài chính phối hợp; Quý II năm 2027).",
            ),
            [("Lập bản đồ", [XD], [TC], "2027-06-30")],
            id="who and when in brackets at the end",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Lập bản đồ ngập (tỷ lệ 1/10.000)."),
            [("Lập bản đồ", [], [], None)],
            id="brackets that say anything else",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Lập bản đồ ngập. Nhiệm vụ này giao Bộ Xây dựng chủ trì, thời hạn trước ngày 30/6/2027.",
            ),
            [("Lập bản đồ", [XD], [], "2027-06-30")],
            id="a sentence that only says who does it",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Về kho bãi, trong quý III/2026, Bộ Xây dựng: (1) rà soát kho lạnh cũ; (2) sửa kho lạnh mới.",
            ),
            [("rà soát kho", [XD], [], "2026-09-30"), ("sửa kho lạnh", [XD], [], "2026-09-30")],
            id="a date before clauses is that of each",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Bộ Xây dựng lập kế hoạch sửa đê. Trong đó lưu ý:",
                "- Sửa đoạn xung yếu trước.",
            ),
            [("Bộ Xây dựng", [XD], [], None), ("Sửa đoạn xung", [XD], [], None)],
            id="an item that tells and introduces",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "1. Bộ Xây dựng kiểm tra đê trước 30/6/2026, còn Bộ Tài chính phải cấp vốn.",
            ),
            [("Bộ Xây dựng", [XD], [], "2026-06-30"), ("Bộ Tài chính", [TC], [], None)],
            id="another body's clause behind còn",
        ),
        pytest.param(
            (
                *LETTER,
                "**IV. Về tình hình sửa đê",
                "Đến nay còn 3 đoạn chưa sửa. Bộ Xây dựng báo cáo kết quả trước ngày 30/6/2026.",
            ),
            [("Bộ Xây dựng", [XD], [], "2026-06-30")],
            id="a dated duty amid an account",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Điều tra, lập cơ sở dữ liệu", "1.1. Bộ Xây dựng đánh giá các hồ lớn."),
            [("Bộ Xây dựng", [XD], [], None)],
            id="a subject of duties is no evaluation",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "- Phấn đấu đến năm 2030: tỷ lệ kênh được nạo vét đạt trên 90%.",
                "- Kiến nghị lùi thời hạn là không phù hợp với quy định.",
                "- Bao giờ kênh Đông thông dòng?",
                "- Qua hơn ba năm thực hiện Chỉ thị, việc nạo vét kênh có chuyển biến.",
            ),
            [],
            id="aims, judgements, questions, and what was seen",
        ),
        pytest.param(
            (
                *LETTER,
                "**1. Đề nghị các bộ, ngành",
                "a) Bộ Xây dựng khẩn trương làm hai việc, đều xong trong tháng 6/2026: (1) rà soát quy hoạch; "
                "(2) lập danh mục các dự án.",
                "b) Bộ Tài chính thì (1) bố trí vốn cho năm 2026, (2) hướng dẫn quyết toán công trình.",
            ),
            [
                ("rà soát quy", [XD], [], "2026-06-30"),
                ("lập danh mục", [XD], [], "2026-06-30"),
                ("bố trí vốn", [TC], [], None),
                ("hướng dẫn quyết", [TC], [], None),
            ],
            id="who is told before numbered clauses, under a class",
        ),
        pytest.param(
            (
                *LETTER,
                "Đối với các bộ quản lý dữ liệu (Y tế, Nội vụ), đề nghị Phó Thủ tướng yêu cầu: (1) mở giao diện "
                "trả dữ liệu; (2) công khai tỷ lệ lỗi.",
            ),
            [("mở giao diện", [YTE, NV], [], None), ("công khai tỷ", [YTE, NV], [], None)],
            id="bodies in brackets that a phrase in front addresses",
        ),
        pytest.param(
            (
                *LETTER,
                "Kính gửi: Ủy ban nhân dân tỉnh Cà Mau.",
                "Về việc này, Bộ Y tế có ý kiến như sau:",
                "1. Đề nghị Ủy ban nhân dân Tỉnh bổ sung hồ sơ còn thiếu.",
                "2. Rà soát lại việc phân loại đối tượng.",
            ),
            [("Đề nghị Ủy", ["Tỉnh Cà Mau"], [], None), ("Rà soát lại", ["Tỉnh Cà Mau"], [], None)],
            id="who gives an opinion is not who acts",
        ),
        pytest.param(
            (*LETTER, "**II. NHIỆM VỤ", "1. Bộ Xây dựng", "- Rà soát quy hoạch.", "Cục Hạ tầng kỹ thuật"),
            [("Rà soát quy", [XD], [], None)],
            id="a body's name and nothing else",
        ),
        pytest.param(
            (
                *REPORT,
                "**I. VƯỚNG MẮC",
                "Hướng xử lý.",
                "- Xây mới ba kho thuốc;",
                "- Tuyển thêm mười dược sĩ.",
                "Đầu mối. Lần lượt là Bộ Xây dựng; Bộ Nội vụ.",
                "Mốc hoàn thành. Tương ứng: 31/12/2026; quý II/2027.",
                "Hướng xử lý. Bố trí vốn cho hai dự án.",
                "Đầu mối. Bộ Tài chính.",
                "Mốc hoàn thành. Trong tháng 01 năm 2027.",
            ),
            [
                ("Xây mới ba", [XD], [], "2026-12-31"),
                ("Tuyển thêm mười", [NV], [], "2027-06-30"),
                ("Bố trí vốn", [TC], [], "2027-01-31"),
            ],
            id="parts in the letter's own words, in the order of the items",
        ),
        pytest.param(
            (*LETTER, "Trân trọng./."),
            [],
            id="courtesy is no task",
        ),
        pytest.param(
            (
                "Sáng 3/3/2026, Phó Thủ tướng chủ trì hội nghị.",
                "Phó Thủ tướng giao Bộ Tài chính phối hợp với Bộ Nội vụ hoàn thuế trước ngày 31/3/2026. "
                "Bộ cũng phải ban hành định mức, chậm nhất ngày 15/4/2026.",
                "“Trong tháng 4/2026, Bộ Xây dựng phải sửa xong mặt cầu cũ”, đồng chí Phó Thủ tướng nhấn mạnh.",
            ),
            [
                ("Phó Thủ tướng", [TC], [NV], "2026-03-31"),
                ("Bộ cũng phải", [TC], [], "2026-04-15"),
                ("“Trong tháng 4/2026,", [XD], [], "2026-04-30"),
            ],
            id="Bộ alone is the one that was told before; words quoted of a comrade",
        ),
        pytest.param(
            (
                "Sáng 3/3/2026, Phó Thủ tướng chủ trì hội nghị.",
                "Phó Thủ tướng yêu cầu các địa phương thống kê số hộ. "
                "Chậm nhất ngày 12/4/2026 (tức 25 tháng Hai), các địa phương này phải chi trả xong.",
            ),
            [
                ("Phó Thủ tướng", ["Các địa phương"], [], None),
                ("Chậm nhất ngày", ["Các địa phương"], [], "2026-04-12"),
            ],
            id="the day in another calendar in brackets",
        ),
        pytest.param(
            (
                *LETTER,
                "**1. Bộ Y tế",
                "- Đề xuất Chính phủ chính sách đối với trạm y tế.",
                "- Yêu cầu các địa phương không để thiếu thuốc.",
            ),
            [("Đề xuất Chính", [YTE], [], None), ("Yêu cầu các", [YTE], [], None)],
            id="the body of the label proposes, and demands of others",
        ),
        pytest.param(
            (
                *LETTER,
                "**1. Về tình hình tháng 01 và nhiệm vụ tháng 02",
                "Giá cả còn tăng.",
                "Bộ Tài chính yêu cầu các bộ theo thẩm quyền tập trung thực hiện:",
                "a) Bắt tay vào việc, không chờ đợi.",
            ),
            [("Bắt tay vào", ["Các bộ, ngành"], [], None)],
            id="an order turns what stands under a heading of the situation",
        ),
        pytest.param(
            (
                *LETTER,
                "**II. NHIỆM VỤ",
                "- Bộ Xây dựng duy trì trực ban; hoàn thành bàn giao nhà ở; Bộ Y tế nắm chắc tình hình dịch bệnh.",
            ),
            [("Bộ Xây dựng", [XD], [], None), ("Bộ Y tế", [YTE], [], None)],
            id="another body after a clause that names none",
        ),
    ],
)
def test_items(items: tuple[str, ...], expected: list[Row]) -> None:
    assert short(tasks(*items)) == expected


HEAD = ("TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(
            (*REPORT, [HEAD, ("1", "Lát lại mặt cầu", "Xây dựng", "Bộ Tài chính", "30/9/2026")]),
            [("Lát lại mặt", [XD], [TC], "2026-09-30")],
            id="each field from its column, the ministry's name without Bộ",
        ),
        pytest.param(
            (
                *REPORT,
                [HEAD, ("1", "Lát mặt cầu, hoàn thành trước ngày 1/8/2026", "Bộ Xây dựng", "", "30/9/2026")],
            ),
            [("Lát mặt cầu,", [XD], [], "2026-09-30")],
            id="the deadline column wins",
        ),
        pytest.param(
            (
                *REPORT,
                [
                    ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn theo Kế hoạch 12", "Gia hạn đến"),
                    ("1", "Lát lại mặt cầu", "Bộ Xây dựng", "30/6/2026", "30/9/2026"),
                    ("2", "Sơn lan can", "Bộ Xây dựng", "31/7/2026", ""),
                ],
            ),
            [("Lát lại mặt", [XD], [], "2026-09-30"), ("Sơn lan can", [XD], [], "2026-07-31")],
            id="of two columns of deadlines the one set anew, where it is filled",
        ),
        pytest.param(
            (*REPORT, [HEAD, ("1", "Lát mặt cầu, hoàn thành trước ngày 1/8/2026", "Bộ Xây dựng", "", "")]),
            [("Lát mặt cầu,", [XD], [], "2026-08-01")],
            id="an empty cell lets the text speak",
        ),
        pytest.param(
            (*REPORT, "**b) Nhiệm vụ tháng 10/2026:", [HEAD[:3], ("1", "Sơn lại lan can", "Bộ Xây dựng")]),
            [("Sơn lại lan", [XD], [], "2026-10-31")],
            id="the heading above the table sets the deadline",
        ),
        pytest.param(
            (
                *REPORT,
                [HEAD, ("1", "Một việc", "Bộ Y tế", "", "30/9/2026"), ("2", "Hai việc", "Bộ Y tế", "", "-nt-")],
            ),
            [("Một việc", [YTE], [], "2026-09-30"), ("Hai việc", [YTE], [], "2026-09-30")],
            id="như trên repeats the deadline above",
        ),
        pytest.param(
            (*REPORT, [HEAD, ("1", "Phối hợp với Bộ Nội vụ tuyển người", "Bộ Y tế", "", "")]),
            [("Phối hợp với", [YTE], [NV], None)],
            id="who cooperates may stand in the task",
        ),
    ],
)
def test_tables(items: tuple[str | list[tuple[str, ...]], ...], expected: list[Row]) -> None:
    assert short(tasks(*items)) == expected


@pytest.mark.parametrize(
    ("items", "modality"),
    [
        (("**III. KIẾN NGHỊ", "Bộ Y tế đề nghị Thủ tướng Chính phủ giao:", "- Bộ Tài chính cấp vốn."), "proposed"),
        (("**III. KIẾN NGHỊ", "- Đề xuất Thủ tướng Chính phủ giao Bộ Tài chính cấp vốn."), "proposed"),
        # a request straight to the body is no proposal
        (("**III. KIẾN NGHỊ", "- Bộ Y tế đề nghị Bộ Tài chính cấp vốn."), "assigned"),
        (("**III. NHIỆM VỤ", "- Giao Bộ Tài chính cấp vốn."), "assigned"),
        # a heading asks bodies themselves; near miss: it asks somebody above them
        (("**III. Đề nghị các bộ, ngành", "- Bộ Tài chính: cấp vốn cho các kho."), "assigned"),
        (("**III. Đề nghị Chính phủ", "- Giao Bộ Tài chính cấp vốn."), "proposed"),
        # several superiors asked at once
        (("Kiến nghị Thủ tướng, Phó Thủ tướng Thường trực:", "- Yêu cầu Bộ Tài chính cấp vốn."), "proposed"),
        (("**IV. NỘI DUNG XIN Ý KIẾN", "- Giao Bộ Tài chính cấp vốn."), "proposed"),
    ],
)
def test_modality(items: tuple[str, ...], modality: str) -> None:
    (task,) = tasks(*REPORT, *items)
    assert (task.modality, [lead.name for lead in task.leads]) == (modality, [TC])


@pytest.mark.parametrize(
    ("items", "assigned_by"),
    [
        (("Thủ tướng Chính phủ yêu cầu:", "1. Bộ Tài chính cấp vốn."), "Thủ tướng Chính phủ"),
        (("**II. VIỆC", "1. Phó Thủ tướng giao Bộ Tài chính cấp vốn."), "Phó Thủ tướng"),
        (("**II. VIỆC", "1. Giao Bộ Tài chính cấp vốn."), None),
        # who is asked to give the order has not given it
        (("**II. VIỆC", "1. Đề nghị Thủ tướng Chính phủ giao Bộ Tài chính cấp vốn."), None),
    ],
)
def test_who_gives_the_order(items: tuple[str, ...], assigned_by: str | None) -> None:
    (task,) = tasks(*LETTER, *items)
    assert task.assigned_by == assigned_by


def test_places_point_at_the_evidence() -> None:
    text = "Giao Bộ Tài chính cấp vốn trước ngày 30/5/2026."
    given = document(*LETTER, f"1. {text}")
    (task,) = extract(given).tasks
    by_field = {place.field: place for place in task.places}
    assert text[by_field["lead"].start : by_field["lead"].end] == TC
    assert text[by_field["deadline"].start : by_field["deadline"].end] == "trước ngày 30/5/2026"
    assert (by_field["text"].block, by_field["text"].start, by_field["text"].end) == (len(LETTER), 0, len(text))


def test_places_on_paper_are_one_box_a_line() -> None:
    lines = ("Giao Bộ Tài chính cấp vốn", "cho các dự án cấp bách.")
    words = tuple(
        Word(word, Box(90 + 60 * x, 100 + 17 * y, 140 + 60 * x, 113 + 17 * y), None, "Serif", 13.0)
        for y, line in enumerate(lines)
        for x, word in enumerate(line.split())
    )
    found = extract(Document("x", "application/pdf", "0", (Page(1, 595, 842, "text_layer", words),)))
    (task,) = found.tasks
    boxes = [place.box for place in task.places if place.field == "text"]
    assert [box.top for box in boxes if box] == [100, 117]
    assert all(place.page == 1 for place in task.places)


def test_what_concerns_the_office() -> None:
    office = Office(own_bodies=(OwnBody("Bộ Tài chính"),))
    found = extract(
        document(*LETTER, "**NHIỆM VỤ", "1. Bộ Tài chính cấp vốn.", "2. Bộ Nội vụ giao biên chế."), office
    )
    assert [task.concerns_us for task in found.tasks] == ["named", "no"]


def test_a_letter_without_a_date_is_read_as_of_the_reference() -> None:
    given = document("**NHIỆM VỤ", "- Giao Bộ Tài chính cấp vốn trước ngày 30/5.")
    (task,) = extract(given, reference=datetime.date(2026, 4, 1)).tasks
    assert task.deadline.date == datetime.date(2026, 5, 30)


def test_extraction_is_deterministic() -> None:
    given = document(
        *LETTER, "**NHIỆM VỤ", "1. Bộ Tài chính, Bộ Nội vụ rà soát.", [HEAD, ("1", "Họp", "Bộ Y tế", "", "")]
    )
    assert extract(given) == extract(given)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "Bộ Y tế, " * 3000,
        "(1) rà soát; " * 2000,
        "giao Bộ Y tế giao Bộ Y tế đã " * 1000,
        "trước ngày " * 5000,
        "A. " * 5000,
        "- " * 5000,
    ],
)
def test_hostile_text_is_read(text: str) -> None:
    extract(document(text))


def test_what_a_table_says_of_progress_is_kept() -> None:
    header = ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Tình hình thực hiện")
    rows = [
        header,
        ("1", "Sửa chữa trạm bơm tiêu úng Gò Mả trước mùa mưa", "Sở Xây dựng", "30/6/2026", "Đạt 70%"),
        ("2", "Nạo vét kênh dẫn vào trạm bơm tiêu úng Bến Thóc", "Sở Xây dựng", "31/7/2026", ""),
    ]
    assert [task.progress for task in tasks("II. Nhiệm vụ trọng tâm", rows)] == ["Đạt 70%", None]
    # the deadline's own column is none of progress
    dated = [("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Tiến độ"), *(row[:4] for row in rows[1:])]
    assert [task.progress for task in tasks("II. Nhiệm vụ trọng tâm", dated)] == [None, None]


@pytest.mark.parametrize(
    ("day", "state", "progress"),
    [
        ("12/4/2026", "Hoàn thành", "Hoàn thành ngày 12/4/2026"),
        ("12/4/2026", "", "hoàn thành ngày 12/4/2026"),
        ("12/4/2026", "Đã trình Chính phủ", "Đã trình Chính phủ; hoàn thành ngày 12/4/2026"),
        # no day, one to come, or one beside what is not done: nothing is said of when it was
        ("", "Hoàn thành", "Hoàn thành"),
        ("12/8/2026", "Hoàn thành", "Hoàn thành"),
        ("12/4/2026", "Đang thực hiện", "Đang thực hiện"),
    ],
)
def test_the_day_when_it_was_done_is_told_with_progress(day: str, state: str, progress: str) -> None:
    header = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Ngày hoàn thành", "Tình trạng")
    work = "Sửa chữa trạm bơm tiêu úng Gò Mả trước mùa mưa"
    (task,) = tasks(*HEAD, [header, ("1", work, "Bộ Xây dựng", "30/6/2026", day, state)])
    assert task.progress == progress
    assert task.deadline.date == datetime.date(2026, 6, 30)


HEAD = ("Số: 95/BC-VP", "Hà Nội, ngày 05 tháng 5 năm 2026", "**BÁO CÁO", "**Tình hình thực hiện nhiệm vụ")
TABLE = ("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn")


@pytest.mark.parametrize(
    ("issuer", "cell", "said", "expected"),
    [
        # a unit of the ministry the letter is from
        ("**BỘ Y TẾ", "Cục QLD", "", "Cục Quản lý Dược"),
        ("**BỘ NỘI VỤ", "Cục QLD", "", "Cục QLD"),
        # as the letter itself writes it elsewhere
        ("**SỞ Y TẾ TỈNH LÀO CAI", "VNPT Lào Cai", "Giao Viễn thông Lào Cai rà soát cáp.", "Viễn thông Lào Cai"),
        ("**SỞ Y TẾ TỈNH LÀO CAI", "VNPT Lào Cai", "Giao Viễn thông Sơn La rà soát cáp.", "VNPT Lào Cai"),
        (
            "**ỦY BAN NHÂN DÂN TỈNH LÀO CAI",
            "Xã Bảo Hà",
            "Giao UBND xã Bảo Hà cắm biển cảnh báo.",
            "Ủy ban nhân dân xã Bảo Hà",
        ),
        ("**ỦY BAN NHÂN DÂN TỈNH LÀO CAI", "Xã Bảo Hà", "Giao UBND xã Bắc Hà cắm biển cảnh báo.", "Xã Bảo Hà"),
    ],
)
def test_short_forms_of_names(issuer: str, cell: str, said: str, expected: str) -> None:
    rows = [TABLE, ("1", "Rà soát danh mục thiết bị của các trạm", cell, "30/6/2026")]
    found = tasks(issuer, *HEAD, said, "**Nhiệm vụ trọng tâm thời gian tới", rows)
    assert [lead.name for task in found if task.text.startswith("Rà soát danh mục") for lead in task.leads] == [
        expected
    ]


def test_parts_that_say_who_and_when_behind_the_paragraph_that_says_what() -> None:
    found = tasks(
        "**ỦY BAN NHÂN DÂN TỈNH LÀO CAI",
        "Số: 95/KH-UBND",
        "Lào Cai, ngày 05 tháng 5 năm 2026",
        "**KẾ HOẠCH",
        "**Nâng cao chỉ số cải cách hành chính",
        "**III. NHIỆM VỤ TRỌNG TÂM",
        "1. Về công tác kiểm tra",
        "Năm 2025 chỉ có 38 xã được kiểm tra.",
        "Kiểm tra đột xuất kỷ luật công vụ tại ít nhất 70 xã, phường.",
        "Cơ quan chủ trì: Sở Nội vụ.",
        "Cơ quan phối hợp: Thanh tra tỉnh.",
        "Thời gian hoàn thành: Quý III/2026.",
        "2. Về hồ sơ trễ hạn",
        "Giải quyết dứt điểm hồ sơ đất đai quá hạn.",
        "Cơ quan chủ trì: Sở Nông nghiệp và Môi trường.",
        "Thời gian hoàn thành: trước ngày 15/7/2026.",
    )
    assert short(found) == [
        ("Kiểm tra đột", ["Sở Nội vụ"], ["Thanh tra tỉnh"], "2026-09-30"),
        ("Giải quyết dứt", ["Sở Nông nghiệp và Môi trường"], [], "2026-07-15"),
    ]


def test_flaws_named_by_a_heading_are_no_tasks() -> None:
    head = (
        "**TỈNH ỦY LÀO CAI",
        "Số 95-TB/TU",
        "Lào Cai, ngày 05 tháng 5 năm 2026",
        "**THÔNG BÁO",
        "**kết luận kiểm tra",
    )
    said = "Ban Thường vụ Tỉnh ủy thống nhất kết luận như sau:"
    found = tasks(
        *head,
        said,
        "**II- HẠN CHẾ, KHUYẾT ĐIỂM",
        "Đảng ủy xã Bảo Hà để hai điểm phục vụ không có đường truyền dự phòng.",
        "**III- YÊU CẦU",
        "Đảng ủy xã Bảo Hà kiểm điểm trách nhiệm trước ngày 20/5/2026.",
    )
    assert [row[0] for row in short(found)] == ["Đảng ủy xã"]
    assert found[0].deadline.date == datetime.date(2026, 5, 20)


def test_a_task_whose_cell_runs_over_the_column_of_leads_has_those_of_the_row_above() -> None:
    # As where a merged cell of leads is broken by the end of a page.
    head = ("TT", "Cơ quan", "Nhiệm vụ", "Thời hạn", "Tiến độ", "Ghi chú")
    first = ("1", "Bộ Nội vụ", "Giải mã phiên hiệu đơn vị", "31/12/2025", "Xong 5 đơn vị", "")
    second = {0: "2", 1: "Quy tập hài cốt ở Lào, Cam-pu-chia trong mùa khô", 3: "31/5/2026", 4: "Đã quy tập 174"}
    cells = [
        *(
            Cell(r, c, paragraphs=(Paragraph(text),))
            for r, row in enumerate((head, first))
            for c, text in enumerate(row)
        ),
        *(Cell(2, c, column_span=1 + (c == 1), paragraphs=(Paragraph(text),)) for c, text in second.items()),
    ]
    blocks = (*document("**I. Nhiệm vụ").blocks, Grid(3, 6, tuple(cells)))
    found = extract(Document("x", "text/plain", "0", blocks=blocks)).tasks
    assert [lead.name for lead in found[1].leads] == ["Bộ Nội vụ"]
