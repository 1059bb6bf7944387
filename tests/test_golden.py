"""What earlier releases wrote is read for ever: their golden journals come to what they came to then."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.owner import own
from pipeline.register import open_register
from pipeline.settings import Settings
from pipeline.store import Store

GOLDEN = Path(__file__).parent / "golden"


def summary(store: Store) -> dict[str, Any]:
    """What a register comes to, in terms that outlast changes of the schema."""

    def rows(sql: str) -> Any:
        return json.loads(json.dumps(store.rows(sql), ensure_ascii=False, default=str))

    return {
        "documents": rows("SELECT name, status, drops FROM documents ORDER BY name"),
        "tasks": rows(
            """SELECT task_id, text, lead, coop, deadline_text, deadline_kind, deadline_date, status
            FROM current_tasks ORDER BY task_id"""
        ),
        "corrections": rows("SELECT task_id, field, who FROM corrections ORDER BY seq"),
        "quarantine": rows("SELECT state, code FROM quarantine ORDER BY drop_id"),
        "tombstones": rows("SELECT why FROM tombstones"),
    }


@pytest.mark.parametrize("release", sorted(p.name for p in GOLDEN.iterdir() if (p / "journal").is_dir()))
def test_the_journal_of_a_release_is_read(tmp_path: Path, release: str) -> None:
    shutil.copytree(GOLDEN / release / "journal", tmp_path / "home" / "journal")
    owner = own(tmp_path / "home", "test")
    assert owner is not None
    with open_register(tmp_path / "home", Settings(workers=0), owner) as register:
        assert summary(register.store) == json.loads((GOLDEN / release / "expected.json").read_text("utf-8"))
