"""Sentences of one paragraph joined into tasks (rules of the gold, conventions 2.6)."""

from collections.abc import Sequence

import msgspec

from extractors.directives import Verdict


class Sentence(msgspec.Struct, frozen=True):
    """A sentence or clause of a paragraph (offsets), with what decides where tasks end.

    `leads` are the canonical names of its own leads. `dated`: it carries a deadline of its own, `opens_dated`:
    at its head, `only_deadline`: and nothing else. `apart`: it is quoted, another's words come before it.
    """

    start: int
    end: int
    verdict: Verdict
    leads: frozenset[str] = frozenset()
    dated: bool = False
    opens_dated: bool = False
    only_deadline: bool = False
    follows: bool = False
    apart: bool = False


def group(parts: Sequence[Sentence], inherited: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """The tasks of a paragraph as ranges of `parts` (first, after last); `inherited` leads act where none do.

    A run of sentences with one actor is one task; it ends with a sentence that carries its own deadline, before
    one that opens with a date, and before one with other leads. What only states a deadline belongs to what
    stands before it; results and background before, between and after are left out.
    """
    tasks: list[tuple[int, int]] = []
    first: int | None = None
    leads: frozenset[str] = frozenset()
    closed = False

    def close(end: int) -> None:
        nonlocal first, closed
        if first is not None:
            tasks.append((first, end))
        first, closed = None, False

    for place, part in enumerate(parts):
        if part.only_deadline:
            if first is None and tasks and tasks[-1][1] == place:
                first, _ = tasks.pop()
            close(place + 1)
        elif not part.verdict.task:
            if part.verdict.background or first is None:
                if not (part.follows and not closed and first is not None):
                    close(place)
            elif part.dated:
                close(place + 1)
        else:
            other = bool(part.leads) and bool(leads) and part.leads != leads
            if first is not None and (other or part.opens_dated or part.apart):
                close(place)
            if first is None:
                first, leads = place, part.leads or inherited
            leads = leads or part.leads
            if part.dated:
                close(place + 1)
    close(len(parts))
    return tasks
