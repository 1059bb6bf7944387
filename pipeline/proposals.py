"""What later letters speak for: states and new deadlines of tasks, for a person to take or to refuse."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.days import iso
from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.reports import Report
from pipeline.store import reading

MOST_OF_A_LETTER = 60
"""So many tasks of one letter are shown at a time: what is not seen is not settled."""

# A letter's offers stand together, and there those of one task: its row in the report, what assigned and urged it.
_OFFERED = """
WITH offers AS MATERIALIZED (
    SELECT p.task_id, t.text, t.lead_bodies AS lead, p.proposed, p.because, p.by_date, p.by_letter_id,
        p.by_task_id, p.by_letter, p.by_words, p.by_page, p.date_before, p.date_after,
        t.concerns_us IN ('no', 'excluded') AS is_others,
        coalesce(nullif(concat_ws('/', t.code_number, t.code_notation), ''), t.document) AS letter, t.letter_id,
        t.issued_date, p.by_organ, coalesce(p.by_letter_id, p.by_letter, '') AS speaker,
        coalesce(same.chain, p.task_id) AS task, coalesce(by_task.ordinal, t.ordinal) AS place
    FROM proposed_states p
    JOIN current_tasks t USING (task_id)
    LEFT JOIN tasks by_task ON by_task.task_id = p.by_task_id
    LEFT JOIN chains same ON same.task_id = p.task_id
    WHERE t.is_counted AND ($agency IS NULL OR list_contains(t.lead_bodies, $agency))
        AND (NOT $ours OR t.our_role <> 'cooperates')
        AND ($letter IS NULL OR p.by_letter_id = $letter)
        AND NOT list_contains($settled::VARCHAR[], p.task_id)
), placed AS (
    SELECT *, min(is_others) OVER of_letter AS of_others, max(by_date) OVER of_letter AS spoken,
        min(place) OVER of_task AS first_place, count(*) OVER of_letter AS in_letter, count(*) OVER () AS count
    FROM offers
    WINDOW of_letter AS (PARTITION BY speaker), of_task AS (PARTITION BY speaker, task)
)
SELECT *, max(nth_letter) OVER () AS letters FROM (
    SELECT *, dense_rank() OVER (ORDER BY of_others, spoken DESC NULLS LAST, speaker) AS nth_letter,
        row_number() OVER (PARTITION BY speaker ORDER BY first_place, task, issued_date NULLS LAST, task_id) AS nth
    FROM placed
)
QUALIFY nth_letter <= $most AND nth <= $most_of_a_letter
ORDER BY nth_letter, nth
"""

# Most tasks stand in one place alone, and nothing later speaks of them: that is told without asking all of them.
_MAY_BE = """
SELECT EXISTS (FROM chains WHERE task_id = $task)
    OR EXISTS (FROM tasks WHERE task_id = $task AND reported LIKE 'done%')
    OR EXISTS (FROM letter_relations WHERE kind IN ('replaces', 'corrects', 'withdraws', 'extends') AND number = (
        SELECT l.code_number FROM tasks t JOIN letters l ON l.letter_id = t.letter_id WHERE t.task_id = $task))
"""


_MENTIONS = """
SELECT task_id, coalesce(nullif(concat_ws('/', code_number, code_notation), ''), document) FROM current_tasks
WHERE is_counted AND task_id IN (
    SELECT other.task_id FROM chains here JOIN chains other USING (chain)
    WHERE here.task_id = ? AND other.task_id <> here.task_id)
ORDER BY issued_date NULLS LAST, task_id
"""

_CALLED = r"""
SELECT l.letter_id, d.name FROM letters l JOIN documents d USING (document_sha256)
WHERE d.name = ? OR same_code(code_number, code_notation) = upper(regexp_replace(ltrim(?, '0'), '\s', '', 'g'))
ORDER BY ALL
"""


def offered(
    path: Path,
    most: int,
    *,
    agency: str | None = None,
    ours: bool = False,
    letter: str | None = None,
    settled: Sequence[str] = (),
) -> list[list[dict[str, Any]]]:
    """What is offered for tasks of a body in the published copy, by the letters that say so, ours first.

    Of the first `most` letters, or of one; `settled` tasks are left out. Each row says how many there are in all
    (`count`), of how many `letters`, and of its own one (`in_letter`).
    Raises WrongUse where nothing was published yet.
    """
    with reading(path) as base:
        found = base.execute(_OFFERED, _given(most, agency, ours, letter, settled))
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    letters: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        letters.setdefault(row["speaker"], []).append(row)
    return list(letters.values())


def _given(
    most: int,
    agency: str | None = None,
    ours: bool = False,
    letter: str | None = None,
    settled: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "agency": agency,
        "ours": ours,
        "letter": letter,
        "settled": list(settled),
        "most": most,
        "most_of_a_letter": MOST_OF_A_LETTER,
    }


def of_letter(register: Register, report: Report, *, called: str) -> dict[str, Any]:
    """What a letter speaks for, by its number and symbol or its file's name: its `offers`, days in ISO.

    Raises WrongUse where there is no such letter, it speaks for nothing, or several that do are called so.
    """
    letters = register.store.rows(_CALLED, [called, called])
    if not letters:
        raise WrongUse("no_such_letter", name=called)
    speaking = [
        (name, found)
        for letter_id, name in letters
        if (found := register.store.records(_OFFERED, _given(1, letter=letter_id)))
    ]
    if len(speaking) > 1:
        raise WrongUse("several_letters", name=called, files=", ".join(name for name, _ in speaking))
    if not speaking:
        raise WrongUse("nothing_proposed_by", name=called)
    offers = speaking[0][1]
    return {"offers": [{k: iso(v) if isinstance(v, datetime.date) else v for k, v in o.items()} for o in offers]}


def of_task(register: Register, task_id: str) -> dict[str, Any] | None:
    """What is offered for one task, as proposed_states has it, with who issued the letter that says so."""
    if not register.store.rows(_MAY_BE, {"task": task_id})[0][0]:
        return None
    found = of_tasks(register, [task_id])
    return found[0] if found else None


def of_mentions(register: Register, task_id: str) -> list[dict[str, Any]]:
    """What is offered for a task, and after it what the same letter says likewise of its other mentions.

    Each with the `letter` it stands in. Empty where nothing is offered for the task itself.
    """
    here = of_task(register, task_id)
    if here is None:
        return []
    letters = dict(register.store.rows(_MENTIONS, [task_id]))
    offers = {offer["task_id"]: offer for offer in of_tasks(register, list(letters))}
    others = [
        {**offers[task_id], "letter": letter}
        for task_id, letter in letters.items()
        if task_id in offers and all(offers[task_id][name] == here[name] for name in ("proposed", "by_letter_id"))
    ]
    return [here, *others]


def of_tasks(register: Register, task_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The same of several."""
    if not task_ids:
        return []
    # Each by its own sign: a list that is looked up is not taken into the view.
    signs = ", ".join("?" * len(task_ids))
    return register.store.records(f"SELECT * FROM proposed_states WHERE task_id IN ({signs})", list(task_ids))
