"""Names that Windows, too, can hold, and places that nothing has yet."""

import unicodedata
from pathlib import Path

import pytest

from pipeline.home import LONGEST_NAME, file_name, free_place


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("công văn.pdf", "công văn.pdf"),
        # from a Mac: letters and marks apart
        (unicodedata.normalize("NFD", "Công văn đến.pdf"), "Công văn đến.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ('a"b:c?.pdf', "a_b_c_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("kết thúc bằng chấm. ", "kết thúc bằng chấm"),
        ("", "_"),
    ],
)
def test_names_are_made_safe(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_long_names_keep_their_suffix() -> None:
    name = file_name("ộ" * 300 + ".pdf")
    assert name.endswith(".pdf")
    assert len(name.encode()) <= LONGEST_NAME


def test_a_taken_place_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    (tmp_path / "a (2).pdf").symlink_to("nowhere")
    assert free_place(tmp_path, "a.pdf").name == "a (3).pdf"


def test_a_drop_being_taken_is_left_alone(tmp_path: Path) -> None:
    """Another thread's half-taken drop used to be finished, or thrown away, by whoever looked into staging."""
    from pipeline import home as homes
    from pipeline import inbox

    home = homes.at(tmp_path).ensure()
    for part in ("file", "name"):
        (home.staging / ".taking").mkdir(exist_ok=True)
        (home.staging / ".taking" / part).write_text("x")
        assert inbox.left_over(home) == []
        assert (home.staging / ".taking" / part).exists()
    inbox.recover(home)
    assert [drop.id for drop in inbox.left_over(home)] == ["taking"]
