"""Words that stand for a body: its head, `Bộ` alone for the issuer, `Quý Bộ` for those addressed."""

import re
from typing import Final

import msgspec

from extractors.agencies import boundaries, by_form, longest
from extractors.agencies.names import PROVINCES
from extractors.agencies.tokens import is_word, norms
from extractors.agencies.words import NEAR, Hit, Phrase, Words
from models import AgencyMention

_BEFORE_LEADERS: Final = frozenset({"các", "giao", "cầu", "nghị", "và", "chí", "với", "cho", "của", "là"})
_ISSUER_WORDS: Final[tuple[Phrase, ...]] = (
    ("tổng", "cục"),
    ("ngân", "hàng"),
    ("bộ",),
    ("sở",),
    ("cục",),
    ("ủy", "ban"),
    ("văn", "phòng"),
    ("tập", "đoàn"),
)
_ANYBODY: Final[tuple[Phrase, ...]] = (("cơ", "quan"), ("đơn", "vị"), ("địa", "phương"))
_ADDRESSEE_WORDS: Final[tuple[Phrase, ...]] = (
    *_ISSUER_WORDS,
    *_ANYBODY,
    ("tòa",),
    ("viện",),
    ("công", "ty"),
    ("đồng", "chí"),
)
_NAMED_ABOVE = re.compile(r"(?:nêu|có tên|kể|nói) trên|trên đây|tại mục kính gửi")


def of_head(words: Words, i: int) -> Hit | None:
    """A person or post that stands for the body named behind it (`Bộ trưởng Bộ Y tế`)."""
    behind_name = i > 0 and is_word(words.tokens[i - 1]) and words.norm(i - 1) not in _BEFORE_LEADERS
    if words.norm(i) == "lãnh" and not words.capital(i) and behind_name:
        return None  # the verb: `Đảng ủy A lãnh đạo Ủy ban B …`
    whole = words.starts(words.wording.whole_heads, i)
    if whole is not None:
        end, agency = whole
        return Hit(end, [words.of(agency, i, end, "head")])
    j = _behind_titles(words, i)
    if j == i:
        return None
    body, formed = longest.body(words, j), by_form.body(words, i)
    if formed is not None and (body is None or formed.end >= body.end):
        return formed  # `Tổ trưởng tổ dân phố`: no body behind the title
    within = _within_title(words, i, j)
    if within is not None and (body is None or within.end >= body.end):
        body = within
    if body is None or not body.mentions:
        return None
    first, *others = body.mentions
    via = first.via if first.via == "above" else "head"
    return Hit(body.end, [msgspec.structs.replace(words.begun_at(i, first), via=via), *others])


def _within_title(words: Words, i: int, j: int) -> Hit | None:
    """The body whose first words the title between words `i` and `j` holds (`Chánh Văn phòng UBND tỉnh`)."""
    for k in range(i + 1, j):
        hit = longest.body(words, k)
        if hit is None and words.norm(k) == "phòng" and words.capital(j):
            hit = by_form.body(words, k, titled=True)  # `Trưởng phòng Kinh tế`
        if hit is not None and hit.mentions and hit.end > j:
            return hit
    return None


def _behind_titles(words: Words, i: int) -> int:
    """The word behind the titles that begin at word `i`."""
    j = i
    while j - i < NEAR and (title := words.starts(words.wording.heads, j)) is not None:
        j = title[0]
        if words.norm(j) in {",", "kiêm"} and words.starts(words.wording.heads, j + 1):
            j += 1
    return j


def of_issuer(words: Words, i: int) -> Hit | None:
    """`Bộ`, `Sở`, `Cục` alone as who acts: the issuer."""
    context = words.context
    if not context.issuer or not words.capital(i):
        return None
    issuer = norms(context.issuer)
    for phrase in _ISSUER_WORDS:
        end = i + len(phrase)
        if not words.has(i, phrase) or issuer[: len(phrase)] != phrase:
            continue
        if not words.capital(end) and boundaries.ends_item(words, end):
            body = longest.whole(Words(context.issuer, context))
            return Hit(end, [words.meant(body, i, end, "issuer")])
    return None


def of_addressees(words: Words, i: int) -> Hit | None:
    """`Quý Bộ`, `quý Ủy ban`, `Quý Cơ quan`: those the letter is addressed to."""
    if words.norm(i) != "quý" or not words.context.recipients:
        return None
    if not words.capital(i + 1) and words.one_of(i + 1, _ANYBODY) is None:
        return None
    phrase = words.one_of(i + 1, _ADDRESSEE_WORDS)
    if phrase is None:
        return None
    end = i + 1 + len(phrase)
    meant = [body for body in words.context.recipients if _may_mean(phrase, body)]
    return Hit(end, [words.meant(body, i, end, "recipients") for body in meant])


def _may_mean(phrase: Phrase, body: AgencyMention) -> bool:
    """Whether `Quý` with a phrase may mean a body."""
    if phrase in _ANYBODY or phrase == ("đồng", "chí") or norms(body.name)[: len(phrase)] == phrase:
        return True
    return phrase == ("ủy", "ban") and body.kind == "province"


def named_above(words: Words, end: int, mentions: list[AgencyMention]) -> list[AgencyMention]:
    """`các tỉnh nêu trên`, `các địa phương có tên trên`: the provinces that the letter is addressed to."""
    if not mentions or mentions[-1].name != PROVINCES:
        return mentions
    named = [m for m in words.context.recipients if m.kind == "province"]
    if not named or not _NAMED_ABOVE.search(" ".join(words.norms(max(0, end - 3), end + 4))):
        return mentions
    place = mentions[-1]
    return mentions[:-1] + [
        msgspec.structs.replace(
            body, as_written=place.as_written, start=place.start, end=place.end, via="recipients"
        )
        for body in named
    ]
