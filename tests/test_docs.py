"""The dictionary says what the database says; every query and recipe of the cookbook runs."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import duckdb
import pytest

from benchmarks import cookbook
from pipeline.cookbook import with_queries_of
from pipeline.dictionary import comments, dictionary, vietnamese
from pipeline.journal import Journal
from pipeline.owner import own
from pipeline.publish import publish
from pipeline.register import open_register
from pipeline.settings import Settings
from pipeline.store import Store, reading
from samples import registers

DOCS = Path(__file__).parent.parent / "docs"
COOKBOOK = (DOCS / "cookbook.md").read_text("utf-8")
COOKBOOK_VI = (DOCS / "cookbook.vi.md").read_text("utf-8")
QUESTIONS = cookbook.QUESTIONS.findall(COOKBOOK)


def test_the_dictionary_is_made_from_the_comments(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.duckdb", tmp_path)
    assert dictionary(store) == (DOCS / "data-dictionary.md").read_text("utf-8"), "run `make docs`"
    missing = store.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''"
    )
    assert missing == []
    unexplained = store.rows(
        """SELECT function_name FROM duckdb_functions()
        WHERE NOT internal AND function_type LIKE '%macro' AND comment IS NULL"""
    )
    assert unexplained == []


def test_the_vietnamese_dictionary_says_every_comment_and_nothing_else(tmp_path: Path) -> None:
    store, words = Store(tmp_path / "a.duckdb", tmp_path), vietnamese()
    said, meanings = comments(store), words.meanings or {}
    assert said - meanings.keys() == set(), "say these in pipeline/dictionary.vi.toml, then run `make docs`"
    assert meanings.keys() - said == set(), "no COMMENT says these any more: pipeline/dictionary.vi.toml"
    assert [comment for comment, meaning in meanings.items() if not meaning.strip()] == []
    made = dictionary(store, words)
    assert made == (DOCS / "data-dictionary.vi.md").read_text("utf-8"), "run `make docs`"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_published_copy_explains_itself_in_the_language_of_the_home(
    tmp_path: Path, language: Literal["vi", "en"]
) -> None:
    """A home whose language is changed makes its database again."""
    told, days_late = vietnamese().meanings or {}, "Days since its last day"
    for now in ("en" if language == "vi" else "vi", language):
        owner = own(tmp_path / "home", "test")
        assert owner is not None
        with open_register(tmp_path / "home", Settings(workers=0, language=now), owner) as register:
            publish(register)
            assert comments(register.store) == (set(told.values()) if now == "vi" else told.keys())
    sql = "SELECT comment FROM duckdb_columns() WHERE table_name = 'overdue' AND column_name = 'days_late'"
    with reading(tmp_path / "home" / "published" / "giaoviec.duckdb") as connection:
        assert connection.execute(sql).fetchall() == [(told[days_late] if language == "vi" else days_late,)]


@pytest.mark.parametrize("code", [r"\b[a-z]+(?:_[a-z]+)+\b", r"DATE '[\d-]+'", r"\d+"])
def test_names_and_numbers_of_a_comment_stand_in_its_vietnamese_words(code: str) -> None:
    """What is typed into queries is not translated: a value or an example that is missing misleads."""
    told = vietnamese().meanings or {}
    lost = {comment: set(re.findall(code, comment)) - set(re.findall(code, told[comment])) for comment in told}
    assert {comment: names for comment, names in lost.items() if names} == {}


IDS_ALONE = {
    "refused_pairs",
    "moved_later",
    "tasks_from",
    "counted_once",
    "recurring_on",
    "last_corrections",
    "last_judgements",
    "one_task",
    "letters_related",
}
"""Macros whose rows are to be looked for in, or joined with, what has `concerns_us`."""

CONCERNS = {"named", "collective", "condition", "excluded", "no"}


def test_every_view_can_be_filtered_by_what_concerns_us(published: Path) -> None:
    with reading(published) as connection:
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        macros = connection.execute(
            """SELECT DISTINCT function_name, CASE len(parameters)
                WHEN 0 THEN '' WHEN 1 THEN 'NULL' ELSE 'DATE ''2026-01-01'', DATE ''2026-12-31''' END
            FROM duckdb_functions() WHERE NOT internal AND function_type = 'table_macro'"""
        ).fetchall()
        assert {name for name, _ in macros} > IDS_ALONE
        searched = {"search_tasks": "'báo cáo'", "search_letters": "'báo cáo'", "due_soon": "", "chain": "'-'"}
        asked = [name for (name,) in views]
        asked += [f"{name}({searched.get(name, given)})" for name, given in macros if name not in IDS_ALONE]
        for source in asked:
            [(_, kind, *_)] = connection.execute(f"DESCRIBE SELECT concerns_us FROM {source}").fetchall()
            assert kind == "VARCHAR", source
            said = {
                value for (value,) in connection.execute(f"SELECT DISTINCT concerns_us FROM {source}").fetchall()
            }
            assert said <= CONCERNS, source
            connection.execute(f"FROM {source} WHERE concerns_us NOT IN ('no', 'excluded')").fetchall()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of made-up letters with repeats, states and corrections, as a published copy."""
    folder = tmp_path_factory.mktemp("cookbook")
    registers.write(folder / "journal", 1500)
    store = Store(folder / "giaoviec.duckdb", folder)
    journal = Journal(folder / "journal")
    journal.open_for_writing()
    store.catch_up(journal)
    store.close()
    return folder / "giaoviec.duckdb"


def test_there_are_fifteen_questions() -> None:
    assert len(QUESTIONS) >= 15
    assert [int(title.split(".")[0]) for title, _ in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))


def test_the_vietnamese_cookbook_has_the_same_questions_and_queries() -> None:
    asked = re.findall(r"^## (\d+)\. .+\n\n\*(.+)\*$", COOKBOOK, re.MULTILINE)
    assert len(asked) == len(QUESTIONS)
    assert re.findall(r"^## (\d+)\. (.+)$", COOKBOOK_VI, re.MULTILINE) == asked
    assert with_queries_of(COOKBOOK, COOKBOOK_VI) == COOKBOOK_VI, "run `make docs`"


@pytest.mark.parametrize(
    "translation",
    [
        "lời\n",  # a question that is not translated yet
        "```sql\na\n```\n```sql\nb\n```\n",  # one that is gone
    ],
)
def test_a_translation_with_other_blocks_is_refused(translation: str) -> None:
    with pytest.raises(ValueError, match="fenced blocks"):
        with_queries_of("```sql\nSELECT 1;\n```\n", translation)


def anchors(markdown: str) -> set[str]:
    """Where links into a page can lead: its headings in small letters, without punctuation, joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["cookbook.md", "cookbook.vi.md", "data-dictionary.md", "data-dictionary.vi.md"])
def test_links_lead_to_what_is_there(name: str) -> None:
    for file, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", (DOCS / name).read_text("utf-8")):
        page = DOCS / (file or name)
        assert page.is_file(), file
        assert not anchor or anchor in anchors(page.read_text("utf-8")), anchor


@pytest.mark.parametrize("sql", [sql for _, sql in QUESTIONS], ids=[title for title, _ in QUESTIONS])
def test_every_question_has_an_answer(published: Path, sql: str) -> None:
    with reading(published) as connection:
        assert connection.execute(sql).fetchall()


def recipe(language: str) -> str:
    found = re.search(rf"```{language}\n(.+?)```", COOKBOOK[COOKBOOK.index("## How to connect") :], re.DOTALL)
    assert found is not None
    return found[1]


def test_the_python_recipe_runs(published: Path) -> None:
    code = recipe("python").replace("/srv/giaoviec/published/giaoviec.duckdb", str(published))
    done = subprocess.run([sys.executable, "-c", code + "print(len(tasks))"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_the_command_line_recipe_runs_and_is_read_only(published: Path) -> None:
    """The command itself is no package of ours: its words are held here, and run where it is installed."""
    words = recipe("").replace("/srv/giaoviec/published/giaoviec.duckdb", str(published))
    assert words.startswith("duckdb -readonly")
    command = shutil.which("duckdb", path=str(Path(sys.executable).parent)) or shutil.which("duckdb")
    if command is None:
        pytest.skip("there is no duckdb command here (pip install duckdb-cli)")
    said = [command, *shlex.split(words)[1:]]
    assert "1500" in subprocess.run(said, capture_output=True, text=True, check=True).stdout
    assert subprocess.run([*said[:-1], "DELETE FROM tasks"], capture_output=True).returncode != 0


def test_one_process_sees_a_new_copy_once_its_connections_are_closed(tmp_path: Path) -> None:
    """As the recipe says; another process sees it at once."""
    copy, new = tmp_path / "giaoviec.duckdb", tmp_path / "new.duckdb"
    for path, rows in ((copy, 1), (new, 2)):
        with duckdb.connect(str(path)) as made:
            made.execute(f"CREATE TABLE tasks AS FROM range({rows})")
    count = "SELECT count(*) FROM tasks"
    code = f"import duckdb; print(duckdb.connect({str(copy)!r}, read_only=True).execute({count!r}).fetchone()[0])"
    with duckdb.connect(str(copy), read_only=True) as older:
        new.rename(copy)
        with duckdb.connect(str(copy), read_only=True) as newer:
            assert [c.execute(count).fetchone() for c in (older, newer)] == [(1,), (1,)]
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "2\n"
    with duckdb.connect(str(copy), read_only=True) as again:
        assert again.execute(count).fetchone() == (2,)


def test_the_setting_of_the_dbeaver_recipe_is_duckdb_s(published: Path) -> None:
    with duckdb.connect(str(published), config={"access_mode": "read_only"}) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute("DELETE FROM tasks")
        assert connection.execute("SELECT count(*) FROM current_tasks").fetchone() == (1500,)
