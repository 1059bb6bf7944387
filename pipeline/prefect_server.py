"""The one door to the Prefect server: the one configured, or a local one that lives as long as `serve`.

Prefect reads its settings when it is first imported, so `configure` has to run before anything imports it.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from pipeline.errors import NotReady
from pipeline.home import Home

_THROW_AWAY = "throw-away"

START_SECONDS = 120.0
"""How long a server may take to answer; 16 s were measured on two idle cores."""


def configure(home: Home, port: int) -> str:
    """Set Prefect up for this process and those it starts; returns the address of the server's API.

    Without PREFECT_API_URL it is a local server's. Telemetry is off (offices are cut off from the internet),
    logs and results stay out of Prefect's storage (the journal decides, and a letter's text must not leak).
    """
    defaults = {
        "PREFECT_HOME": str(home.path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    return os.environ["PREFECT_API_URL"]


def answers(api: str) -> bool:
    """Whether a server answers at `api`."""
    try:
        return httpx.get(f"{api}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@contextlib.contextmanager
def running(home: Home, port: int) -> Iterator[str]:
    """A Prefect server for the time of the block: the configured one, or our own; yields its API's address.

    Raises NotReady where the configured one does not answer or a local one does not start.
    """
    configured = os.environ.get("PREFECT_API_URL")
    api = configure(home, port)
    if configured:
        if not answers(api):
            raise NotReady("prefect_not_there", url=api)
        yield api
        return
    if answers(api):
        # Left by a serve that was killed: it is ours by its port, and as good as a new one.
        yield api
        return
    if (home.path / "prefect" / _THROW_AWAY).exists():
        shutil.rmtree(home.path / "prefect")
        (home.path / "prefect").mkdir()
    log = (home.logs / "prefect.log").open("ab")
    server = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "prefect"),
            "server",
            "start",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        # Ctrl-C is for serve, which ends the server when nothing needs it any more.
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )
    try:
        _wait(server, api)
        yield api
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


def forget(home: Home, name: str) -> None:
    """Take the runs named after a purged letter out of Prefect.

    A running server is asked to delete them; its own database, which remembers more than its runs, is thrown
    away: now where no server runs, else before the next one starts. It is history, not truth.
    """
    store = home.path / "prefect"
    api = os.environ.get("PREFECT_API_URL")
    if api and answers(api):
        wanted = {"task_runs": {"name": {"any_": [name]}}}
        while runs := httpx.post(f"{api}/task_runs/filter", json=wanted, timeout=30).json():
            for run in runs:
                httpx.delete(f"{api}/task_runs/{run['id']}", timeout=30)
        if store.exists():
            (store / _THROW_AWAY).touch()
    else:
        shutil.rmtree(store, ignore_errors=True)


def _wait(server: "subprocess.Popen[bytes]", api: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not answers(api):
        if server.poll() is not None or time.monotonic() > until:
            raise NotReady("prefect_did_not_start", url=api)
        time.sleep(0.2)


def _die_with_parent() -> None:
    """Have the kernel end the server when its parent is gone, killed or not (Linux)."""
    import ctypes
    import signal

    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
