"""Page images: measured, prepared, their lines and red parts found; and the pages of image files."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.reading import errors, frames, images, ocr, scans
from pipeline.reading.material import Gray, PagePicture
from pipeline.reading.ocr import Mode, Recognised
from pipeline.reading.tables import grid_from_lines

DPI = 200


def text_page(width: int = 1000, height: int = 1400) -> Gray:
    """White paper with lines of what looks like words."""
    page = np.full((height, width), 255, np.uint8)
    random = np.random.default_rng(3)
    for y in range(150, height - 150, 45):
        x = 120
        while x < width - 150:
            length = int(random.integers(20, 90))
            cv2.putText(page, "nhmu"[: max(1, length // 22)], (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
            x += length + 25
    return page


@pytest.mark.parametrize("angle", [-2.5, -0.8, 0.0, 0.4, 1.9])
def test_skew_is_measured(angle: float) -> None:
    assert images.skew(images.turned(text_page(), -angle)) == pytest.approx(angle, abs=0.11)


def test_an_empty_page_has_no_skew() -> None:
    assert images.skew(np.full((1400, 1000), 250, np.uint8)) == 0.0


def speckled(page: Gray) -> Gray:
    page = page.copy()
    random = np.random.default_rng(1)
    for y, x in zip(random.integers(0, 1390, 300), random.integers(0, 990, 300), strict=True):
        page[y : y + 2, x : x + 2] = 0
    return page


def shaded(page: Gray) -> Gray:
    return (page * np.linspace(1.0, 0.8, page.shape[1])[None, :]).astype(np.uint8)


@pytest.mark.parametrize(
    ("page", "dpi", "steps"),
    [
        # a good scan is left alone
        (text_page(), 200, ()),
        # each fault has its remedy
        (text_page(), 120, ("enlarge",)),
        (images.turned(text_page(), 1.5), 200, ("deskew",)),
        (shaded(text_page()), 200, ("light",)),
        (speckled(text_page()), 200, ("specks",)),
    ],
)
def test_preparation_does_what_is_needed_and_no_more(page: Gray, dpi: float, steps: tuple[str, ...]) -> None:
    prepared, _ = images.prepare(page, dpi)
    assert prepared.steps == steps
    assert prepared.gray.shape == tuple(round(side * prepared.scale) for side in page.shape)


def test_specks_go_and_dots_stay() -> None:
    page = text_page()
    # A full stop next to its word, and a speck far from any.
    page[147:151, 118:121], page[60:62, 60:62] = 0, 0
    cleaned = images.prepare(speckled(page), DPI)[0].gray
    assert cleaned[60, 60] > 200
    assert cleaned[148, 119] < 60


def test_a_page_of_grain_has_more_parts_than_short_labels_name() -> None:
    page: Gray = np.full((1200, 1200), 255, np.uint8)
    page[::4, ::4] = 0
    assert len(images._parts((page == 0).astype(np.uint8))) == 300 * 300 + 1


def test_uneven_light_is_evened() -> None:
    light = images.prepare(shaded(text_page()), DPI)[0].gray
    assert abs(int(np.median(light[:, :200])) - int(np.median(light[:, -200:]))) < 5


def ruled(angle: float = 0.0) -> Gray:
    page = np.full((600, 900), 255, np.uint8)
    for y in (100, 200, 300):
        cv2.line(page, (100, y), (800, y), 0, 2)
    for x in (100, 300, 800):
        cv2.line(page, (x, 100), (x, 300), 0, 2)
    cv2.putText(page, "IlH", (120, 160), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    return images.turned(page, angle)


@pytest.mark.parametrize("angle", [0.0, 0.15, -0.1])
def test_lines_of_a_table_are_found_and_strokes_of_letters_are_not(angle: float) -> None:
    across, down, mask = images.ruling_lines(ruled(angle), DPI)
    (grid,) = grid_from_lines(across, down, snap=8, touch=8)
    assert (len(grid.ys) - 1, len(grid.xs) - 1, len(grid.cells)) == (2, 2, 4)
    assert mask[150, 130] == 0


def test_ink_of_a_cell_and_grain_without_ink() -> None:
    cell = np.full((80, 200), 235, np.uint8)
    cell += np.random.default_rng(2).integers(-15, 15, cell.shape).astype(np.uint8)
    assert images.inked(images.clear_paper(cell), DPI) is None
    cv2.putText(cell, "12.", (60, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 20, 2)
    box = images.inked(images.clear_paper(cell), DPI)
    assert box is not None
    assert 40 <= box.x0 <= 62
    assert box.bottom <= 62


def stamped() -> np.ndarray:
    """A white page with black text and a red box that holds a word."""
    page = cv2.cvtColor(text_page(), cv2.COLOR_GRAY2BGR)
    cv2.rectangle(page, (100, 30), (260, 95), (30, 30, 200), 3)
    cv2.putText(page, "KHAN", (125, 75), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (30, 30, 200), 3)
    return page


def test_red_parts_are_read_before_red_is_removed() -> None:
    (part,) = images.red_parts(stamped(), DPI)
    # The word without its box: black on white.
    assert 0.01 < (part < 128).mean() < 0.3
    assert images.red_parts(text_page(), DPI) == []
    plain = images.without_colour(stamped())
    assert plain[30:95, 100:260].min() > 150
    assert plain.min() < 50


def test_blue_signatures_go_and_blue_text_stays() -> None:
    signed = cv2.cvtColor(text_page(), cv2.COLOR_GRAY2BGR)
    cv2.line(signed, (700, 60), (900, 110), (170, 60, 30), 5)
    plain = images.without_colour(signed)
    assert plain[50:120, 690:910].min() > 200
    assert plain.min() < 50
    # A page written in blue altogether is not emptied.
    blue = np.where(text_page()[:, :, None] < 128, np.array([170, 60, 30], np.uint8), np.uint8(255)).astype(
        np.uint8
    )
    assert images.without_colour(blue).min() < 80


class Engine:
    """Stands in for Tesseract: gives what a test tells it to, and remembers what it was asked."""

    def __init__(self, *answers: list[tuple[int, str, float]]) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def image_to_data(self, source: str, *, lang: str, config: str, timeout: float, output_type: str) -> object:
        self.asked.append(f"{Path(source).suffix} {lang} {config}")
        rows = self.answers.pop(0) if self.answers else []
        keys = ("page_num", "text", "left", "top", "width", "height", "conf")
        columns = list(zip(*((page, text, 10, 20, 30, 40, sure) for page, text, sure in rows), strict=True))
        alone = {key: list(range(len(rows))) for key in ("block_num", "par_num", "line_num")}
        return alone | dict(zip(keys, columns or [[] for _ in keys], strict=True))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    fake = Engine()
    monkeypatch.setattr(ocr, "require", lambda: None)
    monkeypatch.setattr(ocr, "version", lambda: "0")
    monkeypatch.setattr(ocr.pytesseract, "image_to_data", fake.image_to_data)
    return fake


def test_images_are_never_handed_over_as_png(engine: Engine) -> None:
    engine.answers = [[(1, "Sở", 96.0), (1, " ", -1.0)]]
    assert ocr.recognise(text_page(), 200, Mode.PAGE, 5) == [Recognised("Sở", 10, 20, 40, 60, 0.96)]
    ocr.recognise(Path("scan.jpg"), 200, Mode.BLOCK, 5)
    assert engine.asked == [".pgm vie --psm 3 --dpi 200", ".jpg vie --psm 6 --dpi 200"]


def test_a_box_drawn_over_the_next_word_ends_where_that_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    data = {
        "page_num": [1, 1, 1],
        "block_num": [1, 1, 1],
        "par_num": [1, 1, 1],
        "line_num": [1, 1, 2],
        "text": ["thời", "sự", "tối"],
        "left": [100, 125, 20],
        "top": [0, 0, 30],
        "width": [40, 12, 30],
        "height": [12, 12, 12],
        "conf": [96.0, 96.0, 96.0],
    }
    monkeypatch.setattr(ocr, "require", lambda: None)
    monkeypatch.setattr(ocr.pytesseract, "image_to_data", lambda *_, **__: data)
    found = ocr.recognise(text_page(), 200, Mode.PAGE, 5)
    assert [(word.x0, word.x1) for word in found] == [(100, 125), (125, 137), (20, 50)]


def test_many_cells_take_one_run(engine: Engine) -> None:
    engine.answers = [[(1, "một", 90.0), (3, "ba", 90.0), (3, "bốn", 80.0)]]
    cells = [np.full((40, 40), 255, np.uint8)] * 3
    words = ocr.recognise_each(cells, 200, Mode.BLOCK, 5)
    assert [[word.text for word in cell] for cell in words] == [["một"], [], ["ba", "bốn"]]
    assert len(engine.asked) == 1


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        # a doubtful cell is read again, and the surer reading counts
        (("27-TB/IGV", 60.0), [("27-TB/TGV", 90.0)], "27-TB/TGV"),
        (("27-TB/TGV", 60.0), [("27-TB/IGV", 50.0)], "27-TB/TGV"),
        (("27-TB/TGV", 60.0), [], "27-TB/TGV"),
        # a sure one is not
        (("27-TB/TGV", 95.0), [("nothing asks", 99.0)], "27-TB/TGV"),
    ],
)
def test_a_doubtful_cell_is_read_twice(
    engine: Engine, first: tuple[str, float], second: list[tuple[str, float]], text: str
) -> None:
    engine.answers = [[(1, *first)], [(1, *answer) for answer in second]]
    ((word,),) = scans._read_twice([np.full((40, 120), 255, np.uint8)], DPI, 9)
    assert word.text == text
    # Wherever it was read, its box is in pixels of the first image.
    assert word.x0 == pytest.approx(10 if text == first[0] else 10 / 0.75)


def test_a_scanned_table_has_its_words_in_its_cells(engine: Engine) -> None:
    # The page around the table, then its one inked cell.
    engine.answers = [[(1, "Phụ", 95.0)], [(1, "TT", 91.0)]]
    page = scans.read(PagePicture(ruled(), 900 * 72 / DPI, 600 * 72 / DPI), 4, {"decision": "empty"}, 10)
    (table,) = page.tables
    assert [(c.row, c.column, [page.words[i].text for i in c.words]) for c in table.cells] == [
        (0, 0, ["TT"]),
        (0, 1, []),
        (1, 0, []),
        (1, 1, []),
    ]
    assert (page.number, page.source, page.evidence["decision"]) == (4, "ocr", "empty")
    first, inner = page.words
    # Boxes in points; that of a cell's word lies where the cell is.
    assert (first.box.x0, first.box.top) == pytest.approx((10 * 0.36, 20 * 0.36), abs=0.1)
    assert table.box.x0 < inner.box.x0 < table.box.x1


@pytest.mark.parametrize(
    ("mode", "size", "dpi", "points"),
    [
        # the resolution the file states
        ("L", (827, 1169), 100, (595, 842)),
        # none stated, or a screen's: taken to be A4
        ("RGB", (1654, 2339), None, (595, 842)),
        ("1", (1654, 2339), 72, (595, 842)),
        # a page lying on its side
        ("L", (2339, 1654), None, (842, 595)),
    ],
)
def test_size_of_a_page_from_an_image(
    tmp_path: Path, mode: str, size: tuple[int, int], dpi: int | None, points: tuple[int, int]
) -> None:
    path = tmp_path / "a.png"
    Image.new(mode, size, 1).save(path, **({"dpi": (dpi, dpi)} if dpi else {}))
    picture = frames.frame(path, 1, 10**7)
    assert (picture.width, picture.height) == pytest.approx(points, abs=1)
    assert picture.pixels.ndim == (3 if mode == "RGB" else 2)


def test_frames_of_a_tiff_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    pages = [Image.new("L", (400, 600), gray) for gray in (250, 150, 50)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert frames.count(path) == 3
    assert [int(frames.frame(path, number, 10**6).pixels[0, 0]) for number in (1, 2, 3)] == [250, 150, 50]


def test_an_image_too_large_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("1", (5000, 5000)).save(path)
    with pytest.raises(errors.TooLarge):
        frames.frame(path, 1, 10**6)


def test_a_damaged_image_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(errors.Unreadable):
        frames.frame(path, 1, 10**6)


@pytest.mark.parametrize(
    ("quality", "dpi", "good"),
    [
        ((0.7, 3.0, 30), 200, True),
        # each fault alone: leaning, uneven light, specks, few pixels
        ((1.4, 3.0, 30), 200, False),
        ((0.7, 9.0, 30), 200, False),
        ((0.7, 3.0, 90), 200, False),
        ((0.7, 3.0, 30), 150, False),
    ],
)
def test_which_pages_of_text_need_nothing(quality: tuple[float, float, int], dpi: float, good: bool) -> None:
    assert images.is_good(images.Quality(*quality), dpi) == good


@pytest.mark.parametrize("angle", [0.0, 0.7, -0.9])
def test_a_leaning_table_is_told_from_text_and_the_edge_of_the_sheet(angle: float) -> None:
    edged = text_page()
    edged[:, :8] = 60
    cv2.line(edged, (120, 300), (500, 300), 0, 2)
    assert scans._may_be_ruled(images.turned(ruled(), -angle), DPI, angle)
    assert not scans._may_be_ruled(images.turned(edged, -angle), DPI, angle)


def test_words_are_turned_instead_of_the_picture() -> None:
    page = np.full((1400, 1000), 255, np.uint8)
    page[300:320, 700:760] = 0
    leaning = images.turned(page, -0.9)
    y, x = (int(places.mean()) for places in np.nonzero(leaning < 128))
    (word,) = scans._turned([Recognised("a", x - 30, y - 10, x + 30, y + 10, 0.9)], 0.9, 500, 700)
    assert ((word.x0 + word.x1) / 2, (word.top + word.bottom) / 2) == pytest.approx((730, 310), abs=1.5)


def test_a_good_page_is_handed_over_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    handed: list[object] = []

    def recognise(image: object, *_: object) -> list[Recognised]:
        handed.append(image)
        return [Recognised("chữ", 500, 690, 560, 710, 0.9)]

    monkeypatch.setattr(ocr, "recognise", recognise)
    monkeypatch.setattr(ocr, "version", lambda: "0")
    file = tmp_path / "page.jpg"
    for page in (images.turned(text_page(), -0.6), images.turned(text_page(), -2.0)):
        scans._read(PagePicture(page, 360, 504, file), 1, {}, 60)
    assert handed[0] == file
    assert isinstance(handed[1], np.ndarray)
