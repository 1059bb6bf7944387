"""What a file is by its bytes, and whether it is all there."""

import io
import pickle
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from pipeline.reading import errors, is_complete, media_type
from pipeline.reading.errors import ReadingError
from pipeline.texts import catalogue
from tests.paper import Sheet, write


def image(form: str, pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("L", (40, 60), 200 + number) for number in range(pages)]
    options = {"save_all": True, "append_images": frames[1:]} if form == "TIFF" else {}
    frames[0].save(buffer, form, **options)
    return buffer.getvalue()


def archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(name, "<w:document/>" * 50)
    return buffer.getvalue()


def pdf(tmp_path: Path) -> bytes:
    return write(tmp_path / "made.pdf", Sheet().text(72, 700, "Kính gửi")).read_bytes()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        # a PDF behind bytes of something else
        (b"\x00" * 100 + b"%PDF-1.4\n", "application/pdf"),
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("TIFF"), "image/tiff"),
        (archive("word/document.xml"), DOCX),
        (archive("xl/workbook.xml"), XLSX),
        # files that somebody put together
        (archive("công văn.xml"), "application/zip"),
        (b"<!DOCTYPE html><html><body><p>Tin", "text/html"),
        # a fragment, as mail programs save it
        ("<div><p>Sở Y tế</p></div>".encode(), "text/html"),
        ("Sở Y tế yêu cầu 3 < 5".encode(), "text/plain"),
        ("Sở Y tế".encode("utf-16"), "text/plain"),
    ],
)
def test_types(tmp_path: Path, data: bytes, expected: str) -> None:
    # The name says something else: it is not believed.
    path = tmp_path / "a.xyz"
    path.write_bytes(data)
    assert media_type(path) == expected


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.EmptyFile),
        # an old Word file, an OpenDocument, a picture of another kind
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), errors.UnsupportedType),
        (archive("mimetype"), errors.UnsupportedType),
        (archive("[Content_Types].xml"), errors.UnsupportedType),
        (b"GIF89a" + bytes(20), errors.UnsupportedType),
        # no document of any kind
        (bytes(range(256)), errors.NotADocument),
    ],
)
def test_files_that_are_refused(tmp_path: Path, data: bytes, error: type[ReadingError]) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(error):
        media_type(path)


@pytest.mark.parametrize("kind", ["pdf", "PNG", "JPEG", "TIFF", "docx", "html"])
@pytest.mark.parametrize(("share", "complete"), [(1.0, True), (0.9, False), (0.5, False)])
def test_the_end_of_a_file_is_missed(tmp_path: Path, kind: str, share: float, complete: bool) -> None:
    made = {
        "pdf": lambda: pdf(tmp_path),
        "docx": lambda: archive("word/document.xml"),
        "html": lambda: b"<!DOCTYPE html><HTML lang=vi><body><p>Giao</p></body>",
    }
    data = made.get(kind, lambda: image(kind, 3))()
    path = tmp_path / "a"
    path.write_bytes(data[: int(len(data) * share)])
    assert is_complete(path) == complete


@pytest.mark.parametrize(
    ("data", "complete"), [(b"", False), (b"Kinh gui", True), (b"<p>Giao", True), (b"<html><p>Giao</p>\n", True)]
)
def test_text_is_complete_when_there_is_some(tmp_path: Path, data: bytes, complete: bool) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert is_complete(path) == complete


def family() -> list[type[ReadingError]]:
    return [ReadingError, *ReadingError.__subclasses__()]


def test_every_error_and_every_reason_of_an_unread_page_has_its_sentence() -> None:
    codes = {error.code for error in family()} | {"timeout", "memory", "crashed", "damaged"}
    said = {code.removeprefix("reading.") for code in catalogue("vi") if code.startswith("reading.")}
    assert codes == said


def test_errors_survive_the_way_out_of_a_process() -> None:
    for error in family():
        copy = pickle.loads(pickle.dumps(error("trang 3")))
        assert (type(copy), copy.code, copy.values) == (error, error.code, {"detail": "trang 3"})
