"""Completion of bodies as a reviewer types: by name, alias or symbol, with and without diacritics."""

from collections import Counter
from collections.abc import Iterable

from extractors import agencies
from extractors.tones import bare

MOST = 8
OFTEN = 2
"""A name the machine read once may be misread: one that so many tasks bear is offered."""


def folded(text: str) -> str:
    """Lower case without diacritics, as people type in haste."""
    return " ".join(bare(text.lower()).split())


class Bodies:
    """The names that can be completed: the gazetteer's, and those of a register's tasks. Threads may share it."""

    def __init__(self) -> None:
        self._keys: list[tuple[str, str]] = []
        self._known: set[str] = set()
        self._seen: Counter[str] = Counter()
        for agency in agencies.known():
            if agency.valid_to is None:
                self._known.add(agency.name)
                for word in (agency.name, *agency.symbols, *agency.aliases):
                    self._keys.append((folded(word), agency.name))

    def note(self, names: Iterable[str], times: int = 1) -> None:
        """Note names that tasks bear; one a person gave counts as often as it must to be offered (OFTEN)."""
        for name in names:
            self._seen[name] += times
            if self._seen[name] >= OFTEN and name not in self._known:
                self._known.add(name)
                self._keys.append((folded(name), name))

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
