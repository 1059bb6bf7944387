"""Letterheads in every form they come in: two columns, a table, one line, Party, annex, bad recognition."""

import datetime
import time

import msgspec
import pytest

from extractors import letterhead
from models import Block, Cell, Grid, Letter, Paragraph, Recipient


def blocks(text: str) -> tuple[Block, ...]:
    """Paragraphs from lines: `- ` is a bullet, `1. ` a number, `*` bold, `#` furniture."""
    made: list[Block] = []
    for line in text.strip().splitlines():
        line = line.strip()
        if line.startswith("- "):
            made.append(Paragraph(line[2:], marker="-"))
        elif line[:1].isdigit() and line[1:3] == ". ":
            made.append(Paragraph(line[3:], marker=line[:2]))
        elif line.startswith("*"):
            made.append(Paragraph(line[1:], bold=True, centred=True))
        elif line.startswith("#"):
            made.append(Paragraph(line[1:], role="furniture"))
        else:
            made.append(Paragraph(line))
    return tuple(made)


def table(*rows: tuple[str, ...]) -> Grid:
    """A borderless table; `/` parts the paragraphs of a cell."""
    cells = [
        Cell(r, c, paragraphs=tuple(Paragraph(p.strip()) for p in text.split(" / ")))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return Grid(len(rows), max(len(row) for row in rows), tuple(cells))


LETTER = """
UBND TỈNH SÔNG LAM
SỞ NÔNG NGHIỆP
VÀ MÔI TRƯỜNG
Số: 418/SNNMT-TL
V/v chuẩn bị vật tư chống úng
vụ mùa năm 2025
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Lam, ngày 05 tháng 8 năm 2025
KHẨN
Kính gửi:
- UBND các xã, phường;
- Các trạm bơm: Cầu Đất, Bến Thóc, Gò Mả;
- Công ty Thủy nông Sông Lam.
Trả lời Công văn số 77/UBND-KT ngày 01/8/2025 của UBND xã Bến Thóc, Sở có ý kiến như sau:
1. Các trạm bơm kiểm tra máy theo Phụ lục 2 kèm theo.
2. Các xã lập danh sách vùng trũng trước ngày 20/8/2025./.
Nơi nhận:
- Như trên;
- UBND tỉnh (để báo cáo);
- Lưu: VT, TL.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Trần Văn Lúa
#2
"""


def test_a_state_letter_in_columns() -> None:
    letter = letterhead.read(blocks(LETTER))
    assert msgspec.structs.replace(letter, citations=()) == Letter(
        doc_type="Công văn",
        code_number="418",
        code_notation="SNNMT-TL",
        issued_date=datetime.date(2025, 8, 5),
        place="Sông Lam",
        organ_name="SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
        organ_parent="UBND TỈNH SÔNG LAM",
        subject="V/v chuẩn bị vật tư chống úng vụ mùa năm 2025",
        recipients=(
            Recipient("UBND các xã, phường"),
            Recipient("Các trạm bơm: Cầu Đất, Bến Thóc, Gò Mả"),
            Recipient("Công ty Thủy nông Sông Lam"),
        ),
        copies=(Recipient("Như trên"), Recipient("UBND tỉnh", "để báo cáo"), Recipient("Lưu: VT, TL")),
        signer_position="PHÓ GIÁM ĐỐC",
        signer_full_name="Trần Văn Lúa",
        signer_authority="KT.",
        urgency="KHẨN",
        relations=letter.relations,
        annexes_named=("Phụ lục 2",),
    )
    assert [(r.kind, r.number) for r in letter.relations] == [("replies_to", "77")]
    assert [(c.number, c.block) for c in letter.citations] == [("77", 14)]


def test_its_parts() -> None:
    found = letterhead.parts(blocks(LETTER))
    assert found == letterhead.LetterParts(
        head=tuple(range(10)),
        recipients=(10, 11, 12, 13),
        body=(14, 15, 16),
        copies=(17, 18, 19, 20),
        signature=(21, 22, 23),
        furniture=(24,),
    )


def test_head_and_foot_in_borderless_tables() -> None:
    letter = letterhead.read(
        (
            table(
                (
                    "UBND TỈNH SÔNG LAM / SỞ Y TẾ / Số: 12/QĐ-SYT",
                    "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc",
                ),
                ("", "Sông Lam, ngày 7 tháng 3 năm 2025"),
            ),
            Paragraph("QUYẾT ĐỊNH", bold=True, centred=True),
            Paragraph("Về việc thành lập tổ kiểm tra bếp ăn", bold=True, centred=True),
            Paragraph("GIÁM ĐỐC SỞ Y TẾ"),
            Paragraph("Căn cứ Luật An toàn thực phẩm;"),
            Paragraph("Theo đề nghị của Trưởng phòng Nghiệp vụ."),
            Paragraph("QUYẾT ĐỊNH:", centred=True),
            Paragraph("Thành lập tổ kiểm tra gồm 5 người.", marker="Điều 1."),
            Paragraph("Quyết định này thay thế Quyết định số 9/QĐ-SYT ngày 2/2/2024.", marker="Điều 2."),
            Paragraph("Bãi bỏ Quyết định số 5/QĐ-SYT ngày 3/3/2023.", marker="Điều 3."),
            # what somebody else is to do is no act of this letter
            Paragraph("Phòng Y tế thu hồi Quyết định số 7/QĐ-PYT.", marker="Điều 4."),
            table(("Nơi nhận: / - Như Điều 2; / - Lưu: VT.", "GIÁM ĐỐC / Lê Thị Sen")),
        )
    )
    assert letter.doc_type == "Quyết định"
    assert (letter.code_number, letter.code_notation) == ("12", "QĐ-SYT")
    assert (letter.organ_parent, letter.organ_name) == ("UBND TỈNH SÔNG LAM", "SỞ Y TẾ")
    assert letter.subject == "Về việc thành lập tổ kiểm tra bếp ăn"
    assert letter.issued_date == datetime.date(2025, 3, 7)
    assert [r.name for r in letter.copies] == ["Như Điều 2", "Lưu: VT"]
    assert (letter.signer_position, letter.signer_full_name) == ("GIÁM ĐỐC", "Lê Thị Sen")
    assert [(r.kind, r.number) for r in letter.relations] == [("replaces", "9"), ("withdraws", "5")]


def test_columns_run_into_one_line() -> None:
    letter = letterhead.read(
        blocks("""
        BỘ XÂY DỰNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
        Số: 4321/BXD-KHCN Hà Nội, ngày 17 tháng 9 năm 2025
        V/v rà soát định mức
        Kính gửi: Sở Xây dựng các tỉnh.
        Bộ đề nghị các Sở gửi định mức trước ngày 30/9/2025.
        Nơi nhận: TL. BỘ TRƯỞNG
        - Như trên; VỤ TRƯỞNG
        - Lưu: VT.
        Phạm Đình Gạch
        """)
    )
    assert letter.organ_name == "BỘ XÂY DỰNG"
    assert (letter.code_number, letter.code_notation) == ("4321", "BXD-KHCN")
    assert (letter.issued_date, letter.place) == (datetime.date(2025, 9, 17), "Hà Nội")
    assert letter.recipients == (Recipient("Sở Xây dựng các tỉnh"),)
    assert (letter.signer_authority, letter.signer_position, letter.signer_full_name) == (
        "TL.",
        "VỤ TRƯỞNG",
        "Phạm Đình Gạch",
    )


def test_a_party_letter() -> None:
    letter = letterhead.read(
        blocks("""
        TỈNH ỦY SÔNG LAM
        *
        Số 36-KH/TU
        ĐẢNG CỘNG SẢN VIỆT NAM
        Sông Lam, ngày 01-10-2025
        *KẾ HOẠCH
        *học tập chuyên đề quý IV
        I- Mục đích của đợt học tập là nâng cao nhận thức.
        T/M BAN THƯỜNG VỤ
        """)
    )
    assert letter.doc_type == "Kế hoạch"
    assert (letter.code_number, letter.code_notation) == ("36", "KH/TU")
    assert letter.organ_name == "TỈNH ỦY SÔNG LAM"
    assert letter.issued_date == datetime.date(2025, 10, 1)
    assert letter.subject == "học tập chuyên đề quý IV"


def test_bad_recognition() -> None:
    letter = letterhead.read(
        blocks("""
        SỞ CÔNG THƯƠNG CỘNG HÕA XÃ HỘI CHU NGHĨA VIỆT NAM
        Độc lâp - Tự do - Hanh phúc
        Sô: 55 /SCT - QLTM
        Sông Lam, ngay 3 thang 6 nam 2025
        V/v mở phiên chợ
        Kinh gửi: UBND xã Gò Mả.
        Sở đề nghị xã bố trí mặt bằng.
        """)
    )
    assert (letter.organ_name, letter.code_number, letter.code_notation) == ("SỞ CÔNG THƯƠNG", "55", "SCT-QLTM")
    assert (letter.issued_date, letter.place) == (datetime.date(2025, 6, 3), "Sông Lam")
    assert letter.recipients == (Recipient("UBND xã Gò Mả"),)


def test_rules_read_as_letters() -> None:
    found = blocks("""
        _ UBND TỈNH SÔNG LAM - _
        Số: 40/UBND-NC
        V/v bầu trưởng thôn -
        Kính gửi: UBND các xã.
    """)
    letter = letterhead.read(found)
    assert (letter.organ_name, letter.subject) == ("UBND TỈNH SÔNG LAM", "V/v bầu trưởng thôn")


def test_a_number_and_a_day_left_blank() -> None:
    letter = letterhead.read(
        blocks("""
        BỘ NỘI VỤ
        Số:       /QĐ-BNV
        Hà Nội, ngày      tháng 5 năm 2025
        *QUYẾT ĐỊNH
        *Về việc điều động cán bộ
        """)
    )
    assert (letter.code_number, letter.code_notation, letter.issued_date) == (None, "QĐ-BNV", None)
    assert letter.unknown["code_number"] == "blank_number"
    assert letter.unknown["issued_date"] == "blank_day"


def test_the_incoming_stamp() -> None:
    found = blocks("""
        Số: 40/STP-HC
        UBND XÃ GÒ MẢ
        Số: 3187 ĐẾN Ngày: 26/9 Chuyển:.....
        Số và ký hiệu HS:.....
        Sông Lam, ngày 21 tháng 9 năm 2025
        Kính gửi: UBND các xã.
        Sở đề nghị các xã gửi danh sách hòa giải viên.
    """)
    letter = letterhead.read(found)
    assert (letter.arrival_number, letter.arrival_date) == ("3187", datetime.date(2025, 9, 26))
    assert letter.code_number == "40"
    assert letter.organ_name is None
    assert letterhead.parts(found).stamp == (1, 2, 3)


def test_a_stamp_of_the_next_year() -> None:
    letter = letterhead.read(
        blocks("""
        Số: 40/STP-HC
        ĐẾN Ngày: 03/1
        Sông Lam, ngày 30 tháng 12 năm 2025
        Kính gửi: UBND các xã.
        """)
    )
    assert letter.arrival_date == datetime.date(2026, 1, 3)


def test_an_annex_names_its_letter() -> None:
    letter = letterhead.read(
        blocks("""
        *PHỤ LỤC 01
        *DANH MỤC CÔNG TRÌNH CẦN SỬA CHỮA
        *(Kèm theo Kế hoạch số 64/KH-SXD ngày 06 tháng 6 năm 2025 của Sở Xây dựng)
        1. Kè Bến Thóc.
        """)
    )
    assert (letter.code_number, letter.code_notation, letter.doc_type) == ("64", "KH-SXD", "Kế hoạch")
    assert (letter.issued_date, letter.organ_name) == (datetime.date(2025, 6, 6), "Sở Xây dựng")
    assert [r.kind for r in letter.relations] == ["annex_of"]


def test_a_text_without_letterhead_is_all_body() -> None:
    news = blocks("""
        Chủ tịch xã yêu cầu các thôn dọn mương trước mùa mưa
        Sáng 3/5, tại nhà văn hóa xã, ông nói về việc dọn mương.
        - Thôn Đông dọn đoạn đầu;
        - Thôn Đoài dọn đoạn cuối.
    """)
    assert letterhead.parts(news) == letterhead.LetterParts(body=(0, 1, 2, 3))
    letter = letterhead.read(news)
    assert letter.doc_type is None
    assert letter.unknown["code_number"] == "not_found"


def test_a_legal_portal_puts_its_own_words_above_the_letter() -> None:
    page = (
        *blocks("""
            Trang chủ › Văn bản › Nông nghiệp
            Nghị quyết số 12/NQ-HĐND của xã Bến Thóc
            - Tóm tắt
            Theo Nghị quyết, thôn Đông nạo vét mương trước ngày 30/4/2026.
        """),
        table(
            ("HỘI ĐỒNG NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("Số: 12/NQ-HĐND", "Bến Thóc, ngày 02 tháng 3 năm 2026"),
        ),
        *blocks("""
            *NGHỊ QUYẾT
            *Về việc nạo vét mương
            Thôn Đông nạo vét mương trước ngày 30/4/2026.
        """),
    )
    found = letterhead.parts(page)
    assert (found.furniture, found.body) == ((0, 1, 2, 3), (7,))
    assert letterhead.read(page).issued_date == datetime.date(2026, 3, 2)


def test_a_data_table_is_body() -> None:
    rows = tuple((str(n), f"Việc {n}", "Thôn Đông") for n in range(6))
    assert letterhead.parts((table(("STT", "Nhiệm vụ", "Đơn vị"), *rows),)).body == (0,)


def test_an_order_that_begins_with_its_ground_is_body() -> None:
    found = letterhead.parts(
        blocks("""
        Số: 40/STP-HC
        Sông Lam, ngày 21 tháng 9 năm 2025
        Kính gửi: UBND các xã.
        Căn cứ Luật Hòa giải ở cơ sở, Sở đề nghị các xã gửi danh sách trước ngày 30/9/2025.
        """)
    )
    assert found.body == (3,)
    assert found.basis == ()


def test_an_annex_after_the_signature_is_body() -> None:
    found = letterhead.parts(blocks(LETTER) + blocks("*PHỤ LỤC 2\n*DANH SÁCH TRẠM BƠM\n1. Trạm Cầu Đất sửa van."))
    assert found.body == (14, 15, 16, 25, 26, 27)


@pytest.mark.parametrize(
    ("signature", "position", "name", "authority"),
    [
        ("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nĐỗ Thị Mận", "PHÓ CHỦ TỊCH", "Đỗ Thị Mận", "KT."),
        ("TM. TỔ CÔNG TÁC\nTỔ TRƯỞNG\nThiếu tướng Vũ Bá Tre", "TỔ TRƯỞNG", "Thiếu tướng Vũ Bá Tre", "TM."),
        ("TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG\nHồ Quang Sậy", "CHÁNH VĂN PHÒNG", "Hồ Quang Sậy", "TL."),
        ("TUQ. BỘ TRƯỞNG\nCỤC TRƯỞNG\nNgô Đức Nứa", "CỤC TRƯỞNG", "Ngô Đức Nứa", "TUQ."),
        ("Q. CHỦ TỊCH\nMai Văn Trúc", "Q. CHỦ TỊCH", "Mai Văn Trúc", "Q."),
        ("BỘ TRƯỞNG\nĐinh Thị Lau", "BỘ TRƯỞNG", "Đinh Thị Lau", None),
        ("GIÁM ĐỐC", "GIÁM ĐỐC", None, None),
    ],
)
def test_signers(signature: str, position: str, name: str | None, authority: str | None) -> None:
    letter = letterhead.read(
        blocks(f"Số: 1/ABC-D\nKính gửi: UBND các xã.\nSở đề nghị.\nNơi nhận:\n- Như trên.\n{signature}")
    )
    assert (letter.signer_position, letter.signer_full_name, letter.signer_authority) == (
        position,
        name,
        authority,
    )


@pytest.mark.parametrize(
    ("line", "urgency"),
    [
        ("KHẨN", "KHẨN"),
        ("THƯỢNG KHẨN", "THƯỢNG KHẨN"),
        ("HỎA TỐC", "HỎA TỐC"),
        ("HOẢ TỐC", "HỎA TỐC"),
        # as a scan is read
        ("HÒA TỐC", "HỎA TỐC"),
        ("HỎA TỐC HẸN GIỜ", "HỎA TỐC HẸN GIỜ"),
        # a word of a sentence is no mark
        ("KHẨN TRƯƠNG THỰC HIỆN", None),
    ],
)
def test_urgency(line: str, urgency: str | None) -> None:
    assert letterhead.read(blocks(f"Số: 1/ABC-D\n{line}\nKính gửi: UBND các xã.")).urgency == urgency


@pytest.mark.parametrize(
    ("addressed", "names"),
    [
        ("Kính gửi: Sở Tài chính.", ["Sở Tài chính"]),
        ("Kính gửi: Sở Tài chính; Sở Nội vụ;\nKho bạc tỉnh.", ["Sở Tài chính", "Sở Nội vụ", "Kho bạc tỉnh"]),
        ("Kính gửi:\nUBND các xã, phường", ["UBND các xã, phường"]),
        ("Kính gửi: - Các Sở: Y tế, Nội vụ;\n- UBND các xã.", ["Các Sở: Y tế, Nội vụ", "UBND các xã"]),
        # the list of the body is not the list of recipients
        ("Kính gửi: UBND các xã.\nSở đề nghị:\n- Dọn kênh;\n- Vá đường.", ["UBND các xã"]),
    ],
)
def test_recipients(addressed: str, names: list[str]) -> None:
    letter = letterhead.read(blocks(f"Số: 1/ABC-D\n{addressed}\nThời gian qua các xã đã làm tốt. Sở biểu dương."))
    assert [r.name for r in letter.recipients] == names


def test_a_subject_that_goes_on_with_a_symbol_hides_no_date() -> None:
    letter = letterhead.read(
        blocks(
            "ỦY BAN NHÂN DÂN TỈNH GIA LAI\nSố: 2290/UBND-KGVX V/v đôn đốc thực hiện Kế hoạch số\n61/KH-UBND\n"
            "KHẨN\n"
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            "Gia Lai, ngày 18 tháng 5 năm 2026\nKính gửi: Sở Y tế.\nQua theo dõi, nhiều nhiệm vụ đã quá hạn."
        )
    )
    assert (letter.subject, letter.issued_date) == (
        "đôn đốc thực hiện Kế hoạch số 61/KH-UBND",
        datetime.date(2026, 5, 18),
    )
    assert [r.name for r in letter.recipients] == ["Sở Y tế"]


def test_a_telegram_wired_to_names_that_run_over_the_line() -> None:
    letter = letterhead.read(
        blocks(
            "THỦ TƯỚNG CHÍNH PHỦ\nSố: 61/CĐ-TTg\nHà Nội, ngày 24 tháng 6 năm 2026\nCÔNG ĐIỆN\n"
            "Về việc khắc phục lũ quét\nTHỦ TƯỚNG CHÍNH PHỦ ĐIỆN:\n"
            "- Chủ tịch Ủy ban nhân dân các tỉnh: Điện Biên, Sơn\n"
            "La, Lào Cai và Phú Thọ;\n- Bộ trưởng Bộ Y tế.\nTừ đêm 21, tại miền núi đã có mưa to."
        )
    )
    assert letter.subject == "Về việc khắc phục lũ quét"
    assert [r.name for r in letter.recipients] == [
        "Chủ tịch Ủy ban nhân dân các tỉnh: Điện Biên, Sơn La, Lào Cai và Phú Thọ",
        "Bộ trưởng Bộ Y tế",
    ]


@pytest.mark.parametrize(
    ("lines", "issuer", "kind"),
    [
        # the name goes on under the line it shares with the motto
        (
            "BỘ VĂN HÓA, THỂ THAO CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nVÀ DU LỊCH",
            "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
            "Báo cáo",
        ),
        # a name that holds a type of document
        (
            "TỔ CÔNG TÁC TRIỂN KHAI\nĐỀ ÁN 06 CỦA CHÍNH PHỦ",
            "TỔ CÔNG TÁC TRIỂN KHAI ĐỀ ÁN 06 CỦA CHÍNH PHỦ",
            "Báo cáo",
        ),
        # near miss: the motto alone
        ("BỘ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BỘ Y TẾ", "Báo cáo"),
    ],
)
def test_an_issuer_over_two_lines(lines: str, issuer: str, kind: str) -> None:
    letter = letterhead.read(
        blocks(f"{lines}\nSố: 88/BC-TCT\nHà Nội, ngày 17 tháng 10 năm 2025\nBÁO CÁO\nVướng mắc\nĐến nay đã xong.")
    )
    assert (letter.organ_name, letter.doc_type) == (issuer, kind)


def test_a_telegram_lists_its_recipients_without_saying_so() -> None:
    letter = letterhead.read(
        blocks(
            "THỦ TƯỚNG CHÍNH PHỦ\nSố: 13/CĐ-TTg\nHà Nội, ngày 28 tháng 01 năm 2026\nCÔNG ĐIỆN\n"
            "Về việc ứng phó xâm nhập mặn\n- Bộ trưởng các Bộ: Y tế, Công Thương;\n"
            "- Chủ tịch Ủy ban nhân dân các tỉnh: Vĩnh Long, Cà Mau.\nTheo bản tin, mặn vào sâu 52 km."
        )
    )
    assert [r.name for r in letter.recipients] == [
        "Bộ trưởng các Bộ: Y tế, Công Thương",
        "Chủ tịch Ủy ban nhân dân các tỉnh: Vĩnh Long, Cà Mau",
    ]


@pytest.mark.parametrize(
    "line", ["Căn cứ Luật A;", "V/v A", "- A;", "UBND TỈNH A", "Số: 1/A-B", "Kính gửi: A;", "TM. A"]
)
def test_hostile_text_costs_linear_work(line: str) -> None:
    def once(lines: int) -> float:
        started = time.process_time()
        letterhead.read(blocks((line + "\n") * lines))
        return time.process_time() - started

    def cost(lines: int) -> float:
        # The least of a few runs: the others had something else going on beside them.
        return min(once(lines) for _ in range(4))

    # Four times the lines; a quadratic rule would cost sixteen times.
    assert cost(4_000) < 9 * max(cost(1_000), 0.02)


@pytest.mark.parametrize(
    ("put", "is_draft"),
    [
        # alone on its line, above the letterhead or below it
        ("DỰ THẢO\n{letter}", True),
        ("{letter}", False),
        # with its number, its day, in brackets
        ("(Dự thảo lần 2)\n{letter}", True),
        ("DỰ THẢO 3 - ngày 12/8/2025\n{letter}", True),
        # in the running head of the page
        ("#DỰ THẢO\n{letter}", True),
        # a draft that the letter encloses
        ("{letter}\nDỰ THẢO\nKẾ HOẠCH", False),
        # a letter about a draft
        ("Dự thảo Nghị quyết về thủy lợi\n{letter}", False),
    ],
)
def test_a_draft_is_told_by_the_mark_at_its_head(put: str, is_draft: bool) -> None:
    assert letterhead.read(blocks(put.format(letter=LETTER.strip()))).is_draft is is_draft


def test_a_draft_s_mark_in_the_table_of_its_letterhead() -> None:
    head = table(
        (
            "SỞ XÂY DỰNG / Số:     /KH-SXD / DỰ THẢO",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc",
        )
    )
    body = blocks(
        "*KẾ HOẠCH\n*Kiểm tra cầu treo năm 2026\n1. Phòng Hạ tầng lập danh sách cầu treo trước ngày 30/6/2026."
    )
    assert letterhead.read((head, *body)).is_draft


@pytest.mark.parametrize(
    ("lines", "day", "place"),
    [
        # a document's day in the subject beside the number, before the other column
        (
            """Số: 87/UBND-VX V/v lùi thời hạn một số việc tại Kế hoạch số 12/KH-UBND ngày 24/9/2025
            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
            Độc lập - Tự do - Hạnh phúc
            Sông Lam, ngày 27 tháng 02 năm 2026""",
            datetime.date(2026, 2, 27),
            "Sông Lam",
        ),
        # that of one named on a line of its own
        (
            """Số: 87/UBND-VX
            V/v lùi thời hạn một số việc tại
            Kế hoạch ngày 24/9/2025
            Sông Lam, ngày 27 tháng 02 năm 2026""",
            datetime.date(2026, 2, 27),
            "Sông Lam",
        ),
        # both columns on one line, with and without a subject
        (
            "Số: 87/UBND-VX V/v trực Tết nguyên đán Sông Lam, ngày 27 tháng 01 năm 2026",
            datetime.date(2026, 1, 27),
            "Sông Lam",
        ),
        ("Số: 87/UBND-VX Sông Lam, ngày 27 tháng 01 năm 2026", datetime.date(2026, 1, 27), "Sông Lam"),
        # in the subject only: no day of the letter
        ("Số: 87/UBND-VX V/v lùi thời hạn tại Kế hoạch số 12/KH-UBND ngày 24/9/2025", None, None),
        ("Số: 87/UBND-VX V/v thực hiện kết luận của Thường trực ngày 24/9/2025", None, None),
    ],
)
def test_the_day_of_a_letter_is_none_of_its_subject(
    lines: str, day: datetime.date | None, place: str | None
) -> None:
    letter = letterhead.read(blocks(f"UBND TỈNH SÔNG LAM\n{lines}\nKính gửi: Các sở.\nCác sở rà soát."))
    assert (letter.code_number, letter.issued_date, letter.place) == ("87", day, place)
