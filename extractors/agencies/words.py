"""The words of one text in which bodies are looked for, and what may be asked of them."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from extractors.agencies.gazetteer import Name, as_of, compiled, current_of
from extractors.agencies.names import AgencyContext, is_short
from extractors.agencies.tokens import SEPARATORS, Trie, tokenize
from extractors.agencies.wording import wording
from models import Agency, AgencyMention
from models.agency import AgencyKind

MAX_NAME_WORDS: Final = 20
"""The longest names, those of provinces' project boards, have 19 words; a longer run is a sentence."""

NEAR: Final = 12
"""How many words around a body are looked at for what it does, and how long a chain of titles may be."""

Phrase = tuple[str, ...]
_V = TypeVar("_V")


class Hit(NamedTuple):
    """What was found from a word on: the index of the word behind it, and the bodies (none: it names no body)."""

    end: int
    mentions: list[AgencyMention]


class Words:
    """The words of a text in the context of its letter; `cell`: a table cell that holds only bodies."""

    def __init__(self, text: str, context: AgencyContext, cell: bool = False) -> None:
        self.text = text
        self.context = context
        self.cell = cell
        self.tokens = tokenize(text)
        self.known = compiled()
        self.wording = wording()

    # --- What stands at a word

    def norm(self, i: int) -> str:
        """Word `i` as compared, empty outside the text."""
        return self.tokens[i].norm if 0 <= i < len(self.tokens) else ""

    def norms(self, start: int, end: int) -> Phrase:
        """The words `start` to `end` as compared."""
        return tuple(t.norm for t in self.tokens[start:end])

    def capital(self, i: int) -> bool:
        """Whether word `i` begins with a capital."""
        return i < len(self.tokens) and self.tokens[i].capital

    def has(self, i: int, phrase: Phrase) -> bool:
        """Whether a phrase stands at word `i`."""
        return self.norm(i) == phrase[0] and all(self.norm(i + k) == w for k, w in enumerate(phrase))

    def one_of(self, i: int, phrases: Iterable[Phrase]) -> Phrase | None:
        """The first of some phrases that stands at word `i`."""
        word = self.norm(i)
        for phrase in phrases:
            if phrase[0] == word and self.has(i, phrase):
                return phrase
        return None

    def starts(self, phrases: Trie[_V], i: int) -> tuple[int, _V] | None:
        """The longest of some phrases that begins at word `i`: (index behind it, its value)."""
        return phrases.starting(self.tokens, i)

    def spelt(self, names: Trie[Name], i: int) -> tuple[int, Name] | None:
        """The longest of some names that begins at word `i`, symbols and capitals as they must be."""
        return names.starting(self.tokens, i, self.is_spelt)

    def is_spelt(self, name: Name, start: int, end: int) -> bool:
        """Whether a spelling's symbols and capitals are as they must be here."""
        words = self.tokens[start:end]
        if len(words) != len(name.exact):  # the text had a doubled word; capitals cannot be checked by index
            return True
        return all(e is None or e == t.text for e, t in zip(name.exact, words, strict=True)) and all(
            words[i].capital for i in name.capitals if not (self.cell and i > 0)
        )

    def of_letters_day(self, names: Trie[Name], start: int, end: int) -> Agency | None:
        """The body of the spelling at `start`..`end` as of the letter's day."""
        same: list[Agency] = []

        def collect(name: Name, first: int, last: int) -> bool:
            if last == end and self.is_spelt(name, first, last):
                same.append(name.agency)
            return False

        names.starting(self.tokens, start, collect)
        return as_of(same, self.context.on) if same else None

    def separated(self, i: int) -> bool:
        """Whether word `i` separates the bodies of a list."""
        return self.norm(i) in SEPARATORS

    def behind_separator(self, i: int) -> int:
        """The word behind the separator at word `i`; a comma and `và` are one."""
        return i + 1 + (self.norm(i) in {",", ";"} and self.norm(i + 1) == "và")

    # --- Mentions of bodies

    def span(self, start: int, end: int) -> str:
        """The text of the words `start` to `end`."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def mention(self, name: str, start: int, end: int, kind: AgencyKind, via: str, **more: Any) -> AgencyMention:
        """A body at the words `start` to `end`."""
        return AgencyMention(
            name=name,
            as_written=self.span(start, end),
            start=self.tokens[start].start,
            end=self.tokens[end - 1].end,
            kind=kind,
            via=via,
            **more,
        )

    def of(self, agency: Agency, start: int, end: int, via: str = "alias") -> AgencyMention:
        """A body of the gazetteer at the words `start` to `end`."""
        scope = agency.name if agency.kind == "province" else agency.scope
        name = agency.name
        if agency.kind == "mass_organisation" and not any(is_short(t.text) for t in self.tokens[start:end]):
            # A front or union has many full names; the letter's own is kept, `current` tells which.
            name = self.span(start, end)
        return self.mention(name, start, end, agency.kind, via, scope=scope, current=current_of(agency))

    def meant(self, body: AgencyMention, start: int, end: int, via: str) -> AgencyMention:
        """A body that other words, `start` to `end`, stand for."""
        return msgspec.structs.replace(
            body,
            as_written=self.span(start, end),
            start=self.tokens[start].start,
            end=self.tokens[end - 1].end,
            via=via,
        )

    def begun_at(self, i: int, body: AgencyMention) -> AgencyMention:
        """A body whose mention begins at an earlier word, `i`."""
        start = self.tokens[i].start
        return msgspec.structs.replace(body, start=start, as_written=self.text[start : body.end or start])


def capitalised(text: str) -> str:
    """Text with a capital first."""
    return text[0].upper() + text[1:]
