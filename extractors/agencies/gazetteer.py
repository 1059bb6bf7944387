"""The gazetteer of bodies as data, compiled for one pass over the words of a text.

`data/agencies*.toml` hold names, symbols, other spellings, validity and successors of bodies, and the words by
which bodies outside the list and whole classes of them are named.
"""

import datetime
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from extractors.agencies.tokens import Trie, fold, key, normal, norms, tokenize
from models import Agency

CENTRAL: Final = "trung ương"
MIN_FOLDED_WORDS: Final = 3
"""A name of fewer words is too like others without its diacritics."""
_DATA: Final = Path(__file__).parent.parent / "data"


class Name(msgspec.Struct, frozen=True):
    """A spelling of a body: `exact` has the words that must stand as here (symbols, abbreviations), None else;
    `capitals` are indexes of words that must begin with a capital."""

    agency: Agency
    exact: tuple[str | None, ...]
    capitals: tuple[int, ...]


class Gazetteer(msgspec.Struct, frozen=True):
    """The known bodies, today's first, and tries of their names.

    `by_name` has them by the key of their full name; `folded` full names without diacritics; `fields` ministries
    without `Bộ`; `provinces` bare names of provinces.
    """

    agencies: tuple[Agency, ...]
    by_name: dict[str, tuple[Agency, ...]]
    names: Trie[Name]
    folded: Trie[Name]
    fields: Trie[Name]
    provinces: Trie[Name]


def _is_abbreviation(word: str) -> bool:
    return len(word) > 1 and sum(c.isupper() for c in word) > 1


def _spellings(alias: str) -> set[tuple[str, ...]]:
    """The words of a name, and the same without its commas or hyphens, which letters drop."""
    words = tuple(t.text for t in tokenize(alias))
    return {
        words,
        tuple(w for w in words if w != ","),
        tuple(w for w in words if w not in "-–"),
        tuple("," if w in "-–" else w for w in words),
    }


def _add_spellings(
    trie: Trie[Name], agency: Agency, alias: str, capitals: Callable[[tuple[str, ...]], Iterable[int]]
) -> None:
    for words in _spellings(alias):
        exact = tuple(w if _is_abbreviation(w) else None for w in words)
        trie.add(tuple(normal(w) for w in words), Name(agency, exact, tuple(capitals(words))))


def _name_capitals(words: tuple[str, ...]) -> tuple[int, ...]:
    """Which word must be a capital: behind `Bộ` the next (`các bộ xây dựng kế hoạch`: none), else the first."""
    return (1,) if words[0] == "Bộ" and len(words) > 1 and words[1][0].isupper() else (0,)


def _all_capitals(words: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(i for i, w in enumerate(words) if w[0].isupper())


def load_records() -> tuple[dict[str, Any], ...]:
    """The gazetteer's records as they stand in the files, with their `match` and `no_match` examples."""
    out: list[dict[str, Any]] = []
    for name in ("agencies.toml", "agencies_provinces.toml"):
        out += tomllib.loads((_DATA / name).read_text(encoding="utf-8"))["agency"]
    return tuple(out)


@cache
def compiled() -> Gazetteer:
    """The gazetteer, read once."""
    # What stands today goes first, so that it wins where two bodies share a spelling and no date is known.
    records = sorted(load_records(), key=lambda r: "valid_to" in r)
    agencies = [msgspec.convert(record, Agency) for record in records]
    by_name: dict[str, tuple[Agency, ...]] = {}
    for agency in agencies:
        by_name[key(agency.name)] = (*by_name.get(key(agency.name), ()), agency)
    g = Gazetteer(tuple(agencies), by_name, Trie(), Trie(), Trie(), Trie())
    for agency, record in zip(agencies, records, strict=True):
        _add_names(g, agency, headed_only=bool(record.get("headed")))
    return g


def known() -> tuple[Agency, ...]:
    """Every body of the gazetteer, today's first."""
    return compiled().agencies


def _add_names(g: Gazetteer, agency: Agency, *, headed_only: bool) -> None:
    """Adds a body's spellings to the tries. `headed_only`: a province whose bare name is no name by itself."""
    if len(norms(agency.name)) >= MIN_FOLDED_WORDS:
        words = tuple(t.text for t in tokenize(agency.name))
        g.folded.add(tuple(fold(normal(w)) for w in words), Name(agency, (), _all_capitals(words)))
    for symbol in agency.symbols:
        words = tuple(t.text for t in tokenize(symbol))
        g.names.add(tuple(normal(w) for w in words), Name(agency, words, ()))
    if agency.kind == "province":
        for symbol in agency.symbols:
            words = tuple(t.text for t in tokenize(symbol))
            g.provinces.add(tuple(normal(w) for w in words), Name(agency, words, ()))
        for alias in agency.aliases:
            _add_spellings(g.provinces, agency, alias, _all_capitals)
            if not headed_only:
                _add_spellings(g.names, agency, alias, _all_capitals)
        return
    for alias in (agency.name, *agency.aliases):
        _add_spellings(g.names, agency, alias, _name_capitals)
        if agency.kind == "ministry" and alias.startswith("Bộ "):
            _add_spellings(g.fields, agency, alias.removeprefix("Bộ "), lambda words: (0,))


def _valid(agency: Agency, on: datetime.date) -> bool:
    day = on.isoformat()
    return (agency.valid_from or "") <= day and (agency.valid_to is None or day <= agency.valid_to)


def as_of(candidates: Sequence[Agency], on: datetime.date | None) -> Agency:
    """Of bodies with one spelling, the one that existed on the day; else the one that exists today."""
    if on is not None:
        for agency in candidates:
            if _valid(agency, on):
                return agency
    return next((a for a in candidates if a.valid_to is None), candidates[0])


def current_of(agency: Agency) -> str | None:
    """The body that answers today for what this one did; None where it was split."""
    table = compiled().by_name
    for _ in range(len(table)):
        if agency.valid_to is None:
            return agency.name
        if len(agency.successors) != 1:
            return None
        agency = table[key(agency.successors[0])][0]
    return None
