"""Who may use the review page from other machines: users with roles, and passwords nobody can read back.

They stand in `users.json` of the home, readable by its owner alone. They are no part of the journal: a backup of
letters and corrections holds no password. Hashes are scrypt (RFC 7914) with 16 random bytes of salt each; the
cost stands with the hash, so that it can be raised and old ones still be checked.
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Literal, get_args

import msgspec

from pipeline.errors import WrongUse
from pipeline.journal import fsync_folder

Role = Literal["clerk", "reviewer", "analyst", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

Right = Literal["look", "upload", "arrival", "review", "approve", "release"]

RIGHTS: dict[Role, frozenset[Right]] = {
    "clerk": frozenset({"look", "upload", "arrival"}),
    "reviewer": frozenset({"look", "upload", "arrival", "review"}),
    "analyst": frozenset({"look"}),
    "administrator": frozenset({"look", "upload", "arrival", "review", "approve", "release"}),
}
"""`arrival` is what a clerk does with a letter: letterhead, arrival, annexes, files set aside.
`release` is to say of a file that is held for its marks that it is no state secret."""

SHORTEST_PASSWORD = 10

_COST = 15
"""Base-2 logarithm of scrypt's N: 32 MiB and about a tenth of a second a check."""

_BLOCK, _PARALLEL = 8, 1


class User(msgspec.Struct, frozen=True):
    """One user. `password` is `scrypt$COST$BLOCK$PARALLEL$SALT$HASH`, the last two in hex."""

    name: str
    role: Role
    password: str


def _file(home: Path) -> Path:
    return home / "users.json"


def load(home: Path) -> dict[str, User]:
    """All users by name; empty where there are none yet."""
    try:
        data = _file(home).read_bytes()
    except FileNotFoundError:
        return {}
    try:
        return {user.name: user for user in msgspec.json.decode(data, type=list[User])}
    except msgspec.DecodeError as error:
        raise WrongUse("bad_users_file", file=_file(home), problem=error) from error


def add(home: Path, name: str, role: str, password: str) -> User:
    """Add a user, or give a known one another role and password; raises WrongUse where a value will not do."""
    name = " ".join(name.split())
    if not name or len(name) > 80 or not name.isprintable():
        raise WrongUse("bad_user_name", name=name)
    if role not in ROLES:
        raise WrongUse("bad_value", field="role", value=role, values=", ".join(ROLES))
    if len(password) < SHORTEST_PASSWORD:
        raise WrongUse("password_too_short", shortest=SHORTEST_PASSWORD)
    user = User(name, role, hashed(password))
    _save(home, {**load(home), name: user})
    return user


def remove(home: Path, name: str) -> None:
    """Take a user away; sessions of that name end with the next request."""
    users = load(home)
    if name not in users:
        raise WrongUse("no_such_user", name=name)
    del users[name]
    _save(home, users)


def check(home: Path, name: str, password: str) -> User | None:
    """The user of that name if the password is right. Takes as long for a name nobody has."""
    user = load(home).get(" ".join(name.split()))
    right = matches(password, user.password if user else _NOBODY)
    return user if user and right else None


def hashed(password: str) -> str:
    """A salted hash of a password."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${salt.hex()}${_scrypt(password, salt, _COST, _BLOCK, _PARALLEL)}"


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one that was hashed."""
    _, cost, block, parallel, salt, wanted = kept.split("$")
    found = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(parallel))
    return secrets.compare_digest(found, wanted)


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> str:
    n = 2**cost
    memory = 256 * n * block
    found = hashlib.scrypt(password.encode(), salt=salt, n=n, r=block, p=parallel, maxmem=memory, dklen=32)
    return found.hex()


_NOBODY = f"scrypt${_COST}${_BLOCK}${_PARALLEL}${'00' * 16}${'00' * 32}"


def _save(home: Path, users: dict[str, User]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    partial = home / f".users.{os.getpid()}.partial"
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(sorted(users.values(), key=lambda u: u.name)))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(_file(home))
    fsync_folder(home)
