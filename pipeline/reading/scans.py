"""The picture of a page to a `Page`: prepared, its tables found by their lines, its text recognised.

The words of a table are recognised cell by cell, since the engine takes neighbouring cells for one line of
text; the rest of the page is recognised in one piece.
"""

import msgspec
import numpy as np

from models import Box, Page, PageTable, Word
from pipeline.reading import images, ocr, tables
from pipeline.reading.material import Evidence, Gray, PagePicture
from pipeline.reading.ocr import Mode, Recognised
from pipeline.reading.tables import LineGrid, Rule

ENGINE_SHARE = 0.45
"""Share of a page's time that one run of the engine may take; there are two."""
BORDER = 3
"""Pixels inside a cell's lines that may still be theirs."""
CELL_PADDING = 12
"""White pixels around the ink of a cell: the engine needs a margin."""
LEAST_CONFIDENCE = 0.3
"""Signs without a letter or digit that the engine doubts more than this are grain, not text."""


def read(picture: PagePicture, number: int, evidence: Evidence, seconds: float) -> Page:
    """Recognise the picture of a page.

    Boxes lie on the page as it was straightened: turned by `evidence["angle"]` degrees about its centre.
    Raises `TimeoutError`, `EngineMissing` or `MissingLanguage`.
    """
    plain = images.without_red(picture.pixels)
    prepared, measures = images.prepare(plain, picture.dpi)
    dpi = picture.dpi * prepared.scale
    point = 72 / dpi
    horizontal, vertical, lines = images.ruling_lines(prepared.gray, dpi)
    grids = tables.grid_from_lines(_in_points(horizontal, point), _in_points(vertical, point))
    untouched = not prepared.steps and picture.pixels.ndim == 2 and not grids
    if untouched and picture.file:
        found = ocr.recognise(picture.file, dpi, Mode.PAGE, seconds * ENGINE_SHARE)
    else:
        found = ocr.recognise(_outside(prepared.gray, grids, point), dpi, Mode.PAGE, seconds * ENGINE_SHARE)
    words = [_word(word, point) for word in found if _is_text(word)]
    page_tables: list[PageTable] = []
    if grids:
        bare = prepared.gray.copy()
        bare[lines > 0] = 255
        for grid, cells in zip(grids, _cells(bare, grids, dpi, seconds * ENGINE_SHARE), strict=True):
            start = len(words)
            words += [word for cell in cells for word in cell]
            page_tables.append(_table(grid, cells, start))
    return Page(
        number=number,
        width=round(picture.width, 2),
        height=round(picture.height, 2),
        source="ocr",
        words=tuple(words),
        tables=tuple(table for table in page_tables if any(cell.words for cell in table.cells)),
        evidence=evidence
        | {
            "steps": " ".join(prepared.steps),
            "angle": prepared.angle,
            "dpi": round(picture.dpi, 1),
            "unevenness": round(measures.unevenness, 1),
            "specks": measures.specks,
            "engine": ocr.version(),
        },
    )


def _in_points(rules: list[Rule], point: float) -> list[Rule]:
    return [Rule(rule.at * point, rule.start * point, rule.end * point) for rule in rules]


def _word(word: Recognised, point: float) -> Word:
    box = Box(*(round(edge * point, 2) for edge in (word.x0, word.top, word.x1, word.bottom)))
    return Word(word.text, box, round(word.confidence, 3))


def _is_text(word: Recognised) -> bool:
    """Whether a recognised word is more than a doubtful sign."""
    return word.confidence >= LEAST_CONFIDENCE or any(map(str.isalnum, word.text))


def _outside(gray: Gray, grids: list[LineGrid], point: float) -> Gray:
    """The page without its tables."""
    if not grids:
        return gray
    rest = gray.copy()
    for grid in grids:
        x0, top, x1, bottom = (round(edge / point) for edge in (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]))
        rest[max(0, top - 3) : bottom + 4, max(0, x0 - 3) : x1 + 4] = 255
    return rest


def _cells(bare: Gray, grids: list[LineGrid], dpi: float, seconds: float) -> list[list[list[Word]]]:
    """Recognise every cell that holds ink: for each table, for each cell, its words, boxes in points."""
    point = 72 / dpi
    crops: list[Gray] = []
    places: list[tuple[int, int, float, float]] = []
    for table, grid in enumerate(grids):
        for number, cell in enumerate(grid.cells):
            x0, top, x1, bottom = (round(edge / point) for edge in msgspec.structs.astuple(cell.box))
            crop = bare[top + BORDER : bottom - BORDER, x0 + BORDER : x1 - BORDER]
            if not crop.size:
                continue
            crop = images.clear_paper(crop)
            ink = images.inked(crop, dpi)
            if ink is None:
                continue
            left, above = int(ink.x0), int(ink.top)
            inner = crop[above : int(ink.bottom), left : int(ink.x1)]
            crops.append(np.pad(inner, CELL_PADDING, constant_values=255))
            offset = BORDER - CELL_PADDING
            places.append((table, number, x0 + left + offset, top + above + offset))
    words: list[list[list[Word]]] = [[[] for _ in grid.cells] for grid in grids]
    for (table, number, x, y), found in zip(
        places, ocr.recognise_each(crops, dpi, Mode.BLOCK, seconds), strict=True
    ):
        words[table][number] = [
            _word(word._replace(x0=word.x0 + x, top=word.top + y, x1=word.x1 + x, bottom=word.bottom + y), point)
            for word in found
            if _is_text(word)
        ]
    return words


def _table(grid: LineGrid, cells: list[list[Word]], start: int) -> PageTable:
    """A table whose words stand one cell after the other from `start` in the page's words."""
    indexes = []
    for cell in cells:
        indexes.append(tuple(range(start, start + len(cell))))
        start += len(cell)
    return tables.with_words(grid, indexes, grid.certainty)


def red_texts(picture: PagePicture, seconds: float) -> tuple[str, ...]:
    """Recognise each red part of a page (boxes of MẬT and KHẨN, stamps) by its red ink alone, top to bottom."""
    found = ocr.recognise_each(images.red_parts(picture.pixels, picture.dpi), picture.dpi, Mode.BLOCK, seconds)
    texts = (" ".join(word.text for word in words if _is_text(word)) for words in found)
    return tuple(text for text in texts if text)
