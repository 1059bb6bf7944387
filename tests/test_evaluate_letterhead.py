"""Letterheads and citations against gold."""

import datetime

import pytest

from models import Citation, Letter, Recipient
from pipeline import evaluate_letterhead
from pipeline.evaluate_letterhead import Cited, Gold

LETTER = Letter(
    code_number="64",
    issued_date=datetime.date(2026, 3, 2),
    organ_name="SỞ XÂY DỰNG",
    recipients=(Recipient("Sở Tài chính", purpose="để biết"),),
)


@pytest.mark.parametrize(
    ("gold", "right"),
    [
        # in small letters or capitals; a date as a date; names without their purpose
        (Gold(number="64", issuer="Sở Xây dựng"), [True, True]),
        (Gold(issued_on=datetime.date(2026, 3, 2), recipients=("Sở Tài chính",)), [True, True]),
        # another value, and none
        (Gold(number="65", signer="Lê Văn A"), [False, False]),
        # what gold does not have is not counted
        (Gold(), []),
    ],
)
def test_fields(gold: Gold, right: list[bool]) -> None:
    assert [agrees for *_, agrees in evaluate_letterhead.fields(gold, LETTER)] == right


@pytest.mark.parametrize(
    ("cited", "read", "right"),
    [
        # with its author behind, as written
        (Cited("Nghị quyết số 71/NQ-CP"), Citation("Nghị quyết số 71/NQ-CP của Chính phủ", number="71"), True),
        # another number
        (Cited("Nghị định 69"), Citation("Nghị định 96", number="96"), False),
        # the date counts where gold has one
        (Cited("Chỉ thị 24", datetime.date(2025, 9, 13)), Citation("Chỉ thị 24", number="24"), False),
    ],
)
def test_citations(cited: Cited, read: Citation, right: bool) -> None:
    assert [agrees for *_, agrees in evaluate_letterhead.citations([cited], [read])] == [right]
