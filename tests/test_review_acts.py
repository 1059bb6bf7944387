"""What reviewers do: each act one event, stale ones refused with what the task has become, all of it undone."""

from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from pipeline import (
    commands,
    correcting,
    days,
    extracting,
    letter_acts,
    mentions,
    review_items,
    reviewing,
    set_aside,
    work,
)
from pipeline.errors import WrongUse
from pipeline.reading import Limits, again
from pipeline.reading.media import PNG
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.review_items import Item, Stale
from pipeline.store import Store, dump
from review import filtering, queue_page
from review.queue import Queue
from tests.conftest import SAMPLES
from tests.letters import LETTER, text_letter
from tests.test_store import extracted, task
from tests.test_tracking import received


@pytest.fixture
def tasks(register: Register, tmp_path: Path) -> list[Item]:
    """The two tasks of a letter."""
    outcomes = work.ingest(register, [text_letter(tmp_path)])
    assert [(o.state, o.code) for o in outcomes] == [("done", None)]
    return shown(register)


def shown(register: Register) -> list[Item]:
    document = register.store.value("SELECT min(document_sha256) FROM documents")
    return review_items.items(register, document=document)


def current(register: Register) -> list[tuple[Any, ...]]:
    return register.store.rows("""SELECT c.text, c.lead, c.status FROM current_tasks c JOIN tasks t USING (task_id)
        ORDER BY t.ordinal, t.status = 'added'""")


def test_an_item_is_what_current_tasks_says(register: Register, tasks: list[Item]) -> None:
    """Two ways to the same values: the view of analysts and the page of reviewers."""
    reviewing.decide(register, tasks[0], "accept", "An", {"lead": ["Sở Nội vụ"], "result": "Báo cáo"})
    reviewing.decide(
        register, tasks[1], "correct", "An", {"deadline": reviewing.deadline_of(register, "trước 30/6/2026", None)}
    )
    rows = register.store.records("SELECT * FROM current_tasks ORDER BY ordinal")
    for row, item in zip(rows, shown(register), strict=True):
        values = item.values
        for field in ("text", "lead", "coop", "source_doc", "result", "modality"):
            assert row[field] == values[field], field
        assert row["status"] == item.review
        assert (row["deadline_kind"], row["deadline_text"]) == (
            values["deadline"]["kind"],
            values["deadline"]["text"],
        )
        assert days.iso(row["deadline_date"]) == values["deadline"]["date"]
        assert days.iso(row["due_date"]) == values["deadline"]["due_date"]
        assert sorted(row["corrected_fields"]) == sorted(item.corrected)
        assert row["concerns_us"] == item.concerns_us


def test_an_accepted_task_leaves_the_queue_and_comes_back_when_undone(
    register: Register, tasks: list[Item]
) -> None:
    seq = reviewing.decide(register, tasks[0], "accept", "An", {"text": "Khác  hẳn"})
    assert current(register)[0][0::2] == ("Khác hẳn", "accepted")
    assert register.store.value("SELECT count(*) FROM review_queue") == 1
    assert register.journal.last == seq
    reviewing.undo(register, seq, "An")
    assert shown(register) == tasks
    with pytest.raises(WrongUse):
        reviewing.undo(register, seq, "An")


def test_a_stale_save_is_refused_with_what_the_task_has_become(register: Register, tasks: list[Item]) -> None:
    reviewing.decide(register, tasks[0], "correct", "Bình", {"lead": ["Sở Nội vụ"]})
    before = register.journal.last
    with pytest.raises(Stale) as refused:
        reviewing.decide(register, tasks[0], "accept", "An", {"text": "Lời của An"})
    assert refused.value.fields == ("lead",)
    assert refused.value.who == "Bình"
    assert refused.value.item.values["lead"] == ["Sở Nội vụ"]
    assert register.journal.last == before
    # Seen anew, the same correction is taken.
    reviewing.decide(register, refused.value.item, "accept", "An", {"text": "Lời của An"})
    assert current(register)[0] == ("Lời của An", ["Sở Nội vụ"], "accepted")


def test_nobodys_later_work_is_undone_with_an_act(register: Register, tasks: list[Item]) -> None:
    seq = reviewing.decide(register, tasks[0], "correct", "An", {"lead": ["Sở Nội vụ"]})
    reviewing.decide(register, shown(register)[0], "correct", "Bình", {"lead": ["Sở Xây dựng"]})
    with pytest.raises(WrongUse, match="Bình"):
        reviewing.undo(register, seq, "An")


def test_a_rejected_task_is_gone_and_can_be_reopened(register: Register, tasks: list[Item]) -> None:
    reviewing.decide(register, tasks[0], "reject", "An", why="không phải nhiệm vụ")
    assert len(current(register)) == 1
    rejected = shown(register)[0]
    assert rejected.review == "rejected"
    reviewing.decide(register, rejected, "reopen", "An")
    assert len(current(register)) == 2


def test_split_gives_two_and_undo_one_again(register: Register, tasks: list[Item]) -> None:
    parts = [{"text": "Tổ chức giám sát"}, {"text": "Hoàn thành báo cáo", "lead": ["Sở Nội vụ"]}]
    seq, [new] = reviewing.split(register, tasks[0], parts, "An")
    texts = [row[0] for row in current(register)]
    assert texts[:2] == ["Tổ chức giám sát", "Hoàn thành báo cáo"]
    piece = review_items.item(register, new)
    assert piece.values["lead"] == ["Sở Nội vụ"]
    assert piece.values["deadline"]["date"] == tasks[0].values["deadline"]["date"]
    reviewing.undo(register, seq, "An")
    assert [row[0] for row in current(register)] == [t.values["text"] for t in tasks]


def test_merge_gives_one_and_undo_two_again(register: Register, tasks: list[Item]) -> None:
    one, two = tasks
    seq = reviewing.merge(register, two, one, "An")
    [(text, lead, _)] = current(register)
    assert text == f"{one.values['text']} {two.values['text']}"
    assert set(lead) >= {*one.values["lead"], *two.values["lead"]}
    reviewing.undo(register, seq, "An")
    assert shown(register) == tasks


def test_an_added_task_outlasts_every_new_reading(register: Register, tasks: list[Item]) -> None:
    document = tasks[0].document_sha256
    places = [{"field": "text", "block": 99, "start": 0, "end": 9}]
    _, added = reviewing.add(register, document, {"text": "Việc bị sót", "lead": ["Sở Y tế"]}, places, "An")
    for _ in range(2):
        assert review_items.item(register, added).values["lead"] == ["Sở Y tế"]
        assert ("Việc bị sót", ["Sở Y tế"], "accepted") in current(register)
        commands.reextract(register, silent)
    assert register.store.value("SELECT count(*) FROM tasks WHERE task_id = ?", [added]) == 1
    same = {"agencies": register.store._agencies, "meanings": register.store._meanings}
    rebuilt = Store(register.home.temporary / "again.duckdb", register.home.temporary, **same)
    rebuilt.catch_up(register.journal)
    assert dump(rebuilt.rows) == dump(register.store.rows)
    rebuilt.close()


def test_an_orphan_that_is_accepted_leaves_the_queue(register: Register, tasks: list[Item]) -> None:
    reviewing.decide(register, tasks[0], "correct", "An", {"lead": ["Sở Nội vụ"]})
    row = register.store.records("SELECT * FROM documents")[0]
    letter = extracting.extractors.extract(
        register.journal.kept(row["reading"], extracting.Document), register.office
    )
    extracting._record_extraction(
        register, row["document_sha256"], extracting.msgspec.structs.replace(letter, tasks=())
    )
    [orphan] = shown(register)
    assert orphan.review == "orphan"
    assert orphan.is_waiting
    reviewing.decide(register, orphan, "accept", "An")
    assert shown(register)[0].review == "accepted"
    assert current(register)[0][2] == "accepted"


def test_the_second_sign_off_is_by_another(register: Register, tasks: list[Item]) -> None:
    with pytest.raises(WrongUse):
        reviewing.decide(register, tasks[0], "approve", "An")
    reviewing.decide(register, tasks[0], "accept", "An")
    accepted = shown(register)[0]
    with pytest.raises(WrongUse):
        reviewing.decide(register, accepted, "approve", "An")
    reviewing.decide(register, accepted, "approve", "Trưởng phòng")
    assert shown(register)[0].review == "approved"


def test_several_are_accepted_as_they_were_listed(register: Register, tasks: list[Item]) -> None:
    reviewing.decide(register, tasks[1], "correct", "Bình", {"lead": ["Sở Nội vụ"]})
    accepted, stale = reviewing.accept_all(register, tasks, "An")
    assert (accepted, [s.task_id for s in stale]) == (1, [tasks[1].task_id])


@pytest.mark.parametrize(
    "values",
    [
        {"text": "   "},  # a task without words is none
        {"modality": "maybe"},
        {"office_due_date": "bao giờ xong"},
        {"confidence": 1},  # not a reviewer's to set
    ],
)
def test_what_makes_no_sense_is_refused(register: Register, tasks: list[Item], values: dict[str, Any]) -> None:
    before = register.journal.last
    with pytest.raises(WrongUse):
        reviewing.decide(register, tasks[0], "accept", "An", values)
    assert register.journal.last == before


@pytest.mark.parametrize(
    ("words", "kind", "date"),
    [
        ("trước ngày 30/6/2026", "date", "2026-06-30"),
        ("trong Quý II/2026", "quarter", "2026-06-30"),
        ("30/6/2026", "date", "2026-06-30"),  # bare, as typed in haste
        ("khi nào rảnh", "none", None),
        ("31/2/2027", "none", None),  # no such day
        ("", "none", None),
    ],
)
def test_a_typed_deadline_is_read(register: Register, words: str, kind: str, date: str | None) -> None:
    read = reviewing.deadline_of(register, words, None)
    assert (read["kind"], read["date"]) == (kind, date)
    assert bool(read["reason"]) == (kind == "none" and bool(words))


def test_a_letterhead_is_corrected_and_stays_so(register: Register, tasks: list[Item]) -> None:
    letter_id = str(tasks[0].letter_id)
    seen = letter_acts.letter(register, letter_id)
    values = {"subject": "V/v khác", "arrival_number": "77", "arrival_date": "05/3/2026"}
    assert set(letter_acts.amend(register, letter_id, seen, values, "An")) == set(values)
    commands.reextract(register, silent)
    now = letter_acts.letter(register, letter_id)
    assert (now["subject"], now["arrival_number"], str(now["arrival_date"])) == ("V/v khác", "77", "2026-03-05")
    with pytest.raises(WrongUse, match="V/v khác"):
        letter_acts.amend(register, letter_id, seen, {"subject": "V/v thứ ba"}, "Bình")
    register.rebuild()
    assert letter_acts.letter(register, letter_id) == now


def test_a_person_says_what_is_a_draft(register: Register, tasks: list[Item]) -> None:
    letter_id = str(tasks[0].letter_id)
    seen = letter_acts.letter(register, letter_id)

    def counted() -> int:
        sql = "SELECT count(*) AS tasks FROM current_tasks WHERE letter_id = ? AND is_counted"
        return int(register.store.records(sql, [letter_id])[0]["tasks"])

    before = counted()
    assert letter_acts.amend(register, letter_id, seen, {"is_draft": True}, "An") == ["is_draft"]
    assert counted() == 0
    seen = letter_acts.letter(register, letter_id)
    assert letter_acts.amend(register, letter_id, seen, {"is_draft": False}, "An") == ["is_draft"]
    assert counted() == before > 0


def test_copies_and_annexes_are_linked_and_unlinked(register: Register, tmp_path: Path) -> None:
    for name, number in (("chính.txt", 1), ("phụ lục.txt", 2), ("bản sao.txt", 3)):
        work.ingest(register, [text_letter(tmp_path, name, number)])
    known = dict(register.store.rows("SELECT name, document_sha256 FROM documents"))
    main = register.store.value("SELECT letter_id FROM documents WHERE name = 'chính.txt'")

    def tasks_of(name: str) -> Any:
        return register.store.value("SELECT count(*) FROM current_tasks WHERE document = ?", [name])

    letter_acts.link(register, known["phụ lục.txt"], main, "annex_of", "An")
    letter_acts.link(register, known["bản sao.txt"], main, "same_as", "An")
    assert [tasks_of(name) for name in ("chính.txt", "phụ lục.txt", "bản sao.txt")] == [2, 2, 0]
    assert register.store.value("SELECT count(*) FROM letters") == 1
    commands.reextract(register, silent)
    assert letter_acts.letter(register, main)["code_number"] == "1"
    with pytest.raises(WrongUse):
        letter_acts.link(register, known["chính.txt"], main, "same_as", "An")
    other = letter_acts.unlink(register, known["bản sao.txt"], "An")
    assert tasks_of("bản sao.txt") == 2
    assert letter_acts.letter(register, other)["code_number"] == "3"
    with pytest.raises(WrongUse):
        letter_acts.unlink(register, known["bản sao.txt"], "An")
    before = dump(register.store.rows)
    register.rebuild()
    assert dump(register.store.rows) == before


def test_files_set_aside_are_tried_again_or_dismissed(register: Register, tmp_path: Path) -> None:
    for name, content in (
        ("hỏng.pdf", b"\x00\x01" * 90),
        ("kín.txt", LETTER.format(number=1).replace("V/v", "MẬT\n\nV/v").encode()),
    ):
        (tmp_path / name).write_bytes(content)
        work.ingest(register, [tmp_path / name])
    aside = {a.state: a for a in set_aside.waiting(register)}
    assert (aside["held"].name, aside["quarantined"].name) == ("kín.txt", "hỏng.pdf")
    set_aside.retry(register, aside["quarantined"], "An")
    assert (register.home.inbox / "hỏng.pdf").exists()
    assert list(register.home.quarantine.iterdir()) == []
    set_aside.dismiss(register, aside["held"], "An")
    assert set_aside.waiting(register) == []
    assert (register.home.held / "kín.txt").exists()


def test_a_held_letter_is_released_by_name_and_then_read(register: Register, tmp_path: Path) -> None:
    secret = tmp_path / "kín.txt"
    secret.write_text(LETTER.format(number=1).replace("V/v", "MẬT\n\nV/v"), "utf-8")
    work.ingest(register, [secret])
    [aside] = set_aside.waiting(register)
    set_aside.release(register, aside, "Trưởng phòng")
    assert set_aside.waiting(register) == []
    assert not any(register.home.held.iterdir())
    [back] = register.home.inbox.iterdir()
    assert [o.state for o in work.ingest(register, [back])] == ["done"]
    event = [e for e in register.journal.events() if e.kind == "dismissed"][-1]
    assert (event.data["state"], event.data["who"]) == ("released", "Trưởng phòng")
    before = dump(register.store.rows)
    register.rebuild()
    assert dump(register.store.rows) == before
    # The word was for that file: another one with the mark is held as before.
    secret.write_text(LETTER.format(number=2).replace("V/v", "MẬT\n\nV/v"), "utf-8")
    assert [o.code for o in work.ingest(register, [secret])] == ["secret"]


def test_only_what_is_held_for_its_marks_is_released(register: Register, tmp_path: Path) -> None:
    (tmp_path / "hỏng.pdf").write_bytes(b"\x00\x01" * 90)
    work.ingest(register, [tmp_path / "hỏng.pdf"])
    work.ingest(register, [text_letter(tmp_path)])
    commands.purge(register, silent, document="công văn.txt", why="nhầm", who="An")
    work.ingest(register, [text_letter(tmp_path)])
    found = set_aside.waiting(register)
    assert {"purged_before"} < {a.code for a in found}
    for aside in found:
        with pytest.raises(WrongUse):
            set_aside.release(register, aside, "An")


RUNNING = """UBND TỈNH KHÁNH HÒA
SỞ Y TẾ
Số: 55/SYT-NVY
Khánh Hòa, ngày 02 tháng 3 năm 2026

V/v báo cáo tình hình bệnh sốt xuất huyết

Kính gửi: Trung tâm Y tế các khu vực

1. Trung tâm Kiểm soát bệnh tật tỉnh báo cáo kết quả giám sát trong thời hạn 05 ngày kể từ ngày nhận được văn \
bản này.

2. Phòng Nghiệp vụ Y xây dựng phương án thu dung bệnh nhân, trình Giám đốc Sở trong thời hạn 05 ngày kể từ ngày \
nhận được văn bản này.

Nơi nhận:
- Như trên;
"""


def test_deadlines_that_run_from_receipt_follow_the_arrival_that_is_entered(
    register: Register, tmp_path: Path
) -> None:
    (tmp_path / "chạy.txt").write_text(RUNNING, "utf-8")
    work.ingest(register, [tmp_path / "chạy.txt"])
    first, second = shown(register)
    assert [i.values["deadline"]["due_date"] for i in (first, second)] == [None, None]
    # A person's own wording runs from receipt too.
    typed = reviewing.deadline_of(register, "10 ngày kể từ ngày nhận được văn bản", None)
    reviewing.decide(register, second, "accept", "An", {"deadline": typed})
    letter_id = str(first.letter_id)
    for arrived, dues in (
        ("05/3/2026", ["2026-03-10", "2026-03-16"]),
        ("06/3/2026", ["2026-03-11", "2026-03-16"]),
    ):
        seen = letter_acts.letter(register, letter_id)
        assert letter_acts.amend(register, letter_id, seen, {"arrival_date": arrived}, "Bình") == ["arrival_date"]
        assert [i.values["deadline"]["due_date"] for i in shown(register)] == dues
    assert [i.task_id for i in shown(register)] == [first.task_id, second.task_id]
    assert shown(register)[1].review == "accepted"
    commands.reextract(register, silent)
    assert [i.values["deadline"]["due_date"] for i in shown(register)] == dues


def test_a_year_follows_the_date_of_issue_that_is_set(register: Register, tmp_path: Path) -> None:
    words = LETTER.format(number=8).replace("trước ngày 15/4/2026", "trước ngày 15/4")
    (tmp_path / "năm.txt").write_text(words, "utf-8")
    work.ingest(register, [tmp_path / "năm.txt"])
    task = shown(register)[0]
    assert task.values["deadline"]["date"] == "2026-04-15"
    seen = letter_acts.letter(register, str(task.letter_id))
    letter_acts.amend(register, str(task.letter_id), seen, {"issued_date": "02/3/2025"}, "An")
    assert shown(register)[0].values["deadline"]["date"] == "2025-04-15"


def test_likely_mentions_are_confirmed_or_refused_and_it_is_remembered(register: Register, tmp_path: Path) -> None:
    work.ingest(register, [text_letter(tmp_path, "một.txt", 101)])
    work.ingest(register, [text_letter(tmp_path, "hai.txt", 102)])
    one, two = (
        review_items.items(register, document=sha)
        for (sha,) in register.store.rows("SELECT document_sha256 FROM documents ORDER BY name DESC")
    )
    task, same = one[0], two[0]
    [found] = mentions.mentions(register, task.task_id)
    assert (found.item.task_id, found.is_open, found.letter) == (same.task_id, True, "102/SYT-NVY")
    mentions.judge(register, task.task_id, same.task_id, "refused", "An")
    commands.reextract(register, silent)
    for mine, other in ((task, same), (same, task)):
        [found] = mentions.mentions(register, mine.task_id)
        assert (found.item.task_id, found.level, found.judged_by) == (other.task_id, "refused", "An")
    mentions.judge(register, same.task_id, task.task_id, "confirmed", "Bình")
    assert mentions.mentions(register, task.task_id)[0].level == "confirmed"
    mentions.judge(register, task.task_id, same.task_id, "open", "Bình")
    assert mentions.mentions(register, task.task_id)[0].is_open
    # Two tasks nobody and nothing links are none of each other's business.
    assert same.task_id not in [m.item.task_id for m in mentions.mentions(register, one[1].task_id)]


def test_likely_mentions_wait_at_both_ends(register: Register, tasks: list[Item]) -> None:
    work_of = register.store.value("SELECT document_sha256 FROM documents")

    def waiting(document: str) -> list[tuple[str, str]]:
        return [link.pair for link in mentions.waiting(register, document)]

    register.record(*received("d9"))  # type: ignore[arg-type]
    register.record("extracted", extracted("d9", task("t9", "Việc ở văn bản khác"), letter="L9"))
    assert waiting(work_of) == []
    link = "INSERT INTO task_links VALUES (?, ?, 't9', 'd9', 'likely', 0.8, [])"
    register.store.execute(link, [work_of, tasks[0].task_id])
    assert waiting(work_of) == [(tasks[0].task_id, "t9")]
    assert waiting("d9") == [("t9", tasks[0].task_id)]
    register.record(
        "task_link_judged", {"task_id": "t9", "other_id": tasks[0].task_id, "verdict": "refused", "who": "An"}
    )
    assert waiting(work_of) == waiting("d9") == []


def test_a_page_is_recognised_again_and_its_tasks_stay_who_they_are(register: Register, tmp_path: Path) -> None:
    """By other settings, from a picture that stands on its head; ids, corrections and what is refused."""
    with pdfium.PdfDocument(SAMPLES / "05-storm-telegram.pdf") as document:
        upright = document[1].render(scale=150 / 72).to_pil().convert("L")
    upright.save(tmp_path / "trang.png", dpi=(150, 150))
    work.ingest(register, [tmp_path / "trang.png"])
    before = shown(register)
    assert before
    reviewing.decide(register, before[0], "accept", "An", {"lead": ["Sở Nội vụ"]})
    sha256 = before[0].document_sha256
    how = again.Recognition(dpi=200, binarise=True, languages="vie+eng")
    words, now = letter_acts.recognise_again(register, sha256, 1, how, "Bình")
    assert now > 0.8 * words
    after = {item.task_id: item for item in shown(register)}
    assert after[before[0].task_id].values["lead"] == ["Sở Nội vụ"]
    assert after[before[0].task_id].review == "accepted"
    read = [e for e in register.journal.events() if e.kind == "read"][-1]
    assert read.data["who"] == "Bình"
    page = register.journal.kept(read.data["reading"], extracting.Document).pages[0]
    assert page.evidence["asked"] == "turns 0, dpi 200, vie+eng, black and white"
    for wrong in (0, 2):
        with pytest.raises(WrongUse):
            letter_acts.recognise_again(register, sha256, wrong, how, "Bình")
    rebuilt = dump(register.store.rows)
    register.rebuild()
    assert dump(register.store.rows) == rebuilt


def test_a_page_turned_by_a_person_is_shown_as_it_was_read(tmp_path: Path) -> None:
    with pdfium.PdfDocument(SAMPLES / "05-storm-telegram.pdf") as document:
        upright = document[1].render(scale=150 / 72).to_pil().convert("L")
    upright.rotate(90, expand=True).save(tmp_path / "nằm.png", dpi=(150, 150))
    page = again.recognise(tmp_path / "nằm.png", PNG, 1, Limits(), again.Recognition(turns=3))
    assert page.evidence["turns"] == 3
    assert page.width < page.height
    assert any(word.text == "Chủ" for word in page.words)


def test_the_queue_keeps_up_with_what_happens(register: Register, tasks: list[Item], tmp_path: Path) -> None:
    queue = Queue(register)
    assert (len(queue), queue.count_letters()) == (2, 1)
    first = queue.first()
    assert first == min(tasks, key=lambda t: (t.confidence["overall"], t.task_id)).task_id
    document = tasks[0].document_sha256
    second = queue.after(str(first), document)
    assert {first, second} == {t.task_id for t in tasks}
    assert queue.first(taken={first}) == second
    reviewing.decide(register, review_items.item(register, str(first)), "accept", "An")
    assert queue.after(str(first), document) == second
    work.ingest(register, [text_letter(tmp_path, "hai.txt", 102)])
    assert (len(queue), queue.count_letters()) == (3, 2)
    urgent = register.store.records("SELECT * FROM letters WHERE code_number = '102'")[0]
    letter_acts.amend(register, urgent["letter_id"], urgent, {"urgency": "HỎA TỐC"}, "An")
    assert queue.letters(1)[0][0].letter_id == urgent["letter_id"]
    correcting.correct(register, silent, task_id=str(second), field="review", value="accepted", who="An")
    # Kept up or looked at anew, it is the same.
    anew = Queue(register)
    for order in ("letters", "pooled"):
        assert queue.first(order) == anew.first(order)  # type: ignore[arg-type]
    assert [h for h, _ in queue.letters(9)] == [h for h, _ in anew.letters(9)]
    register.rebuild()
    assert len(queue) == len(anew) == 2


def test_who_works_through_filters_stays_in_them(register: Register, tasks: list[Item], tmp_path: Path) -> None:
    """One after another until none is left, past what others have taken, and back; of what is decided, once."""
    work.ingest(register, [text_letter(tmp_path, "hai.txt", 102)])
    filters: filtering.Filters = {"search": "102"}
    [first, second] = [row["task_id"] for row in filtering.found(register, filters, 9)]
    one, two = review_items.item(register, first), review_items.item(register, second)
    assert filtering.after(register, filters, one) == second
    assert filtering.after(register, filters, two) == first
    assert filtering.after(register, filters, two, back=True) == first
    assert filtering.after(register, filters, one, back=True) is None
    assert filtering.after(register, filters, one, {second}) is None
    reviewing.decide(register, one, "accept", "An")
    assert filtering.after(register, filters, one) == second
    reviewing.decide(register, two, "accept", "An")
    assert (filtering.after(register, filters, two), filtering.count(register, filters)) == (None, 0)
    done = {**filters, "all": True}
    assert filtering.count(register, done) == 2
    assert (filtering.after(register, done, one), filtering.after(register, done, two)) == (second, None)


@pytest.mark.parametrize(
    ("search", "tasks_found"),
    [
        ("cong van di", 2),  # the file's name
        ("103/qd", 2),  # number and symbol
        ("mua he", 2),  # the subject
        ("mùa hè", 2),
        ("thu dung", 1),  # words of a task
        ("thu dụng", 0),  # a word with diacritics must stand so
        ("dung thu", 1),  # words in any order
        ('"dung thu"', 0),  # a phrase in its order
        ("thu dun", 1),  # the last word while it is typed
        ("dụng", 0),
        ("thu du", 1),
        ("thu dụ", 0),  # with the diacritics it has so far
        ("phương án th", 1),
        ("t", 0),  # one letter begins too much
        ("thu dun ", 0),  # a word that was left is whole
        ('"thu dun"', 0),
        ('"phương án" thu du', 1),
        ('"án phương" thu du', 0),
        ("103/q", 2),
        ("“phương án thu dung”", 1),
        ("khám chữa bệnh", 1),
        ("hop bao", 0),
        ("%", 0),
    ],
)
def test_what_is_searched_for(register: Register, tmp_path: Path, search: str, tasks_found: int) -> None:
    """Words and phrases of tasks, of subjects, numbers and files, as `search_tasks` finds them."""
    letter = text_letter(tmp_path, "Công văn đi.txt", 103)
    letter.write_text(letter.read_text("utf-8").replace("103/SYT-NVY", "103/QĐ-SYT"), "utf-8")
    work.ingest(register, [letter])
    assert filtering.count(register, {"search": search}) == tasks_found


def test_bodies_of_two_provinces_are_two_choices(register: Register, tmp_path: Path) -> None:
    """A department of each goes by its province's name; who chooses one does not find the other's tasks."""
    for number, (head, place) in enumerate((("KHÁNH HÒA", "Khánh Hòa"), ("LÂM ĐỒNG", "Lâm Đồng")), 201):
        letter = text_letter(tmp_path, f"{number}.txt", number)
        words = letter.read_text("utf-8").replace("KHÁNH HÒA", head).replace("Khánh Hòa", place)
        letter.write_text(words.replace("2. Phòng Nghiệp vụ Y", "2. Sở Tài chính"), "utf-8")
    work.ingest(register, sorted(tmp_path.glob("*.txt")))
    bodies = [name for (name,) in register.store.rows(queue_page.AGENCIES, [None]) if "Sở Tài chính" in name]
    assert len(bodies) == 2
    for body, number in zip(sorted(bodies), ("201", "202"), strict=True):
        [found] = filtering.found(register, {"agency": body}, 9)
        assert (found["code_number"], found["lead"]) == (number, [body])
    assert filtering.count(register, {"agency": "Sở Tài chính"}) == 0


def test_the_queue_starts_with_what_concerns_us(register: Register, tasks: list[Item], tmp_path: Path) -> None:
    """Letters that hold some of it before more urgent ones; in a letter, what is ours before what is less sure."""
    work.ingest(register, [text_letter(tmp_path, "hai.txt", 102)])
    [[urgent]] = register.store.rows("SELECT letter_id FROM letters WHERE code_number = '102'")
    letter = register.store.records("SELECT * FROM letters WHERE letter_id = ?", [urgent])[0]
    letter_acts.amend(register, urgent, letter, {"urgency": "HỎA TỐC"}, "An")
    assert Queue(register).letters(1)[0][0].letter_id == urgent
    surest = max(tasks, key=lambda t: (t.confidence["overall"], t.task_id))
    register.store.execute("UPDATE tasks SET concerns_us = 'named' WHERE task_id = ?", [surest.task_id])
    queue = Queue(register)
    assert queue.letters(1)[0][0].document == surest.document_sha256
    assert queue.first("letters") == queue.first("pooled") == surest.task_id


@pytest.mark.parametrize(
    ("written", "filters"),
    [
        ('{"agency": "Bộ Y tế", "ours": true}', {"agency": "Bộ Y tế", "ours": True}),
        ("", {}),  # no filters
        ("{", {}),  # cut off
        ('["ours"]', {}),  # not what filters are
        ('{"ours": "1", "agency": 5, "x": "y"}', {}),  # other kinds, an unknown name
        ('{"until": "2026-06-31"}', {}),  # no such day
    ],
)
def test_filters_out_of_an_address(written: str, filters: dict[str, Any]) -> None:
    assert filtering.read(written) == filters
    assert filtering.read(filtering.written(filters)) == filters
