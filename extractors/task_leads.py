"""How the bodies that lead two tasks agree: the same, one of several, or one of those a plural means. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from extractors.agencies import short_names

_COMMITTEE = "ủy ban nhân dân"
_COMMUNES = frozenset({"xã", "phường", "đặc khu", "thị trấn"})
_ALL_COMMUNES = f"{_COMMITTEE} cấp xã"
_KIND = re.compile(r"(?:(?P<head>.+?) )?các (?P<members>.+)")
_REST = re.compile(r" (?:còn lại|khác)$")
_MOST = 4
"""Bodies that may lead a task for one of them still to tell it from others."""

_LEAST_WORDS = 4
"""Words of a name from which a longer one with all of them is the same body's."""


def agreement(leads: Sequence[str], others: Sequence[str]) -> str | None:
    """The code of how the leads of two tasks agree; None where they are other bodies, or none.

    A collective (`Các bộ, ngành`) may hold a body.
    """
    a, b = written_out(leads, others), written_out(others, leads)
    if a == b:
        return "same_leads"
    if a & b:
        # Of many bodies, or of bodies in general, one more is told in many tasks; half of them are not.
        told = {name for name in a & b if not _is_plural(name)}
        within = a <= b or b <= a
        if not told or (len(a | b) > _MOST and not (within and 2 * len(told) >= len(a | b))):
            return "lead_among_all"
        return "one_of_the_leads" if within else "some_same_lead"
    if any(_is_of_kind(x, y) or _is_of_kind(y, x) for x in a for y in b):
        return "lead_of_its_kind"
    return "lead_among_all" if any(name.startswith("các ") for name in a | b) else None


@lru_cache(maxsize=16384)
def is_part_of(leads: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether bodies are some of others, by name or by their kind (`Ủy ban nhân dân các xã`)."""
    a, b = written_out(leads, others), written_out(others, leads)
    return bool(a) and a != b and all(name in b or any(_is_of_kind(name, kind) for kind in b) for name in a)


@lru_cache(maxsize=16384)
def have_none_in_common(leads: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether none of some bodies is one of others."""
    apart = not written_out(leads, others) & written_out(others, leads)
    return apart and not is_part_of(leads, others) and not is_part_of(others, leads)


def written_out(names: Sequence[str], others: Sequence[str]) -> set[str]:
    """Names in small letters, those that are short forms of other ones as these (`Cục TTCS`)."""
    return {
        _as_one(next((other for other in others if _is_short_for(name, other)), name).casefold()) for name in names
    }


@lru_cache(maxsize=16384)
def _is_short_for(name: str, other: str) -> bool:
    return short_names.is_short_for(name, other) or _leaves_words_out(name.casefold(), other.casefold())


def _leaves_words_out(name: str, other: str) -> bool:
    """Whether a name is another one with words left out, not its first two: `Ban Quản lý dự án giao thông`."""
    words, rest = name.split(), iter(other.split())
    return (
        len(words) >= _LEAST_WORDS
        and name != other
        and not name.startswith(_COMMITTEE)
        and other.split()[:2] == words[:2]
        and all(word in rest for word in words)
    )


def _as_one(name: str) -> str:
    """A name in small letters; all communes of a province bear one, whichever kinds of them it has."""
    found = _KIND.fullmatch(name)
    if (
        found is not None
        and found["head"] in (None, _COMMITTEE)
        and {"xã", "phường"} <= _members(found["members"]) <= _COMMUNES
    ):
        return _ALL_COMMUNES
    return name


def _members(words: str) -> set[str]:
    return {member.strip() for member in re.split(r",| và ", words)}


def _is_plural(name: str) -> bool:
    return name.startswith("các ") or name == _ALL_COMMUNES


@lru_cache(maxsize=4096)
def _beginnings(kind: str) -> tuple[str, ...]:
    """How the names begin of the bodies that a plural means; none where it means no kind of them."""
    if kind == _ALL_COMMUNES:
        return tuple(f"{_COMMITTEE} {commune} " for commune in sorted(_COMMUNES))
    found = _KIND.fullmatch(kind)
    if found is None:
        return ()
    head, members = found["head"], _members(found["members"])
    if head is None and members <= _COMMUNES:
        head = _COMMITTEE
    return tuple(f"{head} {member} " for member in sorted(members)) if head is not None else ()


def _is_of_kind(name: str, kind: str) -> bool:
    """Whether a body is one of those a plural means: `ủy ban nhân dân xã A`, `ủy ban nhân dân các xã, phường`.

    So are those that are left of them: `ủy ban nhân dân các xã, phường còn lại`.
    """
    return name.startswith(_beginnings(kind)) or (
        _REST.search(name) is not None and _as_one(_REST.sub("", name)) == kind
    )
