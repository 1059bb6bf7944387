"""What a letter says of how far a task is: headings of its tables, and cells of progress."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec


class _States(msgspec.Struct, frozen=True):
    reported: tuple[tuple[str, re.Pattern[str]], ...]
    progress: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _states() -> _States:
    data = tomllib.loads(resources.files("extractors").joinpath("data/reported_states.toml").read_text("utf-8"))
    return _States(
        *(
            tuple((rule["state"], re.compile("|".join(rule["patterns"]))) for rule in data[which])
            for which in ("reported", "progress")
        )
    )


def reported(section: Sequence[str], progress: str | None = None) -> str | None:
    """What a letter reports of a task under a path of headings, None where it reports nothing.

    One of `done_in_time`, `done_late`, `not_done_in_time`, `not_done_late`; the innermost heading goes first. What
    the table itself says of the task's `progress`, where it is plain, goes before headings.
    """
    said = _heading_reports(section)
    words = " ".join(unicodedata.normalize("NFC", progress or "").lower().split())
    found = next((done for done, pattern in _states().progress if pattern.fullmatch(words)), None)
    if found is None:
        return said
    if found.endswith("_late"):
        return found
    return found + ("_late" if said is not None and said.endswith("_late") else "_in_time")


def _heading_reports(section: Sequence[str]) -> str | None:
    for heading in reversed(section):
        words = " ".join(unicodedata.normalize("NFC", heading).lower().split())
        for state, pattern in _states().reported:
            if pattern.search(words) and not ("chưa" in words and state.startswith("done")):
                return state
    return None
