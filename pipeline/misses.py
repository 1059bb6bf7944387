"""Possible misses before a reviewer: offered letter by letter, added as tasks or dismissed, each an event."""

from typing import Any, Literal

import msgspec

from pipeline import reviewing
from pipeline.errors import WrongUse
from pipeline.register import Register


class Possible(msgspec.Struct, frozen=True):
    """A sentence that may be a task nobody has said anything of. `signs` name what makes it look so."""

    miss_id: str
    document_sha256: str
    ordinal: int
    text: str
    score: float
    signs: tuple[str, ...]
    page: int | None
    places: list[dict[str, Any]]


def offered(register: Register, document: str) -> list[Possible]:
    """The possible misses of a document that nobody has added or dismissed, in their order."""
    rows = register.store.records(
        """SELECT miss_id, document_sha256, ordinal, text, score, signs, page, places FROM open_misses
        WHERE document_sha256 = ? ORDER BY ordinal""",
        [document],
    )
    return [
        Possible(**{**row, "signs": tuple(row["signs"]), "places": msgspec.json.decode(row["places"])})
        for row in rows
    ]


def add(register: Register, miss_id: str, who: str, values: dict[str, Any] | None = None) -> tuple[int, str]:
    """Make a possible miss a task of its words, or of `values`; the act's number and the task's id."""
    with register.store.gate:
        one = _open(register, miss_id)
        done = reviewing.add(register, one.document_sha256, {"text": one.text, **(values or {})}, one.places, who)
        _judge(register, one, "added", who)
        return done


def dismiss(register: Register, miss_id: str, who: str) -> None:
    """Say that a possible miss is no task; it is not offered again, however often the letter is read."""
    with register.store.gate:
        _judge(register, _open(register, miss_id), "dismissed", who)


def reopen(register: Register, miss_id: str, who: str) -> None:
    """Take back what was said of a possible miss."""
    with register.store.gate:
        found = register.store.rows("SELECT document_sha256 FROM miss_judgements WHERE miss_id = ?", [miss_id])
        if not found:
            raise WrongUse("no_such_miss", miss_id=miss_id)
        data = {"document": found[0][0], "miss": miss_id, "verdict": "open", "who": who}
        register.record("miss_judged", data)


def _open(register: Register, miss_id: str) -> Possible:
    documents = register.store.rows("SELECT document_sha256 FROM open_misses WHERE miss_id = ?", [miss_id])
    if not documents:
        raise WrongUse("no_such_miss", miss_id=miss_id)
    return next(one for one in offered(register, documents[0][0]) if one.miss_id == miss_id)


def _judge(register: Register, one: Possible, verdict: Literal["added", "dismissed"], who: str) -> None:
    data = {"document": one.document_sha256, "miss": one.miss_id, "verdict": verdict, "who": who}
    register.record("miss_judged", data)
