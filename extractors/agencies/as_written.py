"""Names taken over from the letter's own words."""

import re

from extractors.agencies.words import Words, capitalised
from models import AgencyMention


def in_full(words: Words, start: int, end: int) -> str:
    """Words as a name: the abbreviations that stand in local bodies' names in full, a capital first."""
    written = words.span(start, end)
    for short, full in words.wording.in_full.items():
        if short in written:
            written = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", full, written)
    if words.norm(start) == "sở" and (field := words.spelt(words.known.fields, start + 1)):
        behind, name = field
        if any(exact is not None for exact in name.exact):  # `Sở VHTTDL`, not `Sở văn hoá`
            ministry = name.agency.name.removeprefix("Bộ ")
            written = f"Sở {ministry}" + words.text[words.tokens[behind - 1].end : words.tokens[end - 1].end]
    return capitalised(written)


def local_class(words: Words, start: int, end: int) -> AgencyMention:
    """A class of local bodies under the letter's own words, without the heads that stand for them."""
    first = start
    for k in range(start, end):
        if words.norm(k) == "ubnd" or words.has(k, ("ủy", "ban")) or words.norm(k) in {"các", "cấp"}:
            first = k
            break
    if words.norm(first) in {"từng", "mỗi", "mọi", "những"} or words.norm(first).isdigit():
        first += 1  # each of them is all of them, and their number no part of their name
    name = _POINTER.sub("", in_full(words, first, end))
    name = _COMMITTEES_OF.sub("Ủy ban nhân dân các ", name)
    if words.norm(first) not in {"các", "ubnd", "ủy", "cấp"}:
        name = f"Các {name[0].lower()}{name[1:]}"
    return words.mention(name, start, end, "collective", "as_written", scope=words.context.scope)


# `UBND xã, phường`: all of them.
_COMMITTEES_OF = re.compile(r"Ủy ban nhân dân (?=(?:xã|phường|đặc khu)(?:,| và ))")
# `các xã nêu trên`: which of them are meant, no part of what they are called.
_POINTER = re.compile(r" (?:(?:có tên )?(?:nêu|nói|kể) trên|có tên(?: trên)?)$")


def bodies_together(words: Words, start: int, end: int) -> AgencyMention:
    """Several bodies under one phrase, kept as the letter writes it."""
    return words.mention(capitalised(words.span(start, end)), start, end, "collective", "as_written")
