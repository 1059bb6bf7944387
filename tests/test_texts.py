"""Both languages say the same things with the same slots, and everything the code says is in the catalogue."""

import ast
import re
import string
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from pipeline.texts import LANGUAGES, catalogue, filled, text

ROOT = Path(__file__).parent.parent


def slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_languages_have_the_same_codes_and_slots() -> None:
    one, other = (catalogue(language) for language in LANGUAGES)
    assert set(one) == set(other)
    assert {code: slots(s) for code, s in one.items()} == {code: slots(s) for code, s in other.items()}


def test_every_code_the_program_uses_is_in_the_catalogue() -> None:
    used = set()
    for file in [*(ROOT / "pipeline").rglob("*.py"), ROOT / "flows.py"]:
        source = file.read_text("utf-8")
        used |= set(re.findall(r'\btext\(\s*"([a-z]+\.[a-z_]+)"', source))
        used |= {
            f"errors.{c}"
            for c in re.findall(r'\b(?:WrongUse|NotReady|HomeInUse|NoRoom|JournalDamaged)\(\s*"(\w+)"', source)
        }
    assert used
    assert used - set(catalogue("vi")) == set()


@pytest.mark.parametrize(("language", "expected"), [("vi", "ổn"), ("en", "ok"), ("fr", "ổn")])
def test_the_language_is_a_setting(monkeypatch: pytest.MonkeyPatch, language: str, expected: str) -> None:
    monkeypatch.setenv("GIAOVIEC_LANGUAGE", language)
    assert text("doctor.ok") == expected


@pytest.mark.parametrize(("language", "written"), [("vi", "12,5 %"), ("en", "12.5%")])
def test_a_share_is_written_as_the_language_does(language: str, written: str) -> None:
    assert filled(catalogue(language)["dashboard.percent"], language, {"share": 0.125}) == written


@pytest.mark.parametrize(
    ("code", "values", "vi", "en"),
    [
        ("review.list_found", {"count": 12345}, "12.345 nhiệm vụ", "12,345 tasks"),
        ("review.list_found", {"count": 999}, "999 nhiệm vụ", "999 tasks"),
        # a number in the journal is a name: it is typed as it stands
        ("tracking.said", {"seq": 12345}, "Đã ghi (số 12345).", "Recorded (no. 12345)."),
        # and so is a page
        ("review.page_heading", {"page": 1000}, "Trang 1000", "Page 1000"),
    ],
)
def test_an_amount_is_written_as_the_language_does(code: str, values: dict[str, int], vi: str, en: str) -> None:
    assert filled(catalogue("vi")[code], "vi", values) == vi
    assert filled(catalogue("en")[code], "en", values) == en


def test_every_reason_says_what_to_do() -> None:
    """Why a file or page was not read is no use to a clerk who is not told what to do about it."""
    no_reasons = {"quarantine.mark"}
    reasons = {c: s for c, s in catalogue("vi").items() if c.split(".")[0] in ("quarantine", "reading")}
    act = re.compile(r"[Hh]ãy |Cài bằng|không cần làm gì|tự thử lại|cho nhận tại")
    assert [code for code, said in reasons.items() if code not in no_reasons and not act.search(said)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_in_two_files(language: str) -> None:
    """The later file would take the other's sentence away, with other slots than are filled."""
    files = [tomllib.loads(f.read_text("utf-8")) for f in (ROOT / "pipeline" / "texts").glob(f"*.{language}.toml")]
    codes = [f"{table}.{code}" for file in files for table, said in file.items() for code in said]
    assert [code for code, count in Counter(codes).items() if count > 1] == []


FAMILY = ("WrongUse", "NotReady", "HomeInUse", "NoRoom", "JournalDamaged", "GiaoviecError", "text")


def test_every_slot_is_filled() -> None:
    """A sentence with a slot that nobody fills would end in a KeyError where an error was to be told."""
    unfilled, seen = [], 0
    for file in [*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "review").rglob("*.py"), ROOT / "flows.py"]:
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in FAMILY):
                continue
            given = {keyword.arg for keyword in call.keywords}
            if None in given or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            seen += 1
            code = call.args[0].value if call.func.id == "text" else f"errors.{call.args[0].value}"
            missing = slots(catalogue("vi").get(code, "")) - given
            if missing:
                unfilled.append((file.name, call.lineno, code, missing))
    assert seen > 100
    assert unfilled == []


def test_a_state_has_one_name_on_the_dashboard_and_in_excel() -> None:
    sentences = catalogue("vi")
    assert sentences["dashboard.state"] == sentences["workbook.state"]
    assert sentences["dashboard.by_state"] == f"Theo {sentences['workbook.state'].lower()}"
