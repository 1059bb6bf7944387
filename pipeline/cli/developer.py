"""What who works on the program asks: figures over gold, and confidence fitted."""

from pathlib import Path

import click

from pipeline.cli.house import House, main
from pipeline.errors import WrongUse
from pipeline.usage import Place


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
