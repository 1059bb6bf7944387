"""Named evidence → probabilities and reasons."""

import datetime

import msgspec
import pytest

from extractors import confidence, evidence
from models import AgencyMention, Calibration, Deadline, Evidence, Letter, Piece, Task, Weights
from pipeline.texts import catalogue

CALIBRATION = Calibration(
    "test",
    text=Weights(2.0, {"table_row": 1.0, "no_verb": -1.0}),
    lead=Weights(2.0, {"column": 1.0, "recipients": -1.5}),
    deadline=Weights(2.0, {"column": 1.0, "time_words_unread": -2.0}),
)
GOOD = Evidence(("table_row",), ("column",), ("column",))


@pytest.mark.parametrize(
    ("field", "worse"),
    [
        ("text", Evidence(("table_row", "no_verb"), ("column",), ("column",))),
        ("lead", Evidence(("table_row",), ("recipients",), ("column",))),
        ("deadline", Evidence(("table_row",), ("column",), ("time_words_unread",))),
    ],
)
def test_doubt_in_one_field_lowers_it_and_the_whole(field: str, worse: Evidence) -> None:
    good, bad = confidence.assess(GOOD, CALIBRATION), confidence.assess(worse, CALIBRATION)
    assert getattr(bad, field) < getattr(good, field)
    assert bad.overall < good.overall
    assert confidence.reasons(worse) and not confidence.reasons(GOOD)


@pytest.mark.parametrize(
    ("told", "same_as"),
    [
        # a name that no table knows says nothing
        (Evidence(("table_row", "made_up_today"), ("column",), ("column",)), GOOD),
        # a name counts once
        (Evidence(("table_row", "table_row"), ("column",), ("column",)), GOOD),
    ],
)
def test_what_changes_nothing(told: Evidence, same_as: Evidence) -> None:
    assert confidence.assess(told, CALIBRATION) == confidence.assess(same_as, CALIBRATION)


def test_the_record_is_right_where_all_fields_are() -> None:
    assessed = confidence.assess(GOOD, CALIBRATION)
    assert assessed.overall == pytest.approx(assessed.text * assessed.lead * assessed.deadline, abs=2e-4)
    doubted = confidence.assess(GOOD, msgspec.structs.replace(CALIBRATION, shift=-1.0))
    assert doubted.overall < assessed.overall and doubted.text == assessed.text


def test_nothing_is_certain() -> None:
    sure = msgspec.structs.replace(CALIBRATION, text=Weights(90.0, {}), lead=Weights(90.0, {}))
    assert confidence.assess(GOOD, sure).text < 1
    assert confidence.assess(GOOD, msgspec.structs.replace(sure, text=Weights(-900.0, {}))).overall > 0


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
    names = {name for field in confidence.doubts().values() for name in field}
    assert {f"reasons.{name}" for name in names} <= set(catalogue(language))


LETTER = Letter(doc_type="Công văn", organ_name="Bộ Nội vụ")
DATED = Deadline("date", "trước ngày 05/6/2026")


@pytest.mark.parametrize(
    ("task", "field", "name", "told"),
    [
        (Task("Báo cáo."), "text", "short_text", True),
        (Task("Rà soát, sắp xếp lại các điểm trông giữ xe trên địa bàn."), "text", "short_text", False),
        (Task("Rà soát, sắp xếp lại các điểm trông giữ xe."), "text", "brief_text", True),
        (Task("Rà soát " + "các điểm trông giữ xe " * 4), "text", "brief_text", False),
        (Task("Rà soát " + "các điểm trông giữ xe " * 9), "text", "ample_text", True),
        (Task("Các đơn vị đã hoàn thành việc rà soát các điểm trông giữ xe."), "text", "tells_what_is", True),
        # words of time that no rule read a deadline from
        (Task("Gửi danh sách trước ngày họp giao ban tuần tới."), "deadline", "time_words_unread", True),
        (Task("Gửi danh sách trước ngày 05/6/2026.", deadline=DATED), "deadline", "time_words_unread", False),
        (Task("Lập danh sách các điểm trông giữ xe."), "deadline", "time_words_unread", False),
        # more bodies in the sentence than were given a role
        (Task("Sở Xây dựng cùng Công an Thành phố tuần tra."), "lead", "bodies_unplaced", True),
        (Task("Sở Xây dựng tuần tra.", leads=(AgencyMention("Sở Xây dựng"),)), "lead", "bodies_unplaced", False),
        (Task("Tổ chức tuần tra.", leads=(AgencyMention("Bộ Nội vụ"),)), "lead", "lead_is_issuer", True),
    ],
)
def test_what_a_task_tells_by_itself(task: Task, field: str, name: str, told: bool) -> None:
    (found,) = evidence.of_tasks(LETTER, [task])
    assert (name in getattr(found, field)) is told


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        (LETTER, "order_letter"),
        (Letter(doc_type="Báo cáo", organ_name="Bộ Nội vụ"), "report"),
        (Letter(organ_name="Ủy ban nhân dân tỉnh Lai Châu"), "local_issuer"),
        (Letter(), "no_issuer"),
    ],
)
def test_what_kind_of_letter_it_stands_in(letter: Letter, name: str) -> None:
    (found,) = evidence.of_tasks(letter, [Task("Rà soát.", evidence=Evidence(("list_item",)))])
    assert {name, "list_item"} <= set(found.text) and name in found.lead and name in found.deadline


ROW = Evidence(("table_row",), ("column",), ("column",))
UNKNOWN = AgencyMention("Tổ liên ngành")


@pytest.mark.parametrize(
    ("task", "field", "name", "told"),
    [
        # a table says the same in every kind of letter, and its cells end without a full stop
        (Task("Rà soát quy định", evidence=ROW), "text", "order_letter", False),
        (Task("Rà soát quy định", evidence=ROW), "text", "no_full_stop", False),
        (Task("Rà soát quy định", evidence=Evidence(("list_item",))), "text", "no_full_stop", True),
        # whoever stands in the cell leads; only who it is can be unsure
        (Task("Rà soát.", leads=(UNKNOWN,), evidence=ROW), "lead", "column_unknown", True),
        (Task("Rà soát.", leads=(UNKNOWN,), evidence=ROW), "lead", "via_as_written", False),
        (Task("Rà soát.", leads=(UNKNOWN,), evidence=Evidence((), ("subject",))), "lead", "via_as_written", True),
        (
            Task("Rà soát.", leads=(AgencyMention("Sở Y tế", via="form"),), evidence=ROW),
            "lead",
            "column_form",
            True,
        ),
        (
            Task("Rà soát.", leads=(AgencyMention("Bộ Y tế", via="column"),), evidence=ROW),
            "lead",
            "column_form",
            False,
        ),
    ],
)
def test_what_a_row_tells_is_told_apart(task: Task, field: str, name: str, told: bool) -> None:
    (found,) = evidence.of_tasks(LETTER, [task])
    assert (name in getattr(found, field)) is told


ITEM, VAGUE = Evidence(("list_item",)), Evidence(("list_item", "weak_directive"))


@pytest.mark.parametrize(
    ("others", "own", "name", "told"),
    [
        # what the other tasks of a letter leave in doubt bears on each; its own doubt is told already
        ([ITEM] * 9, ITEM, "clean_letter", True),
        ([ITEM] * 9, VAGUE, "clean_letter", True),
        ([*[ITEM] * 8, VAGUE], ITEM, "clean_letter", False),
        ([*[ITEM] * 19, VAGUE], ITEM, "nearly_clean", True),
        ([*[ITEM] * 8, VAGUE, VAGUE], ITEM, "nearly_clean", False),
        ([ITEM] * 2, ITEM, "clean_letter", False),  # too few to say
        # a task found in a way in which hardly another of its letter was
        ([ITEM] * 9, Evidence(("unmarked_paragraph",)), "unlike_others", True),
        ([ITEM] * 9, ITEM, "unlike_others", False),
        ([ITEM] * 2, Evidence(("unmarked_paragraph",)), "unlike_others", False),
    ],
)
def test_what_the_other_tasks_of_a_letter_tell(
    others: list[Evidence], own: Evidence, name: str, told: bool
) -> None:
    *_, found = evidence.of_tasks(LETTER, [Task("Rà soát.", evidence=one) for one in (*others, own)])
    assert [name in names for names in (found.text, found.lead, found.deadline)] == [told] * 3


@pytest.mark.parametrize(
    ("task", "told"),
    [
        (Task("Rà soát.", rules=("under_order",)), True),
        (Task("Rà soát.", evidence=Evidence(("strong_directive",))), True),
        (Task("Rà soát.", rules=("modal",)), False),
    ],
)
def test_an_order_above_a_task_bears_on_who_and_when(task: Task, told: bool) -> None:
    (found,) = evidence.of_tasks(LETTER, [task])
    assert [("ordered" in names) for names in (found.lead, found.deadline)] == [told] * 2


ROADS = AgencyMention("Sở Xây dựng", as_written="Sở Xây dựng")
BY_SUBJECT = Evidence((), ("subject",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Trường hợp phát sinh vướng mắc trong tháng, Sở Xây dựng báo cáo.", True),
        ("Giao Sở Xây dựng rà soát các điểm trông giữ xe.", False),
        ("Rà soát các điểm trông giữ xe.", False),  # not in the text at all
    ],
)
def test_a_subject_far_into_its_sentence_is_doubtful(text: str, told: bool) -> None:
    (found,) = evidence.of_tasks(LETTER, [Task(text, leads=(ROADS,), evidence=BY_SUBJECT)])
    assert ("subject_late" in found.lead) is told


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (Evidence(("table_row",), ("column",), ("stated",)), True),
        (ROW, False),  # from a column
        (Evidence(("list_item",), (), ("stated",)), False),
    ],
)
def test_a_deadline_among_the_words_of_a_row_is_doubtful(own: Evidence, told: bool) -> None:
    (found,) = evidence.of_tasks(LETTER, [Task("Xử lý trước ngày 05/6/2026.", evidence=own, deadline=DATED)])
    assert ("stated_in_row" in confidence.reasons(found)) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Đề xuất Sở Xây dựng phương án phân luồng.", True),  # who is asked
        ("Đơn vị tham mưu cho Sở Xây dựng phương án.", True),
        ("Giao Sở Xây dựng lập phương án.", False),
        ("Sở Xây dựng lập phương án.", False),
        ("Trước mùa mưa, Sở Xây dựng hỗ trợ các xã.", False),
    ],
)
def test_a_subject_behind_a_verb_of_asking_is_doubtful(text: str, told: bool) -> None:
    (found,) = evidence.of_tasks(LETTER, [Task(text, leads=(ROADS,), evidence=BY_SUBJECT)])
    assert ("named_after_verb" in confidence.reasons(found)) is told


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("Tài liệu đang dùng hằng ngày thì lập danh mục mượn lại.", "hằng ngày", True),  # tells what is
        ("Phát thanh mỗi ngày 02 lượt.", "mỗi ngày", True),  # how often
        ("Hằng ngày kiểm tra hồ đập.", "Hằng ngày", False),
        ("Kiểm tra hồ đập hằng ngày; báo cáo khi có sự cố.", "hằng ngày", False),
        ("Hoàn thành trước ngày 05/6/2026.", "trước ngày 05/6/2026", False),
    ],
)
def test_a_time_amid_a_clause_is_doubtful(text: str, words: str, told: bool) -> None:
    own = Evidence(("list_item",), (), ("stated",))
    (found,) = evidence.of_tasks(LETTER, [Task(text, evidence=own, deadline=Deadline("recurring", text=words))])
    assert ("time_inside" in confidence.reasons(found)) is told


@pytest.mark.parametrize(
    ("own", "day", "told"),
    [
        (BY_SUBJECT, datetime.date(2025, 7, 1), True),
        (BY_SUBJECT, datetime.date(2027, 7, 1), False),
        (ROW, datetime.date(2025, 7, 1), False),  # of a table of what is overdue
    ],
)
def test_a_deadline_before_the_letter_is_doubtful(own: Evidence, day: datetime.date, told: bool) -> None:
    letter = msgspec.structs.replace(LETTER, issued_date=datetime.date(2026, 5, 1))
    deadline = Deadline("date", text="trước ngày", date=day)
    (found,) = evidence.of_tasks(letter, [Task("Rà soát.", evidence=own, deadline=deadline)])
    assert ("past_date" in confidence.reasons(found)) is told


def test_a_row_without_a_day_among_rows_with_days_is_doubtful() -> None:
    dated = [Task(f"Rà soát lần {n}.", evidence=ROW, deadline=DATED) for n in range(9)]
    *_, undated = evidence.of_tasks(LETTER, [*dated, Task("Rà soát.", evidence=ROW)])
    assert {"row_undated", "others_dated"} <= set(undated.deadline)
    assert "row_undated" in confidence.reasons(undated)


def test_what_ships_ranks_a_plain_row_above_a_doubtful_sentence() -> None:
    row = Task("Rà soát quy định về giá dịch vụ.", rules=("table_row",), evidence=GOOD, deadline=DATED)
    vague = Task("Đang xem xét", evidence=Evidence(("unmarked_paragraph", "weak_directive"), ("no_lead",)))
    sure, unsure = confidence.judged(LETTER, [row, vague])
    assert sure.confidence.overall > 0.7 > 0.3 > unsure.confidence.overall
    assert {"weak_directive", "no_lead"} <= set(unsure.reasons)
