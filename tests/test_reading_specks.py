"""Specks that were read as signs: gone where no writer would set one, left where one may stand."""

from itertools import pairwise

import pytest

from pipeline.reading import slips, specks
from pipeline.reading.ocr import Recognised


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # before a word
        (":Bộ", "Bộ"),
        (".Đào", "Đào"),
        ("ˆUBND", "UBND"),
        ("'(vi)", "(vi)"),
        ("_T/M", "T/M"),
        (":05/10/2025.", "05/10/2025."),
        ("~-", "-"),
        ("—3-", "3-"),
        ("–3", "–3"),
        # behind one
        ("KHAI_", "KHAI"),
        ("01/7/2025..", "01/7/2025."),
        ("cáo,.", "cáo,"),
        ("nhận::", "nhận:"),
        # the number of a footnote
        ("hợpỶ.", "hợp."),
        ("phủ†", "phủ"),
        ("dân!,", "dân,"),
        ("tỉnh],", "tỉnh,"),
        ("không?", "không?"),
        ("30°C", "30°C"),
        ("GDĐTÝ", "GDĐTÝ"),
        # signs that stand there
        ("“Tháng", "“Tháng"),
        ("Puch...", "Puch..."),
        ("rõ./.", "rõ./."),
        ("v.v..", "v.v.."),
        ("-", "-"),
        (".", "."),
        ("-12%,", "-12%,"),
        ("_____", "_____"),
    ],
)
def test_signs_before_and_behind_a_word(seen: str, right: str) -> None:
    assert specks.cleared(seen) == right


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # behind a word with which no clause ends; before an amount; amid a word of two syllables
        ("phản ánh về. Bộ Tài chính", "phản ánh về Bộ Tài chính"),
        ("từ tháng. 02/2026 đến", "từ tháng 02/2026 đến"),
        ("hiện còn. 12.480 trường hợp", "hiện còn 12.480 trường hợp"),
        ("ban hành 208. văn bản", "ban hành 208 văn bản"),
        ("Thường. xuyên kiểm tra", "Thường xuyên kiểm tra"),
        # before a word that runs on
        ("toàn bộ -dữ liệu", "toàn bộ dữ liệu"),
        # a sentence's end before a clause's number, an item of a list, a colon
        ("hằng tháng. 3. Về kinh phí", "hằng tháng. 3. Về kinh phí"),
        ("gồm: -dữ liệu", "gồm: -dữ liệu"),
        ("các địa phương: đề nghị", "các địa phương: đề nghị"),
        ("năm 2025. Bộ", "năm 2025. Bộ"),
    ],
)
def test_signs_that_neighbours_show(seen: str, right: str) -> None:
    assert slips.mended_together(seen.split()) == right.split()


def test_the_number_of_a_section_has_stops() -> None:
    words = ["2,6-", "Đảng", "ủy", "đạt", "2,6-", "Đảng"]
    assert slips.mended_together(words, starts=[True, False, False, False, False, False]) == (
        ["2.6-", "Đảng", "ủy", "đạt", "2,6-", "Đảng"]
    )


def test_a_doubtful_colon_amid_a_sentence_is_a_speck() -> None:
    words = ["việc", "bảo:", "quản", "tài", "sản:", "kê", "biên"]
    assert slips.mended_together(words, [False, True, False, False, False, False, False]) == (
        ["việc", "bảo", "quản", "tài", "sản:", "kê", "biên"]
    )


def test_a_label_keeps_its_colon() -> None:
    words = ["(ii)", "Nguyên", "nhân:", "thủ", "tục"]
    starts = [True, False, False, False, False]
    assert slips.mended_together(words, [True] * 5, starts) == words


@pytest.mark.parametrize(
    ("seen", "parts"),
    [
        # a speck between two words
        ("điện.tử", ["điện", "tử"]),
        ("nhân:các", ["nhân", "các"]),
        ("và.Môi", ["và", "Môi"]),
        # a space lost
        ("BộTC", ["Bộ", "TC"]),
        ("Gia:Lai", ["Gia", "Lai"]),
        ("quan:-xã", ["quan:-xã"]),
        ("QUỐC-GIA", ["QUỐC", "GIA"]),
        ("Sở'Y", ["Sở", "Y"]),
        ("Cầu,.Lào", ["Cầu,", "Lào"]),
        ("việc.Bộ", ["việc", "Bộ"]),
        # what numbers a part or clause
        ("(iv).Cơ", ["(iv)", "Cơ"]),
        ("II.NHIỆM", ["II.", "NHIỆM"]),
        # before a number
        ("ngày:05/10/2025.", ["ngày", "05/10/2025."]),
        ("hạn:03", ["hạn:", "03"]),
        ("QĐ.12", ["QĐ.12"]),
        # names of the Highlands, words with a hyphen
        ("M'gar", ["M'gar"]),
        ("K'Brôih", ["K'Brôih"]),
        ("các-bon", ["các-bon"]),
        ("tế-xã", ["tế-xã"]),
        # addresses, abbreviations
        ("chinhphu.vn", ["chinhphu.vn"]),
        ("TP.HCM", ["TP.HCM"]),
        ("VNeID", ["VNeID"]),
        ("Bộ", ["Bộ"]),
    ],
)
def test_words_glued_together(seen: str, parts: list[str]) -> None:
    found = specks.parted(Recognised(seen, 10, 0, 80, 12, 0.9))
    assert [word.text for word in found] == parts
    assert (found[0].x0, found[-1].x1) == (10, 80)
    assert all(one.x1 <= other.x0 for one, other in pairwise(found))
