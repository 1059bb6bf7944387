"""What a person did last, of whatever kind, and how it is taken back: acts on tasks, states, links."""

from collections.abc import Sequence
from typing import Any

from pipeline import reviewing, tracking
from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.reports import silent

_LAST = """
SELECT kind, seq, list(DISTINCT task_id ORDER BY task_id) AS task_ids, bool_or(is_added) AS is_added FROM (
    SELECT 'act' AS kind, seq, task_id, list_contains(added, task_id) AS is_added FROM acts
    WHERE who = $who AND undoes IS NULL AND seq NOT IN (SELECT undoes FROM acts WHERE undoes IS NOT NULL)
    UNION ALL
    SELECT 'state', seq, task_id, false FROM task_states
    WHERE who = $who AND undoes IS NULL AND seq NOT IN (SELECT undoes FROM task_states WHERE undoes IS NOT NULL)
    UNION ALL
    SELECT 'link', seq, task_id, false FROM last_judgements() WHERE who = $who
)
GROUP BY kind, seq ORDER BY seq DESC LIMIT 1
"""

_REACH = """
SELECT seq, count(DISTINCT task_id) FROM (
    SELECT seq, task_id FROM acts UNION ALL SELECT seq, task_id FROM task_states
) WHERE list_contains($seqs::BIGINT[], seq) GROUP BY seq
"""

_KIND = """
SELECT 'act' FROM acts WHERE seq = $seq UNION ALL SELECT 'state' FROM task_states WHERE seq = $seq
UNION ALL SELECT 'link' FROM link_judgements WHERE seq = $seq
"""


def last(register: Register, who: str) -> dict[str, Any] | None:
    """The last thing a person did that still stands: `kind`, `seq`, `task_ids`; `is_added`: it made that task."""
    found = register.store.records(_LAST, {"who": who})
    return found[0] if found else None


def reach(register: Register, seqs: Sequence[int]) -> dict[int, int]:
    """How many tasks each of these acts is about: taken back, it is taken back of all."""
    return dict(register.store.rows(_REACH, {"seqs": list(seqs)}))


def undo(register: Register, seq: int, who: str) -> None:
    """Take back what the journal's event `seq` said; raises WrongUse where others have built on it since."""
    found = register.store.rows(_KIND, {"seq": seq})
    match found[0][0] if found else None:
        case "act":
            reviewing.undo(register, seq, who)
        case "state":
            tracking.take_back_state(register, silent, seq=seq, who=who)
        case "link":
            tracking.take_back_link(register, silent, seq=seq, who=who)
        case _:
            raise WrongUse("no_such_act", seq=seq)
