"""Who does a task and by when, said behind it: in brackets at its end, or in a sentence about `nhiệm vụ này`.

Plans and programmes write so: `Ban hành Bộ quy tắc … (Bộ A chủ trì; Bộ B phối hợp; Quý II năm 2027).`
"""

import re

import msgspec

from extractors import agencies, deadlines
from extractors.agencies import AgencyContext
from extractors.deadlines import DeadlineContext
from models import AgencyMention, Deadline
from models.deadline import NO_DEADLINE

LONGEST = 240
"""Characters in a bracket that assigns."""

_BRACKET = re.compile(r"\((?P<inside>[^()]{3,240})\)\s{0,3}[.;:]?\s{0,3}$")
_ASSIGNS = re.compile(r"(?<!\w)(?:chủ trì|thực hiện|phối hợp|đầu mối|phụ trách)(?!\w)", re.IGNORECASE)
_PARTS = re.compile(r";|\.\s|(?<=trì),|(?<=hiện),|(?<=hợp),")
_ABOUT_IT = re.compile(
    r"(?:(?:các |những )?(?:nhiệm vụ|nội dung|công việc|phần việc|việc|dự án|đề án)"
    r"(?: này| trên| nêu trên| nói trên)|việc này)\s(?:do|giao|được giao|sẽ do|thuộc)\s"
    r"[^.;]{4,200}(?:chủ trì|thực hiện|đảm nhận|phụ trách|đảm nhiệm)",
    re.IGNORECASE,
)


class Assignment(msgspec.Struct, frozen=True):
    """What a bracket assigns. Offsets of bodies are in the whole text; `told`: it says how (`chủ trì`)."""

    leads: tuple[AgencyMention, ...] = ()
    coops: tuple[AgencyMention, ...] = ()
    deadline: Deadline = NO_DEADLINE
    told: bool = False


def in_bracket(text: str, bodies: AgencyContext, times: DeadlineContext) -> Assignment | None:
    """The assignment in the bracket that ends a task; None where the bracket says anything else.

    Every part must be bodies that are known, or a time. A lone body in brackets right behind another (`Cục X
    (Bộ Y)`) says whose that one is.
    """
    bracket = _BRACKET.search(text[-LONGEST - 8 :])
    if bracket is None:
        return None
    offset = max(0, len(text) - LONGEST - 8)
    leads: list[AgencyMention] = []
    coops: list[AgencyMention] = []
    deadline = NO_DEADLINE
    for start, part in _parts(bracket["inside"]):
        time = deadlines.read_cell(part, times)
        if time.kind != "none" and not any(m.via != "reference" for m in agencies.find(part, bodies)):
            deadline = time
            continue
        named = agencies.read_cell(_without_preposition(part), bodies, led=bool(leads))
        if not named or any(body.via == "as_written" for body in named):
            return None
        shift = offset + bracket.start("inside") + start + len(part) - len(_without_preposition(part))
        for body in agencies.moved(named, shift):
            (coops if body.role == "coop" else leads).append(body)
    told = _ASSIGNS.search(bracket["inside"]) is not None
    plain = deadline.kind == "none" and not told
    if not (leads or coops) or (plain and _behind_body(text[: offset + bracket.start()], bodies)):
        return None
    return Assignment(tuple(leads), tuple(coops), deadline, told)


def of_what_is_named(sentence: str, bodies: AgencyContext, times: DeadlineContext) -> bool:
    """Whether an item without a verb is work all the same: its bracket says who does it, and by when or how.

    `Đề án phát triển du lịch xanh (Sở Du lịch chủ trì; trình trước ngày 14/11/2025).`
    """
    found = in_bracket(sentence, bodies, times)
    return found is not None and bool(found.leads) and (found.told or found.deadline.kind != "none")


def says_only_who(sentence: str) -> bool:
    """Whether a sentence only says who does what was told before it (`Nhiệm vụ này giao Viện A chủ trì …`)."""
    return _ABOUT_IT.match(sentence) is not None


def _parts(inside: str) -> list[tuple[int, str]]:
    """The parts of a bracket with their offsets: behind semicolons, or the time behind the last comma."""
    found: list[tuple[int, str]] = []
    at = 0
    for end in [*_PARTS.finditer(inside), None]:
        stop = end.start() if end else len(inside)
        part = inside[at:stop]
        if part.strip():
            found.append((at + len(part) - len(part.lstrip()), part.strip()))
        at = end.end() if end else stop
    if len(found) == 1 and "," in inside:
        cut = inside.rindex(",")
        if any(sign.isdigit() for sign in inside[cut:]):
            behind = inside[cut + 1 :]
            return [(0, inside[:cut]), (cut + 1 + len(behind) - len(behind.lstrip()), behind.strip())]
    return found


def _without_preposition(part: str) -> str:
    return re.sub(r"^(?:giao|do|giao cho)\s", "", part)


def _behind_body(before: str, bodies: AgencyContext) -> bool:
    """Whether a body's name ends right before the bracket."""
    tail = before[-LONGEST:].rstrip()
    return any(m.end == len(tail) for m in agencies.find(tail, bodies))
