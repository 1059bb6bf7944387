"""Possible misses: what looks like a task and lies in none, offered until a person has said what it is."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors import misses as finding
from extractors.phrases import fold
from models import Cell, Grid, Miss, Paragraph, Place, Task
from pipeline import evaluate, misses, review_items, work
from pipeline.errors import WrongUse
from pipeline.register import Register
from pipeline.settings import Settings
from pipeline.texts import catalogue
from tests.test_store import extracted

DATA = tomllib.loads(Path(finding.__file__).with_name("data").joinpath("misses.toml").read_text("utf-8"))


@pytest.mark.parametrize("sign", DATA["signs"], ids=lambda sign: sign["name"])
def test_every_sign_matches_its_example_and_not_the_near_miss(sign: dict[str, Any]) -> None:
    assert re.search(sign["pattern"], fold(sign["match"]))
    assert not re.search(sign["pattern"], fold(sign["near_miss"]))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_sign_that_offers_has_its_words(language: str) -> None:
    names = {sign["name"] for sign in DATA["signs"] if sign["weight"] > 0} | {"time", "near_tasks"}
    assert {f"misses.{name}" for name in names} <= set(catalogue(language))


def found(*blocks: Any, tasks: tuple[Task, ...] = ()) -> list[str]:
    return [miss.text for miss in finding.find(blocks, range(len(blocks)), tasks)]


TAKEN = "Sở Xây dựng rà soát các điểm trông giữ xe."
LEFT = "Công an phường lập biên bản các điểm trông giữ xe trái phép."


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (LEFT, True),
        ("Ông Bình cũng yêu cầu ngành điện bảo đảm cấp điện trước ngày 05/6.", True),
        ("Mẫu nước phải được lấy và phân tích hai lần mỗi tuần.", True),
        # what was, grounds, what opens a list, too little
        ("Công an phường đã lập biên bản các điểm trông giữ xe trái phép.", False),
        ("Căn cứ Quyết định của Ủy ban nhân dân thành phố về điểm trông giữ xe.", False),
        ("Ủy ban nhân dân thành phố yêu cầu các sở, ngành, địa phương:", False),
        ("Sở Xây dựng rà soát.", False),
        ("Số điểm trông giữ xe năm nay nhiều hơn năm trước khá rõ.", False),
    ],
)
def test_which_sentences_are_offered(text: str, offered: bool) -> None:
    assert found(Paragraph(text)) == ([text] if offered else [])


def test_only_what_lies_in_no_task_is_offered() -> None:
    block = Paragraph(f"{TAKEN} {LEFT}")
    task = Task(TAKEN, places=(Place("text", 0, 0, len(TAKEN)),))
    (miss,) = finding.find([block], [0], [task])
    assert miss.text == LEFT
    assert [(place.start, place.end) for place in miss.places] == [(len(TAKEN) + 1, len(block.text))]
    assert "near_tasks" in miss.signs


def test_what_is_left_of_a_sentence_behind_a_task_is_offered() -> None:
    taken = TAKEN.rstrip(".")
    block = Paragraph(f"{taken}; {LEFT}")
    (miss,) = finding.find([block], [0], [Task(taken, places=(Place("text", 0, 0, len(taken)),))])
    assert (miss.text, miss.places[0].start) == (LEFT, len(taken) + 2)
    whole = Task(block.text, places=(Place("text", 0, 0, len(block.text)),))
    assert finding.find([block], [0], [whole]) == ()


def test_rows_that_gave_no_task_are_looked_at() -> None:
    cells = tuple(Cell(row, 0, paragraphs=(Paragraph(text),)) for row, text in enumerate((TAKEN, LEFT)))
    task = Task(TAKEN, places=(Place("text", 0, 0, len(TAKEN), cell=(0, 0)),))
    (miss,) = finding.find([Grid(2, 1, cells)], [0], [task])
    assert (miss.text, miss.places[0].cell) == (LEFT, (1, 0))


def test_a_letter_offers_no_more_than_people_look_at() -> None:
    blocks = [Paragraph(f"{LEFT[:-1]} số {n}.") for n in range(3 * finding.MOST)]
    likelier = Paragraph("Đề nghị Công an phường phải lập biên bản trước ngày 05/6/2026.")
    offered = found(*blocks, likelier)
    assert len(offered) == finding.MOST and likelier.text in offered


@pytest.mark.parametrize(
    ("missed", "offered"),
    [
        (LEFT, True),
        ("Công an phường lập biên bản", True),  # part of the sentence
        (f"{LEFT} Báo cáo trước ngày 05/6/2026.", True),  # the sentence is part of it
        ("Sở Xây dựng rà soát các điểm trông giữ xe", False),
    ],
)
def test_a_missed_task_is_offered_where_a_sentence_leads_to_it(missed: str, offered: bool) -> None:
    assert evaluate.is_offered(missed, [Miss(LEFT, 2.0)]) is offered


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, workers=0)


def with_misses(register: Register, *texts: str) -> None:
    """A letter of one task, read so that sentences were left."""
    if not register.store.value("SELECT count(*) FROM documents"):
        register.record(
            "received", {"document": "d1", "name": "một.pdf", "media_type": "pdf", "size": 1, "drop": "x1"}
        )
    event = extracted("d1", {"task_id": "t1", "ordinal": 1, "status": "current", "text": TAKEN})
    places = [{"field": "text", "block": 3, "start": 0, "end": 20, "page": 2}]
    event["letterhead"]["misses"] = [
        {"text": text, "score": 2.0, "signs": ["must"], "places": places} for text in texts
    ]
    register.record("extracted", event)


def test_a_possible_miss_is_added_as_a_task_or_dismissed_for_good(register: Register) -> None:
    other = "Trạm Y tế phường chuẩn bị đủ cơ số thuốc."
    with_misses(register, LEFT, other)
    one, two = misses.offered(register, "d1")
    assert (one.text, one.page, one.signs, two.ordinal) == (LEFT, 2, ("must",), 2)
    _, task = misses.add(register, one.miss_id, "An", {"lead": ["Công an phường"]})
    added = review_items.item(register, task)
    assert (added.values["text"], added.values["lead"], added.review) == (LEFT, ["Công an phường"], "accepted")
    assert added.page == 2
    misses.dismiss(register, two.miss_id, "An")
    assert misses.offered(register, "d1") == []
    # Read again, nothing comes back; what was dismissed can be taken back.
    with_misses(register, LEFT, other)
    assert misses.offered(register, "d1") == []
    misses.reopen(register, two.miss_id, "An")
    assert [miss.text for miss in misses.offered(register, "d1")] == [other]
    with pytest.raises(WrongUse):
        misses.dismiss(register, one.miss_id, "An")


def test_what_a_later_reading_takes_for_a_task_is_offered_no_more(register: Register, tmp_path: Path) -> None:
    with_misses(register, TAKEN)
    assert misses.offered(register, "d1") == []


def test_misses_come_with_a_letter(register: Register, tmp_path: Path) -> None:
    letter = tmp_path / "công văn.txt"
    letter.write_text(
        "SỞ Y TẾ\nSố: 7/SYT-NVY\nNghệ An, ngày 02 tháng 3 năm 2026\n\nKính gửi: Các trung tâm y tế\n\n"
        "1. Trung tâm Y tế khu vực tổ chức giám sát véc tơ, hoàn thành trước ngày 15/4/2026.\n\n"
        "Kết quả khảo sát phải được lưu ít nhất năm năm tại đơn vị thực hiện theo quy định chung.\n",
        "utf-8",
    )
    work.ingest(register, [letter])
    document = register.store.value("SELECT document_sha256 FROM documents")
    tasks = {text for (text,) in register.store.rows("SELECT text FROM tasks")}
    assert not tasks & {miss.text for miss in misses.offered(register, document)}
