"""The data dictionary, made from the comments in the database (`make docs`)."""

import sys
import tempfile
from pathlib import Path

from pipeline.store import Store

HEAD = """# Data dictionary

Made from the COMMENTs in the database by `make docs`; a test keeps both the same. In DuckDB:
`SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal`.

Begin with the view `current_tasks`: one row a task as it stands now, corrections applied. What lists tasks,
counts them or tells what letters cite has `concerns_us` to filter by (`no` where a task is not ours, `excluded`
where we are taken out of those it is for); views of links and of states hold ids, to be joined with it. Moments
are UTC; today is today in Vietnam. Questions with their queries: [cookbook](cookbook.md).

**What is counted.** In `current_tasks` every mention has its row: a task that three letters urge stands there
three times, once a letter. What counts or lists work to be done (`standings`, `agency_load`, `overdue`,
`due_soon`, and with them the dashboard, its report and the red rows of Excel) has one task once: mentions that
are linked, unless the link is only possible or one of a part with its whole, and that are in the same state. Of
open mentions the one due first stands for all, so that no wrong link hides a day that comes sooner; a later day
holds once somebody has confirmed that it was moved (`proposed_states`). `due_soon` and the calendar keep every
day a letter sets. Drafts, proposals, copies and rejected tasks count nowhere. `more_mentions` says how many
others a row stands for, `chain(task_id)` shows them, `repeated` lists what was left out.
"""


def dictionary(store: Store) -> str:
    """The dictionary of a database as Markdown: views, macros, then tables, each with its columns."""
    parts = [HEAD]
    for title, sql in (
        ("Views", "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"),
        ("Tables", "SELECT table_name, comment FROM duckdb_tables() WHERE NOT temporary ORDER BY 1"),
    ):
        parts.append(f"\n## {title}\n")
        for name, comment in store.rows(sql):
            parts.append(f"\n### {name}\n\n{comment}.\n\n| column | type | meaning |\n|---|---|---|\n")
            parts += [
                f"| `{column}` | {kind} | {_cell(words)} |\n"
                for column, kind, words in store.rows(
                    """SELECT column_name, data_type, comment FROM duckdb_columns()
                    WHERE NOT internal AND table_name = ? ORDER BY column_index""",
                    [name],
                )
            ]
        if title == "Views":
            parts.append("\n## Macros\n\nUse table macros after FROM, the others like functions.\n\n")
            parts.append("| macro | meaning |\n|---|---|\n")
            parts += [
                f"| `{name}({', '.join(parameters)})` | {_cell(comment)} |\n"
                for name, parameters, comment in store.rows(
                    """SELECT function_name, parameters, comment FROM duckdb_functions()
                    WHERE NOT internal AND function_type IN ('macro', 'table_macro') ORDER BY 1"""
                )
            ]
    return "".join(parts)


def _cell(words: str | None) -> str:
    return (words or "").replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Print the dictionary of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "empty.duckdb", Path(folder))
        sys.stdout.write(dictionary(store))
        store.close()


if __name__ == "__main__":
    main()
