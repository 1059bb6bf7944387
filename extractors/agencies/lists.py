"""Lists whose names leave out what they share (`các Bộ: Nội vụ, Tài chính`, `UBND các xã A, B và C`)."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from extractors.agencies import boundaries, by_form, by_place
from extractors.agencies.members import Member
from extractors.agencies.names import MINISTRIES, PROVINCES
from extractors.agencies.tokens import is_word, norms
from extractors.agencies.words import NEAR, Hit, Phrase, Words, capitalised
from models import AgencyMention

Elided = Literal["Bộ", "Sở", "Tỉnh"]
"""The first word that the names of a list leave out (`các Sở: Y tế, Nội vụ`)."""

_COMMUNE_KINDS: Final[tuple[Phrase, ...]] = (("xã",), ("phường",), ("đặc", "khu"))

VILLAGE_KINDS: Final[tuple[Phrase, ...]] = (
    ("xóm",),
    ("thôn",),
    ("bản",),
    ("ấp",),
    ("khóm",),
    ("buôn",),
    ("khu", "phố"),
    ("tổ", "dân", "phố"),
)


def elided_behind(mention: AgencyMention) -> Elided | None:
    """The word that the names of a list may leave out behind this one."""
    if mention.kind == "ministry":
        return "Bộ"
    if mention.kind == "province":
        return "Tỉnh"
    return "Sở" if mention.name.startswith("Sở ") else None


def introduced(words: Words, joined: Sequence[Member], j: int) -> Hit | None:
    """`các Bộ: Nội vụ, Tài chính`, `các tỉnh Lào Cai, Sơn La`: the names a collective only introduces."""
    name, start, end = joined[-1]
    first: Elided | None = "Bộ" if name == MINISTRIES else "Tỉnh" if name == PROVINCES else None
    first = "Sở" if "sở" in words.norms(start, end) else first
    return names_without(words, first, j + (words.norm(j) == ":")) if first else None


def in_brackets(words: Words, i: int, joined: Sequence[Member], j: int) -> Hit | None:
    """`các bộ quản lý cơ sở dữ liệu (Tư pháp, Y tế)`: the names in the brackets soon behind a collective."""
    k = next((k for k in range(j, min(j + NEAR, len(words.tokens))) if not is_word(words.tokens[k])), None)
    if k is None or words.norm(k) != "(":
        return None
    listed = introduced(words, joined, k + 1)
    if listed is None or words.norm(listed.end) != ")" or len(listed.mentions) < 2:
        return None
    first, *others = listed.mentions
    return Hit(listed.end + 1, [msgspec.structs.replace(first, start=words.tokens[i].start), *others])


def names_without(words: Words, first: Elided, j: int) -> Hit | None:
    """Names that lack their first word, from word `j` on."""
    found: list[AgencyMention] = []
    end = j
    while (item := _name_without(words, first, j)) is not None:
        end, body = item
        found.append(body)
        if not words.separated(end):
            break
        j = words.behind_separator(end)
    return Hit(end, found) if found else None


def _name_without(words: Words, first: Elided, j: int) -> tuple[int, AgencyMention] | None:
    """One name that lacks its first word, or a province in full: (index behind, body)."""
    if first == "Tỉnh" and (headed := by_place.province(words, j)) is not None:
        end, agency = headed
        return end, words.of(agency, j, end)
    trie = words.known.provinces if first == "Tỉnh" else words.known.fields
    hit = words.spelt(trie, j)
    if hit is None or _begins_longer(words, j, hit[0]) or not boundaries.ends_item(words, hit[0]):
        return None
    end, name = hit
    if first == "Sở":
        full = f"Sở {words.span(j, end)}"
        return end, words.mention(full, j, end, "local", "label", scope=words.context.scope)
    return end, words.of(words.of_letters_day(trie, j, end) or name.agency, j, end, "label")


def _begins_longer(words: Words, i: int, end: int) -> bool:
    """Whether a longer name begins here than the elided one that ends at `end` (`Công an tỉnh`)."""
    longer = by_form.body(words, i)
    return longer is not None and longer.end > end


# --- Places with one head


def places(words: Words, head: str, j: int, start: int) -> Hit | None:
    """Places named one after the other from word `j` on, each a body with the same `head`.

    The first is written from word `start` on.
    """
    found: list[AgencyMention] = []
    end = first = start
    while (stop := boundaries.place_end(words, j)) > j:
        if not boundaries.ends_item(words, stop) or boundaries.opens_body(words, j):
            break
        name = f"{head} {words.span(j, stop)}"
        found.append(words.mention(name, first, stop, "local", "label", scope=words.context.scope))
        end = stop
        if not words.separated(stop):
            break
        first = j = words.behind_separator(stop)
        changed = _kind_named(words, j, VILLAGE_KINDS if norms(head) in VILLAGE_KINDS else _COMMUNE_KINDS)
        if changed is not None:  # `các phường A, B và (các) xã (:) C`
            kind, j = changed
            shared = head.rpartition(" ")[0]
            head = capitalised(f"{shared} {' '.join(kind)}".strip())
    return Hit(end, found) if found else None


def _kind_named(words: Words, j: int, kinds: Sequence[Phrase]) -> tuple[Phrase, int] | None:
    """The kind of place that word `j` names, after `các`, and the word behind it (and its colon)."""
    k = j + (words.norm(j) == "các")
    kind = words.one_of(k, kinds)
    if kind is None:
        return None
    end = k + len(kind)
    return kind, end + (words.norm(end) == ":")


def communes(words: Words, i: int, joined: Sequence[Member], j: int) -> Hit | None:
    """`UBND các xã A, B và C`: each by its name, where all are of one kind and a list of names follows."""
    kind = words.span(joined[-1].start, joined[-1].end).split()[-1].lower()
    if len(joined) != 1 or kind not in {"xã", "phường"}:
        return None
    headed = any(words.norm(k) == "ubnd" or words.has(k, ("ủy", "ban")) for k in range(i, j))
    owner = words.starts(words.wording.owners, i)
    if owner is not None:
        head = capitalised(f"{words.span(i, owner[0])} {kind}")  # `Đảng ủy các xã A, B`
    else:
        head = f"Ủy ban nhân dân {kind}" if headed else kind.capitalize()
    found = places(words, head, j + (words.norm(j) == ":"), i)
    return found if found is not None and len(found.mentions) > 1 else None


def with_sisters(words: Words, i: int, hit: Hit) -> Hit:
    """`các Đảng ủy xã A, B, C`, `UBND xã A, phường B`: what begins at word `i`, and the places named behind it."""
    end, mentions = hit
    if len(mentions) != 1 or not words.separated(end):
        return hit
    name = mentions[0].name
    kind = next((" ".join(kind) for kind in _COMMUNE_KINDS if f" {' '.join(kind)} " in name), None)
    if kind is None:
        return hit
    j = words.behind_separator(end)
    following = _kind_named(words, j, _COMMUNE_KINDS)
    more: Hit | None = None
    if following is not None and name.startswith("Ủy ban nhân dân"):
        more = places(words, f"Ủy ban nhân dân {' '.join(following[0])}", following[1], j)
    elif words.norm(i - 1) == "các":
        head = name.split(f" {kind} ")[0]
        more = places(words, f"{head} {kind}", end + 1, end + 1)
    return Hit(more.end, [*mentions, *more.mentions]) if more is not None else hit
