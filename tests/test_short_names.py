"""Short forms of the names of bodies, as tables have them."""

import pytest

from extractors.agencies import read_cell
from extractors.agencies.short_names import is_short_for, meant, units
from extractors.agencies.tokens import key


@pytest.mark.parametrize(
    ("short", "full", "is_short"),
    [
        # first letters of words that follow each other
        ("Cục NTBD", "Cục Nghệ thuật biểu diễn", True),
        # of the first part of a name
        ("Cục TTCS", "Cục Thông tin cơ sở và Thông tin đối ngoại", True),
        # `và` and commas have no letter
        ("Viện VHNTTTDL Việt Nam", "Viện Văn hóa, Nghệ thuật, Thể thao và Du lịch Việt Nam", True),
        # two groups, a point behind one, words left out
        ("Trường ĐHVH TP. Hồ Chí Minh", "Trường Đại học Văn hóa Thành phố Hồ Chí Minh", True),
        ("Ban QLDA ĐTXD tỉnh", "Ban Quản lý dự án đầu tư xây dựng tỉnh", True),
        ("Ban QLDA giao thông", "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông tỉnh", True),
        # other letters, other places, another body of the same letters
        ("Cục NTBD", "Cục Nghệ thuật biểu hiện", False),
        ("Sở VHTT Đà Nẵng", "Sở Văn hóa và Thể thao Hà Nội", False),
        ("Cục TTCS", "Trung tâm Thông tin cơ sở", False),
        ("Cục TTCS", "Cục Cơ sở hạ tầng", False),
        # the first word is that of the body
        ("TTCS", "Cục Thông tin cơ sở", False),
        # a commune and its committee, a corporation's branch
        ("Xã Lâm Thao", "Ủy ban nhân dân xã Lâm Thao", True),
        ("Xã Lâm Thao", "Ủy ban nhân dân xã Lâm", False),
        ("VNPT Lào Cai", "Viễn thông Lào Cai", True),
        ("VNPT Lào Cai", "Viễn thông Sơn La", False),
        # the same name, and one written out
        ("Cục Nghệ thuật biểu diễn", "Cục Nghệ thuật biểu diễn", False),
        ("Cục Nghệ thuật biểu diễn", "Cục NTBD", False),
        ("Cục Nghệ thuật", "Cục Nghệ thuật biểu diễn", False),
    ],
)
def test_short_forms(short: str, full: str, is_short: bool) -> None:
    assert is_short_for(short, full) is is_short


@pytest.mark.parametrize(
    ("short", "fulls", "expected"),
    [
        ("Cục NTBD", ["Cục Nghệ thuật biểu diễn", "Cục Điện ảnh"], "Cục Nghệ thuật biểu diễn"),
        # one name in two spellings is one
        ("Vụ KHTC", ["Vụ Kế hoạch, Tài chính", "Vụ Kế hoạch - Tài chính"], "Vụ Kế hoạch - Tài chính"),
        # two that fit; one of which words would be left out
        ("Vụ HC", ["Vụ Hành chính", "Vụ Hoạt chất"], None),
        ("Cục TTCS", ["Cục Thông tin cơ sở và Thông tin đối ngoại"], None),
    ],
)
def test_what_a_short_form_means(short: str, fulls: list[str], expected: str | None) -> None:
    assert meant([short], fulls).get(short) == expected


def test_units_are_those_of_ministries() -> None:
    for ministry, names in units().items():
        assert [(body.kind, key(body.name)) for body in read_cell(ministry)] == [("ministry", ministry)]
        assert len(set(names)) == len(names)
