"""The same task in several letters: urged again, reported overdue, split, or given a new deadline.

Two steps. `keys` of a text are what two mentions of a task are likely to share; the database looks up by them, so
that a task is never held against all others. `compare` weighs two tasks that share keys: wording, leads, the
document that assigned them, deadlines. Pure; weights and word lists are data (`data/linking.toml`).
"""

import datetime
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Literal

import msgspec

from extractors.tones import bare

Level = Literal["exact", "likely", "possible"]

LIKELY = 0.85
"""Confidence from which a link is shown as one; below it is only offered."""

LIKELY_ALONE = 0.7
"""The same of two tasks by themselves, where no other pair of the two letters is clearly ahead of them."""

POSSIBLE = 0.35
"""Confidence from which a link is offered at all."""

OUTDONE = 0.5
"""How far another pair of the two letters may be ahead for two tasks still to be judged by themselves."""

EXACT = 0.9
"""Share of common matter from which the wording counts as the same."""

_WORD = re.compile(r"[a-z0-9]+")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_LEAST_SHARED = 3.0
"""Weight of shared words of their own below which two texts share too little to be told from others."""

_MOST_SHARED = 8.0
"""Weight of shared words from which more of them say no more."""


class Linkable(msgspec.Struct, frozen=True):
    """A task as far as linking needs it. `letter` and `section` say where it stands: neighbours are seldom one."""

    task_id: str
    text: str
    letter: str = ""
    section: str = ""
    leads: tuple[str, ...] = ()
    coops: tuple[str, ...] = ()
    source_doc: str | None = None
    deadline_text: str | None = None
    due: datetime.date | None = None
    symbol: str | None = None
    """Number and symbol of the task's own letter (`12/KH-UBND`)."""
    cites: frozenset[str] = frozenset()
    """Numbers and symbols of the letters that its own letter refers to."""


class Link(msgspec.Struct, frozen=True):
    """That two tasks are one: how sure (`level`, `confidence` 0 to 1) and why (`reasons`, codes)."""

    task: str
    other: str
    level: Level
    confidence: float
    reasons: tuple[str, ...]


class _Weights(msgspec.Struct, frozen=True):
    nothing: frozenset[str]
    formulas: dict[str, tuple[tuple[str, ...], ...]]
    """Phrases without matter by their first word, the longest first."""
    own_letter: re.Pattern[str]
    accounts: re.Pattern[str]
    common: frozenset[str]
    common_weight: float
    number_weight: float
    guides: tuple[tuple[str, ...], ...]
    short_forms: dict[str, tuple[str, ...]]
    evidence: dict[str, float]
    alone: dict[str, float]
    reported: tuple[tuple[str, re.Pattern[str]], ...]
    progress: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _weights() -> _Weights:
    data = tomllib.loads(resources.files("extractors").joinpath("data/linking.toml").read_text("utf-8"))
    return _Weights(
        nothing=frozenset(_folded(data["nothing"])),
        formulas=_by_first_word(_folded(phrase) for phrase in data["formulas"]),
        own_letter=re.compile(data["own_letter"]),
        accounts=re.compile(data["accounts"]),
        common=frozenset(_folded(data["common"])),
        common_weight=data["common_weight"],
        number_weight=data["number_weight"],
        guides=tuple(_folded(phrase) for phrase in data["guides"]),
        short_forms={_folded(short)[0]: _folded(full) for short, full in data["short_forms"].items()},
        evidence=data["evidence"],
        alone=data["alone"],
        reported=tuple((rule["state"], re.compile("|".join(rule["patterns"]))) for rule in data["reported"]),
        progress=tuple((rule["state"], re.compile("|".join(rule["patterns"]))) for rule in data["progress"]),
    )


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


def _folded(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without diacritics, y as i (`sỹ`, `sĩ`)."""
    return tuple(_WORD.findall(bare(_THOUSANDS.sub("", text.lower())).replace("y", "i")))


@lru_cache(maxsize=16384)
def matter(
    text: str, deadline_text: str | None = None, bodies: tuple[str, ...] = ()
) -> dict[tuple[str, ...], float]:
    """What a task is about: words and pairs of neighbouring words with their weights.

    The deadline's words are left out, for that is what a later letter changes, and the names of its bodies and of
    the papers it refers to, which are compared by themselves.
    """
    w = _weights()
    for known in (deadline_text, *bodies):
        if known:
            text = text.replace(known, " ")
    words = _words_of_matter(_SYMBOL.sub(" ", text), w)
    weight = {word: _weight(word, w) for word in words}
    found: dict[tuple[str, ...], float] = {(word,): weight[word] for word in words}
    for pair in pairwise(words):
        found[pair] = (weight[pair[0]] + weight[pair[1]]) / 2
    return found


def _words_of_matter(text: str, w: _Weights) -> list[str]:
    """The words of a text, short forms written out, without those that carry no matter."""
    words = [full for word in _folded(text) for full in w.short_forms.get(word, (word,))]
    kept, n = [], 0
    while n < len(words):
        formula = next((f for f in w.formulas.get(words[n], ()) if tuple(words[n : n + len(f)]) == f), None)
        if formula is None and words[n] not in w.nothing:
            kept.append(words[n])
        n += len(formula or (1,))
    return kept


def _weight(word: str, w: _Weights) -> float:
    if word.isdigit():
        return w.number_weight if len(word) > 1 else 0.5
    return w.common_weight if word in w.common else 1.0


def compare(a: Linkable, b: Linkable) -> Link | None:
    """Whether two tasks are one; None where nothing much speaks for it. The same whichever comes first."""
    measured = wording(matter_of(a), matter_of(b))
    if measured is None:
        return None
    return link(a, b, measured | {"other_years": float(years_differ(a, b))}, reasons(a, b, measured))


def chance(a: Linkable, b: Linkable) -> float:
    """The probability that two tasks are one, by themselves."""
    measured = wording(matter_of(a), matter_of(b))
    return 0.0 if measured is None else _probability(log_odds(measured, reasons(a, b, measured), alone=True))


def link(a: Linkable, b: Linkable, measured: Mapping[str, float], codes: Sequence[str]) -> Link | None:
    """The link that measures of two tasks, and codes of what else speaks for or against it, come to."""
    beside, alone = (_probability(log_odds(measured, codes, alone=alone)) for alone in (False, True))
    if measured.get("outdone", 0.0) >= OUTDONE or measured["other_years"]:
        alone = 0.0
    confidence = round(max(beside, alone), 4)
    if confidence < POSSIBLE:
        return None
    covered, alike = measured["covered"], measured["alike"]
    how = "same_wording" if alike >= EXACT else "part_of_wording" if covered - alike > 0.35 else "like_wording"
    # Whoever guides does another task, however alike the words: only a person may link the two.
    level: Level = (
        "likely" if (beside >= LIKELY or alone >= LIKELY_ALONE) and "other_role" not in codes else "possible"
    )
    if level == "likely" and how == "same_wording" and not {"other_leads", "little_matter"} & set(codes):
        level = "exact"
    return Link(a.task_id, b.task_id, level, confidence, (how, *codes))


def may_be_one(a: Linkable, b: Linkable) -> bool:
    """Whether `compare` can link two tasks of which it is not known yet what their letters refer to."""
    measured = wording(matter_of(a), matter_of(b))
    if measured is None:
        return False
    codes, least = reasons(a, b, measured), math.log(POSSIBLE / (1 - POSSIBLE))
    for alone in (True, False):
        evidence = _weights().alone if alone else _weights().evidence
        best = max(evidence[code] for code in ("names_the_letter", "letter_cites_it"))
        if log_odds(measured, codes, alone=alone) + best >= least:
            return True
    return False


def log_odds(measured: Mapping[str, float], codes: Iterable[str], *, alone: bool = False) -> float:
    """How much speaks for two tasks being one, of the evidence for and against it.

    `alone`: as if their letters had no other tasks.
    """
    evidence = _weights().alone if alone else _weights().evidence
    score = evidence["bias"] + sum(evidence.get(name, 0.0) * value for name, value in measured.items())
    return score + sum(evidence[code] for code in codes)


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def wording(one: dict[tuple[str, ...], float], other: dict[tuple[str, ...], float]) -> dict[str, float] | None:
    """How much matter two texts have in common, each 0 to 1; None: nothing.

    `covered` is the share of the shorter text's matter found in the longer, `alike` the share common to both;
    `own_covered` and `own_alike` the same of words that are not words of every task, and `own_shared` how much
    there is of those.
    """
    common = sum(weight for feature, weight in one.items() if feature in other)
    if not common:
        return None
    own, others = _own_words(one), _own_words(other)
    shared = sum(weight for word, weight in own.items() if word in others)
    least, both = sorted((sum(one.values()), sum(other.values())))
    own_least, own_both = sorted((sum(own.values()), sum(others.values())))
    return {
        "covered": common / least,
        "alike": common / (least + both - common),
        "own_covered": shared / own_least if own_least else 0.0,
        "own_alike": shared / (own_least + own_both - shared) if own_both else 0.0,
        "own_shared": min(shared, _MOST_SHARED) / _MOST_SHARED,
    }


def reasons(a: Linkable, b: Linkable, measured: dict[str, float]) -> list[str]:
    """What beside the wording speaks for and against two tasks being one, as codes of the evidence."""
    # Within one letter the same paper and the same day are what its tasks have in common.
    codes = [*_about_leads(a, b), *(_about_papers(a, b) if a.letter != b.letter else ())]
    if measured["own_shared"] * _MOST_SHARED < _LEAST_SHARED:
        codes.append("little_matter")
    numbers = _numbers(matter_of(a)), _numbers(matter_of(b))
    # What one of several bodies has to do of the whole is counted by itself.
    if (
        not {"lead_of_its_kind", "one_of_the_leads"} & set(codes)
        and numbers[0] - numbers[1]
        and numbers[1] - numbers[0]
    ):
        codes.append("other_numbers")
    if _accounts(a.text) != _accounts(b.text):
        codes.append("accounts_for_it")
    if "same_leads" not in codes and _guides(a.text) != _guides(b.text):
        codes.append("other_role")
    if any(_weights().own_letter.search(task.text.lower()) for task in (a, b)):
        codes.append("of_its_letter")
    if a.letter == b.letter:
        codes.append("same_section" if a.section == b.section else "same_letter")
    return codes


def own_words(task: Linkable) -> list[str]:
    """The words of a task that are not words of every task."""
    return list(_own_words(matter_of(task)))


def numbers_of(task: Linkable) -> set[str]:
    """The numbers of two digits and more a task is about."""
    return _numbers(matter_of(task))


def years_differ(a: Linkable, b: Linkable) -> bool:
    """Whether two tasks are about different years, deadlines aside."""
    one, other = (
        {
            re.sub(r"\s?[-–]\s?", "-", year)
            for year in _YEAR.findall(task.text.replace(task.deadline_text or "\0", " "))
        }
        for task in (a, b)
    )
    return bool(one and other and not one & other)


def cites(a: Linkable, b: Linkable) -> bool:
    """Whether the letter of one task refers to that of the other."""
    return _is_one_of(a.symbol, b.cites) or _is_one_of(b.symbol, a.cites)


_YEAR = re.compile(r"năm(?: học)? (20[0-9]{2}(?:\s?[-–]\s?20[0-9]{2})?)")


def _own_words(features: dict[tuple[str, ...], float]) -> dict[str, float]:
    """The words of a text that are not words of every task."""
    common = _weights().common
    return {f[0]: weight for f, weight in features.items() if len(f) == 1 and f[0] not in common}


def matter_of(task: Linkable) -> dict[tuple[str, ...], float]:
    """What a task is about, as `matter` has it."""
    return matter(task.text, task.deadline_text, task.leads + task.coops)


def _about_leads(one: Linkable, other: Linkable) -> list[str]:
    """How the leads of two tasks agree; a collective (`Các bộ, ngành`) may hold a body.

    Of two bodies that work together each may be told to do so: the one leads in a task of its own.
    """
    if not one.leads or not other.leads:
        return []
    a, b = {name.casefold() for name in one.leads}, {name.casefold() for name in other.leads}
    if a == b:
        return ["same_leads"]
    if a < b or b < a:
        return ["one_of_the_leads"]
    if a & b:
        return ["some_same_lead"]
    if any(name.startswith("các ") for name in a | b):
        return ["lead_among_all"]
    if any(_is_of_kind(x, y) or _is_of_kind(y, x) for x in a for y in b):
        return ["lead_of_its_kind"]
    beside = {name.casefold() for name in one.coops}, {name.casefold() for name in other.coops}
    return ["lead_cooperates"] if a <= beside[1] and b <= beside[0] else ["other_leads"]


def _is_of_kind(name: str, kind: str) -> bool:
    """Whether a body is one of those a plural means: `ủy ban nhân dân xã A`, `ủy ban nhân dân các xã, phường`."""
    head, found, members = kind.partition(" các ")
    return bool(found) and any(name.startswith(f"{head} {member.strip()} ") for member in members.split(","))


def _about_papers(a: Linkable, b: Linkable) -> list[str]:
    """What papers and deadlines say: assigned by the same one, one letter named by the other, the same day."""
    codes = []
    one, other = symbol_of(a.source_doc), symbol_of(b.source_doc)
    if one and one == other:
        codes.append("same_source")
    elif _is_one_of(b.symbol, (one,)) or _is_one_of(a.symbol, (other,)):
        codes.append("names_the_letter")
    # A task whose own paper is named is of that one, whatever else its letter refers to.
    elif (one is None and _is_one_of(b.symbol, a.cites)) or (other is None and _is_one_of(a.symbol, b.cites)):
        codes.append("letter_cites_it")
    if a.due is not None and a.due == b.due:
        codes.append("same_deadline" if not _ends_a_quarter(a.due) else "same_quarter")
    return codes


def _is_one_of(symbol: str | None, cited: Iterable[str | None]) -> bool:
    own = symbol_of(symbol)
    return own is not None and own in cited


def _ends_a_quarter(day: datetime.date) -> bool:
    """Whether a day ends a quarter, as the deadlines of many tasks do."""
    return day.month % 3 == 0 and (day + datetime.timedelta(days=1)).day == 1


@lru_cache(maxsize=16384)
def _guides(text: str) -> bool:
    """Whether a task is to guide or press others: one of those verbs opens it, after words of haste."""
    w = _weights()
    words = _folded(text)
    openings = [n for n in range(min(len(words), _OPENING)) if all(word in w.common for word in words[:n])]
    return any(words[n : n + len(verb)] == verb for n in openings for verb in w.guides)


@lru_cache(maxsize=16384)
def _accounts(text: str) -> bool:
    """Whether a task is to account for work that was late, not to do it."""
    return _weights().accounts.search(unicodedata.normalize("NFC", text).lower()) is not None


_OPENING = 6
"""Words into a text within which its verb is looked for."""

_SYMBOL = re.compile(r"\d+(?:/\d{4})?\s*[-/]\s*[0-9A-ZĐ][0-9A-ZĐa-zđ]*(?:\s*[-/]\s*[0-9A-ZĐ][0-9A-ZĐa-zđ]*)*")


def symbol_of(text: str | None) -> str | None:
    """The number and symbol a document is named by, without spaces; None where there is none."""
    found = _SYMBOL.search(text) if text else None
    return re.sub(r"\s+", "", found[0]).casefold() if found else None


def reported(section: Sequence[str], progress: str | None = None) -> str | None:
    """What a letter reports of a task under a path of headings, None where it reports nothing.

    One of `done_in_time`, `done_late`, `not_done_in_time`, `not_done_late`; the innermost heading goes first. What
    the table itself says of the task's `progress`, where it is plain, goes before headings.
    """
    said = _heading_reports(section)
    words = " ".join(unicodedata.normalize("NFC", progress or "").lower().split())
    found = next((done for done, pattern in _weights().progress if pattern.fullmatch(words)), None)
    if found is None:
        return said
    if found.endswith("_late"):
        return found
    return found + ("_late" if said is not None and said.endswith("_late") else "_in_time")


def _heading_reports(section: Sequence[str]) -> str | None:
    for heading in reversed(section):
        words = " ".join(unicodedata.normalize("NFC", heading).lower().split())
        for state, pattern in _weights().reported:
            if pattern.search(words) and not ("chưa" in words and state.startswith("done")):
                return state
    return None


def neighbours(tasks: Sequence[Linkable]) -> list[tuple[int, int]]:
    """Pairs of tasks of one letter that are worth comparing: those that share some of their rarer matter."""
    holders: dict[tuple[str, ...], list[int]] = {}
    for n, task in enumerate(tasks):
        for feature in matter_of(task):
            if len(feature) == 2:
                holders.setdefault(feature, []).append(n)
    shared: dict[tuple[int, int], int] = {}
    for at in holders.values():
        # What many tasks of a letter share is its subject.
        if len(at) <= _FEW:
            for i, n in enumerate(at):
                for m in at[i + 1 :]:
                    shared[n, m] = shared.get((n, m), 0) + 1
    return [pair for pair, count in shared.items() if count >= _SHARED]


_FEW = 6
"""Tasks of one letter that may hold a pair of words for it still to tell them apart."""

_SHARED = 3
"""Pairs of words two tasks of one letter must share to be compared."""


def _numbers(features: dict[tuple[str, ...], float]) -> set[str]:
    return {f[0] for f in features if len(f) == 1 and f[0].isdigit() and len(f[0]) > 1}
