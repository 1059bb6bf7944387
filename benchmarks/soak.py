"""Kills `serve` at random moments while letters come in, for as long as asked; then everything must be there once.

`make soak` (outside CI): python -m benchmarks.soak --seconds 300
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

GIAOVIEC = Path(sys.executable).parent / "giaoviec"
ROOT = Path(__file__).parent.parent
LETTER = """SỞ Y TẾ
Số: {number}/SYT-NVY
Khánh Hòa, ngày 02 tháng 3 năm 2026

Kính gửi: Trung tâm Y tế các khu vực

1. Phòng Nghiệp vụ Y rà soát danh mục thuốc đợt {number}, báo cáo trước ngày 15/4/2026.
"""


def start(home: Path) -> "subprocess.Popen[bytes]":
    """Start `serve` and leave it to itself."""
    return subprocess.Popen(
        [GIAOVIEC, "--home", home, "serve", "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def main() -> None:
    """Drop letters, kill, start again; then say whether anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--prefect-port", type=int, default=4290)
    a = parser.parse_args()
    rng = random.Random(a.seed)
    home = Path(tempfile.mkdtemp(prefix="giaoviec-soak-")) / "home"
    (home / "inbox").mkdir(parents=True)
    (home / "giaoviec.toml").write_text(
        f"settle_seconds = 0.2\nscan_seconds = 1.0\nretry_seconds = 0.2\nprefect_port = {a.prefect_port}\n"
    )
    scans = list((ROOT / "samples").glob("*.tiff"))
    dropped = kills = 0
    serving = start(home)
    end = time.monotonic() + a.seconds
    next_kill = time.monotonic() + rng.uniform(12, 30)
    while time.monotonic() < end:
        dropped += 1
        (home / "inbox" / f"thư {dropped}.txt").write_text(LETTER.format(number=dropped), "utf-8")
        if scans and dropped == 3:
            shutil.copy(scans[0], home / "inbox")
            dropped += 1
        time.sleep(rng.uniform(0.05, 1.5))
        if time.monotonic() > next_kill:
            serving.kill()
            serving.wait()
            kills += 1
            serving = start(home)
            # Some are killed while they are still starting.
            next_kill = time.monotonic() + rng.uniform(2, 40)
    print(f"{dropped} letters dropped, {kills} kills; waiting for the rest to be read")
    until = time.monotonic() + 300
    counts: dict[str, int] = {}
    while time.monotonic() < until and counts.get("extracted", 0) < dropped:
        time.sleep(2)
        counts = status(home)
    serving.terminate()
    serving.wait(timeout=60)
    left = [p for folder in ("inbox", "staging") for p in (home / folder).iterdir()]
    with duckdb.connect(str(home / "published" / "giaoviec.duckdb"), read_only=True) as base:
        drops, documents, tasks, ids = base.execute(
            """SELECT (SELECT count(*) FROM drops), (SELECT count(*) FROM documents),
                (SELECT count(*) FROM tasks), (SELECT count(DISTINCT task_id) FROM tasks)"""
        ).fetchone() or (0, 0, 0, 0)
    print(f"documents {counts}, drops {drops}, tasks {tasks}, left behind {len(left)}")
    good = counts == {"extracted": dropped} and drops == documents == dropped and tasks == ids and not left
    print("nothing lost, nothing doubled" if good else f"NOT as it should be; the home is kept: {home}")
    if not good:
        raise SystemExit(1)
    shutil.rmtree(home.parent)


def status(home: Path) -> dict[str, int]:
    """Documents by status in the published copy; empty while there is none."""
    try:
        with duckdb.connect(str(home / "published" / "giaoviec.duckdb"), read_only=True) as base:
            return dict(base.execute("SELECT status, count(*)::INTEGER FROM documents GROUP BY 1").fetchall())
    except duckdb.Error:
        return {}


if __name__ == "__main__":
    main()
