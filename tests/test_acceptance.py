"""Records accepted unseen: never before this office's reviews confirm the target, and always some are audited."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline import acceptance, error_bounds, review_items, reviewing, texts
from pipeline.acceptance import is_drawn
from pipeline.cli import main
from pipeline.dictionary import vietnamese
from pipeline.error_bounds import least_error, most_error, nearest, tried, wanted
from pipeline.owner import own
from pipeline.register import MACHINE, Register, open_register
from pipeline.settings import Settings
from pipeline.store import Store, dump
from tests.test_store import extracted

SURE = {"text": 0.998, "lead": 0.999, "deadline": 0.998, "overall": 0.995}
DATE = {"kind": "date", "text": "trước ngày 30/6/2026", "date": "2026-06-30"}
ENOUGH = 59


@pytest.mark.parametrize(
    ("wrong", "target", "records"),
    [
        (0, 0.01, 299),  # the rule of three, exactly
        (1, 0.01, 473),
        (0, 0.05, 59),
        (0, 0.5, 5),
        (2, 0.02, 313),
    ],
)
def test_how_many_records_show_a_target(wrong: int, target: float, records: int) -> None:
    assert wanted(wrong, target) == records
    assert most_error(wrong, records) <= target < most_error(wrong, records - 1)


def test_bounds_enclose_what_was_seen() -> None:
    assert least_error(5, 100) < 0.05 < most_error(5, 100)
    assert (least_error(0, 10), most_error(10, 10), most_error(0, 0)) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("looked_at", "threshold", "near", "missing"),
    [
        # just enough, and one too few; of two thresholds alike the lower
        ([(0.97, True)] * 59, 0.5, 0.5, 0),
        ([(0.97, True)] * 58, None, 0.5, 1),
        # what is wrong stands low: the surer ones are confirmed, and all above the lowest such
        ([(0.97, True)] * 59 + [(0.8, False)] * 9, 0.805, 0.805, 0),
        ([(0.97, True)] * 40 + [(0.8, False)] * 9, None, 0.805, 19),
        # wrong among the surest: what is less sure cannot make up for it, however much of it is right
        ([(0.97, True)] * 58 + [(0.97, False)] * 9 + [(0.8, True)] * 900, None, 0.975, 59),
        # nothing was looked at
        ([], None, 0.5, 59),
    ],
)
def test_which_threshold_reviews_confirm(
    looked_at: list[tuple[float, bool]], threshold: float | None, near: float, missing: int
) -> None:
    steps = tried(looked_at, 0.05)
    found = error_bounds.confirmed(steps, 0.05)
    assert (found and found.threshold) == threshold
    shown = found or nearest(steps, 0.05)
    assert (shown.threshold, error_bounds.missing(shown, 0.05)) == (near, missing)


def test_no_threshold_is_tried_at_which_one_record_is_too_likely_wrong() -> None:
    assert [step.threshold for step in tried([], 0.01)][::19] == [0.995, 0.9]
    assert tried([], 0.5)[-1].threshold == 0.0


def test_the_draw_is_the_same_every_time_and_of_the_share_asked_for() -> None:
    drawn = [n for n in range(5000) if is_drawn(f"t{n}", 0.02)]
    assert drawn == [n for n in range(5000) if is_drawn(f"t{n}", 0.02)]
    assert 60 < len(drawn) < 140
    assert not any(is_drawn(f"t{n}", 0.0) for n in range(200)) and all(is_drawn(f"t{n}", 1.0) for n in range(200))


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, workers=0, audit_share=0.1, target_error=0.05)


def one(number: int, **more: Any) -> dict[str, Any]:
    """A task the machine is sure of."""
    return {
        "task_id": f"t{number}",
        "ordinal": number,
        "status": "current",
        "text": f"Rà soát hồ sơ số {number}",
        "leads": [{"name": "Sở Y tế", "kind": "local", "via": "column"}],
        "confidence": SURE,
        "evidence": {"text": ["table_row"], "lead": ["column"], "deadline": ["no_deadline"]},
        **more,
    }


def letter_of(register: Register, document: str, *tasks: dict[str, Any]) -> None:
    register.record(
        "received",
        {"document": document, "name": f"{document}.pdf", "media_type": "pdf", "size": 1, "drop": document},
    )
    register.record("extracted", extracted(document, *tasks, letter=document))


def reviewed(register: Register, *numbers: int, wrong: tuple[int, ...] = ()) -> None:
    """One act in which a person accepts tasks, those of `wrong` with another lead."""
    corrected = [
        {"task_id": f"t{n}", "field": "review", "seen": "open", "value": "accepted"} for n in (*numbers, *wrong)
    ]
    corrected += [
        {"task_id": f"t{n}", "field": "lead", "seen": ["Sở Y tế"], "value": ["Sở Nội vụ"]} for n in wrong
    ]
    register.record(
        "reviewed", {"act": "accept", "document": "d1", "task_id": "t1", "who": "An", "corrected": corrected}
    )


def status(register: Register) -> dict[str, str]:
    return dict(register.store.rows("SELECT task_id, status FROM current_tasks"))


@pytest.fixture
def confirmed(register: Register) -> Iterator[Register]:
    """A register where people have looked at just enough records, all right, and 40 more are open."""
    letter_of(register, "d1", *(one(n) for n in range(1, ENOUGH + 1)))
    reviewed(register, *range(1, ENOUGH + 1))
    letter_of(register, "d2", *(one(n) for n in range(1001, 1041)))
    yield register


def test_nothing_is_accepted_before_enough_was_looked_at(register: Register) -> None:
    letter_of(register, "d1", *(one(n) for n in range(1, ENOUGH + 2)))
    reviewed(register, *range(1, ENOUGH))
    now = acceptance.standing(register)
    assert (now.state, now.missing, now.reviewed, now.acceptable) == ("not_enough", 1, ENOUGH - 1, 2)
    assert acceptance.accept(register) == {"accepted": 0, "audited": 0, "reopened": 0}
    reviewed(register, ENOUGH)
    assert acceptance.standing(register).state == "on"
    assert sum(acceptance.accept(register).values()) == 1


def test_once_on_some_are_accepted_and_some_are_audited(confirmed: Register) -> None:
    assert acceptance.standing(confirmed).state == "on"
    drawn = {f"t{n}" for n in range(1001, 1041) if is_drawn(f"t{n}", 0.1)}
    assert 0 < len(drawn) < 40
    assert acceptance.accept(confirmed) == {"accepted": 40 - len(drawn), "audited": len(drawn), "reopened": 0}
    after = status(confirmed)
    assert {task for task in after if after[task] == "open"} == drawn
    # Done is done: asked again, nothing more happens.
    assert acceptance.accept(confirmed) == {"accepted": 0, "audited": 0, "reopened": 0}
    now = acceptance.standing(confirmed)
    assert (now.accepted, now.audited, now.audited_reviewed, now.observed_error) == (
        40 - len(drawn),
        len(drawn),
        0,
        None,
    )
    # Who looks at an audited one and finds it wrong is counted against the target.
    task = sorted(drawn)[0]
    item = review_items.item(confirmed, task)
    reviewing.decide(confirmed, item, "accept", "An", {"lead": ["Sở Nội vụ"]})
    now = acceptance.standing(confirmed)
    assert (now.audited_reviewed, now.audited_wrong, now.observed_error) == (1, 1, 1.0)
    assert (now.state, now.missing) == ("not_enough", 93 - 60)


def test_what_is_accepted_unseen_is_in_the_journal(confirmed: Register, tmp_path: Path) -> None:
    acceptance.accept(confirmed)
    again = Store(tmp_path / "again.duckdb", tmp_path, meanings=vietnamese().meanings)
    again.catch_up(confirmed.journal)
    mine, theirs = dump(confirmed.store.rows), dump(again.rows)
    mine.pop("agencies"), theirs.pop("agencies")
    assert mine == theirs
    again.close()


OWN = Settings(settle_seconds=0.0, incomplete_seconds=0.0, workers=0, audit_share=0.0, target_error=0.05)


@pytest.mark.parametrize(
    ("more", "setting", "accepted"),
    [
        ({}, {}, True),
        # a dated task that names our own body
        ({"concerns_us": "named", "deadline": DATE}, {}, False),
        ({"concerns_us": "named", "deadline": DATE}, {"review_own_dated": False}, True),
        # ours but undated, dated but not ours
        ({"concerns_us": "named"}, {}, True),
        ({"deadline": DATE}, {}, True),
        # not sure enough
        ({"confidence": {**SURE, "overall": 0.45}}, {}, False),
        # switched off by the office
        ({}, {"accept_unseen": False}, False),
        # a target that needs more records than were looked at
        ({}, {"target_error": 0.01}, False),
    ],
)
def test_what_may_be_accepted_unseen(
    tmp_path: Path, more: dict[str, Any], setting: dict[str, Any], accepted: bool
) -> None:
    owner = own(tmp_path / "home", "test")
    assert owner is not None
    with open_register(tmp_path / "home", OWN.model_copy(update=setting), owner) as register:
        letter_of(register, "d1", *(one(n) for n in range(1, ENOUGH + 1)))
        reviewed(register, *range(1, ENOUGH + 1))
        letter_of(register, "d2", one(2000, **more))
        acceptance.accept(register)
        assert (status(register)["t2000"] == "accepted") is accepted


def test_what_people_touched_is_left_to_them(confirmed: Register) -> None:
    reviewing.decide(confirmed, review_items.item(confirmed, "t1001"), "correct", "An", {"result": "Báo cáo"})
    acceptance.accept(confirmed)
    after = status(confirmed)
    assert after["t1001"] == "open"
    taken = next(task for task, state in after.items() if state == "accepted" and int(task[1:]) > 1000)
    reviewing.decide(confirmed, review_items.item(confirmed, taken), "reopen", "An")
    acceptance.accept(confirmed)
    assert status(confirmed)[taken] == "open"


def test_what_is_read_otherwise_afterwards_is_opened_again(confirmed: Register) -> None:
    acceptance.accept(confirmed)
    taken = next(n for n in range(1001, 1041) if status(confirmed)[f"t{n}"] == "accepted")
    tasks = [one(n, **({"text": "Rà soát khác hẳn"} if n == taken else {})) for n in range(1001, 1041)]
    confirmed.record("extracted", extracted("d2", *tasks, letter="d2"))
    assert acceptance.accept(confirmed, ["d2"])["reopened"] == 1
    assert status(confirmed)[f"t{taken}"] in ("open", "accepted")
    said = confirmed.store.rows(
        "SELECT outcome FROM acceptances WHERE task_id = ? ORDER BY seq, outcome DESC", [f"t{taken}"]
    )
    assert said[:2] == [("accepted",), ("reopened",)]


def test_what_is_mostly_wrong_is_refuted(register: Register) -> None:
    letter_of(register, "d1", *(one(n) for n in range(1, 61)))
    reviewed(register, *range(1, 41), wrong=tuple(range(41, 61)))
    now = acceptance.standing(register)
    assert (now.state, now.reviewed, now.wrong) == ("refuted", 60, 20)


@pytest.mark.parametrize(
    ("field", "seen", "value", "right"),
    [
        ("lead", ["Sở Y tế"], ["Sở Y tế", "Sở Nội vụ"], False),
        # read anew since, as the person had said it
        ("lead", ["Sở Nội vụ"], ["SỞ Y TẾ"], True),
        ("text", "Rà soát hồ sơ số 1", "Rà soát hồ sơ số 1.", True),
        ("text", "Rà soát hồ sơ số 1", "Báo cáo", False),
        ("deadline", {"kind": "none", "date": None}, {"kind": "date", "date": "2026-06-30"}, False),
        # read anew since
        ("deadline", {"kind": "date", "date": "2026-06-30"}, {"kind": "none", "date": None}, True),
        ("coop", [], ["Sở Nội vụ"], True),  # not part of the record
        ("review", "open", "rejected", False),
    ],
)
def test_which_corrections_say_that_the_machine_was_wrong(
    register: Register, field: str, seen: Any, value: Any, right: bool
) -> None:
    letter_of(register, "d1", one(1))
    corrected = [{"task_id": "t1", "field": "review", "seen": "open", "value": "accepted"}] * (field != "review")
    corrected.append({"task_id": "t1", "field": field, "seen": seen, "value": value})
    register.record(
        "reviewed", {"act": "accept", "document": "d1", "task_id": "t1", "who": "An", "corrected": corrected}
    )
    (found,) = acceptance.reviewed(register)
    assert found.right is right


def test_what_the_machine_accepted_is_no_review(confirmed: Register) -> None:
    before = len(acceptance.reviewed(confirmed))
    acceptance.accept(confirmed)
    assert len(acceptance.reviewed(confirmed)) == before
    assert confirmed.store.value("SELECT count(*) FROM corrections WHERE who = ?", [MACHINE]) > 0


@pytest.mark.parametrize(
    ("language", "looked_at", "wrong", "says"),
    [
        ("vi", ENOUGH - 9, 0, "Còn thiếu 9 nhiệm vụ có độ tin cậy từ 50,0 %"),
        (
            "vi",
            ENOUGH,
            0,
            "đang bật, từ độ tin cậy 50,0 %. Đã rà soát 59 nhiệm vụ như vậy, sai 0: sai số không quá 4,95 %",
        ),
        ("en", ENOUGH, 0, "on, from 50.0% confidence. Of such tasks 59 were reviewed, 0 wrong"),
        ("vi", ENOUGH, 30, "đã rà soát 89 thì 30 sai, nhiều hơn mức cho phép 5,0 %"),
        ("en", ENOUGH, 30, "30 of 89 reviewed were wrong, more than the 5.0% allowed"),
    ],
)
def test_the_command_says_how_it_stands(
    tmp_path: Path, language: str, looked_at: int, wrong: int, says: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "giaoviec.toml").write_text(f'language = "{language}"\nworkers = 0\ntarget_error = 0.05\n')
    owner = own(home, "test")
    assert owner is not None
    with open_register(home, OWN, owner) as register:
        letter_of(register, "d1", *(one(n) for n in range(1, looked_at + wrong + 1)))
        reviewed(register, *range(1, looked_at + 1), wrong=tuple(range(looked_at + 1, looked_at + wrong + 1)))
    try:
        asked = CliRunner().invoke(main, ["--home", str(home), "accept"])
    finally:
        texts.speak("vi")
    assert asked.exit_code == 0, asked.output
    assert says in asked.output
