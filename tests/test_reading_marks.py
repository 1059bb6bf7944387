"""Tone marks that the engine confuses: decided by the words beside, left alone where these say nothing."""

import pytest

from pipeline.reading import marks
from pipeline.reading.marks import Seen


def decided(text: str, unsure: bool = True) -> str:
    return " ".join(marks.decided([Seen(word, unsure) for word in text.split()]))


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # a hook read as an acute accent
        ("Bộ Tư pháp kiếm tra", "Bộ Tư pháp kiểm tra"),
        ("tiếp tục triến khai", "tiếp tục triển khai"),
        # both words of a pair, each wrong
        ("lộ trình chuyến đối số quốc gia", "lộ trình chuyển đổi số quốc gia"),
        # case and signs stay
        ("Tổng hợp (tố chức, cá nhân) CHUYẾN ĐỐI", "Tổng hợp (tổ chức, cá nhân) CHUYỂN ĐỔI"),
        # a word that is none
        ("kết nối đữ liệu", "kết nối dữ liệu"),
        # a frequent word for one never used alone
        ("rà soát đế báo cáo", "rà soát để báo cáo"),
        # marks lost
        ("nên tảng dùng chung", "nền tảng dùng chung"),
    ],
)
def test_marks_are_decided_by_the_words_beside(seen: str, right: str) -> None:
    assert decided(seen) == right


@pytest.mark.parametrize(
    "text",
    [
        # each is a word of its own, and right where it stands
        "tố giác tội phạm",
        "thế giới và khu vực",
        "chuyến đi công tác",
        "cống thoát nước",
        "kiếm tiền",
        "thi đua, khen thưởng",
        "đối với các bộ",
        # names
        "quận Hoàn Kiếm",
        "ông Nguyễn Thế Anh",
        # digits and symbols are never touched
        "Kế hoạch 02-KH/BCĐTW ngày 2O/6/2025",
        "số: 1I/QĐ-TTg",
    ],
)
def test_words_that_are_right_stay(text: str) -> None:
    assert decided(text) == text


@pytest.mark.parametrize(
    ("text", "unsure", "right"),
    [
        # a sign parts sentences: what stands behind it says nothing
        ("bằng chứng tố. Chức năng", True, "bằng chứng tố. Chức năng"),
        # horns lost, one and both; the engine has to be in doubt
        ("phù họp với quy định", True, "phù hợp với quy định"),
        ("các đon vị có liên quan", True, "các đơn vị có liên quan"),
        ("giao nguời dân", True, "giao người dân"),
        ("PHUONG ÁN ứng phó", True, "PHƯƠNG ÁN ứng phó"),
        ("phù họp với quy định", False, "phù họp với quy định"),
        # words of their own without horns
        ("Bộ Tư pháp đã họp với các bộ", True, "Bộ Tư pháp đã họp với các bộ"),
        ("cuộc họp báo cáo", True, "cuộc họp báo cáo"),
        ("nhà trọ từ 10 phòng", True, "nhà trọ từ 10 phòng"),
        ("bão tan, cháy rừng, vốn tu bổ", True, "bão tan, cháy rừng, vốn tu bổ"),
        # blurred marks are confused in more ways
        ("tháo gỡ vướng mặc", True, "tháo gỡ vướng mắc"),
        ("hoàn thành số đăng ký", True, "hoàn thành số đăng ký"),
        ("hoàn thành sổ đăng ký", False, "hoàn thành sổ đăng ký"),
        # a word in capitals before a small letter is no name of two words
        ("Mặt trận Tố quốc", False, "Mặt trận Tổ quốc"),
        ("định kỳ hãng quý", False, "định kỳ hằng quý"),
        ("các hãng hàng không", True, "các hãng hàng không"),
        # a name on a good page stays as its writer spelt it, on a faint one it may be mended
        ("tỉnh Đăk Lăk", False, "tỉnh Đăk Lăk"),
        ("tỉnh Đăk Lăk", True, "tỉnh Đắk Lắk"),
    ],
)
def test_how_far_doubt_goes(text: str, unsure: bool, right: str) -> None:
    assert decided(text, unsure) == right


def test_nothing_is_decided_of_nothing() -> None:
    assert marks.decided([]) == []
    assert decided("- . …") == "- . …"


def test_counts_are_whole() -> None:
    known = marks._known()
    assert len(known.counts) > 3000
    assert all(1 <= len(words.split(" ")) <= 2 and count > 0 for words, count in known.counts.items())
    assert {"triển khai", "chuyển đổi"} <= known.pairs
