"""A file in, a `models.Document` out: the one way bytes become words.

`media_type` and `is_complete` look at a file, `first_page` and `red_regions` serve the check of secrecy marks,
`read` reads the whole (`read_packed` does without holding all its words at once), `unpack` opens an archive. All
work on hostile bytes happens in processes that can be killed.
"""

from pipeline.reading.errors import ReadingError
from pipeline.reading.limits import Limits
from pipeline.reading.media import is_complete, media_type
from pipeline.reading.ocr import check_engine
from pipeline.reading.packed import Reading
from pipeline.reading.pool import PagePool
from pipeline.reading.read import READER, first_page, parted, read, read_packed, red_regions, unpack

__all__ = [
    "READER",
    "Limits",
    "PagePool",
    "Reading",
    "ReadingError",
    "check_engine",
    "first_page",
    "is_complete",
    "media_type",
    "parted",
    "read",
    "read_packed",
    "red_regions",
    "unpack",
]
