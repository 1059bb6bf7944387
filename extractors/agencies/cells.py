"""Bodies of a table cell or label that holds nothing else, with their roles."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from extractors.agencies.names import AgencyContext, misspelt
from extractors.agencies.scan import scan
from extractors.agencies.tokens import key
from extractors.agencies.words import Words, capitalised
from models import AgencyMention, Role

_MARK = re.compile(
    r"(?<!các cơ quan )(?<!các đơn vị )"  # `Các cơ quan chủ trì`: a class of bodies
    r"(?:\b(?<!các )(?:cơ quan|đơn vị)\s+)?(?:\bđồng\s+)?\b(?P<word>chủ trì|phối hợp)\b"
    r"(?P<with>(?:\s+(?:với|cùng))?\s*:?)",
    re.IGNORECASE,
)
_ITEM_BREAK = re.compile(r"[\n;•]|,(?!\d)|(?<!\S)[-–—+*](?!\S)|(?<!\S)và(?!\S)|(?<=[.])\s")
_NAMES_NOBODY: Final = frozenset(
    {"liên quan", "có liên quan", "không", "không có", "chưa", "chưa có", "chưa rõ", "n/a"}
)
_EDGES: Final = " \t\r\n.,;:()-–—+*•/"


class _Item(msgspec.Struct):
    """A body of a cell while its role is being settled."""

    mention: AgencyMention
    role: Role


def read_cell(
    text: str,
    context: AgencyContext = AgencyContext(),  # noqa: B008 (frozen)
    *,
    led: bool = False,
) -> tuple[AgencyMention, ...]:
    """The bodies of a table cell or a label that holds nothing else, in order, each with its role.

    Items stand behind commas, semicolons, lines or bullets; ministries may lack their `Bộ`. Roles are set by
    `A chủ trì; B phối hợp` and `Chủ trì: A. Phối hợp: B`, else all lead; `led`: what stands before says who does.
    What is no known body is kept as written.
    """
    words = Words(text, context, cell=True)
    hits = [(words.tokens[a].start, words.tokens[b - 1].end, mentions) for a, b, mentions in scan(words)]
    items: list[_Item] = []
    role: Role = "lead"
    pending = 0  # items from here on have met no mark yet
    at = 0
    for start, end, mentions in [*hits, (len(text), len(text), [])]:
        gap = text[at:start]
        done = 0
        for mark in _MARK.finditer(gap):
            before, behind = gap[done : mark.start()], gap[mark.end() :].strip(" ")
            opens = ":" in mark["with"] or (bool(mentions) and not behind)
            named = any(c.isalpha() for c in before)
            closes = (len(items) > pending and not named) or (
                named and not behind[:1].isalpha() and start == len(text)
            )
            if not opens and not closes:
                continue
            items += _unknown(text, at + done, at + mark.start(), role, bool(items))
            marked: Role = "lead" if mark["word"].lower() == "chủ trì" else "coop"
            if opens:
                role = marked
            else:
                # `A, B phối hợp`: where nobody is said to lead, the first does.
                nobody_leads = not led and marked == "coop" and pending == 0 and len(items) > 1
                for item in items[pending + nobody_leads :]:
                    item.role = marked
                role = "coop"
            pending, done = len(items), mark.end()
        items += _unknown(text, at + done, start, role, at > 0 and not done)
        items += [_Item(m, role) for m in mentions]
        at = end
    seen: dict[str, AgencyMention] = {}
    for item in _whole(text, items):
        seen.setdefault(key(item.mention.name), msgspec.structs.replace(item.mention, role=item.role))
    return tuple(seen.values())


def _whole(text: str, items: Sequence[_Item]) -> list[_Item]:
    """The items, names that hold commas made whole: `Cục Quản lý, giám sát chính sách thuế, phí và lệ phí`.

    What follows a body's name in small letters and is no body goes on with it, and so does all behind that in
    small letters.
    """
    out: list[_Item] = []
    grows = False
    for item in items:
        mention, before = item.mention, out[-1].mention if out else None
        start = mention.start or 0
        small = text[start : start + 1].islower() and mention.kind != "collective"
        joined = before is not None and _GOES_ON.fullmatch(text, before.end or 0, start) is not None
        begins = before is not None and before.via == "form" and mention.via == "as_written"
        if small and joined and before is not None and (grows or begins):
            written = text[before.start : mention.end]
            whole = msgspec.structs.replace(before, name=written, as_written=written, end=mention.end)
            out[-1] = _Item(whole, out[-1].role)
            grows = True
            continue
        grows = False
        out.append(item)
    return out


_GOES_ON = re.compile(r"\s?,\s|\svà\s")


def _unknown(text: str, start: int, end: int, role: Role, behind: bool) -> list[_Item]:
    """The items between known bodies, as written. `behind`: the first piece directly follows a body and only
    qualifies it (`các bộ được giao nhiệm vụ`); one in small letters goes on with the item before it."""
    out: list[_Item] = []
    at = start
    known = misspelt(text[start:end].strip(_EDGES))
    breaks = [
        m for m in _ITEM_BREAK.finditer(text, start, end) if not known or not text[start : m.start()].strip()
    ]
    for stop in [*breaks, None]:
        to = stop.start() if stop else end
        piece = text[at:to].strip(_EDGES)
        begin, at = at, stop.end() if stop else end
        qualifies = (behind and begin == start) or piece.lower() in _NAMES_NOBODY
        if qualifies or not any(c.isalpha() for c in piece):
            continue
        offset = text.index(piece, begin)
        if text[offset + len(piece) : to].strip().startswith(":"):
            continue  # a label (`Đơn vị thực hiện:`)
        known = misspelt(piece)
        if known is None and piece[0].islower() and out and out[-1].mention.via == "as_written":
            offset = out.pop().mention.start or start
            piece = text[offset:to].strip(_EDGES)
        name = known or capitalised(piece)
        mention = AgencyMention(
            name=name,
            as_written=piece,
            start=offset,
            end=offset + len(piece),
            via="similar" if known else "as_written",
        )
        out.append(_Item(mention, role))
    return out
