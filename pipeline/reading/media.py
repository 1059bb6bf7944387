"""What a file is, by its bytes and never by its name; and whether it is all there."""

import re
import zipfile
from pathlib import Path

from pipeline.reading import errors, plain

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
RTF = "application/rtf"
ZIP = "application/zip"
HTML = "text/html"
TEXT = "text/plain"

IMAGES = frozenset({PNG, JPEG, TIFF})
PAGED = IMAGES | {PDF}
"""Types whose reading gives pages; the others give blocks."""

_HEAD = 4096
_PDF_HEADER_WITHIN = 1024
"""A PDF's header may stand after this many bytes of something else (as readers accept)."""
_PDF_TAIL = 2048

# Known and not read: told apart from rubbish, so that the clerk learns what to do.
_UNREAD_MAGIC: tuple[bytes, ...] = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # .ppt, .msg and others
    b"PK\x03\x04",  # packages of other programs
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"GIF8",
    b"BM",
    b"RIFF",
    b"\x00\x00\x00\x0cjP  ",  # JPEG 2000
    b"%!PS",
    b"\x00\x00\x00\x18ftyp",
    b"\x00\x00\x00\x1cftyp",
    b"\x00\x00\x00\x20ftyp",
)
_DOCUMENTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_PACKAGES = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
"""Entries that tell a program's package (.pptx, .odt, .jar) from an archive that somebody made of files."""
MOST_DIRECTORY_BYTES = 4 * 2**20
_ZIP_TAIL = 2**16 + 2**10
"""The end record of a ZIP stands within so many bytes of its end, behind a comment."""
_SEARCHED = 2**20
_STREAMS = {"WordDocument": DOC, "Workbook": XLS, "Book": XLS, "EncryptedPackage": ""}
"""Streams of compound files and what they make of them; the last wraps a DOCX or XLSX behind a password."""
_COMPOUND_READ = 64 * 2**20
_TIFF_DATA = frozenset({273, 279, 324, 325})
"""Tags of a TIFF directory: offsets and byte counts of strips, and of tiles."""
_MOST_STRIPS = 100_000

_HTML_START, _HTML_END = re.compile(rb"<html\b", re.IGNORECASE), re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
_HTML_CLOSED, _HTML_TAIL = re.compile(rb"(?:</[a-z][a-z0-9]{0,15}\s{0,4}>|-->)\s{0,200}$", re.IGNORECASE), 300
_HTML_SIGN = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|article|div|table|p)\b", re.IGNORECASE)


def media_type(path: Path) -> str:
    """Tell a file's type by its content. A ZIP is an archive where it is no package of some program.

    Raises `EmptyFile`, `PasswordProtected`, `UnsupportedType` (a known kind that is not read) or `NotADocument`
    (none known).
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise errors.EmptyFile
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return TIFF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(path)
    if head.startswith(b"{\\rtf"):
        return RTF
    if head.startswith(_UNREAD_MAGIC[0]) and (kind := _compound(path)) is not None:
        return kind
    if head.startswith(_UNREAD_MAGIC):
        raise errors.UnsupportedType(head[:8].hex())
    if _HTML_SIGN.search(head.replace(b"\x00", b"")):
        return HTML
    if plain.looks_like_text(head):
        return TEXT
    raise errors.NotADocument(head[:8].hex())


def _package(path: Path) -> str:
    """What a ZIP is by the names in it: a document of ours, or an archive that somebody made of files."""
    if _directory_bytes(path) > MOST_DIRECTORY_BYTES:
        raise errors.ArchiveTooLarge("its directory")
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    kind = file.read(100).decode("ascii", "replace").strip()
                if kind in (ODT, ODS):
                    return kind
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        # A copy in progress has no directory yet; the names of the first entries still tell.
        with path.open("rb") as file:
            start = file.read(_SEARCHED)
        names = {name for name in (*_DOCUMENTS, *_PACKAGES) if name.encode() in start}
        names |= {name for name in _DOCUMENTS if name.partition("/")[0].encode() + b"/" in start[:_HEAD]}
    for name, document in _DOCUMENTS.items():
        if name in names:
            return document
    if not names.isdisjoint(_PACKAGES):
        raise errors.UnsupportedType("a package")
    return ZIP


def _compound(path: Path) -> str | None:
    """What a compound file of old office programs is, by the first of its streams that has a name we know.

    A name stands in an entry of 128 bytes, UTF-16, with its length and kind behind it. Raises
    `PasswordProtected` where the file is the wrapping of an encrypted one, or says of itself that it is.
    """
    with path.open("rb") as file:
        data = file.read(_COMPOUND_READ)
    found: list[tuple[int, str]] = []
    for name, kind in _STREAMS.items():
        wanted = name.encode("utf-16-le") + b"\0\0"
        at = data.find(wanted)
        while at >= 0:
            length = int.from_bytes(data[at + 64 : at + 66], "little")
            if at % 128 == 0 and length == len(wanted) and data[at + 66 : at + 67] in (b"\1", b"\2"):
                found.append((at, kind))
                break
            at = data.find(wanted, at + 2)
    first = min(found)[1] if found else None
    is_locked_doc = data[512:514] == b"\xec\xa5" and bool(data[523:524] and data[523] & 1)
    # A workbook begins with BOF; FILEPASS comes next where it is locked.
    bof = int.from_bytes(data[514:516], "little") if data[512:514] == b"\x09\x08" else 0
    is_locked_xls = bool(bof) and data[516 + bof : 518 + bof] == b"\x2f\0"
    if first == "" or (first == DOC and is_locked_doc) or (first == XLS and is_locked_xls):
        raise errors.PasswordProtected
    return first


def _directory_bytes(path: Path) -> int:
    """How large the directory at the end of a ZIP says it is; 0 where there is none.

    zipfile makes an object of every entry: a directory of many millions would take the memory of whoever looks.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _ZIP_TAIL))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        return 0
    declared = int.from_bytes(tail[end + 12 : end + 16], "little")
    long = tail.rfind(b"PK\x06\x06", 0, end)
    if declared == 0xFFFFFFFF and long >= 0:
        return int.from_bytes(tail[long + 40 : long + 48], "little")
    return declared


def is_complete(path: Path) -> bool:
    """Whether a file's end is there: the PDF trailer, the ZIP directory, the end of an image or an HTML page.

    A type without an end mark (text, a piece of HTML) is complete as soon as it is not empty; so is an unknown
    one, for waiting would not help it.
    """
    size = path.stat().st_size
    if not size:
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, size - _PDF_TAIL))
        tail = file.read()
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return b"%%EOF" in tail and b"startxref" in tail
    if head.startswith(b"{\\rtf"):
        return tail.rstrip(b"\0 \t\r\n").endswith(b"}")
    if head.startswith(b"PK\x03\x04"):
        return _zip_complete(path)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"IEND\xaeB`\x82" in tail
    if head.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in tail
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return _tiff_complete(path, head, size)
    if _HTML_START.search(head.replace(b"\0", b"")):
        return is_whole_html(path.read_bytes())
    return True


def is_whole_html(data: bytes) -> bool:
    """Whether an HTML page that was begun (`<html>`) has its end; an element that ends last will do.

    All browsers and nearly all sites write one; what was cut off seldom ends with an element.
    """
    plain = data.replace(b"\0", b"")
    if _HTML_START.search(plain) is None:
        return True
    return _HTML_END.search(plain) is not None or _HTML_CLOSED.search(plain[-_HTML_TAIL:]) is not None


def _zip_complete(path: Path) -> bool:
    """Whether the directory at the end of a ZIP is there; one too large to look at is as complete as it gets."""
    if _directory_bytes(path) > MOST_DIRECTORY_BYTES:
        return True
    try:
        with zipfile.ZipFile(path):
            return True
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _tiff_complete(path: Path, head: bytes, size: int) -> bool:
    """Follow the chain of a TIFF's directories: every one, and every strip it names, lies within the file."""
    order = "little" if head[:2] == b"II" else "big"
    with path.open("rb") as file:

        def number(at: int, length: int) -> int:
            file.seek(at)
            return int.from_bytes(file.read(length), order)  # type: ignore[arg-type]

        at, seen = number(4, 4), set[int]()
        while at and at not in seen:
            seen.add(at)
            if at + 2 > size:
                return False
            entries = number(at, 2)
            if at + 2 + entries * 12 + 4 > size:
                return False
            where: dict[int, list[int]] = {}
            for entry in range(at + 2, at + 2 + entries * 12, 12):
                tag = number(entry, 2)
                if tag in _TIFF_DATA:
                    width = 2 if number(entry + 2, 2) == 3 else 4
                    values = min(number(entry + 4, 4), _MOST_STRIPS)
                    start = entry + 8 if values * width <= 4 else number(entry + 8, 4)
                    where[tag] = [number(start + i * width, width) for i in range(values)]
            for offsets, lengths in ((273, 279), (324, 325)):
                pairs = zip(where.get(offsets, ()), where.get(lengths, ()), strict=False)
                if any(start + length > size for start, length in pairs):
                    return False
            at = number(at + 2 + entries * 12, 4)
    return bool(seen)
