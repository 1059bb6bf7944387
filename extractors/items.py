"""Items and paragraphs of the outline → tasks: cut, judged, and given their bodies and deadlines."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

import msgspec

from extractors import (
    agencies,
    assignments,
    citations,
    confidence,
    coreference,
    deadlines,
    fields,
    finish,
    headings,
    labels,
    moves,
    orders,
    outline,
    places,
    predicates,
    scopes,
    segmentation,
    task_roles,
    task_spans,
)
from extractors.part_labels import PartLabel
from extractors.scopes import Context, Scope
from extractors.task_spans import Span, TaskSpans
from models import AgencyMention, Deadline, Evidence, Paragraph, Place, Task
from models.deadline import NO_DEADLINE
from models.task import PlaceField

# A verdict under this score, or over the other, is shown as evidence.
WEAK, STRONG = 0.5, 1.2
# So many sentences are remembered with the bodies and deadlines found in them.
SENTENCES_KEPT = 64


class ItemReader:
    """Reads the items of one letter in order, with what those before named: bodies, the last deadline."""

    def __init__(self, given: Context, parts: Mapping[int, PartLabel] = outline.NO_PARTS) -> None:
        self.given = given
        self.parts = parts
        self.named = coreference.Named()
        self.communes = coreference.communes(given.agencies.recipients)
        self.told = coreference.Told(given.agencies.recipients)
        self.last_deadline = NO_DEADLINE
        # A sentence is searched to be judged, to be cut, and to be read as a task.
        self._bodies = lru_cache(SENTENCES_KEPT)(partial(agencies.find, context=given.agencies))
        self._deadlines = lru_cache(SENTENCES_KEPT)(partial(deadlines.find, context=given.deadlines))
        self._cut = TaskSpans(given, self._bodies, self._deadlines)

    def begin_section(self) -> None:
        """A heading ends what an order before it set off."""
        self._cut.begin_section()
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
        if len(segmentation.sentences(text)) == 1 and task_spans.is_superficial(text):
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
        if label is not None and label.kind == "agency" and self._cut.tells(text, label, above):
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
        for ordinal, span in enumerate(self._cut.spans(text, start, scope), 1):
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
            for span in self._cut.grouped(text, before, above)
        ]
        for matter in matters:
            scope = scopes.under_record(matter.record, above, self.given)
            for start, end in matter.tasks:
                found += [
                    self._task(block, paragraph, span, scope, listed, section)
                    for span in self._cut.spans(text[:end], start, scope)
                ]
        rest = text[matters[-1].end :]
        after = matters[-1].end + len(rest) - len(rest.lstrip(" .;"))
        found += [
            self._task(block, paragraph, span, above, listed, section)
            for span in self._cut.grouped(text, segmentation.sentences(text, after), above)
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
        order = orders.order(text, mentions, retold=self.given.retold)
        asks = self.given.upward and order is not None and orders.asks(order)
        roles = task_roles.of_task(text, mentions, order, scope, self.given)
        if order is not None and order.noun is not None and not task_roles.acts_before(text, roles, order.start):
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
            roles = task_roles.moved(text, mentions, roles, scope)
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


_PLACES = ("tỉnh", "thành phố")


def _result(scope: Scope) -> str | None:
    """What a parallel part says is to come of the task (`Sản phẩm: …`)."""
    texts = scope.record.of("result") if scope.record is not None else ()
    return "; ".join(text.strip(" .;") for text in texts if text.strip(" .;")) or None


def _moved_to(text: str, given: Context) -> tuple[Deadline, ...]:
    """The day a sentence moves a task to, where no word of deadlines stands before it."""
    place = moves.new_day(text)
    if place is None:
        return ()
    read = deadlines.read_cell(text[slice(*place)], given.deadlines)
    return (msgspec.structs.replace(read, start=place[0], end=place[1]),) if read.kind != "none" else ()


def _places_of(
    bodies: Sequence[AgencyMention], field: PlaceField, block: int, paragraph: Paragraph
) -> Iterator[Place]:
    for body in bodies:
        if body.start is not None and body.end is not None:
            yield from places.in_paragraph(field, block, paragraph, body.start, body.end)
