"""Slips of the engine: what cannot be Vietnamese is mended, what can be is left alone."""

from itertools import pairwise

import pytest

from models import Box
from pipeline.reading import scans, slips
from pipeline.reading.ocr import Recognised


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # a letter that Vietnamese has not, for the one it has, or beside it
        ("71/ÑQ-CP", "71/NQ-CP"),
        ("71/NÑQ-CP", "71/NQ-CP"),
        ("NÑăm", "Năm"),
        ("BCĐÐ", "BCĐ"),
        ("Ðà", "Đà"),
        # dirt before a word
        ("'Thời", "Thời"),
        ("‘Năm", "Năm"),
        # dirt behind a word
        ("tra'", "tra"),
        # another stroke
        ("30⁄6", "30/6"),
        # two strokes for one; an address has two
        ("II//2026", "II/2026"),
        ("https://a.vn", "https://a.vn"),
        # two marks of tone in one syllable
        ("Ủý", "Ủy"),
        ("uỷ", "uỷ"),
        # vowels of the Highlands' names
        ("Đäk", "Đắk"),
        ("Lẫk", "Lắk"),
        ("Đăk", "Đăk"),
        # the first letter of a list, the fourth quarter
        ("ä)", "a)"),
        ("ïV/2026", "IV/2026"),
        # minutes, a quotation
        ("14h30'", "14h30'"),
        ("giao’", "giao’"),
        # right as they are
        ("K'Ho", "K'Ho"),
        ("71/NQ-CP", "71/NQ-CP"),
        ("“Tháng", "“Tháng"),
        # digits are never touched, however doubtful
        ("2O25", "2O25"),
        ("'25", "25"),
    ],
)
def test_slips(seen: str, right: str) -> None:
    assert slips.mended(seen) == right


@pytest.mark.parametrize(("seen", "grain"), [("'", True), ("|_", True), ("-", False), (".", False), ("x'", False)])
def test_grain(seen: str, grain: bool) -> None:
    assert slips.is_grain(seen) == grain


@pytest.mark.parametrize(
    ("text", "sure", "expected"),
    [
        # a mended word is less sure
        ("ÑQ-CP", 0.95, ("NQ-CP", 0.8)),
        ("ÑQ-CP", 0.5, ("NQ-CP", 0.5)),
        ("NQ-CP", 0.95, ("NQ-CP", 0.95)),
    ],
)
def test_a_mended_word_is_less_sure(text: str, sure: float, expected: tuple[str, float]) -> None:
    seen = Recognised(text, 0, 0, 20, 10, sure)
    word = scans._word(seen, *scans._mended([seen], False), 0.36)
    assert (word.text, word.confidence) == expected
    assert word.box == Box(0, 0, 7.2, 3.6)


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # strokes behind `Quý` are Roman: there are four quarters
        ("Quý 11/2025", "Quý II/2025"),
        ("quý ll năm 2026", "quý II năm 2026"),
        ("Quý H/2025", "Quý II/2025"),
        ("Quý IH", "Quý III"),
        ("Quý lV/2025", "Quý IV/2025"),
        # one digit is a quarter, and elsewhere numbers are numbers
        ("Quý 1/2025", "Quý 1/2025"),
        ("Mục 11/2025", "Mục 11/2025"),
        # a stop amid a sentence is a speck
        ("các nội dung. liên quan", "các nội dung liên quan"),
        ("đúng thời hạn. Báo cáo", "đúng thời hạn. Báo cáo"),
        ("hoàn thành. a) Lập", "hoàn thành. a) Lập"),
        ("xử lý v.v. theo quy định", "xử lý v.v. theo quy định"),
        ("tr. đồng", "tr. đồng"),
        # nothing stands between ngày and a date; a number of days may
        ("trước ngày. 31/10/2025; kiểm tra", "trước ngày 31/10/2025; kiểm tra"),
        ("kéo dài ngày, 214 công trình", "kéo dài ngày, 214 công trình"),
        ("thời hạn: việc thứ nhất", "thời hạn: việc thứ nhất"),
    ],
)
def test_slips_that_neighbours_show(seen: str, right: str) -> None:
    assert slips.mended_together(seen.split()) == right.split()


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        ("H", "II"),
        ("VH", "VII"),
        ("IH", "III"),
        ("XIH", "XIII"),
        ("HH", "HH"),
        ("TH", "TH"),
        ("II", "II"),
        ("HX", "HX"),
    ],
)
def test_roman_numbers_alone_in_their_cell(seen: str, right: str) -> None:
    assert slips.mended_number(seen) == right


def test_a_doubtful_colon_amid_a_sentence_is_a_speck() -> None:
    words = ["việc", "bảo:", "quản", "tài", "sản:", "kê", "biên"]
    assert slips.mended_together(words, [False, True, False, False, False, False, False]) == (
        ["việc", "bảo", "quản", "tài", "sản:", "kê", "biên"]
    )


@pytest.mark.parametrize(
    ("seen", "parts"),
    [
        # a speck between two words
        ("điện.tử", ["điện", "tử"]),
        ("nhân:các", ["nhân", "các"]),
        ("và.Môi", ["và", "Môi"]),
        # a space lost
        ("BộTC", ["Bộ", "TC"]),
        # addresses, abbreviations, a sentence's end
        ("chinhphu.vn", ["chinhphu.vn"]),
        ("TP.HCM", ["TP.HCM"]),
        ("việc.Bộ", ["việc.Bộ"]),
        ("VNeID", ["VNeID"]),
        ("Bộ", ["Bộ"]),
    ],
)
def test_words_glued_together(seen: str, parts: list[str]) -> None:
    found = slips.parted(Recognised(seen, 10, 0, 80, 12, 0.9))
    assert [word.text for word in found] == parts
    assert (found[0].x0, found[-1].x1) == (10, 80)
    assert all(one.x1 <= other.x0 for one, other in pairwise(found))
