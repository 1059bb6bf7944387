"""Footnotes of pages, told from the text by their size, their numbers and where they stand."""

import re
from collections.abc import Sequence
from itertools import groupby
from statistics import median

from extractors.lines import Line
from extractors.page_frames import SMALL

# On a scan one without its number is told by letters yet smaller, and a first line of this share of the widest.
CERTAIN_FOOTNOTE_SIZE, FOOTNOTE_WIDTH = 0.8, 0.7
# The number before a footnote stands this share of the letter size above its line, and is as high at least.
RAISED = 0.2
SUPERSCRIPT_DIGITS = tuple("¹²³⁴⁵⁶⁷⁸⁹")
_NOTE_START = re.compile(r"[\d¹²³⁴⁵⁶⁷⁸⁹⁰*]{1,3}")


def of_page(page_lines: Sequence[Line], body_size: float) -> set[int]:
    """Identities of the lines of a page that belong to footnotes.

    A footnote is a run of small lines over the full width that starts with a number, or that ends the page, or
    that is too small and too wide for anything else (the number of a scanned one is easily lost).
    """
    found: set[int] = set()
    widest = max((line.x1 - line.x0 for line in page_lines), default=0.0)
    for small, group in groupby(page_lines, lambda line: line.column == 0 and line.size < SMALL * body_size):
        run = list(group)
        if small and (
            any(map(begins, run))
            or _is_one_without_number(run, body_size, widest)
            or (run[-1] is page_lines[-1] and _page_has_body_above(page_lines, run))
        ):
            found.update(map(id, run))
    return found


def begins(line: Line) -> bool:
    first = line.words[0]
    if _NOTE_START.fullmatch(first.text) is not None or first.text[0] in SUPERSCRIPT_DIGITS:
        return True
    if first.size is not None or len(first.text) > 2:
        return False
    # Recognition makes any sign of a raised number: it stands higher than the line, and is no dash.
    box = first.box
    raised = line.bottom - box.bottom >= RAISED * line.size and box.bottom - box.top >= RAISED * line.size
    return first.text[0] in "?!'\"®°”“`" or raised


def _is_one_without_number(run: Sequence[Line], body_size: float, widest: float) -> bool:
    """Whether a run of lines amid the text of a scan is a footnote by its size and width alone."""
    return (
        len(run) >= 2
        and run[0].words[0].size is None
        and median(line.size for line in run) < CERTAIN_FOOTNOTE_SIZE * body_size
        and run[0].x1 - run[0].x0 > FOOTNOTE_WIDTH * widest
    )


def _page_has_body_above(page_lines: Sequence[Line], run: Sequence[Line]) -> bool:
    """Whether larger text of the full width stands above a run of small lines of at least two."""
    above = [line for line in page_lines if line.column == 0 and line.bottom <= run[0].top]
    return len(run) >= 2 and len(above) >= 5
