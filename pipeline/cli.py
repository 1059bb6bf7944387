"""The command `giaoviec`: what is asked, and which command does it. What each says in help is in the catalogue."""

import asyncio
import getpass
import os
import sys
from pathlib import Path
from typing import Any

import click
import duckdb
import msgspec

from pipeline import doctor as doctors
from pipeline import export as exports
from pipeline import handover, settings, shown, store, texts, tracking, users
from pipeline.errors import HomeInUse, WrongUse
from pipeline.settings import SETTINGS_FILE, Settings
from pipeline.texts import text
from pipeline.usage import Day, Place, Speaking, agreed

SOME_SET_ASIDE = 3
"""Exit code: some letters were held or quarantined, or wait to be tried again."""


def _me() -> str:
    """The name of who runs the command, as records have it; the number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


class House:
    """What every command is told: where the home is, and its settings."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().absolute()
        self.settings: Settings = settings.load(self.home)
        texts.speak(self.settings.language)

    def run(self, command: str, *, begins: bool = False, **arguments: Any) -> dict[str, Any]:
        """Have a command done, showing progress on a terminal.

        Raises WrongUse where there is no home, unless the command is one that `begins` one.
        """
        if not begins:
            self.must_be_there()
        with shown.Progressing() as progress:
            return handover.run(self.home, self.settings, command, progress.report, **arguments)

    def must_be_there(self) -> None:
        """Refuse a home that nothing was ever taken into: its name may be misspelled."""
        if not (self.home / "journal").is_dir():
            raise WrongUse("no_home", home=self.home)

    def hint(self) -> None:
        """Say what is to be set before the register says what concerns us."""
        if not self.settings.own_bodies:
            click.echo(text("cli.no_own_bodies", file=self.home / SETTINGS_FILE), err=True)


who_says = click.option("--who", default=_me, show_default=False)
why = click.option("--why")


@click.group(cls=Speaking, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=Place("folder"),
    default="home",
    envvar="GIAOVIEC_HOME",
    show_default=True,
)
@click.version_option(package_name="giaoviec")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """Official letters in, a register of the tasks they assign out."""
    ctx.obj = House(home)


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
@click.option("--format", "form", type=click.Choice(exports.FORMATS))
@click.option("--document")
@click.option("--out", "target", type=Place("file"))
@click.option("--as-of", type=Day())
@click.option("--by-agency", is_flag=True)
@click.option("--reviewers", is_flag=True)
@click.pass_obj
def export(house: House, /, form: str | None, target: Path | None, **choice: Any) -> None:
    """Tasks as they stand now, corrections applied."""
    form = exports.form_of(form, target)
    for sheet in ("by_agency", "reviewers"):
        if choice[sheet] and form != "xlsx":
            raise WrongUse("only_in_xlsx", option=f"--{sheet.replace('_', '-')}")
    if target is not None:
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
@click.argument("task_id")
@click.argument("field")
@click.argument("value")
@who_says
@why
@click.pass_obj
def correct(house: House, task_id: str, field: str, value: str, who: str, why: str | None) -> None:
    """Set a field of a task: text, lead, coop, deadline, office_due_date, source_doc, result, modality, review.

    Names are separated by `;`, `-` means nothing, a deadline is worded as in a letter.
    """
    if not value.strip():
        raise WrongUse("empty_value", field=field)
    found = house.run("correct", task_id=task_id, field=field, value=value, who=who, why=why)
    seen, new = (shown.field_value(field, found[key]) for key in ("seen", "value"))
    click.echo(text("cli.corrected", seq=found["seq"], field=text(f"field.{field}"), seen=seen, value=new))


@main.command()
@click.pass_obj
def accept(house: House) -> None:
    """Accept what is sure enough unseen, once reviews confirm the target; say how that stands."""
    now = house.run("accept_unseen")
    done = now.pop("done")
    threshold = "–" if now["threshold"] is None else f"{now['threshold']:.3f}"
    click.echo(text(f"acceptance.{now['state']}", **{**now, "threshold": threshold}))
    click.echo(text("acceptance.counts", **{**now, "threshold": threshold}))
    if now["audited"]:
        error = "–" if now["observed_error"] is None else f"{now['observed_error']:.1%}"
        click.echo(text("acceptance.audit", **{**now, "observed_error": error}))
    if any(done.values()):
        click.echo(text("acceptance.done", **done))


@main.command()
@click.option("--switch-on", is_flag=True)
@click.option("--back")
@click.option("--versions", is_flag=True)
@who_says
@click.pass_obj
def learn(house: House, switch_on: bool, back: str | None, versions: bool, who: str) -> None:
    """Propose aliases and a new calibration from corrections, with their gain on letters held back."""
    if versions:
        known = house.run("learned_versions")["versions"]
        if not known:
            click.echo(text("learning.no_versions"))
        for version in known:
            click.echo(text("learning.version", **{**version, "aliases": len(version["aliases"])}))
        return
    found = house.run("learn", who=who, switch_on=switch_on, back=back)
    if "proposal" in found:
        shown.proposal(found["proposal"])
    if "version" in found:
        click.echo(text("learning.switched", **found))


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
        click.echo(text("workbook.first_day", tasks=found["tasks"], states=found["states"]))
        if not yes and not agreed(text("workbook.first_day_ask")):
            click.echo(text("workbook.not_written"))
            return
        written = house.run("import_write", path=file, digest="", who=who)
        click.echo(text("workbook.first_day_written", tasks=written["tasks"], states=written["states"]))
        return
    sensible = [change for change in found["changes"] if change["conflict"] is None]
    conflicts = [change for change in found["changes"] if change["conflict"] is not None]
    for title, changes in (("changes", sensible), ("conflicts", conflicts)):
        if changes:
            shown.changes(text(f"workbook.{title}"), changes)
    if not sensible:
        click.echo(text("workbook.not_written" if conflicts else "workbook.no_changes"))
    elif yes or agreed(text("workbook.ask", count=len(sensible))):
        written = house.run("import_write", path=file, digest=found["digest"], who=who)
        click.echo(text("workbook.written", count=written["written"]))
    else:
        click.echo(text("workbook.not_written"))
    if conflicts:
        raise SystemExit(SOME_SET_ASIDE)


@main.command()
@click.argument("task_id")
@click.argument("state", required=False, type=click.Choice([*tracking.STATES, "proposed"]))
@click.option("--done-on", type=Day())
@click.option("--through", type=Day())
@click.option("--progress")
@click.option("--note")
@click.option("--source")
@who_says
@why
@click.pass_obj
def state(house: House, /, task_id: str, state: str | None, **said: Any) -> None:
    """Set the state of a task; `proposed` takes the one that later letters speak for."""
    done = house.run("set_state", task_id=task_id, state=state, **said)
    code = "tracking.state_set" if done["state"] else "tracking.said"
    click.echo(text(code, seq=done["seq"], state=done["state"] and text(f"workbook.state_{done['state']}")))


@main.command()
@click.argument("task_id")
@click.argument("other_id")
@click.argument("verdict", type=click.Choice(tracking.VERDICTS))
@who_says
@why
@click.pass_obj
def link(house: House, task_id: str, other_id: str, verdict: str, who: str, why: str | None) -> None:
    """Say that two tasks are one (confirmed), are not (refused), or take that back (open)."""
    done = house.run("judge_link", task_id=task_id, other_id=other_id, verdict=verdict, who=who, why=why)
    click.echo(text(f"tracking.link_{verdict}", **done))


@main.command()
@click.argument("document")
@click.option("--why", required=True)
@who_says
@click.pass_obj
def purge(house: House, document: str, why: str, who: str) -> None:
    """Take a letter that must not be here out of everything but a tombstone."""
    click.echo(text("cli.purged", count=len(house.run("purge", document=document, why=why, who=who)["purged"])))


@main.command()
@click.argument("gold", type=Place("folder", there=True))
@click.option("--document", "documents", multiple=True)
@click.option("--show", type=int, default=0)
@click.option("--save", type=Place("file"))
@click.option("--against", type=Place("file", there=True))
@click.option("--links", type=Place("file", there=True))
@click.option("--rules", is_flag=True)
@click.option("--letterheads", is_flag=True)
@click.pass_obj
def evaluate(
    house: House,
    gold: Path,
    documents: tuple[str, ...],
    show: int,
    save: Path | None,
    against: Path | None,
    links: Path | None,
    rules: bool,
    letterheads: bool,
) -> None:
    """Figures over documents that have gold (NAME.tasks.jsonl) beside them; with --links, of linking alone."""
    from pipeline import evaluate as evaluation
    from pipeline import evaluate_letterhead, evaluate_links

    if letterheads:
        click.echo(evaluate_letterhead.report(gold, house.settings.office))
        return
    if links is not None:
        click.echo(evaluate_links.report(gold, links, show, house.settings.office))
        return
    try:
        figures = evaluation.report(
            gold, house.settings, documents=documents, show=show, save=save, against=against, rules=rules
        )
    except FileNotFoundError as error:
        raise WrongUse("no_gold", folder=gold) from error
    click.echo(figures)


@main.command()
@click.argument("rows", type=Place("folder", there=True))
@click.option("--write", type=Place("file"))
@click.option("--test", "tests", multiple=True, type=Place("folder", there=True))
@click.pass_obj
def calibrate(house: House, rows: Path, write: Path | None, tests: tuple[Path, ...]) -> None:
    """Fit confidence to judged evidence (ROWS/*.jsonl) and say how good it is; --test on documents with gold."""
    from pipeline import calibration

    if not any(rows.glob("*.jsonl")):
        raise WrongUse("no_rows", folder=rows)
    for line in calibration.report(rows, house.settings.office, write=write, tests=tests):
        click.echo(line)


@main.command()
@click.pass_obj
def doctor(house: House) -> None:
    """What is installed, missing, misconfigured or full, with the command that mends it."""
    findings = doctors.examine(house.home, house.settings)
    shown.findings(findings)
    if any(f.state == "bad" for f in findings):
        raise SystemExit(4)


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


if __name__ == "__main__":
    main()
