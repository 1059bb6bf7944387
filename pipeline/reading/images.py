"""Page images made ready for recognition: measured first, changed only where the measure says so.

Good scans need nothing and lose by being touched; poor ones (low resolution, grain, uneven light, skew) are
unreadable without.
"""

import math
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from models import Box
from pipeline.reading.material import Gray, Picture
from pipeline.reading.tables import Rule

GOOD_DPI = 180
"""Below this resolution Tesseract loses diacritics; the image is enlarged to `ENLARGED_DPI`."""
ENLARGED_DPI = 300
LEAST_SKEW = 0.15
"""Degrees of skew left as they are. Tesseract bears more; lines of tables and columns of text do not."""
MOST_SKEW = 5.0
LEAST_INK_FOR_SKEW = 0.5
"""Mean level of ink (of 255) below which a page has no lines of text."""
ENOUGH_INK = 12_000
"""Points of ink that skew is measured by."""
BORNE_SKEW, BORNE_SPECKS = 1.0, 60
"""Degrees of skew and number of specks that the engine bears on a page of running text."""
UNEVEN_LIGHT = 6.0
"""Difference (gray levels) between the lightest and the darkest part of the paper worth evening out."""
MOST_SPECKS = 10
"""Isolated specks on a page (at any resolution) above which they are taken off."""
SPECK_SIDE, SPECK_DISTANCE = 1 / 60, 1 / 30
"""Inches: what is smaller on both sides, and this far from anything larger, is a speck and no dot of a letter."""
MOST_INK_ABOUT = 3
"""Pixels of ink that may lie near a speck (another one)."""
INK_BELOW_PAPER = 60
"""Gray levels by which ink is darker than paper."""
SHORTEST_RULE, THICKEST_RULE = 0.22, 0.07
"""Inches: shorter runs are strokes of letters, thicker ones are no lines."""
SMALLEST_MARK, SMALLEST_LETTER = 0.02, 0.035
"""Inches: a smaller part is grain, and what holds no part as high as a letter holds no text."""
DARKEST_INK, DARKEST_PAPER = 40, 150
"""Gray levels that become black, and below which a light ground is no paper."""
RED_SATURATION, RED_VALUE = 70, 60
"""Least saturation and value (levels) of red ink."""
BLUE_FROM, BLUE_TO = (95, 80, 60), (135, 255, 255)
"""Hue (of 180), saturation and value (levels) of blue ink."""
MOST_BLUE = 0.4
"""Share of blue in a page's ink up to which it is stamps and signatures."""
RED_GAP, LEAST_RED_SIDE = 0.1, 0.2
"""Inches: letters of one mark are this near; a mark is at least this wide and half as high."""
MOST_RED_PARTS = 40
"""A page with more red parts than this is a picture; its topmost ones are looked at."""


Places = NDArray[np.float32]
Counts = NDArray[np.int32]
Angles = NDArray[np.float64]


class Prepared(NamedTuple):
    """An image for recognition and how it came about.

    It was turned about its centre by `angle` (degrees, counter-clockwise) and enlarged by `scale`; its corners
    are those of the original. `steps` names what was done to it.
    """

    gray: Gray
    scale: float
    angle: float
    steps: tuple[str, ...]


class Quality(NamedTuple):
    """Measures of a page image: degrees of skew, gray levels of unevenness of light, and number of specks."""

    skew: float
    unevenness: float
    specks: int


class Measures(NamedTuple):
    """A page image's quality, and what was found on the way: brightness of the paper, boxes of specks (pixels)."""

    quality: Quality
    paper: Gray
    specks: list[tuple[int, int, int, int]]


def measured(gray: Gray, dpi: float) -> Measures:
    """Measure a page image for `prepare`."""
    paper = _paper(gray)
    # Percentiles over a coarse grid: a dark edge or a picture is not the light.
    unevenness = float(np.subtract(*np.percentile(paper, (95, 5))))
    specks = _specks(gray, paper, dpi)
    return Measures(Quality(skew(gray), unevenness, len(specks)), paper, specks)


def is_good(quality: Quality, dpi: float) -> bool:
    """Whether the engine reads running text as well off the picture as it is."""
    return (
        dpi >= GOOD_DPI
        and abs(quality.skew) <= BORNE_SKEW
        and quality.specks <= BORNE_SPECKS
        and quality.unevenness <= UNEVEN_LIGHT
    )


def prepare(gray: Gray, dpi: float, measures: Measures | None = None) -> tuple[Prepared, Quality]:
    """Make a page image ready: even light, take specks off, deskew and enlarge, each only where it is needed."""
    quality, paper, specks = measures or measured(gray, dpi)
    steps: list[str] = []
    image = gray
    if len(specks) > MOST_SPECKS:
        image = image.copy()
        white = np.median(paper)
        for x, y, width, height in specks:
            image[max(0, y - 1) : y + height + 1, max(0, x - 1) : x + width + 1] = white
        steps.append("specks")
    if quality.unevenness > UNEVEN_LIGHT:
        image = clear_paper(_even_light(image, paper))
        steps.append("light")
    scale = ENLARGED_DPI / dpi if dpi < GOOD_DPI else 1.0
    angle = angle_of(quality)
    if scale != 1.0 or angle:
        image = turned(image, angle, scale)
        steps += ["enlarge"] * (scale != 1.0) + ["deskew"] * (angle != 0.0)
    return Prepared(image, scale, angle, tuple(steps)), quality


def angle_of(quality: Quality) -> float:
    """Degrees by which a page is turned counter-clockwise to be level: none where hardly any are wanting."""
    return quality.skew if abs(quality.skew) > LEAST_SKEW else 0.0


def turned(picture: Picture, angle: float, scale: float = 1.0) -> Picture:
    """Turn a picture by `angle` degrees counter-clockwise about its centre and enlarge it; corners are white."""
    height, width = picture.shape[:2]
    size = (round(width * scale), round(height * scale))
    transform = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    transform[0, 2] += (size[0] - width) / 2
    transform[1, 2] += (size[1] - height) / 2
    white = (255, 255, 255)
    return cast(Picture, cv2.warpAffine(picture, transform, size, flags=cv2.INTER_CUBIC, borderValue=white))


def skew(gray: Gray) -> float:
    """Degrees by which the lines of text must be turned counter-clockwise to be level; 0 where there are none.

    Level lines make the sharpest profile of ink by rows: searched coarsely, then finely.
    """
    factor = 900 / max(gray.shape)
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    local = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    # Edges of the sheet are no lines of text.
    margin = max(2, min(small.shape) // 40)
    ink = cast(Gray, local[margin:-margin, margin:-margin])
    if ink.mean() < LEAST_INK_FOR_SKEW:
        return 0.0
    coarse, _ = sharpest(ink, np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5))
    best, _ = sharpest(ink, np.arange(coarse - 0.4, coarse + 0.41, 0.05))
    return round(best, 2)


def sharpest(ink: Gray, angles: Angles) -> tuple[float, float]:
    """The angle (degrees counter-clockwise) at which ink alternates most sharply down a page, and how sharply."""
    places = np.nonzero(ink)
    thinned = slice(None, None, 1 + len(places[0]) // ENOUGH_INK)
    rows, columns = (place[thinned].astype(np.float32) for place in places)
    columns -= ink.shape[1] / 2
    sharpness = [_sharpness(rows, columns, angle) for angle in angles]
    best = int(np.argmax(sharpness))
    return float(angles[best]), sharpness[best]


def _sharpness(rows: Places, columns: Places, angle: float) -> float:
    """How sharply lines of ink and gaps alternate down the page when points of ink are turned by `angle` degrees.

    Points are shared out between the two rows they come to lie between; columns count from the middle.
    """
    lean = math.tan(math.radians(angle))
    height = rows - np.float32(lean) * columns
    height -= height.min()
    whole = height.astype(np.int32)
    below = height - whole
    size = int(whole.max()) + 2
    profile = np.bincount(whole, 1 - below, size) + np.bincount(whole + 1, below, size)
    return float(np.square(np.diff(profile)).sum())


def _even_light(gray: Gray, paper: Gray) -> Gray:
    """Divide by the brightness of the paper, so that it is white everywhere."""
    full = cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cast(Gray, cv2.divide(gray, np.maximum(full, 1), scale=250))


def _paper(gray: Gray) -> Gray:
    """The brightness of the paper on a coarse grid: what is left when ink is closed over."""
    small = cv2.resize(gray, None, fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return cast(Gray, cv2.medianBlur(closed, 15))


def _specks(gray: Gray, paper: Gray, dpi: float) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of isolated specks: small parts of ink with nothing larger near them."""
    darkest_paper = int(np.median(paper)) - INK_BELOW_PAPER
    _, ink = cv2.threshold(gray, darkest_paper - 1, 1, cv2.THRESH_BINARY_INV)
    stats = _parts(cast(Gray, ink))
    side, reach = dpi * SPECK_SIDE, round(dpi * SPECK_DISTANCE)
    small = stats[(stats[:, cv2.CC_STAT_WIDTH] <= side) & (stats[:, cv2.CC_STAT_HEIGHT] <= side)]
    x, y, width, height, area = small.T
    # How much ink lies about each, itself aside, read off sums over rectangles.
    sums = cv2.integral(ink)
    left, right = np.maximum(x - reach, 0), np.minimum(x + width + reach, ink.shape[1])
    top, bottom = np.maximum(y - reach, 0), np.minimum(y + height + reach, ink.shape[0])
    about = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left] - area
    return [tuple(map(int, part)) for part in small[about <= MOST_INK_ABOUT][:, :4]]  # type: ignore[misc]


def _parts(ink: Gray) -> Counts:
    """Statistics of the connected parts of ink (columns `cv2.CC_STAT_…`)."""
    try:
        # Labels of two bytes take less than half the time; few pages have more parts than they can name.
        return cast(Counts, cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U)[2])
    except cv2.error:
        return cast(Counts, cv2.connectedComponentsWithStats(ink, connectivity=8)[2])


def red_mask(picture: Picture) -> Gray | None:
    """Where a colour picture is red (255) and where not (0); None for a gray one."""
    if picture.ndim == 2:
        return None
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    low = cv2.inRange(hsv, (0, RED_SATURATION, RED_VALUE), (12, 255, 255))
    high = cv2.inRange(hsv, (165, RED_SATURATION, RED_VALUE), (180, 255, 255))
    return cast(Gray, cv2.bitwise_or(low, high))


def coloured(picture: Picture) -> Gray:
    """Where a colour picture bears red or blue ink (255) and where not (0)."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    red = cast(Gray, red_mask(picture))
    return cast(Gray, cv2.bitwise_or(red, cv2.inRange(hsv, BLUE_FROM, BLUE_TO)))


def red_parts(picture: Picture, dpi: float) -> list[Gray]:
    """The red parts of a colour picture, top to bottom: red ink black on white, without lines and borders.

    Ink nearer than `RED_GAP` belongs to one part. Parts too small for a word are left out.
    """
    mask = red_mask(picture)
    if mask is None or not mask.any():
        return []
    length = round(dpi * SHORTEST_RULE)
    lines = cv2.bitwise_or(long_runs(mask, (1, length)), long_runs(mask, (length, 1)))
    reach = round(dpi * RED_GAP)
    blobs = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    letters = cv2.bitwise_not(cv2.bitwise_and(mask, cv2.bitwise_not(cv2.dilate(lines, np.ones((3, 3), np.uint8)))))
    parts = [
        cast(Gray, np.pad(letters[y : y + h, x : x + w], reach, constant_values=255))
        for x, y, w, h in sorted(_extents(cast(Gray, blobs)), key=lambda extent: (extent[1], extent[0]))
        if w >= dpi * LEAST_RED_SIDE and h >= dpi * LEAST_RED_SIDE / 2
    ]
    return parts[:MOST_RED_PARTS]


def without_colour(picture: Picture) -> Gray:
    """A gray picture in which red and blue ink (seals, stamps, signatures) is paper; black under it stays."""
    if picture.ndim == 2:
        return picture
    # In the red channel red ink is as light as paper, and black is black; blue is taken off by its hue.
    gray = picture[:, :, 2].copy()
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    blue = cv2.inRange(hsv, BLUE_FROM, BLUE_TO)
    dark = np.count_nonzero(gray < np.median(gray).astype(int) - INK_BELOW_PAPER)
    # Where most of the ink is blue, it is the text.
    if 0 < np.count_nonzero(blue) < MOST_BLUE * dark:
        gray[cv2.dilate(blue, np.ones((3, 3), np.uint8)) > 0] = np.median(gray)
    return gray


def ruling_lines(gray: Gray, dpi: float) -> tuple[list[Rule], list[Rule], Gray]:
    """Find the horizontal and vertical lines of a level page image, in pixels, and a mask of their ink."""
    ink = cast(Gray, cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12))
    length = round(dpi * SHORTEST_RULE)
    across = long_runs(ink, (1, length))
    down = long_runs(ink, (length, 1))
    horizontal = [Rule(y + h / 2, x, x + w) for x, y, w, h in _outlines(across) if h <= dpi * THICKEST_RULE]
    vertical = [Rule(x + w / 2, y, y + h) for x, y, w, h in _outlines(down) if w <= dpi * THICKEST_RULE]
    mask = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return horizontal, vertical, cast(Gray, mask)


def long_runs(ink: Gray, shape: tuple[int, int]) -> Gray:
    """What remains of ink (0 or 255) where runs of this shape (rows, columns) fit."""
    # A line that leans steps to the next row of pixels: thickened by one on each side, it stays whole.
    across = (3, 1) if shape[0] == 1 else (1, 3)
    thick = cv2.dilate(ink, np.ones(across, np.uint8))
    return cast(Gray, cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))


def _outlines(mask: Gray) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each connected part of a mask of strokes, none of which is a ring."""
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [tuple(map(int, cv2.boundingRect(outline))) for outline in found]  # type: ignore[misc]


def _extents(mask: Gray) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each connected part of a mask."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [tuple(map(int, stats[part, :4])) for part in range(1, count)]  # type: ignore[misc]


def clear_paper(gray: Gray) -> Gray:
    """Stretch gray levels so that paper with its grain is white and ink is black.

    The engine draws its own line between the two by the histogram, which fails where there is little ink.
    """
    paper = float(np.median(gray))
    if paper < DARKEST_PAPER:
        return gray
    white = paper - INK_BELOW_PAPER * 0.75
    stretched = (np.arange(256, dtype=np.float32) - DARKEST_INK) * (255 / (white - DARKEST_INK))
    return cast(Gray, cv2.LUT(gray, np.clip(stretched, 0, 255).astype(np.uint8)))


def inked(clear: Gray, dpi: float) -> Box | None:
    """The box around the letters of a small image of cleared paper, in pixels; None where there are none."""
    parts = [
        (x, y, x + w, y + h)
        for x, y, w, h in _extents((clear < 128).astype(np.uint8))
        if max(w, h) >= dpi * SMALLEST_MARK
    ]
    if not any(bottom - top >= dpi * SMALLEST_LETTER for _, top, _, bottom in parts):
        return None
    x0, top, x1, bottom = np.array(parts).T
    # Full stops and dots below letters are no larger than grain, but near.
    near = round(dpi * 2 * SMALLEST_MARK)
    height, width = clear.shape
    return Box(
        max(0, int(x0.min()) - near),
        max(0, int(top.min()) - near),
        min(width, int(x1.max()) + near),
        min(height, int(bottom.max()) + near),
    )
