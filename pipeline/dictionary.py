"""The data dictionary, made from the comments in the database (`make docs`), in English and in Vietnamese."""

import tempfile
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from pipeline.store import Store

DOCS = Path(__file__).parent.parent / "docs"

HEAD = """# Data dictionary

*[Tiếng Việt](data-dictionary.vi.md)*

Made from the COMMENTs in the database by `make docs`; a test keeps both the same (in the published copy they are
Vietnamese where the home's `language` is `vi`). In DuckDB:
`SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal`.

Begin with the view `current_tasks`: one row a task as it stands now, corrections applied. Every view has
`concerns_us` to filter by (`no` where a task is not ours, `excluded` where we are taken out of those it is for);
a row about several tasks has that of the one which concerns us most. Moments are UTC; today is today in
Vietnam. Questions with their queries: [cookbook](cookbook.md).

**What is counted.** In `current_tasks` every mention has its row: a task that three letters urge stands there
three times, once a letter. What counts or lists work to be done (`standings`, `agency_load`, `overdue`,
`due_soon`, and with them the dashboard, its report and the red rows of Excel) has one task once: mentions that
are linked, unless the link is only possible or one of a part with its whole, and that are in the same state. Of
open mentions the one due first stands for all, so that no wrong link hides a day that comes sooner; a later day
holds once somebody has confirmed that it was moved (`proposed_states`). A link in doubt (`is_in_doubt`) hides no
day. What somebody says is done is done for all mentions of the task that were there by then, unless only a part of
it was. `due_soon` and the calendar keep every day a letter sets. Drafts, proposals, copies and rejected tasks
count nowhere. `more_mentions` says how many others a row stands for, `chain(task_id)` shows them, `repeated` lists
what was left out.
"""


class Words(NamedTuple):
    """What the dictionary says in one language beside the names of things."""

    head: str
    views: str
    macros: str
    tables: str
    macros_use: str
    macro_columns: str
    """The heading of the table of macros, as a row of Markdown."""
    columns: str
    meanings: Mapping[str, str] | None = None
    """What each comment says in this language; None where comments are in it."""

    def say(self, comment: str | None) -> str:
        """What a comment says; nothing where there is none, itself where it was not translated."""
        return "" if comment is None else (self.meanings or {}).get(comment, comment)


ENGLISH = Words(
    head=HEAD,
    views="Views",
    macros="Macros",
    tables="Tables",
    macros_use="Use table macros after FROM, the others like functions.",
    macro_columns="| macro | meaning |",
    columns="| column | type | meaning |",
)


@cache
def vietnamese() -> Words:
    """The Vietnamese words, from dictionary.vi.toml.

    Meanings stand there by the comment they translate: one that is reworded lacks its translation until somebody
    has looked at it, and a column that means the same in ten views is said once.
    """
    told = tomllib.loads(resources.files("pipeline").joinpath("dictionary.vi.toml").read_text("utf-8"))
    return Words(**told["page"], meanings=told["objects"] | told["macros"] | told["columns"])


def comments(store: Store) -> set[str]:
    """Every comment of a database: of tables, views, macros and columns."""
    rows = store.rows(
        """SELECT comment FROM duckdb_tables() WHERE NOT temporary
        UNION SELECT comment FROM duckdb_views() WHERE NOT internal
        UNION SELECT comment FROM duckdb_columns() WHERE NOT internal
        UNION SELECT comment FROM duckdb_functions()
        WHERE NOT internal AND function_type IN ('macro', 'table_macro')"""
    )
    return {comment for (comment,) in rows if comment}


def dictionary(store: Store, words: Words = ENGLISH) -> str:
    """The dictionary of a database as Markdown: views, macros, then tables, each with its columns."""
    parts = [words.head]
    for title, sql in (
        (words.views, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"),
        (words.tables, "SELECT table_name, comment FROM duckdb_tables() WHERE NOT temporary ORDER BY 1"),
    ):
        parts.append(f"\n## {title}\n")
        for name, comment in store.rows(sql):
            parts.append(f"\n### {name}\n\n{words.say(comment)}.\n\n{words.columns}\n|---|---|---|\n")
            parts += [
                f"| `{column}` | {kind} | {_cell(words.say(said))} |\n"
                for column, kind, said in store.rows(
                    """SELECT column_name, data_type, comment FROM duckdb_columns()
                    WHERE NOT internal AND table_name = ? ORDER BY column_index""",
                    [name],
                )
            ]
        if title == words.views:
            parts.append(f"\n## {words.macros}\n\n{words.macros_use}\n\n{words.macro_columns}\n|---|---|\n")
            parts += [
                f"| `{name}({', '.join(parameters)})` | {_cell(words.say(comment))} |\n"
                for name, parameters, comment in store.rows(
                    """SELECT function_name, parameters, comment FROM duckdb_functions()
                    WHERE NOT internal AND function_type IN ('macro', 'table_macro') ORDER BY 1"""
                )
            ]
    return "".join(parts)


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the dictionary of an empty database into docs/, in both languages."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "empty.duckdb", Path(folder))
        for name, words in (("data-dictionary.md", ENGLISH), ("data-dictionary.vi.md", vietnamese())):
            (DOCS / name).write_text(dictionary(store, words), "utf-8")
        store.close()


if __name__ == "__main__":
    main()
