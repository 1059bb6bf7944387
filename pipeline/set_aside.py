"""Files that were held or quarantined, and what a person does about them."""

import datetime

import msgspec

from pipeline.errors import WrongUse
from pipeline.home import free_place
from pipeline.journal import sha256_of
from pipeline.register import Register

RELEASABLE = ("secret", "secret_doubtful")
"""Why a file is held that a person may release; a letter that was purged stays out."""


class SetAside(msgspec.Struct, frozen=True):
    """A file that was held or quarantined, with its reason; `name` is what it lies under in its folder."""

    drop_id: str
    state: str
    code: str
    recorded_at: datetime.datetime
    name: str | None
    document_sha256: str | None


def waiting(register: Register) -> list[SetAside]:
    """Files that wait in held/ and quarantine/ for a person, newest first."""
    names = {**_marks(register, "held"), **_marks(register, "quarantined")}
    rows = register.store.rows(
        """SELECT drop_id, state, code, recorded_at, document_sha256 FROM quarantine
        WHERE state IN ('held', 'quarantined') ORDER BY recorded_at DESC"""
    )
    return [
        SetAside(drop, state, code, at, names.get((document or "")[:16] or drop) or names.get(drop), document)
        for drop, state, code, at, document in rows
    ]


def _marks(register: Register, state: str) -> dict[str, str]:
    """The mark in each reason file of a folder → the file it is about."""
    folder = register.home.held if state == "held" else register.home.quarantine
    found = {}
    for reason in folder.glob("*.reason.txt"):
        words = reason.read_text("utf-8-sig", "replace").split()
        name = reason.name.removesuffix(".reason.txt")
        if words and (folder / name).exists():
            found[words[-1]] = name
    return found


def retry(register: Register, aside: SetAside, who: str) -> None:
    """Put a file that was set aside back into the inbox, to be looked at once more."""
    _back_to_inbox(register, aside)
    _dismissed(register, aside, "retried", who)


def _back_to_inbox(register: Register, aside: SetAside) -> None:
    folder = register.home.held if aside.state == "held" else register.home.quarantine
    if aside.name is not None:
        (folder / aside.name).rename(free_place(register.home.inbox, aside.name))
        (folder / f"{aside.name}.reason.txt").unlink(missing_ok=True)


def release(register: Register, aside: SetAside, who: str) -> None:
    """Say that a held file is no secret: it goes back to the inbox and is read; the journal keeps who said so.

    What is kept is the hash of the file as it lies there, so that this file and no other gets in. Raises WrongUse
    where it is not held for its marks, or is gone.
    """
    if aside.state != "held" or aside.code not in RELEASABLE or aside.name is None:
        raise WrongUse("not_releasable")
    sha256 = sha256_of(register.home.held / aside.name)
    register.record("dismissed", {"drop": aside.drop_id, "state": "released", "document": sha256, "who": who})
    _back_to_inbox(register, aside)


def dismiss(register: Register, aside: SetAside, who: str) -> None:
    """Say that nothing is to be done about a file; it stays in its folder, out of the list."""
    _dismissed(register, aside, "dismissed", who)


def _dismissed(register: Register, aside: SetAside, state: str, who: str) -> None:
    register.record("dismissed", {"drop": aside.drop_id, "state": state, "who": who})
