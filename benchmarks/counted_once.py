"""How often one task is counted twice, and how often one hides another: samples with pairs, all of it late.

What a link joins, lists and counts show once (`repeated` of views.sql). A link that is missing leaves a task in
two rows, a wrong one takes a task away.
"""

import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from models import Office
from pipeline import evaluate_links
from pipeline.evaluate_links import Pair
from pipeline.store import Store

LINKS = Path(__file__).parent.parent / "samples" / "links"
LATE = "2099-12-31"
_ROWS = f"SELECT task_id, chain FROM overdue('{LATE}') LEFT JOIN chains USING (task_id)"
_HIDDEN = f"""
SELECT task_id, by_task_id, [t.text, stands.text] FROM repeated('{LATE}')
JOIN tasks t USING (task_id) JOIN tasks stands ON stands.task_id = by_task_id
WHERE t.due_date IS NOT NULL ORDER BY 1
"""


def groups(pairs: Iterable[Pair]) -> dict[str, str]:
    """What each task is called that hangs together with others by pairs: the least id of them."""
    held: dict[str, set[str]] = {}
    for pair in pairs:
        whole = set(pair).union(*(held.get(task_id, set()) for task_id in pair))
        held |= dict.fromkeys(whole, whole)
    return {task_id: min(whole) for task_id, whole in held.items()}


def more_than_one(names: Iterable[str | None]) -> tuple[int, int]:
    """How many names stand more than once, and how often they do together."""
    counts: dict[str, int] = {}
    for name in names:
        if name is not None:
            counts[name] = counts.get(name, 0) + 1
    several = [count for count in counts.values() if count > 1]
    return len(several), sum(several)


def main() -> None:
    """Print the figures of samples/links, and what is hidden by a wrong link."""
    required, borderline = evaluate_links.read_pairs(LINKS / "samples.pairs")
    one_task, perhaps = groups(required), groups(required | borderline)
    with tempfile.TemporaryDirectory() as name, closing(Store(Path(name) / "a.duckdb", Path(name))) as store:
        evaluate_links.load(store, evaluate_links.extracted_letters(LINKS, Office()))
        rows, hidden = store.rows(_ROWS), store.rows(_HIDDEN)

    def gold(task_id: str) -> str:
        return task_id.partition("#")[0]

    wrong = [row for row in hidden if perhaps.get(gold(row[0]), row[0]) != perhaps.get(gold(row[1]), row[1])]
    print(f"late, each once: {len(rows)} rows")
    print(f"hidden behind them: {len(hidden)} mentions with a day, {len(wrong)} of them by a wrong link")
    print("{} chains of links stand in {} rows".format(*more_than_one(chain for _, chain in rows)))
    print(
        "{} tasks of gold stand in {} rows".format(
            *more_than_one(one_task.get(gold(task_id)) for task_id, _ in rows)
        )
    )
    for task_id, by_task_id, texts in wrong:
        print(f"{task_id} behind {by_task_id}", *(f"  {text[:110]}" for text in texts), sep="\n")
