"""What is installed, missing, misconfigured or full, each with the command that mends it."""

import datetime
import os
import shutil
from pathlib import Path
from typing import Literal

import msgspec

from extractors import agencies
from pipeline import home as homes
from pipeline import reading, store
from pipeline.days import VIETNAM
from pipeline.errors import GiaoviecError
from pipeline.journal import Journal
from pipeline.owner import as_words, who
from pipeline.reading import office
from pipeline.reading.errors import ReadingError
from pipeline.settings import SETTINGS_FILE, Settings
from pipeline.texts import text

LEAST_FREE_BYTES = 2 * 2**30

COMMUNES = ("xã", "phường", "đặc khu")
LOCAL = (
    "sở ",
    *COMMUNES,
    *(f"{people} {commune}" for people in ("ủy ban nhân dân", "ubnd") for commune in COMMUNES),
)
"""How the names of bodies begin that every province has."""

"""Bodies that are right though no list has them all."""


class Finding(msgspec.Struct, frozen=True):
    """One line of the doctor's report: `mend` is the command or act that helps, empty where all is well."""

    state: Literal["ok", "warn", "bad"]
    what: str
    detail: str = ""
    mend: str = ""


def examine(path: Path, settings: Settings) -> list[Finding]:
    """Look at the machine and the home; changes nothing but missing folders."""
    home = homes.at(path, settings.inbox)
    findings = [_tesseract(), _libreoffice()]
    try:
        home.ensure()
    except GiaoviecError as error:
        mend = text("doctor.home_mend", path=home.path)
        return [*findings, Finding("bad", text("doctor.home_folder"), str(error), mend)]
    info = who(home.path)
    return [
        *findings,
        _writable(home),
        _disk(home.path),
        _journal(home.journal),
        _published(home.published),
        _own_bodies(home.path / SETTINGS_FILE, settings),
        Finding(
            "ok",
            text("doctor.owner"),
            text("doctor.owner_who", **as_words(info)) if info else text("doctor.owner_none"),
        ),
        _files("inbox", home.inbox, waited_for=info is not None),
        _files("held", home.held),
        _files("quarantine", home.quarantine),
        Finding("ok", text("doctor.network"), text("doctor.network_detail")),
    ]


def _tesseract() -> Finding:
    what = text("doctor.tesseract")
    try:
        return Finding("ok", what, reading.check_engine())
    except ReadingError as error:
        return Finding("bad", what, text(f"doctor.{error.code}"), text("doctor.tesseract_mend"))


def _libreoffice() -> Finding:
    what = text("doctor.libreoffice")
    if all(map(office.can_make, ("docx", "xlsx"))):
        return Finding("ok", what, text("doctor.libreoffice_there"))
    return Finding("warn", what, text("doctor.libreoffice_missing"), text("doctor.libreoffice_mend"))


def _writable(home: homes.Home) -> Finding:
    what = text("doctor.home_folder")
    folders = (home.path, home.inbox, home.staging, home.held, home.quarantine, home.journal, home.logs)
    locked = [folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)]
    if not locked:
        return Finding("ok", what, str(home.path))
    detail = text("doctor.not_writable", folders=", ".join(map(str, locked)))
    return Finding("bad", what, detail, text("doctor.home_mend", path=home.path))


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(path).free
    gigabytes = f"{free / 2**30:.1f}"
    if free >= LEAST_FREE_BYTES:
        return Finding("ok", text("doctor.disk"), f"{gigabytes} GB")
    least = LEAST_FREE_BYTES // 2**30
    return Finding("bad", text("doctor.disk"), f"{gigabytes} GB", text("doctor.disk_mend", path=path, least=least))


def _journal(path: Path) -> Finding:
    try:
        events = sum(1 for _ in Journal(path).events())
    except GiaoviecError as error:
        return Finding("bad", text("doctor.journal"), str(error), text("doctor.journal_mend", path=path))
    return Finding("ok", text("doctor.journal"), text("doctor.journal_events", events=events))


def _published(path: Path) -> Finding:
    try:
        with store.reading(path) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'published_at'").fetchone()
    except GiaoviecError as error:
        mend = "giaoviec rebuild" if error.code == "published_unreadable" else text("doctor.published_mend")
        return Finding("warn", text("doctor.published"), str(error), mend)
    when = datetime.datetime.fromisoformat(row[0]).astimezone(VIETNAM) if row else None
    return Finding("ok", text("doctor.published"), f"{when:%d/%m/%Y %H:%M:%S}" if when else "?")


def _own_bodies(file: Path, settings: Settings) -> Finding:
    """Whether our own bodies are set, under names that letters could be compared with."""
    office = settings.office
    what, names = text("doctor.own_bodies"), [body.name for body in office.own_bodies]
    if not names:
        return Finding("warn", what, text("doctor.own_bodies_none"), text("doctor.own_bodies_mend", path=file))
    for name in names:
        found = agencies.read_cell(name)
        if len(found) == 1 and found[0].via == "similar":
            doubt = text("doctor.own_bodies_doubtful", name=name)
            return Finding("warn", what, doubt, text("doctor.own_bodies_similar", path=file, name=found[0].name))
        if len(found) != 1 or (found[0].via == "as_written" and not name.casefold().startswith(COMMUNES)):
            doubt = text("doctor.own_bodies_doubtful", name=name)
            return Finding("warn", what, doubt, text("doctor.own_bodies_check", path=file))
    for body in office.own_bodies:
        if body.name.casefold().startswith(LOCAL) and not agencies.provinces_of(body):
            doubt = text("doctor.own_bodies_nowhere", name=body.name)
            return Finding("warn", what, doubt, text("doctor.own_bodies_scope", path=file))
    return Finding("ok", what, "; ".join(names))


def _files(code: str, folder: Path, *, waited_for: bool = False) -> Finding:
    """How many files lie in a folder of the home, and what is to be done about them."""
    what = text(f"doctor.{code}", path=folder)
    count = sum(1 for f in folder.rglob("*") if f.is_file() and not f.name.endswith(".reason.txt"))
    detail = text("doctor.files", count=count)
    if not count or waited_for:
        return Finding("ok", what, detail)
    return Finding("warn", what, detail, text(f"doctor.{code}_mend", path=folder))
