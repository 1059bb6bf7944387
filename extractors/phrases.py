"""Words that tell what a sentence says, as lists (`data/directives.toml`), and how text is compared with them."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from extractors.tones import in_old_place

SPACES_AND_SIGNS = " ,;:-–“\"'("


@cache
def data() -> dict[str, Any]:
    """The lists and weights of `data/directives.toml`."""
    return tomllib.loads(resources.files("extractors").joinpath("data/directives.toml").read_text("utf-8"))


def fold(text: str) -> str:
    """Text as phrases are compared in: small letters, the tone mark in its old place, same length."""
    lowered = text.lower() if len(text.lower()) == len(text) else text.casefold()
    return in_old_place(lowered)


@cache
def phrases(*path: str) -> re.Pattern[str]:
    """The phrases of a list of the data as one expression of whole words, longest first."""
    found: Any = data()
    for key in path:
        found = found[key]
    longest_first = sorted((fold(phrase) for phrase in found), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def opens(text: str, *path: str) -> str | None:
    """The phrase of a list that `text` (folded) opens with."""
    found = phrases(*path).match(text)
    return found.group() if found else None


@cache
def folded_set(*path: str) -> frozenset[str]:
    """The phrases of a list of the data, folded."""
    found: Any = data()
    for key in path:
        found = found[key]
    return frozenset(fold(phrase) for phrase in found)
