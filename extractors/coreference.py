"""Bodies meant by a count of those named before (`Hai địa phương`, `ba bộ nêu trên`)."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from extractors.citations import CAPITAL
from extractors.phrases import fold
from models import AgencyMention

_COUNTED = re.compile(
    r"(?:cả )?(?P<count>hai|ba|bốn|năm|0?[2-5])\s"
    r"(?P<of>tỉnh, thành phố|tỉnh|địa phương|thành phố|bộ|cơ quan|đơn vị|sở|tập đoàn)"
    r"(?:\s(?:này|trên|nói trên|nêu trên))?"
)
_COUNTS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5}
_KINDS = {
    "tỉnh, thành phố": ("province",),
    "tỉnh": ("province",),
    "thành phố": ("province",),
    "địa phương": ("province",),
    "bộ": ("ministry",),
    "tập đoàn": ("enterprise",),
    "sở": ("local",),
}


def of_class(leads: Sequence[AgencyMention], above: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
    """The leads; `UBND cấp xã` under a label of communes means those of the label."""
    if [lead.name for lead in leads] == [_ANY_COMMUNE] and any(body.name.startswith(_COMMUNES) for body in above):
        return tuple(above)
    return tuple(leads)


def communes(bodies: Iterable[AgencyMention]) -> str | None:
    """How a letter names the committees of its communes (`Ủy ban nhân dân các xã, phường`), if it does."""
    return next((body.name for body in bodies if body.name.startswith(_COMMUNES)), None)


def of_communes(leads: Sequence[AgencyMention], named: str | None) -> tuple[AgencyMention, ...]:
    """The leads; `các xã` means the committees the letter has `named`, as a place and its committee are one."""
    return tuple(
        msgspec.structs.replace(lead, name=_in_full(lead.name, named)) if named else lead for lead in leads
    )


def _in_full(name: str, named: str) -> str:
    if not name.startswith(("Các xã", "Các phường")):
        return name
    kinds = set(re.findall(r"xã|phường|đặc khu", name))
    if re.fullmatch(r"[Cc]ác (?:xã|phường|đặc khu)(?:(?:,| và) (?:xã|phường|đặc khu))*", name) and all(
        kind in named for kind in kinds
    ):
        return named
    return f"Ủy ban nhân dân các{name[3:]}"


class Told:
    """The communes that a letter has told to act so far, which `UBND các xã nêu trên` means."""

    def __init__(self, recipients: Iterable[AgencyMention] = ()) -> None:
        self._communes: dict[str, AgencyMention] = {}
        self.add(recipients)

    def add(self, bodies: Iterable[AgencyMention]) -> None:
        """Remember those of the bodies that are communes by name."""
        for body in bodies:
            if body.kind != "collective" and _COMMUNE.match(body.name):
                self._communes.setdefault(body.name, body)

    def meant(self, leads: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
        """The leads, communes `nêu trên` resolved; as many as are counted, where they are."""
        return tuple(body for lead in leads for body in self._above(lead))

    def _above(self, lead: AgencyMention) -> tuple[AgencyMention, ...]:
        said = _COMMUNES_ABOVE.fullmatch(fold(lead.as_written or "")) if lead.kind == "collective" else None
        if said is None:
            return (lead,)
        kinds = said["kinds"].replace(" và ", ", ").split(", ")
        named = [b for b in self._communes.values() if any(f"{kind} " in fold(b.name) for kind in kinds)]
        if not named or (said["count"] and int(said["count"]) != len(named)):
            return (lead,)
        return tuple(_in_place_of(lead, body) for body in named)


_COMMUNE = re.compile(
    rf"(?:Ủy ban nhân dân x|Ủy ban nhân dân p|Ủy ban nhân dân đ|X|P|Đ)(?:ã|hường|ặc khu) [{CAPITAL}]"
)
_COMMUNES_ABOVE = re.compile(
    r"(?:chủ tịch )?(?:(?:ủy ban nhân dân|ubnd) )?(?:các )?(?:(?P<count>\d{1,2}) )?"
    r"(?P<kinds>(?:xã|phường|đặc khu)(?:(?:, | và )(?:xã|phường|đặc khu)){0,2})"
    r" (?:nêu trên|nói trên|kể trên|có tên trên|có tên nêu trên)"
)


def subject_noun(text: str) -> str | None:
    """The word for all of its kind that a sentence has as its subject (`Riêng về việc này, Sở rà soát …`)."""
    found = _SUBJECT_NOUN.match(text)
    return found["noun"].lower() if found else None


_SUBJECT_NOUN = re.compile(
    r"(?:[^,.;:]{3,80}, )?(?P<noun>Bộ|Sở|[Tt]ỉnh|[Tt]hành phố) (?:cũng |sẽ |phải |cần )?[a-zđ]"
)


def _in_place_of(lead: AgencyMention, body: AgencyMention) -> AgencyMention:
    """A body named before, where a lead refers back to it."""
    return msgspec.structs.replace(
        body, as_written=lead.as_written, start=lead.start, end=lead.end, role=lead.role, via="named_before"
    )


def _as_lead(*bodies: AgencyMention) -> tuple[AgencyMention, ...]:
    return tuple(
        msgspec.structs.replace(body, start=None, end=None, role="lead", via="named_before") for body in bodies
    )


_BARE = frozenset({"Trung tâm", "Ban Quản lý", "Ban Quản lý dự án", "Ban QLDA"})
_ANY_COMMUNE = "Ủy ban nhân dân cấp xã"
_COMMUNES = "Ủy ban nhân dân các xã"


class Named:
    """The bodies that a section of a letter has named so far."""

    def __init__(self) -> None:
        self._bodies: dict[str, AgencyMention] = {}

    def add(self, mentions: Iterable[AgencyMention]) -> None:
        """Remember bodies; classes of bodies and those above others are none that a count means."""
        for body in mentions:
            if body.kind not in ("collective", "government"):
                self._bodies[body.name] = body

    def alone(self, noun: str, before: Sequence[AgencyMention] = ()) -> tuple[AgencyMention, ...]:
        """The body that a word for all of its kind means, as lead; none where that is not sure.

        `tỉnh`: the only province of those `before` it, else of those named so far. `Sở`, `Bộ`: the last named.
        """
        so_far = tuple(self._bodies.values())
        if noun in ("tỉnh", "thành phố"):
            for bodies in (before, so_far):
                named = {body.name: body for body in bodies if body.kind == "province"}
                if len(named) == 1:
                    return _as_lead(*named.values())
        elif noun in ("sở", "bộ"):
            opening = f"{noun.capitalize()} "
            return _as_lead(*[body for body in (*so_far, *before) if body.name.startswith(opening)][-1:])
        return ()

    def meant(self, leads: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
        """The leads, a count among them resolved where the section has named just so many of the kind."""
        return tuple(body for lead in leads for body in self._counted(lead))

    def in_full(self, leads: Sequence[AgencyMention], above: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
        """The leads; `Trung tâm` alone is that of the label `above`, or the one that the section named last."""
        return tuple(self._in_full(lead, above) for lead in leads)

    def _in_full(self, lead: AgencyMention, above: Sequence[AgencyMention]) -> AgencyMention:
        if lead.name not in _BARE:
            return lead
        named = [body for body in (*self._bodies.values(), *above) if body.name.startswith(f"{lead.name} ")]
        if not named:
            return lead
        return _in_place_of(lead, named[-1])

    def _counted(self, lead: AgencyMention) -> tuple[AgencyMention, ...]:
        said = _COUNTED.fullmatch(fold(lead.as_written or "")) if lead.kind == "collective" else None
        if said is None:
            return (lead,)
        count = _COUNTS.get(said["count"]) or int(said["count"])
        kinds = _KINDS.get(said["of"])
        named = [body for body in self._bodies.values() if kinds is None or body.kind in kinds]
        if len(named) != count:
            return (lead,)  # which of them are meant is not sure
        return tuple(_in_place_of(lead, body) for body in named)
