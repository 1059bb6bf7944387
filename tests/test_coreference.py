"""Bodies meant by a count of those named before."""

import pytest

from extractors import agencies
from extractors.coreference import Named


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        # just so many of the kind were named
        ("Tỉnh Lào Cai và tỉnh Sơn La họp.", "Hai địa phương gửi ý kiến.", ["Tỉnh Lào Cai", "Tỉnh Sơn La"]),
        ("Bộ Y tế trình; Bộ Tài chính thẩm định.", "Hai bộ này báo cáo.", ["Bộ Y tế", "Bộ Tài chính"]),
        # more or fewer: which of them is not sure
        ("Tỉnh Lào Cai, tỉnh Sơn La, tỉnh Phú Thọ họp.", "Hai địa phương gửi ý kiến.", ["Các địa phương"]),
        ("Tỉnh Lào Cai họp.", "Hai địa phương gửi ý kiến.", ["Các địa phương"]),
        # a class without a count means the class
        ("Tỉnh Lào Cai và tỉnh Sơn La họp.", "Các địa phương gửi ý kiến.", ["Các địa phương"]),
    ],
)
def test_bodies_counted(before: str, text: str, expected: list[str]) -> None:
    named = Named()
    named.add(agencies.find(before))
    leads = agencies.roles(text, agencies.find(text)).leads
    assert [body.name for body in named.meant(leads)] == expected
