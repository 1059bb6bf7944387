"""Is a page's own text layer good? Decided by what its words look like, page by page, with the figures kept."""

import re

from models import Page
from pipeline.reading.material import Evidence, TextLayer
from pipeline.reading.syllables import is_syllable, share_of_syllables, syllable_candidates

FEWEST_CHARACTERS = 12
"""A page with fewer characters than this and a picture is a scan with a page number or a signature's date."""
SMALLEST_PICTURE = 0.02
MOST_PLAIN_PATHS = 200
"""Less than this on a page without text, and the page is blank; more, and its letters may be drawn as paths."""
FEWEST_BESIDE_PICTURE = 400
"""A page that a picture covers and that has fewer characters is a scan with a digital signature over it."""
WORST_UNMAPPED = 0.05
WORST_LETTERS = 0.6
WORST_SYLLABLES = 0.6
WORST_INVISIBLE_SYLLABLES = 0.85
"""An OCR layer under its picture has to be better than a text somebody typed: it can be made again."""
FEWEST_TOKENS, FEWEST_SIGNS = 12, 60
"""With fewer words their share of syllables says nothing, nor with fewer characters that of letters and digits."""

BAD_FONT = frozenset({"unmapped", "legacy_font", "no_letters", "no_syllables"})
"""Grounds that lie with the fonts of a text: what is drawn with them may be as wrong as what they say."""
LOST, SHORT = 0.25, 0.5
"""Shares of a layer's characters: with fewer recognised on its page, or fewer and no sense in them, it is lost."""
NONSENSE = 0.55
"""Share of syllables among recognised words below which they are none."""

LEGACY_FONT = re.compile(r"^(\.Vn|VNI[-_ ]|Vni[-_ ]|VnTime|\.VN|SVNtimes|VPS)")
"""Fonts of TCVN3, VNI and VPS: what is left of them unconverted shows other letters than the codes say."""
_CID = re.compile(r"\(cid:\d+\)")


def judge(layer: TextLayer, picture_share: float, paths: int) -> tuple[bool, Evidence]:
    """Decide whether to use a page's text layer.

    `picture_share`, 0 to 1, is how much of the page its largest picture covers, `paths` how many paths are drawn.
    Returns the decision and its figures, `decision` naming the ground: `good`, `empty`, `signed_scan`,
    `unmapped`, `legacy_font`, `no_letters`, `no_syllables`, `bad_ocr_layer`.
    """
    text = " ".join(word.text for word in layer.words)
    solid = sum(map(len, (word.text for word in layer.words)))
    tokens = syllable_candidates([text])
    letters = sum(map(str.isalnum, text)) / solid if solid else 0.0
    syllables = sum(map(is_syllable, tokens)) / len(tokens) if tokens else 0.0
    unmapped = (layer.unmapped + sum(map(len, _CID.findall(text)))) / max(1, layer.characters)
    invisible = layer.invisible > layer.characters / 2
    enough = len(tokens) >= FEWEST_TOKENS
    decision = "good"
    drawn = picture_share > SMALLEST_PICTURE or paths > MOST_PLAIN_PATHS
    if layer.characters < FEWEST_CHARACTERS and drawn:
        decision = "empty"
    elif picture_share > 0.5 and layer.characters < FEWEST_BESIDE_PICTURE and not invisible:
        decision = "signed_scan"
    elif unmapped > WORST_UNMAPPED:
        decision = "unmapped"
    elif any(LEGACY_FONT.match(font) for font in layer.fonts) and syllables < WORST_INVISIBLE_SYLLABLES:
        decision = "legacy_font"
    elif layer.characters >= FEWEST_SIGNS and letters < WORST_LETTERS:
        decision = "no_letters"
    elif enough and invisible and syllables < WORST_INVISIBLE_SYLLABLES:
        decision = "bad_ocr_layer"
    elif enough and syllables < WORST_SYLLABLES:
        decision = "no_syllables"
    evidence: Evidence = {
        "decision": decision,
        "characters": layer.characters,
        "letters": round(letters, 3),
        "syllables": round(syllables, 3),
        "unmapped": round(unmapped, 3),
        "invisible": invisible,
        "picture": round(picture_share, 3),
    }
    if layer.encodings:
        evidence["encodings"] = " ".join(sorted(set(layer.encodings.values())))
    return decision == "good", evidence


def is_lost(page: Page, *, in_damaged_file: bool) -> bool:
    """Whether a page recognised for its bad fonts has lost its text: little of it is seen, or nonsense.

    Nonsense as long as the layer may be another language; in a damaged file it is the damage's.
    """
    if page.source != "ocr" or page.evidence.get("decision") not in BAD_FONT:
        return False
    texts = [word.text for word in page.words]
    # A form's dots to write on are not recognised.
    letters = float(page.evidence["letters"]) if page.evidence["decision"] == "no_letters" else 1.0
    seen = sum(map(len, texts)) / max(1.0, letters * float(page.evidence["characters"]))
    is_nonsense = share_of_syllables(texts) < NONSENSE
    return seen < LOST or (is_nonsense and (in_damaged_file or seen < SHORT))
