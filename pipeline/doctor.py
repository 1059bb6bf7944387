"""What is installed, missing, misconfigured or full, each with the command that mends it."""

import datetime
import shutil
from pathlib import Path
from typing import Literal

import msgspec

from pipeline import home as homes
from pipeline import reading, store
from pipeline.errors import GiaoviecError
from pipeline.journal import Journal
from pipeline.owner import as_words, who
from pipeline.reading import office
from pipeline.reading.errors import ReadingError
from pipeline.register import VIETNAM
from pipeline.settings import SETTINGS_FILE, Settings
from pipeline.texts import text

LEAST_FREE_BYTES = 2 * 2**30


class Finding(msgspec.Struct, frozen=True):
    """One line of the doctor's report: `mend` is the command or act that helps, empty where all is well."""

    state: Literal["ok", "warn", "bad"]
    what: str
    detail: str = ""
    mend: str = ""


def examine(path: Path, settings: Settings) -> list[Finding]:
    """Look at the machine and the home; changes nothing but missing folders."""
    home = homes.at(path, settings.inbox)
    findings: list[Finding] = []
    try:
        findings.append(Finding("ok", text("doctor.tesseract"), reading.check_engine()))
    except ReadingError as error:
        findings.append(Finding("bad", text("doctor.tesseract"), error.code, text("doctor.tesseract_mend")))
    findings.append(
        Finding("ok", text("doctor.libreoffice"))
        if all(map(office.can_make, ("docx", "xlsx")))
        else Finding("warn", text("doctor.libreoffice"), "", text("doctor.libreoffice_mend"))
    )
    try:
        home.ensure()
        findings.append(Finding("ok", text("doctor.home_folder"), str(home.path)))
    except GiaoviecError as error:
        findings.append(
            Finding("bad", text("doctor.home_folder"), str(error), text("doctor.home_mend", path=home.path))
        )
        return findings
    free = shutil.disk_usage(home.path).free
    gigabytes = f"{free / 2**30:.1f}"
    findings.append(
        Finding("ok", text("doctor.disk"), f"{gigabytes} GB")
        if free >= LEAST_FREE_BYTES
        else Finding(
            "bad", text("doctor.disk"), f"{gigabytes} GB", text("doctor.disk_mend", path=home.path, free=gigabytes)
        )
    )
    try:
        events = sum(1 for _ in Journal(home.journal).events())
        findings.append(Finding("ok", text("doctor.journal"), str(events)))
    except GiaoviecError as error:
        findings.append(
            Finding("bad", text("doctor.journal"), str(error), text("doctor.journal_mend", path=home.journal))
        )
    findings.append(_published(home.published))
    findings.append(
        Finding("ok", text("doctor.own_bodies"), "; ".join(b.name for b in settings.own_bodies))
        if settings.own_bodies
        else Finding(
            "warn",
            text("doctor.own_bodies"),
            "",
            text("doctor.own_bodies_mend", path=home.path / SETTINGS_FILE),
        )
    )
    info = who(home.path)
    findings.append(
        Finding(
            "ok",
            text("doctor.owner"),
            text("doctor.owner_who", **as_words(info)) if info else text("doctor.owner_none"),
        )
    )
    counts = [
        sum(1 for f in folder.rglob("*") if f.is_file() and not f.name.endswith(".reason.txt"))
        for folder in (home.inbox, home.held, home.quarantine)
    ]
    findings.append(
        Finding("warn" if any(counts[1:]) else "ok", text("doctor.waiting"), " / ".join(map(str, counts)))
    )
    findings.append(Finding("ok", text("doctor.network")))
    return findings


def _published(path: Path) -> Finding:
    try:
        with store.reading(path) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'published_at'").fetchone()
    except GiaoviecError as error:
        return Finding("warn", text("doctor.published"), str(error), text("doctor.published_mend"))
    when = datetime.datetime.fromisoformat(row[0]).astimezone(VIETNAM) if row else None
    return Finding("ok", text("doctor.published"), when.isoformat(timespec="seconds") if when else "?")
