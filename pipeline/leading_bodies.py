"""The leading body that somebody means by a name: as in lists, or with our province behind it, or without."""

from rapidfuzz import fuzz, process

from pipeline.errors import WrongUse
from pipeline.store import Store

MOST_NEAR = 5
_LEAST_LIKE = 50.0
"""Likeness, of 100, from which a name is offered for an unknown one."""


def named(store: Store, name: str) -> str:
    """The one of `lead_bodies` that a name means, with or without diacritics.

    Raises WrongUse, with the names near it, where none or several are meant.
    """
    name = " ".join(name.split())
    known: dict[str, str] = dict(
        store.rows("SELECT DISTINCT body, fold(body) FROM (SELECT unnest(lead_bodies) AS body FROM current_tasks)")
    )
    if name in known:
        return name
    for written in _spellings(store, name):
        found = sorted(body for body, folded in known.items() if folded == written)
        if len(found) == 1:
            return found[0]
        if found:
            break
    else:
        [(folded,)] = store.rows("SELECT fold(?)", [name])
        likest = process.extract(
            folded, known, scorer=fuzz.token_set_ratio, score_cutoff=_LEAST_LIKE, limit=MOST_NEAR
        )
        found = [body for _, _, body in likest]
    raise WrongUse("no_such_agency" if found else "no_agency_near", name=name, near="; ".join(found))


def _spellings(store: Store, name: str) -> list[str]:
    """The fold of a name, and of it without and with our province behind it: `Thuế tỉnh`, `Thuế tỉnh Phú Thọ`."""
    [(written, provinces, bare)] = store.rows(
        """SELECT fold(?), list_transform(own, lambda name: fold(name)),
            list_transform(own, lambda name: fold(bare_province(name)))
        FROM (SELECT ?::VARCHAR[] AS own)""",
        [name, store.own_provinces],
    )
    found = [written]
    for ending in (*provinces, *bare):
        cut = written.removesuffix(f" {ending}")
        found.append(cut if cut != written else f"{written} {ending}")
    return found
