"""Plain text, as document systems export it: bytes to characters, lines to paragraphs."""

import codecs
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from statistics import median

from models import Block, Paragraph
from pipeline.reading.flow import ITEM
from pipeline.reading.syllables import is_syllable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1a")
MOST_DAMAGE = 0.005
"""More bytes without meaning and control characters than this share, and it is not a text in this encoding."""
FEWEST_SYLLABLES = 0.7
"""A one-byte encoding is believed only where at least this share of its words are Vietnamese syllables."""

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = tuple(".;:!?…/")


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a Vietnamese (or ASCII) text in an encoding that is read."""
    return _decoded(head, cut=True) is not None


def decode(data: bytes) -> str:
    """Bytes of a text file as characters, NFC: by mark, UTF-8, UTF-16 without a mark, then CP1258.

    What no encoding explains is decoded as UTF-8 with replacement characters.
    """
    text = _decoded(data, cut=False)
    return unicodedata.normalize("NFC", data.decode("utf-8", "replace") if text is None else text)


def _decoded(data: bytes, cut: bool) -> str | None:
    """Decode by the first encoding that fits; None for none. `cut`: the last character may be cut in two."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _text(data, encoding, cut)
    # Vietnamese in UTF-16 has a zero byte in every second place of its spaces, signs and plain letters.
    if data[:400].count(0) > len(data[:400]) / 8:
        little = data[1::2].count(0) > data[::2].count(0)
        return _text(data, "utf-16-le" if little else "utf-16-be", cut)
    text = _text(data, "utf-8", cut)
    if text is not None:
        return text
    text = _text(data, "cp1258", cut)
    words = _WORD.findall(unicodedata.normalize("NFC", text)) if text else []
    fitting = sum(map(is_syllable, words))
    return text if words and fitting >= FEWEST_SYLLABLES * len(words) else None


def _text(data: bytes, encoding: str, cut: bool) -> str | None:
    """Decode, what does not decode as U+FFFD; None where there is too much of it, or of control characters."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data, final=not cut)
    damage = text.count("\ufffd") + sum(character in _CONTROLS for character in text)
    return None if damage > MOST_DAMAGE * len(text) else text


def read(path: Path) -> tuple[Block, ...]:
    """Read a text file as paragraphs: parted by blank lines, indents, list markers and lines that end early.

    A line that fills the width is taken to be wrapped: the next one continues it.
    """
    text = decode(path.read_bytes())
    lines = [line.expandtabs(4).rstrip() for line in text.replace("\f", "\n\n").splitlines()]
    return tuple(Paragraph(text=paragraph) for paragraph in _paragraphs(lines))


def _paragraphs(lines: list[str]) -> list[str]:
    """Join wrapped lines. The width is the text's own: what its fuller lines reach."""
    filled = [len(line) for line in lines if line.strip()]
    width = sorted(filled)[int(len(filled) * 0.9)] if filled else 0
    wrapped = 40 <= width <= 160 and _is_wrapped(lines, width)
    # Lines that begin in lower case continue others: their indent is that of the text.
    usual = median([_indent(line) for line in lines if line.strip()[:1].islower()] or [0])
    paragraphs: list[list[str]] = []
    before = ""
    for line in lines:
        words = line.strip()
        if words:
            indented = _indent(line) > usual + 1
            full = len(before) >= width * 0.75
            continues = wrapped and full and before.strip() and not indented and not ITEM.match(words)
            if continues and not (before.endswith(_SENTENCE_END) and len(before) < width * 0.9):
                paragraphs[-1].append(words)
            else:
                paragraphs.append([words])
        before = line
    return [re.sub(r"\s+", " ", " ".join(parts)) for parts in paragraphs]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_wrapped(lines: list[str], width: int) -> bool:
    """Whether lines were broken at a width: some full line is followed by one that begins in lower case."""
    return any(len(line) >= width * 0.75 and after.strip()[:1].islower() for line, after in pairwise(lines))
