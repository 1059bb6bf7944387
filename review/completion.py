"""Completion of bodies as a reviewer types: by name, alias or symbol, with and without diacritics."""

import unicodedata
from collections.abc import Iterable

from extractors import agencies

MOST = 8


def folded(text: str) -> str:
    """Lower case without diacritics, as people type in haste."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split())


class Bodies:
    """The names that can be completed: the gazetteer's, and those a register has already seen."""

    def __init__(self, seen: Iterable[str] = ()) -> None:
        self._keys: list[tuple[str, str]] = []
        known = set()
        for agency in agencies.known():
            if agency.valid_to is None:
                known.add(agency.name)
                for word in (agency.name, *agency.symbols, *agency.aliases):
                    self._keys.append((folded(word), agency.name))
        self._keys += [(folded(name), name) for name in seen if name not in known]

    def named(self, typed: str) -> str | None:
        """The one body whose name, alias or symbol was typed in full; None where there is none, or several."""
        wanted = folded(typed)
        names = {name for key, name in self._keys if key == wanted}
        return names.pop() if len(names) == 1 else None

    def complete(self, typed: str, most: int = MOST) -> list[str]:
        """The bodies meant by what was typed: exact first, then by beginning, then by any words of theirs."""
        wanted = folded(typed)
        if not wanted:
            return []
        words = wanted.split()
        ranked: dict[str, tuple[int, int]] = {}
        for key, name in self._keys:
            if key == wanted:
                rank = 0
            elif key.startswith(wanted):
                rank = 1
            elif all(any(part.startswith(word) for part in key.split()) for word in words):
                rank = 2
            elif wanted in key:
                rank = 3
            else:
                continue
            ranked[name] = min(ranked.get(name, (9, 0)), (rank, len(name)))
        return sorted(ranked, key=lambda name: (ranked[name], name))[:most]
