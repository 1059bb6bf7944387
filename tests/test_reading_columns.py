"""Nonsense beside other text is read apart, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.reading import columns, images, ocr, scans
from pipeline.reading.material import Gray, PagePicture
from pipeline.reading.ocr import Mode, Recognised

DPI = 100
LEFT, RIGHT = (20, 100), (200, 360)
"""Pixels from and to which the columns of `page` hold ink."""


def page() -> Gray:
    """Two columns: three lines on the left, one large line beside the first two of them."""
    gray = np.full((120, 400), 250, np.uint8)
    for top in (20, 40, 60):
        gray[top : top + 10, LEFT[0] : LEFT[1] : 3] = 0
    gray[25:45, RIGHT[0] : RIGHT[1] : 3] = 0
    return gray


def word(text: str, x0: float, top: float, sure: float, width: float = 40) -> Recognised:
    return Recognised(text, x0, top, x0 + width, top + 20, sure)


SIGNED = [word("PHÓ", 200, 25, 0.95), word("CHÁNH", 250, 25, 0.95)]
NONSENSE = [word("HH", 20, 20, 0.0), word("m.n", 60, 20, 0.1)]
BELOW = [word("Lưu:", 20, 57, 0.9)]


@pytest.mark.parametrize(
    ("seen", "again", "expected"),
    [
        # recipients beside a signature
        (
            NONSENSE + SIGNED + BELOW,
            [word("Nơi", 20, 20, 0.9), word("nhận:", 60, 20, 0.9)],
            "PHÓ CHÁNH Lưu: Nơi nhận:",
        ),
        # read no better alone
        (NONSENSE + SIGNED + BELOW, [word("HG", 20, 20, 0.2), word("m.n", 60, 20, 0.1)], "HH m.n PHÓ CHÁNH Lưu:"),
        (NONSENSE + SIGNED + BELOW, [], "HH m.n PHÓ CHÁNH Lưu:"),
    ],
)
def test_nonsense_is_read_apart(
    monkeypatch: pytest.MonkeyPatch, seen: list[Recognised], again: list[Recognised], expected: str
) -> None:
    crops: list[Gray] = []

    def engine(asked: list[Gray], *_: object) -> list[list[Recognised]]:
        crops.extend(asked)
        return [again]

    monkeypatch.setattr(ocr, "recognise_each", engine)
    found = columns.read_apart(seen, page(), DPI, 9)
    assert " ".join(word.text for word in found) == expected
    # The left column alone, and no more than its line and the next.
    assert crops[0].shape[1] <= LEFT[1] - LEFT[0] + 10 + 2 * columns.PADDING
    assert crops[0].shape[0] <= 50 + 2 * columns.PADDING
    assert (crops[0][columns.PADDING :, columns.PADDING : -columns.PADDING] < 128).any()


@pytest.mark.parametrize(
    "seen",
    [
        # nothing stands beside it, or nothing sure
        NONSENSE + BELOW,
        [*NONSENSE, word("PHÓ", 200, 25, 0.2), word("CHÁNH", 250, 25, 0.3)],
        # a speck
        [word("š", 20, 20, 0.0), *SIGNED],
        # all is well
        [word("Nơi", 20, 20, 0.9), *SIGNED],
        [],
    ],
)
def test_the_rest_is_not(monkeypatch: pytest.MonkeyPatch, seen: list[Recognised]) -> None:
    monkeypatch.setattr(ocr, "_run", _asked)
    assert columns.read_apart(seen, page(), DPI, 9) == seen


def _asked(*_: object) -> list[list[Recognised]]:
    raise AssertionError


def test_a_page_s_nonsense_becomes_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def engine(image: Gray | Path, _dpi: float, mode: Mode, *_: object) -> list[Recognised]:
        return NONSENSE + SIGNED + BELOW

    monkeypatch.setattr(ocr, "recognise", engine)
    monkeypatch.setattr(ocr, "recognise_each", lambda asked, *_: [[word("Nơi", 20, 20, 0.9)] for _ in asked])
    monkeypatch.setattr(ocr, "version", lambda: "0")
    monkeypatch.setattr(images, "skew", lambda _: 0.0)
    found = scans.read(PagePicture(page(), 144, 43.2), 1, {}, 60)
    assert [word.text for word in found.words] == ["PHÓ", "CHÁNH", "Lưu:", "Nơi"]
