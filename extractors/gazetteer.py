"""The gazetteer of bodies as data, compiled for one pass over the words of a text.

`data/agencies*.toml` hold names, symbols, other spellings, validity and successors of bodies, and the words by
which bodies outside the list and whole classes of them are named. `extractors.agencies` reads text with them.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import msgspec

from models import Agency
from models.agency import AgencyKind

CENTRAL: Final = "trung ương"
SEPARATORS: Final = frozenset({",", ";", "và", "hoặc"})
"""What stands between the bodies of a list."""

MAX_NAME_WORDS: Final = 16
"""The longest names of central departments have 14 words; a longer run is a sentence."""

MIN_FOLDED_WORDS: Final = 3
"""A name of fewer words is too like others without its diacritics."""

NEAR: Final = 12
"""How many words around a body are looked at for what it does, and how long a chain of titles may be."""

_DATA: Final = Path(__file__).parent / "data"


# --- Words -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\w+|[^\w\s]")
_NEW_TONE = re.compile(r"(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])$")
_OLD_TONE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


class Token(msgspec.Struct, frozen=True):
    norm: str
    text: str
    start: int
    end: int
    capital: bool


@lru_cache(maxsize=8192)
def _normal(word: str) -> str:
    """A word as compared: lower case, the tone mark in its old place (`hoà` → `hòa`), `&` as `và`, one dash."""
    if word == "&":
        return "và"
    if word in "–—‑‐−":
        return "-"
    return _NEW_TONE.sub(lambda m: _OLD_TONE[m[1]], word.lower())


def tokenize(text: str) -> list[Token]:
    """The words and marks of a text; a doubled `và` (a common typing slip) counts once."""
    out: list[Token] = []
    for m in _TOKEN.finditer(text):
        word = m[0]
        norm = _normal(word)
        if not (norm == "và" and out and out[-1].norm == "và"):
            out.append(Token(norm, word, m.start(), m.end(), word[0].isupper()))
    return out


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A normalised word without diacritics, for names that OCR has bent (`Bô Tài chinh`)."""
    bare = unicodedata.normalize("NFD", word).replace("đ", "d")
    return "".join(c for c in bare if not unicodedata.combining(c))


def norms(phrase: str) -> tuple[str, ...]:
    return tuple(t.norm for t in tokenize(phrase))


def is_word(token: Token) -> bool:
    return token.text[0].isalnum()


# --- Tries of words --------------------------------------------------------------------------------------------

_V = TypeVar("_V")


class _Node(Generic[_V]):
    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node[_V]] = {}
        self.ends: list[_V] = []


class Trie(Generic[_V]):
    """Phrases as sequences of normalised words, for the longest match from a word on, or up to one."""

    def __init__(self) -> None:
        self._forward: _Node[_V] = _Node()
        self._backward: _Node[_V] = _Node()

    def add(self, words: Sequence[str], value: _V) -> None:
        for root, sequence in ((self._forward, words), (self._backward, words[::-1])):
            node = root
            for word in sequence:
                node = node.next.setdefault(word, _Node())
            node.ends.append(value)

    def begins(self, word: str) -> bool:
        """Whether any phrase begins with a word."""
        return word in self._forward.next

    def starting(
        self, tokens: Sequence[Token], at: int, accept: Callable[[_V, int, int], bool] | None = None
    ) -> tuple[int, _V] | None:
        """The longest phrase that begins at word `at`: (index behind it, its value)."""
        node, best = self._forward, None
        for i in range(at, len(tokens)):
            following = node.next.get(tokens[i].norm)
            if following is None:
                break
            node = following
            for value in node.ends:
                if accept is None or accept(value, at, i + 1):
                    best = (i + 1, value)
                    break
        return best

    def ending(self, tokens: Sequence[Token], end: int) -> tuple[int, _V] | None:
        """The longest phrase whose last word is just before index `end`: (index of its first word, its value)."""
        node, best = self._backward, None
        for i in range(end - 1, -1, -1):
            following = node.next.get(tokens[i].norm)
            if following is None:
                break
            node = following
            if node.ends:
                best = (i, node.ends[0])
        return best


def _phrases(phrases: Iterable[str]) -> Trie[str]:
    trie: Trie[str] = Trie()
    for phrase in phrases:
        trie.add(norms(phrase), phrase)
    return trie


# --- The gazetteer ---------------------------------------------------------------------------------------------


class Name(msgspec.Struct, frozen=True):
    """A spelling of a body: `exact` has the words that must stand as here (symbols, abbreviations), None else;
    `capitals` are indexes of words that must begin with a capital."""

    agency: Agency
    exact: tuple[str | None, ...]
    capitals: tuple[int, ...]


class Form(msgspec.Struct, frozen=True):
    """A word that opens the name of a body outside the gazetteer (`agencies_forms.toml`)."""

    head: str
    kind: AgencyKind
    local: bool = False
    alone: bool = False
    open: bool = False
    bare: bool = False
    small: bool = False
    any_case: bool = False
    proper: bool = False


class Gazetteer(msgspec.Struct, frozen=True):
    """Everything `data/agencies*.toml` says, compiled for one pass over words."""

    agencies: tuple[Agency, ...]
    by_name: dict[str, tuple[Agency, ...]]
    names: Trie[Name]
    folded: Trie[Name]
    fields: Trie[Name]
    provinces: Trie[Name]
    forms: Trie[Form]
    members: Trie[str]
    determiners: Trie[str]
    bare: Trie[str]
    before_member: Trie[str]
    after: Trie[str]
    never_before: dict[str, Trie[str]]
    owners: Trie[str]
    classes: Trie[str]
    weak: Trie[str]
    heads: Trie[str]
    whole_heads: Trie[Agency]
    stops: Trie[str]
    unbroken: Trie[str]
    in_names: Trie[str]
    coop: Trie[str]
    assign: Trie[str]
    superior_assign: Trie[str]
    predicates: Trie[str]
    assists: Trie[str]
    acting: Trie[str]
    verbs: Trie[str]
    openers: Trie[str]
    light_openers: Trie[str]
    objects: Trie[str]
    references: Trie[str]
    documents: Trie[str]
    in_full: dict[str, str]
    superiors: frozenset[str]
    fillers: frozenset[str]
    adverbs: frozenset[str]
    before_predicate: frozenset[str]
    obliged: frozenset[str]
    not_orders: frozenset[str]


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


def _add_name(
    trie: Trie[Name], agency: Agency, alias: str, capitals: Callable[[tuple[str, ...]], Iterable[int]]
) -> None:
    for words in _spellings(alias):
        exact = tuple(w if _is_abbreviation(w) else None for w in words)
        trie.add(tuple(_normal(w) for w in words), Name(agency, exact, tuple(capitals(words))))


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
    names: Trie[Name] = Trie()
    folded: Trie[Name] = Trie()
    fields: Trie[Name] = Trie()
    provinces: Trie[Name] = Trie()
    agencies: list[Agency] = []
    by_name: dict[str, tuple[Agency, ...]] = {}
    # What stands today goes first, so that it wins where two bodies share a spelling and no date is known.
    for record in sorted(load_records(), key=lambda r: "valid_to" in r):
        agency = msgspec.convert(record, Agency)
        agencies.append(agency)
        by_name[key(agency.name)] = (*by_name.get(key(agency.name), ()), agency)
        if len(norms(agency.name)) >= MIN_FOLDED_WORDS:
            words = tuple(t.text for t in tokenize(agency.name))
            folded.add(tuple(fold(_normal(w)) for w in words), Name(agency, (), _all_capitals(words)))
        for symbol in agency.symbols:
            words = tuple(t.text for t in tokenize(symbol))
            names.add(tuple(_normal(w) for w in words), Name(agency, words, ()))
        if agency.kind == "province":
            for alias in agency.aliases:
                _add_name(provinces, agency, alias, _all_capitals)
                if not record.get("headed"):
                    _add_name(names, agency, alias, _all_capitals)
            continue
        for alias in (agency.name, *agency.aliases):
            _add_name(names, agency, alias, _name_capitals)
            if agency.kind == "ministry" and alias.startswith("Bộ "):
                _add_name(fields, agency, alias.removeprefix("Bộ "), lambda words: (0,))
    data = tomllib.loads((_DATA / "agencies_forms.toml").read_text(encoding="utf-8"))
    collective, roles = data["collective"], data["roles"]
    forms: Trie[Form] = Trie()
    for group in data["form"]:
        for head in group["heads"]:
            fields_of_form = {k: v for k, v in group.items() if k != "heads"} | {"head": head}
            for written in {head, head.replace("UBND", "Ủy ban nhân dân").replace("HĐND", "Hội đồng nhân dân")}:
                forms.add(norms(written), msgspec.convert(fields_of_form, Form))
    members: Trie[str] = Trie()
    for member, name in data["members"].items():
        members.add(norms(member), name)
    weak: Trie[str] = Trie()
    for word, name in data["weak"].items():
        weak.add(norms(word), name)
    whole_heads: Trie[Agency] = Trie()
    for title, name in data["heads"]["whole"].items():
        whole_heads.add(norms(title), by_name[key(name)][0])
    return Gazetteer(
        agencies=tuple(agencies),
        by_name=by_name,
        names=names,
        folded=folded,
        fields=fields,
        provinces=provinces,
        forms=forms,
        members=members,
        determiners=_phrases(collective["determiners"]),
        bare=_phrases(collective["bare"]),
        before_member=_phrases(collective["before_member"]),
        after=_phrases(collective["after"]),
        never_before={" ".join(norms(k)): _phrases(v) for k, v in data["never_before"].items()},
        owners=_phrases(collective["owners"]),
        classes=_phrases([*collective["classes"], *(f"các {noun}" for noun in collective["nouns"])]),
        weak=weak,
        heads=_phrases(data["heads"]["words"]),
        whole_heads=whole_heads,
        stops=_phrases(data["stops"]["words"]),
        unbroken=_phrases(data["stops"]["unbroken"]),
        in_names=_phrases(data["stops"]["in_names"]),
        coop=_phrases(roles["coop"]),
        assign=_phrases(roles["assign"]),
        superior_assign=_phrases(roles["superior_assign"]),
        predicates=_phrases(roles["predicates"]),
        assists=_phrases(roles["assists"]),
        acting=_phrases(roles["acting"]),
        verbs=_phrases(tomllib.loads((_DATA / "directives.toml").read_text(encoding="utf-8"))["verbs"]["phrases"]),
        openers=_phrases(roles["openers"]),
        light_openers=_phrases(roles["light_openers"]),
        objects=_phrases(roles["objects"]),
        references=_phrases(data["references"]["before"]),
        documents=_phrases(data["references"]["documents"]),
        in_full=data["in_full"],
        superiors=frozenset(roles["superiors"]),
        fillers=frozenset(roles["fillers"]),
        adverbs=frozenset(roles["adverbs"]),
        before_predicate=frozenset(roles["before_predicate"]),
        obliged=frozenset(roles["obliged"]),
        not_orders=frozenset(roles["not_orders"]),
    )


def key(name: str) -> str:
    """A name for comparison: its normalised words without marks and dashes."""
    return " ".join(n for n in norms(name) if n[0].isalnum())


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
