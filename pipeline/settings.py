"""The one settings object, read once: defaults, then home/giaoviec.toml, then GIAOVIEC_* in the environment."""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from models.office import Office, OwnBody
from pipeline.errors import WrongUse

SETTINGS_FILE = "giaoviec.toml"


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

    model_config = SettingsConfigDict(env_prefix="GIAOVIEC_", extra="ignore", env_nested_delimiter="__")

    language: str = "vi"
    own_bodies: list[OwnBodySetting] = []
    before_includes_day: bool = True
    holidays: dict[str, bool] = {}
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
    prefect_port: int = 4200
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
    """The settings of the home; raises WrongUse where giaoviec.toml or a variable is not as it should be."""
    file = home / SETTINGS_FILE

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
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    try:
        return HomeSettings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise WrongUse("bad_setting", file=file, field=field, problem=first["msg"]) from error
    except ValueError as error:
        raise WrongUse("bad_settings_file", file=file, problem=error) from error
