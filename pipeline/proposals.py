"""What later letters speak for: states and new deadlines of tasks, for a person to take or to refuse."""

from pathlib import Path
from typing import Any

from pipeline.register import Register
from pipeline.store import reading

_OFFERED = """
SELECT p.task_id, t.text, t.lead_bodies AS lead, p.proposed, p.because, p.by_date, p.by_letter_id, p.by_task_id,
    p.by_letter, p.by_words, p.by_page, p.date_before, p.date_after, count(*) OVER () AS count
FROM proposed_states p
JOIN current_tasks t USING (task_id)
WHERE t.is_counted AND ($agency IS NULL OR list_contains(t.lead_bodies, $agency))
    AND (NOT $ours OR t.our_role <> 'cooperates')
    AND NOT list_contains($settled::VARCHAR[], p.task_id)
ORDER BY t.concerns_us IN ('no', 'excluded'), p.by_date DESC NULLS LAST, p.task_id
LIMIT $most
"""

# Most tasks stand in one place alone, and nothing later speaks of them: that is told without asking all of them.
_MAY_BE = """
SELECT EXISTS (FROM chains WHERE task_id = $task)
    OR EXISTS (FROM tasks WHERE task_id = $task AND reported LIKE 'done%')
    OR EXISTS (FROM letter_relations WHERE kind IN ('replaces', 'corrects', 'withdraws', 'extends') AND number = (
        SELECT l.code_number FROM tasks t JOIN letters l ON l.letter_id = t.letter_id WHERE t.task_id = $task))
"""


def offered(path: Path, agency: str | None, ours: bool, settled: list[str], most: int) -> list[dict[str, Any]]:
    """What is offered for tasks of a body in the published copy, ours first; `settled` tasks are left out.

    `count` says with each how many there are. Raises WrongUse where nothing was published yet.
    """
    given = {"agency": agency, "ours": ours, "settled": settled, "most": most}
    with reading(path) as base:
        found = base.execute(_OFFERED, given)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def of_task(register: Register, task_id: str) -> dict[str, Any] | None:
    """What is offered for one task, as proposed_states has it."""
    if not register.store.rows(_MAY_BE, {"task": task_id})[0][0]:
        return None
    found = register.store.records("SELECT * FROM proposed_states WHERE task_id = ?", [task_id])
    return found[0] if found else None
