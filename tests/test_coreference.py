"""Bodies meant by a count of those named before."""

import pytest

from extractors import agencies
from extractors.coreference import Named, Told, communes, of_class, of_communes, subject_noun


@pytest.mark.parametrize(
    ("above", "text", "expected"),
    [
        # any commune, under the label of those meant
        ("UBND các xã, phường, đặc khu", "UBND cấp xã niêm yết.", "Ủy ban nhân dân các xã, phường, đặc khu"),
        # near misses: under another label, another body
        ("Sở Y tế", "UBND cấp xã niêm yết.", "Ủy ban nhân dân cấp xã"),
        ("UBND các xã, phường", "Sở Y tế niêm yết.", "Sở Y tế"),
    ],
)
def test_a_class_named_above(above: str, text: str, expected: str) -> None:
    context = agencies.AgencyContext(scope="Tỉnh Lâm Đồng")
    leads = agencies.roles(text, agencies.find(text, context)).leads
    assert [body.name for body in of_class(leads, agencies.find(above, context))] == [expected]


@pytest.mark.parametrize(
    ("named", "text", "expected"),
    [
        # a place and its committee are one, where the letter names the committees
        ("UBND các xã, phường", "Các xã, phường rà soát.", "Ủy ban nhân dân các xã, phường"),
        ("UBND các xã, phường, đặc khu", "Các xã rà soát.", "Ủy ban nhân dân các xã, phường, đặc khu"),
        ("UBND các xã, phường", "Các xã biên giới rà soát.", "Ủy ban nhân dân các xã biên giới"),
        # near misses: it does not, or another body acts
        ("Sở Y tế", "Các xã, phường rà soát.", "Các xã, phường"),
        ("UBND các xã, phường", "Các bệnh viện rà soát.", "Các bệnh viện"),
    ],
)
def test_communes_by_their_committees(named: str, text: str, expected: str) -> None:
    context = agencies.AgencyContext(scope="Tỉnh Lâm Đồng")
    leads = agencies.roles(text, agencies.find(text, context)).leads
    assert [b.name for b in of_communes(leads, communes(agencies.find(named, context)))] == [expected]


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


@pytest.mark.parametrize(
    ("before", "noun", "expected"),
    [
        ("Tỉnh Gia Lai họp với Bộ Y tế.", "tỉnh", ["Tỉnh Gia Lai"]),
        ("Sở Y tế báo cáo; Sở Xây dựng bổ sung.", "sở", ["Sở Xây dựng"]),  # the last named
        ("Bộ Y tế trình.", "bộ", ["Bộ Y tế"]),
        # near misses: two of them, none of them
        ("Tỉnh Gia Lai và tỉnh Đắk Lắk họp.", "tỉnh", []),
        ("Bộ Y tế trình.", "sở", []),
    ],
)
def test_a_word_for_all_of_its_kind(before: str, noun: str, expected: list[str]) -> None:
    named = Named()
    named.add(agencies.find(before))
    assert [body.name for body in named.alone(noun)] == expected


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Riêng đối với văn bằng, Sở phấn đấu số hóa xong sổ gốc.", "sở"),
        ("Bộ cũng được giao làm việc với Ủy hội.", "bộ"),
        # near misses: a name, an object
        ("Sở Y tế rà soát.", None),
        ("Rà soát các Sở chưa gửi.", None),
    ],
)
def test_a_bare_subject(text: str, noun: str | None) -> None:
    assert subject_noun(text) == noun


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        # the communes told before; only those of the kind, and as many as are counted
        (
            "UBND xã Ba Hồ, UBND phường Hòn Đỏ",
            "UBND các xã, phường nêu trên báo cáo.",
            ["xã Ba Hồ", "phường Hòn Đỏ"],
        ),
        ("UBND xã Ba Hồ, UBND phường Hòn Đỏ", "UBND các xã nói trên báo cáo.", ["xã Ba Hồ"]),
        ("UBND xã Ba Hồ, UBND xã Suối Cát", "02 xã nêu trên báo cáo.", ["xã Ba Hồ", "xã Suối Cát"]),
        # near misses: another count, none named, no pointer
        ("UBND xã Ba Hồ, UBND xã Suối Cát", "14 xã nêu trên báo cáo.", ["Các xã"]),
        ("Sở Y tế", "UBND các xã nêu trên báo cáo.", ["các xã"]),
        ("UBND xã Ba Hồ, UBND xã Suối Cát", "UBND các xã ven biển báo cáo.", ["các xã ven biển"]),
    ],
)
def test_communes_named_above(before: str, text: str, expected: list[str]) -> None:
    context = agencies.AgencyContext(scope="Tỉnh Lâm Đồng")
    told = Told(agencies.find(before, context))
    leads = told.meant(agencies.roles(text, agencies.find(text, context)).leads)
    assert [body.name.removeprefix("Ủy ban nhân dân ") for body in leads] == expected


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        # the one named last; unknown stays as written, a whole name too
        ("Trung tâm Y tế khu vực Ba Ngòi họp.", "Trung tâm rà soát.", "Trung tâm Y tế khu vực Ba Ngòi"),
        ("Sở Y tế họp.", "Trung tâm rà soát.", "Trung tâm"),
        ("Trung tâm Lưu trữ họp.", "Trung tâm Văn hóa rà soát.", "Trung tâm Văn hóa"),
    ],
)
def test_a_head_alone(before: str, text: str, expected: str) -> None:
    named = Named()
    named.add(agencies.find(before))
    leads = agencies.roles(text, agencies.find(text)).leads
    assert [body.name for body in named.in_full(leads, ())] == [expected]
