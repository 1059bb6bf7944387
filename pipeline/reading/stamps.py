"""Incoming stamps (`ĐẾN`, Nghị định 30/2020/NĐ-CP Phụ lục IV): found on the picture of a page, read apart from it.

A letter can bear several, of every office it went through. A stamp is told by its frame, or on colour pages by its
ink, and by what it says; anything else in a box stays where it was. What is printed and what was filled in are
recognised one after the other: by their inks where these differ, by what stands right of the labels otherwise.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from extractors.tones import bare
from models import Box, PageTable, Stamp, Word
from pipeline.reading import images, ocr, slips
from pipeline.reading.material import Gray, PagePicture, Picture
from pipeline.reading.ocr import Mode, Recognised

ZONE = 0.65
"""Share of the page's height, from the top, in which incoming stamps are pressed."""
WIDTHS, HEIGHTS = (0.8, 3.3), (0.5, 2.6)
"""Inches: sides of a stamp, least and most. The decree says 50 by 35 mm; boxes of KHẨN and MẬT are lower."""
SEARCH_DPI = 100.0
READING_DPI = 300.0
MOST_FULL = 0.45
"""Share of ink in a frame's extent above which it is no frame."""
FRAMED = 0.7
"""Share of the four sides of a frame that must be drawn."""
STRAY = 9
"""Pixels (at `SEARCH_DPI`) about a side within which its ink lies; text that touches it moves the side."""
MOST_TILT = 20.0
"""Degrees by which a stamp is pressed askew."""
INK_GAP = 0.12
"""Inches between the parts of one stamp without a frame."""
LINE = 0.35
"""Inches: a longer run of ink is a line of the form."""
DOT, DOT_GAP = 0.035, 0.09
"""Inches: the dots of a row to write on are this small and this near to each other."""
HAND_BLACK, HAND_WHITE = 60, 170
"""Levels of red between which hand-written ink is told from the red of the form."""
FRINGE = 13
"""Pixels by which the colour of what was written runs out around it."""
LIGHT_INK = 160
"""Gray level (of cleared paper) below which something is ink."""
LEAST_FIELD, FIELD_GAP = 0.1, 9
"""Inches that a field of a form is wide and high at least; pixels that worn ink leaves open in its lines."""
VIEWS = tuple(itertools.product((1.0, 0.7, 0.5), (0.0, 1.0)))
"""Sizes, and how much softened, in which what somebody wrote is read."""
MIDDLE_SIZE = 0.7
MOST_CANDIDATES = 6
PADDING = 20
"""White pixels around what is recognised."""

_LABELS = re.compile(r"(so|ngay|chuyen)[:.]*")
# A number, or a day with its month.
_VALUE = re.compile(r"\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?(?!\d)|\d{1,6}(?![\d/])")
# Not SỞ, with which many an office's name begins.
_FIELD = re.compile(r"s(?:[oôốồổỗộóò](?:[:.,]|$)|[ơởớ]:)|ng[aàáă]y(?:[:.,]|$)", re.IGNORECASE)
_TITLE = re.compile(r"den[:.]?")


# What else is filled in, by a name or initials.
_WRITTEN = re.compile(rf"{_FIELD.pattern}|chuy\S{{1,3}}(?:[:.]|$)", re.IGNORECASE)
Matrix = NDArray[np.floating[Any] | np.integer[Any]]


class Region(NamedTuple):
    """Where something like a stamp lies on a picture, in pixels: middle, sides, and degrees of its tilt."""

    x: float
    y: float
    width: float
    height: float
    tilt: float


class Pressed(NamedTuple):
    """A stamp as found: its region, what was read in it, in points of the picture as it lies, and where it was
    filled in: the corners of each place, in pixels.
    """

    region: Region
    stamp: Stamp
    written: tuple[Matrix, ...]


def on_picture(picture: PagePicture, seconds: float) -> list[Pressed]:
    """The incoming stamps on the picture of a page, top to bottom; boxes in points of the picture as it lies."""
    found = []
    for region in candidates(picture.pixels, picture.dpi):
        pressed = _read(picture, region, seconds / MOST_CANDIDATES)
        if pressed is not None:
            found.append(pressed)
    return sorted(found, key=lambda pressed: pressed.region.y)


def candidates(pixels: Picture, dpi: float) -> list[Region]:
    """Regions of the upper page that have a stamp's size and frame, or in colour its ink alone."""
    scale = min(1.0, SEARCH_DPI / dpi)
    upper = pixels[: round(pixels.shape[0] * ZONE)]
    small = cast(Picture, cv2.resize(upper, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    dpi *= scale
    if small.ndim == 2:
        ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
        found = _frames(cast(Gray, ink), dpi)
    else:
        ink = images.coloured(small)
        found = _frames(ink, dpi)
        reach = round(dpi * INK_GAP)
        blobs = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        found += [blob for blob in _blobs(cast(Gray, blobs), dpi) if not any(_holds(f, blob) for f in found)]
    return [
        Region(x / scale, y / scale, width / scale, height / scale, tilt)
        for x, y, width, height, tilt in found[:MOST_CANDIDATES]
    ]


def _frames(ink: Gray, dpi: float) -> list[Region]:
    """Connected ink that runs along the four sides of a rectangle of a stamp's size."""
    joined = cv2.dilate(ink, np.ones((2, 2), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    widths, heights, areas = (
        stats[:, column] for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA)
    )
    # Thousands of parts are letters: they are told all at once.
    fit = (widths >= WIDTHS[0] * dpi) & (widths <= WIDTHS[1] * dpi)
    fit &= (heights >= HEIGHTS[0] * dpi) & (heights <= HEIGHTS[1] * dpi) & (areas <= MOST_FULL * widths * heights)
    fit[0] = False
    found = []
    for part in np.flatnonzero(fit):
        x, y, width, height = (int(value) for value in stats[part, :4])
        own = np.pad((labels[y : y + height, x : x + width] == part).astype(np.uint8), 2)
        points = np.argwhere(own)[:, ::-1].astype(np.float32)
        (middle_x, middle_y), (across, down), tilt = cv2.minAreaRect(points)
        if abs(tilt) > 45:
            across, down, tilt = down, across, tilt - math.copysign(90, tilt)
        if abs(tilt) > MOST_TILT or not _sized(across, down, dpi):
            continue
        sides = np.zeros_like(own)
        corners = cv2.boxPoints(((middle_x, middle_y), (across - 2, down - 2), tilt)).astype(np.int32)
        cv2.polylines(sides, [corners], isClosed=True, color=1)
        near = cv2.dilate(own, np.ones((STRAY, STRAY), np.uint8))
        if np.count_nonzero(sides & near) >= FRAMED * np.count_nonzero(sides):
            found.append(Region(x - 2 + middle_x, y - 2 + middle_y, across, down, tilt))
    return found


def _blobs(blobs: Gray, dpi: float) -> list[Region]:
    """Coloured ink of a stamp's size that has no frame."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(blobs, connectivity=8)
    extents = (tuple(map(int, stats[part, :4])) for part in range(1, count))
    return [Region(x + w / 2, y + h / 2, w, h, 0.0) for x, y, w, h in extents if _sized(w, h, dpi)]


def _sized(width: float, height: float, dpi: float) -> bool:
    return WIDTHS[0] * dpi <= width <= WIDTHS[1] * dpi and HEIGHTS[0] * dpi <= height <= HEIGHTS[1] * dpi


def _holds(outer: Region, inner: Region) -> bool:
    """Whether the middle of one region lies in another."""
    return abs(outer.x - inner.x) < outer.width / 2 and abs(outer.y - inner.y) < outer.height / 2


def erased(gray: Gray, pressed: Sequence[Pressed], coloured: bool) -> Gray:
    """The page without its stamps; where colour tells them from the text, only what was written into them goes."""
    if not pressed:
        return gray
    gray = gray.copy()
    paper = int(np.median(gray))
    for region, _, written in pressed:
        sides = (region.width * 1.03, region.height * 1.05)
        whole = cv2.boxPoints(((region.x, region.y), sides, region.tilt))
        for corners in written if coloured else (whole,):
            cv2.fillConvexPoly(gray, np.rint(corners).astype(np.int32), paper)
    return gray


def _read(picture: PagePicture, region: Region, seconds: float) -> Pressed | None:
    """Recognise a region; None where it does not say what an incoming stamp says."""
    scale = READING_DPI / picture.dpi
    upright, back = _upright(picture.pixels, region, scale)
    everything = upright if upright.ndim == 2 else cast(Gray, upright.min(axis=2))
    # Red ink is light in the red channel: what is dark there was written by hand (or belongs to the letter).
    hand = None if upright.ndim == 2 else _stretched(upright[:, :, 2], HAND_BLACK, HAND_WHITE)
    clear = images.clear_paper(everything)
    lines = _lines(clear)
    form = clear.copy()
    form[lines > 0] = 255
    words = _printed(form if hand is None else _without(form, hand), _parts(lines), seconds)
    if not says_stamp([word.text for word in words]):
        return None
    spaces = _spaces(words, form.shape[1], _FIELD)
    layers = [_without_dots(form)] if hand is None else [_without_dots(form), hand]
    seen: list[Recognised] = []
    values = dict(zip(spaces, _values(layers, list(spaces.values()), seconds), strict=True))
    for number, word in enumerate(words):
        if number in values:
            # On the line of its label, right of it.
            start = word.x0 + 2 * (word.bottom - word.top)
            seen += [word, *(v._replace(x0=start, top=word.top, bottom=word.bottom) for v in values[number])]
        elif not any(_inside(word, space) for space in spaces.values()):
            seen.append(word)
    point = 72 / picture.dpi
    placed = tuple(_placed(word, back, point) for word in seen if any(map(str.isalnum, word.text)))
    reach_x, reach_y = _reach(region)
    box = Box(
        *(
            round(edge * point, 2)
            for edge in (region.x - reach_x, region.y - reach_y, region.x + reach_x, region.y + reach_y)
        )
    )
    written = tuple(_corners(space, back) for space in _spaces(words, form.shape[1], _WRITTEN).values())
    return Pressed(region, Stamp(box, placed), written)


def _reach(region: Region) -> tuple[float, float]:
    """Half the extent of a tilted region along and down the page."""
    turn = math.radians(abs(region.tilt))
    across, down = region.width / 2, region.height / 2
    return across * math.cos(turn) + down * math.sin(turn), across * math.sin(turn) + down * math.cos(turn)


def _upright(pixels: Picture, region: Region, scale: float) -> tuple[Picture, Matrix]:
    """A region turned level and enlarged, and the matrix that leads back to the picture."""
    size = (round(region.width * scale), round(region.height * scale))
    there = cv2.getRotationMatrix2D((region.x, region.y), region.tilt, scale)
    there[0, 2] += size[0] / 2 - region.x
    there[1, 2] += size[1] / 2 - region.y
    level = cv2.warpAffine(pixels, there, size, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return cast(Picture, level), cv2.invertAffineTransform(there)


def _corners(area: Box | Recognised, back: Matrix) -> Matrix:
    """The corners of an area of a level region on the picture, in pixels, in their order around it."""
    level = ((area.x0, area.top), (area.x1, area.top), (area.x1, area.bottom), (area.x0, area.bottom))
    corners: Matrix = np.array([(x, y, 1.0) for x, y in level]) @ back.T
    return corners


def _placed(word: Recognised, back: Matrix, point: float) -> Word:
    """A word of a level region as one of the picture, in points."""
    corners = _corners(word, back)
    x0, top = corners.min(axis=0) * point
    x1, bottom = corners.max(axis=0) * point
    return Word(
        slips.mended(word.text), Box(*(round(float(v), 2) for v in (x0, top, x1, bottom))), word.confidence
    )


def _stretched(gray: Gray, black: int, white: int) -> Gray:
    """Gray levels so stretched that `black` is 0 and `white` 255."""
    levels = (gray.astype(np.float32) - black) * (255 / (white - black))
    return cast(Gray, np.clip(levels, 0, 255).astype(np.uint8))


def _lines(gray: Gray) -> Gray:
    """A mask of the lines of a form."""
    ink: Gray = np.where(gray < LIGHT_INK, 255, 0).astype(np.uint8)
    length = round(READING_DPI * LINE)
    lines = cv2.bitwise_or(images.long_runs(ink, (1, length)), images.long_runs(ink, (length, 1)))
    return cast(Gray, cv2.dilate(lines, np.ones((5, 5), np.uint8)))


def _parts(lines: Gray) -> list[Box]:
    """The fields that a form's lines part, in pixels: `ĐẾN` beside two rows is no word of either."""
    whole = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((FIELD_GAP, FIELD_GAP), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats((whole == 0).astype(np.uint8), connectivity=4)
    boxes = (tuple(int(value) for value in stats[part, :4]) for part in range(1, count))
    least = READING_DPI * LEAST_FIELD
    return sorted(
        (Box(x, y, x + width, y + height) for x, y, width, height in boxes if min(width, height) >= least),
        key=lambda box: (box.top, box.x0),
    )


def _without(form: Gray, hand: Gray) -> Gray:
    """What is printed, without what was written over it."""
    printed = form.copy()
    printed[cv2.dilate((hand < 128).astype(np.uint8), np.ones((FRINGE, FRINGE), np.uint8)) > 0] = 255
    return printed


def _without_dots(gray: Gray) -> Gray:
    """A form without the rows of dots that are written on."""
    _, labels, stats, middles = cv2.connectedComponentsWithStats(
        (gray < LIGHT_INK).astype(np.uint8), connectivity=8
    )
    side = READING_DPI * DOT
    dots = [
        part
        for part in range(1, len(stats))
        if stats[part, cv2.CC_STAT_WIDTH] <= side and stats[part, cv2.CC_STAT_HEIGHT] <= side
    ]
    reach = READING_DPI * DOT_GAP

    def beside(dot: int) -> int:
        near = (abs(middles[dot] - middles[other]) for other in dots)
        return sum(bool(across < reach and down < side / 2) for across, down in near)

    # Itself and one on either side, or two in a row at its end.
    rows = [dot for dot in dots if beside(dot) > 2]
    cleared = gray.copy()
    cleared[cv2.dilate(np.isin(labels, rows).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    return cleared


def _spaces(words: Sequence[Recognised], width: int, label_form: re.Pattern[str]) -> dict[int, Box]:
    """The places to fill in, by the word that is their label: it and what was written right of it, in pixels."""
    labels = {
        number: word
        for number, (word, after) in enumerate(itertools.zip_longest(words, words[1:]))
        if label_form.match(word.text) and not (after and _fold(after.text) == "va")
    }
    spaces: dict[int, Box] = {}
    for number, label in labels.items():
        high = label.bottom - label.top
        middle = (label.top + label.bottom) / 2
        others = [(other.top + other.bottom) / 2 for other in labels.values() if other is not label]
        top = max([label.top - high, *((y + middle) / 2 for y in others if y < middle - high / 2)])
        bottom = min([label.bottom + 0.6 * high, *((y + middle) / 2 for y in others if y > middle + high / 2)])
        beside = [o.x0 for o in labels.values() if o.x0 > label.x0 + high and o.top < middle < o.bottom]
        spaces[number] = Box(label.x0 - 2, max(0.0, top), min([width, *beside]), bottom)
    return spaces


def _cut(gray: Gray, space: Box) -> Gray:
    return gray[int(space.top) : int(space.bottom), int(space.x0) : int(space.x1)]


def _values(layers: Sequence[Gray], spaces: Sequence[Box], seconds: float) -> list[list[Recognised]]:
    """What was filled into each space: read in several sizes, and by each ink; what is read most often counts.

    The confidence of a value is the share of readings that agree on it.
    """
    crops: list[Gray] = []
    owners: list[int] = []
    for number, space in enumerate(spaces):
        for layer, (scale, blur) in itertools.product(layers, VIEWS):
            crop = _cut(layer, space)
            if _is_written(crop):
                sized = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
                soft = cv2.GaussianBlur(sized, (0, 0), blur) if blur else sized
                crops.append(cast(Gray, np.pad(soft, PADDING, constant_values=255)))
                owners.append(number)
    readings: list[Counter[str]] = [Counter() for _ in spaces]
    dpi = READING_DPI * MIDDLE_SIZE
    for number, found in zip(owners, ocr.recognise_each(crops, dpi, Mode.BLOCK, seconds), strict=True):
        text = "".join(word.text for word in found if not _FIELD.match(word.text))
        value = _VALUE.search(text.replace("\N{FRACTION SLASH}", "/"))
        if value:
            readings[number][value[0]] += 1
    values: list[list[Recognised]] = []
    for space, texts in zip(spaces, readings, strict=True):
        for text, votes in texts.most_common(1):
            agreement = votes / (len(layers) * len(VIEWS))
            values.append([Recognised(text, space.x0, space.top, space.x1, space.bottom, agreement)])
        if not texts:
            values.append([])
    return values


def _is_written(gray: Gray) -> bool:
    return bool(gray.size) and images.inked(gray, READING_DPI) is not None


def _inside(word: Recognised, space: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return space.x0 <= x <= space.x1 and space.top <= y <= space.bottom


def _printed(form: Gray, fields: Sequence[Box], seconds: float) -> list[Recognised]:
    """What is printed on a form, field by field, in pixels of the form."""
    return list(itertools.chain.from_iterable(_recognised([form] * len(fields), fields, seconds)))


def _recognised(layers: Sequence[Gray], spaces: Sequence[Box], seconds: float) -> list[list[Recognised]]:
    """What stands in each space of the layer beside it, in pixels of the layers."""
    crops = [_cut(layer, space) for layer, space in zip(layers, spaces, strict=True)]
    inked = [number for number, crop in enumerate(crops) if _is_written(crop)]
    padded = [cast(Gray, np.pad(crops[number], PADDING, constant_values=255)) for number in inked]
    found: list[list[Recognised]] = [[] for _ in crops]
    for number, words in zip(inked, ocr.recognise_each(padded, READING_DPI, Mode.BLOCK, seconds), strict=True):
        right, down = int(spaces[number].x0) - PADDING, int(spaces[number].top) - PADDING
        found[number] = [
            word._replace(x0=word.x0 + right, top=word.top + down, x1=word.x1 + right, bottom=word.bottom + down)
            for word in words
        ]
    return found


def says_stamp(texts: Sequence[str]) -> bool:
    """Whether words are those of an incoming stamp: ĐẾN beside a label, or all of its labels."""
    folded = [_fold(text) for text in texts]
    labels = {found[1] for text in folded if (found := _LABELS.fullmatch(text))}
    titled = any(
        _TITLE.fullmatch(low) and text.strip(":.").isupper() for low, text in zip(folded, texts, strict=True)
    )
    return (titled and bool(labels & {"so", "ngay", "chuyen"})) or {"so", "ngay", "chuyen"} <= labels


def _fold(text: str) -> str:
    """Small letters without marks, as recognition loses them."""
    return bare(text.lower()).replace("ð", "d")


def apart(
    words: Sequence[Word], found: Sequence[PageTable], height: float
) -> tuple[tuple[Word, ...], tuple[PageTable, ...], tuple[Stamp, ...]]:
    """Words and tables of a page without the small ruled boxes that are incoming stamps; and these.

    `height` is the page's, in points.
    """
    stamps = {
        number: Stamp(table.box, tuple(words[index] for cell in table.cells for index in cell.words))
        for number, table in enumerate(found)
        if table.box.bottom < ZONE * height
        and _sized(table.box.x1 - table.box.x0, table.box.bottom - table.box.top, 72)
        and says_stamp([words[index].text for cell in table.cells for index in cell.words])
    }
    if not stamps:
        return tuple(words), tuple(found), ()
    gone = {index for number in stamps for cell in found[number].cells for index in cell.words}
    kept = [index for index in range(len(words)) if index not in gone]
    places = {old: new for new, old in enumerate(kept)}
    tables = tuple(_renumbered(table, places) for number, table in enumerate(found) if number not in stamps)
    return tuple(words[index] for index in kept), tables, tuple(stamps.values())


def _renumbered(table: PageTable, places: dict[int, int]) -> PageTable:
    """A table whose words have moved to other places in the page's words."""
    cells = tuple(
        msgspec.structs.replace(cell, words=tuple(places[index] for index in cell.words)) for cell in table.cells
    )
    return msgspec.structs.replace(table, cells=cells)
