"""The doctor: every row that is not well says what is wrong and what to do."""

from pathlib import Path

import pytest

from pipeline import doctor, home
from pipeline.reading import office
from pipeline.settings import OwnBodySetting, Settings


def findings(path: Path, *bodies: str) -> dict[str, doctor.Finding]:
    settings = Settings(own_bodies=[OwnBodySetting(name=name) for name in bodies])
    return {finding.what: finding for finding in doctor.examine(path, settings)}


def test_whatever_is_not_well_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "can_make", lambda _: False)
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 2**62)
    place = home.at(tmp_path).ensure()
    for folder in (place.inbox, place.held, place.quarantine):
        (folder / "a.pdf").touch()
        (folder / "a.pdf.reason.txt").touch()
    unwell = [one for one in findings(tmp_path).values() if one.state != "ok"]
    assert len(unwell) >= 6
    assert all(one.detail and one.mend for one in unwell)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    found = list(findings(tmp_path / "home").values())[-1]
    assert found.state == "bad"
    assert str(tmp_path / "home") in found.mend


@pytest.mark.parametrize(
    ("name", "state", "part"),
    [
        ("Tỉnh Khánh Hòa", "ok", ""),
        ("UBND tỉnh Khánh Hòa", "ok", ""),
        ("Sở Y tế tỉnh Khánh Hòa", "ok", ""),
        # whose province nobody says would take what the same body of any province is told
        ("Sở Y tế", "warn", "scope"),
        ("Phường Nha Trang", "warn", "scope"),
        ("Ủy ban nhân dân xã Hòa Bình", "warn", "scope"),
        ("Bộ Y tế", "ok", ""),
        # one letter off: the one that is meant is named
        ("Bộ Ytế", "warn", "Bộ Y tế"),
        # without marks nothing in a letter is ever the same
        ("tinh Khanh Hoa", "warn", "chính tả"),
    ],
)
def test_an_own_body_that_nothing_would_be_found_for_is_said(
    tmp_path: Path, name: str, state: str, part: str
) -> None:
    [found] = [one for what, one in findings(tmp_path, name).items() if "own_bodies" in what]
    assert found.state == state
    assert part in found.mend


def test_a_local_body_with_its_province_is_well(tmp_path: Path) -> None:
    """No list has all communes: with its province, a name is taken as it stands."""
    settings = Settings(own_bodies=[OwnBodySetting(name="Phường Nha Trang", scope="Tỉnh Khánh Hòa")])
    [found] = [one for one in doctor.examine(tmp_path, settings) if "own_bodies" in one.what]
    assert found.state == "ok"
