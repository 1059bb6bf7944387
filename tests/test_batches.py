"""Several letters in one file: where one begins, and what becomes of the file."""

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from extractors import batch
from models import Box, Document, Page, Word
from pipeline import commands, work
from pipeline.register import Register
from pipeline.settings import Settings
from pipeline.store import dump
from pipeline.work import silent
from tests.test_crash import killed, opened

SAMPLES = Path("samples")
MOTTO = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
BODY = ["Sở Y tế đề nghị các đơn vị báo cáo kết quả trước ngày 15/4/2026."]
FOOT = ["", "Nơi nhận:", "- Như trên;", "- Lưu: VT."]


def head(number: str, day: str = "ngày 02 tháng 3 năm 2026", above: tuple[str, ...] = ()) -> list[str]:
    lines = [*above, "SỞ Y TẾ", *MOTTO, "", f"Khánh Hòa, {day}", "", number, "", "V/v phòng bệnh mùa hè"]
    return [*lines, "", "Kính gửi: Các trạm y tế."]


def page(number: int, lines: list[str], top: float = 60.0) -> Page:
    words = []
    for row, text in enumerate(lines):
        x, y = 90.0, top + 17 * row
        for written in text.split():
            words.append(Word(written, Box(x, y, x + 6 * len(written), y + 13), None, "Serif", 13.0))
            x += 6 * len(written) + 3.5
    return Page(number, 595.0, 842.0, "text_layer", tuple(words))


def document(*pages: list[str]) -> Document:
    return Document("x", "application/pdf", "0", tuple(page(n, lines) for n, lines in enumerate(pages, 1)))


FIRST = [*head("Số: 12/SYT-NVY"), *BODY, *FOOT]


@pytest.mark.parametrize(
    ("pages", "starts"),
    [
        # two letters, the first of two pages
        (([*head("Số: 12/SYT-NVY"), *BODY], [*BODY, *FOOT], [*head("Số: 13/SYT-TCHC"), *BODY, *FOOT]), (1, 3)),
        # three
        ((FIRST, [*head("Số: 13/SYT-TCHC"), *FOOT], [*head("Số: 14/SYT-NVY"), *FOOT]), (1, 2, 3)),
        # the number is left blank, the day is not
        ((FIRST, [*head("Số:      /SYT-TCHC"), *BODY, *FOOT]), (1, 2)),
        # an annex with a heading of its own, and with a letterhead
        ((FIRST, ["Phụ lục I", "DANH SÁCH TRẠM Y TẾ", *BODY]), (1,)),
        ((FIRST, head("Số: 13/SYT-TCHC", above=("Phụ lục II",))), (1,)),
        # a form to fill in
        ((FIRST, [*head("Số: .../BC-...", "ngày ... tháng ... năm ..."), *BODY]), (1,)),
        ((FIRST, head("Số: 13/BC-SYT", above=("Mẫu số 02",))), (1,)),
        # a copy of the letter that is passed on
        (
            (
                [
                    *head("Số: 12/SYT-NVY"),
                    "Sở Y tế chuyển Công văn số 345/BYT-DP ngày 01/3/2026 của Bộ Y tế.",
                    *FOOT,
                ],
                [*head("Số: 345/BYT-DP"), *BODY, *FOOT],
            ),
            (1,),
        ),
        # the letter before has not ended
        (([*head("Số: 12/SYT-NVY"), *BODY], [*head("Số: 13/SYT-TCHC"), *BODY, *FOOT]), (1,)),
        # nothing at its head says that this is a letter
        ((["Biên bản họp", *BODY, *FOOT], [*head("Số: 13/SYT-TCHC"), *BODY, *FOOT]), (1,)),
        ((FIRST,), (1,)),
    ],
)
def test_where_a_letter_begins(pages: tuple[list[str], ...], starts: tuple[int, ...]) -> None:
    assert batch.starts(document(*pages)) == starts


def test_a_letterhead_in_the_middle_of_a_page_begins_nothing() -> None:
    pages = (page(1, FIRST), page(2, head("Số: 13/SYT-TCHC"), top=420))
    assert batch.starts(Document("x", "application/pdf", "0", pages)) == (1,)


def merged(path: Path, *names: str) -> Path:
    """One PDF of the pages of several samples."""
    whole = pdfium.PdfDocument.new()
    for name in names:
        with pdfium.PdfDocument(SAMPLES / name) as part:
            whole.import_pages(part)
    whole.save(path)
    return path


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0, letters_at_once=1)


LETTERS = ("batch3/37b-invitation.pdf", "batch3/31-archives-reply.pdf")


def test_each_letter_of_a_scan_is_a_letter_of_its_own(register: Register, tmp_path: Path) -> None:
    (outcome,) = work.ingest(register, [merged(tmp_path / "lô 7.pdf", *LETTERS)])
    assert (outcome.state, outcome.letters) == ("done", 2)
    rows = register.store.rows
    assert rows("SELECT name, status, page_count FROM documents ORDER BY received_at, name") == [
        ("lô 7.pdf", "split", 4),
        ("lô 7 (trang 1-2).pdf", "extracted", 2),
        ("lô 7 (trang 3-4).pdf", "extracted", 2),
    ]
    assert rows("SELECT first_page, last_page FROM document_parts ORDER BY first_page") == [(1, 2), (3, 4)]
    assert register.store.value("SELECT count(DISTINCT code_number || code_notation) FROM letters") == 2
    assert register.store.value("SELECT min(page) FROM tasks") == 1
    assert outcome.tasks == register.store.value("SELECT count(*) FROM tasks")
    # asked for by the name of the scan
    assert outcome.tasks == len(commands.tasks(register, silent, documents=[str(outcome.document)])["tasks"])
    again = commands.reextract(register, silent, document="lô 7.pdf")
    assert (again["documents"], again["gained"], again["lost"]) == (2, 0, 0)
    before = dump(rows)
    register.rebuild()
    assert dump(rows) == before


def test_a_letter_that_must_not_be_here_goes_with_its_scan(register: Register, tmp_path: Path) -> None:
    work.ingest(register, [merged(tmp_path / "lô.pdf", *LETTERS)])
    purged = commands.purge(register, silent, document="lô (trang 1-2).pdf", why="nhầm", who="An")["purged"]
    assert len(purged) == 2
    assert register.store.rows("SELECT name FROM documents") == [("lô (trang 3-4).pdf",)]


def test_a_scan_with_a_secret_letter_in_it_is_held(register: Register, tmp_path: Path) -> None:
    scan = merged(tmp_path / "lô.pdf", LETTERS[0], "secret-mark.pdf")
    (outcome,) = work.ingest(register, [scan])
    assert (outcome.state, outcome.code) == ("held", "secret")
    assert register.store.value("SELECT count(*) FROM documents") == 0
    assert register.store.value("SELECT count(*) FROM tasks") == 0
    assert sorted(path.suffix for path in register.home.held.iterdir()) == [".pdf", ".txt"]
    assert not any(path.is_file() and path.stat().st_size > 20_000 for path in register.home.journal.rglob("*"))


def test_an_office_can_have_scans_left_whole(register: Register, tmp_path: Path) -> None:
    register.settings.split_batches = False
    (outcome,) = work.ingest(register, [merged(tmp_path / "lô.pdf", *LETTERS)])
    assert outcome.letters == 1
    assert register.store.value("SELECT count(*) FROM documents") == 1


def test_killed_while_splitting(tmp_path: Path) -> None:
    scan = merged(tmp_path / "lô.pdf", *LETTERS)
    home = tmp_path / "home"
    assert killed(home, "after_part", lambda register: work.ingest(register, [scan]) and None)
    with opened(home) as register:
        work.ingest(register, [])
        assert register.store.rows("SELECT name, status FROM documents ORDER BY name") == [
            ("lô (trang 1-2).pdf", "extracted"),
            ("lô (trang 3-4).pdf", "extracted"),
            ("lô.pdf", "split"),
        ]
