"""The other mentions of a task in other letters, for a reviewer to confirm or refuse."""

import datetime
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from pipeline import review_items, tracking
from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.reports import silent

Level = Literal["confirmed", "refused", "exact", "likely", "possible"]


class Mention(msgspec.Struct, frozen=True):
    """A task of another place that is, or may be, the same; `confidence` and `reasons` are the machine's.

    `level` is what a person said (`judged_by`), else how sure the machine is. `letter` is number and symbol, or
    the name of the file.
    """

    item: review_items.Item
    letter: str
    issued_date: datetime.date | None
    level: Level
    confidence: float | None
    reasons: tuple[str, ...]
    judged_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet whether it is the same task."""
        return self.level not in ("confirmed", "refused")


# By the task's own links alone, however large the register is.
_LINKS = """
WITH seen AS (
    SELECT CASE WHEN task_id = $task THEN other_id ELSE task_id END AS other, arg_max(level, confidence) AS level,
        max(confidence) AS confidence, arg_max(reasons, confidence) AS reasons
    FROM task_links WHERE task_id = $task OR other_id = $task GROUP BY other
), judged AS (
    SELECT CASE WHEN task_id = $task THEN other_id ELSE task_id END AS other, arg_max(verdict, seq) AS verdict,
        arg_max(who, seq) AS who
    FROM last_judgements() WHERE task_id = $task OR other_id = $task GROUP BY other
)
SELECT coalesce(s.other, j.other), CASE WHEN j.verdict = 'open' THEN NULL ELSE j.verdict END, j.who, s.level,
    s.confidence, coalesce(s.reasons, [])
FROM seen s FULL JOIN judged j ON j.other = s.other
"""

# A pair is looked at from both its ends; what people said of it holds for both.
_WAITING = """
WITH pairs AS (
    SELECT task_id AS mine, other_id AS other, confidence, reasons FROM task_links
    WHERE level = 'likely' AND document_sha256 = $document
    UNION ALL
    SELECT other_id, task_id, confidence, reasons FROM task_links
    WHERE level = 'likely' AND other_document = $document AND document_sha256 <> $document
), judged AS (
    SELECT least(task_id, other_id) AS one, greatest(task_id, other_id) AS two, arg_max(verdict, seq) AS verdict
    FROM last_judgements() GROUP BY ALL
)
SELECT mine, other, max(confidence), arg_max(reasons, confidence) FROM pairs
LEFT JOIN judged ON one = least(mine, other) AND two = greatest(mine, other)
WHERE coalesce(verdict, 'open') = 'open' GROUP BY ALL
"""

_TO_LOOK_AT = frozenset(
    (
        # perhaps another task
        *("other_leads", "other_counts", "other_amounts", "other_names", "other_numbers", "other_role"),
        *("earlier_deadline", "later_deadline", "far_deadline", "little_matter", "unlike_its_chain"),
        *("same_letter", "same_section", "of_its_letter"),
        # perhaps a part of it: once a person confirms it, what is done of the part is done of the whole
        *("one_of_the_leads", "lead_of_its_kind", "lead_among_all", "smaller_numbers", "fewer_of_it"),
    )
)
"""Reasons with which a link is not confirmed along with others, unless a person ticks it."""

_LETTERS = """
SELECT d.document_sha256, coalesce(nullif(concat_ws('/', l.code_number, l.code_notation), ''), d.name) AS name,
    l.issued_date, l.organ_name
FROM documents d LEFT JOIN letters l ON l.letter_id = d.letter_id
WHERE d.document_sha256 IN (SELECT unnest(?))
"""


class Waiting(msgspec.Struct, frozen=True):
    """A likely link of a letter's task (`mine`) with one of another letter, that waits for somebody's word."""

    mine: review_items.Item
    other: review_items.Item
    letter: str
    issued_date: datetime.date | None
    organ_name: str | None
    confidence: float
    reasons: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """The two tasks."""
        return self.mine.task_id, self.other.task_id

    @property
    def is_plain(self) -> bool:
        """Whether nothing speaks against it, nor for its being a part only."""
        return _TO_LOOK_AT.isdisjoint(self.reasons)


def mentions(register: Register, task_id: str) -> list[Mention]:
    """Where else a task stands or may stand: confirmed first, then the surest, refused ones last."""
    links = {other: link for other, *link in register.store.rows(_LINKS, {"task": task_id})}
    others = [one for one in review_items.items(register, task_ids=list(links)) if one.review != "rejected"]
    letters = _letters(register, others)
    found = []
    for one in others:
        verdict, who, level, confidence, reasons = links[one.task_id]
        if verdict or level:
            letter, issued, _ = letters[one.document_sha256]
            found.append(
                Mention(
                    one, letter, issued, verdict or level, confidence, tuple(reasons), who if verdict else None
                )
            )
    order = ("confirmed", "exact", "likely", "possible", "refused")
    return sorted(found, key=lambda m: (order.index(m.level), -(m.confidence or 0), m.item.task_id))


def judge(register: Register, task_id: str, other_id: str, verdict: str, who: str) -> dict[str, Any]:
    """Confirm that two tasks are one, refuse it, or take either back (`open`); remembered in the journal."""
    return tracking.judge_link(register, silent, task_id=task_id, other_id=other_id, verdict=verdict, who=who)


def waiting(register: Register, document: str) -> list[Waiting]:
    """The likely links of a document's tasks that wait for somebody's word, by the other letters, oldest first.

    What was rejected is no task and links nothing.
    """
    pairs = register.store.rows(_WAITING, {"document": document})
    ids = {task_id for mine, other, *_ in pairs for task_id in (mine, other)}
    items = {one.task_id: one for one in review_items.items(register, task_ids=sorted(ids))} if ids else {}
    standing = {task_id: one for task_id, one in items.items() if one.review != "rejected"}
    letters = _letters(register, list(standing.values()))
    found = [
        Waiting(
            standing[mine], standing[other], *letters[standing[other].document_sha256], confidence, tuple(reasons)
        )
        for mine, other, confidence, reasons in pairs
        if mine in standing and other in standing
    ]
    return sorted(
        found,
        key=lambda one: (
            one.issued_date or datetime.date.max,
            one.other.document_sha256,
            one.mine.order,
            one.other.order,
        ),
    )


def judge_several(register: Register, links: Sequence[Waiting], verdict: str, who: str) -> dict[str, Any]:
    """Confirm that the tasks of several likely links are one, or refuse it, in one act, taken back as one.

    Returns its `seq`, the pairs it is about (`settled`), and those left out because somebody judged them meanwhile
    or the machine no longer sees them (`left`); raises WrongUse where all are.
    """
    with register.store.gate:
        documents = {link.mine.document_sha256 for link in links}
        now = {link.pair for document in documents for link in waiting(register, document)}
        same = [link.pair for link in links if link.pair in now]
        left = [link.pair for link in links if link.pair not in now]
        if not same:
            raise WrongUse("settled_already", count=len(left))
        pairs = [{"task_id": mine, "other_id": other, "verdict": verdict} for mine, other in same]
        done = tracking.judge_links(register, silent, pairs=pairs, who=who)
    return {**done, "settled": same, "left": left}


def _letters(
    register: Register, items: Sequence[review_items.Item]
) -> dict[str, tuple[str, datetime.date | None, str | None]]:
    """The letters that tasks stand in: number and symbol (or file), day, issuer."""
    found = register.store.rows(_LETTERS, [[one.document_sha256 for one in items]])
    return {document: (name, issued, organ) for document, name, issued, organ in found}
