"""The figures of the scorer."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import evaluate
from pipeline.settings import Settings


def record(text: str, lead: str = "Bộ A", date: str | None = None, **more: Any) -> evaluate.Record:
    kind = "date" if date else "none"
    return {"text": text, "lead": [lead], "coop": [], "deadline_kind": kind, "deadline_date": date, **more}


ONE, TWO = "Rà soát quy hoạch đô thị của các tỉnh", "Báo cáo kết quả kiểm tra kho thuốc"


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([record(ONE)], [record(ONE)], {"task_f1": 1.0, "record_f1": 1.0}, id="right"),
        pytest.param([record(ONE)], [record(ONE, "Bộ B")], {"task_f1": 1.0, "record_f1": 0.0}, id="wrong lead"),
        pytest.param(
            [record(ONE, date="2026-01-31")],
            [record(ONE, date="2026-02-01")],
            {"due_accuracy": 0.0, "lead_accuracy": 1.0},
            id="wrong date",
        ),
        pytest.param(
            [record(ONE), record(TWO)], [record(ONE)], {"task_recall": 0.5, "task_precision": 1.0}, id="missed"
        ),
        pytest.param([record(ONE)], [record(ONE), record(TWO)], {"task_precision": 0.5}, id="invented"),
        pytest.param(
            [record(ONE), record(TWO, optional=True)], [record(ONE)], {"task_f1": 1.0}, id="optional not asked"
        ),
        pytest.param(
            [record(ONE), record(TWO, optional=True)],
            [record(ONE), record(TWO, "Bộ B")],
            {"task_f1": 1.0, "record_f1": 1.0},
            id="optional not counted wrong",
        ),
        # tone marks placed the new way, ampersands and punctuation are no difference
        pytest.param(
            [record("Hoà giải, thuỷ lợi & y tế cơ sở")],
            [record("Hòa giải thủy lợi và y tế cơ sở.")],
            {"task_f1": 1.0},
            id="spelling",
        ),
    ],
)
def test_figures(
    gold: list[evaluate.Record], predicted: list[evaluate.Record], expected: dict[str, float]
) -> None:
    tally, _ = evaluate.compare("d", gold, predicted)
    figures = evaluate.figures(tally)
    assert {name: figures[name] for name in expected} == expected


def test_mistakes_name_their_kind() -> None:
    _, mistakes = evaluate.compare("d", [record(ONE), record(TWO)], [record(ONE, "Bộ B"), record("Việc khác hẳn")])
    assert sorted(mistake.kind for mistake in mistakes) == ["invented", "lead", "missed"]


def test_calibration_of_confidence_that_knows() -> None:
    found = evaluate.calibration([(0.9, True)] * 9 + [(0.1, False)])
    assert found["errors_in_least_confident_fifth"] == 1.0
    assert found["acceptable_unseen_at_99"] == 0.9
    assert found["ece"] == pytest.approx(0.1)


def test_gains_and_losses() -> None:
    gold = [record(ONE), record(TWO)]
    gained, lost = evaluate.changes(gold, [record(ONE)], [record(TWO)])
    assert (gained, lost) == ([TWO], [ONE])


def test_where_rules_fire() -> None:
    predictions = [
        {"document": "a.pdf", "rules": ["orders", "date"]},
        {"document": "b.pdf", "rules": ["orders", "orders"]},
        {"document": "b.pdf", "rules": ["clock"]},
    ]
    fired = [" ".join(line.split()) for line in evaluate.firing(predictions)]
    assert fired == [
        "orders 2 tasks 2 documents",
        "clock 1 tasks 1 documents (b.pdf)",
        "date 1 tasks 1 documents (a.pdf)",
    ]


def test_report_reads_documents_with_gold_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("NHIỆM VỤ\n\n1. Bộ Y tế rà soát kho thuốc.\n\n2. Bộ Nội vụ họp.\n", "utf-8")
    gold = {**record("Bộ Y tế rà soát kho thuốc.", "Bộ Y tế")}
    (tmp_path / "a.tasks.jsonl").write_bytes(msgspec.json.encode(gold) + b"\n")
    saved = tmp_path / "saved.jsonl"
    shown = evaluate.report(tmp_path, Settings(), show=5, save=saved)
    assert "a.txt" in shown and "record_f1" in shown
    assert evaluate.read_records(saved)[0]["document"] == "a.txt"
    assert "0 gained, 0 lost" in evaluate.report(tmp_path, Settings(), against=saved)


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        evaluate.report(tmp_path, Settings())
