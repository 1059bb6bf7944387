"""`python -m benchmarks flips`: copies of the samples with bytes flipped, zeroed or cut off, each read.

Every copy must end as a document or as a reason. A gap is a page (or a file without pages) that has lost more
than half of its words and does not say so: it is neither unread nor of the wrong kind.
"""

import random
import time
from pathlib import Path

import msgspec

from models import Document, Grid
from pipeline.reading import Limits, PagePool, media_type, read
from pipeline.reading.errors import ReadingError

SAMPLES = Path(__file__).parent.parent / "samples"
SMALL = 100_000
"""Samples up to this size: the larger ones are scans, which cost seconds a page."""
SUFFIXES = (".pdf", ".docx", ".html", ".txt", ".xlsx", ".doc", ".xls")
LIMITS = Limits(page_seconds=30.0, batch_seconds=30.0)
GRACE = 30.0
"""Seconds a copy may take over what its limits allow before it is said to hang."""


class Trial(msgspec.Struct, frozen=True):
    """What became of the copies of one file: read, refused with a reason; pages unread; gaps; what must not be."""

    read: int
    refused: int
    unread_pages: int
    gaps: tuple[str, ...]
    surprises: tuple[str, ...]
    hung: int


def harmed(data: bytes, chance: random.Random) -> bytes:
    """A copy of `data` with a few bytes flipped, a run of zeros, or its end cut off."""
    copy = bytearray(data)
    match chance.randrange(4):
        case 0:
            return bytes(copy[: chance.randrange(1, len(copy))])
        case 1:
            start = chance.randrange(len(copy))
            length = min(len(copy) - start, chance.randrange(1, 2_000))
            copy[start : start + length] = bytes(length)
        case _:
            for _ in range(chance.choice((1, 2, 5, 20, 100))):
                copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
    return bytes(copy)


def words_by_page(document: Document) -> list[int | None]:
    """How many words each page has, or all blocks together; None for a page that is said to be unread."""
    if document.pages:
        return [None if page.source == "unread" else len(page.words) for page in document.pages]
    texts = [
        text
        for block in document.blocks
        for text in ([cell.text for cell in block.cells] if isinstance(block, Grid) else [block.text])
    ]
    return [sum(len(text.split()) for text in texts)]


def trial(source: Path, *, copies: int, seed: int, folder: Path, pool: PagePool, limits: Limits = LIMITS) -> Trial:
    """Read `copies` harmed copies of a file."""
    chance = random.Random(f"{seed} {source.name}")
    data, kind = source.read_bytes(), media_type(source)
    whole = words_by_page(read(source, media_type=kind, sha256="", limits=limits, pool=pool))
    done = refused = unread = hung = 0
    gaps: list[str] = []
    surprises: list[str] = []
    path = folder / "harmed"
    for number in range(copies):
        path.write_bytes(harmed(data, chance))
        began = time.monotonic()
        try:
            found = read(path, media_type=media_type(path), sha256="", limits=limits, pool=pool)
        except ReadingError:
            refused += 1
        except Exception as error:
            surprises.append(f"{source.name} copy {number}: {type(error).__name__}: {error}"[:200])
        else:
            done += 1
            words = words_by_page(found)
            unread += words.count(None)
            short = sum(
                1 for had, has in zip(whole, words, strict=False) if had and has is not None and has < had / 2
            )
            if short or len(words) < len(whole):
                gaps.append(f"{source.name} copy {number}: {short} pages short, {len(words)} of {len(whole)}")
        hung += time.monotonic() - began > limits.file_seconds + GRACE
    return Trial(done, refused, unread, tuple(gaps), tuple(surprises), hung)


def sources() -> list[Path]:
    """The small samples, of every batch."""
    return sorted(p for p in SAMPLES.rglob("*") if p.suffix in SUFFIXES and p.stat().st_size <= SMALL)


def compare(copies: int, seed: int, folder: Path) -> None:
    """Try `copies` copies in all, spread over the samples, and say what became of them."""
    files = [path for path in sources() if "sources" not in path.parts]
    each = max(1, copies // len(files))
    with PagePool() as pool:
        found = [trial(path, copies=each, seed=seed, folder=folder, pool=pool) for path in files]
    print(f"{each * len(files)} harmed copies of {len(files)} samples:")
    print(f"  read {sum(t.read for t in found)}, refused {sum(t.refused for t in found)}, ", end="")
    print(f"pages marked unread {sum(t.unread_pages for t in found)}")
    print(f"  hung {sum(t.hung for t in found)}, failed otherwise {sum(len(t.surprises) for t in found)}")
    gaps = [gap for t in found for gap in t.gaps]
    print(f"  gaps that are not said {len(gaps)}")
    for line in [s for t in found for s in t.surprises] + gaps:
        print(f"    {line}")
