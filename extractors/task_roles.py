"""Who is to act in the words of one task, beyond what its bodies' words say: who orders, is asked, answers for it.

`agencies.roles` reads a passage by itself; here the letter counts too: its issuer, the label above, what kind of
order it is.
"""

import re
from collections.abc import Sequence

import msgspec

from extractors import agencies, finish, moves, predicates
from extractors.orders import Order
from extractors.scopes import Context, Scope
from models import AgencyMention

_OF_PARTY = re.compile(r"(?:Các )?(?:ban thường vụ|tỉnh ủy|thành ủy|đảng (?:ủy|bộ)|cấp ủy|chi bộ)", re.IGNORECASE)
_SAID_TO_OTHERS = ("đề xuất", "kiến nghị", "yêu cầu")


def of_task(
    text: str, mentions: Sequence[AgencyMention], order: Order | None, scope: Scope, given: Context
) -> agencies.Roles:
    """Who leads and who cooperates in a task; `order`: how its words tell somebody to act."""
    roles = agencies.roles(text, mentions)
    asked = scope.modality == "proposed" and all(_commands(lead, given) for lead in scope.leads)
    if text.startswith("Lãnh đạo ") and scope.leads and all(_OF_PARTY.match(b.name) for b in scope.leads):
        roles = agencies.Roles(coops=roles.coops)  # a Party body leads others, and answers for what they do
    if not roles.leads and asked and text.startswith("Chỉ đạo "):
        roles = _directed(text, given)
    if not roles.leads:
        roles = msgspec.structs.replace(roles, leads=predicates.addressed(text, mentions))
    if order is not None and order.kind != "quotes_order" and _issuer_speaks(roles.leads, order.start, given):
        told = _from(text, order.start, given)
        roles = told if told.leads else roles
        if not told.leads and order.kind == "asks_superior":
            roles = agencies.Roles(tuple(m for m in mentions if m.start == order.told_at))
    if order is not None and order.kind == "asks_superior" and not roles.leads:
        roles = _told_by_superior(text, order.told_at, mentions, given) or roles
    if order is not None and order.verb == "yêu cầu" and not given.retold:
        roles = _answers_for(text, mentions, order.start, given) or roles
    if order is not None and order.start == 0 and order.verb in _SAID_TO_OTHERS and _answers_alone(scope):
        roles = agencies.Roles()  # `Bộ A:` → `Đề xuất Chính phủ …`, `Yêu cầu các địa phương …`
    return roles


def _commands(body: AgencyMention, given: Context) -> bool:
    """Whether a body that is asked for something tells the issuer and its like what to do."""
    own = agencies.find(given.agencies.issuer or "", given.agencies)[:1]
    above = body.kind == "province" and body.name == given.agencies.scope
    return body.kind == "government" or (above and all(issuer.name != body.name for issuer in own))


def _issuer_speaks(leads: Sequence[AgencyMention], order_start: int, given: Context) -> bool:
    """Whether those found to act are the issuer, who tells others (`Bộ A gửi … và đề nghị B …`)."""
    issuer = agencies.find(given.agencies.issuer or "", given.agencies)
    own = {body.name.casefold() for body in issuer[:1]}
    return bool(leads) and all(lead.name.casefold() in own and (lead.start or 0) < order_start for lead in leads)


def _answers_for(
    text: str, mentions: Sequence[AgencyMention], order_start: int, given: Context
) -> agencies.Roles | None:
    """The body that opens a task and is to demand it of others (`Bộ trưởng Bộ A yêu cầu các hãng …`)."""
    if not mentions or mentions[0].start != 0 or text[mentions[0].end or 0 : order_start].strip():
        return None
    body = msgspec.structs.replace(mentions[0], role="lead")
    if body.kind == "government" or _issuer_speaks((body,), order_start, given):
        return None
    return agencies.Roles((body,), (), (0, body.end or 0))


def _answers_alone(scope: Scope) -> bool:
    """Whether the label above names the one body that is to act, below those who give orders to all."""
    return (
        scope.labelled
        and scope.modality != "proposed"
        and len(scope.leads) == 1
        and scope.leads[0].kind not in ("government", "collective")
    )


def _told_by_superior(
    text: str, told_at: int, mentions: Sequence[AgencyMention], given: Context
) -> agencies.Roles | None:
    """The roles from the body on that a superior is asked to tell (`kính trình Bộ trưởng cho phép Vụ A …`)."""
    told = (m.start for m in mentions if m.start is not None and m.start > told_at)
    start = next((start for start in told if _TELLS.search(text[max(0, start - 40) : start])), None)
    return _from(text, start, given) if start is not None else None


_TELLS = re.compile(r"(?:giao|cho phép|chỉ đạo|đôn đốc|yêu cầu|phân công)(?: cho)?(?: các)? $")


def acts_before(text: str, roles: agencies.Roles, order_start: int) -> bool:
    """Whether bodies do something of their own before they tell others (`Sở A kiểm tra …; yêu cầu đơn vị …`)."""
    return roles.subject is not None and roles.subject[0] == 0 and ";" in text[roles.subject[1] : order_start]


def moved(text: str, mentions: Sequence[AgencyMention], roles: agencies.Roles, scope: Scope) -> agencies.Roles:
    """The roles in a sentence that moves a task: whose it is from now on, others as the sentence says."""
    head = predicates.clause_start(text, mentions)
    subject_end = predicates.end_of_subject(text, head, mentions)
    owners = moves.moved(text, head, mentions, subject_end, labelled=scope.labelled)
    if not owners:
        return roles
    leads = tuple(msgspec.structs.replace(owner, role="lead") for owner in owners)
    begin, end = leads[0].start or 0, leads[-1].end or 0
    assisting = tuple(
        msgspec.structs.replace(body, role="coop")
        for body in mentions
        if (body.start or 0) > end and text.startswith(" phối hợp", body.end or 0)
    )
    coops = (*roles.coops, *finish.without(assisting, roles.coops))
    return agencies.Roles(leads, finish.without(coops, leads), (begin, end))


def _directed(text: str, given: Context) -> agencies.Roles:
    """Who is to act where a superior is asked to direct them (`Chỉ đạo Bộ A phối hợp với Bộ B …`)."""
    roles = _from(text, len("Chỉ đạo "), given)
    return roles if roles.leads and (roles.leads[0].start or 0) <= len("Chỉ đạo ") + 2 else agencies.Roles()


def _from(text: str, start: int, given: Context) -> agencies.Roles:
    """The roles in what follows `start`, with offsets in the whole text."""
    rest = text[start:]
    roles = agencies.roles(rest, agencies.find(rest, given.agencies))
    subject = (roles.subject[0] + start, roles.subject[1] + start) if roles.subject else None
    return agencies.Roles(agencies.moved(roles.leads, start), agencies.moved(roles.coops, start), subject)
