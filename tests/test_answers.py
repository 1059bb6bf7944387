"""What the register answers an office: whose a task is, what is late, what letters cite, where words stand."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors import agencies
from pipeline import correcting, review_items, reviewing, work
from pipeline.journal import Event, Journal
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.settings import OwnBodySetting, Settings
from pipeline.store import Store, dump
from tests.test_docs import QUESTIONS
from tests.test_store import extracted, task
from tests.test_tracking import journal_of, pair, received

LETTER = """ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA
Số: 41/UBND-KGVX
Khánh Hòa, ngày 2 tháng 3 năm 2026

Kính gửi: Các sở, ban, ngành tỉnh

1. Sở Y tế kiểm đếm toàn bộ tủ thuốc lưu động, hoàn thành trước ngày 30/4/2026.

2. Sở Xây dựng chủ trì, phối hợp với Sở Y tế lập sổ theo dõi hồ sơ hoàn công trước ngày 30/5/2026.

3. Sở Nội vụ niêm yết lịch tiếp công dân quý III trước ngày 30/6/2026.
"""


@pytest.fixture
def settings() -> Settings:
    """The health department of Khánh Hòa, which reads in this process."""
    ours = [OwnBodySetting(name="Sở Y tế", scope="Khánh Hòa")]
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0, own_bodies=ours)


@pytest.fixture
def base(tmp_path: Path) -> Store:
    return Store(tmp_path / "a.duckdb", tmp_path, own_provinces=["Tỉnh Khánh Hòa"])


def question(number: int) -> str:
    """The query that answers a question of the cookbook."""
    return QUESTIONS[number - 1][1]


def body(name: str, scope: str | None = None, kind: str = "local") -> dict[str, Any]:
    return {"name": name, "kind": kind, "scope": scope}


MONTHLY = [f"{month:02}-25" for month in range(1, 13)]


# --- Bodies of two provinces are two

BODIES = ("Sở Tài chính", "Công an")


def of_provinces(tmp_path: Path) -> Journal:
    """Letters of three provinces and of the government, one province ours, and what people said of leads."""
    lam_dong = extracted(
        "d1",
        task("a", "Việc một", leads=[body("Sở Tài chính", "Tỉnh Lâm Đồng")]),
        task("b", "Việc hai", leads=[body("Báo Lâm Đồng", "Tỉnh Lâm Đồng"), body("Các sở", "Tỉnh Lâm Đồng")]),
        task("c", "Việc ba", leads=[body("Bộ Y tế", "trung ương", "ministry")]),
        letter="L1",
    )
    hue = extracted("d2", task("d", "Việc bốn", leads=[body("Sở Tài chính", "Thành phố Huế")]), letter="L2")
    ours = extracted("d3", task("e", "Việc năm", leads=[body("Sở Tài chính", "Tỉnh Khánh Hòa")]), letter="L3")
    central = extracted(
        "d4",
        task("f", "Việc sáu", leads=[body("Tỉnh Lâm Đồng", "Tỉnh Lâm Đồng", "province")]),
        task("g", "Việc bảy", leads=[body("Sở Tài chính")]),
        task("h", "Việc tám", leads=[body(f"{name} tỉnh Lâm Đồng", "Tỉnh Lâm Đồng") for name in BODIES]),
        task("i", "Việc chín", leads=[body(name, "Tỉnh Lâm Đồng") for name in ("Sở Tài chính", "Công an tỉnh")]),
        task("j", "Việc mười", leads=[body(f"{name} tỉnh Khánh Hòa", "Tỉnh Khánh Hòa") for name in BODIES]),
        letter="L4",
    )

    def leads(task_id: str, *names: str) -> tuple[str, dict[str, Any]]:
        return "corrected", {"task_id": task_id, "field": "lead", "seen": [], "value": list(names), "who": "An"}

    letters = ((f"d{n}", x) for n, x in enumerate((lam_dong, hue, ours, central), 1))
    events = [event for name, x in letters for event in (received(name), ("extracted", x))]
    return journal_of(
        tmp_path, *events, leads("c", "Sở Y tế", "Bộ Y tế"), leads("d", "Sở Tài chính", "Bộ Tài chính")
    )


def test_bodies_of_two_provinces_are_told_apart(tmp_path: Path, base: Store) -> None:
    base.catch_up(of_provinces(tmp_path))
    assert dict(base.rows("SELECT task_id, lead_bodies FROM current_tasks ORDER BY task_id")) == {
        "a": ["Sở Tài chính tỉnh Lâm Đồng"],
        "b": ["Báo Lâm Đồng", "Các sở (tỉnh Lâm Đồng)"],  # the first one's name says so
        "c": ["Sở Y tế tỉnh Lâm Đồng", "Bộ Y tế"],  # as a person wrote it, in a letter of Lâm Đồng
        "d": ["Sở Tài chính thành phố Huế", "Bộ Tài chính"],  # the first as the machine read it
        "e": ["Sở Tài chính"],  # of our own province
        "f": ["Tỉnh Lâm Đồng"],  # a province is not its own
        "g": ["Sở Tài chính"],  # of whichever
        "h": ["Sở Tài chính tỉnh Lâm Đồng", "Công an tỉnh Lâm Đồng"],  # written out, and
        "i": ["Sở Tài chính tỉnh Lâm Đồng", "Công an tỉnh Lâm Đồng"],  # not: the same ones
        "j": ["Sở Tài chính", "Công an tỉnh"],  # our own, written out
    }
    load = dict(base.rows("SELECT agency, tasks FROM agency_load WHERE agency LIKE 'Sở Tài chính%'"))
    assert load == {
        "Sở Tài chính": 3,
        "Sở Tài chính tỉnh Lâm Đồng": 3,
        "Sở Tài chính thành phố Huế": 1,
    }


def test_bodies_told_apart_are_the_same_event_by_event(tmp_path: Path, base: Store) -> None:
    journal = of_provinces(tmp_path)
    base.catch_up(journal)
    single = Store(tmp_path / "b.duckdb", tmp_path, own_provinces=["Tỉnh Khánh Hòa"])
    for segment in journal.segments():
        for line in segment.open("rb"):
            single.load([line])
    assert dump(single.rows) == dump(base.rows)


@pytest.mark.parametrize(
    ("organ", "parent", "names", "told_apart"),
    [
        ("BỘ Y TẾ", None, ["Văn phòng Bộ", "Vụ Pháp chế"], ["Văn phòng Bộ (Bộ Y tế)", "Vụ Pháp chế (Bộ Y tế)"]),
        ("CỤC QUẢN LÝ DƯỢC", "BỘ Y TẾ", ["Thanh tra Bộ"], ["Thanh tra Bộ (Bộ Y tế)"]),  # a unit's letter
        ("BỘ Y TẾ", None, ["Vụ Pháp chế Bộ Công an", "Bộ Công an"], ["Vụ Pháp chế Bộ Công an", "Bộ Công an"]),
        ("BỘ XÂY DỰNG", None, ["Văn phòng Bộ"], ["Văn phòng Bộ"]),  # our own
        ("SỞ XÂY DỰNG", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", ["Văn phòng Sở"], ["Văn phòng Sở"]),  # no central body
    ],
)
def test_units_of_two_ministries_are_told_apart(
    tmp_path: Path, organ: str, parent: str | None, names: list[str], told_apart: list[str]
) -> None:
    """As they are read, and as a person writes them."""
    store = Store(tmp_path / "a.duckdb", tmp_path, agencies.known(), own_bodies=["Bộ Xây dựng"])
    found = extracted("d", task("a", "Một", leads=[body(name, kind="unit") for name in names]), task("b", "Hai"))
    found["letterhead"] |= {"organ_name": organ, "organ_parent": parent}
    said = {"task_id": "b", "field": "lead", "seen": [], "value": names, "who": "An"}
    store.catch_up(journal_of(tmp_path, received("d"), ("extracted", found), ("corrected", said)))
    assert store.rows("SELECT lead_bodies FROM current_tasks") == [(told_apart,), (told_apart,)]


@pytest.mark.parametrize(
    ("organ", "place", "name", "told_apart"),
    [
        ("BỘ Y TẾ", "Hà Nội", "Các đơn vị liên quan", "Các đơn vị liên quan (Bộ Y tế)"),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh", "Các đơn vị liên quan", "Các đơn vị liên quan (Bắc Ninh)"),
        ("ỦY BAN NHÂN DÂN XÃ NÀ KHOANG", "Nà Khoang", "Các xóm", "Các xóm (Nà Khoang)"),
        (
            "ỦY BAN NHÂN DÂN XÃ NÀ KHOANG",
            "Nà Khoang",
            "Văn phòng Ủy ban nhân dân xã",
            "Văn phòng Ủy ban nhân dân xã (Nà Khoang)",
        ),
        # the same ones wherever they are named
        ("BỘ Y TẾ", "Hà Nội", "Các xã, phường", "Các xã, phường"),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh", "Các bộ, ngành", "Các bộ, ngành"),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh", "Các địa phương", "Các địa phương"),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh", "Bộ Y tế", "Bộ Y tế"),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh", "Các bệnh viện tại Bắc Ninh", "Các bệnh viện tại Bắc Ninh"),
        # ours, by its province or its name; a central office that is no ministry; no place
        ("SỞ Y TẾ", "Khánh Hòa", "Các đơn vị liên quan", "Các đơn vị liên quan"),
        ("BỘ XÂY DỰNG", "Hà Nội", "Các đơn vị liên quan", "Các đơn vị liên quan"),
        ("TOÀ ÁN NHÂN DÂN TỐI CAO", "Hà Nội", "Các đơn vị liên quan", "Các đơn vị liên quan"),
        ("ỦY BAN NHÂN DÂN XÃ NÀ KHOANG", None, "Các xóm", "Các xóm"),
    ],
)
def test_collectives_of_two_offices_are_told_apart(
    tmp_path: Path, organ: str, place: str | None, name: str, told_apart: str
) -> None:
    store = Store(tmp_path / "a.duckdb", tmp_path, agencies.known(), ["Tỉnh Khánh Hòa"], ["Bộ Xây dựng"])
    found = extracted("d", task("a", "Một", leads=[body(name, kind="collective")]))
    found["letterhead"] |= {"organ_name": organ, "place": place}
    store.catch_up(journal_of(tmp_path, received("d"), ("extracted", found)))
    assert store.rows("SELECT lead_bodies FROM current_tasks") == [([told_apart],)]


def test_a_database_of_another_province_is_made_again(tmp_path: Path, base: Store) -> None:
    base.close()
    assert Store(tmp_path / "a.duckdb", tmp_path, own_provinces=["Tỉnh Khánh Hòa"]).is_current
    assert not Store(tmp_path / "a.duckdb", tmp_path, own_provinces=["Tỉnh Lâm Đồng"]).is_current


# --- What we do in a task


def test_a_role_follows_the_bodies_that_people_set(register: Register, tmp_path: Path) -> None:
    """Set on the review page or by `giaoviec correct`, and taken back with it."""
    file = tmp_path / "giao.txt"
    file.write_text(LETTER, "utf-8")
    work.ingest(register, [file])
    sql = "SELECT concerns_us, our_role FROM current_tasks ORDER BY ordinal"
    assert register.store.rows(sql) == [("named", "leads"), ("named", "cooperates"), ("no", None)]
    ids = [i for (i,) in register.store.rows("SELECT task_id FROM current_tasks ORDER BY ordinal")]
    correcting.correct(register, silent, task_id=ids[2], field="lead", value="Các sở, ngành", who="An")
    correcting.correct(register, silent, task_id=ids[1], field="lead", value="Sở Y tế", who="An")
    correcting.correct(register, silent, task_id=ids[0], field="lead", value="Sở Y tế tỉnh Sơn La", who="An")
    assert register.store.rows(sql) == [("no", None), ("named", "leads"), ("collective", "among_all")]
    now = review_items.item(register, ids[0])
    reviewing.decide(register, now, "correct", "An", {"lead": ["Sở Nội vụ"], "coop": ["Sở Y tế"]})
    assert register.store.rows(sql)[0] == ("named", "cooperates")


def test_what_was_read_before_roles_were_told_is_not_left_out(tmp_path: Path, base: Store) -> None:
    old = extracted("d1", task("a", "Một", concerns_us="named"), task("b", "Hai"), letter="L1")
    base.catch_up(journal_of(tmp_path, received("d1"), ("extracted", old)))
    assert base.rows("SELECT task_id, our_role FROM current_tasks ORDER BY 1") == [("a", "unknown"), ("b", None)]


# --- How it stood on a day


def test_what_has_no_deadline_is_not_in_time(tmp_path: Path, base: Store) -> None:
    """Nor late: of letters and of ours it is told apart from what is due."""
    monthly = {"kind": "recurring", "text": "hằng tháng", "due_date": "2026-04-25", "recurs": MONTHLY}
    journal = journal_of(
        tmp_path,
        received("d1"),
        (
            "extracted",
            extracted(
                "d1",
                task("none", "Việc một", leads=[body("Bộ Y tế")]),
                task("words", "Việc hai", deadline={"kind": "relative", "text": "sau khi có hướng dẫn"}),
                task("ever", "Việc ba", deadline={"kind": "recurring", "text": "thường xuyên"}),
                task("monthly", "Việc bốn", leads=[body("Bộ Y tế")], deadline=monthly, concerns_us="collective"),
                task("done", "Việc năm"),
            ),
        ),
        ("task_state_set", {"task_id": "done", "state": "done", "done_on": "2026-03-20", "who": "An"}),
    )
    base.catch_up(journal)
    assert dict(base.rows("SELECT task_id, standing FROM standings('2026-04-01')")) == {
        "none": "not_done_undated",
        "words": "not_done_uncounted",  # has one, whose day is not known
        "ever": "not_done_undated",
        "monthly": "not_done_in_time",
        "done": "done_in_time",
    }
    load = base.rows("SELECT tasks, dated, concerns_us FROM agency_load WHERE agency = 'Bộ Y tế'")
    assert load == [(2, 1, "collective")]


def test_a_letter_without_a_date_is_known_since_it_came(tmp_path: Path, base: Store) -> None:
    due = {"kind": "date", "date": "2020-01-05", "due_date": "2020-01-05"}
    undated = extracted("d1", task("a", "Một", deadline=due), task("b", "Hai"), letter="L1")
    undated["letterhead"]["issued_date"] = None
    base.catch_up(journal_of(tmp_path, received("d1"), ("extracted", undated)))
    came = base.value("SELECT known_since FROM current_tasks WHERE task_id = 'a'")
    assert came == base.value("SELECT (received_at + INTERVAL 7 HOUR)::DATE FROM documents")
    for view in ("standings", "overdue", "tasks_on"):
        assert base.rows(f"SELECT * FROM {view}(DATE '2020-01-10')") == []
        assert base.value(f"SELECT count(*) FROM {view}(?) WHERE task_id = 'a'", [came]) == 1
    assert base.rows("SELECT * FROM due_soon(DATE '2020-01-01', 14)") == []


# --- Deadlines set anew


def on(day: str) -> dict[str, Any]:
    return {"kind": "date", "date": day, "due_date": day}


def letters_of_one_task(tmp_path: Path) -> Journal:
    """Assigned, moved by a letter, told in two reports, one by its type and one by its table, and moved again.

    Each letter refers to those before it.
    """

    def letter(name: str, issued: str, due: str, *links: str, **more: Any) -> Any:
        head = {"doc_type": more.pop("doc_type", "Công văn"), "issued_date": issued, "code_number": name}
        found = extracted(name, task(f"{name}1", "Kiểm tra doanh nghiệp", deadline=on(due), **more), letter=name)
        found["letterhead"] |= head
        return "extracted", {
            **found,
            "links": [pair(f"{name}1", f"{other}1", "letter_cites_it") for other in links],
        }

    return journal_of(
        tmp_path,
        *(received(name) for name in "abcdefg"),
        letter("a", "2026-01-05", "2026-03-31"),
        letter("b", "2026-03-20", "2026-05-31", "a"),
        letter("c", "2026-04-01", "2026-03-31", "a", doc_type="Báo cáo"),
        letter("d", "2026-05-20", "2026-05-31", "a", "b", "c", reported="not_done_in_time"),
        letter("e", "2026-06-02", "2026-08-15", "a", "b", "c", "d"),
        letter("f", "2026-06-09", "2026-08-15", "a", "e"),
        letter("g", "2026-07-01", "2026-12-31", "a", "e", "f", modality="proposed"),
    )


def test_a_move_of_a_day_is_one_row_by_the_letter_that_moved_it(tmp_path: Path, base: Store) -> None:
    base.catch_up(letters_of_one_task(tmp_path))
    sql = "SELECT changed_by, task_id, by_letter, date_before::VARCHAR, date_after::VARCHAR FROM deadline_changes"
    assert base.rows(sql) == [
        ("letter", "a1", "b/SYT-NVY", "2026-03-31", "2026-05-31"),
        ("letter", "b1", "e/SYT-NVY", "2026-05-31", "2026-08-15"),
    ]


def test_of_several_tasks_the_one_that_concerns_us_most_tells(tmp_path: Path, base: Store) -> None:
    """By what people set, in every view that speaks of more than one task; a rejected task tells nothing."""
    journal = letters_of_one_task(tmp_path)
    said = {"task_id": "b1", "field": "concerns_us", "seen": "no", "value": "collective", "who": "An"}
    journal.append("corrected", said)
    journal.append("corrected", {**said, "task_id": "f1", "value": "named"})
    journal.append("corrected", {**said, "task_id": "f1", "field": "review", "value": "rejected"})
    journal.append("task_state_set", {"task_id": "b1", "state": "done", "source": "", "who": "An"})
    base.catch_up(journal)

    def of(source: str) -> dict[str, str]:
        return dict(base.rows(f"SELECT {source}"))

    pairs = of("earlier_id || later_id, concerns_us FROM links")
    assert [pairs[pair] for pair in ("a1b1", "b1d1", "a1d1", "a1f1")] == [
        "collective",
        "collective",
        "no",
        "named",
    ]
    assert of("a || b, concerns_us FROM linked_pairs") == pairs
    assert of("task_id || other_id, concerns_us FROM same_task")["d1b1"] == "collective"
    assert of("earlier_id || later_id, concerns_us FROM later_mentions")["a1b1"] == "collective"
    assert of("task_id, concerns_us FROM states") == {"b1": "collective"}
    assert of("task_id, concerns_us FROM proposed_states WHERE proposed = 'done'")["a1"] == "collective"
    assert of("task_id, concerns_us FROM standing_corrections WHERE field = 'concerns_us'") == {
        "b1": "collective",
        "f1": "named",
    }
    documents = of("document_sha256, concerns_us FROM data_quality")
    assert (documents["a"], documents["b"], documents["f"]) == ("no", "collective", "no")


def test_a_report_may_be_all_that_tells_of_a_new_day(tmp_path: Path, base: Store) -> None:
    journal = letters_of_one_task(tmp_path)
    judged = {"task_id": "b1", "verdict": "refused", "who": "An"}
    for other in "ade":
        journal.append("task_link_judged", {**judged, "other_id": f"{other}1"})
    base.catch_up(journal)
    sql = "SELECT changed_by, task_id, by_letter, date_after::VARCHAR FROM deadline_changes"
    assert base.rows(sql) == [
        ("report", "a1", "d/SYT-NVY", "2026-05-31"),
        ("letter", "d1", "e/SYT-NVY", "2026-08-15"),
    ]


def test_a_task_assigned_several_times_is_one_row_with_its_days(tmp_path: Path, base: Store) -> None:
    """Neither reports assign it, nor proposals."""
    base.catch_up(letters_of_one_task(tmp_path))
    [(text, days, letters)] = base.rows(question(4))
    assert text == "Kiểm tra doanh nghiệp"
    assert [day.isoformat() for day in days] == ["2026-03-31", "2026-05-31", "2026-08-15", "2026-08-15"]
    assert letters == [f"{name}/SYT-NVY" for name in "abef"]


@pytest.mark.parametrize(
    ("first", "later", "reasons", "is_move"),
    [
        ({}, {}, ["letter_cites_it"], True),
        # nothing joins the letters but this link
        ({}, {}, [], False),
        # what is proposed was no deadline, nor is it one
        ({"modality": "proposed"}, {}, ["letter_cites_it"], False),
        ({}, {"modality": "proposed"}, ["letter_cites_it"], False),
        # the first turn of a monthly report
        ({}, {"deadline": {**on("2026-06-10"), "kind": "recurring"}}, ["letter_cites_it"], False),
        ({"deadline": {**on("2026-03-31"), "kind": "recurring"}}, {}, ["letter_cites_it"], False),
        # less of it than before, but for what is left of it
        ({}, {}, ["letter_cites_it", "smaller_numbers"], False),
        ({}, {}, ["letter_cites_it", "fewer_of_it"], False),
        ({}, {}, ["letter_cites_it", "fewer_of_it", "rest_of_it"], True),
        # an earlier day in a later letter is mostly another task's
        ({}, {"deadline": on("2026-03-01")}, ["letter_cites_it", "earlier_deadline"], False),
        ({}, {"deadline": on("2026-03-01")}, ["letter_cites_it", "earlier_deadline", "rest_of_it"], True),
        # only what else is told of the task is like it
        ({}, {}, ["letter_cites_it", "like_its_chain"], False),
        # a letter that came later, and is dated earlier, or on no day
        ({}, {"issued": "2026-01-05"}, ["letter_cites_it"], False),
        ({}, {"issued": None}, ["letter_cites_it"], False),
        # one that splits it
        ({}, {"second": on("2026-09-30")}, ["letter_cites_it"], False),
    ],
)
def test_what_moves_no_deadline(
    tmp_path: Path, base: Store, first: dict[str, Any], later: dict[str, Any], reasons: list[str], is_move: bool
) -> None:
    """Neither is it a task assigned twice with different days."""
    day, second = later.pop("issued", "2026-02-05"), later.pop("second", None)
    tasks = [task("b1", "Việc", **{"deadline": on("2026-06-30"), **later})]
    tasks += [task("b2", "Việc", deadline=second)] if second else []
    links = [pair(str(found["task_id"]), "a1", *reasons) for found in tasks]
    letters = {
        "a": extracted("a", task("a1", "Việc", **{"deadline": on("2026-03-31"), **first}), letter="A"),
        "b": extracted("b", *tasks, letter="B", links=links),
    }
    letters["a"]["letterhead"]["issued_date"], letters["b"]["letterhead"]["issued_date"] = "2026-01-05", day
    loaded(base, tmp_path, *letters.items())
    assert len(base.rows("SELECT * FROM deadline_changes")) == is_move
    if not second:  # which is given twice with two days, whatever they are of
        assert len(base.rows(question(4))) == is_move


def test_a_day_told_in_three_letters_is_moved_once(tmp_path: Path, base: Store) -> None:
    """Whichever of the earlier letters the later ones are linked with."""
    days = {"a": "2026-02-28", "b": "2026-03-31", "c": "2026-03-31", "d": "2026-07-31"}
    letters = []
    for month, (name, due) in enumerate(days.items(), 1):
        links = [
            pair(f"{name}1", f"{other}1", "letter_cites_it")
            for other in {"b": "a", "c": "ab", "d": "a"}.get(name, "")
        ]
        found = extracted(name, task(f"{name}1", "Việc", deadline=on(due)), letter=name.upper(), links=links)
        found["letterhead"]["issued_date"] = f"2026-{month:02}-05"
        letters.append((name, found))
    loaded(base, tmp_path, *letters)
    assert base.rows("SELECT later_task_id, date_before::VARCHAR, date_after::VARCHAR FROM deadline_changes") == [
        ("b1", "2026-02-28", "2026-03-31"),
        ("d1", "2026-03-31", "2026-07-31"),  # linked with the first alone
    ]


def test_a_weekly_meeting_is_one_task(tmp_path: Path, base: Store) -> None:
    """And as many days due as there are weeks."""
    today = base.value("SELECT vietnam_today()")
    weekly = {"kind": "recurring", "text": "hằng tuần", "due_date": today.isoformat(), "recurs": ["W1"]}
    event = extracted("d1", task("a", "Họp giao ban", leads=[body("Bộ Y tế")], deadline=weekly))
    base.catch_up(journal_of(tmp_path, received("d1"), ("extracted", event)))
    [(agency, tasks, days_due, _)] = base.rows(question(6))
    assert (agency, tasks) == ("Bộ Y tế", 1)
    assert 4 <= days_due <= 5


# --- Where words stand

SEARCHED = {
    "a": "Đẩy mạnh chuyển đổi số trong trường học",
    "b": "Hoàn thiện hồ sơ chuyển mục đích, đổi tên một số đơn vị",
    "c": "Rà soát thủy lợi nội đồng; Ủy ban nhân dân xã cùng hòa giải",
    "d": "Rà soát thuỷ lợi ven biển, Uỷ ban nhân dân tỉnh hoà mạng",
    "e": "Chuyên gia đối soát số liệu Covid-19",
    "f": "Số hóa, chuyển đổi (số) tài liệu quý",
}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("chuyển đổi số", ["a", "f", "b"]),  # as typed first, a comma or bracket between or not
        ("chuyen doi so", ["a", "f", "b", "e"]),
        ('"chuyển đổi số"', ["a", "f"]),  # a phrase
        ("“chuyen doi so”", ["a", "f"]),
        ('"chuyển đổi" hồ', []),
        ('hồ "mục đích"', ["b"]),
        ("đối số", ["e"]),  # with diacritics: these ones
        ("thuỷ lợi", ["c", "d"]),  # either way of writing them
        ("thủy lợi", ["c", "d"]),
        ("uỷ ban", ["c", "d"]),
        ("Ủy ban", ["c", "d"]),
        ("hoà", ["c", "d"]),  # whole words: not hoàn
        ("hòa", ["c", "d"]),
        ("hoa", ["c", "d", "f"]),
        ("hoan", ["b"]),
        ("quý", ["f"]),
        ("covid 19", ["e"]),
        ("covid", ["e"]),
        ("ovid", []),
        ('"', []),
        ("", []),
    ],
)
def test_whole_words_and_phrases_are_found(tmp_path: Path, base: Store, words: str, found: list[str]) -> None:
    tasks = (task(name, text) for name, text in SEARCHED.items())
    base.catch_up(journal_of(tmp_path, received("d1"), ("extracted", extracted("d1", *tasks))))
    assert [name for (name,) in base.rows("SELECT task_id FROM search_tasks(?)", [words])] == found
    assert len(base.rows("SELECT letter_id FROM search_letters(?)", [words])) == bool(found)


# --- What letters cite, and what came of them


def letter_of(number: str, notation: str, issued: str | None, *tasks: Any, cites: Any = ()) -> Any:
    """The extraction of a letter that cites others: (number, symbol, day) each."""
    name = f"{number}-{notation}-{issued}"
    found = extracted(name, *tasks, letter=name)
    found["letterhead"] |= {"code_number": number, "code_notation": notation, "issued_date": issued}
    keys = ("number", "notation", "issued_on")
    found["letterhead"]["citations"] = [
        {"text": "x", **dict(zip(keys, one, strict=True))} for one in ((number, notation, issued), *cites)
    ]
    return name, found


def loaded(base: Store, tmp_path: Path, *letters: Any) -> None:
    events = [event for name, found in letters for event in (received(name), ("extracted", found))]
    base.catch_up(journal_of(tmp_path, *events))


def test_a_letter_cites_others_by_number_symbol_and_day(tmp_path: Path) -> None:
    base = Store(tmp_path / "a.duckdb", tmp_path, agencies.known())
    cites = [
        ("57", "NQ/TW", "2024-12-22"),
        ("9", "KH-UBND", "2025-02-01"),
        ("9", "KH-UBND", "2026-02-01"),
        ("9", "KH-UBND", None),  # either
        ("9", "KH-UBND", "2026-02-11"),  # another day's
        ("12", "TB-BYT", None),
        ("12", "TB-BYT", "2020-05-05"),  # another year's
        ("41", "CV-BYT", "2019-01-01"),  # as our own number, of another year
    ]
    loaded(
        base,
        tmp_path,
        letter_of("41", "CV-BYT", "2026-03-02", task("a", "Một", concerns_us="condition"), cites=cites),
        letter_of("09", "KH-UBND", "2025-02-01"),
        letter_of("9", "KH-UBND", "2026-02-01"),
        letter_of("12", "TB-BYT", "2026-01-01"),
    )
    sql = "SELECT cited, issued_on::VARCHAR, cited_letter_id, concerns_us FROM citations_of ORDER BY ALL"
    assert base.rows(sql) == [
        ("12/TB-BYT", "2020-05-05", None, "condition"),
        ("12/TB-BYT", None, "12-TB-BYT-2026-01-01", "condition"),
        ("41/CV-BYT", "2019-01-01", None, "condition"),
        ("57-NQ/TW", "2024-12-22", None, "condition"),
        ("9/KH-UBND", "2025-02-01", "09-KH-UBND-2025-02-01", "condition"),
        ("9/KH-UBND", "2026-02-01", "9-KH-UBND-2026-02-01", "condition"),
        ("9/KH-UBND", "2026-02-11", None, "condition"),
        ("9/KH-UBND", None, None, "condition"),
    ]
    assert ("12/TB-BYT", 1, True) in base.rows(question(14))


@pytest.mark.parametrize(
    ("words", "organ", "place", "is_meant"),
    [
        # the place of the issuer is said, with or without the day
        ("Kế hoạch số 15/KH-UBND của UBND tỉnh Gia Lai", "BỘ Y TẾ", "Hà Nội", True),
        ("Kế hoạch số 15/KH-UBND ngày 10/3/2026 của Ủy ban nhân dân tỉnh Gia Lai", "BỘ Y TẾ", "Hà Nội", True),
        ("Kế hoạch số 15/KH-UBND của UBND tỉnh Gia Lai ngày 10 tháng 3 năm 2026", "BỘ Y TẾ", "Hà Nội", True),
        ("Kế hoạch số 15/KH-UBND ngày 10/3/2026 của UBND tỉnh Đắk Lắk", "BỘ Y TẾ", "Hà Nội", False),
        ("Kế hoạch số 15/KH-UBND ngày 11/3/2026 của UBND tỉnh Gia Lai", "BỘ Y TẾ", "Hà Nội", False),
        # a province replaces a plan of its own, of another year
        (
            "Kế hoạch số 15/KH-UBND ngày 03 tháng 02 năm 2024 của UBND tỉnh Đắk Lắk",
            "ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK",
            "Đắk Lắk",
            False,
        ),
        ("Kế hoạch số 15/KH-UBND ngày 03 tháng 02 năm 2024", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "Gia Lai", False),
        # a commune's plan is not its province's
        ("Kế hoạch số 15/KH-UBND ngày 10/3/2026 của UBND xã Gia Lai", "SỞ Y TẾ", "Gia Lai", False),
        # no place is said: that of whoever writes
        ("Kế hoạch số 15/KH-UBND của UBND tỉnh", "SỞ Y TẾ", "Gia Lai", True),
        ("Kế hoạch số 15/KH-UBND", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "Gia Lai", True),
        ("Kế hoạch số 15/KH-UBND ngày 10/3/2026 của UBND tỉnh", "SỞ Y TẾ", "Đắk Lắk", False),
        # whose province is not told: by the day alone, and without it not at all
        ("Kế hoạch số 15/KH-UBND ngày 10/3/2026 của UBND tỉnh", "ỦY BAN NHÂN DÂN XÃ IA MƠ", "Ia Mơ", True),
        ("Kế hoạch số 15/KH-UBND của UBND tỉnh", "ỦY BAN NHÂN DÂN XÃ IA MƠ", "Ia Mơ", False),
        ("Kế hoạch số 15/KH-UBND", "BỘ Y TẾ", "Hà Nội", False),
    ],
)
def test_the_same_number_of_another_body_is_another_letter(
    tmp_path: Path, base: Store, words: str, organ: str, place: str, is_meant: bool
) -> None:
    plan = letter_of("15", "KH-UBND", "2026-03-10")
    plan[1]["letterhead"] |= {"organ_name": "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "place": "Gia Lai"}
    citing = letter_of("7", "SYT-NVY", "2026-04-01", cites=[("15", "KH-UBND", None)])
    citing[1]["letterhead"] |= {"organ_name": organ, "place": place}
    day = base.value("SELECT day_meant(?)", [words])
    citing[1]["letterhead"]["citations"][-1] |= {"text": words, "issued_on": day and day.isoformat()}
    related = {"kind": "replaces", "target": words, "number": "15", "notation": "KH-UBND"}
    citing[1]["letterhead"]["relations"] = [related]
    loaded(base, tmp_path, plan, citing)
    expected = [(plan[0] if is_meant else None,)]
    assert base.rows("SELECT cited_letter_id FROM citations_of WHERE number = '15'") == expected
    assert base.rows("SELECT target_letter_id FROM related_letters") == expected


def test_tasks_of_a_resolution_are_its_own_and_those_that_name_it(tmp_path: Path, base: Store) -> None:
    """Each once, and not those of the Party's resolution of the same number."""
    due = on("2026-01-31")
    resolution = letter_of(
        "71", "NQ-CP", "2025-09-01", task("a", "Một", deadline=due), task("b", "Hai", modality="proposed")
    )
    urging = letter_of(
        "8",
        "CV-BYT",
        "2025-10-01",
        task("c", "Một", deadline=on("2025-12-31")),  # the same, due sooner: stands for it
        task("d", "Ba", source_doc="Nghị quyết số 71/ NQ-CP ngày 01/9/2025"),
        task("e", "Bốn", source_doc="Nghị quyết số 71-NQ/TW"),
        task("f", "Năm", source_doc="Nghị quyết số 171/NQ-CP"),
        task("g", "Sáu", source_doc="Nghị quyết số 71/NQ-CPX"),
        cites=[("71", "NQ-CP", None)],
    )
    link = {"task_id": "c", "other_id": "a", "other_document": resolution[0], "level": "likely", "confidence": 0.8}
    urging[1]["links"] = [{**link, "reasons": []}]
    loaded(base, tmp_path, resolution, urging)
    assert sorted(base.rows("FROM tasks_from('71', 'NQ-CP')")) == [("c",), ("d",)]
    assert base.rows("FROM tasks_from('71', 'NQ/TW')") == [("e",)]
    assert base.rows(question(7)) == [(2, 0, 1)]


PLAN = "Kế hoạch số 142/KH-UBND"
"""A plan of whichever province, of whichever year."""


def plans_and_mentions(held: list[tuple[str, str]], said: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    """Letters 142/KH-UBND of provinces and days with tasks `t0` …, and others whose `m0` … say where from."""
    letters = []
    for n, (province, day) in enumerate(held):
        name, found = letter_of("142", "KH-UBND", day, task(f"t{n}", f"Việc {n}"))
        found["letterhead"] |= {"organ_name": f"ỦY BAN NHÂN DÂN TỈNH {province.upper()}", "place": province}
        letters.append(
            (f"{name}{province}", {**found, "document": f"{name}{province}", "letter": f"{name}{province}"})
        )
    for n, (province, words) in enumerate(said):
        name, found = letter_of(str(n), "SYT-NVY", "2026-06-01", task(f"m{n}", f"Việc khác {n}", source_doc=words))
        found["letterhead"] |= {"organ_name": "SỞ Y TẾ", "place": province}
        letters.append((name, found))
    return letters


@pytest.mark.parametrize(
    ("held", "said", "asked", "tasks"),
    [
        ([("Gia Lai", "2026-03-10")], [("Gia Lai", PLAN)], "", ["m0", "t0"]),
        # of that one, not another province's, nor another year's
        ([("Gia Lai", "2026-03-10")], [("Phú Thọ", PLAN)], "", ["t0"]),
        ([("Gia Lai", "2026-03-10")], [("Phú Thọ", f"{PLAN} của UBND tỉnh Gia Lai")], "", ["m0", "t0"]),
        ([("Gia Lai", "2026-03-10")], [("Gia Lai", f"{PLAN} ngày 05/9/2025")], "", ["t0"]),
        # two of them: which is to be said
        ([("Gia Lai", "2026-03-10"), ("Phú Thọ", "2025-09-05")], [], "", None),
        (
            [("Gia Lai", "2026-03-10"), ("Phú Thọ", "2025-09-05")],
            [("Phú Thọ", PLAN)],
            ", issuer := 'Phú Thọ'",
            ["m0", "t1"],
        ),
        ([("Gia Lai", "2026-03-10"), ("Gia Lai", "2025-09-05")], [], "", None),
        ([("Gia Lai", "2026-03-10"), ("Gia Lai", "2025-09-05")], [], ", in_year := 2025", ["t1"]),
        # none is here: by what others say of it
        ([], [("Gia Lai", PLAN), ("Gia Lai", f"{PLAN} ngày 05/9/2025")], "", ["m0", "m1"]),
        ([], [("Gia Lai", PLAN), ("Phú Thọ", PLAN)], "", None),
        ([], [("Gia Lai", PLAN), ("Phú Thọ", PLAN)], ", issuer := 'tỉnh Phú Thọ'", ["m1"]),
        ([], [("Gia Lai", f"{PLAN} ngày 05/9/2025"), ("Gia Lai", f"{PLAN} ngày 10/3/2026")], "", None),
        (
            [],
            [("Gia Lai", f"{PLAN} ngày 05/9/2025"), ("Gia Lai", f"{PLAN} ngày 10/3/2026")],
            ", in_year := 2026",
            ["m1"],
        ),
    ],
)
def test_tasks_of_two_letters_of_one_number_are_never_merged(
    tmp_path: Path,
    base: Store,
    held: list[tuple[str, str]],
    said: list[tuple[str, str]],
    asked: str,
    tasks: list[str] | None,
) -> None:
    loaded(base, tmp_path, *plans_and_mentions(held, said))
    query = f"FROM tasks_from('142', 'KH-UBND'{asked}) ORDER BY 1"
    if tasks is None:
        with pytest.raises(duckdb.InvalidInputException, match="Several letters are 142/KH-UBND"):
            base.rows(query)
    else:
        assert base.rows(query) == [(task_id,) for task_id in tasks]


@pytest.mark.parametrize(
    ("anchor", "words", "arrived", "day"),
    [
        # received on a Thursday, 2026-04-30
        ("received", "trong 10 ngày kể từ ngày nhận được công văn này", None, "2026-05-10"),
        ("received", "trong 07 ngày làm việc kể từ ngày nhận được văn bản", None, "2026-05-11"),
        ("received", "trong vòng 15 (mười lăm) ngày kể từ ngày nhận", None, "2026-05-15"),
        ("received", "ngay sau khi nhận được văn bản", None, None),
        # somebody says when it arrived: what was read of it holds
        ("received", "trong 10 ngày kể từ ngày nhận được công văn này", "2026-05-04", None),
        ("event", "trong 10 ngày kể từ ngày khởi công", None, None),
    ],
)
def test_a_deadline_from_an_arrival_nobody_entered_is_told_apart(
    base: Store, anchor: str, words: str, arrived: str | None, day: str | None
) -> None:
    """What its day would be is told, and counted nowhere."""
    found = extracted("d1", task("a", "Một", deadline={"kind": "relative", "text": words, "anchor": anchor}))
    found["letterhead"]["arrival_date"] = arrived
    base.apply(Event(1, "2026-04-30T03:00:00Z", *received("d1")))
    base.apply(Event(2, "2026-04-30T03:00:00Z", "extracted", found))
    assert base.rows("SELECT due_if_received::VARCHAR, standing, due FROM standings") == [
        (day, "not_done_uncounted", None)
    ]


@pytest.mark.parametrize(
    ("words", "others", "more"),
    [
        ("Mua sắm giá kệ; lắp điều hòa", "Mua sắm giá kệ", True),
        # a clause that tells only the day is no work
        ("Bố trí phòng tiếp công dân; xong trước ngày 31/10/2025", "Bố trí phòng tiếp công dân", False),
        ("Bố trí phòng tiếp công dân; hoàn thành chậm nhất ngày 31/10/2025.", "Bố trí phòng tiếp công dân", False),
        ("Bố trí phòng tiếp công dân; thời hạn hoàn thành: trước 31/10/2025", "Bố trí phòng tiếp công dân", False),
        ("Bố trí phòng tiếp công dân;", "Bố trí phòng tiếp công dân", False),
        # but work that begins with a day is
        ("Bố trí phòng tiếp dân; trước mắt lắp camera", "Bố trí phòng tiếp dân", True),
        ("Bố trí phòng tiếp dân; hoàn thành sửa chữa trụ sở", "Bố trí phòng tiếp dân", True),
        ("Mua sắm giá kệ", "Mua sắm giá kệ; lắp điều hòa", False),
    ],
)
def test_works_named(base: Store, words: str, others: str, more: bool) -> None:
    assert base.rows("SELECT names_more(fold(?), fold(?))", [words, others]) == [(more,)]


@pytest.mark.parametrize(
    ("doc_type", "reported", "progress", "due", "told"),
    [
        ("Báo cáo", None, None, "2026-06-30", True),
        ("Công văn", None, None, "2026-06-30", False),
        # a list of what is late, sent by an ordinary letter
        ("Công văn", "not_done_late", None, "2025-11-30", True),
        ("Công văn", "not_done_late", "Đạt 60%", "2026-06-30", True),
        ("Công văn", "done", None, "2026-06-30", True),
        ("Công văn", "not_done_late", None, None, True),
        # what is late is urged again, with a day to come
        ("Công văn", "not_done_late", None, "2026-06-30", False),
        # of a report, none is
        ("Báo cáo", "not_done_late", None, "2026-06-30", True),
    ],
)
def test_who_tells_assigns_nothing(
    base: Store, doc_type: str, reported: str | None, progress: str | None, due: str | None, told: bool
) -> None:
    asked = "SELECT tells(?, ?, ?, ?::DATE, DATE '2025-12-16')"
    assert base.rows(asked, [doc_type, reported, progress, due]) == [(told,)]
