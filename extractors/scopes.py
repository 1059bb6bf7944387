"""What stands over a block: stance, bodies and deadline that headings, labels and introducing lines hand down."""

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from extractors import agencies, deadlines, directives, headings, labels, orders, phrases, segmentation
from extractors.agencies import AgencyContext
from extractors.agencies.tokens import key
from extractors.deadlines import DeadlineContext
from extractors.fields import Record
from extractors.headings import Stance
from models import AgencyMention, Deadline, Letter, Modality, Office
from models.deadline import NO_DEADLINE

# Kinds of documents that give orders as such: what names an agency and a verb in them is one.
ORDERING_TYPES = frozenset(
    (
        "công văn",
        "công điện",
        "chỉ thị",
        "thông báo",
        "kết luận",
        "quyết định",
        "nghị quyết",
        "kế hoạch",
        "chương trình",
        "hướng dẫn",
        "phiếu chuyển",
        "giấy mời",
    )
)


class Context(msgspec.Struct, frozen=True):
    """What is the same for all tasks of a letter. `ordering`: the letter is of a kind that gives orders.

    `invites`: it invites to a meeting, whose time, place and chair are no task's. `reports`: it is a report.
    `retold`: it is no letter but an account of what was said, as the news gives. `upward`: all it is addressed to
    are above its issuer, so that whatever it asks is a proposal.
    """

    agencies: AgencyContext
    deadlines: DeadlineContext
    office: Office
    ordering: bool
    invites: bool = False
    reports: bool = False
    retold: bool = False
    upward: bool = False


class Scope(msgspec.Struct, frozen=True):
    """What is handed down to a block.

    `labelled`: the leads come from a label right above. `told_apart`: what stands here is a task by its place
    (`Việc cần làm: …`), whatever it says, `record` the parts it belongs to. `assigned_by`: who gives the order,
    where the letter passes it on.
    """

    stance: Stance | None = None
    modality: Modality | None = None
    leads: tuple[AgencyMention, ...] = ()
    coops: tuple[AgencyMention, ...] = ()
    deadline: Deadline = NO_DEADLINE
    labelled: bool = False
    told_apart: bool = False
    record: Record | None = None
    assigned_by: str | None = None


def context(
    letter: Letter,
    office: Office,
    reference: datetime.date | None,
    opening: Sequence[str] = (),
    *,
    is_list: bool = False,
) -> Context:
    """The context of a letter; `reference` dates one that bears no date.

    What bears no letterhead, as a news report does, says in its `opening` paragraphs when and where it speaks. A
    workbook without one (`is_list`) is somebody's list of tasks: its days are in one year, past or to come.
    """
    headless = letter.organ_name is None and letter.issued_date is None
    if is_list:
        aliases = {**_list_abbreviations(), **office.aliases}
        office = msgspec.structs.replace(office, aliases=aliases)
    on = letter.issued_date or _date_of_report(opening) or reference
    year = _year_of_list(opening, on) if is_list and letter.issued_date is None else None
    scope = (
        agencies.scope_of(letter.organ_name or "")
        or agencies.scope_of(letter.organ_parent or "")
        or _province_of_place(letter.place)
        or (_province_of_report(opening) if headless else None)
    )
    bare = AgencyContext(on=on, office=office, scope=scope, issuer=letter.organ_name)
    recipients = [m for recipient in letter.recipients for m in agencies.find(recipient.name, bare)]
    return Context(
        agencies=AgencyContext(
            on=on,
            scope=scope,
            issuer=letter.organ_name,
            recipients=tuple(dict.fromkeys(recipients)),
            office=office,
        ),
        deadlines=DeadlineContext(issued=on, arrived=letter.arrival_date, office=office, year=year),
        office=office,
        ordering=phrases.fold(letter.doc_type or "") in ORDERING_TYPES,
        invites=phrases.fold(letter.doc_type or "") == "giấy mời",
        retold=headless,
        reports=phrases.fold(letter.doc_type or "") in ("báo cáo", "tờ trình"),
        upward=_is_upward(letter.organ_name or "", recipients),
    )


def _is_upward(issuer: str, recipients: Sequence[AgencyMention]) -> bool:
    """Whether an issuer stands below all those it writes to (a department to its province, a ministry to the Prime
    Minister)."""
    own = agencies.find(issuer)[:1]
    if not own or not recipients:
        return False
    return all(_RANKS.get(body.kind, 0) > _RANKS.get(own[0].kind, 0) for body in recipients)


# Who commands whom; what stands in none of these commands nobody here.
_RANKS: Mapping[str, int] = {"government": 3, "ministry": 2, "government_agency": 2, "province": 1}


@cache
def _list_abbreviations() -> dict[str, str]:
    """Bodies that lists of tasks abbreviate as no letter does, by the key of an alias."""
    data = tomllib.loads(resources.files("extractors").joinpath("data/list_abbreviations.toml").read_text("utf-8"))
    return {key(short): name for short, name in data["bodies"].items()}


def _province_of_place(place: str | None) -> str | None:
    """The province in which a letter was written; the seat of the central bodies tells nothing."""
    named = [m for m in agencies.find(place or "") if m.kind == "province"]
    return named[0].name if len(named) == 1 and named[0].name != CAPITAL else None


CAPITAL = "Thành phố Hà Nội"


def _date_of_report(opening: Sequence[str]) -> datetime.date | None:
    """The day in the line of a report that says when it was published (`Thứ Ba, 18/11/2025, 17:05`)."""
    for text in opening:
        found = _DAY.search(text)
        if found is None or (len(text) > LONGEST_DATELINE and not _DATELINE.match(text)):
            continue
        try:
            return datetime.date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
    return None


def _year_of_list(opening: Sequence[str], on: datetime.date | None) -> int | None:
    """The year whose tasks a list holds: its titles' (`KẾ HOẠCH CÔNG TÁC NĂM 2026`), else that of its day."""
    named = [found[1] for text in opening if (found := _YEAR_OF_LIST.search(text))]
    return int(named[-1]) if named else on.year if on else None


_YEAR_OF_LIST = re.compile(r"năm (20\d\d)(?!\d)", re.IGNORECASE)

# A line that says when a report was published is no longer than this many characters.
LONGEST_DATELINE = 120
_DAY = re.compile(
    r"(?<![\d/])(?P<day>\d{1,2})(?:[/.-]| tháng )(?P<month>\d{1,2})(?:[/.-]| năm )(?P<year>20\d\d)(?![\d/])"
)
_DATELINE = re.compile(r"(?:\([^()]{2,40}\)\s?[-–—]?\s?)?(?:Sáng|Chiều|Tối|Trưa|Ngày|Hôm nay)", re.IGNORECASE)


def _province_of_report(opening: Sequence[str]) -> str | None:
    """The province whose leaders a report is about: the first body in its opening, if that is a province's."""
    for text in opening:
        for mention in agencies.find(text):
            if mention.via == "reference" or mention.kind == "collective":
                continue
            if mention.kind == "province":
                return mention.name
            return mention.scope if mention.kind in ("local", "party") and mention.scope else None
    return None


def under_heading(text: str, above: Scope, given: Context) -> Scope:
    """What a heading hands down: its stance, the bodies it names, its deadline."""
    mentions = agencies.find(text, given.agencies)
    scope = msgspec.structs.replace(above, labelled=False)
    stance = headings.stance(text)
    # `Mục đích, yêu cầu` of a plan: what the work must be like, not what is to be done.
    kept = above.stance == "background" and (headings.is_requirement(text) or headings.tells_progress(text))
    # `III. NHIỆM VỤ` → `1. Điều tra, đánh giá hiện trạng`: what is to be evaluated, no evaluation.
    tells_to = headings.opens_with_known_verb(text) and not _NAMES_FLAWS.match(phrases.fold(text))
    kept = kept or (stance == "background" and above.stance == "order" and tells_to)
    if stance is not None and not kept:
        scope = _with_stance(scope, stance, text, given)
    if names_bodies(text, mentions):
        scope = labelled(scope, text, mentions)
    if headings.is_topic(text) or given.retold:
        return scope
    return _with_deadline(scope, text, given)


# `II- HẠN CHẾ, KHUYẾT ĐIỂM`: nouns, though one of them opens orders elsewhere (`Hạn chế tai nạn …`).
_NAMES_FLAWS = re.compile(r"(?:những |các |một số |về )?(?:hạn chế|tồn tại|khuyết điểm)(?:\s?[,;:.(]|\s?$|\svà\s)")


def under_introducer(text: str, above: Scope, given: Context) -> Scope:
    """What a line that opens a list hands down: a label's bodies, or what its sentence orders."""
    # What opens the list is said last; sentences before it tell why.
    text = text[segmentation.sentences(text)[-1][0] :] if text else text
    mentions = agencies.find(text, given.agencies)
    order = orders.order(text, mentions, retold=given.retold)
    directs = order is not None and order.kind == "orders" and order.verb in ("chỉ đạo", "đôn đốc")
    if order is not None and directs and order.start == 0 and above.labelled:
        return above  # `Sở A:` → `Chỉ đạo Chi cục B:`: Sở A answers for what B does
    if _OPINION_OF.match(phrases.fold(text)):
        return _with_deadline(msgspec.structs.replace(above, stance="order", labelled=False), text, given)
    label = labels.label(text, mentions)
    opinion = _GIVES_OPINION.search(phrases.fold(text)) is not None  # who gives it is no label
    turns = above.stance == "background" and order is not None and order.kind == "orders"
    if not (opinion or turns) and label is not None and label.kind == "agency" and label.end >= len(text):
        scope = labelled(above, text, mentions)
        if given.upward and order is not None and orders.asks(order):
            return msgspec.structs.replace(scope, stance="proposal", modality="proposed")
        return scope
    if order is not None and order.kind != "quotes_order":
        return _with_deadline(_ordered(text, order, mentions, above, given), text, given)
    verdict = directives.judge(text, mentions, above.stance, labelled=above.labelled, ordering=given.ordering)
    stance = headings.introduced_stance(text)
    if given.ordering and _DECIDES.search(phrases.fold(text)):
        return _with_deadline(msgspec.structs.replace(above, stance="order", labelled=False), text, given)
    scope = msgspec.structs.replace(above, labelled=False)
    if stance is None and _GIVES_OPINION.search(phrases.fold(text)):
        said = orders.superior(text) or scope.assigned_by
        return _with_deadline(msgspec.structs.replace(scope, stance="order", assigned_by=said), text, given)
    if verdict.background and stance is None:
        return _with_deadline(msgspec.structs.replace(scope, stance="background"), text, given)
    if stance is not None:
        scope = _with_stance(scope, stance, text, given)
    elif above.stance != "background" and "subject_acts" in verdict.evidence:
        scope = msgspec.structs.replace(scope, stance=above.stance or "order")
    roles = agencies.roles(text, mentions)
    if roles.leads and not opinion:
        scope = msgspec.structs.replace(scope, leads=roles.leads, coops=roles.coops, labelled=True)
    return _with_deadline(scope, text, given)


def _with_stance(scope: Scope, stance: Stance, text: str, given: Context) -> Scope:
    """A scope with the stance of the heading or line over it; a letter that gives orders asks nobody to give them.

    `đề nghị` to those addressed is an order in courteous words, `kiến nghị` and `đề xuất` are proposals anywhere.
    """
    courteous = (given.ordering or _asks_directly(text, given)) and not _PROPOSES.search(phrases.fold(text))
    if stance == "proposal" and courteous:
        return msgspec.structs.replace(scope, stance="order", modality=None)
    return msgspec.structs.replace(scope, stance=stance, modality="proposed" if stance == "proposal" else None)


def _asks_directly(text: str, given: Context) -> bool:
    """Whether a heading asks bodies themselves (`Đề nghị các bộ, ngành`), nobody above them to tell them."""
    asked = _ASKS_OF.search(phrases.fold(text))
    if asked is None:
        return False
    told = [m for m in agencies.find(text, given.agencies) if m.start is not None and m.start >= asked.end()]
    return bool(told) and told[0].start == asked.end() and told[0].kind != "government"


_ASKS_OF = re.compile(r"đề nghị (?:đối )?(?:với )?")
_PROPOSES = re.compile(r"(?<!\w)(?:kiến nghị|đề xuất|xin ý kiến)(?!\w)")


# `Ủy ban nhân dân tỉnh có ý kiến như sau:` orders; who says so is not who acts.
_GIVES_OPINION = re.compile(
    r"(?:có ý kiến|thống nhất|cho ý kiến|hướng dẫn|thông báo ý kiến)[^,;:]{0,40}(?:như sau|sau đây|sau)\s?:?$"
    r"|(?<!\w)(?:kết luận|có ý kiến|thống nhất|quyết nghị|thông báo)(?: như sau)?\s?:$"
)
# `…, vì vậy:`, `Trên cơ sở đó, đồng ý điều chỉnh thời hạn:`, `Đồng ý với đề nghị của Bộ A, cụ thể:`
_DECIDES = re.compile(
    r"(?:^|[,.] )(?:vì vậy|do vậy|do đó|vì thế|bởi vậy|từ thực tế (?:đó|trên|này))\s?[,:]?\s?:$"
    r"|(?:^|, )(?:cơ bản )?(?:đồng ý|thống nhất|nhất trí|chấp thuận)(?!\w)(?![^:]{0,40}(?:đánh giá|nhận định))"
    r"[^:]{0,160}(?:thời hạn|thời gian|tiến độ|đề nghị|kiến nghị|đề xuất|chủ trương|phương án)[^:]{0,80}:$"
)
# `Ý kiến của Bộ A là:` names who speaks.
_OPINION_OF = re.compile(r"(?:ý kiến|quan điểm)(?: \w+){0,2} của [^,;:]{2,80}?(?: là| như sau)?\s?:$")


def _ordered(
    text: str, order: orders.Order, mentions: Sequence[AgencyMention], above: Scope, given: Context
) -> Scope:
    """The scope under a line that gives an order (`… yêu cầu các bộ:`) or asks for one."""
    roles = agencies.roles(text, mentions)
    # Who gives the order or asks for it is not who is told.
    leads = tuple(lead for lead in roles.leads if (lead.start or 0) > order.start)
    proposed = order.kind == "asks_superior" or (given.upward and orders.asks(order))
    if not (leads or proposed):  # `Tỉnh ủy kết luận và yêu cầu các cấp ủy …:`
        told = tuple(m for m in mentions if (m.start or 0) > order.start)
        leads = agencies.roles(text[order.start :], agencies.moved(told, -order.start)).leads
    if proposed and not leads:
        # `Kính đề nghị Thủ tướng Chính phủ:` asks the superior itself.
        leads = tuple(m for m in mentions if m.end is not None and not text[m.end :].strip(" :"))
        leads = leads or tuple(m for m in mentions if m.start == order.told_at and m.via == "above")
    return Scope(
        stance="proposal" if proposed else "order",
        modality="proposed" if proposed or above.modality == "proposed" else "assigned",
        leads=leads,
        coops=roles.coops if leads else (),
        deadline=above.deadline,
        labelled=bool(leads),
        assigned_by=None if proposed else orders.orderer(text, order) or above.assigned_by,
    )


def under_record(record: Record, above: Scope, given: Context) -> Scope:
    """What the other parts of a matter hand down to the part that says what is to be done."""
    # A report puts its way out to those above it.
    modality = "proposed" if given.reports else above.modality
    scope = msgspec.structs.replace(
        above, stance="order", modality=modality, labelled=True, told_apart=True, record=record
    )
    bodies = _bodies(record.of("lead"), given)
    leads = tuple(body for body in bodies if body.role == "lead")
    if leads:
        coops = tuple(body for body in bodies if body.role == "coop") + _bodies(record.of("coop"), given)
        scope = msgspec.structs.replace(scope, leads=leads, coops=coops)
        if given.reports and all(lead.kind in ("unit", "local") for lead in leads):
            scope = msgspec.structs.replace(
                scope, modality=above.modality
            )  # its own: nobody above has to tell them
    read = [_deadline_of(text.rstrip(" .;"), given) for text in record.of("deadline")]
    stated = [deadline for deadline in read if deadline.kind != "none"]
    return msgspec.structs.replace(scope, deadline=deadlines.choose(stated)) if stated else scope


def _deadline_of(text: str, given: Context) -> Deadline:
    """The deadline of a part: all of it says when, or what stands before its first comma."""
    stated = deadlines.read_cell(text, given.deadlines)
    if stated.kind == "none" and "," in text:
        stated = deadlines.read_cell(text[: text.index(",")], given.deadlines)
    return stated


# `Bộ A, Bộ B (mỗi bộ trong phạm vi quản lý)`
_EACH_OF_THEM = re.compile(r"\s?\((?:mỗi|từng|theo|trong phạm vi)[^()]{0,120}\)")


def _bodies(texts: Sequence[str], given: Context) -> tuple[AgencyMention, ...]:
    """The bodies that parts name; their offsets mean nothing in the part that says what is to be done."""
    return tuple(
        msgspec.structs.replace(body, start=None, end=None, via="label")
        for text in texts
        for body in _named_in(_EACH_OF_THEM.sub("", text).strip(" .;"), given.agencies)
    )


def _named_in(text: str, context: AgencyContext) -> tuple[AgencyMention, ...]:
    """The bodies of a part, with their roles: a list of names, else a phrase (`đề nghị A, phối hợp với B`)."""
    named = agencies.read_cell(text, context)
    if all(body.via != "as_written" for body in named):
        return named
    roles = agencies.roles(text, agencies.find(text, context))
    return (*roles.leads, *roles.coops) or named


def carried_on(scope: Scope, leads: tuple[AgencyMention, ...]) -> Scope:
    """The scope of what follows a task in its paragraph: the same bodies, where none are named."""
    handed = tuple(msgspec.structs.replace(lead, start=None, end=None) for lead in leads)
    return msgspec.structs.replace(scope, leads=handed, coops=())


def under_label(text: str, above: Scope, given: Context) -> Scope:
    """The scope of an item after its own label of bodies (`Bộ A: rà soát …`); `text` is the label."""
    return labelled(above, text, agencies.find(text, given.agencies))


def labelled(scope: Scope, text: str, mentions: Sequence[AgencyMention]) -> Scope:
    """The scope under a label that names bodies (`Bộ A:`, `Bộ A chủ trì, phối hợp Bộ B:`)."""
    roles = agencies.roles(text, mentions)
    said = [m for m in mentions if not text[: m.start or 0].endswith(" là ")]  # `A và B là các địa phương có …`
    leads = roles.leads or tuple(m for m in said if m.via != "reference" and m not in roles.coops)
    leads = _whole_class(text, leads)
    return msgspec.structs.replace(
        scope,
        leads=tuple(msgspec.structs.replace(lead, via="label") for lead in leads),
        coops=roles.coops,
        labelled=True,
    )


def _whole_class(text: str, leads: tuple[AgencyMention, ...]) -> tuple[AgencyMention, ...]:
    """A label that names one class of bodies names it whole (`Các bệnh viện công và tư:`)."""
    head = text.strip().rstrip(":").strip()
    if len(leads) != 1 or leads[0].kind != "collective" or leads[0].via != "as_written" or leads[0].start != 0:
        return leads
    rest = head[leads[0].end or 0 :]
    if not rest or len(rest.split()) > 7 or any(sign in rest for sign in ",;:("):
        return leads
    if not rest.lstrip().startswith(("công lập", "ngoài", "tư", "trong", "trên", "thuộc", "trực thuộc")):
        return leads
    return (msgspec.structs.replace(leads[0], name=head, as_written=head, end=(leads[0].start or 0) + len(head)),)


def names_bodies(text: str, mentions: Sequence[AgencyMention]) -> bool:
    """Whether a heading or group row names bodies and nothing else."""
    whole = f"{text.rstrip(':')}: x"
    label = labels.label(whole, mentions)
    return label is not None and label.kind == "agency" and label.end == len(whole) - 1


def _with_deadline(scope: Scope, text: str, given: Context) -> Scope:
    deadline = deadlines.heading_deadline(text, given.deadlines)
    return msgspec.structs.replace(scope, deadline=deadline) if deadline is not None else scope
