"""Documents referred to: found and taken apart, masked, named as the order behind a task, related."""

import datetime
import time

import pytest

from extractors import citations
from models import Citation


def parts(citation: Citation) -> tuple[str, str | None, str | None, str | None, str | None]:
    issued_on = citation.issued_on.isoformat() if citation.issued_on else None
    return citation.text, citation.doc_type, citation.number, citation.notation, issued_on


FOUND = [
    # Party: dash before the type, slash before the body
    (
        "quán triệt Nghị quyết số 41-NQ/TW ngày 10/10/2023 của Bộ Chính trị;",
        ("Nghị quyết số 41-NQ/TW ngày 10/10/2023 của Bộ Chính trị", "Nghị quyết", "41", "NQ/TW", "2023-10-10"),
    ),
    # state, with the date in words
    (
        "Căn cứ Quyết định số 15/QĐ-BNV ngày 05 tháng 01 năm 2025;",
        ("Quyết định số 15/QĐ-BNV ngày 05 tháng 01 năm 2025", "Quyết định", "15", "QĐ-BNV", "2025-01-05"),
    ),
    # normative: the year is part of the number
    (
        "theo Quyết định số 06/2024/QĐ-UBND, đơn vị",
        ("Quyết định số 06/2024/QĐ-UBND", "Quyết định", "06/2024", "QĐ-UBND", None),
    ),
    # the assembly's
    (
        "Nghị quyết số 176/2025/QH15 quy định",
        ("Nghị quyết số 176/2025/QH15", "Nghị quyết", "176/2025", "QH15", None),
    ),
    # a letter's symbol names its issuer and unit
    (
        "Công văn số 5588/BGDĐT-GDPT ngày 1/10/2025 của Bộ Giáo dục và Đào tạo về học bạ",
        (
            "Công văn số 5588/BGDĐT-GDPT ngày 1/10/2025 của Bộ Giáo dục và Đào tạo",
            "Công văn",
            "5588",
            "BGDĐT-GDPT",
            "2025-10-01",
        ),
    ),
    # no symbol at all
    (
        "bám sát Chỉ thị số 19 của Thủ tướng Chính phủ để",
        ("Chỉ thị số 19 của Thủ tướng Chính phủ", "Chỉ thị", "19", None, None),
    ),
    ("các mốc của Đề án 09.", ("Đề án 09", "Đề án", "09", None, None)),
    # a law has no number, but a year
    ("Luật Đất đai năm 2024 quy định", ("Luật Đất đai năm 2024", "Luật", None, None, None)),
    ("Luật Phòng, chống rửa tiền và", ("Luật Phòng, chống rửa tiền", "Luật", None, None, None)),
    # a symbol without its type, with a stray space
    ("11-KH /BCĐTW", ("11-KH /BCĐTW", "Kế hoạch", "11", "KH/BCĐTW", None)),
    # recognition lost the slash
    ("thực hiện Nghị quyết 93NQ-CP", ("Nghị quyết 93NQ-CP", "Nghị quyết", "93", "NQ-CP", None)),
    # `văn bản` says nothing of the type, the symbol does
    ("văn bản số 119/BC-SYT", ("văn bản số 119/BC-SYT", "Báo cáo", "119", "BC-SYT", None)),
    # the full stop of the sentence is no part of the symbol
    ("theo Nghị quyết 317/NQ-CP.", ("Nghị quyết 317/NQ-CP", "Nghị quyết", "317", "NQ-CP", None)),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_finds_and_takes_apart(
    text: str, expected: tuple[str, str | None, str | None, str | None, str | None]
) -> None:
    (citation,) = citations.find(text)
    assert parts(citation) == expected
    assert text[citation.start : citation.end] == citation.text


@pytest.mark.parametrize(
    "text",
    [
        "xây dựng kế hoạch 5 năm",  # a plan of five years
        "báo cáo 15 nhiệm vụ",  # a count
        "Dự án 3 cấp",  # a count in capitals
        "đã giao 35/40 xã, phường",  # a share
        "theo quy định của luật về đất đai",  # no particular law
        "Quyết định, 49 dự thảo",  # a list
        "số điện thoại 024/3826",  # a number
        "ngày 30/6/2025",  # a date
        "Nghị định5",  # a footnote's mark
    ],
)
def test_finds_no_document_where_there_is_none(text: str) -> None:
    assert citations.find(text) == ()


def test_finds_every_symbol_of_a_list() -> None:
    found = citations.find("các Nghị quyết số 18-NQ/TW, 19-NQ/TW, 20-NQ/TW và 21-NQ/TW")
    assert [(c.number, c.notation, c.doc_type) for c in found] == [
        (number, "NQ/TW", "Nghị quyết") for number in ("18", "19", "20", "21")
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kế hoạch số 7/KH-UBND về phát triển chợ nông thôn, Sở", "về phát triển chợ nông thôn"),
        ("Quyết định số 8/QĐ-UBND “Phê duyệt đề cương”", "Phê duyệt đề cương"),
        # the title ends where the order begins
        ("Kế hoạch số 7/KH-UBND về phát triển chợ để báo cáo Sở", "về phát triển chợ"),
        ("Kế hoạch số 7/KH-UBND và gửi Sở", None),
    ],
)
def test_keeps_the_title_apart(text: str, title: str | None) -> None:
    assert citations.find(text)[0].title == title


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # the document and its date
        ("theo Công văn số 12/SYT-NVY ngày 30/6/2025, gửi trước 15/7/2025", "theo □, gửi trước 15/7/2025"),
        # years in its title
        ("Chỉ thị số 7/CT-TTg về phát triển chợ trong năm 2025 và", "□ về phát triển chợ □ và"),
        ("Quyết định số 9/QĐ-TTg phê duyệt Đề án giai đoạn 2021 - 2025", "□ phê duyệt Đề án □"),
        # a deadline after the document stays
        ("Kế hoạch số 7/KH-UBND hoàn thành trong quý III/2025", "□ hoàn thành trong quý III/2025"),
        ("không có văn bản nào", "không có văn bản nào"),
    ],
)
def test_mask(text: str, left: str) -> None:
    masked = citations.mask(text)
    assert len(masked) == len(text)
    while "□□" in masked:
        masked = masked.replace("□□", "□")
    assert masked == left


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "mở đợt kiểm tra theo chỉ đạo của Chủ tịch UBND tỉnh tại Công văn số 12/UBND-VX, báo cáo",
            "Công văn số 12/UBND-VX",
        ),
        ("hoàn thành cơ sở dữ liệu theo yêu cầu của Nghị quyết 83", "Nghị quyết 83"),
        (
            "thực hiện nhiệm vụ được giao tại Thông báo số 35/TB-VPCP ngày 2/5/2025",
            "Thông báo số 35/TB-VPCP ngày 2/5/2025",
        ),
        (
            "niêm yết hồ sơ theo đúng Chỉ thị số 19 của Thủ tướng Chính phủ",
            "Chỉ thị số 19 của Thủ tướng Chính phủ",
        ),
        # rules of law are no orders
        ("bố trí kho theo đúng Nghị định số 30/2020/NĐ-CP", None),
        # a document only mentioned
        ("viết bài về Nghị quyết số 41-NQ/TW", None),
        ("thực hiện theo Luật Lưu trữ", None),
        # a plan whose dates are followed
        ("Hoàn thành theo lộ trình tại Kế hoạch số 31/KH-SYT", None),
        ("tổ chức hội nghị theo chỉ đạo của lãnh đạo", None),
    ],
)
def test_source_document(text: str, source: str | None) -> None:
    assert citations.source_document(text) == source


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Trả lời Công văn số 123/SYT-NVY ngày 2/5/2025 của Sở Y tế", [("replies_to", "123", "SYT-NVY")]),
        ("Phúc đáp Công văn số 9/UBND-VX về dự toán", [("replies_to", "9", "UBND-VX")]),
        ("Công văn này thay thế Công văn số 8/STC-NS", [("replaces", "8", "STC-NS")]),
        ("V/v đính chính Quyết định số 15/QĐ-UBND", [("corrects", "15", "QĐ-UBND")]),
        ("V/v gia hạn thời hạn báo cáo theo Công văn số 77/SNV-TC", [("extends", "77", "SNV-TC")]),
        ("Thu hồi Thông báo số 5/TB-SCT", [("withdraws", "5", "TB-SCT")]),
        ("(Kèm theo Quyết định số 6/QĐ-SCT ngày 2/5/2025)", [("annex_of", "6", "QĐ-SCT")]),
        # a document merely named
        ("Thực hiện Công văn số 8/STC-NS", []),
        ("thay thế cán bộ phụ trách; theo Công văn số 8/STC-NS", []),
    ],
)
def test_relations(text: str, kinds: list[tuple[str, str, str]]) -> None:
    assert [(r.kind, r.number, r.notation) for r in citations.relations(text)] == kinds


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Kế hoạch số 61/KH-UBND ngày 09/02/2026 của Ủy ban nhân dân tỉnh Sơn La;", "Ủy ban nhân dân tỉnh Sơn La"),
        ("Kế hoạch số 61/KH-UBND ngày 09/02/2026 của UBND tỉnh về rừng", "UBND tỉnh"),
        ("Báo cáo số 37/BC-VP của Văn phòng Ủy ban nhân dân tỉnh Sơn La", "Văn phòng Ủy ban nhân dân tỉnh Sơn La"),
        ("Báo cáo số 88/BC-BNV ngày 20/5/2026 của Bộ Nội vụ về lao động", "Bộ Nội vụ"),
    ],
)
def test_who_issued_a_cited_document(text: str, issuer: str) -> None:
    assert [citations.issuer(citation) for citation in citations.find(text)] == [issuer]


def test_an_annex_names_its_letter() -> None:
    named = citations.annexed_to("(Kèm theo Báo cáo số: 64/BC-SXD ngày 06 tháng 6 năm 2025 của Sở Xây dựng)")
    assert named is not None
    assert (named.number, named.notation, named.issued_on) == ("64", "BC-SXD", datetime.date(2025, 6, 6))
    assert citations.annexed_to("Theo Báo cáo số 64/BC-SXD") is None


@pytest.mark.parametrize(
    ("notation", "doc_type"),
    [
        ("QĐ-BNV", "Quyết định"),
        ("CTr-UBND", "Chương trình"),
        ("CT-TTg", "Chỉ thị"),
        ("TTr-BTC", "Tờ trình"),
        ("TT-BTC", "Thông tư"),
        ("ĐA-UBND", "Đề án"),
        ("DA-UBND", "Dự án"),
        ("CV/BTCTW", "Công văn"),
        # a letter's symbol begins with its issuer
        ("BNV-VP", None),
        # strokes are never folded
        ("QD-BNV", None),
    ],
)
def test_symbols_are_exact(notation: str, doc_type: str | None) -> None:
    assert citations.type_of_symbol(notation) == doc_type


def test_types_are_those_of_the_decree() -> None:
    types = citations.document_types()
    names = [t.name for t in types]
    assert len(names) == len(set(names))
    assert sum(not t.normative and not t.party for t in types) == 29
    symbols = [symbol for t in types for symbol in t.symbols]
    assert len(symbols) == len(set(symbols))


@pytest.mark.parametrize(
    "unit", ["Quyết định số ", "1/2/", "của Bộ ", "Luật A ", "12/QĐ-", "Nghị quyết 57-NQ/TW của "]
)
def test_hostile_text_costs_linear_work(unit: str) -> None:
    def once(length: int) -> float:
        started = time.process_time()
        citations.mask(unit * (length // len(unit)))
        return time.process_time() - started

    def cost(length: int) -> float:
        # The least of a few runs: the others had something else going on beside them.
        return min(once(length) for _ in range(4))

    # Four times the text; a quadratic rule would cost sixteen times.
    assert cost(80_000) < 9 * max(cost(20_000), 0.02)
