"""Expressions of time in Vietnamese official prose: where they are, and what date, grain and kind they mean.

One builder a rule of `data/deadlines.toml`, of days or of periods; whether an expression is a deadline is for
`deadlines` to say.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from extractors import named_days, periods
from extractors.calendar_words import Reader
from extractors.deadline_grammar import load_grammar
from models import Deadline

__all__ = ["BUILDERS", "Reader", "scan"]

BUILDERS: Final = {**named_days.BUILDERS, **periods.BUILDERS}


def scan(text: str, reader: Reader) -> Iterator[Deadline]:
    """Expressions of time, in order, longest first where they overlap; what is swallowed gives none."""
    grammar = load_grammar()
    matches: list[tuple[int, int, Deadline | None]] = []
    lowered = text.lower()
    for swallow in grammar.swallows:
        if not swallow.may_match(lowered):
            continue
        matches.extend((m.start(), m.end(), None) for m in swallow.pattern.finditer(text))
    for rule in grammar.rules:
        if not rule.may_match(lowered):
            continue
        for m in rule.pattern.finditer(text):
            if rule.after and not rule.after.search(text[max(0, m.start() - 160) : m.start()]):
                continue
            if rule.not_after and rule.not_after.search(text[max(0, m.start() - 160) : m.start()]):
                continue
            built = BUILDERS[rule.id](m, reader)
            if built is not None:
                end = m.start() + len(m[0].rstrip())
                matches.append(
                    (m.start(), end, msgspec.structs.replace(built, rule=rule.id, start=m.start(), end=end))
                )
    free_from = 0
    for start, end, built in sorted(matches, key=lambda item: (item[0], -item[1])):
        if start >= free_from:
            free_from = end
            if built is not None:
                yield built
