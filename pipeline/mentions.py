"""The other mentions of a task in other letters, for a reviewer to confirm or refuse."""

import datetime
from typing import Any, Literal

import msgspec

from pipeline import review_items, tracking
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
    SELECT task_id AS mine, other_id AS other FROM task_links
    WHERE level = 'likely' AND document_sha256 = $document
    UNION
    SELECT other_id, task_id FROM task_links
    WHERE level = 'likely' AND other_document = $document
), judged AS (
    SELECT least(task_id, other_id) AS one, greatest(task_id, other_id) AS two, arg_max(verdict, seq) AS verdict
    FROM last_judgements() GROUP BY ALL
)
SELECT mine, count(*) FROM pairs
LEFT JOIN judged ON one = least(mine, other) AND two = greatest(mine, other)
WHERE coalesce(verdict, 'open') = 'open' GROUP BY mine
"""


def mentions(register: Register, task_id: str) -> list[Mention]:
    """Where else a task stands or may stand: confirmed first, then the surest, refused ones last."""
    links = {other: link for other, *link in register.store.rows(_LINKS, {"task": task_id})}
    others = [one for one in review_items.items(register, task_ids=list(links)) if one.review != "rejected"]
    letters = {
        row[0]: (row[1] or row[2], row[3])
        for row in register.store.rows(
            """SELECT d.document_sha256, nullif(concat_ws('/', l.code_number, l.code_notation), ''), d.name,
                l.issued_date
            FROM documents d LEFT JOIN letters l ON l.letter_id = d.letter_id
            WHERE d.document_sha256 IN (SELECT unnest(?))""",
            [[one.document_sha256 for one in others]],
        )
    }
    found = []
    for one in others:
        verdict, who, level, confidence, reasons = links[one.task_id]
        if verdict or level:
            letter, issued = letters[one.document_sha256]
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


def waiting(register: Register, document: str) -> dict[str, int]:
    """For the tasks of a document: how many likely links wait for somebody's word."""
    return dict(register.store.rows(_WAITING, {"document": document}))
