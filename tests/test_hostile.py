"""Files made to do harm, or harmed: no crash, no hang, no gap that is not said."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from benchmarks import flips
from models import Box, Page, Word
from pipeline.reading import Limits, PagePool, damage, errors, media_type, pages, read
from tests import paper
from tests.paper import Sheet

SAMPLES = Path(__file__).parent.parent / "samples"
LIMITS = Limits(page_seconds=4.0, batch_seconds=4.0)
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
LINES = " ".join(f"{n} 0 m {n} 9 l S" for n in range(300))
"""A drawing that looks like text without being any: the page must be looked at."""


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(workers=1, memory=3 * 2**29) as opened:
        yield opened


def page(resources: str = "", box: str = "0 0 595 842") -> bytes:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << {resources} >> /Contents 4 0 R >>"
    ).encode()


def squeezed(block: bytes, times: int) -> bytes:
    """A zlib stream of `block` so many times over, made without ever having all of it."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    body = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + body * times + b"\x03\x00" + bytes(4)


def with_stream(data: bytes) -> Callable[[Path], Path]:
    objects = {1: CATALOGUE, 2: ONE_PAGE, 3: page(), 4: paper.stream(data, "/Filter /FlateDecode")}
    return lambda path: paper.raw(path, objects)


def with_picture(across: int, down: int) -> Callable[[Path], Path]:
    """A page that is one picture, of nothing but zeros."""
    entries = (
        f"/Type /XObject /Subtype /Image /Width {across} /Height {down} /ColorSpace /DeviceGray "
        "/BitsPerComponent 8 /Filter /FlateDecode"
    )
    data = squeezed(bytes(2**20), across * down // 2**20 + 1)
    objects = {
        1: CATALOGUE,
        2: ONE_PAGE,
        3: page("/XObject << /Im 5 0 R >>"),
        4: paper.stream(b"q 595 0 0 842 0 0 cm /Im Do Q"),
        5: paper.stream(data, entries),
    }
    return lambda path: paper.raw(path, objects)


def forms_in_forms(path: Path) -> Path:
    """Each form draws the next one twice: two to the power of 35 lines from six kilobytes."""

    def form(content: bytes, resources: str = "") -> bytes:
        return paper.stream(
            content, f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >>"
        )

    objects = {n: form(b"/F Do /F Do", f"/XObject << /F {n + 1} 0 R >>") for n in range(5, 40)}
    objects |= {1: CATALOGUE, 2: ONE_PAGE, 3: page("/XObject << /F 5 0 R >>"), 4: paper.stream(b"/F Do")}
    return paper.raw(path, objects | {40: form(LINES.encode())})


def looping(path: Path) -> Path:
    """The root of the pages is its own grandchild."""
    return paper.raw(
        path,
        {
            1: CATALOGUE,
            2: b"<< /Type /Pages /Kids [5 0 R 3 0 R] /Count 2 >>",
            3: page(),
            4: paper.stream(LINES.encode()),
            5: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
        },
    )


def large_page(path: Path) -> Path:
    return paper.write(path, Sheet(14_400, 14_400).draw(LINES))


def cut_jpeg(path: Path) -> Path:
    return paper.write(path, Sheet().jpeg(jpeg()[:4000], 1240, 1754))


def jpeg() -> bytes:
    buffer = io.BytesIO()
    steps = np.arange(1240, dtype=np.uint16) * 3
    Image.fromarray(np.tile(steps.astype(np.uint8), (1754, 1))).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        # a content stream of two gigabytes in two megabytes
        (with_stream(squeezed(b" " * 2**20, 2000)), {"memory", "crashed", "timeout", "unreadable"}),
        # lines without end
        (with_stream(squeezed(b"0 0 m 9 9 l S\n" * 2**16, 400)), {"memory", "crashed", "timeout", "unreadable"}),
        (forms_in_forms, {"memory", "crashed", "timeout", "unreadable"}),
        # a picture of 30,000 pixels each way; pdfium would leave it out and say nothing
        (with_picture(30_000, 30_000), {"too_large"}),
        (large_page, {"too_large"}),
        (looping, {"unreadable"}),
        (cut_jpeg, {"truncated"}),
    ],
    ids=["stream", "lines", "forms", "picture", "page", "loop", "cut"],
)
def test_a_page_made_to_do_harm_is_unread_with_its_reason(
    pool: PagePool, tmp_path: Path, make: Callable[[Path], Path], reasons: set[str]
) -> None:
    path = make(tmp_path / "a.pdf")
    document = read(path, media_type=media_type(path), sha256="", limits=LIMITS, pool=pool)
    assert {page.source for page in document.pages} == {"unread"}
    assert {page.reason for page in document.pages} <= reasons
    assert pool.submit(60.0, len, "bốn!").result() == 4


def letter(path: Path, content: bytes) -> Path:
    """Two pages; the first one's content is these bytes."""
    objects = {1: CATALOGUE, 2: b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>", 3: page(), 5: page()}
    objects[5] = objects[5].replace(b"4 0 R", b"6 0 R")
    return paper.raw(
        path, objects | {4: paper.stream(content, "/Filter /FlateDecode"), 6: paper.stream(LINES.encode())}
    )


SENTENCES = zlib.compress(b"".join(b"%d 0 m %d 9 l S\n" % (n * 7919 % 5003, n) for n in range(3_000)))


@pytest.mark.parametrize(
    ("content", "damaged"),
    [
        (SENTENCES, set()),
        # cut off, or a bit of it turned
        (SENTENCES[: len(SENTENCES) // 2], {1}),
        (SENTENCES[:999] + bytes([SENTENCES[999] ^ 8]) + SENTENCES[1_000:], {1}),
        # zeros that decode to something, and end early
        (SENTENCES[:999] + bytes(500) + SENTENCES[1_499:], {1}),
        # a sum that is another one: some letter or digit was changed
        (SENTENCES[:-1] + bytes([SENTENCES[-1] ^ 1]), {1}),
        # all of it there, the sum missing or nought, or something behind it: as some programs write it
        (SENTENCES[:-4], set()),
        (SENTENCES[:-4] + bytes(4), set()),
        (SENTENCES + b"\r\n", set()),
    ],
    ids=["whole", "cut", "turned", "zeros", "wrong sum", "no sum", "sum of nought", "more"],
)
def test_a_page_whose_content_breaks_off_is_told(tmp_path: Path, content: bytes, damaged: set[int]) -> None:
    path = letter(tmp_path / "a.pdf", content)
    found_out = damage.find(path, 2)
    assert (found_out.pages, found_out.some) == (damaged, bool(damaged))
    found = read(path, media_type=media_type(path), sha256="", workers=0, limits=Limits(page_seconds=60)).pages
    assert {page.number for page in found if page.reason == "damaged"} >= damaged


def test_in_a_damaged_file_no_page_is_taken_for_empty(tmp_path: Path) -> None:
    """The second page's content is not found; the third one is whole."""
    objects = {number: page().replace(b"4 0 R", b"%d 0 R" % (number + 1)) for number in (3, 5, 7)}
    objects |= {1: CATALOGUE, 2: b"<< /Type /Pages /Kids [3 0 R 5 0 R 7 0 R] /Count 3 >>"}
    objects |= {4: paper.stream(SENTENCES[:999], "/Filter /FlateDecode")}
    objects |= {8: paper.stream(b"BT /F 12 Tf 72 700 Td (Trang ba) Tj ET")}
    path = paper.raw(tmp_path / "a.pdf", objects)
    found = read(path, media_type=media_type(path), sha256="", workers=0).pages
    assert [page.reason for page in found[:2]] == ["damaged", "damaged"]
    objects[4] = paper.stream(SENTENCES, "/Filter /FlateDecode")
    path = paper.raw(tmp_path / "a.pdf", objects)
    assert not damage.find(path, 3).some


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        # a page of 400 letters whose font shows a handful of signs
        ("† ø§ xq Ðw kfz pq lz wj", "damaged"),
        # no Vietnamese, but as much as its text layer holds
        ("the quick brown fox jumps over the lazy dog " * 12, None),
        # few words that make sense: most of it is drawn in no font
        ("Ủy ban nhân dân các xã báo cáo kết quả", "damaged"),
    ],
)
def test_a_page_recognised_off_a_broken_font_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: str, reason: str | None
) -> None:
    def recognise(path: Path, kind: str, unread: Page, limits: Limits) -> list[Page]:
        words = tuple(Word(text, Box(0, 0, 9, 9), 0.4) for text in seen.split())
        return [msgspec.structs.replace(unread, source="ocr", words=words, reason=None)]

    monkeypatch.setattr(pages, "recognise", recognise)
    sheet = Sheet(width=1400)
    for row in range(10):
        sheet.text(36, 700 - 20 * row, "g9jw k8dq zx7v " * 3, font="Old")
    path = paper.write(tmp_path / "a.pdf", sheet, fonts={"Old": "VNI-Times"})
    (found,) = read(path, media_type=media_type(path), sha256="", workers=0).pages
    assert (found.reason, found.source) == (reason, "unread" if reason else "ocr")


def test_damage_nobody_can_place_is_the_file_s(tmp_path: Path) -> None:
    """pdfium and pdfminer do not find the same pages."""
    path = letter(tmp_path / "a.pdf", SENTENCES[:999])
    with pytest.raises(errors.Unreadable):
        damage.find(path, 5)


def test_such_a_page_costs_its_neighbours_nothing(pool: PagePool, tmp_path: Path) -> None:
    """The others of its batch are read all the same, without what it cost."""
    sheets = [Sheet().text(72, 700, f"Trang thứ {n} của văn bản") for n in range(1, 4)]
    sheets[1] = Sheet(14_400, 14_400).draw(LINES)
    path = paper.write(tmp_path / "a.pdf", *sheets)
    found = read(path, media_type=media_type(path), sha256="", limits=LIMITS, pool=pool).pages
    assert [page.words[2].text if page.words else page.reason for page in found] == ["1", "too_large", "3"]


def tall(path: Path) -> Path:
    """A PNG that declares 900 million pixels in a hundred bytes."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    packed = (
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))
    return path


def long_tiff(path: Path) -> Path:
    frames = [Image.new("1", (8, 8)) for _ in range(60)]
    frames[0].save(path, "TIFF", save_all=True, append_images=frames[1:])
    return path


def endless(path: Path) -> Path:
    return paper.raw(path, {1: CATALOGUE, 2: b"<< /Type /Pages /Kids [2 0 R] /Count 1000000 >>"})


def many(path: Path) -> Path:
    return paper.write(path, *(Sheet().text(72, 700, "Trang") for _ in range(5_000)))


@pytest.mark.parametrize(
    ("make", "pages"),
    [(tall, 2_000), (long_tiff, 50), (endless, 2_000), (many, 2_000)],
    ids=["png", "tiff", "count", "5000 pages"],
)
def test_what_declares_too_much_is_refused_before_it_is_read(
    pool: PagePool, tmp_path: Path, make: Callable[[Path], Path], pages: int
) -> None:
    path = make(tmp_path / "a")
    limits = msgspec.structs.replace(LIMITS, pages=pages)
    with pytest.raises(errors.TooLarge):
        read(path, media_type=media_type(path), sha256="", limits=limits, pool=pool)


def test_a_cut_picture_is_told(pool: PagePool, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg()[:4000])
    found = read(path, media_type=media_type(path), sha256="", limits=LIMITS, pool=pool).pages
    assert [(page.source, page.reason) for page in found] == [("unread", "unreadable")]


@pytest.mark.parametrize(
    "name", ["05-storm-telegram.pdf", "06-food-safety-report.docx", "07-traffic-safety-news.html"]
)
def test_flipped_bytes_end_in_a_document_or_a_reason(pool: PagePool, tmp_path: Path, name: str) -> None:
    """A few seeded copies of each kind; `python -m benchmarks flips` tries hundreds."""
    found = flips.trial(SAMPLES / name, copies=8, seed=11, folder=tmp_path, pool=pool, limits=LIMITS)
    assert (found.surprises, found.hung) == ((), 0)
    assert found.read + found.refused == 8
    assert pool.submit(60.0, len, "bốn!").result() == 4
