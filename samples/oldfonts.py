"""Pages set in the fonts of the old encodings TCVN3 (ABC) and VNI, as files from before Unicode came out.

Such a font shows Vietnamese letters for Latin codes: the page looks right, and its text layer says `Céng hßa`. The
fonts are Liberation Serif with other codes for its letters; capitals with tones, which TCVN3 lacks, stand as small
ones in a font of capitals (.VnTimeH).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from lxml import etree
from lxml import html as lxml_html

from pipeline.reading.encodings import from_tcvn3, from_vni, to_tcvn3, to_vni

STYLES = {"Regular": ("", ""), "Bold": ("bold", ""), "Italic": ("", "italic"), "Bold Italic": ("bold", "italic")}
# ư has the code of the soft hyphen, which a page would not show: it is set as this, and named rightly at the end.
HORN, SET_AS = "\xad", "\uf0ad"
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
RAISED = 250
"""Units of the font by which a tone stands over a hat."""
_WORD = re.compile(r"\S+")


def letters() -> Iterator[str]:
    """Every Vietnamese letter, small and capital."""
    for letter in LETTERS:
        for tone in TONES if letter in VOWELS else ("",):
            written = unicodedata.normalize("NFC", letter + tone)
            if len(written) == 1:
                yield from (written, written.upper())


def tcvn3_codes(capitals: bool) -> dict[str, str]:
    """What letter each code of .VnTime, or of .VnTimeH, shows."""
    shown = {code: from_tcvn3(code) for code in map(to_tcvn3, letters()) if len(code) == 1}
    shown[HORN] = "ư"
    shown = {SET_AS if code == HORN else code: letter for code, letter in shown.items()}
    return {code: letter.upper() for code, letter in shown.items()} if capitals else shown


def vni_codes() -> dict[str, str]:
    """What each code of VNI-Times shows: a letter, or marks over the letter before."""
    shown: dict[str, str] = {}
    for letter in letters():
        codes = to_vni(letter)
        if len(codes) == 1:
            shown[codes] = letter
        elif len(codes) == 2 and from_vni(codes) == letter:
            bare, base = unicodedata.normalize("NFD", letter), unicodedata.normalize("NFD", from_vni(codes[0]))
            shown.setdefault(codes[1], bare[len(base) :] if bare.startswith(base) else bare[1:])
    return shown


def font(source: Path, name: str, codes: dict[str, str], target: Path) -> None:
    """Write a font whose codes show these letters; a code of marks shows them over the letter before it."""
    face = TTFont(source)
    best = face.getBestCmap()
    other = {code: glyph for code, glyph in best.items() if code < 0x80 or code > 0x2000}
    glyphs = face["glyf"]
    for code, shown in codes.items():
        if shown in best or (len(shown) == 1 and ord(shown) in best and not unicodedata.combining(shown)):
            other[ord(code)] = best[ord(shown)]
        else:
            other[ord(code)] = _marks(face, glyphs, best, code, shown)
    for table in face["cmap"].tables:
        table.cmap = dict(other) if table.isUnicode() else {}
    face["cmap"].tables = [table for table in face["cmap"].tables if table.isUnicode() and table.format == 4]
    for tag in ("GSUB", "GPOS", "GDEF", "kern"):
        if tag in face:
            del face[tag]
    for record in face["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = name
    face.save(target)


def _marks(face: Any, glyphs: Any, best: dict[int, str], code: str, marks: str) -> str:
    """A glyph without width that shows marks over the letter before it."""
    pen = TTGlyphPen(face.getGlyphSet())
    for height, mark in enumerate(marks):
        glyph = glyphs[best[ord(mark)]]
        # Over the middle of a letter of half an em, which stands before it.
        left = -face["head"].unitsPerEm // 4 - (glyph.xMin + glyph.xMax) // 2
        low = mark == "\u0323"
        pen.addComponent(best[ord(mark)], (1, 0, 0, 1, left, 0 if low else RAISED * height))
    name = f"marks{ord(code):04x}"
    face.setGlyphOrder([*face.getGlyphOrder(), name])
    glyphs[name] = pen.glyph()
    glyphs[name].recalcBounds(glyphs)
    face["hmtx"][name] = (0, glyphs[name].xMin)
    return name


def css(folder: Path, file_of: Callable[[str], str], encoding: str) -> str:
    """Make the fonts of an encoding in `folder`, and the style sheet that sets a page in them."""
    families = {
        "tcvn3": {".VnTime": tcvn3_codes(False), ".VnTimeH": tcvn3_codes(True)},
        "vni": {"VNI-Times": vni_codes()},
    }
    rules = []
    for family, codes in families[encoding].items():
        for style, (weight, slant) in STYLES.items():
            path = folder / f"{family}-{style}.ttf".replace(" ", "")
            end = style.replace("Regular", "").replace(" ", "")
            font(Path(file_of(style)), f"{family}-{end}".strip("-"), codes, path)
            rules.append(
                f'@font-face {{ font-family: "{family}"; src: url("{path.as_uri()}"); '
                f"font-weight: {weight or 'normal'}; font-style: {slant or 'normal'}; }}"
            )
    first = next(iter(families[encoding]))
    rules.append(f'* {{ font-family: "{first}" !important; }} .H {{ font-family: ".VnTimeH" !important; }}')
    rules.append(f'@page {{ @top-center {{ font-family: "{first}"; }} }} .W {{ white-space: nowrap; }}')
    return "\n".join(rules)


def encoded(page: str, encoding: str) -> str:
    """An HTML page with its text in the codes of an encoding."""
    root = lxml_html.document_fromstring(page)
    for node in list(root.body.iter()):
        if isinstance(node.tag, str):
            _set(node, "text", encoding)
            for child in list(node):
                if child.get("class") not in ("H", "W"):
                    _set(child, "tail", encoding)
    return "<!DOCTYPE html>\n" + str(lxml_html.tostring(root, encoding="unicode"))


def _set(node: Any, part: str, encoding: str) -> None:
    """Replace the text in or behind a node by its codes, words that need it in elements of their own."""
    text = getattr(node, part)
    if not text or node.get("class") in ("H", "W"):
        return
    parts: list[Any] = [""]
    at = 0
    for found in _WORD.finditer(text):
        parts[-1] += text[at : found.start()]
        at = found.end()
        if found[0].isascii():
            parts[-1] += found[0]
        else:
            parts += [_word(found[0], encoding), ""]
    parts[-1] += text[at:]
    setattr(node, part, parts[0])
    place = 0 if part == "text" else node.getparent().index(node) + 1
    holder = node if part == "text" else node.getparent()
    for number in range(1, len(parts), 2):
        parts[number].tail = parts[number + 1]
        holder.insert(place + number // 2, parts[number])


def _word(word: str, encoding: str) -> Any:
    """A word in its codes, kept on one line; capitals that TCVN3 lacks in the font of capitals."""
    whole = etree.Element("span", {"class": "W"})
    if encoding == "vni":
        whole.text = to_vni(word)
        return whole
    lacking = [c for c in word if c.isupper() and not c.isascii() and to_tcvn3(c) == to_tcvn3(c.lower())]
    if lacking and sum(map(str.isalpha, word)) > 1 and word.isupper():
        whole.set("class", "H")
        whole.text = _codes(word.lower())
        return whole
    whole.text = ""
    last: Any = None
    for c in word:
        if c in lacking:
            last = etree.SubElement(whole, "span", {"class": "H"})
            last.text, last.tail = _codes(c.lower()), ""
        elif last is None:
            whole.text += _codes(c)
        else:
            last.tail += _codes(c)
    return whole


def _codes(text: str) -> str:
    return to_tcvn3(text).replace(HORN, SET_AS)


def named(pdf: bytes) -> bytes:
    """An uncompressed PDF whose text layer has the soft hyphen where it was set as something else."""
    return re.sub(rb"<f0ad>", b"<00ad>", pdf, flags=re.IGNORECASE)
