"""Whether a task is ours: named, of our class, or of those a collective means; and what we do in it."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, cast

from extractors.agencies import longest
from extractors.agencies.gazetteer import CENTRAL, compiled, current_of
from extractors.agencies.names import (
    BANKS,
    COLLECTIVES,
    COMMUNES,
    DEPARTMENTS,
    ENTERPRISES,
    MINISTRIES,
    PROVINCES,
    UNITS,
    AgencyContext,
)
from extractors.agencies.scan import find, scope_of
from extractors.agencies.tokens import key, norms
from extractors.agencies.words import Words
from models import AgencyMention, Concern, OwnBody
from models.agency import OurRole

GOVERNMENT_OFFICE: Final = "Văn phòng Chính phủ"
_CONDITION = re.compile(
    r"\s*\(?(có|liên quan|thuộc|nằm trong|chưa|đã|được|ven biển|miền núi|biên giới|vùng|khu vực|nơi|phía|còn)\b",
    re.IGNORECASE,
)
_COMMUNES = re.compile(r"\b(xã(?! hội)|phường)\b")
_EXCEPT = re.compile(r"\b(ngoại trừ|trừ|không bao gồm|không gồm)\b", re.IGNORECASE)


def concern(
    leads: Sequence[AgencyMention],
    coops: Sequence[AgencyMention],
    text: str,
    context: AgencyContext,
) -> Concern:
    """Whether a task with these bodies and this text is ours: named, collective, on a condition, excluded or not.

    Being named outweighs everything; an exception outweighs a collective; a collective without a condition
    outweighs one with. A ministry is among `Các bộ, ngành`, a province among `Các địa phương` of a central
    letter; those of a province's letter are its own communes. Units are the issuer's own and whom it addresses.
    `context` is that of the letter, with our office.
    """
    for own in context.office.own_bodies:
        if any(_is_own(m, own) for m in (*leads, *coops)):
            return "named"
    found: set[Concern] = set()
    for own in context.office.own_bodies:
        joined = _collectives_of(own, context.scope)
        joined -= frozenset({UNITS}) if _is_stranger(context, own) else frozenset()
        for mention in (*leads, *coops):
            if _class_of(mention) not in joined or _elsewhere(mention, own):
                continue
            if _excepted(text, own, AgencyContext(on=context.on)):
                return "excluded"
            written = mention.as_written or mention.name
            behind = text[mention.end :] if mention.end and text[mention.start : mention.end] == written else ""
            condition = _CONDITION.match(behind) or re.search(
                r"liên quan|có biển|ven biển|miền núi|biên giới", written
            )
            found.add("condition" if condition else "collective")
    return "collective" if "collective" in found else "condition" if found else "no"


def our_role(
    leads: Sequence[AgencyMention], coops: Sequence[AgencyMention], text: str, context: AgencyContext
) -> OurRole | None:
    """What we do in a task that concerns us: lead, do it among all of a collective, or cooperate; else None."""
    for bodies, named, meant in ((leads, "leads", "among_all"), (coops, "cooperates", "cooperates")):
        how = concern(bodies, (), text, context)
        if how not in {"no", "excluded"}:
            return cast("OurRole", named if how == "named" else meant)
    return None


@cache
def provinces_of(own: OwnBody) -> frozenset[str]:
    """The provinces, today's and former, that an own body is or belongs to; none of a central one."""
    names = (own.name, *own.predecessors, own.scope, f"Tỉnh {own.scope}", f"Thành phố {own.scope}")
    return frozenset(province for name in names if (province := scope_of(name)))


def _class_of(mention: AgencyMention) -> str:
    """The class a collective belongs to, whatever the letter's words for it."""
    if mention.kind != "collective" or mention.name in COLLECTIVES:
        return mention.name
    words = norms(mention.name)
    if _COMMUNES.search(" ".join(words)):
        return COMMUNES
    return DEPARTMENTS if "sở" in words else mention.name


def _own_names(own: OwnBody) -> frozenset[str]:
    """An own body's names, today's and former, as `find` would name them."""
    out = set()
    for name in (own.name, *own.predecessors):
        out.add(key(name))
        out.add(key(longest.whole(Words(name, AgencyContext())).name))
    # In its own province a department is named without it.
    bare = {
        name.removesuffix(f" {key(place)}")
        for name in out
        if name.startswith("sở ")
        for place in provinces_of(own)
    }
    return frozenset(out | bare)


def _is_own(mention: AgencyMention, own: OwnBody) -> bool:
    """Whether a body is ours: by name, by what it is today, or as a unit of ours."""
    if _elsewhere(mention, own):
        return False
    names = _own_names(own)
    keys = {key(n) for n in (mention.name, mention.current or "", mention.unit or "") if n}
    # Here it is ours by its province: written behind its name or not, it is the same.
    keys |= {key(mention.name).removesuffix(f" {key(place)}") for place in provinces_of(own)}
    if keys & names or (mention.kind != "province" and mention.scope is not None and key(mention.scope) in names):
        return True
    return any(
        a.parent is not None and key(a.parent) in names for k in keys for a in compiled().by_name.get(k, ())
    )


def _elsewhere(mention: AgencyMention, own: OwnBody) -> bool:
    """Whether a body is another province's: its `Sở Y tế` is not ours. A province that became ours is ours."""
    # Told by its name alone (`Ủy ban nhân dân tỉnh Lâm Đồng`), a province's body is no central one.
    ours = provinces_of(own)
    if mention.scope in {None, CENTRAL} or not ours:
        return False
    today = (current_of(a) for a in compiled().by_name.get(key(mention.scope or ""), ()))
    return ours.isdisjoint({mention.scope, *today})


def _is_stranger(context: AgencyContext, own: OwnBody) -> bool:
    """Whether `các đơn vị` of a letter are not us: its issuer is neither ours nor above us, nor addresses us."""
    if context.issuer is None:
        return False
    issuers = find(context.issuer, AgencyContext(on=context.on))
    above = {key(a.parent) for n in _own_names(own) for a in compiled().by_name.get(n, ()) if a.parent is not None}
    if any(_is_own(m, own) or _commands_all(m, own) or key(m.name) in above for m in issuers):
        return False
    joined = _collectives_of(own, context.scope) - {UNITS}
    return not any(
        _is_own(m, own) or (_class_of(m) in joined and not _elsewhere(m, own)) for m in context.recipients
    )


def _commands_all(issuer: AgencyMention, own: OwnBody) -> bool:
    """Whether a body stands above all others: of the country, or of our province."""
    if issuer.kind in {"government", "assembly"} or issuer.name == GOVERNMENT_OFFICE:
        return True
    if issuer.kind == "party":
        return issuer.scope == CENTRAL or issuer.scope in provinces_of(own)
    return issuer.kind == "province" and issuer.name in provinces_of(own)


def _collectives_of(own: OwnBody, scope: str | None) -> frozenset[str]:
    """The collectives that mean us in a letter of a province (`scope`; None: of a central body)."""
    kind = longest.whole(Words(own.name, AgencyContext(scope=None if own.scope == CENTRAL else own.scope))).kind
    if own.scope != CENTRAL or kind in {"province", "local"}:
        is_ours = scope is not None and (scope in provinces_of(own) or not provinces_of(own))
        if set(norms(own.name)) & {"xã", "phường", "đặc"}:
            return frozenset({COMMUNES, UNITS, PROVINCES} if is_ours else {COMMUNES, UNITS})
        if kind in {"province", "party"} and (is_ours or scope is None):
            return frozenset({DEPARTMENTS, UNITS, PROVINCES})
        return frozenset({DEPARTMENTS, UNITS})
    if kind == "bank":
        return frozenset({BANKS, ENTERPRISES, UNITS})
    return frozenset({ENTERPRISES, UNITS} if kind == "enterprise" else {MINISTRIES, UNITS})


def _excepted(text: str, own: OwnBody, context: AgencyContext) -> bool:
    """Whether the text takes us out of a collective (`trừ tỉnh …`)."""
    return any(
        any(_is_own(m, own) for m in find(re.split(r"[.;)]\s|\)", text[e.end() :], maxsplit=1)[0], context))
        for e in _EXCEPT.finditer(text)
    )
