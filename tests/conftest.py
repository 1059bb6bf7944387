"""What tests share: a home of their own, and a register over it."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.owner import own
from pipeline.register import Register, open_register
from pipeline.settings import Settings

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(autouse=True)
def own_scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    """An opened register moves temporary files into its home; the next test must not find them there."""
    monkeypatch.setenv("TMPDIR", os.environ.get("TMPDIR", "/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.fixture
def settings() -> Settings:
    """Settings that do not wait."""
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, scan_seconds=0.5, workers=1)


@pytest.fixture
def register(tmp_path: Path, settings: Settings) -> Iterator[Register]:
    """An opened register over an empty home."""
    owner = own(tmp_path / "home", "test")
    assert owner is not None
    with open_register(tmp_path / "home", settings, owner) as opened:
        yield opened
