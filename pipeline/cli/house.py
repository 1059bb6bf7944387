"""The command `giaoviec` itself: where the home is, and how a command is done."""

import getpass
import os
from pathlib import Path
from typing import Any

import click

from pipeline import handover, settings, shown, texts
from pipeline.errors import WrongUse
from pipeline.settings import SETTINGS_FILE, Settings
from pipeline.texts import text
from pipeline.usage import Place, Speaking

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
