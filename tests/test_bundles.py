"""Folders and archives dropped as one: a letter with its annexes, each file checked, nothing lost."""

import io
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from models import Letter
from models.letter import Citation, Recipient
from pipeline import bundles, commands, inbox, letter_acts, work
from pipeline.bundles import File, told_apart
from pipeline.checking import Outcome
from pipeline.inbox import Settling
from pipeline.publish import publish
from pipeline.reading import Limits, archives, errors
from pipeline.register import Register
from pipeline.reports import silent
from pipeline.settings import Settings
from pipeline.store import dump
from tests.letters import LETTER, text_letter
from tests.test_crash import killed, opened


@pytest.fixture
def settings() -> Settings:
    return Settings(settle_seconds=0.0, incomplete_seconds=0.0, retry_seconds=0.01, workers=0)


def annex(folder: Path, name: str = "Phụ lục 1.xlsx") -> Path:
    """A table of two tasks, without any head."""
    folder.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn hoàn thành"],
        [1, "Phun hóa chất diệt muỗi tại các chợ đầu mối", "Sở Công Thương", "30/4"],
        [2, "Tổ chức tập huấn cho cán bộ y tế xã", "Trung tâm Kiểm soát bệnh tật tỉnh", "Quý III"],
    ):
        sheet.append(row)
    book.save(folder / name)
    return folder / name


def folder_of(place: Path) -> Path:
    """A letter with an annex, as a folder."""
    text_letter(place, "cv 101.txt", 101)
    annex(place / "Phụ lục")
    return place


def zipped(path: Path, *files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def take_in(register: Register, *paths: Path) -> list[Outcome]:
    return work.ingest(register, list(paths))


# which is the letter


def head(number: str, *, day: int = 2) -> Letter:
    import datetime

    return Letter(
        code_number=number,
        code_notation="UBND-VX",
        organ_name="UBND TỈNH A",
        issued_date=datetime.date(2026, 3, day),
        recipients=(Recipient("Các sở"),),
    )


def citation(number: str) -> Citation:
    return Citation("", number=number, notation="UBND-VX")


def speaks_of(*numbers: str) -> frozenset[tuple[str, str]]:
    return frozenset((number, "UBND-VX") for number in numbers)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # one with a letterhead: it is the letter, whatever the names and their order
        ([File("a.xlsx", Letter()), File("b.pdf", head("1")), File("c.docx", Letter())], [[1, 0, 2]]),
        # an annex repeats its letter's number: that is no letterhead of its own
        ([File("1.pdf", head("1"), annexed=citation("1")), File("2.pdf", head("1"))], [[1, 0]]),
        # none with a letterhead: not the one named as an annex
        ([File("PL1.pdf", Letter()), File("scan.pdf", Letter())], [[1, 0]]),
        ([File("12 PL.pdf", Letter()), File("12-CV.pdf", Letter())], [[1, 0]]),
        ([File("Danh sách kèm theo.xlsx", Letter()), File("Công văn chính.docx", Letter())], [[1, 0]]),
        # pictures of pages: the first one, and they stay in their order
        (
            [File("trang 10.jpg", Letter()), File("trang 2.jpg", Letter()), File("trang 1.jpg", Letter())],
            [[2, 1, 0]],
        ),
        # paper before tables where nothing else tells
        ([File("b.pdf", Letter(), paged=True), File("a.xlsx", Letter())], [[0, 1]]),
        # annexes alone belong to no letter here
        ([File("Phụ lục 1.xlsx", Letter()), File("Phụ lục 2.xlsx", Letter())], [[0], [1]]),
        # two letters: each its own, and who belongs to neither is nobody's annex
        (
            [File("1.pdf", head("1")), File("2.pdf", head("2")), File("x.xlsx", Letter())],
            [[0], [1], [2]],
        ),
        # … but to the one it names
        (
            [File("1.pdf", head("1")), File("2.pdf", head("2")), File("x.pdf", Letter(), annexed=citation("2"))],
            [[0], [1, 2]],
        ),
        # a letter sent along: the other one speaks of it
        ([File("a.pdf", head("7", day=1)), File("b.pdf", head("9"), speaks_of=speaks_of("7"))], [[1, 0]]),
        # or it is named so
        ([File("kèm theo QĐ 7.pdf", head("7")), File("cv.pdf", head("9"))], [[1, 0]]),
        # two that speak of each other are two letters
        (
            [
                File("a.pdf", head("7"), speaks_of=speaks_of("9")),
                File("b.pdf", head("9"), speaks_of=speaks_of("7")),
            ],
            [[0], [1]],
        ),
        # the same letter as paper and as a Word file: the paper represents it, the copy stands apart
        (
            [
                File("cv.docx", head("1")),
                File("cv.pdf", head("1"), paged=True),
                File("pl.xlsx", Letter()),
            ],
            [[1, 2], [0]],
        ),
        # two drafts without a number are no copies of each other
        ([File("a.pdf", head("")), File("b.pdf", head(""))], [[0], [1]]),
        ([], []),
    ],
)
def test_the_letter_is_told_from_its_annexes(files: list[File], expected: list[list[int]]) -> None:
    assert told_apart(files) == expected


# into the register


@pytest.mark.parametrize("form", ["folder", "zip", "zip in a folder"])
def test_a_folder_is_one_letter_with_annexes(register: Register, tmp_path: Path, form: str) -> None:
    drop = folder_of(tmp_path / "Công văn 101")
    if form == "zip":
        drop = Path(shutil.make_archive(str(tmp_path / "Công văn 101"), "zip", drop))
    if form == "zip in a folder":
        inner = drop / "Phụ lục"
        shutil.make_archive(str(drop / "phụ lục"), "zip", inner)
        shutil.rmtree(inner)
    outcomes = take_in(register, drop)
    assert [(o.state, o.name) for o in outcomes] == [("done", "cv 101.txt"), ("done", "Phụ lục 1.xlsx")]
    store = register.store
    assert store.rows("SELECT code_number, issued_date::VARCHAR, organ_name FROM letters") == [
        ("101", "2026-03-02", "SỞ Y TẾ")
    ]
    assert store.rows("SELECT DISTINCT letter_id FROM tasks") == store.rows("SELECT letter_id FROM letters")
    # The annex's days take their year from the letter, its bodies their province.
    assert store.rows(
        """SELECT t.due_date::VARCHAR, a.scope FROM current_tasks t JOIN task_agencies a USING (task_id)
        WHERE document = 'Phụ lục 1.xlsx' AND role = 'lead' ORDER BY t.ordinal"""
    ) == [("2026-04-30", "Tỉnh Khánh Hòa"), ("2026-09-30", "Tỉnh Khánh Hòa")]
    assert list(register.home.staging.iterdir()) == []
    before = dump(store.rows)
    register.rebuild()
    assert dump(store.rows) == before
    # Once more, and nothing more.
    assert {o.state for o in take_in(register, drop)} == {"again"}
    assert store.value("SELECT count(*) FROM letter_relations WHERE kind = 'annex_of'") == 1


def test_a_mended_annex_finds_its_letter(register: Register, tmp_path: Path) -> None:
    """A bad file goes to quarantine by itself; the whole folder dropped again counts nothing twice."""
    drop = folder_of(tmp_path / "Công văn 101")
    bad = drop / "PL2.xlsx"
    bad.write_bytes(b"\x00\x01\x02\x03" * 50)
    outcomes = take_in(register, drop)
    assert sorted(o.state for o in outcomes) == ["done", "done", "quarantined"]
    place = register.home.quarantine / "Công văn 101 - PL2.xlsx"
    assert place.read_bytes() == bad.read_bytes()
    told = place.with_name(place.name + ".reason.txt").read_text("utf-8-sig")
    assert "“Công văn 101”" in told
    store = register.store
    assert store.value("SELECT letter_id FROM quarantine") == store.value("SELECT letter_id FROM letters")
    bad.write_text("Danh mục thiết bị\n\nMáy phun\n", "utf-8")
    assert sorted(o.state for o in take_in(register, drop)) == ["again", "again", "done"]
    assert store.value("SELECT count(*) FROM letters") == 1
    assert store.value("SELECT count(*) FROM documents WHERE letter_id = (SELECT letter_id FROM letters)") == 3


def test_one_secret_file_holds_back_all(register: Register, tmp_path: Path) -> None:
    drop = folder_of(tmp_path / "hồ sơ kín")
    (drop / "thêm.txt").write_text(LETTER.format(number=7).replace("V/v", "MẬT\n\nV/v"), "utf-8")
    [outcome] = take_in(register, drop)
    assert (outcome.state, outcome.code, outcome.name) == ("held", "secret_within", None)
    assert {p.name for p in (register.home.held / "hồ sơ kín").iterdir()} >= {"thêm.txt", "cv 101.txt"}
    assert register.store.value("SELECT count(*) FROM documents") == 0
    for file in (
        f for place in (register.home.journal, register.home.logs) for f in place.rglob("*") if f.is_file()
    ):
        assert "kín".encode() not in file.read_bytes()


def test_a_link_in_a_folder_is_refused_and_the_rest_is_read(register: Register, tmp_path: Path) -> None:
    outside = tmp_path / "riêng.txt"
    outside.write_text("không được đọc", "utf-8")
    drop = folder_of(register.home.inbox / "Công văn 101")
    (drop / "lối tắt.txt").symlink_to(outside)
    outcomes = [
        work.complete(register, a.sha256, a) if not isinstance(a, Outcome) else a
        for a in work.admit(register, work.take(register, drop))
    ]
    assert sorted((o.state, o.code) for o in outcomes) == [
        ("done", None),
        ("done", None),
        ("quarantined", "symlink"),
    ]
    assert outside.exists()
    assert list(register.home.inbox.iterdir()) == []


def test_the_annexes_of_another_copy_follow_it(register: Register, tmp_path: Path) -> None:
    """The letter came alone; then another copy of it with an annex: the annex is that letter's."""
    take_in(register, text_letter(tmp_path, "một.txt", 101))
    drop = tmp_path / "bản khác"
    annex(drop)
    (drop / "cv.txt").write_text(LETTER.format(number=101) + "\n\n", "utf-8")
    assert {o.state for o in take_in(register, drop)} == {"done"}
    store = register.store
    assert store.value("SELECT count(*) FROM letters") == 1
    assert store.value("SELECT count(DISTINCT letter_id) FROM documents") == 1
    assert store.rows("SELECT DISTINCT document FROM current_tasks ORDER BY 1") == [
        ("Phụ lục 1.xlsx",),
        ("một.txt",),
    ]
    assert (
        store.value("SELECT min(due_date)::VARCHAR FROM current_tasks WHERE document = 'Phụ lục 1.xlsx'")
        == "2026-04-30"
    )
    before = dump(store.rows)
    register.rebuild()
    assert dump(store.rows) == before


def test_an_annex_that_came_alone_is_linked_when_its_letter_comes(register: Register, tmp_path: Path) -> None:
    alone = annex(tmp_path / "trước")
    take_in(register, alone)
    drop = folder_of(tmp_path / "Công văn 101")
    shutil.copy(alone, drop / "Phụ lục" / "Phụ lục 1.xlsx")
    assert sorted(o.state for o in take_in(register, drop)) == ["again", "done"]
    store = register.store
    assert store.value("SELECT count(DISTINCT letter_id) FROM documents") == 1
    assert (
        store.value("SELECT max(due_date)::VARCHAR FROM current_tasks WHERE document = 'Phụ lục 1.xlsx'")
        == "2026-09-30"
    )
    # A person takes it off again: it is a letter of its own, and stays one when the folder comes once more.
    document = store.value("SELECT document_sha256 FROM documents WHERE name = 'Phụ lục 1.xlsx'")
    letter_acts.unlink(register, document, "An")
    assert store.value("SELECT count(DISTINCT letter_id) FROM documents") == 2


def test_an_annex_waits_for_its_letter(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The main text fails for now: the annex is read, and extracted when the letter is."""
    extract = bundles.extracting.extractors.extract
    calls = []

    def failing(document: object, *arguments: object, **more: object) -> Letter:
        calls.append(document)
        if len(calls) == 1:
            raise ZeroDivisionError
        return extract(document, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(bundles.extracting.extractors, "extract", failing)
    outcomes = take_in(register, folder_of(tmp_path / "Công văn 101"))
    assert [(o.state, o.code) for o in outcomes] == [("waiting", "internal"), ("waiting", "main_first")]
    register.store.execute("UPDATE attempts SET next_at = TIMESTAMP '2000-01-01'")
    assert [o.state for o in take_in(register)] == ["done"]
    assert [(o.state, o.name) for o in take_in(register)] == [("done", "Phụ lục 1.xlsx")]
    assert register.store.value("SELECT count(*) FROM current_tasks WHERE due_date = '2026-09-30'") == 1


@pytest.mark.parametrize(
    "failpoint",
    ["after_staged", "after_checked", "after_blob", "after_received", "after_read", "after_extracted"]
    + ["before_quarantine_move", "after_quarantine_move", "after_staging_removed"],
)
def test_killed_anywhere_the_letter_is_whole(tmp_path: Path, failpoint: str) -> None:
    home = tmp_path / "home"
    drop = folder_of(home / "inbox" / "Công văn 101")
    (drop / "hỏng.pdf").write_bytes(b"%PDF-1.7\nnot really")

    def sweep(register: Register) -> None:
        for path in inbox.waiting(register.home.inbox):
            register.give_back(work.take(register, path).id)
        take_in(register)
        take_in(register)
        publish(register)

    assert killed(home, failpoint, sweep)
    with opened(home) as register:
        sweep(register)
        store = register.store
        assert store.rows("SELECT name, status, drops FROM documents ORDER BY name") == [
            ("Phụ lục 1.xlsx", "extracted", 1),
            ("cv 101.txt", "extracted", 1),
        ]
        assert store.rows("SELECT kind FROM letter_relations WHERE target_letter_id IS NOT NULL") == [
            ("annex_of",)
        ]
        assert store.rows("SELECT letter_id FROM letters") == store.rows(
            "SELECT DISTINCT letter_id FROM documents"
        )
        assert store.value("SELECT count(*) FROM current_tasks WHERE due_date = '2026-09-30'") == 1
        assert [p.name for p in register.home.quarantine.glob("*.pdf")] == ["Công văn 101 - hỏng.pdf"]
        for empty in (register.home.inbox, register.home.staging):
            assert list(empty.iterdir()) == []


def test_purging_the_letter_leaves_nothing_of_its_name(register: Register, tmp_path: Path) -> None:
    take_in(register, folder_of(tmp_path / "Công văn 101"))
    commands.purge(register, silent, document="cv 101.txt", why="nhầm", who="An")
    assert register.store.rows("SELECT name FROM documents") == [("Phụ lục 1.xlsx",)]
    before = dump(register.store.rows)
    register.rebuild()
    assert dump(register.store.rows) == before


# hostile archives


def with_a_link(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("lối tắt.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return path


def with_a_password(path: Path) -> Path:
    data = bytearray(zipped(path, ("a.txt", b"abc")).read_bytes())
    for at in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[at] |= 1
    path.write_bytes(data)
    return path


def that_lies(path: Path) -> Path:
    """An entry of 50 MB that says it has three bytes."""
    data = bytearray(zipped(path, ("a.txt", b"0" * 50_000_000)).read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 3)
    path.write_bytes(data)
    return path


def laid_over(path: Path) -> Path:
    """Two names for one run of bytes."""
    data = bytearray(
        zipped(path, ("a.txt", b"x" * 500), ("b.txt", b"y" * 500), how=zipfile.ZIP_STORED).read_bytes()
    )
    second = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = struct.pack("<I", 10)
    path.write_bytes(data)
    return path


def nested(path: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", "a")
    return zipped(path, ("cv.txt", LETTER.format(number=5).encode()), ("pl.zip", inner.getvalue()))


def cut_off(path: Path) -> Path:
    path.write_bytes(zipped(path, ("a.txt", os.urandom(5000))).read_bytes()[:3000])
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        # a thousand times its size
        (lambda p: zipped(p, ("a.txt", b"0" * 20_000_000)), "archive_too_large"),
        # more files than any letter has
        (lambda p: zipped(p, *((f"{n}.txt", b"x") for n in range(300))), "archive_too_large"),
        # names that leave the archive, from either system
        (lambda p: zipped(p, ("../../ngoài.txt", b"x")), "archive_unsafe"),
        (lambda p: zipped(p, ("/etc/ngoài.txt", b"x")), "archive_unsafe"),
        (lambda p: zipped(p, ("C:\\Windows\\ngoài.txt", b"x")), "archive_unsafe"),
        (with_a_link, "archive_unsafe"),
        (that_lies, None),
        (laid_over, "archive_unsafe"),
        (with_a_password, "password"),
        (nested, "archive_nested"),
        (lambda p: zipped(p, ("__MACOSX/._a.txt", b"x"), ("Thumbs.db", b"x")), "archive_empty"),
        (lambda p: zipped(p), "archive_empty"),
        (cut_off, "truncated"),
    ],
    ids=[
        "bomb",
        "count",
        "up",
        "root",
        "drive",
        "link",
        "lies",
        "overlap",
        "password",
        "nested",
        "junk",
        "empty",
        "cut",
    ],
)
def test_a_hostile_archive_is_refused_whole(
    register: Register, tmp_path: Path, make: Callable[[Path], Path], code: str | None
) -> None:
    path = make(tmp_path / "hồ sơ.zip")
    outcomes = take_in(register, path, text_letter(tmp_path))
    found = [o for o in outcomes if o.state != "done"]
    assert [o.state for o in found] == ["quarantined"]
    assert code in (None, found[0].code)
    assert (register.home.quarantine / "hồ sơ.zip").read_bytes() == path.read_bytes()
    assert register.store.rows("SELECT name FROM documents") == [("công văn.txt",)]
    assert list(register.home.staging.iterdir()) == []
    assert not (tmp_path / "ngoài.txt").exists()


def test_a_directory_of_millions_is_not_even_opened(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"x"))
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 200 * 2**20)
    path.write_bytes(data)
    with pytest.raises(errors.ArchiveTooLarge):
        bundles.reading.media_type(path)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Phụ lục.txt".encode(), "Phụ lục.txt"),
        (b"cv\\pl.txt", "cv/pl.txt"),
        (b"plain.txt", "plain.txt"),
    ],
)
def test_names_that_say_nothing_of_their_letters(tmp_path: Path, raw: bytes, expected: str) -> None:
    """Archives of older programs: the bytes are UTF-8 although they do not say so."""
    stand_in = b"n" * len(raw)
    path = zipped(tmp_path / "a.zip", (stand_in.decode(), b"x"))
    path.write_bytes(path.read_bytes().replace(stand_in, raw))
    assert [name for name, _ in archives.unpack(path, tmp_path / "out", Limits())] == [expected]


# what is dropped as one, and when it is whole


def laid_out(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.txt", "b.txt"], ["a.txt", "b.txt"]),
        # a folder with files is one drop, with the folders in it
        (["cv/a.txt", "cv/pl/b.txt"], ["cv"]),
        # a folder of folders is as many as they are
        (
            ["ngày 1/cv 1/a.txt", "ngày 1/cv 1/b.txt", "ngày 1/cv 2/c.txt", "ngày 1/cv 2/d.txt"],
            ["ngày 1/cv 1", "ngày 1/cv 2"],
        ),
        # one file in a folder is that file, junk beside it or not
        (["cv/a.txt", "cv/Thumbs.db", "cv/._a.txt"], ["cv/a.txt"]),
        # an archive of letters is no letter
        ([f"cũ/{n:03}.txt" for n in range(201)], [f"cũ/{n:03}.txt" for n in range(201)]),
        (["__MACOSX/a.txt", "desktop.ini", "a.pdf.part"], []),
    ],
)
def test_what_is_dropped_as_one(tmp_path: Path, names: list[str], expected: list[str]) -> None:
    laid_out(tmp_path, *names)
    assert [p.relative_to(tmp_path).as_posix() for p in inbox.waiting(tmp_path)] == expected


def test_the_home_itself_is_never_read(tmp_path: Path) -> None:
    """`giaoviec ingest .` where the home stands in that folder, beside letters or below them."""
    laid_out(tmp_path, "a.txt", "home/logs/x.log", "home/staging/y", "cv/b.txt", "cv/c.txt")
    found = inbox.waiting_beside(tmp_path, tmp_path / "home")
    assert [p.relative_to(tmp_path).as_posix() for p in found] == ["a.txt", "cv"]
    found = inbox.waiting_beside(tmp_path.parent, tmp_path / "home")
    assert [p.relative_to(tmp_path).as_posix() for p in found if tmp_path in p.parents] == [
        "a.txt",
        "cv/b.txt",
        "cv/c.txt",
    ]


def test_a_folder_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken when nothing in it has changed for a while and no file of it is still being copied."""
    clock = [0.0]
    monkeypatch.setattr(inbox.time, "monotonic", lambda: clock[0])
    settling = Settling(1.0, 100.0, 5.0)

    def ready(seconds: float) -> list[str]:
        clock[0] += seconds
        return [p.name for p in settling.ready(tmp_path)[0]]

    laid_out(tmp_path, "cv/a.txt", "cv/b.txt", "riêng.txt")
    assert ready(0) == []
    assert ready(2) == ["riêng.txt"]
    (tmp_path / "riêng.txt").unlink()
    # another file comes, later one grows
    laid_out(tmp_path, "cv/c.txt")
    assert ready(3.5) == []
    assert ready(4) == []
    (tmp_path / "cv" / "c.txt").write_text("xyz")
    assert ready(2) == []
    # a download that is going on
    laid_out(tmp_path, "cv/d.pdf.crdownload")
    assert ready(2) == []
    assert ready(50) == []
    (tmp_path / "cv" / "d.pdf.crdownload").rename(tmp_path / "cv" / "d.pdf")
    assert ready(1) == []
    assert ready(5) == ["cv"]
    assert settling.ready(tmp_path)[1] is False


def test_what_never_gets_whole_is_let_through_and_said(register: Register, tmp_path: Path) -> None:
    drop = folder_of(tmp_path / "Công văn 101")
    (drop / "pl2.pdf.part").write_bytes(b"%PDF-1.7")
    outcomes = take_in(register, drop)
    assert sorted((o.state, o.code or "") for o in outcomes) == [
        ("done", ""),
        ("done", ""),
        ("quarantined", "truncated"),
    ]
    assert (register.home.quarantine / "Công văn 101 - pl2.pdf.part").exists()


def test_a_folder_on_another_file_system_is_copied_first(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = folder_of(register.home.inbox / "Công văn 101")
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if register.home.inbox in self.parents:
            raise OSError(18, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    taken = work.take(register, drop)
    assert sorted(p.name for p in inbox.files_of(taken.path)) == ["Phụ lục 1.xlsx", "cv 101.txt"]
    assert list(register.home.inbox.iterdir()) == []
