"""The words of a text as they are compared, and phrases of them as tries."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, Generic, TypeVar

import msgspec

from extractors.tones import bare, in_old_place

SEPARATORS: Final = frozenset({",", ";", "và", "hoặc"})
"""What stands between the bodies of a list."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


class Token(msgspec.Struct, frozen=True):
    """A word or mark of a text at `start`..`end` (characters); `norm` is how it is compared."""

    norm: str
    text: str
    start: int
    end: int
    capital: bool


@lru_cache(maxsize=8192)
def normal(word: str) -> str:
    """A word as compared: lower case, the tone mark in its old place (`hoà` → `hòa`), `&` as `và`, one dash."""
    if word == "&":
        return "và"
    if word in "–—‑‐−":
        return "-"
    return in_old_place(word.lower())


def tokenize(text: str) -> list[Token]:
    """The words and marks of a text; a doubled `và` (a common typing slip) counts once."""
    out: list[Token] = []
    for m in _TOKEN.finditer(text):
        word = m[0]
        norm = normal(word)
        if not (norm == "và" and out and out[-1].norm == "và"):
            out.append(Token(norm, word, m.start(), m.end(), word[0].isupper()))
    return out


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A normalised word without diacritics, for names that OCR has bent (`Bô Tài chinh`)."""
    return bare(word)


def norms(phrase: str) -> tuple[str, ...]:
    """The normalised words and marks of a phrase."""
    return tuple(t.norm for t in tokenize(phrase))


def is_word(token: Token) -> bool:
    """Whether a token is a word or number, no mark."""
    return token.text[0].isalnum()


def key(name: str) -> str:
    """A name for comparison: its normalised words without marks and dashes."""
    return " ".join(n for n in norms(name) if n[0].isalnum())


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
        """Adds a phrase, by its normalised words."""
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


def trie_of(phrases: Iterable[str]) -> Trie[str]:
    """Phrases as a trie whose values are the phrases themselves."""
    trie: Trie[str] = Trie()
    for phrase in phrases:
        trie.add(norms(phrase), phrase)
    return trie
