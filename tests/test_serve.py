"""`giaoviec serve` as a clerk, an analyst and another command meet it: real processes, a real Prefect server."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import httpx
import pytest

from tests.letters import text_letter

GIAOVIEC = Path(sys.executable).parent / "giaoviec"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until(true: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait until something is so; fail where it does not come to be."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


class Served:
    """A home and the `serve` over it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        home.mkdir(parents=True, exist_ok=True)
        (home / "giaoviec.toml").write_text(
            f"settle_seconds = 0.3\nscan_seconds = 1.0\nprefect_port = {self.port}\n"
            "retry_seconds = 0.2\nincomplete_seconds = 2.0\n"
        )
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [GIAOVIEC, "--home", self.home, "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert str(self.home / "inbox") in line, line

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [GIAOVIEC, "--home", self.home, *arguments], capture_output=True, text=True, timeout=120
        )

    def documents(self) -> dict[str, str]:
        done = self.run("query", "SELECT name, status FROM documents", "--format", "jsonl")
        return {r["name"]: r["status"] for r in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served(tmp_path_factory.mktemp("served") / "home")
    running.start()
    yield running
    assert running.process is not None
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=60) == 0


@pytest.mark.slow
def test_a_dropped_letter_is_read_without_another_command(served: Served, tmp_path: Path) -> None:
    text_letter(served.home / "inbox", "thả vào.txt", 301)
    (served.home / "inbox" / "hỏng.pdf").write_bytes(b"%PDF-1.4\nx")
    until(lambda: served.documents().get("thả vào.txt") == "extracted")
    until(lambda: (served.home / "quarantine" / "hỏng.pdf.reason.txt").exists())
    until(lambda: list((served.home / "inbox").iterdir()) == [])
    runs = httpx.post(f"http://127.0.0.1:{served.port}/api/task_runs/filter", json={}).json()
    assert "thả vào.txt" in [run["name"] for run in runs]
    assert not any("hỏng" in run["name"] for run in runs)


@pytest.mark.slow
def test_everything_works_at_the_same_time(served: Served, tmp_path: Path) -> None:
    paths = [text_letter(tmp_path, f"lô {n}.txt", 400 + n) for n in range(4)]
    until(lambda: (served.home / "published" / "giaoviec.duckdb").exists())

    def client() -> int:
        found = 0
        for _ in range(20):
            with duckdb.connect(str(served.home / "published" / "giaoviec.duckdb"), read_only=True) as connection:
                row = connection.execute("SELECT count(*) FROM current_tasks").fetchone()
                assert row is not None
                found = max(found, row[0])
            time.sleep(0.05)
        return found

    with ThreadPoolExecutor(12) as threads:
        ingested = [threads.submit(served.run, "ingest", path) for path in paths]
        asked = [threads.submit(served.run, "query", "SELECT count(*) FROM overdue") for _ in range(3)]
        exported = [threads.submit(served.run, "export", "--format", form) for form in ("jsonl", "csv")]
        clients = [threads.submit(client) for _ in range(2)]
    for done in (*ingested, *asked, *exported):
        assert done.result().returncode == 0, done.result().stderr
        assert "lock" not in done.result().stderr.lower()
    assert all(c.result() >= 0 for c in clients)
    until(lambda: set(served.documents()) >= {p.name for p in paths})


@pytest.mark.slow
def test_a_second_serve_says_who_has_the_home(served: Served) -> None:
    second = served.run("serve")
    assert second.returncode == 5
    assert served.process is not None
    assert str(served.process.pid) in second.stderr
    assert re.search(r"từ \d\d:\d\d \d\d/\d\d/\d{4}", second.stderr)
    assert served.run("sweep").returncode == 5


@pytest.mark.slow
def test_a_correction_reaches_the_owner(served: Served) -> None:
    text_letter(served.home / "inbox", "sửa.txt", 501)
    until(lambda: served.documents().get("sửa.txt") == "extracted")
    exported = served.run("export", "--document", "sửa.txt").stdout.splitlines()
    task = json.loads(exported[0])
    assert served.run("correct", task["task_id"], "lead", "Sở Y tế; Sở Nội vụ", "--who", "An").returncode == 0
    again = json.loads(served.run("export", "--document", "sửa.txt").stdout.splitlines()[0])
    assert again["lead"] == ["Sở Y tế", "Sở Nội vụ"]
    wrong = served.run("correct", "không có", "lead", "x")
    assert (wrong.returncode, "không có" in wrong.stderr) == (2, True)


@pytest.mark.slow
def test_a_purged_letter_is_gone_from_prefect_too(served: Served) -> None:
    text_letter(served.home / "inbox", "không nên có.txt", 502)
    until(lambda: served.documents().get("không nên có.txt") == "extracted")
    assert served.run("purge", "không nên có.txt", "--why", "nhầm", "--who", "An", "--yes").returncode == 0
    wanted = {"task_runs": {"name": {"any_": ["không nên có.txt"]}}}
    assert httpx.post(f"http://127.0.0.1:{served.port}/api/task_runs/filter", json=wanted).json() == []
    assert "không nên có.txt" not in served.documents()
    # Its database is thrown away before the next start.
    assert (served.home / "prefect" / "throw-away").exists()


@pytest.mark.slow
def test_re_extraction_goes_through_its_flow(served: Served) -> None:
    done = served.run("reextract")
    assert done.returncode == 0, done.stderr
    runs = httpx.post(f"http://127.0.0.1:{served.port}/api/flow_runs/filter", json={}).json()
    assert "trích xuất lại" in [run["name"] for run in runs]


@pytest.mark.slow
def test_the_endpoint_wants_its_token(served: Served) -> None:
    info = json.loads((served.home / "owner.json").read_text())
    assert info["url"].startswith("http://127.0.0.1:")
    assert httpx.post(f"{info['url']}/commands/status", json={}).status_code == 403
    right = {"Authorization": f"Bearer {info['token']}"}
    assert httpx.post(f"{info['url']}/commands/nothing", json={}, headers=right).status_code == 404


@pytest.mark.slow
def test_killed_and_started_again_it_goes_on(tmp_path: Path) -> None:
    """SIGKILL while letters come in: each is there exactly once afterwards."""
    served = Served(tmp_path / "home")
    served.start()
    for n in range(8):
        text_letter(served.home / "inbox", f"{n}.txt", 600 + n)
    time.sleep(1.0)
    assert served.process is not None
    served.process.kill()
    served.process.wait()
    served.start()
    until(lambda: len(served.documents()) == 8 and set(served.documents().values()) == {"extracted"})
    until(lambda: list((served.home / "inbox").iterdir()) == [])
    counted = served.run("query", "SELECT count(*), count(DISTINCT document_sha256) FROM drops", "--format", "csv")
    assert counted.stdout.splitlines()[1] == "8,8"
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0


@pytest.mark.slow
def test_told_to_stop_while_it_reads_it_ends_without_a_traceback(tmp_path: Path) -> None:
    """Prefect used to take the signal over while a flow ran; what was not begun is read after the next start."""
    served = Served(tmp_path / "home")
    served.start()
    for n in range(12):
        text_letter(served.home / "inbox", f"{n}.txt", 700 + n)
    until(lambda: list((served.home / "inbox").iterdir()) == [])
    assert served.process is not None
    served.process.send_signal(signal.SIGTERM)
    said, _ = served.process.communicate(timeout=240)
    assert served.process.returncode == 0
    assert "Traceback" not in said
    assert "Đang dừng" in said
