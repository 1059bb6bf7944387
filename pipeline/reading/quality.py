"""Is a page's own text layer good? Decided by what its words look like, page by page, with the figures kept."""

import functools
import re
import unicodedata

from pipeline.reading.material import Evidence, TextLayer

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

LEGACY_FONT = re.compile(r"^(\.Vn|VNI[-_ ]|Vni[-_ ]|VnTime|\.VN|SVNtimes|VPS)")
"""Fonts of TCVN3, VNI and VPS: the letters they show are not the codes the file holds."""
_CID = re.compile(r"\(cid:\d+\)")

# Initials and rhymes of written Vietnamese, without tones.
_INITIAL = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx]"
_RHYME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ă|ăc|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây|"
    "e|ec|em|en|eng|eo|ep|et|ê|êch|êm|ên|ênh|êp|êt|êu|êc|êng|"
    "i|ia|ich|iêc|iêm|iên|iêng|iêp|iêt|iêu|im|in|inh|ip|it|iu|"
    "o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|oc|oe|oen|oeo|oet|oi|om|on|ong|"
    "ooc|oong|op|ot|ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|ơ|ơi|ơm|ơn|ơp|ơt|"
    "u|ua|uân|uâng|uât|uây|uc|uê|uêch|uênh|ui|um|un|ung|uơ|up|ut|uôc|uôi|uôm|uôn|uông|uôt|uy|uya|uych|uyên|"
    "uyêt|uyn|uynh|uyt|uyu|uych|ưa|ư|ưc|ưi|ưm|ưng|ưt|ưu|ươc|ươi|ươm|ươn|ương|ươp|ươt|ươu|"
    "y|yêm|yên|yêng|yêt|yêu|ynh|ych|yt"
)
_SYLLABLE = re.compile(f"(?:{_INITIAL})?(?:{_RHYME})")
_TONES = {
    ord(unicodedata.normalize("NFC", vowel + tone)): vowel
    for vowel in "aăâeêioôơuưy"
    for tone in "\u0300\u0301\u0303\u0309\u0323"
}
_WORD = re.compile(r"[^\W\d_]+")


@functools.lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word is spelt as a Vietnamese syllable can be (any tone, any case)."""
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", word.lower()).translate(_TONES)) is not None


def judge(layer: TextLayer, picture_share: float, paths: int) -> tuple[bool, Evidence]:
    """Decide whether to use a page's text layer.

    `picture_share`, 0 to 1, is how much of the page its largest picture covers, `paths` how many paths are drawn.
    Returns the decision and its figures, `decision` naming the ground: `good`, `empty`, `signed_scan`,
    `unmapped`, `legacy_font`, `no_letters`, `no_syllables`, `bad_ocr_layer`.
    """
    text = " ".join(word.text for word in layer.words)
    solid = sum(map(len, (word.text for word in layer.words)))
    tokens = [token for token in _WORD.findall(text) if len(token) > 1 and not _abbreviation(token)]
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
    return decision == "good", {
        "decision": decision,
        "characters": layer.characters,
        "letters": round(letters, 3),
        "syllables": round(syllables, 3),
        "unmapped": round(unmapped, 3),
        "invisible": invisible,
        "picture": round(picture_share, 3),
    }


def _abbreviation(token: str) -> bool:
    """Capitals that are no word (`UBND`, `VNeID`): they say nothing for or against the layer."""
    return len(token) <= 6 and sum(map(str.isupper, token)) > 1 and not is_syllable(token)
