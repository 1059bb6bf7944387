"""Sentences of the page in the language a reviewer chose; the catalogue is that of pipeline.texts."""

import datetime
from collections.abc import Callable
from typing import Any

import msgspec

from pipeline.acceptance import Standing
from pipeline.texts import LANGUAGES, catalogue, filled

Say = Callable[..., str]


def speaker(language: str) -> Say:
    """What turns a code into a sentence of this language: `say("queue_title")` is `review.queue_title`.

    A code with a dot names another table (`reasons.two_leads`); the code itself comes back where none is known.
    """
    sentences = catalogue(language if language in LANGUAGES else LANGUAGES[0])

    def say(code: str, /, **values: object) -> str:
        sentence = sentences.get(code if "." in code else f"review.{code}")
        return code if sentence is None else filled(sentence, language, values)

    return say


def day(value: datetime.date | str | None) -> str:
    """A date as people write it here: 30/06/2026; empty for none."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value[:10])
    return value.strftime("%d/%m/%Y")


def percent(say: Say, value: float) -> str:
    """A probability as whole percent, never rounded up to certainty."""
    return say("percent", share=min(int(value * 100 + 0.5), 100 if value >= 1 else 99) / 100)


def value(given: Any) -> str:
    """A value of a field in words."""
    match given:
        case None | "":
            return "–"
        case list():
            return "; ".join(given) or "–"
        case dict():
            return " · ".join(filter(None, (given.get("text"), day(given.get("date"))))) or "–"
        case _:
            return str(given)


def reading(say: Say, read: dict[str, Any]) -> str:
    """What a typed deadline was understood as: its kind, its day, and when it is due."""
    parts = [say(f"kind_{read['kind']}")]
    if read.get("relation") and read["relation"] not in ("none", "on", "recurring"):
        parts.append(say(f"relation_{read['relation']}"))
    if read.get("date"):
        parts.append(day(read["date"]))
    if read.get("due_date") and read["due_date"] != read.get("date"):
        parts.append(say("due_on", day=day(read["due_date"])))
    if read.get("reason"):
        parts.append(reason(say, read["reason"]))
    return " · ".join(parts)


def acceptance(say: Say, now: Standing) -> str:
    """How acceptance unseen stands: what is missing for it, or its observed error against the target."""
    values = msgspec.structs.asdict(now)
    sentences = [say(f"acceptance.{now.state}", **values)]
    if now.audited:
        error = "–" if now.observed_error is None else say("dashboard.percent", share=now.observed_error)
        sentences.append(say("acceptance.audit", **values, observed_error=error))
    return " ".join(sentences)


def reason(say: Say, code: str) -> str:
    """A reason of doubt in plain words."""
    found = say(f"reasons.{code}")
    return code if found == f"reasons.{code}" else found
