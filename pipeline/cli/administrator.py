"""What who keeps the house asks: serving, users, the database, and how all is."""

import sys
from typing import Any

import click

from pipeline import doctor as doctors
from pipeline import shown, users
from pipeline.cli.house import House, main, who_says
from pipeline.texts import text
from pipeline.usage import agreed


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.pass_obj
def serve(house: House, host: str, port: int) -> None:
    """Watch the inbox, run the flows, serve the review page and take other commands' work, until stopped.

    Beyond this machine (--host 0.0.0.0) users are wanted first: giaoviec user add.
    """
    from pipeline.serve import serve as serving

    def report(kind: str, values: dict[str, Any]) -> None:
        if kind == "serving":
            click.echo(text("cli.serving", **values))
        elif kind == "stopping":
            click.echo(text("cli.stopping"))
        elif kind == "reviewing":
            click.echo(text("review.served_at", **values))
            house.hint()
        elif kind == "letter":
            # What was not cleared stays nameless: this may be kept in a log of the system's.
            click.echo(shown.line({**values, "place": None, "source": None}))

    if shown.err.is_terminal:
        shown.err.print(text("cli.starting"))
    serving(house.home, house.settings, report, host, port)


@main.group()
def user() -> None:
    """Users of the review page, for when it is served beyond this machine."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(users.ROLES), default="reviewer", show_default=True)
@click.option("--password")
@click.pass_obj
def user_add(house: House, name: str, role: str, password: str | None) -> None:
    """Add a user, or give a known one another role and password."""
    # Asked for here and not by click, whose prompts are made before the language is known.
    if password is None and sys.stdin.isatty():
        password = click.prompt(text("cli.password"), hide_input=True, confirmation_prompt=True)
    elif password is None:
        password = sys.stdin.readline().rstrip("\n")
    added = users.add(house.home, name, role, password)
    click.echo(text("review.user_added", name=added.name, role=text(f"review.role_{added.role}")))


@user.command("remove")
@click.argument("name")
@click.pass_obj
def user_remove(house: House, name: str) -> None:
    """Take a user away; its sessions end at once."""
    users.remove(house.home, name)
    click.echo(text("review.user_removed", name=name))


@user.command("list")
@click.pass_obj
def user_list(house: House) -> None:
    """All users with their roles."""
    known = users.load(house.home)
    if not known:
        click.echo(text("cli.no_users"))
    for one in sorted(known.values(), key=lambda u: u.name):
        click.echo(f"{one.name}\t{text(f'review.role_{one.role}')}")


@main.command()
@click.option("--document")
@click.pass_obj
def reextract(house: House, document: str | None) -> None:
    """Run the rules again over what was read, without recognising it again."""
    click.echo(text("cli.reextracted", **house.run("reextract", document=document)))


@main.command()
@click.pass_obj
def rebuild(house: House) -> None:
    """Make the database again from the journal."""
    click.echo(text("cli.rebuilt", **house.run("rebuild")))


@main.command()
@click.argument("document")
@click.option("--why", required=True)
@click.option("--yes", is_flag=True)
@who_says
@click.pass_obj
def purge(house: House, document: str, why: str, yes: bool, who: str) -> None:
    """Take a letter that must not be here out of everything but a tombstone, after asking."""
    if not yes:
        for name in house.run("purge_preview", document=document)["names"]:
            click.echo(f"  {name}")
        if not agreed(text("cli.purge_ask")):
            click.echo(text("cli.not_purged"))
            return
    click.echo(text("cli.purged", count=len(house.run("purge", document=document, why=why, who=who)["purged"])))


@main.command()
@click.pass_obj
def doctor(house: House) -> None:
    """What is installed, missing, misconfigured or full, with the command that mends it."""
    findings = doctors.examine(house.home, house.settings)
    shown.findings(findings)
    if any(f.state == "bad" for f in findings):
        raise SystemExit(4)
