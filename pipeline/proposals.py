"""What later letters speak for: states and new deadlines of tasks, for a person to take or to refuse."""

import datetime
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline.days import iso
from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.reports import Report
from pipeline.store import reading

MOST_OF_A_LETTER = 60
"""So many tasks of one letter are shown at a time: what is not seen is not settled."""

# What letters say of one task is one offer, however many letters and mentions there are; it stands under the last
# of them, or the one asked for, there in the order of the report; of a task what assigned it first goes before.
_OFFERED = """
WITH offers AS MATERIALIZED (
    SELECT p.task_id, t.text, t.lead_bodies AS lead, p.proposed, p.because, p.date_before, p.date_after,
        {letter_id: p.by_letter_id, task_id: p.by_task_id, letter: p.by_letter, organ: p.by_organ, day: p.by_date,
            words: p.by_words, page: p.by_page} AS told,
        coalesce(nullif(concat_ws('/', t.code_number, t.code_notation), ''), t.document) AS letter, t.letter_id,
        t.issued_date, t.concerns_us IN ('no', 'excluded') AS is_others,
        concat_ws(' ', coalesce(same.whole, p.task_id), p.proposed, p.date_after) AS task,
        coalesce(by_task.ordinal, t.ordinal) AS place,
        pair.confidence AS link_confidence,
        CASE WHEN pair.level <> 'confirmed' THEN pair.reasons END AS link_reasons,
        ($agency IS NULL OR list_contains(t.lead_bodies, $agency)) AND (NOT $ours OR t.our_role <> 'cooperates')
            AND ($letter IS NULL OR p.by_letter_id = $letter)
            AND ($around IS NULL OR p.by_letter_id = $around OR t.letter_id = $around) AS is_asked
    FROM proposed_states p
    JOIN current_tasks t USING (task_id)
    LEFT JOIN tasks by_task ON by_task.task_id = p.by_task_id
    LEFT JOIN chains same ON same.task_id = p.task_id
    LEFT JOIN standing_pairs pair
        ON pair.a = least(p.task_id, p.by_task_id) AND pair.b = greatest(p.task_id, p.by_task_id)
    WHERE t.is_counted AND NOT list_contains($settled::VARCHAR[], p.task_id)
), spoken AS (
    SELECT * REPLACE (first_value(told) OVER last_word AS told) FROM offers
    WINDOW of_task AS (PARTITION BY task), last_word AS (
        PARTITION BY task
        ORDER BY coalesce(told.letter_id = coalesce($letter, $around), false) DESC, told.day DESC NULLS LAST,
            task_id)
    QUALIFY bool_or(is_asked) OVER of_task
), placed AS (
    SELECT *, coalesce(told.letter_id, told.letter, '') AS speaker, min(place) OVER of_task AS first_place,
        min(is_others) OVER of_letter AS of_others, max(told.day) OVER of_letter AS spoken_on
    FROM spoken
    WINDOW of_letter AS (PARTITION BY coalesce(told.letter_id, told.letter, '')), of_task AS (PARTITION BY task)
), numbered AS (
    SELECT *, dense_rank() OVER (
            ORDER BY speaker <> coalesce($around, speaker), of_others, spoken_on DESC NULLS LAST, speaker)
        AS nth_letter,
        dense_rank() OVER (PARTITION BY speaker ORDER BY first_place, task) AS nth
    FROM placed
), counted AS (
    SELECT *, max(nth_letter) OVER () AS letters, max(nth) OVER (PARTITION BY speaker) AS in_letter,
        count(DISTINCT task) OVER () AS count
    FROM numbered
)
SELECT * EXCLUDE told, told.letter_id AS by_letter_id, told.task_id AS by_task_id, told.letter AS by_letter,
    told.organ AS by_organ, told.day AS by_date, told.words AS by_words, told.page AS by_page
FROM counted WHERE nth_letter <= $most AND nth <= $most_of_a_letter
ORDER BY nth_letter, nth, issued_date NULLS LAST, task_id
"""

_TO_LOOK_AT = frozenset(
    ("later_deadline", "far_deadline", "other_names", "other_counts", "other_amounts", "other_numbers")
)
SURE = 0.9
"""From which confidence of its link on a proposal is taken along with others."""


def is_plain(offer: dict[str, Any]) -> bool:
    """Whether nothing says that the letter may mean another task; what is not plain wants a look of its own."""
    reasons, confidence = offer["link_reasons"] or (), offer["link_confidence"]
    return not reasons or (_TO_LOOK_AT.isdisjoint(reasons) and (confidence is None or confidence >= SURE))


# Most tasks stand in one place alone, and nothing later speaks of them: that is told without asking all of them.
_MAY_BE = """
SELECT EXISTS (FROM chains WHERE task_id = $task)
    OR EXISTS (FROM tasks WHERE task_id = $task AND reported LIKE 'done%')
    OR EXISTS (FROM letter_relations WHERE kind IN ('replaces', 'corrects', 'withdraws', 'extends') AND number = (
        SELECT l.code_number FROM tasks t JOIN letters l ON l.letter_id = t.letter_id WHERE t.task_id = $task))
"""

_LETTER_MAY_BE = """
SELECT EXISTS (FROM chains JOIN tasks USING (task_id) WHERE letter_id = $letter)
    OR EXISTS (FROM tasks WHERE letter_id = $letter AND reported LIKE 'done%')
    OR EXISTS (FROM letter_relations WHERE kind IN ('replaces', 'corrects', 'withdraws', 'extends') AND (
        letter_id = $letter OR number = (SELECT code_number FROM letters WHERE letter_id = $letter)))
"""

_MENTIONS = """
SELECT task_id, coalesce(nullif(concat_ws('/', code_number, code_notation), ''), document) FROM current_tasks
WHERE is_counted AND task_id IN (
    SELECT other.task_id FROM chains here JOIN chains other USING (whole)
    WHERE here.task_id = ? AND other.task_id <> here.task_id)
ORDER BY issued_date NULLS LAST, task_id
"""

_BESIDE = """
SELECT other.task_id, other.whole FROM chains here JOIN chains other ON other.whole = here.whole
WHERE here.task_id IN ({signs})
"""

# What a person says of a mention speaks for the others, as proposed_states has it: for those nothing was said of,
# by links of the whole, unless they are more than it, or a later letter says that the task is not done.
_FOLLOWING = """
SELECT mate.other_id AS origin, mate.task_id, (
    SELECT max(coalesce(l.issued_date, vietnam_day(d.received_at))) FROM chains same JOIN tasks t USING (task_id)
    JOIN documents d USING (document_sha256) LEFT JOIN letters l ON l.letter_id = t.letter_id
    WHERE same.whole = chains.whole AND t.reported LIKE 'not_done%') AS not_done_on
FROM one_task() mate
JOIN tasks one USING (task_id)
JOIN tasks other ON other.task_id = mate.other_id
LEFT JOIN chains USING (task_id)
LEFT JOIN standing_states s USING (task_id)
WHERE mate.task_id IN ({signs}) AND mate.other_id IN ({signs}) AND s.state IS NULL
    AND is_whole(mate.reasons, mate.level) AND NOT names_more(one.text_folded, other.text_folded)
"""

# For each id apart (LATERAL), so that no more is read of current_tasks.
_SHOWN = """
SELECT t.task_id, t.text, t.lead_bodies AS lead, t.letter_id, t.issued_date,
    coalesce(nullif(concat_ws('/', t.code_number, t.code_notation), ''), t.document) AS letter
FROM (SELECT unnest($tasks::VARCHAR[]) AS id) found,
    LATERAL (SELECT * FROM current_tasks WHERE task_id = found.id AND is_counted) t
ORDER BY t.issued_date NULLS LAST, t.task_id
"""

_CALLED = r"""
SELECT l.letter_id, d.name FROM letters l JOIN documents d USING (document_sha256)
WHERE d.name = ? OR l.same_code = upper(regexp_replace(ltrim(?, '0'), '\s', '', 'g'))
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

    A row a mention, those of one `task` in a run, as one letter tells it (`by_…`); of the first `most` letters, or
    of one; `settled` mentions are left out. Each row says how many tasks there are in all (`count`), of how many
    `letters`, and of its own one (`in_letter`). Raises WrongUse where nothing was published yet.
    """
    with reading(path) as base:

        def records(sql: str, values: Sequence[Any] | dict[str, Any]) -> list[dict[str, Any]]:
            found = base.execute(sql, values)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        return _by_letters(records, _given(most, agency, ours, letter, settled=settled))


def around(register: Register, letter_id: str, most: int) -> list[list[dict[str, Any]]]:
    """What one letter says of tasks, and after it what others say of its own, as the working register has it."""
    if not register.store.rows(_LETTER_MAY_BE, {"letter": letter_id})[0][0]:
        return []
    return _by_letters(register.store.records, _given(most, around=letter_id))


def said_by(register: Register, letter_id: str) -> list[list[dict[str, Any]]]:
    """What one letter says of tasks, of its own and of others."""
    return _by_letters(register.store.records, _given(1, letter=letter_id))


Records = Callable[[str, dict[str, Any] | Sequence[Any]], list[dict[str, Any]]]
"""Rows of a query, of the published copy or the working database."""


def _by_letters(records: Records, given: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows = records(_OFFERED, given)
    following: dict[str, list[dict[str, Any]]] = {}
    left_out = {*given["settled"], *(row["task_id"] for row in rows)}
    for row in follows(records, rows):
        if row["task_id"] not in left_out:
            following.setdefault(row["task"], []).append(row)
    letters: dict[str, list[dict[str, Any]]] = {}
    for task, mentions in groupby(rows, key=lambda row: str(row["task"])):
        run = [*mentions, *following.get(task, ())]
        letters.setdefault(run[0]["speaker"], []).extend(run)
    return list(letters.values())


def follows(records: Records, offers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is offered once `offers` are taken: that other mentions of a task are done, or cancelled, with it.

    Each as the offer it follows from, for another mention; `follows` is the mention it is known from.
    """
    spread = [offer for offer in offers if offer["proposed"] in SPREAD]
    if not spread:
        return []
    near = records(_BESIDE.format(signs=_signs(spread)), [offer["task_id"] for offer in spread])
    if not near:
        return []
    ids = [row["task_id"] for row in near]
    known = {offer["task_id"] for offer in offers}
    mates = [
        mate
        for mate in records(_FOLLOWING.format(signs=_signs(ids)), [*ids, *ids])
        if mate["task_id"] not in known
    ]
    shown = records(_SHOWN, {"tasks": list({mate["task_id"] for mate in mates})}) if mates else []
    beside: dict[str, list[dict[str, Any]]] = {}
    for row in shown:
        for mate in mates:
            if mate["task_id"] == row["task_id"]:
                beside.setdefault(mate["origin"], []).append({**row, "not_done_on": mate["not_done_on"]})
    found = list(spread)
    for offer in found:
        for mate in beside.get(offer["task_id"], ()):
            not_done, day = mate["not_done_on"], offer["by_date"]
            if mate["task_id"] not in known and (not_done is None or day is None or not_done < day):
                known.add(mate["task_id"])
                because = f"same_task_{offer['proposed']}"
                found.append({**offer, **mate, "because": because, "follows": offer["task_id"]})
    return found[len(spread) :]


SPREAD = ("done", "cancelled")
"""What holds for all mentions of a task once it is said of one."""


def _signs(values: Sequence[Any]) -> str:
    # Each by its own sign: a list that is looked up is not taken into a view.
    return ", ".join("?" * len(values))


def _given(
    most: int,
    agency: str | None = None,
    ours: bool = False,
    letter: str | None = None,
    *,
    around: str | None = None,
    settled: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "agency": agency,
        "ours": ours,
        "letter": letter,
        "around": around,
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
    speaking = [(name, found[0]) for letter_id, name in letters if (found := said_by(register, letter_id))]
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
    """What is offered for a task, and after it the same of its other mentions, by whichever letter.

    Each with the `letter` it stands in. Empty where nothing is offered for the task itself.
    """
    here = of_task(register, task_id)
    if here is None:
        return []
    letters = dict(register.store.rows(_MENTIONS, [task_id]))
    same = [
        offer
        for offer in of_tasks(register, list(letters))
        if all(offer[name] == here[name] for name in ("proposed", "date_after"))
    ]
    others = {offer["task_id"]: offer for offer in (*same, *follows(register.store.records, [here, *same]))}
    return [here, *({**others[one], "letter": letter} for one, letter in letters.items() if one in others)]


def of_tasks(register: Register, task_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The same of several."""
    if not task_ids:
        return []
    states = f"SELECT * FROM proposed_states WHERE task_id IN ({_signs(task_ids)})"
    return register.store.records(states, list(task_ids))
