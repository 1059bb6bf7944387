"""Slips of the engine: what cannot be Vietnamese is mended, what can be is left alone."""

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
        # the numbers of a list in brackets
        ("(1v)", "(iv)"),
        ("(ïv)", "(iv)"),
        ("(ví)", "(vi)"),
        ("(vil)", "(vii)"),
        ("(v)", "(v)"),
        ("(vụ)", "(vụ)"),
        # letters of other languages
        ("ðửi:", "gửi:"),
        ("øỡ", "gỡ"),
        ("läp", "lắp"),
        ("¡n", "in"),
        # capitals that a stroke was seen in or taken for
        ("06/QĐ-TIg", "06/QĐ-TTg"),
        ("TTICP", "TTCP"),
        ("VNelD,", "VNeID,"),
        ("VNelID.", "VNeID."),
        ("TTIP", "TTIP"),
        ("(b/C);", "(b/c);"),
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
    word = scans._word(seen, *scans._mended([seen], False), text, 0.36)
    assert (word.text, word.confidence) == expected
    # the reading as it was stays beside it
    assert word.seen == (text if word.text != text else None)
    assert word.box == Box(0, 0, 7.2, 3.6)


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # strokes behind `Quý` are Roman: there are four quarters
        ("Quý 11/2025", "Quý II/2025"),
        ("quý ll năm 2026", "quý II năm 2026"),
        ("Quý H/2025", "Quý II/2025"),
        ("Quý IH", "Quý III"),
        ("Quý l]/2026", "Quý II/2026"),
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
        # capitals of a line's last word are small letters
        ("cách làm hay của cơ SỞ.", "cách làm hay của cơ sở."),
        ("cách làm hay của CƠ SỞ.", "cách làm hay của cơ sở."),
        ("trong khu VỰC công", "trong khu vực công"),
        # a title, an abbreviation, words that are not one
        ("ở hạ du THỦ TƯỚNG CHÍNH PHỦ", "ở hạ du THỦ TƯỚNG CHÍNH PHỦ"),
        ("trình UBND tỉnh", "trình UBND tỉnh"),
        ("gửi BỘ CHỦ QUẢN", "gửi BỘ CHỦ QUẢN"),
        # the stroke of a document's symbol
        ("Số: 85UBND-VP", "Số: 85/UBND-VP"),
        ("Nghị quyết số 66NQ-CP", "Nghị quyết số 66/NQ-CP"),
        ("số 15A-UBND", "số 15A-UBND"),
        ("Số: 85/UBND-VP", "Số: 85/UBND-VP"),
        ("toa 12SE-HN", "toa 12SE-HN"),
        # letters for digits within a date
        ("trước ngày 30/6/2O25.", "trước ngày 30/6/2025."),
        ("ngày 3O/6/2026", "ngày 30/6/2026"),
        ("(l5/l2/2O26)", "(15/12/2026)"),
        ("ngày O2 tháng lO năm 2O26", "ngày 02 tháng 10 năm 2026"),
        ("trước tháng l2/2O26", "trước tháng 12/2026"),
        ("trước ngày l5/6.", "trước ngày 15/6."),
        # and nowhere else
        ("Số: 1O/UBND-VP", "Số: 1O/UBND-VP"),
        ("đạt 2O25 tỷ đồng", "đạt 2O25 tỷ đồng"),
        ("trong ngày lo liệu", "trong ngày lo liệu"),
        ("tháng I năm 2026", "tháng 1 năm 2026"),
        ("Chương I năm 2026", "Chương I năm 2026"),
        ("năm lO nghìn", "năm lO nghìn"),
        # a copy for information
        ("Bộ trưởng (để bíc);", "Bộ trưởng (để b/c);"),
        ("(để b/€)", "(để b/c)"),
        ("để bc", "để b/c"),
        ("để bá", "để bá"),
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
        # a deadline
        ("30/6/2O25", "30/6/2025"),
    ],
)
def test_roman_numbers_alone_in_their_cell(seen: str, right: str) -> None:
    assert slips.mended_number(seen) == right
