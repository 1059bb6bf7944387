"""Pictures of pages as they are shown: turned as they were read, so that marks lie on the words they are of."""

import io
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from models import Page
from pipeline import reading
from pipeline.reading import images
from pipeline.reading.media import PDF, PNG
from review.pictures import Turn, draw, turn_of
from tests.conftest import SAMPLES

WIDTH = 1000


def scan(path: Path, quarters: int, degrees: float) -> Path:
    """The first page of the telegram as a scanner hands it over: skewed, then laid down by quarters."""
    with pdfium.PdfDocument(SAMPLES / "05-storm-telegram.pdf") as document:
        gray = np.asarray(document[0].render(scale=150 / 72).to_pil().convert("L"))
    lying = np.rot90(images.turned(gray, -degrees), -quarters)
    Image.fromarray(np.ascontiguousarray(lying)).save(path, dpi=(150, 150))
    return path


def ink_in_words(picture: bytes, page: Page) -> float:
    """The share of a picture's ink that lies within the boxes of the page's words."""
    image = Image.open(io.BytesIO(picture))
    assert image.width == WIDTH
    ink = np.asarray(image.convert("L")) < 110
    scale = WIDTH / page.width
    assert image.height == pytest.approx(page.height * scale, abs=2)
    covered = np.zeros_like(ink)
    for word in page.words:
        x0, top, x1, bottom = (
            round(edge * scale) for edge in (word.box.x0, word.box.top, word.box.x1, word.box.bottom)
        )
        covered[max(0, top - 1) : bottom + 2, max(0, x0 - 1) : x1 + 2] = True
    return float((ink & covered).sum() / ink.sum())


@pytest.mark.parametrize(
    ("quarters", "degrees"),
    [
        (1, 1.7),  # on its side and skewed
        (0, -2.2),  # skewed the other way
    ],
)
def test_a_page_is_shown_as_it_was_read(tmp_path: Path, quarters: int, degrees: float) -> None:
    path = scan(tmp_path / "scan.png", quarters, degrees)
    [page] = reading.read(path, media_type=PNG, sha256="", workers=0).pages
    turn = turn_of(page)
    assert (turn.quarters, turn.degrees) == (quarters, pytest.approx(degrees, abs=0.2))
    assert ink_in_words(draw(path, PNG, 1, WIDTH, turn), page) > 0.9
    assert ink_in_words(draw(path, PNG, 1, WIDTH, Turn(quarters)), page) < 0.9


def test_a_text_page_is_shown_as_it_is() -> None:
    path = SAMPLES / "05-storm-telegram.pdf"
    page = reading.read(path, media_type=PDF, sha256="", workers=0).pages[0]
    assert turn_of(page) == Turn()
    assert ink_in_words(draw(path, PDF, 1, WIDTH, Turn()), page) > 0.9
