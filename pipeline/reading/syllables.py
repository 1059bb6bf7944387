"""How Vietnamese syllables are spelt, and how much of a text is made of them."""

import functools
import re
import unicodedata
from collections.abc import Iterable

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


def syllable_candidates(texts: Iterable[str]) -> list[str]:
    """The words of a text that should be syllables: of letters, longer than one, no abbreviations."""
    return [token for token in _WORD.findall(" ".join(texts)) if len(token) > 1 and not _abbreviation(token)]


def share_of_syllables(texts: Iterable[str]) -> float:
    """How many of a text's words are spelt as Vietnamese syllables can be, 0 to 1; 0 where there are none."""
    tokens = syllable_candidates(texts)
    return sum(map(is_syllable, tokens)) / len(tokens) if tokens else 0.0


def _abbreviation(token: str) -> bool:
    """Capitals that are no word (`UBND`, `VNeID`): they say nothing for or against the layer."""
    return len(token) <= 6 and sum(map(str.isupper, token)) > 1 and not is_syllable(token)
