"""The grammar of deadlines as compiled from `data/deadlines.toml`: expressions of time, governing words, refusals.

The pattern language of the data (slots, one space for white space) is explained at the head of that file.
"""

import functools
import re
import tomllib
from importlib import resources
from typing import Any

import msgspec

from models import Relation


class Rule(msgspec.Struct, frozen=True):
    """One expression of time. `governs`: it needs no other word to be a deadline. `cell`: only in a cell.

    `words`: without one of these (small letters) in a text the pattern cannot match, and is not tried.
    """

    id: str
    pattern: re.Pattern[str]
    governs: bool = False
    cell: bool = False
    needs: tuple[str, ...] = ()
    after: re.Pattern[str] | None = None
    not_after: re.Pattern[str] | None = None
    words: tuple[str, ...] = ()

    def may_match(self, lowered: str) -> bool:
        """Whether a text in small letters holds a word that the pattern needs."""
        return not self.words or any(word in lowered for word in self.words)


class Cue(msgspec.Struct, frozen=True):
    """A word of deadline (`trước`, `chậm nhất`). `strong`: it governs a date even where that is past."""

    id: str
    relation: Relation
    strong: bool
    pattern: re.Pattern[str]


class Grammar(msgspec.Struct, frozen=True):
    """All of deadlines.toml, compiled; `swallows` are expressions that are no deadline whatever governs them.

    `completion` matches words of completion at the end of what precedes; `window` (characters) bounds the search.
    """

    slots: dict[str, str]
    rules: tuple[Rule, ...]
    swallows: tuple[Rule, ...]
    cues: tuple[Cue, ...]
    completion: re.Pattern[str]
    window: int
    refusals: dict[str, re.Pattern[str]]
    standing: dict[str, re.Pattern[str]]
    recurrence: dict[str, re.Pattern[str]]
    cell: dict[str, re.Pattern[str]]
    only: dict[str, re.Pattern[str]]
    heading: dict[str, re.Pattern[str]]
    unconfirmed_holidays: frozenset[str]

    def rule(self, identifier: str | None) -> Rule:
        """The rule of an id that `scan` gave."""
        return next(rule for rule in self.rules if rule.id == identifier)


_SLOT = re.compile(r"\{(=?)([a-z_]+)([0-9]?)\}")


def expand(pattern: str, slots: dict[str, str]) -> str:
    """The pattern language of deadlines.toml as a regular expression."""

    def slot(match: re.Match[str]) -> str:
        body = expand(slots[match[2]], slots)
        return f"(?:{body})" if match[1] else f"(?P<{match[2]}{match[3]}>{body})"

    spaced = _SLOT.sub(slot, pattern)
    # A literal space or `~` never stands in a character class of the data, so plain replacement is safe.
    return spaced.replace(" ", r"\s{1,3}").replace("~", r"\s{0,3}")


@functools.cache
def load_grammar() -> Grammar:
    """The compiled grammar, loaded once."""
    data: dict[str, Any] = tomllib.loads(
        resources.files("extractors").joinpath("data/deadlines.toml").read_text("utf-8")
    )
    slots: dict[str, str] = data["slots"]

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(expand(pattern, slots), re.IGNORECASE)

    def optional(pattern: str | None) -> re.Pattern[str] | None:
        return compiled(pattern) if pattern is not None else None

    def table(name: str) -> dict[str, re.Pattern[str]]:
        return {key: compiled(pattern) for key, pattern in data[name].items()}

    complete = data["cues"]["complete"]
    return Grammar(
        slots=slots,
        rules=tuple(
            Rule(
                id=rule["id"],
                pattern=compiled(rule["pattern"]),
                governs=rule.get("governs", False),
                cell=rule.get("cell", False),
                needs=tuple(rule.get("needs", ())),
                after=optional(rule.get("after")),
                not_after=optional(rule.get("not_after")),
                words=tuple(rule.get("words", ())),
            )
            for rule in data["rule"]
        ),
        swallows=tuple(
            Rule(id=rule["id"], pattern=compiled(rule["pattern"]), words=tuple(rule.get("words", ())))
            for rule in data["swallow"]
        ),
        cues=tuple(
            Cue(
                id=cue["id"],
                relation=cue["relation"],
                strong=cue["strong"],
                pattern=compiled(
                    rf"(?<!\w)(?P<complete>{complete})?(?P<frame>{cue['pattern']})~(?:đầu |khoảng )?$"
                ),
            )
            for cue in data["cue"]
        ),
        completion=compiled(rf"(?<!\w){complete}~(?:trong )?$"),
        window=data["cues"]["window"],
        refusals=table("refusals"),
        standing=table("standing"),
        recurrence=table("recurrence"),
        cell=table("cell"),
        only=table("only"),
        heading=table("heading"),
        unconfirmed_holidays=frozenset(data["calendar"]["unconfirmed"]),
    )
