"""Both languages say the same things with the same slots, and everything the code says is in the catalogue."""

import re
import string
from pathlib import Path

import pytest

from pipeline.texts import LANGUAGES, catalogue, text

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


def test_every_reason_says_what_to_do() -> None:
    """Why a file or page was not read is no use to a clerk who is not told what to do about it."""
    no_reasons = {"quarantine.mark"}
    reasons = {c: s for c, s in catalogue("vi").items() if c.split(".")[0] in ("quarantine", "reading")}
    act = re.compile(r"[Hh]ãy |Cài bằng|không cần làm gì|tự thử lại|cho nhận tại")
    assert [code for code, said in reasons.items() if code not in no_reasons and not act.search(said)] == []
