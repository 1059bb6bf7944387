"""Where bodies stand, in a text and in a stretch of it."""

from collections.abc import Sequence

import msgspec

from models import AgencyMention


def moved(mentions: Sequence[AgencyMention], by: int) -> tuple[AgencyMention, ...]:
    """Mentions with their offsets moved by some characters; those that have none stay as they are."""
    return tuple(
        msgspec.structs.replace(body, start=body.start + by, end=body.end + by)
        if body.start is not None and body.end is not None
        else body
        for body in mentions
    )


def within(mentions: Sequence[AgencyMention], start: int, end: int) -> tuple[AgencyMention, ...]:
    """The mentions within a stretch of text, with offsets in it."""
    inside = [
        body
        for body in mentions
        if body.start is not None and body.end is not None and start <= body.start and body.end <= end
    ]
    return moved(inside, -start)
