"""What an analyst asks: the register exported, queried, and taken back from workbooks."""

import os
import sys
from pathlib import Path
from typing import Any

import click
import duckdb

from pipeline import export as exports
from pipeline import shown, store
from pipeline.cli.house import SOME_SET_ASIDE, House, main, who_says
from pipeline.errors import WrongUse
from pipeline.texts import text
from pipeline.usage import Day, Place, agreed


@main.command()
@click.option("--format", "form", type=click.Choice(exports.FORMATS))
@click.option("--document")
@click.option("--out", "target", type=Place())
@click.option("--as-of", type=Day())
@click.option("--by-agency", is_flag=True)
@click.option("--reviewers", is_flag=True)
@click.option("--ours", is_flag=True)
@click.option("--agency")
@click.pass_obj
def export(house: House, /, form: str | None, target: Path | None, **choice: Any) -> None:
    """Tasks as they stand now, corrections applied."""
    form = exports.form_of(form, target)
    for sheet in ("by_agency", "reviewers"):
        if choice[sheet] and form != "xlsx":
            raise WrongUse("only_in_xlsx", option=f"--{sheet.replace('_', '-')}")
    if target is not None:
        if target.is_dir() and form != "parquet":
            raise click.BadParameter(text("usage.is_folder", path=target), param_hint="'--out'")
        if not target.absolute().parent.is_dir():
            raise WrongUse("no_folder", folder=target.absolute().parent)
        found = house.run("export", form=form, out=str(target.absolute()), **choice)
        code = "cli.exported_days" if form == "ics" else "cli.exported"
        shown.err.print(text(code, tasks=found["tasks"], out=target), soft_wrap=True)
        return
    if form in exports.BINARY_FORMATS and sys.stdout.isatty():
        raise WrongUse("needs_a_file", form=form)
    house.must_be_there()
    scratch = house.home / "tmp" / str(os.getpid()) / "export"
    scratch.parent.mkdir(parents=True, exist_ok=True)
    try:
        house.run("export", form=form, out=str(scratch), **choice)
        with scratch.open("rb") as file:
            while chunk := file.read(2**20):
                sys.stdout.buffer.write(chunk)
    finally:
        scratch.unlink(missing_ok=True)


@main.command()
@click.argument("sql")
@click.option("--format", "form", type=click.Choice(shown.ROW_FORMATS), default="table", show_default=True)
@click.pass_obj
def query(house: House, sql: str, form: str) -> None:
    """Read-only SQL on the published copy."""
    from pipeline import home as homes

    with store.reading(homes.at(house.home, house.settings.inbox).published) as connection:
        try:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise WrongUse("bad_query", why=_why_not(error), problem=str(error).strip()) from error
    shown.rows(names, rows, form)


def _why_not(error: duckdb.Error) -> str:
    """What is wrong with a query, by the kind of DuckDB's error."""
    kinds = {
        duckdb.ParserException: "syntax",
        duckdb.CatalogException: "no_table",
        duckdb.BinderException: "no_column",
        duckdb.ConversionException: "no_value",
        duckdb.InvalidInputException: "only_read",
        duckdb.PermissionException: "only_read",
    }
    return text(f"query.{next((code for kind, code in kinds.items() if isinstance(error, kind)), 'other')}")


@main.command("import")
@click.argument("path", type=Place("file", there=True))
@click.option("--yes", is_flag=True)
@who_says
@click.pass_obj
def import_workbook(house: House, path: Path, yes: bool, who: str) -> None:
    """Take progress, state, office deadlines and notes back from an Excel file, after showing what changes."""
    file = str(path.absolute())
    found = house.run("import_preview", begins=True, path=file)
    if found["kind"] == "first_day":
        shown.first_day(found)
        if not yes and not agreed(text("workbook.first_day_ask")):
            click.echo(text("workbook.not_written"))
            return
        written = house.run("import_write", path=file, digest=found["digest"], who=who)
        code = "first_day_again" if written["again"] else "first_day_written"
        click.echo(text(f"workbook.{code}", tasks=written["tasks"], states=written["states"]))
        return
    if found["kind"] == "again":
        click.echo(text("workbook.list_again", name=found["name"], same=found["same"]))
    sensible = [change for change in found["changes"] if change["conflict"] is None]
    conflicts = [change for change in found["changes"] if change["conflict"] is not None]
    for title, changes in (("changes", sensible), ("conflicts", conflicts)):
        if changes:
            shown.changes(text(f"workbook.{title}"), changes)
    if found["gone"]:
        gone = "gone_from_list" if found["kind"] == "again" else "gone"
        click.echo(text(f"workbook.{gone}", count=found["gone"]))
    if not sensible:
        click.echo(text("workbook.not_written" if conflicts else "workbook.no_changes"))
    elif yes or agreed(text("workbook.ask", count=len(sensible))):
        written = house.run("import_write", path=file, digest=found["digest"], who=who)
        click.echo(text("workbook.written", count=written["written"]))
    else:
        click.echo(text("workbook.not_written"))
    if conflicts:
        raise SystemExit(SOME_SET_ASIDE)
