"""The classes of bodies that a collective joins (`các bộ, ngành, địa phương`)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from extractors.agencies import as_written
from extractors.agencies.names import AS_WRITTEN, COMMUNES, DEPARTMENTS, MINISTRIES, PROVINCES
from extractors.agencies.words import NEAR, Words
from models import AgencyMention

_JOINED_WITHOUT_MARK: Final = frozenset({"ngành", "địa", "ban"})
"""First words of members that need no separator before them (`các bộ ngành địa phương`)."""


class Member(NamedTuple):
    """One member of a collective: its class, and its words `start` to `end`."""

    name: str
    start: int
    end: int


def members(words: Words, j: int) -> list[Member]:
    """The members of a collective from word `j` on."""
    found: list[Member] = []
    k = j
    while k < len(words.tokens):
        start = k
        k = _behind_heads(words, start)
        hit = words.starts(words.wording.members, k)
        if hit is None and words.norm(k) == "ban" and found and found[-1].name in _WITH_BOARDS:
            hit = (k + 1, found[-1].name)  # `các sở, ban, ngành`
        if hit is None or _names_another_thing(words, k, hit[0]):
            break
        end, name = hit
        found.append(Member(_class_meant(words, k, end, name, found), start, end))
        k = end
        if words.separated(k) and words.norm(k) != "hoặc":
            k = words.behind_separator(k)
        elif words.starts(words.wording.members, k) is None or words.norm(k) not in _JOINED_WITHOUT_MARK:
            break
    return found


_WITH_BOARDS: Final = frozenset({PROVINCES, MINISTRIES, DEPARTMENTS})


def _behind_heads(words: Words, start: int) -> int:
    """The word behind what stands before a member (`lãnh đạo`, `UBND`), where that is no member itself."""
    k = start
    while k - start < NEAR and (before := words.starts(words.wording.before_member, k)) is not None:
        longer = words.starts(words.wording.members, k)
        if longer is not None and longer[0] >= before[0]:
            break
        k = before[0]
    return k


def _class_meant(words: Words, k: int, end: int, name: str, before: Sequence[Member]) -> str:
    """The class that the member at words `k` to `end` means in this letter, behind the members before it."""
    central = words.context.scope is None
    of_province = bool(before) and before[0].name in {PROVINCES, DEPARTMENTS}
    if "sở" in {words.norm(k), words.norm(k - 1)} or (name == MINISTRIES and of_province):
        name = PROVINCES if central else DEPARTMENTS  # `các sở, ban, ngành` are a province's
    if words.has(k, ("cơ", "quan")) and end == k + 2 and any(m.name == MINISTRIES for m in before):
        name = MINISTRIES  # `các bộ, cơ quan`
    if name == COMMUNES and central and any(m.name == PROVINCES for m in before):
        name = PROVINCES  # `các tỉnh, xã, phường` of a central letter
    return name


def _names_another_thing(words: Words, start: int, end: int) -> bool:
    """Whether the word behind a member makes it the name of something else (`các bộ phận`)."""
    never = words.wording.never_before.get(" ".join(words.norms(start, end)))
    return never is not None and words.starts(never, end) is not None


def classes(words: Words, i: int, joined: Sequence[Member], end: int) -> list[AgencyMention]:
    """One mention a class, in order, over the first run of its members; the first begins at word `i`."""
    if [(m.name, words.norm(m.start)) for m in joined] == [(MINISTRIES, "ngành")]:
        return []  # `các ngành` alone are branches, not bodies
    spans: dict[str, list[int]] = {}
    previous = ""
    for name, start, stop in joined:
        if name not in spans:
            spans[name] = [start, stop]
        elif previous == name:
            spans[name][1] = stop
        previous = name
    spans[joined[0].name][0] = i
    last = spans[joined[-1].name]
    last[1] = max(end, last[1])
    return [
        as_written.local_class(words, start, stop)
        if name in AS_WRITTEN
        else words.mention(name, start, stop, "collective", "alias")
        for name, (start, stop) in spans.items()
    ]
