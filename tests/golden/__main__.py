"""Makes the golden journal of a release: python -m tests.golden 0.1.0."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from pipeline import commands, correcting, work
from pipeline.owner import own
from pipeline.register import open_register
from pipeline.reports import silent
from pipeline.settings import Settings
from tests.letters import text_letter
from tests.test_golden import GOLDEN, summary


def main(release: str) -> None:
    """Take letters in, correct, read again, purge, quarantine; keep the journal and its summary."""
    target = GOLDEN / release
    if target.exists():
        sys.exit(f"{target} is there already and stays as it is")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        owner = own(folder / "home", "golden")
        assert owner is not None
        with open_register(folder / "home", Settings(workers=0, settle_seconds=0), owner) as register:
            letters = [text_letter(folder, f"thư {n}.txt", 700 + n) for n in range(3)]
            bad = folder / "hỏng.pdf"
            bad.write_bytes(b"%PDF-1.7\nx")
            work.ingest(register, [*letters, bad])
            work.ingest(register, letters[:1])
            ids = [
                i for (i,) in register.store.rows("SELECT task_id FROM tasks ORDER BY document_sha256, ordinal")
            ]
            correcting.correct(register, silent, task_id=ids[0], field="lead", value="Sở Nội vụ", who="An")
            correcting.correct(
                register, silent, task_id=ids[1], field="deadline", value="trước ngày 30/6/2026", who="An"
            )
            correcting.correct(register, silent, task_id=ids[2], field="review", value="rejected", who="Bình")
            commands.reextract(register, silent)
            commands.purge(register, silent, document="thư 2.txt", why="nhầm", who="An")
            shutil.copytree(register.home.journal, target / "journal")
            (target / "expected.json").write_text(
                json.dumps(summary(register.store), ensure_ascii=False, indent=1), "utf-8"
            )


if __name__ == "__main__":
    main(sys.argv[1])
