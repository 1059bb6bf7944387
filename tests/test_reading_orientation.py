"""Pages that lie on their side or stand on their head are turned, and only those."""

from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest

from models import Box, Word
from pipeline.reading import images, ocr, orientation, scans
from pipeline.reading.material import Gray, PagePicture
from pipeline.reading.ocr import Recognised

SAMPLES = Path(__file__).parent.parent / "samples"
SENSE = ["Giao", "các", "sở", "ngành", "theo", "chức", "năng", "nhiệm", "vụ", "chủ", "động", "triển", "khai"]
NONSENSE = ["ịeqx", "uạoq2", "jjzw", "ọưx", "wq0v", "bnk", "dfg", "xzv", "qwr"]


@pytest.mark.parametrize(
    ("words", "sensible"),
    [
        (SENSE, True),
        (NONSENSE, False),
        # half and half: a page with a stamp across it
        (SENSE + NONSENSE, True),
        # too little to say
        (SENSE[:5], False),
        ([], False),
    ],
)
def test_sense(words: list[str], sensible: bool) -> None:
    assert orientation.makes_sense([Word(word, Box(0, 0, 30, 10)) for word in words]) == sensible


def test_words_that_stand_on_end_make_no_sense() -> None:
    assert not orientation.makes_sense([Word(word, Box(0, 0, 10, 30)) for word in SENSE])


def recognised(words: list[str]) -> list[Recognised]:
    return [Recognised(word, 10, 20, 60, 40, 0.9) for word in words]


def marked_page() -> Gray:
    """Ink all over, a black bar at the top: tells which way up an image was handed over."""
    page = np.full((800, 600), 255, np.uint8)
    page[100:700:20, 60:540] = 0
    page[:60] = 0
    return page


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_is_turned_until_it_makes_sense(monkeypatch: pytest.MonkeyPatch, turns: int) -> None:
    asked: list[tuple[int, ...]] = []

    def engine(image: Gray, *_: object) -> list[Recognised]:
        asked.append(image.shape)
        upright = image.shape[0] < image.shape[1] or image[:50].mean() < 50
        return recognised(SENSE if upright and image[:40].mean() < 10 else NONSENSE)

    monkeypatch.setattr(ocr, "recognise", engine)
    monkeypatch.setattr(ocr, "version", lambda: "0")
    monkeypatch.setattr(orientation, "_fullest_band", lambda gray: np.ascontiguousarray(gray))
    monkeypatch.setattr(images, "skew", lambda _: 0.0)
    lying = np.ascontiguousarray(np.rot90(marked_page(), -turns))
    page = scans.read(PagePicture(lying, lying.shape[1] * 0.36, lying.shape[0] * 0.36), 1, {}, 60)
    assert page.evidence["turns"] == turns
    assert [word.text for word in page.words] == SENSE
    assert (page.width, page.height) == (216, 288)
    assert len(asked) == 5


def test_a_page_without_sense_any_way_up_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "recognise", lambda *_: recognised(NONSENSE))
    assert orientation.quarter_turns(marked_page(), 200, 9) == 0


def test_a_blank_page_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "recognise", lambda *_: pytest.fail("asked"))
    assert orientation.quarter_turns(np.full((800, 600), 250, np.uint8), 200, 9) == 0


@pytest.mark.engine
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_real_page_in_every_direction(turns: int) -> None:
    document = pdfium.PdfDocument(SAMPLES / "03-clearance-notice.pdf")
    pixels = document[0].render(scale=150 / 72, grayscale=True).to_numpy()
    document.close()
    gray = np.ascontiguousarray(np.rot90(pixels.reshape(pixels.shape[:2]), -turns))
    page = scans.read(PagePicture(gray, gray.shape[1] * 0.48, gray.shape[0] * 0.48), 1, {}, 120)
    assert page.evidence["turns"] == turns
    assert orientation.makes_sense(page.words)


def written_page(ruled: bool = False) -> Gray:
    """Lines of what looks like words, in a table of long lines or without."""
    page = np.full((1400, 1000), 255, np.uint8)
    random = np.random.default_rng(5)
    for y in range(120, 1300, 44):
        x = 110
        while x < 850:
            length = int(random.integers(12, 40))
            page[y : y + 14, x : x + length : 5] = 0
            page[y + 7 : y + 9, x : x + length] = 0
            x += length + 12
    if ruled:
        page[100:1310:110, 90:910] = 0
        page[100:1310, 90:911:205] = 0
    return page


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("lean", [0.0, 2.3])
@pytest.mark.parametrize(("turns", "lies"), [(0, False), (1, True), (2, False), (3, True)])
def test_ink_shows_whether_a_page_lies_on_its_side(ruled: bool, lean: float, turns: int, lies: bool) -> None:
    page = np.ascontiguousarray(images.turned(np.rot90(written_page(ruled), turns), lean))
    assert orientation.lies_on_its_side(page) == lies


def test_a_blank_page_does_not_lie_on_its_side() -> None:
    assert not orientation.lies_on_its_side(np.full((1400, 1000), 250, np.uint8))


def test_a_page_that_takes_too_long_is_tried_the_other_way_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def engine(image: Gray, *_: object) -> list[Recognised]:
        if image[:50].mean() > 50:
            raise TimeoutError
        return recognised(SENSE)

    monkeypatch.setattr(ocr, "recognise", engine)
    monkeypatch.setattr(ocr, "version", lambda: "0")
    monkeypatch.setattr(orientation, "_fullest_band", lambda gray: np.ascontiguousarray(gray))
    monkeypatch.setattr(images, "skew", lambda _: 0.0)
    upside_down = np.ascontiguousarray(np.rot90(marked_page(), 2))
    page = scans.read(PagePicture(upside_down, 216, 288), 1, {}, 60)
    assert (page.evidence["turns"], page.words[0].text) == (2, "Giao")
    # Where no other way helps, it is the page's failure.
    monkeypatch.setattr(ocr, "recognise", _too_long)
    with pytest.raises(TimeoutError):
        scans.read(PagePicture(upside_down, 216, 288), 1, {}, 60)


def _too_long(*_: object) -> list[Recognised]:
    raise TimeoutError
