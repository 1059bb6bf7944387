"""What a reviewer asks: tasks corrected, accepted and tracked, and what corrections teach."""

import re
import sys
from typing import Any

import click

from pipeline import settling, shown
from pipeline.cli.house import House, main, who_says, why
from pipeline.errors import WrongUse
from pipeline.state_names import named, verdict_named
from pipeline.texts import text
from pipeline.usage import Day, Numbers, agreed


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
@click.argument("task_id")
@click.argument("state", required=False)
@click.option("--done-on", type=Day())
@click.option("--through", type=Day())
@click.option("--progress")
@click.option("--note")
@click.option("--office-due", type=Day())
@click.option("--source")
@click.option("--except", "but", type=Numbers())
@click.option("--yes", is_flag=True)
@who_says
@why
@click.pass_obj
def state(
    house: House, /, task_id: str, state: str | None, but: frozenset[int] | None, yes: bool, **said: Any
) -> None:
    """Set the state of a task; `proposed` takes what later letters speak for, `refused` says that it is not so.

    Of a letter, by its number and symbol: all that it speaks for, after it was shown.
    """
    said["state"] = None if state is None else named(state)
    if said["state"] in settling.ANSWERS and not _TASK_ID.fullmatch(task_id):
        _settle(house, task_id, said, but or frozenset(), yes=yes)
        return
    try:
        done = house.run("set_state", task_id=task_id, sure=yes, **said)
    except WrongUse as unlikely:
        if unlikely.code != "done_before_letter" or not sys.stdin.isatty():
            raise
        if not agreed(text("tracking.done_before_letter_ask", **unlikely.values)):
            click.echo(text("workbook.not_written"))
            return
        done = house.run("set_state", task_id=task_id, sure=True, **said)
    state_name = done["state"] and text(f"workbook.state_{done['state']}")
    code = "state_set" if done["state"] else "said"
    if done["moved_to"]:
        code = "move_refused" if done["verdict"] else "moved"
    day = done["moved_to"] and shown.day(done["moved_to"])
    click.echo(text(f"tracking.{code}", seq=done["seq"], state=state_name, day=day))


_TASK_ID = re.compile("[0-9a-f]{16}")


def _settle(house: House, letter: str, said: dict[str, Any], but: frozenset[int], *, yes: bool) -> None:
    """Take all that a letter speaks for, or refuse it, but for some of the numbers it is shown under."""
    answer, who, why = (said.pop(name) for name in ("state", "who", "why"))
    if any(said.values()):
        raise WrongUse("only_of_a_task", letter=letter)
    offers = house.run("offers_of_letter", called=letter)["offers"]
    shown.offers(offers, but)
    if unseen := sorted(n for n in but if not 1 <= n <= len(offers)):
        raise WrongUse("no_such_row", rows=", ".join(map(str, unseen)), count=len(offers))
    chosen = [offer for n, offer in enumerate(offers, 1) if n not in but]
    if not chosen or not (yes or agreed(text(f"tracking.settle_{answer}", count=len(chosen)))):
        click.echo(text("workbook.not_written"))
        return
    done = house.run("settle", offers=chosen, answer=answer, who=who, why=why)
    click.echo(text("tracking.settled", seq=done["seq"], count=len(done["settled"])))
    if done["left"]:
        click.echo(text("tracking.settled_left", count=len(done["left"])))


@main.command()
@click.argument("task_id")
@click.argument("other_id")
@click.argument("verdict")
@who_says
@why
@click.pass_obj
def link(house: House, task_id: str, other_id: str, verdict: str, who: str, why: str | None) -> None:
    """Say that two tasks are one (confirmed), are not (refused), or take that back (open)."""
    said = verdict_named(verdict)
    done = house.run("judge_link", task_id=task_id, other_id=other_id, verdict=said, who=who, why=why)
    click.echo(text(f"tracking.link_{said}", **done))


@main.command()
@click.pass_obj
def accept(house: House) -> None:
    """Accept what is sure enough unseen, once reviews confirm the target; say how that stands."""
    now = house.run("accept_unseen")
    done = now.pop("done")
    click.echo(text(f"acceptance.{now['state']}", **now))
    if now["learned"]:
        click.echo(text("acceptance.since", **now))
    click.echo(text("acceptance.counts", **now))
    if now["state"] == "not_enough" and not now["reviewed"] and not now["acceptable"]:
        click.echo(text("acceptance.none_reaches"))
    if now["audited"]:
        error = "–" if now["observed_error"] is None else text("dashboard.percent", share=now["observed_error"])
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
        shown.versions(house.run("learned_versions")["versions"])
        return
    found = house.run("learn", who=who, switch_on=switch_on, back=back)
    if "proposal" in found:
        shown.proposal(found["proposal"])
    if "version" in found:
        click.echo(text("learning.switched", **found))
