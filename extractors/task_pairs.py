"""Two tasks side by side: what they have in common, and what else speaks for and against their being one.

`measures` are numbers, `reasons` codes of evidence; what both are worth is said in `linking`. Pure; word lists are
data (`data/linking.toml`).
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations, product

import msgspec

from extractors import matter, task_leads, time_expressions
from extractors.citations import CAPITAL
from extractors.matter import folded, symbol_of

_LEAST_SHARED = 3.0
"""Weight of shared words of their own below which two texts share too little to be told from others."""


Measures = Mapping[str, float]
"""Measures of two tasks by name, each 0 to 1."""


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
    issued: datetime.date | None = None
    """Day of the task's own letter."""
    symbol: str | None = None
    """Number and symbol of the task's own letter (`12/KH-UBND`)."""
    cites: frozenset[str] = frozenset()
    """Numbers and symbols of the letters that its own letter refers to."""


class _Words(msgspec.Struct, frozen=True):
    own_letter: re.Pattern[str]
    place: re.Pattern[str]
    otherwise: re.Pattern[str]
    accounts: re.Pattern[str]
    amount: re.Pattern[str]
    rest: re.Pattern[str]
    no_names: frozenset[str]
    guides: tuple[tuple[str, ...], ...]


@cache
def _words() -> _Words:
    data = tomllib.loads(resources.files("extractors").joinpath("data/linking.toml").read_text("utf-8"))
    return _Words(
        own_letter=re.compile(data["own_letter"]),
        place=re.compile(data["place"]),
        otherwise=re.compile(data["otherwise"], re.DOTALL),
        accounts=re.compile(data["accounts"]),
        amount=re.compile(rf"([0-9][0-9.,]*) ?({data['units']})(?!\w)"),
        rest=re.compile(data["rest"]),
        no_names=frozenset(data["no_names"].split()),
        guides=tuple(folded(phrase) for phrase in data["guides"]),
    )


def measures(a: Linkable, b: Linkable) -> dict[str, float] | None:
    """What two tasks have in common, each 0 to 1; None: nothing."""
    common = matter.in_common(matter_of(a), matter_of(b))
    return None if common is None else common | {"other_period": float(periods_differ(a, b))}


def reasons(a: Linkable, b: Linkable, measured: Measures) -> list[str]:
    """What beside the wording speaks for and against two tasks being one, as codes of the evidence."""
    # Within one letter the same paper and the same day are what its tasks have in common.
    codes = [*about_leads(a, b), *(_about_papers(a, b) if a.letter != b.letter else ())]
    if measured["own_shared"] * matter.MOST_SHARED < _LEAST_SHARED:
        codes.append("little_matter")
    # What one of several bodies has to do of the whole is counted by itself.
    of_whole = bool({"lead_of_its_kind", "one_of_the_leads"} & set(codes))
    codes += _about_objects(a, b, of_whole=of_whole)
    if _accounts(a.text) != _accounts(b.text):
        codes.append("accounts_for_it")
    if "same_leads" not in codes and _guides(a.text) != _guides(b.text):
        codes.append("other_role")
    if _of_its_letter(a.text) or _of_its_letter(b.text):
        codes.append("of_its_letter")
    if a.letter == b.letter:
        codes.append("same_section" if a.section == b.section else "same_letter")
    return codes


def size(task: Linkable) -> float:
    """How much a task's text says."""
    return sum(matter_of(task).values())


def own_words(task: Linkable) -> list[str]:
    """The words of a task that are not words of every task."""
    return list(matter.own_words(matter_of(task)))


def numbers_of(task: Linkable) -> set[str]:
    """The numbers of two digits and more a task is about."""
    return matter.numbers(matter_of(task))


def periods_differ(a: Linkable, b: Linkable) -> bool:
    """Whether two tasks are about different years or rounds (`đợt 1`, `đợt 2`), deadlines aside."""
    return _differ(_periods(a), _periods(b))


@lru_cache(maxsize=16384)
def _periods(task: Linkable) -> dict[str, set[str]]:
    text = _without(task, task.deadline_text).lower()
    found = {"năm": {re.sub(r"\s?[-–]\s?", "-", year) for year in _YEAR.findall(text)}}
    for kind, number in _ROUND.findall(text):
        found.setdefault(kind, set()).add(number)
    return {kind: numbers for kind, numbers in found.items() if numbers}


def cites(a: Linkable, b: Linkable) -> bool:
    """Whether the letter of one task refers to that of the other."""
    return _is_one_of(a.symbol, b.cites) or _is_one_of(b.symbol, a.cites)


def matter_of(task: Linkable) -> matter.Features:
    """What a task is about."""
    return matter.features(task.text, task.deadline_text, task.leads + task.coops)


def about_leads(one: Linkable, other: Linkable) -> list[str]:
    """How the leads of two tasks agree.

    Of two bodies that work together each may be told to do so: the one leads in a task of its own.
    """
    if not one.leads or not other.leads:
        return []
    code = task_leads.agreement(one.leads, other.leads)
    if code is not None:
        return [code]
    a, b = ({name.casefold() for name in task.leads} for task in (one, other))
    beside = {name.casefold() for name in one.coops}, {name.casefold() for name in other.coops}
    if a <= beside[1] and b <= beside[0]:
        return ["lead_cooperates"]
    # Handed on: `giao … làm đầu mối thay Công an thành phố`.
    named = any(name in other.text.casefold() for name in a) or any(name in one.text.casefold() for name in b)
    return ["other_leads", "names_the_lead"] if named else ["other_leads"]


def parts_of_one(tasks: Iterable[Linkable]) -> set[frozenset[str]]:
    """Of tasks thought to be one, by their ids: those that are two parts of it, of bodies that a third names."""
    led: dict[tuple[str, ...], list[str]] = {}
    for task in tasks:
        led.setdefault(task.leads, []).append(task.task_id)
    parted: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for whole in led:
        parted.update(combinations((part for part in led if task_leads.is_part_of(part, whole)), 2))
    return {
        frozenset(pair)
        for one, other in parted
        if task_leads.have_none_in_common(one, other)
        for pair in product(led[one], led[other])
    }


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
    # A new deadline that tells the old one: `… thay cho thời hạn 15/01/2026`.
    elif a.due in _days(b.text) or b.due in _days(a.text):
        codes.append("names_the_deadline")
    elif a.due is not None and b.due is not None:
        codes.append(_moved(a, b))
    return codes


def _moved(a: Linkable, b: Linkable) -> str:
    """How two deadlines lie: that of the later letter is mostly the later one, by some months."""
    first, second = _in_order(a, b) or sorted((a, b), key=lambda task: task.due or datetime.date.min)
    assert first.due is not None and second.due is not None
    days = (second.due - first.due).days
    if days < 0:
        return "earlier_deadline"
    return "moved_deadline" if days <= _SOON else "far_deadline" if days > _FAR else "later_deadline"


def _in_order(a: Linkable, b: Linkable) -> tuple[Linkable, Linkable] | None:
    """Two tasks, that of the earlier letter first; None where that is not known."""
    if a.issued is None or b.issued is None or a.issued == b.issued:
        return None
    return (a, b) if a.issued < b.issued else (b, a)


def _about_objects(a: Linkable, b: Linkable, *, of_whole: bool) -> list[str]:
    """What speaks against two tasks being about one thing: other numbers of it, other names.

    What is left of a task, or one body's part of it, is less of the same thing: `kiểm tra nốt 640 hộ còn lại`.
    """
    codes = []
    first, second = _in_order(a, b) or (a, b)
    numbers = numbers_of(first), numbers_of(second)
    if not of_whole and numbers[0] - numbers[1] and numbers[1] - numbers[0]:
        smaller = max(map(int, numbers[1] - numbers[0])) < max(map(int, numbers[0] - numbers[1]))
        codes.append("smaller_numbers" if smaller and _in_order(a, b) else "other_numbers")
    rest = _words().rest
    if rest.search(a.text.lower()) or rest.search(b.text.lower()):
        codes.append("rest_of_it")
    elif not of_whole:
        if _differ(_amounts(a), _amounts(b)):
            codes.append("other_amounts")
        if _differ(_counted(a), _counted(b)):
            codes.append(
                "fewer_of_it" if _in_order(a, b) and _fewer(_counted(first), _counted(second)) else "other_counts"
            )
    names = _names(a), _names(b)
    if names[0] and names[1] and not names[0] & names[1]:
        codes.append("other_names")
    return codes


@lru_cache(maxsize=16384)
def _days(text: str) -> frozenset[datetime.date]:
    """The days a text names with their year, where it names more than its own deadline."""
    if len(_FULL_YEAR.findall(text)) < 2:
        return frozenset()
    found = time_expressions.scan(text, time_expressions.Reader(None))
    return frozenset(expression.date for expression in found if expression.date is not None)


@lru_cache(maxsize=16384)
def _amounts(task: Linkable) -> dict[str, set[str]]:
    """Amounts by their measure (`tỷ`, `%`), the deadline aside."""
    found: dict[str, set[str]] = {}
    for amount, unit in _words().amount.findall(_without(task, task.deadline_text)):
        found.setdefault(unit, set()).add(amount.strip(".,").replace(".", ""))
    return found


@lru_cache(maxsize=16384)
def _counted(task: Linkable) -> dict[str, set[str]]:
    """Numbers by what they count, two words of it, amounts aside: `58 chợ dân sinh`."""
    found: dict[str, set[str]] = {}
    text = _words().amount.sub(" … ", _without(task, task.deadline_text).lower())
    for number, things in _COUNTED.findall(text):
        found.setdefault(things, set()).add(number.replace(".", "").lstrip("0"))
    return found


def _differ(one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> bool:
    """Whether two texts tell other numbers of one thing."""
    return any(not one[thing] & other[thing] for thing in one.keys() & other.keys())


def _fewer(first: Mapping[str, set[str]], second: Mapping[str, set[str]]) -> bool:
    """Whether the second text counts fewer of whatever both count otherwise."""
    return all(
        max(map(int, second[thing])) < min(map(int, first[thing]))
        for thing in first.keys() & second.keys()
        if not first[thing] & second[thing]
    )


@lru_cache(maxsize=16384)
def _names(task: Linkable) -> frozenset[str]:
    """Proper names of two syllables and more within a task's text, bodies and papers aside."""
    names = (name.casefold() for name in _NAME.findall(_without(task, *task.leads, *task.coops)))
    return frozenset(name for name in names if name.split()[0] not in _words().no_names)


def _without(task: Linkable, *known: str | None) -> str:
    text = task.text
    for words in known:
        if words:
            text = text.replace(words, " … ")
    return text


def _is_one_of(symbol: str | None, cited: Iterable[str | None]) -> bool:
    own = symbol_of(symbol)
    return own is not None and own in cited


def _ends_a_quarter(day: datetime.date) -> bool:
    """Whether a day ends a quarter, as the deadlines of many tasks do."""
    return day.month % 3 == 0 and (day + datetime.timedelta(days=1)).day == 1


@lru_cache(maxsize=16384)
def _guides(text: str) -> bool:
    """Whether a task is to guide or press others: one of those verbs opens it, after words of haste."""
    common = matter.common_words()
    words = folded(text)
    openings = [n for n in range(min(len(words), _OPENING)) if all(word in common for word in words[:n])]
    return any(words[n : n + len(verb)] == verb for n in openings for verb in _words().guides)


@lru_cache(maxsize=16384)
def _accounts(text: str) -> bool:
    """Whether a task is to account for work that was late, not to do it."""
    words = _words()
    told = words.otherwise.sub("", unicodedata.normalize("NFC", text).lower())
    return words.accounts.search(told) is not None


@lru_cache(maxsize=16384)
def _of_its_letter(text: str) -> bool:
    """Whether a task is about its own letter: to report on it, to see it done."""
    words = _words()
    return words.own_letter.search(words.place.sub("", unicodedata.normalize("NFC", text).lower())) is not None


_OPENING = 6
"""Words into a text within which its verb is looked for."""

_COUNTED = re.compile(r"(?<![\w/.,-])([0-9]+(?:\.[0-9]{3})*) ([^\W\d]+ [^\W\d]+)")
_YEAR = re.compile(r"năm(?: học)? (20[0-9]{2}(?:\s?[-–]\s?20[0-9]{2})?)")
_ROUND = re.compile(r"(đợt|giai đoạn|vòng|học kỳ|lần thứ|khóa|gói thầu số) ([0-9]{1,2}|[ivx]{1,4})(?![\w/-])")
_SOON = 180
"""Days by which a deadline is moved as a rule at most."""

_FAR = 270
"""Days from which on another deadline is another round of the work."""

_FULL_YEAR = re.compile(r"20[0-9]{2}")
_NAME = re.compile(rf"(?<=[^\s.;:…] )[{CAPITAL}]\w*(?: [{CAPITAL}]\w*)+")
"""A capital within a sentence, at least two words long: neither its first word nor an abbreviation."""


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
