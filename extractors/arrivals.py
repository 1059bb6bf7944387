"""When a letter came to us and under what number: read from the incoming stamps (`ĐẾN`) it bears.

A letter that went through several offices bears a stamp of each; ours is told by the name at its head. Form: Nghị
định 30/2020/NĐ-CP, Phụ lục IV. Figures are mostly written by hand: what cannot be is no reading of them.
"""

import datetime
import re
from collections.abc import Sequence

import msgspec
from rapidfuzz import fuzz

from extractors.tones import bare
from models import Office, OwnBody, Paragraph

LEAST_AGREEMENT = 0.34
"""A figure that fewer of its readings agree on is left to a person."""
SAME_NAME = 90
"""Least likeness, of 100, of the words of a body's name and those at the head of a stamp."""

_TO_WRITE_ON = r"[\s:.…_,]{0,60}"
_NUMBER = re.compile(rf"S[ốôồổỗộ]{_TO_WRITE_ON}(?P<number>[0-9]{{1,6}})(?![0-9/\-]|\s?/)", re.IGNORECASE)
_DAY = re.compile(
    rf"Ng[àa]y{_TO_WRITE_ON}(?P<day>[0-9]{{1,2}})\s?(?:[/.\-]|tháng)\s?(?P<month>[0-9]{{1,2}})"
    r"(?:\s?(?:[/.\-]|năm)\s?(?P<year>[0-9]{4}|[0-9]{2}))?(?![0-9])",
    re.IGNORECASE,
)
_NAME_END = re.compile(
    r"(?:CÔNG VĂN )?(?:ĐẾN|ĐỀN|ĐÊN|ĐEN|DEN)(?!\w)|S[ốôồổỗộ](?!\w)|Ng[àa]y(?!\w)|Chuy\S{1,3}(?!\w)"
)
_PROVINCE = re.compile(r"(?<!\w)(?:tinh|thanh pho|tp)(?!\w)")


class Arrival(msgspec.Struct, frozen=True):
    """Number and date of arrival; `unknown` maps `arrival_number`, `arrival_date` to why they are not known."""

    number: str | None = None
    date: datetime.date | None = None
    unknown: dict[str, str] = {}


def read(
    stamps: Sequence[Paragraph], office: Office, issued: datetime.date | None, reference: datetime.date | None
) -> Arrival:
    """The arrival that our own stamp tells, of those a letter bears, each given as a paragraph.

    A year left out is that of the letter (`issued`), or of the day it was received (`reference`), or the next one.
    """
    arrivals = [_of_stamp(stamp, issued, reference) for stamp in stamps]
    if office.own_bodies:
        named = [
            (arrival, _is_ours(_name(stamp.text), office)) for arrival, stamp in zip(arrivals, stamps, strict=True)
        ]
        ours = [arrival for arrival, own in named if own]
        if not ours and arrivals and all(own is False for _, own in named):
            return _unknown("stamp_of_others")
        arrivals = ours or [arrival for arrival, own in named if own is None]
    if not arrivals:
        return Arrival()
    if len({(arrival.number, arrival.date) for arrival in arrivals}) > 1:
        return _unknown("several_stamps")
    return arrivals[0]


def _unknown(reason: str) -> Arrival:
    return Arrival(unknown={"arrival_number": reason, "arrival_date": reason})


def _of_stamp(stamp: Paragraph, issued: datetime.date | None, reference: datetime.date | None) -> Arrival:
    """What one stamp says; a day before the letter's own is misread."""
    unknown: dict[str, str] = {}
    number = _NUMBER.search(stamp.text)
    if number is None or _agreement(stamp, number.start("number")) < LEAST_AGREEMENT:
        number, unknown["arrival_number"] = None, "stamp_unread"
    day = _DAY.search(stamp.text)
    date: datetime.date | None = None
    if day is None or _agreement(stamp, day.start("day")) < LEAST_AGREEMENT:
        unknown["arrival_date"] = "stamp_unread"
    else:
        date = _date(day, issued or reference)
        if date is None:
            unknown["arrival_date"] = "no_such_day"
        elif issued is not None and date < issued:
            date, unknown["arrival_date"] = None, "before_issue"
    return Arrival(number["number"] if number else None, date, unknown)


def _agreement(stamp: Paragraph, offset: int) -> float:
    """How sure the reading at an offset is; 1 where it was not recognised but written."""
    piece = next((piece for piece in stamp.pieces if piece.start <= offset < piece.end), None)
    return 1.0 if piece is None or piece.confidence is None else piece.confidence


def _date(found: re.Match[str], near: datetime.date | None) -> datetime.date | None:
    written = found["year"]
    if not written and near is None:
        return None
    year = int(written) + (2000 if len(written) == 2 else 0) if written else near.year if near else 0
    try:
        date = datetime.date(year, int(found["month"]), int(found["day"]))
        return date.replace(year=year + 1) if not written and near and date < near else date
    except ValueError:
        return None


def _name(text: str) -> str:
    """What stands at the head of a stamp, before what it asks for, without marks."""
    end = _NAME_END.search(text)
    return _bare(text[: end.start()] if end else text)


def _bare(text: str) -> str:
    """Small letters and digits, without marks, which recognition loses."""
    return " ".join(re.findall(r"\w+", bare(text.lower())))


def _is_ours(name: str, office: Office) -> bool | None:
    """Whether the office at the head of a stamp is ours; None where no name can be read."""
    if len(name) < 5:
        return None
    return any(_names(name, own) for own in office.own_bodies)


def _names(name: str, own: OwnBody) -> bool:
    province = _bare(own.scope)
    elsewhere = own.scope != "trung ương" and _PROVINCE.search(name) is not None and province not in name
    return not elsewhere and any(
        fuzz.token_set_ratio(_bare(known), name) >= SAME_NAME for known in (own.name, *own.predecessors)
    )
