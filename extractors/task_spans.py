"""Where the tasks of a paragraph begin and end: its sentences and clauses judged, cut and grouped."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec

from extractors import (
    agencies,
    assignments,
    deadlines,
    directives,
    extensions,
    fields,
    grouping,
    headings,
    labels,
    own_acts,
    predicates,
    quotations,
    segmentation,
)
from extractors.directives import Verdict
from extractors.grouping import Sentence
from extractors.scopes import Context, Scope
from models import AgencyMention, Deadline

# What is shorter (words) is no task only because a body's label stands over it.
SHORTEST_ITEM = 4

Offsets = Sequence[tuple[int, int]]


class Span(msgspec.Struct, frozen=True):
    """A stretch of a paragraph (characters) that is one task, and why."""

    start: int
    end: int
    verdict: Verdict
    evidence: tuple[str, ...] = ()


class TaskSpans:
    """Cuts the paragraphs of one letter in order; remembers whether an order was given just before.

    What follows an order is one too, until something else is told: a news report or a speech says `yêu cầu` once.
    In an account of a meeting so is what follows the words `kết luận`, until another speaks. `bodies` and `times`
    find those of a text.
    """

    def __init__(
        self,
        given: Context,
        bodies: Callable[[str], tuple[AgencyMention, ...]],
        times: Callable[[str], tuple[Deadline, ...]],
    ) -> None:
        self.given = given
        self.ordered_before = False
        self.concluding = False
        self._bodies = bodies
        self._deadlines = times

    def begin_section(self) -> None:
        """A heading ends what an order before it set off."""
        self.ordered_before = False

    def spans(self, text: str, start: int, scope: Scope) -> list[Span]:
        """The stretches of a paragraph from `start` that are tasks."""
        if scope.told_apart and (counted := segmentation.numbered_clauses(text, start)[1]):
            evidence = ("parallel_parts", "numbered_clause")
            return [Span(begin, end, Verdict(1.0, ("parallel_parts",)), evidence) for begin, end in counted]
        if scope.told_apart:
            whole = Span(start, len(text), Verdict(1.0, ("parallel_parts",)), ("parallel_parts",))
            return self.grouped(text, segmentation.sentences(text, start), scope, ("parallel_parts",)) or [whole]
        intro_end, clauses = segmentation.numbered_clauses(text, start)
        parts = fields.in_clauses(text, clauses)
        if any(field == "task" for field, _, _ in parts):
            order = msgspec.structs.replace(scope, stance="order")
            return [
                span
                for field, begin, end in parts
                if field == "task"
                for span in self.grouped(
                    text, segmentation.sentences(text[:end], begin), order, ("parallel_parts",)
                )
            ]
        if not clauses or not self._are_directives(text, clauses, scope):
            return self.grouped(text, segmentation.sentences(text, start), scope)
        spans: list[Span] = []
        before = segmentation.sentences(text[:intro_end].rstrip(), start)[:-1]
        if before:
            spans += self.grouped(text, before, scope)
        for begin, end in clauses:
            inside = [(begin + a, begin + b) for a, b in segmentation.sentences(text[begin:end])]
            # One clause of a list of directives is one, though its verb be unknown.
            alike = Span(begin, end, Verdict(0.1, ("numbered_clause",)), ("numbered_clause",))
            spans += self.grouped(text, inside, scope, ("numbered_clause",)) or [alike]
        return spans

    def _are_directives(self, text: str, clauses: Offsets, scope: Scope) -> bool:
        """Whether clauses numbered inline tell what to do, most of them, rather than name things."""
        verdicts = [self._judge(text[start:end], scope) for start, end in clauses]
        told = sum(verdict.task and "no_verb" not in verdict.evidence for verdict in verdicts)
        begin = clauses[0][0]
        duties = _DUTIES.search(text[max(begin - 40, 0) : begin]) is not None
        return (duties or told * 2 > len(clauses)) and all(end - start > 15 for start, end in clauses)

    def grouped(self, text: str, found: Offsets, scope: Scope, evidence: tuple[str, ...] = ()) -> list[Span]:
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
        if is_superficial(sentence):
            verdict = Verdict(-1.0, ("superficial",), background=True)
        elif own_acts.hands_up(sentence, self.given.agencies.issuer) or self._is_own_act(
            sentence, scope, dated=bool(own), moved="moved" in verdict.evidence
        ):
            verdict = Verdict(-1.0, ("own_act",), background=True)
        if self.given.retold:
            ordered = "orders" in verdict.evidence and quotations.chairs(sentence)
            self.concluding = quotations.concludes(sentence) or (
                (self.concluding or ordered) and not quotations.another_speaks(sentence)
            )
        ordered = "orders" in verdict.evidence or (self.given.retold and "urged" in verdict.evidence)
        self.ordered_before = (self.ordered_before or ordered) and not verdict.background
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

    def _is_own_act(self, sentence: str, scope: Scope, *, dated: bool, moved: bool) -> bool:
        """Whether a sentence does something to another letter by saying so, nobody else being told to do it.

        `moved`: it moves a task of a body.
        """
        if scope.labelled or scope.leads or scope.modality == "proposed" or scope.stance == "proposal":
            return False
        issuer = self.given.agencies.issuer
        if own_acts.own_act(sentence, issuer, dated=dated) is not None:
            return True
        return not moved and extensions.only_extends(sentence, issuer, self.given.deadlines)

    def tells(self, text: str, label: labels.Label, scope: Scope) -> bool:
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


def is_superficial(text: str) -> bool:
    """Whether a sentence is no part of the substance; what asks for more than to be read is."""
    return headings.is_superficial(text) and _FOR_A_BODY.search(text) is None


# `…, kính trình Bộ trưởng cho phép Vụ A tham mưu …`
_FOR_A_BODY = re.compile(r"(?:[Kk]ính trình|[Đđ]ề nghị|[Kk]iến nghị) [^.;]{4,80}? (?:cho phép|giao) [A-ZĐ]")
_LEADS = re.compile(r"chủ trì|phối hợp|thực hiện|trách nhiệm|nhiệm vụ|sau đây|như sau|các nội dung|các việc")
# `Các tỉnh … cần: (1) …; (2) …`: whatever verbs open them, each of these is to be done.
_DUTIES = re.compile(r"(?<!\w)(?:cần|phải|có trách nhiệm|có nhiệm vụ)\s?:\s?[(⁽]?\w{1,3}[)⁾]\s?$", re.IGNORECASE)
