"""Users of the review page: roles, and passwords that cannot be read back."""

from pathlib import Path

import pytest

from pipeline import users
from pipeline.errors import WrongUse

GOOD = "mật khẩu đủ dài"


def test_a_user_is_known_by_the_right_password_alone(tmp_path: Path) -> None:
    users.add(tmp_path, "Nguyễn  An ", "reviewer", GOOD)
    assert users.check(tmp_path, "Nguyễn An", GOOD) is not None
    assert users.check(tmp_path, "Nguyễn An", GOOD + " ") is None
    assert users.check(tmp_path, "Không Có", GOOD) is None


def test_the_file_is_private_and_holds_no_password(tmp_path: Path) -> None:
    users.add(tmp_path, "An", "clerk", GOOD)
    users.add(tmp_path, "Bình", "clerk", GOOD)
    file = tmp_path / "users.json"
    assert file.stat().st_mode & 0o077 == 0
    assert GOOD.encode() not in file.read_bytes()
    one, other = (user.password for user in users.load(tmp_path).values())
    # Salted: the same password twice is not the same hash.
    assert one != other


def test_a_user_can_be_changed_and_removed(tmp_path: Path) -> None:
    users.add(tmp_path, "An", "clerk", GOOD)
    users.add(tmp_path, "An", "administrator", GOOD * 2)
    user = users.check(tmp_path, "An", GOOD * 2)
    assert user is not None and user.role == "administrator"
    assert users.check(tmp_path, "An", GOOD) is None
    users.remove(tmp_path, "An")
    assert users.load(tmp_path) == {}
    with pytest.raises(WrongUse):
        users.remove(tmp_path, "An")


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [
        ("", "clerk", GOOD),  # nobody
        ("An\nBình", "boss", GOOD),  # no such role
        ("An\x00", "clerk", GOOD),  # a name that cannot be shown
        ("x" * 81, "clerk", GOOD),  # longer than any name
        ("An", "clerk", "ngắn"),  # a password quickly guessed
    ],
)
def test_what_will_not_do_is_refused(tmp_path: Path, name: str, role: str, password: str) -> None:
    with pytest.raises(WrongUse):
        users.add(tmp_path, name, role, password)
    assert users.load(tmp_path) == {}


def test_the_rights_of_roles() -> None:
    assert users.RIGHTS["analyst"] == {"look"}
    assert "review" not in users.RIGHTS["clerk"]
    assert "approve" not in users.RIGHTS["reviewer"]
    assert users.RIGHTS["administrator"] >= set().union(*users.RIGHTS.values())


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("[{")
    with pytest.raises(WrongUse):
        users.load(tmp_path)
