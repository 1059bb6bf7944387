"""Named evidence → probabilities and reasons."""

import pytest

from extractors import confidence
from extractors.confidence import Evidence
from models import Piece
from pipeline.texts import catalogue

GOOD = Evidence(("table_row",), ("column",), ("column",))


@pytest.mark.parametrize(
    ("field", "worse"),
    [
        ("text", Evidence(("table_row", "columns_by_content"), ("column",), ("column",))),
        ("lead", Evidence(("table_row",), ("recipients",), ("column",))),
        ("deadline", Evidence(("table_row",), ("column",), ("stated", "chosen_of_several"))),
    ],
)
def test_doubt_in_one_field_lowers_it_and_the_whole(field: str, worse: Evidence) -> None:
    good, _ = confidence.assess(GOOD)
    bad, reasons = confidence.assess(worse)
    assert getattr(bad, field) < getattr(good, field)
    assert bad.overall < good.overall
    assert reasons


def test_good_evidence_gives_no_reasons() -> None:
    assessed, reasons = confidence.assess(GOOD)
    assert reasons == ()
    assert assessed.overall <= min(assessed.text, assessed.lead, assessed.deadline) <= 1


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(KeyError):
        confidence.assess(Evidence(("no_such_code",), (), ()))


def test_a_code_counts_once() -> None:
    once, _ = confidence.assess(Evidence(("over_pages",), (), ()))
    twice, _ = confidence.assess(Evidence(("over_pages", "over_pages"), (), ()))
    assert once == twice


@pytest.mark.parametrize(
    ("confidences", "codes"),
    [
        ([None, None], ()),  # a text layer says nothing
        ([0.95, 0.9], ("recognised_well",)),
        ([0.95] * 20 + [0.3], ("words_doubtful",)),
        ([0.95, 0.3], ("recognised_badly",)),
    ],
)
def test_how_well_words_were_recognised(confidences: list[float | None], codes: tuple[str, ...]) -> None:
    pieces = [Piece(i, i + 1, 1, None, value) for i, value in enumerate(confidences)]
    assert confidence.of_words(pieces) == codes


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_has_its_sentence(language: str) -> None:
    codes = {code for field in confidence.table().values() for code, weight in field.items() if weight < 0}
    assert {f"reasons.{code}" for code in codes} <= set(catalogue(language))
