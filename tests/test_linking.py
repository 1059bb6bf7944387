"""The same task in two letters: what links, what does not, and that no candidate list grows with the register."""

import datetime
import re
import tomllib
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from extractors import linking
from extractors.linking import Linkable, compare
from pipeline import evaluate_links
from pipeline.errors import WrongUse

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
            ),
            "likely",
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


def test_who_guides_does_another_task_than_who_does() -> None:
    done = mention("Công bố danh mục thủ tục cấp phép xây dựng", "Sở Xây dựng")
    guided = mention("Hướng dẫn các sở công bố danh mục thủ tục cấp phép xây dựng", "Văn phòng", letter="B")
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
        # short forms are read as what they stand for
        ("Cắt giảm TTHC", "Cắt giảm thủ tục hành chính"),
        # the two spellings of one syllable, the two places of a tone mark
        ("mộ liệt sỹ Hoà Bình", "mộ liệt sĩ Hòa Bình"),
        # words that carry no matter
        ("khôi phục các tuyến đường đã bị sạt lở", "khôi phục tuyến đường bị sạt lở"),
    ],
)
def test_what_is_read_as_the_same_matter(one: str, other: str) -> None:
    assert linking.matter(one) == linking.matter(other)


@pytest.mark.parametrize("rule", DATA["reported"], ids=lambda rule: rule["state"] + rule["match"][0])
def test_what_headings_report(rule: dict[str, list[str]]) -> None:
    for heading in rule["match"]:
        assert linking.reported(["Phụ lục I", heading]) == rule["state"], heading
    for heading in rule["no_match"]:
        assert linking.reported([heading]) != rule["state"], heading
    assert all(re.compile(pattern) for pattern in rule["patterns"])


def test_the_innermost_heading_reports() -> None:
    assert linking.reported(["Nhiệm vụ quá hạn", "Nhiệm vụ đang thực hiện, chưa đến hạn"]) == "not_done_in_time"
    assert linking.reported(["I. NHIỆM VỤ, GIẢI PHÁP"]) is None


def test_pairs_within_a_letter_do_not_grow_with_its_square() -> None:
    """A phrase that every task of a long table repeats brings no pairs; a repeated task does."""
    tasks = [mention(f"Bố trí kinh phí chương trình mục tiêu tại xã {n} vùng {n * 7}", "Sở") for n in range(800)]
    assert len(linking.neighbours(tasks)) < 4 * len(tasks)
    tasks.append(mention("Tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha", "Sở"))
    tasks.append(mention("Khẩn trương tháo dỡ nhịp cầu treo cũ bắc qua suối Nậm Tha", "Sở"))
    assert (800, 801) in linking.neighbours(tasks)


SAMPLES = Path(__file__).parent.parent / "samples" / "links"


def test_linking_of_the_samples_is_as_good_as_promised() -> None:
    """Precision 0.95 and recall 0.85 of links, and no task linked twice over what is marked."""
    lines = {
        line[:24].strip(): line.split()
        for line in evaluate_links.report(SAMPLES, SAMPLES / "samples.pairs", show=0).splitlines()
    }
    for kind in ("exact, likely", "one chain"):
        precision, recall = map(float, lines[kind][-2:])
        assert precision >= 0.95
        assert recall >= 0.85


@pytest.mark.parametrize("line", ["91-001", "91-001 = 91-002", "91-001 ~ 91-002 ~ 91-003"])
def test_a_line_that_is_no_pair_is_said(tmp_path: Path, line: str) -> None:
    pairs = tmp_path / "x.pairs"
    pairs.write_text(line, "utf-8")
    with pytest.raises(WrongUse):
        evaluate_links.report(SAMPLES, pairs, show=0)
