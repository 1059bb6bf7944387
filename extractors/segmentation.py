"""Where sentences and clauses begin and end in a paragraph."""

import re

from extractors import markers
from extractors.citations import CAPITAL
from extractors.phrases import fold
from extractors.titles import SPEAKERS

# A stop that ends a sentence is followed by a capital, a digit or an opening sign; these hold abbreviations apart.
SENTENCE_END = re.compile(rf"(?<=[.!?…])[\"”’)]?\s+(?=[\"“‘(]?[{CAPITAL}\d])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|tp|Q|P|TX|Th[Ss]|TS|GS|PGS|St|vs|v\.v|[A-ZĐ])\.$|(?:^|[.;:]\s)\d{1,2}\.$"
)
_CLAUSE_NUMBER = re.compile(
    r"(?<![\w/])(?:[(⁽]|(?:^|(?<=[;:,.]\s))(?=[a-eđ\d]\)\s))(?P<v>[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|[ivx]{1,5}|[a-eđ])[)⁾]\s?"
    r"|(?:^|(?<=[;:,.]\s))[Bb]ước (?P<step>\d{1,2})\s?[:.]\s"
)
WORD = re.compile(r"\w+")


def follows(text: str) -> bool:
    """Whether a sentence only goes on with the one before it (`Trong đó, …`)."""
    return fold(text).startswith(("trong đó", "trong số đó"))


def sentences(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text` from `start`; stops of abbreviations and numbers end none."""
    found: list[tuple[int, int]] = []
    begin = start
    depth_from = start
    for stop in SENTENCE_END.finditer(text, start):
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


_SPEECH = re.compile(rf"(?:[^,“”\".;:]{{3,80}}, )?(?i:{SPEAKERS})[^:“”.;]{{0,90}}:\s?[“\"](?=\w)")


def _inside_bracket(text: str, start: int, end: int) -> bool:
    """Whether a bracket opened after `start` is still open at `end` (and does close later, soon)."""
    opened = text.count("(", start, end) - text.count(")", start, end)
    return opened > 0 and ")" in text[end : end + 300]


def numbered_clauses(text: str, start: int = 0) -> tuple[int, list[tuple[int, int]]]:
    """Clauses numbered inline (`(1) … (2) …`, `Bước 1: … Bước 2: …`): where they begin, and their offsets.

    The offsets leave out the numbers. (start, []) where the numbers do not run 1, 2, … or are not two.
    """
    found: list[tuple[int, int]] = []
    expected = 1
    for number in _CLAUSE_NUMBER.finditer(text, start):
        marker = markers.of(f"({(number['v'] or number['step']).translate(markers.SUPERSCRIPTS)})")
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
    return [(begin, stop) for begin, stop in clauses if WORD.search(text, begin, stop)]


# `… Sở A thẩm định xong, còn Trung tâm B phải …`: another body's clause.
_WHILE_ANOTHER = re.compile(r",\s(?:còn|riêng)\s(?=[A-ZĐ]\w+\s\w+|các (?:bộ|tỉnh|sở|địa phương|xã))")
_ALSO_BODY = re.compile(r"còn (?=các (?:bộ|tỉnh|sở|địa phương|xã)|(?:Bộ|Sở|UBND|Ủy ban|Tỉnh|Công an)\s)")


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of text[start:end] without white space and a trailing `và`."""
    kept = text[start:end].rstrip()
    return start + len(kept)


def in_bracket(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)
