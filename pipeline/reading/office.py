"""The door to LibreOffice, where it is installed: old and foreign office files made into DOCX and XLSX.

It runs without a window, with a profile of its own that is thrown away, macros off and no way to the network;
past its time it is killed with all it started.
"""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.reading import errors
from pipeline.reading.limits import Limits
from pipeline.reading.media import DOC, ODS, ODT, RTF, XLS

TARGETS = {DOC: "docx", RTF: "docx", ODT: "docx", XLS: "xlsx", ODS: "xlsx"}
"""What each type is made into."""

_SUFFIX = {DOC: "doc", RTF: "rtf", ODT: "odt", XLS: "xls", ODS: "ods"}
_PART = {"docx": "libswlo.so", "xlsx": "libsclo.so"}
"""The library of the part of LibreOffice that makes each: distributions install them apart."""

SHARE_OF_TIME = 0.8
"""Of the time a file has, so much is LibreOffice's; the rest is for reading what it made."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}
</oor:items>
"""
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    # What a document links to is never asked for: a proxy that is not there.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def program() -> str | None:
    """Where LibreOffice is, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def can_make(target: str) -> bool:
    """Whether LibreOffice is there with the part that makes `docx` (Writer) or `xlsx` (Calc)."""
    found = program()
    return found is not None and (Path(found).resolve().parent / _PART[target]).exists()


@contextlib.contextmanager
def converted(path: Path, media_type: str, limits: Limits) -> Iterator[Path]:
    """A file of one of TARGETS as DOCX or XLSX, for as long as the context lasts.

    Raises `ConverterMissing`, `PasswordProtected`, `TooSlow` past its time, `Unreadable` where LibreOffice makes
    nothing of it.
    """
    target = TARGETS[media_type]
    found = program()
    if found is None:
        raise errors.ConverterMissing(media_type)
    with tempfile.TemporaryDirectory(prefix="giaoviec-") as name:
        folder = Path(name)
        source = folder / f"letter.{_SUFFIX[media_type]}"
        shutil.copyfile(path, source)
        _write_profile(folder / "profile" / "user")
        said = _run(
            [
                found,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--convert-to",
                target,
                "--outdir",
                str(folder / "out"),
                str(source),
            ],
            folder,
            limits,
        )
        made = folder / "out" / f"letter.{target}"
        if not made.exists():
            if not can_make(target):
                raise errors.ConverterMissing(f"{media_type}: {said}")
            raise errors.Unreadable(f"LibreOffice: {said}")
        yield made


def _write_profile(folder: Path) -> None:
    items = "\n".join(
        f'<item oor:path="/org.openoffice.{where}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for where, name, value in _SETTINGS
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), "utf-8")


def _run(command: list[str], folder: Path, limits: Limits) -> str:
    """Run a command to its end; its last words. Past its time it is killed with all it started."""
    seconds = max(1.0, SHARE_OF_TIME * limits.page_seconds)

    def bounded() -> None:
        # These hold for all it starts, whoever is killed first.
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.unpacked_bytes, limits.unpacked_bytes))

    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        start_new_session=True,
        preexec_fn=bounded,
    )
    try:
        output, _ = process.communicate(timeout=seconds * limits.patience)
    except subprocess.TimeoutExpired as error:
        raise errors.TooSlow(f"{seconds:.0f} s") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    # A shell that started it tells the signal so.
    if process.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        raise errors.TooSlow(f"{seconds:.0f} s")
    return output.decode("utf-8", "replace").strip()[-200:]
