"""Days and months that cannot be are read again, and only those."""

import numpy as np
import pytest

from pipeline.reading import impossible, ocr
from pipeline.reading.material import Gray
from pipeline.reading.ocr import Recognised

PAPER = np.full((40, 900), 250, np.uint8)


def line(text: str, sure: float = 0.9) -> list[Recognised]:
    """Words side by side on one line."""
    return [Recognised(word, 20 + 70 * n, 8, 80 + 70 * n, 30, sure) for n, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("seen", "again", "expected"),
    [
        # a day and a month that cannot be, as two sizes show them
        ("Huế, ngày 37 tháng 02", ["ngày 27 tháng", "ngày 27 tháng :"], "Huế, ngày 27 tháng 02"),
        ("ngày 05 tháng 17 năm 2026", ["tháng 11 năm", "tháng 11 năm"], "ngày 05 tháng 11 năm 2026"),
        ("trước ngày 38/6/2026, các", ["ngày 28/6/2026, các", "ngày 28/6/2026, các"], "trước ngày 28/6/2026, các"),
        # one size sees what can be, the other what cannot
        ("ngày 37 tháng 02", ["ngày 37 tháng", "ngày 27 tháng"], "ngày 27 tháng 02"),
        # two sizes see two days: neither is taken
        ("ngày 37 tháng 02", ["ngày 17 tháng", "ngày 27 tháng"], "ngày 37 tháng 02"),
        # no number, or less than was asked for
        ("ngày 37 tháng 02", ["ngày ?? tháng", "27 tháng"], "ngày 37 tháng 02"),
    ],
)
def test_what_cannot_be_is_read_again(
    monkeypatch: pytest.MonkeyPatch, seen: str, again: list[str], expected: str
) -> None:
    answers = iter(again)
    monkeypatch.setattr(ocr, "recognise_each", lambda *_: [line(next(answers))])
    found = impossible.read_again(line(seen), PAPER, 200, 9)
    assert " ".join(word.text for word in found) == expected
    changed = [word.confidence for word, old in zip(found, line(seen), strict=True) if word.text != old.text]
    assert changed in ([], [impossible.SURENESS])


@pytest.mark.parametrize(
    "seen",
    [
        "Huế, ngày 27 tháng 12 năm 2026",
        "trước ngày 31/12/2026",
        # numbers of other things
        "trong 45 ngày làm việc",
        "sau 18 tháng thi công",
        "tháng 18 đơn vị",
        "Công văn số 37/45/2026/TB",
    ],
)
def test_what_can_be_is_not(monkeypatch: pytest.MonkeyPatch, seen: str) -> None:
    def asked(*_: object) -> list[list[Recognised]]:
        raise AssertionError

    monkeypatch.setattr(ocr, "recognise_each", asked)
    assert impossible.read_again(line(seen), PAPER, 200, 9) == line(seen)


def test_a_page_full_of_such_numbers_is_none_of_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def asked(images: list[Gray], *_: object) -> list[list[Recognised]]:
        sizes.append(len(images))
        return [[] for _ in images]

    monkeypatch.setattr(ocr, "recognise_each", asked)
    impossible.read_again([word for _ in range(30) for word in line("ngày 37 tháng 02")], PAPER, 200, 9)
    assert sizes == [impossible.MOST, impossible.MOST]
