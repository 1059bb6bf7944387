"""The picture of a page to a `Page`: prepared, its tables found by their lines, its text recognised.

The words of a table are recognised cell by cell, since the engine takes neighbouring cells for one line of
text; the rest of the page is recognised in one piece.
"""

from typing import cast

import cv2
import msgspec
import numpy as np

from models import Box, Page, PageTable, Stamp, Word
from pipeline.reading import (
    columns,
    images,
    impossible,
    marks,
    ocr,
    orientation,
    sequences,
    slips,
    specks,
    stamps,
    strokes,
    tables,
)
from pipeline.reading.images import Prepared
from pipeline.reading.material import Evidence, Gray, PagePicture
from pipeline.reading.ocr import Mode, Recognised
from pipeline.reading.tables import LineGrid, Rule

READING_SHARE, TRYING_SHARE = 0.5, 0.15
"""Shares of a page's time for each of two readings, and for finding out which way up it is between them."""
ENGINE_SHARE = 0.7
"""Share of a reading's time that one run of the engine may take. Hardly ever do two take so long, and a page that
exceeds its time is ended all the same."""
EDGE = 0.03
"""Share of a page's width at its sides where what runs down is the edge of the sheet."""
STAMP_SHARE = 0.2
"""Share of a reading's time that incoming stamps may take."""
AGAIN_SHARE = 0.1
"""Share of a reading's time for dates that cannot be, and for columns read apart."""
BORDER = 3
"""Pixels inside a cell's lines that may still be theirs."""
LINE_REACH = 0.04
"""Inches from a cell's edge that its lines stray; long strokes further in are letters (the bars of `TT`)."""
CELL_PADDING = 12
"""White pixels around the ink of a cell: the engine needs a margin."""
DOUBTFUL, MOST_WORDS_AGAIN, AGAIN = 0.9, 8, 0.75
"""Cells of so few words that are less sure than this are recognised again at this scale (symbols, numbers)."""
UNSURE_MARKS = 0.9
"""Confidence below which a word's marks are in doubt on any page."""
UNSURE_SIGN = 0.75
"""The same for a sign behind it."""
LEAST_CONFIDENCE = 0.3
"""Signs without a letter or digit that the engine doubts more than this are grain, not text."""


def read(picture: PagePicture, number: int, evidence: Evidence, seconds: float) -> Page:
    """Recognise the picture of a page.

    Boxes lie on the page as it was straightened: turned by `evidence["turns"]` quarters (where that stands), then
    by `evidence["angle"]` degrees about its centre, both counter-clockwise.
    Raises `TimeoutError`, `EngineMissing` or `MissingLanguage`.
    """
    plain = images.without_colour(picture.pixels)
    if orientation.lies_on_its_side(plain):
        turns = orientation.quarter_turns(plain, picture.dpi, seconds * TRYING_SHARE, tried=(1, 3))
        if turns:
            return _turned_page(picture, turns, number, evidence, seconds)
    try:
        page, sensible = _read(picture, number, evidence, seconds * READING_SHARE)
    except TimeoutError:
        # It may have been a page upside down: that takes the engine many times as long.
        page, sensible = None, False
    if page and sensible:
        return page
    turns = orientation.quarter_turns(plain, picture.dpi, seconds * TRYING_SHARE)
    if turns:
        return _turned_page(picture, turns, number, evidence, seconds)
    if page is None:
        raise TimeoutError
    return page


def _turned_page(picture: PagePicture, turns: int, number: int, evidence: Evidence, seconds: float) -> Page:
    """Recognise a page turned counter-clockwise by quarters."""
    upright = orientation.turned(picture, turns)
    return _read(upright, number, evidence | {"turns": turns}, seconds * READING_SHARE)[0]


def _read(picture: PagePicture, number: int, evidence: Evidence, seconds: float) -> tuple[Page, bool]:
    """Recognise a page the way it lies; and whether it makes sense that way."""
    pressed = stamps.on_picture(picture, seconds * STAMP_SHARE)
    plain = stamps.erased(images.without_colour(picture.pixels), pressed, coloured=picture.pixels.ndim == 3)
    measures = images.measured(plain, picture.dpi)
    grids: list[LineGrid] = []
    if (
        picture.file
        and not pressed
        and picture.pixels.ndim == 2
        and images.is_good(measures.quality, picture.dpi)
        and not _may_be_ruled(plain, picture.dpi, measures.quality.skew)
    ):
        # The file as it is costs the engine least; its words are turned instead of the picture.
        prepared = Prepared(plain, 1.0, images.angle_of(measures.quality), ())
        dpi = picture.dpi
        raw = ocr.recognise(picture.file, dpi, Mode.PAGE, seconds * ENGINE_SHARE)
        engine = _text_of(columns.read_apart(raw, plain, dpi, seconds * AGAIN_SHARE))
        told = strokes.counted(impossible.read_again(engine, plain, dpi, seconds * AGAIN_SHARE), plain)
        seen = _turned(told, prepared.angle, plain.shape[1] / 2, plain.shape[0] / 2)
    else:
        prepared, _ = images.prepare(plain, picture.dpi, measures)
        dpi = picture.dpi * prepared.scale
        if _may_be_ruled(prepared.gray, dpi, 0.0):
            horizontal, vertical, lines = images.ruling_lines(prepared.gray, dpi)
            grids = tables.grid_from_lines(_in_points(horizontal, 72 / dpi), _in_points(vertical, 72 / dpi))
        rest = _outside(prepared.gray, grids, 72 / dpi)
        raw = ocr.recognise(rest, dpi, Mode.PAGE, seconds * ENGINE_SHARE)
        engine = _text_of(columns.read_apart(raw, rest, dpi, seconds * AGAIN_SHARE))
        told = impossible.read_again(engine, prepared.gray, dpi, seconds * AGAIN_SHARE)
        seen = strokes.counted(told, prepared.gray)
    point = 72 / dpi
    # Marks of small or faint letters are in doubt, however sure the engine is of what it sees.
    faint = not {"enlarge", "light"}.isdisjoint(prepared.steps)
    texts = _mended(seen, faint)
    kept = [n for n, word in enumerate(seen) if texts[n] != word.text or _is_text(word)]
    engine, seen, texts = [engine[n] for n in kept], [seen[n] for n in kept], [texts[n] for n in kept]
    page_tables: list[PageTable] = []
    if grids:
        cleared = "light" in prepared.steps
        recognised = _cells(prepared.gray, lines, grids, dpi, cleared, seconds * ENGINE_SHARE)
        for grid, cells in zip(grids, recognised, strict=True):
            page_tables.append(_table(grid, cells, len(seen)))
            for cell in cells:
                engine += cell
                told = strokes.counted(cell, prepared.gray)
                seen += told
                texts += [slips.mended_number(told[0].text)] if len(told) == 1 else _mended(told, faint)
    words = [_word(word, text, first.text, point) for word, text, first in zip(seen, texts, engine, strict=True)]
    slipped = [f"{old.text} → {new}" for old, new in zip(engine, texts, strict=True) if old.text != new]
    if slipped:
        evidence = evidence | {"mended": "; ".join(slipped)}
    page = Page(
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
            "unevenness": round(measures.quality.unevenness, 1),
            "specks": measures.quality.specks,
            "engine": ocr.version(),
        },
        stamps=tuple(_straightened(stamp, picture, prepared.angle) for _, stamp, _ in pressed),
    )
    return page, orientation.makes_sense(words)


def _may_be_ruled(gray: Gray, dpi: float, angle: float) -> bool:
    """Whether a page that leans by `angle` degrees has lines across and lines down, as tables do.

    Half the resolution shows it; leaning lines would be found in pieces too short.
    """
    small = cast(Gray, cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    if angle:
        small = images.turned(small, angle)
    horizontal, vertical, _ = images.ruling_lines(small, dpi / 2)
    width = small.shape[1]
    return bool(horizontal) and any(EDGE * width < rule.at < (1 - EDGE) * width for rule in vertical)


def _turned(words: list[Recognised], angle: float, x: float, y: float) -> list[Recognised]:
    """Words, upright as they are, where turning by `angle` degrees counter-clockwise about (x, y) puts them."""
    if not angle:
        return words
    turn = cv2.getRotationMatrix2D((x, y), angle, 1.0)
    moved = []
    for word in words:
        middle = ((word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)
        right, down = (float(shift) for shift in turn @ (*middle, 1.0) - middle)
        moved.append(
            word._replace(x0=word.x0 + right, top=word.top + down, x1=word.x1 + right, bottom=word.bottom + down)
        )
    return moved


def _straightened(stamp: Stamp, picture: PagePicture, angle: float) -> Stamp:
    """A stamp with its places on the page turned by `angle` degrees counter-clockwise about its centre."""
    turn = cv2.getRotationMatrix2D((picture.width / 2, picture.height / 2), angle, 1.0)

    def moved(box: Box) -> Box:
        middle = ((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2)
        right, down = (float(shift) for shift in turn @ (*middle, 1.0) - middle)
        edges = (box.x0 + right, box.top + down, box.x1 + right, box.bottom + down)
        return Box(*(round(edge, 2) for edge in edges))

    words = tuple(msgspec.structs.replace(word, box=moved(word.box)) for word in stamp.words)
    return Stamp(moved(stamp.box), words)


def _in_points(rules: list[Rule], point: float) -> list[Rule]:
    return [Rule(rule.at * point, rule.start * point, rule.end * point) for rule in rules]


def _mended(words: list[Recognised], faint: bool) -> list[str]:
    """The texts of words in reading order, known slips and confused marks mended."""
    texts = slips.mended_together(
        [word.text for word in words],
        [word.confidence < UNSURE_SIGN for word in words],
        [place == 0 or word.x0 < words[place - 1].x0 for place, word in enumerate(words)],
    )
    return marks.decided(
        [
            marks.Seen(text, faint or word.confidence < UNSURE_MARKS)
            for text, word in zip(texts, words, strict=True)
        ]
    )


def _word(word: Recognised, text: str, read: str, point: float) -> Word:
    """A recognised word with its mended text, and what the engine had read."""
    box = Box(*(round(edge * point, 2) for edge in (word.x0, word.top, word.x1, word.bottom)))
    sure = word.confidence if text == word.text else min(word.confidence, slips.MENDED_CONFIDENCE)
    return Word(text, box, round(sure, 3), seen=read if read != text else None)


def _text_of(words: list[Recognised]) -> list[Recognised]:
    """Recognised words without dirt; two that a speck glued together apart.

    A doubtful sign that stands where the number of an item would is kept until the items beside it have been seen.
    """
    around = zip(
        ["", *(word.text for word in words)], words, [*(word.text for word in words[1:]), ""], strict=False
    )
    kept = [
        word for before, word, after in around if _is_text(word) or sequences.may_number(before, word.text, after)
    ]
    return [part for word in kept for part in specks.parted(word)]


def _is_text(word: Recognised) -> bool:
    """Whether a recognised word is more than dirt or a doubtful sign."""
    if slips.is_grain(word.text):
        return False
    # The strokes of (i) and (ii) are seen as anything, or not at all.
    is_bracketed = word.text.startswith("(") and word.text.rstrip(".,;:").endswith(")")
    return word.confidence >= LEAST_CONFIDENCE or is_bracketed or any(map(str.isalnum, word.text))


def _outside(gray: Gray, grids: list[LineGrid], point: float) -> Gray:
    """The page without its tables."""
    if not grids:
        return gray
    rest = gray.copy()
    for grid in grids:
        x0, top, x1, bottom = (round(edge / point) for edge in (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]))
        rest[max(0, top - 3) : bottom + 4, max(0, x0 - 3) : x1 + 4] = 255
    return rest


def _cells(
    gray: Gray, lines: Gray, grids: list[LineGrid], dpi: float, cleared: bool, seconds: float
) -> list[list[list[Recognised]]]:
    """Recognise every cell that holds ink: for each table, for each cell, its words, in pixels of the page.

    `lines` masks the ink of lines; `cleared` says that the paper is white already.
    """
    point = 72 / dpi
    reach = round(dpi * LINE_REACH)
    crops: list[Gray] = []
    places: list[tuple[int, int, float, float]] = []
    for table, grid in enumerate(grids):
        for number, cell in enumerate(grid.cells):
            x0, top, x1, bottom = (round(edge / point) for edge in msgspec.structs.astuple(cell.box))
            crop = gray[top:bottom, x0:x1].copy()
            ruled = lines[top:bottom, x0:x1] > 0
            ruled[reach:-reach, reach:-reach] = False
            crop[ruled] = 255
            crop = crop[BORDER:-BORDER, BORDER:-BORDER]
            if not crop.size:
                continue
            clear = images.clear_paper(crop)
            ink = images.inked(clear, dpi)
            if ink is None:
                continue
            left, above = int(ink.x0), int(ink.top)
            # White paper stretched again would lose the thin marks above letters.
            inner = (crop if cleared else clear)[above : int(ink.bottom), left : int(ink.x1)]
            crops.append(np.pad(inner, CELL_PADDING, constant_values=255))
            offset = BORDER - CELL_PADDING
            places.append((table, number, x0 + left + offset, top + above + offset))
    words: list[list[list[Recognised]]] = [[[] for _ in grid.cells] for grid in grids]
    for (table, number, x, y), found in zip(places, _read_twice(crops, dpi, seconds), strict=True):
        words[table][number] = [
            word._replace(x0=word.x0 + x, top=word.top + y, x1=word.x1 + x, bottom=word.bottom + y)
            for word in _text_of(found)
        ]
    return words


def _read_twice(crops: list[Gray], dpi: float, seconds: float) -> list[list[Recognised]]:
    """Recognise cells; short doubtful ones once more in another size, of which the surer reading counts."""
    first = ocr.recognise_each(crops, dpi, Mode.BLOCK, seconds * 2 / 3)
    again = [n for n, words in enumerate(first) if len(words) <= MOST_WORDS_AGAIN and _sureness(words) < DOUBTFUL]
    small = [cv2.resize(crops[n], None, fx=AGAIN, fy=AGAIN, interpolation=cv2.INTER_AREA) for n in again]
    second = ocr.recognise_each([cast(Gray, crop) for crop in small], dpi * AGAIN, Mode.BLOCK, seconds / 3)
    for n, words in zip(again, second, strict=True):
        if words and _sureness(words) > _sureness(first[n]):
            first[n] = [
                word._replace(
                    x0=word.x0 / AGAIN, top=word.top / AGAIN, x1=word.x1 / AGAIN, bottom=word.bottom / AGAIN
                )
                for word in words
            ]
    return first


def _sureness(words: list[Recognised]) -> float:
    """The engine's confidence in the least sure word of a text; 1 where there is none."""
    return min((word.confidence for word in words if _is_text(word)), default=1.0)


def _table(grid: LineGrid, cells: list[list[Recognised]], start: int) -> PageTable:
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
