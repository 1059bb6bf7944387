"""How long work tells what goes on, to whoever asked for it."""

from collections.abc import Callable

Report = Callable[[str, dict[str, object]], None]
"""Told of what goes on: ("page", {name, done, total}), ("letter", an Outcome as a dict), ("total", {letters})."""


def silent(kind: str, values: dict[str, object]) -> None:
    """A report to nobody."""
