"""Plain text: which encoding, and where paragraphs begin."""

from pathlib import Path

import pytest

from pipeline.reading import plain

LINE = "Ủy ban nhân dân tỉnh yêu cầu các sở rà soát việc chuyển trường của học sinh"


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        LINE.encode("utf-8-sig"),
        LINE.encode("utf-16"),
        # UTF-16 without its mark
        LINE.encode("utf-16-le"),
        LINE.encode("utf-16-be"),
        # decomposed, as macOS writes
        "Ủy ban nhân dân tỉnh yêu cầu các sở rà soát việc chuyển trường của học sinh".encode(),
        # Windows Vietnamese: letters with separate tone marks
        "U\u0309y ban nhân dân ti\u0309nh yêu câ\u0300u ca\u0301c sơ\u0309 ra\u0300 soa\u0301t viê\u0323c "
        "chuyê\u0309n trươ\u0300ng cu\u0309a ho\u0323c sinh".encode("cp1258"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert plain.decode(data) == LINE
    assert plain.looks_like_text(data)


def test_one_damaged_byte_does_not_cost_the_text() -> None:
    data = bytearray((LINE + ". ").encode() * 10)
    data[2] = 0xFF
    assert plain.looks_like_text(bytes(data))
    assert plain.decode(bytes(data)).endswith(LINE + ". ")


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        # a program
        b"\x7fELF\x02\x01\x01" + bytes(200),
        # one-byte text that no Vietnamese encoding explains
        bytes([0xC3, 0x28, 0xE9, 0xF1, 0x20]) * 60,
    ],
)
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert not plain.looks_like_text(data)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # one line a paragraph
        (["1. Sở Y tế báo cáo.", "2. Sở Tư pháp thẩm định."], ["1. Sở Y tế báo cáo.", "2. Sở Tư pháp thẩm định."]),
        # a blank line parts, whatever stands before it
        (["Đoạn một chưa hết", "", "đoạn hai"], ["Đoạn một chưa hết", "đoạn hai"]),
        # lines wrapped at a width are joined; a list item begins anew
        (
            [
                "Sở Giáo dục và Đào tạo chủ trì, phối hợp với Ủy ban nhân dân các xã,",
                "phường rà soát số phòng học còn thiếu, đề xuất phương án sắp xếp lại",
                "mạng lưới trường lớp cho năm học tới.",
                "- Thống kê số học sinh đầu cấp theo từng địa bàn dân cư và từng trường,",
                "gửi Sở Tài chính để cân đối.",
            ],
            [
                "Sở Giáo dục và Đào tạo chủ trì, phối hợp với Ủy ban nhân dân các xã, phường rà soát số phòng học "
                "còn thiếu, đề xuất phương án sắp xếp lại mạng lưới trường lớp cho năm học tới.",
                "- Thống kê số học sinh đầu cấp theo từng địa bàn dân cư và từng trường, gửi Sở Tài chính để "
                "cân đối.",
            ],
        ),
        # an indent begins a paragraph
        (
            [
                "    Thực hiện ý kiến của lãnh đạo Ủy ban nhân dân tỉnh về việc chăm sóc cây",
                "xanh đô thị, Sở Xây dựng yêu cầu các đơn vị duy tu bảo đảm đủ nhân lực và",
                "    Các phường phối hợp.",
            ],
            [
                "Thực hiện ý kiến của lãnh đạo Ủy ban nhân dân tỉnh về việc chăm sóc cây xanh đô thị, Sở Xây dựng "
                "yêu cầu các đơn vị duy tu bảo đảm đủ nhân lực và",
                "Các phường phối hợp.",
            ],
        ),
        ([], []),
    ],
)
def test_paragraphs(tmp_path: Path, lines: list[str], expected: list[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    assert [block.text for block in plain.read(path)] == expected  # type: ignore[union-attr]
