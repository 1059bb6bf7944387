"""The office this program serves, as far as extraction needs to know it."""

import msgspec

from models.calibration import Calibration


class OwnBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body that is us: by name, with names it had before, and the province it belongs to, if any."""

    name: str
    scope: str = "trung ương"
    predecessors: tuple[str, ...] = ()


class Office(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who we are and how we read: our own bodies and the choices a setting makes.

    `before_includes_day`: `trước ngày 25/9` is late only after the 25th. `holidays` maps a date (ISO) to
    True (working day) or False (day off), over the public calendar. `aliases` maps what letters write (as
    `agencies.tokens.key` compares it) to bodies, as this office's reviewers taught it; `calibration` is fitted to
    what they found (None: the one that ships).
    """

    own_bodies: tuple[OwnBody, ...] = ()
    before_includes_day: bool = True
    holidays: dict[str, bool] = {}
    aliases: dict[str, str] = {}
    calibration: Calibration | None = None
