"""Which sentence or item is a task, where it starts and ends, and whether it is assigned or proposed.

`stance` says what stands under a heading or introducing line; `label` cuts a lead-in (`Bộ A:`); `sentences`,
`numbered_clauses` and `deadline_clauses` cut the text; `judge` weighs the evidence that a sentence is a
directive; `group` joins sentences of one actor into tasks (rules of the gold, conventions 2.6). Words and
weights are data (`data/directives.toml`); parts of speech come from `nlp`, only where a list is not enough.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from extractors import markers, nlp
from models import AgencyMention, Modality

if TYPE_CHECKING:
    from spacy.matcher import Matcher

Stance = Literal["order", "proposal", "background"]

# A label is no longer than this many characters, a fronted phrase than that.
LONGEST_LABEL = 220
LONGEST_FRONTED = 400
# Who gives an order stands no further before its verb than this many characters.
NEAREST_ORDERER = 40
# Between two bodies of one subject stand no more characters than these.
LONGEST_JOINT = 60
# What decides whether a unit opens with a verb stands within this many words; tagging more costs time.
OPENING_WORDS = 9
OPENING_CHARACTERS = 120

# A stop that ends a sentence is followed by a capital, a digit or an opening sign; these hold abbreviations apart.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]?\s+(?=[\"“‘(]?[A-ZĐÀ-ỸƯƠĂÂÊÔ\d])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|tp|Q|P|TX|Th[Ss]|TS|GS|PGS|St|vs|v\.v|[A-ZĐ])\.$|(?:^|[.;:]\s)\d{1,2}\.$"
)
_CLAUSE_NUMBER = re.compile(r"(?<![\w/])[(⁽](?P<v>[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|[ivx]{1,5}|[a-eđ])[)⁾]\s?")
_WORD = re.compile(r"\w+")
_SPACES_AND_SIGNS = " ,;:-–“\"'("


class Verdict(msgspec.Struct, frozen=True):
    """Whether a sentence is a directive, and why: `score` over 0 is yes, `evidence` names what was weighed."""

    score: float
    evidence: tuple[str, ...] = ()
    modality: Modality | None = None
    background: bool = False

    @property
    def task(self) -> bool:
        """Whether the sentence is a directive."""
        return self.score > 0


class Order(msgspec.Struct, frozen=True):
    """Words by which somebody is told to act, at `start`.

    `kind`: `orders`; `asks_superior`, that somebody above give the order (a proposal); `quotes_order`, what was
    ordered in the past or by another document. Who is told stands at `told_at`.
    """

    kind: Literal["orders", "asks_superior", "quotes_order"]
    start: int
    verb: str
    told_at: int


class Label(msgspec.Struct, frozen=True):
    """A lead-in that ends in a colon at `end` (after the colon and its space); `field` of parallel parts."""

    end: int
    kind: Literal["agency", "topic", "field"]
    field: str | None = None


class Sentence(msgspec.Struct, frozen=True):
    """A sentence or clause of a paragraph (offsets), with what decides where tasks end.

    `leads` are the canonical names of its own leads. `dated`: it carries a deadline of its own, `opens_dated`:
    at its head, `only_deadline`: and nothing else. `apart`: it is quoted, another's words come before it.
    """

    start: int
    end: int
    verdict: Verdict
    leads: frozenset[str] = frozenset()
    dated: bool = False
    opens_dated: bool = False
    only_deadline: bool = False
    follows: bool = False
    apart: bool = False


# --- Lists of phrases -------------------------------------------------------------------------------------------


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("extractors").joinpath("data/directives.toml").read_text("utf-8"))


def fold(text: str) -> str:
    """Text as phrases are compared in: small letters, the tone mark in its old place, same length."""
    lowered = text.lower() if len(text.lower()) == len(text) else text.casefold()
    return _NEW_TONES.sub(lambda match: _OLD_TONE[match.group()], lowered)


_OLD_TONE = {
    new: old
    for letters in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0303\u0309\u0323"
    for new, old in (
        (
            letters[0] + unicodedata.normalize("NFC", letters[1] + tone),
            unicodedata.normalize("NFC", letters[0] + tone) + letters[1],
        ),
    )
}
_NEW_TONES = re.compile("(?<!q)(?:" + "|".join(_OLD_TONE) + r")(?!\w)")


@cache
def _phrases(*path: str) -> re.Pattern[str]:
    """The phrases of a list of the data as one expression of whole words, longest first."""
    found: Any = _data()
    for key in path:
        found = found[key]
    longest_first = sorted((fold(phrase) for phrase in found), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def _opens(text: str, *path: str) -> str | None:
    """The phrase of a list that `text` (folded) opens with."""
    found = _phrases(*path).match(text)
    return found.group() if found else None


# --- Headings and labels ----------------------------------------------------------------------------------------


def stance(text: str) -> Stance | None:
    """What stands under a heading or an introducing line; None where it does not say."""
    folded = fold(text).strip(_SPACES_AND_SIGNS)
    topic = _opens(folded, "stance", "topic")
    if topic:
        rest = folded[len(topic) :].strip()
        return "background" if _opens(rest, "stance", "background") else None
    first: tuple[int, int, Stance] | None = None
    classes: tuple[Stance, ...] = ("order", "proposal", "background")
    for kind in classes:
        found = _phrases("stance", kind).search(folded)
        if found and (first is None or found.start() < first[0]):
            first = found.start(), found.end(), kind
    if first is None:
        return None
    _, end, kind = first
    for other in classes:
        if other == kind or {other, kind} == {"order", "proposal"}:
            continue
        if any(
            _opens(folded[m.end() :].lstrip(" ,"), "stance", other)
            for m in _phrases("stance", "and").finditer(folded, end)
        ):
            return None
    return kind


def introduced_stance(text: str) -> Stance | None:
    """What stands under a line that ends in a colon, by its last clause (`…, Bộ trưởng kết luận như sau:`)."""
    cut = max(text.rfind(","), text.rfind(";"), text.rfind(". "))
    return stance(text[cut + 1 :])


def label(text: str, mentions: Sequence[AgencyMention]) -> Label | None:
    """The lead-in of an item: bodies (`Bộ A:`), a subject (`Về hạ tầng:`) or a part's name (`Thời hạn:`)."""
    colon = _label_colon(text, mentions)
    if colon <= 0 or _SENTENCE_END.search(text, 0, colon):
        return None
    head = text[:colon]
    end = colon + 1 + (len(text[colon + 1 :]) - len(text[colon + 1 :].lstrip()))
    folded = fold(head).strip(_SPACES_AND_SIGNS)
    for field in ("task", "lead", "coop", "deadline", "result", "other"):
        if folded in _folded_set("fields", field):
            return Label(end, "field", field)
    told = order(text[: colon + 1], mentions)
    # `Thủ tướng Chính phủ yêu cầu:` names who orders, not who is told.
    gives_order = told is not None and (told.kind == "asks_superior" or told.told_at >= colon)
    named = [mention for mention in mentions if (mention.end or 0) <= colon]
    if (
        any(mention.start == 0 or _only_before(folded, mention) for mention in named)
        and not gives_order
        and not _is_superior(head)
        and _covers(head, named)
    ):
        return Label(end, "agency")
    first = _opens(folded, "stance", "topic")
    words = len(_WORD.findall(head))
    if first == "về" and words <= 30:
        return Label(end, "topic")
    verb = _opens(folded, "verbs", "phrases")
    if first is None and words <= 8 and verb in (None, "phục vụ") and not any(map(str.isdigit, head)):
        return Label(end, "topic")
    return None


def _label_colon(text: str, mentions: Sequence[AgencyMention]) -> int:
    """The colon that ends a lead-in; one that only opens a list of bodies in it does not (`Các tỉnh: A, B:`)."""
    colon = text.find(":", 0, LONGEST_LABEL)
    within = any((m.start or 0) < colon < (m.end or 0) for m in mentions)  # `Các Sở: Y tế, Nội vụ rà soát …`
    opens_list = any(m.start is not None and colon < m.start <= colon + 2 for m in mentions)
    if colon <= 0 or not (within or opens_list):
        return colon
    following = text.find(":", colon + 1, LONGEST_LABEL)
    if within or following < 0:
        return following if within else colon
    inside = [m for m in mentions if m.start is not None and colon < m.start < following]
    named = sum((m.end or 0) - (m.start or 0) for m in _apart(inside))
    return following if named * 2 > following - colon else colon


def is_topic(text: str) -> bool:
    """Whether a heading only names a subject (`Về …`): it sets nothing for what stands under it."""
    return _opens(fold(text).strip(_SPACES_AND_SIGNS), "stance", "topic") not in (None, "nhóm")


def opens_related(text: str) -> bool:
    """Whether a heading or line opens what a page adds to its article: links, other news, comments."""
    return fold(text).strip(" .:…»>|") in _folded_set("related", "headings")


def is_requirement(text: str) -> bool:
    """Whether a heading says `Yêu cầu` and nothing more."""
    return fold(text).strip(" .:") in ("yêu cầu", "các yêu cầu", "yêu cầu chung")


def opens_with_known_verb(text: str) -> bool:
    """Whether a text opens with one of the verbs of directives."""
    folded = fold(text).strip(_SPACES_AND_SIGNS)
    verb = _opens(folded, "verbs", "phrases")
    return verb is not None and verb not in _folded_set("verbs", "ambiguous")


def tells_progress(text: str) -> bool:
    """Whether a heading under results names what was done about tasks (`Thực hiện nhiệm vụ được giao`)."""
    return fold(text).startswith(
        ("thực hiện nhiệm vụ", "việc thực hiện", "công tác chỉ đạo", "kết quả", "tình hình")
    )


def is_superficial(text: str) -> bool:
    """Whether a paragraph is a formula of courtesy or reference (`Trân trọng./.`, `(Kèm theo …)`)."""
    folded = re.sub(r"^\W+", "", fold(text))
    if text == text.upper() or _ONLY_NAMES.fullmatch(text) or _TITLE.match(text):
        return True  # a title, or a part of one, or who wrote it: sentences have small letters
    if _CONTACT.match(folded):
        return True
    if _opens(folded, "superficial", "phrases") is not None or _CAPTION.search(text[-80:]):
        return True
    if _PUBLISHED.match(folded) and len(text) < 120 and not text.endswith((".", ";")):
        return True
    return len(text) < 300 and _phrases("superficial", "anywhere").search(folded) is not None


# A title in capitals that goes on in small letters: `MÃ QUÉT CÁC TÀI LIỆU LIÊN QUAN Về việc …`
_TITLE = re.compile(r"(?:[A-ZĐÀ-ỸƯƠ]{1,10}\s){6,20}(?:Về|Kèm|Ban hành)\s")
# Every name stands behind a sign of its own, so that there is one way to read a run of capitals.
_ONLY_NAMES = re.compile(r"[A-ZĐÀ-ỸƯƠ][\w’']{0,9}(?:(?:\s[-–]\s|,\s|\s)[A-ZĐÀ-ỸƯƠ][\w’']{0,9}){1,7}")
_CONTACT = re.compile(
    r"(?!.{0,300}(?:trước|chậm nhất|muộn nhất|hạn)\s)"
    r"(?:(?:báo cáo|văn bản|ý kiến|hồ sơ|danh sách|kết quả|thông tin)(?: \w+){0,3} gửi về"
    r"|(?:ch[iỉ] tiết|thông tin|đầu mối|mọi thông tin)(?: \w+){0,2} liên hệ)"
    r"[^;]{0,160}(?:điện thoại|đt|email|thư điện tử|địa chỉ|phường|số \d+)"
)
# `… Ảnh: Minh Anh`: the caption of a picture.
_PUBLISHED = re.compile(r"(?:thứ \w+|chủ nhật)?,? ?(?:ngày )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\W|\d|$)")
_CAPTION = re.compile(r"(?:Ảnh|Nguồn ảnh|Tin, ảnh|Bài, ảnh|Ảnh minh họa)\s?:\s?[^.:]{2,60}\.?$")


def follows(text: str) -> bool:
    """Whether a sentence only goes on with the one before it (`Trong đó, …`)."""
    return fold(text).startswith(("trong đó", "trong số đó"))


@cache
def _folded_set(*path: str) -> frozenset[str]:
    found: Any = _data()
    for key in path:
        found = found[key]
    return frozenset(fold(phrase) for phrase in found)


def _only_before(folded: str, mention: AgencyMention) -> bool:
    """Whether nothing but an order verb or `đối với` stands before a body at the head of a label."""
    before = folded[: mention.start or 0].strip(_SPACES_AND_SIGNS)
    before = _TO_ALL.sub("", before)
    if _opens(before, "verbs", "phrases") and not _opens(before, "order", "verbs"):
        return False  # `Làm việc với các đơn vị nhận quân`: what is to be done, with whom
    return not before or len(before.split()) <= 4 or _LIST_OPENER.fullmatch(before) is not None


_TO_ALL = re.compile(r"^(?:yêu cầu|nhiệm vụ|trách nhiệm)?\s?(?:chung )?đối với (?:tất cả|toàn bộ|từng)$")
# Before the names of an elided list: `Chủ tịch Ủy ban nhân dân các tỉnh, thành phố:`.
_LIST_OPENER = re.compile(
    r"(?:đề nghị |yêu cầu |giao )?(?:(?:chủ tịch|bộ trưởng|giám đốc|thủ trưởng) )?(?:ủy ban nhân dân |ubnd )?"
    r"các (?:tỉnh|thành phố|bộ|sở|xã|phường|cơ quan|đơn vị|ngành)"
    r"(?:, (?:tỉnh|thành phố|bộ|ngành|xã|phường|đặc khu))*"
)


def _covers(head: str, mentions: Sequence[AgencyMention]) -> bool:
    """Whether a label says little but the names of bodies and how they stand to one another."""
    inside = [m for m in mentions if m.start is not None and m.end is not None and m.end <= len(head)]
    outside = [m for m in inside if not _in_bracket(head, m.start or 0)]
    named = sum((m.end or 0) - (m.start or 0) for m in _apart(outside))
    rest = len(_BRACKETS.sub("", head)) - named
    return named > 0 and rest <= max(28 + 8 * len(inside), named * 0.8)


_BRACKETS = re.compile(r"\([^()]{1,160}\)")


def _apart(mentions: Sequence[AgencyMention]) -> Iterable[AgencyMention]:
    """Mentions that do not overlap: an elided list names several bodies at one place."""
    end = -1
    for mention in mentions:
        if (mention.start or 0) >= end:
            end = mention.end or 0
            yield mention


# --- Cutting a paragraph ----------------------------------------------------------------------------------------


def sentences(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text` from `start`; stops of abbreviations and numbers end none."""
    found: list[tuple[int, int]] = []
    begin = start
    depth_from = start
    for stop in _SENTENCE_END.finditer(text, start):
        before = text[max(begin, stop.start() - 12) : stop.start()]
        if _ABBREVIATION.search(before) or _inside_bracket(text, depth_from, stop.start()):
            continue
        found.append((begin, stop.start() + (1 if text[stop.start()] in '"”’)' else 0)))
        begin = depth_from = stop.end()
    if begin < len(text):
        found.append((begin, len(text)))
    return found


def speech(sentence: str) -> int:
    """Where the words quoted begin in a sentence that only says who spoke them (`Ông nhấn mạnh: “…”`), else 0."""
    lead_in = _SPEECH.match(sentence)
    return lead_in.end() if lead_in else 0


_SPEECH = re.compile(
    r"(?:Ông|Bà|Đồng chí|Thủ tướng|Phó Thủ tướng|Bộ trưởng|Chủ tịch|Phó Chủ tịch|Bí thư)"
    r"[^:“”.;]{0,90}:\s?[“\"](?=\w)"
)


def _inside_bracket(text: str, start: int, end: int) -> bool:
    """Whether a bracket opened after `start` is still open at `end` (and does close later, soon)."""
    opened = text.count("(", start, end) - text.count(")", start, end)
    return opened > 0 and ")" in text[end : end + 300]


def numbered_clauses(text: str, start: int = 0) -> tuple[int, list[tuple[int, int]]]:
    """Clauses numbered inline `(1) … (2) …`: where their introduction ends, and their offsets without the number.

    (start, []) where the numbers do not run 1, 2, … or are not two.
    """
    found: list[tuple[int, int]] = []
    expected = 1
    for number in _CLAUSE_NUMBER.finditer(text, start):
        marker = markers.of(f"({number['v'].translate(markers.SUPERSCRIPTS)})")
        if marker is not None and marker.value == expected:
            found.append((number.start(), number.end()))
            expected += 1
    if len(found) < 2:
        return start, []
    ends = [opening for opening, _ in found[1:]] + [len(text)]
    clauses = [(begin, _trimmed(text, begin, end)) for (_, begin), end in zip(found, ends, strict=True)]
    return found[0][0], clauses


def semicolon_clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the clauses of a sentence that semicolons (or `, còn B …`) part, brackets left whole."""
    cuts: list[tuple[int, int]] = []
    depth = 0
    for place in range(start, end):
        character = text[place]
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(depth - 1, 0)
        elif character == ";" and depth == 0 and place + 1 < end:
            cuts.append((place + 1, place + 1))
        elif character == "," and depth == 0 and (also := _WHILE_ANOTHER.match(text, place, end)):
            cuts.append((place, also.end()))
    clauses = [
        (begin + (text[begin] == " "), stop)
        for begin, stop in zip(
            [start, *(after for _, after in cuts)], [*(cut for cut, _ in cuts), end], strict=True
        )
    ]
    clauses = [(begin + (4 if _ALSO_BODY.match(text, begin) else 0), stop) for begin, stop in clauses]
    return [(begin, stop) for begin, stop in clauses if _WORD.search(text, begin, stop)]


# `… Sở A thẩm định xong, còn Trung tâm B phải …`: another body's clause.
_WHILE_ANOTHER = re.compile(r",\s(?:còn|riêng)\s(?=[A-ZĐ]\w+\s\w+|các (?:bộ|tỉnh|sở|địa phương|xã))")


_ALSO_BODY = re.compile(r"còn (?=các (?:bộ|tỉnh|sở|địa phương|xã)|(?:Bộ|Sở|UBND|Ủy ban|Tỉnh|Công an)\s)")


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of text[start:end] without white space and a trailing `và`."""
    kept = text[start:end].rstrip()
    return start + len(kept)


# --- Judging a sentence -----------------------------------------------------------------------------------------


def judge(
    text: str,
    mentions: Sequence[AgencyMention],
    stance: Stance | None,
    *,
    labelled: bool = False,
    ordering: bool = False,
    dated: bool = False,
    opened_at: int = 0,
    retold: bool = False,
) -> Verdict:
    """Whether a sentence is a directive.

    `mentions` are the bodies in it; `labelled`: a body's label stands over it; `ordering`: the letter is of a
    kind that gives orders, or an order stands just before; `dated`: it carries a deadline of its own;
    `opened_at`: where a deadline in front of the sentence ends; `retold`: it stands in an account of what was
    said.
    """
    if retold and (words := _QUOTED.fullmatch(text)) is not None:
        inside = _moved(mentions, *words.span("words"))
        if _says_who_acts(words["words"], inside):
            return judge(
                words["words"], inside, stance, labelled=labelled, ordering=True, dated=dated, retold=True
            )
    weights: dict[str, float] = _data()["weights"]
    evidence: list[str] = []
    modality: Modality | None = None
    head = _core(text, mentions, opened_at)
    opening = fold(text[head : head + LONGEST_FRONTED])
    told = order(text, mentions, retold=retold)
    own = _speaks_of_oneself(text) and not (retold and told is not None and _tells_body(told, mentions))
    if told is not None and told.kind == "orders" and (_in_bracket(text, told.start) or own):
        told = None
    if told is not None:
        evidence.append(told.kind)
        modality = "proposed" if told.kind == "asks_superior" else None
        if told.kind == "orders" and told.verb in ("đề nghị", "yêu cầu"):
            modality = "assigned" if told.verb == "đề nghị" or stance != "proposal" else "proposed"
    subject_end = _subject_end(text, head, mentions)
    if (
        _UP_TO_NOW.match(fold(text))
        or (_ends_as_speech(text) and (own or told is None))
        or _ANNOUNCES.search(text)
        or _LOOKS_BACK.match(fold(text))
        or text.endswith("?")
    ):
        evidence.append("tells_state")
    elif (
        subject_end is not None and stance != "proposal" and told is None and _is_superior(text[head:subject_end])
    ) or (subject_end is not None and _PERSON_SAID.match(text, subject_end)):
        evidence.append("subject_did")
    elif subject_end is not None:
        predicate = fold(text[subject_end : subject_end + 120])
        evidence.append(_after_subject(predicate))
        if evidence[-1] == "subject_acts" and _opens(predicate.lstrip(_SPACES_AND_SIGNS), "urging", "phrases"):
            evidence.append("urged")
    elif (before := _NAMED_BEFORE.match(opening)) is not None:
        evidence.append(_after_subject(opening[before.end() :]))
    elif (stance == "order" or ordering) and (case := _IN_CASE.match(opening)) and _told_to(opening[case.end() :]):
        evidence.append("opens_with_verb")
    elif dated and stance != "background" and _PASSIVE_DUTY.match(opening):
        evidence.append("passive_duty")
    elif (
        (_tells_state(opening) and "asks_superior" not in evidence)
        or _states(opening)
        or (told is None and _retells(opening))
    ):
        evidence.append("tells_state")
    elif _opens_with_verb(text[head:], opening):
        evidence.append("opens_with_verb")
    elif _has_modal(opening):
        evidence.append("modal")
    elif told is None and not text.rstrip().endswith(":") and _TOLD_AS_DONE.match(opening):
        evidence.append("tells_state")
    else:
        evidence.append("no_verb")
    ordered = "orders" in evidence or (dated and "subject_acts" in evidence)
    asked = (
        stance == "background" and told is not None and told.kind != "quotes_order" and _ASKS.search(fold(text))
    )
    if asked or (stance == "background" and ordering and ordered):
        evidence.append("ordered_amid_background")
    elif stance is not None:
        evidence.append(f"under_{stance}")
    elif ordering:
        evidence.append("ordering_letter")
    if labelled:
        evidence.append("labelled")
    if dated and "subject_acts" in evidence:
        evidence.append("dated")
    score = weights["bias"] + sum(weights[name] for name in evidence)
    background = any(name in ("tells_state", "subject_did", "quotes_order") for name in evidence) and score <= 0
    return Verdict(score, tuple(evidence), modality, background)


def _core(text: str, mentions: Sequence[AgencyMention], opened_at: int = 0) -> int:
    """Where the sentence proper starts: after connectives and phrases put in front (`Để phục vụ …, `)."""
    dateline = _DATELINE.match(text)
    at = dateline.end() if dateline else opened_at
    for _ in range(4):
        folded = fold(text[at : at + LONGEST_FRONTED])
        skipped = len(folded) - len(folded.lstrip(_SPACES_AND_SIGNS))
        folded = folded[skipped:]
        connective = _opens(folded, "connective", "phrases")
        if connective == "riêng" and (comma := _end_of_fronted(text, at + skipped, mentions)) is not None:
            return comma  # `Riêng dự án X, Bộ A …`
        if (connective and connective not in ("và",)) or (connective and at == 0):
            rest = folded[len(connective) :]
            if rest[:1] in (",", ":", " ") and len(rest) > 1:
                at += skipped + len(connective) + 1
                continue
        date = _DATE_IN_FRONT.match(folded) or _RECURRENCE_IN_FRONT.match(folded)
        if date is not None:
            at += skipped + date.end()
            continue
        fronted = _opens(folded, "fronted", "phrases")
        if fronted in ("thực hiện", "triển khai", "hưởng ứng", "tiếp tục"):
            told = _subject_that_did(text, at + skipped, mentions)
            if told is not None:
                return told  # `Thực hiện Chương trình …, Bộ A đã xây dựng …`
        if fronted is None or _starts_with_mention(at + skipped, mentions) or _fronted_is_verb(fronted):
            return at + skipped
        comma = _end_of_fronted(text, at + skipped, mentions)
        if comma is None:
            return at + skipped
        at = comma
    return at


# `Đến 31/12/2025 thực hiện …`, `Trước ngày 15/4/2026, Bộ A …`, `Trong quý II/2026: …`
_DATE_IN_FRONT = re.compile(
    r"(?:(?:(?:tháng|quý) [\divx]{1,4}(?:/\d{4}| năm \d{4})?|năm \d{4}), )|"
    r"(?:từ |trước |đến |vào )?(?:\d{1,2} ?(?:giờ|h) ?(?:\d{2})?(?: phút)?,? )?"
    r"(?:chậm nhất|muộn nhất|trước|đến|từ|trong|vào|hết|là|\s){1,6}(?:(?:ngày|tháng|quý|năm)\s)?"
    r"(?:\d{1,4}|[ivx]{1,3})(?:[/.-]\d{1,4}){0,2}(?:\s(?:tháng|năm|quý)\s[\divx/]{1,7}){0,2}[,:]?\s"
)


# `Chiều thứ Sáu hằng tuần Sở A …`, `Định kỳ hằng quý, …`
_RECURRENCE_IN_FRONT = re.compile(
    r"(?:(?:sáng|chiều|tối|trước|vào|định kỳ|\d{1,2} ?(?:giờ|h)\d{0,2})\s){0,3}"
    r"(?:(?:thứ \w{1,4}|chủ nhật|ngày \d{1,2})\s)?"
    r"(?:hằng|hàng|mỗi) (?:ngày|tuần|tháng|quý|năm)[,:]?\s"
    r"(?:(?:trước|vào|chậm nhất) ngày \d{1,2}(?:/\d{1,2})?(?: của tháng cuối quý| tháng sau)?[,:]?\s)?"
)


def _subject_that_did(text: str, start: int, mentions: Sequence[AgencyMention]) -> int | None:
    """Where a body stands behind a comma that has done something, or makes known what it does."""
    for mention in mentions:
        if mention.start is None or mention.end is None or mention.start > start + LONGEST_FRONTED:
            continue
        if text[max(0, mention.start - 2) : mention.start].strip() != ",":
            continue
        predicate = fold(text[mention.end : mention.end + 120])
        if _after_subject(predicate) == "subject_did" or _opens(predicate.strip(), "aspect", "announcing"):
            return mention.start
    return None


def _fronted_is_verb(fronted: str) -> bool:
    """Whether a phrase of the fronted list is a directive's own verb here (`Tiếp tục rà soát …`)."""
    return fronted in ("tiếp tục", "thực hiện", "triển khai", "giao", "hưởng ứng", "phấn đấu", "từng", "riêng")


def _end_of_fronted(text: str, start: int, mentions: Sequence[AgencyMention]) -> int | None:
    """Where the clause after a fronted phrase starts: after the comma or colon that a body or a verb follows."""
    limit = min(len(text), start + LONGEST_FRONTED)
    last: int | None = None
    for place in range(start, limit):
        if text[place] not in ",:" and not text.startswith(" thì ", place):
            continue
        following = place + (5 if text[place] == " " else 1 + (text[place + 1 : place + 2] == " "))
        first = text.find(",", start, place)
        if first >= 0 and _DONE.search(fold(text[first:place])):
            return (
                first + 2
            )  # `Trong buổi sáng, các lực lượng đã cứu 14 người, triển khai …`: what was done goes on
        rest = fold(text[following : following + 60])
        mention = _starts_with_mention(following, mentions)
        inside = any((m.start or 0) < place < (m.end or 0) for m in mentions)
        if inside:
            continue
        if (
            mention is not None
            and _after_subject(fold(text[mention.end : (mention.end or 0) + 120])) == "subject_acts"
        ):
            return following
        if _opens(rest, "order", "verbs") or _opens(rest, "modal", "phrases"):
            return following
        if last is None and _opens(rest, "verbs", "phrases"):
            last = following
    return last


# `… các lực lượng đã cứu …`: some subject, no body of ours, has done or is doing something.
_TOLD_AS_DONE = re.compile(
    r"(?:(?!cần|phải|khẩn trương|đề nghị|yêu cầu)\w+\s){1,12}(?:đã|đang|vừa)\s(?!được giao|ban hành|có hiệu)"
)
_DONE = re.compile(r"(?<!\w)(?:đã|đang|vừa)(?!\w)")


def _is_superior(subject: str) -> bool:
    """Whether a subject is one that gives orders rather than takes them (`Thủ tướng Chính phủ`)."""
    return _phrases("order", "superior").fullmatch(fold(subject).strip(_SPACES_AND_SIGNS)) is not None


def _starts_with_mention(place: int, mentions: Sequence[AgencyMention]) -> AgencyMention | None:
    return next((m for m in mentions if m.start is not None and abs(m.start - place) <= 1), None)


def _subject_end(text: str, head: int, mentions: Sequence[AgencyMention]) -> int | None:
    """Where a subject of bodies at the head of the sentence ends; None where no body is the subject."""
    end: int | None = None
    for mention in mentions:
        if mention.start is None or mention.end is None or mention.end <= head:
            continue
        gap = text[head if end is None else end : mention.start]
        joined = len(gap) <= LONGEST_JOINT and _JOINED.fullmatch(fold(gap)) is not None
        if not joined and not (end is not None and mention.start < end):
            break
        end = max(end or 0, mention.end)
    if end is None:
        return None
    bracket = re.match(r"\s?\([^()]{1,160}\)", text[end:])
    return end + bracket.end() if bracket else end


_JOINED = re.compile(
    r"\s*(?:(?:các |những )?(?:đồng chí|lãnh đạo|đ/c|người đứng đầu|thủ trưởng|chủ tịch|bộ trưởng|giám đốc)?"
    r"|[,;]|và|cùng|hoặc|,? ?và(?: các)?|\d{1,3}|từng|mỗi|toàn bộ)*\s*"
)


# `Bộ A, theo chức năng, nhiệm vụ được giao, …`: says nothing of what is done.
_COMPETENCE = re.compile(
    r"[\s,]{0,2}(?:trong phạm vi|theo|căn cứ|trên cơ sở)\s.{0,80}?"
    r"(?:được giao|được phân công|quyền hạn|quản lý|của mình|thẩm quyền)(?!\w)[\s,]{0,2}"
)


def _after_subject(folded: str) -> str:
    """What follows a subject of bodies: a directive's verb, or the telling of a result."""
    competence = _COMPETENCE.match(folded)
    folded = folded[competence.end() :] if competence else folded
    rest = folded.lstrip(_SPACES_AND_SIGNS)
    if rest.startswith("căn cứ ") or _IS_IN_CHARGE.match(rest):
        return "subject_acts"  # `Các bộ căn cứ Phụ lục để …`
    for _ in range(3):
        aspect = _opens(rest, "aspect", "phrases")
        modal = _opens(rest, "modal", "phrases")
        if _TOLD_PASSIVELY.match(rest):
            return "subject_acts"
        if aspect and len(aspect) >= len(modal or ""):
            # `Các đơn vị chưa gửi báo cáo thì phải gửi ngay …`: who has not done it is told to.
            return "subject_acts" if _WANTING_TOLD.match(rest) else "subject_did"
        if modal or _opens(rest, "verbs", "phrases") or _opens(rest, "order", "verbs"):
            return "subject_acts"
        # An apposition or a phrase between subject and verb: `Bộ A, theo chức năng được giao, …`, `… có biển`.
        comma = rest.find(",", 0, 90)
        if comma < 0:
            break
        rest = rest[comma + 1 :].lstrip()
    window = folded[:110]
    aspect_found = _phrases("aspect", "phrases").search(window)
    modal_found = _phrases("modal", "phrases").search(window)
    verb_found = _phrases("verbs", "phrases").search(window)
    acts = min((m.start() for m in (modal_found, verb_found) if m), default=None)
    if acts is None:
        return "subject_acts" if _opens_with_unknown_verb(folded.lstrip(_SPACES_AND_SIGNS)) else "subject_only"
    return "subject_did" if aspect_found and aspect_found.start() < acts else "subject_acts"


_IS_IN_CHARGE = re.compile(
    r"là (?:cơ quan|đơn vị|đầu mối)(?: \w+){0,2}? (?:chủ trì|đầu mối|thường trực|chịu trách nhiệm)"
)
_WANTING_TOLD = re.compile(
    r"(?:chưa|còn|chậm|không)\s[^.;]{2,110}?[\s,]"
    r"(?:(?:thì )?(?:phải|cần)(?! có)|khẩn trương|nghiêm túc|có trách nhiệm)\s\w"
)
# A plan or decision that speaks of itself.
_ANNOUNCES = re.compile(
    r"ban hành (?:Kế hoạch|Chương trình|Hướng dẫn|Quy chế|Chỉ thị|Quyết định|Kết luận)(?! của)[^.;]{0,90}"
    r"(?:nội dung|như sau|sau đây|dưới đây)"
)
# `Trường hợp đã chi sai thì lập danh sách …`: what to do in a case.
_IN_CASE = re.compile(r"(?:trường hợp|nếu|(?:\w+ ){1,3}nào|khi)\s[^.;]{3,180}? thì ")
# An asking that stands amid an account of how things are.
_ASKS = re.compile(r"(?<!\w)(?:(?:kính |trân trọng )?(?:đề nghị|kiến nghị|kính trình|trình)|xin) (?:đồng chí )?\w")
# Nobody is named, but it is to be done by a day: `Kết quả được tổng hợp, gửi về Bộ trước ngày …`.
_PASSIVE_DUTY = re.compile(
    r"(?!.{0,200}(?<!\w)(?:đã|đang|vừa|chưa)\s)[^.;:]{5,200}?\s(?:phải(?: được)?|cần(?: được)?|được) "
    r"(?!giao|hưởng|phép|coi|xem là|gọi)\w"
)
# `Phấn đấu đến năm 2030: tỷ lệ … đạt trên 98 %`: an aim of a plan, no duty of somebody.
_AIMS = re.compile(
    r"(?:phấn đấu|mục tiêu)(?: đến [^,:]{3,30})?[:,]?\s(?:tỷ lệ|tối thiểu|ít nhất|trên|có|đạt|\d)"
    r"[^.;]{0,160}(?:%|đạt|trên)"
)
# `Kiến nghị kéo dài … là không phù hợp`: a judgement on something.
_STATED = re.compile(
    r"(?:việc|kiến nghị|đề nghị|đề xuất|phương án|nội dung) [^.;:]{8,220}? là "
    r"(?:không|chưa|phù hợp|đúng|cần thiết|có cơ sở)"
)
# `Đến nay, … mới nhận được …`
_UP_TO_NOW = re.compile(
    r"(?:đến nay|tính đến nay|hiện nay)(?!.{0,300}(?<!\w)(?:cần|phải|đề nghị|yêu cầu|giao|khẩn trương)(?!\w))"
)
# `Qua hơn ba năm thực hiện Chỉ thị …, nhận thức … có chuyển biến`
_LOOKS_BACK = re.compile(
    r"(?:qua|sau|trong)\s(?:hơn |gần |những |các )?\w+ (?:năm|tháng|tuần|quý)\s"
    r"(?:thực hiện|triển khai|vận hành|tổ chức|qua)(?!\w)"
)
# What somebody said of how things are, in a report.
_REPORTS = re.compile(r"(?<!\w)(?:cho biết|cho rằng|cho hay|nhận thấy|bày tỏ|phản ánh|mong muốn)(?!\w)")
# `Phó Chủ tịch Ủy ban … Nguyễn Văn An cho biết …`: a person's name between a body and what he said.
_PERSON_SAID = re.compile(
    r"(?:\s[A-ZĐÀ-ỸƯƠ][\w’']{0,7}){2,5},?\s(?:báo cáo|cho biết|cho rằng|cho hay|nói|kiến nghị|thông tin|chia sẻ"
    r"|phản ánh|nhận định"
    r"|đề xuất|bày tỏ|khẳng định|hứa|cam kết)(?!\w)"
)
# `Sở A được yêu cầu rà soát …`: reported speech gives the order in the passive.
_TOLD_PASSIVELY = re.compile(
    r"(?:cũng |sẽ )?được (?:yêu cầu|đề nghị|phân công|chỉ đạo|giao)(?: tiếp tục| khẩn trương| chủ trì| phối hợp)?"
    r" (?!nhiệm vụ|tại|trong|theo|quản lý)\w"
)
# `(TTXVN) - `, `Cần Thơ - `: where a report was written from.
_DATELINE = re.compile(
    r"(?:\([^()]{2,40}\)|[A-ZĐ][\w.]{1,12}(?: [A-ZĐ][\w.]{0,12}){0,3},? ?(?:ngày )?\d{0,2}/?\d{0,2})\s?[-–—]\s"
)
# `đơn vị này`, `các cơ quan trên`: the bodies named before.
_NAMED_BEFORE = re.compile(
    r"(?:bộ|sở|tỉnh|thành phố) (?=cũng được|được (?:giao|yêu cầu|đề nghị)|phải|cần|có trách nhiệm)"
    r"|(?:các |hai |những )?(?:đơn vị|cơ quan|địa phương|sở|bộ|ngành|doanh nghiệp)"
    r" (?:này|trên|nói trên|nêu trên)\s"
)


def _told_to(rest: str) -> bool:
    """Whether what follows is a verb of directives, or says that something must be done."""
    return (_opens(rest, "verbs", "phrases") or _opens(rest, "modal", "phrases")) is not None


def _states(opening: str) -> bool:
    """Whether a sentence names an aim, or judges something."""
    return _AIMS.match(opening) is not None or _STATED.match(opening) is not None


def _retells(opening: str) -> bool:
    """Whether a sentence retells what somebody said of how things are."""
    return _opens(opening, "verbs", "phrases") is None and _REPORTS.search(opening[:220]) is not None


def _tells_state(opening: str) -> bool:
    """Whether a sentence opens by telling how things are (`Đến nay …`, `Có 12 …`), no verb starting there."""
    state = _opens(opening, "aspect", "openings")
    verb = _opens(opening, "verbs", "phrases")
    return state is not None and (verb is None or len(verb) <= len(state))


def _ends_as_speech(text: str) -> bool:
    """Whether a sentence ends by telling who said it (`“…”, Bộ trưởng nhấn mạnh.`)."""
    end = fold(text[-24:]).rstrip(" .…\"”'")
    if text[:1] in "“‘" and "”" not in text:
        return True  # the beginning of a quotation that goes on
    if _speaks_of_oneself(text):
        return True
    quoted = text[:1] in "\"“‘'" or "”" in text[-60:]
    return quoted and any(end.endswith(verb) for verb in _folded_set("aspect", "reporting"))


# `“Bộ A phải làm xong trong tháng này”, Phó Thủ tướng nói.`, or the beginning of words that go on.
_QUOTED = re.compile(
    r"[“\"](?:Tôi (?=đề nghị|yêu cầu|giao))?(?P<words>[^“”\"]{10,600})"
    r"(?:[”\"](?:[\s,.–-]{0,4}(?:ông|bà|đồng chí|phó thủ tướng|thủ tướng|bộ trưởng|thứ trưởng|chủ tịch"
    r"|phó chủ tịch|bí thư|người đứng đầu)[^.;:]{0,80})?)?\.?",
    re.IGNORECASE,
)


def _tells_body(told: Order, mentions: Sequence[AgencyMention]) -> bool:
    """Whether an order names at once who is told (`Tôi đề nghị Bộ A …`)."""
    return any(m.start is not None and told.told_at <= m.start <= told.told_at + 4 for m in mentions)


def _says_who_acts(words: str, mentions: Sequence[AgencyMention]) -> bool:
    """Whether words quoted tell a body what to do, by an order or as its subject."""
    told = order(words, mentions)
    if told is not None and told.kind == "orders" and told.start == 0 and _tells_body(told, mentions):
        return True
    end = _subject_end(words, 0, mentions)
    if end is None or _is_superior(words[:end]):
        return False
    predicate = fold(words[end : end + 120])
    return _after_subject(predicate) == "subject_acts" and _TOLD_AS_DONE.match(fold(words)) is None


def _moved(mentions: Sequence[AgencyMention], start: int, end: int) -> tuple[AgencyMention, ...]:
    """The mentions within a stretch of text, with offsets in it."""
    return tuple(
        msgspec.structs.replace(m, start=m.start - start, end=m.end - start)
        for m in mentions
        if m.start is not None and m.end is not None and start <= m.start and m.end <= end
    )


def _speaks_of_oneself(text: str) -> bool:
    """Whether a sentence is a speaker's own words (`Tôi đề nghị …`), which no letter holds."""
    return text.lstrip("“\"'").startswith(("Tôi ", "Chúng ta ", "Chúng tôi "))


def _in_bracket(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


def addressed(text: str, mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
    """The bodies that a phrase put in front addresses (`Đối với các địa phương, đề nghị rà soát …`)."""
    front = _CONCERNING.match(fold(text))
    if front is None:
        return ()
    named = [m for m in mentions if m.start == front.end() and m.end is not None]
    return tuple(m for m in named if text[m.end : (m.end or 0) + 1] in (",", ":"))


_CONCERNING = re.compile(r"đối với ")


def _opens_with_verb(text: str, opening: str) -> bool:
    """Whether a unit opens with an action verb: by the list, by part of speech where the list is no help."""
    verb = _opens(opening, "verbs", "phrases") or _opens(opening, "modal", "phrases")
    if verb is not None and verb not in _folded_set("verbs", "ambiguous"):
        return True
    fronted = _opens(opening, "fronted", "phrases")
    if fronted is not None and not _fronted_is_verb(fronted):
        return False
    return _opens_with_unknown_verb(text) or _goes_on_with_verb(text, opening)


def _goes_on_with_verb(text: str, opening: str) -> bool:
    """Whether a word or two that no list knows are joined by a verb of directives (`Phúc tra, nắm chắc …`)."""
    joined = _ANOTHER_VERB.match(text)
    if joined is None or not text[joined.end() : joined.end() + 1].islower():
        return False  # `Phòng bệnh, Quản lý Dược`: names
    verb = _opens(opening[joined.end() :], "verbs", "phrases")
    return verb is not None and verb not in _folded_set("verbs", "ambiguous")


_ANOTHER_VERB = re.compile(r"[\s–-]{0,3}\w+(?: \w+){0,2}, ")


def _opens_with_unknown_verb(text: str) -> bool:
    """Whether text opens with a verb by its part of speech."""
    sample = " ".join(text[:OPENING_CHARACTERS].split()[:OPENING_WORDS])
    return nlp.opens(sample, _opening_patterns()) is not None


@cache
def _opening_patterns() -> "Matcher":
    return nlp.matcher({rule["id"]: rule["tokens"] for rule in _data()["opening"]})


def _has_modal(opening: str) -> bool:
    """Whether the main clause says that something is to be done (`… cần được …`, `… phải …`)."""
    return (
        re.search(r"(?<!\w)(?<!đã )(?<!đang )(?:cần|phải|không được|nghiêm cấm|có trách nhiệm)(?!\w)", opening)
        is not None
    )


def order(text: str, mentions: Sequence[AgencyMention], *, retold: bool = False) -> Order | None:
    """How a sentence tells somebody to act, if it does.

    An order verb counts where a body, or the superior that is to give the order, follows it at once. An account
    that is `retold` says `đã yêu cầu` of orders just given.
    """
    folded = fold(text)
    quoted: Order | None = None
    for verb in _phrases("order", "verbs").finditer(folded):
        if any((m.start or 0) < verb.start() < (m.end or 0) for m in mentions):
            continue  # `Bộ Ngoại giao`
        before = folded[max(0, verb.start() - 90) : verb.start()]
        if _not_an_order().search(before) and not _DELEGATION.search(before):
            continue
        told_at = verb.end() + len(_TO_WHOM.match(folded, verb.end()).group())  # type: ignore[union-attr]
        superior = _opens(folded[told_at:], "order", "superior")
        if superior and verb.group() in _folded_set("order", "asking"):
            end = told_at + len(superior)
            while (joined := re.match(r"\s?(?:,|và)\s", folded[end:])) and (
                more := _opens(folded[end + joined.end() :], "order", "superior")
            ):
                end += joined.end() + len(more)  # `kiến nghị Thủ tướng, Phó Thủ tướng:`
            after = folded[end : end + 60]
            if _phrases("order", "telling").search(after) or not after.strip(" .:,;"):
                return Order("asks_superior", verb.start(), verb.group(), told_at)
        told = any(
            m.start is not None
            and m.via != "reference"
            and _TOLD.fullmatch(folded, told_at, max(m.start, told_at))
            for m in mentions
            if (m.end or 0) > told_at and (m.start or 0) <= told_at + 12
        )
        to_do = verb.group() in ("đề nghị", "yêu cầu") and _opens(folded[told_at:], "verbs", "phrases")
        opens_list = verb.group() in ("đề nghị", "yêu cầu", "giao") and folded[verb.end() :].strip() == ":"
        if not (told or to_do or opens_list):
            continue
        if _PAST_ORDER.search(before) and not (retold and _JUST_ORDERED.search(before)):
            quoted = quoted or Order("quotes_order", verb.start(), verb.group(), told_at)
            continue
        return Order("orders", verb.start(), verb.group(), told_at)
    return quoted


def orderer(text: str, order: Order) -> str | None:
    """Who gives an order, as written, where it is one of those above (`Thủ tướng Chính phủ yêu cầu …`)."""
    folded = fold(text[: order.start])
    found = [m for m in _phrases("order", "superior").finditer(folded) if order.start - m.end() <= NEAREST_ORDERER]
    if not found or re.search(r"[,;.:]", folded[found[-1].end() :]):
        return None
    return text[found[-1].start() : found[-1].end()]


def superior(text: str) -> str | None:
    """The first of those who give orders that a text names, as written."""
    found = _phrases("order", "superior").search(fold(text))
    return text[found.start() : found.end()] if found else None


@cache
def _not_an_order() -> re.Pattern[str]:
    """Words right before an order verb that make it a noun (`theo yêu cầu`) or another's act."""
    words = sorted(_folded_set("order", "not_after"), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")\s$")


# `người đứng đầu đoàn công tác yêu cầu …`: a delegation speaks, no kind of work.
_DELEGATION = re.compile(r"(?<!\w)(?:đoàn|tổ) (?:công tác|kiểm tra|giám sát)\s$")
_TOLD = re.compile(r"(?:cho |tới |đến |các |những |từng |một số |thủ trưởng |chủ tịch )*")
_TO_WHOM = re.compile(r"[\s:]{0,3}(?:các |quý )?(?:đồng chí |đ/c )?(?:lãnh đạo )?")
# What was ordered before: `đã kết luận giao A`, `… của Chính phủ giao A`, `Thủ tướng … tiếp tục giao A`.
_PAST_ORDER = re.compile(
    r"(?<!\w)(?:(?:đã|từng)(?:\s\w+){0,4}"
    r"|của (?:chính phủ|thủ tướng chính phủ|thủ tướng|quốc hội|ban chỉ đạo)"
    r"|(?:chính phủ|thủ tướng chính phủ|thủ tướng|phó thủ tướng)(?:\s\w+){0,6} tiếp tục"
    r"|(?<!\w)có (?:công văn|tờ trình|công điện)[^;.:]{0,70}"
    r"|(?:theo|tại) (?:thông báo|kết luận|nghị quyết|quyết định|công văn|chỉ thị|công điện)[^,;.:]{0,60})\s$"
)


_JUST_ORDERED = re.compile(
    r"^(?!.*(?<!\w)(?:từng|năm ngoái|trước đó|năm \d{4})(?!\w)).*(?<!\w)(?:đã|vừa)(?:\s\w+){0,2}\s$"
)


# --- Joining sentences into tasks ------------------------------------------------------------------------------


def group(parts: Sequence[Sentence], inherited: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """The tasks of a paragraph as ranges of `parts` (first, after last); `inherited` leads act where none do.

    A run of sentences with one actor is one task; it ends with a sentence that carries its own deadline, before
    one that opens with a date, and before one with other leads. What only states a deadline belongs to what
    stands before it; results and background before, between and after are left out.
    """
    tasks: list[tuple[int, int]] = []
    first: int | None = None
    leads: frozenset[str] = frozenset()
    closed = False

    def close(end: int) -> None:
        nonlocal first, closed
        if first is not None:
            tasks.append((first, end))
        first, closed = None, False

    for place, part in enumerate(parts):
        if part.only_deadline:
            if first is None and tasks and tasks[-1][1] == place:
                first, _ = tasks.pop()
            close(place + 1)
        elif not part.verdict.task:
            if part.verdict.background or first is None:
                if not (part.follows and not closed and first is not None):
                    close(place)
            elif part.dated:
                close(place + 1)
        else:
            other = bool(part.leads) and bool(leads) and part.leads != leads
            if first is not None and (other or part.opens_dated or part.apart):
                close(place)
            if first is None:
                first, leads = place, part.leads or inherited
            leads = leads or part.leads
            if part.dated:
                close(place + 1)
    close(len(parts))
    return tasks
