"""Items and paragraphs of the outline → tasks: cut, judged, and given their bodies and deadlines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise

import msgspec

from extractors import (
    agencies,
    assignments,
    citations,
    confidence,
    coreference,
    deadlines,
    directives,
    fields,
    finish,
    grouping,
    headings,
    labels,
    moves,
    orders,
    outline,
    own_acts,
    places,
    predicates,
    quotations,
    scopes,
    segmentation,
)
from extractors.directives import Verdict
from extractors.grouping import Sentence
from extractors.part_labels import PartLabel
from extractors.scopes import Context, Scope
from models import AgencyMention, Deadline, Evidence, Paragraph, Place, Task
from models.deadline import NO_DEADLINE
from models.task import PlaceField

# A verdict under this score, or over the other, is shown as evidence.
WEAK, STRONG = 0.5, 1.2
# What is shorter (words) is no task only because a body's label stands over it.
SHORTEST_ITEM = 4
# So many sentences are remembered with the bodies and deadlines found in them.
SENTENCES_KEPT = 64

Offsets = Sequence[tuple[int, int]]


class Span(msgspec.Struct, frozen=True):
    """A stretch of a paragraph (characters) that is one task, and why."""

    start: int
    end: int
    verdict: Verdict
    evidence: tuple[str, ...] = ()


class ItemReader:
    """Reads the items of one letter in order; remembers whether an order was given just before.

    What follows an order is one too, until something else is told: a news report or a speech says `yêu cầu` once.
    In an account of a meeting so is what follows the words `kết luận`, until another speaks.
    """

    def __init__(self, given: Context, parts: Mapping[int, PartLabel] = outline.NO_PARTS) -> None:
        self.given = given
        self.parts = parts
        self.ordered_before = False
        self.concluding = False
        self.named = coreference.Named()
        self.communes = coreference.communes(given.agencies.recipients)
        self.told = coreference.Told(given.agencies.recipients)
        self.last_deadline = NO_DEADLINE
        # A sentence is searched to be judged, to be cut, and to be read as a task.
        self._bodies = lru_cache(SENTENCES_KEPT)(partial(agencies.find, context=given.agencies))
        self._deadlines = lru_cache(SENTENCES_KEPT)(partial(deadlines.find, context=given.deadlines))

    def begin_section(self) -> None:
        """A heading ends what an order before it set off."""
        self.ordered_before = False
        self.named = coreference.Named()

    def tasks(
        self,
        block: int,
        paragraph: Paragraph,
        above: Scope,
        *,
        listed: bool,
        section: tuple[str, ...],
        end: int | None = None,
    ) -> tuple[list[Task], Scope]:
        """The tasks of a paragraph (up to `end`), and what it hands down; `listed`: it is a list item."""
        text = paragraph.text[:end]
        if len(segmentation.sentences(text)) == 1 and _is_superficial(text):
            return [], above
        if self.given.retold and (headings.is_caption(text) or (not listed and headings.is_headline(text))):
            return [], above
        mentions = self._bodies(text)
        self.communes = self.communes or coreference.communes((*above.leads, *mentions))
        if any(m.start == 0 and m.end is not None and not text[m.end :].strip(" .;:") for m in mentions):
            return [], above  # a body's name and nothing else: who signed, who wrote it
        if above.record is None and (matters := fields.in_prose(text)):
            return self._of_matters(block, paragraph, text, matters, above, listed, section), above
        label = labels.label(text, mentions)
        if (part := self.parts.get(block)) is not None:
            label = labels.Label(part.end, "field", part.field)
        if label is not None and label.kind == "agency" and self._tells(text, label, above):
            label = None
        start = label.end if label is not None else 0
        scope = above
        if label is not None and label.kind == "agency":
            scope = scopes.under_label(text[:start], above, self.given)
        elif (
            label is not None
            and (label.kind == "topic" or label.field == "other")
            and headings.stance(text[:start]) == "background"
        ):
            scope = msgspec.structs.replace(above, stance="background")
        found: list[Task] = []
        clauses_begin, clauses = segmentation.numbered_clauses(text, start)
        introduced = self._introduced(text[:clauses_begin], scope) if clauses else scope
        for ordinal, span in enumerate(self._spans(text, start, scope), 1):
            own = introduced if "numbered_clause" in span.evidence else scope
            if scope.record is not None and "numbered_clause" in span.evidence:
                own = scopes.under_record(
                    msgspec.structs.replace(scope.record, ordinal=ordinal), scope, self.given
                )
            if found and found[-1].modality == "proposed" and text[span.start].islower():
                own = msgspec.structs.replace(own, modality="proposed")  # `Kiến nghị A giao B …; giao C …`
            task = self._task(block, paragraph, span, own, listed, section)
            directed = task.text.startswith("Chỉ đạo ")  # by whom the label names, who is meant again behind it
            named = not directed and any(place.field == "lead" for place in task.places)
            if "numbered_clause" not in span.evidence and named:
                # What follows in the same paragraph and names nobody is for whom it named last.
                scope = scopes.carried_on(scope, task.leads)
            found.append(task)
        self.named.add(mentions)
        if label is not None and label.kind == "agency":
            return found, scope
        if found and found[-1].leads:
            return found, msgspec.structs.replace(above, leads=found[-1].leads, coops=())
        return found, above

    def _tells(self, text: str, label: labels.Label, scope: Scope) -> bool:
        """Whether a label is the main clause: it says what its body does, and what follows has no verb.

        `Sở A hướng dẫn quy trình gồm 3 bước: (1) tiếp nhận, (2) thẩm định.`
        """
        told = text[: label.end].rstrip(" :")
        subject = predicates.end_of_subject(told, 0, self._bodies(told))
        if subject is None or _LEADS.search(told, subject) or len(told[subject:].split()) < SHORTEST_ITEM:
            return False
        if "subject_acts" not in self._judge(told, scope).evidence:
            return False
        clauses = segmentation.numbered_clauses(text, label.end)[1]
        if clauses:
            return not self._are_directives(text, clauses, scope)
        return "no_verb" in self._judge(text[label.end :], scope).evidence

    def _of_matters(
        self,
        block: int,
        paragraph: Paragraph,
        text: str,
        matters: Sequence[fields.Matter],
        above: Scope,
        listed: bool,
        section: tuple[str, ...],
    ) -> list[Task]:
        """The tasks of a paragraph that names its parts (`… Giải pháp: …; Trách nhiệm: …; Hoàn thành: …`).

        `text` is what of it is read.
        """
        before = segmentation.sentences(text[: matters[0].start].rstrip())
        found = [
            self._task(block, paragraph, span, above, listed, section)
            for span in self._grouped(text, before, above)
        ]
        for matter in matters:
            scope = scopes.under_record(matter.record, above, self.given)
            for start, end in matter.tasks:
                found += [
                    self._task(block, paragraph, span, scope, listed, section)
                    for span in self._spans(text[:end], start, scope)
                ]
        rest = text[matters[-1].end :]
        after = matters[-1].end + len(rest) - len(rest.lstrip(" .;"))
        found += [
            self._task(block, paragraph, span, above, listed, section)
            for span in self._grouped(text, segmentation.sentences(text, after), above)
        ]
        return found

    def _introduced(self, text: str, scope: Scope) -> Scope:
        """The scope of clauses numbered inline behind an introduction (`Trong quý IV, Bộ A: (1) …`)."""
        found = self._deadlines(text)
        if found:
            scope = msgspec.structs.replace(scope, deadline=finish.inherited(deadlines.choose(found)))
        sentences = segmentation.sentences(text)
        text = text[sentences[-1][0] :] if sentences else text
        mentions = self._bodies(text)
        roles = agencies.roles(text, mentions)
        if not roles.leads:
            roles = msgspec.structs.replace(roles, leads=predicates.addressed(text, mentions))
        if roles.leads and (roles.subject is not None or not scope.labelled):
            scope = msgspec.structs.replace(scopes.carried_on(scope, roles.leads), coops=roles.coops)
        return scope

    # --- cutting

    def _spans(self, text: str, start: int, scope: Scope) -> list[Span]:
        """The stretches of a paragraph from `start` that are tasks."""
        if scope.told_apart and (counted := segmentation.numbered_clauses(text, start)[1]):
            evidence = ("parallel_parts", "numbered_clause")
            return [Span(begin, end, Verdict(1.0, ("parallel_parts",)), evidence) for begin, end in counted]
        if scope.told_apart:
            whole = Span(start, len(text), Verdict(1.0, ("parallel_parts",)), ("parallel_parts",))
            return self._grouped(text, segmentation.sentences(text, start), scope, ("parallel_parts",)) or [whole]
        intro_end, clauses = segmentation.numbered_clauses(text, start)
        parts = fields.in_clauses(text, clauses)
        if any(field == "task" for field, _, _ in parts):
            order = msgspec.structs.replace(scope, stance="order")
            return [
                span
                for field, begin, end in parts
                if field == "task"
                for span in self._grouped(
                    text, segmentation.sentences(text[:end], begin), order, ("parallel_parts",)
                )
            ]
        if not clauses or not self._are_directives(text, clauses, scope):
            return self._grouped(text, segmentation.sentences(text, start), scope)
        spans: list[Span] = []
        before = segmentation.sentences(text[:intro_end].rstrip(), start)[:-1]
        if before:
            spans += self._grouped(text, before, scope)
        for begin, end in clauses:
            inside = [(begin + a, begin + b) for a, b in segmentation.sentences(text[begin:end])]
            # One clause of a list of directives is one, though its verb be unknown.
            alike = Span(begin, end, Verdict(0.1, ("numbered_clause",)), ("numbered_clause",))
            spans += self._grouped(text, inside, scope, ("numbered_clause",)) or [alike]
        return spans

    def _are_directives(self, text: str, clauses: Offsets, scope: Scope) -> bool:
        """Whether clauses numbered inline tell what to do, most of them, rather than name things."""
        verdicts = [self._judge(text[start:end], scope) for start, end in clauses]
        told = sum(verdict.task and "no_verb" not in verdict.evidence for verdict in verdicts)
        begin = clauses[0][0]
        duties = _DUTIES.search(text[max(begin - 40, 0) : begin]) is not None
        return (duties or told * 2 > len(clauses)) and all(end - start > 15 for start, end in clauses)

    def _grouped(self, text: str, found: Offsets, scope: Scope, evidence: tuple[str, ...] = ()) -> list[Span]:
        """Sentences as tasks."""
        parts = [part for start, end in found for part in self._parts(text, start, end, scope)]
        spans: list[Span] = []
        inherited = frozenset(lead.name for lead in scope.leads)
        for first, after in grouping.group(parts, inherited):
            group = parts[first:after]
            verdict = next(part.verdict for part in group if part.verdict.task)
            codes = evidence + (("several_sentences",) if len(group) > 1 else ())
            spans.append(Span(group[0].start, group[-1].end, verdict, codes))
        return spans

    def _parts(self, text: str, start: int, end: int, scope: Scope) -> list[Sentence]:
        """A sentence, or its clauses where semicolons part tasks (own deadlines, own leads)."""
        quoted = segmentation.speech(text[start:end])
        start += quoted
        if quoted and scope.stance is None:
            scope = msgspec.structs.replace(scope, stance="order")
        whole = self._sentence(text, start, end, scope)
        if quoted:
            whole = msgspec.structs.replace(whole, apart=True)
        clauses = segmentation.semicolon_clauses(text, start, end)
        if len(clauses) < 2:
            return [whole]
        parts = [self._sentence(text, begin, stop, scope) for begin, stop in clauses]
        if not parts[0].verdict.task and any(part.verdict.task and part.leads for part in parts[1:]):
            return parts  # `… đồng ý về nguyên tắc; Ủy ban … chịu trách nhiệm …`: an order behind what is no task
        if not whole.verdict.task:
            return [whole]
        # Where a part of its own says when, days in the words of the task part nothing.
        told_when = scope.told_apart and scope.deadline.kind != "none"
        leads: frozenset[str] = frozenset()
        for before, after in pairwise(parts):
            # A date in front of the whole sentence is that of all its clauses.
            dated = before.dated and (after.dated or (after.verdict.task and not before.opens_dated))
            dated = dated and not told_when
            leads = before.leads or leads
            led = leads and after.leads and leads != after.leads and after.verdict.task
            if dated or led:
                return parts
        return [whole]

    def _sentence(self, text: str, start: int, end: int, scope: Scope) -> Sentence:
        """One sentence with its verdict, leads and deadline."""
        sentence = text[start:end]
        own = [d for d in self._deadlines(sentence) if d.standing != "aside"]
        opened_at = next((d.end or 0 for d in own if (d.start or 0) <= 2), 0)
        verdict = self._judge(sentence, scope, dated=bool(own), opened_at=opened_at)
        if self.concluding and "subject_acts" in verdict.evidence:
            verdict = self._judge(sentence, scope, dated=bool(own), opened_at=opened_at, ordering=True)
        if not (verdict.task or verdict.background) and assignments.of_what_is_named(
            sentence, self.given.agencies, self.given.deadlines
        ):
            verdict = Verdict(1.0, ("assigned_in_bracket",))
        if _is_superficial(sentence):
            verdict = Verdict(-1.0, ("superficial",), background=True)
        elif own_acts.hands_up(sentence, self.given.agencies.issuer) or self._is_own_act(
            sentence, scope, dated=bool(own)
        ):
            verdict = Verdict(-1.0, ("own_act",), background=True)
        if self.given.retold:
            ordered = "orders" in verdict.evidence and quotations.chairs(sentence)
            self.concluding = quotations.concludes(sentence) or (
                (self.concluding or ordered) and not quotations.another_speaks(sentence)
            )
        self.ordered_before = (self.ordered_before or "orders" in verdict.evidence) and not verdict.background
        leads: tuple[AgencyMention, ...] = ()
        if verdict.task:
            leads = agencies.roles(sentence, self._bodies(sentence)).leads
        return Sentence(
            start=start,
            end=end,
            verdict=verdict,
            leads=frozenset(lead.name for lead in leads),
            dated=bool(own) or deadlines.refers_back(sentence),
            opens_dated=any((d.start or 0) <= 2 for d in own),
            only_deadline=deadlines.stated_alone(sentence, self._deadlines(sentence)) is not None
            or assignments.says_only_who(sentence),
            follows=segmentation.follows(sentence),
        )

    def _judge(
        self, sentence: str, scope: Scope, dated: bool = False, opened_at: int = 0, *, ordering: bool = False
    ) -> Verdict:
        return directives.judge(
            sentence,
            self._bodies(sentence),
            scope.stance,
            labelled=scope.labelled and len(sentence.split()) >= SHORTEST_ITEM,
            ordering=self.given.ordering or self.ordered_before or ordering,
            dated=dated,
            opened_at=opened_at,
            retold=self.given.retold,
        )

    def _is_own_act(self, sentence: str, scope: Scope, dated: bool) -> bool:
        """Whether a sentence does something to another letter by saying so, nobody else being told to do it."""
        if scope.labelled or scope.leads or scope.modality == "proposed" or scope.stance == "proposal":
            return False
        return own_acts.own_act(sentence, self.given.agencies.issuer, dated=dated) is not None

    def _issuer_speaks(self, leads: Sequence[AgencyMention], order_start: int) -> bool:
        """Whether those found to act are the issuer, who tells others (`Bộ A gửi … và đề nghị B …`)."""
        issuer = agencies.find(self.given.agencies.issuer or "", self.given.agencies)
        own = {body.name.casefold() for body in issuer[:1]}
        return bool(leads) and all(
            lead.name.casefold() in own and (lead.start or 0) < order_start for lead in leads
        )

    def _answers_for(
        self, text: str, mentions: Sequence[AgencyMention], order_start: int
    ) -> agencies.Roles | None:
        """The body that opens a task and is to demand it of others (`Bộ trưởng Bộ A yêu cầu các hãng …`)."""
        if not mentions or mentions[0].start != 0 or text[mentions[0].end or 0 : order_start].strip():
            return None
        body = msgspec.structs.replace(mentions[0], role="lead")
        if body.kind == "government" or self._issuer_speaks((body,), order_start):
            return None
        return agencies.Roles((body,), (), (0, body.end or 0))

    def _bodies_under(self, text: str, scope: Scope) -> tuple[AgencyMention, ...]:
        """The bodies in a text: `UBND tỉnh` under a province's label is that province's."""
        given = self.given.agencies
        if given.scope is not None or len(scope.leads) != 1 or scope.leads[0].kind != "province":
            return self._bodies(text)
        return agencies.find(text, msgspec.structs.replace(given, scope=scope.leads[0].name))

    # --- one task

    def _task(
        self, block: int, paragraph: Paragraph, span: Span, scope: Scope, listed: bool, section: tuple[str, ...]
    ) -> Task:
        """The task that a stretch of a paragraph states."""
        text = paragraph.text[span.start : span.end]
        mentions = self._bodies_under(text, scope)
        roles = agencies.roles(text, mentions)
        asked = scope.modality == "proposed" and all(lead.kind == "government" for lead in scope.leads)
        if text.startswith("Lãnh đạo ") and scope.leads and all(_OF_PARTY.match(b.name) for b in scope.leads):
            roles = agencies.Roles(coops=roles.coops)  # a Party body leads others, and answers for what they do
        if not roles.leads and asked and text.startswith("Chỉ đạo "):
            roles = _directed(text, self.given)
        if not roles.leads:
            roles = msgspec.structs.replace(roles, leads=predicates.addressed(text, mentions))
        order = orders.order(text, mentions, retold=self.given.retold)
        asks = self.given.upward and order is not None and orders.asks(order)
        if order is not None and order.kind != "quotes_order" and self._issuer_speaks(roles.leads, order.start):
            told = _from(text, order.start, self.given)
            roles = told if told.leads else roles
            if not told.leads and order.kind == "asks_superior":
                roles = agencies.Roles(tuple(m for m in mentions if m.start == order.told_at))
        if order is not None and order.kind == "asks_superior" and not roles.leads:
            roles = _told_by_superior(text, order.told_at, mentions, self.given) or roles
        if order is not None and order.verb == "yêu cầu" and not self.given.retold:
            roles = self._answers_for(text, mentions, order.start) or roles
        if order is not None and order.start == 0 and order.verb in _SAID_TO_OTHERS and _answers_alone(scope):
            roles = agencies.Roles()  # `Bộ A:` → `Đề xuất Chính phủ …`, `Yêu cầu các địa phương …`
        if order is not None and order.noun is not None and not _acts_before(text, roles, order.start):
            before = tuple(body for body in mentions if (body.start or 0) < order.start)
            roles = agencies.Roles(self.named.alone(order.noun, before) if order.noun in _PLACES else ())
        elif self.given.retold and not roles.leads and (noun := coreference.subject_noun(text)):
            before = tuple(body for body in self._bodies(paragraph.text) if (body.end or 0) <= span.start)
            # `Bộ cũng phải …` is the Bộ that was told just before, rather than the one named last beside it.
            told_before = tuple(b for b in scope.leads if b.name.startswith(f"{noun.capitalize()} "))
            alone = told_before if len(told_before) == 1 else self.named.alone(noun, before)
            roles = msgspec.structs.replace(roles, leads=alone)
        assigned = assignments.in_bracket(text, self.given.agencies, self.given.deadlines)
        if assigned is not None:
            roles = agencies.Roles(
                assigned.leads or roles.leads,
                assigned.coops or roles.coops,
                None if assigned.leads else roles.subject,
            )
        if "moved" in span.verdict.evidence:
            roles = _moved(text, mentions, roles)
        leads, coops, lead_codes = finish.bodies(roles, scope, self.given)
        leads = coreference.of_class(self.named.meant(leads), scope.leads)
        leads = self.named.in_full(leads, scope.leads)
        leads = coreference.of_communes(self.told.meant(leads), self.communes)
        self.told.add(leads)
        leads = agencies.moved(leads, span.start) if roles.leads else leads
        coops = agencies.moved(coops, span.start) if roles.coops else coops
        found = self._deadlines(text)
        if assigned is not None and assigned.deadline.kind != "none":
            found = (msgspec.structs.replace(assigned.deadline, start=None, end=None),)
        if not found and "moved" in span.verdict.evidence:
            found = _moved_to(text, self.given)
        if not found and roles.subject is not None:
            found = deadlines.manner(text, roles.subject[1], self.given.deadlines)
        deadline = deadlines.choose(found)
        if scope.told_apart and scope.deadline.kind != "none":
            found = ()  # as in a table: the part that states the deadline goes before the words of the task
        if not found and deadlines.refers_back(text) and self.last_deadline.kind != "none":
            deadline = finish.inherited(self.last_deadline)
        elif not found and scope.deadline.kind != "none":
            deadline = finish.inherited(scope.deadline)
        elif deadline.start is not None and deadline.end is not None:
            start, end = deadline.start + span.start, deadline.end + span.start
            deadline = msgspec.structs.replace(deadline, start=start, end=end)
        self.last_deadline = deadline
        pieces = places.between(paragraph.pieces, span.start, span.end)
        words = confidence.of_words(pieces)
        text_codes = [*span.evidence, *words, "list_item" if listed else "unmarked_paragraph"]
        if span.verdict.score < WEAK:
            text_codes.append("weak_directive")
        elif span.verdict.score >= STRONG:
            text_codes.append("strong_directive")
        if len({piece.page for piece in pieces}) > 1:
            text_codes.append("over_pages")
        where = list(places.in_paragraph("text", block, paragraph, span.start, span.end))
        where += _places_of(leads if roles.leads else (), "lead", block, paragraph)
        where += _places_of(coops if roles.coops else (), "coop", block, paragraph)
        if deadline.start is not None and deadline.end is not None:
            where += places.in_paragraph("deadline", block, paragraph, deadline.start, deadline.end)
        return finish.finished(
            text=text,
            leads=leads,
            coops=coops,
            deadline=deadline,
            source=citations.source_document(text),
            result=_result(scope),
            modality="proposed" if asks else span.verdict.modality or scope.modality or "assigned",
            section=section,
            rules=span.verdict.evidence,
            evidence=Evidence(
                tuple(text_codes), (*lead_codes, *words), (*finish.deadline_codes(deadline, found), *words)
            ),
            places=tuple(where),
            given=self.given,
            assigned_by=(orders.orderer(text, order) if order is not None else None) or scope.assigned_by,
        )


def _is_superficial(text: str) -> bool:
    """Whether a sentence is no part of the substance; what asks for more than to be read is."""
    return headings.is_superficial(text) and _FOR_A_BODY.search(text) is None


# `…, kính trình Bộ trưởng cho phép Vụ A tham mưu …`
_FOR_A_BODY = re.compile(r"(?:[Kk]ính trình|[Đđ]ề nghị|[Kk]iến nghị) [^.;]{4,80}? (?:cho phép|giao) [A-ZĐ]")
_OF_PARTY = re.compile(r"(?:Các )?(?:ban thường vụ|tỉnh ủy|thành ủy|đảng (?:ủy|bộ)|cấp ủy|chi bộ)", re.IGNORECASE)
_LEADS = re.compile(r"chủ trì|phối hợp|thực hiện|trách nhiệm|nhiệm vụ|sau đây|như sau|các nội dung|các việc")
# `Các tỉnh … cần: (1) …; (2) …`: whatever verbs open them, each of these is to be done.
_DUTIES = re.compile(r"(?<!\w)(?:cần|phải|có trách nhiệm|có nhiệm vụ)\s?:\s?[(⁽]?\w{1,3}[)⁾]\s?$", re.IGNORECASE)
_PLACES = ("tỉnh", "thành phố")
_SAID_TO_OTHERS = ("đề xuất", "kiến nghị", "yêu cầu")


def _answers_alone(scope: Scope) -> bool:
    """Whether the label above names the one body that is to act, below those who give orders to all."""
    return (
        scope.labelled
        and scope.modality != "proposed"
        and len(scope.leads) == 1
        and scope.leads[0].kind not in ("government", "collective")
    )


def _result(scope: Scope) -> str | None:
    """What a parallel part says is to come of the task (`Sản phẩm: …`)."""
    texts = scope.record.of("result") if scope.record is not None else ()
    return "; ".join(text.strip(" .;") for text in texts if text.strip(" .;")) or None


def _told_by_superior(
    text: str, told_at: int, mentions: Sequence[AgencyMention], given: Context
) -> agencies.Roles | None:
    """The roles from the body on that a superior is asked to tell (`kính trình Bộ trưởng cho phép Vụ A …`)."""
    told = (m.start for m in mentions if m.start is not None and m.start > told_at)
    start = next((start for start in told if _TELLS.search(text[max(0, start - 40) : start])), None)
    return _from(text, start, given) if start is not None else None


_TELLS = re.compile(r"(?:giao|cho phép|chỉ đạo|đôn đốc|yêu cầu|phân công)(?: cho)?(?: các)? $")


def _acts_before(text: str, roles: agencies.Roles, order_start: int) -> bool:
    """Whether bodies do something of their own before they tell others (`Sở A kiểm tra …; yêu cầu đơn vị …`)."""
    return roles.subject is not None and roles.subject[0] == 0 and ";" in text[roles.subject[1] : order_start]


def _moved(text: str, mentions: Sequence[AgencyMention], roles: agencies.Roles) -> agencies.Roles:
    """The roles in a sentence that moves a task: whose it is from now on, others as the sentence says."""
    head = predicates.clause_start(text, mentions)
    owners = moves.moved(text, head, mentions, predicates.end_of_subject(text, head, mentions))
    if not owners:
        return roles
    leads = tuple(msgspec.structs.replace(owner, role="lead") for owner in owners)
    begin, end = leads[0].start or 0, leads[-1].end or 0
    return agencies.Roles(leads, finish.without(roles.coops, leads), (begin, end))


def _moved_to(text: str, given: Context) -> tuple[Deadline, ...]:
    """The day a sentence moves a task to, where no word of deadlines stands before it."""
    place = moves.new_day(text)
    if place is None:
        return ()
    read = deadlines.read_cell(text[slice(*place)], given.deadlines)
    return (msgspec.structs.replace(read, start=place[0], end=place[1]),) if read.kind != "none" else ()


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


def _places_of(
    bodies: Sequence[AgencyMention], field: PlaceField, block: int, paragraph: Paragraph
) -> Iterator[Place]:
    for body in bodies:
        if body.start is not None and body.end is not None:
            yield from places.in_paragraph(field, block, paragraph, body.start, body.end)
