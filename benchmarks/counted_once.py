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
_PAIRS = {
    "mentions with a day hidden behind another": f"""
        SELECT task_id, by_task_id FROM repeated('{LATE}') JOIN tasks USING (task_id)
        WHERE due_date IS NOT NULL""",
    "moves of a deadline by a later letter": """
        SELECT task_id, later_task_id FROM deadline_changes WHERE later_task_id IS NOT NULL""",
    "tasks proposed as done by another mention": """
        SELECT task_id, by_task_id FROM proposed_states
        WHERE because = 'reported_done' AND by_task_id <> task_id""",
    "tasks proposed as handed to another body": """
        SELECT task_id, by_task_id FROM proposed_states WHERE because = 'handed_over'""",
    "tasks with a later day proposed by another mention": """
        SELECT task_id, by_task_id FROM proposed_states WHERE because = 'deadline_extended'""",
}


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
    """Print the figures of samples/links, and what is told by a wrong link."""
    required, borderline = evaluate_links.read_pairs(LINKS / "samples.pairs")
    one_task, perhaps = groups(required), groups(required | borderline)
    with tempfile.TemporaryDirectory() as name, closing(Store(Path(name) / "a.duckdb", Path(name))) as store:
        evaluate_links.load(store, evaluate_links.extracted_letters(LINKS, Office()))
        rows = store.rows(_ROWS)
        told = {title: store.rows(f"{sql} ORDER BY ALL") for title, sql in _PAIRS.items()}
        texts = dict(store.rows("SELECT task_id, text FROM tasks"))

    def gold(task_id: str) -> str:
        return task_id.partition("#")[0]

    print(f"late, each once: {len(rows)} rows")
    print("{} chains of links stand in {} rows".format(*more_than_one(chain for _, chain in rows)))
    print("{} tasks of gold stand in {} rows".format(*more_than_one(one_task.get(gold(task)) for task, _ in rows)))
    for title, pairs in told.items():
        wrong = [pair for pair in pairs if len({perhaps.get(gold(task), task) for task in pair}) > 1]
        print(f"{title}: {len(pairs)}, {len(wrong)} of them by a wrong link")
        for pair in wrong:
            print("  {} and {}".format(*pair), *(f"    {texts[task][:110]}" for task in pair), sep="\n")
