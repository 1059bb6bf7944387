"""The same task in two letters: what links, what does not, and that no candidate list grows with the register."""

import datetime
import re
import tomllib
from importlib import resources
from itertools import combinations
from pathlib import Path

import msgspec
import pytest

from benchmarks.link_agreement import Agreement, agreement
from extractors import linking, matter, related_letters, task_pairs
from extractors.linking import compare
from extractors.task_pairs import Linkable, about_leads
from models import Office
from pipeline import evaluate_links
from pipeline.errors import WrongUse
from pipeline.journal import Event, now
from pipeline.links import as_linkable
from pipeline.store import Store

DATA = tomllib.loads(resources.files("extractors").joinpath("data/linking.toml").read_text("utf-8"))
JUNE, JULY = datetime.date(2026, 6, 30), datetime.date(2026, 7, 31)


def mention(text: str, *leads: str, letter: str = "A", **more: object) -> Linkable:
    return Linkable(f"{letter}-{text[:8]}", text, letter=letter, leads=leads, **more)  # type: ignore[arg-type]


DIKES = "Sở Nông nghiệp và Môi trường rà soát 14 trọng điểm đê xung yếu trên sông Lô, xong trước ngày 30/6/2026."
SAME = mention(DIKES, "Sở Nông nghiệp và Môi trường", due=JUNE, deadline_text="trước ngày 30/6/2026")


@pytest.mark.parametrize(
    ("other", "level"),
    [
        # word for word in an urging letter, the deadline moved
        (
            mention(
                DIKES.replace("30/6", "31/7"),
                "Sở Nông nghiệp và Môi trường",
                letter="B",
                due=JULY,
                deadline_text="trước ngày 31/7/2026",
            ),
            "exact",
        ),
        # an overdue table shortens it and drops the subject
        (
            mention(
                "Rà soát 14 trọng điểm đê xung yếu trên sông Lô",
                "Sở Nông nghiệp và Môi trường",
                letter="B",
                due=JUNE,
            ),
            "likely",
        ),
        # words of haste and a short form in front
        (
            mention(
                "Khẩn trương hoàn thành việc rà soát 14 trọng điểm đê xung yếu trên sông Lô, báo cáo UBND tỉnh.",
                "Sở Nông nghiệp và Môi trường",
                letter="B",
                due=JUNE,
            ),
            "likely",
        ),
        # the same by another letter, nothing else in common: offered
        (
            mention(
                "Khẩn trương rà soát các trọng điểm đê xung yếu, sông Lô",
                "Sở Nông nghiệp và Môi trường",
                letter="B",
            ),
            "possible",
        ),
        # another river: near, but another task
        (mention("Rà soát kho vật tư phòng, chống lụt bão trên sông Gâm", "Sở Tài chính", letter="B"), None),
        # another number of points, another body
        (mention("Kiểm tra 9 hồ chứa nước xung yếu trên địa bàn", "Sở Công Thương", letter="B"), None),
        # nothing in common
        (mention("Tổ chức kỳ thi tốt nghiệp an toàn", "Sở Giáo dục và Đào tạo", letter="B"), None),
    ],
)
def test_two_mentions_compared(other: Linkable, level: str | None) -> None:
    link = compare(SAME, other)
    assert (link.level if link else None) == level
    turned = compare(other, SAME)
    assert (turned.confidence if turned else None) == (link.confidence if link else None)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        # the other letter's number among those its letter refers to
        ({"cites": frozenset({"88/kh-ubnd"})}, "letter_cites_it"),
        # and as the paper that assigned the task itself
        ({"source_doc": "Kế hoạch số 88/KH-UBND", "cites": frozenset({"88/kh-ubnd"})}, "names_the_letter"),
        # but not where the task's own paper is another one
        ({"source_doc": "Kế hoạch số 17/KH-UBND", "cites": frozenset({"88/kh-ubnd"})}, None),
        # a number of another letter says nothing
        ({"cites": frozenset({"89/kh-ubnd"})}, None),
        # the day itself; the end of a quarter is that of many
        ({"due": datetime.date(2026, 5, 14)}, "same_deadline"),
        ({"due": JUNE}, "same_quarter"),
        # one commune of those a plural means
        ({"leads": ("Ủy ban nhân dân xã Sơn Dương",)}, "lead_of_its_kind"),
        ({"leads": ("Sở Xây dựng",)}, "other_leads"),
        # a short form of it, as tables have them, is the body itself
        ({"leads": ("UBND các xã, phường",)}, None),
        # of two that work together each is told to
        ({"leads": ("Sở Xây dựng",), "coops": ("Ủy ban nhân dân các xã, phường",)}, "lead_cooperates"),
        # handed on: the other body stands in the words
        (
            {
                "leads": ("Sở Xây dựng",),
                "text": "Giao Sở Xây dựng thay Ủy ban nhân dân các xã, phường "
                "tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha",
            },
            "names_the_lead",
        ),
        # who is to account for what was late does another task
        ({"text": "Giải trình việc chậm tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha"}, "accounts_for_it"),
        # what follows where the work is not done is none of it
        (
            {
                "text": "Tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha, quá thời hạn này phải kiểm điểm "
                "trách nhiệm người đứng đầu"
            },
            None,
        ),
        # a task about its letter is another one, a place of the letter within its words says nothing
        ({"text": "Gửi báo cáo tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha theo Kế hoạch này"}, "of_its_letter"),
        ({"text": "Tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha tại khoản 2 Mục I Kế hoạch này"}, None),
    ],
)
def test_what_speaks_for_a_link(more: dict[str, object], code: str | None) -> None:
    plural = ("Ủy ban nhân dân các xã, phường",)
    words = "Tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha"
    first = Linkable("a", words, "A", leads=plural, symbol="88/KH-UBND", due=more.get("due"))  # type: ignore[arg-type]
    if "coops" in more:
        first = msgspec.structs.replace(first, coops=("Sở Xây dựng",))
    other = msgspec.structs.replace(Linkable("b", words, "B", leads=plural), **more)
    link, turned = compare(first, other), compare(other, first)
    assert link is not None and turned is not None
    codes = {"letter_cites_it", "names_the_letter", "same_deadline", "same_quarter"}
    codes |= {"lead_of_its_kind", "other_leads", "lead_cooperates", "accounts_for_it", "names_the_lead"}
    codes |= {"of_its_letter"}
    handed_on = {"other_leads"} if code == "names_the_lead" else set()
    assert codes & set(link.reasons) - handed_on == ({code} if code else set())
    assert turned.reasons == link.reasons
    # within one letter, papers and days are what all its tasks have in common
    together = compare(first, msgspec.structs.replace(other, letter="A"))
    assert together is None or not {"same_deadline", "same_quarter", "names_the_letter"} & set(together.reasons)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("năm học 2025 - 2026", "năm học 2026 - 2027", True),
        # the same school year in other signs
        ("năm học 2025 - 2026", "năm học 2025-2026", False),
        ("năm học 2025 – 2026", "năm học 2025-2026", False),
        ("năm 2025", "năm 2027", True),
        # one of them says no year
        ("năm 2025", "đợt hai", False),
        # rounds of one kind, and of two
        ("đợt 1", "đợt 2", True),
        ("giai đoạn I", "giai đoạn II", True),
        ("đợt 1", "giai đoạn 2", False),
        # a number of something else
        ("giai đoạn 2021-2025", "giai đoạn 1", False),
    ],
)
def test_years_and_rounds_of_work(one: str, other: str, differ: bool) -> None:
    first, second = (mention(f"Tháo dỡ nhịp cầu treo cũ {period}") for period in (one, other))
    assert task_pairs.periods_differ(first, second) is differ


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        # another amount of one measure, and what is left of it
        ("Cấp 58 tỷ đồng sửa cầu treo Nậm Tha", "Cấp 31 tỷ đồng sửa cầu treo Nậm Tha", "other_amounts"),
        ("Cấp 58 tỷ đồng sửa cầu treo Nậm Tha", "Cấp nốt 31 tỷ đồng sửa cầu treo Nậm Tha", "rest_of_it"),
        ("Cấp 58 tỷ đồng sửa cầu treo Nậm Tha", "Cấp 31 tỷ đồng còn thiếu để sửa cầu treo Nậm Tha", "rest_of_it"),
        # the same sum, and another measure
        ("Cấp 58 tỷ đồng sửa cầu treo Nậm Tha", "Cấp đủ 58 tỷ đồng sửa cầu treo Nậm Tha", None),
        ("Cấp 58 tỷ đồng sửa cầu treo Nậm Tha", "Giải ngân 40 % vốn sửa cầu treo Nậm Tha", None),
        # another number of the same things, of letters without a day
        ("Sửa 14 cầu treo dân sinh vùng cao", "Sửa 9 cầu treo dân sinh vùng cao", "other_counts"),
        ("Sửa 14 cầu treo dân sinh vùng cao", "Sửa xong 14 cầu treo dân sinh", None),
        # the number of a paper counts nothing
        ("Sửa cầu treo theo Quyết định số 14/QĐ-UBND", "Sửa cầu treo theo Quyết định số 15/QĐ-UBND", None),
        # other places by their names; bodies and papers are no names
        ("Sửa cầu treo qua suối Nậm Tha vùng cao", "Sửa cầu treo qua suối Nậm Mu vùng cao", "other_names"),
        ("Sửa cầu treo qua suối Nậm Tha vùng cao", "Sửa ngay cầu treo qua suối Nậm Tha", None),
        ("Sửa cầu treo theo Nghị Quyết ấy vùng cao", "Sửa cầu treo qua suối Nậm Mu vùng cao", None),
    ],
)
def test_what_speaks_for_another_object(one: str, other: str, code: str | None) -> None:
    codes = {"other_amounts", "other_counts", "other_names", "rest_of_it"}
    for first, second in ((one, other), (other, one)):
        a, b = mention(first), mention(second, letter="B")
        measured = task_pairs.measures(a, b)
        assert measured is not None
        assert codes & set(task_pairs.reasons(a, b, measured)) == ({code} if code else set())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Sở Xây dựng tháo dỡ nhịp cầu treo trước ngày 31/7/2026, thay cho thời hạn 30/6/2026 đã giao", True),
        ("Việc tháo dỡ nhịp cầu treo lùi từ quý II/2026 sang quý III/2026", True),
        # another day
        ("Sở Xây dựng tháo dỡ nhịp cầu treo trước ngày 31/7/2026, thay cho thời hạn 15/6/2026 đã giao", False),
        # a day without its year is that of any
        ("Việc tháo dỡ nhịp cầu treo lùi từ ngày 30/6 sang ngày 31/7", False),
    ],
)
def test_a_new_deadline_that_tells_the_old_one(text: str, named: bool) -> None:
    first = mention("Tháo dỡ nhịp cầu treo cũ", due=JUNE)
    moved = mention(text, letter="B", due=JULY)
    measured = task_pairs.measures(first, moved)
    assert measured is not None
    assert ("names_the_deadline" in task_pairs.reasons(first, moved, measured)) is named
    assert ("names_the_deadline" in task_pairs.reasons(moved, first, measured)) is named


@pytest.mark.parametrize(
    ("due", "other_due", "issued", "code"),
    [
        # by some months, as extensions and urging letters do
        (JUNE, JULY, (3, 7), "moved_deadline"),
        (JUNE, datetime.date(2027, 1, 31), (3, 7), "later_deadline"),
        # the same work of the year after
        (JUNE, datetime.date(2027, 6, 30), (3, 7), "far_deadline"),
        # the later letter wants it sooner; where nobody knows which is the later, that cannot be said
        (JULY, JUNE, (3, 7), "earlier_deadline"),
        (JULY, JUNE, (7, 3), "moved_deadline"),
        (JULY, JUNE, None, "moved_deadline"),
        (JUNE, None, (3, 7), None),
    ],
)
def test_how_deadlines_of_two_letters_lie(
    due: datetime.date, other_due: datetime.date | None, issued: tuple[int, int] | None, code: str | None
) -> None:
    days = [datetime.date(2026, month, 1) for month in issued] if issued else [None, None]
    first = mention("Tháo dỡ nhịp cầu treo cũ", due=due, issued=days[0])
    other = mention("Tháo dỡ nhịp cầu treo cũ", letter="B", due=other_due, issued=days[1])
    measured = task_pairs.measures(first, other)
    assert measured is not None
    for a, b in ((first, other), (other, first)):
        codes = task_pairs.reasons(a, b, measured)
        assert [one for one in codes if one.endswith("_deadline")] == ([code] if code else [])


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        # what is left of the same things
        ("Sửa 14 cầu treo dân sinh vùng cao", "Sửa 9 cầu treo dân sinh vùng cao", "fewer_of_it"),
        ("Sửa 9 cầu treo dân sinh vùng cao", "Sửa 14 cầu treo dân sinh vùng cao", "other_counts"),
        # numbers of other things
        ("Sửa 14 nhịp cầu treo dân sinh vùng cao", "Sửa cầu treo dân sinh tại 11 bản", "smaller_numbers"),
        ("Sửa 14 nhịp cầu treo dân sinh vùng cao", "Sửa cầu treo dân sinh tại 61 bản", "other_numbers"),
    ],
)
def test_what_is_left_is_less_in_the_later_letter(one: str, other: str, code: str) -> None:
    first = mention(one, issued=datetime.date(2026, 3, 1))
    later = mention(other, letter="B", issued=datetime.date(2026, 7, 1))
    measured = task_pairs.measures(first, later)
    assert measured is not None
    codes = {"fewer_of_it", "other_counts"} if code in {"fewer_of_it", "other_counts"} else set()
    codes |= {"smaller_numbers", "other_numbers"} if not codes else set()
    assert codes & set(task_pairs.reasons(later, first, measured)) == {code}


def test_who_guides_does_another_task_than_who_does() -> None:
    done = mention("Công bố danh mục thủ tục cấp phép xây dựng nhà ở nông thôn, xong trong quý II", "Sở Xây dựng")
    guided = mention(
        "Hướng dẫn công bố danh mục thủ tục cấp phép xây dựng nhà ở nông thôn, xong trong quý II", letter="B"
    )
    link = compare(done, guided)
    assert link is not None
    assert link.level == "possible"
    assert "other_role" in link.reasons


def test_neighbours_in_one_section_are_seldom_one() -> None:
    first = mention("Kết nối kho dữ liệu dân cư với kho dữ liệu hồ sơ vụ án", "Bộ Công an")
    second = mention("Kết nối kho dữ liệu dân cư với kho dữ liệu công chứng", "Bộ Công an")
    apart = msgspec.structs.replace(second, letter="B")
    here, there = compare(first, second), compare(first, apart)
    assert (here.confidence if here else 0.0) < (there.confidence if there else 0.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # how letters close
        (
            "Các sở, ban, ngành nghiêm túc thi hành Chỉ thị này, báo cáo Chủ tịch khó khăn, vướng mắc phát sinh.",
            "Các sở, ban, ngành chịu trách nhiệm thi hành Kế hoạch này, báo cáo Chủ tịch vướng mắc phát sinh.",
        ),
        (
            "Văn phòng theo dõi, đôn đốc việc thực hiện Thông báo này, kịp thời báo cáo vấn đề phát sinh.",
            "Văn phòng theo dõi, đôn đốc việc thực hiện Kết luận này, kịp thời báo cáo vấn đề phát sinh.",
        ),
        # and ask for reports
        (
            "Định kỳ hằng quý báo cáo kết quả thực hiện về Văn phòng",
            "Báo cáo kết quả thực hiện hằng quý về Văn phòng",
        ),
    ],
)
def test_what_every_letter_says_is_no_task_of_another(one: str, other: str) -> None:
    link = compare(mention(one, "Các sở, ban, ngành"), mention(other, "Các sở, ban, ngành", letter="B"))
    assert link is None or link.level == "possible"


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("Sở Xây dựng",), ("Sở Xây dựng",), "same_leads"),
        # one of a few has its part of the whole, or leads it with another one each time
        (("Sở Xây dựng", "Sở Tài chính"), ("Sở Tài chính",), "one_of_the_leads"),
        (("Sở Xây dựng", "Sở Tài chính"), ("Sở Tài chính", "Sở Y tế"), "some_same_lead"),
        # one of many tells no more than that all are told
        (("Sở Xây dựng", "Sở Tài chính", "Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"), ("Sở Y tế",), "lead_among_all"),
        # but half of many do
        (
            ("Sở Xây dựng", "Sở Tài chính", "Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"),
            ("Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"),
            "one_of_the_leads",
        ),
        # all communes of a province, whichever kinds of them are told, with the committee or without
        (("Ủy ban nhân dân các xã, phường",), ("Ủy ban nhân dân các xã, phường, đặc khu",), "same_leads"),
        (("Ủy ban nhân dân các xã, phường",), ("Các xã, phường",), "same_leads"),
        (("Ủy ban nhân dân các xã, phường",), ("Ủy ban nhân dân cấp xã",), "same_leads"),
        (("Ủy ban nhân dân cấp xã",), ("Ủy ban nhân dân phường Kỳ Lừa",), "lead_of_its_kind"),
        (("Ủy ban nhân dân các xã, phường",), ("Ủy ban nhân dân các xã, phường còn lại",), "lead_of_its_kind"),
        # those that are left are none of the bodies named elsewhere
        (("Các bệnh viện còn lại",), ("Bệnh viện Đa khoa Mai Sơn",), "lead_among_all"),
        (("Ủy ban nhân dân 06 xã, phường",), ("Ủy ban nhân dân các xã, phường",), "other_leads"),
        # a name with words left out, but not another body's that begins as it does
        (
            ("Ban Quản lý dự án đầu tư xây dựng các công trình giao thông tỉnh",),
            ("Ban Quản lý dự án giao thông",),
            "same_leads",
        ),
        (
            ("Ban Quản lý dự án đầu tư xây dựng các công trình giao thông tỉnh",),
            ("Ban Quản lý dự án nông nghiệp",),
            "other_leads",
        ),
        (("Sở Y tế",), ("Sở Nội vụ và Y tế",), "other_leads"),
        # nor do bodies in general that both are told to
        (("Các sở, ban, ngành", "Các xã, phường"), ("Các xã, phường",), "lead_among_all"),
        (("Các sở, ban, ngành", "Các xã, phường"), ("Các xã, phường", "Sở Y tế"), "lead_among_all"),
        # but a body that both name beside them does
        (("Các xã, phường", "Sở Y tế"), ("Sở Y tế",), "one_of_the_leads"),
        (("Các sở, ban, ngành",), ("Sở Y tế",), "lead_among_all"),
        (("Sở Xây dựng",), ("Sở Y tế",), "other_leads"),
        (("Sở Xây dựng",), (), None),
    ],
)
def test_leads_agree(one: tuple[str, ...], other: tuple[str, ...], code: str | None) -> None:
    words = "Nạo vét kênh tiêu úng ven sông Thao"
    pair = mention(words, *one), mention(words, *other, letter="B")
    for first, second in (pair, pair[::-1]):
        assert about_leads(first, second) == ([code] if code else [])


COMMUNES = "Ủy ban nhân dân các xã, phường"
A_PART, ANOTHER = "Ủy ban nhân dân xã Hạ Hòa", "Ủy ban nhân dân xã Cẩm Khê"


@pytest.mark.parametrize(
    ("leads", "apart"),
    [
        # two of the communes, or of the bodies by name, that a third task is assigned to
        ([(COMMUNES,), (A_PART,), (ANOTHER,)], {(1, 2)}),
        ([(A_PART, ANOTHER), (A_PART,), (ANOTHER,)], {(1, 2)}),
        # one of them twice is one part told again
        ([(COMMUNES,), (A_PART,), (A_PART,)], set()),
        ([(COMMUNES,), (A_PART, ANOTHER), (A_PART,)], set()),
        # without the whole, nobody knows
        ([(A_PART,), (ANOTHER,), ("Sở Nội vụ",)], set()),
        # who is handed it is no part
        ([(COMMUNES,), (A_PART,), ("Sở Nội vụ",)], set()),
        ([(), (A_PART,), (ANOTHER,)], set()),
    ],
)
def test_parts_of_one_whole(leads: list[tuple[str, ...]], apart: set[tuple[int, int]]) -> None:
    tasks = [Linkable(str(n), "Nạo vét kênh tiêu úng", f"letter {n}", leads=told) for n, told in enumerate(leads)]
    expected = {frozenset(map(str, pair)) for pair in apart}
    assert task_pairs.parts_of_one(tasks) == expected
    # they are looked for within a chain, and where one is likely
    known = [[task.task_id for task in tasks]]
    assert linking.parted({task.task_id: task for task in tasks}, known, {}) == expected
    near = {frozenset(("0", "1")): 2.0, frozenset(("0", "2")): -0.1}
    assert linking.parted({task.task_id: task for task in tasks}, [], near) == set()


def test_one_of_several_leads_has_its_part_of_the_whole() -> None:
    """Its own number of the whole is no other task; between bodies with nothing to do with each other it is."""
    whole = mention("Sửa chữa 46 trạm bơm tiêu úng ven sông Thao", "Xã Cẩm Khê", "Xã Hạ Hòa")
    part = mention("Sửa chữa 12 trạm bơm tiêu úng ven sông Thao", "Xã Hạ Hòa", letter="B")
    link = compare(whole, part)
    assert link is not None
    assert link.level == "likely"
    assert {"one_of_the_leads", "other_numbers"} & set(link.reasons) == {"one_of_the_leads"}
    alone = compare(whole, msgspec.structs.replace(part, leads=("Xã Lâm Thao",)))
    assert alone is None or "other_numbers" in alone.reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # short forms are read as what they stand for
        ("Cắt giảm TTHC", "Cắt giảm thủ tục hành chính"),
        # the two spellings of one syllable, the two places of a tone mark
        ("mộ liệt sỹ Hoà Bình", "mộ liệt sĩ Hòa Bình"),
        # thousands with and without their dot
        ("cấp 5.200 mã số vùng trồng", "cấp 5200 mã số vùng trồng"),
        # the number of the paper that assigned it
        ("duy tu cống Đồng Mỏ theo Quyết định số 4512/QĐ-UBND", "duy tu cống Đồng Mỏ"),
        # words that carry no matter
        ("khôi phục các tuyến đường đã bị sạt lở", "khôi phục tuyến đường bị sạt lở"),
    ],
)
def test_what_is_read_as_the_same_matter(one: str, other: str) -> None:
    assert matter.features(one) == matter.features(other)


def test_pairs_within_a_letter_do_not_grow_with_its_square() -> None:
    """A phrase that every task of a long table repeats brings no pairs; a repeated task does."""
    tasks = [mention(f"Bố trí kinh phí chương trình mục tiêu tại xã {n} vùng {n * 7}", "Sở") for n in range(800)]
    assert len(task_pairs.neighbours(tasks)) < 4 * len(tasks)
    tasks.append(mention("Tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha", "Sở"))
    tasks.append(mention("Khẩn trương tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha", "Sở"))
    assert (800, 801) in task_pairs.neighbours(tasks)


SAMPLES = Path(__file__).parent.parent / "samples" / "links"


def test_linking_of_the_samples_is_as_good_as_promised() -> None:
    """What is linked is right, and of later mentions, retold and split as they are, most find an earlier one."""
    lines = {
        line[:24].strip(): line.split()
        for line in evaluate_links.report(SAMPLES, SAMPLES / "samples.pairs", show=0).splitlines()
    }
    precision, recall = map(float, lines["exact, likely"][-2:])
    assert precision >= 0.95
    assert recall >= 0.79
    precision, recall = map(float, lines["one chain"][-2:])
    assert precision >= 0.95
    assert recall >= 0.78
    precision, recall = map(float, lines["to an earlier mention"][-2:])
    assert precision >= 0.94
    assert recall >= 0.84


PLAN = (
    mention("Rà soát 14 trọng điểm đê xung yếu trên sông Lô", "Sở Nông nghiệp và Môi trường"),
    mention("Lắp 30 trạm đo mưa tự động tại các xã vùng cao", "Đài Khí tượng thủy văn"),
    mention("Bố trí 58 tỷ đồng sửa chữa cầu treo bị lũ cuốn trôi", "Sở Tài chính"),
    mention("Diễn tập sơ tán dân vùng hạ du hồ Na Hang", "Bộ Chỉ huy quân sự tỉnh"),
)
URGED = (
    mention(
        "Hoàn thành rà soát các trọng điểm đê xung yếu trên sông Lô", "Sở Nông nghiệp và Môi trường", letter="B"
    ),
    mention("Lắp xong các trạm đo mưa tự động tại xã vùng cao", "Đài Khí tượng thủy văn", letter="B"),
    mention("Cấp đủ 58 tỷ đồng cho việc khắc phục hậu quả mưa lũ", "Sở Tài chính", letter="B"),
)


def test_other_tasks_of_two_letters_tell_what_is_one() -> None:
    """Retold in few of its words, a task is told by its number and its body where its letters are alike."""
    beside, alone = related_letters.measured(PLAN, URGED), related_letters.measured(PLAN[2:3], URGED[2:])
    assert linking.log_odds(*beside[2, 2], "beside") > linking.log_odds(*alone[0, 0], "beside") + 1
    assert beside[2, 2][0]["number_here"] > 0.3
    assert beside[2, 2][0]["only_task_of_lead"] > 0.3
    # either way round
    turned = related_letters.measured(URGED, PLAN)
    assert {(m, n): linking.log_odds(*found, "among_rivals") for (n, m), found in turned.items()} == pytest.approx(
        {pair: linking.log_odds(*found, "among_rivals") for pair, found in beside.items()}
    )


@pytest.mark.parametrize(
    ("near", "measure"),
    [
        # the same work of the year after
        ("Rà soát trọng điểm đê xung yếu trên sông Lô năm 2027", "other_period"),
        # another dike, beside the one that is meant
        ("Rà soát kho vật tư của đê sông Gâm", "rival_of_whole"),
    ],
)
def test_a_near_miss_beside_the_task_that_is_meant(near: str, measure: str) -> None:
    plan = (
        mention("Rà soát trọng điểm đê xung yếu trên sông Lô năm 2026", "Sở Nông nghiệp và Môi trường"),
        *PLAN[1:],
    )
    urged = (*URGED, mention(near, "Sở Nông nghiệp và Môi trường", letter="B"))
    found = related_letters.measured(plan, urged)
    assert found[0, 3][0][measure] > 0.3
    assert found[0, 0][0]["other_period"] == 0
    assert found[0, 0][0]["rival_of_whole"] < 0.2


def test_pairs_around_speak_for_a_pair_most_where_letters_keep_their_order() -> None:
    """Who urges mostly keeps the order of the plan: between two others a pair stands in order, turned across."""
    found = related_letters.measured(PLAN, URGED)[1, 1][0]
    assert found["in_order"] > 0.5
    assert found["out_of_order"] == 0
    assert found["beside_a_pair"] > 0.5
    turned = related_letters.measured(PLAN, URGED[::-1])[1, 1][0]
    assert turned["out_of_order"] > 0.5
    assert turned["in_order"] == 0
    # one pair among many tasks says little of the letters
    many = tuple(mention(f"Việc {n} của kế hoạch vùng {n}{n}", "Sở Nội vụ", letter="B") for n in range(30))
    long_plan = (*PLAN[:2], *(mention(f"Mục {n} khác hẳn {n * 7}", "Sở Nội vụ") for n in range(30)))
    assert related_letters.measured(long_plan, (*URGED[:2], *many))[1, 1][0]["in_order"] < found["in_order"] / 2


def test_a_task_told_twice_is_no_rival_of_itself() -> None:
    """Of two that say the same in one letter, neither stands in the other's way; another task does."""
    again = mention("Hoàn thành rà soát các trọng điểm đê xung yếu trên sông Lô", "Thanh tra tỉnh", letter="B")
    kept = related_letters.measured(PLAN, URGED)[0, 0][0]["rival_of_part"]
    assert related_letters.measured(PLAN, (*URGED, again))[0, 0][0]["rival_of_part"] == pytest.approx(
        kept, abs=0.05
    )


def test_extracted_tasks_are_linked_as_gold_s_are(tmp_path: Path) -> None:
    """Documents beside their gold are read; a letter that cites the other one speaks for the link."""
    letter = "SỞ XÂY DỰNG\nSố: {0}\nTuyên Quang, ngày 02 tháng {1} năm 2026\n\nKính gửi: Các xã\n\n{2}\n\n1. {3}\n"
    texts = {
        "1": "Sở Xây dựng kiểm đếm 14 cầu treo dân sinh, cắm biển hạn chế tải trọng trước ngày 30/4/2026.",
        "2": "Sở Xây dựng kiểm đếm ngay các cầu treo dân sinh, cắm biển hạn chế tải trọng trước ngày 15/6/2026.",
    }
    cites = {"1": "Để bảo đảm an toàn:", "2": "Thực hiện Công văn số 41/SXD-HT ngày 02/3/2026:"}
    for name, text in texts.items():
        document = letter.format({"1": "41/SXD-HT", "2": "77/SXD-HT"}[name], int(name) + 2, cites[name], text)
        (tmp_path / f"{name}.txt").write_text(document, "utf-8")
        gold = {"id": name, "text": text, "lead": ["Sở Xây dựng"], "coop": [], "deadline_text": None}
        gold |= {"deadline_kind": "none", "deadline_date": None, "source_doc": None, "section": None}
        (tmp_path / f"{name}.tasks.jsonl").write_bytes(msgspec.json.encode(gold))
    pairs = tmp_path / "x.pairs"
    pairs.write_text("1 ~ 2", "utf-8")
    report = evaluate_links.report(tmp_path, pairs, show=9, office=Office())
    extracted = report[report.index("extracted tasks") :]
    assert re.search(r"exact, likely +1 +0 +0 +1\.000 +1\.000", extracted), report


def test_what_is_not_looked_at_closer_could_not_be_linked() -> None:
    """The quick test lets through every pair that comparing links."""
    tasks = [
        as_linkable(task_id, task, name, letter)
        for name, letter, some in evaluate_links.gold_letters(SAMPLES)
        for task_id, task in some
    ]
    linked = [(a, b) for a, b in combinations(tasks, 2) if a.letter != b.letter and compare(a, b)]
    assert len(linked) > 30
    assert all(linking.may_be_one(a, b) and linking.may_be_one(b, a) for a, b in linked)
    compared = sum(linking.may_be_one(a, b) for a, b in combinations(tasks, 2))
    assert compared < len(tasks) ** 2 / 200


def test_agreement_of_two_markings() -> None:
    """Doubts aside: what both say, what only one says, and what chance would give."""
    a, b, c, d = (frozenset(pair) for pair in ("ab", "cd", "ef", "gh"))
    found = agreement({a, b, c, d}, {a, b}, {a, c})
    assert found == Agreement(4, both=1, first_only=1, second_only=1)
    assert (found.positive, found.kappa) == (0.5, 0.0)
    assert agreement({a, b}, {a}, {a}).kappa == 1.0


def test_the_pairs_are_settled_from_both_markings() -> None:
    """What either said stands, and what both doubted is no more than borderline (21 to 79 were marked once)."""
    once = tuple(f"{letter}-" for letter in range(21, 80))
    for name in ("samples", "corpus"):
        required, borderline = (
            {pair for pair in pairs if not any(task.startswith(once) for task in pair)}
            for pairs in evaluate_links.read_pairs(SAMPLES / f"{name}.pairs")
        )
        markings = [
            evaluate_links.read_pairs(SAMPLES / "markings" / f"{name}.{which}.pairs")
            for which in ("first", "second")
        ]
        assert required == markings[0][0] | markings[1][0]
        assert borderline <= (markings[0][1] | markings[1][1]) - required


@pytest.mark.parametrize("line", ["91-001", "91-001 = 91-002", "91-001 ~ 91-002 ~ 91-003"])
def test_a_line_that_is_no_pair_is_said(tmp_path: Path, line: str) -> None:
    pairs = tmp_path / "x.pairs"
    pairs.write_text(line, "utf-8")
    with pytest.raises(WrongUse):
        evaluate_links.report(SAMPLES, pairs, show=0)


def test_holders_of_keys_follow_the_tasks(tmp_path: Path) -> None:
    """However many tasks come to share a key, and however few are left: what `tasks` itself says."""
    store = Store(tmp_path / "x.duckdb", tmp_path)
    most = store.value("SELECT most_holders()")
    assert isinstance(most, int)
    # (document, tasks that share a phrase): beyond the limit, over two letters, back below it, gone
    for document, count in (("a", most), ("b", 3), ("b", 2), ("a", 1), ("b", 0), ("a", most + 1), ("a", most)):
        tasks = [
            {"task_id": f"{document}{n}", "ordinal": n, "status": "current", "text": "Nạo vét kênh Rạch Gầm"}
            for n in range(count)
        ]
        head = {"document": document, "letter": document, "representative": True, "letterhead": {}}
        store.apply(Event(store.applied + 1, now(), "extracted", {**head, "tasks": tasks}))
        held = store.rows("SELECT key, tasks, holders FROM link_keys_held ORDER BY key")
        assert held == store.rows(
            """SELECT key, count(*),
                CASE WHEN count(*) > most_holders() THEN [] ELSE list(task_id ORDER BY task_id) END
            FROM (SELECT task_id, unnest(link_keys) AS key FROM tasks) GROUP BY key ORDER BY key"""
        )
    store.close()
