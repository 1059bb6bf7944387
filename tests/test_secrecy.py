"""A secrecy mark stops a letter; words about secrecy do not."""

import pytest

from extractors.secrecy import of_blocks, of_page
from models import Block, Box, Cell, Grid, Page, Paragraph, Word


def page(*lines: tuple[str, float], source: str = "text_layer") -> Page:
    """A page of lines, each with its left edge; words 40 points wide, 5 apart."""
    words: list[Word] = []
    for n, (line, left) in enumerate(lines):
        for word in line.split():
            words.append(Word(word, Box(left, 50 + 20 * n, left + 40, 62 + 20 * n)))
            left += 45
    return Page(1, 595, 842, source, words=tuple(words))  # type: ignore[arg-type]


HEAD = ("Số: 12/SYT-NVY", 80.0)


@pytest.mark.parametrize(
    ("first", "red", "expected"),
    [
        (page(HEAD, ("MẬT", 100)), (), "marked"),
        (page(HEAD, ("TUYỆT MẬT", 100)), (), "marked"),
        # beside the other column of the letterhead, on one line
        (page(("MẬT", 100), ("MẬT Hà Nội, ngày 02 tháng 3 năm 2026", 100)), (), "marked"),
        # a box drawn around it came out as signs
        (page(HEAD, ("| MẬT |", 100)), (), "marked"),
        # letter-spaced
        (page(HEAD, ("T Ố I M Ậ T", 100)), (), "marked"),
        # read without its mark: a person decides
        (page(HEAD, ("MAT", 100), source="ocr"), (), "doubtful"),
        (page(HEAD), ("MẬT",), "marked"),
        # the seal's text ran into the mark
        (page(HEAD), ("CÔNG AN MẬT TỈNH",), "doubtful"),
        # an unread first page: nobody knows
        (Page(1, 595, 842, "unread", reason="timeout"), (), "doubtful"),
        # near misses
        (page(HEAD, ("Thực hiện Luật Bảo vệ bí mật nhà nước", 80)), (), "clear"),
        (page(HEAD, ("DANH MỤC BÍ MẬT NHÀ NƯỚC", 80)), (), "clear"),
        (page(HEAD, ("Mật", 80)), (), "clear"),
        (page(HEAD, ("MẬT ONG RỪNG U MINH", 80)), (), "clear"),
        (page(HEAD), ("KHẨN", "HỎA TỐC"), "clear"),
        # at the foot of the page, where no mark stands
        (page(*[("dòng", 80.0)] * 35, ("MẬT", 80)), (), "clear"),
    ],
)
def test_the_first_page(first: Page, red: tuple[str, ...], expected: str) -> None:
    assert of_page(first, red).verdict == expected


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((Paragraph("Số: 12/SYT-NVY"), Paragraph("MẬT")), "marked"),
        # in the borderless table that makes the letterhead
        ((Grid(1, 1, (Cell(0, 0, paragraphs=(Paragraph("TỐI MẬT"),)),)),), "marked"),
        # in one paragraph with a line break
        ((Paragraph("Số: 12/SYT-NVY\nMẬT"),), "marked"),
        ((Paragraph("Về bảo vệ bí mật nhà nước"), Paragraph("Mật độ dân số")), "clear"),
        # far below the letterhead
        ((Paragraph("x"),) * 60 + (Paragraph("MẬT"),), "clear"),
    ],
)
def test_the_first_blocks(blocks: tuple[Block, ...], expected: str) -> None:
    assert of_blocks(blocks).verdict == expected
