"""What one file may cost: checked before work where a size is declared, enforced on processes where it is not."""

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """Bounds of reading one file.

    Bytes of the file and of what it unpacks to; files in an archive; number of pages; pixels of one page image;
    seconds of wall clock for one page, for a batch of text pages and for the whole file; bytes of memory of one
    working process.
    """

    file_bytes: int = 300 * 2**20
    unpacked_bytes: int = 400 * 2**20
    archive_files: int = 200
    pages: int = 2_000
    pixels: int = 60_000_000
    page_seconds: float = 120.0
    batch_seconds: float = 60.0
    batch_pages: int = 16
    file_seconds: float = 7200.0
    memory_bytes: int = 3 * 2**30
