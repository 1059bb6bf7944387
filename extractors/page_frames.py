"""The text area of pages, and how a document sets paragraphs: measured on its lines."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from extractors.lines import Line

# Indents smaller than this many points are the tremor of a scan.
INDENT = 8.0
# Lines in letters this much smaller than the body's are footnotes, or recipients at the foot.
SMALL = 0.88


class Frame(msgspec.Struct, frozen=True):
    """The text area of a page, and how the document sets paragraphs.

    `left` and `right` in points; `pitch` from line to line; `indented`: first lines are.
    """

    left: float
    right: float
    pitch: float
    indented: bool


def usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """The letter size most of the text is set in, points."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size * 2) / 2] += len(line.words)
    return sizes.most_common(1)[0][0] if sizes else 13.0


def usual_pitch(pages: Sequence[Sequence[Line]], size: float) -> float:
    """The distance from line to line most of the text is set with, points."""
    gaps: Counter[float] = Counter()
    for page in pages:
        for above, line in pairwise(page):
            gap = line.middle - above.middle
            # Recipients at the foot of a short letter are set smaller, and closer.
            text = above.column == line.column and min(above.size, line.size) > SMALL * size
            if text and 0.8 * size < gap < 3 * size:
                gaps[round(gap * 2) / 2] += 1
    if not gaps:
        return 1.25 * size
    # Paragraph gaps may outnumber line gaps in a list of short items: the smaller of the common ones counts.
    most = max(gaps.values())
    return min(gap for gap, count in gaps.items() if count >= 0.4 * most)


def of_pages(numbers: Sequence[int], pages: Sequence[Sequence[Line]], pitch: float) -> dict[int, Frame]:
    """The text area of each page by its number; that of the document where a page has few lines."""
    wide = [line for page in pages for line in page if line.column == 0]
    if not wide:
        wide = [line for page in pages for line in page]
    left, right = _edges(wide) if wide else (0.0, 500.0)
    starts = [line.x0 - left for line in wide]
    indented = sum(INDENT < start < 60 for start in starts)
    flush = sum(-INDENT <= start <= INDENT for start in starts)
    style = indented >= 0.08 * max(indented + flush, 1)
    frames: dict[int, Frame] = {}
    for number, page in zip(numbers, pages, strict=True):
        own = [line for line in page if line.column == 0]
        frames[number] = Frame(left, right, pitch, style)
        if len(own) >= 12:
            page_left, page_right = _edges(own)
            # A page of nothing but indented lines must not move the edge.
            page_left = page_left if abs(page_left - left) < 15 else left
            frames[number] = Frame(page_left, max(page_right, right - 15), pitch, style)
    return frames


def _edges(page: Sequence[Line]) -> tuple[float, float]:
    """Left and right edge of the text in points: where lines that run full width begin and end."""
    starts: Counter[int] = Counter(round(line.x0 / 4) for line in page)
    common = [start for start, count in starts.items() if count >= 0.15 * len(page)]
    left = min(common) * 4 if common else min(line.x0 for line in page)
    near = [line.x0 for line in page if abs(line.x0 - left) <= 4]
    ends = sorted(line.x1 for line in page)
    return (median(near) if near else float(left)), ends[int(0.9 * (len(ends) - 1))]
