"""Bodies in running text: by name, by the form of their name, as classes, as the parties of the letter.

Rules: conventions 2.6 to 2.9.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from extractors.agencies import boundaries, by_form, by_place, collectives, lists, longest, stand_ins
from extractors.agencies.gazetteer import CENTRAL
from extractors.agencies.names import COLLECTIVES, AgencyContext
from extractors.agencies.tokens import SEPARATORS, key
from extractors.agencies.words import MAX_NAME_WORDS, Hit, Words
from models import AgencyMention
from models.agency import AgencyKind

_UNIT_SYMBOL = re.compile(r"[A-Z]{1,2}\d{2}\b")


def find(text: str, context: AgencyContext = AgencyContext()) -> tuple[AgencyMention, ...]:  # noqa: B008 (frozen)
    """Every body mentioned in running text, in order, with its offsets.

    Bodies that only stand in a reference to a document (`Quyết định … của X`, `12/QĐ-BNV`, `theo đề nghị của X`)
    have via `reference`: `roles` passes them over.
    """
    words = Words(text, context)
    out: list[AgencyMention] = []
    referring = False
    last = -2
    for start, end, mentions in scan(words):
        referring = (referring and last >= 0 and _same_list(words, last, start, end)) or _in_reference(
            words, start
        )
        out += [msgspec.structs.replace(m, via="reference") if referring else m for m in mentions]
        last = end
    return tuple(_named_out(text, out))


def scope_of(issuer: str) -> str | None:
    """The province whose local bodies an issuer means (`SỞ Y TẾ TỈNH NGHỆ AN` → `Tỉnh Nghệ An`), else None.

    A central body never has one, though a province's name be in its own (`Đại học Quốc gia Hà Nội`).
    """
    words = Words(issuer, AgencyContext())
    hit = by_form.body(words, 0) if words.tokens else None
    if hit is not None and hit.mentions[0].scope not in {None, CENTRAL}:
        return hit.mentions[0].scope
    provinces = (by_place.province(words, i) for i in range(len(words.tokens)))
    return next((found[1].name for found in provinces if found is not None), None)


def scan(words: Words) -> Iterator[tuple[int, int, list[AgencyMention]]]:
    """(first word, word behind, mentions) of everything found, in order and without overlaps."""
    i = 0
    in_cell: lists.Elided | None = ("Sở" if words.context.scope else "Bộ") if words.cell else None
    listing = in_cell
    behind_list = False
    while i < len(words.tokens):
        hit = (
            collectives.organs_of_province(words, i)
            or stand_ins.of_addressees(words, i)
            or stand_ins.of_head(words, i)
            or longest.body(words, i)
            or (lists.names_without(words, listing, i) if listing is not None else None)
            or (_within_list(words, i) if behind_list or words.cell else None)
            or stand_ins.of_issuer(words, i)
        )
        if hit is not None and hit.end > i:
            end, mentions = _with_unit(words, lists.with_sisters(words, i, hit))
            mentions = stand_ins.named_above(words, end, mentions)
            if mentions:
                yield i, end, mentions
                listing = lists.elided_behind(mentions[-1]) or listing
                behind_list = True
            i = end
            continue
        if not words.separated(i):
            listing = in_cell
            behind_list = words.wording.coop.ending(words.tokens, i + 1) is not None
        i += 1


def _within_list(words: Words, i: int) -> Hit | None:
    """A word that names a body only within a list (`…, thuế và hải quan`)."""
    hit = words.starts(words.wording.weak, i)
    if hit is None or not boundaries.ends_item(words, hit[0]):
        return None
    end, name = hit
    known = words.known.by_name.get(key(name))
    if known:
        return Hit(end, [words.of(known[0], i, end)])
    kind: AgencyKind = "collective" if name in COLLECTIVES else "other"
    return Hit(end, [words.mention(name, i, end, kind, "alias")])


def _with_unit(words: Words, hit: Hit) -> Hit:
    """A unit in brackets behind a body belongs to it (`Bộ Công an (C06)`); other brackets are left alone."""
    end, mentions = hit
    if words.norm(end) != "(" or not mentions or mentions[-1].kind == "collective":
        return hit
    limit = min(end + 1 + MAX_NAME_WORDS, len(words.tokens))
    close = next((k for k in range(end + 1, limit) if words.norm(k) == ")"), None)
    if close is None or close == end + 1:
        return hit
    inside = words.span(end + 1, close)
    if not _UNIT_SYMBOL.match(inside) and not _names_unit(words, end + 1, close):
        return hit
    return Hit(close + 1, [*mentions[:-1], msgspec.structs.replace(mentions[-1], unit=inside)])


def _names_unit(words: Words, start: int, close: int) -> bool:
    """Whether brackets that hold the words `start` to `close` name a body that can be a unit of another."""
    hit = longest.body(words, start)
    if hit is None or not (hit.end == close or words.separated(hit.end)):
        return False
    return not any(m.kind in {"ministry", "province", "collective"} for m in hit.mentions)


# Between a class of bodies and their names: `Các tỉnh có nhiều dự án dở dang là Điện Biên, …`
_NAMES_THEM: Final = re.compile(r"(?:\s\w+){0,9}?\slà(?: các)?\s")


def _named_out(text: str, mentions: Sequence[AgencyMention]) -> Iterator[AgencyMention]:
    """The bodies of a class that names them (`Hai đơn vị là A và B`) instead of the class, over its place."""
    start: int | None = None
    for mention, following in itertools.zip_longest(mentions, mentions[1:]):
        if start is not None:
            written = text[start : mention.end]
            mention, start = msgspec.structs.replace(mention, start=start, as_written=written), None
        names = (
            mention.kind == "collective"
            and following is not None
            and following.kind != "collective"
            and _NAMES_THEM.fullmatch(text, mention.end or 0, following.start or 0) is not None
        )
        if names:
            start = mention.start
        else:
            yield mention


def _same_list(words: Words, last: int, start: int, end: int) -> bool:
    """Whether a body goes on with the list before it; behind a lone comma, before a verb, it is a new subject."""
    between = words.norms(last, start)
    if not set(between) <= SEPARATORS:
        return False
    return "và" in between or words.norm(end) in SEPARATORS or not words.capital(start)


def _in_reference(words: Words, start: int) -> bool:
    """Whether the body at a word belongs to a document's symbol or names its author."""
    tokens, wording = words.tokens, words.wording
    if (
        start
        and tokens[start - 1].text in "-/&"
        and tokens[start - 1].end == tokens[start].start
        and any(t.text == "/" for t in tokens[max(0, start - 6) : start])
    ):
        return True
    if wording.references.ending(tokens, start) is not None:
        return True
    if words.norm(start - 1) != "của":
        return False
    for k in range(start - 2, max(-1, start - 60), -1):
        if (
            tokens[k].norm in {".", ";"}
            and tokens[k].end < len(words.text)
            and words.text[tokens[k].end : tokens[k].end + 1].isspace()
        ):
            return False
        if wording.documents.starting(tokens, k) is not None:
            return True
    return False
