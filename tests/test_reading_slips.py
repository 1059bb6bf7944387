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
    word = scans._word(Recognised(text, 0, 0, 20, 10, sure), 0.36)
    assert (word.text, word.confidence) == expected
    assert word.box == Box(0, 0, 7.2, 3.6)
