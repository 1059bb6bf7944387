"""The command line in the language of the home: what click says by itself, help, questions, days, places.

Click looks its sentences up by gettext. Ours stand in the catalogue like everything else that is said: the table
`click` holds click's own English sentences in one language and what we say instead in the other.
"""

import contextlib
import errno
import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

from pipeline import days, texts
from pipeline.errors import GiaoviecError, NoRoom, os_says
from pipeline.settings import SETTINGS_FILE
from pipeline.steps import place_of
from pipeline.texts import text

_SPEAKING: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, termui, types)
_CODES = {sentence: code for code, sentence in texts.catalogue("en").items() if code.startswith("click.")}

YES = frozenset({"c", "có", "co", "y", "yes"})
NO = frozenset({"k", "không", "khong", "n", "no", ""})


def _said(sentence: str) -> str:
    """A sentence of click's in the language in force; as it is where the catalogue has none for it."""
    return texts.raw(_CODES[sentence]) if sentence in _CODES else sentence


def _said_of(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)


for _module in _SPEAKING:
    for _name, _speaker in (("_", _said), ("ngettext", _said_of)):
        if hasattr(_module, _name):
            setattr(_module, _name, _speaker)


class Speaking(click.Group):
    """The whole command: says everything in the home's language, and every error as a sentence with its code."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Choose the language before anything is said, for a wrong option, too, is said in it."""
        texts.speak(_language(args))
        _translate(self)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; errors of the closed family end it with their exit codes, all others are of our own."""
        try:
            return super().invoke(ctx)
        except GiaoviecError as error:
            _end(ctx, error)
        except BrokenPipeError:
            # Whoever read our output has enough.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
            ctx.exit(0)
        except (click.ClickException, click.Abort, click.exceptions.Exit, KeyboardInterrupt):
            raise
        except Exception as error:
            _end(ctx, _as_sentence(error, getattr(ctx.obj, "home", "")))


def _end(ctx: click.Context, error: GiaoviecError) -> None:
    click.echo(str(error), err=True)
    ctx.exit(error.exit_code)


def _as_sentence(error: Exception, home: object) -> GiaoviecError:
    """An error that nobody foresaw: of the disk, or of the program's own with its place, never with a value."""
    match error:
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return NoRoom("disk_full", path=error.filename or home)
        case PermissionError() | OSError(errno=errno.EROFS):
            return NoRoom("folder_not_writable", path=error.filename or home, problem=os_says(error))
    return GiaoviecError("internal", problem=f"{type(error).__name__}: {place_of(error)}")


def _language(args: Sequence[str]) -> str:
    """The language of the home that the arguments name, told without loading its settings, which may be wrong."""
    home = os.environ.get("GIAOVIEC_HOME") or "home"
    for n, word in enumerate(args):
        if word == "--home" and n + 1 < len(args):
            home = args[n + 1]
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
    with contextlib.suppress(OSError, ValueError):
        found = tomllib.loads((Path(home).expanduser() / SETTINGS_FILE).read_text("utf-8-sig")).get("language")
        return found if isinstance(found, str) else "vi"
    return "vi"


def _translate(command: click.Command, name: str = "") -> None:
    """Give a command, its parameters and its commands their help and the names of their values."""
    command.help = text(f"help.{name or 'giaoviec'}")
    command.short_help = command.help.splitlines()[0]
    command.options_metavar = text("metavar.options")
    for parameter in command.params:
        codes = (f"help.{name}_{parameter.name}", f"help.{parameter.name}")
        found = next((said for code in codes if (said := text(code)) != code), None)
        if isinstance(parameter, click.Option | click.Argument):
            parameter.help = found
        if isinstance(parameter, click.Argument):
            parameter.metavar = text(f"metavar.{parameter.name}") + ("…" if parameter.nargs == -1 else "")
        elif parameter.type.name in ("text", "integer"):
            parameter.metavar = text(f"metavar.{parameter.type.name}")
    if isinstance(command, click.Group):
        command.subcommand_metavar = text("metavar.command")
        for inner, one in command.commands.items():
            _translate(one, f"{name}_{inner}" if name else inner)


class Day(click.ParamType[str]):
    """A day as people write it (30/6/2026) or as ISO has it; becomes ISO, as it goes into the journal."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is called in help."""
        return text("metavar.day")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day; anything else is refused with both ways to write one."""
        found = days.read(value)
        if found is None:
            self.fail(text("errors.bad_day", value=value), param, ctx)
        return found.isoformat()


class Numbers(click.ParamType[frozenset[int]]):
    """Numbers of rows that were shown: 3,7."""

    name = "numbers"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is called in help."""
        return text("metavar.numbers")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> frozenset[int]:
        """The numbers; anything else is refused."""
        words = [word.strip() for word in value.split(",")]
        if not all(word.isdecimal() for word in words):
            self.fail(text("usage.no_numbers", value=value), param, ctx)
        return frozenset(map(int, words))


class Place(click.ParamType[Path]):
    """A file or a folder; `there`: it must exist, and be ours to read."""

    name = "place"

    def __init__(self, kind: Literal["file", "folder", "any"] = "any", *, there: bool = False) -> None:
        self.kind = kind
        self.there = there

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is called in help."""
        return text(f"metavar.{self.kind}")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; refused where something else stands there, or nothing that should."""
        path = Path(value).expanduser()
        # Of what may not even be looked at, os.path says that it is not there.
        if self.there and not os.path.exists(path):  # noqa: PTH110
            self.fail(text("usage.not_there", path=path), param, ctx)
        if self.kind == "file" and os.path.isdir(path):  # noqa: PTH112
            self.fail(text("usage.is_folder", path=path), param, ctx)
        if self.kind == "folder" and os.path.isfile(path):  # noqa: PTH113
            self.fail(text("usage.is_file", path=path), param, ctx)
        if self.there and not os.access(path, os.R_OK):
            self.fail(text("usage.not_readable", path=path), param, ctx)
        return path


def agreed(question: str) -> bool:
    """Ask, and take yes or no in either language; nothing is no."""
    while True:
        answer = click.prompt(f"{question} {text('usage.yes_no')}", default="", show_default=False)
        word = answer.strip().casefold()
        if word in YES or word in NO:
            return word in YES
        click.echo(text("usage.yes_or_no"), err=True)
