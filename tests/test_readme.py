"""What the README says in either language is so: every command, option and setting, and queries that run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli import main
from pipeline.settings import Settings
from pipeline.store import reading
from tests.test_docs import published as published

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
VIETNAMESE = README[README.index("## Tiếng Việt") :]
PARTS = {"en": README[: README.index("## Tiếng Việt")], "vi": VIETNAMESE}
COMMANDS = {
    language: part[part.index(f"\n{head}\n") :]
    for (language, part), head in zip(PARTS.items(), ("## The command", "### Các lệnh"), strict=True)
}
FOR_DEVELOPERS = ("evaluate", "calibrate")


def commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    for inner, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{name}{inner} ")
        else:
            yield f"{name}{inner}", command


@pytest.mark.parametrize("language", PARTS)
@pytest.mark.parametrize(
    ("name", "command"), commands(main), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_in_the_table(language: str, name: str, command: click.Command) -> None:
    [row] = [line for line in COMMANDS[language].splitlines() if re.match(rf"\| `{name}\b", line)]
    if name in FOR_DEVELOPERS and language == "vi":
        return
    # Bars within a cell are escaped.
    cell = row.replace("\\|", "/").split("|")[1]
    options = [o for parameter in command.params if isinstance(parameter, click.Option) for o in parameter.opts]
    assert [option for option in options if option not in cell] == []


@pytest.mark.parametrize("language", PARTS)
def test_every_setting_is_in_the_table(language: str) -> None:
    rows = "\n".join(line for line in PARTS[language].splitlines() if line.startswith("| `"))
    assert [name for name in Settings.model_fields if f"`{name}`" not in rows] == []


def queries() -> Iterator[str]:
    yield from re.findall(r"```sql\n(.+?)\n```", README, re.DOTALL)
    for line in re.findall(r"^\S*giaoviec --home \S+ query .+$", README, re.MULTILINE):
        yield shlex.split(line)[-1]


@pytest.mark.parametrize("sql", [*queries()])
def test_its_queries_run(published: Path, sql: str) -> None:
    with reading(published) as connection:
        assert connection.execute(sql).description


@pytest.mark.parametrize(
    "said",
    re.findall(
        r"^\| `([a-z_]+(?:\([^`]*\))?)`.*\| .*$", VIETNAMESE[VIETNAMESE.index("| bảng |") :].split("\n\n")[0], re.M
    ),
)
def test_its_tables_are_there(published: Path, said: str) -> None:
    with reading(published) as connection:
        assert connection.execute(f"SELECT * FROM {said} LIMIT 1").description


def test_the_contents_lead_somewhere() -> None:
    headings = {
        h.lower().replace(" ", "-").replace(",", "") for h in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }
    assert set(re.findall(r"\(#(.+?)\)", README)) <= headings
