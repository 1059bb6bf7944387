"""What a clerk asks: letters taken in, and what comes next."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from pipeline import shown
from pipeline.cli.house import SOME_SET_ASIDE, House, main
from pipeline.errors import HomeInUse
from pipeline.texts import text
from pipeline.usage import Place


@main.command()
@click.argument("paths", nargs=-1, required=True, type=Place())
@click.pass_obj
def ingest(house: House, paths: tuple[Path, ...]) -> None:
    """Read files or folders now; the originals stay where they are."""
    found = house.run("ingest", begins=True, paths=[str(p.absolute()) for p in paths])
    _show_outcomes(house, found["outcomes"])


@main.command()
@click.pass_obj
def sweep(house: House) -> None:
    """Take in what lies in the inbox, once, through the Prefect flow."""
    from pipeline import owner, prefect_server
    from pipeline.register import open_register

    held = owner.own(house.home, "sweep")
    if held is None:
        info = owner.who(house.home)
        code = "served_already" if info is not None and info.command == "serve" else "home_in_use"
        raise HomeInUse(code, **owner.as_words(info))
    with (
        open_register(house.home, house.settings, held) as register,
        prefect_server.running(register.home, house.settings.prefect_port),
        shown.Progressing() as progress,
    ):
        import flows

        outcomes = asyncio.run(flows.sweep_once(register, progress.report))
    _show_outcomes(house, [msgspec.to_builtins(o) for o in outcomes])


@main.command("next")
@click.pass_obj
def what_next(house: House) -> None:
    """What can be done with a home that has letters in it."""
    home = house.home.relative_to(Path.cwd()) if house.home.is_relative_to(Path.cwd()) else house.home
    click.echo(f"\n{text('cli.next_title')}:")
    for code in ("serve", "query", "export"):
        command = text(f"cli.next_{code}", home=home, inbox=house.settings.inbox or home / "inbox")
        click.echo(f"  {Path(sys.argv[0]).parent.name and '.venv/bin/'}{command}")


def _show_outcomes(house: House, outcomes: list[dict[str, Any]]) -> None:
    """The tasks found, what became of each file in the end, and what is to be done about it."""
    # What waited and was read at the next attempt has two outcomes: the later one counts.
    finished = {o["document"] for o in outcomes if o.get("document") and o["state"] != "waiting"}
    outcomes = [o for o in outcomes if o["state"] != "waiting" or o.get("document") not in finished]
    documents = [o["document"] for o in outcomes if o["state"] in ("done", "again") and o.get("document")]
    tasks = house.run("tasks", documents=list(dict.fromkeys(documents)))["tasks"] if documents else []
    shown.tasks(tasks)
    shown.outcomes(outcomes)
    house.hint()
    if any(o["state"] in shown.SET_ASIDE for o in outcomes):
        raise SystemExit(SOME_SET_ASIDE)
