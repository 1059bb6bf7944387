"""Confidence fitted to judged evidence: what is learned, what is not, and what the figures say."""

import math
from pathlib import Path

import msgspec
import pytest

from benchmarks import forward
from extractors import confidence
from models import AgencyMention, Deadline, Evidence, Task
from pipeline import calibration, evaluate
from pipeline.calibration import Judged

ROWS = Path(__file__).parent.parent / "samples" / "calibration"


def judged(document: str, *names: str, right: bool = True) -> Judged:
    return Judged(document, Evidence(names, names, names), right, right or None, right or None)


def some_rows() -> list[Judged]:
    """20 documents: of ten records with `plain` nine are right, of ten with `odd` three."""
    return [
        judged(f"d{document}.pdf", name, right=n < right)
        for document in range(20)
        for name, right in (("plain", 9), ("odd", 3))
        for n in range(10)
    ]


@pytest.mark.parametrize(("name", "share"), [("plain", 0.9), ("odd", 0.3)])
def test_probabilities_are_shares_of_what_was_right(name: str, share: float) -> None:
    fitted = calibration.fit(some_rows(), "1", "here")
    assert confidence.assess(Evidence((name,), (name,), (name,)), fitted).overall == pytest.approx(share, abs=0.04)
    assert (fitted.version, fitted.fitted_on, fitted.records) == ("1", "here", 400)


def test_a_name_hardly_seen_gets_no_weight() -> None:
    rows = [*some_rows(), *(judged("d1.pdf", "rare", right=False) for _ in range(calibration.LEAST_SEEN - 1))]
    assert "rare" not in calibration.fit(rows, "", "").text.weights


def test_little_of_an_offices_own_hardly_moves_what_ships() -> None:
    before = calibration.fit(some_rows(), "", "")
    told = Evidence(("plain",), ("plain",), ("plain",))
    one = calibration.fit([judged("own.pdf", "plain", right=False)], "", "", prior=before)
    many = calibration.fit([judged(f"own{i}.pdf", "plain", right=False) for i in range(200)], "", "", prior=before)
    was, little, much = (confidence.assess(told, c).overall for c in (before, one, many))
    assert was > little > much and was - little < 0.3 and much < 0.1


def test_a_document_is_never_judged_by_a_fit_that_saw_it() -> None:
    # The odd document's name is its own: held out, nothing is known of it.
    rows = [*some_rows(), *(judged("z.pdf", "own", right=False) for _ in range(9))]
    rows += [judged("z.docx", "own", right=False)]  # the same letter in another form
    held = {chance for row, chance in calibration.held_out(rows) if row.document == "z.pdf"}
    assert min(held) > 0.4
    fitted = calibration.fit(rows, "", "")
    assert confidence.assess(Evidence(("own",), ("own",), ("own",)), fitted).overall < 0.3


def test_figures_have_intervals_over_documents() -> None:
    pairs = [(f"d{i % 5}", i / 100, i > 30) for i in range(100)]
    found = calibration.figures(pairs)
    assert found.keys() == evaluate.calibration([(c, r) for _, c, r in pairs]).keys()
    assert all(figure.low <= figure.value <= figure.high for figure in found.values())
    alike = calibration.figures([(f"d{i % 5}", 0.5, i % 10 < 5) for i in range(100)])
    assert alike["aurc_constant"].low == alike["aurc_constant"].high == 0.5  # every document the same


@pytest.mark.parametrize(
    ("judged_pairs", "aurc", "perfect"),
    [
        ([(0.9, True), (0.8, True), (0.1, False)], 1 / 9, 1 / 9),
        ([(0.9, False), (0.8, True), (0.1, True)], (1 + 1 / 2 + 1 / 3) / 3, 1 / 9),
        ([(0.9, True), (0.1, True)], 0, 0),
    ],
)
def test_area_under_the_risk_coverage_curve(
    judged_pairs: list[tuple[float, bool]], aurc: float, perfect: float
) -> None:
    found = evaluate.calibration(judged_pairs)
    assert found["aurc"] == pytest.approx(aurc) and found["aurc_perfect"] == pytest.approx(perfect)
    assert found["aurc_constant"] == pytest.approx(sum(not right for _, right in judged_pairs) / len(judged_pairs))


def test_tasks_are_judged_as_the_scorer_does() -> None:
    gold = [
        {"text": "Rà soát điểm trông giữ xe", "lead": ["Sở Xây dựng"], "coop": [], "deadline_kind": "none"},
        {"text": "Lập kế hoạch", "lead": ["Công an"], "coop": [], "deadline_kind": "none", "optional": True},
    ]
    tasks = [
        Task("Rà soát điểm trông giữ xe", leads=(AgencyMention("Sở Xây dựng"),), deadline=Deadline("recurring")),
        Task("Lập kế hoạch"),  # optional: not counted
        Task("Tình hình đã ổn định"),  # no task
    ]
    found = [(row.text, row.lead, row.deadline, row.right) for row in calibration.judge("a.pdf", gold, tasks)]
    assert found == [(True, True, False, False), (False, None, None, False)]


def of_origin(origin: str, row: Judged) -> Judged:
    return msgspec.structs.replace(row, origin=origin)


def test_cold_and_warm_rows_count_for_their_shares() -> None:
    cold = of_origin("cold 1234567", judged("a.pdf", "plain"))
    rows = calibration.weighed([cold, *(judged("a.pdf", "plain") for _ in range(4))])
    assert [row.weight for row in rows] == [1.0, 0.25, 0.25, 0.25, 0.25]
    # with rows of one kind alone there is nothing to weigh
    assert [row.weight for row in calibration.weighed(rows[1:])] == [1.0] * 4


def test_old_cold_rows_can_fade() -> None:
    rows = [of_origin(f"cold {n}", judged("a.pdf", "plain")) for n in range(3)]
    warm = of_origin("present", judged("a.pdf", "plain"))
    assert [row.weight for row in calibration.weighed(rows, fades_in=1.0)] == [0.25, 0.5, 1.0]
    assert calibration.weighed([*rows, warm], 0.75, 1.0)[-1].weight == pytest.approx(3 * 1.75)


def test_evidence_can_be_left_out_and_fits_laid_side_by_side() -> None:
    rows = [judged(f"d{n % 4}.pdf", "table_row", "odd", right=n % 2 == 0) for n in range(8)]
    left = forward.without(rows, frozenset({"odd"}))
    assert {row.evidence for row in left} == {Evidence(("table_row",), ("table_row",), ("table_row",))}
    unsure, sure = ([(row, 0.9 if row.right else wrong) for row in rows] for wrong in (0.5, 0.1))
    # −log 0.5 against −log 0.9, of every other row
    assert forward.compared("better", sure, unsure).split()[1:3] == ["0.1054", "-0.2939"]
    assert forward.groups(sure) == [f"{'table_row':24}    8 records  said 0.500  right 0.500"]


def test_a_batch_is_told_by_those_before_it_alone() -> None:
    batches = [f"cold {n}" for n in range(calibration.FIRST_FORWARD)]
    rows = [of_origin(origin, row) for origin in batches for row in some_rows()]
    # all wrong in the batch that comes last, and warm rows of its documents would tell so
    last = [of_origin("cold last", judged(f"z{n}.pdf", "plain", right=False)) for n in range(30)]
    warm = [of_origin("present", row) for row in last * 20]
    told = calibration.forward([*rows, *last, *warm])
    assert {row.origin for row, _ in told} == {"cold last"} and len(told) == 30
    assert min(chance for _, chance in told) > 0.8
    assert calibration.forward(rows) == []  # too few before any


def test_what_ships_was_fitted_on_the_rows_beside_it() -> None:
    files = sorted(ROWS.glob("*.jsonl"))
    shipped = confidence.shipped()
    assert shipped.fitted_on == ", ".join(file.stem for file in files)
    rows = calibration.weighed([row for file in files for row in calibration.load(file)])
    assert shipped.records == len(rows)
    again = calibration.fit(rows, shipped.version, shipped.fitted_on)
    for field in calibration.FIELDS:
        assert getattr(again, field).bias == pytest.approx(getattr(shipped, field).bias, abs=1e-3)
    assert math.isclose(again.slope, shipped.slope, abs_tol=1e-3)
    assert msgspec.json.decode(calibration.as_json(shipped), type=type(shipped)) == shipped
