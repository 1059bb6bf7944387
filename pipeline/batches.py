"""A batch scan: one file of several letters, which become documents of their own with their own pages.

The scan stays as it came. Each letter is kept as a file of its pages, with its share of the reading: nothing is
recognised twice, and everything after treats it as any letter. Done again after a crash it makes the same files.
"""

import shutil
import tempfile
from itertools import pairwise
from pathlib import Path, PurePath

from extractors import batch, secrecy
from models.document import Document
from pipeline import reading
from pipeline.failpoints import failpoint
from pipeline.home import free_place
from pipeline.identity import new_id
from pipeline.journal import sha256_of
from pipeline.reading.media import PDF, TIFF
from pipeline.register import Register
from pipeline.texts import text


class SecretInside(Exception):
    """One of the letters in a scan bears a secrecy mark, or may; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def split(register: Register, sha256: str) -> list[str]:
    """Make documents of the letters in a scan that was read; their hashes, none where it is one letter.

    Each is received and read; the caller extracts it. Raises `SecretInside` before anything is recorded,
    `ReadingError` where the file cannot be parted.
    """
    [(name, media_type, blob, letter)] = register.store.rows(
        "SELECT name, media_type, reading, letter_id FROM documents WHERE document_sha256 = ?", [sha256]
    )
    # What came with others as one letter is one.
    if letter is not None or media_type not in (PDF, TIFF) or not register.settings.split_batches:
        return []
    document = register.journal.kept(blob, Document)
    starts = batch.starts(document)
    if len(starts) < 2:
        return []
    spans = [(first, after - 1) for first, after in pairwise([*starts, len(document.pages) + 1])]
    with tempfile.TemporaryDirectory(prefix="giaoviec-") as folder:
        files = [Path(folder, f"{first}") for first, _ in spans]
        reading.parted(register.journal.blob(sha256), media_type, spans, files, pool=register.pool)
        _check(register, document, spans, files, media_type)
        parts = [sha256_of(file) for file in files]
        for part, file, (first, last) in zip(parts, files, spans, strict=True):
            register.journal.keep_file(file, part)
            _enter(register, name, part, batch.part(document, first, last, part, media_type), (first, last))
            failpoint("after_part")
    register.record(
        "split",
        {
            "document": sha256,
            "parts": [
                {"document": part, "first": first, "last": last}
                for part, (first, last) in zip(parts, spans, strict=True)
            ],
        },
    )
    return parts


def _check(
    register: Register, document: Document, spans: list[tuple[int, int]], files: list[Path], media_type: str
) -> None:
    """Raise `SecretInside` where a letter after the first bears a secrecy mark; the first was looked at before."""
    for (first, _), file in list(zip(spans, files, strict=True))[1:]:
        red = reading.red_regions(file, media_type, pool=register.pool)
        verdict = secrecy.of_page(document.pages[first - 1], red)
        if verdict.verdict != "clear":
            raise SecretInside("secret" if verdict.verdict == "marked" else "secret_doubtful")


def _enter(register: Register, name: str, part: str, document: Document, span: tuple[int, int]) -> None:
    """Record one letter of a scan as received and read, where it is not known already."""
    if register.store.value(
        "SELECT count(*) FROM documents WHERE document_sha256 = ? AND reading IS NOT NULL", [part]
    ):
        return
    whole = PurePath(name)
    own = text("cli.part_of_batch", name=whole.stem, first=span[0], last=span[1]) + whole.suffix
    size = register.journal.blob(part).stat().st_size
    with register.store.gate:
        if not register.store.value("SELECT count(*) FROM documents WHERE document_sha256 = ?", [part]):
            register.record(
                "received",
                {"document": part, "name": own, "media_type": document.media_type, "size": size, "drop": new_id()},
            )
        register.record_reading(part, reading.Reading.of(document))


def set_aside(register: Register, sha256: str) -> Path:
    """Copy a scan that may not be here to where held letters lie; its place."""
    name = register.store.value("SELECT name FROM documents WHERE document_sha256 = ?", [sha256])
    place = free_place(register.home.held, name)
    shutil.copyfile(register.journal.blob(sha256), place)
    return place
