"""All that a letter speaks for, settled at once: shown by letters, recorded in one event, taken back as one."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import (
    assigning,
    export,
    mentions,
    proposals,
    settling,
    tracking,
    undoing,
    workbook_import,
    workbooks,
)
from pipeline.cli import main
from pipeline.errors import WrongUse
from pipeline.publish import publish
from pipeline.register import Register, today
from pipeline.reports import silent
from pipeline.settings import Settings
from pipeline.texts import text
from review.figures import Choice, figures
from review.report_page import rows_of
from tests.test_exports import edited
from tests.test_store import extracted, task
from tests.test_tracking import ends, pair, received


@pytest.fixture
def settings() -> Settings:
    return Settings(workers=0)


def head(number: str, notation: str, day: str, organ: str) -> dict[str, Any]:
    return {
        "letterhead": {"code_number": number, "code_notation": notation, "issued_date": day, "organ_name": organ}
    }


@pytest.fixture
def reported(register: Register) -> Register:
    """A plan of three tasks, a letter that urges two on, a report that these are done, a new day of the third."""
    plan = [task(f"a{n}", f"Việc {n}", deadline=ends("2026-04-30")) for n in range(3)]
    urging = [task(f"b{n}", f"Làm gấp việc {n}", deadline=ends("2026-04-30")) for n in range(2)]
    report = [task(f"c{n}", f"Việc {n}", reported="done_in_time") for n in range(2)]
    notice = [task("d2", "Việc 2", deadline=ends("2026-09-30"))]
    letters = [
        ("a", plan, head("12", "KH-UBND", "2026-01-05", "UBND tỉnh"), []),
        ("b", urging, head("80", "UBND-TH", "2026-03-01", "UBND tỉnh"), [pair("b0", "a0"), pair("b1", "a1")]),
        (
            "c",
            report,
            head("09", "BC-STC", "2026-05-02", "Sở Tài chính"),
            [pair("c0", "a0"), pair("c0", "b0"), pair("c1", "a1")],
        ),
        ("d", notice, head("90", "TB-UBND", "2026-06-01", "UBND tỉnh"), [pair("d2", "a2")]),
    ]
    for document, tasks, letterhead, links in letters:
        register.record(*received(document))  # type: ignore[arg-type]
        found = extracted(document, *tasks, letter=document.upper(), links=links)
        register.record("extracted", {**found, **letterhead})
    publish(register)
    return register


def by_letter(register: Register, **choice: Any) -> list[tuple[str, list[str]]]:
    publish(register)
    found = proposals.offered(register.home.published, 8, **choice)
    return [(rows[0]["by_letter"], [row["task_id"] for row in rows]) for rows in found]


def states(register: Register) -> dict[str, str]:
    found = "SELECT task_id, coalesce(due_date_before::VARCHAR, state) FROM current_tasks"
    return dict(register.store.rows(f"{found} WHERE state <> 'open' OR due_date_before IS NOT NULL"))


def test_offers_stand_by_the_letters_that_say_so(reported: Register) -> None:
    """The latest letter first; in it the mentions of a task together, in the order in which it speaks of them.

    `b1` urges what `a1` assigned: that it is done, too, follows once `a1` is.
    """
    assert by_letter(reported) == [("90/TB-UBND", ["a2"]), ("09/BC-STC", ["a0", "b0", "c0", "a1", "c1", "b1"])]
    [[row, *_], report] = proposals.offered(reported.home.published, 2)
    assert (row["count"], row["letters"], row["in_letter"], report[0]["in_letter"]) == (3, 2, 1, 2)
    assert len({row["task"] for row in report}) == 2
    assert {row["task_id"]: row["follows"] for row in report if row.get("follows")} == {"b1": "a1"}
    assert (row["by_organ"], row["letter"], row["by_words"]) == ("UBND tỉnh", "12/KH-UBND", "Việc 2")
    assert by_letter(reported, letter="D") == [("90/TB-UBND", ["a2"])]
    assert by_letter(reported, settled=["a2", "a0"]) == [("09/BC-STC", ["b0", "c0", "a1", "c1", "b1"])]


def test_a_letter_is_settled_in_one_event(reported: Register) -> None:
    offers = proposals.of_letter(reported, silent, called="9/bc-stc")["offers"]
    before = reported.journal.last
    done = settling.settle(reported, silent, offers=offers[:4], answer="proposed", who="An")
    assert (done["settled"], done["left"], reported.journal.last) == (["a0", "b0", "c0", "a1"], [], before + 1)
    assert states(reported) == dict.fromkeys(["a0", "b0", "c0", "a1"], "done")
    told = "SELECT state_source, state_letter_id, state_because, state_by FROM states WHERE task_id = 'b0'"
    assert reported.store.rows(told) == [("09/BC-STC", "C", "reported_done", "An")]
    # the row left out is still offered, and what urged the last task; once these are refused, nothing is
    left = proposals.of_letter(reported, silent, called="c.pdf")["offers"]
    assert sorted(offer["task_id"] for offer in left) == ["b1", "c1"]
    settling.settle(reported, silent, offers=left, answer="refused", who="An")
    with pytest.raises(WrongUse) as refused:
        proposals.of_letter(reported, silent, called="9 /BC-STC")
    assert refused.value.code == "nothing_proposed_by"


def test_what_was_settled_at_once_is_taken_back_at_once(reported: Register) -> None:
    offers = [offer for letter in proposals.offered(reported.home.published, 8) for offer in letter]
    settling.settle(reported, silent, offers=offers, answer="proposed", who="An")
    done = ["a0", "a1", "b0", "b1", "c0", "c1"]
    assert states(reported) == {**dict.fromkeys(done, "done"), "a2": "2026-04-30"}
    told = "SELECT state_source, state_letter_id, state_because FROM states WHERE task_id = 'b1'"
    assert reported.store.rows(told) == [("09/BC-STC", "C", "same_task_done")]
    # nothing more comes of it
    assert by_letter(reported) == []
    last = undoing.last(reported, "An")
    assert last is not None and last["task_ids"] == ["a0", "a1", "a2", "b0", "b1", "c0", "c1"]
    assert undoing.reach(reported, [last["seq"], last["seq"] + 1]) == {last["seq"]: 7}
    undoing.undo(reported, last["seq"], "An")
    assert states(reported) == {}
    assert undoing.last(reported, "An") is None
    reported.rebuild()
    assert states(reported) == {}


def test_what_is_no_longer_as_it_was_shown_is_left_out(reported: Register) -> None:
    """Somebody has said otherwise of one task, and another letter sets a later day for another."""
    offers = [offer for letter in proposals.offered(reported.home.published, 8) for offer in letter]
    tracking.set_state(reported, silent, task_id="a1", state="cancelled", who="Bình")
    reported.record(*received("e"))  # type: ignore[arg-type]
    later = extracted("e", task("e2", "Việc 2", deadline=ends("2026-10-31")), letter="E", links=[pair("e2", "a2")])
    reported.record("extracted", {**later, **head("95", "TB-UBND", "2026-07-01", "UBND tỉnh")})
    done = settling.settle(reported, silent, offers=offers, answer="proposed", who="An")
    # what urged the task stays, too, and what reported it: a person has cancelled it since
    assert (sorted(done["settled"]), sorted(done["left"])) == (["a0", "b0", "c0"], ["a1", "a2", "b1", "c1"])
    with pytest.raises(WrongUse) as refused:
        settling.settle(reported, silent, offers=offers, answer="proposed", who="An")
    assert refused.value.code == "settled_already"


def test_one_task_is_decided_on_once_though_several_letters_say_so(reported: Register) -> None:
    """Under the last of them, or the one that is asked for."""
    reported.record(*received("e"))  # type: ignore[arg-type]
    again = extracted("e", task("e0", "Việc 0", reported="done_in_time"), letter="E", links=[pair("e0", "a0")])
    reported.record("extracted", {**again, **head("20", "BC-STC", "2026-07-01", "Sở Tài chính")})
    whole = ["a0", "b0", "c0", "e0"]
    assert by_letter(reported)[0] == ("20/BC-STC", whole)
    assert [task_id for name, ids in by_letter(reported)[1:] for task_id in ids if task_id in whole] == []
    assert by_letter(reported, letter="C") == [("09/BC-STC", [*whole[:3], "e0", "a1", "c1", "b1"])]
    offers = proposals.of_letter(reported, silent, called="20/BC-STC")["offers"]
    settling.settle(reported, silent, offers=offers, answer="proposed", who="An")
    assert by_letter(reported, letter="C") == [("09/BC-STC", ["a1", "c1", "b1"])]


def test_what_is_refused_brings_nothing_with_it(reported: Register) -> None:
    """Nothing is recorded of a mention that would only have followed, and it is not offered any more."""
    offers = proposals.of_letter(reported, silent, called="09/BC-STC")["offers"]
    done = settling.settle(reported, silent, offers=offers, answer="refused", who="An")
    assert (done["settled"], done["left"]) == (["a0", "b0", "c0", "a1", "c1"], [])
    assert by_letter(reported) == [("90/TB-UBND", ["a2"])]


@pytest.mark.parametrize(
    ("text_of_b1", "more", "following"),
    [
        ("Làm gấp việc 1", {}, ["b1"]),
        # what urged it wants more than what is done
        ("Làm việc 1; lập danh sách hộ nghèo; rà soát quỹ đất", {}, []),
        # a later letter says that it is not done
        ("Làm gấp việc 1", {"reported": "not_done_late"}, []),
    ],
)
def test_what_follows_is_what_would_be_offered_next(
    reported: Register, text_of_b1: str, more: dict[str, str], following: list[str]
) -> None:
    reported.record(*received("e"))  # type: ignore[arg-type]
    urged = task("b1", text_of_b1, deadline=ends("2026-04-30"))
    links = [pair("b1", "a1")]
    found = extracted("b", task("b0", "Làm gấp việc 0"), urged, letter="B", links=links)
    reported.record("extracted", {**found, **head("80", "UBND-TH", "2026-03-01", "UBND tỉnh")})
    if more:
        later = extracted("e", task("e1", "Việc 1", **more), letter="E", links=[pair("e1", "b1")])
        reported.record("extracted", {**later, **head("30", "BC-STC", "2026-08-01", "Sở Tài chính")})
    offers = [offer for letter in proposals.said_by(reported, "C") for offer in letter]
    assert [offer["task_id"] for offer in offers if offer.get("follows")] == following
    offers = [offer for offer in offers if offer["task_id"] in ("a1", "c1", "b1")]
    settling.settle(reported, silent, offers=offers, answer="proposed", who="An")
    assert "b1" not in [offer["task_id"] for letter in proposals.around(reported, "B", 9) for offer in letter]


def test_a_letter_has_what_it_says_and_what_is_said_of_it(reported: Register) -> None:
    """The plan is spoken of by the report and by the notice; the report tells of its own rows itself."""
    around = {
        letter_id: [
            (rows[0]["by_letter"], [row["task_id"] for row in rows])
            for rows in proposals.around(reported, letter_id, 9)
        ]
        for letter_id in "ABCD"
    }
    report = ["a0", "b0", "c0", "a1", "c1", "b1"]
    assert around["A"] == [("90/TB-UBND", ["a2"]), ("09/BC-STC", report)]
    assert around["B"] == [("09/BC-STC", report[:3])]
    assert around["C"] == [("09/BC-STC", report)]
    assert around["D"] == [("90/TB-UBND", ["a2"])]


def test_the_mentions_of_a_task_are_settled_with_it(reported: Register) -> None:
    """As they stand in one group; what is said of other tasks stands apart."""
    found = proposals.of_mentions(reported, "b0")
    assert [(offer["task_id"], offer.get("letter")) for offer in found] == [
        ("b0", None),
        ("a0", "12/KH-UBND"),
        ("c0", "09/BC-STC"),
    ]
    assert proposals.of_mentions(reported, "d2") == []


def test_what_was_said_of_a_mention_is_offered_with_what_it_is_known_from(reported: Register) -> None:
    """The report, where the state of that mention is from it; else the person who said it."""
    said = """SELECT task_id, by_letter, by_letter_id, by_date::VARCHAR FROM proposed_states
        WHERE because = 'same_task_done' ORDER BY ALL"""
    tracking.set_state(reported, silent, task_id="a1", state="proposed", who="An")
    tracking.set_state(reported, silent, task_id="d2", state="done", done_on="2026-06-20", who="Bình")
    told = reported.store.rows(said)
    assert ("b1", "09/BC-STC", "C", "2026-05-02") in told
    assert ("a2", "Bình", None, "2026-06-20") in told


def test_several_links_are_judged_in_one_event(reported: Register) -> None:
    pairs = [
        {"task_id": "b0", "other_id": "a0", "verdict": "refused"},
        {"task_id": "c1", "other_id": "a1", "verdict": "confirmed"},
    ]

    def levels() -> dict[str, str]:
        found = "SELECT earlier_id || later_id, level FROM links WHERE later_id IN ('b0', 'c1')"
        return dict(reported.store.rows(found))

    before = levels()
    done = tracking.judge_links(reported, silent, pairs=pairs, who="An")
    assert levels() == {"a1c1": "confirmed"}
    last = undoing.last(reported, "An")
    assert last is not None and (last["seq"], last["task_ids"]) == (done["seq"], ["b0", "c1"])
    undoing.undo(reported, last["seq"], "An")
    assert levels() == before
    with pytest.raises(WrongUse):
        tracking.judge_links(reported, silent, pairs=[{**pairs[0], "other_id": "gone"}], who="An")


def test_likely_links_of_a_letter_are_judged_as_they_were_shown(reported: Register) -> None:
    """What somebody judged meanwhile is left out; all that was judged is taken back as one."""
    shown = mentions.waiting(reported, "b")
    assert [(link.pair, link.letter) for link in shown] == [
        (("b0", "a0"), "12/KH-UBND"),
        (("b1", "a1"), "12/KH-UBND"),
        (("b0", "c0"), "09/BC-STC"),
    ]
    assert [link.pair for link in mentions.waiting(reported, "a")] == [
        *(("a0", "b0"), ("a1", "b1")),
        *(("a0", "c0"), ("a1", "c1")),
        ("a2", "d2"),
    ]
    mentions.judge(reported, "a1", "b1", "refused", "Bình")
    done = mentions.judge_several(reported, shown[:2], "confirmed", "An")
    assert (done["settled"], done["left"]) == ([("b0", "a0")], [("b1", "a1")])
    assert [link.pair for link in mentions.waiting(reported, "b")] == [("b0", "c0")]
    with pytest.raises(WrongUse) as refused:
        mentions.judge_several(reported, shown[:2], "refused", "An")
    assert refused.value.code == "settled_already"
    undoing.undo(reported, done["seq"], "An")
    assert [link.pair for link in mentions.waiting(reported, "b")] == [("b0", "a0"), ("b0", "c0")]


@pytest.mark.parametrize(
    ("reasons", "is_plain"),
    [
        (["like_wording", "same_leads", "letter_cites_it", "moved_deadline"], True),
        (["like_wording", "same_leads", "rest_of_it"], True),
        # perhaps another task
        (["part_of_wording", "same_leads", "far_deadline"], False),
        (["like_wording", "other_leads"], False),
        # perhaps a part: confirmed, what is done of it is done of the whole
        (["like_wording", "one_of_the_leads"], False),
        (["like_wording", "same_leads", "smaller_numbers"], False),
    ],
)
def test_what_is_to_be_looked_at_is_not_confirmed_along_with_others(
    reported: Register, reasons: list[str], is_plain: bool
) -> None:
    found = "UPDATE task_links SET reasons = ? WHERE task_id = 'b0' AND other_id = 'a0'"
    reported.store.execute(found, [reasons])
    [link] = [link for link in mentions.waiting(reported, "b") if link.pair == ("b0", "a0")]
    assert link.is_plain == is_plain


@pytest.mark.parametrize(
    ("reasons", "confidence", "is_plain"),
    [
        (["like_wording", "same_leads", "moved_deadline"], 0.96, True),
        # less sure
        (["like_wording", "same_leads", "moved_deadline"], 0.8, False),
        # another river, another count; a day later by months
        (["like_wording", "same_leads", "other_names"], 0.99, False),
        (["like_wording", "same_leads", "later_deadline"], 0.97, False),
        # a person confirmed the link, or the letter says so without telling the task again
        (None, 0.8, True),
        (None, None, True),
    ],
)
def test_what_may_mean_another_task_is_not_taken_along(
    reasons: list[str] | None, confidence: float | None, is_plain: bool
) -> None:
    assert proposals.is_plain({"link_reasons": reasons, "link_confidence": confidence}) is is_plain


def test_a_letter_is_settled_by_the_command(tmp_path: Path, reported: Register) -> None:
    """Listed and asked first; a row left out by its number; a letter of that number is to be there."""
    home = tmp_path / "home"
    reported.close()

    def giaoviec(*words: str, says: str | None = None) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["--home", str(home), *words], input=says)
        return result.exit_code, " ".join(result.output.split())

    code, said = giaoviec("state", "09/BC-STC", "proposed", says="k\n")
    assert code == 0 and "Sở Tài chính" in said and "Không ghi gì" in said
    code, said = giaoviec("state", "09/BC-STC", "đề nghị", "--except", "4,51", "--yes")
    assert code == 2 and "không có dòng 51" in said  # a slip of the hand, and nothing is recorded
    code, said = giaoviec("state", "09/BC-STC", "đề nghị", "--except", "4,5", says="c\n")
    assert code == 0 and "cho 3 nhiệm vụ" in said
    assert "cho 1 nhiệm vụ" in giaoviec("state", "90/TB-UBND", "refused", "--yes")[1]
    # what urged it, too, is known to be done then
    assert "cho 3 nhiệm vụ" in giaoviec("state", "09/BC-STC", "proposed", "--yes")[1]
    for words, answer in (
        (("09/BC-STC", "proposed"), "chờ xác nhận"),
        (("10/BC-STC", "proposed"), "Không có văn bản nào"),
        (("09/BC-STC", "proposed", "--note", "x"), "từng nhiệm vụ"),
        (("09/BC-STC", "proposed", "--except", "x"), "số thứ tự"),
    ):
        code, said = giaoviec("state", *words)
        assert code == 2 and answer in said


def test_every_row_shows_the_letter_that_assigned_it_first(reported: Register, tmp_path: Path) -> None:
    """Neither what urged it nor the report, in Excel, report and list; else its own, a report as telling it."""
    alone = extracted("e", task("e0", "Việc khác", reported="not_done_late"), letter="E")
    urged = extracted("f", task("f0", "Việc chưa ai thấy giao"), letter="F")
    for document in "ef":
        reported.record(*received(document))  # type: ignore[arg-type]
    reported.record("extracted", {**urged, **head("95", "UBND-TH", "2026-06-01", "UBND tỉnh")})
    reported.record("extracted", {**alone, **head("10", "BC-STC", "2026-06-01", "Sở Tài chính")})
    file = tmp_path / "a.xlsx"
    export.save(reported.store, "xlsx", file, export.Choice())
    sheet = openpyxl.load_workbook(file).worksheets[0]
    rows = list(sheet.iter_rows(min_row=workbooks.HEADER_ROW, values_only=True))
    source, task_id = rows[0].index("Văn bản giao"), len(rows[0]) - 1
    shown = {row[task_id]: row[source] for row in rows[1:]}
    assert {shown[task_id] for task_id in ("a0", "b0", "b1", "c0", "c1", "d2")} == {"12/KH-UBND (05/01/2026)"}
    assert (shown["e0"], shown["f0"]) == ("Nêu tại 10/BC-STC (01/06/2026)", "95/UBND-TH (01/06/2026)")
    publish(reported)
    found, _ = rows_of(reported.home.published, Choice(), today())
    given = {assigning.assigning_letter(row, text) for row in found}
    assert "Nêu tại 10/BC-STC (01/06/2026)" in given and "09/BC-STC (02/05/2026)" not in given
    listed = figures(reported.home.published, Choice(), today())["tasks"]
    assert {row["assigned_in"] for row in listed} <= {None, "12/KH-UBND"}


def test_progress_that_a_later_letter_reports_is_shown(reported: Register, tmp_path: Path) -> None:
    """Of the latest letter, with its number, till a person says more; it goes nowhere by itself."""
    reports = (("e", "Xong 50 đơn", "10", "2026-06-01"), ("f", "Xong 55 đơn", "11", "2026-07-01"))
    for document, progress, number, day in reports:
        found = extracted(
            document,
            task(f"{document}2", "Việc 2", reported="not_done_late", progress=progress),
            letter=document.upper(),
            links=[pair(f"{document}2", "a2")],
        )
        reported.record(*received(document))  # type: ignore[arg-type]
        reported.record("extracted", {**found, **head(number, "BC-STC", day, "Sở Tài chính")})

    def shown(**choice: Any) -> dict[str, str]:
        rows = export.rows(reported.store, export.Choice(**choice))
        return {row["task_id"]: row["progress_shown"] for row in rows if row["task_id"] in ("a2", "e2", "f2")}

    told = "Xong 55 đơn (11/BC-STC)"
    assert shown() == {"a2": told, "e2": told, "f2": "Xong 55 đơn"}
    # as it stood before the second report
    assert shown(as_of=datetime.date(2026, 6, 15)) == {"a2": "Xong 50 đơn (10/BC-STC)", "e2": "Xong 50 đơn"}
    publish(reported)
    found, _ = rows_of(reported.home.published, Choice(), today())
    assert told in {row["progress"] for row in found}
    file = tmp_path / "a.xlsx"
    export.save(reported.store, "xlsx", file, export.Choice())
    assert workbook_import.changes(reported, file) == []
    assert [row["progress"] for row in export.rows(reported.store, export.Choice()) if row["task_id"] == "a2"] == [
        None
    ]
    # a letter that came meanwhile is no word of a person's
    edited(file, ("a2", "Tiến độ", "Xong 60 đơn"))
    reported.store.execute("UPDATE tasks SET reported_progress = 'Xong 57 đơn' WHERE task_id = 'f2'")
    assert [(c.after, c.conflict) for c in workbook_import.changes(reported, file)] == [("Xong 60 đơn", None)]
    tracking.set_state(reported, silent, task_id="a2", who="Bình", progress="Xong 58 đơn")
    assert shown()["a2"] == "Xong 58 đơn"
    assert [c.conflict for c in workbook_import.changes(reported, file)] == ["changed_here"]
