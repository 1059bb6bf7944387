"""Text set in fonts of the old encodings TCVN3 (ABC) and VNI as Unicode.

Such fonts show Vietnamese letters for codes that a PDF calls Latin ones: `Céng hßa` (TCVN3) and `Coäng hoøa`
(VNI) are both `Cộng hòa`. A page's words are converted font by font: by the font's name, or where the name tells
nothing, by which reading gives Vietnamese syllables.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from models import Word
from pipeline.reading.syllables import is_syllable, share_of_syllables

Encoding = Literal["TCVN3", "VNI"]

FEWEST_TOKENS = 5
"""With fewer words in a font, its name and those that do not occur in Unicode text decide."""
BEST_RAW, LEAST_CONVERTED, LEAST_GAIN = 0.9, 0.85, 0.1
"""Shares of syllables: text that reads well as it is stays; converted it must read well, and clearly better."""

LETTERHEAD = (
    "cộng hòa xã",
    "cộng hoà xã",
    "độc lập -",
    "hạnh phúc",
    "kính gửi",
    "nơi nhận",
    "ủy ban nhân",
    "uỷ ban nhân",
)
"""What letterheads and feet say, small: where a font's words say so in an old encoding, they are in it."""

_TCVN3_FONT = re.compile(r"\.?vn(?!i)[a-z]", re.IGNORECASE)
_TCVN3_CAPITALS = re.compile(r"\.?vn(?!i)[a-z0-9 ]*h(?:[,-].*)?$", re.IGNORECASE)
_VNI_FONT = re.compile(r"vni[-_ ]?[a-z]", re.IGNORECASE)

# TCVN 5712:1993, VN3: small letters with their codes in Latin-1, then the seven capitals. U+00AD is ư.
_TCVN3_LETTERS = (
    "à\xb5 ả\xb6 ã\xb7 á\xb8 ạ\xb9 ă\xa8 ằ\xbb ẳ\xbc ẵ\xbd ắ\xbe ặ\xc6 â\xa9 ầ\xc7 ẩ\xc8 ẫ\xc9 ấ\xca ậ\xcb đ\xae "
    "è\xcc ẻ\xce ẽ\xcf é\xd0 ẹ\xd1 ê\xaa ề\xd2 ể\xd3 ễ\xd4 ế\xd5 ệ\xd6 ì\xd7 ỉ\xd8 ĩ\xdc í\xdd ị\xde "
    "ò\xdf ỏ\xe1 õ\xe2 ó\xe3 ọ\xe4 ô\xab ồ\xe5 ổ\xe6 ỗ\xe7 ố\xe8 ộ\xe9 ơ\xac ờ\xea ở\xeb ỡ\xec ớ\xed ợ\xee "
    "ù\xef ủ\xf1 ũ\xf2 ú\xf3 ụ\xf4 ư\xad ừ\xf5 ử\xf6 ữ\xf7 ứ\xf8 ự\xf9 ỳ\xfa ỷ\xfb ỹ\xfc ý\xfd ỵ\xfe "
    "Ă\xa1 Â\xa2 Ê\xa3 Ô\xa4 Ơ\xa5 Ư\xa6 Đ\xa7"
)
_FROM_TCVN3 = {pair[1]: pair[0] for pair in _TCVN3_LETTERS.split(" ")}
# The micro sign, as some files name it by the Greek letter.
_FROM_TCVN3["\u03bc"] = "à"
_TO_TCVN3 = {letter: code for code, letter in reversed(_FROM_TCVN3.items())}

# VNI-Windows: letters with codes of their own, and what a second code adds to the letter before it.
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}


def _vni_pairs() -> dict[str, str]:
    """Code sequences of VNI and the letters they show, both cases."""
    bases = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}
    shown = dict(_VNI_SINGLE)
    for code, base in bases.items():
        shown |= {code + mark: _composed(base + tone) for mark, tone in _VNI_TONES.items()}
    for base in "aeo":
        shown |= {base + mark: _composed(base + "\u0302" + tone) for mark, tone in _VNI_HATS.items()}
    shown |= {"a" + mark: _composed("a\u0306" + tone) for mark, tone in _VNI_BREVES.items()}
    return shown | {codes.upper(): letter.upper() for codes, letter in shown.items()}


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_FROM_VNI = _vni_pairs()
_TO_VNI = {letter: codes for codes, letter in _FROM_VNI.items()}
_VNI_CODES = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))

LINE_END_HYPHEN = "\x02"
"""What pdfium makes of a hyphen at the end of a line."""
_HYPHENED = re.compile(r"(?<![^\W\d_])([^\W\d_]{0,4})[-\x02]([^\W\d_]{0,4})(?![^\W\d_])")


_CAPITAL = 0xF0000
"""Added to a code that a font of capitals shows; a word may hold letters of both (`Ủy` begins with one)."""


def is_of_capitals(font: str) -> bool:
    """Whether a font's small letters look like capitals, as its name says (`.VnTimeH`)."""
    return _TCVN3_CAPITALS.match(font) is not None


def as_capital(code: str) -> str:
    """A character as a font of capitals shows it, kept apart until the encoding is known (`converted`)."""
    return chr(_CAPITAL + ord(code)) if ord(code) < 0x10000 else code


def _plain(text: str) -> str:
    """Text without the marks of `as_capital`."""
    return "".join(chr(ord(c) - _CAPITAL) if _CAPITAL <= ord(c) < _CAPITAL + 0x10000 else c for c in text)


def from_tcvn3(text: str, capitals: bool = False) -> str:
    """Text in TCVN3 codes as Unicode; `capitals` for a font whose small letters look like capitals."""
    shown = "".join(_FROM_TCVN3.get(code, code) for code in _low(_plain(text)))
    # The horn takes one hyphen's place: letters keep theirs.
    shown = _HYPHENED.sub(_horn, shown)
    raised = (capitals or ord(written) >= _CAPITAL for written in text)
    return "".join(letter.upper() if high else letter for letter, high in zip(shown, raised, strict=True))


def _horn(found: re.Match[str]) -> str:
    """ư for the hyphen that readers of PDF make of its code U+00AD: `tr-ớc` is `trước`, `kinh-tế` stays."""
    before, after = found.groups()
    compound = min(len(before), len(after)) > 1 and is_syllable(before) and is_syllable(after)
    if compound or not before + after or after[:1].isupper() or not is_syllable(f"{before}ư{after}"):
        return found[0]
    return f"{before}ư{after}"


def to_tcvn3(text: str) -> str:
    """Unicode text in TCVN3 codes; capitals with tones, which the encoding lacks, become small ones."""
    return "".join(_TO_TCVN3.get(c) or _TO_TCVN3.get(c.lower(), c) for c in _composed(text))


def from_vni(text: str) -> str:
    """Text in VNI-Windows codes as Unicode."""
    return _VNI_CODES.sub(lambda codes: _FROM_VNI[codes[0]], _low(text))


def to_vni(text: str) -> str:
    """Unicode text in VNI-Windows codes."""
    return "".join(_TO_VNI.get(letter, letter) for letter in _composed(text))


def _low(text: str) -> str:
    """Codes that a symbolic font keeps in the private area (U+F0xx) as those they stand for."""
    return "".join(chr(ord(c) - 0xF000) if "\uf020" <= c <= "\uf0ff" else c for c in text)


def encoding_of_font(name: str) -> Encoding | None:
    """The old encoding a font's name stands for (`.VnTime`, `VNI-Times`), if any."""
    if _VNI_FONT.match(name):
        return "VNI"
    return "TCVN3" if _TCVN3_FONT.match(name) else None


def converted(words: Sequence[Word]) -> tuple[tuple[Word, ...], dict[str, Encoding]]:
    """The words of a page in Unicode, and which fonts were in which old encoding (empty: none).

    A font named for an encoding may hold Unicode all the same, and one named for nothing an old encoding: what
    reads as Vietnamese decides, the name only where both do. Hyphens at the ends of lines become plain ones.
    """
    plain = [_plain(word.text) for word in words]
    found = _encodings([msgspec.structs.replace(word, text=text) for word, text in zip(words, plain, strict=True)])
    readers = {font: _reader(font, encoding) for font, encoding in found.items()}

    def read(word: Word, plain: str) -> Word:
        text = readers[word.font or ""](word.text) if (word.font or "") in readers else plain
        text = text.replace(LINE_END_HYPHEN, "-")
        return word if text == word.text else msgspec.structs.replace(word, text=text)

    return tuple(map(read, words, plain)), found


def _encodings(words: Sequence[Word]) -> dict[str, Encoding]:
    """The fonts of a page that are in an old encoding."""
    if not any(map(_is_foreign, (word.text for word in words))):
        return {}
    by_font: dict[str, list[str]] = {}
    for word in words:
        by_font.setdefault(word.font or "", []).append(word.text)
    found = {font: encoding for font, texts in by_font.items() if (encoding := _encoding(font, texts))}
    if found and not any(map(encoding_of_font, by_font)):
        # A heading's font may hold few words: the other fonts without a name for it speak for it.
        common = next(iter(found.values()))
        found |= {
            font: common for font, texts in by_font.items() if not _enough(texts) and any(map(_is_foreign, texts))
        }
    return found


def _reader(font: str, encoding: Encoding) -> Callable[[str], str]:
    if encoding == "VNI":
        return lambda text: from_vni(_plain(text))
    capitals = is_of_capitals(font)
    return lambda text: from_tcvn3(text, capitals and _plain(text) == text)


def _encoding(font: str, texts: Sequence[str]) -> Encoding | None:
    """The old encoding that these words of one font are in; None for Unicode."""
    named = encoding_of_font(font)
    if named and not _enough(texts):
        return named
    raw = share_of_syllables(texts)
    options: tuple[Encoding, ...] = (named,) if named else ("TCVN3", "VNI")
    if not named and raw < BEST_RAW and (told := _by_letterhead(texts)):
        return told
    shares = {encoding: share_of_syllables(list(map(_reader("", encoding), texts))) for encoding in options}
    best = max(options, key=lambda encoding: shares[encoding])
    if named:
        return best if shares[best] >= raw else None
    if raw < BEST_RAW and shares[best] >= max(LEAST_CONVERTED, raw + LEAST_GAIN):
        return best
    return None


def _by_letterhead(texts: Sequence[str]) -> Encoding | None:
    """The old encoding in which these words hold what only a letterhead says; None where they hold none."""
    for encoding in ("TCVN3", "VNI"):
        shown = " ".join(map(_reader("", encoding), texts)).casefold()
        if any(phrase in shown for phrase in LETTERHEAD):
            return encoding
    return None


def _enough(texts: Sequence[str]) -> bool:
    return sum(text.isalpha() or _is_foreign(text) for text in texts) >= FEWEST_TOKENS


def _is_foreign(text: str) -> bool:
    """Whether a word holds codes above ASCII that written Vietnamese has no use for (`Céng` has none: `hßa`)."""
    return any("\x80" <= c <= "\xff" or "\uf020" <= c <= "\uf0ff" for c in text) and not is_syllable(text)
