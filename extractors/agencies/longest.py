"""The longest name of a body that begins at a word, however it is named."""

from collections.abc import Callable
from typing import Final

from extractors.agencies import by_form, by_name, by_place, collectives
from extractors.agencies.gazetteer import as_of
from extractors.agencies.tokens import key
from extractors.agencies.words import Hit, Words
from models import AgencyMention

_KINDS: Final[tuple[Callable[[Words, int], Hit | None], ...]] = (
    by_name.body,
    by_place.body,
    collectives.body,
    by_form.body,
    by_name.misread,
)


def body(words: Words, i: int) -> Hit | None:
    """The longest name that begins at word `i`; at equal length the gazetteer's."""
    best: Hit | None = None
    for kind in _KINDS:
        hit = kind(words, i)
        if hit is None or (best is not None and hit.end <= best.end):
            continue
        if best is not None and kind is by_form.body and not _goes_on(words, best.end):
            continue
        best = hit
    return best


def _goes_on(words: Words, i: int) -> bool:
    """Whether a known body's name may be the beginning of a longer one: a capital or a place follows."""
    return words.capital(i) or words.one_of(i, (*by_form.PLACES, ("nhân", "dân"))) is not None


def whole(words: Words) -> AgencyMention:
    """The text as one body's name, known or as written."""
    hit = body(words, 0)
    if hit is not None and hit.mentions:
        return hit.mentions[0]
    known = words.known.by_name.get(key(words.text))
    if known:
        return words.of(as_of(known, words.context.on), 0, len(words.tokens))
    return AgencyMention(name=words.text.strip(), scope=words.context.scope)
