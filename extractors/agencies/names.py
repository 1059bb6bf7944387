"""Classes of bodies by name; what a letter says that decides which body a name means; misspelt names."""

import datetime
from functools import cache
from typing import Final

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import Indel

from extractors.agencies.gazetteer import compiled
from extractors.agencies.tokens import key
from models import AgencyMention, Office

MINISTRIES: Final = "Các bộ, ngành"
PROVINCES: Final = "Các địa phương"
UNITS: Final = "Các đơn vị liên quan"
ENTERPRISES: Final = "Các doanh nghiệp"
BANKS: Final = "Các ngân hàng"
DEPARTMENTS: Final = "Các sở, ban, ngành"
COMMUNES: Final = "Các xã, phường, đặc khu"
AS_WRITTEN: Final = frozenset({DEPARTMENTS, COMMUNES})
"""Classes of local bodies, named as the letter writes them (`Các sở, ngành`, `Ủy ban nhân dân các xã`)."""
COLLECTIVES: Final = frozenset({MINISTRIES, PROVINCES, UNITS, ENTERPRISES, BANKS, *AS_WRITTEN})
MIN_SIMILAR_LENGTH: Final = 6
SIMILAR: Final = 0.885
"""How alike (indel similarity of letters) a misspelt name and its body must be, one slip in eight letters."""


class AgencyContext(msgspec.Struct, frozen=True):
    """What a letter says about itself that decides which body a name means.

    `on` is its date; `scope` the province whose local bodies it means (None: a central letter); `issuer` its
    issuer; `recipients` those of `Kính gửi`.
    """

    on: datetime.date | None = None
    scope: str | None = None
    issuer: str | None = None
    recipients: tuple[AgencyMention, ...] = ()
    office: Office = Office()


def misspelt(piece: str) -> str | None:
    """The one name that a misspelt item can only mean (`đia phương`, `Bộ Nôi vụ`), else None."""
    if len(piece) < MIN_SIMILAR_LENGTH:
        return None
    found = process.extract(
        key(piece), list(_similar_names()), scorer=Indel.normalized_similarity, score_cutoff=SIMILAR, limit=2
    )
    names = {_similar_names()[key] for key, _, _ in found}
    return names.pop() if len(names) == 1 else None


@cache
def _similar_names() -> dict[str, str]:
    g = compiled()
    out = {key: agencies[0].name for key, agencies in g.by_name.items()}
    out["địa phương"] = PROVINCES
    return out


def is_short(word: str) -> bool:
    """Whether a word is an abbreviation or stands in capitals."""
    return len(word) > 1 and word.isupper()
