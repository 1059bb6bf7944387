"""PDF pages through pdfium: words with boxes and fonts, ruling lines, and the pictures that are pages.

pdfium's own coordinates (y upwards, before the page's rotation) end here: everything handed out is in points
from the top left of the page as it is shown. Characters cost 0.04 s for 12 pages here against 1.8 s in
pdfplumber, whose `extract_words` this replaces; pdfplumber is asked only about doubtful tables.
"""

import contextlib
import ctypes
import io
import itertools
import math
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from models import Box, PageTable, Word
from pipeline.reading import encodings, errors, tables
from pipeline.reading.material import Drawing, PagePicture, TextLayer
from pipeline.reading.tables import Rule

ASCENT, DESCENT = 0.8, 0.2
"""A word's box reaches this share of the font size above and below the baseline, whatever the font says of
itself: words of one line have one top and one bottom, and a raised one stands out."""
WORD_GAP = 0.25
"""A gap of this share of the font size parts two words that no space parts."""
MARK_GAP = 0.12
"""The same behind a mark without width of its own (VNI fonts): pdfium leaves out the space after one."""
BASELINE_SHIFT = 0.15
"""A step of the baseline by this share of the font size begins a new word (a footnote reference)."""
SIZE_CHANGE = 0.85
"""So does a change of size below this ratio."""
RULE_THICKNESS = 3.0
"""A filled rectangle thinner than this (points) is a line."""
RULE_LENGTH = 4.0
"""Shorter strokes (points) are ornaments."""
MOST_OBJECTS = 200_000
"""Drawings with more objects than this are not searched for lines."""
FORM_DEPTH = 8
"""How deep forms within forms are followed."""
WHOLE_PAGE = 0.98
"""A picture that covers this share of a page is the page."""
LEAST_DPI, MOST_DPI = 200, 300
"""Pages are drawn at the resolution of their picture, within these bounds."""
MOST_PICTURE_PIXELS = 4
"""A picture may have so many times the pixels of a drawn page: a fax of 1200 dpi is read drawn smaller."""
_JPEG_END = b"\xff\xd9"
_JPEG_TAIL = 64
GRAY_SPREAD = 24
"""Difference between a pixel's colours (levels) up to which it is gray."""

_BOLD_FLAG, _ITALIC_FLAG, _BOLD_WEIGHT = 1 << 18, 1 << 6, 600
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_FILL_AND_STROKE = raw.FPDF_TEXTRENDERMODE_FILL_STROKE

Matrix = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a·x + c·y + e, y' = b·x + d·y + f."""


class _Style(NamedTuple):
    """How the characters of one text object are set.

    `turned`: the line does not run to the right. `capitals`: small letters look like capitals.
    """

    font: str
    size: float
    bold: bool
    italic: bool
    invisible: bool
    turned: bool
    capitals: bool = False


@contextlib.contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF for as long as the context lasts.

    Raises `PasswordProtected` where a user password is needed, `Unreadable` where pdfium finds no document,
    `NoPages` where it has no page.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise errors.PasswordProtected from error
        # pypdfium2 takes a document without pages for a broken one.
        raise (errors.NoPages() if _is_document(path) else errors.Unreadable(str(error))) from error
    try:
        # A number may be what the field of a signature shows. No action of the file is run.
        with contextlib.suppress(pdfium.PdfiumError):
            document.init_forms()
        yield document
    finally:
        document.close()


def _is_document(path: Path) -> bool:
    """Whether pdfium itself can open a file."""
    handle = raw.FPDF_LoadDocument(str(path).encode(), None)
    if not handle:
        return False
    raw.FPDF_CloseDocument(handle)
    return True


def view(page: pdfium.PdfPage) -> Matrix:
    """The matrix from pdfium's user space to points from the top left of the page as shown."""
    left, bottom, right, top = page.get_cropbox()
    match page.get_rotation():
        case 90:
            return (0.0, 1.0, 1.0, 0.0, -bottom, -left)
        case 180:
            return (-1.0, 0.0, 0.0, 1.0, right, -bottom)
        case 270:
            return (0.0, -1.0, -1.0, 0.0, top, right)
        case _:
            return (1.0, 0.0, 0.0, -1.0, -left, top)


def text_layer(page: pdfium.PdfPage) -> TextLayer:
    """Read a page's own text as words: NFC, split at spaces, gaps, and changes of size or baseline.

    What is set in fonts of TCVN3 or VNI is converted to Unicode.
    """
    textpage = page.get_textpage()
    try:
        layer = _words(textpage, view(page), *page.get_size())
    finally:
        textpage.close()
    words, found = encodings.converted(layer.words)
    if not found:
        return layer._replace(words=words)
    # Codes of a symbolic font have a meaning now.
    private = sum("\ue000" <= c <= "\uf8ff" for word in words for c in word.text)
    return layer._replace(words=words, unmapped=min(layer.unmapped, private), encodings=found)


def _words(textpage: pdfium.PdfTextPage, matrix: Matrix, width: float, height: float) -> TextLayer:
    handle = textpage.raw
    a, b, c, d, e, f = matrix
    x, y, rectangle = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    styles: dict[int, _Style] = {}
    words: list[Word] = []
    unmapped = invisible = characters = 0
    # The word being put together: its characters, its style, its box, and where its baseline runs.
    letters: list[str] = []
    style: _Style | None = None
    x0 = top = x1 = bottom = baseline = 0.0

    def finish() -> None:
        if letters and style is not None:
            box = Box(round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))
            if 0 <= (x0 + x1) / 2 <= width and 0 <= (top + bottom) / 2 <= height:
                text = unicodedata.normalize("NFC", "".join(letters))
                words.append(Word(text, box, None, style.font, round(style.size, 2), style.bold, style.italic))
            letters.clear()

    # Whether the last character stands over the one before it.
    over = False
    for index in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, index)
        character = _character(code)
        if not character or character.isspace():
            finish()
            unmapped += not character
            continue
        characters += 1
        owner = raw.FPDFText_GetTextObject(handle, index)
        address = ctypes.addressof(owner.contents) if owner else 0
        current = styles.get(address)
        if current is None:
            current = styles[address] = _style(handle, index, owner, matrix)
        if current.capitals:
            character = encodings.as_capital(character)
        unmapped += code == 0xFFFD or 0xE000 <= code <= 0xF8FF
        invisible += current.invisible
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        raw.FPDFText_GetLooseCharBox(handle, index, rectangle)
        origin = b * x.value + d * y.value + f
        left = a * rectangle.left + c * rectangle.bottom + e
        right = a * rectangle.right + c * rectangle.top + e
        if left > right:
            left, right = right, left
        if current.turned:
            above = b * rectangle.left + d * rectangle.bottom + f
            below = b * rectangle.right + d * rectangle.top + f
            above, below = min(above, below), max(above, below)
        else:
            above, below = origin - ASCENT * current.size, origin + DESCENT * current.size
        if (
            letters
            and not (unicodedata.combining(character) and current is style)
            and _parts(style, current, left - x1, MARK_GAP if over else WORD_GAP, baseline, origin)
        ):
            finish()
        if letters:
            x0, top, x1, bottom = min(x0, left), min(top, above), max(x1, right), max(bottom, below)
        else:
            style, x0, top, x1, bottom, baseline = current, left, above, right, below, origin
        letters.append(character)
        over = abs(rectangle.right - x.value) < 0.01 * current.size
    finish()
    fonts = tuple(sorted({known.font for known in styles.values()}))
    return TextLayer(tuple(words), characters, unmapped, invisible, fonts)


def _character(code: int) -> str:
    """The character a code of pdfium stands for; empty for none.

    pdfium marks a hyphen at the end of a line by U+0002 or U+FFFE, and U+00AD there too.
    """
    if code in (0x02, 0xFFFE):
        return encodings.LINE_END_HYPHEN
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return ""
    return " " if code < 0x20 else chr(code)


def _parts(
    style: _Style | None, current: _Style, gap: float, least: float, baseline: float, origin: float
) -> bool:
    """Whether a new word begins although no space parts it from the one before.

    `gap` lies between both, in points (negative: back over the word); `least` is the share of the font size that
    parts words.
    """
    if style is None or (style is current and current.turned):
        return False
    if current.turned or style.turned:
        return True
    size = max(style.size, current.size)
    return (
        gap > least * size
        or -gap > size
        or abs(origin - baseline) > BASELINE_SHIFT * size
        or min(style.size, current.size) < SIZE_CHANGE * size
    )


def _style(handle: object, index: int, owner: object, matrix: Matrix) -> _Style:
    """How one text object sets its characters; asked once an object."""
    text = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, text)
    a, b, c, d = matrix[:4]
    # The direction of the line and of its height, as shown.
    along = (a * text.a + c * text.b, b * text.a + d * text.b)
    up = (a * text.c + c * text.d, b * text.c + d * text.d)
    size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(*up)
    turned = along[0] <= abs(along[1])
    slanted = not turned and abs(up[0]) > 0.1 * abs(up[1])
    if not owner:
        return _Style("", size, False, slanted, False, turned)
    font = raw.FPDFTextObj_GetFont(owner)
    name = _font_name(font)
    flags = max(0, raw.FPDFFont_GetFlags(font))
    mode = raw.FPDFTextObj_GetTextRenderMode(owner)
    lower = name.lower()
    bold = (
        "bold" in lower
        or bool(flags & _BOLD_FLAG)
        or raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
        or mode == _FILL_AND_STROKE
    )
    italic = "italic" in lower or "oblique" in lower or bool(flags & _ITALIC_FLAG) or slanted
    return _Style(name, size, bold, italic, mode == _INVISIBLE, turned, encodings.is_of_capitals(name))


def _font_name(font: object) -> str:
    """A font's name without the prefix of a subset (`ABCDEF+`)."""
    buffer = ctypes.create_string_buffer(256)
    length = raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.raw[: max(0, min(length, len(buffer)) - 1)].decode("utf-8", "replace")
    return name[7:] if len(name) > 7 and name[6] == "+" else name


def drawing(page: pdfium.PdfPage) -> Drawing:
    """Collect a page's straight lines (strokes and thin rectangles) and the boxes of its pictures."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    pictures: list[Box] = []
    paths = 0
    for kind, item, matrix in _objects(page):
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _shown_box([(0, 0), (1, 0), (0, 1), (1, 1)], matrix)
            if not _add_bar(box, horizontal, vertical):
                pictures.append(box)
        else:
            paths += 1
            _add_path(item, matrix, horizontal, vertical)
    return Drawing(tuple(horizontal), tuple(vertical), tuple(pictures), paths)


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[int, object, Matrix]]:
    """Yield (kind, object, matrix to the page as shown) for paths and pictures, forms opened."""
    seen = 0
    stack = [(raw.FPDFPage_GetObject, page.raw, raw.FPDFPage_CountObjects(page.raw), view(page), 0)]
    while stack:
        get, holder, count, outer, depth = stack.pop()
        for index in range(count):
            seen += 1
            if seen > MOST_OBJECTS:
                return
            item = get(holder, index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
                continue
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, own)
            matrix = _product((own.a, own.b, own.c, own.d, own.e, own.f), outer)
            if kind != raw.FPDF_PAGEOBJ_FORM:
                yield kind, item, matrix
            elif depth < FORM_DEPTH:
                inner = raw.FPDFFormObj_CountObjects(item)
                stack.append((raw.FPDFFormObj_GetObject, item, inner, matrix, depth + 1))


def _product(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _shown_box(points: list[tuple[float, float]], matrix: Matrix) -> Box:
    """The box around points, in the page as shown."""
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x, y in points]
    ys = [b * x + d * y + f for x, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _add_path(path: object, matrix: Matrix, horizontal: list[Rule], vertical: list[Rule]) -> None:
    """Add the straight strokes of one path, or the thin bars and borders that it fills."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke):
        return
    if fill.value != raw.FPDF_FILLMODE_NONE and not stroke.value and raw.FPDFPath_CountSegments(path) < 3:
        return
    filled: list[Box] = []
    for points, curved in _subpaths(path, matrix):
        if stroke.value:
            for (ax, ay), (bx, by) in itertools.pairwise(points):
                _add_stroke(ax, ay, bx, by, horizontal, vertical)
        elif not curved:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            filled.append(Box(min(xs), min(ys), max(xs), max(ys)))
    while filled:
        box = filled.pop()
        if filled and (sides := _ring(filled[-1], box)):
            filled.pop()
            for side in sides:
                _add_bar(side, horizontal, vertical)
        else:
            _add_bar(box, horizontal, vertical)


def _ring(one: Box, other: Box) -> list[Box]:
    """The sides of a border drawn as the space between two rectangles; none where neither lies in the other."""
    outer, inner = (one, other) if one.x1 - one.x0 >= other.x1 - other.x0 else (other, one)
    near = 0.01
    if (
        inner.x0 < outer.x0 - near
        or inner.top < outer.top - near
        or inner.x1 > outer.x1 + near
        or inner.bottom > outer.bottom + near
    ):
        return []
    sides = [
        Box(outer.x0, outer.top, outer.x1, inner.top),
        Box(outer.x0, inner.bottom, outer.x1, outer.bottom),
        Box(outer.x0, outer.top, inner.x0, outer.bottom),
        Box(inner.x1, outer.top, outer.x1, outer.bottom),
    ]
    return [side for side in sides if side.x1 - side.x0 > near and side.bottom - side.top > near]


def _subpaths(path: object, matrix: Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Yield each run of connected points of a path, as shown, and whether it holds a curve."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    curved = False
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, curved
            points, curved = [point], False
        else:
            points.append(point)
            curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        if raw.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    if len(points) > 1:
        yield points, curved


def _add_stroke(ax: float, ay: float, bx: float, by: float, horizontal: list[Rule], vertical: list[Rule]) -> None:
    """Add a stroke from a to b if it is parallel to an axis and long enough."""
    width, height = abs(bx - ax), abs(by - ay)
    if width >= RULE_LENGTH and height <= 0.5:
        horizontal.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
    elif height >= RULE_LENGTH and width <= 0.5:
        vertical.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))


def _add_bar(box: Box, horizontal: list[Rule], vertical: list[Rule]) -> bool:
    """Add a filled rectangle if it is thin enough to be a line; tell whether it was."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if height <= RULE_THICKNESS and width >= RULE_LENGTH and width > height:
        horizontal.append(Rule((box.top + box.bottom) / 2, box.x0, box.x1))
        return True
    if width <= RULE_THICKNESS and height >= RULE_LENGTH:
        vertical.append(Rule((box.x0 + box.x1) / 2, box.top, box.bottom))
        return True
    return False


def ruled_tables(drawn: Drawing, words: tuple[Word, ...]) -> tuple[PageTable, ...]:
    """The tables that a page's lines form, with its words in their cells; lines without words are drawings."""
    grids = tables.grid_from_lines(drawn.horizontal, drawn.vertical)
    filled = (tables.fill(grid, words) for grid in grids)
    return tuple(table for table in filled if any(cell.words for cell in table.cells))


def share(box: Box, width: float, height: float) -> float:
    """How much of a page of this size a box covers, 0 to 1."""
    across = max(0.0, min(box.x1, width) - max(box.x0, 0.0))
    down = max(0.0, min(box.bottom, height) - max(box.top, 0.0))
    return across * down / (width * height) if width * height > 0 else 0.0


def embedded_picture(page: pdfium.PdfPage, folder: Path, most_pixels: int) -> PagePicture | None:
    """The page's own JPEG where it is all the page shows, upright; written to `folder` for the engine.

    None where the page shows more than one picture or the picture is kept in another form. Raises `TooLarge`
    before decoding.
    """
    if page.get_rotation() or raw.FPDFPage_CountObjects(page.raw) != 1 or raw.FPDFPage_GetAnnotCount(page.raw):
        return None
    picture = next(page.get_objects(max_depth=1))
    if picture.type != raw.FPDF_PAGEOBJ_IMAGE or picture.get_filters() != ["DCTDecode"]:
        return None
    width, height = page.get_size()
    matrix = picture.get_matrix()
    whole = share(_shown_box([(0, 0), (1, 1)], _product(tuple(matrix.get()), view(page))), width, height)
    if matrix.a <= 0 or matrix.d <= 0 or matrix.b or matrix.c or whole < WHOLE_PAGE:
        return None
    across, down = picture.get_px_size()
    if across * down > most_pixels:
        raise errors.TooLarge(f"{across} x {down} pixels")
    data = bytes(picture.get_data(decode_simple=True))
    if _JPEG_END not in data[-_JPEG_TAIL:] and _is_cut_off(data):
        raise errors.TruncatedFile("a picture")
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint8 or pixels.shape[2:] not in ((), (3,)):
        return None
    file = folder / "page.jpg"
    file.write_bytes(data)
    return PagePicture(pixels.astype(np.uint8, copy=False), width, height, file)


def _is_cut_off(jpeg: bytes) -> bool:
    """Whether rows of a JPEG are missing: OpenCV and pdfium paint them gray and say nothing."""
    try:
        with Image.open(io.BytesIO(jpeg)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError):
        return True
    return False


def drawn_picture(page: pdfium.PdfPage, most_pixels: int) -> PagePicture:
    """Draw a page with its annotations, at the resolution of its largest picture within bounds.

    Raises `TooLarge` before drawing, where the page or a picture on it is: pdfium leaves a picture out that it
    has no memory for, and the page would look empty.
    """
    width, height = page.get_size()
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=FORM_DEPTH):
        across, down = picture.get_px_size()
        if across * down > MOST_PICTURE_PIXELS * most_pixels:
            raise errors.TooLarge(f"{across} x {down} pixels")
    dpi = min(MOST_DPI, max(LEAST_DPI, _picture_dpi(page)))
    if width * height * (dpi / 72) ** 2 > most_pixels:
        raise errors.TooLarge(f"{width:.0f} x {height:.0f} points")
    pixels = page.render(scale=dpi / 72).to_numpy()
    coloured = pixels.ndim == 3 and int(np.ptp(pixels[::4, ::4, :3].astype(np.int16), axis=2).max()) > GRAY_SPREAD
    if pixels.ndim == 3:
        pixels = pixels[:, :, :3].copy() if coloured else cv2.cvtColor(pixels[:, :, :3], cv2.COLOR_BGR2GRAY)
    return PagePicture(pixels.astype(np.uint8, copy=False), width, height)


def _picture_dpi(page: pdfium.PdfPage) -> float:
    """The resolution of the picture that covers most of a page; 0 where there is none."""
    width, height = page.get_size()
    best = (0.0, 0.0)
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=FORM_DEPTH):
        left, bottom, right, top = picture.get_bounds()
        covered = (right - left) * (top - bottom) / (width * height)
        if covered > 0:
            best = max(best, (covered, max(picture.get_px_size()) * 72 / max(right - left, top - bottom)))
    return best[1]
