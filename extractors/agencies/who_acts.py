"""Who leads and who cooperates in the sentences of one task (conventions 2.6, corpus README `Agencies`)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from extractors.agencies.tokens import SEPARATORS, Token, Trie, is_word, tokenize
from extractors.agencies.wording import wording
from extractors.agencies.words import MAX_NAME_WORDS, NEAR
from models import AgencyMention


class Roles(msgspec.Struct, frozen=True):
    """Who leads and who cooperates in one task's text; `subject` is the leads' span in it (characters)."""

    leads: tuple[AgencyMention, ...] = ()
    coops: tuple[AgencyMention, ...] = ()
    subject: tuple[int, int] | None = None


class _Group(msgspec.Struct, frozen=True):
    """Mentions that stand together (`Bộ A, Bộ B và Bộ C`): words `start` to `end`, the last one from `tail`."""

    mentions: tuple[AgencyMention, ...]
    start: int
    end: int
    tail: int


_CHAIRS = {("bộ", "trưởng"), ("chủ", "tịch"), ("bí", "thư"), ("thứ", "trưởng"), ("giám", "đốc"), ("đồng", "chí")}
STRONG, SUBJECT, WEAK = 1, 2, 3
"""How surely a group leads: it is told to, or leads by word; it is the subject; it only seems to act."""


def roles(text: str, mentions: Sequence[AgencyMention]) -> Roles:
    """Who leads and who cooperates in the sentences of one task.

    `mentions` are what `find` saw in `text`. Leads are those of the first sentence that has any, cooperating
    bodies those of all sentences. A body that is only an object is neither (corpus README, Agencies).
    """
    tokens = tokenize(text)
    groups = _groups(tokens, mentions)
    leads: tuple[AgencyMention, ...] = ()
    coops: list[AgencyMention] = []
    subject: tuple[int, int] | None = None
    led = False
    starts = [g.start for g in groups]
    for first, last in _sentences(tokens, groups):
        inside = groups[bisect_left(starts, first) : bisect_left(starts, last)]
        sentence = _Sentence(tokens, first, last, inside, led)
        found = sentence.read()
        if not leads and found:
            best = min(strength for strength, _ in found)
            chosen = [g for strength, g in found if strength == best]
            chosen = chosen if best == STRONG and all(sentence.leads_by_word(g) for g in chosen) else chosen[:1]
            leads = tuple(m for g in chosen for m in g.mentions)
            led = all(sentence.leads_by_word(g) for g in chosen)
            subject = (tokens[chosen[0].start].start, tokens[chosen[0].end - 1].end)
        coops += [m for g in sentence.coops for m in g.mentions]
    named = {m.name for m in leads}
    unique = {m.name: m for m in reversed(coops) if m.name not in named}
    return Roles(
        leads=tuple({m.name: msgspec.structs.replace(m, role="lead") for m in leads}.values()),
        coops=tuple(msgspec.structs.replace(m, role="coop") for m in reversed(unique.values())),
        subject=subject,
    )


def _groups(tokens: Sequence[Token], mentions: Sequence[AgencyMention]) -> list[_Group]:
    """Mentions joined by nothing but separators, brackets and what qualifies them, as groups."""
    after = wording().after
    index_of = {t.start: i for i, t in enumerate(tokens)}
    end_of = {t.end: i + 1 for i, t in enumerate(tokens)}
    out: list[_Group] = []
    for mention in mentions:
        start, end = index_of.get(mention.start or 0), end_of.get(mention.end or 0)
        if mention.start is None or start is None or end is None or mention.via == "reference":
            continue
        if out and start == out[-1].start and (mention.start, mention.end) == _span(out[-1]):
            out[-1] = msgspec.structs.replace(out[-1], mentions=(*out[-1].mentions, mention))
            continue  # one phrase that means several (`Quý Ủy ban`, `các tỉnh nêu trên`)
        if out and start < out[-1].end:
            continue  # in the brackets behind a body: `Cục X (Bộ Y)`, `các tỉnh (trừ …)`
        while (qualifier := after.starting(tokens, end)) is not None:
            end = qualifier[0]
        if end < len(tokens) and tokens[end].norm == "(":
            end = next(
                (k + 1 for k in range(end, min(end + MAX_NAME_WORDS, len(tokens))) if tokens[k].norm == ")"), end
            )
        if out and all(t.norm in SEPARATORS for t in tokens[out[-1].end : start]):
            out[-1] = _Group((*out[-1].mentions, mention), out[-1].start, max(end, out[-1].end), start)
        else:
            out.append(_Group((mention,), start, end, start))
    return out


def _class(body: AgencyMention) -> str:
    """The word that opens a body's name (`Sở`, `Cục`)."""
    return body.name.split()[0]


def _span(group: _Group) -> tuple[int | None, int | None]:
    return group.mentions[-1].start, group.mentions[-1].end


def _sentences(tokens: Sequence[Token], groups: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """The word ranges of sentences and `;` clauses; a `;` within a list of bodies ends none."""
    inside = {k for g in groups for k in range(g.start, g.end)}
    first = 0
    for i, token in enumerate(tokens):
        stop = (
            token.norm == "." and i + 1 < len(tokens) and tokens[i + 1].start > token.end and tokens[i + 1].capital
        )
        if i not in inside and (stop or token.norm == ";"):
            yield first, i
            first = i + 1
    yield first, len(tokens)


class _Sentence:
    """One sentence: what stands before and behind its groups decides who does what."""

    def __init__(self, tokens: list[Token], first: int, last: int, groups: list[_Group], led: bool) -> None:
        self.tokens = tokens
        named = {group.start for group in groups}
        while first < last and first not in named and not tokens[first].text[0].isalpha():
            first += 1  # a list marker (`(1)`)
        self.first = first
        self.last = last
        self.groups = groups
        self.led = led  # a body was said to lead in a clause before
        self.coops: list[_Group] = []
        self.wording = wording()
        self.ends = {g.end: g for g in groups}
        self.has_subject = any(self.at_start(g.start) for g in groups[:1])

    def read(self) -> list[tuple[int, _Group]]:
        """The groups that may lead, with how surely; fills `coops`."""
        out: list[tuple[int, _Group]] = []
        for group in [part for g in self.groups for part in self.parted(g)]:
            if self.cooperates(group):
                self.coops.append(group)
            elif (strength := self.strength(group)) is not None:
                out.append((strength, group))
                self.led = self.led or (strength == STRONG and self.leads_by_word(group))
        return out

    def parted(self, group: _Group) -> list[_Group]:
        """An introduction's object and the subject behind its comma are two (`Theo ý kiến của Bộ A, Bộ B …`)."""
        cut = self.behind_introduction(group)
        if cut is None:
            return [group]
        begin = group.mentions[cut].start
        place = next(k for k in range(group.start, group.end) if self.tokens[k].start == begin)
        return [
            _Group(group.mentions[:cut], group.start, place - 1, group.start),
            _Group(group.mentions[cut:], place, group.end, group.tail),
        ]

    def behind_introduction(self, group: _Group) -> int | None:
        """The first mention of a group that is the subject behind an introduction, None where all are alike."""
        tokens = self.tokens
        if len(group.mentions) < 2 or group.end >= self.last or not is_word(tokens[group.end]):
            return None
        if self.on_part_of(group):
            return next((k for k, m in enumerate(group.mentions) if _class(m) != _class(group.mentions[0])), None)
        begins = tokens[group.start - 1].norm == "của" if group.start > self.first else False
        begins = begins or (tokens[self.first].norm == "cùng" and group.start - self.first <= 2)
        if not begins or not self.opened() or tokens[group.tail - 1].norm != ",":
            return None
        if group.mentions[-1].kind == "collective" and tokens[group.tail].norm != "các":
            return None  # a member of one collective (`các bộ, ngành, địa phương`)
        return len(group.mentions) - 1

    def on_part_of(self, group: _Group) -> bool:
        """Whether a sentence opens by whose side it speaks of (`Về phía Bộ A, Cục B …`)."""
        return (
            group.start - 2 == self.first
            and [token.norm for token in self.tokens[self.first : group.start]] == ["về", "phía"]
            and any(token.norm == "," for token in self.tokens[group.start : group.tail])
        )

    def superior(self, group: _Group) -> bool:
        """Whether bodies are above the others, or above the issuer that asks them (`đề nghị UBND tỉnh giao …`)."""
        return all(
            m.name in self.wording.superiors or m.name.startswith("Ban Chỉ đạo") or self.asked_above(group, m)
            for m in group.mentions
        )

    def asked_above(self, group: _Group, body: AgencyMention) -> bool:
        """Whether a body commands the issuer, which asks it to do or to have done something."""
        cue = self.cue(group, self.wording.assign) if body.via == "above" else None
        return cue is not None and self.tokens[cue].norm in {"đề", "kiến"}

    def leads_by_word(self, group: _Group) -> bool:
        return self.wording.predicates.starting(self.tokens, self.skip_adverbs(group.end)) is not None

    def chairs_by_word(self, group: _Group) -> bool:
        """Whether a body is told to lead others (`Sở A chủ trì, phối hợp …`)."""
        hit = self.wording.predicates.starting(self.tokens, self.skip_adverbs(group.end))
        return hit is not None and "chủ trì" in hit[1]

    def sent(self, group: _Group) -> bool:
        """Whether one is sent or named: who does so acts (`cử 01 lãnh đạo tỉnh …`, `phân rõ sở A chủ trì`)."""
        nearest = [token.norm for token in self.tokens[max(self.first, group.start - 5) : group.start]]
        return (
            "cử" in nearest
            or nearest[-1:] == ["rõ"]
            or ("công" in nearest and any(one in nearest for one in ("một", "1", "01")))
        )

    def skip_adverbs(self, i: int) -> int:
        while i < self.last and self.tokens[i].norm in self.wording.before_predicate:
            i += 1
        return i

    def skip_fillers(self, i: int) -> int:
        nearest = max(self.first, i - NEAR)
        while i > nearest and self.tokens[i - 1].norm in self.wording.fillers:
            i -= 1
        return i

    def cue(self, group: _Group, trie: Trie[str]) -> int | None:
        """The first word of the cue of a kind that stands before a group (fillers between), else None."""
        for end in (group.start, self.skip_fillers(group.start)):
            hit = trie.ending(self.tokens, end)
            if hit is not None and hit[0] >= self.first:
                return hit[0]
        return None

    def cooperates(self, group: _Group) -> bool:
        """Whether a body is told to work with another (`phối hợp với B`; `A chủ trì, B phối hợp`)."""
        if self.cue(group, self.wording.coop) is not None:
            return True
        assists = self.wording.assists.starting(self.tokens, group.end) is not None
        return self.led and assists and not self.is_object(group)

    def is_object(self, group: _Group) -> bool:
        """Whether a word before a body makes it an object, whatever follows (`gửi Bộ Y tế`)."""
        return self.cue(group, self.wording.objects) is not None

    def strength(self, group: _Group) -> int | None:
        """How surely a group leads, None if it does not: the cases in order of their certainty."""
        tokens = self.tokens
        if self.directed_by_another(group) or self.replaced(group):
            return None
        if self.leads_by_word(group):
            return None if self.sent(group) else STRONG
        if all(m.via == "recipients" for m in group.mentions) and self.passes_on(group):
            return None  # `Đề nghị Quý Ủy ban giao Sở A …`: Sở A acts
        assigned = self.cue(group, self.wording.assign)
        told = self.cue(group, self.wording.superior_assign)
        if told is not None and self.after_superior(told):
            return None if self.permitted(told) else STRONG
        if self.superior(group):
            asked = assigned is not None and self.is_main(assigned) and tokens[assigned].norm not in {"đối", "về"}
            if not asked and self.steers(group):
                return SUBJECT
            return WEAK if asked and not self.passes_on(group) else None
        if assigned is not None and tokens[assigned].norm not in {"đối", "về"} and self.is_main(assigned):
            return STRONG
        behind = tokens[group.end].norm if group.end < self.last else ""
        acts = self.wording.acting.starting(tokens, group.end) is not None
        if behind == "đã" and tokens[min(group.end + 1, self.last - 1)].norm != "được":
            return None  # what is done is no task
        if behind in {"đang", "chưa", "sẽ"} and group.start > 0 and tokens[group.start - 1].norm == "(":
            return None  # `(Bộ A đang tổng hợp)`: said by the way
        if self.at_start(group.start):
            if assigned is not None and not (acts or behind in {"", ":", ","}):
                return None
            gives = behind and self.wording.assign.starting(tokens, group.end) is not None
            return WEAK if assigned is not None or gives else SUBJECT
        if self.carries_out(group) or self.is_agent(group):
            return WEAK
        if self.is_object(group):
            return None
        clause = behind == ":" or (
            behind and is_word(tokens[group.end]) and behind not in {"để", "và", "là", "của", "đã"}
        )
        if clause and self.opened() and tokens[group.start - 1].norm in {",", ":"}:
            return SUBJECT
        if assigned is not None and tokens[assigned].norm in {"giao", "đề", "yêu"} and not self.passive(assigned):
            return WEAK
        return WEAK if acts and behind in self.wording.obliged else None

    def steers(self, group: _Group) -> bool:
        """Whether a steering committee is the subject of what is to be done, and orders nothing itself."""
        committee = all(m.name.startswith("Ban Chỉ đạo") for m in group.mentions)
        acts = self.wording.acting.starting(self.tokens, group.end)
        if not committee or acts is None or not self.at_start(group.start):
            return False
        return acts[1] == "đôn đốc" or not self.passes_on(group)  # to urge others is its work

    def is_agent(self, group: _Group) -> bool:
        """Whether a body is who does what the passive says (`Kết quả được các xã gửi về Sở …`)."""
        before = [token.norm for token in self.tokens[max(self.first, group.start - 2) : group.start]]
        if before[-1:] != ["được"] or before[0] == "đã" or self.has_subject:
            return False
        return self.wording.acting.starting(self.tokens, group.end) is not None

    def carries_out(self, group: _Group) -> bool:
        """Whether a sentence ends by saying who does it (`… do Trung tâm X thực hiện trong tháng 7`)."""
        tokens = self.tokens
        if group.start == self.first or tokens[group.start - 1].norm != "do":
            return False
        behind = [t.norm for t in tokens[group.end : group.end + 3]]
        if behind[:2] not in (["thực", "hiện"], ["đảm", "nhận"], ["đảm", "nhiệm"]):
            return False
        return group.end + 2 >= self.last or behind[2] in {
            ".",
            ";",
            ",",
            "(",
            "trong",
            "trước",
            "đến",
            "hoàn",
            "xong",
            "từ",
        }

    def directed_by_another(self, group: _Group) -> bool:
        """Whether a body is told by one that answers for the task (`Bộ A chỉ đạo Công an các tỉnh chủ trì …`)."""
        told = self.cue(group, self.wording.superior_assign)
        if told is None or self.tokens[told].norm not in {"chỉ", "đôn"} or self.after_superior(told):
            return False
        if told == self.first:
            # Who directs is named above; a body of its own that leads by word answers for the task itself.
            named = all(m.kind not in ("collective", "unit") for m in group.mentions)
            return not (named and self.chairs_by_word(group))
        subject = self.ends.get(self.skip_back(told))
        return subject is not None and self.at_start(subject.start) and not self.superior(subject)

    def replaced(self, group: _Group) -> bool:
        """Whether another acts instead of a body (`Thay Bộ A chủ trì …`, under another's label)."""
        return group.start > self.first and self.tokens[group.start - 1].norm == "thay"

    def passive(self, cue: int) -> bool:
        """Whether `giao` is no order of this sentence (`được giao`, `theo hướng giao`, `bàn giao`)."""
        return cue > self.first and self.tokens[cue - 1].norm in self.wording.not_orders

    def skip_back(self, i: int) -> int:
        """The index behind the last word before `i` that is no adverb."""
        nearest = max(self.first, i - NEAR)
        while i > nearest and self.tokens[i - 1].norm in self.wording.adverbs:
            i -= 1
        return i

    def passes_on(self, group: _Group) -> bool:
        """Whether a body hands the task to another (`đề nghị Thủ tướng giao Bộ X`)."""
        i = group.end
        while i < min(self.last, group.end + NEAR) and self.tokens[i].norm in self.wording.adverbs | {","}:
            i += 1
        return any(
            t.starting(self.tokens, i) is not None for t in (self.wording.assign, self.wording.superior_assign)
        )

    def at_start(self, i: int) -> bool:
        """Whether a word opens its sentence, words like `Đồng thời`, `Giao` and `các đồng chí` aside."""
        nearest = max(self.first, i - NEAR)
        while i > nearest:
            hit = self.wording.light_openers.ending(self.tokens, i)
            if hit is None or hit[0] < self.first:
                if self.tokens[i - 1].norm not in {",", ":", "("}:
                    return False
                i -= 1
            else:
                i = hit[0]
        return i == self.first

    def opened(self) -> bool:
        """Whether the sentence begins with an adverbial, so that its subject follows a comma."""
        return self.wording.openers.starting(self.tokens, self.first) is not None

    def after_superior(self, cue: int) -> bool:
        """Whether a cue's own subject is a body above the others (`Thủ tướng chỉ đạo`)."""
        group = self.ends.get(self.skip_back(cue))
        return group is not None and self.superior(group)

    def permitted(self, cue: int) -> bool:
        """Whether a superior is asked to permit a body something (`trình Quốc hội cho phép B`): who asks acts."""
        group = self.ends.get(self.skip_back(cue))
        asked = group is not None and group.start > self.first and self.tokens[group.start - 1].norm == "trình"
        return asked and self.tokens[cue].norm == "cho"

    def is_main(self, cue: int) -> bool:
        """Whether an assigning verb is the clause's own: it opens it, or follows a body or an opener's comma."""
        i = self.skip_back(cue)
        if i in self.ends and self.ends[i].start > self.first and self.tokens[self.ends[i].start - 1].norm == "để":
            return False  # `…, để UBND tỉnh kiến nghị các bộ`: what it is for
        if i == self.first or i in self.ends:
            return True
        before = self.tokens[i - 1].norm
        if i - 2 >= self.first and (self.tokens[i - 2].norm, before) in _CHAIRS:
            return i - 2 == self.first or self.tokens[i - 3].norm == ","  # `Đối với đơn vị, Bộ trưởng giao …`
        return before in {":", ")"} or (before == "," and self.opened() and not self.has_subject)
