"""A letter: the official document, with the field names of Nghị định 30/2020/NĐ-CP, Phụ lục VI."""

import datetime
from typing import Literal

import msgspec

from models.task import Place, Task

Urgency = Literal["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ"]
Secrecy = Literal["MẬT", "TỐI MẬT", "TUYỆT MẬT"]
Authority = Literal["TM.", "Q.", "KT.", "TL.", "TUQ."]

LetterRelationKind = Literal["annex_of", "same_as", "replies_to", "replaces", "corrects", "extends", "withdraws"]


class Recipient(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `Kính gửi` or `Nơi nhận`, with its purpose (`để thực hiện`) where it states one."""

    name: str
    purpose: str | None = None


class Citation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document this letter refers to, as written and taken apart.

    `notation` is the symbol after the number (`NQ-CP`); `issued_on` only where the text says so.
    """

    text: str
    doc_type: str | None = None
    number: str | None = None
    notation: str | None = None
    issued_on: datetime.date | None = None
    title: str | None = None
    block: int | None = None
    start: int | None = None
    end: int | None = None


class LetterRelation(msgspec.Struct, frozen=True, omit_defaults=True):
    """What this letter does to another one, which it names by `target` (as written).

    Where it `extends` it: `until` is the new day and `since` the old one, where they are said, `about` what the
    deadline is of (`báo cáo kết quả`), `words` the sentence, `page` where it stands.
    """

    kind: LetterRelationKind
    target: str
    number: str | None = None
    notation: str | None = None
    until: datetime.date | None = None
    since: datetime.date | None = None
    about: str | None = None
    words: str | None = None
    page: int | None = None


class Miss(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence that looks like a task but was not extracted, with the names of what makes it look so."""

    text: str
    score: float
    signs: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


class Letter(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one document says as a letter: its letterhead, what it cites, and the tasks in it.

    `code_number` is the number alone (`4257`), `code_notation` the symbol (`QĐ-BNV`); None where blank.
    `organ_name` is the issuer, `organ_parent` the body above it. `arrival_number` and `arrival_date` come
    from the incoming stamp. `annexes_named` are annexes the text speaks of. `unknown` maps a field that
    could not be read to the reason. `is_draft`: it bears the words DỰ THẢO at its head, and assigns nothing yet.
    `misses` are sentences that may be tasks as well.
    """

    doc_type: str | None = None
    code_number: str | None = None
    code_notation: str | None = None
    issued_date: datetime.date | None = None
    place: str | None = None
    organ_name: str | None = None
    organ_parent: str | None = None
    subject: str | None = None
    recipients: tuple[Recipient, ...] = ()
    copies: tuple[Recipient, ...] = ()
    signer_position: str | None = None
    signer_full_name: str | None = None
    signer_authority: Authority | None = None
    urgency: Urgency | None = None
    secrecy: Secrecy | None = None
    arrival_number: str | None = None
    arrival_date: datetime.date | None = None
    citations: tuple[Citation, ...] = ()
    relations: tuple[LetterRelation, ...] = ()
    annexes_named: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    unknown: dict[str, str] = {}
    is_draft: bool = False
    misses: tuple[Miss, ...] = ()
