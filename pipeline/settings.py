"""The one settings object, read once: defaults, then home/giaoviec.toml, then GIAOVIEC_* in the environment."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from models.office import Office, OwnBody
from pipeline import days, misset
from pipeline.errors import WrongUse

SETTINGS_FILE = "giaoviec.toml"
PREFIX = "GIAOVIEC_"

NO_SETTINGS = frozenset({"GIAOVIEC_HOME", "GIAOVIEC_FAILPOINT"})
"""Variables of ours that are no settings."""


def _iso(day: str) -> str:
    """A day of `holidays` as it is looked up, however it is written."""
    found = days.read(day)
    if found is None:
        raise ValueError(misset.NO_DAY)
    return found.isoformat()


Day = Annotated[str, BeforeValidator(_iso)]


class OwnBodySetting(BaseModel, extra="forbid"):
    """One `[[own_bodies]]` table: our name, names we had before, our province if we are a local body."""

    name: str
    scope: str = "trung ương"
    predecessors: list[str] = []


class Settings(BaseSettings):
    """What an office may choose. Times are seconds.

    `inbox`: the shared folder, when it is not home/inbox. `settle_seconds`: how long a file must not change
    before it is taken. `scan_seconds`: the periodic full scan beside events. `workers`: page recognisers, one
    a core by default. `letters_at_once`: letters in work side by side. `incomplete_seconds`: how long a file
    may stay half-copied before it is put into quarantine. `folder_settle_seconds`: how long a folder dropped as
    one must not change, with all that is in it. `retry_seconds`: first wait after a passing fault;
    it doubles up to `retry_longest_seconds`. `holidays`: dates over the public calendar, true for a working day.
    `accept_unseen`: records may be accepted unseen once reviews confirm that no more than `target_error` of them
    are wrong; `audit_share` of them is looked at all the same, and with `review_own_dated` every task that names
    our own body and has a deadline. `second_signoff`: what was accepted wants a second person's approval.
    `split_batches`: letters scanned into one file become letters of their own.
    `certificate`, `certificate_key`: PEM files with which the review page is served over TLS.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", env_nested_delimiter="__")

    language: Literal["vi", "en"] = "vi"
    own_bodies: list[OwnBodySetting] = []
    before_includes_day: bool = True
    holidays: dict[Day, bool] = {}
    inbox: Path | None = None
    settle_seconds: float = Field(default=3.0, ge=0)
    folder_settle_seconds: float = Field(default=10.0, ge=0)
    scan_seconds: float = Field(default=30.0, gt=0)
    incomplete_seconds: float = Field(default=600.0, ge=0)
    retry_seconds: float = Field(default=5.0, gt=0)
    retry_longest_seconds: float = Field(default=3600.0, gt=0)
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=0)
    letters_at_once: int = Field(default=4, ge=1)
    page_seconds: float = Field(default=120.0, gt=0)
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    second_signoff: bool = False
    accept_unseen: bool = True
    target_error: float = Field(default=0.01, gt=0, lt=1)
    audit_share: float = Field(default=0.02, ge=0, le=1)
    review_own_dated: bool = True
    split_batches: bool = True
    certificate: Path | None = None
    certificate_key: Path | None = None

    @property
    def office(self) -> Office:
        """Our office as extraction sees it."""
        return Office(
            own_bodies=tuple(OwnBody(b.name, b.scope, tuple(b.predecessors)) for b in self.own_bodies),
            before_includes_day=self.before_includes_day,
            holidays=self.holidays,
        )


def load(home: Path, **overrides: Any) -> Settings:
    """The settings of the home; raises WrongUse where giaoviec.toml or a variable is not as it should be.

    What is wrong is said in whole: a setting nobody knows, a value of another kind, each with what would do.
    """
    file = home / SETTINGS_FILE
    written = _written(file)

    class HomeSettings(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=written)

    problems = [misset.unknown_variable(name, PREFIX, Settings.model_fields) for name in _unknown_variables()]
    try:
        found = HomeSettings(**overrides)
    except ValidationError as error:
        problems += [misset.problem(one, file, PREFIX, _known_beside(one["loc"])) for one in error.errors()]
    except SettingsError as error:
        problems.append(misset.no_json(error, PREFIX))
    if problems:
        raise WrongUse("bad_settings", problems="\n".join(f"- {problem}" for problem in problems))
    return found


def _written(file: Path) -> dict[str, Any]:
    """What giaoviec.toml says, as Notepad writes it, too (with a byte order mark)."""
    try:
        words = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise WrongUse("settings_no_utf8", file=file) from error
    except OSError as error:
        raise WrongUse("settings_not_readable", file=file) from error
    try:
        return tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        raise WrongUse("settings_no_toml", file=file, **misset.line_of(error, words)) from error


def _unknown_variables() -> list[str]:
    names = {name for name in os.environ if name.startswith(PREFIX)} - NO_SETTINGS
    known = {name.upper() for name in Settings.model_fields}
    return sorted(name for name in names if name.removeprefix(PREFIX).split("__")[0] not in known)


def _known_beside(place: tuple[int | str, ...]) -> list[str]:
    """The names that could stand where `place` says."""
    return list((OwnBodySetting if place[0] == "own_bodies" and len(place) > 1 else Settings).model_fields)
