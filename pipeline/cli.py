"""The command `giaoviec`."""

import asyncio
import datetime
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

import click
import duckdb
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table

from pipeline import doctor as doctors
from pipeline import export as exports
from pipeline import handover, settings, steps, store, texts, tracking, users
from pipeline.errors import GiaoviecError, HomeInUse, WrongUse
from pipeline.settings import Settings
from pipeline.texts import text

SOME_SET_ASIDE = 3
"""Exit code: some letters were held or quarantined, or wait to be tried again."""

PIPED_WIDTH = 160
"""Columns of a table that goes to a file or another program."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False)


class Group(click.Group):
    """Says errors of the closed family as one sentence, with their exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GiaoviecError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # Whoever read our output has enough.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
            ctx.exit(0)


class House:
    """What every command is told: where the home is, and its settings."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().absolute()
        self.settings: Settings = settings.load(self.home)
        texts.speak(self.settings.language)

    def run(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Have a command done, showing progress on a terminal."""
        with Shown() as shown:
            return handover.run(self.home, self.settings, command, shown.report, **arguments)


class Shown:
    """Progress of long work: on a terminal, and quiet when piped."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self._letters: TaskID | None = None
        self._pages: dict[str, TaskID] = {}

    def __enter__(self) -> "Shown":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, kind: str, values: dict[str, Any]) -> None:
        """Show one piece of news."""
        match kind:
            case "total":
                self._letters = self._progress.add_task(text("cli.letters"), total=values["letters"])
            case "page":
                name = str(values["name"])
                if name not in self._pages:
                    self._pages[name] = self._progress.add_task(
                        text("cli.reading", name=name), total=values["total"]
                    )
                self._progress.update(self._pages[name], completed=values["done"])
            case "letter":
                done = self._pages.pop(str(values.get("name")), None)
                if done is not None:
                    self._progress.remove_task(done)
                if self._letters is not None:
                    self._progress.advance(self._letters)
            case "segment":
                if self._letters is None:
                    self._letters = self._progress.add_task("", total=values["total"])
                self._progress.update(self._letters, completed=values["done"])
            case "waiting":
                if err.is_terminal:
                    err.print(text("cli.waiting", **values))


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default="home",
    envvar="GIAOVIEC_HOME",
    show_default=True,
    help="The folder that holds everything. / Thư mục dữ liệu.",
)
@click.version_option(package_name="giaoviec")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """Official letters in, a register of the tasks they assign out. / Văn bản đến, sổ nhiệm vụ ra."""
    ctx.obj = House(home)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
def ingest(house: House, paths: tuple[Path, ...]) -> None:
    """Read files or folders now; the originals stay where they are."""
    found = house.run("ingest", paths=[str(p.absolute()) for p in paths])
    _show_outcomes(house, found["outcomes"])


@main.command()
@click.pass_obj
def sweep(house: House) -> None:
    """Take in what lies in the inbox, once, through the Prefect flow."""
    from pipeline import owner, prefect_server
    from pipeline.register import open_register

    held = owner.own(house.home, "sweep")
    if held is None:
        raise HomeInUse("home_in_use", **owner.as_words(owner.who(house.home)))
    with (
        open_register(house.home, house.settings, held) as register,
        prefect_server.running(register.home, house.settings.prefect_port),
        Shown() as shown,
    ):
        import flows

        outcomes = asyncio.run(flows.sweep_once(register, shown.report))
    _show_outcomes(house, [msgspec.to_builtins(o) for o in outcomes])


@main.command("next")
@click.pass_obj
def what_next(house: House) -> None:
    """What can be done with a home that has letters in it."""
    shown = house.home.relative_to(Path.cwd()) if house.home.is_relative_to(Path.cwd()) else house.home
    click.echo(f"\n{text('cli.next_title')}:")
    for code in ("serve", "query", "export"):
        command = text(f"cli.next_{code}", home=shown, inbox=house.settings.inbox or shown / "inbox")
        click.echo(f"  {Path(sys.argv[0]).parent.name and '.venv/bin/'}{command}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the review page is served.")
@click.option("--port", default=8080, show_default=True, help="Its port; 0: any free one.")
@click.pass_obj
def serve(house: House, host: str, port: int) -> None:
    """Watch the inbox, run the flows, serve the review page and take other commands' work, until stopped.

    Beyond this machine (--host 0.0.0.0) users are wanted first: giaoviec user add.
    """
    from pipeline.serve import serve as serving

    def report(kind: str, values: dict[str, Any]) -> None:
        if kind == "serving":
            click.echo(text("cli.serving", **values))
        elif kind == "reviewing":
            click.echo(text("review.served_at", **values))
        elif kind == "letter":
            # What was not cleared stays nameless: this may be kept in a log of the system's.
            click.echo(_line({**values, "place": None}))

    serving(house.home, house.settings, report, host, port)


@main.group()
def user() -> None:
    """Users of the review page, for when it is served beyond this machine."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(users.ROLES), default="reviewer", show_default=True)
@click.password_option(help="Asked for when not given.")
@click.pass_obj
def user_add(house: House, name: str, role: str, password: str) -> None:
    """Add a user, or give a known one another role and password."""
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
    for one in sorted(users.load(house.home).values(), key=lambda u: u.name):
        click.echo(f"{one.name}\t{text(f'review.role_{one.role}')}")


@main.command()
@click.option("--format", "form", type=click.Choice(exports.FORMATS), default="jsonl", show_default=True)
@click.option("--document", help="File name, SHA-256 or its beginning.")
@click.option(
    "--out", "target", type=click.Path(dir_okay=False, path_type=Path), help="File; default: standard output."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Overdue as of this day; default: today.")
@click.option("--by-agency", is_flag=True, help="xlsx: also a sheet for each leading body.")
@click.option("--reviewers", is_flag=True, help="xlsx: also a sheet with confidence and reasons.")
@click.pass_obj
def export(
    house: House,
    form: str,
    document: str | None,
    target: Path | None,
    as_of: datetime.datetime | None,
    by_agency: bool,
    reviewers: bool,
) -> None:
    """Tasks as they stand now, corrections applied."""
    chosen = {
        "form": form,
        "document": document,
        "as_of": as_of.date().isoformat() if as_of else None,
        "by_agency": by_agency,
        "reviewers": reviewers,
    }
    if target is not None:
        if not target.absolute().parent.is_dir():
            raise WrongUse("no_folder", folder=target.absolute().parent)
        found = house.run("export", out=str(target.absolute()), **chosen)
        err.print(text("cli.exported", tasks=found["tasks"], out=target))
        return
    if form == "xlsx" and sys.stdout.isatty():
        raise WrongUse("needs_a_file", form=form)
    scratch = house.home / "tmp" / str(os.getpid()) / "export"
    scratch.parent.mkdir(parents=True, exist_ok=True)
    try:
        house.run("export", out=str(scratch), **chosen)
        with scratch.open("rb") as file:
            while chunk := file.read(2**20):
                sys.stdout.buffer.write(chunk)
    finally:
        scratch.unlink(missing_ok=True)


@main.command()
@click.argument("sql")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
@click.pass_obj
def query(house: House, sql: str, form: str) -> None:
    """Read-only SQL on the published copy."""
    from pipeline import home as homes

    place = homes.at(house.home, house.settings.inbox)
    with store.reading(place.published) as connection:
        try:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise WrongUse("bad_query", problem=error) from error
    if form == "table":
        table = Table(*map(escape, names), show_lines=False)
        for row in rows:
            table.add_row(*(escape(_shown(value)) for value in row))
        out.print(table)
    elif form == "jsonl":
        for row in rows:
            click.echo(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str))
    else:
        import csv

        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows([[exports.harmless(_shown(value)) for value in row] for row in rows])


@main.command()
@click.option("--document", help="File name, SHA-256 or its beginning; default: all.")
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
@click.option("--who", default=getpass.getuser, show_default="the user", help="Who says so.")
@click.option("--why", help="Why.")
@click.pass_obj
def correct(house: House, task_id: str, field: str, value: str, who: str, why: str | None) -> None:
    """Set a field of a task: text, lead, coop, deadline, office_due_date, source_doc, result, modality, review.

    Names are separated by `;`, `-` means nothing, a deadline is worded as in a letter.
    """
    found = house.run("correct", task_id=task_id, field=field, value=value, who=who, why=why)
    click.echo(
        text(
            "cli.corrected",
            seq=found["seq"],
            seen=json.dumps(found["seen"], ensure_ascii=False),
            value=json.dumps(found["value"], ensure_ascii=False),
        )
    )


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
@click.option("--switch-on", is_flag=True, help="Use what is proposed from now on.")
@click.option("--back", metavar="VERSION", help="Use a version of before again (shipped: the one that came).")
@click.option("--versions", is_flag=True, help="List what was switched on when.")
@click.option("--who", default=getpass.getuser, show_default="the user", help="Who says so.")
@click.pass_obj
def learn(house: House, switch_on: bool, back: str | None, versions: bool, who: str) -> None:
    """Propose aliases and a new calibration from corrections, with their gain on letters held back."""
    if versions:
        for version in house.run("learned_versions")["versions"]:
            click.echo(text("learning.version", **{**version, "aliases": len(version["aliases"])}))
        return
    found = house.run("learn", who=who, switch_on=switch_on, back=back)
    if "proposal" in found:
        _show_proposal(found["proposal"])
    if "version" in found:
        click.echo(text("learning.switched", **found))


def _show_proposal(proposal: dict[str, Any]) -> None:
    """What was learned, and what it does to letters it was not learned from."""
    click.echo(text("learning.reviewed", **proposal))
    gain = proposal["gain"]
    if gain is None:
        click.echo(text("learning.too_little"))
        return
    for alias in proposal["aliases"]:
        click.echo(text("learning.alias", **alias))
    click.echo(text("learning.held_back", **gain))
    table = Table(*(text(f"learning.{column}") for column in ("figure", "before", "after")))
    for name, before in gain["before"].items():
        table.add_row(text(f"learning.{name}"), f"{before:.3f}", f"{gain['after'][name]:.3f}")
    out.print(table)
    click.echo(text("learning.leads", **gain))


@main.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--who", default=getpass.getuser, show_default="the user", help="Who says so.")
@click.pass_obj
def import_workbook(house: House, path: Path, yes: bool, who: str) -> None:
    """Take progress, state, office deadlines and notes back from an Excel file, after showing what changes."""
    file = str(path.absolute())
    found = house.run("import_preview", path=file)
    if found["kind"] == "first_day":
        click.echo(text("workbook.first_day", tasks=found["tasks"], states=found["states"]))
        if not yes and not click.confirm(text("workbook.first_day_ask")):
            click.echo(text("workbook.not_written"))
            return
        written = house.run("import_write", path=file, digest="", who=who)
        click.echo(text("workbook.first_day_written", tasks=written["tasks"], states=written["states"]))
        return
    sensible = [change for change in found["changes"] if change["conflict"] is None]
    conflicts = [change for change in found["changes"] if change["conflict"] is not None]
    for title, changes in (("changes", sensible), ("conflicts", conflicts)):
        if changes:
            _show_changes(text(f"workbook.{title}"), changes)
    if not sensible:
        click.echo(text("workbook.not_written" if conflicts else "workbook.no_changes"))
    elif yes or click.confirm(text("workbook.ask", count=len(sensible))):
        written = house.run("import_write", path=file, digest=found["digest"], who=who)
        click.echo(text("workbook.written", count=written["written"]))
    else:
        click.echo(text("workbook.not_written"))
    if conflicts:
        raise SystemExit(SOME_SET_ASIDE)


def _show_changes(title: str, changes: list[dict[str, Any]]) -> None:
    columns = ("place", "task", "column", "before", "after", "reasons")
    table = Table(*(text(f"workbook.{column}") for column in columns), title=title, show_lines=True)
    for change in changes:
        here, other = _shown(change["before"]), change["other"] or ""
        why = text(f"workbook.conflict_{change['conflict']}", here=here, other=other) if change["conflict"] else ""
        values = []
        for value in (change["before"], change["after"]):
            state = change["column"] == "state" and text(f"workbook.state_{value}")
            known = state if state and not state.startswith("workbook.") else _shown(value)
            values.append(known or text("workbook.nothing"))
        column = text(f"workbook.{change['column']}")
        table.add_row(change["place"], change["text"][:80] or change["task_id"], column, *values, why)
    out.print(table)


@main.command()
@click.argument("task_id")
@click.argument("state", required=False, type=click.Choice([*tracking.STATES, "proposed"]))
@click.option("--done-on", help="Day it was done (2026-06-30).")
@click.option("--through", help="Of a recurring duty: the last due day that is done with.")
@click.option("--progress", help="How far it is, in words.")
@click.option("--note", help="The office's note.")
@click.option("--source", help="What says so: a letter, a person.")
@click.option("--who", default=getpass.getuser, show_default="the user", help="Who says so.")
@click.option("--why", help="Why.")
@click.pass_obj
def state(house: House, /, task_id: str, state: str | None, **said: str | None) -> None:
    """Set the state of a task; `proposed` takes the one that later letters speak for."""
    click.echo(text("tracking.state_set", **house.run("set_state", task_id=task_id, state=state, **said)))


@main.command()
@click.argument("task_id")
@click.argument("other_id")
@click.argument("verdict", type=click.Choice(tracking.VERDICTS))
@click.option("--who", default=getpass.getuser, show_default="the user", help="Who says so.")
@click.option("--why", help="Why.")
@click.pass_obj
def link(house: House, task_id: str, other_id: str, verdict: str, who: str, why: str | None) -> None:
    """Say that two tasks are one (confirmed), are not (refused), or take that back (open)."""
    done = house.run("judge_link", task_id=task_id, other_id=other_id, verdict=verdict, who=who, why=why)
    click.echo(text("tracking.link_judged", **done))


@main.command()
@click.argument("document")
@click.option("--why", required=True, help="Why it must not be here.")
@click.option("--who", default=getpass.getuser, show_default="the user", help="Who says so.")
@click.pass_obj
def purge(house: House, document: str, why: str, who: str) -> None:
    """Take a letter that must not be here out of everything but a tombstone."""
    click.echo(text("cli.purged", count=len(house.run("purge", document=document, why=why, who=who)["purged"])))


@main.command()
@click.argument("gold", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--document", "documents", multiple=True, help="Only these (names without suffix).")
@click.option("--show", type=int, default=0, help="Print the first N mistakes of each kind.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Keep the predictions here.")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Gains and losses.")
@click.option("--links", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Pairs of one task.")
@click.option("--rules", is_flag=True, help="In which documents each rule fires.")
@click.option("--letterheads", is_flag=True, help="Letterheads and cited documents (NAME.meta.json) instead.")
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
@click.argument("rows", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Keep the calibration here.")
@click.option("--test", "tests", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
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
    colours = {"ok": "green", "warn": "yellow", "bad": "red"}
    table = Table(show_header=False)
    for finding in findings:
        state = text(f"doctor.{finding.state}")
        row = (escape(part) for part in (finding.what, finding.detail, finding.mend))
        table.add_row(f"[{colours[finding.state]}]{state}[/]", *row)
    out.print(table)
    if any(f.state == "bad" for f in findings):
        raise SystemExit(4)


def _show_outcomes(house: House, outcomes: list[dict[str, Any]]) -> None:
    """The table of what was found and what became of each file in the end."""
    # What waited and was read at the next attempt has two outcomes: the last one counts.
    outcomes = list({o.get("document") or id(o): o for o in outcomes}.values())
    documents = [o["document"] for o in outcomes if o["state"] in ("done", "again") and o.get("document")]
    tasks = house.run("tasks", documents=documents)["tasks"] if documents else []
    table = Table(
        *(text(f"cli.column_{c}") for c in ("number", "task", "lead", "coop", "deadline", "confidence")),
        show_lines=True,
    )
    document = None
    for number, task in enumerate(tasks, 1):
        if task["document"] != document:
            document = task["document"]
            table.add_section()
            table.add_row("", f"[bold]{escape(document)}[/]", "", "", "", "")
        due = task["deadline_date"] or task["due_date"] or ""
        words = task["deadline_text"] or ""
        table.add_row(
            str(number),
            escape(task["text"]),
            escape("; ".join(task["lead"])),
            escape("; ".join(task["coop"])),
            escape(f"{words}\n{due}".strip()),
            f"{task['confidence']['overall']:.2f}",
        )
    if tasks:
        out.print(table)
    else:
        out.print(text("cli.no_tasks"))
    summary = Table(*(text(f"cli.column_{c}") for c in ("document", "state", "tasks", "reason")))
    for outcome in outcomes:
        summary.add_row(*map(escape, _summary(outcome)))
    out.print(summary)
    if any(o["state"] in ("held", "quarantined", "waiting") for o in outcomes):
        raise SystemExit(SOME_SET_ASIDE)


def _summary(outcome: dict[str, Any]) -> tuple[str, str, str, str]:
    name = outcome.get("name") or outcome.get("place") or text("cli.held_for_person")
    code = outcome.get("code")
    return (
        str(name),
        text("cli.split", letters=outcome["letters"])
        if outcome.get("letters", 1) > 1
        else text(f"cli.state_{outcome['state']}"),
        str(outcome.get("tasks") or ""),
        steps.reason(code) if code else "",
    )


def _line(values: dict[str, Any]) -> str:
    name, state, tasks, why = _summary(values)
    return " · ".join(part for part in (name, state, tasks and f"{tasks}", why) if part)


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)


if __name__ == "__main__":
    main()
