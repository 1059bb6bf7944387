"""The command as people meet it: a line for every file, Vietnamese throughout, wrong words answered clearly."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from pipeline import commands, shown, texts
from pipeline.cli import main
from pipeline.errors import os_says
from pipeline.texts import LANGUAGES, catalogue
from tests.conftest import SAMPLES
from tests.letters import LETTER, text_letter

ENGLISH = re.compile(
    r"\b(usage|options|commands|error|invalid|missing|try|show|default|does not|is not|required)\b", re.I
)


@pytest.fixture(autouse=True)
def vietnamese_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home's language stays that of the process; the next test wants Vietnamese."""
    monkeypatch.delenv("GIAOVIEC_LANGUAGE", raising=False)
    yield
    texts.speak("vi")


def giaoviec(home: Path, *words: str | Path, says: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, words)], input=says)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one letter with two tasks, which the tests that share it leave as it is."""
    place = tmp_path_factory.mktemp("home")
    (place / "giaoviec.toml").write_text('workers = 0\n[[own_bodies]]\nname = "Tỉnh Khánh Hòa"\n', "utf-8")
    assert giaoviec(place, "ingest", text_letter(tmp_path_factory.mktemp("đến"))).exit_code == 0
    return place


def line_of(result: Result, name: str) -> str:
    """The row of the table of files that begins with a name."""
    [found] = [line for line in result.output.splitlines() if re.match(rf"│ {re.escape(name)} +│", line)]
    return found


def test_every_file_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies under other names used to take each other's place in the table, and left-out files had none."""
    folder = tmp_path / "đến"
    text_letter(folder, "một.txt")
    shutil.copy(folder / "một.txt", folder / "bản sao.txt")
    (folder / "bản khác.txt").write_text(LETTER.format(number=101) + "\n\n", "utf-8")
    (folder / "rỗng.pdf").touch()
    (folder / "đang chép.part").touch()
    (folder / "trống").mkdir()
    shutil.copy(SAMPLES / "secret-mark-scan.pdf", folder / "kín.pdf")
    monkeypatch.chdir(folder)
    names = ("một.txt", "bản sao.txt", "rỗng.pdf", "kín.pdf", "trống")
    result = giaoviec(tmp_path / "home", "ingest", *names)
    assert result.exit_code == 3
    states = {name: line_of(result, name) for name in names}
    assert sorted("đã đọc" in states[name] for name in names[:2]) == [False, True]
    assert sorted("Trùng nội dung với" in states[name] for name in names[:2]) == [False, True]
    for name, state in (("rỗng.pdf", "cách ly"), ("kín.pdf", "giữ lại"), ("trống", "chưa nhận")):
        assert state in states[name]
    assert "Bản khác của cùng văn bản" in line_of(
        giaoviec(tmp_path / "home", "ingest", "bản khác.txt"), "bản khác.txt"
    )
    again = giaoviec(tmp_path / "home", "ingest", ".")
    assert "chưa nhận" in line_of(again, "đang chép.part")


def test_a_file_that_cannot_be_copied_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline import work

    text_letter(tmp_path, "một.txt")
    text_letter(tmp_path, "khóa.txt", 102)
    take = work.inbox.take

    def refusing(home: object, path: Path, *rest: object, **more: object) -> object:
        if path.name == "khóa.txt":
            raise PermissionError(13, "no", str(path))
        return take(home, path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(work.inbox, "take", refusing)
    monkeypatch.chdir(tmp_path)
    result = giaoviec(tmp_path / "home", "ingest", "khóa.txt", "một.txt")
    assert result.exit_code == 3
    assert "chưa nhận" in line_of(result, "khóa.txt")
    assert "đã đọc" in line_of(result, "một.txt")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # what click says by itself
        (["ingest"], "Thiếu tham số"),
        (["lạ"], "Không có lệnh"),
        (["query"], "Thiếu tham số"),
        (["export", "--lạ"], "Không có tùy chọn"),
        (["export", "--format"], "Sau tùy chọn"),
        (["export", "--format", "pdf"], "hãy chọn một trong"),
        (["serve", "--port", "80a"], "không phải là số"),
        (["serve", "--port", "70000"], "nằm ngoài khoảng"),
        (["purge", "x"], "Thiếu tùy chọn"),
        (["doctor", "thừa"], "Thừa tham số"),
        # what we say
        (["export", "--as-of", "31/2/2026"], "30/6/2026"),
        (["export", "--out", "không/có/a.csv"], "Không có thư mục"),
        (["export", "--out", "."], "là một thư mục"),
        (["export", "--out", "a.csv", "--format", "xlsx"], "có đuôi .csv"),
        (["export", "--out", "a.doc"], ".xlsx"),  # JSON lines in it would be nothing Word reads
        (["export", "--format", "csv", "--reviewers"], "--reviewers"),
        (["export", "--document", "không có"], "Không có văn bản nào"),
        (["ingest", "không có.pdf"], "Không có tệp hoặc thư mục"),
        (["import", "không có.xlsx"], "không có không có.xlsx"),
        (["query", "SELEC 1"], "cú pháp"),
        (["query", "SELECT * FROM nhiem_vu"], "SHOW TABLES"),
        (["query", "SELECT hạn FROM tasks"], "DESCRIBE"),
        (["query", "DELETE FROM tasks"], "chỉ để đọc"),
        (["correct", "abc", "text", "x"], "Không có nhiệm vụ nào mang mã"),
        (["correct", "abc", "deadline", ""], "dấu gạch"),
        (["state", "abc", "done"], "Không có nhiệm vụ nào mang mã"),
        (["link", "abc", "abd", "confirmed"], "Không có nhiệm vụ nào mang mã"),
        (["link", "abc", "abd", "không phải"], "Không có nhiệm vụ nào mang mã"),
        (["link", "abc", "abd", "chắc thế"], "là một (confirmed)"),
        (["user", "remove", "Bình"], "Bình"),
    ],
)
def test_wrong_words_are_answered_in_vietnamese(home: Path, words: list[str], expected: str) -> None:
    result = giaoviec(home, *words)
    assert result.exit_code == 2
    assert expected in result.output
    said = result.output.split("Máy báo:")[0]
    assert not ENGLISH.search(re.sub(r"'[^']*'|--?\w+|giaoviec .*", "", said)), said


@pytest.mark.parametrize(
    "words", [[], ["ingest"], ["export"], ["user"], ["user", "add"], ["learn"], ["serve"], ["state"]]
)
def test_help_is_in_vietnamese(tmp_path: Path, words: list[str]) -> None:
    result = giaoviec(tmp_path / "home", *words, "--help")
    assert result.exit_code == 0
    assert "Cách dùng:" in result.output
    assert not ENGLISH.search(re.sub(r"\[[^\]]*\]|--?\w+|proposed|giaoviec .*", "", result.output))


def test_an_english_home_speaks_english_from_the_first_word(tmp_path: Path) -> None:
    (tmp_path / "giaoviec.toml").write_text('language = "en"')
    assert "Usage:" in giaoviec(tmp_path, "ingest").output
    assert "Missing argument" in giaoviec(tmp_path, "ingest").output
    assert "Cách dùng:" in giaoviec(tmp_path / "khác", "ingest").output


def parameters(command: click.Command, name: str = "") -> Iterator[tuple[str, str | None]]:
    """(command, None) and (command, parameter) of the whole tree."""
    yield name, None
    for parameter in command.params:
        yield name, parameter.name
    for inner, one in getattr(command, "commands", {}).items():
        yield from parameters(one, f"{name}_{inner}" if name else inner)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_parameter_has_help(language: str) -> None:
    known = catalogue(language)
    missing = [
        (command, parameter)
        for command, parameter in parameters(main)
        if not {f"help.{command}_{parameter}", f"help.{parameter}"} & set(known)
        and (parameter is not None or f"help.{command or 'giaoviec'}" not in known)
    ]
    assert missing == []


def test_no_home_is_made_for_a_misspelled_name(tmp_path: Path) -> None:
    for words in (["export"], ["query", "SELECT 1"], ["rebuild"], ["correct", "a", "text", "b"]):
        result = giaoviec(tmp_path / "hmoe", *words)
        assert result.exit_code == 2
        assert "hmoe" in result.output
    assert not (tmp_path / "hmoe").exists()


WIDE = "SELECT task_id, text, lead, due_date, document, state, status, page FROM current_tasks"


@pytest.mark.parametrize(
    ("width", "sql"),
    [(80, WIDE), (160, WIDE), (60, "SELECT * FROM current_tasks"), (40, "SELECT task_id, text FROM tasks")],
)
def test_answers_fit_the_terminal_and_ids_stay_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch, width: int, sql: str
) -> None:
    monkeypatch.setattr(shown, "out", Console(width=width, highlight=False))
    result = giaoviec(home, "query", sql)
    assert max(map(len, result.stdout.splitlines())) <= width
    for task_id in re.findall('"task_id": "(.*?)"', giaoviec(home, "query", sql, "--format", "jsonl").output):
        assert task_id in result.stdout


def test_a_correction_is_answered_in_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    giaoviec(home, "ingest", text_letter(tmp_path / "đến"))
    task_id = re.findall('"task_id": "(.*?)"', giaoviec(home, "export").output)[0]
    for field, value, said in (
        ("lead", "Sở Y tế; Sở Nội vụ", "Sở Y tế; Sở Nội vụ"),
        ("deadline", "trước ngày 30/6/2026", "trước ngày 30/6/2026 (30/06/2026)"),
        ("deadline", "-", "trước ngày 30/6/2026 (30/06/2026) → (trống)"),
        ("office_due_date", "5/7/2026", "(trống) → 05/07/2026"),
        ("review", "accepted", "chờ rà soát → đã nhận"),
        ("modality", "proposed", "giao → đề xuất"),
    ):
        result = giaoviec(home, "correct", task_id, field, value, "--who", "An")
        assert result.exit_code == 0
        assert said in result.output
    done = giaoviec(home, "state", task_id, "done", "--done-on", "22/11/2026")
    assert "Đã hoàn thành" in done.output
    assert '"done_on": "2026-11-22"' in giaoviec(home, "export").output


def test_what_is_empty_is_said(tmp_path: Path, home: Path) -> None:
    assert "Chưa có người dùng" in giaoviec(tmp_path / "home", "user", "list").output
    assert "Chưa có phiên bản" in giaoviec(home, "learn", "--versions").output
    assert "ít nhất" in giaoviec(home, "learn").output


def test_a_password_comes_from_a_pipe_too(tmp_path: Path) -> None:
    assert giaoviec(tmp_path, "user", "add", "Bình", says="mật khẩu dài\n").exit_code == 0
    assert "Bình" in giaoviec(tmp_path, "user", "list").output
    assert giaoviec(tmp_path, "user", "add", "An", says="ngắn\n").exit_code == 2


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "không có quyền"),
        (errno.ENOSPC, "hết dung lượng đĩa"),
        (errno.EADDRINUSE, "cổng đang có chương trình khác dùng"),
        (errno.ENOENT, "không có thư mục này"),
        # what has no words here keeps the system's
        (errno.EXDEV, os.strerror(errno.EXDEV)),
    ],
)
def test_what_the_system_says_is_said_in_vietnamese(number: int, said: str) -> None:
    assert os_says(OSError(number, os.strerror(number))) == said


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, "full"), 7, "Hết dung lượng đĩa"),
        (PermissionError(errno.EACCES, "no", "/x/y"), 7, "/x/y"),
        # nobody foresaw it: one sentence with its place and no traceback, and none of the letter's words
        (ValueError("lời trong văn bản"), 1, "ValueError"),
    ],
)
def test_errors_nobody_foresaw_are_sentences(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, said: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setitem(commands.COMMANDS, "rebuild", broken)
    result = giaoviec(home, "rebuild")
    assert result.exit_code == code
    assert said in result.output
    assert "lời trong văn bản" not in result.output
    assert "Traceback" not in result.output


def test_purge_names_what_goes_and_asks(tmp_path: Path) -> None:
    """What is taken out does not come back: a misspelled name must not be found out afterwards."""
    letter = text_letter(tmp_path / "đến", "không nên có.txt")
    assert giaoviec(tmp_path / "home", "ingest", letter).exit_code == 0
    purge = ("purge", letter.name, "--why", "nhầm")
    counted = ("query", "SELECT count(*) FROM documents", "--format", "csv")
    refused = giaoviec(tmp_path / "home", *purge, says="\n")
    assert (refused.exit_code, letter.name in refused.output) == (0, True)
    assert giaoviec(tmp_path / "home", *counted).output.splitlines()[-1] == "1"
    assert giaoviec(tmp_path / "home", *purge, says="c\n").exit_code == 0
    assert giaoviec(tmp_path / "home", *counted).output.splitlines()[-1] == "0"
