"""What tests share: a home of their own, and a register over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.owner import own
from pipeline.register import Register, open_register
from pipeline.settings import Settings

SAMPLES = Path(__file__).parent.parent / "samples"


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
