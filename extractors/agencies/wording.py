"""The words that stand within and around the names of bodies (`data/agencies_forms.toml`), as tries."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from extractors.agencies.gazetteer import compiled
from extractors.agencies.tokens import Trie, key, norms, trie_of
from models import Agency
from models.agency import AgencyKind

_V = TypeVar("_V")
_DATA: Final = Path(__file__).parent.parent / "data"


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
    told: bool = False


class Wording(msgspec.Struct, frozen=True):
    """Phrases by what they do; the file tells each of them, under the same name."""

    # How bodies outside the gazetteer are named, and where their names end.
    forms: Trie[Form]
    in_full: dict[str, str]
    stops: Trie[str]
    unbroken: Trie[str]
    in_names: Trie[str]
    # Classes of bodies.
    members: Trie[str]
    determiners: Trie[str]
    bare: Trie[str]
    before_member: Trie[str]
    after: Trie[str]
    never_before: dict[str, Trie[str]]
    owners: Trie[str]
    classes: Trie[str]
    nouns: Trie[str]
    weak: Trie[str]
    # Persons and posts that stand for a body.
    heads: Trie[str]
    whole_heads: Trie[Agency]
    surnames: frozenset[str]
    middle_names: frozenset[str]
    # Documents that name a body.
    references: Trie[str]
    documents: Trie[str]
    # Who does what.
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
    superiors: frozenset[str]
    fillers: frozenset[str]
    adverbs: frozenset[str]
    before_predicate: frozenset[str]
    obliged: frozenset[str]
    not_orders: frozenset[str]


_COLLECTIVE_TRIES: Final = ("determiners", "bare", "before_member", "after", "owners")
_ROLE_TRIES: Final = (
    "coop", "assign", "superior_assign", "predicates", "assists", "acting", "openers", "light_openers", "objects",
)  # fmt: skip
_ROLE_SETS: Final = ("superiors", "fillers", "adverbs", "before_predicate", "obliged", "not_orders")


@cache
def wording() -> Wording:
    """The wording, read once."""
    data = _loaded("agencies_forms.toml")
    collective, roles, by_name = data["collective"], data["roles"], compiled().by_name
    named_alike: dict[str, Any] = {
        **{name: trie_of(collective[name]) for name in _COLLECTIVE_TRIES},
        **{name: trie_of(roles[name]) for name in _ROLE_TRIES},
        **{name: frozenset(roles[name]) for name in _ROLE_SETS},
    }
    return Wording(
        **named_alike,
        forms=_forms(data["form"]),
        in_full=data["in_full"],
        stops=trie_of(data["stops"]["words"]),
        unbroken=trie_of(data["stops"]["unbroken"]),
        in_names=trie_of(data["stops"]["in_names"]),
        members=_valued(data["members"]),
        never_before={" ".join(norms(k)): trie_of(v) for k, v in data["never_before"].items()},
        classes=trie_of([*collective["classes"], *(f"các {noun}" for noun in collective["nouns"])]),
        nouns=trie_of(collective["nouns"]),
        weak=_valued(data["weak"]),
        heads=trie_of(data["heads"]["words"]),
        whole_heads=_valued({title: by_name[key(name)][0] for title, name in data["heads"]["whole"].items()}),
        surnames=frozenset(data["persons"]["surnames"]),
        middle_names=frozenset(data["persons"]["middle_names"]),
        references=trie_of(data["references"]["before"]),
        documents=trie_of(data["references"]["documents"]),
        verbs=trie_of(_loaded("directives.toml")["verbs"]["phrases"]),
    )


def _loaded(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _forms(groups: Iterable[Mapping[str, Any]]) -> Trie[Form]:
    """The words that open names, each also with its abbreviations in full."""
    forms: Trie[Form] = Trie()
    for group in groups:
        for head in group["heads"]:
            form = msgspec.convert({k: v for k, v in group.items() if k != "heads"} | {"head": head}, Form)
            for written in {head, head.replace("UBND", "Ủy ban nhân dân").replace("HĐND", "Hội đồng nhân dân")}:
                forms.add(norms(written), form)
    return forms


def _valued(meanings: Mapping[str, _V]) -> Trie[_V]:
    """Phrases with what each means."""
    trie: Trie[_V] = Trie()
    for phrase, meaning in meanings.items():
        trie.add(norms(phrase), meaning)
    return trie
